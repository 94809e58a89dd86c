//! Where validators' checkpoints can be read.

use crate::{
    crypto::Host,
    types::{LocationBytes, MAX_LOCATIONS},
    Announcements, Config, Error, Event, Pallet,
};
use frame_support::ensure;
use hyperlane_primitives::{Announcement, LocationError, Signature, SignatureBytes, StorageLocation, H160};
use pensum_primitives::bridge::MAILBOX;
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// Adds a location to those of the validator that signed it.
    pub(crate) fn do_announce(
        validator: H160,
        location: LocationBytes,
        signature: SignatureBytes,
    ) -> DispatchResult {
        let announcement = Announcement {
            domain: Self::local(),
            mailbox: MAILBOX,
            location: StorageLocation::new(&location).map_err(Error::<T>::from)?,
        };
        let mut locations = Announcements::<T>::get(validator);
        // No list of replay ids is needed: a location never leaves the list, so what is in it has been announced.
        ensure!(!locations.contains(&location), Error::<T>::AlreadyAnnounced);
        ensure!(
            locations.len() < MAX_LOCATIONS as usize,
            Error::<T>::TooManyLocations
        );
        let signer = announcement
            .signer::<Host>(&Signature(signature))
            .map_err(|_| Error::<T>::BadSignature)?;
        ensure!(signer == validator, Error::<T>::NotTheValidator);
        locations
            .try_push(location.clone())
            .map_err(|_| Error::<T>::TooManyLocations)?;
        Announcements::<T>::insert(validator, locations);
        Self::deposit_event(Event::Announced { validator, location });
        Ok(())
    }
}

impl<T> From<LocationError> for Error<T> {
    fn from(why: LocationError) -> Self {
        match why {
            LocationError::Empty => Self::EmptyLocation,
            LocationError::TooLong { .. } => Self::LocationTooLong,
            LocationError::NotText => Self::LocationNotText,
        }
    }
}
