use super::samples::*;
use crate::{
    mock::*, Call, Deposits, Error, Event, Graphs, HoldReason, Manifests, Models, Skeletons, StepTotals,
};
use frame_support::{assert_ok, traits::fungible::InspectHold};
use pensum_primitives::{model::ModelState, Digest, ModelId};
use sp_runtime::traits::BadOrigin;

fn reclaim(model: ModelId) -> RuntimeCall {
    Call::reclaim { model }.into()
}

fn retired(sample: &Sample) -> ModelId {
    let model = sample.register();
    assert_ok!(dispatch(
        Call::retire { model }.into(),
        RuntimeOrigin::signed(ALICE)
    ));
    model
}

#[test]
fn anybody_reclaims_and_the_publisher_is_paid() {
    ExtBuilder::build_and_execute(|| {
        let sample = Sample::greater(ALICE);
        let model = retired(&sample);
        let deposit = Deposits::<Test>::get(model).unwrap();
        let free = Balances::free_balance(&ALICE);
        run_to(21);
        assert_ok!(dispatch(reclaim(model), RuntimeOrigin::signed(BOB)));

        assert_eq!(Balances::free_balance(&ALICE), free + deposit.graph);
        assert_eq!(
            Balances::balance_on_hold(&HoldReason::ModelDeposit.into(), &ALICE),
            deposit.manifest
        );
        assert!(!Graphs::<Test>::contains_key(model));
        System::assert_last_event(
            Event::ModelReclaimed {
                model,
                publisher: ALICE,
                returned: deposit.graph,
            }
            .into(),
        );
    });
}

#[test]
fn a_skeleton_is_reclaimed_like_a_graph() {
    ExtBuilder::build_and_execute(|| {
        let sample = Sample::diamond(ALICE);
        let model = sample.register_skeleton();
        assert_ok!(dispatch(
            Call::retire { model }.into(),
            RuntimeOrigin::signed(ALICE)
        ));
        let deposit = Deposits::<Test>::get(model).unwrap();
        assert_eq!(deposit.graph, 10 * sample.skeleton().len() as u128);
        run_to(20);
        refused(
            reclaim(model),
            RuntimeOrigin::signed(BOB),
            Error::<Test>::ReclaimTooEarly,
        );
        run_to(21);
        assert_ok!(dispatch(reclaim(model), RuntimeOrigin::signed(BOB)));
        assert_eq!(
            Balances::balance_on_hold(&HoldReason::ModelDeposit.into(), &ALICE),
            deposit.manifest
        );
        assert!(!Skeletons::<Test>::contains_key(model));
        assert!(!StepTotals::<Test>::contains_key(model));
        refused(
            reclaim(model),
            RuntimeOrigin::signed(BOB),
            Error::<Test>::NothingToReclaim,
        );
    });
}

#[test]
fn lineage_outlives_the_graph() {
    ExtBuilder::build_and_execute(|| {
        let sample = Sample::greater(ALICE);
        let model = retired(&sample);
        run_to(21);
        assert_ok!(dispatch(reclaim(model), RuntimeOrigin::signed(BOB)));

        assert_eq!(Manifests::<Test>::get(model), Some(sample.manifest.clone()));
        let entry = Models::<Test>::get(model).unwrap();
        assert_eq!(
            (entry.on_chain, entry.state),
            (false, ModelState::Retired { at: 1 })
        );
        let child = Sample::greater(ALICE).version("2").made_from(&[model]).register();
        assert_eq!(Registry::children(&model, 10), vec![child]);
        sample.refused(Error::ModelExists);
    });
}

#[test]
fn a_graph_is_not_reclaimed_before_its_time() {
    ExtBuilder::build_and_execute(|| {
        let model = retired(&Sample::greater(ALICE));
        run_to(20);
        refused(
            reclaim(model),
            RuntimeOrigin::signed(ALICE),
            Error::<Test>::ReclaimTooEarly,
        );
        run_to(21);
        assert_ok!(dispatch(reclaim(model), RuntimeOrigin::signed(ALICE)));
    });
}

#[test]
fn a_flag_does_not_keep_a_graph() {
    ExtBuilder::build_and_execute(|| {
        let model = retired(&Sample::greater(ALICE));
        assert_ok!(dispatch(
            Call::flag {
                model,
                reason: text("late")
            }
            .into(),
            RuntimeOrigin::root()
        ));
        run_to(21);
        assert_ok!(dispatch(reclaim(model), RuntimeOrigin::signed(ALICE)));
        assert_eq!(Models::<Test>::get(model).unwrap().state, ModelState::Flagged);
    });
}

#[test]
fn a_model_in_use_is_not_reclaimed() {
    ExtBuilder::build_and_execute(|| {
        let model = Sample::greater(ALICE).register();
        run_to(100);
        refused(
            reclaim(model),
            RuntimeOrigin::signed(ALICE),
            Error::<Test>::NotRetired,
        );
        assert_ok!(dispatch(
            Call::flag {
                model,
                reason: text("bad")
            }
            .into(),
            RuntimeOrigin::root()
        ));
        refused(
            reclaim(model),
            RuntimeOrigin::signed(ALICE),
            Error::<Test>::NotRetired,
        );
    });
}

#[test]
fn there_is_nothing_to_reclaim_twice_or_off_chain() {
    ExtBuilder::build_and_execute(|| {
        let model = retired(&Sample::greater(ALICE));
        let light = Sample::texts(ALICE).register_without_graph();
        assert_ok!(dispatch(
            Call::retire { model: light }.into(),
            RuntimeOrigin::signed(ALICE)
        ));
        run_to(30);
        assert_ok!(dispatch(reclaim(model), RuntimeOrigin::signed(ALICE)));
        refused(
            reclaim(model),
            RuntimeOrigin::signed(ALICE),
            Error::<Test>::NothingToReclaim,
        );
        refused(
            reclaim(light),
            RuntimeOrigin::signed(ALICE),
            Error::<Test>::NothingToReclaim,
        );
    });
}

#[test]
fn reclaiming_needs_a_signature_and_a_known_model() {
    ExtBuilder::build_and_execute(|| {
        let model = ModelId(Digest::repeat_byte(9));
        refused(reclaim(model), RuntimeOrigin::none(), BadOrigin);
        refused(
            reclaim(model),
            RuntimeOrigin::signed(ALICE),
            Error::<Test>::UnknownModel,
        );
    });
}
