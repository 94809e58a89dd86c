//! The bridge: messages to other chains and from them.

mod views;

use self::views::{
    BatchedResult, BridgeInfo, LeafProof, MessageView, RemoteAccount, RequestState, SecurityModule,
    SignedCheckpointView, ValidatorView,
};
use super::{args, bounds::Gate, RpcError};
use crate::{
    bridge::Messages,
    chain::{BlockRef, Chain},
};
use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use pensum_primitives::{
    bridge::{remote_account, Address, Domain},
    solver::StringAmount,
    BlockNumber,
};
use sp_core::Bytes;
use std::sync::Arc;

/// The bridge. What is read of the state is read at the last final block, or at the block `at`, by its hash.
#[rpc(server, namespace = "bridge")]
pub trait BridgeRpc {
    /// The bridge as a whole: domain, addresses of its modules, how many messages were dispatched, and the tree's root.
    #[method(name = "info", blocking)]
    fn info(&self, at: Option<String>) -> RpcResult<BridgeInfo>;

    /// Final messages from the one at `first` on, in order, at most `limit` ≤ 256: also those that left the state long ago.
    #[method(name = "messages", blocking)]
    fn messages(&self, first: u32, limit: Option<u32>) -> RpcResult<Vec<MessageView>>;

    /// The checkpoint at a message, with validators' signatures as long as the state has them; null for a message that is not
    /// dispatched yet.
    #[method(name = "checkpoint", blocking)]
    fn checkpoint(&self, index: u32, at: Option<String>) -> RpcResult<Option<SignedCheckpointView>>;

    /// The proof of the message `leaf` in the tree right after the message `index`, which has `index + 1` leaves; null where that
    /// is not final yet.
    #[method(name = "proof", blocking)]
    fn proof(&self, leaf: u32, index: u32) -> RpcResult<Option<LeafProof>>;

    /// The validators' keys for checkpoints, and their addresses.
    #[method(name = "validators", blocking)]
    fn validators(&self, at: Option<String>) -> RpcResult<Vec<ValidatorView>>;

    /// The block in which a message from elsewhere was processed, by its id; null if it was not.
    #[method(name = "delivered", blocking)]
    fn delivered(&self, id: String, at: Option<String>) -> RpcResult<Option<BlockNumber>>;

    /// Whom messages from a domain are believed; null for a domain from which none are.
    #[method(name = "ism", blocking)]
    fn ism(&self, domain: u32, at: Option<String>) -> RpcResult<Option<SecurityModule>>;

    /// Where validators of other chains say that their checkpoints can be read, for at most 256 addresses, in their order; the
    /// newest last.
    #[method(name = "announced", blocking)]
    fn announced(&self, validators: Vec<String>, at: Option<String>) -> RpcResult<Vec<Vec<String>>>;

    /// What delivering a message with that much gas costs in PEN, as a decimal string; null where nobody quotes for the domain.
    #[method(name = "gasQuote", blocking)]
    fn gas_quote(&self, domain: u32, gas_limit: u64, at: Option<String>) -> RpcResult<Option<StringAmount>>;

    /// The account here of an address (32 bytes) on another chain.
    #[method(name = "remoteAccount")]
    fn remote_account(&self, domain: u32, address: String) -> RpcResult<RemoteAccount>;

    /// Where an intent from another chain stands, by the id of the message that brought it; null for one that never came, or whose
    /// result was sent long ago.
    #[method(name = "request", blocking)]
    fn request(&self, message_id: String, at: Option<String>) -> RpcResult<Option<RequestState>>;

    /// A result that was sent in a batch, and the proof that it belongs to it, by the id of the message that brought its intent.
    #[method(name = "resultProof", blocking)]
    fn result_proof(&self, message_id: String, at: Option<String>) -> RpcResult<Option<BatchedResult>>;

    /// Proof that a checkpoint key (33 bytes) is a validator's, as `hyperlane.report_bad_checkpoint` takes it; null if it is none.
    #[method(name = "keyProof", blocking)]
    fn key_proof(&self, public: String, at: Option<String>) -> RpcResult<Option<Bytes>>;
}

/// What the bridge's methods work with.
#[derive(Clone)]
pub struct Bridge {
    chain: Arc<dyn Chain>,
    messages: Messages,
    gate: Gate,
}

impl Bridge {
    /// Over this chain and these copies of its messages. Its costly calls take turns with all others that share the gate.
    pub(crate) fn new(chain: Arc<dyn Chain>, messages: Messages, gate: Gate) -> Self {
        Self {
            chain,
            messages,
            gate,
        }
    }

    /// The block of this hash, or the last final one.
    fn block(&self, at: Option<String>) -> Result<BlockRef, RpcError> {
        let Some(at) = at else {
            return Ok(self.chain.finalized());
        };
        let hash = args::digest("The block", &at)?;
        self.chain.block(hash)?.ok_or(RpcError::UnknownBlock(hash))
    }

    fn find_checkpoint(
        &self,
        index: u32,
        at: Option<String>,
    ) -> Result<Option<SignedCheckpointView>, RpcError> {
        let block = self.block(at)?;
        if let Some(view) = self.chain.checkpoint(block.hash, index)? {
            return Ok(Some(view.into()));
        }
        let copy = self.messages.get(index)?;
        let there = copy.filter(|message| message.block <= block.number);
        Ok(there.map(SignedCheckpointView::from))
    }

    fn prove(&self, leaf: u32, index: u32) -> Result<Option<LeafProof>, RpcError> {
        if leaf > index {
            return Err(RpcError::Malformed {
                argument: "`leaf`",
                expected: "the number of a message up to `index`",
            });
        }
        let proven = self.messages.prove(leaf, index)?;
        Ok(proven.map(|proven| LeafProof {
            root: proven.root,
            proof: proven.proof.0.to_vec(),
        }))
    }
}

impl BridgeRpcServer for Bridge {
    fn info(&self, at: Option<String>) -> RpcResult<BridgeInfo> {
        let block = self.block(at)?;
        let view = self.chain.bridge(block.hash).map_err(RpcError::from)?;
        Ok(BridgeInfo::new(view, block))
    }

    fn messages(&self, first: u32, limit: Option<u32>) -> RpcResult<Vec<MessageView>> {
        let _turn = self.gate.enter()?;
        let found = self
            .messages
            .list(first, args::limit(limit)?)
            .map_err(RpcError::from)?;
        Ok(found.into_iter().map(MessageView::from).collect())
    }

    fn checkpoint(&self, index: u32, at: Option<String>) -> RpcResult<Option<SignedCheckpointView>> {
        Ok(self.find_checkpoint(index, at)?)
    }

    fn proof(&self, leaf: u32, index: u32) -> RpcResult<Option<LeafProof>> {
        let _turn = self.gate.enter()?;
        Ok(self.prove(leaf, index)?)
    }

    fn validators(&self, at: Option<String>) -> RpcResult<Vec<ValidatorView>> {
        let block = self.block(at)?;
        let validators = self.chain.checkpoint_validators(block.hash);
        let validators = validators.map_err(RpcError::from)?;
        Ok(validators.into_iter().map(ValidatorView::from).collect())
    }

    fn delivered(&self, id: String, at: Option<String>) -> RpcResult<Option<BlockNumber>> {
        let (block, id) = (self.block(at)?, args::message_id(&id)?);
        Ok(self.chain.delivered(block.hash, id).map_err(RpcError::from)?)
    }

    fn ism(&self, domain: u32, at: Option<String>) -> RpcResult<Option<SecurityModule>> {
        let block = self.block(at)?;
        let ism = self.chain.ism(block.hash, domain).map_err(RpcError::from)?;
        Ok(ism.map(SecurityModule::from))
    }

    fn announced(&self, validators: Vec<String>, at: Option<String>) -> RpcResult<Vec<Vec<String>>> {
        let _turn = self.gate.enter()?;
        if validators.len() > args::MAX_LIMIT as usize {
            return Err(RpcError::TooMany {
                argument: "The number of validators",
                given: validators.len(),
                most: args::MAX_LIMIT,
            }
            .into());
        }
        let block = self.block(at)?;
        let addresses: Result<Vec<_>, RpcError> = validators
            .iter()
            .map(|address| args::evm_address(address))
            .collect();
        let announced = self.chain.announced(block.hash, addresses?);
        Ok(announced.map_err(RpcError::from)?)
    }

    fn gas_quote(&self, domain: u32, gas_limit: u64, at: Option<String>) -> RpcResult<Option<StringAmount>> {
        let block = self.block(at)?;
        let quote = self.chain.gas_quote(block.hash, domain, gas_limit);
        Ok(quote.map_err(RpcError::from)?.map(StringAmount))
    }

    fn remote_account(&self, domain: u32, address: String) -> RpcResult<RemoteAccount> {
        let address = Address(args::digest("The address", &address)?);
        Ok(RemoteAccount::new(remote_account(Domain(domain), address)))
    }

    fn request(&self, message_id: String, at: Option<String>) -> RpcResult<Option<RequestState>> {
        let (block, id) = (self.block(at)?, args::message_id(&message_id)?);
        let request = self.chain.request(block.hash, id).map_err(RpcError::from)?;
        Ok(request.map(RequestState::from))
    }

    fn result_proof(&self, message_id: String, at: Option<String>) -> RpcResult<Option<BatchedResult>> {
        let _turn = self.gate.enter()?;
        let (block, id) = (self.block(at)?, args::message_id(&message_id)?);
        let proven = self.chain.result_proof(block.hash, id);
        Ok(proven.map_err(RpcError::from)?.map(BatchedResult::from))
    }

    fn key_proof(&self, public: String, at: Option<String>) -> RpcResult<Option<Bytes>> {
        let _turn = self.gate.enter()?;
        let (block, key) = (self.block(at)?, args::checkpoint_key(&public)?);
        let proof = self.chain.checkpoint_key_proof(block.hash, key);
        Ok(proof.map_err(RpcError::from)?.map(Bytes))
    }
}

#[cfg(test)]
mod tests;
