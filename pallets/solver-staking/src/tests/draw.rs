use crate::{mock::*, Solvers};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{
    solver::{Offer, Unit},
    traits::{NoOffer, PanelQuery, Seat, Solvers as _},
    AccountId,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Four solvers with stakes of 1 000 to 4 000 and different prices.
fn four_offers() {
    for number in 1..=4 {
        join_with_offer(
            number,
            1_000 * Balance::from(number),
            10 * Balance::from(number),
            3,
        );
    }
}

fn members(seats: &[Seat]) -> BTreeSet<AccountId> {
    seats.iter().map(|seat| seat.solver.clone()).collect()
}

fn query<'a>(model: &'a pensum_primitives::ModelId, exclude: &'a [AccountId]) -> PanelQuery<'a> {
    PanelQuery {
        model,
        input_lens: &[100, 0],
        size: 2,
        member_cap: Balance::MAX,
        asset: None,
        min_reputation: 0,
        exclude,
        seed: seed(5),
    }
}

#[test]
fn a_panel_has_different_members_with_stake_and_capacity_taken() {
    ExtBuilder.build_and_execute(|| {
        four_offers();
        let offer = Offer {
            base: 10,
            per_byte: 1,
            min_reward: 0,
            capacity: 2,
            unit: Unit::Native,
        };
        assert_ok!(Staking::set_offer(origin(1), model(1), offer));
        let seats = Staking::draw(PanelQuery {
            size: 4,
            ..query(&model(1), &[])
        })
        .unwrap();
        assert_eq!(members(&seats).len(), 4);
        let first = seats.iter().find(|seat| seat.solver == account(1)).unwrap();
        assert_eq!(
            *first,
            Seat {
                solver: account(1),
                prices: vec![110, 10],
                bonds: vec![220, 20]
            }
        );
        assert_eq!((solver(1).locked, solver(1).in_flight), (240, 2));
        for seat in seats {
            Staking::released(&seat.solver, 2, seat.bonds.iter().sum(), 0, false);
        }
        assert!((1..=4).all(|number| solver(number).locked == 0 && solver(number).in_flight == 0));
    });
}

#[test]
fn the_same_seed_draws_the_same_panel_and_another_seed_others() {
    let drawn = |number| {
        let mut panel = vec![];
        ExtBuilder.build_and_execute(|| {
            four_offers();
            panel = draw(2, 1, seed(number)).unwrap();
        });
        panel
    };
    assert_eq!(drawn(3), drawn(3));
    assert!((0..20).any(|number| members(&drawn(number)) != members(&drawn(3))));
}

#[test]
fn everybody_is_drawn_in_proportion_to_its_stake() {
    let mut drawn = [0u32; 4];
    ExtBuilder.build_and_execute(|| {
        four_offers();
        for number in 0..2_000 {
            let seats = draw(1, 1, seed(number)).unwrap();
            drawn[usize::from(AsRef::<[u8]>::as_ref(&seats[0].solver)[0]) - 1] += 1;
            Staking::released(&seats[0].solver, 1, seats[0].bonds[0], 0, false);
        }
    });
    // 200, 400, 600 and 800 expected; five standard deviations are 110 at most.
    for (number, times) in drawn.iter().enumerate() {
        let expected = 200 * (number as u32 + 1);
        assert!(times.abs_diff(expected) < 110, "{drawn:?}");
    }
}

#[test]
fn delegated_stake_gives_chances_too() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 1_000, 10, 9);
        join_with_offer(2, 1_000, 10, 9);
        assert_ok!(Staking::set_commission(origin(1), 0));
        delegate(5, 1, 4_000);
        let mut first = 0;
        for number in 0..600 {
            let seats = draw(1, 1, seed(number)).unwrap();
            first += u32::from(seats[0].solver == account(1));
            Staking::released(&seats[0].solver, 1, seats[0].bonds[0], 0, false);
        }
        // 500 expected, with a standard deviation of 9.
        assert!((450..550).contains(&first), "{first}");
    });
}

#[test]
fn a_panel_is_drawn_whole_or_not_at_all() {
    ExtBuilder.build_and_execute(|| {
        four_offers();
        assert_noop!(draw(5, 1, seed(0)), NoOffer::NobodyFree);
        assert_eq!(draw(0, 1, seed(0)), Ok(vec![]));
        assert_eq!(members(&draw(4, 1, seed(0)).unwrap()).len(), 4);
    });
}

#[test]
fn the_cheapest_of_a_full_book_are_no_surer_of_a_seat() {
    ExtBuilder.build_and_execute(|| {
        MaxCandidates::set(1);
        four_offers();
        assert_eq!(members(&draw(4, 1, seed(0)).unwrap()).len(), 4);
    });
}

#[test]
fn only_those_are_drawn_who_are_ready_for_all_tasks() {
    ExtBuilder.build_and_execute(|| {
        for number in 1..=4 {
            join_with_offer(number, 1_000, 100, 5);
        }
        // Solver 1 has room for one task only, and solver 2 free stake for one only.
        assert_ok!(Staking::engage(&account(1), at(&model(1), &[1; 4])));
        assert!(Staking::lock(&account(2), 700));
        assert_eq!(members(&draw(3, 1, seed(0)).unwrap()).len(), 3);
        for number in 1..=4 {
            let held = solver(number).locked;
            let (tasks, kept) = match number {
                1 => (solver(1).in_flight - 4, 40),
                2 => (solver(2).in_flight, 700),
                _ => (solver(number).in_flight, 0),
            };
            Staking::released(&account(number), tasks, held - kept, 0, false);
        }
        assert_noop!(draw(3, 2, seed(0)), NoOffer::NobodyFree);
        let drawn = members(&draw(2, 2, seed(0)).unwrap());
        assert_eq!(drawn, [account(3), account(4)].into());
    });
}

#[test]
fn nobody_sits_who_is_excluded_jailed_unknown_or_too_dear() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(Staking::draw(query(&model(1), &[])), NoOffer::NobodyOffers);
        four_offers();
        let exclude = [account(1), account(2), account(3)];
        assert_noop!(Staking::draw(query(&model(1), &exclude)), NoOffer::NobodyFree);
        let with_cap = |member_cap| {
            Staking::draw(PanelQuery {
                member_cap,
                ..query(&model(1), &[])
            })
        };
        assert_noop!(with_cap(9), NoOffer::CapTooLow { cheapest: 10 });
        assert_noop!(with_cap(19), NoOffer::NobodyFree);
        assert_noop!(
            Staking::draw(PanelQuery {
                min_reputation: 400_001,
                ..query(&model(1), &[])
            }),
            NoOffer::NobodyFree
        );
        assert_eq!(members(&with_cap(20).unwrap()), [account(1), account(2)].into());
        Solvers::<Test>::mutate(account(4), |solver| {
            solver.as_mut().unwrap().jailed_until = Some(9)
        });
        let exclude = [account(1), account(2)];
        assert_noop!(Staking::draw(query(&model(1), &exclude)), NoOffer::NobodyFree);
        assert_ok!(Staking::withdraw_offer(origin(4), model(1)));
    });
}

proptest! {
    #[test]
    fn no_draw_takes_anybody_twice_or_more_than_is_free(
        stakes in prop::collection::vec(1_000..9_000u128, 1..4), size in 1..5u32, tasks in 1..4usize, number: u128,
    ) {
        ExtBuilder.build_and_execute(|| {
            for (index, stake) in stakes.iter().enumerate() {
                join_with_offer(index as u8 + 1, *stake, 10, 3);
            }
            match draw(size, tasks, seed(number)) {
                Ok(seats) => {
                    assert_eq!(seats.len(), size as usize);
                    assert_eq!(members(&seats).len(), size as usize);
                    assert!(seats.iter().all(|seat| seat.bonds.len() == tasks && seat.prices.len() == tasks));
                }
                Err(error) => {
                    assert_eq!(error, NoOffer::NobodyFree);
                    assert!(stakes.len() < size as usize);
                }
            }
        });
    }
}
