//! What a pool earns for its delegators, in PEN and in every asset that its solver accepts.

use crate::{pool::Pool, types::MAX_ACCEPTED};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use market_math::delegation::{self, Owed};
use pensum_primitives::{AssetId, Balance};
use scale_info::TypeInfo;

/// Most assets beside PEN in which one pool has rewards: those that its solver accepts, and as many that it has refused and whose
/// rewards are not all claimed. Each is looked at whenever shares change.
pub const MAX_REWARD_ASSETS: u32 = 2 * MAX_ACCEPTED;

/// Most currencies in which one pool has rewards.
pub const MAX_CURRENCIES: u32 = MAX_REWARD_ASSETS + 1;

/// What a pool has earned in one currency. The money is what its account has of that above the deposit.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Rewards {
    /// The currency; none is PEN.
    pub asset: Option<AssetId>,
    /// How many currencies the pool had before: one that it gave up and took up again starts anew, under another number.
    pub number: u32,
    /// What its account keeps of the currency, so that the smallest reward can arrive. The solver's.
    pub deposit: Balance,
    /// What one share at work has earned since then, in the fixed point of `market_math::delegation`.
    pub per_share: u128,
    /// Part of the money that was shared out by that and not yet claimed. The rest has just arrived, or is dust that waits.
    pub owed: Owed,
}

impl Rewards {
    /// Shares out what has arrived, `balance` being what the account has. It waits where it is less than a unit for each delegator:
    /// that little is mostly what rounding took from them, and who has claimed everything would be owed a fraction of it for ever. It
    /// waits too without shares at work, and where it would not fit.
    pub fn share_out(&mut self, balance: Balance, pool: &Pool) {
        let arrived = balance
            .saturating_sub(self.deposit)
            .saturating_sub(self.owed.rounded_up());
        if arrived < pool.delegators.into() {
            return;
        }
        let active = pool.active();
        let shared_out = delegation::reward_per_share(arrived, active)
            .and_then(|step| Some((self.per_share.checked_add(step)?, self.owed.risen(active, step)?)));
        if let Some((per_share, owed)) = shared_out {
            self.per_share = per_share;
            self.owed = owed;
        }
    }

    /// What a holder of so many shares has earned, of which `before` was counted already.
    pub fn count(&mut self, shares: u128, before: Option<&Earned>) -> Earned {
        let (counted_to, unclaimed) = before.map_or((0, 0), |earned| (earned.counted_to, earned.unclaimed));
        let risen = self.per_share.saturating_sub(counted_to);
        self.owed = self.owed.counted(shares, risen);
        Earned {
            number: self.number,
            counted_to: self.per_share,
            unclaimed: unclaimed.saturating_add(delegation::earned(shares, risen)),
        }
    }
}

/// What one delegation has earned in one currency.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Earned {
    /// The number of the currency among those of the pool.
    pub number: u32,
    /// The reward per share up to which `unclaimed` counts.
    pub counted_to: u128,
    /// What was earned and not yet claimed.
    pub unclaimed: Balance,
}

impl Earned {
    /// Whether it says no more than that nothing was ever earned.
    pub fn is_new(&self) -> bool {
        self.counted_to == 0 && self.unclaimed == 0
    }
}

/// The rewards of one pool, PEN first.
#[derive(
    Clone, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Ledger {
    /// How many currencies it ever had.
    pub opened: u32,
    /// Those that it has.
    pub rewards: BoundedVec<Rewards, ConstU32<MAX_CURRENCIES>>,
}

impl Ledger {
    /// The rewards in a currency.
    pub fn of(&mut self, asset: Option<AssetId>) -> Option<&mut Rewards> {
        self.rewards.iter_mut().find(|rewards| rewards.asset == asset)
    }

    /// Whether there can be rewards in a currency.
    pub fn has(&self, asset: Option<AssetId>) -> bool {
        self.rewards.iter().any(|rewards| rewards.asset == asset)
    }

    /// The currencies that it has.
    pub fn currencies(&self) -> Vec<Option<AssetId>> {
        self.rewards.iter().map(|rewards| rewards.asset).collect()
    }

    /// How many assets it has beside PEN.
    pub fn assets(&self) -> u32 {
        self.rewards
            .iter()
            .filter(|rewards| rewards.asset.is_some())
            .count() as u32
    }

    /// Takes up a currency; `false`, and nothing changes, where it has too many.
    #[must_use]
    pub fn open(&mut self, asset: Option<AssetId>, deposit: Balance) -> bool {
        let opened = self
            .rewards
            .try_push(Rewards {
                asset,
                number: self.opened,
                deposit,
                per_share: 0,
                owed: Owed::default(),
            })
            .is_ok();
        if opened {
            self.opened = self.opened.saturating_add(1);
        }
        opened
    }

    /// Gives up a currency.
    pub fn close(&mut self, asset: Option<AssetId>) {
        self.rewards.retain(|rewards| rewards.asset != asset);
    }
}
