//! Security modules: whom messages from a chain are believed, and from when on.

use crate::{
    types::{Ism, PendingIsm},
    Config, Error, Event, IsmDelay, Isms, Origins, Pallet, PendingIsms,
};
use frame_support::ensure;
use hyperlane_primitives::{Domain, ValidatorSetError};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// Sets, changes or removes a security module.
    pub(crate) fn do_set_ism(origin: Domain, ism: Option<Ism>) -> DispatchResult {
        ensure!(origin != Self::local(), Error::<T>::OwnDomain);
        match ism {
            Some(ism) => Self::set_ism_to(origin, ism),
            None => Self::remove_ism(origin),
        }
    }

    /// The first one counts at once: nobody relies on anything yet. A later one gives everybody time to look at it, and a removal does
    /// not make the next one a first one again.
    fn set_ism_to(origin: Domain, ism: Ism) -> DispatchResult {
        ism.set().map_err(Error::<T>::from)?;
        if !Origins::<T>::contains_key(origin) {
            Origins::<T>::insert(origin, ());
            Isms::<T>::insert(origin, &ism);
            Self::deposit_event(Event::IsmSet { origin, ism });
            return Ok(());
        }
        Self::promote(origin);
        let from = Self::now().saturating_add(IsmDelay::<T>::get());
        let pending = PendingIsm { from, ism };
        PendingIsms::<T>::insert(origin, &pending);
        Self::deposit_event(Event::IsmScheduled {
            origin,
            ism: pending.ism,
            from,
        });
        Ok(())
    }

    /// At once, because believing nobody is always safe.
    fn remove_ism(origin: Domain) -> DispatchResult {
        let set = Isms::<T>::take(origin).is_some();
        let pending = PendingIsms::<T>::take(origin).is_some();
        ensure!(set || pending, Error::<T>::UnknownOrigin);
        Self::deposit_event(Event::IsmRemoved { origin });
        Ok(())
    }

    /// Who decides in this block.
    pub(crate) fn ism_in_force(origin: Domain) -> Option<Ism> {
        match PendingIsms::<T>::get(origin) {
            Some(pending) if pending.from <= Self::now() => Some(pending.ism),
            _ => Isms::<T>::get(origin),
        }
    }

    /// Puts a module whose block has come into the place of the former one. Only whoever writes anyway does this.
    pub(crate) fn promote(origin: Domain) {
        let due = PendingIsms::<T>::get(origin).filter(|pending| pending.from <= Self::now());
        if let Some(PendingIsm { ism, .. }) = due {
            PendingIsms::<T>::remove(origin);
            Isms::<T>::insert(origin, &ism);
            Self::deposit_event(Event::IsmSet { origin, ism });
        }
    }
}

impl<T> From<ValidatorSetError> for Error<T> {
    fn from(why: ValidatorSetError) -> Self {
        match why {
            ValidatorSetError::TooMany { .. } => Self::TooManyValidators,
            ValidatorSetError::NoThreshold => Self::NoThreshold,
            ValidatorSetError::ThresholdTooHigh { .. } => Self::ThresholdTooHigh,
            ValidatorSetError::ZeroAddress { .. } => Self::ZeroAddress,
            ValidatorSetError::Twice { .. } => Self::ValidatorTwice,
        }
    }
}
