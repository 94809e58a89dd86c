//! How many may collude: panels of several sizes against solvers that agree on a false answer.

use crate::{
    agents::Strategy,
    parameters::Parameters,
    report::in_milli,
    scenario::{Matching, Scenario, Verification},
    world::World,
};
use std::fmt::{self, Display, Formatter};

/// Solvers that do not collude.
const HONEST: u32 = 24;
/// Solvers that do: a ninth, a fifth, a third and two fifths of the stake.
const COLLUDING: [u32; 4] = [3, 6, 12, 16];
/// Panels: members, and how many must agree.
const PANELS: [(u32, u32); 5] = [(3, 2), (3, 3), (5, 3), (5, 4), (7, 5)];

/// A market of honest solvers and of some that collude, before panels of this size.
pub fn scenario(solvers: u32, threshold: u32, colluding: u32) -> Scenario {
    Scenario {
        population: vec![(Strategy::Honest, HONEST), (Strategy::Colluding, colluding)],
        ..Scenario::new(
            "collusion",
            Verification::Quorum { solvers, threshold },
            Matching::Book,
        )
    }
}

/// One world for each panel and each number of those that collude.
pub fn worlds(parameters: Parameters, seed: u64, tasks: u32) -> Vec<World> {
    let world = |(solvers, threshold): (u32, u32), colluding: u32| {
        World::new(scenario(solvers, threshold, colluding), parameters, seed).run(tasks)
    };
    PANELS
        .into_iter()
        .flat_map(|panel| COLLUDING.map(|colluding| world(panel, colluding)))
        .collect()
}

/// The table of all of them.
pub struct Table<'a>(pub &'a [World]);

impl Display for Table<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "collusion: {HONEST} honest solvers and some that agree on a false answer; net in mPEN for each solver"
        )?;
        writeln!(
            f,
            "  {:<8}{:>10}{:>12}{:>15}{:>10}{:>12}{:>15}",
            "panel", "colluding", "wrong paid", "right slashed", "refunded", "honest net", "colluding net"
        )?;
        for world in self.0 {
            let Verification::Quorum { solvers, threshold } = world.scenario.verification else {
                continue;
            };
            let colluding = world.of(Strategy::Colluding).count();
            let share = colluding as f64 / world.solvers.len() as f64 * 100.0;
            writeln!(
                f,
                "  {:<8}{:>9.0}%{:>12}{:>15}{:>10}{:>12.1}{:>15.1}",
                format!("{threshold} of {solvers}"),
                share,
                world.tally.wrong_paid,
                world.tally.right_slashed,
                world.tally.refunded,
                in_milli(world.net(Strategy::Honest)),
                in_milli(world.net(Strategy::Colluding)),
            )?;
        }
        writeln!(f)
    }
}
