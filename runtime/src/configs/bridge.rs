//! Other chains: the mailbox with its security modules and checkpoints, and the tasks that come by it.

use super::{assets::Currencies, money::TreasuryAccount};
use crate::{
    constants::{bridge, staking},
    AccountId, Balances, Historical, Hyperlane, Offences, Rates, Runtime, TaskBridge, TaskMarket,
};
use frame_support::{
    parameter_types,
    traits::{ConstU32, ConstU64},
};
use frame_system::EnsureRoot;
use pensum_task_abi::Refusal;
use sp_runtime::{traits::Convert, DispatchError, Perbill};

parameter_types! {
    pub const BadCheckpointSlash: Perbill = bridge::BAD_CHECKPOINT_SLASH;
}

impl pallet_hyperlane::Config for Runtime {
    type Currency = Balances;
    type Recipients = TaskBridge;
    type KeyOwners = Historical;
    type Offences = Offences;
    type AdminOrigin = EnsureRoot<AccountId>;
    // Governance runs or pays relayers; the treasury is the only account that surely exists.
    type GasBeneficiary = TreasuryAccount;
    type MessageWindow = ConstU32<{ bridge::MESSAGE_WINDOW }>;
    type MaxValidators = ConstU32<{ staking::MAX_VALIDATORS }>;
    type BadCheckpointSlash = BadCheckpointSlash;
    type CheckpointPriority = ConstU64<{ bridge::CHECKPOINT_PRIORITY }>;
    type WeightInfo = pallet_hyperlane::SubstrateWeight<Runtime, { staking::MAX_VALIDATORS }>;
}

/// What an error of the market, the rates or the registry means to a contract on another chain, which knows none of them by name.
pub struct Refusals;

impl Convert<DispatchError, Refusal> for Refusals {
    fn convert(error: DispatchError) -> Refusal {
        use pallet_attestation_registry::Error as Model;
        use pallet_rates::Error as Rate;
        use pallet_task_market::Error as Market;
        const REFUSALS: [(Refusal, &[fn() -> DispatchError]); 5] = [
            (
                Refusal::UnknownAsset,
                &[
                    || Rate::<Runtime>::UnknownAsset.into(),
                    || Rate::<Runtime>::NotListed.into(),
                ],
            ),
            (
                Refusal::NoRate,
                &[
                    || Rate::<Runtime>::NoRate.into(),
                    || Rate::<Runtime>::RateNotSettled.into(),
                    || Rate::<Runtime>::RateTooOld.into(),
                    || Rate::<Runtime>::PriceMoves.into(),
                ],
            ),
            (
                Refusal::CannotPay,
                &[
                    || Market::<Runtime>::CannotEscrow.into(),
                    || Market::<Runtime>::CannotPrepay.into(),
                ],
            ),
            (
                Refusal::UnknownModel,
                &[
                    || Model::<Runtime>::UnknownModel.into(),
                    || Model::<Runtime>::ModelNotYetActive.into(),
                    || Model::<Runtime>::ModelFlagged.into(),
                    || Model::<Runtime>::ModelRetired.into(),
                ],
            ),
            (
                Refusal::NoSolver,
                &[
                    || Market::<Runtime>::PriceCapBelowOffers.into(),
                    || Market::<Runtime>::NobodyOffers.into(),
                    || Market::<Runtime>::AssetNotAccepted.into(),
                    || Market::<Runtime>::OffersWithoutRate.into(),
                    || Market::<Runtime>::SolversBusy.into(),
                    || Market::<Runtime>::TooFragmented.into(),
                ],
            ),
        ];
        REFUSALS
            .iter()
            .find(|(_, errors)| errors.iter().any(|known| known() == error))
            .map_or(Refusal::BadTerms, |(refusal, _)| *refusal)
    }
}

impl pallet_task_bridge::Config for Runtime {
    type AdminOrigin = EnsureRoot<AccountId>;
    type Mailbox = Hyperlane;
    type Posting = TaskMarket;
    type Currencies = Currencies;
    type Rates = Rates;
    type Refusals = Refusals;
    type MaxWorkPerBlock = ConstU32<{ bridge::MAX_WORK_PER_BLOCK }>;
    type RetryAfter = ConstU32<{ bridge::RETRY_AFTER }>;
    type BatchPeriod = ConstU32<{ bridge::BATCH_PERIOD }>;
    type KeptResults = ConstU32<{ bridge::KEPT_RESULTS }>;
    type ResultGas = ConstU64<{ bridge::RESULT_GAS }>;
    type RootGas = ConstU64<{ bridge::ROOT_GAS }>;
    type ShareGas = ConstU64<{ bridge::SHARE_GAS }>;
    type TransferGas = ConstU64<{ bridge::TRANSFER_GAS }>;
    type WeightInfo = pallet_task_bridge::SubstrateWeight<Runtime>;
}
