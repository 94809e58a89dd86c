//! Solvers: offers, faults and what RPC tells about one.

use crate::{operator::OperatorId, AccountId, AssetId, Balance, BlockNumber, ModelId, SlashId};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use market_math::ratio::proportion_rounded_up;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// How many times as many solvers' records are read to find the most reputable one for tasks that somebody failed as to find the
/// cheapest for new ones: the price orders a book and bounds that search early, reputation stands in every solver's own record.
pub const HANDED_OVER_CANDIDATES: u32 = 4;

/// What the amounts of an offer count.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Default,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 10⁻¹² of a PEN.
    #[default]
    Native,
    /// 10⁻¹² of a whole unit of the listed asset that governance named stable. What that is in PEN the chain's rate says in the
    /// block that matches the offer; while there is no rate, the offer is passed over.
    Stable,
}

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
    /// What the amounts above count.
    #[serde(default)]
    pub unit: Unit,
}

impl Offer {
    /// The offer in PEN, where 10⁻¹² of a stable unit is worth that fraction of it. Each amount is rounded up, so that nobody is paid
    /// less than was quoted, and saturates, so that an absurd offer is merely too dear. `None` for an offer in the stable unit while
    /// that has no rate.
    pub fn in_native(&self, stable: Option<(Balance, Balance)>) -> Option<Self> {
        match self.unit {
            Unit::Native => Some(*self),
            Unit::Stable => {
                let (worth, of) = stable.filter(|(_, of)| *of > 0)?;
                let in_native = |amount| proportion_rounded_up(amount, worth, of).unwrap_or(Balance::MAX);
                Some(Self {
                    base: in_native(self.base),
                    per_byte: in_native(self.per_byte),
                    min_reward: in_native(self.min_reward),
                    capacity: self.capacity,
                    unit: Unit::Native,
                })
            }
        }
    }

    /// Price of a task whose input has `input_len` bytes, in the offer's unit.
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
    /// Listed assets that it takes in payment, beside PEN.
    pub accepts: Vec<AssetId>,
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
    /// What can be claimed now: the asset, none being PEN, and the amount.
    pub rewards: Vec<(Option<AssetId>, StringAmount)>,
}

/// An amount that travels in JSON as a decimal string.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StringAmount(#[serde(with = "crate::json::amount")] pub Balance);
