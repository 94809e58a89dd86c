//! Random sequences of calls and of what the market does, with every invariant checked after each step.

mod market;
mod steps;

use crate::{mock::*, Delegations, HoldReason, NextSlashId, PoolRewards, SlashAgenda, Slashes, Solvers};
use frame_support::traits::{
    fungible::{Inspect, InspectHold},
    Hooks,
};
use market::Market;
use pensum_primitives::{solver::Fault, traits::Solvers as _};
use proptest::prelude::*;
use steps::step;

/// Solvers that take part.
const SOLVERS: u8 = 5;
/// Accounts that delegate: some of the solvers among them.
const DELEGATORS: core::ops::RangeInclusive<u8> = 4..=8;

/// Ends all work, lets all time pass, and lets everybody go.
fn wind_up(market: &mut Market) {
    while let Some(work) = market.take(0) {
        work.agree();
    }
    while let Some((solver, amount)) = market.take_deposit(0) {
        Staking::unlock(&solver, amount);
    }
    run_for(SlashDefer::get() + JAIL_PERIOD + u32::from(SOLVERS) * UNBONDING_PERIOD);
    assert_eq!(
        (
            Slashes::<Test>::iter().count(),
            SlashAgenda::<Test>::iter().count()
        ),
        (0, 0)
    );
    for asset in 1..=PLENTY {
        let _ = Assets::thaw_asset(RuntimeOrigin::signed(ISSUER), asset);
    }
    for who in 1..=SOLVERS {
        // Makes room in the queue; refused where there is nothing to withdraw or nobody.
        let _ = Staking::withdraw_unbonded(origin(who));
        let _ = Staking::leave(origin(who));
    }
    let delegations: Vec<_> = Delegations::<Test>::iter_keys().collect();
    for (solver, delegator) in &delegations {
        let origin = || RuntimeOrigin::signed(delegator.clone());
        let _ = Staking::withdraw_delegated(origin(), solver.clone());
        if let Some(view) = Staking::delegation(solver, delegator) {
            let _ = Staking::undelegate(origin(), solver.clone(), view.staked);
        }
    }
    run_for(UNBONDING_PERIOD);
    for who in 1..=SOLVERS {
        let _ = Staking::withdraw_unbonded(origin(who));
    }
    for (solver, delegator) in delegations {
        // Refused where there are none.
        for asset in (1..=PLENTY).map(Some).chain([None]) {
            let delegator = RuntimeOrigin::signed(delegator.clone());
            let _ = Staking::claim_rewards(delegator, solver.clone(), asset);
        }
        while Delegations::<Test>::contains_key(&solver, &delegator) {
            Staking::withdraw_delegated(RuntimeOrigin::signed(delegator.clone()), solver.clone()).unwrap();
        }
    }
    for who in (1..=SOLVERS).map(account) {
        assert_eq!(Balances::balance_on_hold(&HoldReason::Bond.into(), &who), 0);
        let pool = Staking::pool_account(&who);
        for asset in 1..=PLENTY {
            // What was frozen when the pool was closed; refused where there is none.
            let _ = Staking::refuse_asset(RuntimeOrigin::signed(who.clone()), asset);
        }
        assert_eq!(Balances::total_balance(&pool), 0);
        assert!((1..=PLENTY).all(|asset| Assets::balance(asset, &pool) == 0));
    }
    assert_eq!(Solvers::<Test>::iter().count(), 0);
    assert_eq!(PoolRewards::<Test>::iter().count(), 0);
    assert_eq!(crate::Operators::<Test>::iter().count(), 0);
    assert_eq!(crate::Books::<Test>::iter().count(), 0);
}

proptest! {
    #[test]
    fn nothing_is_lost_or_stuck_whatever_happens(
        steps in prop::collection::vec(step(), 20..160), per_block in 1..4u32, tolerance in 0..500_000u32,
    ) {
        MaxSlashesPerBlock::set(per_block);
        SelectionTolerance::set(tolerance);
        ExtBuilder.build().execute_with(|| {
            let issuance = || (Balances::total_issuance(), (1..=PLENTY).map(Assets::total_supply).collect::<Vec<_>>());
            let issued = issuance();
            let mut market = Market::default();
            (1..SOLVERS).for_each(|number| join_with_offer(number, 4_000, 50 * Balance::from(number), 5));
            (1..3).for_each(|number| Staking::set_commission(origin(number), 0).unwrap());
            (1..4).for_each(|number| accept(number, number.into()));
            accept(1, 2);
            for step in steps {
                market.run(step);
                Staking::do_try_state().unwrap();
                market.check();
                // The treasury lives, so no slash is ever burnt.
                assert_eq!(issuance(), issued);
            }
            wind_up(&mut market);
            assert_eq!(issuance(), issued);
            Staking::do_try_state().unwrap();
        });
    }

    #[test]
    fn every_slash_is_applied_once(faults in prop::collection::vec((1..=SOLVERS, 0..4u32), 1..30), per_block in 1..4u32) {
        MaxSlashesPerBlock::set(per_block);
        ExtBuilder.build().execute_with(|| {
            for number in 1..=SOLVERS {
                join(number, 50_000);
            }
            let mut scheduled: Balance = 0;
            for (number, pause) in faults {
                // Jail takes offers away; the lock is what a fault needs.
                Solvers::<Test>::mutate(account(number), |solver| {
                    solver.as_mut().unwrap().lock(1, 100);
                });
                let id = Staking::fault(&account(number), report(Fault::TimedOut, 100, 50)).unwrap();
                scheduled += Slashes::<Test>::get(id).unwrap().amount;
                run_for(pause);
                Staking::do_try_state().unwrap();
            }
            let count = NextSlashId::<Test>::get().0 as u32;
            run_for(SlashDefer::get() + count);
            assert_eq!(Slashes::<Test>::iter().count(), 0);
            let taken = RICH * 2 + scheduled;
            assert_eq!(Balances::balance(&TREASURY) + Balances::balance(&REQUESTER), taken);
        });
    }
}

#[test]
fn the_hook_looks_at_one_block_when_nothing_is_due() {
    ExtBuilder.build_and_execute(|| {
        use crate::WeightInfo as _;
        let one_look = crate::SubstrateWeight::<Test>::agenda_block();
        assert_eq!(Staking::on_initialize(2), one_look);
    });
}
