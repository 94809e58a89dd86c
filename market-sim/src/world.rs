//! The world: solvers, time, and what is known at the end.

use crate::{
    agents::{part, Account, Answer, Fault, Solver, Strategy, Task},
    matching::Chosen,
    parameters::Parameters,
    rng::Rng,
    scenario::{Scenario, Verification, ROYALTY_PPM},
};
use market_math::{audit, payout, slash};
use std::collections::BTreeMap;

/// Tasks between two points of the history.
pub const SAMPLE: u32 = 100;

/// What became of the tasks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Answered right and paid.
    pub answered: u32,
    /// Answered wrong and paid all the same.
    pub wrong_paid: u32,
    /// Refunded.
    pub refunded: u32,
    /// Times that a solver was slashed for an answer that was right.
    pub right_slashed: u32,
}

impl Tally {
    /// Two tallies together.
    pub const fn and(self, other: Self) -> Self {
        Self {
            answered: self.answered + other.answered,
            wrong_paid: self.wrong_paid + other.wrong_paid,
            refunded: self.refunded + other.refunded,
            right_slashed: self.right_slashed + other.right_slashed,
        }
    }
}

/// What every strategy had earned at some point, for each solver that follows it.
#[derive(Clone, PartialEq, Debug)]
pub struct Point {
    /// Tasks so far.
    pub tasks: u32,
    /// Earnings of one solver of each strategy, on average.
    pub net: BTreeMap<Strategy, i128>,
}

/// A simulation.
#[derive(Clone, Debug)]
pub struct World {
    /// The runtime's numbers.
    pub parameters: Parameters,
    /// What is simulated.
    pub scenario: Scenario,
    /// The solvers.
    pub solvers: Vec<Solver>,
    /// What became of the tasks.
    pub tally: Tally,
    /// How earnings grew.
    pub history: Vec<Point>,
    /// The block; one task is posted in each.
    pub now: u32,
    pub(crate) rng: Rng,
}

impl World {
    /// A world in which nothing has happened.
    pub fn new(scenario: Scenario, parameters: Parameters, seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let mut solvers = Vec::new();
        for (strategy, count) in &scenario.population {
            for _ in 0..*count {
                // Machines differ: a run costs a tenth more or less, and who runs the model asks accordingly.
                let spread = 900_000 + rng.below(200_001) as u32;
                let usual_cost = part(scenario.price, scenario.run_cost_ppm);
                let usual_price = part(scenario.price, strategy.asks_ppm());
                solvers.push(Solver::new(
                    *strategy,
                    part(usual_price, spread),
                    part(usual_cost, spread),
                    parameters.min_bond * u128::from(scenario.stakes),
                    parameters.min_bond,
                ));
            }
        }
        Self {
            parameters,
            scenario,
            solvers,
            tally: Tally::default(),
            history: Vec::new(),
            now: 0,
            rng,
        }
    }

    /// Posts so many tasks, one after the other.
    pub fn run(mut self, tasks: u32) -> Self {
        self.sample();
        for _ in 0..tasks {
            self.now += 1;
            let (now, parameters) = (self.now, &self.parameters);
            self.solvers
                .iter_mut()
                .for_each(|solver| solver.wake(now, parameters));
            let task = Task::draw(&mut self.rng);
            self.solve(&task);
            if self.now.is_multiple_of(SAMPLE) {
                self.sample();
            }
        }
        self
    }

    /// The account of all solvers of a strategy together.
    pub fn account(&self, strategy: Strategy) -> Account {
        self.of(strategy)
            .fold(Account::default(), |sum, solver| sum.and(solver.account))
    }

    /// The solvers of a strategy.
    pub fn of(&self, strategy: Strategy) -> impl Iterator<Item = &Solver> {
        self.solvers
            .iter()
            .filter(move |solver| solver.strategy == strategy)
    }

    /// Earnings of one solver of a strategy, on average.
    pub fn net(&self, strategy: Strategy) -> i128 {
        let count = self.of(strategy).count().max(1);
        self.account(strategy).net() / count as i128
    }

    /// Most that one task may cost.
    pub(crate) const fn max_reward(&self) -> u128 {
        self.scenario.price * 2
    }

    /// Has a solver work on a task, and charges it for that.
    pub(crate) fn ask(&mut self, solver: usize, task: &Task) -> Answer {
        let verification = self.scenario.verification;
        let answer = self.solvers[solver].answer(task, verification, &mut self.rng);
        let solver = &mut self.solvers[solver];
        solver.take(self.now + verification.blocks());
        if answer.ran {
            // Whoever ran the model opens the nodes that are audited; that is the same share of a run once more.
            let share = match verification {
                Verification::ReplayAudited => self.parameters.audit_share_ppm,
                Verification::ReplayAtOnce | Verification::Quorum { .. } => 0,
            };
            let cost_ppm = audit::cost_ppm(solver.run_cost, solver.run_cost, share);
            solver.account.spent += part(solver.run_cost, cost_ppm as u32);
        }
        answer
    }

    /// Pays for an answer, and for what it repaired.
    pub(crate) fn pay(&mut self, chosen: Chosen, repaired: &[u128]) {
        let fee = self.parameters.fee_ppm();
        let solver = &mut self.solvers[chosen.solver];
        solver.account.paid += payout::split(chosen.price, ROYALTY_PPM, fee).solver;
        for amount in repaired {
            let (harmed, repairer) = (
                self.parameters.harmed_share_ppm,
                self.parameters.repairer_share_ppm,
            );
            solver.account.rescued += slash::split(*amount, harmed, repairer, true).repairer;
        }
        solver.agreed(chosen.price, &self.parameters);
    }

    /// Reports a fault; what it cost.
    pub(crate) fn blame(&mut self, chosen: Chosen, fault: Fault) -> u128 {
        let now = self.now;
        self.solvers[chosen.solver].fault(fault, chosen.bond, chosen.price, now, &self.parameters)
    }

    /// Counts a task that ended.
    pub(crate) const fn count(&mut self, right: Option<bool>) {
        match right {
            Some(true) => self.tally.answered += 1,
            Some(false) => self.tally.wrong_paid += 1,
            None => self.tally.refunded += 1,
        }
    }

    fn sample(&mut self) {
        let net = Strategy::ALL
            .into_iter()
            .map(|strategy| (strategy, self.net(strategy)))
            .collect();
        self.history.push(Point { tasks: self.now, net });
    }
}
