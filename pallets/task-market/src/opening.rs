//! Opening: tasks that no solver holds go to auction, or before a panel.

use crate::{
    limits::PANEL_ROUNDS,
    types::{Batch, OpenTask, OpenTasks, Places, Repairs, Waiting},
    Agenda, Config, Event, Pallet,
};
use alloc::vec::Vec;
use frame_support::storage::with_storage_layer;
use pensum_primitives::{
    matching::Matching,
    panel::Question,
    traits::{Auctions, Lot, Models, Panels, Summons},
    verification::{Rule, Verification},
    AccountId, Balance, BatchId, BlockNumber,
};
use sp_runtime::{traits::Get, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Puts tasks among those that no solver holds, in the agenda, and before an auction or a panel.
    pub(crate) fn open(
        id: BatchId,
        batch: &mut Batch,
        tasks: &[OpenTask],
        repairs: Repairs,
    ) -> DispatchResult {
        let without_bond = |task: &OpenTask| OpenTask { bond: 0, ..*task };
        batch.waiting = Some(Waiting {
            repairs,
            tasks: OpenTasks::truncate_from(tasks.iter().map(without_bond).collect()),
        });
        Agenda::<T>::insert(batch.deadline, id, ());
        match batch.verification.clone() {
            Verification::Quorum {
                solvers,
                threshold,
                rule,
            } => Self::summon_panel(id, batch, solvers, threshold, rule),
            _ => T::Auctions::open(Lot {
                batch: id,
                requester: batch.requester.clone(),
                model: &batch.model,
                tasks: tasks.len() as u32,
                max_reward: batch.max_reward,
                asset: batch.asset(),
                min_reputation: batch.min_reputation,
                matching: batch.matching,
                award_by: Self::award_by(batch.deadline),
                exclude: &batch.failed,
            }),
        }
    }

    fn summon_panel(id: BatchId, batch: &Batch, solvers: u8, threshold: u8, rule: Rule) -> DispatchResult {
        // Free text is never at fault for being different; what an integer graph or a rule decides is.
        let deterministic = !matches!(rule, Rule::Exact) || T::Models::nodes(&batch.model).is_some();
        T::Panels::summon(Summons {
            batch: id,
            requester: batch.requester.clone(),
            model: batch.model,
            tasks: batch
                .waiting_tasks()
                .iter()
                .map(|task| (task.place, task.len))
                .collect(),
            question: Question::Answers(rule),
            size: solvers,
            threshold,
            rounds: PANEL_ROUNDS,
            member_cap: member_cap(batch.max_reward, solvers),
            asset: batch.asset(),
            min_reputation: batch.min_reputation,
            exclude: batch.failed.to_vec(),
            slash_difference: deterministic,
        })
    }

    /// Sends tasks back to auction that failed, and whom the book has nobody for. Returns those for which there is no time or no
    /// auction left.
    pub(crate) fn reopen(
        id: BatchId,
        batch: &mut Batch,
        tasks: Vec<OpenTask>,
        repairs: &Repairs,
        from: &AccountId,
        now: BlockNumber,
    ) -> Vec<OpenTask> {
        let ahead = batch.deadline.saturating_sub(now);
        // A batch has one auction at a time, whose bidders bid for what it had in the beginning.
        if tasks.is_empty()
            || matches!(batch.matching, Matching::Book)
            || batch.waiting.is_some()
            || T::Auctions::check(&batch.matching, batch.max_reward, ahead).is_err()
        {
            return tasks;
        }
        let mut reopened = batch.clone();
        if with_storage_layer(|| Self::open(id, &mut reopened, &tasks, repairs.clone())).is_err() {
            return tasks;
        }
        *batch = reopened;
        Self::deposit_event(Event::BatchReauctioned {
            batch: id,
            places: places(&tasks),
            from: from.clone(),
        });
        Vec::new()
    }

    /// Takes out the tasks that no solver holds, and strikes them from the agenda.
    pub(crate) fn take_waiting(id: BatchId, batch: &mut Batch) -> Option<Waiting> {
        let waiting = batch.waiting.take()?;
        Self::strike_agenda(id, batch, batch.deadline);
        Some(waiting)
    }

    /// Ends the auction or dismisses the panel of tasks that were taken out.
    pub(crate) fn close(id: BatchId, batch: &Batch) {
        match batch.verification {
            Verification::Quorum { .. } => T::Panels::dismiss(id),
            _ => T::Auctions::close(id),
        }
    }

    /// How many solvers have stake behind tasks that no solver holds, which ending their auction or panel gives back.
    pub(crate) fn engaged_solvers(id: BatchId, batch: &Batch) -> u32 {
        if batch.waiting.is_none() {
            return 0;
        }
        match batch.verification {
            Verification::Quorum { .. } => T::Panels::view(id).map_or(0, |panel| panel.members.len() as u32),
            _ => T::Auctions::view(id).map_or(0, |auction| auction.bids),
        }
    }

    /// The last block in which an award leaves the solver time to answer.
    pub(crate) fn award_by(deadline: BlockNumber) -> BlockNumber {
        deadline.saturating_sub(T::MinDeadline::get())
    }
}

/// Most that a member of a panel may cost for one task: so little that the members of its larger, second round fit the price cap.
pub(crate) fn member_cap(max_reward: Balance, solvers: u8) -> Balance {
    max_reward
        .checked_div(Balance::from(solvers).saturating_mul(2))
        .unwrap_or_default()
}

/// The places of tasks in their batch.
pub(crate) fn places(tasks: &[OpenTask]) -> Places {
    Places::truncate_from(tasks.iter().map(|task| task.place).collect())
}
