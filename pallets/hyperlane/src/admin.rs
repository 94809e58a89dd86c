//! What governance decides beside security modules.

use crate::{
    types::{DestinationKind, Direction, GasOracle},
    Config, Destinations, Error, Event, GasOracles, Pallet, Paused,
};
use frame_support::ensure;
use hyperlane_primitives::Domain;
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_gas_oracle(domain: Domain, oracle: Option<GasOracle>) {
        GasOracles::<T>::set(domain, oracle);
        Self::deposit_event(Event::GasOracleSet { domain, oracle });
    }

    pub(crate) fn do_set_destination(domain: Domain, kind: Option<DestinationKind>) -> DispatchResult {
        ensure!(domain != Self::local(), Error::<T>::OwnDomain);
        Destinations::<T>::set(domain, kind);
        Self::deposit_event(Event::DestinationSet { domain, kind });
        Ok(())
    }

    pub(crate) fn do_pause(direction: Direction, paused: bool) {
        Paused::<T>::set(direction, paused.then_some(()));
        Self::deposit_event(Event::PauseSet { direction, paused });
    }
}
