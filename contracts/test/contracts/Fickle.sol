// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IMailbox} from "@hyperlane-xyz/core/contracts/interfaces/IMailbox.sol";

import {PensumAbi} from "../../src/PensumAbi.sol";
import {PensumClient} from "../../src/PensumClient.sol";
import {ResultRegistry} from "../../src/ResultRegistry.sol";

/// @title A consumer whose callback does what it is told, and that lets anybody send any command
contract Fickle is PensumClient {
    /// @notice What the callback does.
    enum Mood {
        Takes,
        Reverts,
        BurnsGas,
        ReturnsABomb,
        ClaimsAgain,
        LooksAtTheSender
    }

    /// @notice What the callback does now.
    Mood public mood;
    /// @notice On which request's result it does that; zero for all.
    bytes32 public target;
    /// @notice How often each request's result was taken.
    mapping(bytes32 request => uint256) public taken;
    /// @notice What a callback that claims again calls itself with.
    bytes public again;
    /// @notice Who called the callback last.
    address public caller;

    /// @notice A result was taken: all of it.
    event Taken(PensumAbi.Result result);

    /// @notice The callback was told to revert.
    error Sulking();

    constructor(
        IMailbox mailbox,
        uint32 pensumDomain,
        ResultRegistry registry,
        address ism
    ) PensumClient(mailbox, pensumDomain, registry, ism) {}

    /// @notice Takes coins.
    receive() external payable {}

    /// @notice Sets what the callback does.
    function become(Mood mood_) external {
        (mood, target) = (mood_, 0);
    }

    /// @notice Sets what the callback does on one request's result; others it takes.
    function becomeFor(Mood mood_, bytes32 request) external {
        (mood, target) = (mood_, request);
    }

    /// @notice Sets what a callback that claims again calls.
    function setAgain(bytes calldata data) external {
        again = data;
    }

    /// @notice Asks, with all that was sent for it.
    function ask(PensumAbi.Intent calldata intent) external payable returns (bytes32 request, uint256 fee) {
        return _ask(intent, msg.value);
    }

    /// @notice What asking costs.
    function quote(PensumAbi.Intent calldata intent) external view returns (uint256) {
        return _quote(PensumAbi.encode(intent));
    }

    /// @notice Cancels.
    function cancel(bytes32 request) external payable returns (uint256) {
        return _cancel(request, msg.value);
    }

    /// @notice Accepts.
    function accept(bytes32 request) external payable returns (uint256) {
        return _accept(request, msg.value);
    }

    /// @notice Withdraws.
    function withdraw(uint32 asset, uint128 amount, address to) external payable returns (uint256) {
        return _withdraw(asset, amount, to, msg.value);
    }

    function _onResult(PensumAbi.Result calldata result) internal override {
        if (target == 0 || target == result.request) _obey();
        taken[result.request] += 1;
        emit Taken(result);
    }

    function _obey() private {
        if (mood == Mood.Reverts) revert Sulking();
        if (mood == Mood.BurnsGas) {
            while (true) {}
        }
        if (mood == Mood.ReturnsABomb) {
            assembly {
                revert(0, 60000)
            }
        }
        if (mood == Mood.ClaimsAgain) {
            (bool ok, ) = address(this).call(again);
            require(ok, "again");
        }
        if (mood == Mood.LooksAtTheSender) caller = msg.sender;
    }
}
