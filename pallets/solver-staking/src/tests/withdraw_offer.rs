use crate::{mock::*, Books, Error, Event};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::traits::Solvers as _;

#[test]
fn withdraw_offer_takes_it_out_of_the_book() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 1);
        join_with_offer(2, MIN_BOND, 20, 1);
        assert_ok!(Staking::withdraw_offer(origin(1), model(1)));
        assert_eq!(Staking::offers(&model(1)), [(account(2), flat(20, 1))]);
        assert!(solver(1).offers.is_empty());
        assert_eq!(
            last_event(),
            Event::OfferWithdrawn {
                solver: account(1),
                model: model(1)
            }
        );
    });
}

#[test]
fn the_last_offer_leaves_no_book_behind() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 1);
        assert_ok!(Staking::withdraw_offer(origin(1), model(1)));
        assert!(!Books::<Test>::contains_key(model(1)));
    });
}

#[test]
fn withdraw_offer_keeps_the_tasks_already_held() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 2);
        assert_ok!(assign(2));
        assert_ok!(Staking::withdraw_offer(origin(1), model(1)));
        assert_eq!(
            (Staking::in_flight(&account(1)), Staking::locked(&account(1))),
            (2, 40)
        );
    });
}

#[test]
fn withdraw_offer_fails_when_there_is_none() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 1);
        assert_noop!(
            Staking::withdraw_offer(origin(1), model(2)),
            Error::<Test>::NoSuchOffer
        );
    });
}

#[test]
fn withdraw_offer_fails_when_not_a_solver() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(
            Staking::withdraw_offer(origin(1), model(1)),
            Error::<Test>::NotSolver
        );
    });
}
