//! Messages that leave: the mailbox and the tree.

use crate::{
    crypto::Host,
    types::{DestinationKind, Direction, Dispatch, MessageBytes, MAX_MESSAGE_BYTES},
    weights::WeightInfo,
    Config, Destinations, Dispatches, Error, Event, Indices, LocalDomain, Nonce, Oldest, Outbox, Pallet,
    Paused, Signatures, Tree, Validators,
};
use alloc::vec::Vec;
use frame_support::{ensure, traits::Get, weights::Weight};
use hyperlane_primitives::{limits::MAX_BODY_BYTES, Address, Body, Domain, Message, MessageId};
use pensum_primitives::{traits::Mailbox, AccountId, Balance, Digest};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// A user's dispatch: the account is the sender, and pays for gas where it is asked to and somebody quotes.
    pub(crate) fn do_dispatch(
        who: AccountId,
        destination: Domain,
        recipient: Address,
        body: &[u8],
        gas_limit: Option<u64>,
    ) -> DispatchResult {
        let quote = match gas_limit {
            Some(gas_limit) => Self::quote_for(destination, gas_limit)?,
            None => None,
        };
        let sender = Address::from(<[u8; 32]>::from(who.clone()));
        let id = Self::put(sender, destination, recipient, body)?;
        match quote {
            Some(quote) => Self::pay(&who, id, destination, quote),
            None => Ok(()),
        }
    }

    /// The one way into the tree. Nothing is written before all is checked, because not every caller undoes its writes.
    pub(crate) fn put(
        sender: Address,
        destination: Domain,
        recipient: Address,
        body: &[u8],
    ) -> Result<MessageId, Error<T>> {
        ensure!(
            !Paused::<T>::contains_key(Direction::Outbound),
            Error::<T>::OutboundPaused
        );
        let kind = Destinations::<T>::get(destination).ok_or(Error::<T>::UnknownDestination)?;
        if kind == DestinationKind::Evm {
            recipient.to_evm().map_err(|_| Error::<T>::DirtyRecipient)?;
        }
        let body = Body::new(body).map_err(|_| Error::<T>::BodyTooLong)?;
        let nonce = Nonce::<T>::get();
        let next_nonce = nonce.checked_add(1).ok_or(Error::<T>::TreeFull)?;
        let message = MessageBytes::truncate_from(
            Message {
                nonce,
                origin: Self::local(),
                sender,
                destination,
                recipient,
                body,
            }
            .encode(),
        );
        let id = MessageId::of::<Host>(&message);
        let mut tree = Tree::<T>::get();
        let index = tree.insert::<Host>(id).map_err(|_| Error::<T>::TreeFull)?;
        let dispatch = Dispatch {
            id,
            root: tree.root::<Host>(),
            block: Self::now(),
            destination,
        };

        Self::forget_oldest(tree.count());
        Nonce::<T>::put(next_nonce);
        Tree::<T>::put(tree);
        Dispatches::<T>::insert(index, dispatch);
        Indices::<T>::insert(id, index);
        Outbox::<T>::insert(index, &message);
        Self::deposit_event(Event::Dispatched {
            id,
            index,
            sender,
            destination,
            recipient,
            message,
        });
        Ok(id)
    }

    /// Moves the window on, so that it holds no more than it should when `count` messages have been dispatched. One message gives way
    /// to one message.
    fn forget_oldest(count: u32) {
        let oldest = Oldest::<T>::get();
        if count.saturating_sub(oldest) <= T::MessageWindow::get() {
            return;
        }
        if let Some(dispatch) = Dispatches::<T>::take(oldest) {
            Indices::<T>::remove(dispatch.id);
        }
        Outbox::<T>::remove(oldest);
        Signatures::<T>::remove(oldest);
        Oldest::<T>::put(oldest.saturating_add(1));
    }

    /// What the validators' signatures of one message weigh. They are published for nothing and in later blocks, so that whoever can have
    /// messages dispatched must pay for them: else messages, which are cheap, could fill blocks with signatures.
    pub fn signing_weight() -> Weight {
        let validators = Validators::<T>::decode_len().unwrap_or_default();
        T::WeightInfo::authorize_checkpoints(1)
            .saturating_add(T::WeightInfo::publish_checkpoints(1))
            .saturating_mul(validators as u64)
    }

    /// This chain's domain.
    pub(crate) fn local() -> Domain {
        Domain(LocalDomain::<T>::get())
    }
}

impl<T: Config> Mailbox for Pallet<T> {
    fn domain() -> Domain {
        Self::local()
    }

    fn signing_weight() -> Weight {
        Pallet::<T>::signing_weight()
    }

    fn dispatch_weight() -> Weight {
        T::WeightInfo::dispatch(MAX_BODY_BYTES as u32)
    }

    fn dispatch(
        sender: Address,
        destination: Domain,
        recipient: Address,
        body: Vec<u8>,
    ) -> Result<Digest, DispatchError> {
        Ok(Self::put(sender, destination, recipient, &body)?.0)
    }

    fn quote(destination: Domain, gas_limit: u64) -> Option<Balance> {
        Self::quoted(destination, gas_limit)
    }

    fn note_payment(message: Digest, destination: Domain, gas_limit: u64, payment: Balance) {
        Self::note_paid(MessageId(message), destination, gas_limit, payment);
    }

    fn gas_beneficiary() -> AccountId {
        T::GasBeneficiary::get()
    }
}

const _: () = assert!(
    MAX_MESSAGE_BYTES as usize == hyperlane_primitives::message::HEADER_BYTES + MAX_BODY_BYTES,
    "a message that was encoded fits, so that none is truncated"
);
