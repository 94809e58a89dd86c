//! What is left of a request's money, for who has it on its own chain.

use crate::{
    types::{Kept, Refund},
    warp::Unsent,
    Config, Error, Event, Pallet, Routes,
};
use frame_support::traits::{
    fungibles::Inspect,
    tokens::{Fortitude::Polite, Preservation::Expendable},
    Get,
};
use pensum_primitives::Balance;
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// Sends what is left, or leaves it in the remote account and says why. An error means that it is tried again.
    pub(crate) fn send_refund(refund: Refund) -> DispatchResult {
        let account = refund.remote.account();
        let amount =
            T::Currencies::reducible_balance(refund.asset, &account, Expendable, Polite).min(refund.amount);
        let kept = match Self::try_refund(&refund, amount) {
            Ok(()) => return Ok(()),
            Err(Unsent::Mailbox(error)) => return Err(error),
            Err(Unsent::Money(error)) => {
                let is = |own: Error<T>| error == own.into();
                if is(Error::NoRoute) {
                    Kept::NoRoute
                } else if is(Error::NothingToSend) {
                    Kept::NothingThere
                } else if is(Error::NotEnoughOutstanding) {
                    Kept::NotEnoughOutstanding
                } else {
                    Kept::Blocked(error)
                }
            }
        };
        Self::deposit_event(Event::RefundKept {
            request: refund.request,
            account,
            asset: refund.asset,
            amount: refund.amount,
            reason: kept,
        });
        Ok(())
    }

    fn try_refund(refund: &Refund, amount: Balance) -> Result<(), Unsent> {
        let domain = refund.remote.domain;
        let asset = refund.asset.ok_or(Error::<T>::NoRoute)?;
        if !Routes::<T>::contains_key(asset, domain) {
            return Err(Error::<T>::NoRoute.into());
        }
        let account = refund.remote.account();
        let sent = Self::send_out(asset, domain, &account, amount, refund.to)?;
        Self::note_payment(sent.message, domain, T::TransferGas::get(), refund.paid);
        Self::deposit_event(Event::RefundSent {
            request: refund.request,
            message: sent.message,
            asset,
            amount: sent.amount,
        });
        Ok(())
    }
}
