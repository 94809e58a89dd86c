use crate::{mock::*, Event as MarketEvent};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{traits::Solvers, verdict::Reason, BatchId};
use sp_runtime::DispatchError;

fn cancel(id: BatchId) {
    assert_ok!(Market::cancel(RuntimeOrigin::signed(REQUESTER), id));
}

#[test]
fn cancelling_pays_the_solver_for_its_trouble_and_refunds_the_rest() {
    ExtBuilder::default().build_and_execute(|| {
        let before = free(&REQUESTER);
        let id = post(2);
        let prepaid = before - free(&REQUESTER) - 2 * MAX_REWARD;
        let solvers = free(&solver(1));
        cancel(id);
        let charge = price(1, 2).div_ceil(4);
        assert_eq!(free(&solver(1)), solvers + 2 * charge);
        assert_eq!(free(&REQUESTER), before - prepaid - 2 * charge);
        assert!(is_empty());
        assert_eq!(
            (Staking::locked(&solver(1)), Staking::in_flight(&solver(1))),
            (0, 0)
        );
        assert!(events().contains(&MarketEvent::BatchCancelled {
            batch: id,
            compensation: 2 * charge
        }));
        assert!(events().contains(&MarketEvent::TaskRefunded {
            task: id.task(1),
            requester: REQUESTER,
            reason: Reason::Cancelled,
            refund: MAX_REWARD - charge,
        }));
    });
}

#[test]
fn cancelling_does_not_touch_the_solvers_reputation() {
    ExtBuilder::default().build_and_execute(|| {
        let before = Staking::solver_status(&solver(1)).unwrap();
        cancel(post(2));
        assert_eq!(Staking::solver_status(&solver(1)).unwrap(), before);
    });
}

#[test]
fn cancelling_pays_every_solver_of_a_split_batch() {
    ExtBuilder::default().capacity(2).build_and_execute(|| {
        let id = post(3);
        let before = (free(&solver(1)), free(&solver(2)));
        cancel(id);
        assert_eq!(free(&solver(1)), before.0 + 2 * price(1, 2).div_ceil(4));
        assert_eq!(free(&solver(2)), before.1 + price(2, 2).div_ceil(4));
        assert!(is_empty());
    });
}

#[test]
fn cancelling_touches_only_what_was_not_answered() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(2);
        answers(1, vec![right(id.task(0))]);
        System::reset_events();
        cancel(id);
        let refunds = events()
            .into_iter()
            .filter(|event| matches!(event, MarketEvent::TaskRefunded { .. }));
        assert_eq!(refunds.count(), 1);
        assert!(is_empty());
    });
}

#[test]
fn cancelling_does_not_spare_a_solver_whose_time_ran_out() {
    ExtBuilder::default().build_and_execute(|| {
        MaxExpiriesPerBlock::set(1);
        let (one, other) = (post(1), post(1));
        run_to(2 + AnswerWindow::get());
        let waiting = if holder_number(one.task(0)) == 1 {
            one
        } else {
            other
        };
        let (requester, slashes) = (free(&REQUESTER), Staking::solver_status(&solver(1)).unwrap());
        cancel(waiting);
        assert_eq!(free(&REQUESTER), requester + MAX_REWARD);
        let after = Staking::solver_status(&solver(1)).unwrap();
        assert_eq!(after.pending_slashes.len(), slashes.pending_slashes.len() + 1);
    });
}

#[test]
fn cancel_fails_when_the_batch_is_somebody_elses() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        for who in [OTHER, solver(1)] {
            assert_noop!(
                Market::cancel(RuntimeOrigin::signed(who), id),
                Error::NotRequester
            );
        }
    });
}

#[test]
fn cancel_fails_when_the_batch_is_not_open() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        answers(1, vec![right(id.task(0))]);
        for id in [id, BatchId(9)] {
            assert_noop!(
                Market::cancel(RuntimeOrigin::signed(REQUESTER), id),
                Error::BatchNotOpen
            );
        }
    });
}

#[test]
fn cancel_fails_unsigned() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        assert_noop!(
            Market::cancel(RuntimeOrigin::none(), id),
            DispatchError::BadOrigin
        );
    });
}
