use super::samples::*;
use crate::{mock::*, Audits, AuditsOf, Call, DueAt, Error, Event, Paces};
use frame_support::{assert_noop, dispatch::Pays, traits::UnfilteredDispatchable};
use frame_system::RawOrigin;
use pensum_primitives::{
    operator::Refusal,
    solver::Fault,
    step::{Reads, MAX_STEP_TENSOR},
    TaskId,
};
use sp_core::Pair;
use sp_runtime::{traits::BadOrigin, DispatchError};

/// Every node of this answer is to be opened.
fn audited(answer: Answer) -> Answer {
    audit_everything();
    let answer = answer.claim();
    run_for(1);
    assert_eq!(
        Audits::<Test>::iter_prefix(answer.task).count(),
        answer.outputs.len()
    );
    take_events();
    answer
}

fn open(answer: &Answer, node: u16) -> Call<Test> {
    opening(1, answer.task, answer.trace(), answer.step(node))
}

fn no_audit_is_left() -> bool {
    Audits::<Test>::iter().next().is_none()
        && AuditsOf::<Test>::iter().next().is_none()
        && DueAt::<Test>::iter().next().is_none()
        && Paces::<Test>::iter().next().is_none()
}

#[test]
fn a_right_node_passes_and_the_claim_stands() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = audited(Answer::honest(TASK));
        for node in 0..4 {
            let done = include(open(&answer, node));
            assert_eq!(done.pays_fee, Pays::No);
            assert_eq!(
                take_events(),
                [Event::AuditPassed {
                    task: TASK,
                    solver: solver(1),
                    node,
                    evidence: answer.evidence(node)
                }]
            );
            Dispute::do_try_state().unwrap();
        }
        assert!(no_audit_is_left());
        assert_eq!(Market::end_of(TASK), None);
        run_for(2 * WINDOW);
        assert_eq!(Market::end_of(TASK), Some(End::Paid));
    });
}

#[test]
fn a_false_node_convicts_whoever_opens_it() {
    for lie in 0..4 {
        ExtBuilder::build_and_execute(|| {
            register_diamond();
            let answer = audited(Answer::lying(TASK, &[lie]));
            let evidence = answer.evidence(lie);
            include(open(&answer, lie));
            assert_eq!(
                take_events(),
                [Event::AuditFailed {
                    task: TASK,
                    solver: solver(1),
                    node: lie,
                    fault: Fault::Wrong,
                    evidence
                }]
            );
            assert_eq!(
                Market::end_of(TASK),
                Some(End::Convicted {
                    fault: Fault::Wrong,
                    prover: None,
                    evidence
                })
            );
            assert!(no_audit_is_left());
        });
    }
}

#[test]
fn whoever_opens_nothing_is_convicted_when_the_time_is_over() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        SolverPace::set(4);
        audited(Answer::honest(TASK));
        run_to(2 + OPEN_WINDOW);
        assert_eq!(Market::end_of(TASK), None);
        run_for(1);
        assert!(matches!(
            Market::end_of(TASK),
            Some(End::Convicted {
                fault: Fault::Unopened,
                prover: None,
                ..
            })
        ));
        assert!(
            matches!(
                take_events().as_slice(),
                [Event::AuditFailed {
                    fault: Fault::Unopened,
                    ..
                }]
            ),
            "one conviction strikes the other audits of the task"
        );
        assert!(no_audit_is_left());
    });
}

#[test]
fn opening_all_but_one_node_convicts() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = audited(Answer::honest(TASK));
        (0..3).for_each(|node| {
            include(open(&answer, node));
        });
        run_for(2 * WINDOW);
        assert!(matches!(
            Market::end_of(TASK),
            Some(End::Convicted {
                fault: Fault::Unopened,
                ..
            })
        ));
    });
}

#[test]
fn an_audit_keeps_a_claim_open_until_it_is_over() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        audit_everything();
        Answer::honest(TASK).claim_for(1);
        run_for(2);
        assert_eq!(Market::end_of(TASK), None, "its window is over, its audit is not");
        run_for(2 * OPEN_WINDOW);
        assert!(matches!(
            Market::end_of(TASK),
            Some(End::Convicted {
                fault: Fault::Unopened,
                ..
            })
        ));
    });
}

#[test]
fn other_weights_than_the_models_are_no_opening() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = audited(Answer::honest(TASK));
        let mut step = answer.step(0);
        step.weights = b"other".to_vec().try_into().unwrap();
        include(opening(1, TASK, answer.trace(), step));
        assert!(matches!(
            Market::end_of(TASK),
            Some(End::Convicted {
                fault: Fault::Unopened,
                ..
            })
        ));
    });
}

#[test]
fn a_model_that_breaks_frees_its_solver() {
    ExtBuilder::build_and_execute(|| {
        let mut broken = node(&[Reads::Input], b"");
        broken.breaks = true;
        AllModels::register(MODEL, vec![broken]);
        let answer = audited(Answer::honest(TASK));
        include(open(&answer, 0));
        assert_eq!(Market::end_of(TASK), Some(End::Voided));
        assert_eq!(
            take_events(),
            [Event::ModelProvenBroken {
                task: TASK,
                node: 0,
                by: solver(1),
                evidence: answer.evidence(0)
            }]
        );
    });
}

#[test]
fn an_opening_goes_before_other_transactions_and_is_of_use_until_it_is_due() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = audited(Answer::honest(TASK));
        let until = Audits::<Test>::get(TASK, 0).unwrap().until;
        let valid = validate(&open(&answer, 0)).unwrap();
        assert_eq!(valid.priority, OpenPriority::get());
        assert_eq!(valid.longevity, u64::from(until - System::block_number()));
        let other = validate(&open(&answer, 1)).unwrap();
        assert_ne!(valid.provides, other.provides);
        assert_eq!((valid.provides.len(), valid.requires.len()), (1, 0));
    });
}

#[track_caller]
fn is_refused(call: Call<Test>, refusal: Refusal) {
    assert_eq!(validate(&call), Err(refusal.code()));
}

#[test]
fn an_opening_is_refused_unless_that_node_is_audited() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = Answer::honest(TASK).claim();
        is_refused(open(&answer, 0), Refusal::NoAudit);
        let answer = audited(Answer::honest(TaskId(512)));
        include(open(&answer, 0));
        is_refused(open(&answer, 0), Refusal::NoAudit);
        let beyond = step_of(4, vec![], vec![]);
        is_refused(opening(1, answer.task, answer.trace(), beyond), Refusal::NoAudit);
    });
}

#[test]
fn an_opening_is_refused_from_anybody_else() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = audited(Answer::honest(TASK));
        let call = |number| opening(number, TASK, answer.trace(), answer.step(0));
        is_refused(call(2), Refusal::NoAudit);
        is_refused(call(200), Refusal::UnknownOperator);
        let forged = operator(2).sign(b"anything");
        let forged = signed_opening(1, TASK, answer.trace(), answer.step(0), forged);
        is_refused(forged, Refusal::BadSignature);
    });
}

#[test]
fn a_signature_for_one_step_or_task_is_none_for_another() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = audited(Answer::honest(TASK));
        let Call::open { signature, .. } = open(&answer, 0) else {
            panic!("another call than was made")
        };
        let other = signed_opening(1, TASK, answer.trace(), answer.step(1), signature);
        is_refused(other, Refusal::BadSignature);
    });
}

#[test]
fn an_opening_that_is_late_is_refused() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = audited(Answer::honest(TASK));
        let until = Audits::<Test>::get(TASK, 0).unwrap().until;
        System::set_block_number(until);
        validate(&open(&answer, 0)).unwrap();
        System::set_block_number(until + 1);
        is_refused(open(&answer, 0), Refusal::TooLate);
        System::set_block_number(until);
    });
}

#[test]
fn an_opening_that_does_not_fit_the_trace_is_refused_and_convicts_nobody() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = audited(Answer::honest(TASK));
        let lie = Answer::lying(TASK, &[0]);
        is_refused(
            opening(1, TASK, lie.trace(), answer.step(0)),
            Refusal::TraceMismatch,
        );
        let foreign = step_of(0, b"first".to_vec(), vec![b"other".to_vec()]);
        is_refused(opening(1, TASK, answer.trace(), foreign), Refusal::Malformed);
        let none = step_of(2, b"third".to_vec(), vec![]);
        is_refused(opening(1, TASK, answer.trace(), none), Refusal::Malformed);
        let tensor = vec![0u8; MAX_STEP_TENSOR as usize];
        let large = step_of(0, vec![1], vec![tensor.clone(), tensor.clone(), tensor]);
        is_refused(opening(1, TASK, answer.trace(), large), Refusal::Malformed);
        assert_eq!(Market::end_of(TASK), None);
    });
}

#[test]
fn an_opening_needs_authorisation() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = audited(Answer::honest(TASK));
        for origin in [
            RuntimeOrigin::none(),
            RuntimeOrigin::root(),
            RuntimeOrigin::signed(solver(1)),
        ] {
            let dispatched = RuntimeCall::from(open(&answer, 0)).dispatch_bypass_filter(origin);
            assert_eq!(dispatched.unwrap_err().error, BadOrigin.into());
        }
    });
}

#[test]
fn what_ended_meanwhile_is_not_opened() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = audited(Answer::honest(TASK));
        let call = open(&answer, 0);
        include(call.clone());
        let dispatched = || {
            RuntimeCall::from(call)
                .dispatch_bypass_filter(RawOrigin::Authorized.into())
                .map_err(|failed| failed.error)
        };
        assert_noop!(dispatched(), DispatchError::from(Error::<Test>::NoAudit));
    });
}
