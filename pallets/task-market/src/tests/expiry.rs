use crate::{limits::MAX_HANDOVERS, mock::*, AgendaCursor, Event as MarketEvent};
use pensum_primitives::{task::Terms, traits::Solvers, verdict::Reason};

fn timed_out() -> usize {
    events()
        .iter()
        .filter(|event| matches!(event, MarketEvent::AssignmentTimedOut { .. }))
        .count()
}

#[test]
fn a_solver_that_never_answers_is_slashed_and_its_tasks_go_to_the_next() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(2);
        run_to(1 + AnswerWindow::get());
        assert_eq!(holder_number(id.task(0)), 1);
        run_for(1);
        assert_eq!(holder_number(id.task(0)), 2);
        let status = Staking::solver_status(&solver(1)).unwrap();
        assert_eq!((status.locked, status.in_flight), (0, 0));
        assert_eq!(status.at_risk, 2 * 2 * price(1, 2) / 10);
        assert_eq!(
            batch(id).parts[0].answer_by,
            System::block_number() + AnswerWindow::get()
        );
        assert_eq!(timed_out(), 1);
        check();
    });
}

#[test]
fn the_solver_that_repairs_the_damage_is_named_as_rescuer() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(2);
        run_to(2 + AnswerWindow::get());
        answers(2, vec![right(id.task(0))]);
        let named: Vec<_> = System::events()
            .into_iter()
            .filter_map(|record| match record.event {
                RuntimeEvent::Staking(pallet_solver_staking::Event::RescuerNamed { rescuer, .. }) => {
                    Some(rescuer)
                }
                _ => None,
            })
            .collect();
        assert_eq!(named, [solver(2)]);
        assert!(batch(id).parts[0].repairs.is_empty());

        let at_risk = Staking::solver_status(&solver(1)).unwrap().at_risk;
        answers(2, vec![right(id.task(1))]);
        let (rescuer, harmed) = (free(&solver(2)), free(&REQUESTER));
        run_for(SlashDefer::get());
        assert_eq!(free(&solver(2)), rescuer + at_risk * 3 / 10);
        assert_eq!(free(&REQUESTER), harmed + at_risk / 2);
    });
}

#[test]
fn one_rescuer_repairs_the_damage_of_all_who_failed_before() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        run_for(2 * (AnswerWindow::get() + 1));
        assert_eq!(holder_number(id.task(0)), 3);
        assert_eq!(batch(id).parts[0].repairs.len(), 2);
        answers(3, vec![right(id.task(0))]);
        for failed in [1, 2] {
            assert_eq!(
                Staking::solver_status(&solver(failed))
                    .unwrap()
                    .pending_slashes
                    .len(),
                1
            );
        }
        let rescuer = free(&solver(3));
        run_for(SlashDefer::get());
        assert!(free(&solver(3)) > rescuer);
    });
}

#[test]
fn a_batch_is_refunded_when_nobody_is_left() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(2);
        run_for(3 * (AnswerWindow::get() + 1));
        assert!(is_empty());
        assert_eq!(escrow(&REQUESTER), 0);
        assert_refunded(id.task(1), Reason::NobodyLeft, MAX_REWARD);
    });
}

#[test]
fn a_batch_is_refunded_after_the_last_hand_over() {
    ExtBuilder::default()
        .solvers(MAX_HANDOVERS as u8 + 2)
        .build_and_execute(|| {
            let terms = Terms {
                deadline: 1 + MaxDeadline::get(),
                ..terms(greater())
            };
            let id = post_on(terms, 1);
            run_for(MAX_HANDOVERS * (AnswerWindow::get() + 1));
            assert_eq!(holder_number(id.task(0)), MAX_HANDOVERS as u8 + 1);
            assert_eq!(batch(id).failed.len(), MAX_HANDOVERS as usize);
            run_for(AnswerWindow::get() + 1);
            assert!(is_empty());
            assert_refunded(id.task(0), Reason::NobodyLeft, MAX_REWARD);
        });
}

#[test]
fn a_batch_is_refunded_when_the_deadline_leaves_no_time_for_another() {
    ExtBuilder::default().build_and_execute(|| {
        let window = AnswerWindow::get();
        let terms = Terms {
            deadline: 1 + window + MinDeadline::get(),
            ..terms(greater())
        };
        let id = post_as(REQUESTER, terms, pairs(1)).unwrap();
        run_to(2 + window);
        assert!(is_empty());
        assert_refunded(id.task(0), Reason::DeadlinePassed, MAX_REWARD);
        assert_eq!(Staking::in_flight(&solver(2)), 0);
    });
}

#[test]
fn an_assignment_never_ends_after_the_deadline() {
    ExtBuilder::default().build_and_execute(|| {
        let terms = Terms {
            deadline: 4,
            ..terms(greater())
        };
        let id = post_as(REQUESTER, terms, pairs(1)).unwrap();
        assert_eq!(batch(id).parts[0].answer_by, 4);
    });
}

#[test]
fn a_backlog_is_carried_over_and_nothing_is_lost() {
    ExtBuilder::default().solvers(1).build_and_execute(|| {
        MaxExpiriesPerBlock::set(2);
        for _ in 0..7 {
            post(1);
        }
        run_to(2 + AnswerWindow::get());
        for left in [5, 3, 1] {
            assert_eq!(Staking::in_flight(&solver(1)), left);
            assert_eq!(AgendaCursor::<Test>::get(), Some(1 + AnswerWindow::get()));
            check();
            run_for(1);
        }
        assert_eq!(AgendaCursor::<Test>::get(), None);
        assert!(is_empty());
    });
}

#[test]
fn a_batch_that_crosses_the_limit_of_a_block_is_finished() {
    ExtBuilder::default().solvers(1).build_and_execute(|| {
        MaxExpiriesPerBlock::set(2);
        let (one, other) = (post(5), post(5));
        run_to(2 + AnswerWindow::get());
        let live = [one, other].map(crate::Batches::<Test>::contains_key);
        assert_eq!(live.iter().filter(|live| **live).count(), 1);
        run_for(1);
        assert!(is_empty());
    });
}

#[test]
fn a_backlog_over_several_blocks_is_worked_off() {
    ExtBuilder::default().solvers(1).build_and_execute(|| {
        MaxExpiriesPerBlock::set(1);
        for _ in 0..4 {
            post(1);
            post(1);
            run_for(1);
        }
        let mut blocks = 0;
        while !is_empty() {
            check();
            run_for(1);
            blocks += 1;
            assert!(blocks < 30, "the backlog does not shrink");
        }
    });
}

#[test]
fn a_quiet_block_writes_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        post(1);
        let root = || sp_io::storage::root(sp_runtime::StateVersion::V1);
        run_for(1);
        let before = root();
        use frame_support::traits::Hooks;
        Market::on_initialize(System::block_number());
        assert_eq!(root(), before);
    });
}

#[test]
fn parts_of_a_batch_run_out_on_their_own() {
    ExtBuilder::default().capacity(2).build_and_execute(|| {
        let id = post(4);
        run_to(3);
        // Solver 1 gives up; solver 3 has its part from now on.
        submit(decline_call(1, id)).unwrap();
        run_to(2 + AnswerWindow::get());
        assert_eq!(timed_out(), 1);
        check();
        assert_eq!(holder_number(id.task(0)), 3);
        answers(3, vec![right(id.task(0)), right(id.task(1))]);
    });
}

#[test]
fn a_backlog_of_all_kinds_is_worked_off() {
    ExtBuilder::default().solvers(5).build_and_execute(|| {
        MaxExpiriesPerBlock::set(1);
        let ends_at = |block, terms: Terms| Terms {
            deadline: block,
            ..terms
        };
        let end = 2 + WINDOW + 4;
        for _ in 0..2 {
            post_on(ends_at(end, dutch()), 2);
            post_on(ends_at(end, quorum()), 1);
            claimed(2);
            submitted();
        }
        let appealed = submitted();
        Market::appeal(RuntimeOrigin::signed(REQUESTER), appealed.task(0)).unwrap();
        run_to(2 + WINDOW);
        assert!(AgendaCursor::<Test>::get().is_some());
        check();
        for _ in 0..12 {
            run_for(1);
            check();
        }
        assert!(is_empty());
    });
}
