//! Posting for workflows and for other chains: one task at a time, with money that is already set aside.

use crate::{
    post::Descent,
    prepay::Prepay,
    sheet::Work,
    types::{Inputs, Upstream},
    weights::WeightInfo,
    Batches, Config, Error, Pallet,
};
use alloc::vec;
use frame_support::{ensure, storage::with_storage_layer, weights::Weight};
use pensum_primitives::{
    follower::Follower,
    task::{Input, Terms},
    traits::Posting,
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
        follower: Follower,
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

    fn accept_for(requester: &AccountId, task: TaskId) -> DispatchResult {
        let batch = Batches::<T>::get(task.batch()).ok_or(Error::<T>::BatchNotOpen)?;
        ensure!(batch.follower.is_some(), Error::<T>::BatchNotOpen);
        with_storage_layer(|| Self::do_accept(requester, task.batch()))
    }

    fn post_weight(terms: &Terms, input_len: u32) -> Weight {
        T::WeightInfo::post(1, input_len, crate::limits::MAX_PARTS)
            .max(T::WeightInfo::open(1, input_len))
            .saturating_add(Self::extra_of_posting(terms))
    }

    fn withdraw_weight(task: TaskId) -> Weight {
        let batch = task.batch();
        Self::cancel_weight(&batch).max(Self::accept_weight(&batch))
    }
}
