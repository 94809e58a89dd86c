use super::samples::*;
use crate::{mock::*, Call, Error, Event, Flag, Flags, Models};
use frame_support::assert_ok;
use pensum_primitives::{model::ModelState, Digest, ModelId};
use sp_runtime::traits::BadOrigin;

fn flag(model: ModelId) -> RuntimeCall {
    Call::flag {
        model,
        reason: text("trained on leaked data"),
    }
    .into()
}

fn unflag(model: ModelId) -> RuntimeCall {
    Call::unflag { model }.into()
}

#[test]
fn its_publisher_flags_a_model() {
    ExtBuilder::build_and_execute(|| {
        let model = Sample::greater(ALICE).register();
        assert_ok!(dispatch(flag(model), RuntimeOrigin::signed(ALICE)));
        let reason = text("trained on leaked data");
        assert_eq!(Models::<Test>::get(model).unwrap().state, ModelState::Flagged);
        assert_eq!(
            Flags::<Test>::get(model),
            Some(Flag {
                was: ModelState::Active { from: 1 },
                reason: reason.clone()
            })
        );
        System::assert_last_event(
            Event::ModelFlagged {
                model,
                publisher: Some(ALICE),
                reason,
            }
            .into(),
        );
    });
}

#[test]
fn governance_flags_a_model_and_lifts_the_flag() {
    ExtBuilder::build_and_execute(|| {
        let model = Sample::greater(ALICE).register();
        let before = Models::<Test>::get(model);
        assert_ok!(dispatch(flag(model), RuntimeOrigin::root()));
        let reason = text("trained on leaked data");
        System::assert_last_event(
            Event::ModelFlagged {
                model,
                publisher: None,
                reason,
            }
            .into(),
        );

        assert_ok!(dispatch(unflag(model), RuntimeOrigin::root()));
        System::assert_last_event(Event::ModelUnflagged { model }.into());
        assert_eq!(Models::<Test>::get(model), before);
        assert!(!Flags::<Test>::contains_key(model));
    });
}

#[test]
fn a_retired_model_can_be_flagged_and_stays_retired_beneath() {
    ExtBuilder::build_and_execute(|| {
        let model = Sample::greater(ALICE).register();
        assert_ok!(dispatch(
            Call::retire { model }.into(),
            RuntimeOrigin::signed(ALICE)
        ));
        assert_ok!(dispatch(flag(model), RuntimeOrigin::root()));
        assert_eq!(Models::<Test>::get(model).unwrap().state, ModelState::Flagged);
        assert_ok!(dispatch(unflag(model), RuntimeOrigin::root()));
        assert_eq!(
            Models::<Test>::get(model).unwrap().state,
            ModelState::Retired { at: 1 }
        );
    });
}

#[test]
fn nobody_else_flags_or_lifts() {
    ExtBuilder::build_and_execute(|| {
        let model = Sample::greater(ALICE).register();
        refused(
            flag(model),
            RuntimeOrigin::signed(BOB),
            Error::<Test>::NotPublisher,
        );
        refused(flag(model), RuntimeOrigin::none(), BadOrigin);
        assert_ok!(dispatch(flag(model), RuntimeOrigin::signed(ALICE)));
        refused(unflag(model), RuntimeOrigin::signed(ALICE), BadOrigin);
        refused(unflag(model), RuntimeOrigin::none(), BadOrigin);
    });
}

#[test]
fn an_unknown_model_is_neither_flagged_nor_unflagged() {
    ExtBuilder::build_and_execute(|| {
        let model = ModelId(Digest::repeat_byte(9));
        refused(flag(model), RuntimeOrigin::root(), Error::<Test>::UnknownModel);
        refused(unflag(model), RuntimeOrigin::root(), Error::<Test>::UnknownModel);
    });
}

#[test]
fn a_model_is_flagged_and_unflagged_once() {
    ExtBuilder::build_and_execute(|| {
        let model = Sample::greater(ALICE).register();
        refused(unflag(model), RuntimeOrigin::root(), Error::<Test>::NotFlagged);
        assert_ok!(dispatch(flag(model), RuntimeOrigin::root()));
        refused(flag(model), RuntimeOrigin::root(), Error::<Test>::AlreadyFlagged);
        refused(
            flag(model),
            RuntimeOrigin::signed(ALICE),
            Error::<Test>::AlreadyFlagged,
        );
    });
}

#[test]
fn a_reason_must_be_readable() {
    ExtBuilder::build_and_execute(|| {
        let model = Sample::greater(ALICE).register();
        let call = Call::flag {
            model,
            reason: text(""),
        };
        refused(call.into(), RuntimeOrigin::root(), Error::<Test>::TextUnreadable);
        let call = Call::flag {
            model,
            reason: text("\u{1b}[2J"),
        };
        refused(call.into(), RuntimeOrigin::root(), Error::<Test>::TextUnreadable);
    });
}
