//! The runs that are not over: accepted, queued, executed on the gateway's own threads, and written down.
//!
//! One thread writes what the others finish. While it waits for the disk more runs end, so that the next write takes
//! them all: the cost of a write is shared by as many runs as the load brings, without a timer.

use crate::{
    digest::Digest,
    execute::Executor,
    journal::{End, Finished, Journal, JournalError},
    metrics::Metrics,
    wire::{RunId, RunReport, RunRequest, RunState},
};
use parking_lot::{Condvar, Mutex};
use std::{
    collections::{HashMap, HashSet, VecDeque},
    io,
    sync::{mpsc, Arc},
    thread::JoinHandle,
};
use tokio::sync::watch;

/// Most runs that one transaction of the journal finishes.
const FINISHED_AT_A_TIME: usize = 256;

/// Why runs were not started. None of the runs of the request was.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartRunsError {
    #[error("the run {0} was posted before with other content")]
    Conflict(RunId),
    #[error("the queue holds {queued} of {limit} runs")]
    QueueFull { queued: usize, limit: usize },
    #[error("the gateway is stopping")]
    Stopping,
    #[error(transparent)]
    Journal(#[from] JournalError),
}

struct Active {
    request: Arc<RunRequest>,
    content: Digest,
    running: bool,
}

#[derive(Default)]
struct Table {
    active: HashMap<RunId, Active>,
    queue: VecDeque<RunId>,
    stopping: bool,
}

/// The runs.
pub(crate) struct Runs {
    table: Mutex<Table>,
    /// Signalled when the queue grows and when the gateway stops.
    work: Condvar,
    /// Held from looking a run up to writing it down, so that one id is accepted once.
    accepting: Mutex<()>,
    /// Sent whenever runs are over and when the gateway stops.
    changed: watch::Sender<()>,
    journal: Journal,
    executor: Executor,
    metrics: Arc<Metrics>,
    queue_limit: usize,
}

impl Runs {
    /// Takes up the runs that the last process left pending.
    pub(crate) fn new(
        journal: Journal,
        again: Vec<RunRequest>,
        executor: Executor,
        metrics: Arc<Metrics>,
        queue_limit: usize,
    ) -> Self {
        let mut table = Table::default();
        for request in again {
            table.insert(request);
        }
        Self {
            table: Mutex::new(table),
            work: Condvar::new(),
            accepting: Mutex::new(()),
            changed: watch::Sender::new(()),
            journal,
            executor,
            metrics,
            queue_limit,
        }
    }

    /// Starts the threads that execute runs and the one that writes them down.
    pub(crate) fn spawn(self: &Arc<Self>, threads: usize) -> io::Result<Vec<JoinHandle<()>>> {
        let (sender, receiver) = mpsc::channel();
        let mut handles = Vec::with_capacity(threads + 1);
        for n in 0..threads {
            let (runs, sender) = (self.clone(), sender.clone());
            let thread = std::thread::Builder::new().name(format!("gateway-run-{n}"));
            handles.push(thread.spawn(move || runs.execute_all(&sender))?);
        }
        let runs = self.clone();
        let thread = std::thread::Builder::new().name("gateway-journal".into());
        handles.push(thread.spawn(move || runs.write_all(&receiver))?);
        Ok(handles)
    }

    /// Starts every run that is not known yet, or none of them. Returns once the disk has them. Blocks.
    pub(crate) fn start(&self, requests: Vec<RunRequest>) -> Result<(), StartRunsError> {
        let _accepting = self.accepting.lock();
        let unknown = self.unknown(requests)?;
        if unknown.is_empty() {
            return Ok(());
        }
        {
            let table = self.table.lock();
            let queued = table.active.len();
            if queued.saturating_add(unknown.len()) > self.queue_limit {
                return Err(StartRunsError::QueueFull {
                    queued,
                    limit: self.queue_limit,
                });
            }
        }
        self.journal.begin(&unknown.iter().collect::<Vec<_>>())?;
        self.metrics.started(unknown.len());
        let mut table = self.table.lock();
        for request in unknown {
            table.insert(request);
        }
        drop(table);
        self.work.notify_all();
        Ok(())
    }

    /// Of these, the runs that must be started.
    fn unknown(&self, requests: Vec<RunRequest>) -> Result<Vec<RunRequest>, StartRunsError> {
        let mut seen = HashMap::with_capacity(requests.len());
        let mut not_active = Vec::new();
        {
            // First the table, then the journal: a run leaves the table only once the journal has it.
            let table = self.table.lock();
            if table.stopping {
                return Err(StartRunsError::Stopping);
            }
            for request in requests {
                let content = request.content();
                let first = *seen.entry(request.id).or_insert(content);
                let active = table.active.get(&request.id);
                if first != content || active.is_some_and(|active| active.content != content) {
                    return Err(StartRunsError::Conflict(request.id));
                }
                if active.is_none() {
                    not_active.push(request);
                }
            }
        }
        let ids: Vec<_> = not_active.iter().map(|request| request.id).collect();
        let known = self.journal.finished(&ids)?;
        let mut unknown = Vec::new();
        let mut taken = HashSet::new();
        for (request, known) in not_active.into_iter().zip(known) {
            match known {
                Some(known) if known.content != request.content() => {
                    return Err(StartRunsError::Conflict(request.id))
                }
                Some(known) if !known.can_be_retried() => {}
                _ if taken.insert(request.id) => unknown.push(request),
                _ => {}
            }
        }
        Ok(unknown)
    }

    /// How far these runs are, in the same order; `None` for unknown ones. Blocks.
    pub(crate) fn reports(&self, ids: &[RunId]) -> Result<Vec<Option<RunReport>>, JournalError> {
        let active: Vec<_> = {
            let table = self.table.lock();
            ids.iter()
                .map(|id| table.active.get(id).map(|active| active.running))
                .collect()
        };
        let finished = self.journal.finished(ids)?;
        let runs = ids.iter().zip(active).zip(finished);
        Ok(runs
            .map(|((id, active), finished)| match (active, finished) {
                (Some(true), _) => Some(unfinished(*id, RunState::Running)),
                (Some(false), _) => Some(unfinished(*id, RunState::Queued)),
                (None, finished) => finished.map(|run| over(*id, run)),
            })
            .collect())
    }

    /// Whether one of these runs may still change, so that waiting makes sense.
    pub(crate) fn any_active(&self, ids: &[RunId]) -> bool {
        let table = self.table.lock();
        !table.stopping && ids.iter().any(|id| table.active.contains_key(id))
    }

    /// Tells when runs are over.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// What runs are executed with, for steps, which are not journalled: nothing is lost if one is made again.
    pub(crate) fn executor(&self) -> &Executor {
        &self.executor
    }

    /// How many runs wait, and how many are being executed.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let table = self.table.lock();
        (table.queue.len(), table.active.len() - table.queue.len())
    }

    /// Most runs that may be queued or running.
    pub(crate) fn queue_limit(&self) -> usize {
        self.queue_limit
    }

    /// Lets the threads end after the run at which they are. What is queued stays in the journal.
    pub(crate) fn stop(&self) {
        self.table.lock().stopping = true;
        self.work.notify_all();
        self.changed.send_replace(());
    }

    /// Says in the journal that nothing was cut off; to be called when the threads have ended.
    pub(crate) fn mark_clean(&self) -> Result<(), JournalError> {
        self.journal.mark_clean()
    }

    fn next(&self) -> Option<Arc<RunRequest>> {
        let mut table = self.table.lock();
        loop {
            if table.stopping {
                return None;
            }
            let id = table.queue.pop_front();
            if let Some(active) = id.and_then(|id| table.active.get_mut(&id)) {
                active.running = true;
                return Some(active.request.clone());
            }
            if id.is_none() {
                self.work.wait(&mut table);
            }
        }
    }

    fn execute_all(&self, finished: &mpsc::Sender<(RunId, Finished)>) {
        while let Some(request) = self.next() {
            let (run, effort) = self.executor.execute(&request);
            self.metrics.finished(&run, &effort);
            match &run.end {
                End::Done { .. } => tracing::debug!(run = %request.id, ms = run.ms, "run done"),
                End::Failed { reason, message } => {
                    tracing::warn!(run = %request.id, weights = %request.weights, ?reason, message, "run failed");
                }
            }
            if finished.send((request.id, run)).is_err() {
                return;
            }
        }
    }

    fn write_all(&self, finished: &mpsc::Receiver<(RunId, Finished)>) {
        while let Ok(first) = finished.recv() {
            let mut batch = vec![first];
            batch.extend(finished.try_iter().take(FINISHED_AT_A_TIME - 1));
            // Nobody may be told what the disk does not have. Forgotten here, the runs are started again when they are posted again.
            if let Err(error) = self.journal.finish(&batch) {
                tracing::error!(%error, runs = batch.len(), "finished runs could not be written down");
            }
            let mut table = self.table.lock();
            for (id, _) in &batch {
                table.active.remove(id);
            }
            drop(table);
            self.changed.send_replace(());
        }
    }
}

impl std::fmt::Debug for Runs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (queued, running) = self.counts();
        f.debug_struct("Runs")
            .field("queued", &queued)
            .field("running", &running)
            .finish_non_exhaustive()
    }
}

impl Table {
    fn insert(&mut self, request: RunRequest) {
        let (id, content) = (request.id, request.content());
        self.active.insert(
            id,
            Active {
                request: Arc::new(request),
                content,
                running: false,
            },
        );
        self.queue.push_back(id);
    }
}

fn unfinished(id: RunId, state: RunState) -> RunReport {
    RunReport {
        id,
        state,
        output: None,
        blob: None,
        trace: None,
        reason: None,
        message: None,
        ms: None,
    }
}

fn over(id: RunId, run: Finished) -> RunReport {
    let ms = Some(run.ms);
    match run.end {
        End::Done { output, blob, trace } => RunReport {
            blob,
            ms,
            trace,
            output: Some(output),
            ..unfinished(id, RunState::Done)
        },
        End::Failed { reason, message } => RunReport {
            ms,
            reason: Some(reason),
            message: Some(message),
            ..unfinished(id, RunState::Failed)
        },
    }
}
