//! Jail: where repeated faults lead, and the way back.

use crate::{types::Solver, Config, Error, Event, Pallet, Solvers, WeightInfo};
use frame_support::{ensure, pallet_prelude::*};
use pensum_primitives::{AccountId, BlockNumber};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_unjail(who: AccountId) -> DispatchResult {
        let mut solver = Self::solver(&who)?;
        let until = solver.jailed_until.ok_or(Error::<T>::NotJailed)?;
        ensure!(Self::now() >= until, Error::<T>::StillJailed);
        ensure!(
            solver.bonded.min(solver.free()) >= T::MinBond::get(),
            Error::<T>::StakeTooLow
        );
        solver.jailed_until = None;
        Solvers::<T>::insert(&who, solver);
        Self::deposit_event(Event::Unjailed { solver: who });
        Ok(())
    }

    /// Jails the solver if its recent faults are too many; the caller stores the record.
    ///
    /// Its offers leave the books, since a book full of cheap offers that nobody may take would hide the others from
    /// matching. That cost depends on the solver and not on the call that found the fault, so it is added to the block here.
    pub(crate) fn jail_if_due(who: &AccountId, solver: &mut Solver<T>, now: BlockNumber) {
        if solver.faults.count < T::JailThreshold::get() {
            return;
        }
        let until = now.saturating_add(T::JailPeriod::get());
        solver.jailed_until = Some(until);
        frame_system::Pallet::<T>::register_extra_weight_unchecked(
            T::WeightInfo::drop_offers(solver.offers.len() as u32),
            DispatchClass::Mandatory,
        );
        Self::drop_offers(who, solver);
        Self::deposit_event(Event::Jailed {
            solver: who.clone(),
            until,
        });
    }
}
