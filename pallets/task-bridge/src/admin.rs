//! What governance decides: whose intents are taken, where money and roots go.

use crate::{
    types::Policy, types::Route, Config, Error, Event, Pallet, Policies, Registries, Routes, Senders,
};
use frame_support::{ensure, traits::fungibles::Inspect};
use pensum_primitives::{
    bridge::{Address, Domain},
    AssetId,
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_policy(domain: Domain, policy: Policy) {
        if policy == Policy::default() {
            Policies::<T>::remove(domain);
        } else {
            Policies::<T>::insert(domain, policy);
        }
        Self::deposit_event(Event::PolicySet { domain, policy });
    }

    pub(crate) fn do_set_sender(domain: Domain, sender: Address, allowed: bool) {
        if allowed {
            Senders::<T>::insert(domain, sender, ());
        } else {
            Senders::<T>::remove(domain, sender);
        }
        Self::deposit_event(Event::SenderSet {
            domain,
            sender,
            allowed,
        });
    }

    /// Gives an asset a warp route, or takes it away. What came by a route can always go back to where its collateral lies, so neither
    /// another router nor none takes the place of one that still owes.
    pub(crate) fn do_set_route(asset: AssetId, domain: Domain, router: Option<Address>) -> DispatchResult {
        let outstanding = Routes::<T>::get(asset, domain).map_or(0, |route| route.outstanding);
        ensure!(outstanding == 0, Error::<T>::RouteOwes);
        match router {
            Some(router) => {
                ensure!(T::Currencies::asset_exists(Some(asset)), Error::<T>::UnknownAsset);
                Routes::<T>::insert(asset, domain, Route { router, outstanding });
            }
            None => Routes::<T>::remove(asset, domain),
        }
        Self::deposit_event(Event::RouteSet {
            asset,
            domain,
            router,
        });
        Ok(())
    }

    pub(crate) fn do_set_registry(domain: Domain, registry: Option<Address>) {
        Registries::<T>::set(domain, registry);
        Self::deposit_event(Event::RegistrySet { domain, registry });
    }

    /// Whether a sender's intents are taken.
    pub(crate) fn takes_intents_of(domain: Domain, sender: Address) -> bool {
        match Policies::<T>::get(domain) {
            Policy::Closed => false,
            Policy::Listed => Senders::<T>::contains_key(domain, sender),
            Policy::Open => true,
        }
    }

    /// Whether the asset has a warp route. One that has must not be destroyed: whoever created another under its id could send that
    /// away for the collateral.
    pub fn has_route(asset: AssetId) -> bool {
        Routes::<T>::iter_prefix(asset).next().is_some()
    }
}
