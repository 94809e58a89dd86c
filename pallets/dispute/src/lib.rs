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

mod agenda;
mod authorize;
mod bond;
mod challenge;
mod disputes;
mod draw;
mod invariants;
mod open;
mod proof;
pub mod types;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use weights::WeightInfo;

// The macro generates undocumented items, and `expect`s that it knows to hold.
#[allow(missing_docs, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{
        types::{Due, Flaw, Opening, Ordered, Pace as SolverPace, Queue as QueueEnds, Tasks},
        weights::WeightInfo,
    };
    use frame_support::{
        pallet_prelude::*,
        traits::fungible::{hold, Mutate},
    };
    use frame_system::pallet_prelude::*;
    use pensum_primitives::{
        operator::{OperatorId, OperatorSignature},
        solver::Fault,
        step::Step,
        task::Trace,
        traits::{BlockRandomness, Claims, Models, Solvers},
        AccountId, Balance, BlockNumber, Digest, TaskId,
    };
    use sp_core::H256;
    use sp_runtime::traits::SaturatedConversion;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<AccountId = AccountId, Hash = H256, RuntimeEvent: From<Event<Self>>>
    {
        /// The runtime's reasons for holding money.
        type RuntimeHoldReason: From<HoldReason>;

        /// The native token, in which bonds are held.
        type NativeBalance: Mutate<AccountId, Balance = Balance>
            + hold::Mutate<AccountId, Reason = Self::RuntimeHoldReason>;

        /// The models, whose nodes are executed here.
        type Models: Models;

        /// The answers that can be disproven.
        type Claims: Claims;

        /// The solvers, to whom operator keys belong.
        type Solvers: Solvers;

        /// What draws the audits.
        type Randomness: BlockRandomness;

        /// Who has the bond of a challenge that proves nothing.
        #[pallet::constant]
        type Treasury: Get<AccountId>;

        /// What a challenger loses unless it is right.
        #[pallet::constant]
        type ChallengeBond: Get<Balance>;

        /// The share of the nodes of each claimed answer that is opened on average, in parts per million: see
        /// `market_math::audit`.
        #[pallet::constant]
        type AuditShare: Get<u32>;

        /// Blocks that a solver has to open a node, the block of the draw not counted. More where many are to be opened.
        #[pallet::constant]
        type OpenWindow: Get<BlockNumber>;

        /// How many nodes one solver must open in the same block at most; further ones are due in later blocks.
        #[pallet::constant]
        type SolverPace: Get<u32>;

        /// Bytes of steps, as their models have them on average, that are due in the same block at most.
        #[pallet::constant]
        type MaxDueBytes: Get<u64>;

        /// Tasks that one block draws for; the rest waits for the next block.
        #[pallet::constant]
        type MaxDrawsPerBlock: Get<u32>;

        /// Nodes that one block orders to be opened; the task that crosses the limit is finished, the rest waits.
        #[pallet::constant]
        type MaxAuditsPerBlock: Get<u32>;

        /// The most that a challenge may weigh, whatever comes of it: at most half a block.
        #[pallet::constant]
        type MaxStepWeight: Get<Weight>;

        /// What a conviction weighs in the market, hand-over of the task included. Voiding a claim weighs less.
        #[pallet::constant]
        type VerdictWeight: Get<Weight>;

        /// Priority of openings in the transaction pool.
        #[pallet::constant]
        type OpenPriority: Get<TransactionPriority>;

        /// What the calls weigh.
        type WeightInfo: WeightInfo;
    }

    /// Why this pallet holds money.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The bond of a challenge, while it is decided.
        Challenge,
    }

    /// Nodes that solvers must open, by task and node.
    #[pallet::storage]
    pub type Audits<T> = StorageDoubleMap<_, Twox64Concat, TaskId, Twox64Concat, u16, Ordered>;

    /// The same by solver, with the last block for it.
    #[pallet::storage]
    pub type AuditsOf<T> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Twox64Concat, Opening, BlockNumber>;

    /// The same by the last block for it.
    #[pallet::storage]
    pub type DueAt<T> = StorageMap<_, Twox64Concat, BlockNumber, Due, ValueQuery>;

    /// The last block in which something is due from each solver that must open something, and how much.
    #[pallet::storage]
    pub type Paces<T> = StorageMap<_, Blake2_128Concat, AccountId, SolverPace>;

    /// Claimed tasks that no block has drawn for, in the order in which they were claimed; each entry of one batch.
    #[pallet::storage]
    pub type Noted<T> = StorageMap<_, Twox64Concat, u64, Tasks>;

    /// Where `Noted` begins and ends.
    #[pallet::storage]
    pub type Queue<T> = StorageValue<_, QueueEnds, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A challenger proved an answer wrong. The challenger has its bond back.
        AnswerDisproven {
            /// The task.
            task: TaskId,
            /// Who answered wrong.
            solver: AccountId,
            /// Who proved it.
            challenger: AccountId,
            /// The node whose output is not what the trace says.
            node: u16,
            /// Whether the challenger shall have the repairer's share of the slash. Not where the node was under audit, which
            /// would have shown the same.
            rewarded: bool,
            /// `blake2_256` of the trace and the step.
            evidence: Digest,
        },
        /// A challenge proved nothing, and its bond is lost.
        ChallengeLost {
            /// The task.
            task: TaskId,
            /// Who lost the bond.
            challenger: AccountId,
            /// The node.
            node: u16,
            /// What is wrong with the step; nothing where the answer is right.
            flaw: Option<Flaw>,
            /// The bond.
            bond: Balance,
            /// Who has it: the solver whose answer is right, else the treasury. None if neither could receive it and it was
            /// burned.
            to: Option<AccountId>,
            /// `blake2_256` of the trace and the step.
            evidence: Digest,
        },
        /// A node cannot be run on what it reads: the model is broken, and the claim ended without fault.
        ModelProvenBroken {
            /// The task.
            task: TaskId,
            /// The node.
            node: u16,
            /// Who proved it: the challenger, or the solver that opened the node.
            by: AccountId,
            /// `blake2_256` of the trace and the step.
            evidence: Digest,
        },
        /// A node of a claimed answer was drawn: its solver must open it.
        AuditOrdered {
            /// The task.
            task: TaskId,
            /// Who must open it.
            solver: AccountId,
            /// The node.
            node: u16,
            /// The last block for it.
            until: BlockNumber,
        },
        /// A node was opened, and is what the trace says.
        AuditPassed {
            /// The task.
            task: TaskId,
            /// Who opened it.
            solver: AccountId,
            /// The node.
            node: u16,
            /// `blake2_256` of the trace and the step.
            evidence: Digest,
        },
        /// A node was not opened, or is not what the trace says. The solver is at fault.
        AuditFailed {
            /// The task.
            task: TaskId,
            /// Who is at fault.
            solver: AccountId,
            /// The node.
            node: u16,
            /// `Wrong` where the node shows another output, else `Unopened`.
            fault: Fault,
            /// `blake2_256` of the trace and the step, or of task, node and last block where nothing came.
            evidence: Digest,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// No answer to this task can be disproven: it has ended, was convicted before, or its window has passed. Look at
        /// `task_status`.
        NotClaimed,
        /// This is not the trace that the solver committed to. Take it from the block that brought the answer.
        TraceMismatch,
        /// The answer is your own. Nobody can prove its own answer wrong.
        OwnAnswer,
        /// The step has more than 3 MiB. No node of a registered model needs so much: bring only what the node reads.
        StepTooLarge,
        /// Executing this node takes more than half a block. Report the model.
        StepTooCostly,
        /// The free balance does not cover `ChallengeBond`. Add funds.
        BondUnaffordable,
        /// No audit of this node waits. Open only what `solver_duties` lists.
        NoAudit,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            let now = now.saturated_into();
            // What is overdue first: its places in the agenda are free for what is drawn now.
            Self::expire(now).saturating_add(Self::draw(now))
        }

        fn integrity_test() {
            assert!(T::OpenWindow::get() >= 1, "a solver needs a block to open in");
            assert!(T::SolverPace::get() >= 1, "no audit could ever be due");
            assert!(T::MaxDrawsPerBlock::get() >= 1, "the queue would never move");
            assert!(T::MaxAuditsPerBlock::get() >= 1, "the queue would never move");
            assert!(
                T::AuditShare::get() <= market_math::ppm::WHOLE,
                "a node is opened once at most"
            );
            let half = T::BlockWeights::get().max_block.saturating_div(2);
            assert!(
                T::MaxStepWeight::get().all_lte(half),
                "a challenge takes half a block at most"
            );
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Proves a claimed answer wrong by one step of its trace: the chain executes the node on what it reads and compares the
        /// output with the trace.
        ///
        /// ## Origin
        /// Signed by anybody but the solver.
        ///
        /// ## Effects
        /// Holds `ChallengeBond` and decides at once. If the output differs, the solver is convicted, the challenger is named
        /// the slash's rescuer (unless the node is under audit), and the bond comes back: `AnswerDisproven`. If it is the same, the
        /// solver has the bond; if the step does not fit the model or the trace, the treasury has it: `ChallengeLost`. If
        /// the node cannot be run, the claim ends without fault and the bond comes back: `ModelProvenBroken`.
        ///
        /// ## Fails when
        /// No answer to the task can be disproven now, the trace is not the one it was given with, the answer is the
        /// challenger's own, the step is too large or too costly, or the bond cannot be held. That costs the fee only.
        #[pallet::call_index(0)]
        #[pallet::weight((Pallet::<T>::challenge_weight(task, trace, step), DispatchClass::Operational))]
        pub fn challenge(
            origin: OriginFor<T>,
            task: TaskId,
            trace: Trace,
            step: Step,
        ) -> DispatchResultWithPostInfo {
            let challenger = ensure_signed(origin)?;
            Self::do_challenge(challenger, task, &trace, &step)
        }

        /// Opens a node of an audited answer.
        ///
        /// ## Origin
        /// A general transaction, authorised by the operator's signature over `open_payload`. No fee, no nonce.
        ///
        /// ## Effects
        /// The audit of this node ends. If its output is what the trace says, that is all: `AuditPassed`. If not, the
        /// solver is convicted of a wrong answer, and if the weights are not the node's, of an unopened one: `AuditFailed`. If the node
        /// cannot be run, the claim ends without fault: `ModelProvenBroken`.
        ///
        /// ## Fails when
        /// It does not get into a block unless the audit waits for this operator's solver, the trace is the committed one and
        /// the tensors fit it; the pool's refusal carries a code of `pensum_primitives::operator::Refusal`.
        #[pallet::call_index(1)]
        #[pallet::weight((Pallet::<T>::open_weight(task, trace, step), DispatchClass::Operational, Pays::No))]
        #[pallet::weight_of_authorize(Pallet::<T>::authorize_open_weight(trace, step))]
        #[pallet::authorize(|_source, operator, task, trace, step, signature| {
            Pallet::<T>::authorize_open(operator, *task, trace, step, signature)
        })]
        pub fn open(
            origin: OriginFor<T>,
            operator: OperatorId,
            task: TaskId,
            trace: Trace,
            step: Step,
            _signature: OperatorSignature,
        ) -> DispatchResultWithPostInfo {
            ensure_authorized(origin)?;
            Self::do_open(&operator, task, &trace, &step)
        }
    }

    impl<T: Config> Pallet<T> {
        /// The block that is being made; in the transaction pool, the next one.
        pub(crate) fn now() -> BlockNumber {
            frame_system::Pallet::<T>::block_number().saturated_into()
        }
    }
}
