//! The traits by which the pallets meet. Small on purpose: each is one pallet's face to another.

use crate::{
    bridge::{Address, Domain, Inbound},
    follower::Follower,
    matching::Matching,
    model::ModelEntry,
    operator::{OperatorId, OperatorSignature, Work},
    panel::{PanelDuty, PanelVerdict, Question},
    record::IndexedRecord,
    solver::{Fault, Offer},
    step::{Executed, NodeInfo, Step, Steps},
    task::{Duty, Input, Output, Terms},
    AccountId, AssetId, Balance, BatchId, BlockNumber, Digest, ModelId, SlashId, TaskId,
};
use alloc::vec::Vec;
use sp_runtime::{DispatchError, DispatchResult};
use sp_weights::Weight;

/// Models, as the market sees them. Implemented by `attestation-registry`.
pub trait Models {
    /// The entry of a model that takes new tasks now; else an error that says why not.
    fn usable(model: &ModelId, allow_flagged: bool) -> Result<ModelEntry, DispatchError>;

    /// The entry of any model ever registered. Once reclaimed, it is retired and no longer on chain.
    fn entry(model: &ModelId) -> Option<ModelEntry>;

    /// Runs the model on each input, in order. The graph is read and parsed once, so a batch shares that cost.
    fn replay(model: &ModelId, inputs: &[&[u8]]) -> Result<Vec<Replayed>, DispatchError>;

    /// How many nodes the model's graph has, if its skeleton is known to the chain: the length of every trace of it.
    fn nodes(model: &ModelId) -> Option<u16>;

    /// One node of the model's graph, by its place in the trace.
    fn node(model: &ModelId, node: u16) -> Option<NodeInfo>;

    /// What opening every node of the model once would take, if its skeleton is known to the chain.
    fn steps(model: &ModelId) -> Option<Steps> {
        (0..Self::nodes(model)?).try_fold(Steps::default(), |steps, node| {
            Some(steps.and(&Self::node(model, node)?))
        })
    }

    /// Executes one node on what the step brings, after checking the weights against the model's node digest. The tensors are
    /// the caller's to check.
    fn execute(model: &ModelId, step: &Step) -> Executed;
}

/// What came of running a model on one input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Replayed {
    /// The output's bytes.
    Output(Vec<u8>),
    /// The model cannot read this input (not UTF-8, wrong shape).
    Unreadable,
}

/// What assets are worth. Implemented by `rates`.
pub trait Rates {
    /// What so much of a listed asset is worth in PEN now, rounded down. An error says why there is no rate.
    fn worth(asset: AssetId, amount: Balance) -> Result<Balance, DispatchError>;

    /// What 10⁻¹² of a whole stable unit is worth in PEN now, as a fraction; none while there is no rate.
    fn stable() -> Option<(Balance, Balance)>;
}

/// PEN only.
impl Rates for () {
    fn worth(_: AssetId, _: Balance) -> Result<Balance, DispatchError> {
        Err(DispatchError::Unavailable)
    }

    fn stable() -> Option<(Balance, Balance)> {
        None
    }
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
    /// Most that one task may cost, in PEN.
    pub max_reward: Balance,
    /// The asset that pays; only solvers that accept it are asked. None is PEN, which all accept.
    pub asset: Option<AssetId>,
    /// Least reputation, in parts per million.
    pub min_reputation: u32,
    /// Solvers that are not asked: they failed this batch before, or hold a part of it.
    pub exclude: &'a [AccountId],
    /// Whether a solver failed these tasks before and is slashed for it. Then the most reputable solver within the cap is chosen, and
    /// not the cheapest: who was failed once wants an answer first, and pays no more than it was ready to.
    pub handed_over: bool,
    /// Randomness for ties and small differences.
    pub seed: Digest,
}

/// A solver chosen from the book, with stake and capacity already taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assignment {
    /// The solver.
    pub solver: AccountId,
    /// The price it asks, in PEN whatever unit it is quoted in.
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
    /// There are offers, but nobody who made one accepts the asset that pays.
    AssetNotAccepted,
    /// Every offer of those who accept the asset is quoted in the stable unit, which has no rate now.
    NoRate,
    /// Every offer of those who accept the asset is above the price cap.
    CapTooLow {
        /// The least price that one of them asks for the dearest task, in PEN.
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

/// Why a solver cannot be engaged for work at a price agreed elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotReady {
    /// It is no solver, has no offer for the model, does not accept the asset, is jailed, or below the wanted reputation.
    NotEligible,
    /// It is at capacity.
    AtCapacity,
    /// Its free stake does not cover the bonds.
    StakeTaken,
}

/// Work at prices that were agreed elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Engagement<'a> {
    /// The model; the solver must offer it.
    pub model: &'a ModelId,
    /// The price of each task, in order, in PEN.
    pub prices: &'a [Balance],
    /// The asset that pays; the solver must accept it. None is PEN.
    pub asset: Option<AssetId>,
    /// Least reputation, in parts per million.
    pub min_reputation: u32,
}

/// What a panel is drawn from and for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PanelQuery<'a> {
    /// The model; members are drawn among those that offer it.
    pub model: &'a ModelId,
    /// Length of each task's input in bytes, in order; never empty.
    pub input_lens: &'a [u32],
    /// How many members.
    pub size: u32,
    /// Most that one member may cost for one task.
    pub member_cap: Balance,
    /// The asset that pays; only solvers that accept it are drawn. None is PEN.
    pub asset: Option<AssetId>,
    /// Least reputation, in parts per million.
    pub min_reputation: u32,
    /// Solvers that may not sit on it.
    pub exclude: &'a [AccountId],
    /// Randomness of the draw.
    pub seed: Digest,
}

/// A seat on a panel, with stake and capacity already taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seat {
    /// The solver.
    pub solver: AccountId,
    /// Its price for each task, in order.
    pub prices: Vec<Balance>,
    /// Stake locked behind each task, in order.
    pub bonds: Vec<Balance>,
}

/// What matching wants to know of a solver.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Stake that can back new work.
    pub free: Balance,
    /// Reputation in parts per million.
    pub reputation: u32,
    /// Whether it may take work for the model asked about: it has an offer there, accepts the asset and is not jailed.
    pub eligible: bool,
}

/// Solvers, as the market sees them. Implemented by `solver-staking`.
pub trait Solvers {
    /// Chooses a solver for the first tasks of the query, locks its stake and takes its capacity. Changes nothing on error.
    fn assign(query: BookQuery) -> Result<Assignment, NoOffer>;

    /// Locks stake of one solver behind tasks at prices agreed elsewhere and takes its capacity: one bond for each price, in order.
    /// Changes nothing on error.
    fn engage(solver: &AccountId, engagement: Engagement) -> Result<Vec<Balance>, NotReady>;

    /// Draws that many different solvers, each with a chance in proportion to its stake, locks their stake and takes their
    /// capacity. All of them or none: fewer than `size` are never returned.
    fn draw(query: PanelQuery) -> Result<Vec<Seat>, NoOffer>;

    /// Locks stake that backs no task, such as a bid's deposit. False, and nothing changes, where it is not free.
    fn lock(solver: &AccountId, amount: Balance) -> bool;

    /// Gives back stake that `lock` took.
    fn unlock(solver: &AccountId, amount: Balance);

    /// What matching wants to know of a solver; none if it is none.
    fn standing(solver: &AccountId, model: &ModelId, asset: Option<AssetId>) -> Option<Standing>;

    /// The part of a payment to the solver that belongs to those who delegated stake to it, and the account it goes to. None
    /// where nobody did, or where they cannot be paid in this asset. Whatever reaches that account is shared out among them.
    fn delegators_share(
        solver: &AccountId,
        asset: Option<AssetId>,
        payment: Balance,
    ) -> Option<(AccountId, Balance)>;

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

/// Where what an operator signed goes. Implemented by the runtime for `inference-worker`.
pub trait OperatorSubmit {
    /// Hands the work to the pool as a general transaction of the pallet that it concerns.
    fn submit(operator: OperatorId, work: Work, signature: OperatorSignature) -> DispatchResult;
}

/// Standing offers, as a solver's own node reads them. Implemented by the runtime.
pub trait Offers {
    /// What the solver's standing offer for the model asks for a task with so long an input, in PEN: an offer in the stable unit at the
    /// rate of now, rounded up. None where it has no offer, or there is no rate.
    fn price(solver: &AccountId, model: &ModelId, input_len: u32) -> Option<Balance>;
}

/// Randomness that nobody knew before this block was made. Implemented by the runtime.
pub trait BlockRandomness {
    /// The randomness of the block that is being made: good for deciding what was fixed in an earlier block.
    fn of_block() -> Digest;
}

/// A batch that looks for a solver by auction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lot<'a> {
    /// The batch. The winner takes all its tasks, at one price for each.
    pub batch: BatchId,
    /// Who asked, and is harmed by a bid that is withheld.
    pub requester: AccountId,
    /// The model; bidders must offer it.
    pub model: &'a ModelId,
    /// How many tasks.
    pub tasks: u32,
    /// Most that one task may cost, in PEN.
    pub max_reward: Balance,
    /// The asset that pays; bidders must accept it. None is PEN.
    pub asset: Option<AssetId>,
    /// Least reputation of a bidder, in parts per million.
    pub min_reputation: u32,
    /// `Dutch` or `Sealed`.
    pub matching: Matching,
    /// The last block in which an award leaves the solver time to answer.
    pub award_by: BlockNumber,
    /// Solvers that failed this batch before, every one of them: an auction's rounds are numbered on from their number, so that
    /// what was signed for an earlier auction of the batch is worth nothing in this one.
    pub exclude: &'a [AccountId],
}

/// How an auction stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuctionView {
    /// What each task would cost if the batch were taken now: the Dutch price, or the reserve.
    pub price: Balance,
    /// The last block of the present phase.
    pub until: BlockNumber,
    /// The round; the first is 0.
    pub round: u8,
    /// Bids committed in this round.
    pub bids: u32,
    /// What happens next, in one sentence.
    pub next: alloc::string::String,
}

/// Auctions. Implemented by `auction`, used by the market.
pub trait Auctions {
    /// Checks the matching's parameters before anything is held; an error says what is wrong.
    fn check(matching: &Matching, max_reward: Balance, ahead: BlockNumber) -> DispatchResult;
    /// Weight of what solvers and the hook will do for such an auction, for free; the requester prepays it.
    fn prepaid_weight(matching: &Matching) -> Weight;
    /// Opens an auction. From then on the auction ends by [`Lots::award`] or [`Lots::unsold`], or the market closes it.
    fn open(lot: Lot) -> DispatchResult;
    /// Ends an auction without a winner and gives the deposits back. Nothing happens if there is none.
    fn close(batch: BatchId);
    /// How the batch's auction stands.
    fn view(batch: BatchId) -> Option<AuctionView>;
    /// Batches with an auction that this solver could bid in, or must reveal a bid in.
    fn open_to(solver: &AccountId, limit: u32) -> Vec<AuctionDuty>;
    /// Stake locked as deposits, by solver; for invariants.
    fn locked() -> Vec<(AccountId, Balance)>;
}

/// An auction as a solver's node sees it.
#[derive(Clone, PartialEq, Eq, Debug, codec::Encode, codec::Decode, scale_info::TypeInfo)]
pub struct AuctionDuty {
    /// The batch.
    pub batch: BatchId,
    /// The model.
    pub model: ModelId,
    /// Length of each task's input.
    pub input_lens: Vec<u32>,
    /// The auction's round.
    pub round: u8,
    /// What can be done now.
    pub turn: Turn,
    /// The last block in which it counts.
    pub until: BlockNumber,
}

/// What can be done in an auction now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, codec::Encode, codec::Decode, scale_info::TypeInfo)]
pub enum Turn {
    /// Take the batch at this price for each task.
    Take {
        /// The price in the next block.
        price: Balance,
    },
    /// Commit to a bid of at most `reserve` for each task.
    Bid {
        /// The reserve.
        reserve: Balance,
    },
    /// Reveal the bid behind this commitment, or lose the deposit.
    Reveal {
        /// The commitment.
        commitment: Digest,
    },
}

/// Batches at auction, as auctions see them. Implemented by the market.
pub trait Lots {
    /// Gives the batch to the winner at this price for each task. False where the solver cannot be engaged any more: the auction
    /// goes on to the next, or ends.
    fn award(batch: BatchId, solver: &AccountId, price: Balance) -> bool;
    /// No solver bid in any round: the market refunds the batch.
    fn unsold(batch: BatchId);
    /// Length of each task's input, in order of place.
    fn input_lens(batch: BatchId) -> Vec<u32>;
}

/// A panel to be drawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Summons {
    /// The batch; it has one panel at a time.
    pub batch: BatchId,
    /// Who asked, and is harmed by a fault.
    pub requester: AccountId,
    /// The model; members must offer it.
    pub model: ModelId,
    /// The tasks it decides about, by place, with the length of each input; in order, at most `MAX_PANEL_TASKS`.
    pub tasks: Vec<(u8, u32)>,
    /// What it is asked.
    pub question: Question,
    /// Members in the first round.
    pub size: u8,
    /// How many must agree in the first round; in a later one the same share of its size, rounded up.
    pub threshold: u8,
    /// How many rounds, of which each has twice the members of the one before.
    pub rounds: u8,
    /// Most that one member may cost for one task, in any round.
    pub member_cap: Balance,
    /// The asset that pays the members; they must accept it. None is PEN.
    pub asset: Option<AssetId>,
    /// Least reputation of a member, in parts per million.
    pub min_reputation: u32,
    /// Solvers that may not sit on it.
    pub exclude: Vec<AccountId>,
    /// Whether a member whose answer differs from the majority's is at fault. Never so for free text.
    pub slash_difference: bool,
}

/// How a panel stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PanelView {
    /// The members; none before the draw.
    pub members: Vec<AccountId>,
    /// Where it stands: `Drawn`, `Committing` or `Revealing`.
    pub state: crate::task::TaskState,
    /// The last block of that.
    pub until: BlockNumber,
    /// The round; the first is 0.
    pub round: u8,
    /// What happens next, in one sentence.
    pub next: alloc::string::String,
}

/// Panels. Implemented by `panel`, used by the market.
pub trait Panels {
    /// Weight of what members and the hook will do for such a panel, for free; the requester prepays it.
    fn prepaid_weight(size: u8, rounds: u8, tasks: u32) -> Weight;
    /// Most blocks from the summons to the verdict.
    fn longest(rounds: u8) -> BlockNumber;
    /// Summons a panel. It is drawn by the next block's randomness and ends by [`Cases::decided`].
    fn summon(summons: Summons) -> DispatchResult;
    /// Ends a panel without a verdict and gives the stake back. Nothing happens if there is none.
    fn dismiss(batch: BatchId);
    /// How the batch's panel stands.
    fn view(batch: BatchId) -> Option<PanelView>;
    /// What this solver must do on panels, soonest first; at most `limit` tasks in all, but one duty at least.
    fn duties(solver: &AccountId, limit: u32) -> Vec<PanelDuty>;
    /// Stake locked behind seats, by solver, and the tasks they count; for invariants.
    fn locked() -> Vec<(AccountId, Balance, u32)>;
}

/// What panels decide about. Implemented by the market.
pub trait Cases {
    /// The verdicts on all tasks of the summons, in order of place. Stake and faults of the members are the panel's matter and
    /// done; their pay is the market's.
    fn decided(batch: BatchId, question: &Question, verdicts: Vec<(u8, PanelVerdict)>);
    /// The input of a task, for those who must answer or judge it.
    fn input(task: TaskId) -> Option<Input>;
    /// The answer to a task that is judged.
    fn judged(task: TaskId) -> Option<Output>;
}

/// An answer whose window is open, or which is being audited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claim {
    /// Who answered.
    pub solver: AccountId,
    /// The model.
    pub model: ModelId,
    /// The input as posted.
    pub input: Input,
    /// `trace_digest` of its trace.
    pub trace: Digest,
    /// The last block in which it can be disproven.
    pub until: BlockNumber,
    /// What it costs.
    pub price: Balance,
}

/// Answers that can be disproven. Implemented by the market, used by `dispute`.
pub trait Claims {
    /// The open claim on a task.
    fn claim(task: TaskId) -> Option<Claim>;
    /// Its answer was proven wrong, or its trace was not opened: the solver is at fault, the prover, if any, is the rescuer of the
    /// slash, and the task goes on without this solver.
    fn convict(task: TaskId, fault: Fault, prover: Option<&AccountId>, evidence: Digest);
    /// Its model was proven broken: everybody has back what is theirs.
    fn void(task: TaskId);
    /// It must not settle before this block has passed.
    fn postpone(task: TaskId, until: BlockNumber);
}

/// Fraud proofs and audits. Implemented by `dispute`, used by the market.
pub trait Disputes {
    /// Weight of what an audit takes for free, times its probability, for one task of this model; the requester prepays it.
    fn prepaid_weight(model: &ModelId) -> Weight;
    /// Answers were claimed in this block; the next block's randomness decides which of them are audited.
    fn claimed(tasks: &[TaskId]);
    /// The claim on this task has ended; nothing about it is due any more. Called for every end of a claim.
    fn ended(task: TaskId);
    /// Audits that this solver must open: task, node and the last block for it.
    fn audits(solver: &AccountId, limit: u32) -> Vec<Audit>;
}

/// An audit that waits for its solver.
#[derive(Clone, PartialEq, Eq, Debug, codec::Encode, codec::Decode, scale_info::TypeInfo)]
pub struct Audit {
    /// The task.
    pub task: TaskId,
    /// The model.
    pub model: ModelId,
    /// `blake2_256` of the model's weights file.
    pub weights: Digest,
    /// The task's input.
    pub input: Input,
    /// The node to open, by its place in the trace.
    pub node: u16,
    /// The last block in which opening counts.
    pub until: BlockNumber,
}

/// Posting on behalf of a requester whose money is already set aside. Implemented by the market, used by `workflow`
/// and `task-bridge`.
pub trait Posting {
    /// Checks terms and the greatest input lengths, and says what answering will prepay at today's fee, in the terms' asset.
    fn check(terms: &Terms, input_lens: &[u32]) -> Result<Balance, DispatchError>;
    /// Posts one task for the requester, holding its escrow and taking the prepaid fee from its free balance. When the task has
    /// ended, [`Followers::ended`] is called once.
    fn post_for(
        requester: &AccountId,
        terms: Terms,
        input: Input,
        upstream: Vec<TaskId>,
        follower: Follower,
    ) -> Result<TaskId, DispatchError>;
    /// Cancels a task that was posted so, as its requester would.
    fn cancel_for(requester: &AccountId, task: TaskId) -> DispatchResult;
    /// Accepts the answer of a task that was posted so, as its requester would.
    fn accept_for(requester: &AccountId, task: TaskId) -> DispatchResult;
    /// Weight of posting one task on these terms, its input inline and so long, beside what it prepays.
    fn post_weight(terms: &Terms, input_len: u32) -> Weight;
    /// Weight of `cancel_for` or `accept_for`, whichever is more.
    fn withdraw_weight(task: TaskId) -> Weight;
}

/// Who waits for the end of tasks it posted. Implemented by `workflow` and `task-bridge`, used by the market.
pub trait Followers {
    /// The task has ended, as the record says; a refund's answer is empty. Must only note it: what follows is done in a later block.
    fn ended(follower: Follower, end: &IndexedRecord);
}

impl Followers for () {
    fn ended(_: Follower, _: &IndexedRecord) {}
}

/// Each of the two knows its own.
impl<A: Followers, B: Followers> Followers for (A, B) {
    fn ended(follower: Follower, end: &IndexedRecord) {
        A::ended(follower, end);
        B::ended(follower, end);
    }
}

/// Sends messages to other chains. Implemented by `hyperlane`, used by `task-bridge`.
pub trait Mailbox {
    /// This chain's domain.
    fn domain() -> Domain;
    /// Weight of one dispatch.
    fn dispatch_weight() -> Weight;
    /// Weight of the validators' signatures of one message, which come in later blocks and for nothing: whoever causes the message pays
    /// for them.
    fn signing_weight() -> Weight;
    /// Dispatches a message and puts it into the tree; returns its id.
    fn dispatch(
        sender: Address,
        destination: Domain,
        recipient: Address,
        body: Vec<u8>,
    ) -> Result<Digest, DispatchError>;
    /// What delivering with that much gas costs there, in PEN; none where nobody quotes for the destination, so that nothing is to
    /// be paid.
    fn quote(destination: Domain, gas_limit: u64) -> Option<Balance>;
    /// Notes that delivering this message was paid for: the account has `payment` PEN, or what is worth so much.
    fn note_payment(message: Digest, destination: Domain, gas_limit: u64, payment: Balance);
    /// Who has what is paid for gas.
    fn gas_beneficiary() -> AccountId;
}

/// Takes messages from other chains. Implemented by `task-bridge`, used by `hyperlane`.
pub trait Recipients {
    /// Weight of taking such a message; none where nobody has the address.
    fn weight(recipient: Address, body: &[u8]) -> Option<Weight>;
    /// Takes a message that has been verified. An error undoes all of it, and the message can be brought again.
    fn handle(message: Inbound<'_>) -> DispatchResult;
}
