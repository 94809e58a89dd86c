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

mod cost;
mod graph;
mod invariants;
mod manifest;
mod records;
mod registration;
mod replay;
mod skeleton;
mod standing;
mod steps;
mod types;
mod views;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub(crate) use types::Source;
pub use types::{Flag, ModelDeposit};
pub use views::MAX_PAGE;
pub use weights::WeightInfo;

// The macro's own items (the call enum's hidden variant, storage prefixes) carry no docs.
#[allow(missing_docs, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{Flag, ModelDeposit, Source, WeightInfo};
    use alloc::{boxed::Box, vec::Vec};
    use codec::Encode;
    use frame_support::{
        pallet_prelude::*,
        traits::fungible::{hold::Mutate as HoldMutate, Mutate},
    };
    use frame_system::{ensure_signed, pallet_prelude::*};
    use pensum_primitives::{
        model::{Manifest, ModelEntry, Text, MAX_GRAPH, MAX_SKELETON},
        step::Steps,
        AccountId, Balance, BlockNumber, Digest, ModelId, TaskId,
    };
    use sp_core::H256;

    /// The bytes of a graph that lives on chain.
    pub type GraphBytes = BoundedVec<u8, ConstU32<MAX_GRAPH>>;
    /// The header and the node table of a graph whose weights live elsewhere.
    pub type SkeletonBytes = BoundedVec<u8, ConstU32<MAX_SKELETON>>;

    /// What the runtime decides.
    #[pallet::config]
    pub trait Config:
        frame_system::Config<AccountId = AccountId, Hash = H256, RuntimeEvent: From<Event<Self>>>
    {
        /// Where deposits are held.
        type NativeBalance: Mutate<AccountId, Balance = Balance>
            + HoldMutate<AccountId, Reason = Self::RuntimeHoldReason>;
        /// The runtime's reasons for holding money.
        type RuntimeHoldReason: From<HoldReason>;
        /// Who may flag any model, and who alone may lift a flag.
        type FlagOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Deposit for a model's short entry, its place in the lineage and a flag.
        #[pallet::constant]
        type DepositBase: Get<Balance>;
        /// Deposit for each byte of a manifest and of a graph or skeleton.
        #[pallet::constant]
        type DepositPerByte: Get<Balance>;
        /// Blocks between the registration of a new version of a model and its first use: time to fetch and inspect it.
        #[pallet::constant]
        type ActivationDelay: Get<BlockNumber>;
        /// Blocks between a model's retirement and the removal of its graph or skeleton. Must be longer than any task can live.
        #[pallet::constant]
        type ReclaimDelay: Get<BlockNumber>;
        /// Most that one replay of a model on chain may cost, in multiply-accumulates.
        #[pallet::constant]
        type MaxReplayCost: Get<u64>;
        /// Most that executing one node alone may cost, in multiply-accumulates: with its bytes, at most half a block.
        #[pallet::constant]
        type MaxStepCost: Get<u64>;
        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// Why this pallet holds money.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// A publisher's deposit for the bytes of its models.
        ModelDeposit,
    }

    /// The layout below; a migration raises it.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// The short entry of every model, which the market reads for every post. A model's id is itself a hash, so these
    /// maps need no hasher of their own.
    #[pallet::storage]
    pub type Models<T> = StorageMap<_, Identity, ModelId, ModelEntry>;

    /// The manifest of every model, for ever: lineage must stay answerable.
    #[pallet::storage]
    pub type Manifests<T> = StorageMap<_, Identity, ModelId, Manifest>;

    /// The graph of every model that the chain can replay at once, until it is reclaimed.
    #[pallet::storage]
    pub type Graphs<T> = StorageMap<_, Identity, ModelId, GraphBytes>;

    /// The skeleton of every model that lives elsewhere and whose answers can be disproven node by node, until it is reclaimed.
    #[pallet::storage]
    pub type Skeletons<T> = StorageMap<_, Identity, ModelId, SkeletonBytes>;

    /// What opening all nodes would take, for every model each of whose nodes can be executed alone: those with a skeleton, and
    /// those whose graph is on chain and small enough in each step.
    #[pallet::storage]
    pub type StepTotals<T> = StorageMap<_, Identity, ModelId, Steps>;

    /// What each model's publisher has on hold for it.
    #[pallet::storage]
    pub type Deposits<T> = StorageMap<_, Identity, ModelId, ModelDeposit>;

    /// The flags that stand.
    #[pallet::storage]
    pub type Flags<T> = StorageMap<_, Identity, ModelId, Flag>;

    /// Downstream edges of the lineage: a model, and one that names it as its parent or as its previous version.
    #[pallet::storage]
    pub type Children<T> = StorageDoubleMap<_, Identity, ModelId, Identity, ModelId, ()>;

    /// Tasks and leaves of the records of the block under construction, in the order of settlement. Sealed and taken
    /// in `on_finalize`, so it never reaches the database: the weight of a block bounds it, and no proof carries it.
    #[pallet::storage]
    #[pallet::unbounded]
    #[pallet::whitelist_storage]
    pub type PendingLeaves<T> = StorageValue<_, Vec<(TaskId, Digest)>, ValueQuery>;

    /// Merkle root of the records of each block that has any.
    #[pallet::storage]
    pub type RecordRoots<T> = StorageMap<_, Twox64Concat, BlockNumber, Digest>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A model was registered.
        ModelRegistered {
            /// The model.
            model: ModelId,
            /// Who publishes it.
            publisher: AccountId,
            /// The version it replaces.
            previous: Option<ModelId>,
            /// Whether its graph lies on chain, so that the chain can replay it at once.
            on_chain: bool,
            /// How many nodes its answers can be disproven by; none if they cannot.
            nodes: Option<u16>,
            /// The first block in which it can be used.
            usable_from: BlockNumber,
            /// What was put on hold.
            deposit: Balance,
        },
        /// A model was flagged: new tasks are refused unless they say that they allow it.
        ModelFlagged {
            /// The model.
            model: ModelId,
            /// The publisher, or nobody where governance did it.
            publisher: Option<AccountId>,
            /// Why, for people.
            reason: Text,
        },
        /// A flag was lifted.
        ModelUnflagged {
            /// The model.
            model: ModelId,
        },
        /// A model was withdrawn: new tasks are refused, open ones finish.
        ModelRetired {
            /// The model.
            model: ModelId,
            /// The first block in which its graph or skeleton can be removed.
            reclaimable_from: BlockNumber,
        },
        /// The graph or skeleton of a retired model was removed. Its manifest stays.
        ModelReclaimed {
            /// The model.
            model: ModelId,
            /// Who had the deposit and has it back.
            publisher: AccountId,
            /// What was given back.
            returned: Balance,
        },
        /// The records of this block hash to this root.
        RecordsSealed {
            /// The block.
            block: BlockNumber,
            /// The Merkle root of their leaves, in the order of settlement.
            root: Digest,
            /// How many there are.
            records: u32,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// No model has this id. Check the id (see `model_info`), or register the model first.
        UnknownModel,
        /// The model cannot be used yet. Wait for the block that its state names (see `model_info`).
        ModelNotYetActive,
        /// The model is flagged. Choose another, or set `allow_flagged` if you accept the warning.
        ModelFlagged,
        /// The model is retired. Choose another, such as the version that replaces it.
        ModelRetired,
        /// The model's graph is not on chain, so the chain cannot replay it. Choose another way to verify.
        NotOnChain,
        /// The model's graph on chain cannot be read. Choose another model and report this one.
        GraphUnreadable,

        /// This very manifest is registered. Use that model, or change the version.
        ModelExists,
        /// The manifest names another publisher. Sign with the publisher's account, or name yourself.
        NotPublisher,
        /// The royalty is above 10 %. Ask for less.
        RoyaltyTooHigh,
        /// A text of the manifest is empty, not UTF-8, or holds control characters. Correct names, licences and labels.
        TextUnreadable,
        /// An input, an output or a list of labels has length zero. Give the schema that the model has.
        SchemaEmpty,
        /// Inputs would be longer than a transaction can bring (4096 bytes). Use a model that reads less at once.
        InputTooLong,
        /// Answers would be longer than 1024 bytes. Use a model that says less at once.
        OutputTooLong,
        /// The manifest lists no node digests. List one for each node of the graph, in order.
        NodesMissing,
        /// A parent is not registered. Register it first.
        UnknownParent,
        /// A parent is listed twice. List each once.
        ParentTwice,
        /// The previous version is not registered. Register it first, or leave it out.
        UnknownPrevious,
        /// The previous version is of another publisher. Name it as a parent instead.
        PreviousNotYours,
        /// The bytes are not a graph. Export the model again, in the format that the graph crate's FORMAT.md describes.
        GraphMalformed,
        /// The graph is of a format version, operator or operator version not known here. Use those of FORMAT.md.
        GraphUnsupported,
        /// The graph has too many bytes or nodes, or a tensor too large. Use a smaller model.
        GraphTooLarge,
        /// Some input can overflow the graph's 32-bit arithmetic. Use smaller weights, multipliers or inputs.
        GraphOverflows,
        /// One replay can cost more than `MaxReplayCost`. Use a smaller model or shorter inputs.
        ReplayTooCostly,
        /// A node has more weights or larger tensors than one transaction brings (2 MiB, 1 MiB each, 3 MiB in all). Cut the graph
        /// to smaller tiles.
        StepTooLarge,
        /// Executing one node alone can cost more than `MaxStepCost`. Cut the graph to smaller tiles.
        StepTooCostly,
        /// The graph's digest is not the manifest's `weights`. Send the graph that the manifest names.
        WeightsMismatch,
        /// The manifest's `nodes` are not as many as the graph's nodes, or not their digests in order. Take them from the exporter.
        NodesMismatch,
        /// The graph does not read what the manifest's input says. Correct the input schema.
        InputMismatch,
        /// The graph does not answer what the manifest's output says. Correct the output schema.
        OutputMismatch,
        /// Your free balance does not cover the deposit. Add funds, or register the model with its skeleton only.
        DepositUnaffordable,

        /// The model is flagged already. Nothing is left to do.
        AlreadyFlagged,
        /// The model is not flagged. Nothing is left to do.
        NotFlagged,
        /// The model is retired already. Nothing is left to do.
        AlreadyRetired,
        /// The model is in use. Retire it first.
        NotRetired,
        /// Open tasks may still need the graph or skeleton. Wait for the block named when the model was retired.
        ReclaimTooEarly,
        /// The model has neither graph nor skeleton on chain. Nothing is left to do.
        NothingToReclaim,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            T::WeightInfo::seal()
        }

        fn on_finalize(_: BlockNumberFor<T>) {
            Self::seal_records();
        }

        fn integrity_test() {
            assert!(T::MaxReplayCost::get() > 0, "no model could be replayed");
            assert!(T::MaxStepCost::get() > 0, "no answer could be disproven");
            assert!(
                T::ReclaimDelay::get() > 0,
                "a graph could vanish under a task of the same block"
            );
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers a model. Its id is `blake2_256` of the SCALE-encoded manifest.
        ///
        /// With `graph`, the chain keeps the graph and can replay the model at once: the graph is validated here, once,
        /// for ever. Without it, the model can be used with `Quorum` and `Requester` only; see `register_skeleton` for a graph that
        /// is too large for the chain.
        ///
        /// ## Origin
        /// Signed by the manifest's `publisher`.
        ///
        /// ## Effects
        /// Holds `DepositBase + DepositPerByte × (bytes of manifest and graph)` of the publisher under `ModelDeposit`.
        /// A first version can be used at once, one that names a `previous` after `ActivationDelay` blocks.
        /// Emits `ModelRegistered`.
        ///
        /// ## Fails when
        /// The manifest is invalid or known, an ancestor is unknown, the previous version is another publisher's, the
        /// graph is invalid, could overflow or costs too much, graph and manifest disagree, or the deposit cannot be held.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register_model(
            manifest.encoded_size() as u32,
            manifest.parents.len() as u32,
            graph.as_ref().map_or(0, |graph| graph.len() as u32),
        ))]
        pub fn register_model(
            origin: OriginFor<T>,
            manifest: Box<Manifest>,
            graph: Option<GraphBytes>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_register(who, *manifest, graph.map_or(Source::Nowhere, Source::Graph))
        }

        /// Warns against a model.
        ///
        /// ## Origin
        /// Signed by the model's publisher, or `FlagOrigin`.
        ///
        /// ## Effects
        /// New tasks are refused unless they allow flagged models; open tasks finish. Lineage shows the flag downstream.
        /// A retired model can be flagged too. Emits `ModelFlagged`.
        ///
        /// ## Fails when
        /// The model is unknown, somebody else's, or flagged.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::flag())]
        pub fn flag(origin: OriginFor<T>, model: ModelId, reason: Text) -> DispatchResult {
            let publisher = match T::FlagOrigin::try_origin(origin) {
                Ok(_) => None,
                Err(origin) => Some(ensure_signed(origin)?),
            };
            Self::do_flag(publisher, model, reason)
        }

        /// Lifts a flag: the model is again what it was.
        ///
        /// ## Origin
        /// `FlagOrigin`. Not the publisher: whoever relies on a warning must be able to trust that it stays.
        ///
        /// ## Effects
        /// Emits `ModelUnflagged`.
        ///
        /// ## Fails when
        /// The model is unknown or not flagged.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::unflag())]
        pub fn unflag(origin: OriginFor<T>, model: ModelId) -> DispatchResult {
            T::FlagOrigin::ensure_origin(origin)?;
            Self::do_unflag(model)
        }

        /// Registers a model whose weights stay off chain. Its id is `blake2_256` of the SCALE-encoded manifest.
        ///
        /// The chain keeps the skeleton, which is the graph's header and node table, and can execute any one node when somebody
        /// brings its weights: the manifest lists the digest of each node with its weights. So the model's answers can be
        /// verified with `Replay { window }`, where the window is not 0.
        ///
        /// ## Origin
        /// Signed by the manifest's `publisher`.
        ///
        /// ## Effects
        /// Holds `DepositBase + DepositPerByte × (bytes of manifest and skeleton)` of the publisher under `ModelDeposit`.
        /// A first version can be used at once, one that names a `previous` after `ActivationDelay` blocks.
        /// Emits `ModelRegistered`.
        ///
        /// ## Fails when
        /// The manifest is invalid or known, an ancestor is unknown, the previous version is another publisher's, the
        /// skeleton is malformed, skeleton and manifest disagree, a node is too large or too costly to be proven in one
        /// transaction, or the deposit cannot be held.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::register_skeleton(
            manifest.encoded_size() as u32,
            manifest.parents.len() as u32,
            skeleton.len() as u32,
        ))]
        pub fn register_skeleton(
            origin: OriginFor<T>,
            manifest: Box<Manifest>,
            skeleton: SkeletonBytes,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_register(who, *manifest, Source::Skeleton(skeleton))
        }

        /// Withdraws a model for ever.
        ///
        /// ## Origin
        /// Signed by the model's publisher.
        ///
        /// ## Effects
        /// New tasks are refused; open tasks finish. After `ReclaimDelay` the graph or skeleton can be removed with `reclaim`.
        /// Emits `ModelRetired`.
        ///
        /// ## Fails when
        /// The model is unknown, somebody else's, or retired.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::retire())]
        pub fn retire(origin: OriginFor<T>, model: ModelId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_retire(who, model)
        }

        /// Removes the graph or skeleton of a model that was retired long enough ago. The manifest stays, so that the lineage of
        /// every record stays answerable, and with it the deposit for its bytes.
        ///
        /// ## Origin
        /// Signed by anybody.
        ///
        /// ## Effects
        /// The publisher has the deposit for it back. Emits `ModelReclaimed`.
        ///
        /// ## Fails when
        /// The model is unknown or not retired, `ReclaimDelay` is not over, or neither graph nor skeleton is on chain.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::reclaim())]
        pub fn reclaim(origin: OriginFor<T>, model: ModelId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_reclaim(model)
        }
    }
}
