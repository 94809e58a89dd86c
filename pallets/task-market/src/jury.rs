//! Juries: what is stored of an appeal, and its arithmetic.

use crate::{
    limits::{JURY_ROUNDS, MAX_APPEALS},
    Config,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use pensum_primitives::{Balance, Digest};
use scale_info::TypeInfo;
use sp_runtime::traits::Get;

/// A side of an appeal.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Side {
    /// Who asked.
    Requester,
    /// Who answered.
    Solver,
}

/// What an appellant put at stake in one round.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Bond {
    /// Who appealed.
    pub by: Side,
    /// What the jurors have left of it.
    pub left: Balance,
}

/// The appeal against the answer to a batch of one.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Appeal {
    /// The bonds, round by round.
    pub bonds: BoundedVec<Bond, ConstU32<MAX_APPEALS>>,
    /// Whether the answer stands, as decided last; before any verdict it does.
    pub stands: bool,
    /// The evidence of the last verdict.
    pub evidence: Option<Digest>,
    /// Whether a jury sits now.
    pub sits: bool,
}

impl Default for Appeal {
    fn default() -> Self {
        Self {
            bonds: BoundedVec::new(),
            stands: true,
            evidence: None,
            sits: false,
        }
    }
}

impl Appeal {
    /// Who won so far.
    pub fn winner(&self) -> Side {
        match self.stands {
            true => Side::Solver,
            false => Side::Requester,
        }
    }

    /// Who can appeal.
    pub fn loser(&self) -> Side {
        match self.stands {
            true => Side::Requester,
            false => Side::Solver,
        }
    }

    /// Whether any jury has decided.
    pub fn is_decided(&self) -> bool {
        self.evidence.is_some()
    }

    /// Rounds begun.
    pub fn rounds(&self) -> u32 {
        self.bonds.len() as u32
    }

    /// Whether no round is left.
    pub fn is_final(&self) -> bool {
        self.rounds() >= MAX_APPEALS
    }
}

/// Jurors of a round; the first is 0. Each jury is twice as large as the one before.
pub fn size<T: Config>(round: u32) -> u8 {
    doubled(T::JurySize::get().into(), round)
        .try_into()
        .unwrap_or(u8::MAX)
}

/// How many jurors decide: more than half, so that an even jury can be undecided.
pub fn threshold(size: u8) -> u8 {
    (size / 2).saturating_add(1)
}

/// Jurors of the last round of a jury of this size, which costs the most.
pub fn most_jurors(size: u8) -> u32 {
    doubled(size.into(), u32::from(JURY_ROUNDS).saturating_sub(1))
        .try_into()
        .unwrap_or(u32::MAX)
}

/// Bond of a round. Each bond is twice as high as the one before, so that a juror of any round can cost the same.
pub fn bond<T: Config>(max_reward: Balance, round: u32) -> Balance {
    doubled(
        max_reward.saturating_mul(T::AppealBondFactor::get().into()),
        round,
    )
}

fn doubled(first: Balance, times: u32) -> Balance {
    (0..times).fold(first, |amount, _| amount.saturating_mul(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_half_decide() {
        assert_eq!([3, 6, 12].map(threshold), [2, 4, 7]);
    }

    #[test]
    fn the_side_that_lost_last_can_appeal() {
        let mut appeal = Appeal::default();
        assert_eq!((appeal.winner(), appeal.loser()), (Side::Solver, Side::Requester));
        appeal.stands = false;
        assert_eq!((appeal.winner(), appeal.loser()), (Side::Requester, Side::Solver));
    }
}
