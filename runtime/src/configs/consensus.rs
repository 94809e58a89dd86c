//! Block production, finality, sessions, and the reporting of equivocations.

use crate::constants::money;
use crate::{
    constants::{staking, time},
    AccountId, Babe, Balances, Historical, Offences, Runtime, RuntimeEvent, Session, SessionKeys,
    StakingClient,
};
use frame_support::{
    parameter_types,
    traits::{ConstU128, ConstU32, ConstU64, KeyOwnerProofSystem},
};
use sp_core::crypto::KeyTypeId;
use sp_runtime::traits::{ConvertInto, OpaqueKeys};
use sp_session::MembershipProof;

parameter_types! {
    /// How long an equivocation can still be reported: as long as the offender's stake is bonded.
    pub const ReportLongevity: u64 =
        time::BONDING_ERAS as u64 * time::SESSIONS_PER_ERA as u64 * time::EPOCH as u64;
}

impl pallet_babe::Config for Runtime {
    type EpochDuration = ConstU64<{ time::EPOCH as u64 }>;
    type ExpectedBlockTime = ConstU64<{ time::SLOT_MS }>;
    type EpochChangeTrigger = pallet_babe::ExternalTrigger;
    type DisabledValidators = Session;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<{ staking::MAX_VALIDATORS }>;
    type MaxNominators = ConstU32<{ staking::MAX_BACKERS }>;
    type KeyOwnerProof = MembershipProof;
    type EquivocationReportSystem =
        pallet_babe::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<{ staking::MAX_VALIDATORS }>;
    type MaxNominators = ConstU32<{ staking::MAX_BACKERS }>;
    type MaxSetIdSessionEntries = ConstU64<{ (time::BONDING_ERAS * time::SESSIONS_PER_ERA) as u64 }>;
    type KeyOwnerProof =
        <Historical as KeyOwnerProofSystem<(KeyTypeId, sp_consensus_grandpa::AuthorityId)>>::Proof;
    type EquivocationReportSystem =
        pallet_grandpa::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Babe>;
    type EventHandler = StakingClient;
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = Babe;
    type NextSessionRotation = Babe;
    type SessionManager = pallet_session::historical::NoteHistoricalRoot<Self, StakingClient>;
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    type DisablingStrategy = pallet_session::disabling::UpToLimitWithReEnablingDisablingStrategy;
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type KeyDeposit = ConstU128<{ money::deposit(1, 128) }>;
}

impl pallet_session::historical::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = sp_staking::Exposure<AccountId, crate::Balance>;
    type FullIdentificationOf = pallet_staking_async_ah_client::DefaultExposureOf<Runtime>;
}

impl pallet_offences::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = pallet_session::historical::IdentificationTuple<Runtime>;
    type OnOffenceHandler = StakingClient;
}

impl pallet_authority_discovery::Config for Runtime {
    type MaxAuthorities = ConstU32<{ staking::MAX_VALIDATORS }>;
}
