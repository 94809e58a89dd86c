// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {PensumAbi} from "../../src/PensumAbi.sol";
import {PensumTree} from "../../src/PensumTree.sol";

/// @title The libraries' functions, callable from outside
contract AbiHarness {
    function encodeIntent(PensumAbi.Intent calldata intent) external pure returns (bytes memory) {
        return PensumAbi.encode(intent);
    }

    function encodeCancel(PensumAbi.Cancel calldata cancel) external pure returns (bytes memory) {
        return PensumAbi.encode(cancel);
    }

    function encodeAccept(PensumAbi.Accept calldata accept) external pure returns (bytes memory) {
        return PensumAbi.encode(accept);
    }

    function encodeWithdraw(PensumAbi.Withdraw calldata withdraw) external pure returns (bytes memory) {
        return PensumAbi.encode(withdraw);
    }

    function encodeResult(PensumAbi.Result calldata result) external pure returns (bytes memory) {
        return PensumAbi.encode(result);
    }

    function encodeRoot(PensumAbi.Root calldata root) external pure returns (bytes memory) {
        return PensumAbi.encode(root);
    }

    function decodeIntent(bytes calldata body) external pure returns (PensumAbi.Intent memory) {
        return PensumAbi.decodeIntent(body);
    }

    function decodeCancel(bytes calldata body) external pure returns (PensumAbi.Cancel memory) {
        return PensumAbi.decodeCancel(body);
    }

    function decodeAccept(bytes calldata body) external pure returns (PensumAbi.Accept memory) {
        return PensumAbi.decodeAccept(body);
    }

    function decodeWithdraw(bytes calldata body) external pure returns (PensumAbi.Withdraw memory) {
        return PensumAbi.decodeWithdraw(body);
    }

    function decodeResult(bytes calldata body) external pure returns (PensumAbi.Result memory) {
        return PensumAbi.decodeResult(body);
    }

    function decodeRoot(bytes calldata body) external pure returns (PensumAbi.Root memory) {
        return PensumAbi.decodeRoot(body);
    }

    function leaf(PensumAbi.Result calldata result) external pure returns (bytes32) {
        return PensumAbi.leaf(result);
    }

    function remoteAccount(uint32 domain, bytes32 sender) external pure returns (bytes32) {
        return PensumAbi.remoteAccount(domain, sender);
    }

    function warpRoute(uint32 asset) external pure returns (bytes32) {
        return PensumAbi.warpRoute(asset);
    }

    function tasks() external pure returns (bytes32) {
        return PensumAbi.TASKS;
    }

    function rootOf(uint256 leaves, uint256 index, bytes32 leaf_, bytes32[] calldata proof) external pure returns (bytes32) {
        return PensumTree.rootOf(leaves, index, leaf_, proof);
    }

    function rootOfMany(
        uint256 leaves,
        uint256[] memory nodes,
        bytes32[] calldata siblings
    ) external pure returns (bytes32) {
        return PensumTree.rootOfMany(leaves, nodes, siblings);
    }
}
