//! Makes blocks with the runtime's native code over a state in memory, as an author would. The client that imports them executes wasm,
//! and refuses a block whose state root is not what wasm computes.

use crate::{
    failure::{Failure, Measured},
    people::{Requester, Solver},
};
use codec::Encode;
use frame_support::storage::{with_transaction, TransactionOutcome};
use frame_system::{offchain::CreateAuthorizedTransaction, CheckNonce};
use pensum_primitives::{operator::Work, Block, BlockNumber, Digest, Header};
use pensum_runtime::{
    configs::operator_call, constants::time::SLOT_MS, Address, Executive, Runtime, RuntimeCall, System,
    UncheckedExtrinsic,
};
use sp_consensus_babe::digests::{CompatibleDigestItem, PreDigest, SecondaryPlainPreDigest};
use sp_core::{
    storage::{well_known_keys::CODE, Storage},
    Pair,
};
use sp_io::TestExternalities;
use sp_runtime::{
    generic::SignedPayload,
    traits::{Block as _, Header as _},
    ApplyExtrinsicResult, Digest as Logs, DigestItem, DispatchError, OpaqueExtrinsic,
};

/// The slot of block 0.
const FIRST_SLOT: u64 = 1_000_000;

/// A block and what it took.
pub struct Made {
    /// The block.
    pub block: Block,
    /// Its transactions, the one that sets the time included.
    pub transactions: usize,
    /// What it is charged, in microseconds.
    pub weight_us: f64,
}

/// Makes one block after the other.
pub struct Maker {
    state: TestExternalities,
    parent: Digest,
    number: BlockNumber,
}

impl Maker {
    /// After the block of this hash, whose state this is.
    pub fn new(storage: Storage, genesis: Digest) -> Self {
        let code = storage.top.get(CODE).cloned().unwrap_or_default();
        Self {
            state: TestExternalities::new_with_code(&code, storage),
            parent: genesis,
            number: 0,
        }
    }

    /// Looks at the state after the last block.
    pub fn look<R>(&mut self, look: impl FnOnce() -> R) -> R {
        self.state.execute_with(look)
    }

    /// Makes the next block, with the transactions that `fill` puts into it.
    pub fn make(&mut self, fill: impl FnOnce(&mut Filling) -> Measured) -> Measured<Made> {
        let (parent, number) = (self.parent, self.number + 1);
        let (made, header) = self.state.execute_with(|| -> Measured<_> {
            let mut filling = Filling::begin(number, parent)?;
            fill(&mut filling)?;
            let weight = System::block_weight().total().ref_time();
            let header = Executive::finalize_block();
            let made = Made {
                transactions: filling.body.len(),
                block: Block::new(header.clone(), filling.body),
                weight_us: weight as f64 / 1e6,
            };
            Ok((made, header))
        })?;
        self.state.commit_all().map_err(Failure)?;
        self.parent = header.hash();
        self.number = number;
        Ok(made)
    }
}

/// A block that is being made.
pub struct Filling {
    body: Vec<OpaqueExtrinsic>,
}

impl Filling {
    fn begin(number: BlockNumber, parent: Digest) -> Measured<Self> {
        let slot = FIRST_SLOT + u64::from(number);
        let claim = PreDigest::SecondaryPlain(SecondaryPlainPreDigest {
            authority_index: 0,
            slot: slot.into(),
        });
        let logs = vec![<DigestItem as CompatibleDigestItem>::babe_pre_digest(claim)];
        let header = Header::new(number, Digest::zero(), Digest::zero(), parent, Logs { logs });
        Executive::initialize_block(&header);
        let mut filling = Self { body: Vec::new() };
        let now = pallet_timestamp::Call::set { now: slot * SLOT_MS };
        filling.push(UncheckedExtrinsic::new_bare(RuntimeCall::Timestamp(now)))?;
        Ok(filling)
    }

    /// Adds a transaction of a requester. False where the block has no room for it.
    pub fn submit(&mut self, who: &Requester, call: impl Into<RuntimeCall>) -> Measured<bool> {
        let mut extension = <Runtime as CreateAuthorizedTransaction<RuntimeCall>>::create_extension();
        extension.6 = CheckNonce::from(System::account_nonce(&who.account));
        let payload = SignedPayload::new(call.into(), extension)
            .map_err(|error| Failure(format!("nothing to sign: {error:?}")))?;
        let signature = payload.using_encoded(|bytes| who.pair.sign(bytes));
        let (call, extension, _) = payload.deconstruct();
        let address = Address::from(who.account.clone());
        self.push(UncheckedExtrinsic::new_signed(
            call,
            address,
            signature.into(),
            extension,
        ))
    }

    /// Adds what an operator signs. False where the block has no room for it.
    pub fn send(&mut self, who: &Solver, work: Work) -> Measured<bool> {
        let operator = who.operator.public();
        let signature = who.operator.sign(&work.payload(System::block_hash(0), &operator));
        let call = operator_call(operator, work, signature)
            .map_err(|error| Failure(format!("no call carries this work: {error:?}")))?;
        self.push(<Runtime as CreateAuthorizedTransaction<RuntimeCall>>::create_authorized_transaction(call))
    }

    fn push(&mut self, transaction: UncheckedExtrinsic) -> Measured<bool> {
        let bytes = transaction.encode();
        let applied = with_transaction(
            || -> TransactionOutcome<Result<ApplyExtrinsicResult, DispatchError>> {
                match Executive::apply_extrinsic(transaction) {
                    Err(refused) => TransactionOutcome::Rollback(Ok(Err(refused))),
                    included => TransactionOutcome::Commit(Ok(included)),
                }
            },
        )
        .map_err(|error| Failure(format!("no storage transaction could be opened: {error:?}")))?;
        match applied {
            Ok(Ok(())) => {
                self.body
                    .push(OpaqueExtrinsic::try_from_encoded_extrinsic(&bytes)?);
                Ok(true)
            }
            Err(refused) if refused.exhausted_resources() => Ok(false),
            other => Err(Failure(format!("a transaction fails: {other:?}"))),
        }
    }
}
