//! What is true after every call and every block.

use crate::{Config, Listings, Pallet, Stable};
use frame_support::ensure;
use market_math::rate::PRECISION;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// 1. Listed assets stand in order of their ids, each once, with decimals that can be counted with.
    /// 2. Nothing was looked at or sampled in the future, nothing was sampled after it was looked at, and no rate has so few digits that
    ///    it could stick.
    /// 3. The stable asset is listed.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let (now, listings) = (Self::now(), Listings::<T>::get());
        ensure!(
            listings.is_sorted_by(|a, b| a.asset < b.asset),
            "an asset is listed twice or out of order"
        );
        for listing in &listings {
            ensure!(listing.whole().is_some(), "an asset has too many decimals");
            ensure!(listing.looked_at <= now, "a pool was looked at in the future");
            if let Some(rate) = &listing.rate {
                ensure!(
                    rate.sampled_at <= listing.looked_at,
                    "a price was seen without a look"
                );
                ensure!(
                    rate.average >= PRECISION && rate.spot >= PRECISION,
                    "a rate has too few digits"
                );
            }
        }
        if let Some(stable) = Stable::<T>::get() {
            ensure!(Self::listing(stable).is_some(), "the stable asset is not listed");
        }
        Ok(())
    }
}
