//! All decoders under test.

mod checkpoint_files;
mod extrinsic;
mod gateway_disk;
mod gateway_http;
mod graph;
mod hyperlane;
mod scale;
mod task_abi;

use crate::target::Target;
use codec::{Decode, Encode};

/// All of them.
pub const ALL: [Target; 8] = [
    extrinsic::TARGET,
    scale::TARGET,
    hyperlane::TARGET,
    checkpoint_files::TARGET,
    task_abi::TARGET,
    graph::TARGET,
    gateway_http::TARGET,
    gateway_disk::TARGET,
];

/// The target of this name.
pub fn named(name: &str) -> Option<Target> {
    ALL.into_iter().find(|target| target.name == name)
}

/// Encodings of whatever a type can be: what it makes of streams of small numbers, written again.
fn encodings<T: Decode + Encode>(tries: u64) -> Vec<Vec<u8>> {
    let mut found: Vec<Vec<u8>> = (0..tries)
        .filter_map(|number| {
            let mut random = pensum_fuzz::random::Random::new(number);
            let most = [1, 2, 5, 12, 256][(number % 5) as usize];
            let stream: Vec<u8> = (0..4096).map(|_| random.below(most) as u8).collect();
            T::decode(&mut &stream[..]).ok().map(|value| value.encode())
        })
        .filter(|encoded| encoded.len() < 4096)
        .collect();
    found.sort();
    found.dedup();
    found
}
