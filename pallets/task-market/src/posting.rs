//! Posting for workflows: one task at a time, with money that is already set aside.

use crate::{
    post::Descent,
    prepay::Prepay,
    sheet::Work,
    types::{Inputs, Upstream},
    Batches, Config, Error, Pallet,
};
use alloc::vec;
use frame_support::{ensure, storage::with_storage_layer};
use pensum_primitives::{
    task::{Input, Terms},
    traits::Posting,
    workflow::WorkflowId,
    AccountId, Balance, TaskId,
};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Posting for Pallet<T> {
    fn check(terms: &Terms, input_lens: &[u32]) -> Result<Balance, DispatchError> {
        let cap = Self::cap(terms)?;
        let entry = Self::check_terms(terms, cap.max_reward, input_lens.len() as u32, Self::now())?;
        for len in input_lens {
            Self::check_len(&entry, *len)?;
        }
        let work = Work::new::<T>(terms, &entry, input_lens.to_vec());
        Self::check_work(&work)?;
        T::Prepay::fee(work.prepaid::<T>(), terms.asset)
    }

    fn post_for(
        requester: &AccountId,
        terms: Terms,
        input: Input,
        upstream: alloc::vec::Vec<TaskId>,
        follower: WorkflowId,
    ) -> Result<TaskId, DispatchError> {
        let descent = Descent {
            upstream: Upstream::try_from(upstream).map_err(|_| Error::<T>::TooManyUpstream)?,
            follower: Some(follower),
        };
        let posted = with_storage_layer(|| {
            Self::do_post(
                requester.clone(),
                terms,
                Inputs::truncate_from(vec![input]),
                descent,
            )
        })?;
        Ok(posted.id.task(0))
    }

    fn cancel_for(requester: &AccountId, task: TaskId) -> DispatchResult {
        let batch = Batches::<T>::get(task.batch()).ok_or(Error::<T>::BatchNotOpen)?;
        ensure!(batch.follower.is_some(), Error::<T>::BatchNotOpen);
        with_storage_layer(|| Self::do_cancel(requester, task.batch()))
    }
}
