//! What delivery costs elsewhere, and who has paid for it.

use crate::{types::GasQuote, Config, Dispatches, Error, Event, GasOracles, Indices, Pallet};
use frame_support::{
    ensure,
    traits::{fungible::Mutate, tokens::Preservation, Get},
};
use hyperlane_primitives::{Domain, MessageId};
use pensum_primitives::{AccountId, Balance};
use sp_runtime::{traits::Zero, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Pays for a message that was dispatched.
    pub(crate) fn do_pay_for_gas(
        who: AccountId,
        id: MessageId,
        destination: Domain,
        gas_limit: u64,
    ) -> DispatchResult {
        let index = Indices::<T>::get(id).ok_or(Error::<T>::UnknownMessage)?;
        let dispatch = Dispatches::<T>::get(index).ok_or(Error::<T>::UnknownMessage)?;
        ensure!(dispatch.destination == destination, Error::<T>::NotItsDestination);
        let quote = Self::quote_for(destination, gas_limit)?.ok_or(Error::<T>::NoGasPrice)?;
        Self::pay(&who, id, destination, quote)
    }

    /// The price of a delivery; none where nobody quotes. What cannot be computed is an error, not a price of nothing.
    pub(crate) fn quote_for(destination: Domain, gas_limit: u64) -> Result<Option<GasQuote>, Error<T>> {
        GasOracles::<T>::get(destination)
            .map(|oracle| oracle.quote(gas_limit))
            .transpose()
            .map_err(|_| Error::<T>::GasTooDear)
    }

    /// The same for those who only ask: what cannot be computed is more than anybody has.
    pub(crate) fn quoted(destination: Domain, gas_limit: u64) -> Option<Balance> {
        match Self::quote_for(destination, gas_limit) {
            Ok(quote) => quote.map(|quote| quote.payment),
            Err(_) => Some(Balance::MAX),
        }
    }

    /// Takes the price from the account.
    pub(crate) fn pay(
        who: &AccountId,
        message_id: MessageId,
        destination: Domain,
        quote: GasQuote,
    ) -> DispatchResult {
        let GasQuote { gas_amount, payment } = quote;
        if !payment.is_zero() {
            let beneficiary = T::GasBeneficiary::get();
            T::Currency::transfer(who, &beneficiary, payment, Preservation::Preserve)
                .map_err(|_| Error::<T>::CannotPay)?;
        }
        Self::deposit_event(Event::GasPaid {
            message_id,
            destination,
            gas_amount,
            payment,
        });
        Ok(())
    }

    /// Notes that somebody was paid already.
    pub(crate) fn note_paid(message_id: MessageId, destination: Domain, gas_limit: u64, payment: Balance) {
        let overhead = GasOracles::<T>::get(destination).map_or(0, |oracle| oracle.overhead);
        let gas_amount = u128::from(gas_limit).saturating_add(overhead.into());
        Self::deposit_event(Event::GasPaid {
            message_id,
            destination,
            gas_amount,
            payment,
        });
    }
}
