use crate::{mock::*, Error};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{
    solver::{Offer, Unit},
    traits::{Assignment, NoOffer},
    AccountId,
};
use proptest::prelude::*;

fn join_with_stable_offer(number: u8, price: Balance) {
    join(number, 10 * MIN_BOND);
    assert_ok!(Staking::set_offer(
        origin(number),
        model(1),
        flat_stable(price, 9)
    ));
}

fn order() -> Vec<AccountId> {
    Staking::offers(&model(1))
        .into_iter()
        .map(|(who, _)| who)
        .collect()
}

#[test]
fn a_stable_offer_is_assigned_at_what_it_is_worth_now() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        let quoted = Offer {
            base: 11,
            per_byte: 1,
            min_reward: 33,
            capacity: 9,
            unit: Unit::Stable,
        };
        assert_ok!(Staking::set_offer(origin(1), model(1), quoted));
        // Three halves of it, each amount rounded up.
        let offer = Offer {
            base: 17,
            per_byte: 2,
            min_reward: 50,
            capacity: 9,
            unit: Unit::Native,
        };
        let assignment = Query {
            input_lens: vec![100, 10],
            ..query(1)
        }
        .ask()
        .unwrap();
        assert_eq!(
            assignment,
            Assignment {
                solver: account(1),
                offer,
                taken: 2,
                bonds: vec![2 * 217, 2 * 50]
            }
        );
        // The book keeps it as it was quoted.
        assert_eq!(Staking::offers(&model(1)), [(account(1), quoted)]);
        StableRate::set(Some((2, 1)));
        assert_eq!(assign(1).unwrap().offer.base, 22);
    });
}

#[test]
fn matching_compares_in_pen_at_the_rate_of_the_block() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 100, 9);
        join_with_stable_offer(2, 60);
        assert_eq!(order(), [account(2), account(1)]);
        assert_eq!(assign(1).unwrap().solver, account(2));
        StableRate::set(Some((2, 1)));
        assert_eq!(order(), [account(1), account(2)]);
        assert_eq!(assign(1).unwrap().solver, account(1));
        let capped = |cap| Query {
            max_reward: cap,
            ..query(1)
        };
        assert_noop!(capped(99).ask(), NoOffer::CapTooLow { cheapest: 100 });
        StableRate::set(Some((1, 1)));
        assert_noop!(capped(59).ask(), NoOffer::CapTooLow { cheapest: 60 });
    });
}

#[test]
fn a_panel_is_paid_in_pen_too() {
    ExtBuilder.build_and_execute(|| {
        join_with_stable_offer(1, 61);
        let seats = draw(1, 1, seed(0)).unwrap();
        assert_eq!(
            (seats[0].prices.clone(), seats[0].bonds.clone()),
            (vec![92], vec![184])
        );
    });
}

#[test]
fn without_a_rate_stable_offers_are_passed_over() {
    ExtBuilder.build_and_execute(|| {
        join_with_stable_offer(1, 1);
        for rate in [None, Some((1, 0))] {
            StableRate::set(rate);
            assert_noop!(assign(1), NoOffer::NoRate);
            assert_noop!(draw(1, 1, seed(0)), NoOffer::NoRate);
        }
        join_with_offer(2, MIN_BOND, 400, 1);
        accept(2, 3);
        // Last in the book, as something that nobody could know to be cheaper.
        assert_eq!(order(), [account(2), account(1)]);
        assert_eq!(assign(1).unwrap().solver, account(2));
        let in_asset = Query {
            asset: Some(3),
            ..query(1)
        };
        assert_noop!(in_asset.ask(), NoOffer::NobodyFree);
    });
}

#[test]
fn the_rate_is_asked_for_once_and_only_where_an_offer_depends_on_it() {
    ExtBuilder.build_and_execute(|| {
        (1..=3).for_each(|number| join_with_offer(number, MIN_BOND, 10, 9));
        assert_ok!(assign(1));
        assert_ok!(draw(2, 1, seed(0)));
        assert_eq!(StableAsked::get(), 0);
        (1..=3).for_each(|number| {
            assert_ok!(Staking::set_offer(origin(number), model(1), flat_stable(10, 9)));
        });
        StableAsked::set(0);
        assert_ok!(assign(1));
        assert_eq!(StableAsked::get(), 1);
        assert_ok!(draw(2, 1, seed(0)));
        assert_eq!(StableAsked::get(), 2);
        assert_ok!(Staking::set_offer(origin(1), model(1), flat(10, 9)));
        assert_eq!(StableAsked::get(), 3);
    });
}

#[test]
fn a_full_book_gives_up_what_is_dearest_at_the_rate_of_the_block() {
    ExtBuilder.build_and_execute(|| {
        join_with_stable_offer(1, 10);
        (2..=4).for_each(|number| join_with_offer(number, MIN_BOND, 10 * Balance::from(number), 1));
        join(5, MIN_BOND);
        let offer = |offer| Staking::set_offer(origin(5), model(1), offer);
        assert_noop!(offer(flat(40, 1)), Error::<Test>::BookFull);
        assert_noop!(offer(flat_stable(27, 1)), Error::<Test>::BookFull);
        // What was the cheapest is the dearest now.
        StableRate::set(Some((6, 1)));
        assert_ok!(offer(flat(50, 1)));
        assert_eq!(order(), [account(2), account(3), account(4), account(5)]);

        assert_ok!(Staking::set_offer(origin(2), model(1), flat_stable(1, 1)));
        StableRate::set(None);
        assert_noop!(
            Staking::set_offer(origin(1), model(1), flat_stable(1, 1)),
            Error::<Test>::BookFull
        );
        // Without a rate it stands last.
        assert_ok!(Staking::set_offer(origin(1), model(1), flat(1_000, 1)));
        assert!(!order().contains(&account(2)));
    });
}

#[test]
fn an_absurd_price_or_rate_is_merely_too_dear() {
    ExtBuilder.build_and_execute(|| {
        join_with_stable_offer(1, Balance::MAX);
        join_with_stable_offer(2, 1_000);
        let capped = || Query {
            max_reward: 2_000,
            ..query(1)
        };
        assert_eq!(capped().ask().unwrap().solver, account(2));
        StableRate::set(Some((Balance::MAX, 1)));
        assert_noop!(
            capped().ask(),
            NoOffer::CapTooLow {
                cheapest: Balance::MAX
            }
        );
    });
}

proptest! {
    #[test]
    fn nobody_is_paid_less_than_quoted_and_next_to_nothing_more(
        base in 0..1u128 << 60, per_byte in 0..1u128 << 30, min_reward in 0..1u128 << 60,
        len in 0..5_000u32, worth in 1..1u128 << 50, of in 1..1u128 << 50,
    ) {
        let quoted = Offer { base, per_byte, min_reward, capacity: 1, unit: Unit::Stable };
        let price = quoted.in_native(Some((worth, of))).unwrap().price(len);
        // In parts of a unit, so that nothing is rounded.
        let exact = quoted.price(len) * worth;
        prop_assert!(price * of >= exact);
        prop_assert!(price * of < exact + of * (u128::from(len) + 1));
    }
}
