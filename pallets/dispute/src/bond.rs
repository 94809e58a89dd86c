//! The bond of a challenge: held and decided in the same extrinsic.

use crate::{Config, Error, HoldReason, Pallet};
use frame_support::{
    defensive,
    storage::with_storage_layer,
    traits::{
        fungible::hold::Mutate,
        tokens::{Fortitude, Precision, Restriction},
    },
};
use pensum_primitives::{AccountId, Balance};
use sp_runtime::{traits::Get, DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn hold_bond(challenger: &AccountId) -> DispatchResult {
        T::NativeBalance::hold(&HoldReason::Challenge.into(), challenger, T::ChallengeBond::get())
            .map_err(|_| Error::<T>::BondUnaffordable.into())
    }

    pub(crate) fn return_bond(challenger: &AccountId) -> DispatchResult {
        T::NativeBalance::release(
            &HoldReason::Challenge.into(),
            challenger,
            T::ChallengeBond::get(),
            Precision::Exact,
        )
        .map(|_| ())
    }

    /// Gives a lost bond to the first of these that can receive it; burns it if none can.
    pub(crate) fn lose_bond(challenger: &AccountId, heirs: &[&AccountId]) -> Option<AccountId> {
        let bond = T::ChallengeBond::get();
        let heir = heirs
            .iter()
            .find(|heir| Self::bequeath(challenger, heir, bond).is_ok());
        if heir.is_none() {
            let burned = T::NativeBalance::burn_held(
                &HoldReason::Challenge.into(),
                challenger,
                bond,
                Precision::Exact,
                Fortitude::Force,
            );
            if burned.is_err() {
                defensive!("a bond that was held can be burned");
            }
        }
        heir.map(|heir| (*heir).clone())
    }

    fn bequeath(challenger: &AccountId, heir: &AccountId, bond: Balance) -> DispatchResult {
        with_storage_layer(|| {
            T::NativeBalance::transfer_on_hold(
                &HoldReason::Challenge.into(),
                challenger,
                heir,
                bond,
                Precision::Exact,
                Restriction::Free,
                Fortitude::Force,
            )
            .map(|_| ())
        })
    }
}
