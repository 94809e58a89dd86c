//! Simulates the market and writes what every strategy earns.

use clap::Parser;
use market_sim::{collusion, lives::Lives, parameters::Parameters, plot, report, scenario::Scenario};
use std::{fs, io, path::PathBuf};

/// What honest and dishonest solvers earn, by the market's own arithmetic.
#[derive(Parser)]
struct Arguments {
    /// Where the CSV and the plots go.
    #[arg(long, default_value = "target/market-sim")]
    out: PathBuf,
    /// Tasks of each simulation.
    #[arg(long, default_value_t = 10_000)]
    tasks: u32,
    /// The same seed gives the same files.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Simulations of each market, over which earnings are averaged.
    #[arg(long, default_value_t = 8)]
    lives: u64,
}

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    fs::create_dir_all(&arguments.out)?;
    let parameters = Parameters::default();
    let mut csv = String::from(report::CSV_HEAD);
    for scenario in Scenario::all() {
        let lives = Lives::run(
            scenario,
            parameters,
            arguments.tasks,
            arguments.seed,
            arguments.lives,
        );
        print!("{}", report::Table(&lives));
        csv.push_str(&report::csv(&lives));
        let plot = arguments.out.join(format!("{}.svg", lives.scenario.name));
        fs::write(plot, plot::svg(&lives))?;
    }
    let worlds = collusion::worlds(parameters, arguments.seed, arguments.tasks);
    print!("{}", collusion::Table(&worlds));
    let path = arguments.out.join("earnings.csv");
    fs::write(&path, csv)?;
    println!("{} and one plot for each simulation", path.display());
    Ok(())
}
