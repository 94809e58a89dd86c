//! What open tasks cost: blocks and runtime APIs with a hundred to two hundred thousand of them in state, and five thousand solvers.
//!
//! Everything is processor time of the thread that does it: what is asked is whether it grows, and on a busy machine the clock would not
//! tell.

use crate::{
    chain::{Chain, Imported},
    failure::{hold, Measured},
    genesis::Genesis,
    life::{post, Kind},
    node::{executor, Executor, KEPT},
    open::{Poster, TOGETHER},
    people::People,
    report::{Goal, Report},
    sample::median,
    shipped::Shipped,
    spent::timed,
};
use codec::{Decode, Encode};
use pallet_task_market::Event;
use pensum_primitives::{
    solver::Offer, task::TaskStatus, traits::Duties, AccountId, BlockNumber, ModelId, TaskId,
};
use pensum_runtime::{RuntimeEvent, System, TaskMarket};
use std::ops::Range;

/// How many tasks are open.
const SIZES: [usize; 6] = [0, 100, 1_000, 10_000, 100_000, 200_000];
/// Solvers.
const SOLVERS: usize = 5_000;
/// Solvers of a book; a full one has three more.
const BOOK: usize = 125;
/// Who asks.
const REQUESTERS: usize = 2_000;
/// Tasks that one solver, which has a book for itself, holds at every size.
const WATCHED: usize = 10;
/// How often each is measured.
const REPETITIONS: usize = 7;
/// The first block in which tasks fall due; before it are none but empty ones.
const FIRST_DUE: BlockNumber = 24;
/// Empty blocks that are not measured: what a fresh chain does once is then done.
const WARM_UP: usize = 12;
/// Calls of a runtime API in one measurement.
const CALLS: usize = 40;
/// Statuses that are asked for at once.
const PAGE: u32 = 100;
/// Most tasks that the off-chain worker looks at for one operator.
const WORKLIST: u32 = 4_096;
/// How many times dearer something may be with most open tasks than with fewest. Not one: the trie in which they lie gets deeper by
/// three of its branches meanwhile.
const FLAT: f64 = 1.5;

/// What is measured at one size, each so many times.
struct AtSize {
    tasks: usize,
    empty_ms: Vec<f64>,
    post_us: Vec<f64>,
    due_ms: Vec<f64>,
    due_weight_ms: f64,
    status_us: Vec<f64>,
    page_ms: Vec<f64>,
    offers_us: Vec<f64>,
    worklist_us: Vec<f64>,
}

/// Everybody and everything.
struct Load {
    people: People,
    shipped: Shipped,
    executor: Executor,
    genesis: Genesis,
    /// Idle tasks in it, and the ids of the first and the one after the last.
    idle: usize,
    ids: Range<TaskId>,
}

/// Measures it with up to so many tasks.
pub fn measure(most: usize) -> Measured<Report> {
    let mut load = Load::new()?;
    let mut measured = Vec::new();
    for tasks in SIZES.into_iter().filter(|tasks| *tasks <= most) {
        load.grow_to(tasks)?;
        measured.push(load.measure()?);
    }
    Ok(told(&measured))
}

impl Load {
    fn new() -> Measured<Self> {
        let people = People::new(REQUESTERS, SOLVERS);
        let shipped = Shipped::default();
        // The first book is the watched solver's own.
        let others = (1..SOLVERS)
            .step_by(BOOK)
            .map(|first| first..(first + BOOK).min(SOLVERS));
        let books: Vec<_> = std::iter::once(0..1).chain(others).collect();
        let mut genesis = Genesis::new(&people, &shipped, &books)?;
        let poster = Poster {
            people: &people,
            shipped: &shipped,
        };
        let watched = genesis.models[..1].to_vec();
        let next = poster.idle(&mut genesis, &watched, 0..WATCHED)?;
        Ok(Self {
            people,
            shipped,
            executor: executor(),
            genesis,
            idle: 0,
            ids: next..next,
        })
    }

    /// Every book but the watched one.
    fn models(&self) -> Vec<ModelId> {
        self.genesis.models[1..].to_vec()
    }

    fn grow_to(&mut self, tasks: usize) -> Measured {
        let models = self.models();
        let poster = Poster {
            people: &self.people,
            shipped: &self.shipped,
        };
        self.ids.end = poster.idle(&mut self.genesis, &models, self.idle..tasks)?;
        self.idle = tasks;
        Ok(())
    }

    fn measure(&self) -> Measured<AtSize> {
        let models = self.models();
        let mut genesis = self.genesis.clone();
        let poster = Poster {
            people: &self.people,
            shipped: &self.shipped,
        };
        let due = due_blocks();
        poster.due(&mut genesis, &models, due.clone())?;
        let mut chain = Chain::open(genesis, &self.executor, KEPT)?;
        let mut empty = Vec::new();
        let mut dues = Vec::new();
        let mut posts = Vec::new();
        for number in 1..=due_blocks().next_back().unwrap_or_default() {
            let block = chain.block(|_| Ok(()))?;
            if due.clone().any(|due| due == number) {
                chain.look(|| count_timed_out(TOGETHER))?;
                dues.push(block);
            } else if number as usize > WARM_UP && number < FIRST_DUE {
                empty.push(block);
            }
        }
        for round in 0..REPETITIONS {
            posts.push(self.post(&mut chain, &models, round)?);
        }
        let at_size = AtSize {
            tasks: self.idle,
            post_us: beyond(&posts, &empty, |us| us / TOGETHER as f64),
            due_ms: beyond(&dues, &empty, |us| us / 1e3),
            due_weight_ms: median(&dues.iter().map(|block| block.weight_us / 1e3).collect::<Vec<_>>()),
            empty_ms: empty
                .iter()
                .map(|block| block.import.processor_us / 1e3)
                .collect(),
            status_us: self.statuses(&chain)?,
            page_ms: self.pages(&chain)?,
            offers_us: self.offers(&chain, &models)?,
            worklist_us: self.worklist(&chain)?,
        };
        chain.node.close()?;
        Ok(at_size)
    }

    /// A block of posts, in turn to all books.
    fn post(&self, chain: &mut Chain, models: &[ModelId], round: usize) -> Measured<Imported> {
        let deadline = chain.look(System::block_number) + 1_000;
        chain.block(|block| {
            for number in 0..TOGETHER {
                let model = models[number % models.len()];
                let call = post(Kind::Replayed.terms(model, deadline), &self.shipped, number, 1);
                // Accounts that have not posted in the blocks before.
                let requester = self.people.requester(round * TOGETHER + number);
                hold(block.submit(requester, call)?, || {
                    "not all posts fit a block".into()
                })?;
            }
            Ok(())
        })
    }

    /// An idle task, anywhere among them; a watched one where there is none.
    fn any(&self, place: usize) -> TaskId {
        let (first, end) = (self.ids.start.batch().0, self.ids.end.batch().0);
        let count = (end - first) as usize;
        match count {
            0 => pensum_primitives::BatchId((place % WATCHED) as u64).task(0),
            // A stride that visits tasks all over.
            _ => pensum_primitives::BatchId(first + (place * 7_919 % count) as u64).task(0),
        }
    }

    fn statuses(&self, chain: &Chain) -> Measured<Vec<f64>> {
        self.calls(|place| {
            let task = self.any(place);
            let (answer, took) = chain.node.call("TaskMarketApi_task_status", &task.encode())?;
            let status: Option<TaskStatus> = Decode::decode(&mut &answer[..])?;
            hold(status.is_some(), || format!("task {task} is not open"))?;
            Ok(took.processor_us)
        })
    }

    fn pages(&self, chain: &Chain) -> Measured<Vec<f64>> {
        self.calls(|place| {
            let arguments = (Some(self.any(place)), None::<ModelId>, PAGE).encode();
            let (answer, took) = chain.node.call("TaskMarketApi_open_tasks", &arguments)?;
            let _statuses: Vec<TaskStatus> = Decode::decode(&mut &answer[..])?;
            Ok(took.processor_us / 1e3)
        })
    }

    fn offers(&self, chain: &Chain, models: &[ModelId]) -> Measured<Vec<f64>> {
        self.calls(|place| {
            let model = models[place % models.len()];
            let (answer, took) = chain.node.call("SolverApi_offers", &model.encode())?;
            let offers: Vec<(AccountId, Offer)> = Decode::decode(&mut &answer[..])?;
            hold(!offers.is_empty(), || "a book is empty".into())?;
            Ok(took.processor_us)
        })
    }

    /// What the off-chain worker of a solver with ten tasks reads, by the runtime's native code over the node's database: the wasm would
    /// need a gateway and a keystore.
    fn worklist(&self, chain: &Chain) -> Measured<Vec<f64>> {
        let watched = &self.people.solvers[0].stash;
        self.calls(|_| {
            let (duties, took) = chain
                .node
                .look(|| timed(|| <TaskMarket as Duties>::duties(watched, WORKLIST).len()))??;
            hold(duties == WATCHED, || {
                format!("the watched solver has {duties} duties")
            })?;
            Ok(took.processor_us)
        })
    }

    fn calls(&self, call: impl Fn(usize) -> Measured<f64>) -> Measured<Vec<f64>> {
        // The first call after a block makes an instance of the runtime for it.
        call(0)?;
        (1..=CALLS).map(call).collect()
    }
}

/// The blocks in which tasks fall due; an empty one is between any two.
fn due_blocks() -> std::iter::StepBy<Range<BlockNumber>> {
    (FIRST_DUE..FIRST_DUE + 2 * REPETITIONS as BlockNumber).step_by(2)
}

/// What these blocks took beyond an empty one.
fn beyond(blocks: &[Imported], empty: &[Imported], of: impl Fn(f64) -> f64) -> Vec<f64> {
    let empty = median(
        &empty
            .iter()
            .map(|block| block.import.processor_us)
            .collect::<Vec<_>>(),
    );
    blocks
        .iter()
        .map(|block| of(block.import.processor_us - empty))
        .collect()
}

/// Fails unless so many tasks fell due in the last block.
fn count_timed_out(expected: usize) -> Measured {
    let events = System::read_events_no_consensus();
    let timed_out =
        |event: &RuntimeEvent| matches!(event, RuntimeEvent::TaskMarket(Event::AssignmentTimedOut { .. }));
    let found = events.filter(|record| timed_out(&record.event)).count();
    hold(found == expected, || {
        format!("{found} tasks fell due, and {expected} were expected")
    })
}

/// A series of the report: its name, its unit, what its values are, and where they are.
struct Series {
    name: &'static str,
    unit: &'static str,
    label: &'static str,
    of: fn(&AtSize) -> &[f64],
}

const SERIES: [Series; 7] = [
    Series {
        name: "empty-block-import-time",
        unit: "ms",
        label: "import of an empty block, ms",
        of: |size| &size.empty_ms,
    },
    Series {
        name: "post-import-time",
        unit: "µs",
        label: "import of a post of one task, matched against 125 offers, µs",
        of: |size| &size.post_us,
    },
    Series {
        name: "hundred-due-tasks-import-time",
        unit: "ms",
        label: "import of 100 tasks that fall due and are handed over, ms",
        of: |size| &size.due_ms,
    },
    Series {
        name: "task-status-time",
        unit: "µs",
        label: "task_status, µs",
        of: |size| &size.status_us,
    },
    Series {
        name: "hundred-open-tasks-time",
        unit: "ms",
        label: "task_open with a limit of 100, ms",
        of: |size| &size.page_ms,
    },
    Series {
        name: "offers-time",
        unit: "µs",
        label: "solver_offers, 125 of them, µs",
        of: |size| &size.offers_us,
    },
    Series {
        name: "work-list-time",
        unit: "µs",
        label: "work list of a solver with 10 tasks, µs",
        of: |size| &size.worklist_us,
    },
];

fn told(measured: &[AtSize]) -> Report {
    let mut report = Report::of("target/release/pensum-bench load");
    let (Some(none), Some(most)) = (measured.first(), measured.last()) else {
        return report;
    };
    let with_tasks: Vec<&AtSize> = measured.iter().filter(|size| size.tasks > 0).collect();
    for series in SERIES {
        let points: Vec<(f64, f64)> = with_tasks
            .iter()
            .map(|size| (size.tasks as f64, median((series.of)(size))))
            .collect();
        let labels = ("open tasks", series.label);
        report.curve(&format!("load-{}", series.name), series.unit, labels, &points);
        let name = format!("{}-with-{}-open-tasks", series.name, most.tasks);
        let figure = report.measured(&name, series.unit, (series.of)(most));
        // Where there is nothing to ask for, it costs nothing: each is compared with the first size that has as much of it.
        let least = match series.name {
            "task-status-time" => with_tasks.first().copied().unwrap_or(none),
            "hundred-open-tasks-time" => with_tasks.get(1).copied().unwrap_or(none),
            _ => none,
        };
        let few = median((series.of)(least));
        figure
            .against(&format!("with {} open tasks", least.tasks), few)
            .goal(Goal::Max(FLAT * few));
    }
    report
        .counted("hundred-due-tasks-weight", "ms", most.due_weight_ms)
        .against("its import", median(&most.due_ms));
    report
}
