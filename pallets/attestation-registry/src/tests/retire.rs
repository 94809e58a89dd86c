use super::samples::*;
use crate::{mock::*, Call, Error, Event, Flag, Flags, Models};
use frame_support::assert_ok;
use pensum_primitives::{model::ModelState, Digest, ModelId};
use sp_runtime::traits::BadOrigin;

fn retire(model: ModelId) -> RuntimeCall {
    Call::retire { model }.into()
}

#[test]
fn a_retired_model_keeps_its_graph_for_open_tasks() {
    ExtBuilder::build_and_execute(|| {
        let model = Sample::greater(ALICE).register();
        run_to(5);
        assert_ok!(dispatch(retire(model), RuntimeOrigin::signed(ALICE)));
        let entry = Models::<Test>::get(model).unwrap();
        assert_eq!(entry.state, ModelState::Retired { at: 5 });
        assert!(entry.on_chain);
        System::assert_last_event(
            Event::ModelRetired {
                model,
                reclaimable_from: 25,
            }
            .into(),
        );
    });
}

#[test]
fn a_model_can_be_retired_before_it_is_active() {
    ExtBuilder::build_and_execute(|| {
        let old = Sample::greater(ALICE).register();
        let model = Sample::greater(ALICE).version("2").replaces(old).register();
        assert_ok!(dispatch(retire(model), RuntimeOrigin::signed(ALICE)));
        assert_eq!(
            Models::<Test>::get(model).unwrap().state,
            ModelState::Retired { at: 1 }
        );
    });
}

#[test]
fn retiring_a_flagged_model_leaves_the_flag() {
    ExtBuilder::build_and_execute(|| {
        let model = Sample::greater(ALICE).register();
        let reason = text("wrong labels");
        assert_ok!(dispatch(
            Call::flag {
                model,
                reason: reason.clone()
            }
            .into(),
            RuntimeOrigin::root()
        ));
        assert_ok!(dispatch(retire(model), RuntimeOrigin::signed(ALICE)));
        assert_eq!(Models::<Test>::get(model).unwrap().state, ModelState::Flagged);
        assert_eq!(
            Flags::<Test>::get(model),
            Some(Flag {
                was: ModelState::Retired { at: 1 },
                reason
            })
        );
        refused(
            retire(model),
            RuntimeOrigin::signed(ALICE),
            Error::<Test>::AlreadyRetired,
        );
    });
}

#[test]
fn only_its_publisher_retires_a_model() {
    ExtBuilder::build_and_execute(|| {
        let model = Sample::greater(ALICE).register();
        refused(
            retire(model),
            RuntimeOrigin::signed(BOB),
            Error::<Test>::NotPublisher,
        );
        refused(retire(model), RuntimeOrigin::root(), BadOrigin);
    });
}

#[test]
fn an_unknown_model_is_not_retired() {
    ExtBuilder::build_and_execute(|| {
        let model = ModelId(Digest::repeat_byte(9));
        refused(
            retire(model),
            RuntimeOrigin::signed(ALICE),
            Error::<Test>::UnknownModel,
        );
    });
}

#[test]
fn a_model_is_retired_once() {
    ExtBuilder::build_and_execute(|| {
        let model = Sample::greater(ALICE).register();
        assert_ok!(dispatch(retire(model), RuntimeOrigin::signed(ALICE)));
        refused(
            retire(model),
            RuntimeOrigin::signed(ALICE),
            Error::<Test>::AlreadyRetired,
        );
    });
}
