//! Which assets are listed, and which is the stable one.

use crate::{types::Listing, Config, Error, Event, Listings, Pallet, Stable, WeightInfo};
use frame_support::{
    dispatch::DispatchClass,
    ensure,
    traits::fungibles::{metadata::Inspect as Metadata, Inspect},
};
use market_math::rate;
use pensum_primitives::{AssetId, BlockNumber};
use sp_runtime::{DispatchResult, SaturatedConversion};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_list(asset: AssetId) -> DispatchResult {
        ensure!(T::Assets::asset_exists(asset), Error::<T>::UnknownAsset);
        ensure!(!T::Assets::symbol(asset).is_empty(), Error::<T>::NoMetadata);
        let decimals = T::Assets::decimals(asset);
        ensure!(rate::whole(decimals).is_some(), Error::<T>::TooManyDecimals);
        Listings::<T>::try_mutate(|listings| {
            let Err(place) = listings.binary_search_by_key(&asset, |listing| listing.asset) else {
                return Err(Error::<T>::AlreadyListed);
            };
            let listing = Listing {
                asset,
                decimals,
                looked_at: Self::now(),
                rate: None,
            };
            listings
                .try_insert(place, listing)
                .map_err(|_| Error::<T>::TooManyListed)
        })?;
        Self::deposit_event(Event::AssetListed { asset, decimals });
        Ok(())
    }

    pub(crate) fn do_delist(asset: AssetId) -> DispatchResult {
        Listings::<T>::try_mutate(|listings| {
            let place = listings.binary_search_by_key(&asset, |listing| listing.asset);
            listings.remove(place.map_err(|_| Error::<T>::NotListed)?);
            Ok::<_, Error<T>>(())
        })?;
        Self::deposit_event(Event::AssetDelisted { asset });
        if Stable::<T>::get() == Some(asset) {
            Stable::<T>::kill();
            Self::deposit_event(Event::StableSet { asset: None });
        }
        Ok(())
    }

    pub(crate) fn do_set_stable(asset: Option<AssetId>) -> DispatchResult {
        if let Some(asset) = asset {
            ensure!(Self::listing(asset).is_some(), Error::<T>::NotListed);
        }
        Stable::<T>::set(asset);
        Self::deposit_event(Event::StableSet { asset });
        Ok(())
    }

    /// To be called when an asset is destroyed: whoever creates another under its id has not been listed.
    pub fn on_destroyed(asset: AssetId) {
        // The call that destroys it does not know of this.
        frame_system::Pallet::<T>::register_extra_weight_unchecked(
            T::WeightInfo::delist(),
            DispatchClass::Normal,
        );
        if Self::listing(asset).is_some() {
            // It is listed, and that is the only way in which this fails.
            let _ = Self::do_delist(asset);
        }
    }

    pub(crate) fn listing(asset: AssetId) -> Option<Listing> {
        Listings::<T>::get()
            .into_iter()
            .find(|listing| listing.asset == asset)
    }

    pub(crate) fn now() -> BlockNumber {
        frame_system::Pallet::<T>::block_number().saturated_into()
    }
}
