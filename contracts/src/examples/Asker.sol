// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IMailbox} from "@hyperlane-xyz/core/contracts/interfaces/IMailbox.sol";
import {PensumAbi} from "../PensumAbi.sol";
import {PensumClient} from "../PensumClient.sol";
import {ResultRegistry} from "../ResultRegistry.sol";

/// @title The least that asks and keeps answers. Whoever asks spends what is in the remote account, so that only the owner does
contract Asker is PensumClient {
    address private immutable _owner = msg.sender;
    /// @notice Answers by request.
    mapping(bytes32 request => bytes) public answers;

    /// @param mailbox This chain's mailbox.
    /// @param pensum Pensum's domain.
    constructor(IMailbox mailbox, uint32 pensum) PensumClient(mailbox, pensum, ResultRegistry(address(0)), address(0)) {}

    /// @notice Asks a model, for up to so much PEN of the remote account.
    function ask(bytes32 model, bytes calldata input, uint128 maxReward) external payable returns (bytes32 request) {
        require(msg.sender == _owner);
        PensumAbi.Intent memory intent;
        (intent.model, intent.input, intent.maxReward) = (model, input, maxReward);
        (intent.asset, intent.deadline, intent.callbackGas) = (PensumAbi.PEN, 20, 100_000);
        (request, ) = _ask(intent, msg.value);
    }

    function _onResult(PensumAbi.Result calldata result) internal override {
        if (result.outcome == PensumAbi.ANSWERED) answers[result.request] = result.output;
    }
}
