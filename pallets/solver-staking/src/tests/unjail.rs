use crate::{mock::*, Error, Event};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{
    solver::Fault,
    traits::{NoOffer, Solvers as _},
};

fn jail(number: u8, bond: Balance) {
    join_with_offer(number, bond, 10, 3);
    assert_ok!(assign(3));
    for _ in 0..3 {
        Staking::fault(&account(number), report(Fault::TimedOut, 20, 10)).unwrap();
    }
}

#[test]
fn repeated_faults_lead_to_jail_and_out_of_the_book() {
    ExtBuilder.build_and_execute(|| {
        jail(1, 2_000);
        assert_eq!(solver(1).jailed_until, Some(1 + JAIL_PERIOD));
        assert!(staking_events().contains(&Event::Jailed {
            solver: account(1),
            until: 1 + JAIL_PERIOD
        }));
        assert!(staking_events().contains(&Event::OfferWithdrawn {
            solver: account(1),
            model: model(1)
        }));
        assert_eq!(assign(1), Err(NoOffer::NobodyOffers));
    });
}

#[test]
fn unjail_leads_back_to_work() {
    ExtBuilder.build_and_execute(|| {
        jail(1, 2_000);
        run_for(JAIL_PERIOD);
        assert_ok!(Staking::unjail(origin(1)));
        assert_eq!(last_event(), Event::Unjailed { solver: account(1) });
        assert_ok!(Staking::set_offer(origin(1), model(1), flat(10, 1)));
        assert_ok!(assign(1));
    });
}

#[test]
fn one_more_fault_soon_after_jail_leads_back_into_it() {
    ExtBuilder.build_and_execute(|| {
        jail(1, 2_000);
        run_for(JAIL_PERIOD);
        assert_ok!(Staking::unjail(origin(1)));
        assert_ok!(Staking::set_offer(origin(1), model(1), flat(10, 1)));
        assert_ok!(assign(1));
        Staking::fault(&account(1), report(Fault::TimedOut, 20, 10)).unwrap();
        assert!(solver(1).is_jailed());
    });
}

#[test]
fn faults_far_apart_do_not_lead_to_jail() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 2_000, 10, 1);
        for _ in 0..6 {
            assert_ok!(assign(1));
            Staking::fault(&account(1), report(Fault::TimedOut, 20, 10)).unwrap();
            run_for(JAIL_PERIOD);
        }
        assert!(!solver(1).is_jailed());
    });
}

#[test]
fn unjail_fails_one_block_too_early() {
    ExtBuilder.build_and_execute(|| {
        jail(1, 2_000);
        run_for(JAIL_PERIOD - 1);
        assert_noop!(Staking::unjail(origin(1)), Error::<Test>::StillJailed);
        run_for(1);
        assert_ok!(Staking::unjail(origin(1)));
    });
}

#[test]
fn unjail_fails_when_free_stake_is_below_the_least_bond() {
    ExtBuilder.build_and_execute(|| {
        jail(1, MIN_BOND);
        run_for(JAIL_PERIOD);
        assert_noop!(Staking::unjail(origin(1)), Error::<Test>::StakeTooLow);
        assert_ok!(Staking::bond_extra(origin(1), 100));
        assert_ok!(Staking::unjail(origin(1)));
    });
}

#[test]
fn unjail_fails_when_not_jailed() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        assert_noop!(Staking::unjail(origin(1)), Error::<Test>::NotJailed);
    });
}

#[test]
fn unjail_fails_when_not_a_solver() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(Staking::unjail(origin(1)), Error::<Test>::NotSolver);
    });
}
