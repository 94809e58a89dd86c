//! The structs as Solidity declares them. `PensumAbi.sol` has the same, in the same order.
//!
//! Everything here is a raw number; the modules beside this one say which of them mean something.

// What the macro generates is undocumented.
#![allow(missing_docs)]

alloy_sol_types::sol! {
    /// How the solver is chosen.
    #[derive(Debug, PartialEq, Eq)]
    struct Matching {
        uint8 kind;
        uint128 start;
        uint128 end;
        uint32 blocks;
        uint32 reveal;
    }

    /// How the answer is verified.
    #[derive(Debug, PartialEq, Eq)]
    struct Verification {
        uint8 kind;
        uint32 window;
        uint8 solvers;
        uint8 threshold;
        uint8 rule;
        uint32 ppm;
        bytes pointer;
    }

    /// To Pensum, kind 1: asks for an answer.
    #[derive(Debug, PartialEq, Eq)]
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

    /// To Pensum, kind 2: takes an intent back.
    #[derive(Debug, PartialEq, Eq)]
    struct Cancel {
        bytes32 request;
    }

    /// To Pensum, kind 3: accepts an answer.
    #[derive(Debug, PartialEq, Eq)]
    struct Accept {
        bytes32 request;
    }

    /// To Pensum, kind 4: sends money of the remote account home.
    #[derive(Debug, PartialEq, Eq)]
    struct Withdraw {
        uint32 asset;
        uint128 amount;
        bytes32 to;
    }

    /// From Pensum, kind 1: how it ended.
    #[derive(Debug, PartialEq, Eq)]
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

    /// From Pensum, kind 2: the Merkle root of many results.
    #[derive(Debug, PartialEq, Eq)]
    struct Root {
        uint64 batch;
        bytes32 root;
        uint32 leaves;
    }
}
