//! The runtime, as far as the node knows it: its APIs and nothing else.
//!
//! The client is compiled against these declarations, so that a change in a pallet recompiles the runtime's wasm and not the
//! client. Nothing here is ever executed: every call goes to the wasm on chain, which is why each body is [`never()`].
// The declarations are documented where the traits are; the macro's own items are not, and nobody makes a `Runtime`.
#![allow(missing_docs, dead_code)]

use hyperlane_primitives::{Checkpoint, IncrementalTree, H160};
use pallet_transaction_payment_rpc_runtime_api::{FeeDetails, RuntimeDispatchInfo};
use pensum_primitives::{
    apis,
    asset::ListedAsset,
    bridge::{
        BridgeView, CheckpointId, CheckpointView, Dispatched, IsmView, Locations, RequestView, ResultProof,
    },
    model::ModelView,
    solver::{DelegationView, Offer, SolverStatus},
    task::{ClaimView, TaskNotice, TaskStatus, Trace},
    workflow::{WorkflowId, WorkflowView},
    AccountId, AssetId, Balance, BatchId, Block, BlockNumber, Digest, ModelId, Nonce, TaskId,
};
use sp_core::OpaqueMetadata;
use sp_runtime::{
    traits::Block as BlockT,
    transaction_validity::{TransactionSource, TransactionValidity},
    ApplyExtrinsicResult, ExtrinsicInclusionMode,
};

/// Stands for the runtime's type in the declarations below.
pub struct Runtime;

/// The body of every API: the wasm on chain has the real one.
fn never() -> ! {
    panic!("only the wasm runtime is executed")
}

sp_api::impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> sp_version::RuntimeVersion {
            never()
        }

        fn execute_block(_: <Block as BlockT>::LazyBlock) {
            never()
        }

        fn initialize_block(_: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
            never()
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            never()
        }

        fn metadata_at_version(_: u32) -> Option<OpaqueMetadata> {
            never()
        }

        fn metadata_versions() -> Vec<u32> {
            never()
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(_: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            never()
        }

        fn finalize_block() -> <Block as BlockT>::Header {
            never()
        }

        fn inherent_extrinsics(_: sp_inherents::InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
            never()
        }

        fn check_inherents(
            _: <Block as BlockT>::LazyBlock,
            _: sp_inherents::InherentData,
        ) -> sp_inherents::CheckInherentsResult {
            never()
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            _: TransactionSource,
            _: <Block as BlockT>::Extrinsic,
            _: <Block as BlockT>::Hash,
        ) -> TransactionValidity {
            never()
        }
    }

    impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
        fn offchain_worker(_: &<Block as BlockT>::Header) {
            never()
        }
    }

    impl sp_consensus_babe::BabeApi<Block> for Runtime {
        fn configuration() -> sp_consensus_babe::BabeConfiguration {
            never()
        }

        fn current_epoch_start() -> sp_consensus_babe::Slot {
            never()
        }

        fn current_epoch() -> sp_consensus_babe::Epoch {
            never()
        }

        fn next_epoch() -> sp_consensus_babe::Epoch {
            never()
        }

        fn generate_key_ownership_proof(
            _: sp_consensus_babe::Slot,
            _: sp_consensus_babe::AuthorityId,
        ) -> Option<sp_consensus_babe::OpaqueKeyOwnershipProof> {
            never()
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            _: sp_consensus_babe::EquivocationProof<<Block as BlockT>::Header>,
            _: sp_consensus_babe::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            never()
        }
    }

    impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
        fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
            never()
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            _: sp_consensus_grandpa::EquivocationProof<<Block as BlockT>::Hash, BlockNumber>,
            _: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            never()
        }

        fn generate_key_ownership_proof(
            _: sp_consensus_grandpa::SetId,
            _: sp_consensus_grandpa::AuthorityId,
        ) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
            never()
        }

        fn current_set_id() -> sp_consensus_grandpa::SetId {
            never()
        }
    }

    impl sp_authority_discovery::AuthorityDiscoveryApi<Block> for Runtime {
        fn authorities() -> Vec<sp_authority_discovery::AuthorityId> {
            never()
        }
    }

    impl sp_session::SessionKeys<Block> for Runtime {
        fn generate_session_keys(_: Vec<u8>, _: Option<Vec<u8>>) -> sp_session::OpaqueGeneratedSessionKeys {
            never()
        }

        fn decode_session_keys(_: Vec<u8>) -> Option<Vec<(Vec<u8>, sp_core::crypto::KeyTypeId)>> {
            never()
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
        fn account_nonce(_: AccountId) -> Nonce {
            never()
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
        fn query_info(_: <Block as BlockT>::Extrinsic, _: u32) -> RuntimeDispatchInfo<Balance> {
            never()
        }

        fn query_fee_details(_: <Block as BlockT>::Extrinsic, _: u32) -> FeeDetails<Balance> {
            never()
        }

        fn query_weight_to_fee(_: sp_runtime::Weight) -> Balance {
            never()
        }

        fn query_length_to_fee(_: u32) -> Balance {
            never()
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(_: Vec<u8>) -> sp_genesis_builder::Result {
            never()
        }

        fn get_preset(_: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
            never()
        }

        fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
            never()
        }
    }

    impl apis::TaskMarketApi<Block> for Runtime {
        fn task_status(_: TaskId) -> Option<TaskStatus> {
            never()
        }

        fn open_tasks(_: Option<TaskId>, _: Option<ModelId>, _: u32) -> Vec<TaskStatus> {
            never()
        }

        fn next_batch() -> BatchId {
            never()
        }

        fn claim(_: TaskId) -> Option<ClaimView> {
            never()
        }

        fn claims(_: Option<TaskId>, _: u32) -> Vec<ClaimView> {
            never()
        }

        fn traces_in(_: <Block as BlockT>::Extrinsic) -> Vec<(TaskId, Trace)> {
            never()
        }

        fn answered_by(_: <Block as BlockT>::Extrinsic) -> Vec<TaskId> {
            never()
        }

        fn notices() -> Vec<TaskNotice> {
            never()
        }
    }

    impl apis::RegistryApi<Block> for Runtime {
        fn model_info(_: ModelId) -> Option<ModelView> {
            never()
        }

        fn models(_: Option<ModelId>, _: u32) -> Vec<ModelView> {
            never()
        }

        fn children(_: ModelId, _: u32) -> Vec<ModelId> {
            never()
        }

        fn record_root(_: BlockNumber) -> Option<Digest> {
            never()
        }

        fn run_model(_: ModelId, _: Vec<u8>) -> Option<Vec<u8>> {
            never()
        }
    }

    impl apis::SolverApi<Block> for Runtime {
        fn solver_status(_: AccountId) -> Option<SolverStatus> {
            never()
        }

        fn offers(_: ModelId) -> Vec<(AccountId, Offer)> {
            never()
        }

        fn delegation(_: AccountId, _: AccountId) -> Option<DelegationView> {
            never()
        }
    }

    impl apis::RatesApi<Block> for Runtime {
        fn listed_assets() -> Vec<ListedAsset> {
            never()
        }

        fn worth(_: AssetId, _: Balance) -> Option<Balance> {
            never()
        }
    }

    impl apis::BridgeApi<Block> for Runtime {
        fn bridge() -> BridgeView {
            never()
        }

        fn tree() -> IncrementalTree {
            never()
        }

        fn dispatched(_: u32, _: u32) -> Vec<Dispatched> {
            never()
        }

        fn checkpoint(_: u32) -> Option<CheckpointView> {
            never()
        }

        fn checkpoint_validators() -> Vec<(CheckpointId, H160)> {
            never()
        }

        fn unsigned_checkpoints(_: CheckpointId, _: u32) -> Vec<Checkpoint> {
            never()
        }

        fn checkpoints_transaction(_: Vec<(u32, Vec<u8>)>) -> Option<<Block as BlockT>::Extrinsic> {
            never()
        }

        fn checkpoint_key_proof(_: CheckpointId) -> Option<Vec<u8>> {
            never()
        }

        fn delivered(_: Digest) -> Option<BlockNumber> {
            never()
        }

        fn ism(_: u32) -> Option<IsmView> {
            never()
        }

        fn announced(_: Vec<H160>) -> Vec<Locations> {
            never()
        }

        fn gas_quote(_: u32, _: u64) -> Option<Balance> {
            never()
        }

        fn request(_: Digest) -> Option<RequestView> {
            never()
        }

        fn result_proof(_: Digest) -> Option<ResultProof> {
            never()
        }
    }

    impl apis::WorkflowApi<Block> for Runtime {
        fn workflow(_: WorkflowId) -> Option<WorkflowView> {
            never()
        }

        fn workflows_of(_: AccountId, _: u32) -> Vec<WorkflowView> {
            never()
        }
    }
}
