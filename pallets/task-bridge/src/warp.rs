//! Warp routes: money that comes from other chains and goes back to them. The collateral lies there; what represents it is minted here
//! when it comes and burned when it goes.

use crate::{Config, Error, Event, Pallet, Routes, Uncredited};
use frame_support::{
    ensure,
    storage::with_storage_layer,
    traits::{
        fungibles::Mutate,
        tokens::{Fortitude::Polite, Precision::Exact, Preservation::Expendable},
        Get,
    },
};
use hyperlane_primitives::{Body, TokenMessage};
use pensum_primitives::{
    bridge::{warp_route, Address, Domain, Inbound},
    traits::Mailbox,
    AccountId, AssetId, Balance, Digest,
};
use sp_runtime::{DispatchError, DispatchResult};

/// Money on its way.
pub(crate) struct Sent {
    /// The message that tells the router.
    pub message: Digest,
    /// How much was burned.
    pub amount: Balance,
}

/// Why money was not sent.
pub(crate) enum Unsent {
    /// It cannot be taken, or may not go there. Trying again does not help by itself.
    Money(DispatchError),
    /// The mailbox does not take the message now.
    Mailbox(DispatchError),
}

impl From<DispatchError> for Unsent {
    fn from(error: DispatchError) -> Self {
        Self::Money(error)
    }
}

impl From<Unsent> for DispatchError {
    fn from(unsent: Unsent) -> Self {
        match unsent {
            Unsent::Money(error) | Unsent::Mailbox(error) => error,
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Takes money that a router has sent. Everything that is wrong here is an error: the message is the router's, and can be brought
    /// again once governance has put the route right.
    pub(crate) fn take_tokens(message: &Inbound<'_>, asset: AssetId) -> DispatchResult {
        let domain = message.origin;
        let mut route = Routes::<T>::get(asset, domain).ok_or(Error::<T>::NoRoute)?;
        ensure!(route.router == message.sender, Error::<T>::NotItsRouter);
        let body = Body::new(message.body).map_err(|_| Error::<T>::TokenMessageMalformed)?;
        let tokens = TokenMessage::decode(body).map_err(|_| Error::<T>::TokenMessageMalformed)?;
        let amount = Balance::try_from(tokens.amount).map_err(|_| Error::<T>::AmountTooLarge)?;
        route.outstanding = route
            .outstanding
            .checked_add(amount)
            .ok_or(Error::<T>::AmountTooLarge)?;
        Routes::<T>::insert(asset, domain, route);
        let account = AccountId::from(tokens.recipient.0 .0);
        Self::deposit_event(Event::TokensReceived {
            message: message.id,
            asset,
            domain,
            account: account.clone(),
            amount,
        });
        Self::credit(&account, asset, amount)
    }

    /// Gives an account what came for it, and what has waited for it. What it cannot hold, such as less than the asset's minimum
    /// balance, waits.
    fn credit(account: &AccountId, asset: AssetId, amount: Balance) -> DispatchResult {
        if amount == 0 {
            return Ok(());
        }
        let waiting = Uncredited::<T>::get(account, asset);
        let total = waiting.checked_add(amount).ok_or(Error::<T>::AmountTooLarge)?;
        if !Self::mint(account, asset, total) {
            Uncredited::<T>::insert(account, asset, total);
            Self::deposit_event(Event::TokensWait {
                account: account.clone(),
                asset,
                amount,
            });
        } else if waiting > 0 {
            Uncredited::<T>::remove(account, asset);
            Self::deposit_event(Event::TokensCollected {
                account: account.clone(),
                asset,
                amount: waiting,
            });
        }
        Ok(())
    }

    /// Credits what could not be credited before.
    pub(crate) fn do_collect(account: AccountId, asset: AssetId) -> DispatchResult {
        let amount = Uncredited::<T>::take(&account, asset);
        ensure!(amount > 0, Error::<T>::NothingWaits);
        ensure!(Self::mint(&account, asset, amount), Error::<T>::StillCannotHold);
        Self::deposit_event(Event::TokensCollected {
            account,
            asset,
            amount,
        });
        Ok(())
    }

    /// Mints. False, and nothing changes, where the account cannot hold it.
    fn mint(account: &AccountId, asset: AssetId, amount: Balance) -> bool {
        with_storage_layer(|| T::Currencies::mint_into(Some(asset), account, amount)).is_ok()
    }

    /// Burns money of an account and tells the router there to pay it out. All of it happens, or nothing. A rest that no account can
    /// hold goes along.
    pub(crate) fn send_out(
        asset: AssetId,
        domain: Domain,
        from: &AccountId,
        amount: Balance,
        to: Address,
    ) -> Result<Sent, Unsent> {
        with_storage_layer(|| {
            let mut route = Routes::<T>::get(asset, domain).ok_or(Error::<T>::NoRoute)?;
            ensure!(to != Address::default(), Error::<T>::NoRecipient);
            // An EVM chain's router reverts on such a recipient, for ever, when the money here is burned already.
            let on_evm = route.router.to_evm().is_ok();
            ensure!(!on_evm || to.to_evm().is_ok(), Error::<T>::RecipientNotEvm);
            ensure!(amount > 0, Error::<T>::NothingToSend);
            let amount = T::Currencies::burn_from(Some(asset), from, amount, Expendable, Exact, Polite)?;
            route.outstanding = route
                .outstanding
                .checked_sub(amount)
                .ok_or(Error::<T>::NotEnoughOutstanding)?;
            Routes::<T>::insert(asset, domain, route);
            let body = TokenMessage {
                recipient: to,
                amount: amount.into(),
                metadata: &[],
            };
            let body = body.encode().map_err(|_| Error::<T>::TokenMessageMalformed)?;
            let message = T::Mailbox::dispatch(warp_route(asset), domain, route.router, body)
                .map_err(Unsent::Mailbox)?;
            Self::deposit_event(Event::TokensSent {
                message,
                asset,
                domain,
                account: from.clone(),
                recipient: to,
                amount,
            });
            Ok(Sent { message, amount })
        })
    }

    pub(crate) fn do_transfer_remote(
        who: AccountId,
        asset: AssetId,
        domain: Domain,
        recipient: Address,
        amount: Balance,
    ) -> DispatchResult {
        let gas = T::TransferGas::get();
        let price = Self::gas_price(domain, gas);
        Self::charge(&who, None, price)?;
        let sent = Self::send_out(asset, domain, &who, amount, recipient)?;
        Self::note_payment(sent.message, domain, gas, price);
        Ok(())
    }
}

impl<T: Config> From<Error<T>> for Unsent {
    fn from(error: Error<T>) -> Self {
        Self::Money(error.into())
    }
}

/// The asset whose end of a warp route has this address.
pub(crate) fn routed_asset(recipient: Address) -> Option<AssetId> {
    let (_, id) = recipient.0 .0.split_last_chunk::<4>()?;
    let asset = AssetId::from_be_bytes(*id);
    (warp_route(asset) == recipient).then_some(asset)
}
