use crate::{mock::*, types::Workflow, weights::WeightInfo};
use codec::MaxEncodedLen;
use frame_support::{dispatch::GetDispatchInfo, traits::Hooks, weights::Weight};
use pensum_primitives::workflow::{Step, MAX_STEPS};

type Weights = <Test as crate::Config>::WeightInfo;

fn run_weight(steps: Vec<Step>) -> Weight {
    run_weight_in(None, steps)
}

fn run_weight_in(asset: Option<pensum_primitives::AssetId>, steps: Vec<Step>) -> Weight {
    let steps = steps.try_into().unwrap();
    let budget = 0;
    RuntimeCall::from(crate::Call::run { steps, budget, asset })
        .get_dispatch_info()
        .call_weight
}

#[test]
fn whoever_starts_a_workflow_pays_for_all_that_the_hook_does_for_it() {
    CURRENCIES.into_iter().for_each(pays_for_all);
}

fn pays_for_all(asset: Option<pensum_primitives::AssetId>) {
    ExtBuilder.build_and_execute(|| {
        let steps = vec![given(shuffler()), reads(shuffler(), 0), reads(shuffler(), 1)];
        let paid = run_weight_in(asset, steps.clone());
        let id = run_in(asset, REQUESTER, steps, BUDGET).unwrap();
        let mut used = Weight::zero();
        for step in 0..3 {
            used += Workflows::on_initialize(1);
            Desk::answer(task(id, step), b"8 bytes!");
        }
        used += Workflows::on_initialize(1);
        assert!(ended(id).is_some());
        // Looking whether there is something to do is every block's own.
        let work = used - Weights::look() * 4;
        assert!((work + Weights::run(3, 0)).all_lte(paid), "{work:?} > {paid:?}");
    });
}

#[test]
fn longer_and_more_steps_weigh_more() {
    ExtBuilder.build_and_execute(|| {
        let one = run_weight(vec![given(classifier())]);
        let two = run_weight(vec![given(classifier()); 2]);
        assert!(one.ref_time() < two.ref_time());
        let long = Step {
            source: pensum_primitives::workflow::Source::Given(inline(&[b'a'; 4_000])),
            ..given(classifier())
        };
        assert!(one.ref_time() < run_weight(vec![long]).ref_time());
    });
}

#[test]
fn an_asset_weighs_more_than_pen() {
    ExtBuilder.build_and_execute(|| {
        let steps = vec![given(classifier()); 2];
        let extra = run_weight_in(Some(COIN), steps.clone()) - run_weight(steps);
        assert_eq!(extra, (Weights::post_in_asset() + Weights::move_asset()) * 2);
    });
}

#[test]
fn cancelling_weighs_by_what_there_is_to_cancel() {
    ExtBuilder.build_and_execute(|| {
        let weight = |workflow| {
            RuntimeCall::from(crate::Call::cancel { workflow })
                .get_dispatch_info()
                .call_weight
                .ref_time()
        };
        let id = run(languages());
        let (none, waiting) = (weight(id + 1), weight(id));
        run_for(1);
        assert!(none < waiting && waiting < weight(id));
    });
}

#[test]
fn an_idle_block_reads_one_item() {
    ExtBuilder.build_and_execute(|| {
        assert_eq!(Workflows::on_initialize(1), Weights::look());
    });
}

#[test]
fn the_largest_workflow_fits_a_block() {
    // Three quarters of half a second, as the runtime has it.
    let block = Weight::from_parts(375_000_000_000, u64::MAX);
    ExtBuilder.build_and_execute(|| {
        let steps = vec![given(classifier()); MAX_STEPS as usize];
        assert!(run_weight_in(Some(COIN), steps).all_lte(block));
    });
}

#[test]
fn the_hot_record_is_small() {
    assert!(Workflow::max_encoded_len() <= 1_024);
}
