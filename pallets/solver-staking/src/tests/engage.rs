use crate::{mock::*, Solvers};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{
    solver::Fault,
    traits::{Engagement, FaultReport, NotReady, Solvers as _, Standing},
};

fn engage(number: u8, prices: &[Balance]) -> Result<Vec<Balance>, NotReady> {
    Staking::engage(&account(number), at(&model(1), prices))
}

#[test]
fn engaging_locks_a_bond_for_each_price_and_takes_capacity() {
    ExtBuilder.build_and_execute(|| {
        // The offer's own price does not matter: another was agreed.
        join_with_offer(1, MIN_BOND, 77, 3);
        assert_eq!(engage(1, &[100, 3]), Ok(vec![200, MIN_TASK_BOND]));
        assert_eq!((solver(1).locked, solver(1).in_flight), (210, 2));
        Staking::agreed(&account(1), 2, 210, 103);
        assert_eq!((solver(1).locked, solver(1).in_flight), (0, 0));
    });
}

#[test]
fn engaging_takes_the_last_free_unit_and_not_one_more() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 9);
        assert_noop!(engage(1, &[400, 101]), NotReady::StakeTaken);
        assert_ok!(engage(1, &[400, 100]));
        assert_eq!(solver(1).free(), 0);
        assert_noop!(engage(1, &[1]), NotReady::StakeTaken);
    });
}

#[test]
fn an_absurd_price_is_covered_by_no_stake() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 9);
        assert_noop!(engage(1, &[Balance::MAX, Balance::MAX]), NotReady::StakeTaken);
    });
}

#[test]
fn engaging_fails_when_it_exceeds_capacity() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 2);
        assert_noop!(engage(1, &[10; 3]), NotReady::AtCapacity);
        assert_ok!(engage(1, &[10]));
        assert_noop!(engage(1, &[10; 2]), NotReady::AtCapacity);
    });
}

#[test]
fn engaging_fails_when_not_eligible() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(engage(1, &[10]), NotReady::NotEligible);
        join(1, MIN_BOND);
        assert_noop!(engage(1, &[10]), NotReady::NotEligible);
        assert_ok!(Staking::set_offer(origin(1), model(1), flat(10, 9)));
        let unknown = solver(1).reputation.score_ppm();
        let offered = model(1);
        let from = |min_reputation| {
            let engagement = Engagement {
                min_reputation,
                ..at(&offered, &[10])
            };
            Staking::engage(&account(1), engagement)
        };
        assert_noop!(from(unknown + 1), NotReady::NotEligible);
        assert_ok!(from(unknown));
        assert_noop!(
            Staking::engage(&account(1), at(&model(2), &[10])),
            NotReady::NotEligible
        );
        Solvers::<Test>::mutate(account(1), |solver| {
            solver.as_mut().unwrap().jailed_until = Some(9)
        });
        assert_noop!(engage(1, &[10]), NotReady::NotEligible);
        assert_ok!(Staking::withdraw_offer(origin(1), model(1)));
    });
}

#[test]
fn standing_tells_stake_reputation_and_whether_work_can_be_had() {
    ExtBuilder.build_and_execute(|| {
        assert_eq!(Staking::standing(&account(1), &model(1), None), None);
        join_with_offer(1, MIN_BOND, 100, 9);
        assert_ok!(assign(1));
        let standing = |eligible| {
            Some(Standing {
                free: MIN_BOND - 200,
                reputation: solver(1).reputation.score_ppm(),
                eligible,
            })
        };
        assert_eq!(Staking::standing(&account(1), &model(1), None), standing(true));
        assert_eq!(Staking::standing(&account(1), &model(2), None), standing(false));
        let fault = FaultReport {
            tasks: 0,
            ..report(Fault::TimedOut, 0, 0)
        };
        (0..3).for_each(|_| assert_eq!(Staking::fault(&account(1), fault.clone()), None));
        assert_eq!(Staking::standing(&account(1), &model(1), None), standing(false));
    });
}
