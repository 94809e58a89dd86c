//! What the pallet stores about stake that others put behind a solver.

use crate::{
    ledger::{Earned, Ledger, Rewards, MAX_CURRENCIES},
    types::{enqueue, Chunk},
    Config,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    traits::{ConstU32, DefensiveSaturating},
    BoundedVec, CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound, PartialEqNoBound,
};
use market_math::delegation;
use pensum_primitives::{Balance, BlockNumber};
use scale_info::TypeInfo;

/// What a solver keeps of its delegators' rewards.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Commission {
    /// In parts per million.
    pub ppm: u32,
    /// The higher one that was announced, and the block from which it holds.
    pub raise: Option<(u32, BlockNumber)>,
}

impl Commission {
    /// One that holds at once.
    pub const fn new(ppm: u32) -> Self {
        Self { ppm, raise: None }
    }

    /// The one that holds now.
    pub fn at(&self, now: BlockNumber) -> u32 {
        match self.raise {
            Some((raised, from)) if from <= now => raised,
            _ => self.ppm,
        }
    }

    /// The raise that does not hold yet.
    pub fn announced(&self, now: BlockNumber) -> Option<(u32, BlockNumber)> {
        self.raise.filter(|(_, from)| now < *from)
    }

    /// After the solver set another, and the block from which that holds: a raise waits, anything else holds at once.
    pub fn set(&self, ppm: u32, now: BlockNumber, notice: BlockNumber) -> (Self, BlockNumber) {
        let held = self.at(now);
        if ppm <= held {
            return (Self::new(ppm), now);
        }
        let from = now.saturating_add(notice);
        let raised = Self {
            ppm: held,
            raise: Some((ppm, from)),
        };
        (raised, from)
    }
}

/// The stake behind a solver that is not its own. Lies on hold in an account of its own, in the name of nobody: who owns which
/// part of it the shares say.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Pool {
    /// Everything on hold in the pool's account.
    pub value: Balance,
    /// Shares in it, those on their way out included: all are worth the same, and a slash reaches all.
    pub shares: u128,
    /// Shares on their way out. They back no new work and earn nothing.
    pub leaving: u128,
    /// How many accounts have shares or unclaimed rewards.
    pub delegators: u32,
    /// What the solver keeps of the others' rewards.
    pub commission: Commission,
}

impl Pool {
    /// A pool that has just been opened.
    pub const fn new(commission: u32) -> Self {
        Self {
            value: 0,
            shares: 0,
            leaving: 0,
            delegators: 0,
            commission: Commission::new(commission),
        }
    }

    /// Shares at work.
    pub fn active(&self) -> u128 {
        self.shares.saturating_sub(self.leaving)
    }

    /// What so many of its shares are worth.
    pub fn worth(&self, shares: u128) -> Balance {
        delegation::worth(shares, self.value, self.shares)
    }

    /// The fewest shares that are worth so much.
    pub fn shares_worth(&self, amount: Balance) -> u128 {
        delegation::shares_worth(amount, self.value, self.shares)
    }

    /// What the shares at work are worth.
    pub fn staked(&self) -> Balance {
        self.worth(self.active())
    }

    /// Takes stake in; the shares for it. `None`, and nothing changes, where the shares there are are worth nothing, or next to it.
    #[must_use]
    pub fn take_in(&mut self, amount: Balance) -> Option<u128> {
        let issued = delegation::shares_for(amount, self.value, self.shares).filter(|issued| *issued > 0)?;
        let shares = self.shares.checked_add(issued)?;
        self.value = self.value.checked_add(amount)?;
        self.shares = shares;
        Some(issued)
    }

    /// Lets shares out that were on their way; what they were worth.
    pub fn let_out(&mut self, shares: u128) -> Balance {
        let amount = self.worth(shares);
        self.value.defensive_saturating_reduce(amount);
        self.shares.defensive_saturating_reduce(shares);
        self.leaving.defensive_saturating_reduce(shares);
        amount
    }
}

/// What one account has behind one solver.
#[derive(
    CloneNoBound,
    PartialEqNoBound,
    EqNoBound,
    DebugNoBound,
    DefaultNoBound,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
#[scale_info(skip_type_params(T))]
pub struct Delegation<T: Config> {
    /// Shares at work.
    pub shares: u128,
    /// Shares on their way out, oldest first.
    pub leaving: BoundedVec<Chunk, T::MaxUnbonding>,
    /// What they have earned, in each of the pool's currencies. One that is missing counts from the beginning.
    pub earned: BoundedVec<Earned, ConstU32<MAX_CURRENCIES>>,
}

impl<T: Config> Delegation<T> {
    /// Shares on their way out.
    pub fn leaving_total(&self) -> u128 {
        self.leaving
            .iter()
            .fold(0, |sum, chunk| sum.saturating_add(chunk.amount))
    }

    /// All its shares.
    pub fn total(&self) -> u128 {
        self.shares.saturating_add(self.leaving_total())
    }

    /// Counts what its shares have earned up to now. What it earned in a currency that the pool has given up is nothing.
    pub fn earn(&mut self, ledger: &mut Ledger) {
        let shares = self.shares;
        let earned = ledger.rewards.iter_mut().map(|rewards| {
            let before = self.earned.iter().find(|earned| earned.number == rewards.number);
            rewards.count(shares, before)
        });
        // There are no more of them than the pool has currencies.
        let counted: Vec<Earned> = earned.filter(|earned| !earned.is_new()).collect();
        self.earned = BoundedVec::truncate_from(counted);
    }

    /// Rewards in one of the pool's currencies that can be claimed.
    pub fn unclaimed(&self, rewards: &Rewards) -> Balance {
        self.earned
            .iter()
            .find(|earned| earned.number == rewards.number)
            .map_or(0, |earned| earned.unclaimed)
    }

    /// Takes out the rewards in one currency, which are paid now.
    pub fn take_unclaimed(&mut self, rewards: &mut Rewards) -> Balance {
        let taken = self
            .earned
            .iter_mut()
            .find(|earned| earned.number == rewards.number)
            .map_or(0, |earned| core::mem::take(&mut earned.unclaimed));
        rewards.owed = rewards.owed.paid(taken);
        taken
    }

    /// Sends shares on their way out; `false`, and nothing changes, where the queue is full.
    #[must_use]
    pub fn start_leaving(&mut self, pool: &mut Pool, shares: u128, withdrawable_from: BlockNumber) -> bool {
        let joined = enqueue(&mut self.leaving, shares, withdrawable_from);
        if joined {
            self.shares.defensive_saturating_reduce(shares);
            pool.leaving.defensive_saturating_accrue(shares);
        }
        joined
    }

    /// Takes out the shares that have waited long enough.
    pub fn take_matured(&mut self, now: BlockNumber) -> u128 {
        let before = self.leaving_total();
        self.leaving.retain(|chunk| chunk.withdrawable_from > now);
        before.saturating_sub(self.leaving_total())
    }

    /// Takes out all shares at once, from work too. Only for shares that are worth nothing.
    pub fn take_all(&mut self, pool: &mut Pool) -> u128 {
        let all = self.total();
        pool.leaving.defensive_saturating_accrue(self.shares);
        self.shares = 0;
        self.leaving = BoundedVec::new();
        all
    }

    /// Whether it has shares, at work or on their way out.
    pub fn has_shares(&self) -> bool {
        self.shares > 0 || !self.leaving.is_empty()
    }

    /// Whether nothing is left of it, neither shares nor rewards.
    pub fn is_over(&self) -> bool {
        !self.has_shares() && self.earned.iter().all(|earned| earned.unclaimed == 0)
    }
}
