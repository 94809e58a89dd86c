use crate::mock::*;
use crate::types::Stage;
use pensum_primitives::{
    operator::{excuse_payload, Refusal},
    panel::PanelVerdict,
    traits::{Panels as _, Summons},
    verdict::Unable,
};
use sp_core::Pair;

#[test]
fn an_excuse_gives_the_seat_back_and_counts_a_little() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        run_for(1);
        let member = members[1];
        let call = excuse_call(member, BATCH, round(BATCH));
        assert_eq!(
            validate(&call).unwrap().provides,
            [tag(b"excuse", member, BATCH, round(BATCH))]
        );
        submit(call).unwrap();
        assert_eq!(Notes::get(), [Told::Released(member, 2, 2 * price(member), true)]);
        assert_eq!(
            events(),
            [Event::SeatExcused {
                batch: BATCH,
                round: round(BATCH),
                member: solver(member),
                reason: Unable::EngineFailed,
            }]
        );
        assert_eq!(crate::mock::members(BATCH), [members[0], members[2]]);
        refused(excuse_call(member, BATCH, round(BATCH)), Refusal::NoSeat);
    });
}

#[test]
fn the_last_to_leave_opens_reveals_when_all_others_have_committed() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        commits(members[0], BATCH, &ballot(&["a", "b"])).unwrap();
        commits(members[2], BATCH, &ballot(&["a", "b"])).unwrap();
        excuses(members[1], BATCH).unwrap();
        assert_eq!(panel(BATCH).stage, Stage::Revealing);
    });
}

#[test]
fn a_panel_too_small_to_decide_ends_its_round_without_fault() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        commits(members[0], BATCH, &ballot(&["a", "b"])).unwrap();
        excuses(members[1], BATCH).unwrap();
        excuses(members[2], BATCH).unwrap();
        run_for(1);
        assert_eq!(panel(BATCH).stage, Stage::Drawing);
        assert_eq!(panel(BATCH).round, 1);
        assert_eq!(
            Notes::get().last().unwrap(),
            &Told::Released(members[0], 2, 2 * price(members[0]), false)
        );
        run_for(1);
        let second = crate::mock::members(BATCH);
        assert_eq!(second.len(), 6);
        assert!(members.iter().all(|former| !second.contains(former)));
    });
}

#[test]
fn whoever_commits_to_a_hopeless_panel_in_the_same_block_loses_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        excuses(members[1], BATCH).unwrap();
        excuses(members[2], BATCH).unwrap();
        commits(members[0], BATCH, &ballot(&["a", "b"])).unwrap();
        assert_eq!(panel(BATCH).stage, Stage::Committing);
        run_for(1);
        assert_eq!(panel(BATCH).stage, Stage::Drawing);
    });
}

#[test]
fn a_panel_that_everybody_leaves_is_inconclusive_after_its_last_round() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(Summons {
            rounds: 1,
            ..summons(BATCH)
        });
        members.iter().for_each(|member| excuses(*member, BATCH).unwrap());
        run_for(1);
        assert!(verdicts()
            .iter()
            .all(|(_, verdict)| *verdict == PanelVerdict::Inconclusive));
        assert!(is_empty());
    });
}

#[test]
fn excuse_fails_when_the_time_to_commit_is_over() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        commits(members[0], BATCH, &ballot(&["a", "b"])).unwrap();
        commits(members[1], BATCH, &ballot(&["a", "b"])).unwrap();
        let calls = [0, 2].map(|member: usize| excuse_call(members[member], BATCH, round(BATCH)));
        run_to(panel(BATCH).until + 1);
        calls.into_iter().for_each(|call| refused(call, Refusal::NoSeat));
    });
}

#[test]
fn excuse_fails_when_the_signature_is_for_another_reason_or_the_key_unknown() {
    ExtBuilder::default().build_and_execute(|| {
        let member = drawn(summons(BATCH))[0];
        let key = operator(member).public();
        let payload = excuse_payload(genesis(), &key, BATCH, round(BATCH), Unable::BlobMissing);
        refused(
            crate::Call::excuse {
                operator: key,
                batch: BATCH,
                round: round(BATCH),
                reason: Unable::EngineFailed,
                signature: operator(member).sign(&payload),
            },
            Refusal::BadSignature,
        );
        refused(excuse_call(77, BATCH, round(BATCH)), Refusal::UnknownOperator);
    });
}

#[test]
fn a_dispatch_without_authorisation_is_refused() {
    use frame_support::{assert_noop, pallet_prelude::DispatchError};
    use sp_runtime::traits::Dispatchable;
    ExtBuilder::default().build_and_execute(|| {
        let member = drawn(summons(BATCH))[0];
        let call = RuntimeCall::from(excuse_call(member, BATCH, round(BATCH)));
        for origin in [RuntimeOrigin::signed(solver(member)), RuntimeOrigin::none()] {
            let refused = call.clone().dispatch(origin).map_err(|error| error.error);
            assert_noop!(refused, DispatchError::BadOrigin);
        }
        Panel::dismiss(BATCH);
        let authorized = frame_system::RawOrigin::Authorized;
        assert_noop!(
            call.dispatch(authorized.into()).map_err(|error| error.error),
            DispatchError::from(Error::NotDue)
        );
    });
}
