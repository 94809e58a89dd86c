//! Results: what is told when a request has ended, and by which way.

use crate::{
    line::Line,
    types::{BatchState, EncodedResult, Ending, Handed, Refund, Request, Work},
    Batches, Config, Endings, Event, HandedOn, KeptRequests, KeptSpan, Pallet, Requests, Results,
};
use frame_support::traits::{Defensive, Get};
use pensum_primitives::{
    bridge::TASKS,
    follower::Follower,
    record::IndexedRecord,
    traits::{Followers, Mailbox},
    Digest,
};
use pensum_task_abi::{Delivery, FromTasks, TaskResult};
use sp_io::hashing::{keccak_256, sha2_256};
use sp_runtime::DispatchResult;

/// Requests whose results were handed on, the oldest first.
pub(crate) type Remembered<T> = Line<Digest, KeptRequests<T>, KeptSpan<T>>;

impl<T: Config> Followers for Pallet<T> {
    fn ended(follower: Follower, end: &IndexedRecord) {
        let Follower::Message(request) = follower else {
            return;
        };
        Endings::<T>::insert(request, Ending::of_task(end));
        Self::push(Work::Result { request });
    }
}

impl<T: Config> Pallet<T> {
    /// Sends the result of a request, or puts it into its chain's batch; and has what is left of its money sent.
    pub(crate) fn hand_on(id: Digest) -> DispatchResult {
        let request = Requests::<T>::get(id).defensive();
        let ending = Endings::<T>::get(id).defensive();
        let (Some(request), Some(ending)) = (request, ending) else {
            return Ok(());
        };
        let result = result_of(id, &request, &ending);
        let domain = request.remote.domain;
        let handed = match request.delivery {
            Delivery::Direct => {
                let body = FromTasks::Result(result).encode();
                let message = T::Mailbox::dispatch(TASKS, domain, request.remote.address, body)?;
                let gas = Self::result_gas(request.callback_gas);
                Self::note_payment(message, domain, gas, request.paid.result);
                Self::deposit_event(Event::ResultSent { request: id, message });
                Handed::Direct { message }
            }
            Delivery::Batched => {
                let encoded = EncodedResult::truncate_from(result.encode());
                let leaf = Digest::from(keccak_256(&encoded));
                Results::<T>::insert(id, encoded);
                let (batch, index) = Self::add_to_batch(domain, leaf, request.paid.result);
                Self::deposit_event(Event::ResultBatched {
                    request: id,
                    domain,
                    batch,
                    index,
                });
                Handed::Batched { domain, batch, index }
            }
        };
        Requests::<T>::remove(id);
        Endings::<T>::remove(id);
        Self::remember(id, handed);
        Self::queue_refund(id, &request, &ending);
        Ok(())
    }

    fn queue_refund(id: Digest, request: &Request, ending: &Ending) {
        let amount = ending.left_of(request.max_reward);
        let Some(to) = request.refund_to.filter(|_| amount > 0) else {
            return;
        };
        // A piece of work of its own: the result is on its way, whatever becomes of the money.
        Self::push(Work::Refund(Refund {
            request: id,
            remote: request.remote,
            asset: request.asset,
            amount,
            to,
            paid: request.paid.refund,
        }));
    }

    /// Remembers for a while where a result went, and forgets the oldest.
    fn remember(id: Digest, handed: Handed) {
        HandedOn::<T>::insert(id, handed);
        Remembered::<T>::push(id);
        // Two for one, so that the line is as short as it should be again after it grew while a batch could not be sent.
        for _ in 0..2 {
            let is_long = Remembered::<T>::length() > u64::from(T::KeptResults::get());
            if !is_long || !Self::forget_oldest() {
                break;
            }
        }
    }

    /// False, and nothing changes, where the oldest is in a batch that was not sent yet.
    fn forget_oldest() -> bool {
        let Some(id) = Remembered::<T>::peek() else {
            return false;
        };
        if let Some(Handed::Batched { domain, batch, index }) = HandedOn::<T>::get(id) {
            let leaves = match Batches::<T>::get(domain, batch) {
                Some(batch) if !matches!(batch.state, BatchState::Sent { .. }) => return false,
                Some(batch) => batch.leaves.len() as u32,
                None => 0,
            };
            // The results of a batch are forgotten in their order.
            if index.saturating_add(1) >= leaves {
                Batches::<T>::remove(domain, batch);
            }
            Results::<T>::remove(id);
        }
        HandedOn::<T>::remove(id);
        Remembered::<T>::pop();
        true
    }
}

/// What is told about a request.
fn result_of(id: Digest, request: &Request, ending: &Ending) -> TaskResult {
    TaskResult {
        request: id.into(),
        sender: request.remote.address.0.into(),
        task: request.task.map_or(0, |task| task.0),
        outcome: ending.outcome,
        model: ending.model.0.into(),
        input_digest: ending.input.into(),
        output_digest: sha2_256(&ending.output),
        output: ending.output.to_vec(),
        verification: ending.verification,
        evidence: ending.evidence.into(),
        asset: request.asset,
        price: ending.price,
        ended_at: ending.at,
        record: ending.record.into(),
    }
}
