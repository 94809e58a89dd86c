use crate::{mock::*, ClaimedAnswers, Event as MarketEvent};
use market_math::payout::split;
use pensum_primitives::{
    operator::Refusal,
    step::trace_digest,
    task::{Answer, ClaimView, TaskNotice},
    traits::{Claims, Duties, Solvers},
    Digest,
};

#[test]
fn answers_with_a_window_are_claimed_and_nothing_is_run() {
    ExtBuilder::default().build_and_execute(|| {
        ModelsGone::set(true);
        let id = post_on(windowed(), 2);
        let said = [traced(id.task(0), label(0)), traced(id.task(1), label(7))];
        answers(1, said.to_vec());
        let claimed = ClaimedAnswers::<Test>::get(id.task(1)).unwrap();
        assert_eq!(claimed.output.to_vec(), label(7));
        assert_eq!(claimed.trace, said[1].trace.as_ref().map(trace_digest));
        assert_eq!((claimed.claimed_at, claimed.until), (1, 1 + WINDOW));
        assert_eq!(Staking::in_flight(&solver(1)), 2);
        assert_eq!(escrow(&REQUESTER), 2 * MAX_REWARD);
        assert_eq!(Open::get(), [id.task(0), id.task(1)]);
        assert_eq!(Market::duties(&solver(1), 9), []);
        let notices: Vec<_> = events().iter().filter_map(|event| event.notice()).collect();
        assert!(notices.contains(&TaskNotice::Claimed {
            task: id.task(1),
            solver: solver(1),
            output: label(7),
            settles_at: 2 + WINDOW,
        }));
    });
}

#[test]
fn a_claimed_answer_settles_when_its_window_has_passed() {
    ExtBuilder::default().build_and_execute(|| {
        let id = claimed(2);
        let before = free(&solver(1));
        run_to(1 + WINDOW);
        assert_eq!(free(&solver(1)), before);
        run_to(2 + WINDOW);
        assert_eq!(
            free(&solver(1)),
            before + 2 * split(price(1, 2), 50_000, 20_000).solver
        );
        assert!(is_empty());
        assert_eq!(Staking::locked(&solver(1)), 0);
        assert!(events().iter().any(|event| matches!(
            event,
            MarketEvent::TaskAnswered { task, .. } if *task == id.task(1)
        )));
    });
}

#[test]
fn a_window_can_end_after_the_deadline() {
    ExtBuilder::default().build_and_execute(|| {
        let terms = pensum_primitives::task::Terms {
            deadline: 4,
            ..windowed()
        };
        let id = post_on(terms, 1);
        run_to(4);
        answers(1, vec![traced(id.task(0), truth(id.task(0)))]);
        run_to(4 + WINDOW);
        assert_eq!(batch(id).tasks(), 1);
        run_for(1);
        assert!(is_empty());
    });
}

#[test]
fn an_answer_with_a_window_answers_all_and_brings_traces() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(windowed(), 2);
        let tasks = [id.task(0), id.task(1)];
        let refused = |answers: Vec<Answer>| {
            assert_eq!(
                validate(&answer_call(1, answers)),
                Err(refusal(Refusal::TraceMismatch))
            );
        };
        let good = |place: usize| traced(tasks[place], label(1));
        refused(vec![good(0)]);
        refused(vec![good(0), answer(tasks[1], label(1), None)]);
        let short = Answer {
            trace: Some(vec![Digest::zero()].try_into().unwrap()),
            ..good(1)
        };
        refused(vec![good(0), short]);
        let mut other = good(1);
        other.output = output(&label(2));
        refused(vec![good(0), other]);
        answers(1, vec![good(0), good(1)]);
    });
}

#[test]
fn an_answer_without_a_window_brings_no_trace() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        let call = answer_call(1, vec![traced(id.task(0), truth(id.task(0)))]);
        assert_eq!(validate(&call), Err(refusal(Refusal::TraceMismatch)));
        let id = post_on(judged(), 1);
        let call = answer_call(1, vec![traced(id.task(0), label(1))]);
        assert_eq!(validate(&call), Err(refusal(Refusal::TraceMismatch)));
    });
}

#[test]
fn what_is_claimed_is_neither_answered_again_nor_declined() {
    ExtBuilder::default().build_and_execute(|| {
        let id = claimed(1);
        let again = answer_call(1, vec![traced(id.task(0), label(1))]);
        assert_eq!(validate(&again), Err(refusal(Refusal::AlreadyDone)));
        assert_eq!(validate(&decline_call(1, id)), Err(refusal(Refusal::AlreadyDone)));
    });
}

#[test]
fn a_duty_says_whether_answers_bring_traces_and_blobs() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(windowed(), 2);
        let duties = Market::duties(&solver(1), 9);
        assert_eq!(duties[0].batch, id);
        assert!(duties[0].traced && !duties[0].blobs);
        assert_eq!(duties[0].partial_sheets, 0);
    });
}

#[test]
fn those_who_check_see_the_claim() {
    ExtBuilder::default().build_and_execute(|| {
        let id = claimed(2);
        let claim = Market::claim(id.task(1)).unwrap();
        assert_eq!((claim.solver, claim.model), (solver(1), greater()));
        assert_eq!((claim.price, claim.until), (price(1, 2), 1 + WINDOW));
        assert_eq!(claim.input, inline(&[5, 6]));
        let views = Market::claims(None, 9);
        assert_eq!(views.len(), 2);
        let stored = ClaimedAnswers::<Test>::get(id.task(1)).unwrap();
        assert_eq!(
            Market::claim_view(id.task(1)),
            Some(ClaimView {
                task: id.task(1),
                model: greater(),
                weights: <Flaky as pensum_primitives::traits::Models>::entry(&greater())
                    .unwrap()
                    .weights,
                solver: solver(1),
                input: inline(&[5, 6]),
                output: stored.output,
                trace: stored.trace,
                claimed_at: 1,
                until: 1 + WINDOW,
            })
        );
        assert_eq!(Market::claims(Some(views[0].task), 9), views[1..]);
        assert_eq!(Market::claim(id.task(2)), None);
        let submitted = submitted();
        assert_eq!(Market::claim(submitted.task(0)), None, "nobody can disprove it");
    });
}

#[test]
fn an_audit_postpones_one_answer_only() {
    ExtBuilder::default().build_and_execute(|| {
        let id = claimed(2);
        Market::postpone(id.task(0), 15);
        Market::postpone(id.task(0), 12);
        assert!(events().contains(&MarketEvent::ClaimPostponed {
            task: id.task(0),
            settles_at: 16,
        }));
        run_to(2 + WINDOW);
        assert_eq!(batch(id).tasks(), 1);
        assert_eq!(Market::task_status(id.task(0)).unwrap().answer_by, 15);
        check();
        run_to(16);
        assert!(is_empty());
    });
}

#[test]
fn traces_can_be_read_from_the_transaction() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(windowed(), 1);
        let answer = traced(id.task(0), label(1));
        let call = answer_call(1, vec![answer.clone()]);
        assert_eq!(Market::traces_in(&call), [(id.task(0), answer.trace.unwrap())]);
        assert_eq!(Market::traces_in(&decline_call(1, id)), []);
    });
}

#[test]
fn those_who_delegate_share_in_what_a_claim_earns() {
    ExtBuilder::default().build_and_execute(|| {
        back(1, OTHER, 1_000_000);
        claimed(1);
        let earned = split(price(1, 2), 50_000, 20_000).solver;
        let (pool, share) = Staking::delegators_share(&solver(1), None, earned).unwrap();
        let before = (free(&pool), free(&solver(1)));
        run_for(WINDOW + 1);
        assert_eq!(
            (free(&pool), free(&solver(1))),
            (before.0 + share, before.1 + earned - share)
        );
    });
}

#[test]
fn a_rescuer_is_named_when_its_claim_settles() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(windowed(), 1);
        run_for(AnswerWindow::get() + 1);
        assert_eq!(holder_number(id.task(0)), 2);
        let slash = batch(id).parts[0].repairs[0];
        let rescuer = || {
            pallet_solver_staking::Slashes::<Test>::get(slash)
                .unwrap()
                .rescuer
        };
        answers(2, vec![traced(id.task(0), label(1))]);
        assert_eq!(rescuer(), None);
        run_for(WINDOW + 1);
        assert_eq!(rescuer(), Some(solver(2)));
    });
}
