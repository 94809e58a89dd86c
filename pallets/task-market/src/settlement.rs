//! Settlement: the end of a task, with or without an answer, and its record.

use crate::{
    payment::{Bill, Tariff},
    types::{Batch, Inputs as BatchInputs, OpenTask},
    Config, Event, Pallet,
};
use alloc::vec::Vec;
use codec::Encode;
use pensum_primitives::{
    panel::Paid,
    record::{IndexedRecord, Record},
    task::{Input, Output},
    traits::{Followers, Records},
    verdict::{Outcome, Reason},
    AccountId, Balance, BatchId, Digest,
};
use sp_runtime::traits::Get;

/// A task with its verified answer.
pub(crate) struct Answered<'a> {
    /// The task.
    pub task: &'a OpenTask,
    /// Its input.
    pub input: Option<&'a Input>,
    /// The answer.
    pub output: &'a Output,
    /// Who gave it, and what the requester pays each, in units of its asset. Never empty.
    pub solvers: &'a [Paid],
    /// What the verdict rests on.
    pub evidence: Digest,
}

/// Why an answer that its requester judges is settled. Its digest is the record's evidence.
#[derive(Encode)]
pub(crate) enum Ground {
    /// The requester accepted it.
    Accepted,
    /// The requester let the window pass.
    WindowPassed,
    /// A jury decided that it stands; with the evidence of its verdict.
    Jury(Digest),
}

impl Ground {
    /// The digest that goes into the record.
    pub fn digest(&self) -> Digest {
        sp_io::hashing::blake2_256(&(*b"pensum/ground", self).encode()).into()
    }
}

impl<T: Config> Pallet<T> {
    /// Ends a task with an answer: adds its price to the bill, records it and says so.
    pub(crate) fn settle(
        id: BatchId,
        batch: &Batch,
        answered: Answered<'_>,
        tariff: &Tariff,
        bill: &mut Bill,
    ) {
        let Answered {
            task,
            input,
            output,
            solvers,
            evidence,
        } = answered;
        let task_id = id.task(task.place);
        let price = solvers
            .iter()
            .fold(0, |sum: Balance, (_, cost)| sum.saturating_add(*cost));
        bill.add_answered(solvers, tariff, T::ProtocolFee::get().deconstruct());
        bill.add_refund(batch.each().saturating_sub(price));
        let end = End {
            outcome: Outcome::Answered,
            price,
            input,
            output,
            solvers: solvers.iter().map(|(solver, _)| solver.clone()).collect(),
            evidence,
        };
        Self::record(id, batch, task, end);
        if let Some((solver, _)) = solvers.first() {
            Self::deposit_event(Event::TaskAnswered {
                task: task_id,
                solver: solver.clone(),
                price,
                asset: batch.asset(),
                output: output.clone(),
            });
        }
    }

    /// Ends a task without an answer: adds its refund to the bill, records it and says so. `charge` is what the requester pays all
    /// the same, in units of its asset.
    pub(crate) fn refund(
        id: BatchId,
        batch: &Batch,
        input: Option<&Input>,
        task: &OpenTask,
        reason: Reason,
        charge: Balance,
        bill: &mut Bill,
    ) {
        let refund = batch.each().saturating_sub(charge);
        bill.add_refund(refund);
        let end = End {
            outcome: Outcome::Refunded(reason),
            price: charge,
            input,
            output: &Output::default(),
            solvers: Vec::new(),
            evidence: Digest::zero(),
        };
        Self::record(id, batch, task, end);
        Self::deposit_event(Event::TaskRefunded {
            task: id.task(task.place),
            requester: batch.requester.clone(),
            reason,
            refund,
        });
    }

    /// Ends tasks without an answer and gives all of their escrow back.
    pub(crate) fn refund_all(
        id: BatchId,
        batch: &Batch,
        inputs: &BatchInputs,
        tasks: &[OpenTask],
        reason: Reason,
    ) {
        let mut bill = Bill::default();
        for task in tasks {
            let input = inputs.get(usize::from(task.place));
            Self::refund(id, batch, input, task, reason, 0, &mut bill);
        }
        Self::pay(batch, &Tariff::default(), bill);
    }

    /// Records the end of a task, and tells who posted it for somebody.
    fn record(id: BatchId, batch: &Batch, task: &OpenTask, end: End<'_>) {
        let end = IndexedRecord {
            record: Record {
                task: id.task(task.place),
                model: batch.model,
                requester: batch.requester.clone(),
                input: end.input.map(digest_of).unwrap_or_default(),
                output: sp_io::hashing::sha2_256(end.output).into(),
                solvers: end.solvers,
                verification: batch.verification.clone(),
                evidence: end.evidence,
                upstream: batch.upstream.to_vec(),
                outcome: end.outcome,
                price: end.price,
                asset: batch.asset(),
                posted_at: batch.posted_at,
                block: Self::now(),
            },
            output: end.output.clone(),
        };
        if let Some(follower) = batch.follower {
            T::Followers::ended(follower, &end);
        }
        T::Records::record(end);
    }
}

/// How a task ended.
struct End<'a> {
    outcome: Outcome,
    price: Balance,
    input: Option<&'a Input>,
    output: &'a Output,
    solvers: Vec<AccountId>,
    evidence: Digest,
}

/// `sha2_256` of an input's bytes. As `Input::digest`, but hashed by the host.
pub(crate) fn digest_of(input: &Input) -> Digest {
    match input {
        Input::Inline(bytes) => sp_io::hashing::sha2_256(bytes).into(),
        Input::Blob { digest, .. } => *digest,
    }
}
