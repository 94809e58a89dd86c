//! A runtime with the real pallets around the market, and the people in it.

mod auctions;
mod models;
mod money;
mod panels;
mod satellites;
mod tasks;

pub use auctions::*;
pub use models::*;
pub use money::*;
pub use panels::*;
pub use satellites::*;
pub use tasks::*;

use crate::{self as pallet_task_market, weights::SubstrateWeight, HoldReason};
use frame_support::{
    derive_impl,
    pallet_prelude::{DispatchError, Weight},
    parameter_types,
    traits::{fungible::InspectHold, AsEnsureOriginWithArg, ConstU32, Hooks},
    weights::constants::ParityDbWeight,
    PalletId,
};
use frame_system::{EnsureRoot, EnsureSigned};
use pensum_primitives::{
    model::ModelEntry,
    operator::{ownership_payload, OperatorPair},
    solver::{Offer, Unit},
    step::{Executed, NodeInfo, Step},
    traits::{Models, Replayed},
    verdict::Reason,
    AccountId, AssetId, Balance, BlockNumber, ModelId, TaskId,
};
use sp_core::Pair;
use sp_io::TestExternalities;
use sp_runtime::{traits::IdentityLookup, BuildStorage, Permill};

/// Asks.
pub const REQUESTER: AccountId = AccountId::new([0xa1; 32]);
/// Asks too.
pub const OTHER: AccountId = AccountId::new([0xa2; 32]);
/// Can pay for next to nothing.
pub const POOR: AccountId = AccountId::new([0xa3; 32]);
/// Publishes the models.
pub const PUBLISHER: AccountId = AccountId::new([0xb1; 32]);
/// Has no account.
pub const NOBODY: AccountId = AccountId::new([0xb2; 32]);
/// Has the protocol's fee.
pub const TREASURY: AccountId = AccountId::new([0xc1; 32]);
/// Has transaction fees.
pub const FEES: AccountId = AccountId::new([0xc2; 32]);
/// What everybody begins with, except for the poor.
pub const RICH: Balance = 1_000_000_000;
/// Least balance of an account.
pub const EXISTENTIAL_DEPOSIT: Balance = 100;
/// Price cap of most tests.
pub const MAX_REWARD: Balance = 100_000;
/// Most that a task may cost whose answer has a window.
pub const MAX_WINDOWED: Balance = 150_000;
/// Blocks that a panel takes in one round.
pub const PANEL_BLOCKS: BlockNumber = 6;
/// Window of most tests.
pub const WINDOW: BlockNumber = 8;
/// Nodes of every graph, as far as traces go.
pub const NODES: u16 = 3;
/// Blocks in which every task has ended: the longest deadline, the longest window, and all appeals against the answer.
pub const LONGEST_LIFE: BlockNumber = 50 + 20 + 3 * (2 * PANEL_BLOCKS + 5) + 5;
/// Stake of each solver.
pub const BOND: Balance = 10_000_000;

type Block = frame_system::mocking::MockBlockU32<Test>;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeHoldReason,
        RuntimeFreezeReason,
        RuntimeTask
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system::Pallet<Test>;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances::Pallet<Test>;
    #[runtime::pallet_index(2)]
    pub type Registry = pallet_attestation_registry::Pallet<Test>;
    #[runtime::pallet_index(3)]
    pub type Staking = pallet_solver_staking::Pallet<Test>;
    #[runtime::pallet_index(4)]
    pub type Market = pallet_task_market::Pallet<Test>;
    #[runtime::pallet_index(5)]
    pub type Assets = pallet_assets::Pallet<Test>;
    #[runtime::pallet_index(6)]
    pub type AssetsHolder = pallet_assets_holder::Pallet<Test>;
}

parameter_types! {
    pub const ExistentialDeposit: Balance = EXISTENTIAL_DEPOSIT;
    pub const Treasury: AccountId = TREASURY;
    pub const FeeAccount: AccountId = FEES;

    pub const DepositBase: Balance = 1_000;
    pub const DepositPerByte: Balance = 1;
    pub const ActivationDelay: BlockNumber = 10;
    pub const ReclaimDelay: BlockNumber = 100;
    pub const MaxReplayCost: u64 = 10_000_000;
    pub const MaxStepCost: u64 = 10_000_000;

    pub const MinBond: Balance = 1_000_000;
    pub const MinTaskBond: Balance = 5_000;
    pub const BondFactor: u32 = 2_000_000;
    pub const TimedOutShare: u32 = 100_000;
    pub const UnrevealedFactor: u32 = 2;
    pub const WrongShare: u32 = 100_000;
    pub const HarmedShare: u32 = 500_000;
    pub const RepairerShare: u32 = 300_000;
    pub const HalfWeightReward: Balance = 10_000;
    pub const UnbondingPeriod: BlockNumber = 20;
    pub static SlashDefer: BlockNumber = 40;
    pub static JailThreshold: u32 = 1_000;
    pub const JailPeriod: BlockNumber = 50;
    pub const MaxUnbonding: u32 = 4;
    pub const MaxOffersPerModel: u32 = 16;
    pub const MaxOffersPerSolver: u32 = 4;
    pub const MaxCandidates: u32 = 16;
    pub const SelectionTolerance: u32 = 0;
    pub const MaxSlashesPerBlock: u32 = 16;
    pub const StakingPalletId: PalletId = PalletId(*b"pnsm/dlg");
    pub const MinDelegation: Balance = 1_000;
    pub const MaxDelegationFactor: u32 = 4;
    pub const MaxCommission: u32 = 500_000;
    pub const CommissionNotice: BlockNumber = 40;

    pub const ProtocolFee: Permill = Permill::from_percent(2);
    pub const CancelFee: Permill = Permill::from_percent(25);
    pub const AnswerWindow: BlockNumber = 5;
    pub const MinDeadline: BlockNumber = 2;
    pub const MaxDeadline: BlockNumber = 50;
    pub static MaxAnswerWeight: Weight = Weight::from_parts(400_000_000_000, u64::MAX);
    pub static MaxExpiriesPerBlock: u32 = 1_000;
    pub const AnswerPriority: u64 = 1 << 60;

    pub const MinWindow: BlockNumber = 4;
    pub const MaxWindow: BlockNumber = 20;
    pub const MaxWindowedReward: Balance = MAX_WINDOWED;
    pub const AppealBondFactor: u32 = 6;
    pub const AppealWindow: BlockNumber = 5;
    pub const JurySize: u8 = 3;

    /// Whether the chain knows the nodes of graphs.
    pub static SkeletonsKnown: bool = true;
    /// Whether models are gone from the chain.
    pub static ModelsGone: bool = false;
    /// Who has royalties instead of the models' publisher.
    pub static RoyaltyTo: Option<AccountId> = None;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Balance>;
    type DbWeight = ParityDbWeight;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type AccountStore = System;
    type ExistentialDeposit = ExistentialDeposit;
}

impl pallet_assets::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Balance;
    type RemoveItemsLimit = ConstU32<1>;
    type AssetId = AssetId;
    type AssetIdParameter = AssetId;
    type ReserveData = ();
    type Currency = Balances;
    type CreateOrigin = AsEnsureOriginWithArg<EnsureSigned<AccountId>>;
    type ForceOrigin = EnsureRoot<AccountId>;
    type AssetDeposit = ();
    type AssetAccountDeposit = ();
    type MetadataDepositBase = ();
    type MetadataDepositPerByte = ();
    type ApprovalDeposit = ();
    type StringLimit = ConstU32<8>;
    type Freezer = ();
    type Holder = AssetsHolder;
    type Extra = ();
    type CallbackHandle = ();
    type AssetIdAllocator = ();
    type WeightInfo = ();
}

impl pallet_assets_holder::Config for Test {
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeEvent = RuntimeEvent;
}

impl pallet_attestation_registry::Config for Test {
    type NativeBalance = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type FlagOrigin = EnsureRoot<AccountId>;
    type DepositBase = DepositBase;
    type DepositPerByte = DepositPerByte;
    type ActivationDelay = ActivationDelay;
    type ReclaimDelay = ReclaimDelay;
    type MaxReplayCost = MaxReplayCost;
    type MaxStepCost = MaxStepCost;
    type WeightInfo = pallet_attestation_registry::weights::SubstrateWeight<Test>;
}

impl pallet_solver_staking::Config for Test {
    type NativeBalance = Balances;
    type Currencies = Cash;
    type Rates = Fixed;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Models = Registry;
    type SlashCancelOrigin = EnsureRoot<AccountId>;
    type Treasury = Treasury;
    type MinBond = MinBond;
    type MinTaskBond = MinTaskBond;
    type BondFactor = BondFactor;
    type TimedOutShare = TimedOutShare;
    type UnrevealedFactor = UnrevealedFactor;
    type WrongShare = WrongShare;
    type HarmedShare = HarmedShare;
    type RepairerShare = RepairerShare;
    type HalfWeightReward = HalfWeightReward;
    type UnbondingPeriod = UnbondingPeriod;
    type SlashDefer = SlashDefer;
    type JailThreshold = JailThreshold;
    type JailPeriod = JailPeriod;
    type MaxUnbonding = MaxUnbonding;
    type MaxOffersPerModel = MaxOffersPerModel;
    type MaxOffersPerSolver = MaxOffersPerSolver;
    type MaxCandidates = MaxCandidates;
    type SelectionTolerance = SelectionTolerance;
    type MaxSlashesPerBlock = MaxSlashesPerBlock;
    type PalletId = StakingPalletId;
    type MinDelegation = MinDelegation;
    type MaxDelegationFactor = MaxDelegationFactor;
    type MaxCommission = MaxCommission;
    type CommissionNotice = CommissionNotice;
    type WeightInfo = pallet_solver_staking::SubstrateWeight<Test>;
}

/// The registry, with faults that it does not have by itself.
pub struct Flaky;

impl Models for Flaky {
    fn usable(model: &ModelId, allow_flagged: bool) -> Result<ModelEntry, DispatchError> {
        Registry::usable(model, allow_flagged)
    }

    fn entry(model: &ModelId) -> Option<ModelEntry> {
        let entry = <Registry as Models>::entry(model)?;
        Some(ModelEntry {
            publisher: RoyaltyTo::get().unwrap_or(entry.publisher),
            ..entry
        })
    }

    fn nodes(_: &ModelId) -> Option<u16> {
        SkeletonsKnown::get().then_some(NODES)
    }

    fn node(model: &ModelId, node: u16) -> Option<NodeInfo> {
        Registry::node(model, node)
    }

    fn execute(model: &ModelId, step: &Step) -> Executed {
        Registry::execute(model, step)
    }

    fn replay(model: &ModelId, inputs: &[&[u8]]) -> Result<Vec<Replayed>, DispatchError> {
        if ModelsGone::get() {
            return Err(DispatchError::Unavailable);
        }
        Registry::replay(model, inputs)
    }
}

impl pallet_task_market::Config for Test {
    type RuntimeHoldReason = RuntimeHoldReason;
    type Currencies = Money;
    type Rates = Fixed;
    type Models = Flaky;
    type Records = Registry;
    type Solvers = Staking;
    type Auctions = DrivenAuctions;
    type Panels = DrivenPanels;
    type Disputes = Watch;
    type Followers = Listener;
    type Prepay = FeeInKind;
    type Treasury = Treasury;
    type ProtocolFee = ProtocolFee;
    type CancelFee = CancelFee;
    type AnswerWindow = AnswerWindow;
    type MinDeadline = MinDeadline;
    type MaxDeadline = MaxDeadline;
    type MinWindow = MinWindow;
    type MaxWindow = MaxWindow;
    type MaxWindowedReward = MaxWindowedReward;
    type AppealBondFactor = AppealBondFactor;
    type AppealWindow = AppealWindow;
    type JurySize = JurySize;
    type MaxAnswerWeight = MaxAnswerWeight;
    type MaxExpiriesPerBlock = MaxExpiriesPerBlock;
    type AnswerPriority = AnswerPriority;
    type WeightInfo = SubstrateWeight<Test>;
}

pub type Error = crate::Error<Test>;
pub type Event = crate::Event<Test>;
pub type Weights = <Test as crate::Config>::WeightInfo;

pub fn solver(number: u8) -> AccountId {
    AccountId::new([number; 32])
}

pub fn operator(number: u8) -> OperatorPair {
    OperatorPair::from_seed_slice(&[number; 32]).unwrap()
}

/// The first solver asks least.
pub fn offer(number: u8, capacity: u32) -> Offer {
    Offer {
        base: 10_000 * Balance::from(number),
        per_byte: 10,
        min_reward: 1_000,
        capacity,
        unit: Unit::Native,
    }
}

/// What a task of so many bytes costs with a solver.
pub fn price(number: u8, len: u32) -> Balance {
    offer(number, 1).price(len)
}

fn join(number: u8, capacity: u32) {
    let (stash, pair) = (solver(number), operator(number));
    let proof = pair.sign(&ownership_payload(System::block_hash(0), &stash));
    let signed = || RuntimeOrigin::signed(stash.clone());
    Staking::join(signed(), pair.public(), proof, BOND).unwrap();
    for model in [greater(), texts()] {
        Staking::set_offer(signed(), model, offer(number, capacity)).unwrap();
    }
}

/// A solver takes assets in payment.
pub fn accept(number: u8, assets: &[AssetId]) {
    for asset in assets {
        Staking::accept_asset(RuntimeOrigin::signed(solver(number)), *asset).unwrap();
    }
}

/// Somebody delegates stake to a solver that keeps a tenth of the rewards.
pub fn back(number: u8, delegator: AccountId, amount: Balance) {
    Staking::set_commission(RuntimeOrigin::signed(solver(number)), 100_000).unwrap();
    Staking::delegate(RuntimeOrigin::signed(delegator), solver(number), amount).unwrap();
}

pub fn escrow(who: &AccountId) -> Balance {
    Balances::balance_on_hold(&RuntimeHoldReason::from(HoldReason::Escrow), who)
}

/// What somebody has at stake in appeals.
pub fn appeal_bond(who: &AccountId) -> Balance {
    Balances::balance_on_hold(&RuntimeHoldReason::from(HoldReason::Appeal), who)
}

pub fn free(who: &AccountId) -> Balance {
    Balances::free_balance(who)
}

pub fn run_to(block: BlockNumber) {
    while System::block_number() < block {
        Registry::on_finalize(System::block_number());
        let next = System::block_number() + 1;
        System::set_block_number(next);
        System::reset_events();
        Registry::on_initialize(next);
        Staking::on_initialize(next);
        Market::on_initialize(next);
    }
}

pub fn run_for(blocks: BlockNumber) {
    run_to(System::block_number() + blocks);
}

pub fn events() -> Vec<Event> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Market(event) => Some(event),
            _ => None,
        })
        .collect()
}

/// In this block the requester had so much back for a task.
#[track_caller]
pub fn assert_refunded(task: TaskId, reason: Reason, refund: Balance) {
    assert!(events().contains(&Event::TaskRefunded {
        task,
        requester: REQUESTER,
        reason,
        refund,
    }));
}

/// Whether nothing of the market is left in state but the count of its batches.
pub fn is_empty() -> bool {
    crate::Batches::<Test>::iter_keys().count() == 0
        && crate::Inputs::<Test>::iter_keys().count() == 0
        && crate::Agenda::<Test>::iter_keys().count() == 0
        && crate::Assigned::<Test>::iter_keys().count() == 0
        && crate::ClaimedAnswers::<Test>::iter_keys().count() == 0
        && crate::Appeals::<Test>::iter_keys().count() == 0
        && crate::Stranded::<Test>::iter_keys().count() == 0
        && crate::AgendaCursor::<Test>::get().is_none()
        && OnSale::iter_keys().count() == 0
        && Summoned::iter_keys().count() == 0
        && Open::get().is_empty()
}

/// A chain at block 1 with two models and some solvers.
pub struct ExtBuilder {
    solvers: u8,
    capacity: u32,
    accepting: bool,
}

impl Default for ExtBuilder {
    fn default() -> Self {
        Self {
            solvers: 3,
            capacity: 1_000,
            accepting: false,
        }
    }
}

impl ExtBuilder {
    pub fn solvers(mut self, solvers: u8) -> Self {
        self.solvers = solvers;
        self
    }

    /// Most tasks that each solver will hold.
    pub fn capacity(mut self, capacity: u32) -> Self {
        self.capacity = capacity;
        self
    }

    /// All solvers accept the listed assets.
    pub fn accepting(mut self) -> Self {
        self.accepting = true;
        self
    }

    pub fn build(self) -> TestExternalities {
        let mut storage = frame_system::GenesisConfig::<Test>::default()
            .build_storage()
            .unwrap();
        let mut balances: Vec<_> = (1..=self.solvers).map(|number| (solver(number), RICH)).collect();
        for who in [REQUESTER, OTHER, PUBLISHER, TREASURY, FEES] {
            balances.push((who, RICH));
        }
        balances.push((POOR, MAX_REWARD));
        balances.push((ISSUER, RICH));
        pallet_balances::GenesisConfig::<Test> {
            balances,
            ..Default::default()
        }
        .assimilate_storage(&mut storage)
        .unwrap();
        let wealth = [COIN, GOLD, SAND, UNLISTED].into_iter();
        pallet_assets::GenesisConfig::<Test> {
            assets: vec![
                (COIN, ISSUER, true, LEAST_COINS),
                (GOLD, ISSUER, false, 1),
                (SAND, ISSUER, true, 1),
                (UNLISTED, ISSUER, true, 1),
            ],
            accounts: wealth
                .flat_map(|asset| {
                    let rich = [REQUESTER, OTHER, FEES].map(|who| (asset, who, RICH));
                    let solvers = (1..=self.solvers).map(move |number| (asset, solver(number), POCKET_MONEY));
                    rich.into_iter().chain(solvers)
                })
                .collect(),
            ..Default::default()
        }
        .assimilate_storage(&mut storage)
        .unwrap();
        let mut ext = TestExternalities::new(storage);
        ext.execute_with(|| {
            System::set_block_number(1);
            register_models();
            (1..=self.solvers).for_each(|number| join(number, self.capacity));
            if self.accepting {
                (1..=self.solvers).for_each(|number| accept(number, &[COIN, GOLD, SAND]));
            }
            System::reset_events();
        });
        ext
    }

    /// Runs a test, checks the invariants, lets every deadline pass, and checks that nothing is left.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            let issued = (Balances::total_issuance(), issued_assets());
            test();
            check();
            assert!(Balances::total_issuance() <= issued.0);
            assert_eq!(issued_assets(), issued.1);
            run_for(LONGEST_LIFE);
            check();
            assert!(is_empty(), "something outlived every deadline");
            for who in [REQUESTER, OTHER, POOR] {
                assert_eq!((escrow(&who), appeal_bond(&who)), (0, 0));
                assert_eq!([COIN, GOLD, SAND].map(|asset| escrow_in(asset, &who)), [0; 3]);
            }
        });
    }
}

/// The invariants of all pallets.
pub fn check() {
    Market::do_try_state().unwrap();
    check_watch();
    Staking::do_try_state().unwrap();
    Registry::do_try_state().unwrap();
}

/// Those who audit know of each answer that can be disproven, and of no other.
fn check_watch() {
    let mut watched = Open::get();
    let mut open: Vec<_> = crate::ClaimedAnswers::<Test>::iter()
        .filter_map(|(task, claimed)| claimed.trace.map(|_| task))
        .collect();
    watched.sort();
    open.sort();
    assert_eq!(watched, open);
}
