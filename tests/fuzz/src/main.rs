//! Fuzzes for some seconds, or replays one input.

use pensum_fuzz::{random::Random, run};

fn main() {
    let mut random = Random::new(1);
    let start = std::time::Instant::now();
    let mut n = 0;
    let mut features = std::collections::BTreeSet::new();
    let (mut tasks, mut blocks, mut heavy) = (0, 0, 0);
    while start.elapsed().as_secs() < 20 {
        let len = 64 + random.below(900);
        let input = random.bytes(len);
        let report = run::run(&input);
        n += 1;
        features.extend(report.features);
        tasks += report.tasks;
        blocks += report.blocks;
        heavy = heavy.max(report.heaviest_hooks);
        if let Some(violation) = report.violation {
            println!("VIOLATION after {n}: {violation}");
            let told = run::run_told(&input, true);
            for line in told.story.iter().rev().take(60).collect::<Vec<_>>().iter().rev() {
                println!("{line}");
            }
            break;
        }
    }
    println!(
        "{n} runs, {} features, {tasks} tasks, {blocks} blocks, heaviest {heavy}",
        features.len()
    );
}
