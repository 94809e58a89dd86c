//! What is to be done, so much of it in each block, and what is tried again.

use crate::{
    line::Line,
    types::{Retry, Work},
    weights::WeightInfo,
    Closings, ClosingsSpan, Config, Event, Pallet, Queue, QueueSpan, Retries, RetriesSpan,
};
use frame_support::{storage::with_storage_layer, weights::Weight};
use pensum_primitives::{traits::Mailbox, BlockNumber};
use sp_runtime::traits::Get;

/// What is to be done, first in, first out.
pub(crate) type Todo<T> = Line<Work, Queue<T>, QueueSpan<T>>;
/// What could not be done. All of it waits equally long, so that who is first is due first.
pub(crate) type Again<T> = Line<Retry, Retries<T>, RetriesSpan<T>>;
/// Batches that were opened. Each is open for at most the same time, so that who is first is due first.
pub(crate) type Closes<T> = Line<crate::types::Closing, Closings<T>, ClosingsSpan<T>>;

impl<T: Config> Pallet<T> {
    pub(crate) fn push(work: Work) {
        Todo::<T>::push(work);
    }

    /// Closes batches whose time has come and does what is queued, as far as a block's limit reaches.
    pub(crate) fn work_off(now: BlockNumber) -> Weight {
        let mut weight = T::WeightInfo::look();
        let mut left = T::MaxWorkPerBlock::get();
        while left > 0 && Closes::<T>::peek().is_some_and(|closing| closing.at <= now) {
            Self::close_next();
            weight = weight.saturating_add(T::WeightInfo::close());
            left = left.saturating_sub(1);
        }
        // What fails again and again takes half of the limit at most, so that the rest goes on.
        let mut retries = left.div_ceil(2).min(T::MaxWorkPerBlock::get().div_euclid(2));
        while retries > 0 && Again::<T>::peek().is_some_and(|retry| retry.at <= now) {
            if let Some(retry) = Again::<T>::pop() {
                weight = weight.saturating_add(Self::perform(retry.work, now));
            }
            retries = retries.saturating_sub(1);
            left = left.saturating_sub(1);
        }
        while left > 0 {
            let Some(work) = Todo::<T>::pop() else { break };
            weight = weight.saturating_add(Self::perform(work, now));
            left = left.saturating_sub(1);
        }
        weight
    }

    /// Does a piece of work, or puts it back to be tried again.
    fn perform(work: Work, now: BlockNumber) -> Weight {
        let done = with_storage_layer(|| match work {
            Work::Result { request } => Self::hand_on(request),
            Work::Refund(refund) => Self::send_refund(refund),
            Work::Root { domain, batch } => Self::send_root(domain, batch),
        });
        if let Err(error) = done {
            let at = now.saturating_add(T::RetryAfter::get());
            Again::<T>::push(Retry { work, at });
            Self::deposit_event(Event::SendingDelayed { work, error, at });
        }
        Self::work_weight(&work)
    }

    /// What a piece of work weighs at most.
    pub(crate) fn work_weight(work: &Work) -> Weight {
        let dispatch = T::Mailbox::dispatch_weight();
        match work {
            Work::Result { .. } => {
                T::WeightInfo::hand_on().saturating_add(dispatch.max(T::WeightInfo::add_to_batch()))
            }
            Work::Refund(_) => T::WeightInfo::send_tokens().saturating_add(dispatch),
            Work::Root { .. } => T::WeightInfo::send_root().saturating_add(dispatch),
        }
    }
}
