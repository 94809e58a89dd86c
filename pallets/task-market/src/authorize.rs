//! Authorisation: which answers and refusals get into the pool and into a block.

use crate::{
    sheet::by_batch,
    types::{Batch, Part, Sheet},
    Batches, Config, Inputs, Pallet,
};
use alloc::{vec, vec::Vec};
use codec::Encode;
use frame_support::{pallet_prelude::TransactionValidityWithRefund, weights::Weight};
use pensum_primitives::{
    operator::{answer_payload, decline_payload, OperatorId, OperatorSignature, Refusal},
    task::{Answer, Input},
    traits::{Models, Solvers},
    verdict::Unable,
    verification::Verification,
    AccountId, BatchId, BlockNumber, Digest,
};
use sp_runtime::{
    traits::{Get, Zero},
    transaction_validity::{InvalidTransaction, TransactionPriority, TransactionTag, ValidTransaction},
    RuntimeAppPublic,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn authorize_answer(
        operator: &OperatorId,
        answers: &Sheet,
        signature: &OperatorSignature,
    ) -> TransactionValidityWithRefund {
        validity(Self::check_answer(operator, answers, signature))
    }

    pub(crate) fn authorize_decline(
        operator: &OperatorId,
        batch: BatchId,
        reason: Unable,
        signature: &OperatorSignature,
    ) -> TransactionValidityWithRefund {
        validity(Self::check_decline(operator, batch, reason, signature))
    }

    /// Checks cheap things first: nobody without a key at work can make a node hash a sheet or read inputs.
    fn check_answer(
        operator: &OperatorId,
        answers: &Sheet,
        signature: &OperatorSignature,
    ) -> Result<ValidTransaction, Refusal> {
        if answers.is_empty() || !answers.is_sorted_by(|one, next| one.task < next.task) {
            return Err(Refusal::Malformed);
        }
        let solver = T::Solvers::of_operator(operator).ok_or(Refusal::UnknownOperator)?;
        let mut answer_by = BlockNumber::MAX;
        let mut brings_blobs = Vec::new();
        for answers in by_batch(answers) {
            let Some(first) = answers.first() else { continue };
            let id = first.task.batch();
            let batch = Batches::<T>::get(id).ok_or(Refusal::TaskNotOpen)?;
            if let Some(gone) = answers
                .iter()
                .find(|answer| batch.part_with(answer.task.place()).is_none())
            {
                log::debug!(target: "pensum::market", "task {} is not open", gone.task);
                return Err(Refusal::TaskNotOpen);
            }
            let part = batch.part_of(&solver).ok_or(Refusal::NotYours)?;
            Self::check_due(&batch, part, answers)?;
            answer_by = answer_by.min(part.answer_by);
            Self::check_outputs(&batch, answers)?;
            if check_blobs_present(part, answers)? {
                brings_blobs.push(id);
            }
        }
        let payload = answer_payload(Self::genesis(), operator, answers);
        if !operator.verify(&payload, signature) {
            return Err(Refusal::BadSignature);
        }
        for answers in by_batch(answers) {
            if !answers.iter().all(ends_in_its_output) {
                return Err(Refusal::TraceMismatch);
            }
            let Some(id) = answers.first().map(|answer| answer.task.batch()) else {
                continue;
            };
            if brings_blobs.contains(&id) {
                Self::check_blobs(id, answers)?;
            }
        }
        let tags = answers
            .iter()
            .map(|answer| (*b"answer", &solver, answer.task).encode())
            .collect();
        Ok(Self::valid(tags, answer_by, T::AnswerPriority::get()))
    }

    fn check_due(batch: &Batch, part: &Part, answers: &[Answer]) -> Result<(), Refusal> {
        if answers
            .iter()
            .any(|answer| part.task(answer.task.place()).is_none())
        {
            return Err(Refusal::NotYours);
        }
        if !part.is_working() {
            return Err(Refusal::AlreadyDone);
        }
        if part.is_overdue(Self::now()) {
            return Err(Refusal::TooLate);
        }
        let unfinished = answers.len() < part.tasks.len();
        if unfinished && !batch.settles_at_once() {
            // All answers of a part have one window.
            return Err(Refusal::TraceMismatch);
        }
        if unfinished && part.must_finish() {
            return Err(Refusal::TooManySheets);
        }
        Ok(())
    }

    /// Checks lengths and counts. Where the model is gone there is no length to check; the dispatch refunds the tasks.
    fn check_outputs(batch: &Batch, answers: &[Answer]) -> Result<(), Refusal> {
        let nodes = match batch.verification.is_traced() {
            true => T::Models::nodes(&batch.model),
            false => None,
        };
        if answers
            .iter()
            .any(|answer| answer.trace.as_ref().map(|trace| trace.len()) != nodes.map(usize::from))
        {
            return Err(Refusal::TraceMismatch);
        }
        let Some(entry) = T::Models::entry(&batch.model) else {
            return Ok(());
        };
        // What its requester judges may be shorter than the model could make it.
        let may_be_shorter = matches!(batch.verification, Verification::Requester { .. });
        let fits = |answer: &Answer| {
            let len = answer.output.len() as u32;
            len == entry.output_len || (may_be_shorter && len < entry.output_len)
        };
        answers.iter().all(fits).then_some(()).ok_or(Refusal::WrongLength)
    }

    /// Checks the blobs against what was posted; an answer to an inline input brings none, as was checked before.
    fn check_blobs(id: BatchId, answers: &[Answer]) -> Result<(), Refusal> {
        let inputs = Inputs::<T>::get(id);
        let fits = |answer: &Answer| match (inputs.get(usize::from(answer.task.place())), &answer.blob) {
            (Some(Input::Blob { digest, len }), Some(blob)) => {
                blob.len() as u32 == *len && sp_io::hashing::sha2_256(blob) == digest.0
            }
            (Some(Input::Inline(_)), None) => true,
            _ => false,
        };
        answers
            .iter()
            .all(fits)
            .then_some(())
            .ok_or(Refusal::BlobMismatch)
    }

    fn check_decline(
        operator: &OperatorId,
        id: BatchId,
        reason: Unable,
        signature: &OperatorSignature,
    ) -> Result<ValidTransaction, Refusal> {
        let solver: AccountId = T::Solvers::of_operator(operator).ok_or(Refusal::UnknownOperator)?;
        let batch = Batches::<T>::get(id).ok_or(Refusal::TaskNotOpen)?;
        let part = batch.part_of(&solver).ok_or(Refusal::NotYours)?;
        if !part.is_working() {
            return Err(Refusal::AlreadyDone);
        }
        if part.is_overdue(Self::now()) {
            return Err(Refusal::TooLate);
        }
        let payload = decline_payload(Self::genesis(), operator, id, reason);
        if !operator.verify(&payload, signature) {
            return Err(Refusal::BadSignature);
        }
        // Below an answer: a solver that sends both in its last block means the answers first.
        let priority = T::AnswerPriority::get().saturating_sub(1);
        Ok(Self::valid(
            vec![(*b"decline", &solver, id).encode()],
            part.answer_by,
            priority,
        ))
    }

    /// A transaction with these tags, of use until `answer_by`.
    fn valid(
        provides: Vec<TransactionTag>,
        answer_by: BlockNumber,
        priority: TransactionPriority,
    ) -> ValidTransaction {
        ValidTransaction {
            priority,
            requires: Vec::new(),
            provides,
            longevity: u64::from(answer_by.saturating_sub(Self::now())).max(1),
            propagate: true,
        }
    }

    fn genesis() -> Digest {
        frame_system::Pallet::<T>::block_hash(frame_system::pallet_prelude::BlockNumberFor::<T>::zero())
    }
}

/// Whether each answer brings a blob just where its task needs one; true if any does.
fn check_blobs_present(part: &Part, answers: &[Answer]) -> Result<bool, Refusal> {
    let mut any = false;
    for answer in answers {
        let needs = part.task(answer.task.place()).is_some_and(|task| task.blob);
        if needs != answer.blob.is_some() {
            return Err(Refusal::BlobMismatch);
        }
        any |= needs;
    }
    Ok(any)
}

/// Whether the last digest of an answer's trace, if it brings one, is that of its output.
fn ends_in_its_output(answer: &Answer) -> bool {
    answer.trace.as_ref().is_none_or(|trace| {
        let digest = Digest::from(sp_io::hashing::blake2_256(&answer.output));
        trace.last() == Some(&digest)
    })
}

fn validity(checked: Result<ValidTransaction, Refusal>) -> TransactionValidityWithRefund {
    checked
        .map(|valid| (valid, Weight::zero()))
        .map_err(|refusal| InvalidTransaction::Custom(refusal.code()).into())
}
