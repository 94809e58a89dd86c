//! The plan: from duties and the state of their runs to what is asked for, answered and declined. Pure functions.

use crate::{journal::Sent, wire::Progress};
use alloc::{collections::BTreeMap, vec::Vec};
use codec::Encode;
use pensum_primitives::{
    ids::MAX_BATCH,
    task::{Answer, Duty, Inline, Input},
    verdict::Unable,
    BatchId, BlockNumber, Digest, ModelId, TaskId,
};

/// When fewer blocks than this remain, trouble that might pass by itself (engine down, gateway unreachable) is no longer
/// waited for: a refusal in time costs little, a missed deadline a slash.
pub(crate) const DECLINE_BEFORE: BlockNumber = 3;
/// Most sheets at one block and operator: at about a millisecond each for signature and pool, a quarter of a slot.
const MAX_SHEETS: usize = 256;
/// Most bytes of answers to different batches in one sheet: a fraction of the five megabytes that a block can have.
const MAX_SHARED_BYTES: usize = 256 * 1024;

/// A task whose run is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) task: TaskId,
    pub(crate) weights: Digest,
    pub(crate) input: &'a Input,
    pub(crate) traced: bool,
}

/// What is to be sent.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Plan {
    /// Answers, in sheets of one model each and in ascending order of task; the sheet with the soonest deadline first.
    pub(crate) sheets: Vec<Vec<Answer>>,
    /// Batches to give back.
    pub(crate) declines: Vec<(BatchId, Unable)>,
}

/// The runs to ask for, those with the soonest deadline first.
pub(crate) fn wanted<'a>(duties: &'a [Duty], sent: &Sent, now: BlockNumber) -> Vec<Wanted<'a>> {
    let mut open: Vec<_> = duties.iter().filter(|duty| is_open(duty, sent, now)).collect();
    open.sort_by_key(|duty| duty.answer_by);
    let tasks = open.into_iter().flat_map(|duty| {
        let due = duty
            .tasks
            .iter()
            .filter(|(task, _)| !sent.answer_is_on_its_way(*task, now, duty.answer_by));
        due.map(|(task, input)| Wanted {
            task: *task,
            weights: duty.weights,
            input,
            traced: duty.traced,
        })
    });
    tasks.collect()
}

/// What is to be sent, given how far the runs are. A task without progress is one that was not asked for.
pub(crate) fn plan(
    duties: &[Duty],
    progress: &mut BTreeMap<TaskId, Progress>,
    sent: &Sent,
    now: BlockNumber,
) -> Plan {
    let mut groups = Vec::new();
    let mut declines = Vec::new();
    for duty in duties.iter().filter(|duty| is_open(duty, sent, now)) {
        let left = duty.answer_by.saturating_sub(now);
        let mut batch = Standing::default();
        let mut answers = Vec::new();
        for (task, input) in &duty.tasks {
            if sent.answer_is_on_its_way(*task, now, duty.answer_by) {
                batch.on_their_way = true;
                continue;
            }
            match judge(progress.remove(task), input, duty) {
                Progress::Pending => batch.pending = true,
                Progress::Failed(Unable::EngineFailed) => batch.in_trouble = true,
                Progress::Failed(reason) => batch.failed = batch.failed.or(Some(reason)),
                Progress::Done { output, blob, trace } => answers.push(Answer {
                    task: *task,
                    output,
                    blob,
                    trace,
                }),
            }
        }
        batch.answering = batch.is_worth_a_sheet(duty, answers.len(), left);
        if batch.answering {
            groups.push(Group::new(duty, answers, sent));
        }
        if let Some(reason) = batch.give_back(left) {
            declines.push((duty.batch, reason));
        }
    }
    Plan {
        sheets: sheets(groups),
        declines,
    }
}

/// Whether there is something to do for the duty, and time to do it: what is sent now comes into the next block.
fn is_open(duty: &Duty, sent: &Sent, now: BlockNumber) -> bool {
    duty.answer_by > now && !sent.decline_is_on_its_way(duty.batch, now, duty.answer_by)
}

/// A run that claims to be done must bring what the chain wants beside the output: the input it asked for, or the trace.
fn judge(progress: Option<Progress>, input: &Input, duty: &Duty) -> Progress {
    let Some(Progress::Done { output, blob, trace }) = progress else {
        return progress.unwrap_or(Progress::Pending);
    };
    let wants_blob = duty.blobs && matches!(input, Input::Blob { .. });
    let blob = blob.filter(|blob| wants_blob && is_named_by(blob, input));
    if blob.is_some() != wants_blob || trace.is_some() != duty.traced {
        return Progress::Failed(Unable::EngineFailed);
    }
    Progress::Done { output, blob, trace }
}

fn is_named_by(blob: &Inline, input: &Input) -> bool {
    blob.len() as u32 == input.len() && Input::Inline(blob.clone()).digest() == input.digest()
}

/// How the tasks of a batch stand together. A batch is given back as a whole, so whatever can still be answered comes
/// first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Standing {
    /// Some answer is on its way.
    on_their_way: bool,
    /// Some answer is sent now.
    answering: bool,
    /// Some run is not over.
    pending: bool,
    /// Some task is in trouble that may pass.
    in_trouble: bool,
    /// Some task failed for good, and why.
    failed: Option<Unable>,
}

impl Standing {
    /// Whether these answers are sent now. The chain takes few sheets that leave tasks of a batch unanswered, so one is
    /// spent only when it at least halves what is left, or when waiting brings nothing.
    fn is_worth_a_sheet(&self, duty: &Duty, answers: usize, left: BlockNumber) -> bool {
        if answers == 0 {
            return false;
        }
        let may_come = self.pending || self.in_trouble;
        let leaves_some = may_come || self.failed.is_some();
        // An answer on its way may have been lost, and is then left out too; if not, it took one of the sheets.
        let spends = u8::from(leaves_some).saturating_add(u8::from(self.on_their_way));
        let halves = answers.saturating_mul(2) >= duty.tasks.len();
        duty.partial_sheets >= spends && (!may_come || halves || left < DECLINE_BEFORE)
    }

    /// Whether and why the batch is given back when `left` blocks remain.
    fn give_back(&self, left: BlockNumber) -> Option<Unable> {
        let trouble = self.failed.or(self.in_trouble.then_some(Unable::EngineFailed));
        if left <= 1 {
            // The last chance. Answers sent at the same time are submitted first.
            return trouble.or(self.pending.then_some(Unable::EngineFailed));
        }
        if self.on_their_way || self.answering || self.pending {
            return None;
        }
        if left < DECLINE_BEFORE {
            return trouble;
        }
        self.failed.filter(|_| !self.in_trouble)
    }
}

/// Answers to one batch, which go together: cutting them would spend the batch's sheets.
struct Group {
    model: ModelId,
    answer_by: BlockNumber,
    /// The pool refuses a sheet as a whole, and not always aloud, if it weighs too much or if one of its answers is no
    /// longer due. A batch whose answers came to nothing before therefore has a sheet of its own.
    alone: bool,
    answers: Vec<Answer>,
    bytes: usize,
}

impl Group {
    fn new(duty: &Duty, mut answers: Vec<Answer>, sent: &Sent) -> Self {
        answers.sort_by_key(|answer| answer.task);
        Self {
            model: duty.model,
            answer_by: duty.answer_by,
            alone: answers.iter().any(|answer| sent.was_answered(answer.task)),
            bytes: answers.encoded_size(),
            answers,
        }
    }

    /// Whether another group of the same model fits in.
    fn takes(&self, other: &Self) -> bool {
        !self.alone
            && !other.alone
            && self.model == other.model
            && self.answers.len().saturating_add(other.answers.len()) <= MAX_BATCH as usize
            && self.bytes.saturating_add(other.bytes) <= MAX_SHARED_BYTES
    }

    fn append(&mut self, other: Self) {
        self.answers.extend(other.answers);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.answer_by = self.answer_by.min(other.answer_by);
    }
}

/// Puts groups together into sheets.
fn sheets(mut groups: Vec<Group>) -> Vec<Vec<Answer>> {
    // Tasks of a batch are neighbours in order of id, so groups in order of their first task give ascending sheets.
    groups.sort_by_key(|group| (group.model, group.answers.first().map(|answer| answer.task)));
    let mut shared: Vec<Group> = Vec::new();
    for group in groups {
        match shared.last_mut() {
            Some(last) if last.takes(&group) => last.append(group),
            _ => shared.push(group),
        }
    }
    shared.sort_by_key(|group| group.answer_by);
    shared
        .into_iter()
        .take(MAX_SHEETS)
        .map(|group| group.answers)
        .collect()
}

#[cfg(test)]
#[path = "tests/dispatch.rs"]
mod tests;
