//! Where a model stands: flag, unflag, retire, reclaim.

use crate::{
    Config, Deposits, Error, Event, Flag, Flags, Graphs, HoldReason, Models, Pallet, Skeletons, StepTotals,
};
use frame_support::{
    ensure,
    traits::{fungible::hold::Mutate as HoldMutate, tokens::Precision, Get},
};
use pensum_primitives::{
    model::{ModelEntry, ModelState, Text},
    AccountId, BlockNumber, ModelId,
};
use sp_runtime::{DispatchError, DispatchResult, SaturatedConversion};

impl<T: Config> Pallet<T> {
    /// The height of the block under construction.
    pub(crate) fn now() -> BlockNumber {
        frame_system::Pallet::<T>::block_number().saturated_into()
    }

    /// Where a model stands, any flag aside.
    pub(crate) fn state_beneath_flag(model: &ModelId, entry: &ModelEntry) -> ModelState {
        match entry.state {
            ModelState::Flagged => Flags::<T>::get(model).map_or(ModelState::Flagged, |flag| flag.was),
            state => state,
        }
    }

    /// Whether new tasks may use a model, and if not, why.
    pub(crate) fn ensure_usable(
        model: &ModelId,
        entry: &ModelEntry,
        allow_flagged: bool,
    ) -> Result<(), DispatchError> {
        ensure!(
            allow_flagged || entry.state != ModelState::Flagged,
            Error::<T>::ModelFlagged
        );
        match Self::state_beneath_flag(model, entry) {
            ModelState::Active { from } => ensure!(from <= Self::now(), Error::<T>::ModelNotYetActive),
            ModelState::Retired { .. } => return Err(Error::<T>::ModelRetired.into()),
            ModelState::Flagged => return Err(Error::<T>::ModelFlagged.into()),
        }
        Ok(())
    }

    pub(crate) fn do_flag(publisher: Option<AccountId>, model: ModelId, reason: Text) -> DispatchResult {
        let mut entry = Models::<T>::get(model).ok_or(Error::<T>::UnknownModel)?;
        if let Some(who) = &publisher {
            ensure!(entry.publisher == *who, Error::<T>::NotPublisher);
        }
        ensure!(entry.state != ModelState::Flagged, Error::<T>::AlreadyFlagged);
        ensure!(crate::manifest::is_readable(&reason), Error::<T>::TextUnreadable);

        let was = core::mem::replace(&mut entry.state, ModelState::Flagged);
        Models::<T>::insert(model, entry);
        Flags::<T>::insert(
            model,
            Flag {
                was,
                reason: reason.clone(),
            },
        );
        Self::deposit_event(Event::ModelFlagged {
            model,
            publisher,
            reason,
        });
        Ok(())
    }

    pub(crate) fn do_unflag(model: ModelId) -> DispatchResult {
        let mut entry = Models::<T>::get(model).ok_or(Error::<T>::UnknownModel)?;
        let flag = Flags::<T>::take(model).ok_or(Error::<T>::NotFlagged)?;

        entry.state = flag.was;
        Models::<T>::insert(model, entry);
        Self::deposit_event(Event::ModelUnflagged { model });
        Ok(())
    }

    pub(crate) fn do_retire(who: AccountId, model: ModelId) -> DispatchResult {
        let mut entry = Models::<T>::get(model).ok_or(Error::<T>::UnknownModel)?;
        ensure!(entry.publisher == who, Error::<T>::NotPublisher);
        let at = Self::now();
        match Self::state_beneath_flag(&model, &entry) {
            ModelState::Retired { .. } => return Err(Error::<T>::AlreadyRetired.into()),
            // A flag outlives the model's withdrawal: its records stay tainted.
            _ if entry.state == ModelState::Flagged => Flags::<T>::mutate(model, |flag| {
                if let Some(flag) = flag {
                    flag.was = ModelState::Retired { at };
                }
            }),
            _ => {
                entry.state = ModelState::Retired { at };
                Models::<T>::insert(model, entry);
            }
        }
        Self::deposit_event(Event::ModelRetired {
            model,
            reclaimable_from: at.saturating_add(T::ReclaimDelay::get()),
        });
        Ok(())
    }

    pub(crate) fn do_reclaim(model: ModelId) -> DispatchResult {
        let mut entry = Models::<T>::get(model).ok_or(Error::<T>::UnknownModel)?;
        let ModelState::Retired { at } = Self::state_beneath_flag(&model, &entry) else {
            return Err(Error::<T>::NotRetired.into());
        };
        ensure!(
            entry.on_chain || Skeletons::<T>::contains_key(model),
            Error::<T>::NothingToReclaim
        );
        ensure!(
            Self::now() >= at.saturating_add(T::ReclaimDelay::get()),
            Error::<T>::ReclaimTooEarly
        );
        let mut deposit = Deposits::<T>::get(model).ok_or(Error::<T>::NothingToReclaim)?;

        let returned = core::mem::take(&mut deposit.graph);
        let publisher = entry.publisher.clone();
        T::NativeBalance::release(
            &HoldReason::ModelDeposit.into(),
            &publisher,
            returned,
            Precision::Exact,
        )?;
        entry.on_chain = false;
        Models::<T>::insert(model, entry);
        Deposits::<T>::insert(model, deposit);
        Graphs::<T>::remove(model);
        Skeletons::<T>::remove(model);
        StepTotals::<T>::remove(model);
        Self::deposit_event(Event::ModelReclaimed {
            model,
            publisher,
            returned,
        });
        Ok(())
    }
}
