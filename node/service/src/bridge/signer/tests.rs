use super::*;
use crate::{
    bridge::{
        fixture::{checkpoint, keystore, validator, FakePool},
        follower,
    },
    index::fixture::{storage, FakeChain},
};
use hyperlane_primitives::{
    files::{
        SignedAnnouncement, SignedCheckpoint, ANNOUNCEMENT_FILE, LATEST_FILE, METADATA_FILE, REORG_FILE,
    },
    MessageId, Signature, H160,
};
use pensum_primitives::{
    bridge::{Dispatched, MAILBOX},
    BlockNumber, Digest,
};
use std::{fs, path::Path};

const ALICE: &str = "//Alice";

/// A validator's node, on a chain of which each final block dispatches one message.
struct Node {
    chain: FakeChain,
    storage: Arc<dyn crate::index::Storage>,
    messages: Messages,
    pool: FakePool,
    signer: Signer,
    address: H160,
}

impl Node {
    fn new(folder: Option<&Path>) -> Self {
        let chain = FakeChain::new(1_000, 0);
        chain.bridge.lock().validators = vec![validator("//Bob"), validator(ALICE)];
        Self::on(chain, storage(), folder)
    }

    /// A node starts on this chain and this storage.
    fn on(chain: FakeChain, storage: Arc<dyn crate::index::Storage>, folder: Option<&Path>) -> Self {
        let messages = Messages::new(storage.clone());
        let pool = FakePool::default();
        let signer = Signer::new(
            Arc::new(chain.clone()),
            messages.clone(),
            keystore(&[ALICE]),
            Box::new(pool.clone()),
            folder.map(|path| Folder::open(path).unwrap()),
            Metrics::default(),
        );
        let (_, address) = validator(ALICE);
        Self {
            chain,
            storage,
            messages,
            pool,
            signer,
            address,
        }
    }

    fn restart(self, folder: Option<&Path>) -> Self {
        Self::on(self.chain, self.storage, folder)
    }

    fn dispatch(&self, block: BlockNumber) -> Dispatched {
        self.chain.bridge.lock().dispatch(block)
    }

    /// A block becomes final; tells what was handed to the pool then.
    fn finalize(&mut self, block: BlockNumber) -> Vec<Vec<(u32, Vec<u8>)>> {
        self.chain.bridge.lock().finalized = block;
        let block = self.chain.block(block);
        futures::executor::block_on(follower::catch_up(&self.messages, &self.chain, block)).unwrap();
        self.signer.round(block);
        self.pool.take()
    }

    fn publish(&self, transactions: &[Vec<(u32, Vec<u8>)>]) {
        self.chain.bridge.lock().publish(transactions, self.address);
    }

    /// Whether these are the validator's signatures of these messages' checkpoints, one transaction.
    fn signs(&self, transactions: &[Vec<(u32, Vec<u8>)>], messages: &[Dispatched]) -> bool {
        let [signatures] = transactions else { return false };
        let signs = |(index, bytes): &(u32, Vec<u8>), message: &Dispatched| {
            let signature = Signature(bytes.as_slice().try_into().unwrap());
            let digest = checkpoint(message).digest::<Native>();
            *index == message.index && signature.signer::<Native>(&digest) == Ok(self.address)
        };
        signatures.len() == messages.len()
            && signatures
                .iter()
                .zip(messages)
                .all(|(signature, message)| signs(signature, message))
    }
}

fn indexes(transactions: &[Vec<(u32, Vec<u8>)>]) -> Vec<Vec<u32>> {
    let of = |signatures: &Vec<(u32, Vec<u8>)>| signatures.iter().map(|(index, _)| *index).collect();
    transactions.iter().map(of).collect()
}

fn file(folder: &Path, name: &str) -> Vec<u8> {
    fs::read(folder.join(name)).unwrap()
}

fn written(folder: &Path, index: u32) -> SignedCheckpoint {
    SignedCheckpoint::from_json(&file(folder, &format!("{index}_with_id.json"))).unwrap()
}

#[test]
fn every_final_message_is_signed_by_the_validators_address() {
    let mut node = Node::new(None);
    let messages = [node.dispatch(1), node.dispatch(1)];
    let handed_over = node.finalize(1);
    assert!(node.signs(&handed_over, &messages));
    node.publish(&handed_over);
    let next = node.dispatch(2);
    let handed_over = node.finalize(2);
    assert!(node.signs(&handed_over, &[next]));
}

#[test]
fn a_block_that_was_given_up_before_it_was_final_is_never_signed() {
    let mut node = Node::new(None);
    node.dispatch(1);
    node.finalize(1);
    // The fake chain panics where signatures are asked for in the state of a later block than the final one.
    let given_up = node.dispatch(2);
    assert!(node.finalize(1).is_empty());
    node.chain.bridge.lock().messages.pop();
    let kept = node.chain.bridge.lock().dispatch_body(2, b"another");
    assert_ne!(given_up.root, kept.root);
    let handed_over = node.finalize(2);
    assert!(node.signs(&handed_over, std::slice::from_ref(&kept)));
    assert_eq!(node.signer.records.get(node.address, 1).unwrap().root, kept.root);
}

#[test]
fn a_node_that_holds_no_validators_key_signs_nothing() {
    let mut node = Node::new(None);
    node.chain.bridge.lock().validators = vec![validator("//Bob")];
    node.dispatch(1);
    assert!(node.finalize(1).is_empty());
    // From the session on in which it is one, it does.
    node.chain.bridge.lock().validators.push(validator(ALICE));
    assert_eq!(indexes(&node.finalize(2)), [[0]]);
}

#[test]
fn a_node_that_is_far_behind_signs_nothing() {
    let mut node = Node::new(None);
    node.dispatch(1);
    *node.pool.behind.lock() = true;
    assert!(node.finalize(1).is_empty());
    *node.pool.behind.lock() = false;
    assert_eq!(indexes(&node.finalize(2)), [[0]]);
}

#[test]
fn a_transaction_has_at_most_64_signatures() {
    let mut node = Node::new(None);
    for _ in 0..150 {
        node.dispatch(1);
    }
    let handed_over = node.finalize(1);
    let sizes: Vec<_> = handed_over.iter().map(Vec::len).collect();
    assert_eq!(sizes, [64, 64, 22]);
}

#[test]
fn signatures_are_handed_over_again_until_they_are_on_chain_but_not_at_every_block() {
    let mut node = Node::new(None);
    node.dispatch(1);
    let first = node.finalize(1);
    assert_eq!(indexes(&first), [[0]]);
    for block in 2..1 + publisher::AGAIN_AFTER {
        assert!(node.finalize(block).is_empty(), "block {block}");
    }
    // The same bytes, so that the pool knows them.
    let again = node.finalize(1 + publisher::AGAIN_AFTER);
    assert_eq!(again, first);
    node.publish(&again);
    for block in 6..20 {
        assert!(node.finalize(block).is_empty(), "block {block}");
    }
}

#[test]
fn what_a_full_pool_refused_is_handed_over_later() {
    let mut node = Node::new(None);
    node.dispatch(1);
    *node.pool.refuses.lock() = true;
    assert!(node.finalize(1).is_empty());
    *node.pool.refuses.lock() = false;
    assert_eq!(indexes(&node.finalize(1 + publisher::AGAIN_AFTER)), [[0]]);
}

#[test]
fn a_restart_signs_the_same_and_nothing_else() {
    let mut node = Node::new(None);
    node.dispatch(1);
    let first = node.finalize(1);
    let mut node = node.restart(None);
    assert_eq!(node.finalize(2), first);
    node.publish(&first);
    let mut node = node.restart(None);
    assert!(node.finalize(3).is_empty());
}

#[test]
fn another_root_for_a_signed_index_is_refused_and_ends_the_signing() {
    let folder = tempfile::tempdir().unwrap();
    let mut node = Node::new(Some(folder.path()));
    let signed = node.dispatch(1);
    node.finalize(1);
    // The chain went back behind its finality, and the node followed it with a database from before.
    let chain = node.chain.clone();
    chain.bridge.lock().messages.clear();
    let told = chain.bridge.lock().dispatch_body(1, b"another");
    let storage = storage();
    Messages::new(storage.clone()).records().keep(
        node.address,
        0,
        &node.signer.records.get(node.address, 0).unwrap(),
    );
    let mut node = Node::on(chain, storage, None);
    assert!(node.finalize(2).is_empty());
    assert!(node.signer.stopped);
    assert_ne!(signed.root, told.root);
    node.dispatch(3);
    assert!(node.finalize(3).is_empty());
}

#[test]
fn a_file_with_another_root_is_refused_where_the_database_knows_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut node = Node::new(Some(folder.path()));
    let signed = node.dispatch(1);
    node.finalize(1);
    let chain = node.chain.clone();
    chain.bridge.lock().messages.clear();
    let told = chain.bridge.lock().dispatch_body(1, b"another");
    let mut node = Node::on(chain, storage(), Some(folder.path()));
    assert!(node.finalize(2).is_empty());
    let flag: serde_json::Value = serde_json::from_slice(&file(folder.path(), REORG_FILE)).unwrap();
    assert_eq!(flag["local_merkle_root"], serde_json::json!(signed.root));
    assert_eq!(flag["canonical_merkle_root"], serde_json::json!(told.root));
    assert_eq!(written(folder.path(), 0).checkpoint, checkpoint(&signed));
}

#[test]
fn what_the_nodes_own_tree_contradicts_is_never_signed() {
    let folder = tempfile::tempdir().unwrap();
    let mut node = Node::new(Some(folder.path()));
    node.dispatch(1);
    let first = node.finalize(1);
    node.publish(&first);
    let own = node.dispatch(2).root;
    node.chain.bridge.lock().messages[1].root = Digest::repeat_byte(8);
    assert!(node.finalize(2).is_empty());
    let flag: serde_json::Value = serde_json::from_slice(&file(folder.path(), REORG_FILE)).unwrap();
    assert_eq!(flag["checkpoint_index"], 1);
    assert_eq!(flag["local_merkle_root"], serde_json::json!(own));
    // Neither it nor anything after it, nor after a restart, also where the flag is not there.
    node.dispatch(3);
    assert!(node.finalize(3).is_empty());
    let mut node = node.restart(None);
    assert!(node.finalize(4).is_empty());
    assert!(node.signer.stopped);
    assert_eq!(node.signer.records.get(node.address, 1), None);
}

#[test]
fn a_checkpoint_that_is_not_of_the_copied_messages_is_refused() {
    let mut node = Node::new(None);
    let message = node.dispatch(1);
    let good = checkpoint(&message);
    for forged in [
        Checkpoint {
            root: Digest::repeat_byte(1),
            ..good
        },
        Checkpoint {
            message_id: MessageId(Digest::repeat_byte(1)),
            ..good
        },
        Checkpoint {
            origin: Domain(8),
            ..good
        },
        Checkpoint {
            merkle_tree_hook: MAILBOX,
            ..good
        },
    ] {
        node.chain.bridge.lock().forged.insert(0, forged);
        assert!(node.finalize(1).is_empty(), "{forged:?}");
        assert!(node.signer.stopped, "{forged:?}");
        assert_eq!(node.signer.records.get(node.address, 0), None);
        node = node.restart(None);
    }
}

#[test]
fn a_flag_from_before_keeps_the_validator_from_signing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(REORG_FILE), "{}").unwrap();
    let mut node = Node::new(Some(folder.path()));
    node.dispatch(1);
    assert!(node.finalize(1).is_empty());
    fs::remove_file(folder.path().join(REORG_FILE)).unwrap();
    let mut node = node.restart(Some(folder.path()));
    assert_eq!(indexes(&node.finalize(2)), [[0]]);
}

#[test]
fn a_validator_that_stopped_still_tells_how_much_it_has_not_published() {
    let registry = substrate_prometheus_endpoint::Registry::new();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(REORG_FILE), "{}").unwrap();
    let mut node = Node::new(Some(folder.path()));
    node.signer.metrics = Metrics::register(Some(&registry)).unwrap();
    node.dispatch(1);
    node.dispatch(1);
    assert!(node.finalize(1).is_empty());
    let families = registry.gather();
    let lag = families
        .iter()
        .find(|family| family.get_name() == "pensum_bridge_checkpoint_lag")
        .unwrap();
    assert_eq!(lag.get_metric()[0].get_gauge().get_value(), 2.0);
}

#[test]
fn after_downtime_all_that_the_state_still_has_is_signed() {
    let mut node = Node::new(None);
    node.dispatch(1);
    let first = node.finalize(1);
    node.publish(&first);
    {
        let mut bridge = node.chain.bridge.lock();
        for block in 2..=40 {
            bridge.dispatch(block);
        }
        bridge.window = 10;
        // The states of the time when the node was off are not there.
        bridge.pruned = 40;
    }
    let handed_over = node.finalize(40);
    assert_eq!(indexes(&handed_over), [(30..40).collect::<Vec<u32>>()]);
    assert!(node.signs(&handed_over, &node.chain.bridge.lock().messages[30..]));
    node.publish(&handed_over);
    let next = node.dispatch(41);
    let handed_over = node.finalize(41);
    assert!(node.signs(&handed_over, &[next]));
}

#[test]
fn the_files_are_those_that_agents_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut node = Node::new(Some(folder.path()));
    let messages: Vec<_> = (0..12).map(|_| node.dispatch(1)).collect();
    let handed_over = node.finalize(1);
    for message in &messages {
        let signed = written(folder.path(), message.index);
        assert_eq!(signed.checkpoint, checkpoint(message));
        let digest = signed.checkpoint.digest::<Native>();
        assert_eq!(signed.signature.signer::<Native>(&digest), Ok(node.address));
        // The same signature as on chain.
        let published = &handed_over[0][message.index as usize].1;
        assert_eq!(&signed.signature.0[..], &published[..]);
    }
    assert_eq!(file(folder.path(), LATEST_FILE), b"11");
    let announcement = SignedAnnouncement::from_json(&file(folder.path(), ANNOUNCEMENT_FILE)).unwrap();
    let announced = announcement.announcement().unwrap();
    assert_eq!(
        announced.signer::<Native>(&announcement.signature),
        Ok(node.address)
    );
    assert_eq!(
        (announcement.validator, announced.mailbox),
        (node.address, MAILBOX)
    );
    let location = format!("file://{}", folder.path().canonicalize().unwrap().display());
    assert_eq!(announced.location.as_str(), location);
    assert!(folder.path().join(METADATA_FILE).is_file());
    assert!(!folder.path().join(REORG_FILE).exists());
}

#[test]
fn a_folder_that_comes_later_gets_everything_that_was_ever_signed() {
    let mut node = Node::new(None);
    let messages: Vec<_> = (1..=5).map(|block| node.dispatch(block)).collect();
    let handed_over = node.finalize(5);
    node.publish(&handed_over);
    // All of it has left the state by now.
    node.chain.bridge.lock().window = 0;
    let folder = tempfile::tempdir().unwrap();
    let mut node = node.restart(Some(folder.path()));
    assert!(node.finalize(6).is_empty());
    for message in &messages {
        assert_eq!(
            written(folder.path(), message.index).checkpoint,
            checkpoint(message)
        );
    }
    assert_eq!(file(folder.path(), LATEST_FILE), b"4");
}

#[test]
fn signatures_that_only_the_chain_knows_get_their_files_and_are_not_forgotten_again() {
    let mut node = Node::new(None);
    let messages: Vec<_> = (1..=3).map(|block| node.dispatch(block)).collect();
    let handed_over = node.finalize(3);
    node.publish(&handed_over);
    // A new database, and the same key.
    let folder = tempfile::tempdir().unwrap();
    let mut node = Node::on(node.chain, storage(), Some(folder.path()));
    assert!(node.finalize(4).is_empty());
    for message in &messages {
        assert_eq!(
            written(folder.path(), message.index).checkpoint,
            checkpoint(message)
        );
        let known = node.signer.records.get(node.address, message.index).unwrap();
        assert_eq!(known.root, message.root);
    }
}

#[test]
fn a_long_catch_up_of_files_goes_on_over_several_blocks() {
    let mut node = Node::new(None);
    for _ in 0..600 {
        node.dispatch(1);
    }
    for block in 1..=3 {
        let handed_over = node.finalize(block);
        node.publish(&handed_over);
    }
    let folder = tempfile::tempdir().unwrap();
    let mut node = node.restart(Some(folder.path()));
    for (block, latest) in [(4, "255"), (5, "511"), (6, "599")] {
        node.finalize(block);
        assert_eq!(file(folder.path(), LATEST_FILE), latest.as_bytes());
    }
    // What is signed meanwhile does not wait for its turn.
    node.dispatch(7);
    node.finalize(7);
    assert_eq!(file(folder.path(), LATEST_FILE), b"600");
}

#[test]
fn a_folder_that_fails_keeps_no_signature_from_the_chain_and_is_caught_up_later() {
    let folder = tempfile::tempdir().unwrap();
    let mut node = Node::new(Some(folder.path()));
    node.dispatch(1);
    let handed_over = node.finalize(1);
    node.publish(&handed_over);
    // A folder in the way of the file that is written first.
    let in_the_way = folder.path().join("1_with_id.json.tmp");
    fs::create_dir(&in_the_way).unwrap();
    node.dispatch(2);
    let handed_over = node.finalize(2);
    assert_eq!(indexes(&handed_over), [[1]]);
    node.publish(&handed_over);
    assert_eq!(file(folder.path(), LATEST_FILE), b"0");
    fs::remove_dir(in_the_way).unwrap();
    assert!(node.finalize(3).is_empty());
    assert_eq!(written(folder.path(), 1).checkpoint.index, 1);
    assert_eq!(file(folder.path(), LATEST_FILE), b"1");
}

#[test]
fn a_folder_of_another_validator_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut node = Node::new(Some(folder.path()));
    node.dispatch(1);
    node.finalize(1);
    let before = file(folder.path(), ANNOUNCEMENT_FILE);
    // The key was rotated.
    let chain = node.chain.clone();
    chain.bridge.lock().validators = vec![validator("//Bob")];
    let pool = FakePool::default();
    let mut signer = Signer::new(
        Arc::new(chain.clone()),
        node.messages.clone(),
        keystore(&["//Bob"]),
        Box::new(pool.clone()),
        Some(Folder::open(folder.path()).unwrap()),
        Metrics::default(),
    );
    signer.round(chain.block(1));
    assert_eq!(indexes(&pool.take()), [[0]]);
    assert_eq!(file(folder.path(), ANNOUNCEMENT_FILE), before);
    let signed = written(folder.path(), 0);
    let digest = signed.checkpoint.digest::<Native>();
    assert_eq!(signed.signature.signer::<Native>(&digest), Ok(node.address));
}

#[tokio::test]
async fn the_task_signs_what_was_final_before_it_started_and_what_becomes_so() {
    let node = Node::new(None);
    node.dispatch(1);
    node.dispatch(2);
    let mut chain = node.chain.clone();
    chain.finalized = 1;
    let finality = futures::stream::iter([chain.block(2)]);
    let Node {
        messages,
        signer,
        pool,
        ..
    } = node;
    crate::bridge::run(
        messages.clone(),
        Arc::new(chain),
        Some(signer),
        Metrics::default(),
        finality,
    )
    .await;
    assert_eq!(messages.next(), 2);
    assert_eq!(indexes(&pool.take()), [[0], [1]]);
}
