//! Awards: an auction found the solver of a batch, or nobody.

use crate::{
    limits::MAX_PARTS,
    opening::places,
    types::{OpenTask, OpenTasks, Part, PartState, Quote},
    Batches, Config, Event, Inputs, Pallet,
};
use alloc::vec::Vec;
use pensum_primitives::{
    matching::Matching,
    traits::{Engagement, Lots, Solvers},
    verdict::Reason,
    AccountId, Balance, BatchId,
};

impl<T: Config> Lots for Pallet<T> {
    fn award(id: BatchId, solver: &AccountId, price: Balance) -> bool {
        Self::do_award(id, solver, price).is_some()
    }

    fn unsold(id: BatchId) {
        let Some(mut batch) = Batches::<T>::get(id).filter(|batch| !matches!(batch.matching, Matching::Book))
        else {
            return;
        };
        if let Some(waiting) = Self::take_waiting(id, &mut batch) {
            Self::refund_all(id, &batch, &Inputs::<T>::get(id), &waiting.tasks, Reason::NoBids);
        }
        Self::put(id, batch);
    }

    fn input_lens(id: BatchId) -> Vec<u32> {
        Batches::<T>::get(id).map_or_else(Vec::new, |batch| {
            batch.waiting_tasks().iter().map(|task| task.len).collect()
        })
    }
}

impl<T: Config> Pallet<T> {
    /// Engages the winner for all that waits; none, and nothing changes, where it cannot be.
    fn do_award(id: BatchId, solver: &AccountId, price: Balance) -> Option<()> {
        let mut batch = Batches::<T>::get(id)?;
        let now = Self::now();
        let is_fit = !matches!(batch.matching, Matching::Book)
            && batch.waiting.is_some()
            && batch.parts.len() < MAX_PARTS as usize
            && price <= batch.max_reward
            && now <= Self::award_by(batch.deadline)
            && !batch.excluded().contains(solver);
        if !is_fit {
            return None;
        }
        let prices: Vec<Balance> = batch.waiting_tasks().iter().map(|_| price).collect();
        let engagement = Engagement {
            model: &batch.model,
            prices: &prices,
            asset: batch.asset(),
            min_reputation: batch.min_reputation,
        };
        let bonds = T::Solvers::engage(solver, engagement).ok()?;
        let waiting = Self::take_waiting(id, &mut batch)?;
        let with_bond = |(task, bond): (&OpenTask, Balance)| OpenTask { bond, ..*task };
        let part = Part {
            solver: solver.clone(),
            quote: Quote::flat(price),
            state: PartState::Working,
            answer_by: Self::answer_by(&batch, now),
            sheets: 0,
            repairs: waiting.repairs,
            tasks: OpenTasks::truncate_from(waiting.tasks.iter().zip(bonds).map(with_bond).collect()),
        };
        Self::deposit_event(Event::BatchAwarded {
            batch: id,
            places: places(&part.tasks),
            requester: batch.requester.clone(),
            solver: solver.clone(),
            price,
            answer_by: part.answer_by,
        });
        Self::enlist(id, &mut batch, part);
        Self::put(id, batch);
        Some(())
    }
}
