//! Nominated staking on one chain: `pallet-staking-async` and its session-side client in the same runtime, joined by a thin
//! local bridge where other chains put messages between two chains.

use super::money::ToTreasury;
use crate::{
    constants::{staking, time},
    AccountId, Balance, Balances, BlockNumber, Runtime, RuntimeHoldReason, RuntimeOrigin, Session, Staking,
    StakingClient, System, Timestamp,
};
use alloc::{vec, vec::Vec};
use frame_election_provider_support::{
    bounds::{ElectionBounds, ElectionBoundsBuilder},
    onchain, BoundedSupportsOf, ElectionProvider, PageIndex, SequentialPhragmen,
};
use frame_support::{
    parameter_types, storage_alias,
    traits::{ConstBool, ConstU32, Nothing},
    weights::{constants::WEIGHT_REF_TIME_PER_MILLIS, Weight},
    PalletId,
};
use frame_system::{pallet_prelude::BlockNumberFor, EnsureRoot};
use pallet_staking_async_rc_client::{self as rc_client, AHStakingInterface};
use sp_runtime::Perbill;
use sp_staking::SessionIndex;

/// Carries session reports and offences from the session side to staking, and elected sets back: by function call.
pub struct LocalBridge;

impl rc_client::SendToAssetHub for LocalBridge {
    type AccountId = AccountId;

    fn relay_session_report(report: rc_client::SessionReport<AccountId>) -> Result<(), ()> {
        let weight = <Staking as AHStakingInterface>::on_relay_session_report(report);
        System::register_extra_weight_unchecked(weight, frame_support::dispatch::DispatchClass::Mandatory);
        Ok(())
    }

    fn relay_new_offence_paged(
        offences: Vec<(SessionIndex, rc_client::Offence<AccountId>)>,
    ) -> Result<(), ()> {
        for (session, offence) in offences {
            let weight = <Staking as AHStakingInterface>::on_new_offences(session, vec![offence]);
            System::register_extra_weight_unchecked(
                weight,
                frame_support::dispatch::DispatchClass::Mandatory,
            );
        }
        Ok(())
    }
}

impl rc_client::RcClientInterface for LocalBridge {
    type AccountId = AccountId;

    fn validator_set(elected: Vec<AccountId>, id: u32, prune_up_to: Option<SessionIndex>) {
        let report = rc_client::ValidatorSetReport::new_terminal(elected, id, prune_up_to);
        if let Err(error) = StakingClient::validator_set(RuntimeOrigin::root(), report) {
            log::error!(target: "runtime::staking", "the elected validator set {id} was not taken: {error:?}");
        }
    }
}

parameter_types! {
    pub Bounds: ElectionBounds = ElectionBoundsBuilder::default()
        .voters_count(staking::MAX_VOTERS.into())
        .targets_count(staking::MAX_VALIDATORS.into())
        .build();
}

/// The election itself: Phragmén on chain, which is enough for a few hundred voters.
pub struct OnChain;

impl onchain::Config for OnChain {
    type Sort = ConstBool<true>;
    type System = Runtime;
    type Solver = SequentialPhragmen<AccountId, Perbill>;
    type MaxBackersPerWinner = ConstU32<{ staking::MAX_BACKERS }>;
    type MaxWinnersPerPage = ConstU32<{ staking::MAX_VALIDATORS }>;
    type DataProvider = Staking;
    type WeightInfo = frame_election_provider_support::weights::SubstrateWeight<Runtime>;
    type Bounds = Bounds;
}

/// Whether an election was asked for and not yet held. The on-chain provider alone says at every block that a result is
/// ready, so that staking would elect in every block.
#[storage_alias]
type ElectionWanted = StorageValue<Pensum, bool, frame_support::pallet_prelude::ValueQuery>;

/// The on-chain election, held once for each time it is asked for.
pub struct ElectionOnDemand;

impl ElectionProvider for ElectionOnDemand {
    type AccountId = AccountId;
    type BlockNumber = BlockNumberFor<Runtime>;
    type Error = onchain::Error;
    type MaxWinnersPerPage = ConstU32<{ staking::MAX_VALIDATORS }>;
    type MaxBackersPerWinner = ConstU32<{ staking::MAX_BACKERS }>;
    type MaxBackersPerWinnerFinal = ConstU32<{ staking::MAX_VALIDATORS }>;
    type Pages = ConstU32<1>;
    type DataProvider = Staking;

    fn elect(page: PageIndex) -> Result<BoundedSupportsOf<Self>, Self::Error> {
        ElectionWanted::kill();
        <onchain::OnChainExecution<OnChain> as ElectionProvider>::elect(page)
    }

    fn start() -> Result<(), Self::Error> {
        ElectionWanted::put(true);
        Ok(())
    }

    fn duration() -> BlockNumber {
        0
    }

    fn status() -> Result<Option<Weight>, ()> {
        // What a few hundred voters cost; it must fit what `on_poll` has left, or no election is ever held.
        Ok(ElectionWanted::get().then_some(Weight::from_parts(50 * WEIGHT_REF_TIME_PER_MILLIS, 0)))
    }
}

/// A fixed share of the issuance a year, all of it to stakers.
pub struct FixedInflation;

impl sp_staking::EraPayout<Balance> for FixedInflation {
    fn era_payout(_staked: Balance, issuance: Balance, era_ms: u64) -> (Balance, Balance) {
        // A stopped chain must not pay for the time it stood still: at most two eras' worth at once.
        let longest = 2 * u64::from(time::SESSIONS_PER_ERA) * u64::from(time::EPOCH) * time::SLOT_MS;
        let share = Perbill::from_rational(era_ms.min(longest), staking::YEAR_MS);
        (share * (staking::INFLATION * issuance), 0)
    }
}

parameter_types! {
    pub const RewardPots: PalletId = PalletId(*b"pen/rwrd");
    pub const MaxEraMs: u64 = 2 * time::SESSIONS_PER_ERA as u64 * time::EPOCH as u64 * time::SLOT_MS;
    pub const MaxPruningItems: u32 = 100;
    pub const HistoryDepth: u32 = 84;
}

impl pallet_staking_async::Config for Runtime {
    type OldCurrency = Balances;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type CurrencyBalance = Balance;
    type CurrencyToVote = sp_staking::currency_to_vote::U128CurrencyToVote;
    type ElectionProvider = ElectionOnDemand;
    type NominationsQuota = pallet_staking_async::FixedNominationsQuota<16>;
    type HistoryDepth = HistoryDepth;
    type RewardRemainder = ToTreasury;
    type Slash = ToTreasury;
    type Reward = ();
    type SessionsPerEra = ConstU32<{ time::SESSIONS_PER_ERA }>;
    type PlanningEraOffset = ConstU32<{ time::PLANNING_OFFSET }>;
    type BondingDuration = ConstU32<{ time::BONDING_ERAS }>;
    type NominatorFastUnbondDuration = ConstU32<2>;
    type SlashDeferDuration = ConstU32<{ time::SLASH_DEFER_ERAS }>;
    type AdminOrigin = EnsureRoot<AccountId>;
    type EraPayout = FixedInflation;
    type DisableMinting = ConstBool<false>;
    type UnclaimedRewardHandler = ToTreasury;
    type RewardPots = pallet_staking_async::Seed<RewardPots>;
    type StakerRewardCalculator = pallet_staking_async::reward::DefaultStakerRewardCalculator<Self>;
    type MaxExposurePageSize = ConstU32<64>;
    type MaxValidatorSet = ConstU32<{ staking::MAX_VALIDATORS }>;
    type VoterList = pallet_staking_async::UseNominatorsAndValidatorsMap<Self>;
    type TargetList = pallet_staking_async::UseValidatorsMap<Self>;
    type MaxUnlockingChunks = ConstU32<32>;
    type MaxControllersInDeprecationBatch = ConstU32<100>;
    type EventListeners = ();
    type MaxEraDuration = MaxEraMs;
    type MaxPruningItems = MaxPruningItems;
    type RcClientInterface = LocalBridge;
    type Filter = Nothing;
    type WeightInfo = pallet_staking_async::weights::SubstrateWeight<Runtime>;
    type IsValidatorInactive = ();
}

impl pallet_staking_async_ah_client::Config for Runtime {
    type CurrencyBalance = Balance;
    type AssetHubOrigin = EnsureRoot<AccountId>;
    type AdminOrigin = EnsureRoot<AccountId>;
    type SendToAssetHub = LocalBridge;
    type MinimumValidatorSetSize = ConstU32<1>;
    type MaximumValidatorsWithPoints = ConstU32<{ staking::MAX_VALIDATORS }>;
    type UnixTime = Timestamp;
    type PointsPerBlock = ConstU32<20>;
    type MaxOffenceBatchSize = ConstU32<32>;
    type SessionInterface = Session;
    type Fallback = ();
    type MaxSessionReportRetries = ConstU32<5>;
}
