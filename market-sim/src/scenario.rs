//! Scenarios: how tasks are matched and verified, what they cost, and who takes part.

use crate::{agents::Strategy, parameters::MILLI};

/// Labels that a model can answer with.
pub const LABELS: u64 = 10;
/// How often the most frequent label is right, in parts per million: what a guess is worth.
pub const GUESS_PPM: u32 = 200_000;
/// How often an input was answered before, in parts per million, so that its answer can be copied from the chain.
pub const REPEAT_PPM: u32 = 50_000;
/// Nodes of the model's graph.
pub const NODES: u32 = 14;
/// The publisher's royalty, in parts per million.
pub const ROYALTY_PPM: u32 = 50_000;
/// Tasks or seats that a solver holds at once: what keeps the cheapest from taking everything.
pub const CAPACITY: usize = 4;
/// How often a task goes to another solver.
pub const MAX_HANDOVERS: usize = 6;

/// How an answer is verified.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verification {
    /// The chain runs the graph when the answer arrives.
    ReplayAtOnce,
    /// The answer stands for a window in which nobody watches; the chain audits.
    ReplayAudited,
    /// A panel answers under a commitment.
    Quorum {
        /// Members of the first round.
        solvers: u32,
        /// How many must agree.
        threshold: u32,
    },
}

impl Verification {
    /// For how many blocks a task or a seat keeps a solver busy. With one task a block, so that ten solvers have enough to do.
    pub const fn blocks(self) -> u32 {
        match self {
            Self::ReplayAtOnce | Self::ReplayAudited => 40,
            Self::Quorum { .. } => 8,
        }
    }
}

/// How the solver is chosen, where it is not a panel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Matching {
    /// Against standing offers.
    Book,
    /// By sealed bids.
    Sealed,
}

/// One market to be simulated.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scenario {
    /// Its name, of files too.
    pub name: &'static str,
    /// How answers are verified.
    pub verification: Verification,
    /// How solvers are chosen.
    pub matching: Matching,
    /// The usual price of a task.
    pub price: u128,
    /// What a run costs on average, in parts per million of the usual price.
    pub run_cost_ppm: u32,
    /// What each solver has, as a multiple of the least bond.
    pub stakes: u32,
    /// How many solvers follow each strategy.
    pub population: Vec<(Strategy, u32)>,
}

impl Scenario {
    /// A market of small tasks.
    pub fn new(name: &'static str, verification: Verification, matching: Matching) -> Self {
        Self {
            name,
            verification,
            matching,
            price: MILLI,
            run_cost_ppm: 800_000,
            stakes: 2,
            population: vec![
                (Strategy::Honest, 12),
                (Strategy::Lazy, 2),
                (Strategy::Copying, 2),
                (Strategy::Wrong, 2),
                (Strategy::Colluding, 3),
                (Strategy::Whitewashing, 2),
            ],
        }
    }

    /// The same with prices so high that a bond is half of what a solver has: the share of its other stake, of which a fault takes a
    /// hundredth, hardly counts, and the bond alone must deter. Few tasks make one broke, so there are more of each.
    fn dear(self, name: &'static str) -> Self {
        let population = self.population.iter();
        Self {
            name,
            price: 500 * MILLI,
            population: population
                .map(|(strategy, count)| (*strategy, count * 10))
                .collect(),
            ..self
        }
    }

    /// One for every way to verify.
    pub fn all() -> Vec<Self> {
        let audited = Self::new("replay-audited", Verification::ReplayAudited, Matching::Book);
        vec![
            Self::new("replay-at-once", Verification::ReplayAtOnce, Matching::Book),
            audited.clone(),
            audited.dear("replay-audited-dear"),
            Self::new(
                "replay-audited-sealed",
                Verification::ReplayAudited,
                Matching::Sealed,
            ),
            Self::new(
                "quorum",
                Verification::Quorum {
                    solvers: 5,
                    threshold: 4,
                },
                Matching::Book,
            ),
        ]
    }
}
