use crate::mock::*;
use frame_support::dispatch::{DispatchClass, GetDispatchInfo, Pays};
use pensum_primitives::{
    operator::{commit_payload, Refusal},
    traits::Panels as _,
    BatchId, Digest,
};
use sp_core::Pair;

const SOME: Digest = Digest::repeat_byte(9);

#[test]
fn a_commitment_is_free_operational_and_valid_until_its_last_block() {
    ExtBuilder::default().build_and_execute(|| {
        let member = drawn(summons(BATCH))[0];
        run_for(2);
        let call = commit_call(member, BATCH, round(BATCH), SOME);
        let valid = validate(&call).unwrap();
        assert_eq!(valid.priority, Priority::get());
        assert_eq!(valid.longevity, u64::from(CommitWindow::get() - 2));
        assert_eq!(valid.provides, [tag(b"commit", member, BATCH, round(BATCH))]);
        assert!(valid.requires.is_empty() && valid.propagate);
        let info = RuntimeCall::from(call).get_dispatch_info();
        assert_eq!(
            (info.class, info.pays_fee),
            (DispatchClass::Operational, Pays::No)
        );
    });
}

#[test]
fn the_last_commitment_opens_reveals_in_the_same_block() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        run_for(2);
        commits(members[0], BATCH, &ballot(&["a", "b"])).unwrap();
        commits(members[1], BATCH, &ballot(&["a", "b"])).unwrap();
        assert_eq!(panel(BATCH).stage, crate::types::Stage::Committing);
        commits(members[2], BATCH, &ballot(&["a", "b"])).unwrap();
        let until = now() + RevealWindow::get();
        assert_eq!(
            events().last().unwrap(),
            &Event::RevealsOpened {
                batch: BATCH,
                round: round(BATCH),
                members: 3,
                until
            }
        );
        assert_eq!((panel(BATCH).until, panel(BATCH).due), (until, until + 1));
        reveals(members[0], BATCH, &ballot(&["a", "b"])).unwrap();
    });
}

#[test]
fn a_commitment_counts_in_its_last_block_and_not_after_it() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        let call = |member: usize| commit_call(members[member], BATCH, round(BATCH), SOME);
        run_to(panel(BATCH).until);
        submit(call(0)).unwrap();
        submit(call(1)).unwrap();
        let late = call(2);
        run_for(1);
        assert_eq!(panel(BATCH).stage, crate::types::Stage::Revealing);
        refused(late, Refusal::NoSeat);
    });
}

#[test]
fn commit_fails_when_the_chain_is_behind_and_its_time_has_passed() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        let late = commit_call(members[0], BATCH, round(BATCH), SOME);
        System::set_block_number(panel(BATCH).until + 1);
        refused(late, Refusal::TooLate);
        System::set_block_number(panel(BATCH).until);
    });
}

#[test]
fn commit_fails_when_it_is_done_already() {
    ExtBuilder::default().build_and_execute(|| {
        let member = drawn(summons(BATCH))[0];
        commits(member, BATCH, &ballot(&["a", "b"])).unwrap();
        refused(
            commit_call(member, BATCH, round(BATCH), SOME),
            Refusal::AlreadyDone,
        );
        refused(excuse_call(member, BATCH, round(BATCH)), Refusal::AlreadyDone);
    });
}

#[test]
fn commit_fails_when_the_solver_has_no_seat() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        let outsider = (1..=12).find(|number| !members.contains(number)).unwrap();
        refused(commit_call(outsider, BATCH, round(BATCH), SOME), Refusal::NoSeat);
        refused(
            commit_call(members[0], BatchId(8), round(BATCH), SOME),
            Refusal::NoSeat,
        );
        refused(
            commit_call(77, BATCH, round(BATCH), SOME),
            Refusal::UnknownOperator,
        );
    });
}

#[test]
fn commit_fails_when_the_round_is_another() {
    ExtBuilder::default().build_and_execute(|| {
        let member = drawn(summons(BATCH))[0];
        refused(
            commit_call(member, BATCH, round(BATCH) - 1, SOME),
            Refusal::NoSeat,
        );
    });
}

#[test]
fn commit_fails_when_the_signature_is_of_another_key_content_or_chain() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        let key = operator(members[0]).public();
        let round = round(BATCH);
        let payload = commit_payload(genesis(), &key, BATCH, round, SOME);
        let elsewhere = commit_payload(SOME, &key, BATCH, round, SOME);
        let other = commit_payload(genesis(), &key, BATCH, round, Digest::zero());
        for signature in [
            operator(members[1]).sign(&payload),
            operator(members[0]).sign(&elsewhere),
            operator(members[0]).sign(&other),
        ] {
            refused(
                crate::Call::commit {
                    operator: key.clone(),
                    batch: BATCH,
                    round,
                    commitment: SOME,
                    signature,
                },
                Refusal::BadSignature,
            );
        }
    });
}

#[test]
fn nobody_commits_before_the_draw() {
    ExtBuilder::default().build_and_execute(|| {
        Panel::summon(summons(BATCH)).unwrap();
        refused(commit_call(1, BATCH, 0, SOME), Refusal::NoSeat);
    });
}

#[test]
fn whoever_does_not_commit_in_time_is_at_fault_and_the_others_go_on() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        let answers = ballot(&["a", "b"]);
        commits(members[0], BATCH, &answers).unwrap();
        commits(members[1], BATCH, &answers).unwrap();
        run_to(panel(BATCH).until + 1);
        let idle = members[2];
        let fault = pensum_primitives::solver::Fault::TimedOut;
        assert_eq!(
            Notes::get(),
            [Told::Fault(idle, fault, 2, 2 * price(idle), BATCH.task(0))]
        );
        assert_eq!(
            events()[0],
            Event::SeatForfeited {
                batch: BATCH,
                round: round(BATCH),
                member: solver(idle),
                fault,
                tasks: 2,
                slash: Some(pensum_primitives::SlashId(idle.into())),
            }
        );
        assert_eq!(crate::mock::members(BATCH), members[..2]);
        all_reveal(BATCH, &[(members[0], answers.clone()), (members[1], answers)]);
        run_for(1);
        assert_eq!(verdicts().len(), 2);
    });
}
