// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {PensumAbi} from "./PensumAbi.sol";

/// @title Results as few bytes
/// @notice An encoded result has 576 bytes, of which half are zero or known to its receiver, and since EIP-7623 a transaction that does
/// little pays 10 gas for each zero byte and 40 for each other. What many results have in common is said once, and of each only
///
/// ```text
/// index (4) | request (32) | task (8) | inputDigest (32) | evidence (32) | price (16) | endedAt (4) | record (32) | length (2) | output
/// ```
///
/// The sender is the receiver of the results, and the digest of the output is computed.
library PensumPack {
    /// @notice What the results have in common.
    /// @param outcome As in `PensumAbi.Result`.
    /// @param reason As in `PensumAbi.Result`.
    /// @param model As in `PensumAbi.Result`.
    /// @param verification As in `PensumAbi.Result`.
    /// @param asset As in `PensumAbi.Result`.
    struct Shared {
        uint8 outcome;
        uint8 reason;
        bytes32 model;
        uint8 verification;
        uint32 asset;
    }

    /// @notice The packed results are cut short, or more than `count` of them. Pack them again.
    error BadPacking();

    /// @dev Bytes of a packed result before its output.
    uint256 private constant HEAD = 162;
    /// @dev Bytes of a call that brings a result without an output: the selector, the offset, fifteen words, the output's length.
    uint256 private constant CALL_HEAD = 548;

    /// @notice Unpacks results into the calls that bring them.
    /// @param selector The function that takes one `PensumAbi.Result`.
    /// @param shared What they have in common.
    /// @param packed What they do not.
    /// @param count How many there are.
    /// @return deliveries For each result the selector and `abi.encode(result)`.
    /// @return nodes For each result its place in the batch and its leaf, `keccak256(abi.encode(result))`, as `PensumTree` takes them.
    function unpack(
        bytes4 selector,
        Shared calldata shared,
        bytes calldata packed,
        uint256 count
    ) internal view returns (bytes[] memory deliveries, uint256[] memory nodes) {
        // A count beyond the data would only pay for its own memory.
        if (count > packed.length / HEAD) revert BadPacking();
        deliveries = new bytes[](count);
        nodes = new uint256[](2 * count);
        bytes memory template = _template(selector, shared);
        uint256 at;
        uint256 end;
        assembly ("memory-safe") {
            at := packed.offset
            end := add(at, packed.length)
        }
        for (uint256 item = 0; item < count; ) {
            (bytes memory delivery, uint256 size) = _unpackOne(at, template);
            assembly ("memory-safe") {
                mstore(add(deliveries, add(0x20, shl(5, item))), delivery)
                let node := add(nodes, add(0x20, shl(6, item)))
                mstore(node, shr(224, calldataload(at)))
                mstore(add(node, 0x20), keccak256(add(delivery, 36), sub(mload(delivery), 4)))
            }
            unchecked {
                at += size;
                ++item;
            }
        }
        // What was read beyond the end is refused only here: it is part of no tree yet.
        if (at != end) revert BadPacking();
    }

    /// @dev Unpacks the result that begins at the place `at` of the calldata, of which it has `size` bytes.
    function _unpackOne(uint256 at, bytes memory template) private view returns (bytes memory delivery, uint256 size) {
        assembly ("memory-safe") {
            let length := and(calldataload(add(at, 130)), 0xffff)
            let padded := and(add(length, 31), not(31))
            delivery := mload(0x40)
            // 580 bytes and the padded output, up to the next word.
            mstore(0x40, add(delivery, add(608, padded)))
            // It begins as the template, its length included, which offsets below count from.
            mcopy(delivery, template, 580)
            if length {
                mstore(delivery, add(CALL_HEAD, padded))
                mstore(add(delivery, 548), length)
                // The padding is zero because the last word is, before the output is copied over it.
                mstore(add(delivery, add(548, padded)), 0)
                calldatacopy(add(delivery, 580), add(at, HEAD), length)
            }
            mstore(add(delivery, 68), calldataload(add(at, 4))) // request
            mstore(add(delivery, 132), shr(192, calldataload(add(at, 36)))) // task
            mstore(add(delivery, 260), calldataload(add(at, 44))) // inputDigest
            // outputDigest. A precompile fails for want of gas only, and then there is not enough for anything that follows.
            if iszero(staticcall(gas(), 2, add(delivery, 580), length, add(delivery, 292), 0x20)) { revert(0, 0) }
            mstore(add(delivery, 388), calldataload(add(at, 76))) // evidence
            mstore(add(delivery, 452), shr(128, calldataload(add(at, 108)))) // price
            mstore(add(delivery, 484), shr(224, calldataload(add(at, 124)))) // endedAt
            mstore(add(delivery, 516), calldataload(add(at, 128))) // record
            size := add(HEAD, length)
        }
    }

    /// @dev The call that would bring a result with only what all have in common.
    function _template(bytes4 selector, Shared calldata shared) private view returns (bytes memory) {
        PensumAbi.Result memory result;
        result.sender = PensumAbi.toBytes32(address(this));
        result.outcome = shared.outcome;
        result.reason = shared.reason;
        result.model = shared.model;
        result.verification = shared.verification;
        result.asset = shared.asset;
        return abi.encodeWithSelector(selector, result);
    }
}
