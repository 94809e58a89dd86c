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

mod cancel;
mod ending;
mod invariants;
mod plan;
mod posting;
mod queue;
mod run;
mod stranded;
pub mod types;
mod views;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use weights::{SubstrateWeight, WeightInfo};

// The macro generates undocumented items, and `expect`s that it knows to hold.
#[allow(missing_docs, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{
        types::{Span, StepStates, Steps, Work, Workflow},
        weights::WeightInfo,
    };
    use frame_support::{pallet_prelude::*, traits::fungibles};
    use frame_system::pallet_prelude::*;
    use pensum_primitives::{
        task::Output,
        traits::{Models, Posting},
        workflow::{Step, StepState, WorkflowId},
        AccountId, AssetId, Balance, TaskId,
    };
    use sp_core::H256;

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

        /// Money, in which budgets are held: PEN, under no id, and the assets that can pay.
        type Currencies: fungibles::Inspect<AccountId, AssetId = Option<AssetId>, Balance = Balance>
            + fungibles::hold::Inspect<AccountId, Reason = Self::RuntimeHoldReason>
            + fungibles::hold::Mutate<AccountId>;

        /// The market, which takes the tasks of ready steps.
        type Posting: Posting;

        /// Where the length of a model's answers is looked up.
        type Models: Models;

        /// Steps posted and ended tasks taken note of in one block; the rest waits for the next.
        #[pallet::constant]
        type MaxWorkPerBlock: Get<u32>;

        /// What the calls and the hook weigh.
        type WeightInfo: WeightInfo;
    }

    /// Why this pallet holds money.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// What the steps of live workflows that are not posted yet may cost, and rests that could not be released.
        Budget,
    }

    /// Live workflows.
    #[pallet::storage]
    pub type Workflows<T: Config> = StorageMap<_, Twox64Concat, WorkflowId, Workflow>;

    /// Steps that are not posted yet, by workflow and place.
    #[pallet::storage]
    pub type Plans<T: Config> =
        StorageDoubleMap<_, Twox64Concat, WorkflowId, Twox64Concat, u8, Step, OptionQuery>;

    /// Answers that steps which are not posted yet need, by workflow and the place of the step that was answered.
    #[pallet::storage]
    pub type Answers<T: Config> =
        StorageDoubleMap<_, Twox64Concat, WorkflowId, Twox64Concat, u8, Output, ValueQuery>;

    /// Live workflows by their requesters.
    #[pallet::storage]
    pub type Owned<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Twox64Concat, WorkflowId, (), OptionQuery>;

    /// What is to be done: first in, first out.
    #[pallet::storage]
    pub type Queue<T: Config> = StorageMap<_, Twox64Concat, u64, Work>;

    /// Which places of the queue are taken.
    #[pallet::storage]
    pub type QueueSpan<T: Config> = StorageValue<_, Span, ValueQuery>;

    /// Rests of budgets that could not be released yet, by requester and asset.
    #[pallet::storage]
    pub type Stranded<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Twox64Concat, AssetId, Balance, ValueQuery>;

    /// The first workflow id not yet used.
    #[pallet::storage]
    pub type NextWorkflow<T: Config> = StorageValue<_, WorkflowId, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A workflow began.
        WorkflowStarted {
            /// Its id.
            workflow: WorkflowId,
            /// Who asked.
            requester: AccountId,
            /// How many steps it has.
            steps: u32,
            /// What is held for them, in units of `asset`.
            budget: Balance,
            /// The asset that pays for all of them; none is PEN.
            asset: Option<AssetId>,
        },
        /// A step was posted as a task. Escrow and prepaid fee were taken from the budget.
        StepPosted {
            /// The workflow.
            workflow: WorkflowId,
            /// The step.
            step: u8,
            /// The task.
            task: TaskId,
            /// What left the budget, in units of the workflow's asset.
            cost: Balance,
        },
        /// The market refused a step. Nothing left the budget.
        StepRefused {
            /// The workflow.
            workflow: WorkflowId,
            /// The step.
            step: u8,
            /// What the market says.
            error: DispatchError,
        },
        /// A step ended.
        StepEnded {
            /// The workflow.
            workflow: WorkflowId,
            /// The step.
            step: u8,
            /// How: `Answered`, `Failed` or `Skipped`.
            state: StepState,
        },
        /// A requester cancelled a workflow. What runs and cannot be cancelled ends by itself.
        WorkflowCancelled {
            /// The workflow.
            workflow: WorkflowId,
            /// How many steps will not be posted any more.
            steps: u32,
            /// How many of its tasks the market has cancelled.
            tasks: u32,
        },
        /// Nothing of a workflow is left to be posted, and the rest of its budget is its requester's again.
        BudgetReleased {
            /// The workflow.
            workflow: WorkflowId,
            /// Its requester.
            requester: AccountId,
            /// How much, in units of `asset`.
            amount: Balance,
            /// The asset; none is PEN.
            asset: Option<AssetId>,
        },
        /// The rest of a budget could not be released, because the asset's issuer has frozen the asset or blocked the account. It stays
        /// on hold until somebody calls `collect`.
        BudgetStranded {
            /// The workflow.
            workflow: WorkflowId,
            /// Its requester.
            requester: AccountId,
            /// The asset.
            asset: AssetId,
            /// How much.
            amount: Balance,
        },
        /// A requester has what was stranded of its budgets.
        BudgetCollected {
            /// The requester.
            requester: AccountId,
            /// The asset.
            asset: AssetId,
            /// How much.
            amount: Balance,
        },
        /// The rest of a budget was less than any account can hold, and its requester's account holds nothing else: it was burned.
        BudgetBurned {
            /// The workflow.
            workflow: WorkflowId,
            /// Its requester.
            requester: AccountId,
            /// How much.
            amount: Balance,
        },
        /// A workflow ended and left the state.
        WorkflowEnded {
            /// Its id.
            workflow: WorkflowId,
            /// Who asked.
            requester: AccountId,
            /// How each of its steps ended, in order.
            steps: StepStates,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The workflow has no steps. Give at least one.
        NoSteps,
        /// A step reads or asks a step that is not before it. Order the steps so that each names earlier ones only.
        NotEarlier,
        /// Too many steps wait for each other in a row. Make the longest chain at most `MAX_DEPTH` steps long.
        TooDeep,
        /// A condition accepts no answer, so that its step could never run. Give at least one, or leave the condition out.
        NothingAccepted,
        /// A condition accepts an answer of a length that its step's model never gives. A classifier answers the number of its label,
        /// four bytes, the lowest first.
        AcceptedWrongLength,
        /// The budget does not cover the steps that run at once: `max_reward` of each and its prepaid fee. Raise it.
        BudgetTooSmall,
        /// The free balance in the asset does not cover the budget, or is frozen. Add funds or lower the budget.
        CannotHoldBudget,
        /// The workflow is not live: it has ended or was never started. Look for its `WorkflowEnded` event.
        NotLive,
        /// The workflow is somebody else's. Only its requester can cancel it.
        NotRequester,
        /// The market took more for a task than it had said. The step is not posted; nothing was taken.
        DearerThanQuoted,
        /// Nothing of this requester is stranded in this asset. See `Stranded`.
        NothingStranded,
        /// The requester still cannot receive the asset. Wait until the asset's issuer lifts what it put on asset or account.
        StillBlocked,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Self::work_off()
        }

        fn integrity_test() {
            assert!(T::MaxWorkPerBlock::get() >= 1, "no step would ever be posted");
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Starts a workflow: tasks of which some read what others answered, or run only with certain answers.
        ///
        /// ## Origin
        /// Signed by the requester.
        ///
        /// ## Effects
        /// Holds the budget, in units of the asset that pays for all steps, like each step's `max_reward`; no asset is PEN. The chain itself posts each step as soon as the steps it names are answered, taking its escrow and
        /// prepaid fee from the budget; what a task does not cost goes to the requester's free balance. The fee of this call pays
        /// for all of that. Event: `WorkflowStarted`.
        ///
        /// ## Fails when
        /// There are no steps; a step names one that is not before it; the longest chain has more than `MAX_DEPTH` steps; a condition
        /// cannot be met; the market would refuse the terms or the input of a step; the budget does not cover the steps that run
        /// at once; or the requester does not have it.
        #[pallet::call_index(0)]
        #[pallet::weight(Pallet::<T>::run_weight(steps, *asset))]
        pub fn run(
            origin: OriginFor<T>,
            steps: Steps,
            #[pallet::compact] budget: Balance,
            asset: Option<AssetId>,
        ) -> DispatchResult {
            let requester = ensure_signed(origin)?;
            Self::do_run(requester, steps, budget, asset)
        }

        /// Cancels a workflow.
        ///
        /// ## Origin
        /// Signed by its requester.
        ///
        /// ## Effects
        /// Steps that are not posted fail with `Cancelled`, and the rest of the budget is released. Tasks that run are cancelled as
        /// `cancel` of the market does it, which may cost a fee; those that it cannot cancel any more end by themselves, and
        /// the workflow with the last of them. Events: `WorkflowCancelled`, `StepEnded`, `BudgetReleased`.
        ///
        /// ## Fails when
        /// The workflow is not live, or not the origin's.
        #[pallet::call_index(1)]
        #[pallet::weight(Pallet::<T>::cancel_weight(workflow))]
        pub fn cancel(origin: OriginFor<T>, workflow: WorkflowId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_cancel(&who, workflow)
        }

        /// Releases what was stranded of a requester's budgets, because the asset's issuer had frozen the asset or blocked the account.
        ///
        /// ## Origin
        /// Signed by anybody.
        ///
        /// ## Effects
        /// The requester has all of it in its free balance. Event: `BudgetCollected`.
        ///
        /// ## Fails when
        /// Nothing is stranded there, or the requester still cannot receive it.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::collect())]
        pub fn collect(origin: OriginFor<T>, requester: AccountId, asset: AssetId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_collect(requester, asset)
        }
    }
}
