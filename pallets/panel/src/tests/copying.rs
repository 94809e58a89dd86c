//! A member that runs no model, watches the chain and the transaction pool, and tries to be paid for what others worked out.

use crate::mock::*;
use pensum_primitives::{
    operator::Refusal,
    panel::{Ballot, PanelVerdict},
    traits::Panels as _,
    BatchId,
};

/// Two honest members and the one that watches.
struct Scene {
    honest: [u8; 2],
    watcher: u8,
    truth: Ballot,
}

fn scene() -> Scene {
    let members = drawn(summons(BATCH));
    Scene {
        honest: [members[0], members[1]],
        watcher: members[2],
        truth: ballot(&["the truth", "and more"]),
    }
}

impl Scene {
    fn honest_commit(&self) {
        for number in self.honest {
            commits(number, BATCH, &self.truth).unwrap();
        }
    }

    /// Everything that the honest reveal is public from here on.
    fn honest_reveal(&self) {
        for number in self.honest {
            reveals(number, BATCH, &self.truth).unwrap();
        }
    }

    /// Whether the watcher is paid for any task.
    fn watcher_is_paid(&self) -> bool {
        verdicts().iter().any(|(_, verdict)| match verdict {
            PanelVerdict::Agreed { members, .. } => {
                members.iter().any(|(member, _)| *member == solver(self.watcher))
            }
            PanelVerdict::Inconclusive => false,
        })
    }
}

#[test]
fn a_commitment_hides_the_ballot_and_says_nothing_by_being_equal() {
    ExtBuilder::default().build_and_execute(|| {
        let scene = scene();
        let [one, two] = scene.honest.map(|number| sealed(number, BATCH, &scene.truth));
        assert_ne!(one, two, "even with the same ballot and salt");
        let same_salt = pensum_primitives::panel::commitment(
            BATCH,
            round(BATCH),
            &solver(scene.honest[1]),
            &scene.truth,
            &salt(scene.honest[0]),
        );
        assert_ne!(one, same_salt);
    });
}

#[test]
fn a_copied_commitment_cannot_be_opened_even_with_its_ballot_and_salt() {
    ExtBuilder::default().build_and_execute(|| {
        let scene = scene();
        scene.honest_commit();
        // It is on chain for everybody to see.
        let copied = sealed(scene.honest[0], BATCH, &scene.truth);
        submit(commit_call(scene.watcher, BATCH, round(BATCH), copied)).unwrap();
        scene.honest_reveal();
        // And so are now the ballot and the salt that open it for its author, and for nobody else.
        let stolen = salt(scene.honest[0]);
        refused(
            reveal_call(scene.watcher, BATCH, round(BATCH), &scene.truth, stolen),
            Refusal::CommitmentMismatch,
        );
        run_to(panel(BATCH).until + 2);
        assert!(!scene.watcher_is_paid());
        let fault = pensum_primitives::solver::Fault::Unrevealed;
        let paid = 2 * price(scene.watcher);
        assert!(Notes::get().contains(&Told::Fault(scene.watcher, fault, 2, paid, BATCH.task(0))));
    });
}

#[test]
fn waiting_for_the_others_to_reveal_is_waiting_too_long() {
    ExtBuilder::default().build_and_execute(|| {
        let scene = scene();
        scene.honest_commit();
        // As long as it could still commit, nobody else can reveal.
        while panel(BATCH).stage == crate::types::Stage::Committing {
            for number in scene.honest {
                refused(
                    reveal_call(number, BATCH, round(BATCH), &scene.truth, salt(number)),
                    Refusal::NoSeat,
                );
            }
            run_for(1);
        }
        // And once they can, it cannot commit, not even in the same block.
        scene.honest_reveal();
        let late = commit_call(
            scene.watcher,
            BATCH,
            round(BATCH),
            sealed(scene.watcher, BATCH, &scene.truth),
        );
        refused(late, Refusal::NoSeat);
        run_for(1);
        assert!(!scene.watcher_is_paid());
        let fault = pensum_primitives::solver::Fault::TimedOut;
        let paid = 2 * price(scene.watcher);
        assert!(Notes::get().contains(&Told::Fault(scene.watcher, fault, 2, paid, BATCH.task(0))));
    });
}

#[test]
fn a_commitment_cannot_be_changed_once_others_have_revealed() {
    ExtBuilder::default().build_and_execute(|| {
        let scene = scene();
        commits(scene.watcher, BATCH, &ballot(&["a guess", "-"])).unwrap();
        let better = sealed(scene.watcher, BATCH, &scene.truth);
        let change = commit_call(scene.watcher, BATCH, round(BATCH), better);
        refused(change.clone(), Refusal::AlreadyDone);
        scene.honest_commit();
        scene.honest_reveal();
        refused(change, Refusal::NoSeat);
        let call = reveal_call(
            scene.watcher,
            BATCH,
            round(BATCH),
            &scene.truth,
            salt(scene.watcher),
        );
        refused(call, Refusal::CommitmentMismatch);
    });
}

#[test]
fn a_reveal_of_another_member_cannot_be_replayed_under_ones_own_name() {
    ExtBuilder::default().build_and_execute(|| {
        let scene = scene();
        scene.honest_commit();
        commits(scene.watcher, BATCH, &ballot(&["a guess", "-"])).unwrap();
        let theirs = reveal_call(
            scene.honest[0],
            BATCH,
            round(BATCH),
            &scene.truth,
            salt(scene.honest[0]),
        );
        submit(theirs.clone()).unwrap();
        // Once more, word by word.
        refused(theirs.clone(), Refusal::AlreadyDone);
        // With one's own key in it.
        let crate::Call::reveal {
            batch,
            round,
            ballot,
            salt,
            signature,
            ..
        } = theirs
        else {
            panic!("another call than was made")
        };
        let operator = {
            use sp_core::Pair;
            operator(scene.watcher).public()
        };
        refused(
            crate::Call::reveal {
                operator,
                batch,
                round,
                ballot,
                salt,
                signature,
            },
            Refusal::CommitmentMismatch,
        );
    });
}

#[test]
fn silence_after_seeing_the_majority_is_no_way_out() {
    ExtBuilder::default().build_and_execute(|| {
        let scene = scene();
        scene.honest_commit();
        commits(scene.watcher, BATCH, &ballot(&["a lie", "a lie"])).unwrap();
        scene.honest_reveal();
        run_for(1);
        // The verdict is given without it, and still it must reveal: a lie costs as much as before, silence not less.
        assert_eq!(verdicts().len(), 2);
        assert_eq!(crate::mock::members(BATCH), [scene.watcher]);
        run_to(panel(BATCH).until + 1);
        let fault = pensum_primitives::solver::Fault::Unrevealed;
        let paid = 2 * price(scene.watcher);
        assert!(Notes::get().contains(&Told::Fault(scene.watcher, fault, 2, paid, BATCH.task(0))));
    });
}

#[test]
fn nothing_signed_for_one_panel_is_worth_anything_in_another_of_the_same_batch() {
    ExtBuilder::default().solvers(3).build_and_execute(|| {
        let members = drawn(summons(BATCH));
        let truth = ballot(&["the truth", "and more"]);
        let commitments: Vec<_> = members
            .iter()
            .map(|number| commit_call(*number, BATCH, round(BATCH), sealed(*number, BATCH, &truth)))
            .collect();
        let reveals: Vec<_> = members
            .iter()
            .map(|number| reveal_call(*number, BATCH, round(BATCH), &truth, salt(*number)))
            .collect();
        for call in commitments.iter().chain(&reveals) {
            submit(call.clone()).unwrap();
        }
        run_for(1);
        // The same batch is judged again, by the same members, in its first round as before.
        assert_eq!(drawn(summons(BATCH)), members);
        assert_eq!(panel(BATCH).round, 0);
        for call in commitments.into_iter().chain(reveals) {
            refused(call, Refusal::NoSeat);
        }
        Panel::dismiss(BATCH);
    });
}

#[test]
fn a_commitment_of_one_batch_cannot_be_opened_in_another() {
    ExtBuilder::default().solvers(3).build_and_execute(|| {
        let other = BatchId(8);
        Panel::summon(summons(other)).unwrap();
        let members = drawn(summons(BATCH));
        let truth = ballot(&["the truth", "and more"]);
        for number in &members {
            commits(*number, BATCH, &truth).unwrap();
            let copied = sealed(*number, BATCH, &truth);
            submit(commit_call(*number, other, round(other), copied)).unwrap();
        }
        for number in members {
            refused(
                reveal_call(number, other, round(other), &truth, salt(number)),
                Refusal::CommitmentMismatch,
            );
        }
    });
}
