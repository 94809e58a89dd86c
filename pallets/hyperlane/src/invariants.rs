//! Invariants, checked after every test, in the property test and by `try-runtime`.

use crate::{
    crypto::{address_of, Host},
    types::{Ism, Validator},
    Announcements, Config, Delivered, Dispatches, FormerValidators, Indices, Isms, Nonce, Oldest, Origins,
    Outbox, Pallet, PendingIsms, Signatures, Tree, Validators,
};
use frame_support::ensure;
use hyperlane_primitives::{Message, MessageId, StorageLocation};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// 1. Every message is one leaf: the next nonce is the tree's count.
    /// 2. The window has no gaps: just the messages from the oldest kept one to the newest have an entry, an index and their bytes, of
    ///    which the id, the nonce, the origin and the destination are the entry's. The newest one's root is the tree's.
    /// 3. Signatures lie in the window, each validator's once, of the form that contracts accept, and each recovers to its validator
    ///    over the checkpoint that the chain has.
    /// 4. No address is twice among the validators of a session, each is its key's, and none has published beyond the newest message.
    /// 5. Every security module is a set that contracts would accept, of a domain that has had one and is not this chain's.
    /// 6. Nothing was delivered in the future, and nothing that this chain has dispatched.
    /// 7. Announced locations are text, each once.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_window()?;
        Self::check_signatures()?;
        Self::check_validators(&Validators::<T>::get())?;
        Self::check_validators(&FormerValidators::<T>::get())?;
        Self::check_isms()?;
        for (id, block) in Delivered::<T>::iter() {
            ensure!(block <= Self::now(), "a message was delivered in the future");
            ensure!(!Indices::<T>::contains_key(id), "a message came back");
        }
        for locations in Announcements::<T>::iter_values() {
            for (place, location) in locations.iter().enumerate() {
                ensure!(StorageLocation::new(location).is_ok(), "a location is no text");
                ensure!(
                    !locations.iter().take(place).any(|other| other == location),
                    "a location was announced twice"
                );
            }
        }
        Ok(())
    }

    fn check_window() -> Result<(), TryRuntimeError> {
        let tree = Tree::<T>::get();
        let (oldest, count) = (Oldest::<T>::get(), tree.count());
        ensure!(Nonce::<T>::get() == count, "a message is no leaf, or two");
        ensure!(oldest <= count, "the window begins after the newest message");
        let kept = count.saturating_sub(oldest) as usize;
        ensure!(
            Dispatches::<T>::iter_keys().count() == kept
                && Indices::<T>::iter_keys().count() == kept
                && Outbox::<T>::iter_keys().count() == kept,
            "something lies outside the window"
        );
        for index in oldest..count {
            let dispatch = Dispatches::<T>::get(index).ok_or("the window has a gap")?;
            let bytes = Outbox::<T>::get(index).ok_or("a message's bytes are missing")?;
            let message = Message::decode(&bytes).map_err(|_| "a message cannot be read")?;
            ensure!(
                Indices::<T>::get(dispatch.id) == Some(index)
                    && MessageId::of::<Host>(&bytes) == dispatch.id
                    && message.nonce == index
                    && message.origin == Self::local()
                    && message.destination == dispatch.destination,
                "a message is not what its entry says"
            );
            ensure!(
                dispatch.block <= Self::now(),
                "a message was dispatched in the future"
            );
        }
        if let Some(newest) = tree.latest_index().and_then(Dispatches::<T>::get) {
            ensure!(
                newest.root == tree.root::<Host>(),
                "the newest root is not the tree's"
            );
        }
        Ok(())
    }

    fn check_signatures() -> Result<(), TryRuntimeError> {
        for (index, signatures) in Signatures::<T>::iter() {
            let checkpoint = Self::checkpoint_at(index).ok_or("signatures outlived their checkpoint")?;
            let digest = checkpoint.digest::<Host>();
            ensure!(!signatures.is_empty(), "an empty list of signatures is stored");
            for (place, signed) in signatures.iter().enumerate() {
                ensure!(
                    signed.signature.signer::<Host>(&digest) == Ok(signed.validator),
                    "a signature is not of its checkpoint by its validator"
                );
                let mut before = signatures.iter().take(place);
                ensure!(
                    !before.any(|other| other.validator == signed.validator),
                    "a validator's signature is stored twice"
                );
            }
        }
        Ok(())
    }

    fn check_validators(set: &[Validator]) -> Result<(), TryRuntimeError> {
        for (place, validator) in set.iter().enumerate() {
            ensure!(
                address_of(&validator.key) == Some(validator.address),
                "an address is not its key's"
            );
            ensure!(
                validator.due <= Nonce::<T>::get(),
                "a checkpoint was published before its message"
            );
            let mut before = set.iter().take(place);
            ensure!(
                !before.any(|other| other.address == validator.address),
                "an address is twice in a set"
            );
        }
        Ok(())
    }

    fn check_isms() -> Result<(), TryRuntimeError> {
        let of_origins = Isms::<T>::iter();
        let pending = PendingIsms::<T>::iter().map(|(origin, pending)| (origin, pending.ism));
        for (origin, ism) in of_origins.chain(pending) {
            ensure!(Ism::set(&ism).is_ok(), "a security module is no set");
            ensure!(
                Origins::<T>::contains_key(origin) && origin != Self::local(),
                "a security module is of no origin"
            );
        }
        Ok(())
    }
}
