use super::samples::*;
use crate::{mock::*, types::Flaw, Error, Event};
use frame_support::{assert_ok, traits::fungible::Inspect};
use pensum_primitives::{
    solver::Fault,
    step::{Reads, Step, MAX_STEP_TENSOR},
    AccountId, BatchId, Digest, TaskId,
};
use sp_runtime::traits::BadOrigin;

fn balance(who: &AccountId) -> u128 {
    Balances::balance(who)
}

/// The challenge loses the bond to `heir`, and touches nobody else.
#[track_caller]
fn loses(answer: &Answer, step: Step, flaw: Option<Flaw>, heir: AccountId) {
    let (before, heir_before) = (balance(&WATCHER), balance(&heir));
    let node = step.node;
    let evidence = crate::proof::evidence(&answer.trace(), &step);
    assert_ok!(challenge(WATCHER, answer.task, answer.trace(), step));
    assert_eq!(balance(&WATCHER), before - BOND);
    assert_eq!(balance(&heir), heir_before + BOND);
    assert_eq!(bond_of(&WATCHER), 0);
    assert_eq!(Market::end_of(answer.task), None, "the claim stands");
    System::assert_last_event(
        Event::ChallengeLost {
            task: answer.task,
            challenger: WATCHER,
            node,
            flaw,
            bond: BOND,
            to: Some(heir),
            evidence,
        }
        .into(),
    );
}

#[test]
fn a_lie_is_convicted_by_the_step_of_that_node_and_by_no_other() {
    for lie in 0..4 {
        for node in 0..4 {
            ExtBuilder::build_and_execute(|| {
                register_diamond();
                let answer = Answer::lying(TASK, &[lie]).claim();
                if node != lie {
                    return loses(&answer, answer.step(node), None, solver(1));
                }
                assert_ok!(answer.challenged_by(WATCHER, node));
                assert_eq!(balance(&WATCHER), RICH, "the bond is back");
                let evidence = answer.evidence(node);
                assert_eq!(
                    Market::end_of(TASK),
                    Some(End::Convicted {
                        fault: Fault::Wrong,
                        prover: Some(WATCHER),
                        evidence
                    })
                );
                System::assert_last_event(
                    Event::AnswerDisproven {
                        task: TASK,
                        solver: solver(1),
                        challenger: WATCHER,
                        node,
                        rewarded: true,
                        evidence,
                    }
                    .into(),
                );
            });
        }
    }
}

#[test]
fn a_lie_about_a_blob_is_convicted_too() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = Answer::lying(TASK, &[3]).with_blob().claim();
        assert_ok!(answer.challenged_by(WATCHER, 3));
        assert!(matches!(Market::end_of(TASK), Some(End::Convicted { .. })));
    });
}

#[test]
fn a_right_answer_earns_the_bond_of_whoever_doubts_it() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = Answer::honest(TASK).claim();
        for node in 0..4 {
            loses(&answer, answer.step(node), None, solver(1));
        }
        let blob = Answer::honest(TaskId(512)).with_blob().claim();
        loses(&blob, blob.step(0), None, solver(1));
    });
}

#[test]
fn a_step_with_other_tensors_frames_nobody() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        for answer in [
            Answer::honest(TASK).claim(),
            Answer::honest(TaskId(512)).with_blob().claim(),
        ] {
            for node in 0..4 {
                let honest = answer.step(node);
                let inputs: Vec<Vec<u8>> = honest.inputs.iter().map(|tensor| tensor.to_vec()).collect();
                for (place, tensor) in inputs.iter().enumerate() {
                    let mut longer = inputs.clone();
                    longer[place].push(0);
                    let mut flipped = inputs.clone();
                    flipped[place][0] ^= 1;
                    let mut empty = inputs.clone();
                    empty[place].clear();
                    let mut fewer = inputs.clone();
                    fewer.remove(place);
                    let mut more = inputs.clone();
                    more.push(tensor.clone());
                    for wrong in [longer, flipped, empty, fewer, more] {
                        let step = step_of(node, honest.weights.to_vec(), wrong);
                        loses(&answer, step, Some(Flaw::InputsMismatch), TREASURY);
                    }
                }
            }
        }
        let answer = Answer::honest(TaskId(768)).claim();
        let swapped: Vec<Vec<u8>> = answer
            .step(2)
            .inputs
            .iter()
            .rev()
            .map(|tensor| tensor.to_vec())
            .collect();
        let step = step_of(2, answer.step(2).weights.to_vec(), swapped);
        loses(&answer, step, Some(Flaw::InputsMismatch), TREASURY);
    });
}

#[test]
fn a_step_with_other_weights_frames_nobody() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = Answer::honest(TASK).claim();
        let mut step = answer.step(0);
        step.weights = b"other".to_vec().try_into().unwrap();
        loses(&answer, step, Some(Flaw::StepMismatch), TREASURY);
    });
}

#[test]
fn a_step_of_a_node_that_does_not_exist_frames_nobody() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = Answer::honest(TASK).claim();
        for node in [4, u16::MAX] {
            let step = step_of(node, vec![], vec![]);
            loses(&answer, step, Some(Flaw::NodeUnknown), TREASURY);
        }
    });
}

#[test]
fn a_model_that_breaks_is_nobodys_fault() {
    ExtBuilder::build_and_execute(|| {
        let mut broken = node(&[Reads::Input], b"first");
        broken.breaks = true;
        AllModels::register(MODEL, vec![broken]);
        let answer = Answer::honest(TASK).claim();
        assert_ok!(answer.challenged_by(WATCHER, 0));
        assert_eq!(balance(&WATCHER), RICH, "the bond is back");
        assert_eq!(Market::end_of(TASK), Some(End::Voided));
        System::assert_last_event(
            Event::ModelProvenBroken {
                task: TASK,
                node: 0,
                by: WATCHER,
                evidence: answer.evidence(0),
            }
            .into(),
        );
    });
}

#[test]
fn a_proof_is_good_for_one_conviction() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = Answer::lying(TASK, &[2]).claim();
        assert_ok!(answer.challenged_by(WATCHER, 2));
        refused(OTHER, TASK, answer.trace(), answer.step(2), Error::NotClaimed);

        // The task went to another solver, whose answer is right; a proof that was on its way costs its sender the fee only.
        let honest = Answer::honest(TASK).by(2).claim();
        refused(OTHER, TASK, answer.trace(), answer.step(2), Error::TraceMismatch);
        assert_eq!(balance(&OTHER), RICH);
        assert_eq!(honest.solver, solver(2));
    });
}

#[test]
fn a_proof_against_one_task_is_none_against_another() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let liar = Answer::lying(TASK, &[1]).claim();
        let other = Answer::honest(TaskId(257)).claim();
        refused(
            WATCHER,
            other.task,
            liar.trace(),
            liar.step(1),
            Error::TraceMismatch,
        );
        loses(&other, liar.step(1), Some(Flaw::InputsMismatch), TREASURY);
    });
}

#[test]
fn what_was_never_claimed_cannot_be_challenged() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = Answer::lying(TASK, &[0]);
        refused(WATCHER, TASK, answer.trace(), answer.step(0), Error::NotClaimed);
    });
}

#[test]
fn the_window_includes_its_last_block_and_no_more() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = Answer::lying(TASK, &[0]).claim();
        System::set_block_number(WINDOW + 2);
        refused(WATCHER, TASK, answer.trace(), answer.step(0), Error::NotClaimed);
        System::set_block_number(WINDOW + 1);
        assert_ok!(answer.challenged_by(WATCHER, 0));
    });
}

#[test]
fn another_trace_than_the_committed_one_costs_the_fee_only() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = Answer::honest(TASK).claim();
        let lie = Answer::lying(TASK, &[3]);
        refused(WATCHER, TASK, lie.trace(), lie.step(3), Error::TraceMismatch);
        let mut shorter = answer.trace();
        shorter.pop();
        refused(WATCHER, TASK, shorter, answer.step(0), Error::TraceMismatch);
        let mut longer = answer.trace();
        longer.try_push(Digest::zero()).unwrap();
        refused(WATCHER, TASK, longer, answer.step(0), Error::TraceMismatch);
    });
}

#[test]
fn a_solver_cannot_prove_its_own_answer_wrong() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = Answer::lying(TASK, &[0]).claim();
        refused(solver(1), TASK, answer.trace(), answer.step(0), Error::OwnAnswer);
        assert_ok!(answer.challenged_by(solver(2), 0));
    });
}

#[test]
fn a_step_of_more_than_three_megabytes_is_refused() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = Answer::honest(TASK).claim();
        let tensor = vec![0u8; MAX_STEP_TENSOR as usize];
        let step = step_of(0, vec![1], vec![tensor.clone(), tensor.clone(), tensor]);
        refused(WATCHER, TASK, answer.trace(), step, Error::StepTooLarge);
    });
}

#[test]
fn a_node_that_takes_more_than_half_a_block_is_refused() {
    ExtBuilder::build_and_execute(|| {
        let mut dear = node(&[Reads::Input], b"");
        dear.cost = 250_000_000;
        AllModels::register(MODEL, vec![dear]);
        let answer = Answer::lying(TASK, &[0]).claim();
        refused(
            WATCHER,
            TASK,
            answer.trace(),
            answer.step(0),
            Error::StepTooCostly,
        );
    });
}

#[test]
fn a_challenger_must_be_able_to_lose_its_bond() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = Answer::lying(TASK, &[0]).claim();
        refused(
            POOR,
            TASK,
            answer.trace(),
            answer.step(0),
            Error::BondUnaffordable,
        );
    });
}

#[test]
fn a_challenge_needs_a_signature() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answer = Answer::lying(TASK, &[0]).claim();
        for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
            let called = Dispute::challenge(origin, TASK, answer.trace(), answer.step(0));
            assert_eq!(called.unwrap_err().error, BadOrigin.into());
        }
    });
}

#[test]
fn a_bond_that_nobody_can_receive_is_burned() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        crate::mock::ExistentialDeposit::set(BOND + 1);
        let answer = Answer::honest(TASK).claim();
        let issued = Balances::total_issuance();
        let step = step_of(9, vec![], vec![]);
        assert_ok!(challenge(WATCHER, TASK, answer.trace(), step));
        assert_eq!(Balances::total_issuance(), issued - BOND);
        assert!(matches!(
            take_events().as_slice(),
            [Event::ChallengeLost { to: None, .. }]
        ));
    });
}

#[test]
fn a_bond_that_the_solver_cannot_receive_goes_to_the_treasury() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        crate::mock::ExistentialDeposit::set(BOND + 1);
        Balances::force_set_balance(RuntimeOrigin::root(), TREASURY, RICH).unwrap();
        let mut answer = Answer::honest(TASK);
        answer.solver = AccountId::new([9; 32]);
        let answer = answer.claim();
        loses(&answer, answer.step(0), None, TREASURY);
    });
}

#[test]
fn a_challenge_of_a_node_under_audit_convicts_but_earns_nothing() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        audit_everything();
        let answer = Answer::lying(TASK, &[2]).claim();
        run_for(1);
        assert_ok!(answer.challenged_by(WATCHER, 2));
        let evidence = answer.evidence(2);
        assert_eq!(
            Market::end_of(TASK),
            Some(End::Convicted {
                fault: Fault::Wrong,
                prover: None,
                evidence
            })
        );
        assert!(matches!(
            take_events().last(),
            Some(Event::AnswerDisproven { rewarded: false, .. })
        ));
        assert_eq!(crate::Audits::<Test>::iter().count(), 0);
    });
}

#[test]
fn tasks_of_one_batch_are_convicted_one_by_one() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let answers: Vec<Answer> = (0..3)
            .map(|place| Answer::lying(BatchId(4).task(place), &[0]))
            .collect();
        Market::claim_now(answers.iter().map(Answer::as_claim).collect());
        assert_ok!(answers[1].challenged_by(WATCHER, 0));
        let ends: Vec<bool> = answers
            .iter()
            .map(|answer| Market::end_of(answer.task).is_some())
            .collect();
        assert_eq!(ends, [false, true, false]);
    });
}
