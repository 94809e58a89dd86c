use crate::{
    destination::STUCK,
    origin::RECIPIENT,
    world::{assert_exactly_once, World},
};

#[tokio::test]
async fn nothing_is_sent_while_gas_is_too_dear() {
    let world = World::new();
    let ids = [world.origin.dispatch(RECIPIENT, b"")];
    world.destination.state().base_fee = 2000;
    let relayer = world.start();
    relayer.turns(&world, 10).await;
    assert_eq!(
        (relayer.reason(0), world.destination.state().sent),
        ("too_dear", 0)
    );
    world.destination.state().base_fee = 10;
    relayer.turns(&world, 10).await;
    assert_exactly_once(&world, &ids);
}

#[tokio::test]
async fn a_stuck_transaction_is_replaced_by_a_dearer_one_with_its_number() {
    let world = World::new();
    let ids: Vec<_> = (0..3u8).map(|n| world.origin.dispatch(RECIPIENT, &[n])).collect();
    let relayer = world.start();
    relayer.follow(&world).await.unwrap();
    relayer.lane.tick(world.now()).await.unwrap();
    world.destination.state().base_fee = 40;
    let turns = STUCK.as_secs() as usize * 4;
    relayer.turns(&world, turns).await;
    assert_exactly_once(&world, &ids);
    assert_eq!(world.destination.state().wasted, 0);
    let state = world.destination.state();
    assert!(state.sent > 3 && state.sent < 12, "{}", state.sent);
}

#[tokio::test]
async fn a_spike_beyond_the_limit_leaves_the_stuck_transaction_where_it_is() {
    let world = World::new();
    let ids = [world.origin.dispatch(RECIPIENT, b"")];
    let relayer = world.start();
    relayer.follow(&world).await.unwrap();
    relayer.lane.tick(world.now()).await.unwrap();
    world.destination.state().base_fee = 5000;
    relayer.turns(&world, 60).await;
    assert_eq!(world.destination.state().sent, 1);
    world.destination.state().base_fee = 10;
    relayer.turns(&world, 3).await;
    assert_exactly_once(&world, &ids);
}

#[tokio::test]
async fn a_number_that_a_stranger_took_and_lost_is_filled() {
    let world = World::new();
    world.destination.foreign_transaction();
    let ids = [world.origin.dispatch(RECIPIENT, b"")];
    let relayer = world.start();
    relayer.follow(&world).await.unwrap();
    relayer.lane.tick(world.now()).await.unwrap();
    assert_eq!(world.destination.pool_size(), 2);
    // The stranger's is lost, ours waits behind it.
    world.destination.drop_pool();
    relayer.turns(&world, 6).await;
    assert_exactly_once(&world, &ids);
    assert_eq!(relayer.in_flight(), 0);
}

#[tokio::test]
async fn a_number_that_a_stranger_took_first_is_given_up_and_the_message_sent_anew() {
    let world = World::new();
    let ids = [world.origin.dispatch(RECIPIENT, b"")];
    let relayer = world.start();
    relayer.follow(&world).await.unwrap();
    relayer.lane.tick(world.now()).await.unwrap();
    world.destination.drop_pool();
    world.destination.foreign_transaction();
    relayer.turns(&world, 10).await;
    assert_exactly_once(&world, &ids);
    assert_eq!(world.destination.state().wasted, 0);
}
