//! A world in which something is wrong: the checks must see it.

use frame_support::traits::fungible::{Mutate, MutateHold};
use pensum_fuzz::{
    genesis,
    invariants::Depth,
    people::{actor, requester},
    violation::Violation,
    world::World,
};
use pensum_runtime::{Balances, Runtime};

/// What the checks say after this has been done to a sound world.
fn found(spoil: impl FnOnce()) -> Option<Violation> {
    let (mut chain, blocks) = genesis::chain();
    chain.execute_with(|| {
        let mut world = World::new(blocks, false);
        assert_eq!(world.begin_block(1), Ok(()), "the world is sound");
        spoil();
        world.observe("spoiled", &(), Depth::Whole).err()
    })
}

#[test]
fn escrow_is_found_that_no_task_explains() {
    let escrow = pallet_task_market::HoldReason::Escrow.into();
    let wrong = found(|| Balances::hold(&escrow, &requester(0), 7).expect("it can be held"));
    assert_eq!(
        wrong,
        Some(Violation("7 is on hold as escrow, and 0 should be".into()))
    );
}

#[test]
fn money_is_found_that_nobody_declared() {
    let wrong = found(|| {
        Balances::mint_into(&requester(0), 7).expect("it can be minted");
    });
    assert!(wrong.is_some_and(|wrong| wrong.0.contains("was issued")));
}

#[test]
fn stake_is_found_that_is_locked_for_nothing() {
    let solver = actor(0).stash.clone();
    let wrong = found(|| {
        pallet_solver_staking::Solvers::<Runtime>::mutate_extant(&solver, |record| record.locked = 1);
    });
    assert!(wrong.is_some_and(|wrong| wrong.0.contains("locked and in flight")));
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    assert_eq!(found(|| {}), None);
}
