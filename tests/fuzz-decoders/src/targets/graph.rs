//! Graphs and skeletons.

use crate::target::{same, Target};
use pensum_graph::{Graph, Limits, Skeleton};
use std::{fs, path::Path};

pub(super) const TARGET: Target = Target {
    name: "graph",
    seeds,
    check,
    share: 2000,
};

/// What is run here may cost this much: some milliseconds. Costlier graphs are only validated.
const MAX_COST: u64 = 3_000_000;

/// The shipped models. Of the large one the head: its weights only take time.
fn seeds() -> Vec<Vec<u8>> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../inference/models");
    let mut seeds = Vec::new();
    for model in ["digits", "langid"] {
        let Ok(bytes) = fs::read(models.join(model).join(format!("{model}.graph"))) else {
            continue;
        };
        if let Ok(graph) = Graph::validate(&bytes, &Limits::default()) {
            seeds.push(Skeleton::of(&graph).to_vec());
        }
        seeds.push(bytes);
    }
    seeds
}

fn check(bytes: &[u8]) -> Result<(), String> {
    let limits = Limits::default();
    if let Ok(skeleton) = Skeleton::validate(bytes, &limits) {
        same("a skeleton", &skeleton.bytes(), &bytes)?;
        for number in 0..=skeleton.nodes() {
            let _ = skeleton
                .node(number)
                .map(|node| (node.bytes(), node.io_bytes(), node.digest_cost()));
        }
    }
    let Ok(graph) = Graph::validate(bytes, &limits) else {
        // Not validated, so nothing of it may be run; reading it must still end by itself.
        let _ = Skeleton::parse(bytes);
        return Ok(());
    };
    let _ = graph.node_digests();
    if graph.cost() > MAX_COST {
        return Ok(());
    }
    // One of these lengths fits nearly every input.
    for length in [0, 1, 16, 64, 512] {
        for input in [vec![0; length], vec![b'a'; length], vec![0xff; length]] {
            let fits = graph.check_input(&input);
            let ran = graph.run(&input);
            if fits.is_ok() != ran.is_ok() {
                return Err(format!("`check_input` says {fits:?}, and `run` {:?}", ran.err()));
            }
            if let Ok(output) = ran {
                same(
                    "an output's length",
                    &output.len(),
                    &(graph.output().bytes as usize),
                )?;
                same(
                    "the traced output",
                    &graph.run_traced(&input).map(|(traced, _)| traced),
                    &Ok(output),
                )?;
            }
        }
    }
    Ok(())
}
