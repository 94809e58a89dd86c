//! What assets are worth: to the market, and to whoever asks.

use crate::{Config, Error, Listings, Pallet, Stable};
use alloc::vec::Vec;
use frame_support::traits::fungibles::metadata::Inspect as Metadata;
use market_math::rate;
use pensum_primitives::{asset::ListedAsset, solver::StringAmount, traits::Rates, AssetId, Balance};
use sp_runtime::DispatchError;

impl<T: Config> Rates for Pallet<T> {
    fn worth(asset: AssetId, amount: Balance) -> Result<Balance, DispatchError> {
        let listing = Self::listing(asset).ok_or(Error::<T>::NotListed)?;
        let rate = listing.usable::<T>(Self::now())?;
        let worth = listing
            .whole()
            .and_then(|whole| rate::worth_rounded_down(amount, rate, whole));
        Ok(worth.ok_or(Error::<T>::AmountTooLarge)?)
    }

    fn stable() -> Option<(Balance, Balance)> {
        let rate = Self::listing(Stable::<T>::get()?)?.usable::<T>(Self::now());
        rate.ok().map(rate::of_stable_unit)
    }
}

impl<T: Config> Pallet<T> {
    /// The listed assets, in order of their ids.
    pub fn listed() -> Vec<ListedAsset> {
        let (now, stable) = (Self::now(), Stable::<T>::get());
        let listings = Listings::<T>::get().into_iter();
        listings
            .map(|listing| {
                let rate = listing.usable::<T>(now).ok();
                ListedAsset {
                    asset: listing.asset,
                    symbol: T::Assets::symbol(listing.asset),
                    decimals: listing.decimals,
                    worth: rate.map(|rate| StringAmount(rate::of_whole_rounded_down(rate))),
                    sampled_at: listing.looked_at,
                    stable: stable == Some(listing.asset),
                }
            })
            .collect()
    }
}
