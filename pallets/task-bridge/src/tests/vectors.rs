//! The tree of `vectors.json`, from which contracts are tested, is the one whose roots are sent.

use crate::types::Batch;
use pensum_primitives::Digest;
use serde_json::Value;
use sp_io::hashing::keccak_256;

fn bytes(hex: &Value) -> Vec<u8> {
    hex::decode(hex.as_str().unwrap().trim_start_matches("0x")).unwrap()
}

#[test]
fn roots_and_proofs_are_those_of_the_vectors() {
    let file = include_str!("../../../../bridge/task-abi/vectors.json");
    let vectors: Value = serde_json::from_str(file).unwrap();
    let mut compared = 0;
    for vector in vectors["batches"].as_array().unwrap() {
        let proofs = vector["proofs"].as_array().unwrap();
        let size = vector["leaves"].as_u64().unwrap() as usize;
        if proofs.len() < size {
            continue;
        }
        let leaves: Vec<Digest> = proofs
            .iter()
            .map(|proof| keccak_256(&bytes(&proof["result"])).into())
            .collect();
        let batch = Batch {
            leaves: leaves.try_into().unwrap(),
            ..Default::default()
        };
        assert_eq!(batch.root().as_bytes(), bytes(&vector["root"]));
        for (index, proof) in (0..).zip(proofs) {
            let siblings = proof["proof"].as_array().unwrap().iter();
            let siblings: Vec<_> = siblings.map(|hash| Digest::from_slice(&bytes(hash))).collect();
            assert_eq!(batch.proof(index), Some(siblings));
            compared += 1;
        }
    }
    assert_eq!(compared, 1 + 2 + 3 + 5 + 6 + 7 + 8 + 11);
}
