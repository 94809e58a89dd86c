//! Feeds damaged bytes to every decoder for some time or for some runs, or one input again.

use clap::Parser;
use pensum_fuzz_decoders::{memory, run::Runs, target::Target, targets};
use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant, SystemTime},
};

/// Damaged bytes for every decoder that meets the network or the disk.
#[derive(Parser)]
struct Args {
    /// Seconds to look for inputs that fail.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Try so many inputs, a share for each decoder, however long it takes: with the same seed always the same ones.
    #[arg(long, conflicts_with = "seconds", requires = "seed")]
    runs: Option<u64>,
    /// Begin with this number; the clock decides otherwise.
    #[arg(long)]
    seed: Option<u64>,
    /// Only this decoder: see the README for their names.
    #[arg(long)]
    target: Option<String>,
    /// Try this one input.
    #[arg(long, requires = "target")]
    replay: Option<PathBuf>,
    /// Where an input that fails is written to.
    #[arg(long, default_value = "target/fuzz-decoders")]
    failures: PathBuf,
}

fn main() -> ExitCode {
    let args = Args::parse();
    match fuzz(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cannot read or write a file: {error}");
            ExitCode::FAILURE
        }
    }
}

fn fuzz(args: &Args) -> io::Result<bool> {
    let wanted: Vec<Target> = match &args.target {
        None => targets::ALL.to_vec(),
        Some(name) => targets::named(name).into_iter().collect(),
    };
    if wanted.is_empty() {
        let names = targets::ALL.map(|target| target.name).join(", ");
        eprintln!("There is no such decoder. Name one of: {names}.");
        return Ok(false);
    }
    if let (Some(path), [target]) = (&args.replay, &wanted[..]) {
        let tried = target.try_one(&fs::read(path)?);
        println!(
            "{}",
            tried
                .as_ref()
                .map_or_else(|wrong| format!("WRONG: {wrong}"), |()| "nothing is wrong".into())
        );
        return Ok(tried.is_ok());
    }
    // A panic is caught and told with the input that made it.
    std::panic::set_hook(Box::new(|_| {}));
    let clock = SystemTime::UNIX_EPOCH
        .elapsed()
        .map_or(0, |since| since.as_millis() as u64);
    let seed = args.seed.unwrap_or(clock);
    println!("seed {seed}");
    let all: u64 = wanted.iter().map(|target| u64::from(target.share)).sum();
    let mut sound = true;
    for target in wanted {
        let share = u64::from(target.share);
        let (start, mut runs, mut tried) = (Instant::now(), Runs::new(target, seed), 0);
        let time = Duration::from_millis(args.seconds * 1_000 * share / all.max(1));
        let wrong = loop {
            let (goes_on, step) = match args.runs {
                Some(count) => (
                    tried == 0,
                    (count * share).div_ceil(all.max(1)).max(runs.seeds() as u64),
                ),
                None => (start.elapsed() < time, 16),
            };
            if !goes_on {
                break None;
            }
            if let Err(failure) = runs.go(step) {
                break Some(failure);
            }
            tried += step;
        };
        let peak = memory::peak_mib().unwrap_or_default();
        println!(
            "{:<16} {tried:>7} inputs, {:>4} to begin with, {:>6} ms; peak {peak} MiB",
            target.name,
            runs.seeds(),
            start.elapsed().as_millis(),
        );
        if let Some(failure) = wrong {
            sound = false;
            println!("WRONG: {}", failure.wrong);
            let path = keep(&args.failures, target.name, &failure.input)?;
            println!(
                "replay it with: pensum-fuzz-decoders --target {} --replay {}",
                target.name,
                path.display()
            );
        }
        if peak > memory::MAX_MIB {
            sound = false;
            println!("WRONG: more than {} MiB were held", memory::MAX_MIB);
        }
    }
    Ok(sound)
}

fn keep(folder: &Path, name: &str, input: &[u8]) -> io::Result<PathBuf> {
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    let path = folder.join(format!("{name}-{:016x}.bin", hasher.finish()));
    fs::create_dir_all(folder)?;
    fs::write(&path, input)?;
    Ok(path)
}
