//! The project's own pallets: who implements which of the traits by which they meet.

use super::{money::FeesToAuthorAndTreasury, money::TreasuryAccount, system::RuntimeBlockWeights};
use crate::{
    constants::{market, model, money, solver},
    AccountId, AttestationRegistry, Balances, Runtime, RuntimeHoldReason, SolverStaking, TaskMarket,
    TransactionPayment,
};
use alloc::vec::Vec;
use frame_support::{
    parameter_types,
    traits::{ConstU128, ConstU32, ConstU64},
    weights::Weight,
};
use frame_system::{
    offchain::{CreateAuthorizedTransaction, SubmitTransaction},
    EnsureRoot,
};
use pensum_primitives::{
    operator::{OperatorId, OperatorSignature},
    task::Answer,
    traits::OperatorSubmit,
    verdict::Unable,
    Balance, BatchId,
};
use sp_runtime::{traits::Convert, DispatchError, DispatchResult, Permill};

impl pallet_solver_staking::Config for Runtime {
    type NativeBalance = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Models = AttestationRegistry;
    type SlashCancelOrigin = EnsureRoot<AccountId>;
    type Treasury = TreasuryAccount;
    type MinBond = ConstU128<{ solver::MIN_BOND }>;
    type MinTaskBond = ConstU128<{ solver::MIN_TASK_BOND }>;
    type BondFactor = ConstU32<{ solver::BOND_FACTOR_PPM }>;
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
    type WeightInfo = pallet_attestation_registry::weights::SubstrateWeight<Runtime>;
}

/// Prices weight as a transaction's is priced now, congestion included.
pub struct FeeOfWeight;

impl Convert<Weight, Balance> for FeeOfWeight {
    fn convert(weight: Weight) -> Balance {
        TransactionPayment::weight_to_fee(weight)
    }
}

parameter_types! {
    pub const ProtocolFee: Permill = market::FEE;
    pub const CancelFee: Permill = market::CANCEL_FEE;
    pub MaxAnswerWeight: Weight = market::ANSWER_SHARE * RuntimeBlockWeights::get().max_block;
}

impl pallet_task_market::Config for Runtime {
    type RuntimeHoldReason = RuntimeHoldReason;
    type NativeBalance = Balances;
    type Models = AttestationRegistry;
    type Records = AttestationRegistry;
    type Solvers = SolverStaking;
    type Prepay = pallet_task_market::prepay::PrepayAsFee<Balances, FeeOfWeight, FeesToAuthorAndTreasury>;
    type Treasury = TreasuryAccount;
    type ProtocolFee = ProtocolFee;
    type CancelFee = CancelFee;
    type AnswerWindow = ConstU32<{ market::ANSWER_WINDOW }>;
    type MinDeadline = ConstU32<{ market::MIN_DEADLINE }>;
    type MaxDeadline = ConstU32<{ market::MAX_DEADLINE }>;
    type MaxAnswerWeight = MaxAnswerWeight;
    type MaxExpiriesPerBlock = ConstU32<{ market::MAX_EXPIRIES_PER_BLOCK }>;
    type AnswerPriority = ConstU64<{ market::ANSWER_PRIORITY }>;
    type WeightInfo = pallet_task_market::weights::SubstrateWeight<Runtime, { solver::MAX_CANDIDATES }>;
}

/// Hands what an operator signed to the transaction pool, as the market's own calls.
pub struct ToMarket;

impl ToMarket {
    fn submit(call: pallet_task_market::Call<Runtime>) -> DispatchResult {
        let transaction =
            <Runtime as CreateAuthorizedTransaction<pallet_task_market::Call<Runtime>>>::create_authorized_transaction(call.into());
        SubmitTransaction::<Runtime, pallet_task_market::Call<Runtime>>::submit_transaction(transaction)
            .map_err(|()| DispatchError::Other("the transaction pool refused it"))
    }
}

impl OperatorSubmit for ToMarket {
    fn answer(operator: OperatorId, answers: Vec<Answer>, signature: OperatorSignature) -> DispatchResult {
        let answers = answers
            .try_into()
            .map_err(|_| DispatchError::Other("more answers than one sheet holds"))?;
        Self::submit(pallet_task_market::Call::answer {
            operator,
            answers,
            signature,
        })
    }

    fn decline(
        operator: OperatorId,
        batch: BatchId,
        reason: Unable,
        signature: OperatorSignature,
    ) -> DispatchResult {
        Self::submit(pallet_task_market::Call::decline {
            operator,
            batch,
            reason,
            signature,
        })
    }
}

impl pallet_inference_worker::Config for Runtime {
    type Duties = TaskMarket;
    type Solvers = SolverStaking;
    type Submit = ToMarket;
}
