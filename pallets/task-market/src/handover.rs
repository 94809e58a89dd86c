//! Hand-over: tasks that a solver failed or declined go to the next one, or back to the requester.

use crate::{
    opening::places,
    types::{Batch, Part},
    weights::WeightInfo,
    Batches, Config, Error, Event, Inputs, Pallet,
};
use alloc::vec::Vec;
use frame_support::weights::Weight;
use pensum_primitives::{
    operator::OperatorId,
    traits::Solvers,
    verdict::{Reason, Unable},
    BatchId, BlockNumber, SlashId,
};
use sp_runtime::{traits::Get, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Finds new solvers for the tasks of a part that was taken out of its batch: first in the book, then, where the first was found
    /// so, by auction. Refunds those that nobody takes.
    pub(crate) fn hand_over(
        id: BatchId,
        batch: &mut Batch,
        part: Part,
        slash: Option<SlashId>,
        now: BlockNumber,
    ) {
        let from = part.solver;
        let mut tasks: Vec<_> = part.tasks.into_inner();
        let mut reason = Reason::NobodyLeft;
        if batch.deadline < now.saturating_add(T::MinDeadline::get()) {
            reason = Reason::DeadlinePassed;
        } else if batch.failed.contains(&from) || batch.can_hand_over() {
            let fails_first = !batch.failed.contains(&from);
            if fails_first {
                batch.failed.force_push(from.clone());
            }
            let mut repairs = part.repairs;
            if let Some(slash) = slash {
                // There is room: each slash belongs to one of the failed solvers, of which there are no more.
                repairs.force_push(slash);
            }
            let old_parts = batch.parts.len();
            tasks = Self::share_out(id, batch, tasks, &repairs, now).left;
            for part in batch.parts.iter().skip(old_parts) {
                Self::deposit_event(Event::BatchHandedOver {
                    batch: id,
                    places: places(&part.tasks),
                    from: from.clone(),
                    to: part.solver.clone(),
                    price: part.price(batch.max_reward),
                    answer_by: part.answer_by,
                });
            }
            // An auction is told from the ones before by how many solvers have failed.
            if fails_first {
                tasks = Self::reopen(id, batch, tasks, &repairs, &from, now);
            }
        }
        if !tasks.is_empty() {
            Self::refund_all(id, batch, &Inputs::<T>::get(id), &tasks, reason);
        }
    }

    pub(crate) fn do_decline(operator: &OperatorId, id: BatchId, reason: Unable) -> DispatchResult {
        let solver = T::Solvers::of_operator(operator).ok_or(Error::<T>::NotAssigned)?;
        let mut batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotOpen)?;
        let part = batch
            .take_part(|part| part.solver == solver)
            .filter(Part::is_working)
            .ok_or(Error::<T>::NotAssigned)?;
        Self::strike(id, &batch, &part);
        T::Solvers::released(
            &solver,
            part.count(),
            part.bond(),
            part.price(batch.max_reward),
            true,
        );
        Self::deposit_event(Event::AssignmentDeclined {
            batch: id,
            solver,
            reason,
        });
        Self::hand_over(id, &mut batch, part, None, Self::now());
        Self::put(id, batch);
        Ok(())
    }

    /// Weight of handing over or refunding so many tasks of one part.
    pub(crate) fn hand_over_weight(batch: &Batch, tasks: u32) -> Weight {
        T::WeightInfo::hand_over(1, tasks).saturating_add(Self::extra_of_bills(batch.asset(), 1, 1))
    }

    /// Weight of declining this batch.
    pub(crate) fn decline_weight(id: &BatchId) -> Weight {
        let hand_over = Batches::<T>::get(id).map_or_else(
            || T::WeightInfo::hand_over(1, 0),
            |batch| Self::hand_over_weight(&batch, batch.tasks()),
        );
        T::WeightInfo::decline().saturating_add(hand_over)
    }
}
