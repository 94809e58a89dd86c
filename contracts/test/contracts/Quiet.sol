// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IMailbox} from "@hyperlane-xyz/core/contracts/interfaces/IMailbox.sol";

import {PensumAbi} from "../../src/PensumAbi.sol";
import {PensumClient} from "../../src/PensumClient.sol";
import {ResultRegistry} from "../../src/ResultRegistry.sol";

/// @title A consumer whose callback does nothing: what is measured with it is `PensumClient` alone
contract Quiet is PensumClient {
    constructor(
        IMailbox mailbox,
        uint32 pensumDomain,
        ResultRegistry registry,
        address ism
    ) PensumClient(mailbox, pensumDomain, registry, ism) {}

    /// @notice Asks.
    function ask(PensumAbi.Intent calldata intent) external payable returns (bytes32 request) {
        (request, ) = _ask(intent, msg.value);
    }

    function _onResult(PensumAbi.Result calldata) internal override {}
}
