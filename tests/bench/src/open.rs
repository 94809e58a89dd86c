//! Open tasks: many of them put into state by posting them, each in a batch of its own, which is what costs most state.

use crate::{
    failure::Measured,
    genesis::{must, Genesis},
    life::{post, Kind},
    people::People,
    shipped::Shipped,
};
use pallet_task_market::NextBatch;
use pensum_primitives::{BlockNumber, ModelId, TaskId};
use pensum_runtime::{constants::market::ANSWER_WINDOW, Runtime, System};
use std::ops::Range;

/// The block in which the first idle tasks pretend to have been posted: far from all blocks that are made.
const FAR: BlockNumber = 10_000;
/// Tasks that fall due after the same block.
pub const TOGETHER: usize = 100;
/// Blocks from a post to its deadline.
const AHEAD: BlockNumber = 1_000;

/// Who posts what.
pub struct Poster<'a> {
    /// Who asks, in turn.
    pub people: &'a People,
    /// What is asked.
    pub shipped: &'a Shipped,
}

impl Poster<'_> {
    /// Posts the tasks of these numbers that stay open for as long as is measured, of these models in turn. The task after the last of
    /// them has the id that it returns.
    pub fn idle(&self, genesis: &mut Genesis, models: &[ModelId], numbers: Range<usize>) -> Measured<TaskId> {
        genesis.execute_with(|| {
            for number in numbers {
                let at = FAR + (number / TOGETHER) as BlockNumber;
                self.post(models[number % models.len()], number, at)?;
            }
            Ok(NextBatch::<Runtime>::get().task(0))
        })
    }

    /// Posts a hundred tasks for each of these blocks, in which their solvers' time is over, of these models in turn.
    pub fn due(
        &self,
        genesis: &mut Genesis,
        models: &[ModelId],
        blocks: impl Iterator<Item = BlockNumber>,
    ) -> Measured {
        genesis.execute_with(|| {
            for block in blocks {
                for number in 0..TOGETHER {
                    // The last block in which an answer counts is the one before.
                    self.post(models[number % models.len()], number, block - 1 - ANSWER_WINDOW)?;
                }
            }
            Ok(())
        })
    }

    fn post(&self, model: ModelId, number: usize, at: BlockNumber) -> Measured {
        System::set_block_number(at);
        let terms = Kind::Replayed.terms(model, at + AHEAD);
        let call = post(terms, self.shipped, number, 1);
        must(&self.people.requester(number).account, call)?;
        if number.is_multiple_of(TOGETHER) {
            // Events of a block that is none: nobody reads them.
            System::reset_events();
        }
        Ok(())
    }
}
