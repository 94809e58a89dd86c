//! How long it takes to verify metadata of 5 of 8 validators, with this crate's own functions and with the host's.
//! `cargo run --release -p hyperlane-primitives --example verification_time`

#[path = "../tests/suite/host_functions.rs"]
mod host_functions;
#[path = "../tests/suite/proven.rs"]
mod proven;

use std::{hint::black_box, time::Instant};

use hyperlane_primitives::{Crypto, IsmKind, Message, Metadata, Native};

use host_functions::Host;
use proven::Proven;

const ROUNDS: u32 = 300;

fn main() {
    let proven = Proven::new(8, 5);
    println!(
        "5 of 8 validators, {} bytes of message, {ROUNDS} rounds",
        proven.message.len()
    );
    for (name, kind, metadata) in [
        ("message id", IsmKind::MessageId, &proven.by_id),
        ("Merkle root", IsmKind::MerkleRoot, &proven.by_root),
    ] {
        let native = micros::<Native>(&proven, kind, metadata);
        let host = micros::<Host>(&proven, kind, metadata);
        println!("{name:<12} native {native:>7.1} µs   host {host:>7.1} µs");
    }
}

/// The whole of it: message and metadata read, id hashed, proof followed, signers recovered and found.
fn micros<C: Crypto>(proven: &Proven, kind: IsmKind, metadata: &[u8]) -> f64 {
    let start = Instant::now();
    for _ in 0..ROUNDS {
        let (message, id) = Message::decode_with_id::<C>(black_box(&proven.message)).unwrap();
        Metadata::decode(kind, black_box(metadata))
            .unwrap()
            .verify::<C>(message.origin, id, &proven.set())
            .unwrap();
    }
    start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS)
}
