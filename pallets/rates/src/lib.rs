#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

extern crate alloc;

mod invariants;
mod listing;
mod sampling;
pub mod types;
pub mod weights;
mod worth;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use types::Pools;
pub use weights::{SubstrateWeight, WeightInfo};

// The macro generates items that carry no docs of their own (everything written here has them), and metadata that uses
// `expect`.
#[allow(missing_docs, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{types::Listing, Pools, WeightInfo};
    use alloc::vec::Vec;
    use core::marker::PhantomData;
    use frame_support::{pallet_prelude::*, traits::fungibles};
    use frame_system::pallet_prelude::*;
    use pensum_primitives::{asset::MAX_LISTED, AccountId, AssetId, Balance, BlockNumber};
    use sp_core::{ConstU32, H256};
    use sp_runtime::SaturatedConversion;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<AccountId = AccountId, Hash = H256, RuntimeEvent: From<Event<Self>>>
    {
        /// Who may list and delist assets and name the stable one.
        type ListOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The assets: whether one exists, and what its metadata says.
        type Assets: fungibles::metadata::Inspect<AccountId, AssetId = AssetId>;

        /// The pools in which assets are traded for the native token.
        type Pools: Pools;

        /// Least native reserve of a pool whose price counts: what a manipulation costs grows with it.
        #[pallet::constant]
        type MinLiquidity: Get<Balance>;

        /// Blocks in which the average would go all the way to a price that stays.
        #[pallet::constant]
        type Window: Get<BlockNumber>;

        /// Most that a rate rises in one block, in parts per million; it falls by as much as such a rise would make good.
        #[pallet::constant]
        type MaxChange: Get<u32>;

        /// How far the pool's price may be from the average, in parts per million of it, while the rate is in use.
        #[pallet::constant]
        type Tolerance: Get<u32>;

        /// Blocks for which the price of a pool must keep within `Tolerance` before its first rate is used.
        #[pallet::constant]
        type SettlingPeriod: Get<BlockNumber>;

        /// Blocks after its last sample from which a rate is not used. More than `MAX_LISTED`, since each is sampled in its turn.
        #[pallet::constant]
        type MaxAge: Get<BlockNumber>;

        /// Weights of the calls and of the hook.
        type WeightInfo: WeightInfo;
    }

    /// The listed assets, in order of their ids. One item: the hook reads all of them to find whose turn it is.
    #[pallet::storage]
    pub type Listings<T: Config> = StorageValue<_, BoundedVec<Listing, ConstU32<MAX_LISTED>>, ValueQuery>;

    /// The listed asset in whose units offers may be quoted, if there is one.
    #[pallet::storage]
    pub type Stable<T: Config> = StorageValue<_, AssetId>;

    /// How the pallet starts.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// The assets that are listed. Where genesis has built a pool for one, the pool's price is its rate from the first block on:
        /// whoever makes a genesis decides about every balance in it anyway.
        pub listed: Vec<AssetId>,
        /// Which of them is the stable one.
        pub stable: Option<AssetId>,
        /// Has no bytes.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                listed: Vec::new(),
                stable: None,
                _config: PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            for asset in &self.listed {
                Pallet::<T>::do_list(*asset).expect("an asset of the genesis exists and has metadata; qed");
                Pallet::<T>::trust_pool(*asset);
            }
            Pallet::<T>::do_set_stable(self.stable).expect("the stable asset of the genesis is listed; qed");
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An asset can pay, as soon as it has a rate.
        AssetListed {
            /// The asset.
            asset: AssetId,
            /// Decimals of its whole unit, as its metadata had them; later changes of the metadata do not count.
            decimals: u8,
        },
        /// An asset pays for no new work.
        AssetDelisted {
            /// The asset.
            asset: AssetId,
        },
        /// Offers quoted in the stable unit count in whole units of this asset from now on.
        StableSet {
            /// The asset; without one, such offers are passed over.
            asset: Option<AssetId>,
        },
        /// An asset has a first price, or one again after it had none for long or did not settle. Its rate is used when the price has
        /// settled.
        RateStarted {
            /// The asset.
            asset: AssetId,
            /// The worth of a whole unit, in 10⁻¹² of the native token's smallest unit.
            rate: Balance,
            /// The block from which the rate is used if the price keeps near it.
            settles_at: BlockNumber,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// No such asset exists. Create it in `assets`, or correct the id.
        UnknownAsset,
        /// The asset has no symbol. Set its metadata first: its decimals are fixed when it is listed.
        NoMetadata,
        /// The asset has more than 18 decimals. List one that has fewer, which wraps it.
        TooManyDecimals,
        /// The asset is listed. Nothing needs to be done.
        AlreadyListed,
        /// As many assets are listed as can be. Delist one first.
        TooManyListed,
        /// The asset is not listed. Pay in PEN, or in an asset of `assets_listed`.
        NotListed,
        /// The asset's pool has had no price yet: it is not there, or has too little PEN. Pay in PEN, or add liquidity.
        NoRate,
        /// The asset's price has not settled yet. Wait until the block that the event `RateStarted` names, or pay in PEN.
        RateNotSettled,
        /// The asset's pool has had no price for `MaxAge` blocks. Pay in PEN, or restore the pool's liquidity.
        RateTooOld,
        /// The price in the asset's pool is too far from its average. Wait until they meet, or pay in PEN.
        PriceMoves,
        /// So much of the asset is worth more than an amount can say. Ask for less.
        AmountTooLarge,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            Self::sample_next(now.saturated_into())
        }

        fn integrity_test() {
            assert!(
                T::MaxAge::get() > MAX_LISTED,
                "a rate would be too old before its next turn"
            );
            assert!(T::Window::get() > 0, "an average needs time");
            assert!(
                T::MaxChange::get() > 0 && T::Tolerance::get() > 0,
                "no rate would ever move"
            );
            assert!(
                T::MinLiquidity::get() > 0,
                "a pool without liquidity would have a price"
            );
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Lets an asset pay for tasks. Its rate starts with the next sample of its pool, and is used when the price has kept near it for
        /// `SettlingPeriod` blocks.
        ///
        /// ## Origin
        /// `ListOrigin`.
        /// ## Effects
        /// Fixes the asset's decimals. Emits [`Event::AssetListed`].
        /// ## Fails when
        /// the asset does not exist, has no metadata or more than 18 decimals, is listed, or `MAX_LISTED` are.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::list())]
        pub fn list(origin: OriginFor<T>, asset: AssetId) -> DispatchResult {
            T::ListOrigin::ensure_origin(origin)?;
            Self::do_list(asset)
        }

        /// Ends it that an asset pays: what was posted is settled in it, nothing new is posted.
        ///
        /// ## Origin
        /// `ListOrigin`.
        /// ## Effects
        /// Forgets the rate; where the asset was the stable one, there is none. Emits [`Event::AssetDelisted`], and [`Event::StableSet`].
        /// ## Fails when
        /// the asset is not listed.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::delist())]
        pub fn delist(origin: OriginFor<T>, asset: AssetId) -> DispatchResult {
            T::ListOrigin::ensure_origin(origin)?;
            Self::do_delist(asset)
        }

        /// Names the asset in whose units offers may be quoted, or none.
        ///
        /// ## Origin
        /// `ListOrigin`.
        /// ## Effects
        /// Standing offers in the stable unit count in the new asset from now on. Emits [`Event::StableSet`].
        /// ## Fails when
        /// the asset is not listed.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_stable())]
        pub fn set_stable(origin: OriginFor<T>, asset: Option<AssetId>) -> DispatchResult {
            T::ListOrigin::ensure_origin(origin)?;
            Self::do_set_stable(asset)
        }
    }
}
