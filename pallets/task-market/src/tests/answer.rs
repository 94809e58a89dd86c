use crate::{limits::MAX_SHEETS, mock::*, Event as MarketEvent};
use frame_support::{assert_noop, dispatch::RawOrigin};
use pensum_primitives::{
    operator::Refusal,
    task::Terms,
    traits::{Duties, Solvers},
    verdict::Reason,
    BatchId, TaskId,
};
use sp_runtime::DispatchError;

fn answered(task: TaskId, number: u8) -> MarketEvent<Test> {
    MarketEvent::TaskAnswered {
        task,
        solver: solver(number),
        price: price(number, 2),
        asset: None,
        output: truth(task).try_into().unwrap(),
    }
}

#[test]
fn a_right_answer_is_paid_and_leaves_nothing_in_state() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        let expected = answered(id.task(0), 1);
        answers(1, vec![right(id.task(0))]);
        assert!(events().contains(&expected));
        assert!(is_empty());
        assert_eq!(escrow(&REQUESTER), 0);
        assert_eq!(
            (Staking::locked(&solver(1)), Staking::in_flight(&solver(1))),
            (0, 0)
        );
    });
}

#[test]
fn a_whole_batch_is_answered_in_one_sheet() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(256);
        let sheet: Vec<_> = (0..=255).map(|place| right(id.task(place))).collect();
        let before = free(&solver(1));
        answers(1, sheet);
        assert!(is_empty());
        let paid = 256 * market_math::payout::split(price(1, 2), 50_000, 20_000).solver;
        assert_eq!(free(&solver(1)), before + paid);
    });
}

#[test]
fn one_sheet_answers_tasks_of_several_batches() {
    ExtBuilder::default().build_and_execute(|| {
        let (one, other) = (post(2), post(1));
        answers(
            1,
            vec![right(one.task(0)), right(one.task(1)), right(other.task(0))],
        );
        assert!(is_empty());
    });
}

#[test]
fn a_batch_can_be_answered_in_parts() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(3);
        answers(1, vec![right(id.task(1))]);
        assert_eq!(escrow(&REQUESTER), 2 * MAX_REWARD);
        assert_eq!(batch(id).tasks(), 2);
        assert_eq!(Staking::in_flight(&solver(1)), 2);
        check();
        answers(1, vec![right(id.task(0)), right(id.task(2))]);
        assert!(is_empty());
    });
}

#[test]
fn the_last_sheet_must_answer_all_that_is_left() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(10);
        for place in 0..MAX_SHEETS - 1 {
            answers(1, vec![right(id.task(place))]);
        }
        let last = MAX_SHEETS - 1;
        let partial = answer_call(1, vec![right(id.task(last))]);
        assert_eq!(validate(&partial), Err(refusal(Refusal::TooManySheets)));
        answers(1, (last..10).map(|place| right(id.task(place))).collect());
        assert!(is_empty());
    });
}

#[test]
fn a_blob_is_replayed_from_the_answer() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_as(REQUESTER, terms(greater()), vec![blob(&[9, 3]), inline(&[1, 2])]).unwrap();
        answers(
            1,
            vec![answer(id.task(0), label(0), Some(&[9, 3])), right(id.task(1))],
        );
        assert!(is_empty());
    });
}

#[test]
fn an_input_that_cannot_be_read_is_refunded_at_no_cost_to_the_solver() {
    ExtBuilder::default().build_and_execute(|| {
        let not_text = [0xff, 0xfe];
        let id = post_as(REQUESTER, terms(texts()), vec![blob(&not_text), inline(b"text")]).unwrap();
        let (requester, stake) = (
            free(&REQUESTER),
            Staking::solver_status(&solver(1)).unwrap().bonded,
        );
        answers(1, vec![answer(id.task(0), label(0), Some(&not_text))]);
        assert_refunded(id.task(0), Reason::InputUnreadable, MAX_REWARD);
        assert_eq!(free(&REQUESTER), requester + MAX_REWARD);
        let status = Staking::solver_status(&solver(1)).unwrap();
        assert_eq!((status.bonded, status.at_risk, status.in_flight), (stake, 0, 1));
        answers(1, vec![right(id.task(1))]);
    });
}

#[test]
fn a_wrong_answer_is_never_paid_and_slashed() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        let before = free(&solver(1));
        answers(1, vec![wrong(id.task(0))]);
        assert_eq!(free(&solver(1)), before);
        let bond = 2 * price(1, 2);
        let status = Staking::solver_status(&solver(1)).unwrap();
        assert_eq!(status.at_risk, bond + (BOND - bond) / 10);
        assert!(events().contains(&MarketEvent::AnswerRejected {
            task: id.task(0),
            solver: solver(1)
        }));
        run_for(SlashDefer::get());
        assert_eq!(
            Staking::solver_status(&solver(1)).unwrap().bonded,
            BOND - status.at_risk
        );
        assert_eq!(free(&solver(1)), before);
    });
}

#[test]
fn a_wrong_answer_hands_the_whole_rest_to_the_next_solver() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(4);
        answers(1, vec![right(id.task(0)), wrong(id.task(2))]);
        let batch = batch(id);
        assert_eq!(batch.parts.len(), 1);
        assert_eq!(batch.parts[0].solver, solver(2));
        assert_eq!(
            batch.parts[0]
                .tasks
                .iter()
                .map(|task| task.place)
                .collect::<Vec<_>>(),
            [1, 2, 3]
        );
        assert_eq!(batch.failed.to_vec(), [solver(1)]);
        assert_eq!(
            (Staking::locked(&solver(1)), Staking::in_flight(&solver(1))),
            (0, 0)
        );
        let status = Staking::solver_status(&solver(1)).unwrap();
        assert!(status.at_risk > 0);
        assert_eq!(status.pending_slashes.len(), 1);
        assert_eq!(escrow(&REQUESTER), 3 * MAX_REWARD);
    });
}

#[test]
fn many_wrong_answers_are_one_fault() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(3);
        answers(1, vec![wrong(id.task(0)), wrong(id.task(1)), wrong(id.task(2))]);
        let status = Staking::solver_status(&solver(1)).unwrap();
        assert_eq!(status.pending_slashes.len(), 1);
        let bond = 3 * 2 * price(1, 2);
        assert_eq!(status.at_risk, bond + (BOND - bond) / 10);
        let rejected = |event: &MarketEvent<Test>| matches!(event, MarketEvent::AnswerRejected { .. });
        assert_eq!(events().iter().filter(|event| rejected(event)).count(), 3);
    });
}

#[test]
fn a_wrong_answer_in_one_batch_leaves_the_other_batches_alone() {
    ExtBuilder::default().build_and_execute(|| {
        let (one, other, third) = (post(1), post(2), post(1));
        answers(
            1,
            vec![wrong(one.task(0)), right(other.task(0)), right(third.task(0))],
        );
        assert_eq!(holder_number(one.task(0)), 2);
        assert_eq!(holder_number(other.task(1)), 1);
        assert!(Market::task_status(third.task(0)).is_none());
    });
}

#[test]
fn a_wrong_answer_is_refunded_when_nobody_is_left() {
    ExtBuilder::default().solvers(1).build_and_execute(|| {
        let before = free(&REQUESTER);
        let id = post(2);
        let prepaid = before - free(&REQUESTER) - 2 * MAX_REWARD;
        answers(1, vec![wrong(id.task(0))]);
        assert!(is_empty());
        assert_eq!(free(&REQUESTER), before - prepaid);
        for place in 0..2 {
            assert_refunded(id.task(place), Reason::NobodyLeft, MAX_REWARD);
        }
    });
}

#[test]
fn an_answer_counts_in_its_last_block_and_not_after() {
    ExtBuilder::default().build_and_execute(|| {
        let (first, second) = (post(1), post(1));
        run_to(1 + AnswerWindow::get());
        answers(1, vec![right(first.task(0))]);
        let late = answer_call(1, vec![right(second.task(0))]);
        run_for(1);
        assert_eq!(validate(&late), Err(refusal(Refusal::NotYours)));
        assert_eq!(holder_number(second.task(0)), 2);
    });
}

#[test]
fn a_model_that_left_the_chain_refunds_its_tasks_through_nobodys_fault() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(3);
        let sheet = vec![right(id.task(0)), right(id.task(1))];
        ModelsGone::set(true);
        answers(1, sheet);
        ModelsGone::set(false);
        assert!(is_empty());
        assert_eq!(escrow(&REQUESTER), 0);
        assert_eq!(Staking::solver_status(&solver(1)).unwrap().at_risk, 0);
        assert_refunded(id.task(2), Reason::ModelGone, MAX_REWARD);
    });
}

#[test]
fn a_change_of_offer_does_not_touch_open_tasks() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        Staking::set_offer(RuntimeOrigin::signed(solver(1)), greater(), offer(3, 10)).unwrap();
        let expected = answered(id.task(0), 1);
        answers(1, vec![right(id.task(0))]);
        assert!(events().contains(&expected));
    });
}

#[test]
fn a_solver_may_answer_with_a_new_operator_key() {
    use pensum_primitives::operator::ownership_payload;
    use sp_core::Pair;
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        let pair = operator(99);
        let proof = pair.sign(&ownership_payload(System::block_hash(0), &solver(1)));
        Staking::set_operator(RuntimeOrigin::signed(solver(1)), pair.public(), proof).unwrap();
        let old = answer_call(1, vec![right(id.task(0))]);
        assert_eq!(validate(&old), Err(refusal(Refusal::UnknownOperator)));
        answers(99, vec![right(id.task(0))]);
        assert!(is_empty());
    });
}

#[test]
fn open_tasks_of_a_model_finish_when_it_is_flagged_or_retired() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(2);
        let reason = pensum_primitives::model::Text::try_from(b"old".to_vec()).unwrap();
        Registry::flag(RuntimeOrigin::root(), greater(), reason).unwrap();
        answers(1, vec![right(id.task(0))]);
        Registry::retire(RuntimeOrigin::signed(PUBLISHER), greater()).unwrap();
        run_for(AnswerWindow::get() + 1);
        assert_eq!(holder_number(id.task(1)), 2);
        answers(2, vec![right(id.task(1))]);
        assert!(is_empty());
    });
}

#[test]
fn answer_fails_signed_or_unsigned() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        let crate::Call::answer {
            operator,
            answers,
            signature,
        } = answer_call(1, vec![right(id.task(0))])
        else {
            panic!("another call or event than was made")
        };
        for origin in [
            RuntimeOrigin::none(),
            RuntimeOrigin::signed(solver(1)),
            RuntimeOrigin::root(),
        ] {
            assert_noop!(
                Market::answer(origin, operator.clone(), answers.clone(), signature.clone())
                    .map_err(|error| error.error),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn dispatch_refuses_what_authorisation_would_have_refused() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_as(
            REQUESTER,
            Terms {
                deadline: 20,
                ..terms(greater())
            },
            pairs(1),
        )
        .unwrap();
        let dispatch = |number, answers| {
            let crate::Call::answer {
                operator,
                answers,
                signature,
            } = answer_call(number, answers)
            else {
                panic!("another call or event than was made")
            };
            Market::answer(RawOrigin::Authorized.into(), operator, answers, signature)
                .map(|_| ())
                .map_err(|error| error.error)
        };
        let nowhere = answer(BatchId(7).task(0), label(0), None);
        assert_noop!(dispatch(1, vec![nowhere]), Error::BatchNotOpen);
        assert_noop!(dispatch(2, vec![right(id.task(0))]), Error::NotAssigned);
        assert_noop!(dispatch(88, vec![right(id.task(0))]), Error::NotAssigned);
        assert_noop!(
            dispatch(1, vec![answer(id.task(9), label(0), None)]),
            Error::NotAssigned
        );
        assert_eq!(Market::duties(&solver(1), 10).len(), 1);
    });
}
