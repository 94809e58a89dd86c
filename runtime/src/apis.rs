//! The runtime APIs: what the node asks the runtime.

use crate::InherentDataExt;
use crate::{
    configs::Kind, AccountId, AssetConversion, AttestationRegistry, AuthorityDiscovery, Babe, Balance, Block,
    Executive, Grandpa, Historical, Hyperlane, Nonce, Rates, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeGenesisConfig, SessionKeys, SolverStaking, System, TaskBridge, TaskMarket, TransactionPayment,
    Workflow, VERSION,
};
use alloc::{vec, vec::Vec};
use codec::Encode;
use frame_support::{
    genesis_builder_helper::{build_state, get_preset},
    weights::Weight,
};
use frame_system::offchain::CreateAuthorizedTransaction;
use hyperlane_primitives::{Checkpoint, IncrementalTree, H160};
use pensum_primitives::{
    apis,
    asset::ListedAsset,
    bridge::{
        checkpoint_key, BridgeView, CheckpointId, CheckpointView, Dispatched, IsmView, Locations,
        RequestView, ResultProof,
    },
    model::ModelView,
    solver::{DelegationView, Offer, SolverStatus},
    task::{ClaimView, TaskNotice, TaskStatus, Trace},
    workflow::{WorkflowId, WorkflowView},
    AssetId, BatchId, BlockNumber, Digest, ModelId, TaskId,
};
use sp_api::impl_runtime_apis;
use sp_authority_discovery::AuthorityId as AuthorityDiscoveryId;
use sp_core::{crypto::KeyTypeId, OpaqueMetadata};
use sp_runtime::{
    traits::{Block as BlockT, NumberFor},
    transaction_validity::{TransactionSource, TransactionValidity},
    ApplyExtrinsicResult,
};
use sp_version::RuntimeVersion;

impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            VERSION
        }

        fn execute_block(block: <Block as BlockT>::LazyBlock) {
            Executive::execute_block(block)
        }

        fn initialize_block(header: &<Block as BlockT>::Header) -> sp_runtime::ExtrinsicInclusionMode {
            Executive::initialize_block(header)
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            OpaqueMetadata::new(Runtime::metadata().into())
        }

        fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
            Runtime::metadata_at_version(version)
        }

        fn metadata_versions() -> Vec<u32> {
            Runtime::metadata_versions()
        }
    }

    impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
        fn execute_view_function(
            id: frame_support::view_functions::ViewFunctionId,
            input: Vec<u8>,
        ) -> Result<Vec<u8>, frame_support::view_functions::ViewFunctionDispatchError> {
            Runtime::execute_view_function(id, input)
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            Executive::apply_extrinsic(extrinsic)
        }

        fn finalize_block() -> <Block as BlockT>::Header {
            Executive::finalize_block()
        }

        fn inherent_extrinsics(data: sp_inherents::InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
            data.create_extrinsics()
        }

        fn check_inherents(
            block: <Block as BlockT>::LazyBlock,
            data: sp_inherents::InherentData,
        ) -> sp_inherents::CheckInherentsResult {
            data.check_extrinsics(&block)
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            source: TransactionSource,
            transaction: <Block as BlockT>::Extrinsic,
            block_hash: <Block as BlockT>::Hash,
        ) -> TransactionValidity {
            Executive::validate_transaction(source, transaction, block_hash)
        }
    }

    impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
        fn offchain_worker(header: &<Block as BlockT>::Header) {
            Executive::offchain_worker(header)
        }
    }

    impl sp_consensus_babe::BabeApi<Block> for Runtime {
        fn configuration() -> sp_consensus_babe::BabeConfiguration {
            let epoch = Babe::epoch_config().unwrap_or(crate::genesis::BABE_EPOCH);
            sp_consensus_babe::BabeConfiguration {
                slot_duration: Babe::slot_duration(),
                epoch_length: crate::constants::time::EPOCH.into(),
                c: epoch.c,
                authorities: Babe::authorities().to_vec(),
                randomness: Babe::randomness(),
                allowed_slots: epoch.allowed_slots,
            }
        }

        fn current_epoch_start() -> sp_consensus_babe::Slot {
            Babe::current_epoch_start()
        }

        fn current_epoch() -> sp_consensus_babe::Epoch {
            Babe::current_epoch()
        }

        fn next_epoch() -> sp_consensus_babe::Epoch {
            Babe::next_epoch()
        }

        fn generate_key_ownership_proof(
            _slot: sp_consensus_babe::Slot,
            authority: sp_consensus_babe::AuthorityId,
        ) -> Option<sp_consensus_babe::OpaqueKeyOwnershipProof> {
            use frame_support::traits::KeyOwnerProofSystem;
            Historical::prove((sp_consensus_babe::KEY_TYPE, authority))
                .map(|proof| sp_consensus_babe::OpaqueKeyOwnershipProof::new(proof.encode()))
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            proof: sp_consensus_babe::EquivocationProof<<Block as BlockT>::Header>,
            key_owner_proof: sp_consensus_babe::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Babe::submit_unsigned_equivocation_report(proof, key_owner_proof.decode()?)
        }
    }

    impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
        fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
            Grandpa::grandpa_authorities()
        }

        fn current_set_id() -> sp_consensus_grandpa::SetId {
            pallet_grandpa::CurrentSetId::<Runtime>::get()
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            proof: sp_consensus_grandpa::EquivocationProof<<Block as BlockT>::Hash, NumberFor<Block>>,
            key_owner_proof: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Grandpa::submit_unsigned_equivocation_report(proof, key_owner_proof.decode()?)
        }

        fn generate_key_ownership_proof(
            _set: sp_consensus_grandpa::SetId,
            authority: sp_consensus_grandpa::AuthorityId,
        ) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
            use frame_support::traits::KeyOwnerProofSystem;
            Historical::prove((sp_consensus_grandpa::KEY_TYPE, authority))
                .map(|proof| sp_consensus_grandpa::OpaqueKeyOwnershipProof::new(proof.encode()))
        }
    }

    impl sp_authority_discovery::AuthorityDiscoveryApi<Block> for Runtime {
        fn authorities() -> Vec<AuthorityDiscoveryId> {
            AuthorityDiscovery::authorities()
        }
    }

    impl sp_session::SessionKeys<Block> for Runtime {
        fn generate_session_keys(owner: Vec<u8>, seed: Option<Vec<u8>>) -> sp_session::OpaqueGeneratedSessionKeys {
            SessionKeys::generate(&owner, seed).into()
        }

        fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
            SessionKeys::decode_into_raw_public_keys(&encoded)
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
        fn account_nonce(account: AccountId) -> Nonce {
            System::account_nonce(account)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
        fn query_info(
            transaction: <Block as BlockT>::Extrinsic,
            len: u32,
        ) -> pallet_transaction_payment_rpc_runtime_api::RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_info(transaction, len)
        }

        fn query_fee_details(
            transaction: <Block as BlockT>::Extrinsic,
            len: u32,
        ) -> pallet_transaction_payment::FeeDetails<Balance> {
            TransactionPayment::query_fee_details(transaction, len)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<Block, Balance, RuntimeCall> for Runtime {
        fn query_call_info(call: RuntimeCall, len: u32) -> pallet_transaction_payment::RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_call_info(call, len)
        }

        fn query_call_fee_details(call: RuntimeCall, len: u32) -> pallet_transaction_payment::FeeDetails<Balance> {
            TransactionPayment::query_call_fee_details(call, len)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
            build_state::<RuntimeGenesisConfig>(config)
        }

        fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
            get_preset::<RuntimeGenesisConfig>(id, crate::genesis::preset)
        }

        fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
            crate::genesis::names()
        }
    }

    impl apis::TaskMarketApi<Block> for Runtime {
        fn task_status(task: TaskId) -> Option<TaskStatus> {
            TaskMarket::task_status(task)
        }

        fn open_tasks(after: Option<TaskId>, model: Option<ModelId>, limit: u32) -> Vec<TaskStatus> {
            TaskMarket::open_tasks(after, model, limit)
        }

        fn next_batch() -> BatchId {
            pallet_task_market::NextBatch::<Runtime>::get()
        }

        fn claim(task: TaskId) -> Option<ClaimView> {
            TaskMarket::claim_view(task)
        }

        fn claims(after: Option<TaskId>, limit: u32) -> Vec<ClaimView> {
            TaskMarket::claims(after, limit)
        }

        fn traces_in(transaction: <Block as BlockT>::Extrinsic) -> Vec<(TaskId, Trace)> {
            match transaction.function {
                RuntimeCall::TaskMarket(call) => TaskMarket::traces_in(&call),
                _ => vec![],
            }
        }

        fn answered_by(transaction: <Block as BlockT>::Extrinsic) -> Vec<TaskId> {
            match &transaction.function {
                RuntimeCall::TaskMarket(call) => TaskMarket::tasks_answered(call),
                _ => vec![],
            }
        }

        fn notices() -> Vec<TaskNotice> {
            System::read_events_no_consensus()
                .filter_map(|record| match record.event {
                    RuntimeEvent::TaskMarket(event) => event.notice(),
                    _ => None,
                })
                .collect()
        }
    }

    impl apis::RegistryApi<Block> for Runtime {
        fn model_info(model: ModelId) -> Option<ModelView> {
            AttestationRegistry::model_view(&model)
        }

        fn models(after: Option<ModelId>, limit: u32) -> Vec<ModelView> {
            AttestationRegistry::models_after(after, limit)
        }

        fn children(model: ModelId, limit: u32) -> Vec<ModelId> {
            AttestationRegistry::children(&model, limit)
        }

        fn run_model(model: ModelId, input: Vec<u8>) -> Option<Vec<u8>> {
            use pensum_primitives::traits::{Models, Replayed};
            match AttestationRegistry::replay(&model, &[&input]).ok()?.pop()? {
                Replayed::Output(output) => Some(output),
                Replayed::Unreadable => None,
            }
        }

        fn record_root(block: BlockNumber) -> Option<Digest> {
            AttestationRegistry::record_root(block)
        }
    }

    impl apis::SolverApi<Block> for Runtime {
        fn solver_status(stash: AccountId) -> Option<SolverStatus> {
            SolverStaking::solver_status(&stash)
        }

        fn offers(model: ModelId) -> Vec<(AccountId, Offer)> {
            SolverStaking::offers(&model)
        }

        fn delegation(solver: AccountId, delegator: AccountId) -> Option<DelegationView> {
            SolverStaking::delegation(&solver, &delegator)
        }
    }

    impl apis::RatesApi<Block> for Runtime {
        fn listed_assets() -> Vec<ListedAsset> {
            Rates::listed()
        }

        fn worth(asset: AssetId, amount: Balance) -> Option<Balance> {
            <Rates as pensum_primitives::traits::Rates>::worth(asset, amount).ok()
        }
    }

    impl pallet_asset_conversion::AssetConversionApi<Block, Balance, Kind> for Runtime {
        fn quote_price_tokens_for_exact_tokens(paid: Kind, wanted: Kind, amount: Balance, include_fee: bool) -> Option<Balance> {
            AssetConversion::quote_price_tokens_for_exact_tokens(paid, wanted, amount, include_fee)
        }

        fn quote_price_exact_tokens_for_tokens(paid: Kind, wanted: Kind, amount: Balance, include_fee: bool) -> Option<Balance> {
            AssetConversion::quote_price_exact_tokens_for_tokens(paid, wanted, amount, include_fee)
        }

        fn get_reserves(one: Kind, other: Kind) -> Option<(Balance, Balance)> {
            AssetConversion::get_reserves(one, other).ok()
        }
    }

    impl apis::BridgeApi<Block> for Runtime {
        fn bridge() -> BridgeView {
            Hyperlane::bridge()
        }

        fn tree() -> IncrementalTree {
            Hyperlane::tree()
        }

        fn dispatched(first: u32, limit: u32) -> Vec<Dispatched> {
            Hyperlane::dispatched(first, limit)
        }

        fn checkpoint(index: u32) -> Option<CheckpointView> {
            Hyperlane::checkpoint(index)
        }

        fn checkpoint_validators() -> Vec<(CheckpointId, H160)> {
            Hyperlane::checkpoint_validators()
        }

        fn unsigned_checkpoints(validator: CheckpointId, limit: u32) -> Vec<Checkpoint> {
            Hyperlane::unsigned_checkpoints(validator, limit)
        }

        fn checkpoints_transaction(signatures: Vec<(u32, Vec<u8>)>) -> Option<<Block as BlockT>::Extrinsic> {
            let call = Hyperlane::checkpoints_call(signatures)?;
            Some(<Runtime as CreateAuthorizedTransaction<RuntimeCall>>::create_authorized_transaction(call.into()))
        }

        fn checkpoint_key_proof(key: CheckpointId) -> Option<Vec<u8>> {
            use frame_support::traits::KeyOwnerProofSystem;
            Historical::prove((checkpoint_key::KEY_TYPE, key)).map(|proof| proof.encode())
        }

        fn delivered(message: Digest) -> Option<BlockNumber> {
            Hyperlane::delivered(message)
        }

        fn ism(domain: u32) -> Option<IsmView> {
            Hyperlane::ism(domain)
        }

        fn announced(validators: Vec<H160>) -> Vec<Locations> {
            Hyperlane::announced(validators)
        }

        fn gas_quote(domain: u32, gas_limit: u64) -> Option<Balance> {
            Hyperlane::gas_quote(domain, gas_limit)
        }

        fn request(message: Digest) -> Option<RequestView> {
            TaskBridge::request(message)
        }

        fn result_proof(message: Digest) -> Option<ResultProof> {
            TaskBridge::result_proof(message)
        }
    }

    impl apis::WorkflowApi<Block> for Runtime {
        fn workflow(id: WorkflowId) -> Option<WorkflowView> {
            Workflow::view(id)
        }

        fn workflows_of(requester: AccountId, limit: u32) -> Vec<WorkflowView> {
            Workflow::workflows_of(&requester, limit)
        }
    }
}
