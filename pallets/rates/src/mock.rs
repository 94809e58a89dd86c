//! A runtime with this pallet, real assets, and pools that have the reserves they are told to have.

use crate::{self as pallet_rates, weights::SubstrateWeight, Pools};
use codec::{Decode, Encode};
use frame_support::{
    assert_ok, derive_impl, parameter_types,
    traits::{AsEnsureOriginWithArg, ConstU128, ConstU32, Hooks, VariantCountOf},
};
use frame_system::{EnsureRoot, EnsureSigned};
use pensum_primitives::{AccountId, AssetId, Balance, BlockNumber};
use sp_io::TestExternalities;
use sp_runtime::{traits::IdentityLookup, BuildStorage};

/// Owns the assets.
pub const ALICE: AccountId = AccountId::new([1; 32]);
/// An asset with 6 decimals and metadata.
pub const TUSD: AssetId = 1;
/// An asset with 18 decimals and metadata.
pub const WEI: AssetId = 2;
/// An asset without metadata.
pub const NAMELESS: AssetId = 3;
/// One PEN.
pub const PEN: Balance = 1_000_000_000_000;
/// One whole unit of [`TUSD`].
pub const USD: Balance = 1_000_000;

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
    pub type Assets = pallet_assets::Pallet<Test>;
    #[runtime::pallet_index(3)]
    pub type Rates = pallet_rates::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type AccountStore = System;
    type ExistentialDeposit = ExistentialDeposit;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
}

/// Tells this pallet what is destroyed, as the runtime does.
pub struct Destroyed;

impl pallet_assets::AssetsCallback<AssetId, AccountId> for Destroyed {
    fn destroyed(asset: &AssetId) -> Result<(), ()> {
        Rates::on_destroyed(*asset);
        Ok(())
    }
}

impl pallet_assets::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Balance;
    type RemoveItemsLimit = ConstU32<5>;
    type AssetId = AssetId;
    type AssetIdParameter = AssetId;
    type ReserveData = ();
    type Currency = Balances;
    type CreateOrigin = AsEnsureOriginWithArg<EnsureSigned<AccountId>>;
    type ForceOrigin = EnsureRoot<AccountId>;
    type AssetDeposit = ConstU128<1>;
    type AssetAccountDeposit = ConstU128<1>;
    type MetadataDepositBase = ConstU128<1>;
    type MetadataDepositPerByte = ConstU128<1>;
    type ApprovalDeposit = ConstU128<1>;
    type StringLimit = ConstU32<50>;
    type Freezer = ();
    type Holder = ();
    type Extra = ();
    type CallbackHandle = Destroyed;
    type AssetIdAllocator = ();
    type WeightInfo = ();
}

parameter_types! {
    pub const ExistentialDeposit: Balance = 1;
    pub const MinLiquidity: Balance = 10_000 * PEN;
    pub const Window: BlockNumber = 600;
    pub const MaxChange: u32 = 500;
    pub const Tolerance: u32 = 100_000;
    pub const SettlingPeriod: BlockNumber = 100;
    pub const MaxAge: BlockNumber = 60;
}

/// Pools kept in storage, so that what is undone is undone there too.
pub struct Reserves;

impl Pools for Reserves {
    fn reserves(asset: AssetId) -> Option<(Balance, Balance)> {
        let bytes = sp_io::storage::get(&key(asset))?;
        Decode::decode(&mut &bytes[..]).ok()
    }
}

fn key(asset: AssetId) -> Vec<u8> {
    (b"reserves", asset).encode()
}

/// Gives an asset's pool these reserves, native and asset.
pub fn set_pool(asset: AssetId, native: Balance, reserve: Balance) {
    sp_io::storage::set(&key(asset), &(native, reserve).encode());
}

/// Takes an asset's pool away.
pub fn remove_pool(asset: AssetId) {
    sp_io::storage::clear(&key(asset));
}

/// Gives the pool of [`TUSD`] 100 000 PEN and this price of one USD in thousandths of a PEN.
pub fn set_price(milli: u128) {
    set_pool(TUSD, 100_000 * PEN, 100_000_000 * USD / milli);
}

impl pallet_rates::Config for Test {
    type ListOrigin = EnsureRoot<AccountId>;
    type Assets = Assets;
    type Pools = Reserves;
    type MinLiquidity = MinLiquidity;
    type Window = Window;
    type MaxChange = MaxChange;
    type Tolerance = Tolerance;
    type SettlingPeriod = SettlingPeriod;
    type MaxAge = MaxAge;
    type WeightInfo = SubstrateWeight<Test>;
}

/// The assets of every chain here.
fn assets() -> pallet_assets::GenesisConfig<Test> {
    pallet_assets::GenesisConfig {
        assets: [TUSD, WEI, NAMELESS]
            .map(|asset| (asset, ALICE, true, 1))
            .to_vec(),
        metadata: vec![
            (TUSD, b"Test dollar".to_vec(), b"tUSD".to_vec(), 6),
            (WEI, b"Test ether".to_vec(), b"tETH".to_vec(), 18),
        ],
        ..Default::default()
    }
}

/// A chain at block 1 with three assets and none listed.
pub fn build() -> TestExternalities {
    with_genesis(pallet_rates::GenesisConfig::default(), || ())
}

/// A chain at block 1 whose genesis has these listings, after `pools` has built its pools.
pub fn with_genesis(rates: pallet_rates::GenesisConfig<Test>, pools: impl FnOnce()) -> TestExternalities {
    let mut storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    pallet_balances::GenesisConfig::<Test> {
        balances: vec![(ALICE, 1_000_000 * PEN)],
        ..Default::default()
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    assets().assimilate_storage(&mut storage).unwrap();
    let mut ext = TestExternalities::new(storage);
    ext.execute_with(|| {
        pools();
        frame_support::traits::BuildGenesisConfig::build(&rates);
        System::set_block_number(1);
    });
    ext
}

/// Runs a test and then checks the invariants.
pub fn build_and_execute(test: impl FnOnce()) {
    build().execute_with(|| {
        test();
        Rates::do_try_state().unwrap();
    });
}

/// Lists an asset.
pub fn list(asset: AssetId) {
    assert_ok!(Rates::list(RuntimeOrigin::root(), asset));
}

/// Begins so many blocks, one after the other.
pub fn run_for(blocks: BlockNumber) {
    for _ in 0..blocks {
        let next = System::block_number() + 1;
        System::set_block_number(next);
        Rates::on_initialize(next);
        Rates::do_try_state().unwrap();
    }
}

/// [`TUSD`] listed at half a PEN and settled.
pub fn settled() {
    set_price(500);
    list(TUSD);
    run_for(1 + SettlingPeriod::get());
}

/// The events of this pallet since the last call of this.
pub fn events() -> Vec<pallet_rates::Event<Test>> {
    let all = System::events();
    System::reset_events();
    all.into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Rates(event) => Some(event),
            _ => None,
        })
        .collect()
}
