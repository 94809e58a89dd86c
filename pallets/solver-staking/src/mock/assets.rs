//! Assets beside PEN, and rates that are what a test says.

use super::*;
use frame_support::traits::{fungible::UnionOf, AsEnsureOriginWithArg, ConstU128, ConstU32};
use frame_system::EnsureSigned;
use pensum_primitives::{asset::PenOrAsset, traits::Rates};

/// Owns all assets.
pub const ISSUER: AccountId = AccountId::new([0xaa; 32]);
/// Listed assets of which everybody has [`RICH`]: from 1 to this.
pub const PLENTY: AssetId = 9;
/// A listed asset that nobody has.
pub const SCARCE: AssetId = 20;
/// An asset of which everybody has some, and which is not listed.
pub const UNLISTED: AssetId = 30;
/// What an account has at least of each.
pub const LEAST: Balance = 5;

parameter_types! {
    /// What a stable unit is worth: three halves.
    pub static StableRate: Option<(Balance, Balance)> = Some((3, 2));
    /// How often that was asked for.
    pub static StableAsked: u32 = 0;
}

pub struct ListedRates;

impl Rates for ListedRates {
    fn worth(asset: AssetId, amount: Balance) -> Result<Balance, DispatchError> {
        (asset <= SCARCE)
            .then_some(amount / 2)
            .ok_or(DispatchError::Unavailable)
    }

    fn stable() -> Option<(Balance, Balance)> {
        StableAsked::mutate(|asked| *asked += 1);
        StableRate::get()
    }
}

impl pallet_assets::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Balance;
    type RemoveItemsLimit = ConstU32<100>;
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
    type CallbackHandle = ();
    type AssetIdAllocator = ();
    type WeightInfo = ();
}

pub type Currencies = UnionOf<Balances, Assets, PenOrAsset, Option<AssetId>, AccountId>;

/// Every asset, and what `holders` have of each but the scarce one.
pub fn genesis(holders: &[AccountId]) -> pallet_assets::GenesisConfig<Test> {
    let held = (1..=PLENTY).chain([UNLISTED]);
    pallet_assets::GenesisConfig {
        assets: held
            .clone()
            .chain([SCARCE])
            .map(|asset| (asset, ISSUER, true, LEAST))
            .collect(),
        accounts: held
            .flat_map(|asset| holders.iter().map(move |who| (asset, who.clone(), RICH)))
            .collect(),
        ..Default::default()
    }
}

pub fn accept(number: u8, asset: AssetId) {
    Staking::accept_asset(origin(number), asset).unwrap();
}

/// What an account has of an asset.
pub fn balance_of(asset: AssetId, who: &AccountId) -> Balance {
    Assets::balance(asset, who)
}

/// What the pool of solver `number` has of an asset.
pub fn pool_balance(number: u8, asset: AssetId) -> Balance {
    balance_of(asset, &Staking::pool_account(&account(number)))
}

/// A price in the stable unit that does not depend on the input.
pub fn flat_stable(price: Balance, capacity: u32) -> Offer {
    Offer {
        unit: Unit::Stable,
        ..flat(price, capacity)
    }
}
