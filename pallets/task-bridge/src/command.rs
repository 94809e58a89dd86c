//! What a contract asks for beside answers: taking an intent back, accepting an answer, having its money.

use crate::{
    types::{Remote, Request},
    Config, Endings, Error, Event, Pallet, Requests, Routes,
};
use frame_support::{
    ensure,
    storage::with_storage_layer,
    traits::{
        fungibles::Inspect,
        tokens::{Fortitude::Polite, Preservation::Expendable},
        Get,
    },
};
use pensum_primitives::{bridge::Inbound, traits::Posting, Digest, TaskId};
use pensum_task_abi::{Withdraw, ALL};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Does what is asked, or says in an event why not: the message is delivered either way, since bringing it again would change nothing.
    pub(crate) fn obey(message: &Inbound<'_>, command: impl FnOnce(&Remote) -> DispatchResult) {
        let remote = Remote::from(message);
        if let Err(error) = with_storage_layer(|| command(&remote)) {
            Self::deposit_event(Event::CommandRefused {
                message: message.id,
                remote,
                error,
            });
        }
    }

    pub(crate) fn cancel(remote: &Remote, id: Digest) -> DispatchResult {
        let task = Self::open_task(remote, id)?;
        T::Posting::cancel_for(&remote.account(), task)?;
        Self::deposit_event(Event::RequestCancelled { request: id });
        Ok(())
    }

    pub(crate) fn accept(remote: &Remote, id: Digest) -> DispatchResult {
        let task = Self::open_task(remote, id)?;
        T::Posting::accept_for(&remote.account(), task)?;
        Self::deposit_event(Event::AnswerAccepted { request: id });
        Ok(())
    }

    /// The task of a request, for who sent it.
    fn open_task(remote: &Remote, id: Digest) -> Result<TaskId, DispatchError> {
        let Request {
            remote: owner, task, ..
        } = Requests::<T>::get(id).ok_or(Error::<T>::NotOpen)?;
        ensure!(owner == *remote, Error::<T>::NotItsSender);
        ensure!(!Endings::<T>::contains_key(id), Error::<T>::NotOpen);
        Ok(task.ok_or(Error::<T>::NotOpen)?)
    }

    /// Sends money of a remote account home.
    pub(crate) fn withdraw(remote: &Remote, withdraw: Withdraw) -> DispatchResult {
        let asset = withdraw.asset.ok_or(Error::<T>::NoRoute)?;
        let account = remote.account();
        let amount = match withdraw.amount {
            // All that can go: others may have sent coins of this chain away for what came with its own.
            ALL => T::Currencies::reducible_balance(Some(asset), &account, Expendable, Polite)
                .min(Routes::<T>::get(asset, remote.domain).map_or(0, |route| route.outstanding)),
            amount => amount,
        };
        let (rest, paid) = Self::pay_out_of(remote, asset, amount);
        let sent = Self::send_out(asset, remote.domain, &account, rest, withdraw.to.into())?;
        Self::note_payment(sent.message, remote.domain, T::TransferGas::get(), paid);
        Ok(())
    }
}
