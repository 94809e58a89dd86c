//! Hands events to subscribers.

use super::{
    args::{EventFilter, Wanted},
    Market,
};
use crate::events::{Event, EventKind, NodeEvent};
use jsonrpsee::{core::SubscriptionResult, PendingSubscriptionSink, SubscriptionMessage};
use tokio::sync::broadcast::error::RecvError;

impl Wanted {
    /// Whether the subscriber wants this event.
    fn includes(&self, event: &Event) -> bool {
        if event.concerns_all() {
            return true;
        }
        // An event whose requester this node cannot tell goes to everybody: better one too many than one missed.
        let of_requester = match (&self.requester, &event.requester) {
            (Some(wanted), Some(requester)) => wanted == requester,
            _ => true,
        };
        of_requester && self.tasks.as_ref().is_none_or(|tasks| event.concerns_any(tasks))
    }
}

impl Market {
    /// Sends a subscriber what it wants until it leaves.
    pub(super) async fn stream_events(
        &self,
        pending: PendingSubscriptionSink,
        filter: EventFilter,
    ) -> SubscriptionResult {
        let (wanted, _seat) = match filter.check().and_then(|wanted| Ok((wanted, self.seats.take()?))) {
            Ok(found) => found,
            Err(error) => {
                pending.reject(error).await;
                return Ok(());
            }
        };
        // Before the subscriber is told that it is one, so that it misses nothing from then on.
        let mut events = self.events.subscribe();
        let sink = pending.accept().await?;
        loop {
            let event = tokio::select! {
                _ = sink.closed() => return Ok(()),
                event = events.recv() => event,
            };
            let event = match event {
                Ok(event) if wanted.includes(&event) => event,
                Ok(_) => continue,
                Err(RecvError::Lagged(missed)) => {
                    let best = self.chain.best();
                    Event {
                        what: EventKind::Node(NodeEvent::Missed { events: missed }),
                        block: best.number,
                        block_hash: best.hash,
                        requester: None,
                    }
                }
                Err(RecvError::Closed) => return Ok(()),
            };
            sink.send(SubscriptionMessage::from_json(&event)?).await?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        events::{Events, Follower, Imported},
        index::{
            fixture::{storage, FakeChain},
            Index,
        },
        metrics::Metrics,
        rpc::market::TaskRpcServer,
    };
    use pensum_primitives::{task::TaskNotice, AccountId, BatchId, TaskId};
    use std::{sync::Arc, time::Instant};

    fn chain() -> Arc<FakeChain> {
        let mut chain = FakeChain::new(5, 4);
        let posted = |batch: u64, requester: u8| TaskNotice::Posted {
            first: BatchId(batch).task(0),
            tasks: 1,
            requester: AccountId::new([requester; 32]),
            solver: AccountId::new([9; 32]),
        };
        chain.notices.insert(5, vec![posted(1, 1), posted(2, 2)]);
        Arc::new(chain)
    }

    /// Subscribes with `filter`, imports the block with two postings, finalises it, and returns the kinds and first tasks told.
    async fn told(filter: &str) -> Vec<(String, Option<u64>)> {
        let (chain, events) = (chain(), Events::default());
        let module = Market::new(chain.clone(), Index::new(storage()), events.clone()).into_rpc();
        let filter: serde_json::Value = serde_json::from_str(filter).unwrap();
        let mut subscription = module
            .subscribe("task_subscribe", &[filter][..], 16)
            .await
            .unwrap();
        let mut follower = Follower::new(chain.clone(), events, Metrics::default());
        let block = chain.block(5);
        let import = Imported {
            block,
            is_best: true,
            retracted: vec![],
            enacted: vec![],
        };
        follower.imported(&import, Instant::now());
        follower.finalized(&[block.hash], block, Instant::now());
        let mut told = Vec::new();
        loop {
            let (event, _) = subscription.next::<serde_json::Value>().await.unwrap().unwrap();
            let kind = event["kind"].as_str().unwrap().to_string();
            let last = kind == "finalized";
            told.push((kind, event["first"].as_u64()));
            if last {
                return told;
            }
        }
    }

    #[tokio::test]
    async fn without_a_filter_everything_is_told() {
        let (first, second) = (BatchId(1).task(0).0, BatchId(2).task(0).0);
        assert_eq!(
            told("null").await,
            vec![
                ("posted".into(), Some(first)),
                ("posted".into(), Some(second)),
                ("finalized".into(), None)
            ]
        );
    }

    #[tokio::test]
    async fn a_filter_by_task_or_requester_hides_the_others() {
        let second: TaskId = BatchId(2).task(0);
        let only_second = vec![("posted".into(), Some(second.0)), ("finalized".into(), None)];
        assert_eq!(
            told(&format!(r#"{{"tasks": [{}]}}"#, second.0)).await,
            only_second
        );
        let requester = serde_json::to_string(&AccountId::new([2; 32])).unwrap();
        assert_eq!(
            told(&format!(r#"{{"requester": {requester}}}"#)).await,
            only_second
        );
    }

    #[tokio::test]
    async fn a_subscriber_too_many_is_refused_until_another_leaves() {
        let market = Market::new(chain(), Index::new(storage()), Events::default());
        let module = market.clone().into_rpc();
        let mut others = Vec::new();
        while let Ok(seat) = market.seats.take() {
            others.push(seat);
        }
        let subscribe = || module.subscribe("task_subscribe", [serde_json::Value::Null], 16);
        let error = subscribe().await.unwrap_err();
        assert!(error.to_string().contains("7020"), "{error}");
        others.pop();
        let subscription = subscribe().await.unwrap();
        assert!(market.seats.take().is_err());
        drop(subscription);
        while market.seats.take().is_err() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_bad_filter_is_refused_with_its_code() {
        let module = Market::new(chain(), Index::new(storage()), Events::default()).into_rpc();
        let filter = serde_json::json!({ "requester": "me" });
        let error = module
            .subscribe("task_subscribe", &[filter][..], 16)
            .await
            .unwrap_err();
        assert!(error.to_string().contains("7007"), "{error}");
    }
}
