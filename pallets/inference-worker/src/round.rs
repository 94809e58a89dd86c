//! One round of work: what the worker does at one block.

use crate::{
    dispatch::{self, Plan, Wanted},
    gateway::{Gateway, GatewayError, MAX_REQUEST_WEIGHT},
    journal::Sent,
    pallet::Config,
    wire::{self, Progress, Report, Run, MAX_RUNS},
    LOG_TARGET,
};
use alloc::{collections::BTreeMap, vec, vec::Vec};
use codec::Encode;
use frame_system::pallet_prelude::BlockNumberFor;
use pensum_primitives::{
    operator::{answer_payload, decline_payload, OperatorId},
    task::Answer,
    traits::{Duties, OperatorSubmit, Solvers},
    verdict::Unable,
    BatchId, BlockNumber, Digest, TaskId,
};
use sp_core::offchain::{Duration, Timestamp};
use sp_runtime::{
    offchain::storage_lock::{StorageLock, Time},
    traits::Zero,
    RuntimeAppPublic,
};

/// Held during a round. A round that is killed leaves it behind, so it runs out by itself.
const LOCK_KEY: &[u8] = b"pensum/worker/lock";
const LOCK_MS: u64 = 3_000;
/// Longest time a round spends on HTTP: one slot.
const HTTP_MS: u64 = 1_000;
/// Most operator keys that are served; a node has one, or two while its key is being changed.
const MAX_OPERATORS: usize = 16;
/// Most tasks that are looked at for one operator at one block: with the longest inputs 16 MiB, an eighth of the memory
/// that the runtime has.
const MAX_TASKS: u32 = 4_096;

/// What an operator's work needs to know.
struct Round<'a> {
    gateway: &'a Gateway,
    genesis: Digest,
    operator: OperatorId,
    now: BlockNumber,
    deadline: Timestamp,
}

/// Serves every operator key in this node's keystore, if the node has a gateway.
pub(crate) fn run<T: Config>(now: BlockNumber) {
    let Some(gateway) = Gateway::configured() else {
        return;
    };
    let mut lock = StorageLock::<Time>::with_deadline(LOCK_KEY, Duration::from_millis(LOCK_MS));
    let Ok(_guard) = lock.try_lock() else {
        log::debug!(target: LOG_TARGET, "skipped: block={now} the round before is still going on");
        return;
    };
    let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
    let deadline = sp_io::offchain::timestamp().add(Duration::from_millis(HTTP_MS));
    for operator in OperatorId::all().into_iter().take(MAX_OPERATORS) {
        Round {
            gateway: &gateway,
            genesis,
            operator,
            now,
            deadline,
        }
        .serve::<T>();
    }
}

impl Round<'_> {
    fn serve<T: Config>(&self) {
        let Some(solver) = T::Solvers::of_operator(&self.operator) else {
            return;
        };
        let duties = T::Duties::duties(&solver, MAX_TASKS);
        let before = Sent::load(&self.operator);
        let mut sent = before.clone();
        sent.forget_others(&duties);

        let wanted = dispatch::wanted(&duties, &sent, self.now);
        let progress = self.progress(&wanted);
        let plan = dispatch::plan(&duties, progress, &sent, self.now);

        // Noted before anything is sent: see the journal.
        for answer in plan.sheets.iter().flatten() {
            sent.note_answer(answer.task, self.now);
        }
        for (batch, _) in &plan.declines {
            sent.note_decline(*batch, self.now);
        }
        if sent != before {
            sent.store(&self.operator);
        }
        self.submit::<T>(plan);
    }

    /// The id of a task's run. Weights and input are in it because a fork may give another task the same number.
    fn run_id(&self, wanted: &Wanted) -> Digest {
        let content = (
            self.genesis,
            wanted.task,
            &self.operator,
            wanted.weights,
            wanted.input.digest(),
        );
        sp_io::hashing::blake2_256(&content.encode()).into()
    }

    /// How far the runs of these tasks are; they are started where they are not known yet. All requests go out before
    /// the first response is awaited, so that the waiting adds up to one.
    fn progress(&self, wanted: &[Wanted]) -> BTreeMap<TaskId, Progress> {
        let requests: Vec<_> = requests(wanted)
            .into_iter()
            .map(|tasks| {
                let runs: Vec<_> = tasks
                    .iter()
                    .map(|task| Run {
                        id: self.run_id(task),
                        weights: task.weights,
                        input: task.input,
                    })
                    .collect();
                let posted = self.gateway.post(wire::post_body(&runs), self.deadline);
                let ids: BTreeMap<_, _> = runs
                    .iter()
                    .zip(tasks)
                    .map(|(run, task)| (run.id, task.task))
                    .collect();
                (ids, posted)
            })
            .collect();
        let mut progress = BTreeMap::new();
        for (ids, posted) in requests {
            match posted.and_then(|posted| posted.receive(self.deadline)) {
                Ok(body) => self.take_reports(&body, &ids, &mut progress),
                Err(error) => self.take_error(&error, &ids, &mut progress),
            }
        }
        progress
    }

    fn take_reports(
        &self,
        body: &[u8],
        ids: &BTreeMap<Digest, TaskId>,
        progress: &mut BTreeMap<TaskId, Progress>,
    ) {
        let Ok(reports) = wire::reports(body) else {
            log::error!(target: LOG_TARGET, "malformed response: block={} tasks={} the gateway is not of contract 1; use the one of this node's version", self.now, ids.len());
            in_trouble(ids, progress);
            return;
        };
        let (mut done, mut failed) = (0u32, 0u32);
        for Report { id, progress: state } in reports {
            let Some(task) = ids.get(&id) else {
                log::error!(target: LOG_TARGET, "foreign report: block={} run={id:?} is not one that was asked for; left out", self.now);
                continue;
            };
            match state {
                Progress::Done { .. } => done = done.saturating_add(1),
                Progress::Failed(reason) => {
                    failed = failed.saturating_add(1);
                    log::warn!(target: LOG_TARGET, "run failed: block={} task={task} reason={reason:?}", self.now);
                }
                Progress::Pending => {}
            }
            progress.insert(*task, state);
        }
        log::debug!(target: LOG_TARGET, "runs: block={} asked={} done={done} failed={failed}", self.now, ids.len());
    }

    fn take_error(
        &self,
        error: &GatewayError,
        ids: &BTreeMap<Digest, TaskId>,
        progress: &mut BTreeMap<TaskId, Progress>,
    ) {
        log::error!(target: LOG_TARGET, "gateway: block={} tasks={} error={error:?}", self.now, ids.len());
        in_trouble(ids, progress);
    }

    /// Answers first, so that giving a batch back cannot overtake what of it was done.
    fn submit<T: Config>(&self, plan: Plan) {
        for sheet in plan.sheets {
            self.answer::<T>(sheet);
        }
        for (batch, reason) in plan.declines {
            self.decline::<T>(batch, reason);
        }
    }

    fn answer<T: Config>(&self, sheet: Vec<Answer>) {
        let (now, tasks) = (self.now, sheet.len());
        let Some(first) = sheet.first().map(|answer| answer.task) else {
            return;
        };
        let payload = answer_payload(self.genesis, &self.operator, &sheet);
        let Some(signature) = self.operator.sign(&payload) else {
            log::error!(target: LOG_TARGET, "not signed: block={now} first={first} tasks={tasks} the keystore gave no signature; check the operator key");
            return;
        };
        match T::Submit::answer(self.operator.clone(), sheet, signature) {
            Ok(()) => log::info!(target: LOG_TARGET, "answered: block={now} first={first} tasks={tasks}"),
            Err(error) => {
                log::warn!(target: LOG_TARGET, "answer refused: block={now} first={first} tasks={tasks} error={error:?}");
            }
        }
    }

    fn decline<T: Config>(&self, batch: BatchId, reason: Unable) {
        let payload = decline_payload(self.genesis, &self.operator, batch, reason);
        let Some(signature) = self.operator.sign(&payload) else {
            log::error!(target: LOG_TARGET, "not signed: block={} batch={batch} the keystore gave no signature; check the operator key", self.now);
            return;
        };
        match T::Submit::decline(self.operator.clone(), batch, reason, signature) {
            Ok(()) => {
                log::warn!(target: LOG_TARGET, "declined: block={} batch={batch} reason={reason:?}", self.now);
            }
            Err(error) => {
                log::warn!(target: LOG_TARGET, "decline refused: block={} batch={batch} reason={reason:?} error={error:?}", self.now);
            }
        }
    }
}

fn in_trouble(ids: &BTreeMap<Digest, TaskId>, progress: &mut BTreeMap<TaskId, Progress>) {
    progress.extend(
        ids.values()
            .map(|task| (*task, Progress::Failed(Unable::EngineFailed))),
    );
}

/// Cuts the tasks into requests of a size that the gateway takes.
fn requests<'a, 'b>(wanted: &'b [Wanted<'a>]) -> Vec<Vec<&'b Wanted<'a>>> {
    let mut requests: Vec<Vec<&Wanted>> = Vec::new();
    let mut weight = 0usize;
    for task in wanted {
        let size = wire::weigh(task.input);
        weight = weight.saturating_add(size);
        match requests.last_mut() {
            Some(request) if request.len() < MAX_RUNS && weight <= MAX_REQUEST_WEIGHT => request.push(task),
            _ => {
                weight = size;
                requests.push(vec![task]);
            }
        }
    }
    requests
}
