//! Batches: many results to one chain under one root, so that the cost of a result falls with their number.

use crate::{
    queue::Closes,
    types::{Batch, BatchState, Closing, Work, MAX_LEAVES},
    BatchCount, Batches, Config, Error, Event, Pallet, Registries,
};
use binary_merkle_tree::merkle_root_raw;
use frame_support::traits::{Defensive, Get};
use pensum_primitives::{
    bridge::{Domain, TASKS},
    traits::Mailbox,
    Balance, Digest,
};
use pensum_task_abi::{FromTasks, Root};
use sp_runtime::{traits::Keccak256, DispatchResult};

impl Batch {
    /// The root of its tree.
    pub fn root(&self) -> Digest {
        merkle_root_raw::<Keccak256, _>(self.leaves.iter().copied())
    }

    /// Whether it takes another result.
    fn has_room(&self) -> bool {
        self.state == BatchState::Open && self.leaves.len() < MAX_LEAVES as usize
    }
}

impl<T: Config> Pallet<T> {
    /// Puts a result into the batch of its chain that is open, or opens one; returns the batch and the leaf's place.
    pub(crate) fn add_to_batch(domain: Domain, leaf: Digest, paid: Balance) -> (u64, u32) {
        let (number, mut batch) = Self::open_batch(domain);
        let index = batch.leaves.len() as u32;
        if batch.leaves.try_push(leaf).is_err() {
            frame_support::defensive!("an open batch has room");
        }
        batch.paid = batch.paid.saturating_add(paid);
        if !batch.has_room() {
            Self::close(domain, number, &mut batch);
        }
        Batches::<T>::insert(domain, number, batch);
        (number, index)
    }

    fn open_batch(domain: Domain) -> (u64, Batch) {
        let count = BatchCount::<T>::get(domain);
        let last = count.checked_sub(1).and_then(|last| {
            let batch = Batches::<T>::get(domain, last)?;
            batch.has_room().then_some((last, batch))
        });
        last.unwrap_or_else(|| {
            BatchCount::<T>::insert(domain, count.saturating_add(1));
            Closes::<T>::push(Closing {
                domain,
                batch: count,
                at: Self::now().saturating_add(T::BatchPeriod::get()),
            });
            (count, Batch::default())
        })
    }

    fn close(domain: Domain, batch: u64, of: &mut Batch) {
        of.state = BatchState::Closed;
        Self::push(Work::Root { domain, batch });
    }

    /// Closes the batch that has been open for the longest time, if it is still open.
    pub(crate) fn close_next() {
        let Some(Closing { domain, batch, .. }) = Closes::<T>::pop() else {
            return;
        };
        let Some(mut of) = Batches::<T>::get(domain, batch) else {
            return;
        };
        if of.state == BatchState::Open {
            Self::close(domain, batch, &mut of);
            Batches::<T>::insert(domain, batch, of);
        }
    }

    /// Sends the root of a closed batch to its chain's registry.
    pub(crate) fn send_root(domain: Domain, number: u64) -> DispatchResult {
        let Some(mut batch) = Batches::<T>::get(domain, number).defensive() else {
            return Ok(());
        };
        let registry = Registries::<T>::get(domain).ok_or(Error::<T>::NoRegistry)?;
        let root = batch.root();
        let leaves = batch.leaves.len() as u32;
        let body = FromTasks::Root(Root {
            batch: number,
            root: root.into(),
            leaves,
        });
        let message = T::Mailbox::dispatch(TASKS, domain, registry, body.encode())?;
        Self::note_payment(message, domain, T::RootGas::get(), batch.paid);
        batch.state = BatchState::Sent { message, root };
        Batches::<T>::insert(domain, number, batch);
        Self::deposit_event(Event::RootSent {
            domain,
            batch: number,
            root,
            leaves,
            message,
        });
        Ok(())
    }
}
