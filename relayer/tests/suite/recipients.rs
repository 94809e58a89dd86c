use crate::{origin::RECIPIENT, world::World};
use hyperlane_primitives::H256;

const BAD: H256 = H256::repeat_byte(0xbb);

#[tokio::test]
async fn a_recipient_that_reverts_holds_nobody_up_and_is_asked_ever_less_often() {
    let world = World::new();
    world.destination.state().failing.insert(0xbb);
    let bad = world.origin.dispatch(BAD, b"");
    let good: Vec<_> = (0..3u8).map(|n| world.origin.dispatch(RECIPIENT, &[n])).collect();
    let relayer = world.start();
    relayer.turns(&world, 5).await;
    for id in &good {
        assert_eq!(world.destination.state().arrivals.get(&id.0), Some(&1));
    }
    assert_eq!(relayer.reason(0), "refused");
    relayer.turns(&world, 1800).await;
    // One hour: after 5, 10, 20, ... seconds.
    let tries = world.destination.state().tried_out[&bad.0];
    assert!((8..=11).contains(&tries), "{tries}");
    assert_eq!(world.destination.state().wasted, 0);

    world.destination.state().failing.clear();
    world.wait(3600);
    relayer.turns(&world, 3).await;
    assert!(relayer.is_delivered(0));
}

#[tokio::test]
async fn a_recipient_that_reverts_only_in_blocks_costs_ever_less_often() {
    let world = World::new();
    world.destination.state().treacherous.insert(0xbb);
    world.origin.dispatch(BAD, b"");
    let relayer = world.start();
    relayer.turns(&world, 1800).await;
    assert_eq!(relayer.reason(0), "failed");
    let wasted = world.destination.state().wasted;
    assert!((5..=11).contains(&wasted), "{wasted}");
}

#[tokio::test]
async fn a_module_that_is_not_served_and_a_message_outside_the_tree_wait() {
    let world = World::new();
    world.destination.state().kind = None;
    world.origin.dispatch_where(RECIPIENT, b"a", false);
    world.origin.dispatch(RECIPIENT, b"b");
    let relayer = world.start();
    relayer.turns(&world, 2).await;
    assert_eq!(
        (relayer.reason(0), relayer.reason(1)),
        ("not_in_tree", "security_module")
    );
}

#[tokio::test]
async fn more_messages_than_may_be_under_way_go_one_after_the_other() {
    let world = World::new();
    let count = 30;
    for n in 0..count {
        world.origin.dispatch(RECIPIENT, &[n]);
    }
    world.destination.state().finality = 1;
    let relayer = world.start();
    for _ in 0..40 {
        relayer.follow(&world).await.unwrap();
        relayer.lane.tick(world.now()).await.unwrap();
        assert!(world.destination.pool_size() <= world.max_in_flight);
        world.destination.mine();
        world.wait(2);
    }
    assert_eq!(world.destination.delivered(), count as usize);
    assert_eq!(world.destination.state().wasted, 0);
}

#[tokio::test]
async fn what_is_in_a_block_takes_no_room_while_finality_is_slow() {
    let world = World::new();
    for n in 0..30 {
        world.origin.dispatch(RECIPIENT, &[n]);
    }
    world.destination.state().finality = 100;
    let relayer = world.start();
    relayer.turns(&world, 10).await;
    assert_eq!((world.destination.delivered(), relayer.in_flight()), (30, 30));
    relayer.turns(&world, 100).await;
    assert!((0..30).all(|nonce| relayer.is_delivered(nonce)));
    assert_eq!(world.destination.state().sent, 30);
}

#[tokio::test]
async fn an_outage_of_either_chain_is_waited_for() {
    let world = World::new();
    world.origin.dispatch(RECIPIENT, b"");
    let relayer = world.start();
    relayer.follow(&world).await.unwrap();
    world.destination.state().down = true;
    assert!(relayer.lane.tick(world.now()).await.is_err());
    world.destination.state().down = false;
    world.origin.state().down = true;
    relayer.lane.tick(world.now()).await.unwrap();
    world.origin.state().down = false;
    world.wait(30);
    relayer.turns(&world, 3).await;
    assert!(relayer.is_delivered(0));
}
