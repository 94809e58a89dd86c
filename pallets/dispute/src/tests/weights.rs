use super::samples::*;
use crate::{mock::*, weights::MULTIPLY_ACCUMULATE, Call};
use frame_support::dispatch::{DispatchClass, GetDispatchInfo, Pays};
use pensum_primitives::step::Reads;

fn weight(call: Call<Test>) -> u64 {
    let info = RuntimeCall::from(call).get_dispatch_info();
    assert_eq!(info.class, DispatchClass::Operational);
    info.call_weight.ref_time()
}

fn challenge_of(answer: &Answer, node: u16) -> Call<Test> {
    Call::challenge {
        task: answer.task,
        trace: answer.trace(),
        step: answer.step(node),
    }
}

fn heavy(cost: u64) {
    let mut node = node(&[Reads::Input], b"");
    node.cost = cost;
    AllModels::register(MODEL, vec![node]);
}

#[test]
fn a_challenge_is_charged_by_the_work_of_its_node_and_its_bytes() {
    ExtBuilder::build_and_execute(|| {
        heavy(0);
        let answer = Answer::honest(TASK).claim();
        let base = weight(challenge_of(&answer, 0));
        heavy(7_000_000);
        assert_eq!(
            weight(challenge_of(&answer, 0)),
            base + 7_000_000 * MULTIPLY_ACCUMULATE
        );
        let Call::challenge {
            task,
            trace,
            mut step,
        } = challenge_of(&answer, 0)
        else {
            panic!("another call than was made")
        };
        step.weights = vec![0; 1_000_000].try_into().unwrap();
        assert!(weight(Call::challenge { task, trace, step }) > base + 7_000_000 * MULTIPLY_ACCUMULATE);
    });
}

#[test]
fn a_challenge_pays_for_what_was_done() {
    ExtBuilder::build_and_execute(|| {
        heavy(10_000_000);
        let answer = Answer::honest(TASK).claim();
        let charged = weight(challenge_of(&answer, 0));
        let execution = 10_000_000 * MULTIPLY_ACCUMULATE;
        let actual = |done: frame_support::dispatch::PostDispatchInfo| {
            assert_eq!(done.pays_fee, Pays::Yes);
            done.actual_weight.map(|weight| weight.ref_time())
        };
        let right = actual(answer.challenged_by(WATCHER, 0).unwrap());
        assert_eq!(right, Some(charged - VerdictWeight::get().ref_time()));

        let foreign = step_of(0, vec![], vec![answer.input[..7].to_vec()]);
        let flawed = actual(challenge(WATCHER, TASK, answer.trace(), foreign).unwrap());
        assert!(flawed.unwrap() < charged - execution - VerdictWeight::get().ref_time());

        let liar = Answer::lying(TASK, &[0]).claim();
        assert_eq!(
            actual(liar.challenged_by(WATCHER, 0).unwrap()),
            None,
            "as charged"
        );

        let late = liar.challenged_by(WATCHER, 0).unwrap_err().post_info;
        assert_eq!(late.pays_fee, Pays::Yes);
        assert!(
            late.actual_weight.unwrap().ref_time() < 200_000_000,
            "a late proof is cheap"
        );
    });
}

#[test]
fn an_opening_is_free_and_charged_to_the_block_by_what_it_does() {
    ExtBuilder::build_and_execute(|| {
        heavy(10_000_000);
        audit_everything();
        let answer = Answer::honest(TASK).claim();
        run_for(1);
        let call = opening(1, TASK, answer.trace(), answer.step(0));
        let info = RuntimeCall::from(call.clone()).get_dispatch_info();
        assert_eq!(info.pays_fee, Pays::No);
        let done = include(call);
        assert_eq!(done.actual_weight, Some(info.call_weight - VerdictWeight::get()));
    });
}

#[test]
fn the_heaviest_step_fits_half_a_block_of_the_runtime() {
    use crate::weights::{SubstrateWeight, WeightInfo};
    use pensum_primitives::{model::MAX_NODES, step::MAX_STEP_BYTES};
    // More multiply-accumulates than the runtime allows a node, and half of its blocks.
    let heaviest = SubstrateWeight::<Test>::challenge(MAX_NODES, MAX_STEP_BYTES)
        .saturating_add(SubstrateWeight::<Test>::execute(200_000_000))
        .saturating_add(VerdictWeight::get());
    assert!(heaviest.ref_time() <= 250_000_000_000, "{heaviest}");
}
