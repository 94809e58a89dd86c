//! Settlement: money out of the escrow, and the record.

use crate::{
    types::{Batch, Inputs as BatchInputs, OpenTask},
    Config, Event, HoldReason, Pallet,
};
use alloc::{vec, vec::Vec};
use frame_support::{
    defensive,
    storage::with_storage_layer,
    traits::{
        fungible::hold::Mutate,
        tokens::{
            Fortitude::Force,
            Precision::{BestEffort, Exact},
            Restriction::Free,
        },
    },
};
use pensum_primitives::{
    model::ModelEntry,
    record::{IndexedRecord, Record},
    task::{Input, Output},
    traits::Records,
    verdict::{Outcome, Reason},
    AccountId, Balance, BatchId, Digest,
};
use sp_runtime::traits::Get;

/// What leaves the escrow of one requester for tasks of one batch, summed so that each payee is written to once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Bill {
    /// For the solver.
    pub solver: Balance,
    /// For the model's publisher.
    pub royalty: Balance,
    /// For the treasury.
    pub fee: Balance,
    /// Back to the requester.
    pub refund: Balance,
}

impl Bill {
    /// Adds one answered task, of whose escrow the price is shared out and the rest goes back.
    fn add_answered(&mut self, price: Balance, max_reward: Balance, royalty_ppm: u32, fee_ppm: u32) {
        let split = market_math::payout::split(price, royalty_ppm, fee_ppm);
        self.solver = self.solver.saturating_add(split.solver);
        self.royalty = self.royalty.saturating_add(split.royalty);
        self.fee = self.fee.saturating_add(split.fee);
        self.refund = self.refund.saturating_add(max_reward.saturating_sub(price));
    }
}

impl<T: Config> Pallet<T> {
    /// Ends a task with an answer: adds its price to the bill, records it and says so.
    pub(crate) fn settle(
        id: BatchId,
        batch: &Batch,
        answered: Answered<'_>,
        entry: &ModelEntry,
        bill: &mut Bill,
    ) {
        let Answered {
            task,
            solver,
            input,
            output,
            price,
        } = answered;
        let task_id = id.task(task.place);
        bill.add_answered(
            price,
            batch.max_reward,
            entry.royalty.deconstruct(),
            T::ProtocolFee::get().deconstruct(),
        );
        T::Records::record(IndexedRecord {
            record: Record {
                task: task_id,
                model: batch.model,
                requester: batch.requester.clone(),
                input: digest_of(input),
                output: sp_io::hashing::sha2_256(output).into(),
                solvers: vec![solver.clone()],
                verification: batch.verification,
                evidence: entry.weights,
                upstream: Vec::new(),
                outcome: Outcome::Answered,
                price,
                posted_at: batch.posted_at,
                block: Self::now(),
            },
            output: output.clone(),
        });
        Self::deposit_event(Event::TaskAnswered {
            task: task_id,
            solver: solver.clone(),
            price,
            output: output.clone(),
        });
    }

    /// Ends a task without an answer: adds its refund to the bill, records it and says so. `charge` is what the requester pays all
    /// the same.
    pub(crate) fn refund(
        id: BatchId,
        batch: &Batch,
        input: Option<&Input>,
        task: &OpenTask,
        reason: Reason,
        charge: Balance,
        bill: &mut Bill,
    ) {
        let task_id = id.task(task.place);
        let refund = batch.max_reward.saturating_sub(charge);
        bill.refund = bill.refund.saturating_add(refund);
        T::Records::record(IndexedRecord {
            record: Record {
                task: task_id,
                model: batch.model,
                requester: batch.requester.clone(),
                input: input.map(digest_of).unwrap_or_default(),
                output: sp_io::hashing::sha2_256(&[]).into(),
                solvers: Vec::new(),
                verification: batch.verification,
                evidence: Digest::zero(),
                upstream: Vec::new(),
                outcome: Outcome::Refunded(reason),
                price: charge,
                posted_at: batch.posted_at,
                block: Self::now(),
            },
            output: Output::default(),
        });
        Self::deposit_event(Event::TaskRefunded {
            task: task_id,
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
            Self::refund(
                id,
                batch,
                inputs.get(usize::from(task.place)),
                task,
                reason,
                0,
                &mut bill,
            );
        }
        Self::pay(&batch.requester, None, None, bill);
    }

    /// Pays a bill out of the requester's escrow. Never fails: whoever cannot receive leaves its share to the next in line.
    pub(crate) fn pay(
        requester: &AccountId,
        solver: Option<&AccountId>,
        publisher: Option<&AccountId>,
        bill: Bill,
    ) {
        let treasury = T::Treasury::get();
        Self::pay_share(requester, solver.unwrap_or(&treasury), bill.solver);
        Self::pay_share(requester, publisher.unwrap_or(&treasury), bill.royalty);
        Self::pay_share(requester, &treasury, bill.fee);
        if !Self::release(requester, bill.refund) {
            Self::redirect(requester, requester, bill.refund);
        }
    }

    fn pay_share(requester: &AccountId, payee: &AccountId, amount: Balance) {
        if !Self::transfer(requester, payee, amount) {
            Self::redirect(requester, payee, amount);
        }
    }

    /// Finds another home for a share that `payee` cannot receive, because it would be dust in a dead account.
    fn redirect(requester: &AccountId, payee: &AccountId, amount: Balance) {
        let treasury = T::Treasury::get();
        let to = if Self::transfer(requester, &treasury, amount) {
            Some(treasury)
        } else if Self::release(requester, amount) {
            Some(requester.clone())
        } else {
            // Less than any account can hold on its own; left on hold it would stay there for ever.
            let burned =
                T::NativeBalance::burn_held(&HoldReason::Escrow.into(), requester, amount, BestEffort, Force);
            if burned != Ok(amount) {
                defensive!("the escrow of a live task is on hold");
            }
            None
        };
        Self::deposit_event(Event::ShareRedirected {
            payee: payee.clone(),
            amount,
            to,
        });
    }

    fn transfer(requester: &AccountId, payee: &AccountId, amount: Balance) -> bool {
        // The escrow was given up at posting, so that a freeze put on the account since does not touch it.
        amount == 0
            || with_storage_layer(|| {
                T::NativeBalance::transfer_on_hold(
                    &HoldReason::Escrow.into(),
                    requester,
                    payee,
                    amount,
                    Exact,
                    Free,
                    Force,
                )
            })
            .is_ok()
    }

    fn release(requester: &AccountId, amount: Balance) -> bool {
        amount == 0
            || with_storage_layer(|| {
                T::NativeBalance::release(&HoldReason::Escrow.into(), requester, amount, Exact)
            })
            .is_ok()
    }
}

/// A task with its verified answer.
pub(crate) struct Answered<'a> {
    /// The task.
    pub task: &'a OpenTask,
    /// Who answered.
    pub solver: &'a AccountId,
    /// Its input.
    pub input: &'a Input,
    /// The answer.
    pub output: &'a Output,
    /// What the requester pays.
    pub price: Balance,
}

/// `sha2_256` of an input's bytes. As `Input::digest`, but hashed by the host.
pub(crate) fn digest_of(input: &Input) -> Digest {
    match input {
        Input::Inline(bytes) => sp_io::hashing::sha2_256(bytes).into(),
        Input::Blob { digest, .. } => *digest,
    }
}
