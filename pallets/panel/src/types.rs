//! What is stored about a panel.

use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{pallet_prelude::ConstU32, BoundedVec};
use market_math::equivalence;
use pensum_primitives::{
    panel::{Ballot, PanelVerdict, Question, RoundId, MAX_PANEL_TASKS, VOTE_REJECTED, VOTE_STANDS},
    task::Output,
    verification::{Rule, MAX_PANEL},
    AccountId, AssetId, Balance, BatchId, BlockNumber, Digest, ModelId, TaskId,
};
use scale_info::TypeInfo;

/// Most seats of a round: a panel of the greatest size that doubles twice, and a jury of twelve that doubles once.
pub const MAX_SEATS: u32 = 4 * MAX_PANEL as u32;
/// Most solvers that a summons can exclude: the parties of a case and all its former jurors.
pub const MAX_EXCLUDED: u32 = 32;

/// Solvers on a panel, ascending.
pub type Members = BoundedVec<AccountId, ConstU32<MAX_SEATS>>;
/// Tasks by place, with the length of their inputs; in order.
pub type OpenTasks = BoundedVec<(u8, u32), ConstU32<MAX_PANEL_TASKS>>;
/// One amount for each task.
pub type Amounts = BoundedVec<Balance, ConstU32<MAX_PANEL_TASKS>>;
/// Tasks that are decided.
pub type Verdicts = BoundedVec<Agreed, ConstU32<MAX_PANEL_TASKS>>;

/// What a panel is at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Stage {
    /// It waits for its draw.
    Drawing,
    /// Its members commit.
    Committing,
    /// They reveal.
    Revealing,
    /// It has decided, and waits for members that committed and have time left to reveal: whoever sees that it is in the minority
    /// must not get away with silence.
    Closing,
}

/// A panel.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Panel {
    /// Who asked.
    pub requester: AccountId,
    /// The model.
    pub model: ModelId,
    /// What is asked.
    pub question: Question,
    /// The tasks about which this round decides.
    pub tasks: OpenTasks,
    /// Members in the first round.
    pub size: u8,
    /// How many of them must agree.
    pub threshold: u8,
    /// How many rounds there are at most.
    pub rounds: u8,
    /// Most that a member may cost for one task, in PEN.
    pub member_cap: Balance,
    /// The asset that pays the members, who must accept it; none is PEN.
    pub asset: Option<AssetId>,
    /// Least reputation of a member, in parts per million.
    pub min_reputation: u32,
    /// Solvers that may not sit on it.
    pub exclude: BoundedVec<AccountId, ConstU32<MAX_EXCLUDED>>,
    /// Solvers that sat on it in earlier rounds, or left it.
    pub former: Members,
    /// Whether a member that differs from the majority is at fault.
    pub slash_difference: bool,
    /// How many rounds went before this one.
    pub round: u8,
    /// The block of the round's draw: its name.
    pub drawn_at: RoundId,
    /// What it is at.
    pub stage: Stage,
    /// The last block in which members can do that.
    pub until: BlockNumber,
    /// The block whose hook looks at it next.
    pub due: BlockNumber,
    /// Those with a seat.
    pub members: Members,
    /// How many of them have committed, while they commit.
    pub committed: u32,
    /// How many of them have revealed.
    pub revealed: u32,
}

impl Panel {
    /// Members of this round.
    pub fn seats(&self) -> u32 {
        self.doubled(self.size)
    }

    /// How many of them must agree: the same share in every round.
    pub fn majority(&self) -> u32 {
        self.doubled(self.threshold)
    }

    fn doubled(&self, first: u8) -> u32 {
        u32::from(first).saturating_mul(2u32.saturating_pow(self.round.into()))
    }

    /// How many members there are now.
    pub fn count(&self) -> u32 {
        self.members.len() as u32
    }

    /// Whether a further round may follow.
    pub fn has_next_round(&self) -> bool {
        self.round.saturating_add(1) < self.rounds
    }

    /// Whether so many have left that the rest cannot decide.
    pub fn is_hopeless(&self) -> bool {
        self.count() < self.majority()
    }

    /// Whether the next block should look at what was revealed: it may decide, or nobody is left to wait for.
    pub fn is_ripe(&self) -> bool {
        self.revealed == self.count() || (self.stage == Stage::Revealing && self.revealed >= self.majority())
    }

    /// Lets a member go, who is not asked again while there are others.
    pub fn retire(&mut self, member: &AccountId) {
        self.members.retain(|other| other != member);
        // All rounds but the last have fewer seats together than the last one may have.
        if self.has_next_round() && !self.former.contains(member) {
            let _remembered = self.former.try_push(member.clone());
        }
    }

    /// When two answers agree.
    pub fn rule(&self) -> equivalence::Rule<'_> {
        rule(&self.question)
    }

    /// A member's answer to the task at `index`, if it counts as one: a juror's must be a vote.
    pub fn answer<'a>(&self, ballot: &'a Ballot, index: usize) -> Option<&'a [u8]> {
        let answer = ballot.get(index)?.as_ref()?.as_slice();
        match self.question {
            Question::Answers(_) => Some(answer),
            Question::Stands => matches!(answer, [VOTE_STANDS | VOTE_REJECTED]).then_some(answer),
        }
    }

    /// The first task of the round, which names it in reports.
    pub fn first_task(&self, batch: BatchId) -> TaskId {
        batch.task(self.tasks.first().map_or(0, |(place, _)| *place))
    }
}

/// When two answers to a question agree.
pub fn rule(question: &Question) -> equivalence::Rule<'_> {
    match question {
        Question::Answers(Rule::Exact) | Question::Stands => equivalence::Rule::Exact,
        Question::Answers(Rule::Numeric { ppm }) => equivalence::Rule::Numeric { ppm: *ppm },
        Question::Answers(Rule::JsonField { pointer }) => equivalence::Rule::JsonField { pointer },
        Question::Answers(Rule::Label) => equivalence::Rule::Label,
    }
}

/// How far a member is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Progress {
    /// It has done nothing yet.
    Drawn,
    /// It has committed to a ballot.
    Committed(Digest),
    /// It has revealed it.
    Revealed,
}

/// One seat on a panel. Its solver and its panel are its key.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Seat {
    /// The member's price for each task of the round.
    pub prices: Amounts,
    /// Stake locked behind each task of the round.
    pub bonds: Amounts,
    /// How far the member is.
    pub progress: Progress,
}

impl Seat {
    /// Stake behind the whole seat.
    pub fn bond(&self) -> Balance {
        sum(&self.bonds)
    }

    /// Price of the whole seat.
    pub fn price(&self) -> Balance {
        sum(&self.prices)
    }

    /// How many tasks it counts.
    pub fn tasks(&self) -> u32 {
        self.bonds.len() as u32
    }
}

fn sum(amounts: &[Balance]) -> Balance {
    amounts
        .iter()
        .fold(0, |sum: Balance, amount| sum.saturating_add(*amount))
}

/// A task on which enough members agree.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Agreed {
    /// The task's place in its batch.
    pub place: u8,
    /// The answer.
    pub output: Output,
    /// Who gave it, with their prices.
    pub members: BoundedVec<(AccountId, Balance), ConstU32<MAX_SEATS>>,
    /// Digest of the round's ballots.
    pub evidence: Digest,
}

impl From<Agreed> for PanelVerdict {
    fn from(agreed: Agreed) -> Self {
        Self::Agreed {
            output: agreed.output,
            members: agreed.members.into_inner(),
            evidence: agreed.evidence,
        }
    }
}
