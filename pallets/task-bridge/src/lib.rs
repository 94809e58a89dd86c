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

mod admin;
mod answer;
mod batch;
mod command;
mod errors;
mod events;
mod intent;
mod invariants;
mod line;
mod payment;
mod queue;
mod recipient;
mod refund;
mod terms;
pub mod types;
mod views;
mod warp;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use weights::{SubstrateWeight, WeightInfo};

use frame_support::pallet_macros::import_section;

// The macro generates undocumented items, and `expect`s that it knows to hold.
#[allow(missing_docs, clippy::expect_used)]
#[import_section(events::events)]
#[import_section(errors::errors)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{
        types::{
            Batch, Closing, EncodedResult, Ending, Handed, Kept, Policy, Remote, Request, Retry, Route, Span,
            Work,
        },
        weights::WeightInfo,
    };
    use frame_support::{pallet_prelude::*, traits::fungibles};
    use frame_system::pallet_prelude::*;
    use pensum_primitives::{
        bridge::{Address, Domain},
        traits::{Mailbox, Posting, Rates},
        AccountId, AssetId, Balance, BlockNumber, Digest, TaskId,
    };
    use pensum_task_abi::{Delivery, Refusal};
    use sp_core::H256;
    use sp_runtime::traits::{Convert, SaturatedConversion};

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<AccountId = AccountId, Hash = H256, RuntimeEvent: From<Event<Self>>>
    {
        /// Who decides whose intents are taken, and where money and roots go.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Sends messages, and knows what their delivery costs.
        type Mailbox: Mailbox;

        /// The market, which takes the tasks.
        type Posting: Posting;

        /// Money: PEN, under no id, and the assets that can pay.
        type Currencies: fungibles::Mutate<AccountId, AssetId = Option<AssetId>, Balance = Balance>;

        /// What assets are worth in PEN.
        type Rates: Rates;

        /// What an error of `Posting` or `Rates` means to a contract on another chain.
        type Refusals: Convert<DispatchError, Refusal>;

        /// Results, roots and refunds sent in one block, and batches closed; the rest waits for the next.
        #[pallet::constant]
        type MaxWorkPerBlock: Get<u32>;

        /// Blocks after which it is tried again to send what could not be sent.
        #[pallet::constant]
        type RetryAfter: Get<BlockNumber>;

        /// Blocks after its first result in which a batch is closed, however few it has.
        #[pallet::constant]
        type BatchPeriod: Get<BlockNumber>;

        /// Results of which is remembered where they went, and how they are proven where they went in a batch.
        #[pallet::constant]
        type KeptResults: Get<u32>;

        /// Gas that handing over a result takes elsewhere, beside the contract's callback.
        #[pallet::constant]
        type ResultGas: Get<u64>;

        /// Gas that storing a root takes in a registry.
        #[pallet::constant]
        type RootGas: Get<u64>;

        /// What a batched result pays of that, in gas.
        #[pallet::constant]
        type ShareGas: Get<u64>;

        /// Gas that paying out money takes at the other end of a warp route.
        #[pallet::constant]
        type TransferGas: Get<u64>;

        /// What calls, messages and the hook weigh.
        type WeightInfo: WeightInfo;
    }

    /// Whose intents are taken, by chain.
    #[pallet::storage]
    pub type Policies<T: Config> = StorageMap<_, Twox64Concat, Domain, Policy, ValueQuery>;

    /// Senders whose intents are taken where the policy is `Listed`.
    #[pallet::storage]
    pub type Senders<T: Config> =
        StorageDoubleMap<_, Twox64Concat, Domain, Blake2_128Concat, Address, (), OptionQuery>;

    /// The registries to which the roots of batches are sent, by chain.
    #[pallet::storage]
    pub type Registries<T: Config> = StorageMap<_, Twox64Concat, Domain, Address>;

    /// Warp routes, by asset and chain.
    #[pallet::storage]
    pub type Routes<T: Config> = StorageDoubleMap<_, Twox64Concat, AssetId, Twox64Concat, Domain, Route>;

    /// Money that came and that its account cannot hold yet.
    #[pallet::storage]
    pub type Uncredited<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Twox64Concat, AssetId, Balance, ValueQuery>;

    /// Intents whose results are not handed on, by the message that brought them.
    #[pallet::storage]
    pub type Requests<T: Config> = StorageMap<_, Identity, Digest, Request>;

    /// How requests ended whose results are not handed on.
    #[pallet::storage]
    pub type Endings<T: Config> = StorageMap<_, Identity, Digest, Ending>;

    /// What is to be sent: first in, first out.
    #[pallet::storage]
    pub type Queue<T: Config> = StorageMap<_, Twox64Concat, u64, Work>;

    /// Which places of the queue are taken.
    #[pallet::storage]
    pub type QueueSpan<T: Config> = StorageValue<_, Span, ValueQuery>;

    /// What could not be sent, in the order in which it is tried again.
    #[pallet::storage]
    pub type Retries<T: Config> = StorageMap<_, Twox64Concat, u64, Retry>;

    /// Which places of `Retries` are taken.
    #[pallet::storage]
    pub type RetriesSpan<T: Config> = StorageValue<_, Span, ValueQuery>;

    /// Batches by chain and number, as long as one of their results is kept.
    #[pallet::storage]
    pub type Batches<T: Config> =
        StorageDoubleMap<_, Twox64Concat, Domain, Twox64Concat, u64, Batch, OptionQuery>;

    /// How many batches there were, by chain: the next one's number. The last of them may be open.
    #[pallet::storage]
    pub type BatchCount<T: Config> = StorageMap<_, Twox64Concat, Domain, u64, ValueQuery>;

    /// Batches that were opened, in the order in which they are closed.
    #[pallet::storage]
    pub type Closings<T: Config> = StorageMap<_, Twox64Concat, u64, Closing>;

    /// Which places of `Closings` are taken.
    #[pallet::storage]
    pub type ClosingsSpan<T: Config> = StorageValue<_, Span, ValueQuery>;

    /// Where results went, by the message that brought their intents.
    #[pallet::storage]
    pub type HandedOn<T: Config> = StorageMap<_, Identity, Digest, Handed>;

    /// Results that went in a batch, ABI-encoded, by the message that brought their intents.
    #[pallet::storage]
    pub type Results<T: Config> = StorageMap<_, Identity, Digest, EncodedResult>;

    /// Requests whose results were handed on, in that order.
    #[pallet::storage]
    pub type KeptRequests<T: Config> = StorageMap<_, Twox64Concat, u64, Digest>;

    /// Which places of `KeptRequests` are taken.
    #[pallet::storage]
    pub type KeptSpan<T: Config> = StorageValue<_, Span, ValueQuery>;

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            Self::work_off(now.saturated_into())
        }

        fn integrity_test() {
            assert!(
                T::MaxWorkPerBlock::get() >= 2,
                "what is new and what is tried again share the limit"
            );
            assert!(T::RetryAfter::get() > 0, "a failure would be tried again at once");
            assert!(T::KeptResults::get() > 0, "no result could be proven");
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Decides whose intents are taken from a chain.
        ///
        /// ## Origin
        /// `AdminOrigin`.
        ///
        /// ## Effects
        /// For intents that arrive from now on: `Closed` (as at first) refuses all, `Listed` takes those of listed senders, `Open` all.
        /// Tasks that run go on. Event: `PolicySet`.
        ///
        /// ## Fails when
        /// The origin is another.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::set())]
        pub fn set_policy(origin: OriginFor<T>, domain: u32, policy: Policy) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_policy(domain.into(), policy);
            Ok(())
        }

        /// Lists a sender, or strikes it off the list.
        ///
        /// ## Origin
        /// `AdminOrigin`.
        ///
        /// ## Effects
        /// Matters where the chain's policy is `Listed`. Event: `SenderSet`.
        ///
        /// ## Fails when
        /// The origin is another.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::set())]
        pub fn set_sender(origin: OriginFor<T>, domain: u32, sender: H256, allowed: bool) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_sender(domain.into(), Address(sender), allowed);
            Ok(())
        }

        /// Gives an asset a warp route to another chain, or takes it away.
        ///
        /// ## Origin
        /// `AdminOrigin`. Whoever can mint the asset can take the collateral: give a route only to assets whose issuer is trusted with it.
        ///
        /// ## Effects
        /// Messages of the router bring money from now on. Event: `RouteSet`.
        ///
        /// ## Fails when
        /// The asset does not exist, or the route still owes money to that chain.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set())]
        pub fn set_route(
            origin: OriginFor<T>,
            asset: AssetId,
            domain: u32,
            router: Option<H256>,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_route(asset, domain.into(), router.map(Address))
        }

        /// Names the registry of a chain.
        ///
        /// ## Origin
        /// `AdminOrigin`.
        ///
        /// ## Effects
        /// The roots of batches are sent to it, also of those that wait. Without one, batched delivery is refused. Event: `RegistrySet`.
        ///
        /// ## Fails when
        /// The origin is another.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::set())]
        pub fn set_registry(origin: OriginFor<T>, domain: u32, registry: Option<H256>) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_registry(domain.into(), registry.map(Address));
            Ok(())
        }

        /// Sends money to another chain by a warp route.
        ///
        /// ## Origin
        /// Signed by its owner.
        ///
        /// ## Effects
        /// The amount is burned here, and a message tells the router there to pay it out. A rest that the account could not hold goes along.
        /// The delivery is paid for in PEN where somebody quotes for it. Event: `TokensSent`.
        ///
        /// ## Fails when
        /// There is no such route; more would go than came from there; the account does not hold it, or not the fee; the recipient is
        /// zero, or none of an EVM chain where the router is; or the mailbox does not take the message now.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::send_tokens().saturating_add(Pallet::<T>::message_weight()))]
        pub fn transfer_remote(
            origin: OriginFor<T>,
            asset: AssetId,
            domain: u32,
            recipient: H256,
            #[pallet::compact] amount: Balance,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_transfer_remote(who, asset, domain.into(), Address(recipient), amount)
        }

        /// Credits an account with what came for it and what it could not hold.
        ///
        /// ## Origin
        /// Signed by anybody.
        ///
        /// ## Effects
        /// The account has all of it. Event: `TokensCollected`.
        ///
        /// ## Fails when
        /// Nothing waits for it, or it still cannot hold it.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::take_tokens())]
        pub fn collect(origin: OriginFor<T>, account: AccountId, asset: AssetId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_collect(account, asset)
        }
    }

    impl<T: Config> Pallet<T> {
        pub(crate) fn now() -> BlockNumber {
            frame_system::Pallet::<T>::block_number().saturated_into()
        }
    }
}
