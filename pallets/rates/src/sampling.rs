//! How rates follow the pools: one listed asset a block, each in its turn.

use crate::{types::Rate, Config, Event, Listings, Pallet, Pools, WeightInfo};
use frame_support::weights::Weight;
use market_math::rate;
use pensum_primitives::{AssetId, Balance, BlockNumber};
use sp_runtime::traits::Get;

impl<T: Config> Pallet<T> {
    /// Looks at the pool of the asset that was not looked at for longest. Before the first transaction of a block, so that a pool is
    /// seen as the block before has left it.
    pub(crate) fn sample_next(now: BlockNumber) -> Weight {
        let next = Listings::<T>::get()
            .iter()
            .min_by_key(|listing| (listing.looked_at, listing.asset))
            .map(|listing| listing.asset);
        match next {
            Some(asset) => {
                Self::look_at(asset, |rate, spot| match rate {
                    Some(rate) => rate.after::<T>(spot, now),
                    None => Rate::start::<T>(spot, now),
                });
                T::WeightInfo::sample()
            }
            None => T::WeightInfo::nothing_listed(),
        }
    }

    /// Takes the pool's price for a rate that has settled.
    pub(crate) fn trust_pool(asset: AssetId) {
        let now = Self::now();
        Self::look_at(asset, |_, spot| Rate {
            average: spot,
            spot,
            sampled_at: now,
            settles_at: now,
        });
    }

    fn look_at(asset: AssetId, follow: impl FnOnce(Option<&Rate>, Balance) -> Rate) {
        let reserves = T::Pools::reserves(asset);
        Listings::<T>::mutate(|listings| {
            let Some(listing) = listings.iter_mut().find(|listing| listing.asset == asset) else {
                return;
            };
            listing.looked_at = Self::now();
            let deep = reserves.filter(|(native, _)| *native >= T::MinLiquidity::get());
            let spot = deep
                .zip(listing.whole())
                .and_then(|((native, reserve), whole)| rate::spot_rounded_down(native, reserve, whole));
            let Some(spot) = spot else {
                return;
            };
            let rate = follow(listing.rate.as_ref(), spot);
            let settles_at = rate.settles_at;
            let before = listing.rate.replace(rate);
            if before.map(|rate| rate.settles_at) != Some(settles_at) {
                Self::deposit_event(Event::RateStarted {
                    asset,
                    rate: spot,
                    settles_at,
                });
            }
        });
    }
}
