use crate::{
    mortal::Life,
    origin::RECIPIENT,
    world::{assert_exactly_once, World},
};

/// Kills the relayer after so many steps, starts another one that lives, and lets it finish. Whether it was killed at all.
async fn killed_after(steps: i64, prepare: impl Fn(&World)) -> bool {
    let world = World::new();
    world.destination.state().finality = 2;
    let ids: Vec<_> = (0..3u8).map(|n| world.origin.dispatch(RECIPIENT, &[n])).collect();
    prepare(&world);
    let life = Life::of(steps);
    let mortal = world.start_with(life.clone());
    for _ in 0..12 {
        if mortal.turn(&world).await.is_err() {
            break;
        }
    }
    let was_killed = life.is_over();
    drop(mortal);

    prepare(&world);
    let heir = world.start();
    heir.turns(&world, 40).await;
    assert_exactly_once(&world, &ids);
    assert_eq!(world.destination.state().wasted, 0, "killed after {steps} steps");
    assert_eq!(heir.in_flight(), 0);
    assert!((0..3).all(|nonce| heir.is_delivered(nonce)));
    was_killed
}

#[tokio::test]
async fn a_relayer_killed_at_any_step_delivers_everything_once_and_wastes_nothing() {
    let mut steps = 0;
    while killed_after(steps, |_| ()).await {
        steps += 1;
    }
    // Three messages take about ten questions each; if far fewer were asked, this test tests nothing.
    assert!(steps > 40, "{steps}");
}

#[tokio::test]
async fn the_same_while_the_pool_forgets_everything_at_the_moment_of_death() {
    for steps in 0..70 {
        killed_after(steps, |world| world.destination.drop_pool()).await;
    }
}

#[tokio::test]
async fn the_same_while_the_last_blocks_are_taken_back() {
    for steps in 0..70 {
        killed_after(steps, |world| world.destination.reorganise(2)).await;
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_is_no_reason_to_send_another_transaction() {
    let world = World::new();
    let ids = [world.origin.dispatch(RECIPIENT, b"")];
    world.destination.state().deaf = true;
    let relayer = world.start();
    relayer.turns(&world, 4).await;
    assert_exactly_once(&world, &ids);
    assert_eq!(world.destination.state().sent, 1);
    assert!(relayer.is_delivered(0));
}

#[tokio::test]
async fn what_another_relayer_has_brought_is_not_brought_again() {
    let world = World::new();
    let id = world.origin.dispatch(RECIPIENT, b"");
    world.destination.deliver_by_another(id.0);
    let relayer = world.start();
    relayer.turns(&world, 3).await;
    assert!(relayer.is_delivered(0));
    assert_eq!(world.destination.state().sent, 0);
}

#[tokio::test]
async fn what_another_brought_while_ours_was_lost_is_not_sent_again() {
    let world = World::new();
    world.destination.state().base_fee = 10;
    let id = world.origin.dispatch(RECIPIENT, b"");
    let relayer = world.start();
    relayer.follow(&world).await.unwrap();
    relayer.lane.tick(world.now()).await.unwrap();
    world.destination.drop_pool();
    world.destination.deliver_by_another(id.0);
    relayer.turns(&world, 3).await;
    assert!(relayer.is_delivered(0));
    assert_eq!((world.destination.state().sent, relayer.in_flight()), (1, 0));
}
