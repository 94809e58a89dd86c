//! Slashes: scheduled on a fault, cancelled by governance or applied when due.

use crate::{
    types::{PendingSlash, Solver},
    AgendaCursor, Config, Error, Event, HoldReason, NextSlashId, Pallet, SlashAgenda, Slashes,
    SlashingEnabled, Solvers, WeightInfo,
};
use frame_support::{
    pallet_prelude::*,
    storage::with_storage_layer,
    traits::{
        fungible::MutateHold,
        tokens::{Fortitude, Precision, Restriction},
        DefensiveSaturating,
    },
};
use market_math::{delegation::SlashParts, slash};
use pensum_primitives::{solver::Fault, traits::FaultReport, AccountId, Balance, BlockNumber, SlashId};

/// Most finished blocks that the agenda passes over in one block while it works off a backlog. More than one, so that the
/// backlog shrinks.
const MAX_BLOCKS_PASSED: u32 = 16;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_fault(who: &AccountId, report: FaultReport) -> Option<SlashId> {
        let mut solver = Solvers::<T>::get(who)?;
        let now = Self::now();
        solver.unlock(report.tasks, report.bond);
        let amount = Self::cost_of(&report, &solver, now).min(solver.unencumbered());
        let is_taken = SlashingEnabled::<T>::get();
        if is_taken {
            solver.at_risk = solver.at_risk.saturating_add(amount);
        }
        solver.reputation = match report.fault {
            // No work was failed: it counts like one task given back.
            Fault::BidWithheld => solver.reputation.declined(Self::verdict_weight(report.reward, 1)),
            _ => solver
                .reputation
                .failed_n(Self::verdict_weight(report.reward, report.tasks), report.tasks),
        };
        solver.faults = solver.faults.with_another(now, T::JailPeriod::get());
        Self::jail_if_due(who, &mut solver, now);
        Solvers::<T>::insert(who, solver);
        if amount == 0 {
            return None;
        }
        if is_taken {
            return Some(Self::schedule(who, amount, report, now));
        }
        Self::deposit_event(Event::SlashWaived {
            solver: who.clone(),
            amount,
            fault: report.fault,
            task: report.task,
            harmed: report.harmed,
            evidence: report.evidence,
        });
        None
    }

    /// What a fault costs a solver that no longer has its bond locked.
    fn cost_of(report: &FaultReport, solver: &Solver<T>, now: BlockNumber) -> Balance {
        let bond = report.bond;
        let (late, repeats) = (
            T::TimedOutShare::get(),
            solver.faults.recent(now, T::JailPeriod::get()),
        );
        match report.fault {
            Fault::TimedOut => slash::timed_out(bond, late, repeats),
            Fault::Unrevealed => slash::unrevealed(bond, late, T::UnrevealedFactor::get(), repeats),
            Fault::Wrong | Fault::Unopened => {
                let beside = solver.unencumbered().saturating_sub(bond);
                slash::wrong(bond, beside, T::WrongShare::get())
            }
            Fault::Rejected | Fault::BidWithheld => bond,
        }
    }

    /// Puts a slash on the agenda. At least one block ahead: today's agenda may be done already.
    fn schedule(who: &AccountId, amount: Balance, report: FaultReport, now: BlockNumber) -> SlashId {
        let id = NextSlashId::<T>::mutate(|next| {
            let id = *next;
            next.0 = next.0.saturating_add(1);
            id
        });
        let FaultReport {
            task,
            fault,
            harmed,
            evidence,
            ..
        } = report;
        let apply_at = now.saturating_add(T::SlashDefer::get().max(1));
        SlashAgenda::<T>::insert(apply_at, id, ());
        let slash = PendingSlash {
            solver: who.clone(),
            amount,
            fault,
            task,
            harmed: harmed.clone(),
            rescuer: None,
            evidence,
            apply_at,
        };
        Slashes::<T>::insert(id, slash);
        Self::deposit_event(Event::SlashScheduled {
            id,
            solver: who.clone(),
            amount,
            fault,
            task,
            harmed,
            evidence,
            apply_at,
        });
        id
    }

    /// The first to repair has the share. Whoever failed cannot repair its own damage.
    pub(crate) fn do_name_rescuer(id: SlashId, rescuer: &AccountId) {
        let Some(mut slash) = Slashes::<T>::get(id) else {
            return;
        };
        if slash.rescuer.is_some() || slash.solver == *rescuer {
            return;
        }
        slash.rescuer = Some(rescuer.clone());
        Slashes::<T>::insert(id, slash);
        Self::deposit_event(Event::RescuerNamed {
            id,
            rescuer: rescuer.clone(),
        });
    }

    pub(crate) fn do_cancel_slash(id: SlashId) -> DispatchResult {
        let slash = Slashes::<T>::take(id).ok_or(Error::<T>::NoSuchSlash)?;
        SlashAgenda::<T>::remove(slash.apply_at, id);
        Solvers::<T>::mutate_extant(&slash.solver, |solver| {
            solver.at_risk.defensive_saturating_reduce(slash.amount)
        });
        Self::deposit_event(Event::SlashCancelled {
            id,
            solver: slash.solver,
            amount: slash.amount,
        });
        Ok(())
    }

    /// Applies what is due, oldest block first, at most `MaxSlashesPerBlock`; where that does not suffice, the cursor says
    /// where the next block goes on, so that none is lost.
    pub(crate) fn apply_due_slashes(now: BlockNumber) -> Weight {
        let backlog = AgendaCursor::<T>::get();
        let mut block = backlog.unwrap_or(now);
        let mut slashes_left = T::MaxSlashesPerBlock::get();
        let mut passes_left = MAX_BLOCKS_PASSED;
        let mut weight = Weight::zero();
        while block <= now {
            weight.saturating_accrue(T::WeightInfo::agenda_block());
            if let Some(id) = SlashAgenda::<T>::iter_key_prefix(block).next() {
                if slashes_left == 0 {
                    break;
                }
                slashes_left = slashes_left.saturating_sub(1);
                let offers_dropped = Self::apply(block, id);
                weight.saturating_accrue(T::WeightInfo::apply_slash(offers_dropped));
            } else {
                if passes_left == 0 {
                    break;
                }
                passes_left = passes_left.saturating_sub(1);
                block = block.saturating_add(1);
            }
        }
        if block <= now {
            AgendaCursor::<T>::put(block);
        } else if backlog.is_some() {
            AgendaCursor::<T>::kill();
        }
        weight
    }

    /// Applies one slash; how many offers left the books with a solver of which nothing is left.
    fn apply(block: BlockNumber, id: SlashId) -> u32 {
        SlashAgenda::<T>::remove(block, id);
        let Some(slash) = Slashes::<T>::take(id) else {
            return 0;
        };
        let Some(mut solver) = Solvers::<T>::get(&slash.solver) else {
            return 0;
        };
        let parts = solver.take_slash(slash.amount);
        let shares = slash::split(
            slash.amount,
            T::HarmedShare::get(),
            T::RepairerShare::get(),
            slash.rescuer.is_some(),
        );
        let purse = Self::gather(&slash.solver, parts);
        let harmed = Self::pay_from_bond(&purse, &slash.harmed, shares.harmed);
        let repairer = slash.rescuer.map_or(0, |rescuer| {
            Self::pay_from_bond(&purse, &rescuer, shares.repairer)
        });
        let rest = slash.amount.saturating_sub(harmed).saturating_sub(repairer);
        let treasury = Self::pay_from_bond(&purse, &T::Treasury::get(), rest);
        Self::burn_from_bond(&purse, rest.saturating_sub(treasury));
        Self::deposit_event(Event::SlashApplied {
            id,
            solver: slash.solver.clone(),
            amount: slash.amount,
            delegated: parts.delegated,
            harmed,
            repairer,
            treasury,
        });
        Self::store_or_remove(&slash.solver, solver)
    }

    /// Brings both parts of a slash on hold in one account, from which it is paid: whoever receives it has it in one amount, which
    /// an account below the existential deposit could not take in two.
    fn gather(solver: &AccountId, parts: SlashParts) -> AccountId {
        if parts.delegated == 0 {
            return solver.clone();
        }
        let pool = Self::pool_account(solver);
        let moved = Self::move_held(solver, &pool, parts.own, Restriction::OnHold);
        Self::burn_from_bond(solver, parts.own.saturating_sub(moved));
        pool
    }

    /// Pays out of held stake; what was paid, which is all or nothing.
    fn pay_from_bond(from: &AccountId, to: &AccountId, amount: Balance) -> Balance {
        Self::move_held(from, to, amount, Restriction::Free)
    }

    fn move_held(from: &AccountId, to: &AccountId, amount: Balance, restriction: Restriction) -> Balance {
        if amount == 0 {
            return 0;
        }
        let moved = with_storage_layer(|| {
            T::NativeBalance::transfer_on_hold(
                &HoldReason::Bond.into(),
                from,
                to,
                amount,
                Precision::Exact,
                restriction,
                Fortitude::Force,
            )
        });
        moved.unwrap_or(0)
    }

    /// The last resort for what not even the treasury can receive: stake that was taken never goes back.
    fn burn_from_bond(from: &AccountId, amount: Balance) {
        if amount == 0 {
            return;
        }
        let burnt = T::NativeBalance::burn_held(
            &HoldReason::Bond.into(),
            from,
            amount,
            Precision::BestEffort,
            Fortitude::Force,
        );
        if let Err(error) = burnt {
            log::error!(target: "solver-staking", "cannot burn {amount} of the bond of {from:?}: {error:?}");
        }
    }
}
