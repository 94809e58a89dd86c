//! Matching: shares the tasks of a batch out among solvers of the book.

use crate::{
    limits::MAX_PARTS,
    types::{Batch, OpenTask, OpenTasks, Part},
    Agenda, Assigned, Config, Pallet,
};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{traits::ConstU32, BoundedVec};
use pensum_primitives::{
    traits::{BookQuery, NoOffer, Solvers},
    BatchId, BlockNumber, Digest, SlashId,
};
use sp_runtime::traits::Get;

/// Slashes that wait for whoever repairs the damage.
pub(crate) type Repairs = BoundedVec<SlashId, ConstU32<{ crate::limits::MAX_HANDOVERS }>>;

/// What stands in the way of sharing out all tasks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Obstacle {
    /// Nobody offers the model.
    NobodyOffers,
    /// Every offer is above the price cap.
    CapTooLow,
    /// No solver is free.
    NobodyFree,
    /// More parts than a batch may have would be needed.
    TooManyParts,
}

impl From<NoOffer> for Obstacle {
    fn from(reason: NoOffer) -> Self {
        match reason {
            NoOffer::NobodyOffers => Self::NobodyOffers,
            NoOffer::CapTooLow { .. } => Self::CapTooLow,
            NoOffer::NobodyFree => Self::NobodyFree,
        }
    }
}

/// What came of sharing out tasks.
pub(crate) struct SharedOut {
    /// Tasks that nobody took.
    pub left: Vec<OpenTask>,
    /// Why, if there are any.
    pub obstacle: Option<Obstacle>,
}

impl<T: Config> Pallet<T> {
    /// Appends parts to the batch until all tasks are taken or something stands in the way, and enters them in the agenda.
    pub(crate) fn share_out(
        id: BatchId,
        batch: &mut Batch,
        mut left: Vec<OpenTask>,
        repairs: &Repairs,
        now: BlockNumber,
    ) -> SharedOut {
        let answer_by = batch.deadline.min(now.saturating_add(T::AnswerWindow::get()));
        while !left.is_empty() {
            if batch.parts.len() >= MAX_PARTS as usize {
                return SharedOut {
                    left,
                    obstacle: Some(Obstacle::TooManyParts),
                };
            }
            let (part, rest) = match Self::assign(id, batch, &left, repairs, answer_by) {
                Ok(found) => found,
                Err(obstacle) => {
                    return SharedOut {
                        left,
                        obstacle: Some(obstacle),
                    }
                }
            };
            Assigned::<T>::insert(&part.solver, id, ());
            Agenda::<T>::insert(part.answer_by, id, ());
            // There is room: the length was looked at above.
            batch.parts.force_push(part);
            left = rest;
        }
        SharedOut { left, obstacle: None }
    }

    /// Finds one solver for the first of these tasks; returns its part and the tasks it leaves.
    fn assign(
        id: BatchId,
        batch: &Batch,
        tasks: &[OpenTask],
        repairs: &Repairs,
        answer_by: BlockNumber,
    ) -> Result<(Part, Vec<OpenTask>), Obstacle> {
        let lens: Vec<u32> = tasks.iter().map(|task| task.len).collect();
        let exclude = batch.excluded();
        let assignment = T::Solvers::assign(BookQuery {
            model: &batch.model,
            input_lens: &lens,
            max_reward: batch.max_reward,
            min_reputation: batch.min_reputation,
            exclude: &exclude,
            seed: Self::seed(id, exclude.len()),
        })?;
        let mut bonds = assignment.bonds.into_iter();
        let taken: Vec<OpenTask> = tasks
            .iter()
            .take(assignment.taken as usize)
            .map(|task| OpenTask {
                bond: bonds.next().unwrap_or_default(),
                ..*task
            })
            .collect();
        if taken.is_empty() {
            return Err(Obstacle::NobodyFree);
        }
        let rest = tasks.iter().skip(taken.len()).copied().collect();
        let part = Part {
            solver: assignment.solver,
            quote: assignment.offer.into(),
            answer_by,
            sheets: 0,
            repairs: repairs.clone(),
            tasks: OpenTasks::truncate_from(taken),
        };
        Ok((part, rest))
    }

    /// Randomness for ties between offers. A requester cannot foresee the parent of the block that includes its post; the author of
    /// that parent could bend it, at the price of its block, for no more than a place in one tie.
    fn seed(id: BatchId, round: usize) -> Digest {
        let parent = frame_system::Pallet::<T>::parent_hash();
        sp_io::hashing::blake2_256(&(*b"pensum/match", parent, id, round as u32, Self::now()).encode()).into()
    }

    /// Strikes a part that was taken out of its batch from the agenda and from its solver's list.
    pub(crate) fn strike(id: BatchId, batch: &Batch, part: &Part) {
        Assigned::<T>::remove(&part.solver, id);
        if !batch.parts.iter().any(|other| other.answer_by == part.answer_by) {
            Agenda::<T>::remove(part.answer_by, id);
        }
    }

    /// Writes the batch back, or removes it if nothing of it lives.
    pub(crate) fn put(id: BatchId, batch: Batch) {
        if batch.parts.is_empty() {
            crate::Batches::<T>::remove(id);
            crate::Inputs::<T>::remove(id);
        } else {
            crate::Batches::<T>::insert(id, batch);
        }
    }
}
