// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The Merkle tree of a batch of results
/// @notice Keccak-256, positional: an inner node is the hash of its two children side by side, and the last node of an odd row moves up
/// unchanged. Substrate's `binary-merkle-tree`, with this difference: a proof must have exactly as many hashes as the walk takes.
library PensumTree {
    /// @notice The proof has another number of hashes than the way to the root takes. Ask for it again, with the right index and leaves.
    error WrongProofLength();
    /// @notice There is no such leaf. Places are below the number of leaves.
    error WrongIndex(uint256 index);
    /// @notice Leaves must come in the order of their places, each once.
    error NotRising();

    /// @notice The root to which one leaf leads.
    /// @param leaves How many leaves the tree has.
    /// @param index The leaf's place.
    /// @param leaf The leaf.
    /// @param proof Its siblings on the way up.
    function rootOf(uint256 leaves, uint256 index, bytes32 leaf, bytes32[] calldata proof) internal pure returns (bytes32) {
        if (index >= leaves) revert WrongIndex(index);
        uint256 used = 0;
        for (; leaves > 1; leaves = (leaves + 1) >> 1) {
            bool right = index & 1 == 1;
            if (right || index + 1 != leaves) {
                if (used == proof.length) revert WrongProofLength();
                bytes32 sibling = proof[used++];
                leaf = right ? node(sibling, leaf) : node(leaf, sibling);
            }
            index >>= 1;
        }
        if (used != proof.length) revert WrongProofLength();
        return leaf;
    }

    /// @notice The root to which several leaves lead.
    /// @param leaves How many leaves the tree has.
    /// @param nodes For each leaf its place and its hash, one after the other; places strictly rising. Used up.
    /// @param siblings The nodes that cannot be computed from them, row by row from the leaves up, each row from left to right.
    function rootOfMany(
        uint256 leaves,
        uint256[] memory nodes,
        bytes32[] calldata siblings
    ) internal pure returns (bytes32 root) {
        uint256 words = nodes.length;
        if (words < 2 || words & 1 == 1) revert WrongIndex(leaves);
        if (nodes[words - 2] >= leaves) revert WrongIndex(nodes[words - 2]);
        assembly ("memory-safe") {
            // Rows are computed in place, from the leaves up: what is known of a row takes the place of what has been read of the row
            // below. `end` is where the known nodes end; behind it lies something, but nothing that is taken for a neighbour.
            nodes := add(nodes, 0x20)
            let end := add(nodes, shl(5, words))
            let sibling := siblings.offset
            for {} gt(leaves, 1) { leaves := shr(1, add(leaves, 1)) } {
                let write := nodes
                for { let read := nodes } lt(read, end) { write := add(write, 0x40) } {
                    let index := mload(read)
                    let hash := mload(add(read, 0x20))
                    read := add(read, 0x40)
                    switch and(index, 1)
                    case 0 {
                        switch and(eq(mload(read), add(index, 1)), lt(read, end))
                        case 0 {
                            if lt(add(index, 1), leaves) {
                                mstore(0, hash)
                                mstore(0x20, calldataload(sibling))
                                hash := keccak256(0, 0x40)
                                sibling := add(sibling, 0x20)
                            }
                        }
                        default {
                            mstore(0, hash)
                            mstore(0x20, mload(add(read, 0x20)))
                            hash := keccak256(0, 0x40)
                            read := add(read, 0x40)
                        }
                    }
                    default {
                        mstore(0, calldataload(sibling))
                        mstore(0x20, hash)
                        hash := keccak256(0, 0x40)
                        sibling := add(sibling, 0x20)
                    }
                    mstore(write, shr(1, index))
                    mstore(add(write, 0x20), hash)
                }
                end := write
            }
            root := mload(add(nodes, 0x20))
            // From here on how many nodes are left, and how many bytes of siblings are not read.
            words := shr(6, sub(end, nodes))
            leaves := sub(add(siblings.offset, shl(5, siblings.length)), sibling)
        }
        // Nodes merge only where they are neighbours in the right order. So one is left if and only if the places rose strictly.
        if (words != 1) revert NotRising();
        // Siblings beyond the end were read as something, to no effect but this.
        if (leaves != 0) revert WrongProofLength();
    }

    /// @notice An inner node.
    function node(bytes32 left, bytes32 right) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            mstore(0, left)
            mstore(0x20, right)
            hash := keccak256(0, 0x40)
        }
    }
}
