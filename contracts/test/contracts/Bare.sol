// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ISpecifiesInterchainSecurityModule, IInterchainSecurityModule} from "@hyperlane-xyz/core/contracts/interfaces/IInterchainSecurityModule.sol";
import {IMessageRecipient} from "@hyperlane-xyz/core/contracts/interfaces/IMessageRecipient.sol";

/// @title The least that a recipient can be: what receiving a result is measured against
contract Bare is IMessageRecipient, ISpecifiesInterchainSecurityModule {
    /// @inheritdoc ISpecifiesInterchainSecurityModule
    IInterchainSecurityModule public immutable interchainSecurityModule;

    /// @param ism What decides whether to believe a message; zero for the mailbox's default.
    constructor(address ism) {
        interchainSecurityModule = IInterchainSecurityModule(ism);
    }

    /// @notice Does nothing.
    function handle(uint32, bytes32, bytes calldata) external payable {}
}
