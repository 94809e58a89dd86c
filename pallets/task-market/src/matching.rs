//! Matching: shares the tasks of a batch out among solvers of the book.

use crate::{
    limits::MAX_PARTS,
    types::{Batch, OpenTask, OpenTasks, Part, PartState, Repairs},
    Agenda, Assigned, Batches, Config, Inputs, Pallet,
};
use alloc::vec::Vec;
use codec::Encode;
use pensum_primitives::{
    traits::{BookQuery, NoOffer, Solvers},
    BatchId, BlockNumber, Digest,
};
use sp_runtime::traits::Get;

/// What stands in the way of sharing out all tasks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Obstacle {
    /// Nobody offers the model.
    NobodyOffers,
    /// Nobody who offers it accepts the asset.
    AssetNotAccepted,
    /// It is offered in the stable unit only, which has no rate.
    NoRate,
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
            NoOffer::AssetNotAccepted => Self::AssetNotAccepted,
            NoOffer::NoRate => Self::NoRate,
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
        let answer_by = Self::answer_by(batch, now);
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
            Self::enlist(id, batch, part);
            left = rest;
        }
        SharedOut { left, obstacle: None }
    }

    /// The last block in which a solver can answer that gets its part now.
    pub(crate) fn answer_by(batch: &Batch, now: BlockNumber) -> BlockNumber {
        batch.deadline.min(now.saturating_add(T::AnswerWindow::get()))
    }

    /// Adds a new part to a batch that has room for it, to the agenda and to its solver's list.
    pub(crate) fn enlist(id: BatchId, batch: &mut Batch, part: Part) {
        Assigned::<T>::insert(&part.solver, id, ());
        Agenda::<T>::insert(part.answer_by, id, ());
        batch.parts.force_push(part);
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
            asset: batch.asset(),
            min_reputation: batch.min_reputation,
            exclude: &exclude,
            // Whoever declines pays nothing, and must not be able to choose by it who comes next.
            handed_over: !repairs.is_empty(),
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
            state: PartState::Working,
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
        if part.is_working() {
            Assigned::<T>::remove(&part.solver, id);
        }
        Self::strike_agenda(id, batch, part.answer_by);
    }

    /// Strikes a block from the agenda unless something else of the batch is due after it.
    pub(crate) fn strike_agenda(id: BatchId, batch: &Batch, block: BlockNumber) {
        if !batch.is_due_after(block) {
            Agenda::<T>::remove(block, id);
        }
    }

    /// Writes the batch back, or removes it if nothing of it lives.
    pub(crate) fn put(id: BatchId, batch: Batch) {
        if batch.is_over() {
            Batches::<T>::remove(id);
            Inputs::<T>::remove(id);
        } else {
            Batches::<T>::insert(id, batch);
        }
    }
}
