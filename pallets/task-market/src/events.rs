//! Events.

use frame_support::pallet_macros::pallet_section;

/// What the pallet tells.
#[pallet_section]
mod events {
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
            /// What all of them cost with this solver, in PEN.
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
            /// How much, in units of `asset`.
            fee: Balance,
            /// The asset that pays for the batch; none is PEN.
            asset: Option<AssetId>,
        },
        /// A task was answered, verified, paid and recorded.
        TaskAnswered {
            /// The task.
            task: TaskId,
            /// Who answered; of a panel, the first member that gave the answer.
            solver: AccountId,
            /// What the requester paid, in units of `asset`.
            price: Balance,
            /// The asset it paid with; none is PEN.
            asset: Option<AssetId>,
            /// The verified answer.
            output: Output,
        },
        /// An answer was proven wrong, not opened, or rejected by a jury. It is not paid, and the task goes on or is refunded.
        AnswerRejected {
            /// The task.
            task: TaskId,
            /// Who answered wrong.
            solver: AccountId,
        },
        /// A solver was reported for wrong answers and lost what it held of the batch, of a windowed batch only the task concerned.
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
            /// What they cost with the new solver, in PEN.
            price: Balance,
            /// The last block in which the new solver can answer.
            answer_by: BlockNumber,
        },
        /// Tasks were posted and wait: for bids, or for their panel.
        BatchOpened {
            /// The first task; the others follow it.
            first: TaskId,
            /// How many.
            tasks: u32,
            /// Who asked.
            requester: AccountId,
            /// The model.
            model: ModelId,
            /// The last block in which anybody can answer.
            deadline: BlockNumber,
        },
        /// An auction found a solver.
        BatchAwarded {
            /// The batch.
            batch: BatchId,
            /// The places of the tasks in it.
            places: Places,
            /// Who asked.
            requester: AccountId,
            /// Who must answer.
            solver: AccountId,
            /// What each of them costs, in PEN.
            price: Balance,
            /// The last block in which this solver can answer.
            answer_by: BlockNumber,
        },
        /// Tasks whose solver failed or declined, and whom the book has nobody for, went back to auction.
        BatchReauctioned {
            /// The batch.
            batch: BatchId,
            /// The places of the tasks in it.
            places: Places,
            /// Who failed or declined.
            from: AccountId,
        },
        /// A task was answered; the answer settles unless it is disproven or refused in its window.
        TaskClaimed {
            /// The task.
            task: TaskId,
            /// Who answered.
            solver: AccountId,
            /// The answer.
            output: Output,
            /// `trace_digest` of its trace, where it can be disproven.
            trace: Option<Digest>,
            /// The block in which it settles.
            settles_at: BlockNumber,
        },
        /// A claimed answer settles later, because an audit of it is open.
        ClaimPostponed {
            /// The task.
            task: TaskId,
            /// The block in which it settles.
            settles_at: BlockNumber,
        },
        /// The members of a panel were paid for a task.
        PanelPaid {
            /// The task.
            task: TaskId,
            /// Who agreed on the answer, and what the requester paid each, in units of the batch's asset.
            members: Vec<(AccountId, Balance)>,
        },
        /// A requester accepted an answer before its window had passed.
        AnswerAccepted {
            /// The task.
            task: TaskId,
        },
        /// Somebody appealed, and a jury was summoned.
        AppealOpened {
            /// The task.
            task: TaskId,
            /// Who appealed.
            appellant: AccountId,
            /// What it put at stake, in PEN.
            bond: Balance,
            /// The round; the first is 0.
            round: u8,
        },
        /// A jury reached its verdict and was paid out of the appellant's bond.
        JuryDecided {
            /// The task.
            task: TaskId,
            /// Whether the answer stands.
            stands: bool,
            /// The jurors of the majority, and what each was paid, in PEN.
            jurors: Vec<(AccountId, Balance)>,
            /// The last block in which the loser can appeal; none after the last round.
            appeal_by: Option<BlockNumber>,
        },
        /// A jury could not be found or found no majority, in neither of its rounds. Its appellant has the bond back. What an earlier
        /// jury decided stands; where none ever did, the task is refunded, and nobody is at fault.
        JuryUndecided {
            /// The task.
            task: TaskId,
        },
        /// What was left of the loser's bond went to the other side.
        AppealBondLost {
            /// The task.
            task: TaskId,
            /// Who appealed and lost.
            from: AccountId,
            /// Who has it.
            to: AccountId,
            /// How much.
            amount: Balance,
        },
        /// A task ended without an answer and its escrow was released.
        TaskRefunded {
            /// The task.
            task: TaskId,
            /// Who asked, and has the escrow back.
            requester: AccountId,
            /// Why.
            reason: Reason,
            /// How much came back, in units of the batch's asset.
            refund: Balance,
        },
        /// A requester cancelled what was left of a batch.
        BatchCancelled {
            /// The batch.
            batch: BatchId,
            /// What solvers and members of panels were paid for their trouble, or the treasury for that of bidders, in units of the
            /// batch's asset.
            compensation: Balance,
        },
        /// A share could not be paid to its payee, whose account cannot receive it, and went elsewhere.
        ShareRedirected {
            /// Who should have had it.
            payee: AccountId,
            /// The asset; none is PEN.
            asset: Option<AssetId>,
            /// How much.
            amount: Balance,
            /// Who has it: the treasury, or the requester where the treasury cannot receive it either. None if it was too
            /// small for any account and was burned.
            to: Option<AccountId>,
        },
        /// A share could not be paid to its payee, because the asset's issuer has frozen it or blocked the payee's account. It stays on hold
        /// with the requester until somebody calls `collect`.
        ShareStranded {
            /// Who should have had it.
            payee: AccountId,
            /// With whom it is on hold.
            requester: AccountId,
            /// The asset.
            asset: AssetId,
            /// How much.
            amount: Balance,
        },
        /// A payee has what was stranded.
        ShareCollected {
            /// Who has it.
            payee: AccountId,
            /// With whom it was on hold.
            requester: AccountId,
            /// The asset.
            asset: AssetId,
            /// How much.
            amount: Balance,
        },
    }
}
