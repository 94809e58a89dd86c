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

#[derive(Clone)]
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
    let mut tensors = vec![match graph[20] {
        0 => Tensor::Text(String::from_utf8(input.to_vec()).unwrap()),
        1 => Tensor::Int8(input.iter().map(|x| int8(*x)).collect()),
        _ => Tensor::Int8(input.iter().map(|x| i128::from(*x) - 128).collect()),
    }];
    let mut shapes = vec![Vec::new()];
    if graph[20] != 0 {
        shapes[0] = dims_at(graph, usize::from(graph[21]), 24);
    }
    let mut trace = Vec::new();
    let mut at = 0;
    for _ in 0..nodes {
        let record = &table[at..at + u16_at(table, at)];
        at += record.len();
        let blob = &weights[u32_at(record, 24)..][..u32_at(record, 28)];
        let dims = dims_at(record, usize::from(record[5]), 8);
        let count = usize::from(record[6]);
        let reads: Vec<usize> = (0..count).map(|input| u32_at(record, 32 + 4 * input)).collect();
        let parameters = &record[32 + 4 * count..];
        let tensor = if record[2] == 7 {
            let axis = u32_at(parameters, 0);
            let inputs = reads.iter().map(|read| (&tensors[*read], &shapes[*read][..]));
            joined(&inputs.collect::<Vec<_>>(), axis, &mut operations)
        } else if record[2] == 20 {
            added(
                parameters,
                &tensors[reads[0]],
                &tensors[reads[1]],
                &mut operations,
            )
        } else {
            let input = tensors[reads[0]].clone();
            node(record[2], parameters, &dims, blob, input, &mut operations)
        };
        trace.push(blake2_256(&bytes_of(&tensor)));
        tensors.push(tensor);
        shapes.push(dims);
    }
    Outcome {
        output: bytes_of(&tensors[tensors.len() - 1]),
        trace,
        operations,
    }
}

fn dims_at(bytes: &[u8], rank: usize, at: usize) -> Vec<usize> {
    (0..rank).map(|axis| u32_at(bytes, at + 4 * axis)).collect()
}

/// Element by element: which input an index along the axis falls into, and where it lies there.
fn joined(inputs: &[(&Tensor, &[usize])], axis: usize, operations: &mut u64) -> Tensor {
    let numbers = |tensor: &Tensor| match tensor {
        Tensor::Int8(x) | Tensor::Int32(x) => x.clone(),
        _ => panic!("only numbers are joined"),
    };
    let outer: usize = inputs[0].1[..axis].iter().product();
    let inner: usize = inputs[0].1[axis + 1..].iter().product();
    let mut output = Vec::new();
    for place in 0..outer {
        for (tensor, dims) in inputs {
            let x = numbers(tensor);
            for along in 0..dims[axis] {
                for within in 0..inner {
                    *operations += 1;
                    output.push(x[(place * dims[axis] + along) * inner + within]);
                }
            }
        }
    }
    match inputs[0].0 {
        Tensor::Int8(_) => Tensor::Int8(output),
        _ => Tensor::Int32(output),
    }
}

/// LiteRT's integers, by the names of its reference code.
fn added(parameters: &[u8], first: &Tensor, second: &Tensor, operations: &mut u64) -> Tensor {
    let (Tensor::Int8(first), Tensor::Int8(second)) = (first, second) else {
        panic!("only int8 is added");
    };
    let zeros = [0, 4, 8].map(|at| i32_at(parameters, at));
    let (min, max) = (i32_at(parameters, 12), i32_at(parameters, 16));
    let times = |x: i128, factor: usize| {
        let multiplier = i32_at(parameters, 20 + 4 * factor);
        let exponent = -int8(parameters[32 + factor]);
        let product = int32(x) * multiplier;
        let nudge = if product >= 0 { 1 << 30 } else { 1 - (1 << 30) };
        let high = int32((product + nudge) / (1 << 31));
        let mask = (1 << exponent) - 1;
        let threshold = (mask >> 1) + i128::from(high < 0);
        int32((high >> exponent) + i128::from(high & mask > threshold))
    };
    let sum = |(a, b): (&i128, &i128)| {
        let sum = times((a - zeros[0]) << 20, 0) + times((b - zeros[1]) << 20, 1);
        int32(times(sum, 2) + zeros[2]).clamp(min, max)
    };
    *operations += first.len() as u64;
    Tensor::Int8(first.iter().zip(second).map(sum).collect())
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
