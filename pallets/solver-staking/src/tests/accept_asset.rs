use crate::{mock::*, types::MAX_ACCEPTED, Error, Event};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{
    solver::Fault,
    traits::{Engagement, NoOffer, NotReady, Solvers as _},
};
use sp_runtime::DispatchError;

/// What the book of model 1 says that solver `number` accepts.
fn listed(number: u8) -> Vec<AssetId> {
    let book = crate::Books::<Test>::get(model(1));
    let entry = book
        .into_iter()
        .find(|entry| entry.solver == account(number))
        .unwrap();
    entry.accepts.into_inner()
}

#[test]
fn every_offer_names_what_is_accepted_whenever_it_was_set() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 1);
        join_with_offer(2, MIN_BOND, 10, 1);
        accept(1, 3);
        assert_eq!(
            last_event(),
            Event::AssetAccepted {
                solver: account(1),
                asset: 3
            }
        );
        assert_ok!(Staking::set_offer(origin(1), model(2), flat(10, 1)));
        accept(1, 2);
        assert_eq!(solver(1).accepts.to_vec(), [3, 2]);
        assert_eq!((listed(1), listed(2)), (vec![3, 2], vec![]));
        assert_ok!(Staking::set_offer(origin(1), model(1), flat(20, 1)));
        assert_eq!(listed(1), [3, 2]);
    });
}

#[test]
fn only_those_who_accept_an_asset_get_work_that_is_paid_in_it() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 9);
        join_with_offer(2, MIN_BOND, 30, 9);
        let in_asset = || Query {
            asset: Some(3),
            ..query(1)
        };
        let offered = model(1);
        let engage = |number| {
            let engagement = Engagement {
                asset: Some(3),
                ..at(&offered, &[10])
            };
            Staking::engage(&account(number), engagement)
        };
        assert_noop!(in_asset().ask(), NoOffer::AssetNotAccepted);
        assert_noop!(draw_for(Some(3), 1, 1, seed(0)), NoOffer::AssetNotAccepted);
        assert_noop!(engage(2), NotReady::NotEligible);

        accept(2, 3);
        assert_eq!(in_asset().ask().unwrap().solver, account(2));
        let seats = draw_for(Some(3), 1, 1, seed(0)).unwrap();
        assert_eq!(seats[0].solver, account(2));
        assert_noop!(draw_for(Some(3), 2, 1, seed(0)), NoOffer::NobodyFree);
        assert_ok!(engage(2));
        assert_noop!(engage(1), NotReady::NotEligible);
        let eligible = |number, asset| {
            let standing = Staking::standing(&account(number), &model(1), asset);
            standing.unwrap().eligible
        };
        assert!(eligible(1, None) && eligible(2, None) && eligible(2, Some(3)));
        assert!(!eligible(1, Some(3)) && !eligible(2, Some(4)));
        // For PEN the other one is as good as ever.
        assert_eq!(assign(1).unwrap().solver, account(1));
    });
}

#[test]
fn the_reason_for_no_offer_is_that_of_those_who_accept_the_asset() {
    ExtBuilder.build_and_execute(|| {
        let asking = |cap| {
            let query = Query {
                asset: Some(3),
                max_reward: cap,
                ..query(1)
            };
            query.ask().map(|assignment| assignment.solver)
        };
        assert_noop!(asking(100), NoOffer::NobodyOffers);
        join_with_offer(1, MIN_BOND, 10, 1);
        assert_noop!(asking(100), NoOffer::AssetNotAccepted);
        join_with_offer(2, MIN_BOND, 30, 1);
        accept(2, 3);
        assert_noop!(asking(29), NoOffer::CapTooLow { cheapest: 30 });
        assert_eq!(asking(30), Ok(account(2)));
        assert_noop!(asking(30), NoOffer::NobodyFree);
    });
}

#[test]
fn those_who_do_not_accept_an_asset_cannot_hide_those_who_do() {
    MaxCandidates::set(1);
    ExtBuilder.build_and_execute(|| {
        (1..=3).for_each(|number| join_with_offer(number, MIN_BOND, 10, 1));
        join_with_offer(4, MIN_BOND, 20, 1);
        accept(4, 3);
        let in_asset = Query {
            asset: Some(3),
            ..query(1)
        };
        assert_eq!(in_asset.ask().unwrap().solver, account(4));
    });
}

#[test]
fn accepting_fails_for_an_asset_that_is_not_listed() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        assert_noop!(
            Staking::accept_asset(origin(1), UNLISTED),
            DispatchError::Unavailable
        );
    });
}

#[test]
fn accepting_fails_while_the_smallest_payment_could_not_arrive() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        assert_noop!(
            Staking::accept_asset(origin(1), SCARCE),
            Error::<Test>::CannotReceiveAsset
        );
        assert_ok!(Assets::touch(origin(1), SCARCE));
        assert_ok!(Staking::accept_asset(origin(1), SCARCE));
    });
}

#[test]
fn accepting_fails_when_accepted_already() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        accept(1, 3);
        assert_noop!(Staking::accept_asset(origin(1), 3), Error::<Test>::AssetAccepted);
    });
}

#[test]
fn accepting_fails_beyond_the_most() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        (1..=MAX_ACCEPTED).for_each(|asset| accept(1, asset));
        assert_noop!(
            Staking::accept_asset(origin(1), MAX_ACCEPTED + 1),
            Error::<Test>::TooManyAssets
        );
        assert_ok!(Staking::refuse_asset(origin(1), 1));
        assert_ok!(Staking::accept_asset(origin(1), MAX_ACCEPTED + 1));
    });
}

#[test]
fn accepting_fails_when_not_a_solver() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(Staking::accept_asset(origin(1), 3), Error::<Test>::NotSolver);
    });
}

#[test]
fn accepting_leaves_a_deposit_in_the_pool_or_fails() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, MIN_BOND);
        accept(1, 3);
        assert_eq!(pool_balance(1, 3), LEAST);
        assert_eq!(balance_of(3, &account(1)), RICH - LEAST);
        assert_ok!(Assets::touch(origin(1), SCARCE));
        assert_noop!(
            Staking::accept_asset(origin(1), SCARCE),
            Error::<Test>::PoolDepositUnaffordable
        );
    });
}

#[test]
fn a_pool_that_is_opened_later_can_have_every_accepted_asset() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        accept(1, 3);
        assert_ok!(Assets::touch(origin(1), SCARCE));
        accept(1, SCARCE);
        assert_noop!(
            Staking::set_commission(origin(1), 0),
            Error::<Test>::PoolDepositUnaffordable
        );
        assert_ok!(Staking::refuse_asset(origin(1), SCARCE));
        assert_ok!(Staking::set_commission(origin(1), 0));
        assert_eq!(
            (pool_balance(1, 3), pool_funds(1).0),
            (LEAST, EXISTENTIAL_DEPOSIT)
        );
        delegate(5, 1, 1_000);
        assert_eq!(earn_in(Some(3), 1, 2), 1);
    });
}

#[test]
fn a_solver_that_returns_from_jail_accepts_what_it_did() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 4 * MIN_BOND, 10, 3);
        accept(1, 3);
        assert_ok!(assign(3));
        for _ in 0..3 {
            Staking::fault(&account(1), report(Fault::TimedOut, 20, 10)).unwrap();
        }
        run_for(JAIL_PERIOD);
        assert_ok!(Staking::unjail(origin(1)));
        assert_ok!(Staking::set_offer(origin(1), model(1), flat(10, 1)));
        assert_eq!(listed(1), [3]);
    });
}
