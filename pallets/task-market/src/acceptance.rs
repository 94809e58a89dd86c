//! Acceptance: a requester judges an answer for itself.

use crate::{
    payment::PAYEES, settlement::Ground, types::Batch, types::ClaimedAnswer, types::OpenTask, types::Part,
    weights::WeightInfo, Appeals, Batches, ClaimedAnswers, Config, Error, Event, Pallet,
};
use alloc::vec;
use frame_support::{ensure, weights::Weight};
use pensum_primitives::{verification::Verification, AccountId, BatchId, Digest};
use sp_runtime::{DispatchError, DispatchResult};

/// An answer that its requester judges, with what holds it.
pub(crate) struct Submission {
    /// The task.
    pub task: OpenTask,
    /// The answer.
    pub claimed: ClaimedAnswer,
    /// The part that holds the task and nothing else, taken out of its batch and the agenda.
    pub part: Part,
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_accept(who: &AccountId, id: BatchId) -> DispatchResult {
        let mut batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotOpen)?;
        ensure!(batch.requester == *who, Error::<T>::NotRequester);
        Self::ensure_for_requester(&batch)?;
        ensure!(!Appeals::<T>::contains_key(id), Error::<T>::AppealOpen);
        let submission = Self::take_submission(id, &mut batch)?;
        Self::deposit_event(Event::AnswerAccepted {
            task: id.task(submission.task.place),
        });
        Self::settle_submission(id, &batch, submission, Ground::Accepted.digest());
        Self::put(id, batch);
        Ok(())
    }

    /// Weight of accepting this batch.
    pub(crate) fn accept_weight(id: &BatchId) -> Weight {
        let asset = Batches::<T>::get(id).and_then(|batch| batch.asset());
        T::WeightInfo::accept().saturating_add(Self::extra_of_bills(asset, 1, PAYEES))
    }

    /// Whether it is the requester who judges the answer.
    pub(crate) fn ensure_for_requester(batch: &Batch) -> DispatchResult {
        ensure!(
            matches!(batch.verification, Verification::Requester { .. }),
            Error::<T>::NotForRequester
        );
        Ok(())
    }

    /// Takes the only task of a batch that its requester judges out of it, if it is answered.
    pub(crate) fn take_submission(id: BatchId, batch: &mut Batch) -> Result<Submission, DispatchError> {
        let part = batch
            .take_part(|part| !part.is_working())
            .ok_or(Error::<T>::NotClaimed)?;
        let task = *part.tasks.first().ok_or(Error::<T>::NotClaimed)?;
        let claimed = ClaimedAnswers::<T>::get(id.task(task.place)).ok_or(Error::<T>::NotClaimed)?;
        Self::strike(id, batch, &part);
        Ok(Submission { task, claimed, part })
    }

    /// Pays for an answer that was judged good.
    pub(crate) fn settle_submission(id: BatchId, batch: &Batch, submission: Submission, evidence: Digest) {
        let Submission {
            task,
            claimed,
            mut part,
        } = submission;
        Self::settle_answers(id, batch, &mut part, vec![(task, claimed, evidence)]);
    }
}
