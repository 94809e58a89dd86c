#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

extern crate alloc;

mod admin;
mod announce;
mod checkpoints;
mod crypto;
mod dispatch;
mod errors;
mod events;
mod gas;
mod invariants;
mod isms;
pub mod migrations;
mod process;
mod report;
pub mod types;
mod validators;
mod views;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use checkpoints::CheckpointRefusal;
pub use crypto::{address_of, Host};
pub use pallet::*;
pub use report::BadCheckpoint;
pub use weights::{SubstrateWeight, WeightInfo};

use frame_support::pallet_macros::import_section;

// The macro generates undocumented items, and `expect`s that it knows to hold.
#[allow(missing_docs, clippy::expect_used)]
#[import_section(events::events)]
#[import_section(errors::errors)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{
        report::BadCheckpoint,
        types::{
            BodyBytes, DestinationKind, Direction, Dispatch, Evidence, GasOracle, Ism, LocationBytes,
            LocationList, MessageBytes, MetadataBytes, PendingIsm, Published, Signed, Validator,
            MAX_PUBLISHED,
        },
        weights::WeightInfo,
    };
    use alloc::boxed::Box;
    use core::marker::PhantomData;
    use frame_support::{
        pallet_prelude::*,
        traits::{fungible, KeyOwnerProofSystem},
    };
    use frame_system::{ensure_authorized, pallet_prelude::*};
    use hyperlane_primitives::{
        Address, Checkpoint, Domain, IncrementalTree, MessageId, SignatureBytes, H160,
    };
    use pensum_primitives::{bridge::CheckpointId, traits::Recipients, AccountId, Balance, BlockNumber};
    use sp_core::{crypto::KeyTypeId, H256};
    use sp_runtime::{traits::SaturatedConversion, transaction_validity::TransactionPriority, Perbill};
    use sp_session::{GetSessionNumber, GetValidatorCount};
    use sp_staking::{offence::ReportOffence, SessionIndex};

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(2);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<AccountId = AccountId, Hash = H256, RuntimeEvent: From<Event<Self>>>
    {
        /// PEN, in which gas is paid.
        type Currency: fungible::Mutate<AccountId, Balance = Balance>;

        /// Who takes messages.
        type Recipients: Recipients;

        /// Proves whose a checkpoint key was in a session that can still be slashed.
        type KeyOwners: KeyOwnerProofSystem<
            (KeyTypeId, CheckpointId),
            Proof: Parameter + GetSessionNumber + GetValidatorCount,
            IdentificationTuple: Clone,
        >;

        /// Who slashes for checkpoints that never were.
        type Offences: ReportOffence<AccountId, OffenderOf<Self>, BadCheckpoint<OffenderOf<Self>>>;

        /// Who sets security modules, gas oracles and destinations, and pauses.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Who has what is paid for gas: whoever runs the relayer, or the treasury that pays for one.
        #[pallet::constant]
        type GasBeneficiary: Get<AccountId>;

        /// Messages that are kept with their checkpoints and signatures.
        #[pallet::constant]
        type MessageWindow: Get<u32>;

        /// Most validators of a session.
        #[pallet::constant]
        type MaxValidators: Get<u32>;

        /// How much of its stake a validator loses for a checkpoint that never was.
        #[pallet::constant]
        type BadCheckpointSlash: Get<Perbill>;

        /// Priority of validators' signatures in the pool.
        #[pallet::constant]
        type CheckpointPriority: Get<TransactionPriority>;

        /// What the calls weigh.
        type WeightInfo: WeightInfo;
    }

    /// Who is slashed.
    pub type OffenderOf<T> =
        <<T as Config>::KeyOwners as KeyOwnerProofSystem<(KeyTypeId, CheckpointId)>>::IdentificationTuple;

    /// The proof of whose a key was.
    pub type ProofOf<T> = <<T as Config>::KeyOwners as KeyOwnerProofSystem<(KeyTypeId, CheckpointId)>>::Proof;

    /// Signatures that one checkpoint can have. A message's checkpoint is due for the validators of its session and of the one before, and
    /// for nobody who joins later.
    pub struct MaxSignatures<T>(PhantomData<T>);

    impl<T: Config> Get<u32> for MaxSignatures<T> {
        fn get() -> u32 {
            T::MaxValidators::get().saturating_mul(2)
        }
    }

    /// This chain's domain.
    #[pallet::storage]
    pub type LocalDomain<T: Config> = StorageValue<_, u32, ValueQuery>;

    /// The number of the next message.
    #[pallet::storage]
    pub type Nonce<T: Config> = StorageValue<_, u32, ValueQuery>;

    /// The tree of all messages.
    #[pallet::storage]
    pub type Tree<T: Config> = StorageValue<_, IncrementalTree, ValueQuery>;

    /// The first message that is kept; all later ones are as well.
    #[pallet::storage]
    pub type Oldest<T: Config> = StorageValue<_, u32, ValueQuery>;

    /// Messages that are kept, by their leaves in the tree: what a checkpoint is made of.
    #[pallet::storage]
    pub type Dispatches<T: Config> = StorageMap<_, Twox64Concat, u32, Dispatch>;

    /// Their leaves, by their ids.
    #[pallet::storage]
    pub type Indices<T: Config> = StorageMap<_, Identity, MessageId, u32>;

    /// Their bytes.
    #[pallet::storage]
    pub type Outbox<T: Config> = StorageMap<_, Twox64Concat, u32, MessageBytes>;

    /// Validators' signatures of their checkpoints. One item for all of a checkpoint, so that a message that leaves the window takes them
    /// along with one write.
    #[pallet::storage]
    pub type Signatures<T: Config> =
        StorageMap<_, Twox64Concat, u32, BoundedVec<Signed, MaxSignatures<T>>, ValueQuery>;

    /// Messages from other chains that were processed, and in which block. They stay for ever: nothing else keeps one from being
    /// processed again.
    #[pallet::storage]
    pub type Delivered<T: Config> = StorageMap<_, Identity, MessageId, BlockNumber>;

    /// Blocks between the change of a security module and its effect. Set in genesis, because a network on which money is at stake wants
    /// hours where a test network wants a minute; nothing changes it later but an upgrade, which everybody sees coming as well.
    #[pallet::storage]
    pub type IsmDelay<T: Config> = StorageValue<_, BlockNumber, ValueQuery>;

    /// Security modules by origin.
    #[pallet::storage]
    pub type Isms<T: Config> = StorageMap<_, Twox64Concat, Domain, Ism>;

    /// Security modules that take the place of others, or have done so and no message has come since.
    #[pallet::storage]
    pub type PendingIsms<T: Config> = StorageMap<_, Twox64Concat, Domain, PendingIsm>;

    /// Domains that have had a security module, so that the next one waits.
    #[pallet::storage]
    pub type Origins<T: Config> = StorageMap<_, Twox64Concat, Domain, ()>;

    /// What delivering costs, by destination.
    #[pallet::storage]
    pub type GasOracles<T: Config> = StorageMap<_, Twox64Concat, Domain, GasOracle>;

    /// Where messages can go.
    #[pallet::storage]
    pub type Destinations<T: Config> = StorageMap<_, Twox64Concat, Domain, DestinationKind>;

    /// Directions in which nothing goes for now.
    #[pallet::storage]
    pub type Paused<T: Config> = StorageMap<_, Twox64Concat, Direction, ()>;

    /// Where validators' checkpoints can be read.
    #[pallet::storage]
    pub type Announcements<T: Config> = StorageMap<_, Identity, H160, LocationList, ValueQuery>;

    /// Who signs checkpoints in this session.
    #[pallet::storage]
    pub type Validators<T: Config> = StorageValue<_, BoundedVec<Validator, T::MaxValidators>, ValueQuery>;

    /// Who did in the session before. Their signatures are still taken, so that a checkpoint that became final just before the session changed
    /// is not lost.
    #[pallet::storage]
    pub type FormerValidators<T: Config> =
        StorageValue<_, BoundedVec<Validator, T::MaxValidators>, ValueQuery>;

    /// How the pallet starts.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// This chain's domain. No other chain may have it, and the same chain never another.
        pub domain: u32,
        /// Blocks between the change of a security module and its effect.
        pub ism_delay: BlockNumber,
        /// Has no bytes.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                domain: 0,
                ism_delay: 0,
                _config: PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            LocalDomain::<T>::put(self.domain);
            IsmDelay::<T>::put(self.ism_delay);
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::MessageWindow::get() >= 1, "no checkpoint would ever be signed");
            assert!(
                T::MaxValidators::get() >= 1,
                "nobody would ever sign a checkpoint"
            );
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Dispatches a message.
        ///
        /// ## Origin
        /// Signed. The account's 32 bytes are the sender.
        ///
        /// ## Effects
        /// The message is the next leaf of the tree, and is kept for a window of messages. With a `gas_limit`, the account pays for the delivery,
        /// as `gas_quote` says, if anybody quotes for the destination; without one, nothing is paid and `pay_for_gas` can make up
        /// for it. The fee of this call pays for the signatures that the validators publish. Events: `Dispatched`, `GasPaid`.
        ///
        /// ## Fails when
        /// The direction is paused, the destination is unknown, an EVM recipient is dirty, the tree is full, or the gas cannot be paid.
        #[pallet::call_index(0)]
        #[pallet::weight(
            T::WeightInfo::dispatch(body.len() as u32)
                .saturating_add(T::WeightInfo::pay())
                .saturating_add(Pallet::<T>::signing_weight())
        )]
        pub fn dispatch(
            origin: OriginFor<T>,
            destination: u32,
            recipient: H256,
            body: BodyBytes,
            gas_limit: Option<u64>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_dispatch(who, Domain(destination), Address(recipient), &body, gas_limit)
        }

        /// Brings a message from another chain.
        ///
        /// ## Origin
        /// Signed by anybody, who is its relayer.
        ///
        /// ## Effects
        /// If the security module of the message's origin lets it pass, its recipient handles it, once and for ever. The weight charged is that of as
        /// many signatures as the metadata has room for; what was not verified is given back. Events: `Processed`, and the recipient's.
        ///
        /// ## Fails when
        /// The direction is paused; the bytes are no message; it goes elsewhere; it was processed already; its origin has no security module;
        /// nobody has the recipient's address; the metadata does not prove it; or the recipient refuses it. Then nothing has
        /// happened, and it can be brought again.
        #[pallet::call_index(1)]
        #[pallet::weight(Pallet::<T>::process_weight(metadata, message))]
        pub fn process(
            origin: OriginFor<T>,
            metadata: MetadataBytes,
            message: MessageBytes,
        ) -> DispatchResultWithPostInfo {
            let relayer = ensure_signed(origin)?;
            Self::do_process(relayer, &metadata, &message)
        }

        /// Publishes a validator's signatures of checkpoints.
        ///
        /// ## Origin
        /// A general transaction, authorised by the signatures themselves. No fee, no nonce.
        ///
        /// ## Effects
        /// Whoever asks for one of these checkpoints gets the signature with it. Event: `CheckpointsPublished`.
        ///
        /// ## Fails when
        /// It does not get into a block unless every signature is by one validator of this session or the one before, of the checkpoint that the chain has
        /// there, and not published yet; the pool's refusal carries a code of `CheckpointRefusal`.
        #[pallet::call_index(2)]
        #[pallet::weight((
            T::WeightInfo::publish_checkpoints(signatures.len() as u32),
            DispatchClass::Operational,
            Pays::No
        ))]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_checkpoints(signatures.len() as u32))]
        #[pallet::authorize(|_source, signatures| Pallet::<T>::authorize_checkpoints(signatures))]
        pub fn publish_checkpoints(origin: OriginFor<T>, signatures: Published) -> DispatchResult {
            ensure_authorized(origin)?;
            Self::do_publish(&signatures)
        }

        /// Says where a validator's checkpoints can be read.
        ///
        /// ## Origin
        /// Signed by anybody, who pays; the word is the validator's, by its signature.
        ///
        /// ## Effects
        /// The location is added to the validator's. Event: `Announced`.
        ///
        /// ## Fails when
        /// The location is no text in one line; the signature is not the validator's; it has announced this location already, or eight others.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::announce(location.len() as u32))]
        pub fn announce(
            origin: OriginFor<T>,
            validator: H160,
            location: LocationBytes,
            signature: SignatureBytes,
        ) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_announce(validator, location, signature)
        }

        /// Pays for the delivery of a message that was dispatched, or adds to what was paid.
        ///
        /// ## Origin
        /// Signed by anybody.
        ///
        /// ## Effects
        /// `GasBeneficiary` has what `gas_quote` says. Event: `GasPaid`.
        ///
        /// ## Fails when
        /// No message of this id is kept, it goes elsewhere, nobody quotes for the destination, or the price cannot be paid.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::pay_for_gas())]
        pub fn pay_for_gas(
            origin: OriginFor<T>,
            message_id: H256,
            destination: u32,
            gas_limit: u64,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_pay_for_gas(who, MessageId(message_id), Domain(destination), gas_limit)
        }

        /// Proves that a validator has signed a checkpoint that this chain never had.
        ///
        /// ## Origin
        /// Signed by anybody, who is the offence's reporter. A report that convicts costs no fee.
        ///
        /// ## Effects
        /// The validator is reported to staking, which slashes `BadCheckpointSlash` of what stood behind it in the session of the proof.
        /// Event: `BadCheckpointProven`.
        ///
        /// ## Fails when
        /// The checkpoint is another domain's; it is a true one; what the chain had there is not proven although it must be; the signature is not the
        /// key's; the key was no validator's; or the validator was reported for it already, for the same session.
        #[pallet::call_index(5)]
        #[pallet::weight((
            T::WeightInfo::report_bad_checkpoint(key_owner_proof.encoded_size() as u32),
            DispatchClass::Operational
        ))]
        pub fn report_bad_checkpoint(
            origin: OriginFor<T>,
            evidence: Box<Evidence>,
            key_owner_proof: ProofOf<T>,
        ) -> DispatchResultWithPostInfo {
            let reporter = ensure_signed(origin)?;
            Self::do_report(reporter, &evidence, key_owner_proof)
        }

        /// Says whom messages from a domain are believed.
        ///
        /// ## Origin
        /// `AdminOrigin`.
        ///
        /// ## Effects
        /// The first module of a domain counts at once: `IsmSet`. A later one counts after `IsmDelay` blocks, and takes the place of
        /// one that waits: `IsmScheduled`. None removes both, at once: `IsmRemoved`.
        ///
        /// ## Fails when
        /// The domain is this chain's own, the validators are no set, or there is nothing to remove.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::set_ism())]
        pub fn set_ism(origin: OriginFor<T>, domain: u32, ism: Option<Ism>) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_ism(Domain(domain), ism)
        }

        /// Says what delivering to a domain costs.
        ///
        /// ## Origin
        /// `AdminOrigin`.
        ///
        /// ## Effects
        /// Quotes follow these numbers from now on; without any, nothing is asked for. Event: `GasOracleSet`.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::set_value())]
        pub fn set_gas_oracle(
            origin: OriginFor<T>,
            domain: u32,
            oracle: Option<GasOracle>,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_gas_oracle(Domain(domain), oracle);
            Ok(())
        }

        /// Says that messages can go to a domain, and what its addresses look like; or that none can any more.
        ///
        /// ## Origin
        /// `AdminOrigin`.
        ///
        /// ## Effects
        /// Event: `DestinationSet`.
        ///
        /// ## Fails when
        /// The domain is this chain's own.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::set_value())]
        pub fn set_destination(
            origin: OriginFor<T>,
            domain: u32,
            kind: Option<DestinationKind>,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_destination(Domain(domain), kind)
        }

        /// Stops one direction, or opens it again.
        ///
        /// ## Origin
        /// `AdminOrigin`.
        ///
        /// ## Effects
        /// While it is stopped, nothing is dispatched, or nothing is processed; messages that were dispatched can still be signed, paid for and
        /// delivered elsewhere. Event: `PauseSet`.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::set_value())]
        pub fn pause(origin: OriginFor<T>, direction: Direction, paused: bool) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_pause(direction, paused);
            Ok(())
        }
    }

    impl<T: Config> Pallet<T> {
        /// The block that is being made; in the transaction pool, the next one.
        pub(crate) fn now() -> BlockNumber {
            frame_system::Pallet::<T>::block_number().saturated_into()
        }
    }
}
