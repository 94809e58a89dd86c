// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ISpecifiesInterchainSecurityModule, IInterchainSecurityModule} from "@hyperlane-xyz/core/contracts/interfaces/IInterchainSecurityModule.sol";
import {IMessageRecipient} from "@hyperlane-xyz/core/contracts/interfaces/IMessageRecipient.sol";

import {PensumAbi} from "./PensumAbi.sol";
import {PensumTree} from "./PensumTree.sol";

/// @title What Pensum sent in batches
/// @notice Takes the Merkle root of each batch of results, so that anybody can prove any of them to any contract. One for a chain; Pensum's
/// governance names it there.
contract ResultRegistry is IMessageRecipient, ISpecifiesInterchainSecurityModule {
    /// @notice The mailbox whose messages are taken.
    address public immutable mailbox;
    /// @notice Pensum's domain.
    uint32 public immutable pensumDomain;
    /// @inheritdoc ISpecifiesInterchainSecurityModule
    /// @dev Zero for the mailbox's default. It cannot be changed, so that nobody can.
    IInterchainSecurityModule public immutable interchainSecurityModule;

    /// @notice For each batch `keccak256(root, leaves)`, packed; zero where there is none. One word, because this is what a root costs most.
    mapping(uint64 batch => bytes32) public commitments;

    /// @notice A batch's root came.
    event RootTaken(uint64 indexed batch, bytes32 root, uint32 leaves);

    /// @notice Only the mailbox brings messages.
    error NotMailbox(address caller);
    /// @notice The message comes from another chain than Pensum.
    error WrongOrigin(uint32 origin);
    /// @notice The message comes from somebody else on Pensum than the module that sends results.
    error WrongSender(bytes32 sender);
    /// @notice The message came with a value, which nobody could take out again. Process it without.
    error ValueNotTaken();
    /// @notice The batch has a root already. A batch's root is final.
    error AlreadyTaken(uint64 batch);
    /// @notice A batch has at least one result.
    error EmptyBatch(uint64 batch);

    /// @param mailbox_ The mailbox whose messages are taken.
    /// @param pensumDomain_ Pensum's domain.
    /// @param ism What decides whether to believe a message; zero for the mailbox's default.
    constructor(address mailbox_, uint32 pensumDomain_, address ism) {
        mailbox = mailbox_;
        pensumDomain = pensumDomain_;
        interchainSecurityModule = IInterchainSecurityModule(ism);
    }

    /// @notice Takes a batch's root. Batches come in any order, each once.
    /// @param origin Must be Pensum's domain.
    /// @param sender Must be `PensumAbi.TASKS`.
    /// @param body A `PensumAbi.Root`.
    function handle(uint32 origin, bytes32 sender, bytes calldata body) external payable {
        if (msg.sender != mailbox) revert NotMailbox(msg.sender);
        if (origin != pensumDomain) revert WrongOrigin(origin);
        if (sender != PensumAbi.TASKS) revert WrongSender(sender);
        if (msg.value != 0) revert ValueNotTaken();
        PensumAbi.Root memory root = PensumAbi.decodeRoot(body);
        if (root.leaves == 0) revert EmptyBatch(root.batch);
        if (commitments[root.batch] != 0) revert AlreadyTaken(root.batch);
        commitments[root.batch] = _commitment(root.root, root.leaves);
        emit RootTaken(root.batch, root.root, root.leaves);
    }

    /// @notice Whether this is the root of a batch that came, and its number of leaves.
    function isRoot(uint64 batch, bytes32 root, uint32 leaves) public view returns (bool) {
        return commitments[batch] == _commitment(root, leaves);
    }

    /// @notice Whether a result is in a batch that came.
    /// @param batch The batch.
    /// @param leaves How many results it has.
    /// @param leaf `keccak256(abi.encode(result))`.
    /// @param index The result's place.
    /// @param proof The siblings on the way up.
    function verify(uint64 batch, uint32 leaves, bytes32 leaf, uint32 index, bytes32[] calldata proof) external view returns (bool) {
        return isRoot(batch, PensumTree.rootOf(leaves, index, leaf, proof), leaves);
    }

    /// @notice Whether several results are in a batch that came.
    /// @param batch The batch.
    /// @param leaves How many results it has.
    /// @param nodes For each result its place and `keccak256(abi.encode(result))`, one after the other; places strictly rising.
    /// @param siblings The nodes that cannot be computed from them, row by row from the leaves up, each row from left to right.
    function verifyMany(
        uint64 batch,
        uint32 leaves,
        uint256[] memory nodes,
        bytes32[] calldata siblings
    ) external view returns (bool) {
        return isRoot(batch, PensumTree.rootOfMany(leaves, nodes, siblings), leaves);
    }

    function _commitment(bytes32 root, uint32 leaves) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(root, leaves));
    }
}
