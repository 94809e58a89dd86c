//! Assets beside PEN, the pools in which they are traded for it, and what they are worth.

use super::money::TreasuryAccount;
use crate::{
    constants::{asset, money},
    AccountId, AssetConversion, Assets, AssetsHolder, Balance, Balances, PoolAssets, Rates, Runtime,
    RuntimeEvent, RuntimeHoldReason, TaskBridge,
};
use frame_support::{
    parameter_types,
    traits::{
        fungible::{NativeFromLeft, NativeOrWithId, UnionOf},
        tokens::imbalance::ResolveAssetTo,
        AsEnsureOriginWithArg, ConstU128, ConstU32, NeverEnsureOrigin,
    },
    PalletId,
};
use frame_system::{EnsureRoot, EnsureSigned};
use pallet_asset_conversion::{AccountIdConverter, WithFirstAsset};
use pensum_primitives::{asset::PenOrAsset, AssetId};
use sp_core::U256;
use sp_runtime::Permill;

impl pallet_assets::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Balance;
    type RemoveItemsLimit = ConstU32<{ asset::REMOVE_ITEMS }>;
    type AssetId = AssetId;
    type AssetIdParameter = codec::Compact<AssetId>;
    type ReserveData = ();
    type Currency = Balances;
    type CreateOrigin = AsEnsureOriginWithArg<EnsureSigned<AccountId>>;
    type ForceOrigin = EnsureRoot<AccountId>;
    type AssetDeposit = ConstU128<{ money::deposit(10, 1_000) }>;
    type AssetAccountDeposit = ConstU128<{ money::deposit(1, 16) }>;
    type MetadataDepositBase = ConstU128<{ money::deposit(1, 68) }>;
    type MetadataDepositPerByte = ConstU128<{ money::deposit(0, 1) }>;
    type ApprovalDeposit = ConstU128<{ money::deposit(1, 0) }>;
    type StringLimit = ConstU32<{ asset::STRING_LIMIT }>;
    type Freezer = ();
    type Holder = AssetsHolder;
    type Extra = ();
    type CallbackHandle = DelistDestroyed;
    type AssetIdAllocator = ();
    type WeightInfo = pallet_assets::weights::SubstrateWeight<Runtime>;
}

impl pallet_assets_holder::Config for Runtime {
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeEvent = RuntimeEvent;
}

/// Delists what is destroyed, so that nobody can create a worthless asset in the place of a listed one. What has a warp route is not
/// destroyed at all: whoever created another under its id could mint it and take the collateral on the other side.
pub struct DelistDestroyed;

impl pallet_assets::AssetsCallback<AssetId, AccountId> for DelistDestroyed {
    fn destroyed(asset: &AssetId) -> Result<(), ()> {
        if TaskBridge::has_route(*asset) {
            return Err(());
        }
        Rates::on_destroyed(*asset);
        Ok(())
    }
}

/// PEN or an asset, as the pools and the transaction extension name it.
pub type Kind = NativeOrWithId<AssetId>;

/// All that can be traded.
pub type NativeAndAssets = UnionOf<Balances, Assets, NativeFromLeft, Kind, AccountId>;

/// All that can be paid with, as the market names it.
pub type Currencies = UnionOf<Balances, Assets, PenOrAsset, Option<AssetId>, AccountId>;

/// The same, where it is put on hold.
pub type Holds = UnionOf<Balances, AssetsHolder, PenOrAsset, Option<AssetId>, AccountId>;

/// The shares of the pools. They are created by the pools alone, which is why nothing is taken in deposit for them.
pub type PoolShares = pallet_assets::Instance1;

impl pallet_assets::Config<PoolShares> for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Balance;
    type RemoveItemsLimit = ConstU32<{ asset::REMOVE_ITEMS }>;
    type AssetId = u32;
    type AssetIdParameter = codec::Compact<u32>;
    type ReserveData = ();
    type Currency = Balances;
    type CreateOrigin = AsEnsureOriginWithArg<NeverEnsureOrigin<AccountId>>;
    type ForceOrigin = EnsureRoot<AccountId>;
    type AssetDeposit = ConstU128<0>;
    type AssetAccountDeposit = ConstU128<0>;
    type MetadataDepositBase = ConstU128<0>;
    type MetadataDepositPerByte = ConstU128<0>;
    type ApprovalDeposit = ConstU128<{ money::deposit(1, 0) }>;
    type StringLimit = ConstU32<{ asset::STRING_LIMIT }>;
    type Freezer = ();
    type Holder = ();
    type Extra = ();
    type CallbackHandle = ();
    type AssetIdAllocator = ();
    type WeightInfo = pallet_assets::weights::SubstrateWeight<Runtime>;
}

parameter_types! {
    pub const PoolsPalletId: PalletId = PalletId(*b"pen/pool");
    pub const Native: Kind = NativeOrWithId::Native;
    pub const PoolFee: Permill = asset::POOL_FEE;
    pub const MaxPoolFee: Permill = asset::MAX_POOL_FEE;
    pub const WithdrawalFee: Permill = Permill::zero();
}

impl pallet_asset_conversion::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Balance;
    type HigherPrecisionBalance = U256;
    type AssetKind = Kind;
    type Assets = NativeAndAssets;
    type PoolId = (Kind, Kind);
    // Every pool has PEN on one side: whoever wants another asset trades through it, and each asset has one price.
    type PoolLocator =
        WithFirstAsset<Native, AccountId, Kind, AccountIdConverter<PoolsPalletId, (Kind, Kind)>>;
    type PoolAssetId = u32;
    type PoolAssets = PoolAssets;
    type LPFee = PoolFee;
    type AdminOrigin = EnsureRoot<AccountId>;
    type MaxSwapFee = MaxPoolFee;
    type PoolSetupFee = ConstU128<{ asset::POOL_SETUP_FEE }>;
    type PoolSetupFeeAsset = Native;
    type PoolSetupFeeTarget = ResolveAssetTo<TreasuryAccount, NativeAndAssets>;
    type LiquidityWithdrawalFee = WithdrawalFee;
    type MintMinLiquidity = ConstU128<{ asset::MIN_POOL_SHARES }>;
    type MaxSwapPathLength = ConstU32<{ asset::MAX_SWAP_PATH }>;
    type PalletId = PoolsPalletId;
    type WeightInfo = pallet_asset_conversion::weights::SubstrateWeight<Runtime>;
}

/// The pools of assets with PEN.
pub struct NativePools;

impl pallet_rates::Pools for NativePools {
    fn reserves(asset: AssetId) -> Option<(Balance, Balance)> {
        let pool = (NativeOrWithId::Native, NativeOrWithId::WithId(asset));
        // The pool's account can have been sent money without there being a pool.
        pallet_asset_conversion::Pools::<Runtime>::contains_key(&pool)
            .then(|| AssetConversion::get_reserves(pool.0, pool.1).ok())?
    }
}

impl pallet_rates::Config for Runtime {
    type ListOrigin = EnsureRoot<AccountId>;
    type Assets = Assets;
    type Pools = NativePools;
    type MinLiquidity = ConstU128<{ asset::MIN_LIQUIDITY }>;
    type Window = ConstU32<{ asset::WINDOW }>;
    type MaxChange = ConstU32<{ asset::MAX_CHANGE_PPM }>;
    type Tolerance = ConstU32<{ asset::TOLERANCE_PPM }>;
    type SettlingPeriod = ConstU32<{ asset::SETTLING_PERIOD }>;
    type MaxAge = ConstU32<{ asset::MAX_AGE }>;
    type WeightInfo = pallet_rates::weights::SubstrateWeight<Runtime>;
}
