use super::samples::*;
use crate::{mock::*, Call, Error, Models};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{traits::Models as _, Digest, ModelId};

fn flag(model: ModelId) {
    assert_ok!(dispatch(
        Call::flag {
            model,
            reason: text("doubtful")
        }
        .into(),
        RuntimeOrigin::root()
    ));
}

fn retire(model: ModelId) {
    assert_ok!(dispatch(
        Call::retire { model }.into(),
        RuntimeOrigin::signed(ALICE)
    ));
}

#[test]
fn a_first_version_is_usable_at_once() {
    ExtBuilder::build_and_execute(|| {
        let model = Sample::greater(ALICE).register();
        let entry = Models::<Test>::get(model).unwrap();
        assert_eq!(Registry::usable(&model, false), Ok(entry.clone()));
        assert_eq!(Registry::entry(&model), Some(entry));
    });
}

#[test]
fn an_unknown_model_is_not_usable() {
    ExtBuilder::build_and_execute(|| {
        let model = ModelId(Digest::repeat_byte(9));
        assert_noop!(Registry::usable(&model, true), Error::<Test>::UnknownModel);
        assert_eq!(Registry::entry(&model), None);
    });
}

#[test]
fn a_new_version_is_usable_after_its_delay() {
    ExtBuilder::build_and_execute(|| {
        let old = Sample::greater(ALICE).register();
        let new = Sample::greater(ALICE).version("2").replaces(old).register();
        run_to(10);
        assert_noop!(Registry::usable(&new, false), Error::<Test>::ModelNotYetActive);
        run_to(11);
        assert_ok!(Registry::usable(&new, false));
        assert_ok!(Registry::usable(&old, false));
    });
}

#[test]
fn a_flagged_model_is_usable_only_where_flags_are_allowed() {
    ExtBuilder::build_and_execute(|| {
        let model = Sample::greater(ALICE).register();
        flag(model);
        assert_noop!(Registry::usable(&model, false), Error::<Test>::ModelFlagged);
        assert_ok!(Registry::usable(&model, true));
    });
}

#[test]
fn allowing_flags_shortens_no_delay_and_revives_no_model() {
    ExtBuilder::build_and_execute(|| {
        let old = Sample::greater(ALICE).register();
        let new = Sample::greater(ALICE).version("2").replaces(old).register();
        flag(new);
        assert_noop!(Registry::usable(&new, true), Error::<Test>::ModelNotYetActive);
        retire(old);
        flag(old);
        assert_noop!(Registry::usable(&old, true), Error::<Test>::ModelRetired);
        assert_noop!(Registry::usable(&old, false), Error::<Test>::ModelFlagged);
    });
}

#[test]
fn a_retired_model_is_not_usable_but_still_answers_what_it_is() {
    ExtBuilder::build_and_execute(|| {
        let model = Sample::greater(ALICE).register();
        retire(model);
        assert_noop!(Registry::usable(&model, true), Error::<Test>::ModelRetired);
        assert_eq!(Registry::entry(&model), Models::<Test>::get(model));
    });
}
