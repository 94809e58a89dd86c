//! Where everything stands, for people, programs and metrics.

use crate::{
    config::Config,
    evm,
    journal::{Journal, Record, State, Totals},
    pensum,
    time::Millis,
    Error,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt::Write as _};

/// Pending messages that are listed for each route; all of them are counted.
const LISTED: usize = 20;

/// The whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The journal's file.
    pub journal: String,
    /// Whether the process that runs has answered; otherwise this is what it left.
    pub running: bool,
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// The chains that messages come from.
    pub origins: Vec<Origin>,
    /// The routes.
    pub routes: Vec<Route>,
}

/// How far an origin has been read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// What it is called.
    pub name: String,
    /// Its domain.
    pub domain: u32,
    /// What is read next: a block's number on an EVM chain, a leaf's on Pensum.
    pub next: Option<u64>,
    /// Leaves of its tree.
    pub leaves: u32,
}

/// A route.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// Where messages come from.
    pub origin: String,
    /// Where they go.
    pub destination: String,
    /// The one's domain.
    pub origin_domain: u32,
    /// The other's.
    pub destination_domain: u32,
    /// Messages seen.
    pub seen: u64,
    /// The nonce of the last.
    pub last_seen: Option<u32>,
    /// Messages delivered, by whomever.
    pub delivered: u64,
    /// The nonce of the one delivered last.
    pub last_delivered: Option<u32>,
    /// When, in milliseconds since 1970.
    pub last_delivered_at: Option<u64>,
    /// Messages that are not delivered.
    pub lag_messages: u64,
    /// How long ago the oldest of them was seen.
    pub lag_seconds: u64,
    /// How many wait, by reason: `new`, `submitted`, and those of the README.
    pub pending_by_reason: BTreeMap<String, u64>,
    /// The first of them.
    pub pending: Vec<Pending>,
    /// What this relayer's transactions cost, in the smallest unit of the destination.
    pub spent: String,
    /// The same in whole coins, rounded.
    pub spent_coins: f64,
}

/// A message that is not delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Its id.
    pub id: String,
    /// Its number at its origin.
    pub nonce: u32,
    /// `new`, `submitted`, or the reason why it waits.
    pub reason: String,
    /// In words.
    pub detail: String,
    /// How often in a row it had to wait for this reason.
    pub attempts: u32,
    /// How long ago it was seen.
    pub seconds: u64,
    /// In how many seconds it is tried again.
    pub again_in: Option<u64>,
    /// The transaction that it is in.
    pub transaction: Option<String>,
}

/// What chains are called, and how many decimals their coins have.
#[derive(Clone, Debug, Default)]
pub struct Names {
    chains: BTreeMap<u32, (String, i32)>,
    routes: Vec<(u32, u32)>,
}

impl Names {
    /// Of a configuration.
    pub fn of(config: &Config) -> Self {
        let mut names = Self::default();
        let Some(home) = &config.pensum else {
            return names;
        };
        names
            .chains
            .insert(home.domain, (pensum::NAME.into(), pensum::DECIMALS));
        for chain in &config.evm {
            names
                .chains
                .insert(chain.domain, (chain.name.clone(), evm::DECIMALS));
            if chain.from_pensum {
                names.routes.push((home.domain, chain.domain));
            }
            if chain.to_pensum {
                names.routes.push((chain.domain, home.domain));
            }
        }
        names
    }

    fn name(&self, domain: u32) -> String {
        self.chains
            .get(&domain)
            .map_or_else(|| domain.to_string(), |(name, _)| name.clone())
    }

    fn coins(&self, domain: u32, units: u128) -> f64 {
        let decimals = self.chains.get(&domain).map_or(0, |(_, decimals)| *decimals);
        units as f64 / 10f64.powi(decimals)
    }
}

impl Status {
    /// From the journal.
    pub fn read(journal: &Journal, names: &Names, running: bool, now: Millis) -> Result<Self, Error> {
        let mut routes: BTreeMap<(u32, u32), Route> = BTreeMap::new();
        for route in &names.routes {
            routes.insert(*route, empty(names, *route));
        }
        for (route, totals) in journal.totals()? {
            let entry = routes.entry(route).or_insert_with(|| empty(names, route));
            count(entry, &totals, names);
        }
        journal.each_pending(|key, record| {
            let route = (key.origin, record.destination);
            let entry = routes.entry(route).or_insert_with(|| empty(names, route));
            add_pending(entry, key.nonce, record, now);
        })?;
        let mut origins = Vec::new();
        for (domain, (name, _)) in &names.chains {
            let next = journal.cursor(*domain)?.next;
            if names.routes.iter().any(|(origin, _)| origin == domain) {
                origins.push(Origin {
                    name: name.clone(),
                    domain: *domain,
                    next,
                    leaves: journal.leaf_count(*domain)?,
                });
            }
        }
        Ok(Self {
            journal: journal.path().display().to_string(),
            running,
            at: now.0,
            origins,
            // Fillers of gaps are no route; messages to domains that are not configured are one, so that they are seen.
            routes: routes
                .into_values()
                .filter(|route| route.origin_domain != route.destination_domain)
                .collect(),
        })
    }

    /// For people.
    pub fn print(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "journal {} ({})",
            self.journal,
            if self.running { "running" } else { "not running" }
        );
        for origin in &self.origins {
            let next = origin
                .next
                .map_or("nothing read".into(), |next| format!("next to read: {next}"));
            let _ = writeln!(
                text,
                "{} (domain {}): {next}, {} leaves",
                origin.name, origin.domain, origin.leaves
            );
        }
        for route in &self.routes {
            let _ = writeln!(
                text,
                "{} -> {}: seen {}, delivered {}, pending {}, lag {} s, spent {}",
                route.origin,
                route.destination,
                route.seen,
                route.delivered,
                route.lag_messages,
                route.lag_seconds,
                route.spent_coins
            );
            for pending in &route.pending {
                let again = pending
                    .again_in
                    .map_or(String::new(), |s| format!(", again in {s} s"));
                let _ = writeln!(
                    text,
                    "    nonce {} {}: {} for {} s{again}. {}",
                    pending.nonce, pending.id, pending.reason, pending.seconds, pending.detail
                );
            }
            let left = route.lag_messages.saturating_sub(route.pending.len() as u64);
            if left > 0 {
                let _ = writeln!(text, "    and {left} more");
            }
        }
        text
    }
}

fn empty(names: &Names, (origin, destination): (u32, u32)) -> Route {
    Route {
        origin: names.name(origin),
        destination: names.name(destination),
        origin_domain: origin,
        destination_domain: destination,
        spent: "0".into(),
        ..Route::default()
    }
}

fn count(route: &mut Route, totals: &Totals, names: &Names) {
    route.seen = totals.seen;
    route.last_seen = totals.last_seen;
    route.delivered = totals.delivered;
    route.last_delivered = totals.last_delivered;
    route.last_delivered_at = totals.last_delivered.map(|_| totals.delivered_at.0);
    route.spent = totals.spent.to_string();
    route.spent_coins = names.coins(route.destination_domain, totals.spent);
}

fn add_pending(route: &mut Route, nonce: u32, record: &Record, now: Millis) {
    let (reason, detail, transaction) = match &record.state {
        State::Seen => ("new", String::new(), None),
        State::Waiting { reason, detail } => (reason.label(), detail.clone(), None),
        State::Submitted { hash, nonce } => (
            "submitted",
            format!("In transaction {nonce}."),
            Some(format!("0x{}", hex::encode(hash))),
        ),
        State::Delivered { .. } => return,
    };
    let seconds = now.since(record.seen).as_secs();
    route.lag_messages += 1;
    route.lag_seconds = route.lag_seconds.max(seconds);
    *route.pending_by_reason.entry(reason.into()).or_default() += 1;
    if route.pending.len() < LISTED {
        route.pending.push(Pending {
            id: format!("0x{}", hex::encode(record.id)),
            nonce,
            reason: reason.into(),
            detail,
            attempts: record.attempts,
            seconds,
            again_in: record.due.map(|due| due.since(now).as_secs()),
            transaction,
        });
    }
}
