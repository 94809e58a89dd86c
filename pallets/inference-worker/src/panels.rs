//! Seats on panels: what to run, what to commit to, what to reveal.

use crate::{
    dispatch::Wanted,
    journal::{self, Sent},
    secrets::{salt, Name, Secret, Secrets},
    wire::Progress,
    LOG_TARGET,
};
use alloc::{collections::BTreeMap, vec::Vec};
use codec::Encode;
use pensum_primitives::{
    operator::Work,
    panel::{commitment, Ballot, PanelDuty, Phase, Question, VOTE_REJECTED, VOTE_STANDS},
    task::Output,
    verdict::Unable,
    AccountId, BlockNumber, TaskId,
};

/// When fewer blocks than this remain, what has not run by now counts as not answered: a ballot with gaps is no fault, a
/// missing commitment is.
const COMMIT_BEFORE: BlockNumber = 3;

/// The name under which a seat's ballot is kept.
fn name(duty: &PanelDuty) -> Name {
    let about = (duty.weights, &duty.question, &duty.tasks, &duty.judged);
    Name {
        batch: duty.batch,
        round: duty.round,
        about: sp_io::hashing::blake2_256(&about.encode()).into(),
    }
}

/// What is noted when the duty is done.
pub(crate) fn noted(duty: &PanelDuty) -> journal::Name {
    match duty.phase {
        Phase::Commit => journal::Name::Commit(duty.batch, duty.round),
        Phase::Reveal { .. } => journal::Name::Reveal(duty.batch, duty.round),
    }
}

fn is_due(duty: &PanelDuty, sent: &Sent, now: BlockNumber) -> bool {
    duty.until > now && !sent.is_on_its_way(noted(duty), now, duty.until)
}

/// The runs to ask for: those of seats whose ballot is not made yet.
pub(crate) fn wanted<'a>(
    duties: &'a [PanelDuty],
    secrets: &Secrets,
    sent: &Sent,
    now: BlockNumber,
) -> Vec<Wanted<'a>> {
    duties
        .iter()
        .filter(|duty| {
            duty.phase == Phase::Commit && is_due(duty, sent, now) && secrets.get(&name(duty)).is_none()
        })
        .flat_map(|duty| {
            duty.tasks.iter().map(|(task, input)| Wanted {
                task: *task,
                weights: duty.weights,
                input,
                traced: false,
            })
        })
        .collect()
}

/// What is to be sent for the solver's seats.
pub(crate) fn plan(
    duties: &[PanelDuty],
    solver: &AccountId,
    progress: &mut BTreeMap<TaskId, Progress>,
    secrets: &Secrets,
    sent: &Sent,
    now: BlockNumber,
) -> Vec<Work> {
    duties
        .iter()
        .filter(|duty| is_due(duty, sent, now))
        .filter_map(|duty| match duty.phase {
            Phase::Commit => commit(duty, solver, progress, secrets, now),
            Phase::Reveal { commitment } => reveal(duty, solver, commitment, secrets),
        })
        .collect()
}

fn commit(
    duty: &PanelDuty,
    solver: &AccountId,
    progress: &mut BTreeMap<TaskId, Progress>,
    secrets: &Secrets,
    now: BlockNumber,
) -> Option<Work> {
    let PanelDuty { batch, round, .. } = *duty;
    let name = name(duty);
    let (ballot, salt) = match secrets.get(&name) {
        Some(Secret::Ballot(ballot, salt)) => (ballot, salt),
        _ => match ballot(duty, progress, now)? {
            Err(reason) => return Some(Work::Excuse { batch, round, reason }),
            Ok(ballot) => {
                let salt = salt();
                secrets.put(&name, &Secret::Ballot(ballot.clone(), salt), now);
                (ballot, salt)
            }
        },
    };
    Some(Work::Commit {
        batch,
        round,
        commitment: commitment(batch, round, solver, &ballot, &salt),
    })
}

/// The ballot, or why there is none; nothing while it is worth waiting.
fn ballot(
    duty: &PanelDuty,
    progress: &mut BTreeMap<TaskId, Progress>,
    now: BlockNumber,
) -> Option<Result<Ballot, Unable>> {
    let hurry = duty.until.saturating_sub(now) < COMMIT_BEFORE;
    let mut answers = Vec::new();
    let mut failed = Unable::EngineFailed;
    for (place, (task, _)) in duty.tasks.iter().enumerate() {
        answers.push(match progress.remove(task) {
            Some(Progress::Done { output, .. }) => vote(duty, place, output),
            Some(Progress::Failed(reason)) if hurry || reason != Unable::EngineFailed => {
                failed = reason;
                None
            }
            _ if hurry => None,
            _ => return None,
        });
    }
    if answers.iter().all(Option::is_none) {
        return Some(Err(failed));
    }
    Ballot::try_from(answers).ok().map(Ok)
}

/// What the member says about a task: the model's answer, or as a juror whether the judged answer is the model's.
fn vote(duty: &PanelDuty, place: usize, output: Output) -> Option<Output> {
    match duty.question {
        Question::Answers(_) => Some(output),
        Question::Stands => {
            let judged = duty.judged.get(place)?;
            let vote = if *judged == output {
                VOTE_STANDS
            } else {
                VOTE_REJECTED
            };
            Output::try_from([vote].to_vec()).ok()
        }
    }
}

/// Finds what was committed by the commitment and not by the tasks: those of a panel that has decided may be gone already, and
/// still whoever is late must reveal.
fn reveal(
    duty: &PanelDuty,
    solver: &AccountId,
    committed: pensum_primitives::Digest,
    secrets: &Secrets,
) -> Option<Work> {
    let PanelDuty { batch, round, .. } = *duty;
    let work = secrets.of_round(batch, round).find_map(|secret| match secret {
        Secret::Ballot(ballot, salt) if commitment(batch, round, solver, &ballot, &salt) == committed => {
            Some(Work::Reveal {
                batch,
                round,
                ballot,
                salt,
            })
        }
        _ => None,
    });
    if work.is_none() {
        log::error!(target: LOG_TARGET, "cannot reveal: batch={batch} round={round} this node's storage does not hold what was committed; restore the node's database");
    }
    work
}
