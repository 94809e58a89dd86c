use crate::{mock::*, NextWorkflow};
use frame_support::{assert_noop, dispatch::RawOrigin};
use pensum_primitives::{
    task::MAX_OUTPUT,
    verification::Verification,
    workflow::{Step, StepState, MAX_DEPTH, MAX_STEPS},
    ModelId,
};
use sp_runtime::DispatchError;

fn refused(steps: Vec<Step>) -> DispatchError {
    let free_before = free(&REQUESTER);
    let error = run_as(REQUESTER, steps, BUDGET).unwrap_err();
    assert_eq!((free(&REQUESTER), NextWorkflow::<Test>::get()), (free_before, 0));
    error
}

fn chain(length: u32) -> Vec<Step> {
    (0..length)
        .map(|place| match place {
            0 => given(shuffler()),
            _ => reads(shuffler(), place as u8 - 1),
        })
        .collect()
}

#[test]
fn running_holds_the_budget_and_readies_the_steps_that_wait_for_nothing() {
    ExtBuilder.build_and_execute(|| {
        let before = free(&REQUESTER);
        let id = run(languages());
        assert_eq!(free(&REQUESTER), before - BUDGET);
        assert_eq!(budget_of(&REQUESTER), BUDGET);
        assert_eq!(
            states(id),
            [StepState::Ready, StepState::Waiting, StepState::Waiting]
        );
        assert_eq!(
            events(),
            [Event::WorkflowStarted {
                workflow: id,
                requester: REQUESTER,
                steps: 3,
                budget: BUDGET,
                asset: None,
            }]
        );
    });
}

#[test]
fn every_workflow_has_an_id_of_its_own() {
    ExtBuilder.build_and_execute(|| {
        assert_eq!([run(languages()), run(languages())], [0, 1]);
        assert_eq!(run_as(OTHER, languages(), BUDGET), Ok(2));
    });
}

#[test]
fn the_longest_and_the_widest_workflow_run() {
    ExtBuilder.build_and_execute(|| {
        run(chain(MAX_DEPTH));
        run((0..MAX_STEPS).map(|_| given(classifier())).collect());
    });
}

#[test]
fn run_fails_without_steps() {
    ExtBuilder.build_and_execute(|| assert_eq!(refused(vec![]), Error::NoSteps.into()));
}

#[test]
fn run_fails_when_a_step_reads_itself_or_a_later_one() {
    ExtBuilder.build_and_execute(|| {
        for from in [0, 1, 7, u8::MAX] {
            let steps = vec![reads(shuffler(), from), given(shuffler())];
            assert_eq!(refused(steps), Error::NotEarlier.into());
        }
    });
}

#[test]
fn run_fails_when_a_condition_asks_its_own_or_a_later_step() {
    ExtBuilder.build_and_execute(|| {
        for asked in [0, 1, u8::MAX] {
            let steps = vec![
                when(given(classifier()), asked, &[&label(0)]),
                given(classifier()),
            ];
            assert_eq!(refused(steps), Error::NotEarlier.into());
        }
    });
}

#[test]
fn run_fails_when_steps_wait_too_long_in_a_row() {
    ExtBuilder.build_and_execute(|| {
        assert_eq!(refused(chain(MAX_DEPTH + 1)), Error::TooDeep.into());
        // A condition makes a step wait as well as a source does.
        let mut steps = chain(MAX_DEPTH);
        steps.push(when(given(shuffler()), MAX_DEPTH as u8 - 1, &[b"eight by"]));
        assert_eq!(refused(steps), Error::TooDeep.into());
    });
}

#[test]
fn run_fails_when_a_condition_accepts_nothing() {
    ExtBuilder.build_and_execute(|| {
        let steps = vec![given(classifier()), when(given(writer()), 0, &[])];
        assert_eq!(refused(steps), Error::NothingAccepted.into());
    });
}

#[test]
fn run_fails_when_a_condition_accepts_what_the_model_never_says() {
    ExtBuilder.build_and_execute(|| {
        for accepted in [&b"en"[..], b"english"] {
            let steps = vec![
                given(classifier()),
                when(given(writer()), 0, &[&label(0), accepted]),
            ];
            assert_eq!(refused(steps), Error::AcceptedWrongLength.into());
        }
    });
}

#[test]
fn a_condition_may_accept_less_than_the_whole_length_where_nothing_is_replayed() {
    ExtBuilder.build_and_execute(|| {
        let mut asked = given(classifier());
        asked.verification = Verification::Requester { window: 5 };
        run(vec![asked.clone(), when(given(writer()), 0, &[b"en"])]);
        let steps = vec![asked, when(given(writer()), 0, &[b"english"])];
        assert_eq!(
            run_as(REQUESTER, steps, BUDGET),
            Err(Error::AcceptedWrongLength.into())
        );
    });
}

#[test]
fn run_fails_when_the_market_refuses_any_step() {
    ExtBuilder.build_and_execute(|| {
        let unknown = vec![given(classifier()), when(given(model(99)), 0, &[&label(0)])];
        assert_eq!(refused(unknown), "unknown model".into());
        let too_late = Step {
            patience: 0,
            ..given(classifier())
        };
        assert_eq!(refused(vec![too_late]), "too soon".into());
    });
}

#[test]
fn run_fails_when_an_answer_does_not_fit_the_step_that_reads_it() {
    ExtBuilder.build_and_execute(|| {
        // Four bytes where eight are read.
        let steps = vec![given(classifier()), reads(shuffler(), 0)];
        assert_eq!(refused(steps), "wrong shape".into());
        run(vec![given(shuffler()), reads(shuffler(), 0)]);
        // The longest answer of a model that nobody knows is the longest there is.
        const { assert!(MAX_OUTPUT > 300) };
        let unknown = ModelId::default();
        let steps = vec![given(unknown), reads(classifier(), 0)];
        assert_eq!(refused_after(steps), "unknown model".into());
    });
}

/// As `refused`, where other workflows run already.
fn refused_after(steps: Vec<Step>) -> DispatchError {
    run_as(REQUESTER, steps, BUDGET).unwrap_err()
}

#[test]
fn run_fails_when_the_budget_does_not_cover_what_runs_at_once() {
    ExtBuilder.build_and_execute(|| {
        let steps = || vec![given(classifier()), given(writer()), reads(writer(), 1)];
        let least = 2 * (MAX_REWARD + Fee::get());
        assert_eq!(
            run_as(REQUESTER, steps(), least - 1),
            Err(Error::BudgetTooSmall.into())
        );
        assert_eq!(run_as(REQUESTER, steps(), least), Ok(0));
    });
}

#[test]
fn run_fails_when_a_price_cap_is_more_than_there_is() {
    ExtBuilder.build_and_execute(|| {
        let dear = Step {
            max_reward: u128::MAX,
            ..given(classifier())
        };
        assert_eq!(
            refused(vec![dear.clone(), dear.clone()]),
            Error::BudgetTooSmall.into()
        );
        assert_eq!(
            run_as(REQUESTER, vec![dear], u128::MAX),
            Err(Error::CannotHoldBudget.into())
        );
    });
}

#[test]
fn run_fails_when_the_requester_cannot_pay_and_stay_alive() {
    ExtBuilder.build_and_execute(|| {
        for budget in [RICH, RICH - EXISTENTIAL_DEPOSIT + 1] {
            assert_eq!(
                run_as(REQUESTER, languages(), budget),
                Err(Error::CannotHoldBudget.into())
            );
        }
        assert_eq!(run_as(REQUESTER, languages(), RICH - EXISTENTIAL_DEPOSIT), Ok(0));
        assert_eq!(
            run_as(POOR, languages(), BUDGET),
            Err(Error::CannotHoldBudget.into())
        );
    });
}

#[test]
fn run_fails_unsigned() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(
            Workflows::run(
                RawOrigin::None.into(),
                languages().try_into().unwrap(),
                BUDGET,
                None
            ),
            DispatchError::BadOrigin
        );
    });
}
