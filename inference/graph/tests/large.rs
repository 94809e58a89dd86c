//! A model far too large for a chain, cut into steps of which each fits one extrinsic and a fraction of a block.
//!
//! `cargo nextest run --release -p pensum-graph --test large --no-capture` prints the figures.

use pensum_graph::{
    builder::{FullyConnected, GraphBuilder, Scales},
    step,
    tile::tile,
    Graph, Limits, Skeleton, TileLimits,
};
use sp_crypto_hashing::blake2_256;
use std::time::Instant;

/// What one extrinsic can carry in a 5 MiB block.
const MAX_STEP_BYTES: u64 = 3 * 1024 * 1024;
const INPUTS: u32 = 1024;
const WIDTH: u32 = 4096;
const CLASSES: u32 = 1000;
const MULTIPLICATIONS: u64 = (INPUTS as u64 + 3 * WIDTH as u64 + CLASSES as u64) * WIDTH as u64;

/// Sixty-four bits at a time, the same on every machine.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn weights(&mut self, len: u32) -> Vec<i8> {
        let words = (0..len / 8).flat_map(|_| self.next().to_le_bytes());
        words.map(|byte| byte as i8).collect()
    }

    fn bytes(&mut self, len: u32) -> Vec<u8> {
        self.weights(len).into_iter().map(|x| x as u8).collect()
    }
}

/// A multi-layer perceptron with every arithmetic that a layer can have, and every operator on tensors.
fn perceptron() -> Vec<u8> {
    let mut noise = Noise(0x9E37_79B9_7F4A_7C15);
    // Weights and inputs are spread over eight bits, so sums of 1024 or 4096 products are some 2^17 or 2^18 wide.
    let real: Vec<f64> = (0..WIDTH)
        .map(|unit| 1.0 / f64::from(2600 + unit % 100))
        .collect();
    let fixed: Vec<(i32, i8)> = (0..WIDTH)
        .map(|unit| (1_700_000_000 + unit as i32, -12))
        .collect();
    let bias: Vec<i32> = (0..WIDTH as i32).map(|unit| unit * 97 % 5000 - 2500).collect();
    let mut graph = GraphBuilder::uint8(&[32, 32]).reshape(&[1, INPUTS]);
    let layers = [
        (INPUTS, Scales::LiteRt(&real)),
        (WIDTH, Scales::FixedPoint(&fixed)),
        (WIDTH, Scales::LiteRt(&[1.0 / 5000.0])),
        (WIDTH, Scales::FixedPoint(&[(1_700_000_000, -12)])),
    ];
    for (depth, scales) in layers {
        graph = graph.fully_connected(&FullyConnected {
            weights: &noise.weights(depth * WIDTH),
            units: WIDTH,
            bias: Some(&bias),
            scales,
            input_zero_point: -3,
            output_zero_point: 5,
            clamp: (-128, 127),
        });
        graph = graph.clamp(-100, 127);
    }
    let logits = noise.weights(WIDTH * CLASSES);
    graph.raw_logits(&logits, CLASSES, None).arg_max().build()
}

/// What a registration would hold such a model to.
const LIMITS: Limits = Limits {
    max_bytes: 64 << 20,
    max_nodes: 256,
    max_cost: 300_000_000,
    max_tensor: 1 << 20,
    max_live: 1 << 20,
};

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

#[test]
fn every_step_of_a_large_model_fits_an_extrinsic_and_gives_its_trace_entry() {
    const { assert!(MULTIPLICATIONS >= 50_000_000) };
    let whole = perceptron();
    let started = Instant::now();
    let tiled = tile(&whole, TileLimits::default()).unwrap();
    println!("tiled in {:.0} ms", millis(started));
    let started = Instant::now();
    let graph = Graph::validate(&tiled, &LIMITS).unwrap();
    println!("validated in {:.0} ms", millis(started));
    let skeleton = Skeleton::validate(Skeleton::of(&graph), &LIMITS).unwrap();
    assert_eq!(skeleton.check_steps(TileLimits::default()), Ok(()));
    println!(
        "{MULTIPLICATIONS} multiply-accumulates, {} nodes, cost {}, {} bytes of graph, {} of skeleton",
        skeleton.nodes(),
        skeleton.cost(),
        tiled.len(),
        skeleton.bytes().len()
    );

    let input = Noise(7).bytes(INPUTS);
    let started = Instant::now();
    let (output, trace) = graph.run_traced(&input).unwrap();
    println!("run and traced in {:.1} ms", millis(started));
    assert_eq!(Graph::load(&whole).unwrap().run(&input).unwrap(), output);
    assert_ne!(graph.run(&Noise(8).bytes(INPUTS)).unwrap(), output);

    let (largest, dearest) = execute_all(&graph, &input, &trace);
    assert!(
        largest > 1_900_000,
        "the pieces are as large as the limit lets them be"
    );
    assert!(dearest <= 85_000_000);
}

/// Proves and executes every node, and holds what it makes against the trace. The bytes of the largest
/// step and the cost of the dearest.
fn execute_all(graph: &Graph<'_>, input: &[u8], trace: &[[u8; 32]]) -> (u64, u64) {
    let skeleton = Skeleton::validate(Skeleton::of(graph), &LIMITS).unwrap();
    let digests = graph.node_digests();
    let (mut largest, mut dearest, mut slowest) = (0, 0, 0.0f64);
    for node in 1..=skeleton.nodes() {
        let spec = skeleton.node(node).unwrap();
        let proof = step::prove(graph, input, node).unwrap();
        let at = node as usize - 1;
        assert_eq!(step::node_digest(spec.record, &proof.weights), digests[at]);
        let started = Instant::now();
        let made = proof.execute(&skeleton).unwrap();
        slowest = slowest.max(millis(started));
        assert_eq!(blake2_256(&made), trace[at], "node {node}");
        let bytes = proof.bytes() + made.len() as u64;
        assert!(bytes <= spec.bytes() && bytes <= MAX_STEP_BYTES);
        largest = largest.max(bytes);
        dearest = dearest.max(spec.cost);
    }
    println!("largest step {largest} bytes, dearest {dearest} units, slowest {slowest:.2} ms");
    (largest, dearest)
}

#[test]
fn smaller_steps_make_more_nodes_of_the_same_model() {
    let whole = perceptron();
    let input = Noise(7).bytes(INPUTS);
    let answer = Graph::load(&whole).unwrap().run(&input).unwrap();
    for kibibytes in [2048, 1024, 512, 256] {
        let limits = TileLimits {
            max_weights_bytes: kibibytes * 1024,
            ..TileLimits::default()
        };
        let tiled = tile(&whole, limits).unwrap();
        let graph = Graph::load(&tiled).unwrap();
        let skeleton = Skeleton::parse(Skeleton::of(&graph)).unwrap();
        assert_eq!(skeleton.check_steps(limits), Ok(()));
        println!(
            "steps of {kibibytes} KiB: {} nodes, skeleton {} bytes",
            skeleton.nodes(),
            skeleton.bytes().len()
        );
        assert_eq!(graph.run(&input).unwrap(), answer);
        assert!(kibibytes < 512 || skeleton.nodes() <= 256);
    }
}

#[test]
fn batch_is_cut_by_its_work_where_its_weights_are_few() {
    const BATCH: u32 = 64;
    let mut noise = Noise(11);
    let mut graph = GraphBuilder::int8(&[BATCH, INPUTS]);
    for _ in 0..2 {
        graph = graph.fully_connected(&FullyConnected {
            weights: &noise.weights(INPUTS * INPUTS),
            units: INPUTS,
            bias: None,
            scales: Scales::LiteRt(&[1.0 / 2600.0]),
            input_zero_point: 0,
            output_zero_point: 0,
            clamp: (-128, 127),
        });
    }
    let whole = graph.build();
    let limits = TileLimits {
        max_cost: 25_000_000,
        ..TileLimits::default()
    };
    let tiled = tile(&whole, limits).unwrap();
    let graph = Graph::validate(&tiled, &LIMITS).unwrap();
    let input = noise.bytes(BATCH * INPUTS);
    let (output, trace) = graph.run_traced(&input).unwrap();
    assert_eq!(Graph::load(&whole).unwrap().run(&input).unwrap(), output);
    println!("{} nodes, cost {}", graph.nodes(), graph.cost());
    let (_, dearest) = execute_all(&graph, &input, &trace);
    assert_eq!(graph.nodes(), 2 * (3 + 1));
    assert!((20_000_000..=25_000_000).contains(&dearest));
}
