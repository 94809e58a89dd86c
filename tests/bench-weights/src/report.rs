//! What was measured, added up.

use crate::{
    access::{Access, Counts},
    chain::{Step, HOOKS_BEFORE},
    items::name_of,
    life::{live, transfers, Life},
    plan::{self, Plan},
    quiet::Quiet,
};
use pensum_fuzz::violation::Checked;
use pensum_primitives::Balance;
use pensum_runtime::constants::block::DB_WEIGHT;
use serde::Serialize;
use std::collections::BTreeMap;

/// The design's budget: reads, and writes, of a whole life beyond those of a transfer, for each task.
pub const BUDGET: u32 = 6;
/// The smallest batch that is within it. A smaller number is progress; a greater one fails the check.
pub const WITHIN_FROM: u32 = 4;
/// Most bytes of a record that every task reads or writes.
pub const MAX_RECORD: usize = 256;

/// Everything.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// One transfer, with what it makes the next block do.
    pub transfer: Total,
    /// Every matching with every verification.
    pub lives: Vec<LifeReport>,
    /// What the budget is for, in batches of all sizes.
    pub budget: Vec<LifeReport>,
    /// Batches of one task in the same block.
    pub busy: Busy,
    /// The longest value that was written of each item, by size of the batch.
    pub records: BTreeMap<String, BTreeMap<u32, usize>>,
    /// For each call what it does beside what its weight says.
    pub calls: BTreeMap<String, Compared>,
    /// Hooks that are charged less than their reads and writes alone.
    pub hooks: Vec<Undercharged>,
    /// Each step of a batch of one task that the book matches and the chain replays: items, with how many keys are read and written.
    pub keys: BTreeMap<String, BTreeMap<String, (u32, u32)>>,
}

/// Sums over steps.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Total {
    /// Transactions.
    pub transactions: u32,
    /// Reads and writes.
    pub counts: Counts,
    /// Weight in picoseconds.
    pub weight: u64,
    /// Fees, prepaid ones included, in the smallest unit.
    pub fee: Balance,
}

/// One life.
#[derive(Clone, Debug, Serialize)]
pub struct LifeReport {
    /// What was planned.
    pub plan: Plan,
    /// Blocks from the post to the last that does something for it.
    pub blocks: u32,
    /// Audits that chance brought.
    pub audits: u32,
    /// All steps.
    pub total: Total,
    /// Steps by name, in the order in which they come first.
    pub steps: Vec<(String, Total)>,
}

/// Many batches of one task, where each key counts once in a block.
#[derive(Clone, Debug, Serialize)]
pub struct Busy {
    /// Tasks.
    pub tasks: u32,
    /// What their lives read and write.
    pub lives: Counts,
    /// What as many transfers in one block do.
    pub transfers: Counts,
}

/// The reads and writes of a call beside those of its weight: least and most over all lives.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Compared {
    /// Reads that were counted.
    pub reads: (u64, u64),
    /// Reads that its weight says.
    pub declared_reads: (u64, u64),
    /// Writes that were counted.
    pub writes: (u64, u64),
    /// Writes that its weight says.
    pub declared_writes: (u64, u64),
    /// Whether it ever did more than its weight says.
    pub fewer: bool,
    /// Whether its weight always says more than twice of what it did.
    pub twice: bool,
}

/// Hooks that are charged less than their reads and writes alone.
#[derive(Clone, Debug, Serialize)]
pub struct Undercharged {
    /// Whose life.
    pub plan: String,
    /// How many blocks after the post.
    pub after: u32,
    /// What they did.
    pub counts: Counts,
    /// What they were charged, in picoseconds.
    pub weight: u64,
    /// The items they touched.
    pub items: Vec<String>,
}

/// Measures everything.
pub fn measure() -> Checked<Report> {
    let quiet = &mut Quiet::default();
    let lives = plan::all()
        .into_iter()
        .map(|plan| live(plan, quiet))
        .collect::<Checked<Vec<Life>>>()?;
    let budget = plan::budgeted()
        .into_iter()
        .map(|plan| live(plan, quiet))
        .collect::<Checked<Vec<Life>>>()?;
    let transfer = transfers(1, quiet)?;
    let busy = live(plan::busy(), quiet)?;
    let tasks = busy.plan.tasks * busy.plan.batches;
    let mut calls = BTreeMap::new();
    for step in lives.iter().flat_map(|life| &life.steps).chain(&transfer) {
        compare(&mut calls, step);
    }
    Ok(Report {
        transfer: total(&transfer),
        busy: Busy {
            tasks,
            lives: once_a_block(&busy.steps),
            transfers: once_a_block(&transfers(tasks, quiet)?),
        },
        records: records(&lives),
        calls,
        hooks: undercharged(&lives),
        keys: budget.first().map(keys).unwrap_or_default(),
        lives: lives.iter().map(LifeReport::new).collect(),
        budget: budget.iter().map(LifeReport::new).collect(),
    })
}

impl Total {
    fn add(&mut self, step: &Step) {
        self.transactions += u32::from(!step.is_hook());
        self.counts += step.access.counts();
        self.weight += step.weight;
        self.fee += step.fee;
    }
}

fn total(steps: &[Step]) -> Total {
    let mut total = Total::default();
    steps.iter().for_each(|step| total.add(step));
    total
}

impl LifeReport {
    fn new(life: &Life) -> Self {
        let mut steps: Vec<(String, Total)> = Vec::new();
        for step in &life.steps {
            let known = steps.iter_mut().find(|(name, _)| *name == step.name);
            match known {
                Some((_, total)) => total.add(step),
                None => steps.push((step.name.clone(), total(core::slice::from_ref(step)))),
            }
        }
        Self {
            plan: life.plan,
            blocks: life.blocks,
            audits: life.happened.audits,
            total: total(&life.steps),
            steps,
        }
    }

    /// Whether it is within the budget.
    pub fn is_within(&self, transfer: &Total) -> bool {
        let within = |mine: u32, transfers: u32| mine <= (transfers + BUDGET) * self.plan.tasks;
        within(self.total.counts.reads, transfer.counts.reads)
            && within(self.total.counts.writes, transfer.counts.writes)
    }
}

impl Report {
    /// The sizes of batches that leave the budget though they should not.
    pub fn over_budget(&self) -> Vec<u32> {
        let over = self
            .budget
            .iter()
            .filter(|life| life.plan.tasks >= WITHIN_FROM && !life.is_within(&self.transfer));
        over.map(|life| life.plan.tasks).collect()
    }
}

/// What the database does for steps, which reads and writes each key once in a block.
fn once_a_block(steps: &[Step]) -> Counts {
    let mut blocks: BTreeMap<u32, Access> = BTreeMap::new();
    for step in steps {
        blocks.entry(step.block).or_default().extend(&step.access);
    }
    let mut sum = Counts::default();
    blocks.values().for_each(|access| sum += access.counts());
    sum
}

fn records(lives: &[Life]) -> BTreeMap<String, BTreeMap<u32, usize>> {
    let mut records: BTreeMap<String, BTreeMap<u32, usize>> = BTreeMap::new();
    for life in lives {
        for (place, touch) in life.steps.iter().flat_map(|step| &step.access.0) {
            if let Some(bytes) = touch.written.filter(|bytes| *bytes > 0) {
                let sizes = records.entry(name_of(place.bytes())).or_default();
                let longest = sizes.entry(life.plan.tasks).or_default();
                *longest = bytes.max(*longest);
            }
        }
    }
    records
}

fn compare(calls: &mut BTreeMap<String, Compared>, step: &Step) {
    let Some(declared) = step.declared else {
        return;
    };
    let counts = step.access.counts();
    let (reads, writes) = (u64::from(counts.reads), u64::from(counts.writes));
    let twice = declared.reads > 2 * reads || declared.writes > 2 * writes;
    let fewer = declared.reads < reads || declared.writes < writes;
    let call = calls.entry(step.name.clone()).or_insert(Compared {
        reads: (reads, reads),
        declared_reads: (declared.reads, declared.reads),
        writes: (writes, writes),
        declared_writes: (declared.writes, declared.writes),
        fewer,
        twice,
    });
    let widen = |range: &mut (u64, u64), value: u64| *range = (range.0.min(value), range.1.max(value));
    widen(&mut call.reads, reads);
    widen(&mut call.declared_reads, declared.reads);
    widen(&mut call.writes, writes);
    widen(&mut call.declared_writes, declared.writes);
    call.fewer |= fewer;
    call.twice &= twice;
}

/// What the SDK's pallets touch when the treasury was paid, and charge nothing for.
const OF_THE_SDK: [&str; 4] = ["Balances.", "System.", "Treasury.", "TransactionPayment."];

/// The last hooks of a block are left out: what they weigh is charged when the block begins, whether they have anything to do or not.
fn undercharged(lives: &[Life]) -> Vec<Undercharged> {
    let mut kinds: BTreeMap<Vec<String>, Undercharged> = BTreeMap::new();
    for life in lives {
        let first = life.steps.first().map_or(0, |step| step.block);
        for step in life.steps.iter().filter(|step| step.name == HOOKS_BEFORE) {
            let counts = step.access.counts();
            let storage =
                u64::from(counts.reads) * DB_WEIGHT.read + u64::from(counts.writes) * DB_WEIGHT.write;
            let mut items: Vec<String> = step.access.0.keys().map(|place| name_of(place.bytes())).collect();
            items.dedup();
            let is_ours = |item: &String| !OF_THE_SDK.iter().any(|pallet| item.starts_with(pallet));
            if step.weight < storage && items.iter().any(is_ours) {
                kinds.entry(items.clone()).or_insert(Undercharged {
                    plan: life.plan.to_string(),
                    after: step.block - first,
                    counts,
                    weight: step.weight,
                    items,
                });
            }
        }
    }
    kinds.into_values().collect()
}

fn keys(life: &Life) -> BTreeMap<String, BTreeMap<String, (u32, u32)>> {
    let mut keys: BTreeMap<String, BTreeMap<String, (u32, u32)>> = BTreeMap::new();
    for step in &life.steps {
        for (place, touch) in &step.access.0 {
            let item = keys.entry(name_of(place.bytes())).or_default();
            let counts = item.entry(step.name.clone()).or_default();
            counts.0 += u32::from(touch.read);
            counts.1 += u32::from(touch.written.is_some());
        }
    }
    keys
}
