use crate::{
    origin::{address_of, sign, validator, RECIPIENT},
    world::{assert_exactly_once, World},
};
use hyperlane_primitives::{
    files::{checkpoint_file, print_latest, SignedCheckpoint, LATEST_FILE, REORG_FILE},
    Checkpoint, IsmKind, Signature, H256,
};
use std::{fs, path::Path};

fn show(folder: &Path, checkpoint: Checkpoint, signature: Signature) {
    let signed = SignedCheckpoint {
        checkpoint,
        signature,
    };
    fs::create_dir_all(folder).unwrap();
    fs::write(
        folder.join(checkpoint_file(checkpoint.index)),
        signed.to_json().unwrap(),
    )
    .unwrap();
    fs::write(folder.join(LATEST_FILE), print_latest(checkpoint.index)).unwrap();
}

/// The same signature's other form: the upper s, and the other parity.
fn high(signature: Signature) -> Signature {
    const ORDER: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    let order = hyperlane_primitives::U256::from_str_radix(ORDER, 16).unwrap();
    let s = order - hyperlane_primitives::U256::from_big_endian(signature.s());
    let mut bytes = signature.0;
    bytes[32..64].copy_from_slice(&s.to_big_endian());
    bytes[64] = 55 - bytes[64];
    Signature(bytes)
}

#[tokio::test]
async fn half_the_validators_suffice_and_fewer_do_not() {
    let world = World::new();
    let ids = [world.origin.dispatch(RECIPIENT, b"")];
    world.origin.state().signers = [3].into();
    let relayer = world.start();
    relayer.turns(&world, 5).await;
    assert_eq!(relayer.reason(0), "signatures");
    world.origin.state().signers = [1, 3].into();
    relayer.turns(&world, 10).await;
    assert_exactly_once(&world, &ids);
}

#[tokio::test]
async fn forged_high_doubled_and_strange_signatures_count_for_nothing() {
    let world = World::new();
    let ids = [world.origin.dispatch(RECIPIENT, b"")];
    let checkpoint = world.origin.checkpoint(0);
    let other = Checkpoint {
        root: H256::repeat_byte(9),
        ..checkpoint
    };
    let honest = sign(&validator(0), &checkpoint);
    world.origin.state().forged = vec![
        Signature([0; 65]),
        Signature([0xff; 65]),
        honest,
        honest,
        high(sign(&validator(1), &checkpoint)),
        sign(&validator(2), &other),
        sign(&validator(77), &checkpoint),
    ];
    world.origin.state().signers.clear();
    let relayer = world.start();
    relayer.turns(&world, 3).await;
    assert_eq!(relayer.reason(0), "signatures");
    let status = format!("{:?}", relayer.record(0).state);
    assert!(status.contains("1 of 2"), "{status}");
    // One more that is good, behind all that is not.
    world.origin.state().signers.insert(3);
    relayer.turns(&world, 10).await;
    assert_exactly_once(&world, &ids);
    assert_eq!(world.destination.state().wasted, 0);
}

#[tokio::test]
async fn signatures_come_from_announced_and_from_configured_folders() {
    let mut world = World::new();
    let folder = world.folder.path().to_path_buf();
    let ids = [world.origin.dispatch(RECIPIENT, b"")];
    let checkpoint = world.origin.checkpoint(0);
    world.origin.state().signers.clear();
    world.folders.announced = true;
    let configured = folder.join("two");
    world
        .folders
        .configured
        .insert(address_of(&validator(2)), configured.clone());
    world.origin.state().locations = vec![
        vec![format!("file://{}", folder.join("none").display())],
        vec![
            "s3://b/r".into(),
            format!("file://{}", folder.join("one").display()),
        ],
    ];
    show(&folder.join("one"), checkpoint, sign(&validator(1), &checkpoint));
    let relayer = world.start();
    relayer.turns(&world, 1).await;
    assert_eq!(relayer.reason(0), "signatures");
    show(&configured, checkpoint, sign(&validator(2), &checkpoint));
    world.wait(60);
    relayer.turns(&world, 2).await;
    assert_exactly_once(&world, &ids);
}

#[tokio::test]
async fn folders_with_another_root_a_flag_or_rubbish_are_ignored() {
    let mut world = World::new();
    let folder = world.folder.path().to_path_buf();
    world.origin.dispatch(RECIPIENT, b"");
    let checkpoint = world.origin.checkpoint(0);
    let other = Checkpoint {
        root: H256::repeat_byte(9),
        ..checkpoint
    };
    world.origin.state().signers.clear();
    for at in 0..4u8 {
        let of_validator = folder.join(at.to_string());
        world
            .folders
            .configured
            .insert(address_of(&validator(at)), of_validator.clone());
        let shown = if at == 0 { other } else { checkpoint };
        show(&of_validator, shown, sign(&validator(at), &shown));
    }
    fs::write(folder.join("1").join(REORG_FILE), "{}").unwrap();
    fs::write(folder.join("2").join(checkpoint_file(0)), "{").unwrap();
    let relayer = world.start();
    relayer.turns(&world, 2).await;
    let state = format!("{:?}", relayer.record(0).state);
    assert!(state.contains("1 of 2"), "{state}");
}

#[tokio::test]
async fn a_later_checkpoint_proves_earlier_messages_to_a_merkle_root_module() {
    let mut world = World::new();
    world.destination.state().kind = Some(IsmKind::MerkleRoot);
    let ids: Vec<_> = (0..7u8).map(|n| world.origin.dispatch(RECIPIENT, &[n])).collect();
    world.origin.state().signers.clear();
    let latest = world.origin.checkpoint(5);
    for at in 0..2u8 {
        let folder = world.folder.path().join(at.to_string());
        world
            .folders
            .configured
            .insert(address_of(&validator(at)), folder.clone());
        show(&folder, latest, sign(&validator(at), &latest));
    }
    let relayer = world.start();
    relayer.turns(&world, 5).await;
    assert_eq!(world.destination.delivered(), 6);
    assert_eq!(relayer.reason(6), "signatures");
    // The one after the checkpoint must wait for the next.
    world.origin.state().signers = [2, 3].into();
    world.wait(60);
    relayer.turns(&world, 2).await;
    assert_exactly_once(&world, &ids);
    assert_eq!(world.destination.state().wasted, 0);
}
