//! Fuzzes the runtime for some time, or replays one input and tells what happens.

use clap::Parser;
use pensum_fuzz::{
    corpus,
    fuzzer::{Done, Fuzzer},
    run::{self, Report},
    shrink::shrink,
    violation::Violation,
};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant, SystemTime},
};

/// How long a failing input is made shorter.
const SHRINKING: Duration = Duration::from_secs(20);

/// Calls in any order and of any content against the whole runtime.
#[derive(Parser)]
struct Args {
    /// Seconds to look for inputs that fail.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Try the corpus and so many new inputs, however long it takes: with the same seed always the same ones.
    #[arg(long, conflicts_with = "seconds", requires = "seed")]
    runs: Option<u64>,
    /// Begin with this number; the clock decides otherwise.
    #[arg(long)]
    seed: Option<u64>,
    /// Tell how often each call succeeded and failed, and which events were seen.
    #[arg(long)]
    table: bool,
    /// Folder of inputs to begin with; that of the repository otherwise.
    #[arg(long)]
    corpus: Option<PathBuf>,
    /// Put the fewest inputs that show all that was seen into the folder, in place of what is there.
    #[arg(long)]
    write_corpus: bool,
    /// Look for other failures after the first.
    #[arg(long)]
    keep_going: bool,
    /// Run this one input and tell what happens.
    #[arg(long)]
    replay: Option<PathBuf>,
    /// Where an input that fails is written to.
    #[arg(long, default_value = "target/fuzz")]
    failures: PathBuf,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match &args.replay {
        Some(path) => replay(path),
        None => fuzz(&args),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cannot read or write a file: {error}");
            ExitCode::FAILURE
        }
    }
}

fn replay(path: &Path) -> io::Result<bool> {
    let report = run::run_told(&fs::read(path)?, true);
    for line in &report.story {
        println!("{line}");
    }
    Ok(match report.violation {
        None => {
            println!(
                "nothing is wrong: {} tasks in {} blocks",
                report.tasks, report.blocks
            );
            true
        }
        Some(violation) => {
            println!("WRONG: {violation}");
            false
        }
    })
}

fn fuzz(args: &Args) -> io::Result<bool> {
    // A panic of the runtime is caught and told with the input that made it.
    std::panic::set_hook(Box::new(|_| {}));
    let clock = || {
        SystemTime::UNIX_EPOCH
            .elapsed()
            .map_or(0, |since| since.as_millis() as u64)
    };
    let seed = args.seed.unwrap_or_else(clock);
    let folder = args.corpus.clone().unwrap_or_else(corpus::committed);
    println!("seed {seed}, corpus {}", folder.display());
    let mut fuzzer = Fuzzer::new(seed);
    for (path, input) in corpus::load(&folder).unwrap_or_default() {
        if let Some(report) = fuzzer.try_one(&input) {
            println!("{} fails", path.display());
            return failed(args, &input, report);
        }
    }
    let mut known: BTreeMap<String, (Vec<u8>, Report)> = BTreeMap::new();
    let (start, before) = (Instant::now(), fuzzer.done.runs);
    let goes_on = |done: &Done| match args.runs {
        Some(runs) => done.runs - before < runs,
        None => start.elapsed() < Duration::from_secs(args.seconds),
    };
    while goes_on(&fuzzer.done) {
        let Some((input, report)) = fuzzer.search(goes_on, tell) else {
            break;
        };
        if let Some(kind) = report.violation.as_ref().map(kind) {
            known.entry(kind).or_insert((input, report));
        }
        if !args.keep_going {
            break;
        }
    }
    tell(&fuzzer);
    if args.table {
        println!("{}", fuzzer.tally);
    }
    let mut sound = true;
    for (input, report) in known.into_values() {
        sound &= failed(args, &input, report)?;
    }
    if args.write_corpus {
        let kept = corpus::distilled(&fuzzer.kept);
        for (path, _) in corpus::load(&folder).unwrap_or_default() {
            fs::remove_file(path)?;
        }
        for input in &kept {
            corpus::write(&folder, input)?;
        }
        println!("{} inputs written", kept.len());
    }
    Ok(sound)
}

fn tell(fuzzer: &Fuzzer) {
    let done = fuzzer.done;
    println!(
        "{} inputs, {} kept, {} different outcomes; {} tasks in {} blocks; hooks of a block weigh {} ms at most",
        done.runs,
        fuzzer.kept.len(),
        fuzzer.seen.len(),
        done.tasks,
        done.blocks,
        done.heaviest_hooks / 1_000_000_000,
    );
}

/// Makes the input shorter, writes it, and tells what it does.
fn failed(args: &Args, input: &[u8], report: Report) -> io::Result<bool> {
    let Some(violation) = report.violation else {
        return Ok(true);
    };
    println!("WRONG: {violation}");
    let kind = kind(&violation);
    let shortest = shrink(input, SHRINKING, |shorter| {
        run::run(shorter)
            .violation
            .is_some_and(|other| self::kind(&other) == kind)
    });
    let path = corpus::write(&args.failures, &shortest)?;
    replay(&path)?;
    println!(
        "replay it with: cargo run --release -p pensum-fuzz -- --replay {}",
        path.display()
    );
    Ok(false)
}

/// What is wrong, without numbers and names, which change as the input gets shorter.
fn kind(violation: &Violation) -> String {
    violation
        .0
        .split(|letter: char| letter.is_ascii_digit())
        .next()
        .unwrap_or_default()
        .chars()
        .take(40)
        .collect()
}
