//! Every activation of LiteRT's reference kernels, bit for bit: `litert/vectors.py` made the vectors.

use pensum_graph::{Graph, Limits};
use sp_crypto_hashing::blake2_256;

const VECTORS: &[u8] = include_bytes!("litert/vectors.bin");

struct Cursor(&'static [u8]);

impl Cursor {
    fn take(&mut self, len: usize) -> &'static [u8] {
        let (head, rest) = self.0.split_at(len);
        self.0 = rest;
        head
    }

    fn u16(&mut self) -> usize {
        u16::from_le_bytes(self.take(2).try_into().unwrap()).into()
    }

    fn u32(&mut self) -> usize {
        u32::from_le_bytes(self.take(4).try_into().unwrap()) as usize
    }
}

#[test]
fn every_activation_equals_that_of_the_litert_reference_kernels() {
    let mut cursor = Cursor(VECTORS);
    assert_eq!(cursor.take(4), b"PGLV");
    let models = cursor.u16();
    let mut compared = 0;
    for model in 0..models {
        let len = cursor.u32();
        let graph = Graph::validate(cursor.take(len), &Limits::default())
            .unwrap_or_else(|error| panic!("model {model}: {error}"));
        let (inputs, input_len, output_len) = (cursor.u16(), cursor.u32(), cursor.u32());
        for case in 0..inputs {
            let (input, expected) = (cursor.take(input_len), cursor.take(output_len));
            let activations = cursor.take(32);
            let (output, trace) = graph.run_traced(input).unwrap();
            assert_eq!(output, expected, "output of model {model}, input {case}");
            assert_eq!(
                blake2_256(&trace.concat()),
                activations,
                "activations of model {model}, input {case}"
            );
            assert_eq!(graph.run(input).unwrap(), expected);
            compared += 1;
        }
    }
    assert!(cursor.0.is_empty());
    assert!(models >= 40 && compared >= 40 * models);
}
