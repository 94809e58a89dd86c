//! What bringing results to other chains costs, and who pays for it.

use crate::{
    types::{Paid, Remote, Request},
    Config, Error, Event, Pallet, Routes,
};
use frame_support::{
    ensure,
    storage::with_storage_layer,
    traits::{fungibles::Mutate, tokens::Preservation::Preserve, Get},
};
use pensum_primitives::{
    bridge::Domain,
    traits::{Mailbox, Rates},
    AccountId, AssetId, Balance, Digest,
};
use pensum_task_abi::Delivery;
use sp_runtime::{helpers_128bit::multiply_by_rational_with_rounding, DispatchError, Rounding};

impl<T: Config> Pallet<T> {
    /// Takes from the remote account what bringing the result costs, and what is left of the money. Paid before it is known whether the
    /// intent becomes a task: a refusal is brought as well.
    pub(crate) fn pay_delivery(id: Digest, request: &mut Request) -> Result<(), DispatchError> {
        let paid = Self::delivery_cost(request);
        let fee = Self::in_asset(request.asset, paid.total(), request.max_reward)?;
        let account = request.remote.account();
        Self::charge(&account, request.asset, fee)?;
        request.paid = paid;
        if fee > 0 {
            Self::deposit_event(Event::DeliveryPaid {
                message: id,
                account,
                asset: request.asset,
                amount: fee,
                worth: paid.total(),
            });
        }
        Ok(())
    }

    /// What the deliveries of a request cost, in PEN.
    fn delivery_cost(request: &Request) -> Paid {
        let domain = request.remote.domain;
        let result = match request.delivery {
            Delivery::Direct => Self::result_gas(request.callback_gas),
            Delivery::Batched => T::ShareGas::get(),
        };
        // What stays here needs no delivery.
        let goes_home = request.refund_to.is_some()
            && request
                .asset
                .is_some_and(|asset| Routes::<T>::contains_key(asset, domain));
        let refund = if goes_home {
            Self::gas_price(domain, T::TransferGas::get())
        } else {
            0
        };
        Paid {
            result: Self::gas_price(domain, result),
            refund,
        }
    }

    /// The gas that a result takes which is sent to its contract.
    pub(crate) fn result_gas(callback_gas: u64) -> u64 {
        callback_gas.saturating_add(T::ResultGas::get())
    }

    /// What so much gas costs there, in PEN; nothing where nobody quotes for it.
    pub(crate) fn gas_price(domain: Domain, gas: u64) -> Balance {
        T::Mailbox::quote(domain, gas).unwrap_or_default()
    }

    /// So much PEN in another asset, rounded up, at the rate at which `amount` of it is valued now: the market converts prices
    /// by `max_reward` in the same way.
    pub(crate) fn in_asset(
        asset: Option<AssetId>,
        pen: Balance,
        amount: Balance,
    ) -> Result<Balance, DispatchError> {
        let Some(asset) = asset else { return Ok(pen) };
        if pen == 0 {
            return Ok(0);
        }
        let worth = T::Rates::worth(asset, amount)?;
        ensure!(worth > 0, Error::<T>::WorthNothing);
        multiply_by_rational_with_rounding(amount, pen, worth, Rounding::Up)
            .ok_or(Error::<T>::DeliveryTooDear.into())
    }

    /// Takes a fee for gas. The account stays alive, since what is held for its tasks needs it.
    pub(crate) fn charge(
        account: &AccountId,
        asset: Option<AssetId>,
        fee: Balance,
    ) -> Result<(), DispatchError> {
        if fee == 0 {
            return Ok(());
        }
        let beneficiary = T::Mailbox::gas_beneficiary();
        let paid =
            with_storage_layer(|| T::Currencies::transfer(asset, account, &beneficiary, fee, Preserve));
        ensure!(paid.is_ok(), Error::<T>::CannotPayDelivery);
        Ok(())
    }

    /// Tells the mailbox that the delivery of a message was paid for, where it was.
    pub(crate) fn note_payment(message: Digest, domain: Domain, gas: u64, paid: Balance) {
        if paid > 0 {
            T::Mailbox::note_payment(message, domain, gas, paid);
        }
    }

    /// Takes the fee for the delivery of a withdrawal out of its amount, and returns what is left of that and what was paid in PEN.
    /// Where the asset has no rate, or the amount does not cover it, nothing is taken: the money must get out even so, and anybody can
    /// pay for its delivery later.
    pub(crate) fn pay_out_of(remote: &Remote, asset: AssetId, amount: Balance) -> (Balance, Balance) {
        let price = Self::gas_price(remote.domain, T::TransferGas::get());
        let charged = Self::in_asset(Some(asset), price, amount).and_then(|fee| {
            let rest = amount.checked_sub(fee).filter(|rest| *rest > 0);
            let rest = rest.ok_or(Error::<T>::DeliveryTooDear)?;
            Self::charge(&remote.account(), Some(asset), fee)?;
            Ok(rest)
        });
        match charged {
            Ok(rest) => (rest, price),
            Err(_) => (amount, 0),
        }
    }
}
