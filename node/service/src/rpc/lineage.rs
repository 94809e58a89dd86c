//! Walks up to where an answer comes from and down to what a model led to. Bounded in depth and in size.

use super::{
    views::{Impact, ImpactedModel, ModelLineage, RelatedModel, TaskLineage, UpstreamTask},
    Market, RpcError,
};
use pensum_primitives::{model::ModelState, Digest, ModelId, TaskId};
use std::collections::{BTreeSet, VecDeque};

/// Most steps of a walk.
const MAX_DEPTH: u32 = 16;
/// Most things found by a walk.
const MAX_FOUND: usize = 256;

/// A walk in breadth, each thing once, within the bounds.
struct Walk<T> {
    queue: VecDeque<(T, u32)>,
    seen: BTreeSet<T>,
    truncated: bool,
}

impl<T: Copy + Ord> Walk<T> {
    fn from(start: impl IntoIterator<Item = T>) -> Self {
        let mut walk = Self {
            queue: VecDeque::new(),
            seen: BTreeSet::new(),
            truncated: false,
        };
        walk.visit(start, 0);
        walk
    }

    fn visit(&mut self, next: impl IntoIterator<Item = T>, depth: u32) {
        for item in next {
            if self.seen.contains(&item) {
                continue;
            }
            if depth > MAX_DEPTH || self.seen.len() >= MAX_FOUND {
                self.truncated = true;
                return;
            }
            self.seen.insert(item);
            self.queue.push_back((item, depth));
        }
    }

    fn next(&mut self) -> Option<(T, u32)> {
        self.queue.pop_front()
    }
}

/// Everything that some models were made from, they themselves included.
struct Upstream {
    models: Vec<RelatedModel>,
    unknown: Vec<ModelId>,
    truncated: bool,
}

impl Upstream {
    fn flagged(&self) -> Vec<ModelId> {
        let flagged = |model: &&RelatedModel| model.state == ModelState::Flagged;
        self.models.iter().filter(flagged).map(|model| model.id).collect()
    }
}

impl Market {
    /// What a model was made from.
    pub(super) fn model_lineage(&self, model: ModelId) -> Result<ModelLineage, RpcError> {
        self.model_view(model)?;
        let upstream = self.upstream([model])?;
        let tainted_by = upstream.flagged();
        Ok(ModelLineage {
            model,
            tainted: !tainted_by.is_empty(),
            tainted_by,
            upstream: upstream.models,
            unknown: upstream.unknown,
            truncated: upstream.truncated,
        })
    }

    /// What went into a task's answer.
    pub(super) fn task_lineage(&self, task: TaskId) -> Result<TaskLineage, RpcError> {
        let (input, model, upstream) = self.origin(task)?;
        let mut tasks = vec![UpstreamTask {
            task,
            model: Some(model),
            depth: 0,
        }];
        let mut models = BTreeSet::from([model]);
        let mut walk = Walk::from([task]);
        walk.queue.clear();
        walk.visit(upstream, 1);
        while let Some((task, depth)) = walk.next() {
            // A task that this node has no record of is shown without a model, rather than hiding the rest.
            let origin = self.origin(task).ok();
            let model = origin.as_ref().map(|(_, model, _)| *model);
            models.extend(model);
            tasks.push(UpstreamTask { task, model, depth });
            walk.visit(
                origin.into_iter().flat_map(|(.., upstream)| upstream),
                depth.saturating_add(1),
            );
        }
        let upstream = self.upstream(models)?;
        let tainted_by = upstream.flagged();
        Ok(TaskLineage {
            task,
            input,
            tasks,
            tainted: !tainted_by.is_empty(),
            tainted_by,
            models: upstream.models,
            truncated: walk.truncated || upstream.truncated,
        })
    }

    /// What was made from a model, and a page of the tasks it answered.
    pub(super) fn model_impact(&self, model: ModelId, after: u64, limit: u32) -> Result<Impact, RpcError> {
        self.model_view(model)?;
        let at = self.chain.best().hash;
        let mut downstream = Vec::new();
        let mut walk = Walk::from([model]);
        while let Some((id, depth)) = walk.next() {
            let Some(view) = self.chain.model(at, id)? else {
                continue;
            };
            let tasks = self.index.task_count(id);
            downstream.push(ImpactedModel {
                model: RelatedModel::new(view, depth),
                tasks,
            });
            // One more than fits, so that a cut is noticed.
            let children = self.chain.children(at, id, MAX_FOUND as u32)?;
            walk.visit(children, depth.saturating_add(1));
        }
        let tasks = self.index.tasks_of(model, after, limit);
        let next = after.saturating_add(tasks.len() as u64);
        Ok(Impact {
            model,
            total_tasks: downstream.iter().map(|impacted| impacted.tasks).sum(),
            downstream,
            next: (!tasks.is_empty() && next < self.index.task_count(model)).then_some(next),
            tasks,
            truncated: walk.truncated,
        })
    }

    /// A task's input, model and the tasks whose answers it read, whether it is open or has ended.
    fn origin(&self, task: TaskId) -> Result<(Digest, ModelId, Vec<TaskId>), RpcError> {
        if let Some(status) = self.chain.task_status(self.chain.best().hash, task)? {
            return Ok((status.input, status.model, Vec::new()));
        }
        let record = self.record(task)?.record;
        Ok((record.input, record.model, record.upstream))
    }

    fn upstream(&self, start: impl IntoIterator<Item = ModelId>) -> Result<Upstream, RpcError> {
        let at = self.chain.best().hash;
        let mut walk = Walk::from(start);
        let (mut models, mut unknown) = (Vec::new(), Vec::new());
        while let Some((id, depth)) = walk.next() {
            match self.chain.model(at, id)? {
                None => unknown.push(id),
                Some(view) => {
                    let made_from = view.parents.iter().copied().chain(view.previous);
                    walk.visit(made_from.collect::<Vec<_>>(), depth.saturating_add(1));
                    models.push(RelatedModel::new(view, depth));
                }
            }
        }
        Ok(Upstream {
            models,
            unknown,
            truncated: walk.truncated,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        events::Events,
        index::{
            fixture::{record, storage, write_block, FakeChain, MODEL},
            follower, Index,
        },
    };
    use pensum_primitives::BatchId;
    use std::sync::Arc;

    const ACTIVE: ModelState = ModelState::Active { from: 0 };

    fn model(number: u64) -> ModelId {
        ModelId(Digest::from_low_u64_be(number))
    }

    fn market(chain: FakeChain, index: Index) -> Market {
        Market::new(Arc::new(chain), index, Events::default())
    }

    #[test]
    fn a_model_is_tainted_by_a_flagged_grandparent() {
        let mut chain = FakeChain::new(9, 9);
        chain.add_model(model(1), &[], ModelState::Flagged);
        chain.add_model(model(2), &[model(1), model(9)], ACTIVE);
        chain.add_model(model(3), &[model(2)], ACTIVE);
        let lineage = market(chain, Index::new(storage()))
            .model_lineage(model(3))
            .unwrap();
        assert!(lineage.tainted);
        assert_eq!(lineage.tainted_by, vec![model(1)]);
        assert_eq!(lineage.unknown, vec![model(9)]);
        let steps: Vec<_> = lineage
            .upstream
            .iter()
            .map(|found| (found.id, found.depth))
            .collect();
        assert_eq!(steps, vec![(model(3), 0), (model(2), 1), (model(1), 2)]);
        assert!(!lineage.truncated);
    }

    #[test]
    fn a_long_chain_of_parents_is_cut_and_says_so() {
        let mut chain = FakeChain::new(9, 9);
        chain.add_model(model(0), &[], ACTIVE);
        for number in 1..100 {
            chain.add_model(model(number), &[model(number - 1)], ACTIVE);
        }
        let lineage = market(chain, Index::new(storage()))
            .model_lineage(model(99))
            .unwrap();
        assert_eq!(lineage.upstream.len(), MAX_DEPTH as usize + 1);
        assert!(lineage.truncated && !lineage.tainted);
    }

    #[test]
    fn a_circle_of_parents_ends() {
        let mut chain = FakeChain::new(9, 9);
        chain.add_model(model(1), &[model(2)], ACTIVE);
        chain.add_model(model(2), &[model(1)], ACTIVE);
        assert_eq!(
            market(chain, Index::new(storage()))
                .model_lineage(model(1))
                .unwrap()
                .upstream
                .len(),
            2
        );
    }

    #[test]
    fn the_lineage_of_a_task_names_upstream_tasks_and_their_models() {
        let mut chain = FakeChain::new(9, 9);
        let index = Index::new(storage());
        let (first, second) = (BatchId(1).task(0), BatchId(2).task(0));
        let mut last = record(second, 8, b"b");
        last.record.upstream = vec![first, BatchId(1).task(9)];
        write_block(
            &mut chain,
            index.storage_for_tests(),
            7,
            &[record(first, 7, b"a")],
        );
        write_block(&mut chain, index.storage_for_tests(), 8, &[last]);
        chain.add_model(MODEL, &[], ModelState::Flagged);
        let lineage = market(chain, index).task_lineage(second).unwrap();
        let found: Vec<_> = lineage
            .tasks
            .iter()
            .map(|found| (found.task, found.model, found.depth))
            .collect();
        assert_eq!(
            found,
            vec![
                (second, Some(MODEL), 0),
                (first, Some(MODEL), 1),
                (BatchId(1).task(9), None, 1)
            ]
        );
        assert_eq!((lineage.tainted, lineage.models.len()), (true, 1));
    }

    #[tokio::test]
    async fn impact_counts_the_tasks_of_a_model_and_of_its_children() {
        let mut chain = FakeChain::new(9, 9);
        let index = Index::new(storage());
        chain.add_model(MODEL, &[], ACTIVE);
        chain.add_model(model(2), &[MODEL], ACTIVE);
        let mut records: Vec<_> = (0..5)
            .map(|place| record(BatchId(1).task(place), 8, &[place]))
            .collect();
        records[4].record.model = model(2);
        write_block(&mut chain, index.storage_for_tests(), 8, &records);
        follower::run(index.clone(), Arc::new(chain.clone()), futures::stream::empty()).await;
        let market = market(chain, index);
        let impact = market.model_impact(MODEL, 0, 3).unwrap();
        assert_eq!(
            (impact.total_tasks, impact.downstream.len(), impact.next),
            (5, 2, Some(3))
        );
        assert_eq!(
            impact.tasks,
            (0..3).map(|place| BatchId(1).task(place)).collect::<Vec<_>>()
        );
        let rest = market.model_impact(MODEL, 3, 3).unwrap();
        assert_eq!((rest.tasks, rest.next), (vec![BatchId(1).task(3)], None));
    }

    #[test]
    fn lineage_of_the_unknown_is_refused() {
        let market = market(FakeChain::new(9, 9), Index::new(storage()));
        assert_eq!(market.model_lineage(model(1)).unwrap_err().code(), 7002);
        assert_eq!(market.model_impact(model(1), 0, 1).unwrap_err().code(), 7002);
        assert_eq!(
            market.task_lineage(BatchId(500).task(0)).unwrap_err().code(),
            7001
        );
    }
}
