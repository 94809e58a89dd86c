use crate::{
    mortal::Life,
    origin::RECIPIENT,
    world::{assert_exactly_once, Relayer, World},
};
use proptest::prelude::*;

/// What can happen to a relayer.
#[derive(Clone, Debug)]
enum Event {
    Dispatch,
    Turn,
    Mine,
    Wait(u64),
    DropPool,
    Stranger,
    TakeBack(usize),
    BaseFee(u128),
    Signers(u8),
    Down(bool),
    Deaf(bool),
    Kill(i64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => Just(Event::Dispatch),
        6 => Just(Event::Turn),
        3 => Just(Event::Mine),
        2 => (1u64..90).prop_map(Event::Wait),
        1 => Just(Event::DropPool),
        1 => Just(Event::Stranger),
        1 => (1usize..4).prop_map(Event::TakeBack),
        1 => (5u128..2000).prop_map(Event::BaseFee),
        1 => (0u8..16).prop_map(Event::Signers),
        1 => any::<bool>().prop_map(Event::Down),
        1 => any::<bool>().prop_map(Event::Deaf),
        2 => (0i64..40).prop_map(Event::Kill),
    ]
}

/// One turn of a relayer that may be killed in it; the next one lives.
async fn turn(world: &World, relayer: Relayer, life: &Life) -> Relayer {
    let outcome = async {
        relayer.follow(world).await?;
        relayer.lane.tick(world.now()).await
    }
    .await;
    match outcome {
        Err(_) if life.is_over() => {
            drop(relayer);
            world.start()
        }
        _ => relayer,
    }
}

async fn survives(events: Vec<Event>) {
    let world = World::new();
    world.destination.state().finality = 2;
    let mut ids = Vec::new();
    let mut life = Life::of(-1);
    let mut relayer = world.start_with(life.clone());
    for event in events {
        match event {
            Event::Dispatch => ids.push(world.origin.dispatch(RECIPIENT, &[ids.len() as u8])),
            Event::Turn => relayer = turn(&world, relayer, &life).await,
            Event::Mine => world.destination.mine(),
            Event::Wait(seconds) => world.wait(seconds),
            Event::DropPool => world.destination.drop_pool(),
            Event::Stranger => world.destination.foreign_transaction(),
            Event::TakeBack(depth) => world.destination.reorganise(depth),
            Event::BaseFee(fee) => world.destination.state().base_fee = fee,
            Event::Signers(which) => {
                world.origin.state().signers = (0..4).filter(|at| which >> at & 1 == 1).collect()
            }
            Event::Down(down) => world.destination.state().down = down,
            Event::Deaf(deaf) => world.destination.state().deaf = deaf,
            Event::Kill(steps) => {
                drop(relayer);
                life = Life::of(steps);
                relayer = world.start_with(life.clone());
            }
        }
    }
    // Then all is well for long enough.
    drop(relayer);
    {
        let mut state = world.destination.state();
        state.base_fee = 10;
        state.down = false;
        state.deaf = false;
    }
    world.origin.state().signers = (0..4).collect();
    let relayer = world.start();
    for _ in 0..120 {
        relayer.turn(&world).await.unwrap();
        world.wait(3);
    }
    assert_exactly_once(&world, &ids);
    assert_eq!(world.destination.state().wasted, 0);
    assert_eq!(relayer.in_flight(), 0);
    assert!((0..ids.len()).all(|nonce| relayer.is_delivered(nonce as u32)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_everything_arrives_once(events in prop::collection::vec(event(), 1..60)) {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(survives(events));
    }
}
