// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IMailbox} from "@hyperlane-xyz/core/contracts/interfaces/IMailbox.sol";

import {PensumClient} from "./PensumClient.sol";

/// @title A batch's root and its results in one transaction
/// @notice Saves what a second transaction costs, and lets the gas that finished requests give back count against the root as well. It
/// holds nothing and may do nothing that not everybody may.
contract BatchRelay {
    /// @notice Results for one contract.
    /// @param client The contract.
    /// @param call The encoded call of its `claim` or `claimMany`.
    struct Claim {
        address client;
        bytes call;
    }

    /// @notice Only `claim` and `claimMany` can be called.
    error NotAClaim(uint256 claim);
    /// @notice A claim was refused, so that nothing was done. Leave it out, or bring more gas.
    error ClaimRefused(uint256 claim, bytes reason);

    /// @notice Processes a message, unless it was processed before, and then makes claims: all, or nothing is done.
    /// @param mailbox This chain's mailbox.
    /// @param metadata What proves the message.
    /// @param message The message that brings the root of the batch.
    /// @param claims What to claim then.
    function relay(IMailbox mailbox, bytes calldata metadata, bytes calldata message, Claim[] calldata claims) external {
        if (!mailbox.delivered(keccak256(message))) mailbox.process(metadata, message);
        for (uint256 at = 0; at < claims.length; ++at) {
            bytes4 selector = bytes4(claims[at].call);
            if (selector != PensumClient.claimMany.selector && selector != PensumClient.claim.selector) revert NotAClaim(at);
            (bool made, bytes memory reason) = claims[at].client.call(claims[at].call);
            if (!made) revert ClaimRefused(at, reason);
        }
    }
}
