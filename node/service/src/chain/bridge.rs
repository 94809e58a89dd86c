//! What is read of the bridge.

use super::Read;
use hyperlane_primitives::{Checkpoint, IncrementalTree, H160};
use pensum_primitives::{
    bridge::{
        BridgeView, CheckpointId, CheckpointView, Dispatched, IsmView, Locations, RequestView, ResultProof,
    },
    Balance, BlockNumber, Digest,
};
use sp_runtime::OpaqueExtrinsic;

/// What is read of the bridge. `at` names the block in whose state it is read.
pub trait BridgeChain {
    /// The bridge as a whole.
    fn bridge(&self, at: Digest) -> Read<BridgeView>;
    /// The tree of dispatched messages.
    fn message_tree(&self, at: Digest) -> Read<IncrementalTree>;
    /// Messages from `first` on that still lie in the state, in order.
    fn dispatched(&self, at: Digest, first: u32, limit: u32) -> Read<Vec<Dispatched>>;
    /// A checkpoint that still lies in the state, with its signatures.
    fn checkpoint(&self, at: Digest, index: u32) -> Read<Option<CheckpointView>>;
    /// The validators' keys for checkpoints, and their addresses.
    fn checkpoint_validators(&self, at: Digest) -> Read<Vec<(CheckpointId, H160)>>;
    /// Checkpoints that a validator has not published and may.
    fn unsigned_checkpoints(&self, at: Digest, validator: CheckpointId, limit: u32) -> Read<Vec<Checkpoint>>;
    /// The transaction that publishes signatures; none where there are too many.
    fn checkpoints_transaction(
        &self,
        at: Digest,
        signatures: Vec<(u32, Vec<u8>)>,
    ) -> Read<Option<OpaqueExtrinsic>>;
    /// Proof that a checkpoint key belongs to a validator.
    fn checkpoint_key_proof(&self, at: Digest, key: CheckpointId) -> Read<Option<Vec<u8>>>;
    /// The block in which a message from elsewhere was processed.
    fn delivered(&self, at: Digest, message: Digest) -> Read<Option<BlockNumber>>;
    /// Whom messages from a domain are believed.
    fn ism(&self, at: Digest, domain: u32) -> Read<Option<IsmView>>;
    /// Where validators say that their checkpoints can be read.
    fn announced(&self, at: Digest, validators: Vec<H160>) -> Read<Vec<Locations>>;
    /// What delivering a message costs.
    fn gas_quote(&self, at: Digest, domain: u32, gas_limit: u64) -> Read<Option<Balance>>;
    /// Where an intent from another chain stands.
    fn request(&self, at: Digest, message: Digest) -> Read<Option<RequestView>>;
    /// A result that was sent in a batch, with its proof.
    fn result_proof(&self, at: Digest, message: Digest) -> Read<Option<ResultProof>>;
}

mod full {
    use super::*;
    use crate::client::Client;
    use pensum_primitives::apis::BridgeApi;
    use sp_api::ProvideRuntimeApi;

    impl BridgeChain for Client {
        fn bridge(&self, at: Digest) -> Read<BridgeView> {
            Ok(self.runtime_api().bridge(at)?)
        }

        fn message_tree(&self, at: Digest) -> Read<IncrementalTree> {
            Ok(self.runtime_api().tree(at)?)
        }

        fn dispatched(&self, at: Digest, first: u32, limit: u32) -> Read<Vec<Dispatched>> {
            Ok(self.runtime_api().dispatched(at, first, limit)?)
        }

        fn checkpoint(&self, at: Digest, index: u32) -> Read<Option<CheckpointView>> {
            Ok(self.runtime_api().checkpoint(at, index)?)
        }

        fn checkpoint_validators(&self, at: Digest) -> Read<Vec<(CheckpointId, H160)>> {
            Ok(self.runtime_api().checkpoint_validators(at)?)
        }

        fn unsigned_checkpoints(
            &self,
            at: Digest,
            validator: CheckpointId,
            limit: u32,
        ) -> Read<Vec<Checkpoint>> {
            Ok(self.runtime_api().unsigned_checkpoints(at, validator, limit)?)
        }

        fn checkpoints_transaction(
            &self,
            at: Digest,
            signatures: Vec<(u32, Vec<u8>)>,
        ) -> Read<Option<OpaqueExtrinsic>> {
            Ok(self.runtime_api().checkpoints_transaction(at, signatures)?)
        }

        fn checkpoint_key_proof(&self, at: Digest, key: CheckpointId) -> Read<Option<Vec<u8>>> {
            Ok(self.runtime_api().checkpoint_key_proof(at, key)?)
        }

        fn delivered(&self, at: Digest, message: Digest) -> Read<Option<BlockNumber>> {
            Ok(self.runtime_api().delivered(at, message)?)
        }

        fn ism(&self, at: Digest, domain: u32) -> Read<Option<IsmView>> {
            Ok(self.runtime_api().ism(at, domain)?)
        }

        fn announced(&self, at: Digest, validators: Vec<H160>) -> Read<Vec<Locations>> {
            Ok(self.runtime_api().announced(at, validators)?)
        }

        fn gas_quote(&self, at: Digest, domain: u32, gas_limit: u64) -> Read<Option<Balance>> {
            Ok(self.runtime_api().gas_quote(at, domain, gas_limit)?)
        }

        fn request(&self, at: Digest, message: Digest) -> Read<Option<RequestView>> {
            Ok(self.runtime_api().request(at, message)?)
        }

        fn result_proof(&self, at: Digest, message: Digest) -> Read<Option<ResultProof>> {
            Ok(self.runtime_api().result_proof(at, message)?)
        }
    }
}
