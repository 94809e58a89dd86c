use crate::{mock::*, Error, Event};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::solver::{Fault, Offer, Unit};
use pensum_primitives::traits::Solvers as _;

#[test]
fn set_offer_keeps_the_book_in_order_of_price_and_time() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 30, 1);
        join_with_offer(2, MIN_BOND, 10, 1);
        join_with_offer(3, MIN_BOND, 30, 1);
        // At 256 bytes this one costs 1 + 256.
        let by_length = Offer {
            base: 1,
            per_byte: 1,
            min_reward: 0,
            capacity: 1,
            unit: Unit::Native,
        };
        join(4, MIN_BOND);
        assert_ok!(Staking::set_offer(origin(4), model(1), by_length));
        assert_eq!(
            last_event(),
            Event::OfferSet {
                solver: account(4),
                model: model(1),
                offer: by_length
            }
        );
        assert_eq!(
            Staking::offers(&model(1)),
            [
                (account(2), flat(10, 1)),
                (account(1), flat(30, 1)),
                (account(3), flat(30, 1)),
                (account(4), by_length),
            ]
        );
    });
}

#[test]
fn set_offer_replaces_the_earlier_one() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 30, 1);
        join_with_offer(2, MIN_BOND, 20, 1);
        assert_ok!(Staking::set_offer(origin(1), model(1), flat(10, 5)));
        assert_eq!(
            Staking::offers(&model(1)),
            [(account(1), flat(10, 5)), (account(2), flat(20, 1))]
        );
        assert_eq!(solver(1).offers.to_vec(), [model(1)]);
    });
}

#[test]
fn set_offer_takes_a_flagged_model() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        assert_ok!(Staking::set_offer(origin(1), model(9), flat(10, 1)));
    });
}

#[test]
fn set_offer_evicts_the_dearest_from_a_full_book() {
    ExtBuilder.build_and_execute(|| {
        for number in 1..=4 {
            join_with_offer(number, MIN_BOND, 10 * Balance::from(number), 1);
        }
        join(5, MIN_BOND);
        System::reset_events();
        assert_ok!(Staking::set_offer(origin(5), model(1), flat(39, 1)));

        let book: Vec<_> = Staking::offers(&model(1))
            .into_iter()
            .map(|(who, _)| who)
            .collect();
        assert_eq!(book, [1, 2, 3, 5].map(account));
        assert!(solver(4).offers.is_empty());
        assert_eq!(
            staking_events(),
            [
                Event::OfferEvicted {
                    solver: account(4),
                    model: model(1),
                    by: account(5)
                },
                Event::OfferSet {
                    solver: account(5),
                    model: model(1),
                    offer: flat(39, 1)
                },
            ]
        );
    });
}

#[test]
fn set_offer_fails_when_the_book_is_full_of_cheaper_ones() {
    ExtBuilder.build_and_execute(|| {
        for number in 1..=4 {
            join_with_offer(number, MIN_BOND, 10 * Balance::from(number), 1);
        }
        join(5, MIN_BOND);
        // The same price does not beat it: who came first stays.
        assert_noop!(
            Staking::set_offer(origin(5), model(1), flat(40, 1)),
            Error::<Test>::BookFull
        );
        // One's own offer can always be replaced, also by a dearer one.
        assert_ok!(Staking::set_offer(origin(1), model(1), flat(50, 1)));
    });
}

#[test]
fn set_offer_fails_when_solver_has_too_many() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        for number in 1..=3 {
            assert_ok!(Staking::set_offer(origin(1), model(number), flat(10, 1)));
        }
        assert_noop!(
            Staking::set_offer(origin(1), model(4), flat(10, 1)),
            Error::<Test>::TooManyOffers
        );
        assert_ok!(Staking::set_offer(origin(1), model(3), flat(11, 1)));
    });
}

#[test]
fn set_offer_fails_for_an_unknown_or_retired_model() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        assert_noop!(
            Staking::set_offer(origin(1), model(77), flat(10, 1)),
            Error::<Test>::ModelUnknown
        );
        assert_noop!(
            Staking::set_offer(origin(1), model(10), flat(10, 1)),
            Error::<Test>::ModelRetired
        );
    });
}

#[test]
fn set_offer_fails_without_capacity() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        assert_noop!(
            Staking::set_offer(origin(1), model(1), flat(10, 0)),
            Error::<Test>::CapacityZero
        );
    });
}

#[test]
fn set_offer_fails_when_not_a_solver() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(
            Staking::set_offer(origin(1), model(1), flat(10, 1)),
            Error::<Test>::NotSolver
        );
    });
}

#[test]
fn set_offer_fails_when_the_stake_fell_below_the_least_bond() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 1);
        assert_ok!(assign(1));
        Staking::fault(&account(1), report(Fault::Wrong, 20, 10)).unwrap();
        run_for(SlashDefer::get());
        assert_noop!(
            Staking::set_offer(origin(1), model(2), flat(10, 1)),
            Error::<Test>::StakeTooLow
        );
        assert_ok!(Staking::bond_extra(origin(1), MIN_BOND));
        assert_ok!(Staking::set_offer(origin(1), model(2), flat(10, 1)));
    });
}

#[test]
fn set_offer_fails_when_left() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        assert_ok!(Staking::leave(origin(1)));
        assert_noop!(
            Staking::set_offer(origin(1), model(1), flat(10, 1)),
            Error::<Test>::StakeTooLow
        );
    });
}

#[test]
fn set_offer_fails_in_jail() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 3);
        assert_ok!(assign(3));
        for _ in 0..3 {
            Staking::fault(&account(1), report(Fault::TimedOut, 20, 10)).unwrap();
        }
        assert_noop!(
            Staking::set_offer(origin(1), model(1), flat(10, 1)),
            Error::<Test>::Jailed
        );
    });
}
