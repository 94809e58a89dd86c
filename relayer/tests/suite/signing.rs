use crate::{
    origin::{validator, ORIGIN, RECIPIENT},
    world::World,
};
use hyperlane_primitives::{
    files::{checkpoint_file, SignedCheckpoint},
    Native, H256,
};
use pensum_relayer::{
    journal::Journal,
    metrics::Metrics,
    route::{Follower, Step},
    tree::Tree,
    validator::{Files, Signing, Witness},
    Error, Kind,
};
use std::{fs, path::PathBuf, sync::Arc};

struct Signer {
    signing: Signing,
    follower: Follower,
}

fn folder(world: &World) -> PathBuf {
    world.folder.path().join("checkpoints")
}

fn start(world: &World) -> Signer {
    let journal = Arc::new(Journal::open(&world.folder.path().join("validator.redb")).unwrap());
    let metrics = Arc::new(Metrics::new().unwrap());
    let hook = pensum_relayer::chain::Origin::merkle_tree_hook(&*world.origin);
    let tree = Arc::new(Tree::load(&journal, ORIGIN, hook).unwrap());
    Signer {
        signing: Signing {
            key: validator(0),
            tree: tree.clone(),
            journal: journal.clone(),
            files: Files::open(&folder(world)).unwrap(),
            metrics: metrics.clone(),
        },
        follower: Follower {
            name: "origin".into(),
            origin: world.origin.clone(),
            tree,
            journal,
            metrics,
        },
    }
}

impl Signer {
    async fn turn(&self, world: &World) -> Result<u32, Error> {
        while self.follower.step(world.now()).await.unwrap() != Step::UpToDate {}
        self.signing.advance(&witness(world))
    }
}

fn witness(world: &World) -> Witness {
    let state = world.origin.state();
    Witness {
        block: 9,
        root: state.tree.root::<Native>(),
        count: state.tree.count(),
    }
}

fn shown(world: &World, index: u32) -> SignedCheckpoint {
    let bytes = fs::read(folder(world).join(checkpoint_file(index))).unwrap();
    SignedCheckpoint::from_json(&bytes).unwrap()
}

#[tokio::test]
async fn every_checkpoint_is_signed_once_and_shown() {
    let world = World::new();
    let signer = start(&world);
    assert_eq!(signer.turn(&world).await.unwrap(), 0);
    for n in 0..5 {
        world.origin.dispatch(RECIPIENT, &[n]);
    }
    assert_eq!(signer.turn(&world).await.unwrap(), 5);
    assert_eq!(signer.turn(&world).await.unwrap(), 0);
    for index in 0..5 {
        let signed = shown(&world, index);
        assert_eq!(signed.checkpoint, world.origin.checkpoint(index));
        let digest = signed.checkpoint.digest::<Native>();
        assert_eq!(
            signed.signature.signer::<Native>(&digest).unwrap(),
            signer.signing.address()
        );
    }
    assert_eq!(fs::read(folder(&world).join("index.json")).unwrap(), b"4");
}

#[tokio::test]
async fn a_validator_that_died_before_its_files_writes_the_same_ones() {
    let world = World::new();
    for n in 0..3 {
        world.origin.dispatch(RECIPIENT, &[n]);
    }
    let signer = start(&world);
    signer.turn(&world).await.unwrap();
    let before: Vec<_> = (0..3).map(|index| shown(&world, index)).collect();
    drop(signer);
    for index in 1..3 {
        fs::remove_file(folder(&world).join(checkpoint_file(index))).unwrap();
    }
    fs::write(folder(&world).join("index.json"), "0").unwrap();
    let signer = start(&world);
    assert_eq!(signer.turn(&world).await.unwrap(), 0);
    let after: Vec<_> = (0..3).map(|index| shown(&world, index)).collect();
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_root_that_is_not_the_contracts_ends_the_validator_for_good() {
    let world = World::new();
    world.origin.dispatch(RECIPIENT, b"");
    let signer = start(&world);
    while signer.follower.step(world.now()).await.unwrap() != Step::UpToDate {}
    let wrong = Witness {
        root: H256::repeat_byte(1),
        ..witness(&world)
    };
    let error = signer.signing.advance(&wrong).unwrap_err();
    assert_eq!(error.kind, Kind::RootMismatch);
    assert!(folder(&world).join("reorg_flag.json").exists());
    assert!(!folder(&world).join(checkpoint_file(0)).exists());
    drop(signer);
    let error = start(&world).turn(&world).await.unwrap_err();
    assert!(error.fact.contains("reorg_flag.json"), "{error}");
}

#[tokio::test]
async fn a_reorganisation_of_what_was_signed_raises_the_flag() {
    let world = World::new();
    for n in 0..4 {
        world.origin.dispatch(RECIPIENT, &[n]);
    }
    let signer = start(&world);
    signer.turn(&world).await.unwrap();
    world.origin.reorganise(2);
    let error = signer.turn(&world).await.unwrap_err();
    assert_eq!(error.kind, Kind::RootMismatch);
    assert_eq!(
        shown(&world, 3).checkpoint.index,
        3,
        "what was signed stays to be seen"
    );
}

#[tokio::test]
async fn a_reorganisation_of_what_was_not_signed_is_followed() {
    let world = World::new();
    world.origin.dispatch(RECIPIENT, b"a");
    let signer = start(&world);
    signer.turn(&world).await.unwrap();
    world.origin.dispatch(RECIPIENT, b"b");
    while signer.follower.step(world.now()).await.unwrap() != Step::UpToDate {}
    world.origin.reorganise(1);
    world.origin.dispatch(RECIPIENT, b"c");
    assert_eq!(signer.turn(&world).await.unwrap(), 1);
    assert_eq!(shown(&world, 1).checkpoint, world.origin.checkpoint(1));
}

#[tokio::test]
async fn a_lost_journal_leads_to_no_second_signature() {
    let world = World::new();
    world.origin.dispatch(RECIPIENT, b"a");
    let signer = start(&world);
    signer.turn(&world).await.unwrap();
    drop(signer);
    fs::remove_file(world.folder.path().join("validator.redb")).unwrap();
    // The same chain: it goes on.
    assert_eq!(start(&world).turn(&world).await.unwrap(), 1);
    fs::remove_file(world.folder.path().join("validator.redb")).unwrap();
    // Another one: it does not.
    world.origin.reorganise(1);
    world.origin.dispatch(RECIPIENT, b"b");
    let error = start(&world).turn(&world).await.unwrap_err();
    assert_eq!(error.kind, Kind::RootMismatch);
}
