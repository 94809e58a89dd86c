//! The work of operators, right and wrong, and how it is sent.

use crate::{
    models::{by_id, bytes_of, Said},
    people::{Actor, ACTORS},
    violation::{Checked, Violation},
    world::{Sent, World},
};
use pallet_solver_staking::Solvers;
use pensum_primitives::{
    operator::{OperatorPair, Work},
    panel::{
        bid_commitment, commitment, Ballot, PanelDuty, Phase, Question, Salt, VOTE_REJECTED, VOTE_STANDS,
    },
    step::{trace_digest, Step},
    task::{Answer, Duty, Input, Output, Trace},
    traits::{AuctionDuty, Audit, Models, Turn},
    Balance, BatchId, Digest, ModelId, TaskId,
};
use pensum_runtime::{configs::operator_call, AttestationRegistry, Runtime, System};
use sp_core::{bounded::BoundedVec, Pair};

/// How true an answer is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Truth {
    /// What the model says.
    Right,
    /// Something else, at the end of the trace only.
    WrongAtEnd,
    /// Something else, from the first node on.
    WrongFromStart,
}

/// What the model says to an input that solvers can read.
pub fn truth(model: &ModelId, input: &Input) -> Option<Said> {
    by_id(model)?.says(&bytes_of(input)?)
}

/// The same lie for everybody: another label, or another last digit.
pub fn lie(output: &Output) -> Output {
    let mut bytes = output.to_vec();
    if let Some(byte) = bytes.first_mut() {
        *byte ^= 1;
    }
    BoundedVec::truncate_from(bytes)
}

/// An answer to a task, as true as told; none where the input cannot be read.
pub fn answer(duty: &Duty, task: TaskId, input: &Input, truthful: Truth) -> Option<Answer> {
    let mut said = truth(&duty.model, input)?;
    if truthful != Truth::Right {
        said.output = lie(&said.output);
        if let Some(last) = said.trace.last_mut() {
            *last = sp_io::hashing::blake2_256(&said.output).into();
        }
        if truthful == Truth::WrongFromStart && said.trace.len() > 1 {
            said.trace[0] = Digest::repeat_byte(0xbb);
        }
    }
    let blob = match input {
        Input::Blob { .. } if duty.blobs => bytes_of(input).map(BoundedVec::truncate_from),
        _ => None,
    };
    Some(Answer {
        task,
        output: said.output,
        blob,
        trace: duty.traced.then_some(said.trace),
    })
}

/// An answer of the right shape to an input that nobody can read.
pub fn made_up(duty: &Duty, task: TaskId, input: &Input) -> Answer {
    let entry = <AttestationRegistry as Models>::entry(&duty.model);
    let output = Output::truncate_from(vec![0; entry.map_or(0, |entry| entry.output_len as usize)]);
    let nodes = <AttestationRegistry as Models>::nodes(&duty.model).unwrap_or(0);
    let mut trace = vec![Digest::zero(); usize::from(nodes)];
    if let Some(last) = trace.last_mut() {
        *last = sp_io::hashing::blake2_256(&output).into();
    }
    let blob = duty.blobs.then(|| bytes_of(input).map(BoundedVec::truncate_from));
    Answer {
        task,
        output,
        blob: blob.flatten().filter(|_| matches!(input, Input::Blob { .. })),
        trace: duty.traced.then(|| BoundedVec::truncate_from(trace)),
    }
}

/// A sheet that answers all tasks of a duty; none where one of them cannot be answered.
pub fn sheet(duty: &Duty, truthful: Truth) -> Option<Vec<Answer>> {
    duty.tasks
        .iter()
        .map(|(task, input)| answer(duty, *task, input, truthful))
        .collect()
}

/// What a member says to each task of its panel.
pub fn ballot(duty: &PanelDuty, truthful: bool) -> Ballot {
    let says = |(place, (_, input)): (usize, &(TaskId, Input))| {
        let said = truth(&duty.model, input)?.output;
        let vote = |stands: bool| match stands {
            true => VOTE_STANDS,
            false => VOTE_REJECTED,
        };
        Some(match (&duty.question, truthful) {
            (Question::Answers(_), true) => said,
            (Question::Answers(_), false) => lie(&said),
            (Question::Stands, _) => {
                let stands = *duty.judged.get(place)? == said;
                BoundedVec::truncate_from(vec![vote(stands == truthful)])
            }
        })
    };
    BoundedVec::truncate_from(duty.tasks.iter().enumerate().map(says).collect())
}

/// The salt of everything that one solver commits to for a batch.
pub fn salt(batch: BatchId) -> Salt {
    sp_io::hashing::blake2_256(&batch.0.to_le_bytes())
}

/// Commits to a ballot, and remembers it.
pub fn commit(world: &mut World, actor: &Actor, duty: &PanelDuty, ballot: Ballot) -> Work {
    let salt = salt(duty.batch);
    let commitment = commitment(duty.batch, duty.round, &actor.stash, &ballot, &salt);
    world.memory.ballots.insert(commitment, (ballot, salt));
    Work::Commit {
        batch: duty.batch,
        round: duty.round,
        commitment,
    }
}

/// Reveals the ballot that was committed to.
pub fn reveal(world: &World, duty: &PanelDuty) -> Option<Work> {
    let Phase::Reveal { commitment } = duty.phase else {
        return None;
    };
    let (ballot, salt) = world.memory.ballots.get(&commitment)?.clone();
    Some(Work::Reveal {
        batch: duty.batch,
        round: duty.round,
        ballot,
        salt,
    })
}

/// Whether the duty is to commit.
pub fn commits(duty: &PanelDuty) -> bool {
    matches!(duty.phase, Phase::Commit)
}

/// Commits to a bid, and remembers it.
pub fn bid(world: &mut World, actor: &Actor, batch: BatchId, round: u8, price: Balance) -> Work {
    let salt = salt(batch);
    let commitment = bid_commitment(batch, round, &actor.stash, price, &salt);
    world.memory.bids.insert(commitment, (price, salt));
    Work::Bid {
        batch,
        round,
        commitment,
    }
}

/// Reveals the bid that was committed to.
pub fn reveal_bid(world: &World, duty: &AuctionDuty) -> Option<Work> {
    let Turn::Reveal { commitment } = duty.turn else {
        return None;
    };
    let (price, salt) = *world.memory.bids.get(&commitment)?;
    Some(Work::RevealBid {
        batch: duty.batch,
        round: duty.round,
        price,
        salt,
    })
}

/// Opens an audited node with the trace that the answer brought, as far as the true model can.
pub fn open(world: &World, audit: &Audit) -> Option<Work> {
    Some(Work::Open {
        task: audit.task,
        trace: world.memory.traces.get(&audit.task)?.clone(),
        step: step(&audit.model, &audit.input, audit.node)?,
    })
}

/// What executing a node takes.
pub fn step(model: &ModelId, input: &Input, node: u16) -> Option<Step> {
    by_id(model)?.step(&bytes_of(input)?, node)
}

/// The first node at which a trace is not the model's.
pub fn first_wrong(model: &ModelId, input: &Input, trace: &Trace) -> Option<u16> {
    let said = truth(model, input)?;
    let place = said
        .trace
        .iter()
        .zip(trace)
        .position(|(right, told)| right != told)?;
    u16::try_from(place).ok()
}

/// The key that a solver uses now: its own, or a spare one.
pub fn key(actor: &Actor) -> &OperatorPair {
    let used = Solvers::<Runtime>::get(&actor.stash).map(|solver| solver.operator);
    let keys = ACTORS.iter().map(|other| &other.pair);
    keys.into_iter()
        .find(|key| used.as_ref() == Some(&key.public()))
        .unwrap_or(&actor.pair)
}

/// Signs the work with a solver's key and sends it.
pub fn send(world: &mut World, actor: &Actor, work: Work) -> Checked<Sent> {
    send_with(world, actor, key(actor), work)
}

/// Sends work in a solver's name, signed with any key.
pub fn send_with(world: &mut World, actor: &Actor, signer: &OperatorPair, work: Work) -> Checked<Sent> {
    let operator = key(actor).public();
    let signature = signer.sign(&work.payload(System::block_hash(0), &operator));
    let brings = match &work {
        Work::Answer(answers) => answers
            .iter()
            .filter_map(|answer| Some((answer.task, answer.trace.clone()?)))
            .collect(),
        _ => Vec::new(),
    };
    let call = match operator_call(operator, work, signature) {
        Ok(call) => call,
        Err(error) => return Err(Violation(format!("no call carries this work: {error:?}"))),
    };
    let sent = world.authorised(call)?;
    if sent == Sent::Included {
        world.memory.traces.extend(brings);
    }
    Ok(sent)
}

/// Whether the trace that is remembered for a task is the one that was claimed.
pub fn remembers(world: &World, task: TaskId, claimed: &Digest) -> bool {
    let trace = world.memory.traces.get(&task);
    trace.is_some_and(|trace| trace_digest(trace) == *claimed)
}
