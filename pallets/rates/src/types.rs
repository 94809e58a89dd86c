//! What is stored of a listed asset, and how its rate follows its pool.

use crate::{Config, Error};
use codec::{Decode, Encode, MaxEncodedLen};
use market_math::rate::{self, Pace};
use pensum_primitives::{asset::MAX_LISTED, AssetId, Balance, BlockNumber};
use scale_info::TypeInfo;
use sp_runtime::traits::Get;

/// The pools in which assets are traded for the native token.
pub trait Pools {
    /// The reserves of an asset's pool, native and asset; none where there is no pool or it cannot trade.
    fn reserves(asset: AssetId) -> Option<(Balance, Balance)>;
}

/// A listed asset.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Listing {
    /// The asset.
    pub asset: AssetId,
    /// Decimals of its whole unit when it was listed. What its metadata says later does not change what was agreed.
    pub decimals: u8,
    /// The block in which its pool was last looked at, or in which it was listed.
    pub looked_at: BlockNumber,
    /// What it is worth; none before its pool has had a price.
    pub rate: Option<Rate>,
}

impl Listing {
    /// Smallest units of a whole unit.
    pub fn whole(&self) -> Option<Balance> {
        rate::whole(self.decimals)
    }

    /// The rate, if it can be used.
    pub fn usable<T: Config>(&self, now: BlockNumber) -> Result<Balance, Error<T>> {
        let rate = self.rate.as_ref().ok_or(Error::NoRate)?;
        if rate.is_too_old::<T>(now) {
            Err(Error::RateTooOld)
        } else if now < rate.settles_at {
            Err(Error::RateNotSettled)
        } else if !rate.is_near::<T>(rate.spot) {
            Err(Error::PriceMoves)
        } else {
            Ok(rate.average)
        }
    }
}

/// What a whole unit is worth, in 10⁻¹² of the native token's smallest unit.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Rate {
    /// The average that follows the pool's price: what is used.
    pub average: Balance,
    /// The price that was last seen in the pool.
    pub spot: Balance,
    /// The block in which it was seen.
    pub sampled_at: BlockNumber,
    /// The block from which the average is used.
    pub settles_at: BlockNumber,
}

impl Rate {
    /// A rate that starts at this price and is not used before it has settled.
    pub fn start<T: Config>(spot: Balance, now: BlockNumber) -> Self {
        Self {
            average: spot,
            spot,
            sampled_at: now,
            settles_at: now.saturating_add(T::SettlingPeriod::get()),
        }
    }

    /// The rate after its pool has shown a price: it follows, or starts again where it was without a price for too long or has not
    /// settled near its start.
    pub fn after<T: Config>(&self, spot: Balance, now: BlockNumber) -> Self {
        let unsettled = now < self.settles_at && !self.is_near::<T>(spot);
        if unsettled || self.is_too_old::<T>(now) {
            return Self::start::<T>(spot, now);
        }
        // However long the pool was without a price, one sample speaks for no more blocks than lie between two turns.
        let blocks = now.saturating_sub(self.sampled_at).min(MAX_LISTED);
        let pace = Pace {
            window: T::Window::get(),
            max_change_ppm: T::MaxChange::get(),
        };
        Self {
            average: rate::moved(self.average, spot, blocks, pace),
            spot,
            sampled_at: now,
            settles_at: self.settles_at,
        }
    }

    fn is_too_old<T: Config>(&self, now: BlockNumber) -> bool {
        now.saturating_sub(self.sampled_at) > T::MaxAge::get()
    }

    fn is_near<T: Config>(&self, spot: Balance) -> bool {
        rate::is_near(self.average, spot, T::Tolerance::get())
    }
}
