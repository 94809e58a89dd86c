//! Both trees against one that is computed from its definition.

use codec::{Decode, Encode};
use hyperlane_primitives::{
    limits::TREE_DEPTH, tree::ZERO_HASHES, Crypto, FullTree, IncrementalTree, MessageId, Native, TreeError,
    H256,
};
use proptest::prelude::*;

use crate::support::hash;

fn parent(left: H256, right: H256) -> H256 {
    H256(Native::keccak_256(&[left.0, right.0].concat()))
}

/// The root of these leaves, padded with zeros to 2^level: the definition. `zeros` are empty subtrees by level.
fn naive(leaves: &[H256], level: usize, zeros: &[H256]) -> H256 {
    match (leaves, level) {
        ([], _) => zeros[level],
        ([leaf], 0) => *leaf,
        _ => {
            let half = 1usize << (level - 1);
            let (left, right) = leaves.split_at(half.min(leaves.len()));
            parent(naive(left, level - 1, zeros), naive(right, level - 1, zeros))
        }
    }
}

fn zeros() -> Vec<H256> {
    let mut zeros = vec![H256::zero()];
    for level in 0..TREE_DEPTH {
        zeros.push(parent(zeros[level], zeros[level]));
    }
    zeros
}

#[test]
fn the_zero_hashes_are_what_they_are_defined_as() {
    assert_eq!(zeros()[..TREE_DEPTH], ZERO_HASHES);
}

#[test]
fn an_empty_tree_has_the_protocols_empty_root_and_no_checkpoint() {
    let empty = "27ae5ba08d7291c96c8cbddcc148bf48a6d68c7974b94356f53754ef6171d757";
    let root = H256::from_slice(&hex::decode(empty).unwrap());
    let tree = IncrementalTree::default();
    assert_eq!(tree.root::<Native>(), root);
    assert_eq!((tree.count(), tree.latest_index()), (0, None));
    assert_eq!(FullTree::default().root::<Native>(0), Ok(root));
    assert_eq!(zeros()[TREE_DEPTH], root);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn both_trees_and_every_proof_agree_with_the_definition(leaves in prop::collection::vec(hash(), 0..48)) {
        let zeros = zeros();
        let (mut tree, mut full) = (IncrementalTree::default(), FullTree::default());
        for leaf in &leaves {
            prop_assert_eq!(tree.insert::<Native>(MessageId(*leaf)), full.insert::<Native>(MessageId(*leaf)));
            let so_far = &leaves[..tree.count() as usize];
            prop_assert_eq!(tree.root::<Native>(), naive(so_far, TREE_DEPTH, &zeros));
        }
        prop_assert_eq!(full.count() as usize, leaves.len());
        for count in 0..=leaves.len() {
            let root = naive(&leaves[..count], TREE_DEPTH, &zeros);
            prop_assert_eq!(full.root::<Native>(count as u32), Ok(root));
            for (index, leaf) in leaves[..count].iter().enumerate() {
                let proof = full.prove::<Native>(index as u32, count as u32).unwrap();
                prop_assert_eq!(proof.root::<Native>(MessageId(*leaf), index as u32), root);
            }
        }
    }

    #[test]
    fn a_proof_is_of_one_leaf_at_one_place(
        leaves in prop::collection::vec(hash(), 2..20), index: prop::sample::Index, bit in 0..32u32, stranger in hash(),
    ) {
        let mut full = FullTree::default();
        for leaf in &leaves {
            full.insert::<Native>(MessageId(*leaf)).unwrap();
        }
        let count = full.count();
        let index = index.index(leaves.len()) as u32;
        let leaf = MessageId(leaves[index as usize]);
        let root = full.root::<Native>(count).unwrap();
        let proof = full.prove::<Native>(index, count).unwrap();
        prop_assert_ne!(proof.root::<Native>(leaf, index ^ (1 << bit)), root);
        prop_assert_ne!(proof.root::<Native>(MessageId(stranger), index), root);
    }

    #[test]
    fn a_tree_survives_storage(leaves in prop::collection::vec(hash(), 0..20)) {
        let mut tree = IncrementalTree::default();
        for leaf in leaves {
            tree.insert::<Native>(MessageId(leaf)).unwrap();
        }
        let stored = tree.encode();
        prop_assert_eq!(stored.len(), 1028);
        prop_assert_eq!(IncrementalTree::decode(&mut &stored[..]), Ok(tree));
    }
}

#[test]
fn the_last_leaf_of_all_is_taken_and_none_after_it() {
    let nearly_full = ([H256::repeat_byte(1); TREE_DEPTH], u32::MAX - 1).encode();
    let mut tree = IncrementalTree::decode(&mut &nearly_full[..]).unwrap();
    let leaf = MessageId(H256::repeat_byte(2));
    assert_eq!(tree.insert::<Native>(leaf), Ok(u32::MAX - 1));
    let full = tree.clone();
    assert_eq!(tree.insert::<Native>(leaf), Err(TreeError::Full));
    assert_eq!(tree, full);
    // Every bit of the count is set, so every slot of the branch is in the root.
    let expected = (0..TREE_DEPTH).fold(H256::zero(), |node, level| {
        let left = if level == 0 { leaf.0 } else { H256::repeat_byte(1) };
        parent(left, node)
    });
    assert_eq!(tree.root::<Native>(), expected);
}

#[test]
fn a_leaf_beyond_the_tree_asked_for_and_a_tree_beyond_the_leaves_are_refused() {
    let mut full = FullTree::default();
    full.insert::<Native>(MessageId::default()).unwrap();
    assert_eq!(
        full.prove::<Native>(1, 1),
        Err(TreeError::LeafOutside { index: 1, leaves: 1 })
    );
    let too_large = TreeError::NotSoLarge { leaves: 2, count: 1 };
    assert_eq!(full.prove::<Native>(0, 2), Err(too_large));
    assert_eq!(full.root::<Native>(2), Err(too_large));
}
