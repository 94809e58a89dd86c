//! The node: whether it follows the chain and knows the time.

use super::Finding;
use crate::{Chain, Error};
use serde::Deserialize;
use std::time::{SystemTime, UNIX_EPOCH};

/// Blocks behind the best known one that are no cause for worry.
const NEAR: u64 = 3;
/// Blocks between best and final block that are no cause for worry.
const FINALITY_LAG: u32 = 20;
/// How old the best block may be in milliseconds: slots without a block happen.
const STALE_MS: i128 = 30_000;
/// How far in the future the best block may be in milliseconds: one slot, which is a second.
const AHEAD_MS: i128 = 1_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Health {
    peers: u64,
    is_syncing: bool,
    should_have_peers: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SyncState {
    current_block: u64,
    highest_block: u64,
}

pub(super) async fn examine(chain: &Chain) -> Result<Vec<Finding>, Error> {
    let none: [(); 0] = [];
    let health: Health = chain.rpc.request("system_health", none).await?;
    let sync: SyncState = chain.rpc.request("system_syncState", none).await?;
    let at = chain.best().await?;
    let best = at.block_number() as u32;
    let made_at: Option<u64> = chain.entry(&at, "Timestamp", "Now", Vec::new()).await?;
    let lag = best.saturating_sub(chain.finalized_number().await?);
    Ok(vec![
        peers(&health),
        synced(&health, &sync),
        clock(i128::from(made_at.unwrap_or_default()), now_ms()),
        finality(best, lag),
    ])
}

fn peers(health: &Health) -> Finding {
    match (health.peers, health.should_have_peers) {
        (0, true) => Finding::problem(
            "peers",
            "The node has no peers.",
            "Give it --bootnodes, and open its p2p port in the firewall.",
        ),
        (peers, _) => Finding::ok("peers", format!("The node has {peers} peers.")),
    }
}

fn synced(health: &Health, sync: &SyncState) -> Finding {
    let behind = sync.highest_block.saturating_sub(sync.current_block);
    if health.is_syncing || behind > NEAR {
        return Finding::problem(
            "sync",
            format!(
                "The node is at block {} of {}.",
                sync.current_block, sync.highest_block
            ),
            "Wait until it has caught up; a solver that lags answers too late.",
        );
    }
    Finding::ok("sync", format!("The node is at block {}.", sync.current_block))
}

fn clock(made_at: i128, now: i128) -> Finding {
    let age = now - made_at;
    if age > STALE_MS {
        return Finding::problem(
            "clock",
            format!("The best block is {} s old by this machine's clock.", age / 1_000),
            "Either the chain makes no blocks, the node does not hear of them, or this clock is fast: compare it by NTP.",
        );
    }
    if age < -AHEAD_MS {
        return Finding::problem(
            "clock",
            format!(
                "The best block is {} s in the future by this machine's clock.",
                -age / 1_000
            ),
            "Set the clock by NTP.",
        );
    }
    Finding::ok("clock", format!("The best block is {} ms old.", age.max(0)))
}

fn finality(best: u32, lag: u32) -> Finding {
    if lag > FINALITY_LAG {
        return Finding::warning(
            "finality",
            format!("Block {best} is {lag} blocks ahead of the last final one."),
            "Payments are not final. See whether enough validators are up.",
        );
    }
    Finding::ok("finality", format!("Finality is {lag} blocks behind."))
}

fn now_ms() -> i128 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis() as i128)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;

    #[test]
    fn a_clock_may_be_off_by_little() {
        assert_eq!(clock(100_000, 100_500).level, Level::Ok);
        assert_eq!(clock(100_000, 99_500).level, Level::Ok);
        assert_eq!(clock(100_000, 140_000).level, Level::Problem);
        assert_eq!(clock(100_000, 90_000).level, Level::Problem);
    }

    #[test]
    fn a_node_that_lags_or_is_alone_is_no_good() {
        let health = |peers, is_syncing, should_have_peers| Health {
            peers,
            is_syncing,
            should_have_peers,
        };
        let sync = |current_block| SyncState {
            current_block,
            highest_block: 100,
        };
        assert_eq!(peers(&health(0, false, true)).level, Level::Problem);
        assert_eq!(peers(&health(0, false, false)).level, Level::Ok);
        assert_eq!(synced(&health(1, false, true), &sync(99)).level, Level::Ok);
        assert_eq!(synced(&health(1, false, true), &sync(50)).level, Level::Problem);
        assert_eq!(synced(&health(1, true, true), &sync(100)).level, Level::Problem);
        assert_eq!(finality(100, 50).level, Level::Warning);
    }
}
