use crate::{mock::*, Event as MarketEvent};
use frame_support::assert_noop;
use pensum_primitives::{
    traits::Solvers,
    verdict::{Reason, Unable},
};
use sp_runtime::DispatchError;

#[test]
fn a_declined_batch_goes_to_the_next_solver_without_a_slash() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(3);
        run_to(3);
        submit(decline_call(1, id)).unwrap();
        assert_eq!(holder_number(id.task(0)), 2);
        let status = Staking::solver_status(&solver(1)).unwrap();
        assert_eq!((status.locked, status.at_risk, status.in_flight), (0, 0, 0));
        let declined = MarketEvent::AssignmentDeclined {
            batch: id,
            solver: solver(1),
            reason: Unable::EngineFailed,
        };
        assert!(events().contains(&declined));
        assert!(events().contains(&MarketEvent::BatchHandedOver {
            batch: id,
            places: vec![0, 1, 2].try_into().unwrap(),
            from: solver(1),
            to: solver(2),
            price: 3 * price(2, 2),
            answer_by: 3 + AnswerWindow::get(),
        }));
    });
}

#[test]
fn declining_costs_a_little_reputation() {
    ExtBuilder::default().build_and_execute(|| {
        let before = Staking::solver_status(&solver(1)).unwrap().reputation;
        let id = post(1);
        submit(decline_call(1, id)).unwrap();
        assert!(Staking::solver_status(&solver(1)).unwrap().reputation < before);
    });
}

#[test]
fn a_solver_declines_only_its_own_part() {
    ExtBuilder::default().capacity(2).build_and_execute(|| {
        let id = post(4);
        submit(decline_call(1, id)).unwrap();
        assert_eq!(holder_number(id.task(0)), 3);
        assert_eq!(holder_number(id.task(2)), 2);
        assert_eq!(Staking::in_flight(&solver(1)), 0);
    });
}

#[test]
fn a_batch_that_everybody_declines_is_refunded() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        for number in 1..=3 {
            submit(decline_call(number, id)).unwrap();
        }
        assert!(is_empty());
        assert_eq!(escrow(&REQUESTER), 0);
        assert_refunded(id.task(0), Reason::NobodyLeft, MAX_REWARD);
    });
}

#[test]
fn decline_fails_signed() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        let crate::Call::decline {
            operator,
            batch,
            reason,
            signature,
        } = decline_call(1, id)
        else {
            panic!("another call or event than was made")
        };
        assert_noop!(
            Market::decline(
                RuntimeOrigin::signed(solver(1)),
                operator,
                batch,
                reason,
                signature
            ),
            DispatchError::BadOrigin
        );
    });
}
