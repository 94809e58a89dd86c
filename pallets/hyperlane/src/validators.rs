//! Who signs checkpoints: the validators of this session and of the one before.

use crate::{crypto::address_of, types::Validator, Config, FormerValidators, Nonce, Pallet, Validators};
use frame_support::{traits::OneSessionHandler, BoundedVec};
use hyperlane_primitives::H160;
use pensum_primitives::{bridge::CheckpointId, AccountId};
use sp_runtime::BoundToRuntimeAppPublic;

/// A session's validators.
pub(crate) type SetOf<T> = BoundedVec<Validator, <T as Config>::MaxValidators>;

impl<T: Config> Pallet<T> {
    /// A validator of this session or of the one before.
    pub(crate) fn validator(is: impl Fn(&Validator) -> bool) -> Option<Validator> {
        let find = |set: SetOf<T>| set.into_iter().find(|validator| is(validator));
        find(Validators::<T>::get()).or_else(|| find(FormerValidators::<T>::get()))
    }

    /// Moves a validator's first due checkpoint on, in the set in which [`validator`](Self::validator) finds it.
    pub(crate) fn set_due(address: H160, due: u32) {
        let set_in = |set: &mut SetOf<T>| {
            let found = set.iter_mut().find(|validator| validator.address == address);
            found.map(|validator| validator.due = due).ok_or(())
        };
        if Validators::<T>::try_mutate(set_in).is_err() {
            // Who is in neither set has published nothing.
            let _ = FormerValidators::<T>::try_mutate(set_in);
        }
    }

    /// The set of these keys. Each address is in it once: of two validators with one key, the second adds nothing to what contracts
    /// see. Whoever stays keeps what it has published, and the costly address of its key.
    fn set_of(keys: impl Iterator<Item = CheckpointId>, known: &[Validator], due: u32) -> SetOf<T> {
        let mut set = SetOf::<T>::new();
        for key in keys {
            let known = known.iter().find(|validator| validator.key == key).cloned();
            let found = known.or_else(|| {
                address_of(&key).map(|address| Validator {
                    key: key.clone(),
                    address,
                    due,
                })
            });
            let Some(validator) = found else {
                log::warn!(target: "pensum::hyperlane", "{key:?} is no key; its validator signs no checkpoints");
                continue;
            };
            if set.iter().any(|other| other.address == validator.address) {
                log::warn!(target: "pensum::hyperlane", "two validators have the key {key:?}");
                continue;
            }
            if set.try_push(validator).is_err() {
                log::error!(target: "pensum::hyperlane", "more validators than `MaxValidators`; the rest signs nothing");
                break;
            }
        }
        set
    }
}

impl<T: Config> BoundToRuntimeAppPublic for Pallet<T> {
    type Public = CheckpointId;
}

impl<T: Config> OneSessionHandler<AccountId> for Pallet<T> {
    type Key = CheckpointId;

    fn on_genesis_session<'a, I>(validators: I)
    where
        I: Iterator<Item = (&'a AccountId, CheckpointId)> + 'a,
    {
        let keys = validators.map(|(_, key)| key);
        Validators::<T>::put(Self::set_of(keys, &[], 0));
    }

    /// Whether the set has changed or not, the one before is now another.
    fn on_new_session<'a, I>(_changed: bool, validators: I, _queued: I)
    where
        I: Iterator<Item = (&'a AccountId, CheckpointId)> + 'a,
    {
        let former = Validators::<T>::get();
        let keys = validators.map(|(_, key)| key);
        // The number of messages so far is that of the next one.
        Validators::<T>::put(Self::set_of(keys, &former, Nonce::<T>::get()));
        FormerValidators::<T>::put(former);
    }

    /// A validator that is disabled for something else still signs the truth, or is slashed for it.
    fn on_disabled(_: u32) {}
}
