use crate::{
    origin::{DESTINATION, ORIGIN, RECIPIENT},
    world::{assert_exactly_once, World},
};
use hyperlane_primitives::H256;
use pensum_relayer::{
    chain::{Batch, Cursor, Leaf},
    journal::Recorded,
    status::Status,
};

#[tokio::test]
async fn what_is_not_final_is_not_carried() {
    let world = World::new();
    world.origin.state().finality = 2;
    world.origin.dispatch(RECIPIENT, b"");
    let relayer = world.start();
    relayer.turns(&world, 3).await;
    assert_eq!(world.destination.state().sent, 0);
    world.origin.pass();
    world.origin.pass();
    relayer.turns(&world, 3).await;
    assert!(relayer.is_delivered(0));
}

#[tokio::test]
async fn reading_twice_changes_nothing() {
    let world = World::new();
    for n in 0..5 {
        world.origin.dispatch(RECIPIENT, &[n]);
    }
    let relayer = world.start();
    relayer.follow(&world).await.unwrap();
    let (totals, root) = (relayer.journal.totals().unwrap(), relayer.witnesses.tree.root(5));
    assert_eq!(root, Some(world.origin.checkpoint(4).root));
    assert_eq!(totals[&(ORIGIN.0, DESTINATION.0)].seen, 5);
    drop(relayer);
    let again = world.start();
    again.follow(&world).await.unwrap();
    assert_eq!(again.journal.totals().unwrap(), totals);
    assert_eq!(again.witnesses.tree.root(5), root);
}

#[tokio::test]
async fn a_reorganisation_deeper_than_finality_is_followed() {
    let world = World::new();
    for n in 0..6 {
        world.origin.dispatch(RECIPIENT, &[n]);
    }
    world.origin.state().signers.clear();
    let relayer = world.start();
    relayer.follow(&world).await.unwrap();
    world.origin.reorganise(3);
    let replaced = world.origin.dispatch(RECIPIENT, b"another");
    relayer.follow(&world).await.unwrap();
    assert_eq!(relayer.journal.leaf_count(ORIGIN.0).unwrap(), 4);
    assert_eq!(relayer.record(3).id, replaced.0 .0);
    assert_eq!(
        relayer.witnesses.tree.root(4),
        Some(world.origin.checkpoint(3).root)
    );
    assert_eq!(
        relayer.journal.totals().unwrap()[&(ORIGIN.0, DESTINATION.0)].seen,
        4
    );

    world.origin.state().signers = (0..3).collect();
    world.wait(60);
    relayer.turns(&world, 5).await;
    let ids: Vec<_> = world.origin.checkpoints().iter().map(|c| c.message_id).collect();
    assert_exactly_once(&world, &ids);
}

#[tokio::test]
async fn a_reorganisation_of_everything_starts_anew_and_forgets_no_delivery() {
    let world = World::new();
    let first = world.origin.dispatch(RECIPIENT, b"kept");
    let relayer = world.start();
    relayer.turns(&world, 3).await;
    assert!(relayer.is_delivered(0));
    world.origin.reorganise(100);
    // The same message again, in another block.
    assert_eq!(world.origin.dispatch(RECIPIENT, b"kept"), first);
    let other = world.origin.dispatch(RECIPIENT, b"new");
    relayer.turns(&world, 3).await;
    assert_exactly_once(&world, &[first, other]);
    assert_eq!(world.destination.state().sent, 2);
}

#[tokio::test]
async fn a_leaf_that_is_missing_is_noticed_and_nothing_is_written() {
    let world = World::new();
    let relayer = world.start();
    let leaf = Leaf {
        index: 1,
        id: RECIPIENT,
        block: 1,
        root: None,
    };
    let batch = Batch {
        leaves: vec![leaf],
        cursor: Cursor {
            next: Some(2),
            anchor: None,
        },
        ..Batch::default()
    };
    let recorded = relayer.journal.record(ORIGIN.0, &batch, world.now()).unwrap();
    assert_eq!(
        recorded,
        Recorded::Gap {
            expected: 0,
            found: 1
        }
    );
    assert_eq!(relayer.journal.cursor(ORIGIN.0).unwrap(), Cursor::default());
}

#[tokio::test]
async fn logs_that_a_node_leaves_out_are_read_again() {
    for silent in [false, true] {
        let world = World::new();
        for n in 0..5 {
            world.origin.dispatch(RECIPIENT, &[n]);
        }
        let relayer = world.start();
        world.origin.state().silent = silent;
        // Told how many there are, it is noticed at once; else with the leaf after it.
        world.origin.state().hidden = Some(if silent { 3 } else { 4 });
        assert!(relayer.follow(&world).await.is_err());
        assert!(relayer.follow(&world).await.is_err());
        world.origin.state().hidden = None;
        relayer.follow(&world).await.unwrap();
        assert_eq!(
            relayer.witnesses.tree.root(5),
            Some(world.origin.checkpoint(4).root)
        );
        assert_eq!(
            relayer.journal.totals().unwrap()[&(ORIGIN.0, DESTINATION.0)].seen,
            5
        );
        relayer.turns(&world, 5).await;
        assert_eq!(world.destination.delivered(), 5);
    }
}

#[tokio::test]
async fn whoever_starts_again_tries_everything_at_once_but_what_has_cost_money() {
    let world = World::new();
    let bad = H256::repeat_byte(0xbb);
    world.destination.state().failing.insert(0xbb);
    world.destination.state().treacherous.insert(0xcc);
    world.origin.dispatch(bad, b"refused");
    world.origin.dispatch(H256::repeat_byte(0xcc), b"failed");
    let relayer = world.start();
    relayer.turns(&world, 200).await;
    assert_eq!((relayer.reason(0), relayer.reason(1)), ("refused", "failed"));
    let due = |relayer: &crate::world::Relayer| {
        let due = relayer.journal.due(DESTINATION.0, world.now(), 10).unwrap();
        due.into_iter().map(|(key, _)| key.nonce).collect::<Vec<_>>()
    };
    assert!(due(&relayer).is_empty());
    assert!(!relayer.journal.hasten(DESTINATION.0, world.now(), 10).unwrap());
    assert_eq!(due(&relayer), [0]);
}

#[tokio::test]
async fn anchors_of_old_blocks_thin_out_but_the_latest_and_the_first_stay() {
    let world = World::new();
    world.origin.state().range = 1;
    for _ in 0..2000 {
        world.origin.pass();
    }
    let relayer = world.start();
    relayer.follow(&world).await.unwrap();
    let anchors = relayer.journal.anchors(ORIGIN.0).unwrap();
    assert!(anchors.len() <= 256, "{}", anchors.len());
    let blocks: Vec<u64> = anchors.iter().map(|anchor| anchor.block).collect();
    assert!(blocks[..60].iter().copied().eq((1941..=2000).rev()));
    assert_eq!(blocks.last(), Some(&0));
    for (later, earlier) in blocks.iter().zip(&blocks[1..]) {
        let age = 2000 - earlier;
        assert!(
            later - earlier <= 1 + age / 2,
            "{earlier} and {later} are too far apart"
        );
    }
}

#[tokio::test]
async fn the_status_counts_what_waits_and_why() {
    let world = World::new();
    world.origin.state().signers.clear();
    for n in 0..30 {
        world.origin.dispatch(RECIPIENT, &[n]);
    }
    let relayer = world.start();
    relayer.turns(&world, 1).await;
    world.wait(100);
    let status = Status::read(&relayer.journal, &Default::default(), true, world.now()).unwrap();
    let [route] = status.routes.as_slice() else {
        panic!("{status:?}")
    };
    assert_eq!((route.seen, route.delivered, route.lag_messages), (30, 0, 30));
    assert_eq!(route.lag_seconds, 102);
    assert_eq!(route.pending_by_reason, [("signatures".to_string(), 30)].into());
    assert_eq!(route.pending.len(), 20);
    assert_eq!(route.pending[0].detail, "0 of 2 signatures that are needed.");
    assert!(status.print().contains("and 10 more"));
}
