use crate::mock::*;
use pensum_primitives::{
    operator::{reveal_payload, Refusal},
    panel::commitment,
};
use sp_core::Pair;

#[test]
fn a_reveal_is_noted_and_counts_from_the_next_block_on() {
    ExtBuilder::default().build_and_execute(|| {
        let (members, answers) = unanimous();
        run_for(1);
        reveals(members[0], BATCH, &answers).unwrap();
        let revealed = Event::BallotRevealed {
            batch: BATCH,
            round: round(BATCH),
            member: solver(members[0]),
        };
        assert_eq!(events(), [revealed]);
        assert_eq!(
            panel(BATCH).due,
            panel(BATCH).until + 1,
            "one of three decides nothing"
        );
        reveals(members[1], BATCH, &answers).unwrap();
        assert_eq!(panel(BATCH).due, now() + 1);
        assert!(Verdicts::get().is_empty());
        run_for(1);
        assert_eq!(verdicts().len(), 2);
    });
}

#[test]
fn reveal_fails_before_commitments_are_closed() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        let answers = ballot(&["a", "b"]);
        let call = reveal_call(members[0], BATCH, round(BATCH), &answers, salt(members[0]));
        refused(call.clone(), Refusal::NoSeat);
        commits(members[0], BATCH, &answers).unwrap();
        commits(members[1], BATCH, &answers).unwrap();
        refused(call.clone(), Refusal::NoSeat);
        commits(members[2], BATCH, &answers).unwrap();
        submit(call).unwrap();
    });
}

#[test]
fn reveal_fails_when_ballot_or_salt_are_not_what_was_committed() {
    ExtBuilder::default().build_and_execute(|| {
        let (members, answers) = unanimous();
        let (member, round) = (members[0], round(BATCH));
        for call in [
            reveal_call(member, BATCH, round, &ballot(&["a", "c"]), salt(member)),
            reveal_call(member, BATCH, round, &ballot(&["a", "-"]), salt(member)),
            reveal_call(member, BATCH, round, &answers, salt(members[1])),
        ] {
            refused(call, Refusal::CommitmentMismatch);
        }
    });
}

#[test]
fn reveal_fails_when_the_ballot_is_not_for_the_tasks_of_the_round() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        let (short, long) = (ballot(&["a"]), ballot(&["a", "b", "c"]));
        commits(members[0], BATCH, &short).unwrap();
        commits(members[1], BATCH, &long).unwrap();
        commits(members[2], BATCH, &ballot(&["a", "b"])).unwrap();
        for (member, ballot) in [(members[0], short), (members[1], long)] {
            refused(
                reveal_call(member, BATCH, round(BATCH), &ballot, salt(member)),
                Refusal::Malformed,
            );
        }
    });
}

#[test]
fn reveal_fails_when_it_is_done_already_or_too_late() {
    ExtBuilder::default().build_and_execute(|| {
        let (members, answers) = unanimous();
        let call = |member: usize| {
            reveal_call(
                members[member],
                BATCH,
                round(BATCH),
                &answers,
                salt(members[member]),
            )
        };
        submit(call(0)).unwrap();
        refused(call(0), Refusal::AlreadyDone);
        run_to(panel(BATCH).until);
        let late = call(2);
        submit(call(1)).unwrap();
        run_for(1);
        refused(late, Refusal::NoSeat);
    });
}

#[test]
fn reveal_fails_when_the_signature_is_of_another_key() {
    ExtBuilder::default().build_and_execute(|| {
        let (members, answers) = unanimous();
        let (key, round) = (operator(members[0]).public(), round(BATCH));
        let payload = reveal_payload(genesis(), &key, BATCH, round, &answers, &salt(members[0]));
        let signature = operator(members[1]).sign(&payload);
        refused(
            crate::Call::reveal {
                operator: key,
                batch: BATCH,
                round,
                ballot: answers,
                salt: salt(members[0]),
                signature,
            },
            Refusal::BadSignature,
        );
    });
}

#[test]
fn reveal_fails_when_the_seat_was_lost_for_not_committing() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        let answers = ballot(&["a", "b"]);
        commits(members[0], BATCH, &answers).unwrap();
        commits(members[1], BATCH, &answers).unwrap();
        run_to(panel(BATCH).until + 1);
        let member = members[2];
        let call = reveal_call(member, BATCH, round(BATCH), &answers, salt(member));
        refused(call, Refusal::NoSeat);
        assert_ne!(
            commitment(BATCH, round(BATCH), &solver(member), &answers, &salt(member)),
            sealed(members[0], BATCH, &answers)
        );
    });
}

#[test]
fn withholding_costs_the_seat_and_changes_nothing_that_the_others_agree_on() {
    ExtBuilder::default().build_and_execute(|| {
        let (members, answers) = unanimous();
        for member in &members[..2] {
            reveals(*member, BATCH, &answers).unwrap();
        }
        run_to(panel(BATCH).until + 1);
        assert_eq!(verdicts().len(), 2);
        let fault = pensum_primitives::solver::Fault::Unrevealed;
        let silent = members[2];
        assert_eq!(
            Notes::get().last().unwrap(),
            &Told::Fault(silent, fault, 2, 2 * price(silent), BATCH.task(0))
        );
    });
}

#[test]
fn withholding_the_deciding_ballot_only_brings_a_larger_round() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        let ballots = [
            (members[0], ballot(&["a", "a"])),
            (members[1], ballot(&["b", "b"])),
            (members[2], ballot(&["a", "a"])),
        ];
        all_commit(BATCH, &ballots);
        all_reveal(BATCH, &ballots[..2]);
        run_to(panel(BATCH).until + 1);
        // Nobody differs where nothing is decided, and the silent one pays for its silence.
        let faults: Vec<_> = Notes::get()
            .into_iter()
            .filter(|told| matches!(told, Told::Fault(..)))
            .collect();
        let fault = pensum_primitives::solver::Fault::Unrevealed;
        let silent = members[2];
        assert_eq!(
            faults,
            [Told::Fault(silent, fault, 2, 2 * price(silent), BATCH.task(0))]
        );
        run_for(1);
        assert_eq!((panel(BATCH).round, panel(BATCH).count()), (1, 6));
    });
}
