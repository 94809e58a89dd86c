//! Posting tasks and cancelling them.

use crate::{
    asset::{Fee, Money},
    call::{self, Terms},
    event::{
        AnswersPrepaid, AppealOpened, BatchCancelled, BatchOpened, TaskAnswered, TaskRefunded, TasksPosted,
    },
    input::Input,
    key::to_hex,
    AccountId, Amount, AssetId, BatchId, BlockNumber, Chain, Error, Key, TaskId,
};
use pensum_primitives::ids::MAX_BATCH;
use serde::Serialize;
use std::time::Duration;

/// The tasks of a post that one solver took.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Part {
    /// The first of them.
    pub first: TaskId,
    /// How many.
    pub tasks: u32,
    /// Who must answer.
    pub solver: AccountId,
    /// What all of them cost, in PEN.
    pub price: Amount,
    /// The last block in which this solver can answer.
    pub answer_by: BlockNumber,
}

/// A post in a block.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Posted {
    /// The batch.
    pub batch: BatchId,
    /// The tasks, in the order of the inputs.
    pub tasks: Vec<TaskId>,
    /// Who took them.
    pub parts: Vec<Part>,
    /// Whether they wait for bids, or for their panel, so that nobody has taken them yet.
    pub waits: bool,
    /// What answering and replaying was prepaid, in units of `asset`.
    pub prepaid: Money,
    /// The asset that pays for the batch; none is PEN.
    pub asset: Option<AssetId>,
    /// The inclusion fee.
    #[serde(flatten)]
    pub fee: Fee,
    /// The block.
    pub block: BlockNumber,
}

/// A batch that was cancelled.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Cancelled {
    /// The batch.
    pub batch: BatchId,
    /// The tasks that were still open.
    pub tasks: Vec<TaskId>,
    /// What solvers were paid for their trouble, in units of `asset`.
    pub compensation: Money,
    /// What came back, in units of `asset`.
    pub refund: Money,
    /// The asset that paid for the batch; none is PEN.
    pub asset: Option<AssetId>,
    /// The inclusion fee.
    #[serde(flatten)]
    pub fee: Fee,
    /// The block.
    pub block: BlockNumber,
}

/// An answer that its requester accepted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Settled {
    /// The task.
    pub task: TaskId,
    /// The answer, as `0x` hex.
    pub output: String,
    /// What the requester paid, in units of `asset`.
    pub price: Amount,
    /// The asset that it paid with; none is PEN.
    pub asset: Option<AssetId>,
}

/// A batch whose answers were accepted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Accepted {
    /// The batch.
    pub batch: BatchId,
    /// Its answers.
    pub tasks: Vec<Settled>,
    /// The inclusion fee.
    #[serde(flatten)]
    pub fee: Fee,
    /// The block.
    pub block: BlockNumber,
}

/// An appeal that a jury decides.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Appealed {
    /// The task.
    pub task: TaskId,
    /// What is at stake, in PEN.
    pub bond: Amount,
    /// The round; the first is 0.
    pub round: u8,
    /// The inclusion fee.
    #[serde(flatten)]
    pub fee: Fee,
    /// The block.
    pub block: BlockNumber,
}

impl Chain {
    /// Accepts the answer to a batch that its requester verifies.
    pub async fn accept(
        &self,
        requester: &Key,
        batch: BatchId,
        patience: Duration,
    ) -> Result<Accepted, Error> {
        let included = self.send(requester, &call::accept(batch), patience).await?;
        let answered: Vec<TaskAnswered> = included.events()?;
        let tasks = answered.into_iter().map(|answered| Settled {
            task: TaskId(answered.task),
            output: to_hex(answered.output),
            price: Amount(answered.price),
            asset: answered.asset,
        });
        Ok(Accepted {
            batch,
            tasks: tasks.collect(),
            fee: included.fee,
            block: included.block,
        })
    }

    /// Appeals to a jury against an answer, or against the verdict of the jury before.
    pub async fn appeal(&self, appellant: &Key, task: TaskId, patience: Duration) -> Result<Appealed, Error> {
        let included = self.send(appellant, &call::appeal(task), patience).await?;
        let opened: AppealOpened = included.event()?;
        Ok(Appealed {
            task,
            bond: Amount(opened.bond),
            round: opened.round,
            fee: included.fee,
            block: included.block,
        })
    }

    /// Posts a batch and waits until it is in a block.
    pub async fn post(
        &self,
        requester: &Key,
        terms: &Terms,
        inputs: &[Input],
        patience: Duration,
    ) -> Result<Posted, Error> {
        check_batch(inputs)?;
        let included = self.send(requester, &call::post(terms, inputs), patience).await?;
        let prepaid: AnswersPrepaid = included.event()?;
        let batch = BatchId(prepaid.batch);
        let parts = included.events::<TasksPosted>()?.into_iter().map(|part| Part {
            first: TaskId(part.first),
            tasks: part.tasks,
            solver: part.solver.into(),
            price: Amount(part.price),
            answer_by: part.answer_by,
        });
        let waits = !included.events::<BatchOpened>()?.is_empty();
        Ok(Posted {
            batch,
            tasks: (0..=u8::MAX)
                .take(inputs.len())
                .map(|place| batch.task(place))
                .collect(),
            parts: parts.collect(),
            waits,
            prepaid: terms.max_reward.currency.units(prepaid.fee),
            asset: terms.max_reward.currency.id(),
            fee: included.fee,
            block: included.block,
        })
    }

    /// Cancels what is left of a batch.
    pub async fn cancel(
        &self,
        requester: &Key,
        batch: BatchId,
        patience: Duration,
    ) -> Result<Cancelled, Error> {
        let included = self.send(requester, &call::cancel(batch), patience).await?;
        let cancelled: BatchCancelled = included.event()?;
        let refunded: Vec<TaskRefunded> = included.events()?;
        let refund = refunded
            .iter()
            .fold(0u128, |sum, task| sum.saturating_add(task.refund));
        let tasks: Vec<TaskId> = refunded.iter().map(|task| TaskId(task.task)).collect();
        // The events count in the asset that paid without saying which that is; the tasks themselves do.
        let asset = match tasks.first() {
            Some(task) => self.rpc.task_status(*task).await?.asset,
            None => None,
        };
        let currency = self.currency(asset).await?;
        Ok(Cancelled {
            batch,
            tasks,
            compensation: currency.units(cancelled.compensation),
            refund: currency.units(refund),
            asset,
            fee: included.fee,
            block: included.block,
        })
    }
}

/// Beyond these bounds a transaction cannot even be read, and the pool could give no better reason.
pub(crate) fn check_batch(inputs: &[Input]) -> Result<(), Error> {
    if inputs.is_empty() {
        return Err(Error::usage(
            "NoInputs",
            "There is no input.",
            "Give at least one, as an argument, by --file, --stdin or --blob.",
        ));
    }
    if inputs.len() > MAX_BATCH as usize {
        return Err(Error::usage(
            "TooManyInputs",
            format!("There are {} inputs and a batch holds {MAX_BATCH}.", inputs.len()),
            "Post several batches.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_has_one_to_256_inputs() {
        let inputs = vec![Input::Inline(vec![1]); 257];
        assert_eq!(check_batch(&[]).unwrap_err().code, "usage.NoInputs");
        assert_eq!(check_batch(&inputs[..256]), Ok(()));
        assert_eq!(check_batch(&inputs).unwrap_err().code, "usage.TooManyInputs");
    }
}
