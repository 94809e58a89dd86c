// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title What contracts and Pensum say to each other
/// @notice A message's body is one byte that says its kind, then `abi.encode` of one struct. The crate `pensum-task-abi` has the same
/// structs in the same order, and `vectors.json` beside it has examples that both encode to the same bytes.
library PensumAbi {
    // ---- who is who on Pensum: 12 zero bytes, then a name in ASCII, padded by zeros to 20 bytes

    /// @notice Takes intents and sends results: `pensum/tasks`.
    bytes32 internal constant TASKS = bytes32(uint256(uint160(bytes20("pensum/tasks"))));
    /// @notice The end of PEN's and of every asset's warp route: `pensum/warp/`, then the asset's number as eight bytes.
    bytes32 private constant WARP_ROUTE = bytes32(uint256(uint160(bytes20("pensum/warp/"))));

    // ---- kinds of messages to Pensum

    /// @notice An `Intent`.
    uint8 internal constant INTENT = 1;
    /// @notice A `Cancel`.
    uint8 internal constant CANCEL = 2;
    /// @notice An `Accept`.
    uint8 internal constant ACCEPT = 3;
    /// @notice A `Withdraw`.
    uint8 internal constant WITHDRAW = 4;

    // ---- kinds of messages from Pensum

    /// @notice A `Result`.
    uint8 internal constant RESULT = 1;
    /// @notice A `Root`.
    uint8 internal constant ROOT = 2;

    // ---- numbers in the structs

    /// @notice The `asset` that stands for PEN.
    uint32 internal constant PEN = type(uint32).max;
    /// @notice The `amount` of a withdrawal that stands for all there is.
    uint128 internal constant ALL = type(uint128).max;
    /// @notice Most bytes of an input that travels in an intent; a longer one is named by its digest.
    uint256 internal constant MAX_INPUT = 4096;

    /// @notice `delivery`: the result comes as a message of its own.
    uint8 internal constant DIRECT = 0;
    /// @notice `delivery`: the result is in a batch, of which the `ResultRegistry` gets the root.
    uint8 internal constant BATCHED = 1;

    /// @notice `outcome`: answered, verified and paid.
    uint8 internal constant ANSWERED = 0;
    /// @notice `outcome`: it was a task that nobody answered well; `reason` is Pensum's.
    uint8 internal constant REFUNDED = 1;
    /// @notice `outcome`: it never became a task; `reason` is one of the refusals below.
    uint8 internal constant REFUSED = 2;

    /// @notice Refusal: the body cannot be read. Encode it with this library.
    uint8 internal constant MALFORMED = 0;
    /// @notice Refusal: Pensum takes no intents from this sender or its chain. Ask its governance.
    uint8 internal constant NOT_ACCEPTED = 1;
    /// @notice Refusal: the asset cannot pay on Pensum. Pay with another.
    uint8 internal constant UNKNOWN_ASSET = 2;
    /// @notice Refusal: the asset has no rate that can be trusted now. Try again later, or pay with another.
    uint8 internal constant NO_RATE = 3;
    /// @notice Refusal: the remote account does not hold what the task costs at most. Send it more.
    uint8 internal constant CANNOT_PAY = 4;
    /// @notice Refusal: terms or input are outside of what market or model take. Compare them with their limits.
    uint8 internal constant BAD_TERMS = 5;
    /// @notice Refusal: the model is unknown, retired, or flagged and `allowFlagged` is not set. Choose another.
    uint8 internal constant UNKNOWN_MODEL = 6;
    /// @notice Refusal: no solver takes it now on these terms. Try again later, or raise `maxReward`.
    uint8 internal constant NO_SOLVER = 7;
    /// @notice Refusal: batched delivery was asked for and Pensum knows no registry here. Ask for direct delivery.
    uint8 internal constant NO_REGISTRY = 8;

    /// @notice How the solver is chosen.
    /// @param kind 0 Book: at once, against the standing offers. 1 Dutch: the price rises. 2 Sealed: bids under commitments.
    /// @param start Dutch: the first price. Sealed: the most that a bid may ask.
    /// @param end Dutch: the last price.
    /// @param blocks Dutch: how many blocks the price takes to rise. Sealed: how many blocks bids are committed in.
    /// @param reveal Sealed: how many blocks bids are revealed in.
    struct Matching {
        uint8 kind;
        uint128 start;
        uint128 end;
        uint32 blocks;
        uint32 reveal;
    }

    /// @notice How the answer is verified.
    /// @param kind 0 Replay, by the chain itself. 1 Quorum of solvers. 2 Requester, with appeal to a jury.
    /// @param window Replay, Requester: blocks in which the answer can be disputed; 0 for a replay in the block of the answer.
    /// @param solvers Quorum: how many answer.
    /// @param threshold Quorum: how many must agree.
    /// @param rule Quorum: 0 Exact, 1 Numeric, 2 JsonField, 3 Label.
    /// @param ppm Quorum, Numeric: how far apart two numbers may be, in millionths.
    /// @param pointer Quorum, JsonField: which field counts.
    struct Verification {
        uint8 kind;
        uint32 window;
        uint8 solvers;
        uint8 threshold;
        uint8 rule;
        uint32 ppm;
        bytes pointer;
    }

    /// @notice Asks for an answer. Fields that a kind does not use must be zero or empty.
    /// @param model Digest that names the model.
    /// @param input What it shall read, at most 4096 bytes; empty where `blob` names it.
    /// @param blob sha2-256 of an input in the solvers' content stores; zero where `input` has it.
    /// @param blobLength The length of that input.
    /// @param asset What pays, as Pensum numbers it.
    /// @param maxReward The most that the answer may cost, in units of the asset.
    /// @param deadline Blocks of Pensum after the one that takes the intent.
    /// @param matching How the solver is chosen.
    /// @param verification How the answer is verified.
    /// @param minReputation What the solver must have.
    /// @param allowFlagged Whether the model may be flagged.
    /// @param delivery `DIRECT` or `BATCHED`.
    /// @param callbackGas Gas for the consumer's callback.
    /// @param refundTo Who gets, on the intent's own chain, what is left of `maxReward`; zero to leave it in the remote account.
    struct Intent {
        bytes32 model;
        bytes input;
        bytes32 blob;
        uint32 blobLength;
        uint32 asset;
        uint128 maxReward;
        uint32 deadline;
        Matching matching;
        Verification verification;
        uint32 minReputation;
        bool allowFlagged;
        uint8 delivery;
        uint64 callbackGas;
        bytes32 refundTo;
    }

    /// @notice Takes an intent back that was not answered yet.
    /// @param request Id of the message that brought it.
    struct Cancel {
        bytes32 request;
    }

    /// @notice Accepts an answer that is verified by its requester.
    /// @param request Id of the message that brought the intent.
    struct Accept {
        bytes32 request;
    }

    /// @notice Sends money of the sender's remote account to the sender's own chain.
    /// @param asset Which.
    /// @param amount How much; `ALL` for all there is.
    /// @param to Who gets it there.
    struct Withdraw {
        uint32 asset;
        uint128 amount;
        bytes32 to;
    }

    /// @notice How an intent ended.
    /// @param request Id of the message that brought it.
    /// @param sender Who sent that.
    /// @param task The task on Pensum; 0 where it never became one.
    /// @param outcome `ANSWERED`, `REFUNDED` or `REFUSED`.
    /// @param reason Why it was refunded or refused; else 0.
    /// @param model Digest that names the model.
    /// @param inputDigest sha2-256 of what the model read.
    /// @param outputDigest sha2-256 of `output`, also where that is empty.
    /// @param output The answer; empty unless answered.
    /// @param verification The kind of verification.
    /// @param evidence Digest of what the verdict rests on.
    /// @param asset What paid.
    /// @param price How much was paid.
    /// @param endedAt The block of Pensum in which it ended.
    /// @param record The leaf of its record in the tree of that block's records.
    struct Result {
        bytes32 request;
        bytes32 sender;
        uint64 task;
        uint8 outcome;
        uint8 reason;
        bytes32 model;
        bytes32 inputDigest;
        bytes32 outputDigest;
        bytes output;
        uint8 verification;
        bytes32 evidence;
        uint32 asset;
        uint128 price;
        uint32 endedAt;
        bytes32 record;
    }

    /// @notice The Merkle root of many results.
    /// @param batch Its number, counted from 0 for each chain.
    /// @param root The root.
    /// @param leaves How many results there are.
    struct Root {
        uint64 batch;
        bytes32 root;
        uint32 leaves;
    }

    /// @notice The message is of another kind. Look at its first byte before you choose how to read it.
    error WrongKind(uint8 expected, uint8 found);

    // ---- to Pensum

    /// @notice The body of a message that asks for an answer.
    function encode(Intent memory intent) internal pure returns (bytes memory) {
        return bytes.concat(bytes1(INTENT), abi.encode(intent));
    }

    /// @notice The body of a message that takes an intent back.
    function encode(Cancel memory cancel) internal pure returns (bytes memory) {
        return bytes.concat(bytes1(CANCEL), abi.encode(cancel));
    }

    /// @notice The body of a message that accepts an answer.
    function encode(Accept memory accept) internal pure returns (bytes memory) {
        return bytes.concat(bytes1(ACCEPT), abi.encode(accept));
    }

    /// @notice The body of a message that brings money home.
    function encode(Withdraw memory withdraw) internal pure returns (bytes memory) {
        return bytes.concat(bytes1(WITHDRAW), abi.encode(withdraw));
    }

    /// @notice Reads an intent.
    function decodeIntent(bytes calldata body) internal pure returns (Intent memory) {
        return abi.decode(_struct(body, INTENT), (Intent));
    }

    /// @notice Reads a cancellation.
    function decodeCancel(bytes calldata body) internal pure returns (Cancel memory) {
        return abi.decode(_struct(body, CANCEL), (Cancel));
    }

    /// @notice Reads an acceptance.
    function decodeAccept(bytes calldata body) internal pure returns (Accept memory) {
        return abi.decode(_struct(body, ACCEPT), (Accept));
    }

    /// @notice Reads a withdrawal.
    function decodeWithdraw(bytes calldata body) internal pure returns (Withdraw memory) {
        return abi.decode(_struct(body, WITHDRAW), (Withdraw));
    }

    // ---- from Pensum

    /// @notice The body of a message that brings a result.
    function encode(Result memory result) internal pure returns (bytes memory) {
        return bytes.concat(bytes1(RESULT), abi.encode(result));
    }

    /// @notice The body of a message that brings a batch's root.
    function encode(Root memory root) internal pure returns (bytes memory) {
        return bytes.concat(bytes1(ROOT), abi.encode(root));
    }

    /// @notice Reads a result.
    function decodeResult(bytes calldata body) internal pure returns (Result memory) {
        return abi.decode(_struct(body, RESULT), (Result));
    }

    /// @notice Reads a batch's root.
    function decodeRoot(bytes calldata body) internal pure returns (Root memory) {
        return abi.decode(_struct(body, ROOT), (Root));
    }

    /// @notice The leaf of a result in its batch.
    function leaf(Result memory result) internal pure returns (bytes32) {
        return keccak256(abi.encode(result));
    }

    // ---- addresses

    /// @notice An address as messages have it.
    function toBytes32(address account) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }

    /// @notice The account on Pensum, as its 32 bytes, of `sender` on the chain `domain`.
    function remoteAccount(uint32 domain, bytes32 sender) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked("pensum/remote-account", domain, sender));
    }

    /// @notice The end on Pensum of an asset's warp route.
    function warpRoute(uint32 asset) internal pure returns (bytes32) {
        return bytes32(uint256(WARP_ROUTE) | asset);
    }

    // ---- the terms that most intents have

    /// @notice Matched at once, against the standing offers.
    function book() internal pure returns (Matching memory matching) {}

    /// @notice Verified by the chain, which runs the model again; where `window` is not 0, only if somebody disputes within so many blocks.
    function replay(uint32 window) internal pure returns (Verification memory verification) {
        verification.window = window;
    }

    function _struct(bytes calldata body, uint8 kind) private pure returns (bytes calldata) {
        uint8 found = body.length == 0 ? 0 : uint8(body[0]);
        if (found != kind) revert WrongKind(kind, found);
        return body[1:];
    }
}
