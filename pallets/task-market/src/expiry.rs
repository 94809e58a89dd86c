//! Expiry: assignments, auctions and panels whose time ran out, and windows that have passed, handled without anybody having to
//! ask.

use crate::{
    payment::PAYEES,
    types::{self, Batch, Part},
    weights::WeightInfo,
    Agenda, AgendaCursor, Batches, Config, Event, Inputs, Pallet,
};
use codec::Encode;
use frame_support::{traits::Defensive, weights::Weight};
use pensum_primitives::{
    solver::Fault,
    traits::{FaultReport, Solvers},
    verdict::Reason,
    BatchId, BlockNumber, SlashId,
};
use sp_runtime::traits::Get;

/// Most blocks of the agenda that one block walks while it works off a backlog. More than one, so that the backlog shrinks.
const MAX_BLOCKS: u32 = 16;

/// What was done of the agenda.
#[derive(Default)]
struct Done {
    blocks: u32,
    /// Parts and tasks that nobody answered in time.
    parts: u32,
    tasks: u32,
    /// Parts and tasks whose window has passed.
    settled_parts: u32,
    settled_tasks: u32,
    /// What all of it weighs more because it is paid in another asset than PEN.
    extra: Weight,
}

impl Done {
    /// Tasks of all kinds.
    fn all_tasks(&self) -> u32 {
        self.tasks.saturating_add(self.settled_tasks)
    }

    fn pay(&mut self, extra: Weight) {
        self.extra = self.extra.saturating_add(extra);
    }
}

impl<T: Config> Pallet<T> {
    /// Handles what was due until the block before `now`, as far as a block's limit reaches.
    pub(crate) fn expire(now: BlockNumber) -> Weight {
        let behind = AgendaCursor::<T>::get();
        let mut block = behind.unwrap_or(now.saturating_sub(1));
        let mut done = Done::default();
        let limit = T::MaxExpiriesPerBlock::get();
        while block < now && done.blocks < MAX_BLOCKS {
            match Agenda::<T>::iter_key_prefix(block).next() {
                Some(_) if done.all_tasks() >= limit => break,
                Some(id) => Self::expire_batch(id, block, now, &mut done),
                None => {
                    block = block.saturating_add(1);
                    done.blocks = done.blocks.saturating_add(1);
                }
            }
        }
        if block < now {
            AgendaCursor::<T>::put(block);
        } else if behind.is_some() {
            AgendaCursor::<T>::kill();
        }
        T::WeightInfo::expire(done.blocks)
            .saturating_add(T::WeightInfo::hand_over(done.parts, done.tasks))
            .saturating_add(T::WeightInfo::settle_claims(
                done.settled_parts,
                done.settled_tasks,
            ))
            .saturating_add(done.extra)
    }

    fn expire_batch(id: BatchId, block: BlockNumber, now: BlockNumber, done: &mut Done) {
        // Taking out the parts strikes the entry too; this makes sure that none is ever met twice.
        Agenda::<T>::remove(block, id);
        let Some(mut batch) = Batches::<T>::get(id).defensive() else {
            done.tasks = done.tasks.saturating_add(1);
            return;
        };
        if Self::expire_appeal(id, &batch, now) {
            done.settled_parts = done.settled_parts.saturating_add(1);
            done.settled_tasks = done.settled_tasks.saturating_add(1);
            done.pay(Self::extra_of_bills(batch.asset(), 1, PAYEES));
            return;
        }
        Self::expire_waiting(id, &mut batch, now, done);
        while let Some(part) = batch.take_part(|part| part.is_overdue(now)) {
            Self::strike(id, &batch, &part);
            if part.is_working() {
                done.parts = done.parts.saturating_add(1);
                done.tasks = done.tasks.saturating_add(part.count());
                let slash = Self::time_out(id, &batch, &part);
                Self::hand_over(id, &mut batch, part, slash, now);
                done.pay(Self::extra_of_bills(batch.asset(), 1, 1));
            } else {
                done.settled_parts = done.settled_parts.saturating_add(1);
                done.settled_tasks = done.settled_tasks.saturating_add(part.count());
                Self::settle_claims(id, &mut batch, part, now);
                done.pay(Self::extra_of_bills(batch.asset(), 1, PAYEES));
            }
        }
        Self::put(id, batch);
    }

    /// Refunds tasks that found no solver, or no verdict, before their deadline.
    fn expire_waiting(id: BatchId, batch: &mut Batch, now: BlockNumber, done: &mut Done) {
        if batch.deadline >= now {
            return;
        }
        let engaged = Self::engaged_solvers(id, batch);
        if let Some(waiting) = Self::take_waiting(id, batch) {
            done.parts = done.parts.saturating_add(engaged.max(1));
            done.tasks = done.tasks.saturating_add(waiting.tasks.len() as u32);
            Self::close(id, batch);
            let inputs = Inputs::<T>::get(id);
            Self::refund_all(id, batch, &inputs, &waiting.tasks, Reason::DeadlinePassed);
            done.pay(Self::extra_of_bills(batch.asset(), 1, 1));
        }
    }

    /// Reports the solver of a part whose time ran out.
    pub(crate) fn time_out(id: BatchId, batch: &Batch, part: &Part) -> Option<SlashId> {
        let slash = types::ids(id, &part.tasks).next().and_then(|first| {
            T::Solvers::fault(
                &part.solver,
                FaultReport {
                    task: first,
                    fault: Fault::TimedOut,
                    bond: part.bond(),
                    tasks: part.count(),
                    reward: part.price(batch.max_reward),
                    harmed: batch.requester.clone(),
                    evidence: sp_io::hashing::blake2_256(&(first, part.answer_by).encode()).into(),
                },
            )
        });
        Self::deposit_event(Event::AssignmentTimedOut {
            batch: id,
            solver: part.solver.clone(),
            tasks: part.count(),
            slash,
        });
        slash
    }
}
