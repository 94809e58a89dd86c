//! What the pallet stores about a solver, a book and a pending slash.

use crate::{pool::Pool, Config};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    traits::{ConstU32, DefensiveSaturating, Get},
    BoundedVec, CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound,
};
use market_math::{
    delegation::{counted, slash_parts, SlashParts},
    reputation::Reputation,
};
use pensum_primitives::{
    operator::OperatorId,
    solver::{Fault, Offer},
    AccountId, AssetId, Balance, BlockNumber, Digest, ModelId, TaskId,
};
use scale_info::TypeInfo;

/// Length of input by which a book is ordered. One length for all models: the order is then a matter of the offer alone.
/// For an input `n` times longer the price is at most `n` times the price here, so nobody can look cheap in the book and
/// be arbitrarily dear in use.
pub const REFERENCE_LEN: u32 = 256;

/// Most assets that one solver accepts beside PEN. Its delegators' rewards are counted in each of them, and every offer in a book
/// names them all.
pub const MAX_ACCEPTED: u32 = 4;

/// The assets that a solver accepts beside PEN.
pub type Accepts = BoundedVec<AssetId, ConstU32<MAX_ACCEPTED>>;

/// Whether this is among what a solver takes. Every solver takes PEN, which is none.
pub fn accepted(accepts: &Accepts, asset: Option<AssetId>) -> bool {
    asset.is_none_or(|asset| accepts.contains(&asset))
}

/// Stake on its way out, or shares of a pool.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Chunk {
    /// How much.
    pub amount: Balance,
    /// The block from which it can be withdrawn.
    pub withdrawable_from: BlockNumber,
}

/// Puts more at the end of a queue; `false`, and nothing changes, where that is full.
#[must_use]
pub(crate) fn enqueue<S: Get<u32>>(
    queue: &mut BoundedVec<Chunk, S>,
    amount: Balance,
    withdrawable_from: BlockNumber,
) -> bool {
    match queue.last_mut() {
        Some(last) if last.withdrawable_from == withdrawable_from => {
            last.amount = last.amount.saturating_add(amount);
            true
        }
        _ => queue
            .try_push(Chunk {
                amount,
                withdrawable_from,
            })
            .is_ok(),
    }
}

/// Faults that are not yet forgotten.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Faults {
    /// How many there were at the last one.
    pub count: u32,
    /// When the last one happened.
    pub last: BlockNumber,
}

impl Faults {
    /// How many still count: one is forgotten for every full `period` without a new one.
    pub fn recent(&self, now: BlockNumber, period: BlockNumber) -> u32 {
        let forgotten = now.saturating_sub(self.last).checked_div(period).unwrap_or(0);
        self.count.saturating_sub(forgotten)
    }

    /// Adds one that happens now.
    #[must_use]
    pub fn with_another(&self, now: BlockNumber, period: BlockNumber) -> Self {
        Self {
            count: self.recent(now, period).saturating_add(1),
            last: now,
        }
    }
}

/// A solver: its stake, its work and its standing.
///
/// `bonded` and `unbonding` together are the amount on hold in its account; the pool holds what others put behind it. `locked` stands
/// behind assignments, seats and bids, `at_risk` is what pending slashes will take: together they never exceed all of that, and nothing
/// of it leaves that they need.
#[derive(
    CloneNoBound,
    PartialEqNoBound,
    EqNoBound,
    DebugNoBound,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
#[scale_info(skip_type_params(T))]
pub struct Solver<T: Config> {
    /// The key that signs its work.
    pub operator: OperatorId,
    /// Stake at work.
    pub bonded: Balance,
    /// Stake that stands behind tasks, seats and bids.
    pub locked: Balance,
    /// Part of all stake that pending slashes will take.
    pub at_risk: Balance,
    /// Stake on its way out, oldest first.
    pub unbonding: BoundedVec<Chunk, T::MaxUnbonding>,
    /// Tasks held now.
    pub in_flight: u32,
    /// What its verdicts tell.
    pub reputation: Reputation,
    /// Its recent faults.
    pub faults: Faults,
    /// While this is set the solver gets no tasks and has no offers; from that block on it may ask to be let out.
    pub jailed_until: Option<BlockNumber>,
    /// The models for which it has an offer in the book.
    pub offers: BoundedVec<ModelId, T::MaxOffersPerSolver>,
    /// The assets that it takes in payment beside PEN. Its offers name them too.
    pub accepts: Accepts,
    /// What others have put behind it; none unless it takes delegations.
    pub pool: Option<Pool>,
}

impl<T: Config> Solver<T> {
    /// A solver that has just joined.
    pub fn new(operator: OperatorId, bonded: Balance) -> Self {
        Self {
            operator,
            bonded,
            locked: 0,
            at_risk: 0,
            unbonding: BoundedVec::new(),
            in_flight: 0,
            reputation: Reputation::new(),
            faults: Faults::default(),
            jailed_until: None,
            offers: BoundedVec::new(),
            accepts: Accepts::new(),
            pool: None,
        }
    }

    /// Stake on its way out.
    pub fn unbonding_total(&self) -> Balance {
        self.unbonding
            .iter()
            .fold(0, |sum, chunk| sum.saturating_add(chunk.amount))
    }

    /// Its own stake, at work or on its way out: everything on hold in its account.
    pub fn total(&self) -> Balance {
        self.bonded.saturating_add(self.unbonding_total())
    }

    /// Everything on hold in its pool.
    pub fn delegated(&self) -> Balance {
        self.pool.map_or(0, |pool| pool.value)
    }

    /// Delegated stake that counts beside so much of its own.
    fn counted_beside(&self, bonded: Balance) -> Balance {
        let staked = self.pool.map_or(0, |pool| pool.staked());
        counted(staked, bonded, T::MaxDelegationFactor::get())
    }

    /// Delegated stake that counts: at most `MaxDelegationFactor` times its own at work.
    pub fn counted(&self) -> Balance {
        self.counted_beside(self.bonded)
    }

    /// Stake at work, its own and what counts of the delegated.
    pub fn backing(&self) -> Balance {
        self.bonded.saturating_add(self.counted())
    }

    /// What stands against its stake.
    fn claimed(&self) -> Balance {
        self.locked.saturating_add(self.at_risk)
    }

    /// Stake that can back new work.
    pub fn free(&self) -> Balance {
        self.backing().saturating_sub(self.claimed())
    }

    /// Everything on hold for it, on its way out or not, delegated or not, that nothing stands against.
    pub fn unencumbered(&self) -> Balance {
        self.total()
            .saturating_add(self.delegated())
            .saturating_sub(self.claimed())
    }

    /// Whether what is left at work would still cover all claims if so much of its own were not.
    pub fn can_spare(&self, amount: Balance) -> bool {
        self.bonded
            .checked_sub(amount)
            .is_some_and(|rest| rest.saturating_add(self.counted_beside(rest)) >= self.claimed())
    }

    /// Whether the solver sits out.
    pub fn is_jailed(&self) -> bool {
        self.jailed_until.is_some()
    }

    /// Whether nothing is left of it: no stake, no task, nobody who delegated.
    pub fn is_spent(&self) -> bool {
        self.total() == 0 && self.in_flight == 0 && self.pool.is_none_or(|pool| pool.delegators == 0)
    }

    /// Puts free stake behind so many tasks. The caller has checked that it is free.
    pub fn lock(&mut self, tasks: u32, bond: Balance) {
        self.locked.defensive_saturating_accrue(bond);
        self.in_flight.defensive_saturating_accrue(tasks);
    }

    /// Takes stake from behind so many tasks.
    pub fn unlock(&mut self, tasks: u32, bond: Balance) {
        self.locked.defensive_saturating_reduce(bond);
        self.in_flight.defensive_saturating_reduce(tasks);
    }

    /// Moves bonded stake to its way out; `false`, and nothing changes, where the queue is full.
    #[must_use]
    pub fn start_unbonding(&mut self, amount: Balance, withdrawable_from: BlockNumber) -> bool {
        let joined = enqueue(&mut self.unbonding, amount, withdrawable_from);
        if joined {
            self.bonded.defensive_saturating_reduce(amount);
        }
        joined
    }

    /// Takes out what has waited long enough, but leaves what pending slashes will take.
    pub fn take_matured(&mut self, now: BlockNumber) -> Balance {
        let mut allowed = self.unencumbered();
        let mut taken: Balance = 0;
        for chunk in self
            .unbonding
            .iter_mut()
            .filter(|chunk| chunk.withdrawable_from <= now)
        {
            let part = chunk.amount.min(allowed);
            chunk.amount = chunk.amount.saturating_sub(part);
            allowed = allowed.saturating_sub(part);
            taken = taken.saturating_add(part);
        }
        self.unbonding.retain(|chunk| chunk.amount > 0);
        taken
    }

    /// Takes a slash out of all stake, in proportion its own and the delegated, at work or on its way out. Of its own it takes first
    /// what is bonded and not locked, then what is on its way out, oldest first, then the rest.
    pub fn take_slash(&mut self, amount: Balance) -> SlashParts {
        self.at_risk.defensive_saturating_reduce(amount);
        let parts = slash_parts(
            amount,
            self.total(),
            self.delegated(),
            T::MaxDelegationFactor::get(),
        );
        if let Some(pool) = &mut self.pool {
            pool.value.defensive_saturating_reduce(parts.delegated);
        }
        let from_bonded = parts.own.min(self.bonded.saturating_sub(self.locked));
        self.bonded = self.bonded.saturating_sub(from_bonded);
        let mut rest = parts.own.saturating_sub(from_bonded);
        for chunk in self.unbonding.iter_mut() {
            let part = chunk.amount.min(rest);
            chunk.amount = chunk.amount.saturating_sub(part);
            rest = rest.saturating_sub(part);
        }
        self.unbonding.retain(|chunk| chunk.amount > 0);
        self.bonded = self.bonded.saturating_sub(rest);
        parts
    }
}

/// One line of a model's book.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct BookEntry {
    /// Who offers.
    pub solver: AccountId,
    /// At what price.
    pub offer: Offer,
    /// The assets that the solver accepts: beside its offer, so that matching reads no solver that would not be paid in them.
    pub accepts: Accepts,
}

impl BookEntry {
    /// The price in PEN by which the book is ordered, where 10⁻¹² of a stable unit is worth that fraction of it. What has no price now
    /// stands last.
    pub fn listed(&self, stable: Option<(Balance, Balance)>) -> Balance {
        self.offer
            .in_native(stable)
            .map_or(Balance::MAX, |offer| offer.price(REFERENCE_LEN))
    }
}

/// A slash that waits for its block.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct PendingSlash {
    /// Whose stake it takes.
    pub solver: AccountId,
    /// How much.
    pub amount: Balance,
    /// For what.
    pub fault: Fault,
    /// The task on which it happened.
    pub task: TaskId,
    /// Who was harmed and is paid first.
    pub harmed: AccountId,
    /// Who repaired the damage, once known.
    pub rescuer: Option<AccountId>,
    /// Digest of the evidence.
    pub evidence: Digest,
    /// The block in which it is applied, unless cancelled before.
    pub apply_at: BlockNumber,
}
