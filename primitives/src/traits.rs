//! The traits by which the pallets meet. Small on purpose: each is one pallet's face to another.

use crate::{
    model::ModelEntry,
    operator::OperatorId,
    record::IndexedRecord,
    solver::{Fault, Offer},
    task::Duty,
    AccountId, Balance, Digest, ModelId, SlashId,
};
use alloc::vec::Vec;
use sp_runtime::{DispatchError, DispatchResult};

/// Models, as the market sees them. Implemented by `attestation-registry`.
pub trait Models {
    /// The entry of a model that takes new tasks now; else an error that says why not.
    fn usable(model: &ModelId, allow_flagged: bool) -> Result<ModelEntry, DispatchError>;

    /// The entry of any model ever registered. Once reclaimed, it is retired and no longer on chain.
    fn entry(model: &ModelId) -> Option<ModelEntry>;

    /// Runs the model on each input, in order. The graph is read and parsed once, so a batch shares that cost.
    fn replay(model: &ModelId, inputs: &[&[u8]]) -> Result<Vec<Replayed>, DispatchError>;
}

/// What came of running a model on one input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Replayed {
    /// The output's bytes.
    Output(Vec<u8>),
    /// The model cannot read this input (not UTF-8, wrong shape).
    Unreadable,
}

/// Where ended tasks are recorded. Implemented by `attestation-registry`.
pub trait Records {
    /// Adds a record to this block's tree and its body to the off-chain index.
    fn record(entry: IndexedRecord);
}

/// What the market asks the book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BookQuery<'a> {
    /// The model.
    pub model: &'a ModelId,
    /// Length of each task's input in bytes, in order; never empty.
    pub input_lens: &'a [u32],
    /// Most that one task may cost.
    pub max_reward: Balance,
    /// Least reputation, in parts per million.
    pub min_reputation: u32,
    /// Solvers that failed this batch before.
    pub exclude: &'a [AccountId],
    /// Randomness for ties and small differences.
    pub seed: Digest,
}

/// A solver chosen from the book, with stake and capacity already taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assignment {
    /// The solver.
    pub solver: AccountId,
    /// The price it asks.
    pub offer: Offer,
    /// How many of the tasks it takes: the first `taken` of the query, at least one.
    pub taken: u32,
    /// Stake locked behind each task, in order.
    pub bonds: Vec<Balance>,
}

/// What the book offers for a query, and what stands in the way otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoOffer {
    /// Nobody offers this model.
    NobodyOffers,
    /// Every offer is above the price cap.
    CapTooLow {
        /// The least price at which somebody would take the dearest task.
        cheapest: Balance,
    },
    /// Offers fit, but every solver is at capacity, out of free stake, jailed, excluded, or below the wanted reputation.
    NobodyFree,
}

/// A fault, with everything needed to share out the slash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FaultReport {
    /// The task on which it happened (the first one, for a batch that timed out).
    pub task: crate::TaskId,
    /// What was done wrong.
    pub fault: Fault,
    /// Stake locked behind the tasks concerned; leaves the lock.
    pub bond: Balance,
    /// How many tasks are concerned; leave the solver's capacity.
    pub tasks: u32,
    /// Reward at stake, which weighs the verdict in the solver's reputation.
    pub reward: Balance,
    /// Who was harmed and is paid first.
    pub harmed: AccountId,
    /// Digest of the evidence.
    pub evidence: Digest,
}

/// Solvers, as the market sees them. Implemented by `solver-staking`.
pub trait Solvers {
    /// Chooses a solver for the first tasks of the query, locks its stake and takes its capacity. Changes nothing on error.
    fn assign(query: BookQuery) -> Result<Assignment, NoOffer>;

    /// Gives back the stake behind `tasks` tasks whose verdict is `Agreed` and feeds reputation with their reward.
    fn agreed(solver: &AccountId, tasks: u32, bond: Balance, reward: Balance);

    /// Gives back stake and capacity without fault: the tasks ended or moved on through nobody's failing. `declined` says that the
    /// solver itself gave them back (`Unable`), which counts a little in its reputation.
    fn released(solver: &AccountId, tasks: u32, bond: Balance, reward: Balance, declined: bool);

    /// Turns locked stake into a pending slash, feeds reputation, jails where due. `None` where the fault costs nothing.
    fn fault(solver: &AccountId, report: FaultReport) -> Option<SlashId>;

    /// Names who repaired the damage of a pending slash and shall have the repairer's share.
    fn name_rescuer(slash: SlashId, rescuer: &AccountId);

    /// The solver that this operator key works for.
    fn of_operator(operator: &OperatorId) -> Option<AccountId>;

    /// The sum of stake locked by assignments of this solver; for invariants.
    fn locked(solver: &AccountId) -> Balance;

    /// Tasks this solver holds; for invariants.
    fn in_flight(solver: &AccountId) -> u32;
}

/// The work the market wants from a solver. Implemented by `task-market`, read by the off-chain worker.
pub trait Duties {
    /// Batches assigned to `solver` with at most `limit` tasks in all, but one batch at least; soonest deadline not
    /// guaranteed first. Tasks and not batches are counted, since what a task brings is bounded by its input.
    fn duties(solver: &AccountId, limit: u32) -> Vec<Duty>;
}

/// Where an accepted operator transaction goes. Implemented by the runtime for `inference-worker`.
pub trait OperatorSubmit {
    /// Hands the answers, signed, to the pool.
    fn answer(
        operator: OperatorId,
        answers: Vec<crate::task::Answer>,
        signature: crate::operator::OperatorSignature,
    ) -> DispatchResult;

    /// Hands the refusal of a batch, signed, to the pool.
    fn decline(
        operator: OperatorId,
        batch: crate::BatchId,
        reason: crate::verdict::Unable,
        signature: crate::operator::OperatorSignature,
    ) -> DispatchResult;
}
