//! The report as a page.

use crate::{
    plan::Check,
    purposes::purpose_of,
    report::{Compared, LifeReport, Report, Total, BUDGET, MAX_RECORD, WITHIN_FROM},
    table::Table,
};
use pensum_runtime::constants::{block::MAX_REF_TIME, money::MICRO};

/// The page.
pub fn page(report: &Report) -> String {
    [
        intro(report),
        "## Whole lives, for each task\n".into(),
        lives(report),
        budget(report),
        busy(report),
        "## Step by step\n\nSums over the batch.\n".into(),
        steps(report),
        records(report),
        calls(report),
        keys(report),
    ]
    .join("\n")
}

/// What fits a terminal.
pub fn summary(report: &Report) -> String {
    [lives(report), budget(report), busy(report)].join("\n")
}

fn intro(report: &Report) -> String {
    format!(
        "# Storage and weight of a task's life\n\n\
         Made by `make bench-weights`; `--check` fails when it is not current. Counted, not timed: the same tree gives the same page.\n\n\
         The whole runtime runs natively with the blocks an author would make. The market has 14 solvers that offer the model, each with\n\
         room for a whole batch; everybody acts in the block after the one that tells it to, and all tasks end answered, paid and recorded.\n\
         Sealed auctions have two bidders. The model is a small text classifier that lies on chain; inputs have 20 to 59 bytes.\n\n\
         * A **read** is a key that a transaction, or the hooks of a block, read before they wrote it; looking for the key after another is one too.\n\
           A **write** is a key they wrote. What an empty block reads and writes anyway is not counted, nor is what is written and gone\n\
           within the block. *Operations* are calls of the host's functions, most of which the block's cache answers.\n\
         * **Weight** is what the block is charged, base weight of transactions and hooks included; a block has {} ms.\n\
         * **Fees** are all that the requester pays beside the price: for inclusion, and in advance for what others do for it.\n\
         * A `transfer_keep_alive` between accounts that exist takes, counted so, {} reads, {} writes, {} µs and {} µPEN: the treasury's share of its\n\
           fee makes the next block read and write two of each.\n",
        MAX_REF_TIME / 1_000_000_000,
        report.transfer.counts.reads,
        report.transfer.counts.writes,
        micros(report.transfer.weight, 1),
        tenths(report.transfer.fee * 10 / MICRO, 1),
    )
}

fn lives(report: &Report) -> String {
    let mut table = Table::new(&[
        "matching",
        "verification",
        "paid in",
        "tasks",
        "blocks",
        "transactions",
        "reads",
        "writes",
        "operations",
        "weight µs",
        "‰ of a block",
        "fees µPEN",
    ]);
    for life in &report.lives {
        let tasks = life.plan.tasks;
        let (total, counts) = (&life.total, &life.total.counts);
        table.row([
            life.plan.matching.to_string(),
            verification(life),
            life.plan.money().into(),
            tasks.to_string(),
            life.blocks.to_string(),
            total.transactions.to_string(),
            tenths(u128::from(counts.reads) * 10, tasks),
            tenths(u128::from(counts.writes) * 10, tasks),
            tenths(u128::from(counts.read_ops + counts.write_ops) * 10, tasks),
            micros(total.weight, tasks),
            tenths(
                u128::from(total.weight) * 10_000 / u128::from(MAX_REF_TIME),
                tasks,
            ),
            tenths(total.fee * 10 / MICRO, tasks),
        ]);
    }
    table.done()
}

fn verification(life: &LifeReport) -> String {
    match (life.plan.check, life.audits) {
        (Check::Window, 1..) => format!("{}, {} audits", life.plan.check, life.audits),
        (check, _) => check.to_string(),
    }
}

fn budget(report: &Report) -> String {
    let mut table = Table::new(&["tasks", "reads beyond", "writes beyond", "within"]);
    for life in &report.budget {
        let tasks = life.plan.tasks;
        let beyond = |mine: u32, transfers: u32| {
            signed_tenths(i128::from(mine) * 10 - i128::from(transfers * tasks) * 10, tasks)
        };
        table.row([
            tasks.to_string(),
            beyond(life.total.counts.reads, report.transfer.counts.reads),
            beyond(life.total.counts.writes, report.transfer.counts.writes),
            match life.is_within(&report.transfer) {
                true => "yes",
                false => "no",
            }
            .into(),
        ]);
    }
    format!(
        "## The budget\n\n\
         The design's goal for a batch that the book matches and the chain replays: at most {BUDGET} reads and {BUDGET} writes for each task beyond those\n\
         of a transfer. Batches from {WITHIN_FROM} tasks on are within it; `--check` fails if one of them leaves it.\n\n{}",
        table.done()
    )
}

fn busy(report: &Report) -> String {
    let busy = &report.busy;
    let each = |count: u32| tenths(u128::from(count) * 10, busy.tasks);
    let mut table = Table::new(&["in one block", "reads", "writes"]);
    let rows = [
        ("lives of one task each", &busy.lives),
        ("transfers", &busy.transfers),
    ];
    for (name, counts) in rows {
        table.row([
            format!("{} {name}", busy.tasks),
            each(counts.reads),
            each(counts.writes),
        ]);
    }
    format!(
        "## One task in each transaction, many in a block\n\n\
         A database reads and writes a key once in a block, whoever needs it. For each task, posted by eight requesters in one block and\n\
         answered one by one in the next:\n\n{}",
        table.done()
    )
}

fn steps(report: &Report) -> String {
    let mut table = Table::new(&[
        "matching",
        "verification",
        "paid in",
        "tasks",
        "step",
        "times",
        "reads",
        "writes",
        "weight µs",
        "fees µPEN",
    ]);
    for life in &report.lives {
        for (name, total) in &life.steps {
            table.row(step_row(life, name, total));
        }
    }
    table.done()
}

fn step_row(life: &LifeReport, name: &str, total: &Total) -> [String; 10] {
    [
        life.plan.matching.to_string(),
        verification(life),
        life.plan.money().into(),
        life.plan.tasks.to_string(),
        name.to_string(),
        match total.transactions {
            0 => String::new(),
            times => times.to_string(),
        },
        total.counts.reads.to_string(),
        total.counts.writes.to_string(),
        micros(total.weight, 1),
        tenths(total.fee * 10 / MICRO, 1),
    ]
}

fn records(report: &Report) -> String {
    let sizes = [1, 16, 64];
    let mut table = Table::new(&["item", "1 task", "16 tasks", "64 tasks"]);
    for (item, bytes) in &report.records {
        let cells = sizes.map(|size| bytes.get(&size).map_or(String::new(), usize::to_string));
        let [one, sixteen, many] = cells;
        table.row([format!("`{item}`"), one, sixteen, many]);
    }
    let long: Vec<String> = report
        .records
        .iter()
        .filter(|(_, bytes)| bytes.get(&1).is_some_and(|bytes| *bytes > MAX_RECORD))
        .map(|(item, bytes)| format!("`{item}` ({} bytes)", bytes[&1]))
        .collect();
    let verdict = match long.is_empty() {
        true => "none".into(),
        false => long.join(", "),
    };
    format!(
        "## Records\n\n\
         Bytes of the longest value of each item that was written in any of these lives. Longer than the goal of {MAX_RECORD} bytes in batches of one\n\
         task: {verdict}. A solver's record grows by 32 bytes with each model that it offers; here it offers five, some have\ndelegated stake, and most accept an asset or two.\n\n{}",
        table.done()
    )
}

fn calls(report: &Report) -> String {
    let mut table = Table::new(&[
        "call",
        "reads counted",
        "reads charged",
        "writes counted",
        "writes charged",
        "",
    ]);
    for (name, call) in &report.calls {
        table.row([
            format!("`{name}`"),
            range(call.reads),
            range(call.declared_reads),
            range(call.writes),
            range(call.declared_writes),
            remark(call).into(),
        ]);
    }
    let mut hooks = Table::new(&[
        "life",
        "blocks after the post",
        "reads",
        "writes",
        "charged µs",
        "items",
    ]);
    for hook in &report.hooks {
        hooks.row([
            hook.plan.clone(),
            hook.after.to_string(),
            hook.counts.reads.to_string(),
            hook.counts.writes.to_string(),
            micros(hook.weight, 1),
            hook.items.join(", "),
        ]);
    }
    let hooks = match report.hooks.is_empty() {
        true => " none.\n".into(),
        false => format!("\n\n{}", hooks.done()),
    };
    format!(
        "## Charged and counted\n\n\
         Least and most over all lives, what all transactions pass through included. What is charged is taken from the formulas of the\n\
         weights, whose sum is checked against what the block was charged.\n\n{}\n\
         Hooks of the project's pallets that are charged less than their reads and writes alone, one of each kind:{hooks}",
        table.done(),
    )
}

fn remark(call: &Compared) -> &'static str {
    match (call.fewer, call.twice) {
        (true, _) => "charged too little",
        (false, true) => "charged more than twice",
        (false, false) => "",
    }
}

fn keys(report: &Report) -> String {
    let steps = report.budget.first().map_or(&[][..], |life| &life.steps);
    let steps: Vec<&str> = steps.iter().map(|(name, _)| name.as_str()).collect();
    let headings: Vec<&str> = ["item", "what for"]
        .into_iter()
        .chain(steps.iter().copied())
        .collect();
    let mut table = Table::new(&headings);
    for (item, by_step) in &report.keys {
        let cells = steps.iter().map(|step| match by_step.get(*step) {
            None => String::new(),
            Some((reads, 0)) => format!("{reads} r"),
            Some((0, writes)) => format!("{writes} w"),
            Some((reads, writes)) => format!("{reads} r, {writes} w"),
        });
        let row = [format!("`{item}`"), purpose_of(item).to_string()];
        table.row(row.into_iter().chain(cells));
    }
    format!(
        "## Every key of a batch of one\n\n`Book` × `Replay{{0}}`: keys read (r) and written (w) by each step.\n\n{}",
        table.done()
    )
}

fn range((least, most): (u64, u64)) -> String {
    match least == most {
        true => least.to_string(),
        false => format!("{least} to {most}"),
    }
}

/// Picoseconds as microseconds for each of so many.
fn micros(picoseconds: u64, each_of: u32) -> String {
    tenths(u128::from(picoseconds) / 100_000, each_of)
}

/// Tenths, for each of so many, rounded down.
fn tenths(tenths: u128, each_of: u32) -> String {
    let each = tenths / u128::from(each_of);
    format!("{}.{}", each / 10, each % 10)
}

fn signed_tenths(value: i128, each_of: u32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", tenths(value.unsigned_abs(), each_of))
}
