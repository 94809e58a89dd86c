use crate::{
    origin::{address_of, validator, FakeOrigin, DESTINATION, ORIGIN},
    stage::{as_recipient, Stage, RELAYER_KEY},
};
use alloy::primitives::Address;
use hyperlane_primitives::{MessageId, H160, H256};
use pensum_relayer::{
    chain::{Destination as _, Origin, Sequence},
    config::{Finality, Retry},
    evm::Evm,
    journal::{Journal, Key, State},
    metadata::Witnesses,
    metrics::Metrics,
    route::{Follower, Lane, Step},
    time::Millis,
    tree::Tree,
};
use serde_json::{json, Value};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

fn validators() -> Vec<H160> {
    (0..4).map(|at| address_of(&validator(at))).collect()
}

async fn stage() -> Stage {
    Stage::new(DESTINATION.0.into(), &validators(), 2).await
}

struct Relayer {
    follower: Follower,
    lane: Lane,
    journal: Arc<Journal>,
    evm: Arc<Evm>,
}

fn start(stage: &Stage, origin: &Arc<FakeOrigin>, folder: &Path, confirmations: Finality) -> Relayer {
    let journal = Arc::new(Journal::open(&folder.join("journal.redb")).unwrap());
    let metrics = Arc::new(Metrics::new().unwrap());
    let key = RELAYER_KEY.parse().unwrap();
    let evm = Arc::new(Evm::new(stage.config(confirmations), ORIGIN, Some(key), metrics.clone()).unwrap());
    let tree = Arc::new(Tree::load(&journal, ORIGIN, origin.merkle_tree_hook()).unwrap());
    let witnesses = Witnesses {
        origin: origin.clone(),
        tree: tree.clone(),
        folders: Default::default(),
        journal: journal.clone(),
        metrics: metrics.clone(),
    };
    let retry = Retry {
        first: Duration::from_secs(5),
        longest: Duration::from_secs(60),
    };
    Relayer {
        follower: Follower {
            name: "origin".into(),
            origin: origin.clone(),
            tree,
            journal: journal.clone(),
            metrics: metrics.clone(),
        },
        lane: Lane::new(
            "anvil".into(),
            evm.clone(),
            [(ORIGIN.0, witnesses)].into(),
            journal.clone(),
            (retry, 8),
            metrics,
        ),
        journal,
        evm,
    }
}

impl Relayer {
    async fn tick(&self, now: Millis) {
        while self.follower.step(now).await.unwrap() != Step::UpToDate {}
        // The first node of the list does not exist, so the first question fails.
        if self.lane.tick(now).await.is_err() {
            self.lane.tick(now).await.unwrap();
        }
    }

    fn state(&self, nonce: u32) -> State {
        let key = Key {
            origin: ORIGIN.0,
            nonce,
        };
        self.journal.message(key).unwrap().unwrap().state
    }

    fn is_delivered(&self, nonce: u32) -> bool {
        matches!(self.state(nonce), State::Delivered { .. })
    }

    fn hashes(&self) -> Vec<String> {
        let transactions = self.journal.transactions(DESTINATION.0).unwrap();
        transactions
            .iter()
            .map(|transaction| format!("0x{}", hex::encode(transaction.hash())))
            .collect()
    }
}

/// Waits until messages have arrived: the node makes its blocks beside answering.
async fn arrive(stage: &Stage, ids: &[MessageId]) {
    let until = Instant::now() + Duration::from_secs(10);
    for id in ids {
        while !stage.delivered(id.0).await {
            assert!(Instant::now() < until, "{id} does not arrive");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

#[tokio::test]
async fn messages_arrive_through_both_kinds_of_modules_and_what_reverts_waits() {
    let stage = stage().await;
    let folder = tempfile::tempdir().unwrap();
    let origin = Arc::new(FakeOrigin::new());
    let by_root = stage
        .module("StaticMerkleRootMultisigIsmFactory", &validators(), 2)
        .await;
    let (plain, proven) = (stage.recipient(None).await, stage.recipient(Some(by_root)).await);
    let nobody = as_recipient(Address::repeat_byte(0x99));
    let bad = origin.dispatch(nobody, b"nobody is there");
    let dirty = origin.dispatch(H256::repeat_byte(1), b"no address at all");
    let mut ids = Vec::new();
    for n in 0..3 {
        ids.push(origin.dispatch(plain, &[n]));
        ids.push(origin.dispatch(proven, &[n]));
    }
    let relayer = start(&stage, &origin, folder.path(), Finality::Blocks(2));
    let mut now = Millis::now();
    for _ in 0..4 {
        relayer.tick(now).await;
        now = now.after(Duration::from_secs(2));
    }
    arrive(&stage, &ids).await;
    stage.mine(3).await;
    relayer.tick(now).await;
    assert!((2..8).all(|nonce| relayer.is_delivered(nonce)));
    for (nonce, id) in [(0, bad), (1, dirty)] {
        assert!(!stage.delivered(id.0).await);
        let state = format!("{:?}", relayer.state(nonce));
        assert!(state.contains("Refused"), "{state}");
    }
    let totals = relayer.journal.totals().unwrap()[&(ORIGIN.0, DESTINATION.0)];
    assert_eq!(totals.delivered, 6);
    assert!(totals.spent > 6 * 100_000 * 1_000_000_000, "{}", totals.spent);
    assert!(relayer.evm.balance().await.unwrap() < 10_000.0);
}

#[tokio::test]
async fn a_transaction_that_pays_too_little_is_replaced_and_one_that_is_lost_is_sent_again() {
    let stage = stage().await;
    let folder = tempfile::tempdir().unwrap();
    let origin = Arc::new(FakeOrigin::new());
    let recipient = stage.recipient(None).await;
    let ids: Vec<_> = (0..3u8).map(|n| origin.dispatch(recipient, &[n])).collect();
    let _: Value = stage.rpc("evm_setAutomine", json!([false])).await;
    let relayer = start(&stage, &origin, folder.path(), Finality::Blocks(0));
    let mut now = Millis::now();
    relayer.tick(now).await;
    let first = relayer.hashes();
    assert_eq!(first.len(), 3);

    // Lost, and sent again by a relayer that was killed meanwhile.
    drop(relayer);
    let _: Value = stage.rpc("anvil_dropTransaction", json!([first[1]])).await;
    let relayer = start(&stage, &origin, folder.path(), Finality::Blocks(0));
    relayer.tick(now).await;
    assert_eq!(relayer.hashes(), first);

    // A spike that the first offer does not cover.
    let _: Value = stage
        .rpc("anvil_setNextBlockBaseFeePerGas", json!(["0x1bf08eb000"]))
        .await;
    stage.mine(1).await;
    for _ in 0..5 {
        now = now.after(Duration::from_secs(31));
        relayer.tick(now).await;
    }
    assert_ne!(relayer.hashes()[0], first[0]);
    for _ in 0..40 {
        stage.mine(1).await;
        now = now.after(Duration::from_secs(31));
        relayer.tick(now).await;
    }
    arrive(&stage, &ids).await;
    assert!((0..3).all(|nonce| relayer.is_delivered(nonce)));
    let sequence: Sequence = relayer.evm.sequence().await.unwrap();
    assert_eq!(sequence.included, 3, "one transaction for each message");
}

#[tokio::test]
async fn what_a_reorganisation_took_back_is_brought_again() {
    let stage = stage().await;
    let folder = tempfile::tempdir().unwrap();
    let origin = Arc::new(FakeOrigin::new());
    let recipient = stage.recipient(None).await;
    let id = origin.dispatch(recipient, b"");
    stage.mine(2).await;
    let relayer = start(&stage, &origin, folder.path(), Finality::Blocks(3));
    let mut now = Millis::now();
    relayer.tick(now).await;
    arrive(&stage, &[id]).await;
    relayer.tick(now).await;
    assert!(!relayer.is_delivered(0), "its block is not final");
    let _: Value = stage.rpc("anvil_reorg", json!([1, []])).await;
    assert!(!stage.delivered(id.0).await);
    for _ in 0..3 {
        now = now.after(Duration::from_secs(2));
        relayer.tick(now).await;
        stage.mine(1).await;
    }
    arrive(&stage, &[id]).await;
    stage.mine(3).await;
    relayer.tick(now).await;
    assert!(relayer.is_delivered(0));
    assert_eq!(relayer.evm.sequence().await.unwrap().included, 1);
}
