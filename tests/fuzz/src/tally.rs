//! How often each call succeeded and failed, and which events were seen.

use codec::Encode;
use pensum_runtime::{RuntimeCall, RuntimeEvent};
use scale_info::{Type, TypeDef, TypeInfo, Variant};
use std::{
    collections::BTreeMap,
    fmt::{self, Display},
};

/// The project's pallets, as the runtime names them.
pub const PALLETS: [&str; 9] = [
    "SolverStaking",
    "AttestationRegistry",
    "TaskMarket",
    "InferenceWorker",
    "Auction",
    "Panel",
    "Dispute",
    "Workflow",
    "Rates",
];

/// How many of the reasons why a call failed are told.
const OFTEN: usize = 4;

/// A call, by pallet and name.
pub type CallName = (String, String);

/// What came of the calls of one name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcomes {
    /// How often it succeeded.
    pub succeeded: u64,
    /// How often it failed, by why.
    pub failed: BTreeMap<String, u64>,
}

impl Outcomes {
    fn failures(&self) -> u64 {
        self.failed.values().sum()
    }

    fn add(&mut self, other: &Self) {
        self.succeeded += other.succeeded;
        for (why, count) in &other.failed {
            *self.failed.entry(why.clone()).or_default() += count;
        }
    }
}

/// An event's pallet and place in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Kind(u8, u8);

impl Kind {
    /// The kind of this event.
    pub fn of(event: &RuntimeEvent) -> Self {
        let encoded = event.encode();
        match encoded.as_slice() {
            [pallet, event, ..] => Self(*pallet, *event),
            _ => Self(u8::MAX, u8::MAX),
        }
    }
}

/// What was called, and what happened.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    calls: BTreeMap<CallName, Outcomes>,
    events: BTreeMap<Kind, u64>,
}

impl Tally {
    /// Counts a call that succeeded, or failed for this reason.
    pub fn call(&mut self, name: &CallName, failed: Option<String>) {
        let outcomes = self.calls.entry(name.clone()).or_default();
        match failed {
            None => outcomes.succeeded += 1,
            Some(why) => *outcomes.failed.entry(why).or_default() += 1,
        }
    }

    /// Counts an event.
    pub fn event(&mut self, kind: Kind) {
        *self.events.entry(kind).or_default() += 1;
    }

    /// Counts what another has counted.
    pub fn add(&mut self, other: &Self) {
        for (name, outcomes) in &other.calls {
            self.calls.entry(name.clone()).or_default().add(outcomes);
        }
        for (kind, count) in &other.events {
            *self.events.entry(*kind).or_default() += count;
        }
    }

    /// Calls of the project's pallets that never succeeded.
    pub fn never_succeeded(&self) -> Vec<CallName> {
        calls()
            .into_iter()
            .filter(|name| {
                self.calls
                    .get(name)
                    .is_none_or(|outcomes| outcomes.succeeded == 0)
            })
            .collect()
    }

    /// Events of the project's pallets that never happened.
    pub fn never_seen(&self) -> Vec<String> {
        let all = events().into_iter();
        all.filter(|(kind, _)| !self.events.contains_key(kind))
            .map(|(_, name)| name)
            .collect()
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<45} {:>9} {:>9}", "call", "succeeded", "failed")?;
        for name in calls() {
            let outcomes = self.calls.get(&name).cloned().unwrap_or_default();
            let mut reasons: Vec<_> = outcomes.failed.iter().map(|(why, count)| (count, why)).collect();
            reasons.sort_by(|a, b| b.cmp(a));
            let often: Vec<_> = reasons
                .iter()
                .take(OFTEN)
                .map(|(count, why)| format!("{why} {count}"))
                .collect();
            let (name, failures) = (format!("{}.{}", name.0, name.1), outcomes.failures());
            let (succeeded, often) = (outcomes.succeeded, often.join(", "));
            writeln!(f, "{name:<45} {succeeded:>9} {failures:>9}  {often}")?;
        }
        writeln!(f, "\n{:<45} {:>9}", "event", "seen")?;
        for (kind, name) in events() {
            let seen = self.events.get(&kind).copied().unwrap_or(0);
            writeln!(f, "{name:<45} {seen:>9}")?;
        }
        Ok(())
    }
}

/// All calls of the project's pallets.
pub fn calls() -> Vec<CallName> {
    of_pallets::<RuntimeCall>()
        .flat_map(|(pallet, _, calls)| calls.into_iter().map(move |(_, call)| (pallet.clone(), call)))
        .collect()
}

/// All events of the project's pallets.
fn events() -> Vec<(Kind, String)> {
    of_pallets::<RuntimeEvent>()
        .flat_map(|(pallet, index, events)| {
            events
                .into_iter()
                .map(move |(place, event)| (Kind(index, place), format!("{pallet}.{event}")))
        })
        .collect()
}

/// The kinds of a pallet's calls or events, by their place.
type Kinds = Vec<(u8, String)>;

/// The project's pallets among the variants of the runtime's calls or events: name, index, and kinds.
fn of_pallets<T: TypeInfo + 'static>() -> impl Iterator<Item = (String, u8, Kinds)> {
    let pallets = variants(&T::type_info()).into_iter();
    pallets
        .filter(|variant| PALLETS.contains(&variant.name))
        .map(|variant| {
            let inner = variant.fields.first().map(|field| field.ty.type_info());
            let kinds = inner.map_or_else(Vec::new, |inner| variants(&inner));
            let kinds = kinds.iter().filter(|kind| !kind.name.starts_with("__"));
            let named = kinds.map(|kind| (kind.index, kind.name.to_string())).collect();
            (variant.name.to_string(), variant.index, named)
        })
}

fn variants(of: &Type) -> Vec<Variant> {
    match &of.type_def {
        TypeDef::Variant(all) => all.variants.clone(),
        _ => Vec::new(),
    }
}
