//! Solvers: offers, faults and what RPC tells about one.

use crate::{operator::OperatorId, AccountId, Balance, BlockNumber, ModelId, SlashId};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A solver's standing price for a model.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct Offer {
    /// Price of a task with an empty input.
    #[serde(with = "crate::json::amount")]
    pub base: Balance,
    /// Price that each byte of input adds.
    #[serde(with = "crate::json::amount")]
    pub per_byte: Balance,
    /// Least price of a task.
    #[serde(with = "crate::json::amount")]
    pub min_reward: Balance,
    /// Most tasks the solver will hold at once.
    pub capacity: u32,
}

impl Offer {
    /// Price of a task whose input has `input_len` bytes.
    pub fn price(&self, input_len: u32) -> Balance {
        market_math::price::task(self.base, self.per_byte, self.min_reward, input_len)
    }
}

/// What a solver did wrong.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// No answer in time.
    TimedOut,
    /// A wrong answer, proven.
    Wrong,
    /// A commitment to an answer or a vote that was not revealed.
    Unrevealed,
    /// A trace that the solver did not open when the chain audited it: as good as wrong.
    Unopened,
    /// An answer that a jury rejected.
    Rejected,
    /// A bid that was not revealed, or not as committed.
    BidWithheld,
}

/// What RPC tells about a solver.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct SolverStatus {
    /// The account that bonds.
    pub stash: AccountId,
    /// The key that works.
    pub operator: OperatorId,
    /// Stake at work.
    #[serde(with = "crate::json::amount")]
    pub bonded: Balance,
    /// Stake at work that others have delegated to it. Of it counts at most `MaxDelegationFactor` times `bonded`.
    #[serde(with = "crate::json::amount")]
    pub delegated: Balance,
    /// Part of both that stands behind tasks, seats and bids.
    #[serde(with = "crate::json::amount")]
    pub locked: Balance,
    /// Part of all stake that pending slashes will take.
    #[serde(with = "crate::json::amount")]
    pub at_risk: Balance,
    /// Part of `bonded` and of what counts of `delegated` that can back new work.
    #[serde(with = "crate::json::amount")]
    pub free: Balance,
    /// Own stake on its way out: amount and the block from which it can be withdrawn.
    pub unbonding: Vec<(StringAmount, BlockNumber)>,
    /// Tasks held now.
    pub in_flight: u32,
    /// Reputation in parts per million.
    pub reputation: u32,
    /// Until when the solver gets no tasks, if jailed.
    pub jailed_until: Option<BlockNumber>,
    /// Standing prices.
    pub offers: Vec<(ModelId, Offer)>,
    /// Slashes that wait for their block: id, amount, fault, block.
    pub pending_slashes: Vec<(SlashId, StringAmount, Fault, BlockNumber)>,
    /// What it keeps of its delegators' rewards, in parts per million; none if it takes no delegations.
    pub commission: Option<u32>,
    /// A higher commission that was announced, and the block from which it holds.
    pub next_commission: Option<(u32, BlockNumber)>,
    /// Whether the chain slashes. While it does not, faults cost reputation and jail only.
    pub slashing: bool,
}

/// What one account has delegated to one solver.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct DelegationView {
    /// The solver.
    pub solver: AccountId,
    /// Who delegated.
    pub delegator: AccountId,
    /// Stake at work, after all slashes.
    #[serde(with = "crate::json::amount")]
    pub staked: Balance,
    /// Stake on its way out, after all slashes: amount and the block from which it can be withdrawn.
    pub leaving: Vec<(StringAmount, BlockNumber)>,
    /// What can be claimed now.
    #[serde(with = "crate::json::amount")]
    pub rewards: Balance,
}

/// An amount that travels in JSON as a decimal string.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StringAmount(#[serde(with = "crate::json::amount")] pub Balance);
