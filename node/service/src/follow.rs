//! Feeds the node's streams of blocks and transactions to those who follow them.

use crate::{
    bridge::{self, Messages, Signer},
    chain::{BlockRef, Chain},
    client::{Client, Pool},
    events::{Events, Follower, Imported},
    index::{self, Index},
    measure,
    metrics::Metrics,
};
use futures::StreamExt;
use pensum_primitives::{Block, Digest};
use sc_client_api::{BlockImportNotification, BlockchainEvents, FinalityNotification};
use sc_service::TaskManager;
use sc_transaction_pool_api::{InPoolTransaction, TransactionPool};
use sp_blockchain::HashAndNumber;
use std::{sync::Arc, time::Instant};

/// Keeps the record index up to date.
pub(crate) fn records(tasks: &TaskManager, client: Arc<Client>, index: Index) {
    let finality = client
        .finality_notification_stream()
        .map(|notification| finalized(&notification));
    let chain: Arc<dyn Chain> = client;
    // Blocking, because it calls the runtime and the database and does nothing else.
    tasks.spawn_handle().spawn_blocking(
        "record-index",
        Some("pensum"),
        index::follower::run(index, chain, finality),
    );
}

/// Copies the bridge's messages, and signs checkpoints where there is a signer.
pub(crate) fn messages(
    tasks: &TaskManager,
    client: Arc<Client>,
    messages: Messages,
    signer: Option<Signer>,
    metrics: Metrics,
) {
    let finality = client
        .finality_notification_stream()
        .map(|notification| finalized(&notification));
    let chain: Arc<dyn Chain> = client;
    // Blocking, because it calls the runtime, the database and the file system.
    tasks.spawn_handle().spawn_blocking(
        "bridge-messages",
        Some("pensum"),
        bridge::run(messages, chain, signer, metrics, finality),
    );
}

/// Measures what final blocks hold.
pub(crate) fn measures(tasks: &TaskManager, client: Arc<Client>, mut follower: measure::Follower) {
    let mut finality = client.finality_notification_stream();
    let run = async move {
        while let Some(notification) = finality.next().await {
            let blocks = all_final(&notification);
            follower.finalized(&blocks, finalized(&notification));
        }
    };
    // Blocking, because it reads the state; apart from the task events, whose times it must not delay.
    tasks
        .spawn_handle()
        .spawn_blocking("measures", Some("pensum"), run);
}

/// Tells subscribers what happens to tasks, and measures it.
pub(crate) fn tasks(
    tasks: &TaskManager,
    client: Arc<Client>,
    pool: Arc<Pool>,
    events: Events,
    metrics: Metrics,
) {
    let chain: Arc<dyn Chain> = client.clone();
    let mut follower = Follower::new(chain, events, metrics);
    let mut imports = client.import_notification_stream().fuse();
    let mut finality = client.finality_notification_stream().fuse();
    let mut pooled = pool.import_notification_stream().fuse();
    let run = async move {
        loop {
            // In this order: an answer's time counts from its block's import, so the block comes first.
            futures::select_biased! {
                notification = imports.next() => match notification {
                    Some(notification) => follower.imported(&imported(notification), Instant::now()),
                    None => return,
                },
                notification = finality.next() => match notification {
                    Some(notification) => {
                        let blocks = all_final(&notification);
                        follower.finalized(&blocks, finalized(&notification), Instant::now());
                    },
                    None => return,
                },
                hash = pooled.next() => match hash {
                    Some(hash) => {
                        let now = Instant::now();
                        if let Some(transaction) = pool.ready_transaction(&hash) {
                            follower.pooled(transaction.data().as_ref().clone(), now);
                        }
                    },
                    None => return,
                },
            }
        }
    };
    tasks
        .spawn_handle()
        .spawn_blocking("task-events", Some("pensum"), run);
}

fn finalized(notification: &FinalityNotification<Block>) -> BlockRef {
    BlockRef {
        number: notification.header.number,
        hash: notification.hash,
    }
}

/// All blocks that became final, in ascending order.
fn all_final(notification: &FinalityNotification<Block>) -> Vec<Digest> {
    let before = notification.tree_route.iter();
    before.chain([&notification.hash]).copied().collect()
}

fn imported(notification: BlockImportNotification<Block>) -> Imported {
    let reference = |block: &HashAndNumber<Block>| BlockRef {
        number: block.number,
        hash: block.hash,
    };
    let route = notification.tree_route.as_deref();
    Imported {
        block: BlockRef {
            number: notification.header.number,
            hash: notification.hash,
        },
        is_best: notification.is_new_best,
        retracted: route
            .map(|route| route.retracted().iter().map(reference).collect())
            .unwrap_or_default(),
        enacted: route
            .map(|route| route.enacted().iter().map(reference).collect())
            .unwrap_or_default(),
    }
}
