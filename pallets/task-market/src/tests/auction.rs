use crate::{mock::*, Event as MarketEvent};
use pensum_primitives::{
    task::{TaskNotice, Terms},
    traits::{Lots, Solvers},
    verdict::Reason,
    verification::Verification,
};

#[test]
fn a_post_at_auction_waits_and_is_put_up_as_one_lot() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(dutch(), 3);
        let batch = batch(id);
        assert!(batch.parts.is_empty());
        assert_eq!(batch.waiting_tasks().len(), 3);
        assert_eq!(escrow(&REQUESTER), 3 * MAX_REWARD);
        assert_eq!(
            OnSale::get(id),
            Some(AtAuction {
                requester: REQUESTER,
                model: greater(),
                tasks: 3,
                max_reward: MAX_REWARD,
                asset: None,
                matching: dutch().matching,
                award_by: 31 - MinDeadline::get(),
                exclude: vec![],
                bids: vec![],
            })
        );
        assert_eq!(Market::input_lens(id), [2, 2, 2]);
        assert_eq!(
            events()[1].notice(),
            Some(TaskNotice::Opened {
                first: id.task(0),
                tasks: 3,
                requester: REQUESTER,
            })
        );
    });
}

#[test]
fn an_auction_is_prepaid() {
    ExtBuilder::default().build_and_execute(|| {
        let fee_of = |terms| {
            let before = free(&FEES);
            post_on(terms, 1);
            free(&FEES) - before
        };
        let book = fee_of(terms(greater()));
        let auction = u128::from(AUCTION_WEIGHT.ref_time() / 1_000_000);
        assert!(fee_of(dutch()) >= book + auction);
    });
}

#[test]
fn the_winner_holds_the_whole_batch_at_its_price() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(sealed(), 2);
        run_to(4);
        assert!(award(id, solver(3), 12_345));
        let batch = batch(id);
        assert_eq!(batch.waiting, None);
        let part = batch.part_of(&solver(3)).unwrap();
        assert_eq!((part.count(), part.answer_by), (2, 4 + AnswerWindow::get()));
        assert_eq!(Staking::locked(&solver(3)), 2 * 2 * 12_345);
        let awarded = events()
            .into_iter()
            .find(|event| matches!(event, MarketEvent::BatchAwarded { .. }))
            .unwrap();
        assert_eq!(
            awarded.notice(),
            Some(TaskNotice::Posted {
                first: id.task(0),
                tasks: 2,
                requester: REQUESTER,
                solver: solver(3),
            })
        );
        let before = free(&solver(3));
        answers(3, vec![right(id.task(0)), right(id.task(1))]);
        let share = market_math::payout::split(12_345, 50_000, 20_000).solver;
        assert_eq!(free(&solver(3)), before + 2 * share);
        assert!(is_empty());
    });
}

#[test]
fn an_award_fails_when_the_solver_cannot_be_engaged() {
    ExtBuilder::default().capacity(1).build_and_execute(|| {
        let id = post_on(dutch(), 2);
        assert!(!award(id, solver(1), 10_000), "at capacity");
        assert!(!award(id, solver(9), 10_000), "no solver");
        assert!(batch(id).waiting.is_some());
        check();
    });
}

#[test]
fn an_award_fails_above_the_cap() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(dutch(), 1);
        assert!(!award(id, solver(1), MAX_REWARD + 1));
        assert!(award(id, solver(1), MAX_REWARD));
    });
}

#[test]
fn an_award_fails_when_no_time_to_answer_is_left() {
    ExtBuilder::default().build_and_execute(|| {
        let (late, good) = (post_on(dutch(), 1), post_on(dutch(), 1));
        run_to(31 - MinDeadline::get());
        assert!(award(good, solver(1), 10_000));
        run_for(1);
        assert!(!award(late, solver(1), 10_000));
    });
}

#[test]
fn an_award_fails_for_what_is_not_at_auction() {
    ExtBuilder::default().build_and_execute(|| {
        let (book, panel, sold) = (post(1), post_on(quorum(), 1), post_on(dutch(), 1));
        assert!(award(sold, solver(2), 10_000));
        for id in [book, panel, sold] {
            assert!(!award(id, solver(3), 10_000));
            Market::unsold(id);
            assert_eq!(batch(id).tasks(), 1);
        }
    });
}

#[test]
fn a_batch_that_nobody_bids_for_is_refunded() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(sealed(), 2);
        nobody_bids(id);
        assert!(is_empty());
        assert_eq!(escrow(&REQUESTER), 0);
        assert_refunded(id.task(1), Reason::NoBids, MAX_REWARD);
    });
}

#[test]
fn a_batch_still_at_auction_is_refunded_at_its_deadline() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(sealed(), 1);
        assert!(bid(id, solver(2), 700_000));
        run_to(31);
        assert!(batch(id).waiting.is_some());
        run_to(32);
        assert!(is_empty());
        assert_eq!(Staking::locked(&solver(2)), 0);
        assert_refunded(id.task(0), Reason::DeadlinePassed, MAX_REWARD);
    });
}

#[test]
fn a_winner_that_fails_is_followed_by_the_book() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(dutch(), 1);
        assert!(award(id, solver(3), 10_000));
        submit(decline_call(3, id)).unwrap();
        assert_eq!(holder_number(id.task(0)), 1);
        assert_eq!(OnSale::get(id), None);
    });
}

#[test]
fn a_batch_goes_back_to_auction_when_the_book_has_nobody() {
    ExtBuilder::default().build_and_execute(|| {
        // Nobody in the book asks so little.
        let terms = Terms {
            max_reward: 9_000,
            matching: pensum_primitives::matching::Matching::Dutch {
                start: 1_000,
                end: 9_000,
                blocks: 5,
            },
            ..terms(greater())
        };
        let id = post_on(terms, 2);
        assert!(award(id, solver(3), 8_000));
        run_for(AnswerWindow::get() + 1);
        let lot = OnSale::get(id).unwrap();
        assert_eq!((lot.exclude, lot.tasks), (vec![solver(3)], 2));
        assert!(events().iter().any(|event| matches!(
            event,
            MarketEvent::BatchReauctioned { from, .. } if *from == solver(3)
        )));
        check();
        assert!(!award(id, solver(3), 8_000), "it failed before");
        let repairs = batch(id).waiting.unwrap().repairs;
        assert_eq!(repairs.len(), 1);
        assert!(award(id, solver(2), 8_500));
        answers(2, vec![right(id.task(0)), right(id.task(1))]);
        let slash = pallet_solver_staking::Slashes::<Test>::get(repairs[0]).unwrap();
        assert_eq!((slash.solver, slash.rescuer), (solver(3), Some(solver(2))));
    });
}

#[test]
fn a_batch_goes_back_to_auction_a_bounded_number_of_times() {
    let most = crate::limits::MAX_HANDOVERS as u8;
    ExtBuilder::default().solvers(most + 2).build_and_execute(|| {
        let terms = Terms {
            max_reward: 9_000,
            matching: pensum_primitives::matching::Matching::Dutch {
                start: 1_000,
                end: 9_000,
                blocks: 2,
            },
            ..terms(greater())
        };
        let id = post_on(terms, 1);
        for number in 1..=most + 1 {
            assert!(award(id, solver(number), 8_000));
            submit(decline_call(number, id)).unwrap();
        }
        assert!(is_empty());
    });
}

#[test]
fn a_failed_batch_without_time_for_an_auction_is_refunded() {
    ExtBuilder::default().solvers(1).build_and_execute(|| {
        let id = post_on(dutch(), 1);
        run_to(24);
        assert!(award(id, solver(1), 10_000));
        run_for(AnswerWindow::get() + 1);
        assert!(is_empty());
    });
}

#[test]
fn what_is_won_at_auction_can_have_a_window() {
    ExtBuilder::default().build_and_execute(|| {
        let terms = Terms {
            verification: Verification::Replay { window: WINDOW },
            ..sealed()
        };
        let id = post_on(terms, 1);
        assert!(award(id, solver(2), 15_000));
        answers(2, vec![traced(id.task(0), truth(id.task(0)))]);
        let before = free(&solver(2));
        run_for(WINDOW + 1);
        let share = market_math::payout::split(15_000, 50_000, 20_000).solver;
        assert_eq!(free(&solver(2)), before + share);
    });
}
