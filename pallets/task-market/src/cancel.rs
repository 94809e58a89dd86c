//! Cancelling: the requester takes back what was not answered yet, for a fee to the solvers.

use crate::{settlement::Bill, weights::WeightInfo, Batches, Config, Error, Event, Inputs, Pallet};
use frame_support::{ensure, weights::Weight};
use pensum_primitives::{verdict::Reason, AccountId, Balance, BatchId};
use sp_runtime::{traits::Get, DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_cancel(who: &AccountId, id: BatchId) -> DispatchResult {
        let mut batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotOpen)?;
        ensure!(batch.requester == *who, Error::<T>::NotRequester);
        let inputs = Inputs::<T>::get(id);
        let mut compensation: Balance = 0;
        while let Some(part) = batch.take_part(|_| true) {
            Self::strike(id, &batch, &part);
            let mut bill = Bill::default();
            // Overdue parts are met here only while the agenda is behind; cancelling must not spare their solvers.
            let overdue = part.is_overdue(Self::now());
            for task in &part.tasks {
                let price = part.quote.price(task, batch.max_reward);
                let charge = if overdue { 0 } else { Self::cancel_fee(price) };
                bill.solver = bill.solver.saturating_add(charge);
                let input = inputs.get(usize::from(task.place));
                Self::refund(id, &batch, input, task, Reason::Cancelled, charge, &mut bill);
            }
            if overdue {
                Self::time_out(id, &batch, &part);
            } else {
                Self::release_stake(&part.solver, &part, &part.tasks, batch.max_reward);
            }
            Self::pay(&batch.requester, Some(&part.solver), None, bill);
            compensation = compensation.saturating_add(bill.solver);
        }
        Self::put(id, batch);
        Self::deposit_event(Event::BatchCancelled {
            batch: id,
            compensation,
        });
        Ok(())
    }

    /// What cancelling a task of this price costs, rounded up.
    fn cancel_fee(price: Balance) -> Balance {
        market_math::ppm::times_rounded_up(price, T::CancelFee::get().deconstruct())
    }

    /// Weight of cancelling this batch.
    pub(crate) fn cancel_weight(id: &BatchId) -> Weight {
        let (parts, tasks) =
            Batches::<T>::get(id).map_or((0, 0), |batch| (batch.parts.len() as u32, batch.tasks()));
        T::WeightInfo::cancel(parts, tasks)
    }
}
