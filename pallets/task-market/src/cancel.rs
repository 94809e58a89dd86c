//! Cancelling: the requester takes back what is not answered yet, for a fee to those who are at work on it.

use crate::{
    opening::member_cap,
    payment::{Bill, Tariff},
    types::{Batch, Inputs as BatchInputs, Part},
    weights::WeightInfo,
    Batches, Config, Error, Event, Inputs, Pallet,
};
use alloc::vec::Vec;
use frame_support::{ensure, weights::Weight};
use pensum_primitives::{
    panel::Paid,
    task::TaskState,
    traits::{Auctions, Panels},
    verdict::Reason,
    verification::Verification,
    AccountId, Balance, BatchId,
};
use sp_runtime::{traits::Get, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_cancel(who: &AccountId, id: BatchId) -> DispatchResult {
        let mut batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotOpen)?;
        ensure!(batch.requester == *who, Error::<T>::NotRequester);
        ensure!(
            batch.waiting.is_some() || batch.parts.iter().any(Part::is_working),
            Error::<T>::NothingToCancel
        );
        let inputs = Inputs::<T>::get(id);
        let mut compensation = Self::cancel_waiting(id, &mut batch, &inputs)?;
        while let Some(part) = batch.take_part(|part| part.is_working()) {
            compensation = compensation.saturating_add(Self::cancel_part(id, &batch, part, &inputs));
        }
        Self::put(id, batch);
        Self::deposit_event(Event::BatchCancelled {
            batch: id,
            compensation,
        });
        Ok(())
    }

    /// Cancels what its solver must still answer, and returns what the solver gets for its trouble.
    fn cancel_part(id: BatchId, batch: &Batch, part: Part, inputs: &BatchInputs) -> Balance {
        Self::strike(id, batch, &part);
        let mut bill = Bill::default();
        let mut compensation: Balance = 0;
        // Overdue parts are met here only while the agenda is behind; cancelling must not spare their solvers.
        let overdue = part.is_overdue(Self::now());
        for task in &part.tasks {
            let price = part.quote.price(task, batch.max_reward);
            let charge = if overdue {
                0
            } else {
                batch.cost(Self::cancel_fee(price))
            };
            compensation = compensation.saturating_add(charge);
            let input = inputs.get(usize::from(task.place));
            Self::refund(id, batch, input, task, Reason::Cancelled, charge, &mut bill);
        }
        bill.add_share(&part.solver, compensation);
        if overdue {
            Self::time_out(id, batch, &part);
        } else {
            Self::release_stake(&part.solver, &part, &part.tasks, batch.max_reward);
        }
        Self::pay(batch, &Tariff::default(), bill);
        compensation
    }

    /// Cancels what no solver holds, and returns what it costs.
    fn cancel_waiting(
        id: BatchId,
        batch: &mut Batch,
        inputs: &BatchInputs,
    ) -> Result<Balance, DispatchError> {
        if batch.waiting.is_none() {
            return Ok(0);
        }
        let engaged = batch.costs(Self::engaged(id, batch)?);
        let Some(waiting) = Self::take_waiting(id, batch) else {
            return Ok(0);
        };
        Self::close(id, batch);
        let mut bill = Bill::default();
        let each = engaged
            .iter()
            .fold(0, |sum: Balance, (_, fee)| sum.saturating_add(*fee));
        for task in &waiting.tasks {
            let input = inputs.get(usize::from(task.place));
            Self::refund(id, batch, input, task, Reason::Cancelled, each, &mut bill);
        }
        let tasks = waiting.tasks.len() as Balance;
        for (payee, fee) in &engaged {
            bill.add_share(payee, fee.saturating_mul(tasks));
        }
        Self::pay(batch, &Tariff::default(), bill);
        Ok(each.saturating_mul(tasks))
    }

    /// Who must be paid for their trouble with tasks that no solver holds, and how much PEN for each: nobody while nobody is engaged.
    fn engaged(id: BatchId, batch: &Batch) -> Result<Vec<Paid>, DispatchError> {
        if let Verification::Quorum { solvers, .. } = batch.verification {
            let Some(panel) = T::Panels::view(id) else {
                return Ok(Vec::new());
            };
            // In a further round the answers of the one before lie readable.
            let reveals = panel.round > 0 || panel.state == TaskState::Revealing;
            ensure!(!reveals, Error::<T>::PanelReveals);
            let fee = Self::cancel_fee(member_cap(batch.max_reward, solvers));
            return Ok(panel.members.into_iter().map(|member| (member, fee)).collect());
        }
        // Bids are hidden, and the market does not know who made them: the treasury is paid on behalf of the bidders.
        Ok(T::Auctions::view(id)
            .filter(|auction| auction.bids > 0)
            .map(|auction| {
                let fee = Self::cancel_fee(auction.price.min(batch.max_reward));
                (T::Treasury::get(), fee)
            })
            .into_iter()
            .collect())
    }

    /// What cancelling a task of this price costs, rounded up.
    fn cancel_fee(price: Balance) -> Balance {
        market_math::ppm::times_rounded_up(price, T::CancelFee::get().deconstruct())
    }

    /// Weight of cancelling this batch.
    pub(crate) fn cancel_weight(id: &BatchId) -> Weight {
        Batches::<T>::get(id).map_or_else(
            || T::WeightInfo::cancel(0, 0),
            |batch| {
                let engaged = Self::engaged_solvers(*id, &batch);
                let held = batch.parts.len() as u32;
                let parts = engaged.saturating_add(held);
                // One bill for each part, and one for what waits; its requester is a payee of each, each solver with its delegators.
                let bills = held.saturating_add(1);
                let payees = parts.saturating_mul(2).saturating_add(bills);
                T::WeightInfo::cancel(parts, batch.tasks()).saturating_add(Self::extra_of_bills(
                    batch.asset(),
                    bills,
                    payees,
                ))
            },
        )
    }
}
