//! How long a node takes to import transfers, and whole task lives.

use crate::{
    chain::{Chain, Imported},
    failure::{hold, Measured},
    genesis::Genesis,
    growth,
    life::{live, Kind, Lived, Plan},
    node::{executor, Executor, KEPT},
    people::People,
    report::{Goal, Report},
    sample::median,
    shipped::Shipped,
};
use pensum_primitives::ModelId;
use pensum_runtime::constants::{block, money::MILLI};

/// Transfers in one block.
pub const TRANSFERS: usize = 500;
/// Accounts that send and receive them; requesters are the first of them.
const ACCOUNTS: usize = 2 * TRANSFERS;
/// Solvers, all in one book.
const SOLVERS: usize = 4;
/// Empty blocks before the first measurement: what a fresh chain does once is then done.
const WARM_UP: usize = 8;
/// What lives are compared with.
const PEER: &str = "transfer_keep_alive in the same run";
/// In what weights are told, so that nobody takes one for a measured time.
const CHARGED: &str = "µs of weight";
/// In what processor times are told.
const USED: &str = "µs of processor";
/// Lives of which each task is a transaction.
const SINGLE: &str = "life-single";

/// What all measurements begin with.
pub struct Bench {
    /// Who acts.
    pub people: People,
    /// What answers.
    pub shipped: Shipped,
    /// Where they begin.
    pub genesis: Genesis,
    /// What executes.
    pub executor: Executor,
}

impl Bench {
    /// A market with one model and a few solvers.
    pub fn new() -> Measured<Self> {
        let people = People::new(ACCOUNTS, SOLVERS);
        let shipped = Shipped::default();
        let book = 0..SOLVERS;
        Ok(Self {
            genesis: Genesis::new(&people, &shipped, std::slice::from_ref(&book))?,
            people,
            shipped,
            executor: executor(),
        })
    }

    /// A fresh chain.
    pub fn chain(&self, kept: u32) -> Measured<Chain> {
        Chain::open(self.genesis.clone(), &self.executor, kept)
    }

    fn model(&self) -> ModelId {
        self.genesis.models[0]
    }

    /// Imports a block of transfers between accounts that exist; always the same ones, so that later blocks find them in the cache.
    pub fn transfers(&self, chain: &mut Chain) -> Measured<Imported> {
        chain.block(|block| {
            for number in 0..TRANSFERS {
                let call = pallet_balances::Call::transfer_keep_alive {
                    dest: self.people.requester(number + TRANSFERS).account.clone().into(),
                    value: MILLI,
                };
                hold(block.submit(self.people.requester(number), call)?, || {
                    "not all transfers fit a block".into()
                })?;
            }
            Ok(())
        })
    }

    /// Lives what was planned.
    pub fn live(&self, chain: &mut Chain, plan: Plan) -> Measured<Lived> {
        live(chain, &self.people, &self.shipped, self.model(), plan)
    }
}

/// What a transfer or a task takes beyond empty blocks, each time in microseconds.
#[derive(Default)]
struct Each {
    clock: Vec<f64>,
    processor: Vec<f64>,
    weight: Vec<f64>,
}

/// What an empty block takes.
struct Empty {
    clock_us: f64,
    processor_us: f64,
    weight_us: f64,
}

impl Empty {
    fn of(blocks: &[Imported]) -> Self {
        let middle = |of: fn(&Imported) -> f64| median(&blocks.iter().map(of).collect::<Vec<_>>());
        Self {
            clock_us: middle(|block| block.import.clock_us),
            processor_us: middle(|block| block.import.processor_us),
            weight_us: middle(|block| block.weight_us),
        }
    }
}

impl Each {
    fn take(&mut self, lived: &Lived, empty: &Empty) {
        self.clock
            .push(lived.each(empty.clock_us, |block| block.import.clock_us));
        self.processor
            .push(lived.each(empty.processor_us, |block| block.import.processor_us));
        self.weight
            .push(lived.each(empty.weight_us, |block| block.weight_us));
    }
}

/// Transfers, as they were measured.
#[derive(Default)]
struct Transfers {
    each: Each,
    a_second: Vec<f64>,
    finalise_ms: Vec<f64>,
    empty_ms: Vec<f64>,
}

/// Lives, as they were measured.
struct Lives {
    name: &'static str,
    each: Each,
    post_weight_us: Vec<f64>,
}

/// All of them, with their names in the report.
const PLANS: [(&str, Plan); 6] = [
    ("life-batched-10", plan(Kind::Replayed, 10, 50)),
    ("life-batched-100", plan(Kind::Replayed, 100, 10)),
    ("life-batched-256", plan(Kind::Replayed, 256, 8)),
    (SINGLE, plan(Kind::Replayed, 1, 200)),
    ("life-quorum-batched-16", plan(Kind::Quorum, 16, 10)),
    ("life-sealed-batched-16", plan(Kind::Sealed, 16, 10)),
];

const fn plan(kind: Kind, tasks: usize, batches: usize) -> Plan {
    Plan { kind, tasks, batches }
}

/// Measures all of it, each so many times.
pub fn measure(repetitions: usize) -> Measured<Report> {
    let bench = Bench::new()?;
    let mut report = Report::of("target/release/pensum-bench import");
    let mut transfers = Transfers::default();
    // Before the lives and after them: a machine that gets slower or faster in between does so for both.
    measure_transfers(&bench, repetitions.div_ceil(2), &mut transfers)?;
    let lives = PLANS
        .into_iter()
        .map(|(name, plan)| measure_lives(&bench, name, plan, repetitions))
        .collect::<Measured<Vec<_>>>()?;
    measure_transfers(&bench, repetitions.div_ceil(2), &mut transfers)?;
    transfers.tell(&mut report);
    lives
        .iter()
        .for_each(|lives| lives.tell(&transfers.each, &mut report));
    growth::measure(&bench, &mut report)?;
    Ok(report)
}

fn measure_transfers(bench: &Bench, repetitions: usize, transfers: &mut Transfers) -> Measured {
    let mut chain = bench.chain(KEPT)?;
    chain.empty(WARM_UP)?;
    bench.transfers(&mut chain)?;
    let mut empty = Vec::new();
    let mut full = Vec::new();
    for _ in 0..repetitions {
        // The block after transfers moves the treasury's share of their fees; the next is really empty.
        chain.empty(1)?;
        empty.extend(chain.empty(1)?);
        full.push(bench.transfers(&mut chain)?);
    }
    chain.node.close()?;
    let calm = Empty::of(&empty);
    for block in full {
        transfers
            .a_second
            .push(TRANSFERS as f64 / block.import.clock_us * 1e6);
        transfers.finalise_ms.push(block.finalise.clock_us / 1e3);
        let lived = Lived {
            blocks: vec![block],
            tasks: TRANSFERS,
        };
        transfers.each.take(&lived, &calm);
    }
    let empty_ms = empty.iter().map(|block| block.import.clock_us / 1e3);
    transfers.empty_ms.extend(empty_ms);
    Ok(())
}

fn measure_lives(bench: &Bench, name: &'static str, plan: Plan, repetitions: usize) -> Measured<Lives> {
    let mut chain = bench.chain(KEPT)?;
    chain.empty(WARM_UP)?;
    bench.live(&mut chain, plan)?;
    let mut empty = Vec::new();
    let mut lived = Vec::new();
    for _ in 0..repetitions {
        empty.extend(chain.empty(1)?);
        lived.push(bench.live(&mut chain, plan)?);
    }
    chain.node.close()?;
    let calm = Empty::of(&empty);
    let mut each = Each::default();
    lived.iter().for_each(|lived| each.take(lived, &calm));
    Ok(Lives {
        name,
        each,
        post_weight_us: lived
            .iter()
            .map(|lived| lived.post_weight_us(calm.weight_us))
            .collect(),
    })
}

impl Transfers {
    fn tell(&self, report: &mut Report) {
        report.measured("empty-block-import-time", "ms", &self.empty_ms);
        report
            .measured("transfer-import-time", "µs", &self.each.clock)
            .note("blocks of 500 between accounts that exist, beyond an empty block");
        report
            .measured("transfer-import-processor-time", USED, &self.each.processor)
            .note("of the importing thread");
        report.measured("transfers-imported-a-second", "1/s", &self.a_second);
        report.measured("block-of-500-transfers-finalise-time", "ms", &self.finalise_ms);
        let weight = median(&self.each.weight);
        report
            .counted("transfer-weight", CHARGED, weight)
            .against("its processor time, µs", median(&self.each.processor));
        report
            .counted("transfers-that-fit-a-block", "1", fitting(weight))
            .note("by weight, three quarters of a block");
    }
}

impl Lives {
    fn tell(&self, transfers: &Each, report: &mut Report) {
        let name = self.name;
        // The design's goal is for batches that the book matches and the chain replays.
        let has_goal = name.starts_with("life-batched");
        let by = [
            ("import-time", "µs", &self.each.clock, &transfers.clock),
            (
                "import-processor-time",
                USED,
                &self.each.processor,
                &transfers.processor,
            ),
        ];
        for (what, unit, each, transfer) in by {
            let transfer = median(transfer);
            let figure = report.measured(&format!("{name}-{what}"), unit, each);
            figure
                .against(PEER, transfer)
                .note("for each task, over all blocks of its life, beyond empty ones");
            if has_goal {
                figure.goal(Goal::Max(transfer));
            }
        }
        report
            .counted(&format!("{name}-weight"), CHARGED, median(&self.each.weight))
            .against("its processor time, µs", median(&self.each.processor));
        if name == SINGLE {
            report
                .counted(
                    "single-posts-that-fit-a-block",
                    "1",
                    fitting(median(&self.post_weight_us)),
                )
                .note("by weight, three quarters of a block");
        }
    }
}

/// How many ordinary transactions of this weight fit a block.
fn fitting(weight_us: f64) -> f64 {
    let room = (block::NORMAL_SHARE * block::MAX_REF_TIME) as f64 / 1e6;
    (room / weight_us).floor()
}
