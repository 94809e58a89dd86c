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

mod answer;
mod authorize;
mod cancel;
mod expiry;
mod handover;
mod invariants;
mod judge;
pub mod limits;
mod matching;
mod notice;
mod post;
pub mod prepay;
mod settlement;
mod status;
pub mod types;
mod views;
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
        prepay::Prepay,
        types::{Batch, Inputs as BatchInputs, Places, Sheet},
        weights::WeightInfo,
    };
    use frame_support::{pallet_prelude::*, traits::fungible};
    use frame_system::pallet_prelude::*;
    use pensum_primitives::{
        operator::{OperatorId, OperatorSignature},
        task::{Output, Terms},
        traits::{Models, Records, Solvers},
        verdict::{Reason, Unable},
        AccountId, Balance, BatchId, BlockNumber, ModelId, SlashId, TaskId,
    };
    use sp_core::H256;
    use sp_runtime::{traits::SaturatedConversion, Permill};

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

        /// The native token, in which prices are quoted and escrow is held.
        type NativeBalance: fungible::Inspect<AccountId, Balance = Balance>
            + fungible::hold::Inspect<AccountId, Reason = Self::RuntimeHoldReason>
            + fungible::hold::Mutate<AccountId>;

        /// Where models are looked up and run again.
        type Models: Models;

        /// Where ended tasks are recorded.
        type Records: Records;

        /// The solvers: offers, stake, faults.
        type Solvers: Solvers;

        /// Takes the fee for the weight that answering will cost, so that answers can be free.
        type Prepay: Prepay;

        /// Who has the protocol's fee, and the shares of payees that cannot receive.
        #[pallet::constant]
        type Treasury: Get<AccountId>;

        /// The protocol's share of the price of every verified answer.
        #[pallet::constant]
        type ProtocolFee: Get<Permill>;

        /// The share of the price that a requester pays to the solver when it cancels an assigned task. Answers are readable in
        /// the transaction pool before they are settled, so a small share invites requesters to read and cancel.
        #[pallet::constant]
        type CancelFee: Get<Permill>;

        /// Blocks in which a solver must answer, the block of its assignment not counted.
        #[pallet::constant]
        type AnswerWindow: Get<BlockNumber>;

        /// Fewest blocks from an assignment to the deadline; fewer would get solvers slashed who had no chance.
        #[pallet::constant]
        type MinDeadline: Get<BlockNumber>;

        /// Most blocks from posting to the deadline.
        #[pallet::constant]
        type MaxDeadline: Get<BlockNumber>;

        /// Most weight that answering a whole batch in one sheet may take. It must fit a block's operational share.
        #[pallet::constant]
        type MaxAnswerWeight: Get<Weight>;

        /// Overdue tasks handled in one block; the batch that crosses the limit is finished, the rest waits for the next block.
        #[pallet::constant]
        type MaxExpiriesPerBlock: Get<u32>;

        /// Priority of answers and refusals in the transaction pool.
        #[pallet::constant]
        type AnswerPriority: Get<TransactionPriority>;

        /// What the calls weigh.
        type WeightInfo: WeightInfo;
    }

    /// Why this pallet holds money.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The price cap of live tasks.
        Escrow,
    }

    /// Live batches.
    #[pallet::storage]
    pub type Batches<T: Config> = StorageMap<_, Twox64Concat, BatchId, Batch>;

    /// Inputs of live batches, by place. Written once and removed with the batch.
    #[pallet::storage]
    pub type Inputs<T: Config> = StorageMap<_, Twox64Concat, BatchId, BatchInputs, ValueQuery>;

    /// Batches by the last block in which the solver of one of their parts can answer.
    #[pallet::storage]
    pub type Agenda<T: Config> =
        StorageDoubleMap<_, Twox64Concat, BlockNumber, Twox64Concat, BatchId, (), OptionQuery>;

    /// The first block whose agenda is not done, when the chain is behind with it.
    #[pallet::storage]
    pub type AgendaCursor<T: Config> = StorageValue<_, BlockNumber>;

    /// Batches by the solvers that hold parts of them.
    #[pallet::storage]
    pub type Assigned<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Twox64Concat, BatchId, (), OptionQuery>;

    /// The first batch id not yet used.
    #[pallet::storage]
    pub type NextBatch<T: Config> = StorageValue<_, BatchId, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// Tasks were posted and assigned: `tasks` of them, from `first` on. A post that several solvers share has one event each.
        TasksPosted {
            /// The first task; the others follow it.
            first: TaskId,
            /// How many.
            tasks: u32,
            /// Who asked.
            requester: AccountId,
            /// Who must answer.
            solver: AccountId,
            /// The model.
            model: ModelId,
            /// What all of them cost with this solver.
            price: Balance,
            /// The last block in which this solver can answer.
            answer_by: BlockNumber,
            /// The last block in which anybody can.
            deadline: BlockNumber,
        },
        /// The weight that answering a new batch will take was paid for.
        AnswersPrepaid {
            /// The batch.
            batch: BatchId,
            /// Who paid.
            requester: AccountId,
            /// How much.
            fee: Balance,
        },
        /// A task was answered, verified, paid and recorded.
        TaskAnswered {
            /// The task.
            task: TaskId,
            /// Who answered.
            solver: AccountId,
            /// What the requester paid.
            price: Balance,
            /// The verified answer.
            output: Output,
        },
        /// An answer was proven wrong. It is not paid, and the task goes on.
        AnswerRejected {
            /// The task.
            task: TaskId,
            /// Who answered wrong.
            solver: AccountId,
        },
        /// A solver was reported for wrong answers and lost all it held of the batch.
        AssignmentFailed {
            /// The batch.
            batch: BatchId,
            /// The solver.
            solver: AccountId,
            /// The slash, unless the fault costs nothing.
            slash: Option<SlashId>,
        },
        /// A solver let its time run out, was reported for it, and lost all it held of the batch.
        AssignmentTimedOut {
            /// The batch.
            batch: BatchId,
            /// The solver.
            solver: AccountId,
            /// How many tasks it left.
            tasks: u32,
            /// The slash, unless the fault costs nothing.
            slash: Option<SlashId>,
        },
        /// A solver gave back all it held of a batch.
        AssignmentDeclined {
            /// The batch.
            batch: BatchId,
            /// The solver.
            solver: AccountId,
            /// Why it could not answer.
            reason: Unable,
        },
        /// Tasks went from one solver to another.
        BatchHandedOver {
            /// The batch.
            batch: BatchId,
            /// The places of the tasks in it.
            places: Places,
            /// Who failed or declined.
            from: AccountId,
            /// Who must answer now.
            to: AccountId,
            /// What they cost with the new solver.
            price: Balance,
            /// The last block in which the new solver can answer.
            answer_by: BlockNumber,
        },
        /// A task ended without an answer and its escrow was released.
        TaskRefunded {
            /// The task.
            task: TaskId,
            /// Who asked, and has the escrow back.
            requester: AccountId,
            /// Why.
            reason: Reason,
            /// How much came back.
            refund: Balance,
        },
        /// A requester cancelled what was left of a batch.
        BatchCancelled {
            /// The batch.
            batch: BatchId,
            /// What the solvers were paid for their trouble.
            compensation: Balance,
        },
        /// A share could not be paid to its payee, whose account cannot receive it, and went elsewhere.
        ShareRedirected {
            /// Who should have had it.
            payee: AccountId,
            /// How much.
            amount: Balance,
            /// Who has it: the treasury, or the requester where the treasury cannot receive it either. None if it was too
            /// small for any account and was burned.
            to: Option<AccountId>,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The post has no inputs. Give at least one.
        NoInputs,
        /// The deadline has passed or is too near for a solver to answer. Put it at least `MinDeadline` blocks ahead.
        DeadlineTooSoon,
        /// The deadline is too far away. Put it at most `MaxDeadline` blocks ahead.
        DeadlineTooFar,
        /// Challenge windows are not offered: answers are replayed when they arrive. Set the window to 0.
        WindowNotOffered,
        /// The model's graph is not on chain, so the chain cannot replay it. Choose a model whose `model_info` says `on_chain`.
        GraphNotOnChain,
        /// An input is too long or of the wrong shape for the model. See `input` in `model_info`.
        InputWrongShape,
        /// The model reads text, and an input is not UTF-8. Encode it as UTF-8.
        InputNotText,
        /// An input named by digest is longer than what an answer can bring. It may have 4096 bytes at most.
        BlobTooLong,
        /// Replaying the whole batch takes more weight than one block has for answers. Post fewer or shorter inputs at once.
        BatchTooCostly,
        /// `min_reputation` is in parts per million. Give at most 1000000.
        ReputationOutOfRange,
        /// Every offer for this model is above `max_reward`. Raise it to the cheapest of the standing offers at least.
        PriceCapBelowOffers,
        /// No solver offers this model. Wait for an offer, or choose another model.
        NobodyOffers,
        /// Solvers offer this model within the price cap, but none is free: they are at capacity, out of free stake, jailed, or
        /// below `min_reputation`. Try again in a block or two, or lower `min_reputation`.
        SolversBusy,
        /// So many tasks would need more solvers than one batch can have. Post fewer at once.
        TooFragmented,
        /// `max_reward` times the number of tasks is more than any account can have. Lower it.
        EscrowTooLarge,
        /// The free balance does not cover `max_reward` for every task. Add funds or lower `max_reward`.
        CannotEscrow,
        /// The free balance does not cover the prepaid fee of answering and replaying. Add funds.
        CannotPrepay,
        /// The batch is not open: it has ended or was never posted. Look at `record_get` for tasks that ended.
        BatchNotOpen,
        /// The batch is somebody else's. Only its requester can cancel it.
        NotRequester,
        /// The task is not assigned to this operator's solver. Answer only what `solver_status` lists as yours.
        NotAssigned,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            Self::expire(now.saturated_into())
        }

        fn integrity_test() {
            assert!(T::MinDeadline::get() >= 1, "a solver needs a block to answer in");
            assert!(T::AnswerWindow::get() >= 1, "a solver needs a block to answer in");
            assert!(
                T::MinDeadline::get() <= T::MaxDeadline::get(),
                "no deadline would be accepted"
            );
            assert!(T::MaxExpiriesPerBlock::get() >= 1, "the agenda would never move");
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Posts intents for one model, all on the same terms, and assigns them at once against the standing offers.
        ///
        /// ## Origin
        /// Signed by the requester.
        ///
        /// ## Effects
        /// Holds `max_reward` for each task from the requester's free balance, and takes the prepaid fee of answering and
        /// replaying them. Locks stake of the solvers. The tasks' ids are `batch × 256 + place`, in the order of `inputs`.
        /// Events: `AnswersPrepaid`, and `TasksPosted` for each solver that takes some of them.
        ///
        /// ## Fails when
        /// The model is unknown, flagged (unless the terms allow it), retired, not yet active or not on chain; an input does
        /// not fit it; the deadline is too near or too far; replaying all of it takes too much weight; no solver takes part of it;
        /// or the requester cannot pay. Nothing changes then, except for the transaction's own fee.
        #[pallet::call_index(0)]
        #[pallet::weight(Pallet::<T>::post_weight(inputs, crate::limits::MAX_PARTS))]
        pub fn post(origin: OriginFor<T>, terms: Terms, inputs: BatchInputs) -> DispatchResultWithPostInfo {
            let requester = ensure_signed(origin)?;
            let weight_inputs = Self::sizes(&inputs);
            let parts = Self::do_post(requester, terms, inputs)?;
            Ok(Some(T::WeightInfo::post(weight_inputs.0, weight_inputs.1, parts)).into())
        }

        /// Answers tasks that are assigned to the solver of `operator`. The chain runs the model again and settles at once.
        ///
        /// ## Origin
        /// A general transaction, authorised by the operator's signature over `answer_payload`. No fee, no nonce.
        ///
        /// ## Effects
        /// Each right answer is paid out of the escrow (solver, publisher's royalty, protocol fee), the rest of its escrow is
        /// released, and the task is recorded: `TaskAnswered`. An input that the model cannot read is refunded. A wrong answer
        /// is not paid and reported as a fault, and whatever the solver still holds of that batch goes to the next solver:
        /// `AnswerRejected`, `AssignmentFailed`, `BatchHandedOver` or `TaskRefunded`.
        ///
        /// ## Fails when
        /// It does not get into a block unless every answer is due; the pool's refusal carries a code of
        /// `pensum_primitives::operator::Refusal`.
        #[pallet::call_index(1)]
        #[pallet::weight((Pallet::<T>::answer_weight(answers), DispatchClass::Operational, Pays::No))]
        #[pallet::weight_of_authorize(Pallet::<T>::authorize_answer_weight(answers))]
        #[pallet::authorize(|_source, operator, answers, signature| Pallet::<T>::authorize_answer(operator, answers, signature))]
        pub fn answer(
            origin: OriginFor<T>,
            operator: OperatorId,
            answers: Sheet,
            _signature: OperatorSignature,
        ) -> DispatchResultWithPostInfo {
            ensure_authorized(origin)?;
            let weight = Self::do_answer(&operator, &answers)?;
            Ok((Some(weight), Pays::No).into())
        }

        /// Gives back everything that the solver of `operator` holds of a batch, because it cannot answer.
        ///
        /// ## Origin
        /// A general transaction, authorised by the operator's signature over `decline_payload`. No fee, no nonce.
        ///
        /// ## Effects
        /// The solver's stake is released; its reputation suffers a little. The tasks go to the next solver, or are refunded
        /// if nobody is left. Events: `AssignmentDeclined`, then `BatchHandedOver` or `TaskRefunded`.
        ///
        /// ## Fails when
        /// It does not get into a block unless the solver holds part of the batch and its time has not run out.
        #[pallet::call_index(2)]
        #[pallet::weight((Pallet::<T>::decline_weight(batch), DispatchClass::Operational, Pays::No))]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_decline())]
        #[pallet::authorize(|_source, operator, batch, reason, signature| {
            Pallet::<T>::authorize_decline(operator, *batch, *reason, signature)
        })]
        pub fn decline(
            origin: OriginFor<T>,
            operator: OperatorId,
            batch: BatchId,
            reason: Unable,
            _signature: OperatorSignature,
        ) -> DispatchResult {
            ensure_authorized(origin)?;
            Self::do_decline(&operator, batch, reason)
        }

        /// Cancels what is left of a batch.
        ///
        /// ## Origin
        /// Signed by the batch's requester.
        ///
        /// ## Effects
        /// Pays the solvers `CancelFee` of the price of each task for their trouble and releases the rest of the escrow and the
        /// solvers' stake. Events: `BatchCancelled`, and `TaskRefunded` for each task.
        ///
        /// ## Fails when
        /// The batch is not open, or somebody else posted it.
        #[pallet::call_index(3)]
        #[pallet::weight(Pallet::<T>::cancel_weight(batch))]
        pub fn cancel(origin: OriginFor<T>, batch: BatchId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_cancel(&who, batch)
        }
    }

    impl<T: Config> Pallet<T> {
        /// The block that is being made; in the transaction pool, the next one.
        pub(crate) fn now() -> BlockNumber {
            frame_system::Pallet::<T>::block_number().saturated_into()
        }
    }
}
