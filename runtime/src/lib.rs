//! The Pensum runtime: composition only. Each concern's configuration is a file in [`configs`], numbers with their reasons
//! are in [`constants`], networks differ only by their [`genesis`] data.
#![cfg_attr(not(feature = "std"), no_std)]
// `runtime`, `impl_runtime_apis` and the embedded wasm put items without docs at the root of the crate.
#![allow(missing_docs)]
#![recursion_limit = "256"]

extern crate alloc;

mod apis;
pub mod configs;
pub mod constants;
pub mod genesis;
mod migrations;
pub mod transaction;

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

use alloc::{borrow::Cow, vec::Vec};
pub use pensum_primitives::{AccountId, Balance, BlockNumber, Header, Nonce, Signature};
use sp_runtime::{generic, impl_opaque_keys, traits::BlakeTwo256};
use sp_version::{runtime_version, RuntimeVersion};

pub use apis::*;
pub use transaction::{TxExtension, UncheckedExtrinsic};

/// Hash of a block or a storage root.
pub type Hash = sp_core::H256;
/// How an account is named in a transaction.
pub type Address = sp_runtime::MultiAddress<AccountId, ()>;
/// A block of this chain.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// A block's transactions, executed in order.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

/// The hash function of headers, storage and transactions.
pub type Hashing = BlakeTwo256;

impl_opaque_keys! {
    /// The keys with which a validator works during a session.
    pub struct SessionKeys {
        /// Votes for finality.
        pub grandpa: Grandpa,
        /// Makes blocks.
        pub babe: Babe,
        /// Publishes the validator's network address.
        pub authority_discovery: AuthorityDiscovery,
        /// Signs checkpoints of the messages to other chains.
        pub hyperlane: Hyperlane,
    }
}

/// Version of this runtime. `spec_version` rises with every change of behaviour, `transaction_version` with every change
/// of a call's encoding.
#[runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("pensum"),
    impl_name: Cow::Borrowed("pensum-node"),
    authoring_version: 1,
    spec_version: 2,
    impl_version: 0,
    apis: RUNTIME_API_VERSIONS,
    transaction_version: 1,
    // Light clients (smoldot 3.4) read no genesis of a later one.
    system_version: 1,
};

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
    /// The runtime.
    pub struct Runtime;

    // In the order of their indices: genesis and hooks run in it. Balances before Staking and Session, whose genesis bonds; Babe before
    // Session, since it notes the epoch's randomness before a session ends.
    #[runtime::pallet_index(0)]
    pub type System = frame_system::Pallet<Runtime>;
    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp::Pallet<Runtime>;
    #[runtime::pallet_index(2)]
    pub type Balances = pallet_balances::Pallet<Runtime>;
    #[runtime::pallet_index(3)]
    pub type TransactionPayment = pallet_transaction_payment::Pallet<Runtime>;
    #[runtime::pallet_index(4)]
    pub type Babe = pallet_babe::Pallet<Runtime>;
    #[runtime::pallet_index(5)]
    pub type Authorship = pallet_authorship::Pallet<Runtime>;
    #[runtime::pallet_index(6)]
    pub type Session = pallet_session::Pallet<Runtime>;
    #[runtime::pallet_index(7)]
    pub type Historical = pallet_session::historical::Pallet<Runtime>;
    #[runtime::pallet_index(8)]
    pub type Grandpa = pallet_grandpa::Pallet<Runtime>;
    #[runtime::pallet_index(9)]
    pub type AuthorityDiscovery = pallet_authority_discovery::Pallet<Runtime>;
    #[runtime::pallet_index(10)]
    pub type Offences = pallet_offences::Pallet<Runtime>;
    #[runtime::pallet_index(11)]
    pub type Staking = pallet_staking_async::Pallet<Runtime>;
    #[runtime::pallet_index(12)]
    pub type StakingClient = pallet_staking_async_ah_client::Pallet<Runtime>;

    #[runtime::pallet_index(22)]
    pub type Assets = pallet_assets::Pallet<Runtime>;
    #[runtime::pallet_index(23)]
    pub type AssetsHolder = pallet_assets_holder::Pallet<Runtime>;
    #[runtime::pallet_index(24)]
    pub type Treasury = pallet_treasury::Pallet<Runtime>;
    #[runtime::pallet_index(25)]
    pub type PoolAssets = pallet_assets::Pallet<Runtime, Instance1>;
    #[runtime::pallet_index(26)]
    pub type AssetConversion = pallet_asset_conversion::Pallet<Runtime>;
    #[runtime::pallet_index(27)]
    pub type AssetConversionTxPayment = pallet_asset_conversion_tx_payment::Pallet<Runtime>;

    #[runtime::pallet_index(30)]
    pub type Utility = pallet_utility::Pallet<Runtime>;
    #[runtime::pallet_index(31)]
    pub type Proxy = pallet_proxy::Pallet<Runtime>;
    #[runtime::pallet_index(32)]
    pub type Multisig = pallet_multisig::Pallet<Runtime>;
    #[runtime::pallet_index(33)]
    pub type Preimage = pallet_preimage::Pallet<Runtime>;
    #[runtime::pallet_index(34)]
    pub type Scheduler = pallet_scheduler::Pallet<Runtime>;
    #[runtime::pallet_index(35)]
    pub type Migrations = pallet_migrations::Pallet<Runtime>;
    // Holds a key in the development and local presets only.
    #[runtime::pallet_index(36)]
    pub type Sudo = pallet_sudo::Pallet<Runtime>;

    #[runtime::pallet_index(50)]
    pub type SolverStaking = pallet_solver_staking::Pallet<Runtime>;
    #[runtime::pallet_index(51)]
    pub type AttestationRegistry = pallet_attestation_registry::Pallet<Runtime>;
    #[runtime::pallet_index(52)]
    pub type TaskMarket = pallet_task_market::Pallet<Runtime>;
    #[runtime::pallet_index(53)]
    pub type InferenceWorker = pallet_inference_worker::Pallet<Runtime>;
    #[runtime::pallet_index(54)]
    pub type Auction = pallet_auction::Pallet<Runtime>;
    #[runtime::pallet_index(55)]
    pub type Panel = pallet_panel::Pallet<Runtime>;
    #[runtime::pallet_index(56)]
    pub type Dispute = pallet_dispute::Pallet<Runtime>;
    #[runtime::pallet_index(57)]
    pub type Workflow = pallet_workflow::Pallet<Runtime>;
    // After the pools, whose prices it samples in genesis.
    #[runtime::pallet_index(58)]
    pub type Rates = pallet_rates::Pallet<Runtime>;

    #[runtime::pallet_index(60)]
    pub type Hyperlane = pallet_hyperlane::Pallet<Runtime>;
    #[runtime::pallet_index(61)]
    pub type TaskBridge = pallet_task_bridge::Pallet<Runtime>;
}
