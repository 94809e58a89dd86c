//! What is stored and what calls bring.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use hyperlane_primitives::{
    limits::{MAX_BODY_BYTES, MAX_LOCATION_BYTES, MAX_VALIDATORS},
    message::HEADER_BYTES,
    signature::SIGNATURE_BYTES,
    Checkpoint, Domain, GasError, IsmKind, MerkleRootMetadata, MessageId, Proof, RemoteGas, Signature,
    SignatureBytes, ValidatorSet, ValidatorSetError, H160, H256, U256,
};
use pensum_primitives::{bridge::CheckpointId, Balance, BlockNumber};
use scale_info::TypeInfo;

/// Bytes of a message: its header and its body.
pub const MAX_MESSAGE_BYTES: u32 = HEADER_BYTES as u32 + MAX_BODY_BYTES as u32;
/// Bytes of metadata: the longer of the two headers, and a signature of each validator that a set can have.
pub const MAX_METADATA_BYTES: u32 =
    MerkleRootMetadata::HEADER_BYTES as u32 + (SIGNATURE_BYTES * MAX_VALIDATORS) as u32;
/// Signatures that one call publishes: with a recovery each, a few milliseconds, so that a validator that was away catches up in
/// a few calls and no call crowds a block.
pub const MAX_PUBLISHED: u32 = 64;
/// Locations that a validator can announce. Agents try all of them, and who moves more often than that takes a new key.
pub const MAX_LOCATIONS: u32 = 8;

/// What a message says.
pub type BodyBytes = BoundedVec<u8, ConstU32<{ MAX_BODY_BYTES as u32 }>>;
/// A message, as it travels.
pub type MessageBytes = BoundedVec<u8, ConstU32<MAX_MESSAGE_BYTES>>;
/// What a relayer brings with a message.
pub type MetadataBytes = BoundedVec<u8, ConstU32<MAX_METADATA_BYTES>>;
/// Where a validator's checkpoints can be read: text.
pub type LocationBytes = BoundedVec<u8, ConstU32<{ MAX_LOCATION_BYTES as u32 }>>;
/// All that a validator has announced, the newest last.
pub type LocationList = BoundedVec<LocationBytes, ConstU32<MAX_LOCATIONS>>;
/// Checkpoints' numbers in ascending order, each with its signature, `r ‖ s ‖ v`.
pub type Published = BoundedVec<(u32, SignatureBytes), ConstU32<MAX_PUBLISHED>>;

/// Which way messages go.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Direction {
    /// From this chain to others: dispatching.
    Outbound,
    /// From other chains to this one: processing.
    Inbound,
}

/// What a destination's addresses look like.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum DestinationKind {
    /// 20 bytes behind 12 zero bytes. The mailbox there refuses any other recipient, so nothing is dispatched to one.
    Evm,
    /// Any 32 bytes.
    Other,
}

/// Whom messages from a chain are believed.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Ism {
    /// What the validators must have signed.
    pub kind: IsmKind,
    /// The validators, in the order in which their signatures must come.
    pub validators: BoundedVec<H160, ConstU32<{ MAX_VALIDATORS as u32 }>>,
    /// How many of them must have signed.
    pub threshold: u8,
}

impl Ism {
    /// The set, checked.
    pub fn set(&self) -> Result<ValidatorSet<'_>, ValidatorSetError> {
        ValidatorSet::new(&self.validators, self.threshold)
    }
}

/// A security module that takes the place of another.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct PendingIsm {
    /// The first block in which it decides.
    pub from: BlockNumber,
    /// The module.
    pub ism: Ism,
}

/// What delivering to a chain costs.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct GasOracle {
    /// Price of one gas there, in smallest units of its coin.
    pub gas_price: u128,
    /// Smallest units of PEN for 10^10 smallest units of that coin.
    pub exchange_rate: u128,
    /// Gas that delivery takes there besides the recipient: the mailbox and the security module.
    pub overhead: u64,
}

impl GasOracle {
    /// What delivering with so much gas for the recipient costs.
    pub fn quote(&self, gas_limit: u64) -> Result<GasQuote, GasError> {
        let gas = RemoteGas {
            exchange_rate: self.exchange_rate,
            gas_price: self.gas_price,
            overhead: self.overhead.into(),
        };
        let gas_limit = U256::from(gas_limit);
        Ok(GasQuote {
            gas_amount: gas
                .gas_amount(gas_limit)?
                .try_into()
                .map_err(|_| GasError::TooMuch)?,
            payment: gas.payment_as_balance(gas_limit)?,
        })
    }
}

/// The price of a delivery.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GasQuote {
    /// The gas that is paid for, the overhead included.
    pub gas_amount: u128,
    /// What it costs in PEN.
    pub payment: Balance,
}

/// A message that was dispatched, and the tree right after it.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Dispatch {
    /// The message's id.
    pub id: MessageId,
    /// The tree's root after it.
    pub root: H256,
    /// The block in which it was dispatched.
    pub block: BlockNumber,
    /// Where it goes to.
    pub destination: Domain,
}

/// Who signs checkpoints of this chain.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Validator {
    /// The key.
    pub key: CheckpointId,
    /// The address by which contracts know the key.
    pub address: H160,
    /// The first checkpoint that is the validator's to publish: of no message before it joined, and of none that it has published
    /// without a gap.
    pub due: u32,
}

/// A validator's published signature of a checkpoint.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Signed {
    /// Whose it is.
    pub validator: H160,
    /// The signature.
    pub signature: Signature,
}

/// A checkpoint that was signed and never was.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Evidence {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// The signature.
    pub signature: Signature,
    /// The key that signed.
    pub key: CheckpointId,
    /// What the chain had at that index. Needed only where the index is below the count and has left the state.
    pub truth: Option<Truth>,
}

/// Proof of a leaf, from which the root right after it follows.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Truth {
    /// The leaf at the accused checkpoint's index.
    pub leaf: MessageId,
    /// Its proof in the tree of checkpoint `at`.
    pub proof: Proof,
    /// A checkpoint that still lies in the state, not before the accused one. Not simply the newest: who is accused could dispatch a
    /// message in every block, and so outdate every proof before it is included.
    pub at: u32,
}
