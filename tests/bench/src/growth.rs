//! What stays on disk, and in state, of tasks that have ended.

use crate::{
    chain::Chain,
    failure::Measured,
    import::Bench,
    life::{Kind, Plan},
    report::{Goal, Report},
};
use sp_io::hashing::twox_128;

/// Blocks whose state is kept: few, so that what is left is not yesterday's state.
const KEPT: u32 = 2;
/// Blocks that let go of the state of those before.
const LET_GO: usize = 8;
/// The pallets in whose state tasks lie while they live.
const PALLETS: [&str; 5] = ["TaskMarket", "Auction", "Panel", "Dispute", "SolverStaking"];

/// Lives so many tasks in all: the tables' files grow by a quarter of a megabyte at a time, and must grow by much more.
const BATCHED: (Plan, usize) = (
    Plan {
        kind: Kind::Replayed,
        tasks: 100,
        batches: 20,
    },
    30,
);
const SINGLE: (Plan, usize) = (
    Plan {
        kind: Kind::Replayed,
        tasks: 1,
        batches: 200,
    },
    60,
);
const TRANSFERS: usize = 30;

/// Measures it.
pub fn measure(bench: &Bench, report: &mut Report) -> Measured {
    let transfer = each(bench, TRANSFERS, crate::import::TRANSFERS, |chain| {
        bench.transfers(chain).map(|_| ())
    })?;
    report.counted("transfer-bytes-on-disk", "bytes", transfer.bytes);
    for (name, (plan, times)) in [("batched-100", BATCHED), ("single", SINGLE)] {
        let left = each(bench, times, plan.tasks * plan.batches, |chain| {
            bench.live(chain, plan).map(|_| ())
        })?;
        report
            .counted(&format!("settled-task-{name}-bytes-on-disk"), "bytes", left.bytes)
            .against("transfer_keep_alive in the same run", transfer.bytes)
            .note("block bodies and records; as many megabytes for a million tasks");
        report
            .counted(&format!("settled-task-{name}-items-in-state"), "1", left.items)
            .goal(Goal::Max(0.0));
    }
    Ok(())
}

/// What is left.
struct Left {
    bytes: f64,
    items: f64,
}

/// What is left of each task, or transfer, of which `round` makes so many, when it is done so many times.
fn each(bench: &Bench, times: usize, count: usize, round: impl Fn(&mut Chain) -> Measured) -> Measured<Left> {
    let (few, many) = (after(bench, 1, &round)?, after(bench, 1 + times, &round)?);
    let count = (times * count) as f64;
    Ok(Left {
        bytes: (many.bytes - few.bytes) / count,
        items: (many.items - few.items) / count,
    })
}

/// What is there on a new chain after so many rounds, when old state is gone.
fn after(bench: &Bench, rounds: usize, round: impl Fn(&mut Chain) -> Measured) -> Measured<Left> {
    let mut chain = bench.chain(KEPT)?;
    for _ in 0..rounds {
        round(&mut chain)?;
    }
    chain.empty(LET_GO)?;
    Ok(Left {
        items: chain.look(items),
        bytes: chain.node.close()? as f64,
    })
}

/// Items of the market's pallets in state.
fn items() -> f64 {
    let of = |pallet: &&str| {
        let prefix = twox_128(pallet.as_bytes());
        let mut count = 0u32;
        let mut key = prefix.to_vec();
        while let Some(next) = sp_io::storage::next_key(&key).filter(|next| next.starts_with(&prefix)) {
            count += 1;
            key = next;
        }
        f64::from(count)
    };
    PALLETS.iter().map(of).sum()
}
