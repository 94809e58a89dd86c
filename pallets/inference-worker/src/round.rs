//! One round of work: what the worker does at one block.

use crate::{
    auctions, audits,
    dispatch::{self, Wanted},
    gateway::{Ask, Gateway, GatewayError, MAX_REQUEST_WEIGHT},
    journal::{Name, Sent},
    pallet::Config,
    panels,
    secrets::Secrets,
    wire::{self, Progress, Report, Run, MAX_RUNS},
    LOG_TARGET,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec,
    vec::Vec,
};
use codec::Encode;
use frame_system::pallet_prelude::BlockNumberFor;
use pensum_primitives::{
    operator::{OperatorId, Work},
    traits::{Auctions, Disputes, Duties, Offers, OperatorSubmit, Panels, Solvers},
    verdict::Unable,
    BlockNumber, Digest, TaskId,
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
/// Most auctions that are looked at for one operator at one block.
const MAX_AUCTIONS: u32 = 64;
/// Most audits that are looked at for one operator at one block.
const MAX_AUDITS: u32 = 16;

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
        let seats = T::Panels::duties(&solver, MAX_TASKS);
        let auctions = T::Auctions::open_to(&solver, MAX_AUCTIONS);
        let audits = T::Disputes::audits(&solver, MAX_AUDITS);
        let before = Sent::load(&self.operator);
        let mut sent = before.clone();
        let due: BTreeSet<Name> = seats
            .iter()
            .map(panels::noted)
            .chain(auctions.iter().map(auctions::noted))
            .chain(audits.iter().map(audits::noted))
            .collect();
        sent.forget_others(&duties, &due);

        let secrets = Secrets(&self.operator);
        let mut wanted = dispatch::wanted(&duties, &sent, self.now);
        wanted.extend(panels::wanted(&seats, &secrets, &sent, self.now));
        let mut progress = self.progress(&wanted);
        let plan = dispatch::plan(&duties, &mut progress, &sent, self.now);
        let mut others = panels::plan(&seats, &solver, &mut progress, &secrets, &sent, self.now);
        let worth = |duty: &pensum_primitives::traits::AuctionDuty| {
            let longest = duty.input_lens.iter().copied().max()?;
            T::Offers::price(&solver, &duty.model, longest)
        };
        others.extend(auctions::plan(
            &auctions, &solver, worth, &secrets, &sent, self.now,
        ));
        others.extend(audits::plan(
            &audits,
            self.gateway,
            self.deadline,
            &sent,
            self.now,
        ));

        // Noted before anything is sent: see the journal.
        for answer in plan.sheets.iter().flatten() {
            sent.note_answer(answer.task, self.now);
        }
        for (batch, _) in &plan.declines {
            sent.note_decline(*batch, self.now);
        }
        for name in others.iter().filter_map(Name::of) {
            sent.note(name, self.now);
        }
        if sent != before {
            sent.store(&self.operator);
        }
        // Answers first, so that giving a batch back cannot overtake what of it was done.
        let answers = plan.sheets.into_iter().map(Work::Answer);
        let declines = plan
            .declines
            .into_iter()
            .map(|(batch, reason)| Work::Decline { batch, reason });
        answers
            .chain(declines)
            .chain(others)
            .for_each(|work| self.submit::<T>(work));
    }

    /// The id of a task's run. Weights and input are in it because a fork may give another task the same number.
    fn run_id(&self, wanted: &Wanted) -> Digest {
        let content = (
            self.genesis,
            wanted.task,
            &self.operator,
            wanted.weights,
            wanted.input.digest(),
            wanted.traced,
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
                        traced: task.traced,
                    })
                    .collect();
                let posted = self
                    .gateway
                    .post(Ask::Runs, wire::post_body(&runs), self.deadline);
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

    fn submit<T: Config>(&self, work: Work) {
        let (now, what) = (self.now, described(&work));
        let Some(signature) = self.operator.sign(&work.payload(self.genesis, &self.operator)) else {
            log::error!(target: LOG_TARGET, "not signed: block={now} {what} the keystore gave no signature; check the operator key");
            return;
        };
        match T::Submit::submit(self.operator.clone(), work, signature) {
            Ok(()) => log::info!(target: LOG_TARGET, "sent: block={now} {what}"),
            Err(error) => log::warn!(target: LOG_TARGET, "refused: block={now} {what} error={error:?}"),
        }
    }
}

/// What is sent, for the log.
fn described(work: &Work) -> String {
    match work {
        Work::Answer(answers) => {
            let first = answers.first().map_or(0, |answer| answer.task.0);
            format!("answer first={first} tasks={}", answers.len())
        }
        Work::Decline { batch, reason } => format!("decline batch={batch} reason={reason:?}"),
        Work::Take { batch, floor } => format!("take batch={batch} floor={floor}"),
        Work::Bid { batch, round, .. } => format!("bid batch={batch} round={round}"),
        Work::RevealBid { batch, round, .. } => format!("reveal_bid batch={batch} round={round}"),
        Work::Commit { batch, round, .. } => format!("commit batch={batch} round={round}"),
        Work::Reveal { batch, round, .. } => format!("reveal batch={batch} round={round}"),
        Work::Excuse { batch, round, reason } => {
            format!("excuse batch={batch} round={round} reason={reason:?}")
        }
        Work::Open { task, step, .. } => {
            format!("open task={task} node={} bytes={}", step.node, step.bytes())
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
        let size = wire::weigh(task.input, task.traced);
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
