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
        assert_refunded(id.task(1), Reason::Cancelled, MAX_REWARD - charge);
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

#[test]
fn a_batch_at_auction_is_free_to_cancel_while_nobody_has_bid() {
    ExtBuilder::default().build_and_execute(|| {
        let before = free(&REQUESTER);
        let fee = free(&FEES);
        let id = post_on(dutch(), 2);
        let prepaid = free(&FEES) - fee;
        cancel(id);
        assert!(is_empty());
        assert_eq!(free(&REQUESTER), before - prepaid);
    });
}

#[test]
fn a_batch_with_bids_costs_the_fee_on_its_reserve() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(sealed(), 2);
        assert!(bid(id, solver(1), 500_000) && bid(id, solver(2), 500_000));
        check();
        let before = (free(&REQUESTER), free(&TREASURY));
        cancel(id);
        let fee = 2 * MAX_REWARD / 4;
        assert_eq!(free(&REQUESTER), before.0 + 2 * MAX_REWARD - fee);
        assert_eq!(free(&TREASURY), before.1 + fee);
        assert_eq!(Staking::locked(&solver(1)), 0);
        assert!(is_empty());
    });
}

#[test]
fn a_panel_is_free_to_cancel_until_it_is_drawn() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(quorum(), 2);
        let before = free(&REQUESTER);
        cancel(id);
        assert_eq!(free(&REQUESTER), before + 2 * QUORUM_REWARD);
        assert!(is_empty());
    });
}

#[test]
fn a_drawn_panel_costs_the_fee_for_each_member() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(quorum(), 2);
        assert!(draw(id));
        let before = (free(&REQUESTER), free(&solver(3)));
        cancel(id);
        let fee = 2 * (QUORUM_REWARD / 6).div_ceil(4);
        assert_eq!(free(&REQUESTER), before.0 + 2 * QUORUM_REWARD - 3 * fee);
        assert_eq!(free(&solver(3)), before.1 + fee);
        assert_eq!(Staking::in_flight(&solver(3)), 0);
        assert!(is_empty());
    });
}

#[test]
fn cancel_fails_when_the_panel_reveals() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(quorum(), 1);
        assert!(draw(id));
        let refused = || {
            assert_noop!(
                Market::cancel(RuntimeOrigin::signed(REQUESTER), id),
                Error::PanelReveals
            );
        };
        reveal(id);
        refused();
        // What was revealed stays readable while the next panel is drawn.
        next_round(id);
        refused();
    });
}

#[test]
fn cancel_fails_when_all_is_answered() {
    ExtBuilder::default().build_and_execute(|| {
        for id in [claimed(2), submitted()] {
            assert_noop!(
                Market::cancel(RuntimeOrigin::signed(REQUESTER), id),
                Error::NothingToCancel
            );
        }
    });
}

#[test]
fn cancelling_leaves_what_is_answered() {
    ExtBuilder::default().capacity(2).build_and_execute(|| {
        let id = post_on(windowed(), 3);
        answers(
            1,
            vec![
                traced(id.task(0), truth(id.task(0))),
                traced(id.task(1), label(1)),
            ],
        );
        cancel(id);
        assert_eq!(batch(id).tasks(), 2);
        assert_eq!(escrow(&REQUESTER), 2 * MAX_REWARD);
        check();
    });
}
