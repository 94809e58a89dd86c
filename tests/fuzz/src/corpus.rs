//! Inputs that showed something new, as files.

use crate::{random::Random, run};
use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

/// Most files of a corpus that is written.
pub const MAX_FILES: usize = 250;

/// The corpus that is part of the repository.
pub fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// All inputs of a folder, in the order of their names.
pub fn load(folder: &Path) -> io::Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut inputs = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "bin") {
            let input = fs::read(&path)?;
            inputs.push((path, input));
        }
    }
    inputs.sort();
    Ok(inputs)
}

/// Writes an input under the name of its digest.
pub fn write(folder: &Path, input: &[u8]) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let digest = sp_io::hashing::blake2_128(input);
    let name: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let path = folder.join(format!("{name}.bin"));
    fs::write(&path, input)?;
    Ok(path)
}

/// The fewest inputs, chosen greedily, that show all that all of them show; at most `MAX_FILES`.
pub fn distilled(inputs: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut shown: Vec<(&Vec<u8>, BTreeSet<u64>)> = inputs
        .iter()
        .map(|input| (input, run::run(input).features))
        .collect();
    let mut chosen = Vec::new();
    while chosen.len() < MAX_FILES {
        let best = (0..shown.len()).max_by_key(|place| shown[*place].1.len());
        let Some((input, features)) = best.map(|place| shown.swap_remove(place)) else {
            break;
        };
        if features.is_empty() {
            break;
        }
        for (_, others) in &mut shown {
            others.retain(|feature| !features.contains(feature));
        }
        chosen.push(input.clone());
    }
    chosen
}

/// One of these.
pub fn some<'a>(random: &mut Random, inputs: &'a [Vec<u8>]) -> &'a [u8] {
    let at = random.below(inputs.len());
    inputs.get(at).map_or(&[], Vec::as_slice)
}
