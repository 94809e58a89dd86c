use crate::{origin::DESTINATION, stage::Stage};
use hyperlane_primitives::Domain;
use pensum_relayer::{
    chain::Origin as _,
    config::Finality,
    evm::Evm,
    journal::Journal,
    metrics::Metrics,
    route::{Follower, Step},
    time::Millis,
    tree::Tree,
};
use serde_json::{json, Value};
use std::sync::Arc;

const EVM: u64 = 31338;

struct Reader {
    evm: Arc<Evm>,
    follower: Follower,
    _folder: tempfile::TempDir,
}

fn reader(stage: &Stage, finality: Finality) -> Reader {
    let folder = tempfile::tempdir().unwrap();
    let metrics = Arc::new(Metrics::new().unwrap());
    let journal = Arc::new(Journal::open(&folder.path().join("journal.redb")).unwrap());
    let evm = Evm::new(stage.config(finality), DESTINATION, None, metrics.clone()).unwrap();
    let evm = Arc::new(evm);
    let tree = Arc::new(Tree::load(&journal, Domain(EVM as u32), evm.merkle_tree_hook()).unwrap());
    Reader {
        follower: Follower {
            name: "anvil".into(),
            origin: evm.clone(),
            tree,
            journal,
            metrics,
        },
        evm,
        _folder: folder,
    }
}

impl Reader {
    async fn read_all(&self) {
        let mut failures = 0;
        loop {
            match self.follower.step(Millis::now()).await {
                Ok(Step::UpToDate) => return,
                Ok(_) => (),
                // The first node of the list does not exist.
                Err(_) if failures < 3 => failures += 1,
                Err(other) => panic!("{other}"),
            }
        }
    }

    fn seen(&self) -> u64 {
        let totals = self.follower.journal.totals().unwrap();
        totals
            .get(&(EVM as u32, DESTINATION.0))
            .map_or(0, |totals| totals.seen)
    }
}

#[tokio::test]
async fn messages_and_tree_are_those_of_the_contracts_and_only_what_is_final_is_read() {
    let stage = Stage::new(EVM, &[crate::origin::address_of(&crate::origin::validator(0))], 1).await;
    for n in 0..9u8 {
        let destination = if n % 3 == 0 { 7 } else { DESTINATION.0 };
        stage.dispatch(destination, &[n]).await;
    }
    let reader = reader(&stage, Finality::Finalized);
    reader.read_all().await;
    let before = reader.follower.journal.leaf_count(EVM as u32).unwrap();
    assert!(before < 9, "the last blocks are not final: {before}");
    stage.mine(3).await;
    reader.read_all().await;
    assert_eq!(reader.follower.journal.leaf_count(EVM as u32).unwrap(), 9);
    assert_eq!(reader.seen(), 6);
    let anchor = reader
        .follower
        .journal
        .cursor(EVM as u32)
        .unwrap()
        .anchor
        .unwrap();
    let (root, count) = reader.evm.tree_at(&anchor).await.unwrap();
    assert_eq!((Some(root), count), (reader.follower.tree.root(9), 9));
}

#[tokio::test]
async fn a_reorganisation_of_a_chain_that_was_trusted_too_early_is_followed() {
    let stage = Stage::new(EVM, &[crate::origin::address_of(&crate::origin::validator(0))], 1).await;
    stage.dispatch(DESTINATION.0, b"kept").await;
    stage.mine(3).await;
    let reader = reader(&stage, Finality::Blocks(0));
    reader.read_all().await;
    let snapshot: Value = stage.rpc("evm_snapshot", json!([])).await;
    for n in 0..3u8 {
        stage.dispatch(DESTINATION.0, &[n]).await;
        reader.read_all().await;
    }
    assert_eq!(reader.seen(), 4);
    let reverted: bool = stage.rpc("evm_revert", json!([snapshot])).await;
    assert!(reverted);
    stage.mine(2).await;
    stage.dispatch(DESTINATION.0, b"another").await;
    stage.mine(4).await;
    reader.read_all().await;
    assert_eq!(reader.seen(), 2);
    let anchor = reader
        .follower
        .journal
        .cursor(EVM as u32)
        .unwrap()
        .anchor
        .unwrap();
    let (root, count) = reader.evm.tree_at(&anchor).await.unwrap();
    assert_eq!((Some(root), count), (reader.follower.tree.root(2), 2));
}
