//! What is written and printed.

use crate::{agents::Strategy, lives::Lives, parameters::MILLI, world::Point};
use std::fmt::{self, Display, Formatter};

/// Amounts as thousandths of a PEN.
pub fn in_milli(amount: i128) -> f64 {
    amount as f64 / MILLI as f64
}

/// The head of the CSV.
pub const CSV_HEAD: &str = "scenario,tasks,strategy,earned_milli_pen_per_solver\n";

/// The history of a market, one line for each strategy at each point.
pub fn csv(lives: &Lives) -> String {
    let line = |point: &Point, strategy: &Strategy, net: &i128| {
        let (name, tasks) = (lives.scenario.name, point.tasks);
        format!("{name},{tasks},{},{:.6}\n", strategy.name(), in_milli(*net))
    };
    let lines = |point: &Point| -> String {
        point
            .net
            .iter()
            .map(|(strategy, net)| line(point, strategy, net))
            .collect()
    };
    lives.history().iter().map(lines).collect()
}

/// The table of one market.
pub struct Table<'a>(pub &'a Lives);

impl Display for Table<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let lives = self.0;
        let (scenario, worlds) = (&lives.scenario, lives.worlds.len());
        writeln!(
            f,
            "{}: {:?}, {:?}, usual price {} mPEN; {worlds} simulations, mPEN for each solver",
            scenario.name,
            scenario.verification,
            scenario.matching,
            in_milli(scenario.price as i128)
        )?;
        writeln!(
            f,
            "  {:<13}{:>7}{:>8}{:>12}{:>12}{:>12}{:>12}{:>14}{:>10}",
            "strategy", "solvers", "tasks", "paid", "rescues", "spent", "slashed", "net", "of price"
        )?;
        for strategy in Strategy::ALL {
            let count = lives.solvers(strategy);
            if count == 0 {
                continue;
            }
            let account = lives.account(strategy);
            let each = |amount: u128| in_milli(amount as i128) / count as f64;
            writeln!(
                f,
                "  {:<13}{:>7}{:>8}{:>12.2}{:>12.2}{:>12.2}{:>12.2}{:>14.2}{:>9.1}%",
                strategy.name(),
                count,
                account.tasks,
                each(account.paid),
                each(account.rescued),
                each(account.spent),
                each(account.slashed),
                in_milli(lives.net(strategy)),
                lives.net_per_task_ppm(strategy) as f64 / 1e4,
            )?;
        }
        let identities = lives.identities(Strategy::Whitewashing);
        let tally = lives.tally();
        writeln!(
            f,
            "  answered {}, wrong answers paid {}, refunded {}, right answers slashed {}, identities of whitewashers {identities}\n",
            tally.answered, tally.wrong_paid, tally.refunded, tally.right_slashed
        )
    }
}
