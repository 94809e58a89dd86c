// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IMailbox} from "@hyperlane-xyz/core/contracts/interfaces/IMailbox.sol";
import {ITokenBridge, Quote} from "@hyperlane-xyz/core/contracts/interfaces/ITokenBridge.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {PensumAbi} from "../PensumAbi.sol";
import {PensumClient} from "../PensumClient.sol";
import {ResultRegistry} from "../ResultRegistry.sol";

/// @title Which language is this text?
/// @notice An example of a consumer. It takes a token from whoever asks, sends it through the token's warp route to its remote account on
/// Pensum, asks the model there, and keeps the answer. What was not spent goes back to who asked.
contract LanguageDesk is PensumClient {
    using SafeERC20 for IERC20;

    /// @notice How a question stands.
    enum State {
        /// Nobody asked it.
        Unknown,
        /// There is no answer yet.
        Asked,
        /// `label` is the answer.
        Answered,
        /// There will be none; Pensum sends the money back.
        Refunded,
        /// Pensum did not take it, and sends the money back.
        Refused
    }

    /// @notice A question.
    /// @param asker Who asked and paid.
    /// @param state How it stands.
    /// @param label The answer: the number of a language in the model's list of labels.
    struct Question {
        address asker;
        State state;
        uint32 label;
    }

    /// @notice The token that pays.
    IERC20 public immutable token;
    /// @notice This chain's end of its warp route.
    ITokenBridge public immutable warpRoute;
    /// @notice The token's number on Pensum.
    uint32 public immutable asset;
    /// @notice The model that is asked.
    bytes32 public immutable model;
    /// @notice Who may stop it, and recover what stayed on Pensum.
    address public immutable owner;
    /// @notice Whether it takes no questions for now. Answers it takes always.
    bool public paused;

    /// @notice All questions, by request.
    mapping(bytes32 request => Question) public questions;

    /// @dev Gas for `_onResult`, twice what it takes.
    uint64 private constant CALLBACK_GAS = 25_000;

    /// @notice Somebody asked.
    event Asked(bytes32 indexed request, address indexed asker, bytes text);
    /// @notice The answer came.
    event Answered(bytes32 indexed request, address indexed asker, uint32 label, uint128 price);
    /// @notice There will be no answer; `reason` is Pensum's. `maxReward` is sent back.
    event Refunded(bytes32 indexed request, address indexed asker, uint8 reason);
    /// @notice Pensum did not take the question; `reason` is a refusal of `PensumAbi`. `maxReward` is sent back.
    event Refused(bytes32 indexed request, address indexed asker, uint8 reason);
    /// @notice Money that stayed in the remote account is on its way here.
    event Recovered(uint128 amount, address indexed to);
    /// @notice Questions are taken, or not.
    event PausedSet(bool paused);

    /// @notice No questions are taken for now. Ask later.
    error Paused();
    /// @notice Only the owner does this.
    error NotOwner(address caller);
    /// @notice Only who asked does this.
    error NotAsker(address caller);
    /// @notice Messages and deposit cost more of this chain's coin than was sent. Send what `quoteAsk` says.
    error FeeNotSent(uint256 sent, uint256 needed);
    /// @notice The warp route wants a token that this contract does not have.
    error UnexpectedFeeToken(address feeToken);
    /// @notice What was not spent could not be sent back to the caller.
    error ChangeNotTaken();
    /// @notice The answer is not a label of four bytes.
    error NotALabel();

    /// @notice What the desk needs to know.
    /// @param mailbox This chain's mailbox.
    /// @param pensumDomain Pensum's domain.
    /// @param registry Where the roots of batches are; zero to take none.
    /// @param ism What decides whether to believe a message; zero for the mailbox's default.
    /// @param token The token that pays.
    /// @param warpRoute This chain's end of its warp route.
    /// @param asset The token's number on Pensum.
    /// @param model The model that is asked.
    struct Setup {
        IMailbox mailbox;
        uint32 pensumDomain;
        ResultRegistry registry;
        address ism;
        IERC20 token;
        ITokenBridge warpRoute;
        uint32 asset;
        bytes32 model;
    }

    /// @notice How much to ask for and how.
    /// @param maxReward The most that the answer may cost, in units of the token.
    /// @param deposit What is sent to Pensum: `maxReward` and what Pensum takes for posting and delivery. What is left of that beyond
    /// `maxReward` stays in the remote account, where `recover` finds it.
    /// @param deadline Blocks of Pensum in which it must be answered.
    /// @param delivery `PensumAbi.DIRECT` or `PensumAbi.BATCHED`.
    struct Terms {
        uint128 maxReward;
        uint128 deposit;
        uint32 deadline;
        uint8 delivery;
    }

    /// @param setup What the desk needs to know.
    constructor(Setup memory setup) PensumClient(setup.mailbox, setup.pensumDomain, setup.registry, setup.ism) {
        token = setup.token;
        warpRoute = setup.warpRoute;
        asset = setup.asset;
        model = setup.model;
        owner = msg.sender;
    }

    /// @notice Asks in which language a text is. The caller must have approved the tokens that `quoteAsk` says, and what is sent beyond
    /// the fee comes back.
    /// @param text UTF-8, at most 4096 bytes.
    /// @param terms How much and how.
    /// @return request What `questions` knows it by.
    function ask(bytes calldata text, Terms calldata terms) external payable returns (bytes32 request) {
        if (paused) revert Paused();
        (uint256 coins, uint256 tokens) = _quoteDeposit(terms.deposit);
        if (coins > msg.value) revert FeeNotSent(msg.value, coins);
        token.safeTransferFrom(msg.sender, address(this), tokens);
        token.forceApprove(address(warpRoute), tokens);
        warpRoute.transferRemote{value: coins}(pensumDomain, remoteAccount(), terms.deposit);

        uint256 fee;
        (request, fee) = _ask(_intent(text, terms, msg.sender), msg.value - coins);
        questions[request] = Question(msg.sender, State.Asked, 0);
        emit Asked(request, msg.sender, text);
        _giveBack(msg.value - coins - fee);
    }

    /// @notice What asking costs now.
    /// @return coins This chain's coin, to be sent with the call.
    /// @return tokens Units of the token, to be approved.
    function quoteAsk(bytes calldata text, Terms calldata terms) external view returns (uint256 coins, uint256 tokens) {
        (coins, tokens) = _quoteDeposit(terms.deposit);
        coins += _quote(PensumAbi.encode(_intent(text, terms, msg.sender)));
    }

    /// @notice Takes a question back that has no answer yet. What was set aside for it comes back once Pensum says so.
    function cancel(bytes32 request) external payable {
        if (msg.sender != questions[request].asker) revert NotAsker(msg.sender);
        _giveBack(msg.value - _cancel(request, msg.value));
    }

    /// @notice Brings money here that stayed in the remote account: what was left of deposits beyond rewards, and what Pensum could not
    /// send back by itself. Only the owner does, whom askers trust not to take a deposit before its question is a task.
    function recover(uint128 amount, address to) external payable {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        emit Recovered(amount, to);
        _giveBack(msg.value - _withdraw(asset, amount, to, msg.value));
    }

    /// @notice Stops taking questions, or takes them again.
    function setPaused(bool paused_) external {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        paused = paused_;
        emit PausedSet(paused_);
    }

    /// @inheritdoc PensumClient
    function _onResult(PensumAbi.Result calldata result) internal override {
        Question storage question = questions[result.request];
        address asker = question.asker;
        if (result.outcome == PensumAbi.ANSWERED) {
            uint32 label = _label(result.output);
            (question.state, question.label) = (State.Answered, label);
            emit Answered(result.request, asker, label, result.price);
        } else if (result.outcome == PensumAbi.REFUNDED) {
            question.state = State.Refunded;
            emit Refunded(result.request, asker, result.reason);
        } else {
            question.state = State.Refused;
            emit Refused(result.request, asker, result.reason);
        }
    }

    function _intent(
        bytes calldata text,
        Terms calldata terms,
        address asker
    ) private view returns (PensumAbi.Intent memory intent) {
        intent.model = model;
        intent.input = text;
        intent.asset = asset;
        intent.maxReward = terms.maxReward;
        intent.deadline = terms.deadline;
        intent.matching = PensumAbi.book();
        intent.verification = PensumAbi.replay(0);
        intent.delivery = terms.delivery;
        intent.callbackGas = CALLBACK_GAS;
        intent.refundTo = PensumAbi.toBytes32(asker);
    }

    /// @dev What sending the deposit costs; the deposit itself is among the tokens.
    function _quoteDeposit(uint128 deposit) private view returns (uint256 coins, uint256 tokens) {
        Quote[] memory quotes = warpRoute.quoteTransferRemote(pensumDomain, remoteAccount(), deposit);
        for (uint256 at = 0; at < quotes.length; ++at) {
            if (quotes[at].token == address(0)) coins += quotes[at].amount;
            else if (quotes[at].token == address(token)) tokens += quotes[at].amount;
            else if (quotes[at].amount != 0) revert UnexpectedFeeToken(quotes[at].token);
        }
    }

    /// @dev The model answers with a label as four bytes, little-endian.
    function _label(bytes calldata output) private pure returns (uint32 label) {
        if (output.length != 4) revert NotALabel();
        for (uint256 at = 4; at > 0; --at) label = (label << 8) | uint8(output[at - 1]);
    }

    function _giveBack(uint256 amount) private {
        if (amount == 0) return;
        (bool taken, ) = msg.sender.call{value: amount}("");
        if (!taken) revert ChangeNotTaken();
    }
}
