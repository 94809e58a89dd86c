//! Strategies that several tests need.

use hyperlane_primitives::H256;
use proptest::prelude::*;

pub fn hash() -> impl Strategy<Value = H256> {
    any::<[u8; 32]>().prop_map(H256)
}

/// Bytes of any length up to `max`, more often short ones and ones near `edge`.
pub fn bytes_near(edge: usize, max: usize) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![0..=max, edge.saturating_sub(3)..=edge + 3, 0..8usize]
        .prop_flat_map(|length| proptest::collection::vec(any::<u8>(), length))
}
