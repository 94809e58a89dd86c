//! The project's own pallets: who implements which of the traits by which they meet.

use super::{
    assets::{Currencies, Holds},
    fees::PrepaidFees,
    money::TreasuryAccount,
    randomness::AuthorRandomness,
    system::RuntimeBlockWeights,
};
use crate::{
    constants::{auction, dispute, market, model, money, panel, solver, workflow},
    AccountId, AttestationRegistry, Auction, Balances, Dispute, Panel, Rates, Runtime, RuntimeHoldReason,
    SolverStaking, TaskBridge, TaskMarket, Workflow,
};
use frame_support::{
    parameter_types,
    traits::{ConstU128, ConstU32, ConstU64, ConstU8},
    weights::Weight,
    PalletId,
};
use frame_system::EnsureRoot;
use pallet_task_market::WeightInfo;
use sp_runtime::Permill;

parameter_types! {
    pub const DelegationPalletId: PalletId = PalletId(*b"pen/dlgt");
}

impl pallet_solver_staking::Config for Runtime {
    type NativeBalance = Balances;
    type Currencies = Currencies;
    type Rates = Rates;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Models = AttestationRegistry;
    type SlashCancelOrigin = EnsureRoot<AccountId>;
    type Treasury = TreasuryAccount;
    type MinBond = ConstU128<{ solver::MIN_BOND }>;
    type MinTaskBond = ConstU128<{ solver::MIN_TASK_BOND }>;
    type BondFactor = ConstU32<{ solver::BOND_FACTOR_PPM }>;
    type TimedOutShare = ConstU32<{ solver::TIMED_OUT_SHARE_PPM }>;
    type UnrevealedFactor = ConstU32<{ solver::UNREVEALED_FACTOR }>;
    type WrongShare = ConstU32<{ solver::WRONG_SHARE_PPM }>;
    type HarmedShare = ConstU32<{ solver::HARMED_SHARE_PPM }>;
    type RepairerShare = ConstU32<{ solver::REPAIRER_SHARE_PPM }>;
    type HalfWeightReward = ConstU128<{ solver::HALF_WEIGHT_REWARD }>;
    type UnbondingPeriod = ConstU32<{ solver::UNBONDING }>;
    type SlashDefer = ConstU32<{ solver::SLASH_DEFER }>;
    type JailThreshold = ConstU32<{ solver::JAIL_THRESHOLD }>;
    type JailPeriod = ConstU32<{ solver::JAIL }>;
    type MaxUnbonding = ConstU32<{ solver::MAX_UNBONDING }>;
    type MaxOffersPerModel = ConstU32<{ solver::MAX_OFFERS_PER_MODEL }>;
    type MaxOffersPerSolver = ConstU32<{ solver::MAX_OFFERS_PER_SOLVER }>;
    type MaxCandidates = ConstU32<{ solver::MAX_CANDIDATES }>;
    type SelectionTolerance = ConstU32<{ solver::TOLERANCE_PPM }>;
    type PalletId = DelegationPalletId;
    type MinDelegation = ConstU128<{ solver::MIN_DELEGATION }>;
    type MaxDelegationFactor = ConstU32<{ solver::MAX_DELEGATION_FACTOR }>;
    type MaxCommission = ConstU32<{ solver::MAX_COMMISSION_PPM }>;
    type CommissionNotice = ConstU32<{ solver::COMMISSION_NOTICE }>;
    type MaxSlashesPerBlock = ConstU32<{ solver::MAX_SLASHES_PER_BLOCK }>;
    type WeightInfo = pallet_solver_staking::weights::SubstrateWeight<Runtime>;
}

impl pallet_attestation_registry::Config for Runtime {
    type NativeBalance = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type FlagOrigin = EnsureRoot<AccountId>;
    type DepositBase = ConstU128<{ money::deposit(4, 0) }>;
    type DepositPerByte = ConstU128<{ money::deposit(0, 1) }>;
    type ActivationDelay = ConstU32<{ model::ACTIVATION_DELAY }>;
    type ReclaimDelay = ConstU32<{ model::RECLAIM_DELAY }>;
    type MaxReplayCost = ConstU64<{ model::MAX_REPLAY_COST }>;
    type MaxStepCost = ConstU64<{ model::MAX_STEP_COST }>;
    type WeightInfo = pallet_attestation_registry::weights::SubstrateWeight<Runtime>;
}

parameter_types! {
    pub const ProtocolFee: Permill = market::FEE;
    pub const CancelFee: Permill = market::CANCEL_FEE;
    pub MaxAnswerWeight: Weight = market::ANSWER_SHARE * RuntimeBlockWeights::get().max_block;
}

impl pallet_task_market::Config for Runtime {
    type RuntimeHoldReason = RuntimeHoldReason;
    type Currencies = Holds;
    type Rates = Rates;
    type Models = AttestationRegistry;
    type Records = AttestationRegistry;
    type Solvers = SolverStaking;
    type Auctions = Auction;
    type Panels = Panel;
    type Disputes = Dispute;
    type Followers = (Workflow, TaskBridge);
    type Prepay = PrepaidFees;
    type Treasury = TreasuryAccount;
    type ProtocolFee = ProtocolFee;
    type CancelFee = CancelFee;
    type AnswerWindow = ConstU32<{ market::ANSWER_WINDOW }>;
    type MinDeadline = ConstU32<{ market::MIN_DEADLINE }>;
    type MaxDeadline = ConstU32<{ market::MAX_DEADLINE }>;
    type MinWindow = ConstU32<{ market::MIN_WINDOW }>;
    type MaxWindow = ConstU32<{ market::MAX_WINDOW }>;
    type MaxWindowedReward = ConstU128<{ market::MAX_WINDOWED_REWARD }>;
    type AppealBondFactor = ConstU32<{ market::APPEAL_BOND_FACTOR }>;
    type AppealWindow = ConstU32<{ market::APPEAL_WINDOW }>;
    type JurySize = ConstU8<{ market::JURY_SIZE }>;
    type MaxAnswerWeight = MaxAnswerWeight;
    type MaxExpiriesPerBlock = ConstU32<{ market::MAX_EXPIRIES_PER_BLOCK }>;
    type AnswerPriority = ConstU64<{ market::ANSWER_PRIORITY }>;
    type WeightInfo = MarketWeight;
}

impl pallet_auction::Config for Runtime {
    type Solvers = SolverStaking;
    type Lots = TaskMarket;
    type Randomness = AuthorRandomness;
    type MinWindow = ConstU32<{ auction::MIN_WINDOW }>;
    type AwardMargin = ConstU32<{ market::MIN_DEADLINE }>;
    type TickSize = ConstU128<{ auction::TICK }>;
    type BumpShare = ConstU32<{ auction::BUMP_PPM }>;
    type MinDeposit = ConstU128<{ auction::MIN_DEPOSIT }>;
    type DepositShare = ConstU32<{ auction::DEPOSIT_SHARE_PPM }>;
    type MaxBids = ConstU32<{ auction::MAX_BIDS }>;
    type MaxWorkPerBlock = ConstU32<{ auction::MAX_WORK_PER_BLOCK }>;
    type Priority = ConstU64<{ market::ANSWER_PRIORITY }>;
    type WeightInfo = pallet_auction::weights::SubstrateWeight<Runtime>;
}

parameter_types! {
    pub PanelHookWeight: Weight = panel::HOOK_SHARE * RuntimeBlockWeights::get().max_block;
    pub MaxStepWeight: Weight = dispute::STEP_SHARE * RuntimeBlockWeights::get().max_block;
    pub VerdictWeight: Weight = MarketWeight::convict();
}

type MarketWeight = pallet_task_market::weights::SubstrateWeight<Runtime, { solver::MAX_CANDIDATES }>;

impl pallet_panel::Config for Runtime {
    type Models = AttestationRegistry;
    type Solvers = SolverStaking;
    type Cases = TaskMarket;
    type Randomness = AuthorRandomness;
    type CommitWindow = ConstU32<{ panel::COMMIT_WINDOW }>;
    type RevealWindow = ConstU32<{ panel::REVEAL_WINDOW }>;
    type MaxHookWeight = PanelHookWeight;
    type Priority = ConstU64<{ market::ANSWER_PRIORITY }>;
    type WeightInfo = pallet_panel::weights::SubstrateWeight<Runtime, { solver::MAX_OFFERS_PER_MODEL }>;
}

impl pallet_dispute::Config for Runtime {
    type RuntimeHoldReason = RuntimeHoldReason;
    type NativeBalance = Balances;
    type Models = AttestationRegistry;
    type Claims = TaskMarket;
    type Solvers = SolverStaking;
    type Randomness = AuthorRandomness;
    type Treasury = TreasuryAccount;
    type ChallengeBond = ConstU128<{ dispute::CHALLENGE_BOND }>;
    type AuditShare = ConstU32<{ dispute::AUDIT_SHARE_PPM }>;
    type OpenWindow = ConstU32<{ dispute::OPEN_WINDOW }>;
    type SolverPace = ConstU32<{ dispute::SOLVER_PACE }>;
    type MaxDueBytes = ConstU64<{ dispute::MAX_DUE_BYTES }>;
    type MaxDrawsPerBlock = ConstU32<{ dispute::MAX_DRAWS_PER_BLOCK }>;
    type MaxAuditsPerBlock = ConstU32<{ dispute::MAX_AUDITS_PER_BLOCK }>;
    type MaxStepWeight = MaxStepWeight;
    type VerdictWeight = VerdictWeight;
    type OpenPriority = ConstU64<{ dispute::OPEN_PRIORITY }>;
    type WeightInfo = pallet_dispute::weights::SubstrateWeight<Runtime>;
}

impl pallet_workflow::Config for Runtime {
    type RuntimeHoldReason = RuntimeHoldReason;
    type Currencies = Holds;
    type Posting = TaskMarket;
    type Models = AttestationRegistry;
    type MaxWorkPerBlock = ConstU32<{ workflow::MAX_WORK_PER_BLOCK }>;
    type WeightInfo = pallet_workflow::weights::SubstrateWeight<Runtime, { solver::MAX_CANDIDATES }>;
}
