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

mod acceptance;
mod answer;
mod appeal;
mod authorize;
mod award;
mod cancel;
mod claim;
mod conviction;
mod errors;
mod events;
mod expiry;
mod handover;
mod invariants;
mod judge;
mod jury;
pub mod limits;
mod matching;
mod notice;
mod opening;
mod part;
mod payment;
mod post;
mod posting;
pub mod prepay;
mod settlement;
mod sheet;
mod status;
mod stranded;
mod terms;
pub mod types;
mod verdicts;
mod views;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use weights::WeightInfo;

use frame_support::pallet_macros::import_section;

// The macro generates undocumented items, and `expect`s that it knows to hold.
#[allow(missing_docs, clippy::expect_used)]
#[import_section(events::events)]
#[import_section(errors::errors)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{
        jury::Appeal,
        prepay::Prepay,
        types::{Batch, ClaimedAnswer, Inputs as BatchInputs, Places, Sheet},
        weights::WeightInfo,
    };
    use alloc::vec::Vec;
    use frame_support::{pallet_prelude::*, traits::fungibles};
    use frame_system::pallet_prelude::*;
    use pensum_primitives::{
        operator::{OperatorId, OperatorSignature},
        task::{Output, Terms},
        traits::{Auctions, Disputes, Followers, Models, Panels, Rates, Records, Solvers},
        verdict::{Reason, Unable},
        verification::MIN_PANEL,
        AccountId, AssetId, Balance, BatchId, BlockNumber, Digest, ModelId, SlashId, TaskId,
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

        /// Money: PEN, in which prices are quoted and bonds are held, under no id, and the assets that can pay.
        type Currencies: fungibles::Inspect<AccountId, AssetId = Option<AssetId>, Balance = Balance>
            + fungibles::hold::Inspect<AccountId, Reason = Self::RuntimeHoldReason>
            + fungibles::hold::Mutate<AccountId>;

        /// What assets are worth in PEN.
        type Rates: Rates;

        /// Where models are looked up and run again.
        type Models: Models;

        /// Where ended tasks are recorded.
        type Records: Records;

        /// The solvers: offers, stake, faults.
        type Solvers: Solvers;

        /// Auctions, for batches whose solver the book does not choose.
        type Auctions: Auctions;

        /// Panels that answer, and juries that judge.
        type Panels: Panels;

        /// Fraud proofs and audits of claimed answers.
        type Disputes: Disputes;

        /// Who is told when tasks end that it posted.
        type Followers: Followers;

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

        /// Fewest blocks of a window in which an answer can be disproven or refused.
        #[pallet::constant]
        type MinWindow: Get<BlockNumber>;

        /// Most blocks of such a window: the solver's stake and pay wait for so long.
        #[pallet::constant]
        type MaxWindow: Get<BlockNumber>;

        /// Most `max_reward` of a task whose answer is replayed only when somebody doubts it: what a wrong answer could gain must
        /// stay below what an audit, times its probability, takes.
        #[pallet::constant]
        type MaxWindowedReward: Get<Balance>;

        /// Bond of a first appeal, in units of `max_reward`: it pays the jurors, each at most its share of the bond.
        #[pallet::constant]
        type AppealBondFactor: Get<u32>;

        /// Blocks in which the loser can appeal against a jury's verdict.
        #[pallet::constant]
        type AppealWindow: Get<BlockNumber>;

        /// Jurors of a first appeal; each further jury is twice as large.
        #[pallet::constant]
        type JurySize: Get<u8>;

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
        /// The price cap of live tasks, in the asset that pays, and shares of ended ones that nobody could receive.
        Escrow,
        /// What an appellant puts at stake.
        Appeal,
    }

    /// Live batches.
    #[pallet::storage]
    pub type Batches<T: Config> = StorageMap<_, Twox64Concat, BatchId, Batch>;

    /// Inputs of live batches, by place. Written once and removed with the batch.
    #[pallet::storage]
    pub type Inputs<T: Config> = StorageMap<_, Twox64Concat, BatchId, BatchInputs, ValueQuery>;

    /// Batches by the last block before something of them must be looked at: a solver's time to answer runs out, an answer settles,
    /// or tasks that no solver holds have reached their deadline.
    #[pallet::storage]
    pub type Agenda<T: Config> =
        StorageDoubleMap<_, Twox64Concat, BlockNumber, Twox64Concat, BatchId, (), OptionQuery>;

    /// The first block whose agenda is not done, when the chain is behind with it.
    #[pallet::storage]
    pub type AgendaCursor<T: Config> = StorageValue<_, BlockNumber>;

    /// Answers whose window is open.
    #[pallet::storage]
    pub type ClaimedAnswers<T: Config> = StorageMap<_, Twox64Concat, TaskId, ClaimedAnswer>;

    /// Open appeals.
    #[pallet::storage]
    pub type Appeals<T: Config> = StorageMap<_, Twox64Concat, BatchId, Appeal>;

    /// Batches by the solvers that must answer parts of them.
    #[pallet::storage]
    pub type Assigned<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Twox64Concat, BatchId, (), OptionQuery>;

    /// The first batch id not yet used.
    #[pallet::storage]
    pub type NextBatch<T: Config> = StorageValue<_, BatchId, ValueQuery>;

    /// Shares of ended tasks that their payees could not receive yet: payee, the requester with whom they are on hold, asset.
    #[pallet::storage]
    pub type Stranded<T: Config> = StorageNMap<
        _,
        (
            NMapKey<Blake2_128Concat, AccountId>,
            NMapKey<Blake2_128Concat, AccountId>,
            NMapKey<Twox64Concat, AssetId>,
        ),
        Balance,
        ValueQuery,
    >;

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
            assert!(T::MinWindow::get() >= 1, "nobody could check an answer");
            assert!(
                T::MinWindow::get() <= T::MaxWindow::get(),
                "no window would be accepted"
            );
            assert!(T::AppealWindow::get() >= 1, "nobody could appeal again");
            assert!(
                T::JurySize::get() >= MIN_PANEL
                    && crate::jury::size::<T>(crate::limits::MAX_APPEALS) < u8::MAX,
                "a jury is a panel"
            );
            assert!(
                T::AppealBondFactor::get() >= crate::jury::most_jurors(T::JurySize::get()),
                "a juror of a second round could not be paid the price cap"
            );
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Posts intents for one model, all on the same terms. With `Book` they are assigned at once against the standing offers, with
        /// `Dutch` or `Sealed` an auction opens for all of them, and for a `Quorum` a panel is drawn in the next block.
        ///
        /// ## Origin
        /// Signed by the requester.
        ///
        /// ## Effects
        /// Holds `max_reward` for each task from the requester's free balance, and takes the prepaid fee of all that solvers and the
        /// chain will do for them, both in the terms' asset. What `max_reward` is worth in PEN now is the price cap. Locks stake of the
        /// solvers. The tasks' ids are `batch × 256 + place`, in the order of `inputs`.
        /// Events: `AnswersPrepaid`, and `TasksPosted` for each solver that takes some of them, or `BatchOpened`.
        ///
        /// ## Fails when
        /// The model is unknown, flagged (unless the terms allow it), retired, not yet active or cannot be verified so; an input does
        /// not fit it; matching and verification do not fit each other or the deadline; answering all of it takes too much weight; no
        /// solver of the book takes part of it; the asset is not listed or has no rate; or the requester cannot pay. Nothing changes then,
        /// except for the transaction's own fee.
        #[pallet::call_index(0)]
        #[pallet::weight(Pallet::<T>::post_weight(terms, inputs, crate::limits::MAX_PARTS))]
        pub fn post(origin: OriginFor<T>, terms: Terms, inputs: BatchInputs) -> DispatchResultWithPostInfo {
            let requester = ensure_signed(origin)?;
            let (tasks, bytes) = Self::sizes(&inputs);
            let extra = Self::extra_of_posting(&terms);
            let posted = Self::do_post(requester, terms, inputs, Default::default())?;
            Ok(Some(posted.weight::<T>(tasks, bytes).saturating_add(extra)).into())
        }

        /// Answers tasks that are assigned to the solver of `operator`. With `Replay { window: 0 }` the chain runs the model again and
        /// settles at once; else the answers settle when their window has passed.
        ///
        /// ## Origin
        /// A general transaction, authorised by the operator's signature over `answer_payload`. No fee, no nonce.
        ///
        /// ## Effects
        /// Each right answer is paid out of the escrow, in its asset (solver, publisher's royalty, protocol fee), the rest of its
        /// escrow is released, and the task is recorded: `TaskAnswered`. An input that the model cannot read is refunded. A wrong answer
        /// is not paid and reported as a fault, and whatever the solver still holds of that batch goes to the next solver:
        /// `AnswerRejected`, `AssignmentFailed`, `BatchHandedOver` or `TaskRefunded`. Answers with a window are kept until it has
        /// passed: `TaskClaimed`.
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

        /// Cancels what is not answered of a batch.
        ///
        /// ## Origin
        /// Signed by the batch's requester.
        ///
        /// ## Effects
        /// Pays the solvers `CancelFee` of the price of each task for their trouble, in the batch's asset, and releases the rest of the escrow and the
        /// solvers' stake. A batch at auction is free to cancel while nobody has bid, and one whose panel is not drawn yet; then the
        /// treasury has `CancelFee` of the price on behalf of the bidders, or each member of the panel of the most it may cost.
        /// Events: `BatchCancelled`, and `TaskRefunded` for each task.
        ///
        /// ## Fails when
        /// The batch is not open, somebody else posted it, its panel has begun to reveal, or all of it is answered.
        #[pallet::call_index(3)]
        #[pallet::weight(Pallet::<T>::cancel_weight(batch))]
        pub fn cancel(origin: OriginFor<T>, batch: BatchId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_cancel(&who, batch)
        }

        /// Accepts the answer to a batch that its requester verifies, so that it settles at once.
        ///
        /// ## Origin
        /// Signed by the batch's requester.
        ///
        /// ## Effects
        /// The solver is paid, the rest of the escrow is released, and the task is recorded: `AnswerAccepted`, `TaskAnswered`.
        ///
        /// ## Fails when
        /// The batch is not open, somebody else's, verified otherwise, not answered yet, or under appeal.
        #[pallet::call_index(4)]
        #[pallet::weight(Pallet::<T>::accept_weight(batch))]
        pub fn accept(origin: OriginFor<T>, batch: BatchId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_accept(&who, batch)
        }

        /// Appeals to a jury against an answer, or against the verdict of the jury before.
        ///
        /// ## Origin
        /// Signed by the side that the last decision went against: at first the requester, then the loser, requester or solver.
        ///
        /// ## Effects
        /// Holds the appellant's bond in PEN, `AppealBondFactor` times the price cap, doubled with each round, and takes the prepaid fee
        /// of the jury's work in PEN. The jury of `JurySize` solvers, doubled with each round, is drawn in the next block and paid out
        /// of the bond; where it finds no majority, one of twice its size is asked once. What is left of a bond goes back to an
        /// appellant that wins in the end, else to the other side. An answer that no jury ever decided about is refunded and costs its
        /// solver nothing. Event: `AppealOpened`.
        ///
        /// ## Fails when
        /// The task has no answer that its requester judges, the window has passed, a jury sits already, the appellant is not the
        /// loser, or cannot pay.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::appeal())]
        pub fn appeal(origin: OriginFor<T>, task: TaskId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_appeal(&who, task)
        }

        /// Pays a share that its payee could not receive when its task ended, because the asset's issuer had frozen it or blocked the
        /// payee's account.
        ///
        /// ## Origin
        /// Signed by anybody.
        ///
        /// ## Effects
        /// All that is on hold with the requester for the payee in this asset goes to the payee. Event: `ShareCollected`.
        ///
        /// ## Fails when
        /// Nothing is stranded there, or the payee still cannot receive it.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::collect())]
        pub fn collect(
            origin: OriginFor<T>,
            payee: AccountId,
            requester: AccountId,
            asset: AssetId,
        ) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_collect(payee, requester, asset)
        }
    }

    impl<T: Config> Pallet<T> {
        /// The block that is being made; in the transaction pool, the next one.
        pub(crate) fn now() -> BlockNumber {
            frame_system::Pallet::<T>::block_number().saturated_into()
        }
    }
}
