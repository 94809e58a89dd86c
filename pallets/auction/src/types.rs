//! What is stored of open auctions.

use crate::{
    limits::{MAX_EXCLUDED, MAX_ROUNDS},
    Config,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use market_math::auction;
use pensum_primitives::{matching::Matching, AccountId, AssetId, Balance, BlockNumber, Digest, ModelId};
use scale_info::TypeInfo;

/// The bids of one round, in the order in which they came.
pub type BidsOf<T> = BoundedVec<Bid, <T as Config>::MaxBids>;

/// Solvers that may not bid.
pub type Excluded = BoundedVec<AccountId, ConstU32<MAX_EXCLUDED>>;

/// How a batch is sold in one round: a [`Matching`] that is an auction, with the prices of that round.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Sale {
    /// The price rises until a solver takes the batch.
    Dutch {
        /// Price in the first block.
        start: Balance,
        /// Price in the last block.
        end: Balance,
        /// How many blocks the price takes to rise.
        blocks: BlockNumber,
    },
    /// Bids are committed, then revealed; the lowest wins.
    Sealed {
        /// Most that a bid may ask.
        reserve: Balance,
        /// Blocks in which bids are committed, the block of the opening not counted.
        commit: BlockNumber,
        /// Blocks in which they are revealed.
        reveal: BlockNumber,
    },
}

impl Sale {
    /// The auction that was asked for; none where the book was.
    pub fn of(matching: &Matching) -> Option<Self> {
        match *matching {
            Matching::Book => None,
            Matching::Dutch { start, end, blocks } => Some(Self::Dutch { start, end, blocks }),
            Matching::Sealed {
                reserve,
                commit,
                reveal,
            } => Some(Self::Sealed {
                reserve,
                commit,
                reveal,
            }),
        }
    }

    /// The least and the most that a task can cost.
    pub fn prices(&self) -> (Balance, Balance) {
        match *self {
            Self::Dutch { start, end, .. } => (start, end),
            Self::Sealed { reserve, .. } => (0, reserve),
        }
    }

    /// The shortest time in which solvers must act.
    pub fn shortest_window(&self) -> BlockNumber {
        match *self {
            Self::Dutch { blocks, .. } => blocks,
            Self::Sealed { commit, reveal, .. } => commit.min(reveal),
        }
    }

    /// Blocks from the opening to the last one in which a winner can be found: that of the last price, or that in which the hook
    /// clears the bids.
    pub fn blocks(&self) -> BlockNumber {
        match *self {
            Self::Dutch { blocks, .. } => blocks,
            Self::Sealed { commit, reveal, .. } => commit.saturating_add(reveal).saturating_add(1),
        }
    }

    /// The same with higher prices, at most `cap`.
    #[must_use]
    pub fn bumped(&self, share_ppm: u32, cap: Balance) -> Self {
        let dearer = |price| auction::bumped(price, share_ppm, cap);
        match *self {
            Self::Dutch { start, end, blocks } => Self::Dutch {
                start: dearer(start),
                end: dearer(end),
                blocks,
            },
            Self::Sealed {
                reserve,
                commit,
                reveal,
            } => Self::Sealed {
                reserve: dearer(reserve),
                commit,
                reveal,
            },
        }
    }
}

/// What solvers can do in a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Take the batch at this price.
    Rising {
        /// The price of each task.
        price: Balance,
    },
    /// Commit to a bid.
    Committing {
        /// Most that it may ask.
        reserve: Balance,
    },
    /// Reveal a bid.
    Revealing {
        /// Most that it may ask.
        reserve: Balance,
    },
}

/// A batch that looks for a solver.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Auction {
    /// The model; bidders must offer it.
    pub model: ModelId,
    /// Who asked, and is harmed by a bid that is withheld.
    pub requester: AccountId,
    /// How many tasks the batch has.
    pub tasks: u32,
    /// Most that one of them may cost in any round, in PEN.
    pub max_reward: Balance,
    /// The asset that pays; bidders must accept it. None is PEN.
    pub asset: Option<AssetId>,
    /// Least reputation of a bidder, in parts per million.
    pub min_reputation: u32,
    /// Solvers that may not bid.
    pub exclude: Excluded,
    /// How it is sold in this round.
    pub sale: Sale,
    /// The round, counted over all auctions of the batch.
    pub round: u8,
    /// Rounds that may still follow.
    pub rounds_left: u8,
    /// The block in which this round began.
    pub opened_at: BlockNumber,
    /// The block in the agenda: after it the hook looks at the auction.
    pub due: BlockNumber,
    /// The last block in which an award leaves the solver time to answer.
    pub award_by: BlockNumber,
    /// Stake that each bid locks; nothing in a Dutch auction.
    pub deposit: Balance,
}

impl Auction {
    /// What can be done in block `now`, and until which block. None where the round is over and waits for the hook.
    pub fn phase(&self, now: BlockNumber) -> Option<(Phase, BlockNumber)> {
        let first = self.first_phase_until();
        match self.sale {
            Sale::Dutch { start, end, blocks } => {
                let elapsed = now.saturating_sub(self.opened_at);
                let price = auction::dutch(start, end, blocks, elapsed);
                (now <= first).then_some((Phase::Rising { price }, first))
            }
            Sale::Sealed { reserve, .. } if now <= first => Some((Phase::Committing { reserve }, first)),
            Sale::Sealed { reserve, .. } => {
                let last = self.last_phase_until();
                (now <= last).then_some((Phase::Revealing { reserve }, last))
            }
        }
    }

    /// What can be done in block `now` of this round; none if it is in another.
    pub fn phase_of(&self, round: u8, now: BlockNumber) -> Option<(Phase, BlockNumber)> {
        (self.round == round).then(|| self.phase(now)).flatten()
    }

    /// The price at which the batch can be taken in block `now`.
    pub fn rising_price(&self, now: BlockNumber) -> Option<Balance> {
        match self.phase(now)? {
            (Phase::Rising { price }, _) => Some(price),
            _ => None,
        }
    }

    /// The last block of the first phase: of the rising price, or of committing.
    pub fn first_phase_until(&self) -> BlockNumber {
        match self.sale {
            Sale::Dutch { blocks, .. } => self.opened_at.saturating_add(blocks),
            Sale::Sealed { commit, .. } => self.opened_at.saturating_add(commit),
        }
    }

    /// The last block of the last phase: of the rising price, or of revealing.
    pub fn last_phase_until(&self) -> BlockNumber {
        match self.sale {
            Sale::Dutch { .. } => self.first_phase_until(),
            Sale::Sealed { reveal, .. } => self.first_phase_until().saturating_add(reveal),
        }
    }

    /// The number of the first round of an auction after so many solvers failed the batch: no number is used twice for a batch,
    /// so that nobody can use again what was signed for an earlier auction.
    pub fn first_round(failed: usize) -> u8 {
        u8::try_from(failed).unwrap_or(u8::MAX).saturating_mul(MAX_ROUNDS)
    }

    /// The next round, begun now at higher prices; none where no round is left, or too little time.
    pub fn next_round(self, share_ppm: u32, now: BlockNumber) -> Option<Self> {
        let rounds_left = self.rounds_left.checked_sub(1)?;
        let sale = self.sale.bumped(share_ppm, self.max_reward);
        let next = Self {
            sale,
            round: self.round.saturating_add(1),
            rounds_left,
            opened_at: now,
            ..self
        };
        next.has_time().then(|| next.scheduled())
    }

    /// Whether a winner found in its last block could still answer.
    pub fn has_time(&self) -> bool {
        self.opened_at.saturating_add(self.sale.blocks()) <= self.award_by
    }

    /// Due at the end of its first phase.
    #[must_use]
    pub fn scheduled(self) -> Self {
        Self {
            due: self.first_phase_until(),
            ..self
        }
    }
}

/// A bid in a sealed auction.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Bid {
    /// Who bids.
    pub solver: AccountId,
    /// What it committed to.
    pub commitment: Digest,
    /// Its reputation when it did, in parts per million: nothing that happens later moves the comparison.
    pub score_ppm: u32,
    /// The price of each task, once revealed.
    pub revealed: Option<Balance>,
}

/// The bid that gives way when there is no room for one of better reputation: the latest of those with the least.
pub fn weakest(bids: &[Bid]) -> Option<usize> {
    let by_score = |(index, bid): &(usize, &Bid)| (bid.score_ppm, core::cmp::Reverse(*index));
    bids.iter()
        .enumerate()
        .min_by_key(by_score)
        .map(|(index, _)| index)
}
