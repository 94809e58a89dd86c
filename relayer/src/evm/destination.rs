use super::{abi::IMailbox, alloy_address, rpc::SendError, transaction::Request, Evm, DECIMALS};
use crate::{
    chain::{Arrival, Delivery, Destination, Fate, Purpose, Quote, Security, SendFault, Sequence},
    journal::Transaction,
    Fault,
};
use alloy::{
    eips::BlockId,
    primitives::{Bytes, B256},
    providers::Provider as _,
    rpc::types::TransactionRequest,
    sol_types::SolCall as _,
};
use async_trait::async_trait;
use hyperlane_primitives::{Domain, H160, H256};
use std::{future::IntoFuture as _, time::Duration};

/// For a transaction that does nothing: 21 000 on Ethereum, more on rollups that count their data as gas.
const IDLE_GAS: u64 = 100_000;

#[async_trait]
impl Destination for Evm {
    fn domain(&self) -> Domain {
        Domain(self.config.domain)
    }

    async fn security(&self, message: &[u8]) -> Result<Security, Fault> {
        self.module_for(message).await
    }

    async fn arrival(&self, id: H256) -> Result<Arrival, Fault> {
        if !self.delivered(id, BlockId::latest()).await? {
            return Ok(Arrival::No);
        }
        let settled = match self.last_final(self.config.confirmations).await {
            Ok(block) => self.delivered(id, block.id()).await?,
            // A chain so young that nothing is final yet.
            Err(Fault::Unreachable(_)) => false,
            Err(other) => return Err(other),
        };
        Ok(match settled {
            true => Arrival::Final,
            false => Arrival::Unsettled,
        })
    }

    async fn try_out(&self, delivery: &Delivery) -> Result<Quote, Fault> {
        let request = TransactionRequest::default()
            .from(self.account()?.address())
            .to(alloy_address(self.config.mailbox))
            .input(process(delivery).into());
        let gas = self
            .rpc
            .ask("the estimate", |node| {
                let request = request.clone();
                async move { node.estimate_gas(request).into_future().await }
            })
            .await?;
        let limit = self.config.gas.max_gas;
        match gas <= limit {
            true => Ok(Quote { gas }),
            false => Err(Fault::Refused(format!(
                "It needs {gas} gas, of {limit} that gas.max_gas allows."
            ))),
        }
    }

    async fn sequence(&self) -> Result<Sequence, Fault> {
        let settled = match self.last_final(self.config.confirmations).await {
            Ok(block) => self.nonce(block.id()).await?,
            Err(Fault::Unreachable(_)) => 0,
            Err(other) => return Err(other),
        };
        let included = self.nonce(BlockId::latest()).await?;
        let pooled = self.nonce(BlockId::pending()).await?;
        Ok(Sequence {
            settled: settled.min(included),
            included,
            pooled: pooled.max(included),
        })
    }

    async fn sign(&self, purpose: Purpose<'_>, nonce: u64) -> Result<Transaction, Fault> {
        match purpose {
            Purpose::Deliver(delivery, quote) => {
                let gas = quote.gas.saturating_mul(self.config.gas.limit_percent) / 100;
                let request = Request {
                    to: self.config.mailbox,
                    input: process(delivery),
                    gas,
                };
                self.sign_request(request, nonce).await
            }
            Purpose::FillGap => {
                let request = Request {
                    to: H160(self.account()?.address().into_array()),
                    input: Bytes::new(),
                    gas: IDLE_GAS,
                };
                self.sign_request(request, nonce).await
            }
            Purpose::Replace(old) => self.sign_replacement(old).await,
        }
    }

    async fn send(&self, transaction: &Transaction) -> Result<(), SendFault> {
        match self.rpc.send(&transaction.raw).await {
            Ok(()) => Ok(()),
            Err(SendError::Refused(said)) => Err(refusal(said)),
            Err(SendError::Fault(Fault::Fatal(error))) => Err(SendFault::Fatal(error)),
            Err(SendError::Fault(other)) => Err(SendFault::Unreachable(other.to_string())),
        }
    }

    async fn fate(&self, transaction: &Transaction, sequence: &Sequence) -> Result<Fate, Fault> {
        if transaction.nonce >= sequence.included {
            return Ok(match self.rpc.knows(B256::from(transaction.hash())).await? {
                true => Fate::Pooled,
                false => Fate::Missing,
            });
        }
        for hash in transaction.hashes.iter().rev() {
            let Some(receipt) = self.rpc.receipt(B256::from(*hash)).await? else {
                continue;
            };
            let in_block = self.rpc.numbered(receipt.block_number).await?;
            if in_block.is_none_or(|block| block.hash != receipt.block_hash) {
                // The block has just been taken back.
                return Ok(Fate::Included);
            }
            let settled = match self.last_final(self.config.confirmations).await {
                Ok(block) => receipt.block_number <= block.number,
                Err(Fault::Unreachable(_)) => false,
                Err(other) => return Err(other),
            };
            return Ok(match settled {
                true => Fate::Settled {
                    success: receipt.status == 1,
                    cost: receipt.cost(),
                },
                false => Fate::Included,
            });
        }
        // Another transaction has this number; for good only when that one is final.
        Ok(match transaction.nonce < sequence.settled {
            true => Fate::Displaced,
            false => Fate::Included,
        })
    }

    fn replaces_after(&self) -> Option<Duration> {
        Some(self.config.gas.stuck)
    }

    async fn balance(&self) -> Result<f64, Fault> {
        let account = self.account()?.address();
        let wei = self
            .rpc
            .ask("the balance", |node| async move {
                node.get_balance(account).into_future().await
            })
            .await?;
        Ok(f64::from(wei) / 10f64.powi(DECIMALS))
    }
}

impl Evm {
    async fn delivered(&self, id: H256, at: BlockId) -> Result<bool, Fault> {
        let question = IMailbox::deliveredCall { id: B256::from(id.0) };
        match self.rpc.view(self.config.mailbox, question, at).await {
            // Before the mailbox was made, or where the node no longer has the state.
            Err(Fault::Refused(_)) if at != BlockId::latest() => Ok(false),
            answer => answer,
        }
    }

    pub(super) async fn nonce(&self, at: BlockId) -> Result<u64, Fault> {
        let account = self.account()?.address();
        self.rpc
            .ask("the account's nonce", |node| async move {
                node.get_transaction_count(account)
                    .block_id(at)
                    .into_future()
                    .await
            })
            .await
    }
}

fn process(delivery: &Delivery) -> Bytes {
    let call = IMailbox::processCall {
        metadata: Bytes::copy_from_slice(&delivery.metadata),
        message: Bytes::copy_from_slice(&delivery.message),
    };
    call.abi_encode().into()
}

/// Nodes have no common codes for this, only words, which differ in little but their case.
fn refusal(said: String) -> SendFault {
    let words = said.to_lowercase();
    let any = |of: &[&str]| of.iter().any(|part| words.contains(part));
    if any(&[
        "already known",
        "alreadyknown",
        "known transaction",
        "already imported",
        "nonce too low",
        "nonce is too low",
    ]) {
        SendFault::Known
    } else if any(&[
        "underpriced",
        "fee too low",
        "less than block base fee",
        "base fee exceeds",
    ]) {
        SendFault::Underpriced
    } else {
        SendFault::Refused(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_words_for_the_same_thing_are_one() {
        for said in [
            "already known",
            "AlreadyKnown",
            "nonce too low: next nonce 7",
            "Known transaction",
        ] {
            assert_eq!(refusal(said.into()), SendFault::Known, "{said}");
        }
        for said in [
            "replacement transaction underpriced",
            "transaction underpriced",
            "max fee per gas less than block base fee",
        ] {
            assert_eq!(refusal(said.into()), SendFault::Underpriced, "{said}");
        }
        let other = "insufficient funds for gas * price + value";
        assert_eq!(refusal(other.into()), SendFault::Refused(other.into()));
    }
}
