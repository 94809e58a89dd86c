use super::{
    abi::IMailbox,
    alloy_address,
    block::{Block, Receipt},
    check_identity,
};
use crate::{config, metrics::Metrics, Error, Fault};
use alloy::{
    eips::BlockId,
    primitives::B256,
    providers::{Provider, RootProvider},
    rpc::{json_rpc::ErrorPayload, types::TransactionRequest},
    sol_types::{decode_revert_reason, SolCall},
    transports::{RpcError, TransportErrorKind, TransportResult},
};
use hyperlane_primitives::H160;
use std::{
    future::{Future, IntoFuture as _},
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        Arc,
    },
    time::Duration,
};
use tokio::time::timeout;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

struct Node {
    url: String,
    provider: RootProvider,
    /// Whether it has been found to be of the right chain.
    checked: AtomicBool,
}

/// The chain's nodes. One is asked, until it fails; then the next.
pub(super) struct Rpc {
    config: config::Evm,
    nodes: Vec<Node>,
    turn: AtomicUsize,
    metrics: Arc<Metrics>,
}

impl Rpc {
    pub fn new(config: &config::Evm, metrics: Arc<Metrics>) -> Result<Self, Error> {
        let nodes = config.rpc.iter().map(|url| {
            let parsed = url.parse().map_err(|why| {
                Error::usage(format!("`{url}` is no address: {why}."), "Give http://HOST:PORT.")
            })?;
            Ok(Node {
                url: url.clone(),
                provider: RootProvider::new_http(parsed),
                checked: AtomicBool::new(false),
            })
        });
        Ok(Self {
            config: config.clone(),
            nodes: nodes.collect::<Result<_, Error>>()?,
            turn: AtomicUsize::new(0),
            metrics,
        })
    }

    /// Asks the node whose turn it is.
    pub async fn ask<T, F>(&self, what: &str, question: impl Fn(RootProvider) -> F) -> Result<T, Fault>
    where
        F: Future<Output = TransportResult<T>>,
    {
        let turn = self.turn.load(Ordering::Relaxed);
        let Some(node) = self.nodes.get(turn % self.nodes.len().max(1)) else {
            return Err(Fault::Unreachable("No node is configured.".into()));
        };
        let answer = match self.check(node).await {
            Ok(()) => patiently(what, question(node.provider.clone())).await,
            Err(fault) => Err(fault),
        };
        self.noted(turn, answer)
    }

    /// The same, with the node's error as it is: whoever sends must tell apart why it was not taken.
    pub async fn send(&self, raw: &[u8]) -> Result<(), SendError> {
        let turn = self.turn.load(Ordering::Relaxed);
        let Some(node) = self.nodes.get(turn % self.nodes.len().max(1)) else {
            return Err(SendError::Fault(Fault::Unreachable(
                "No node is configured.".into(),
            )));
        };
        if let Err(fault) = self.check(node).await {
            return Err(SendError::Fault(self.noted::<()>(turn, Err(fault)).unwrap_err()));
        }
        match timeout(PATIENCE, node.provider.send_raw_transaction(raw)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(RpcError::ErrorResp(payload))) => Err(SendError::Refused(payload.message.to_string())),
            Ok(Err(other)) => Err(SendError::Fault(
                self.noted::<()>(turn, Err(unreachable("sending", other)))
                    .unwrap_err(),
            )),
            Err(_) => Err(SendError::Fault(
                self.noted::<()>(turn, Err(silent("sending"))).unwrap_err(),
            )),
        }
    }

    async fn check(&self, node: &Node) -> Result<(), Fault> {
        if !node.checked.load(Ordering::Relaxed) {
            check_identity(&node.provider, &node.url, &self.config).await?;
            node.checked.store(true, Ordering::Relaxed);
            tracing::info!(chain = self.config.name, url = node.url, "connected to the node");
        }
        Ok(())
    }

    /// Notes how a question ended: after a failed one it is the next node's turn, which might be this one's again.
    fn noted<T>(&self, turn: usize, answer: Result<T, Fault>) -> Result<T, Fault> {
        let failed = matches!(answer, Err(Fault::Unreachable(_)));
        if failed {
            let next = turn.wrapping_add(1);
            // Of several questions that fail at once only the first moves the turn on.
            let _ = self
                .turn
                .compare_exchange(turn, next, Ordering::Relaxed, Ordering::Relaxed);
            for node in &self.nodes {
                // It might come back as something else.
                node.checked.store(false, Ordering::Relaxed);
            }
        }
        self.metrics.chain(&self.config.name, !failed);
        answer
    }

    /// A block by its tag or number.
    pub async fn block(&self, tag: &str) -> Result<Option<Block>, Fault> {
        self.ask("a block", |node| {
            let params = (tag.to_string(), false);
            async move { node.raw_request("eth_getBlockByNumber".into(), params).await }
        })
        .await
    }

    /// A block by its number.
    pub async fn numbered(&self, number: u64) -> Result<Option<Block>, Fault> {
        self.block(&format!("{number:#x}")).await
    }

    /// The receipt of a transaction that is in a block.
    pub async fn receipt(&self, hash: B256) -> Result<Option<Receipt>, Fault> {
        self.ask("a receipt", |node| async move {
            node.raw_request("eth_getTransactionReceipt".into(), (hash,))
                .await
        })
        .await
    }

    /// Whether the node knows a transaction, in a block or in its pool.
    pub async fn knows(&self, hash: B256) -> Result<bool, Fault> {
        let found: Option<serde_json::Value> = self
            .ask("a transaction", |node| async move {
                node.raw_request("eth_getTransactionByHash".into(), (hash,)).await
            })
            .await?;
        Ok(found.is_some())
    }

    /// What a contract answers.
    pub async fn view<C: SolCall>(&self, contract: H160, call: C, at: BlockId) -> Result<C::Return, Fault> {
        let request = TransactionRequest::default()
            .to(alloy_address(contract))
            .input(call.abi_encode().into());
        let name = C::SIGNATURE;
        let answer = self
            .ask(name, |node| {
                let request = request.clone();
                async move { node.call(request).block(at).into_future().await }
            })
            .await?;
        C::abi_decode_returns(&answer)
            .map_err(|why| Fault::Refused(format!("{contract:?} has no {name} ({why}).")))
    }
}

/// Why a transaction was not sent.
pub(super) enum SendError {
    /// The node said no.
    Refused(String),
    /// It did not say.
    Fault(Fault),
}

pub(super) async fn chain_id(node: &RootProvider) -> Result<u64, Fault> {
    patiently("the chain's id", node.get_chain_id().into_future()).await
}

/// The domain of a mailbox; none where there is no mailbox.
pub(super) async fn local_domain(node: &RootProvider, mailbox: H160) -> Result<Option<u32>, Fault> {
    let request = TransactionRequest::default()
        .to(alloy_address(mailbox))
        .input(IMailbox::localDomainCall {}.abi_encode().into());
    match patiently("the mailbox's domain", node.call(request).into_future()).await {
        Ok(answer) => Ok(IMailbox::localDomainCall::abi_decode_returns(&answer).ok()),
        Err(Fault::Refused(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

async fn patiently<T>(what: &str, asked: impl Future<Output = TransportResult<T>>) -> Result<T, Fault> {
    match timeout(PATIENCE, asked).await {
        Ok(Ok(answer)) => Ok(answer),
        // Too many questions in too little time: the node is as good as away.
        Ok(Err(RpcError::ErrorResp(payload))) if payload.is_retry_err() => {
            Err(Fault::Unreachable(format!("{what}: {}", payload.message)))
        }
        Ok(Err(RpcError::ErrorResp(payload))) => Err(Fault::Refused(reason(&payload))),
        Ok(Err(other)) => Err(unreachable(what, other)),
        Err(_) => Err(silent(what)),
    }
}

fn unreachable(what: &str, error: RpcError<TransportErrorKind>) -> Fault {
    // An error page of a proxy can be long.
    let said: String = error.to_string().chars().take(300).collect();
    Fault::Unreachable(format!("{what}: {said}"))
}

fn silent(what: &str) -> Fault {
    Fault::Unreachable(format!("{what}: no answer within {} s", PATIENCE.as_secs()))
}

/// A refusal in words: the node's, and the contract's where the node does not repeat them.
fn reason(payload: &ErrorPayload) -> String {
    let said = payload.message.to_string();
    match payload.as_revert_data() {
        Some(data) => match decode_revert_reason(&data) {
            Some(words) if !said.contains(words.trim_start_matches("revert: ")) => format!("{said}: {words}"),
            Some(_) => said,
            None if data.is_empty() => said,
            None => format!("{said}: {data}"),
        },
        None => said,
    }
}
