//! A second reading of FORMAT.md: slow, in wide integers, with its own parser, and failing loudly where anything leaves
//! 32 bits. It counts its elementary operations, to hold the declared cost against them.
#![allow(dead_code)]

use sp_crypto_hashing::blake2_256;

/// What the reference makes of one graph and one input.
pub struct Outcome {
    pub output: Vec<u8>,
    pub trace: Vec<[u8; 32]>,
    pub operations: u64,
}

enum Tensor {
    Text(String),
    Ids(Vec<u32>),
    Int8(Vec<i128>),
    Int32(Vec<i128>),
}

fn u16_at(bytes: &[u8], at: usize) -> usize {
    u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap()).into()
}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

fn i32_at(bytes: &[u8], at: usize) -> i128 {
    i32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()).into()
}

fn int8(byte: u8) -> i128 {
    (byte as i8).into()
}

fn int32(value: i128) -> i128 {
    assert!(i32::try_from(value).is_ok(), "{value} leaves 32 bits");
    value
}

/// Runs a valid graph on an input that fits it.
pub fn interpret(graph: &[u8], input: &[u8]) -> Outcome {
    let nodes = u32_at(graph, 8);
    let (table, weights) = graph[40..].split_at(u32_at(graph, 12));
    let mut operations = input.len() as u64;
    let mut tensor = match graph[20] {
        0 => Tensor::Text(String::from_utf8(input.to_vec()).unwrap()),
        1 => Tensor::Int8(input.iter().map(|x| int8(*x)).collect()),
        _ => Tensor::Int8(input.iter().map(|x| i128::from(*x) - 128).collect()),
    };
    let mut trace = Vec::new();
    let mut at = 0;
    for _ in 0..nodes {
        let record = &table[at..at + u16_at(table, at)];
        at += record.len();
        let blob = &weights[u32_at(record, 24)..][..u32_at(record, 28)];
        let dims: Vec<usize> = (0..usize::from(record[5]))
            .map(|axis| u32_at(record, 8 + 4 * axis))
            .collect();
        tensor = node(record[2], &record[36..], &dims, blob, tensor, &mut operations);
        trace.push(blake2_256(&bytes_of(&tensor)));
    }
    Outcome {
        output: bytes_of(&tensor),
        trace,
        operations,
    }
}

fn node(
    code: u8,
    parameters: &[u8],
    dims: &[usize],
    weights: &[u8],
    input: Tensor,
    operations: &mut u64,
) -> Tensor {
    let last = dims[dims.len() - 1];
    match (code, input) {
        (1, Tensor::Text(text)) => {
            let chars = normalise(&text, u32_at(parameters, 4));
            let [lo, hi, bits] = [parameters[1], parameters[2], parameters[3]].map(usize::from);
            Tensor::Ids(ids(&chars, lo, hi, bits, operations))
        }
        (2, Tensor::Ids(ids)) => {
            let mut sums = vec![0i128; last];
            for id in ids {
                *operations += 1;
                for (column, sum) in sums.iter_mut().enumerate() {
                    *sum = int32(*sum + int8(weights[id as usize * last + column]));
                }
            }
            Tensor::Int32(sums)
        }
        (3, Tensor::Int8(x) | Tensor::Int32(x)) => dense(parameters, last, weights, &x, operations),
        (4, tensor) => tensor,
        (5, Tensor::Int8(x)) => Tensor::Int8(clamped(parameters, x)),
        (5, Tensor::Int32(x)) => Tensor::Int32(clamped(parameters, x)),
        (6, Tensor::Int8(x)) => Tensor::Int32(first_maximum(&x, dims.iter().product(), operations)),
        (6, Tensor::Int32(x)) => Tensor::Int32(first_maximum(&x, dims.iter().product(), operations)),
        (code, _) => panic!("operator {code} on this tensor"),
    }
}

/// The specification's loop: for every position, every order that fits.
pub fn ids(chars: &[u32], lo: usize, hi: usize, bits: usize, operations: &mut u64) -> Vec<u32> {
    let mut ids = Vec::new();
    for start in 0..chars.len() {
        let mut state = 2_166_136_261u64;
        for order in 1..=hi {
            if start + order > chars.len() {
                break;
            }
            *operations += 1;
            state = (state * 0x9E37_79B1 + u64::from(chars[start + order - 1])) & 0xFFFF_FFFF;
            if order >= lo {
                let mixed = ((state ^ (state >> 15)) * 0x85EB_CA6B) & 0xFFFF_FFFF;
                ids.push((mixed >> (32 - bits)) as u32);
            }
        }
    }
    ids
}

/// Words joined by single spaces, one space before and one after, then cut.
pub fn normalise(text: &str, max_chars: usize) -> Vec<u32> {
    let folded: String = text
        .chars()
        .map(|c| match pensum_graph::fold(c.into()) {
            0 => ' ',
            folded => char::from_u32(folded).unwrap(),
        })
        .collect();
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Vec::new();
    }
    format!(" {} ", words.join(" "))
        .chars()
        .map(u32::from)
        .take(max_chars)
        .collect()
}

fn dense(parameters: &[u8], units: usize, blob: &[u8], x: &[i128], operations: &mut u64) -> Tensor {
    let (raw, flags, depth) = (parameters[0] == 1, parameters[1], u32_at(parameters, 4));
    let [input_zero, output_zero, min, max] = [8, 12, 16, 20].map(|at| i32_at(parameters, at));
    let bias_at = units * depth;
    let multipliers_at = bias_at + if flags & 1 != 0 { 4 * units } else { 0 };
    let scales = if flags & 2 != 0 { units } else { 1 };
    let shifts_at = multipliers_at + 4 * scales;
    let mut output = Vec::new();
    for row in x.chunks(depth) {
        for unit in 0..units {
            let mut sum = if flags & 1 != 0 {
                i32_at(blob, bias_at + 4 * unit)
            } else {
                0
            };
            for (i, x) in row.iter().enumerate() {
                *operations += 1;
                sum = int32(sum + int32((x - input_zero) * int8(blob[unit * depth + i])));
            }
            if raw {
                output.push(sum);
                continue;
            }
            let scale = if flags & 2 != 0 { unit } else { 0 };
            if parameters[0] == 2 {
                let factor = &blob[multipliers_at + 8 * scale..][..8];
                let product = sum as f64 * f64::from_le_bytes(factor.try_into().unwrap());
                // `f64::round` is C's `round`: half away from zero.
                output.push(int32(int32(product.round() as i128) + output_zero).clamp(min, max));
                continue;
            }
            let multiplier = i32_at(blob, multipliers_at + 4 * scale);
            let shift = 31 - int8(blob[shifts_at + scale]);
            let product = sum * multiplier + (1 << (shift - 1));
            assert!(i64::try_from(product).is_ok(), "{product} leaves 64 bits");
            output.push(int32(int32(product >> shift) + output_zero).clamp(min, max));
        }
    }
    if raw {
        Tensor::Int32(output)
    } else {
        Tensor::Int8(output)
    }
}

fn clamped(parameters: &[u8], x: Vec<i128>) -> Vec<i128> {
    let (min, max) = (i32_at(parameters, 0), i32_at(parameters, 4));
    x.into_iter().map(|x| x.clamp(min, max)).collect()
}

fn first_maximum(x: &[i128], rows: usize, operations: &mut u64) -> Vec<i128> {
    *operations += x.len() as u64;
    let first = |row: &[i128]| row.iter().position(|x| x == row.iter().max().unwrap()).unwrap() as i128;
    x.chunks(x.len() / rows).map(first).collect()
}

fn bytes_of(tensor: &Tensor) -> Vec<u8> {
    match tensor {
        Tensor::Text(text) => text.as_bytes().to_vec(),
        Tensor::Ids(ids) => ids.iter().flat_map(|id| id.to_le_bytes()).collect(),
        Tensor::Int8(x) => x.iter().map(|x| i8::try_from(*x).unwrap() as u8).collect(),
        Tensor::Int32(x) => x
            .iter()
            .flat_map(|x| i32::try_from(*x).unwrap().to_le_bytes())
            .collect(),
    }
}
