//! A runtime of system, balances and this pallet.

mod assets;

pub use assets::*;
pub use pensum_primitives::{AssetId, Balance};

use crate::{self as pallet_solver_staking, Config, HoldReason, Pallet, SubstrateWeight};
use codec::Encode;
use frame_support::{
    derive_impl, parameter_types,
    traits::{fungible::InspectHold, fungibles::Mutate, tokens::Preservation, Hooks},
    PalletId,
};
use frame_system::EnsureRoot;
use pensum_primitives::{
    model::{InputSchema, ModelEntry, ModelKind, ModelState},
    operator::{ownership_payload, OperatorId, OperatorPair, OperatorSignature},
    solver::{Fault, Offer, Unit},
    step::{Executed, NodeInfo, Step},
    traits::{
        Assignment, BookQuery, Engagement, FaultReport, Models, NoOffer, PanelQuery, Replayed, Seat,
        Solvers as _,
    },
    AccountId, Digest, ModelId, TaskId,
};

use sp_core::{Pair, H256};
use sp_runtime::{BuildStorage, DispatchError, Permill};

pub const TREASURY: AccountId = AccountId::new([0xee; 32]);
pub const REQUESTER: AccountId = AccountId::new([0xdd; 32]);
/// Alive at genesis: solvers 1 to 9.
pub const RICH: Balance = 100_000;
pub const EXISTENTIAL_DEPOSIT: Balance = 10;
pub const MIN_BOND: Balance = 1_000;
pub const MIN_TASK_BOND: Balance = 10;
pub const UNBONDING_PERIOD: u32 = 20;
pub const JAIL_PERIOD: u32 = 30;
pub const MIN_DELEGATION: Balance = 100;
pub const COMMISSION_NOTICE: u32 = 40;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Staking = pallet_solver_staking;
    #[runtime::pallet_index(3)]
    pub type Assets = pallet_assets;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountId = AccountId;
    type Lookup = sp_runtime::traits::IdentityLookup<AccountId>;
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

parameter_types! {
    pub const ExistentialDeposit: Balance = EXISTENTIAL_DEPOSIT;
    pub const Treasury: AccountId = TREASURY;
    pub const MinBond: Balance = MIN_BOND;
    pub const MinTaskBond: Balance = MIN_TASK_BOND;
    pub const BondFactor: u32 = 2_000_000;
    pub const TimedOutShare: u32 = 100_000;
    pub const UnrevealedFactor: u32 = 2;
    pub const WrongShare: u32 = 100_000;
    pub const HarmedShare: u32 = 500_000;
    pub const RepairerShare: u32 = 300_000;
    pub const HalfWeightReward: Balance = 100;
    pub const UnbondingPeriod: u32 = UNBONDING_PERIOD;
    pub const JailThreshold: u32 = 3;
    pub const JailPeriod: u32 = JAIL_PERIOD;
    pub const MaxUnbonding: u32 = 3;
    pub const StakingPalletId: PalletId = PalletId(*b"pnsm/dlg");
    pub const MinDelegation: Balance = MIN_DELEGATION;
    pub const MaxDelegationFactor: u32 = 4;
    pub const MaxCommission: u32 = 500_000;
    pub const CommissionNotice: u32 = COMMISSION_NOTICE;
    pub const MaxOffersPerModel: u32 = 4;
    pub const MaxOffersPerSolver: u32 = 3;
    pub static SlashDefer: u32 = 5;
    pub static MaxCandidates: u32 = 4;
    pub static SelectionTolerance: u32 = 0;
    pub static MaxSlashesPerBlock: u32 = 4;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = Balance;
    type ExistentialDeposit = ExistentialDeposit;
}

impl Config for Test {
    type NativeBalance = Balances;
    type Currencies = Currencies;
    type Rates = ListedRates;
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
    type PalletId = StakingPalletId;
    type MinDelegation = MinDelegation;
    type MaxDelegationFactor = MaxDelegationFactor;
    type MaxCommission = MaxCommission;
    type CommissionNotice = CommissionNotice;
    type MaxSlashesPerBlock = MaxSlashesPerBlock;
    type WeightInfo = SubstrateWeight<Test>;
}

/// Models 1 to 8 are active, 9 is flagged, 10 retired; no other exists.
pub struct Registry;

impl Models for Registry {
    fn usable(model: &ModelId, _: bool) -> Result<ModelEntry, DispatchError> {
        Self::entry(model).ok_or(DispatchError::CannotLookup)
    }

    fn entry(model: &ModelId) -> Option<ModelEntry> {
        let state = match model.0.to_low_u64_be() {
            1..=8 => ModelState::Active { from: 0 },
            9 => ModelState::Flagged,
            10 => ModelState::Retired { at: 0 },
            _ => return None,
        };
        Some(ModelEntry {
            kind: ModelKind::Graph,
            weights: Digest::zero(),
            on_chain: true,
            input: InputSchema::Text { max_bytes: 4_096 },
            output_len: 4,
            cost_fixed: 0,
            cost_per_byte: 0,
            state,
            publisher: account(200),
            royalty: Permill::zero(),
        })
    }

    // Solvers' stake has no use for what follows.
    fn replay(_: &ModelId, _: &[&[u8]]) -> Result<Vec<Replayed>, DispatchError> {
        Err(DispatchError::Unavailable)
    }

    fn nodes(_: &ModelId) -> Option<u16> {
        None
    }

    fn node(_: &ModelId, _: u16) -> Option<NodeInfo> {
        None
    }

    fn execute(_: &ModelId, _: &Step) -> Executed {
        Executed::Malformed
    }
}

pub fn account(number: u8) -> AccountId {
    AccountId::new([number; 32])
}

pub fn model(number: u64) -> ModelId {
    ModelId(H256::from_low_u64_be(number))
}

pub fn operator(number: u8) -> OperatorPair {
    OperatorPair::from_seed_slice(&[number; 32]).unwrap()
}

/// The operator key `number` with its proof that it serves `stash`.
pub fn operator_for(number: u8, stash: &AccountId) -> (OperatorId, OperatorSignature) {
    let pair = operator(number);
    let proof = pair.sign(&ownership_payload(System::block_hash(0), stash));
    (pair.public(), proof)
}

pub fn origin(number: u8) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(number))
}

/// A price that does not depend on the input.
pub fn flat(price: Balance, capacity: u32) -> Offer {
    Offer {
        base: price,
        per_byte: 0,
        min_reward: 0,
        capacity,
        unit: Unit::Native,
    }
}

/// Solver `number` joins with operator key `number`.
pub fn join(number: u8, bond: Balance) {
    let (operator, proof) = operator_for(number, &account(number));
    Staking::join(origin(number), operator, proof, bond).unwrap();
}

/// Solver `number` joins and offers model 1 at a flat price.
pub fn join_with_offer(number: u8, bond: Balance, price: Balance, capacity: u32) {
    join(number, bond);
    Staking::set_offer(origin(number), model(1), flat(price, capacity)).unwrap();
}

pub fn solver(number: u8) -> crate::types::Solver<Test> {
    crate::Solvers::<Test>::get(account(number)).unwrap()
}

pub fn pool(number: u8) -> crate::pool::Pool {
    solver(number).pool.unwrap()
}

/// What is free and what is on hold in the pool of solver `number`.
pub fn pool_funds(number: u8) -> (Balance, Balance) {
    let account = Staking::pool_account(&account(number));
    (
        Balances::free_balance(&account),
        Balances::balance_on_hold(&HoldReason::Bond.into(), &account),
    )
}

/// Solver `number` joins and takes delegations, keeping a tenth of what they earn.
pub fn join_with_pool(number: u8, bond: Balance) {
    join(number, bond);
    Staking::set_commission(origin(number), 100_000).unwrap();
}

pub fn delegate(delegator: u8, number: u8, amount: Balance) {
    Staking::delegate(origin(delegator), account(number), amount).unwrap();
}

/// What `delegator` has behind solver `number`: at work, and claimable in PEN.
pub fn delegated(delegator: u8, number: u8) -> (Balance, Balance) {
    let view = Staking::delegation(&account(number), &account(delegator)).unwrap();
    (view.staked, claimable(delegator, number, None))
}

/// What `delegator` can claim from solver `number` in one currency.
pub fn claimable(delegator: u8, number: u8, asset: Option<AssetId>) -> Balance {
    let view = Staking::delegation(&account(number), &account(delegator)).unwrap();
    let found = view.rewards.into_iter().find(|(found, _)| *found == asset);
    found.map_or(0, |(_, amount)| amount.0)
}

/// Pays solver `number` in PEN as the market would, its delegators first; what they have of it.
pub fn earn(number: u8, payment: Balance) -> Balance {
    earn_in(None, number, payment)
}

/// Pays solver `number` so in any currency.
pub fn earn_in(asset: Option<AssetId>, number: u8, payment: Balance) -> Balance {
    let Some((pool, share)) = Staking::delegators_share(&account(number), asset, payment) else {
        return 0;
    };
    Currencies::transfer(asset, &REQUESTER, &pool, share, Preservation::Preserve).unwrap();
    share
}

pub fn seed(number: u128) -> Digest {
    let mut seed = [0; 32];
    seed[..16].copy_from_slice(&number.to_le_bytes());
    seed.into()
}

/// A [`BookQuery`] that owns what it asks: for tasks of 100 bytes of model 1, at any price in PEN, from anybody.
pub struct Query {
    pub model: ModelId,
    pub input_lens: Vec<u32>,
    pub max_reward: Balance,
    pub asset: Option<AssetId>,
    pub min_reputation: u32,
    pub handed_over: bool,
    pub exclude: Vec<AccountId>,
    pub seed: Digest,
}

impl Query {
    pub fn ask(&self) -> Result<Assignment, NoOffer> {
        Staking::assign(BookQuery {
            model: &self.model,
            input_lens: &self.input_lens,
            max_reward: self.max_reward,
            asset: self.asset,
            min_reputation: self.min_reputation,
            exclude: &self.exclude,
            handed_over: self.handed_over,
            seed: self.seed,
        })
    }
}

/// Work at these prices in PEN, for anybody.
pub fn at<'a>(model: &'a ModelId, prices: &'a [Balance]) -> Engagement<'a> {
    Engagement {
        model,
        prices,
        asset: None,
        min_reputation: 0,
    }
}

/// A panel of `size` for so many tasks of 100 bytes of model 1, at any price in PEN.
pub fn draw(size: u32, tasks: usize, seed: Digest) -> Result<Vec<Seat>, NoOffer> {
    draw_for(None, size, tasks, seed)
}

/// A panel that is paid in an asset.
pub fn draw_for(asset: Option<AssetId>, size: u32, tasks: usize, seed: Digest) -> Result<Vec<Seat>, NoOffer> {
    Staking::draw(PanelQuery {
        model: &model(1),
        input_lens: &vec![100; tasks],
        size,
        member_cap: Balance::MAX,
        asset,
        min_reputation: 0,
        exclude: &[],
        seed,
    })
}

pub fn query(tasks: usize) -> Query {
    Query {
        model: model(1),
        input_lens: vec![100; tasks],
        max_reward: Balance::MAX,
        asset: None,
        min_reputation: 0,
        handed_over: false,
        exclude: vec![],
        seed: seed(0),
    }
}

pub fn assign(tasks: usize) -> Result<Assignment, NoOffer> {
    query(tasks).ask()
}

/// A fault on one task, which harmed `REQUESTER`.
pub fn report(fault: Fault, bond: Balance, reward: Balance) -> FaultReport {
    FaultReport {
        task: TaskId(7),
        fault,
        bond,
        tasks: 1,
        reward,
        harmed: REQUESTER,
        evidence: Digest::repeat_byte(0xe1),
    }
}

pub fn run_to(block: u32) {
    while System::block_number() < block {
        let next = System::block_number() + 1;
        System::set_block_number(next);
        System::reset_events();
        Staking::on_initialize(next);
    }
}

pub fn run_for(blocks: u32) {
    run_to(System::block_number() + blocks);
}

pub fn last_event() -> crate::Event<Test> {
    staking_events().pop().unwrap()
}

pub fn staking_events() -> Vec<crate::Event<Test>> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Staking(event) => Some(event),
            _ => None,
        })
        .collect()
}

/// The size of a stored solver record, which matching reads for every candidate.
pub fn record_len(number: u8) -> usize {
    solver(number).encoded_size()
}

#[derive(Default)]
pub struct ExtBuilder;

impl ExtBuilder {
    pub fn build(self) -> sp_io::TestExternalities {
        let mut storage = frame_system::GenesisConfig::<Test>::default()
            .build_storage()
            .unwrap();
        let mut holders: Vec<_> = (1..=9).map(account).collect();
        holders.extend([TREASURY, REQUESTER]);
        let balances = holders.iter().map(|who| (who.clone(), RICH)).collect();
        pallet_balances::GenesisConfig::<Test> {
            balances,
            ..Default::default()
        }
        .assimilate_storage(&mut storage)
        .unwrap();
        assets::genesis(&holders)
            .assimilate_storage(&mut storage)
            .unwrap();
        let mut ext = sp_io::TestExternalities::from(storage);
        ext.execute_with(|| System::set_block_number(1));
        ext
    }

    /// Runs a test and checks the invariants at its end.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            Pallet::<Test>::do_try_state().unwrap();
        });
    }
}
