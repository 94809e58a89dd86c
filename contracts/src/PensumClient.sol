// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {StandardHookMetadata} from "@hyperlane-xyz/core/contracts/hooks/libs/StandardHookMetadata.sol";
import {ISpecifiesInterchainSecurityModule, IInterchainSecurityModule} from "@hyperlane-xyz/core/contracts/interfaces/IInterchainSecurityModule.sol";
import {IMailbox} from "@hyperlane-xyz/core/contracts/interfaces/IMailbox.sol";
import {IMessageRecipient} from "@hyperlane-xyz/core/contracts/interfaces/IMessageRecipient.sol";

import {PensumAbi} from "./PensumAbi.sol";
import {PensumPack} from "./PensumPack.sol";
import {PensumTree} from "./PensumTree.sol";
import {ResultRegistry} from "./ResultRegistry.sol";

/// @title A contract that asks Pensum
/// @notice Inherit it, call `_ask` with an intent, and get the result in `_onResult`, once. Who may ask, cancel, accept and withdraw is for
/// the inheriting contract to decide: everything here that acts for it is internal.
abstract contract PensumClient is IMessageRecipient, ISpecifiesInterchainSecurityModule {
    /// @notice Where a request stands.
    enum Standing {
        /// This contract never asked, or `_onResult` took the result.
        None,
        /// There is no result yet.
        Pending,
        /// `_onResult` failed on the result. Anybody can bring it again by `retry`.
        Failed
    }

    /// @notice The mailbox that brings and takes messages.
    IMailbox public immutable mailbox;
    /// @notice Pensum's domain.
    uint32 public immutable pensumDomain;
    /// @notice Where the roots of batches are; zero where this contract takes none.
    ResultRegistry public immutable registry;
    /// @inheritdoc ISpecifiesInterchainSecurityModule
    /// @dev Zero for the mailbox's default. It cannot be changed, so that nobody can.
    IInterchainSecurityModule public immutable interchainSecurityModule;
    /// @dev The domain of this chain.
    uint32 private immutable _localDomain;

    /// @dev Set in the word of a request that has no result yet; the gas of its callback is below it.
    uint256 private constant PENDING = 1 << 64;
    /// @dev Set in the word of a request whose callback failed; the rest is the result's hash.
    uint256 private constant FAILED = 1 << 255;
    /// @dev Gas for getting from the call to the first line of `_onResult`.
    uint256 private constant DISPATCH_GAS = 2_000;
    /// @dev Gas that must be left after a callback that burnt all it was given, to write down that it failed.
    uint256 private constant RESERVE = 7_000;
    /// @dev What hooks take for a message's gas limit where nothing else is said.
    uint256 private constant MESSAGE_GAS = 50_000;
    /// @dev Bytes of the shortest body that brings a result: its kind, the offset, fifteen words, the output's length.
    uint256 private constant MIN_BODY = 545;

    /// @dev One word a request, cleared when the result was taken, which gives gas back: zero, or `PENDING` and the callback's gas, or
    /// `FAILED` and the hash of the result.
    struct Request {
        uint256 word;
    }
    mapping(bytes32 request => Request) private _requests;

    /// @notice `_onResult` failed on a result. It can be brought again by `retry`.
    event CallbackFailed(bytes32 indexed request);

    /// @notice Only the mailbox brings messages.
    error NotMailbox(address caller);
    /// @notice The message comes from another chain than Pensum.
    error WrongOrigin(uint32 origin);
    /// @notice The message comes from somebody else on Pensum than the module that sends results.
    error WrongSender(bytes32 sender);
    /// @notice The message came with a value, which nobody could take out again. Process it without.
    error ValueNotTaken();
    /// @notice The message is not an encoded result.
    error NotAResult();
    /// @notice This contract waits for no result of this request: it never asked, or had it already.
    error NotPending(bytes32 request);
    /// @notice This result did not fail, or is another one than failed. Bring the one that did.
    error NotFailed(bytes32 request);
    /// @notice The results are not in the batch. Ask for the proof again, and check batch, leaves and places.
    error NotProven(uint64 batch);
    /// @notice This contract has no registry, and so takes results only as messages of their own.
    error TakesNoBatches();
    /// @notice There is too little gas left for the callback. Bring it with more.
    error InsufficientGas(uint256 left, uint256 needed);
    /// @notice The message costs more than was set aside for it. Send as much as the quote says.
    error FeeNotCovered(uint256 fee, uint256 budget);
    /// @notice Only this contract calls this.
    error NotSelf();

    /// @param mailbox_ The mailbox that brings and takes messages.
    /// @param pensumDomain_ Pensum's domain.
    /// @param registry_ Where the roots of batches are; zero to take none.
    /// @param ism What decides whether to believe a message; zero for the mailbox's default.
    constructor(IMailbox mailbox_, uint32 pensumDomain_, ResultRegistry registry_, address ism) {
        mailbox = mailbox_;
        pensumDomain = pensumDomain_;
        registry = registry_;
        interchainSecurityModule = IInterchainSecurityModule(ism);
        _localDomain = mailbox_.localDomain();
    }

    // ---- taking results

    /// @notice Takes a result that comes as a message of its own.
    /// @dev Reverts, so that the message can be processed later, unless at least the failure of the callback can be written down.
    /// @param origin Must be Pensum's domain.
    /// @param sender Must be `PensumAbi.TASKS`.
    /// @param body A `PensumAbi.Result`.
    function handle(uint32 origin, bytes32 sender, bytes calldata body) external payable {
        if (msg.sender != address(mailbox)) revert NotMailbox(msg.sender);
        if (origin != pensumDomain) revert WrongOrigin(origin);
        if (sender != PensumAbi.TASKS) revert WrongSender(sender);
        if (msg.value != 0) revert ValueNotTaken();
        if (body.length < MIN_BODY || uint8(body[0]) != PensumAbi.RESULT) revert NotAResult();
        // What follows the kind is what `dispatchResult` takes: it becomes a call as it is, without being decoded and encoded again.
        bytes4 selector = this.dispatchResult.selector;
        bytes memory delivery;
        assembly ("memory-safe") {
            delivery := mload(0x40)
            mstore(0x40, and(add(add(delivery, body.length), 66), not(31)))
            mstore(delivery, add(body.length, 3))
            mstore(add(delivery, 0x20), selector)
            calldatacopy(add(delivery, 0x24), add(body.offset, 1), sub(body.length, 1))
        }
        if (!_deliver(delivery)) revert NotPending(_requestOf(delivery));
    }

    /// @notice Takes a result from a batch. Anybody can bring it.
    /// @param result The result.
    /// @param batch The batch.
    /// @param leaves How many results it has.
    /// @param index The result's place.
    /// @param proof The siblings on the way up.
    function claim(
        PensumAbi.Result calldata result,
        uint64 batch,
        uint32 leaves,
        uint32 index,
        bytes32[] calldata proof
    ) external {
        bytes memory delivery = abi.encodeCall(this.dispatchResult, (result));
        _prove(batch, PensumTree.rootOf(leaves, index, _leafOf(delivery), proof), leaves);
        if (!_deliver(delivery)) revert NotPending(result.request);
    }

    /// @notice Takes many results from one batch, at a small part of what each costs alone. Anybody can bring them. Those that this contract
    /// does not wait for are passed over, so that nobody can spoil a claim by bringing one of its results first.
    /// @param batch The batch.
    /// @param leaves How many results it has in all.
    /// @param count How many of them are brought.
    /// @param shared What they have in common.
    /// @param packed What they do not; `PensumPack` says how. Places strictly rising.
    /// @param siblings The nodes of the tree that cannot be computed from them; `PensumTree.rootOfMany` says in which order.
    /// @return taken How many were taken.
    function claimMany(
        uint64 batch,
        uint32 leaves,
        uint256 count,
        PensumPack.Shared calldata shared,
        bytes calldata packed,
        bytes32[] calldata siblings
    ) external returns (uint256 taken) {
        (bytes[] memory deliveries, uint256[] memory nodes) = PensumPack.unpack(
            this.dispatchResult.selector,
            shared,
            packed,
            count
        );
        _prove(batch, PensumTree.rootOfMany(leaves, nodes, siblings), leaves);
        for (uint256 at = 0; at < count; ++at) {
            if (!_deliver(deliveries[at])) continue;
            unchecked {
                ++taken;
            }
        }
    }

    /// @notice Brings a result again on which `_onResult` failed. Anybody can; it fails as `_onResult` does.
    function retry(PensumAbi.Result calldata result) external {
        Request storage stored = _requests[result.request];
        if (stored.word != FAILED | uint256(keccak256(abi.encode(result)))) revert NotFailed(result.request);
        delete stored.word;
        this.dispatchResult(result);
    }

    /// @notice Hands a result on to `_onResult`. Only this contract calls it, so that a failure there undoes nothing else.
    function dispatchResult(PensumAbi.Result calldata result) external {
        if (msg.sender != address(this)) revert NotSelf();
        _onResult(result);
    }

    /// @notice What the inheriting contract does with a result. Called once for each request, whatever the outcome, unless it fails.
    /// @dev It has the `callbackGas` of the intent. `msg.sender` is this contract.
    function _onResult(PensumAbi.Result calldata result) internal virtual;

    // ---- asking

    /// @notice Asks for an answer.
    /// @param intent What is asked. It is paid by `remoteAccount()`, which must have the money by then.
    /// @param budget The most that the message may cost in this chain's coin, out of this contract's balance: usually `msg.value`.
    /// @return request What the result will name.
    /// @return fee What the message cost. What is left of the budget is the inheriting contract's to give back.
    function _ask(PensumAbi.Intent memory intent, uint256 budget) internal returns (bytes32 request, uint256 fee) {
        (request, fee) = _send(PensumAbi.encode(intent), budget);
        _requests[request].word = PENDING | intent.callbackGas;
    }

    /// @notice Takes an intent back. The result says whether it came in time.
    /// @return fee What the message cost.
    function _cancel(bytes32 request, uint256 budget) internal returns (uint256 fee) {
        if (!_isPending(_requests[request].word)) revert NotPending(request);
        (, fee) = _send(PensumAbi.encode(PensumAbi.Cancel(request)), budget);
    }

    /// @notice Accepts an answer whose verification is the requester's.
    /// @return fee What the message cost.
    function _accept(bytes32 request, uint256 budget) internal returns (uint256 fee) {
        if (!_isPending(_requests[request].word)) revert NotPending(request);
        (, fee) = _send(PensumAbi.encode(PensumAbi.Accept(request)), budget);
    }

    /// @notice Sends money of the remote account to somebody on this chain.
    /// @return fee What the message cost.
    function _withdraw(uint32 asset, uint128 amount, address to, uint256 budget) internal returns (uint256 fee) {
        (, fee) = _send(PensumAbi.encode(PensumAbi.Withdraw(asset, amount, PensumAbi.toBytes32(to))), budget);
    }

    /// @notice What a message costs in this chain's coin.
    function _quote(bytes memory body) internal view returns (uint256) {
        return mailbox.quoteDispatch(pensumDomain, PensumAbi.TASKS, body, _hookMetadata());
    }

    /// @notice What the hooks that take the message are told: the gas that its delivery is to be paid for, in Hyperlane's usual amount.
    /// @dev Override it where the hooks want something else.
    function _hookMetadata() internal view virtual returns (bytes memory) {
        return StandardHookMetadata.overrideGasLimit(MESSAGE_GAS);
    }

    function _send(bytes memory body, uint256 budget) private returns (bytes32 id, uint256 fee) {
        fee = _quote(body);
        if (fee > budget) revert FeeNotCovered(fee, budget);
        id = mailbox.dispatch{value: fee}(pensumDomain, PensumAbi.TASKS, body, _hookMetadata());
    }

    // ---- looking

    /// @notice The account on Pensum, as its 32 bytes, that pays for what this contract asks.
    function remoteAccount() public view returns (bytes32) {
        return PensumAbi.remoteAccount(_localDomain, PensumAbi.toBytes32(address(this)));
    }

    /// @notice Where a request stands.
    function standing(bytes32 request) public view returns (Standing) {
        uint256 word = _requests[request].word;
        if (word == 0) return Standing.None;
        return _isPending(word) ? Standing.Pending : Standing.Failed;
    }

    // ---- delivery

    /// @dev Calls `_onResult` with the gas that the intent set aside for it, and writes down if it fails. The request is done before, so
    /// that nothing that the callback calls can bring the result again.
    /// @param delivery The call of `dispatchResult` that brings the result.
    /// @return taken Whether the request was pending; if not, nothing is done.
    function _deliver(bytes memory delivery) private returns (bool taken) {
        bytes32 request = _requestOf(delivery);
        Request storage stored = _requests[request];
        uint256 word = stored.word;
        if (!_isPending(word)) return false;
        stored.word = 0;
        bool failed;
        unchecked {
            uint256 callbackGas = (word ^ PENDING) + DISPATCH_GAS;
            // A call can pass on 63 of 64 parts of what is left.
            uint256 needed = callbackGas + callbackGas / 63 + RESERVE;
            if (gasleft() < needed) revert InsufficientGas(gasleft(), needed);
            assembly ("memory-safe") {
                // No returned byte is copied, so that their number costs nothing here.
                failed := iszero(call(callbackGas, address(), 0, add(delivery, 0x20), mload(delivery), 0, 0))
            }
        }
        if (failed) {
            stored.word = FAILED | uint256(_leafOf(delivery));
            emit CallbackFailed(request);
        }
        return true;
    }

    function _prove(uint64 batch, bytes32 root, uint32 leaves) private view {
        if (address(registry) == address(0)) revert TakesNoBatches();
        if (!registry.isRoot(batch, root, leaves)) revert NotProven(batch);
    }

    function _isPending(uint256 word) private pure returns (bool) {
        return word >> 64 == 1;
    }

    /// @dev Which request a delivery names: behind its length, the selector and the offset.
    function _requestOf(bytes memory delivery) private pure returns (bytes32 request) {
        assembly ("memory-safe") {
            request := mload(add(delivery, 68))
        }
    }

    /// @dev The leaf of the result in a delivery: of all that follows the selector.
    function _leafOf(bytes memory delivery) private pure returns (bytes32 leaf) {
        assembly ("memory-safe") {
            leaf := keccak256(add(delivery, 36), sub(mload(delivery), 4))
        }
    }
}
