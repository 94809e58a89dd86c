use super::samples::*;
use crate::{mock::*, types::MAX_DUE, Audits, DueAt, Event, Noted, Queue};
use pensum_primitives::{
    step::Reads,
    traits::{Claims, Disputes},
    BatchId, BlockNumber, TaskId,
};

/// Solver 1 answers so many tasks, each a batch of its own, from `first` on.
fn claim_many(first: u64, count: u64) {
    (first..first + count).for_each(|batch| {
        Answer::honest(BatchId(batch).task(0)).claim();
    });
}

/// How many audits are due in each block, in order.
fn due() -> Vec<(BlockNumber, usize)> {
    let mut due: Vec<_> = DueAt::<Test>::iter()
        .map(|(block, due)| (block, due.openings.len()))
        .collect();
    due.sort();
    due
}

#[test]
fn nothing_is_drawn_in_the_block_of_the_claim() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        audit_everything();
        SolverPace::set(4);
        let answer = Answer::honest(TASK).claim();
        assert_eq!(Audits::<Test>::iter().count(), 0);
        run_for(1);
        assert_eq!(Audits::<Test>::iter().count(), 4);
        assert!(!Queue::<Test>::exists());
        let until = 2 + OPEN_WINDOW;
        let ordered: Vec<_> = take_events();
        assert!(ordered.contains(&Event::AuditOrdered {
            task: TASK,
            solver: answer.solver,
            node: 3,
            until
        }));
        assert_eq!(ordered.len(), 4);
    });
}

#[test]
fn nobody_is_audited_where_the_share_is_nothing() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        claim_many(1, 50);
        run_for(1);
        assert_eq!(Audits::<Test>::iter().count(), 0);
        assert!(!Queue::<Test>::exists());
        assert_eq!(Noted::<Test>::iter().count(), 0);
    });
}

#[test]
fn who_is_audited_depends_on_the_next_blocks_randomness() {
    let audited = |randomness: u8| {
        let mut tasks = Vec::new();
        ExtBuilder::build_and_execute(|| {
            register_diamond();
            AuditShare::set(100_000);
            Randomness::set(pensum_primitives::Digest::repeat_byte(randomness));
            claim_many(1, 30);
            run_for(1);
            tasks = Audits::<Test>::iter_keys().collect();
            tasks.sort();
        });
        tasks
    };
    assert_ne!(audited(1), audited(2));
    assert_eq!(audited(1), audited(1));
    assert!(!audited(1).is_empty());
}

#[test]
fn a_solver_never_has_to_open_more_than_its_pace_in_one_block() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        audit_everything();
        claim_many(1, 3);
        run_for(1);
        let first = 2 + OPEN_WINDOW;
        let expected: Vec<_> = (first..first + 6).map(|block| (block, 2)).collect();
        assert_eq!(due(), expected);

        claim_many(10, 1);
        run_for(1);
        assert_eq!(
            due().last(),
            Some(&(first + 7, 2)),
            "later claims come after them"
        );
    });
}

#[test]
fn no_block_has_more_due_than_it_can_convict() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        audit_everything();
        SolverPace::set(100);
        claim_many(1, 11);
        run_for(1);
        let first = 2 + OPEN_WINDOW;
        assert_eq!(due(), [(first, 16), (first + 1, 16), (first + 2, 12)]);
        assert_eq!(MAX_DUE, 16);
        // Nobody opens anything: every task is convicted, none settles.
        run_for(2 * WINDOW);
        for batch in 1..12 {
            let end = Market::end_of(BatchId(batch).task(0));
            assert!(matches!(end, Some(End::Convicted { .. })), "{end:?}");
        }
    });
}

#[test]
fn large_steps_are_due_in_blocks_of_their_own() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        audit_everything();
        SolverPace::set(100);
        // A step of the diamond has 59 bytes on average.
        MaxDueBytes::set(130);
        claim_many(1, 2);
        run_for(1);
        assert!(due().iter().all(|(_, openings)| *openings == 2));
        MaxDueBytes::set(1);
        claim_many(10, 1);
        run_for(1);
        assert_eq!(due().iter().filter(|(_, openings)| *openings == 1).count(), 4);
    });
}

#[test]
fn a_block_draws_for_so_many_tasks_and_leaves_the_rest_in_order() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        audit_everything();
        SolverPace::set(100);
        MaxDrawsPerBlock::set(3);
        let answers: Vec<Answer> = (0..5)
            .map(|place| Answer::honest(BatchId(4).task(place)))
            .collect();
        Market::claim_now(answers.iter().map(Answer::as_claim).collect());
        claim_many(9, 1);
        run_for(1);
        let audited = || {
            Audits::<Test>::iter_keys()
                .map(|(task, _)| task)
                .collect::<std::collections::BTreeSet<TaskId>>()
        };
        assert_eq!(audited().len(), 3);
        assert!(audited().iter().all(|task| task.batch() == BatchId(4)));
        Dispute::do_try_state().unwrap();
        run_for(1);
        assert_eq!(audited().len(), 6, "the rest of the batch, and the next one");
        assert!(!Queue::<Test>::exists());
    });
}

#[test]
fn a_block_orders_so_many_audits_and_finishes_the_task_that_crosses_the_limit() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        audit_everything();
        SolverPace::set(100);
        MaxAuditsPerBlock::set(5);
        claim_many(1, 4);
        for expected in [8, 16] {
            run_for(1);
            assert_eq!(Audits::<Test>::iter().count(), expected);
            Dispute::do_try_state().unwrap();
        }
        assert!(!Queue::<Test>::exists());
    });
}

#[test]
fn where_no_block_has_room_the_draw_waits() {
    ExtBuilder::build_and_execute(|| {
        AllModels::register(MODEL, vec![node(&[Reads::Input], b"")]);
        audit_everything();
        SolverPace::set(1_000);
        MaxDueBytes::set(1);
        claim_many(1, 64);
        let other = Answer::honest(BatchId(65).task(0)).by(2).claim();
        run_for(1);
        assert_eq!(
            Audits::<Test>::iter().count(),
            64,
            "one in each block that is looked at"
        );
        assert_eq!(
            Noted::<Test>::iter_values().collect::<Vec<_>>(),
            [vec![other.task]]
        );
        Dispute::do_try_state().unwrap();
        run_for(1);
        assert_eq!(Audits::<Test>::iter_prefix(other.task).count(), 1);
        assert!(!Queue::<Test>::exists());
    });
}

#[test]
fn what_ended_before_the_draw_is_not_audited() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        audit_everything();
        let liar = Answer::lying(TASK, &[0]).claim();
        liar.challenged_by(WATCHER, 0).unwrap();
        let batch: Vec<Answer> = (0..2)
            .map(|place| Answer::lying(BatchId(7).task(place), &[1]))
            .collect();
        Market::claim_now(batch.iter().map(Answer::as_claim).collect());
        batch[0].challenged_by(WATCHER, 1).unwrap();
        run_for(1);
        assert_eq!(Audits::<Test>::iter_prefix(TASK).count(), 0);
        assert_eq!(Audits::<Test>::iter_prefix(batch[0].task).count(), 0);
        assert_eq!(Audits::<Test>::iter_prefix(batch[1].task).count(), 4);
    });
}

#[test]
fn a_task_claimed_again_is_drawn_for_again_and_audited_once() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        audit_everything();
        let liar = Answer::lying(TASK, &[0]).claim();
        liar.challenged_by(WATCHER, 0).unwrap();
        Answer::honest(TASK).by(2).claim();
        run_for(1);
        assert_eq!(Audits::<Test>::iter_prefix(TASK).count(), 4);
        assert!(Audits::<Test>::iter_prefix_values(TASK).all(|audit| audit.solver == solver(2)));
    });
}

#[test]
fn a_model_whose_skeleton_is_gone_is_not_audited() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        audit_everything();
        claim_many(1, 3);
        AllModels::forget(MODEL);
        run_for(1);
        assert_eq!(Audits::<Test>::iter().count(), 0);
        assert!(!Queue::<Test>::exists());
    });
}

#[test]
fn an_audit_postpones_the_settlement_beyond_its_last_block() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        audit_everything();
        Answer::honest(TASK).claim_for(1);
        run_for(1);
        let last = Audits::<Test>::iter_values().map(|audit| audit.until).max();
        assert_eq!(
            Market::claim(TASK).map(|claim| claim.until),
            last.map(|last| last + 1)
        );
    });
}

#[test]
fn the_end_of_a_claim_strikes_its_audits_and_no_others() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        audit_everything();
        let answer = Answer::lying(TASK, &[1]).claim();
        let other = Answer::honest(TaskId(512)).claim();
        run_for(1);
        answer.challenged_by(WATCHER, 1).unwrap();
        assert_eq!(Audits::<Test>::iter_prefix(TASK).count(), 0);
        assert_eq!(Audits::<Test>::iter_prefix(other.task).count(), 4);
        <Dispute as Disputes>::ended(TaskId(999));
    });
}
