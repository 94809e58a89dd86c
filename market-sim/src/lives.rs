//! Several simulations of one market, so that no strategy is judged by its luck.

use crate::{
    agents::{Account, Strategy},
    parameters::Parameters,
    scenario::Scenario,
    world::{Point, Tally, World},
};

/// Simulations of the same market that differ in their seed.
#[derive(Clone, Debug)]
pub struct Lives {
    /// The market.
    pub scenario: Scenario,
    /// The simulations, each at its end.
    pub worlds: Vec<World>,
}

impl Lives {
    /// Runs a market with so many seeds, from this one on.
    pub fn run(scenario: Scenario, parameters: Parameters, tasks: u32, seed: u64, count: u64) -> Self {
        let live = |number| World::new(scenario.clone(), parameters, seed.wrapping_add(number)).run(tasks);
        Self {
            worlds: (0..count).map(live).collect(),
            scenario,
        }
    }

    /// The account of all solvers of a strategy together.
    pub fn account(&self, strategy: Strategy) -> Account {
        self.worlds
            .iter()
            .fold(Account::default(), |sum, world| sum.and(world.account(strategy)))
    }

    /// How many solvers followed a strategy.
    pub fn solvers(&self, strategy: Strategy) -> usize {
        self.worlds.iter().map(|world| world.of(strategy).count()).sum()
    }

    /// How many identities the solvers of a strategy have had.
    pub fn identities(&self, strategy: Strategy) -> u32 {
        let solvers = self.worlds.iter().flat_map(|world| world.of(strategy));
        solvers.map(|solver| solver.identities).sum()
    }

    /// Earnings of one solver of a strategy, on average.
    pub fn net(&self, strategy: Strategy) -> i128 {
        self.account(strategy).net() / self.solvers(strategy).max(1) as i128
    }

    /// Earnings of a strategy for each task it took, as a share of the usual price in parts per million: its earnings per unit of work.
    pub fn net_per_task_ppm(&self, strategy: Strategy) -> i128 {
        let account = self.account(strategy);
        account.net() * 1_000_000 / (i128::from(account.tasks.max(1)) * self.scenario.price as i128)
    }

    /// What became of all tasks.
    pub fn tally(&self) -> Tally {
        self.worlds
            .iter()
            .fold(Tally::default(), |sum, world| sum.and(world.tally))
    }

    /// How earnings grew, on average.
    pub fn history(&self) -> Vec<Point> {
        let Some(first) = self.worlds.first() else {
            return Vec::new();
        };
        (0..first.history.len()).map(|place| self.point(place)).collect()
    }

    fn point(&self, place: usize) -> Point {
        let points: Vec<&Point> = self
            .worlds
            .iter()
            .filter_map(|world| world.history.get(place))
            .collect();
        let mean = |strategy| {
            let sum: i128 = points.iter().filter_map(|point| point.net.get(&strategy)).sum();
            sum / points.len().max(1) as i128
        };
        Point {
            tasks: points.first().map_or(0, |point| point.tasks),
            net: Strategy::ALL.map(|strategy| (strategy, mean(strategy))).into(),
        }
    }
}
