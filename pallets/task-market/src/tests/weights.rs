use crate::{mock::*, types::Sheet, weights::WeightInfo};
use frame_support::{
    dispatch::{DispatchClass, GetDispatchInfo, Pays},
    traits::Authorize,
};
use pensum_primitives::BatchId;

fn info(call: &crate::Call<Test>) -> frame_support::dispatch::DispatchInfo {
    RuntimeCall::from(call.clone()).get_dispatch_info()
}

#[test]
fn answers_and_refusals_are_operational_and_free() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        for call in [answer_call(1, vec![right(id.task(0))]), decline_call(1, id)] {
            let info = info(&call);
            assert_eq!(
                (info.class, info.pays_fee),
                (DispatchClass::Operational, Pays::No)
            );
        }
    });
}

#[test]
fn an_answer_weighs_what_its_replay_costs() {
    ExtBuilder::default().build_and_execute(|| {
        let long = post_as(REQUESTER, terms(texts()), vec![inline(&[b'x'; 300])]).unwrap();
        let short = post_as(REQUESTER, terms(texts()), vec![inline(b"x")]).unwrap();
        let weigh = |id: BatchId| {
            info(&answer_call(1, vec![right(id.task(0))]))
                .call_weight
                .ref_time()
        };
        let entry = <Flaky as pensum_primitives::traits::Models>::entry(&texts()).unwrap();
        let work = entry.cost(300) - entry.cost(1);
        assert!(work > 0);
        assert_eq!(weigh(long) - weigh(short), Weights::replay(work).ref_time());
    });
}

#[test]
fn a_batched_answer_weighs_less_than_its_parts() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(100);
        let all: Vec<_> = (0..100).map(|place| right(id.task(place))).collect();
        let one = info(&answer_call(1, all[..1].to_vec())).call_weight;
        let together = info(&answer_call(1, all)).call_weight;
        assert!(together.ref_time() < 10 * one.ref_time());
    });
}

#[test]
fn a_sheet_for_nothing_that_lives_weighs_little() {
    ExtBuilder::default().build_and_execute(|| {
        let sheet: Vec<_> = (0..256)
            .map(|number| answer(BatchId(1_000 + number).task(0), label(0), None))
            .collect();
        let weight = info(&answer_call(1, sheet)).call_weight;
        assert!(weight.ref_time() < MaxAnswerWeight::get().ref_time());
    });
}

#[test]
fn authorisation_weighs_by_the_bytes_it_hashes() {
    ExtBuilder::default().build_and_execute(|| {
        let weigh = |blob: Option<&[u8]>| {
            let call = answer_call(1, vec![answer(BatchId(0).task(0), label(0), blob)]);
            RuntimeCall::from(call).weight_of_authorize().ref_time()
        };
        assert!(weigh(Some(&[0; 4096])) > weigh(Some(&[0; 8])));
        assert!(weigh(Some(&[0; 8])) > weigh(None));
        assert_eq!(
            crate::Pallet::<Test>::answer_weight(&Sheet::default()),
            crate::mock::Weights::answer(0, 0)
        );
    });
}

#[test]
fn what_is_prepaid_covers_an_answer_and_its_authorisation() {
    ExtBuilder::default().build_and_execute(|| {
        let before = free(&FEES);
        let id = post(50);
        let prepaid = free(&FEES) - before;
        let call = answer_call(1, (0..50).map(|place| right(id.task(place))).collect());
        let weight = info(&call).call_weight + RuntimeCall::from(call).weight_of_authorize();
        use sp_runtime::traits::Convert;
        assert!(
            prepaid >= Microseconds::convert(weight),
            "{prepaid} for {weight:?}"
        );
    });
}

#[test]
fn what_is_prepaid_covers_a_claim_with_its_traces() {
    ExtBuilder::default().build_and_execute(|| {
        let before = free(&FEES);
        let id = post_on(windowed(), 50);
        let prepaid = free(&FEES) - before;
        let sheet = (0..50).map(|place| traced(id.task(place), label(1))).collect();
        let call = answer_call(1, sheet);
        let weight = info(&call).call_weight
            + RuntimeCall::from(call).weight_of_authorize()
            + Weights::settle_claims(1, 50)
            + AUDIT_WEIGHT * 50;
        use sp_runtime::traits::Convert;
        assert!(
            prepaid >= Microseconds::convert(weight),
            "{prepaid} for {weight:?}"
        );
    });
}

#[test]
fn traces_weigh_in_the_authorisation() {
    ExtBuilder::default().build_and_execute(|| {
        let weigh = |answer| {
            let call = answer_call(1, vec![answer]);
            RuntimeCall::from(call).weight_of_authorize().ref_time()
        };
        let task = BatchId(0).task(0);
        assert!(weigh(traced(task, label(0))) > weigh(answer(task, label(0), None)));
    });
}

#[test]
fn a_batch_must_be_answerable_in_one_sheet_with_its_traces() {
    ExtBuilder::default().build_and_execute(|| {
        let limit = Weights::authorize_answer(1, 10, 10 * 4) + Weights::claim(1, 10);
        MaxAnswerWeight::set(limit);
        let traces = u64::from(NODES) * 32 * 10;
        assert!(traces > 0);
        let inputs = pairs(10);
        let refused = post_as(REQUESTER, windowed(), inputs).map(|_| ());
        assert_eq!(refused, Err(Error::BatchTooCostly.into()));
        post_on(judged(), 1);
    });
}
