//! The tree of a batch, from its definition: neighbours are hashed together, an odd one goes up as it is.

use pensum_task_abi::Bytes32;
use sha3::{Digest, Keccak256};

/// A batch's leaf.
pub fn leaf(encoded: &[u8]) -> Bytes32 {
    Keccak256::digest(encoded).into()
}

fn parents(row: &[Bytes32]) -> Vec<Bytes32> {
    row.chunks(2)
        .map(|pair| match pair {
            [left, right] => leaf(&[&left[..], right].concat()),
            _ => pair[0],
        })
        .collect()
}

/// The root of these leaves.
pub fn root(leaves: &[Bytes32]) -> Bytes32 {
    let mut row = leaves.to_vec();
    while row.len() > 1 {
        row = parents(&row);
    }
    row[0]
}

/// The siblings of a leaf, from the leaf up; none where it has no sibling.
pub fn proof(leaves: &[Bytes32], mut index: usize) -> Vec<Bytes32> {
    let (mut row, mut siblings) = (leaves.to_vec(), vec![]);
    while row.len() > 1 {
        siblings.extend(row.get(index ^ 1));
        row = parents(&row);
        index /= 2;
    }
    siblings
}
