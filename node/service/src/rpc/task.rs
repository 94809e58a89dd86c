//! Tasks and models, as they stand now.

use super::{
    views::{EndedTask, StatusView, TracedClaim},
    Market, RpcError,
};
use pensum_primitives::{model::ModelView, task::TaskStatus, ModelId, TaskId};

impl Market {
    /// Where a task stands: open, or ended as its record tells.
    pub(super) fn task_status(&self, task: TaskId) -> Result<StatusView, RpcError> {
        let best = self.chain.best();
        if let Some(status) = self.chain.task_status(best.hash, task)? {
            return Ok(StatusView::Open(Box::new(status)));
        }
        if task.batch() >= self.chain.next_batch(best.hash)? {
            return Err(RpcError::UnknownTask(task));
        }
        let record = self
            .index
            .find(self.chain.as_ref(), task)?
            .ok_or(RpcError::NoRecord(task))?;
        Ok(StatusView::Ended(Box::new(EndedTask::from(record))))
    }

    /// Open tasks.
    pub(super) fn open_tasks(
        &self,
        model: Option<ModelId>,
        after: Option<TaskId>,
        limit: u32,
    ) -> Result<Vec<TaskStatus>, RpcError> {
        Ok(self
            .chain
            .open_tasks(self.chain.best().hash, after, model, limit)?)
    }

    /// The answer to a task whose window is open. Its trace lies in the body of the block that brought the answer.
    pub(super) fn traced_claim(&self, task: TaskId) -> Result<TracedClaim, RpcError> {
        let best = self.chain.best();
        let claim = self
            .chain
            .claim(best.hash, task)?
            .ok_or(RpcError::NoClaim(task))?;
        let nodes = match (claim.trace, self.chain.hash(claim.claimed_at)?) {
            (Some(_), Some(block)) => self.chain.trace_in(block, task)?,
            _ => None,
        };
        Ok(TracedClaim { claim, nodes })
    }

    /// A model that exists.
    pub(super) fn model_view(&self, model: ModelId) -> Result<ModelView, RpcError> {
        self.chain
            .model(self.chain.best().hash, model)?
            .ok_or(RpcError::UnknownModel(model))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        events::Events,
        index::{
            fixture::{record, status, storage, write_block, FakeChain, MODEL},
            Index,
        },
    };
    use pensum_primitives::{
        task::{ClaimView, Input, Trace},
        AccountId, BatchId, Digest,
    };
    use std::sync::Arc;

    const OPEN: TaskId = BatchId(3).task(0);
    const ENDED: TaskId = BatchId(2).task(1);

    fn market() -> Market {
        let mut chain = FakeChain::new(9, 7);
        let index = Index::new(storage());
        chain.next_batch = BatchId(4);
        chain.live.insert(OPEN, status(OPEN));
        write_block(
            &mut chain,
            index.storage_for_tests(),
            8,
            &[record(ENDED, 8, b"en")],
        );
        Market::new(Arc::new(chain), index, Events::default())
    }

    #[test]
    fn an_open_task_is_told_from_the_state() {
        assert_eq!(
            market().task_status(OPEN).unwrap(),
            StatusView::Open(Box::new(status(OPEN)))
        );
        let json = serde_json::to_value(market().task_status(OPEN).unwrap()).unwrap();
        assert_eq!(
            (&json["state"], &json["price"]),
            (&"assigned".into(), &"10".into())
        );
    }

    #[test]
    fn an_ended_task_is_told_from_its_record() {
        let json = serde_json::to_value(market().task_status(ENDED).unwrap()).unwrap();
        assert_eq!(json["state"], "ended");
        assert_eq!(json["outcome"], "answered");
        assert_eq!(json["output"], "0x656e");
        assert_eq!((&json["block"], &json["finalized"]), (&8.into(), &false.into()));
    }

    #[test]
    fn an_id_never_given_out_is_unknown() {
        assert_eq!(
            market().task_status(BatchId(4).task(0)),
            Err(RpcError::UnknownTask(BatchId(4).task(0)))
        );
    }

    #[test]
    fn an_ended_task_without_record_says_where_to_ask() {
        let error = market().task_status(BatchId(1).task(0)).unwrap_err();
        assert_eq!(error.code(), 7004);
        assert!(error.to_string().contains("--sync full"));
    }

    #[test]
    fn open_tasks_go_on_after_a_task() {
        let market = market();
        assert_eq!(market.open_tasks(None, None, 256).unwrap().len(), 1);
        assert_eq!(market.open_tasks(Some(MODEL), None, 256).unwrap().len(), 1);
        assert!(market.open_tasks(None, Some(OPEN), 256).unwrap().is_empty());
    }

    #[test]
    fn a_claim_comes_with_the_trace_from_the_block_that_brought_it() {
        let mut chain = FakeChain::new(9, 7);
        let trace: Trace = vec![Digest::repeat_byte(1)].try_into().unwrap();
        let claim = ClaimView {
            task: OPEN,
            model: MODEL,
            weights: Digest::zero(),
            solver: AccountId::new([3; 32]),
            input: Input::Inline(b"wool".to_vec().try_into().unwrap()),
            output: b"en".to_vec().try_into().unwrap(),
            trace: Some(Digest::zero()),
            claimed_at: 8,
            until: 20,
        };
        chain.claims.insert(OPEN, (claim.clone(), trace.clone()));
        let market = Market::new(Arc::new(chain), Index::new(storage()), Events::default());

        let found = market.traced_claim(OPEN).unwrap();
        assert_eq!((&found.claim, &found.nodes), (&claim, &Some(trace)));
        let json = serde_json::to_value(found).unwrap();
        assert_eq!(json["input"]["inline"], "0x776f6f6c");
        assert!(json["nodes"][0].as_str().unwrap().starts_with("0x0101"));
        assert_eq!(market.traced_claim(ENDED), Err(RpcError::NoClaim(ENDED)));
    }

    #[test]
    fn an_unknown_model_is_refused() {
        assert_eq!(
            market().model_view(MODEL).unwrap_err(),
            RpcError::UnknownModel(MODEL)
        );
    }
}
