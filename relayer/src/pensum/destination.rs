use super::{transaction, view, Pensum, DECIMALS};
use crate::{
    chain::{Arrival, Delivery, Destination, Fate, Purpose, Quote, Security, SendFault, Sequence},
    journal::Transaction,
    Fault,
};
use async_trait::async_trait;
use hyperlane_primitives::{Domain, IsmKind, MerkleRootMetadata, Message, MessageIdMetadata, H256};
use std::time::Duration;
use subxt::rpcs;

/// Codes of `author_submitExtrinsic`.
mod code {
    /// The pool finds it invalid: its number is used, its time is over, or the account cannot pay.
    pub const INVALID: i32 = 1010;
    /// The pool gave it up some minutes ago.
    pub const BANNED: i32 = 1012;
    /// The pool has it.
    pub const KNOWN: i32 = 1013;
    /// The pool has another with this number.
    pub const TOO_LOW: i32 = 1014;
}

#[async_trait]
impl Destination for Pensum {
    fn domain(&self) -> Domain {
        self.domain
    }

    async fn security(&self, message: &[u8]) -> Result<Security, Fault> {
        let message = Message::decode(message).map_err(|why| Fault::Refused(why.to_string()))?;
        let connection = self.connection().await?;
        let answer: Result<Option<view::Ism>, _> = connection.ask("bridge_ism", &[message.origin.0]).await;
        let Some(ism) = self.noted(answer).await? else {
            return Ok(Security::Unsupported(format!(
                "Pensum believes nobody about domain {}. Its administrator sets a module by Hyperlane.set_ism.",
                message.origin
            )));
        };
        let kind = match ism.module_type {
            MerkleRootMetadata::MODULE_TYPE => IsmKind::MerkleRoot,
            MessageIdMetadata::MODULE_TYPE => IsmKind::MessageId,
            other => {
                return Ok(Security::Unsupported(format!(
                    "Module type {other} is not served."
                )))
            }
        };
        Ok(Security::Multisig {
            kind,
            validators: ism.validators,
            threshold: ism.threshold,
        })
    }

    async fn arrival(&self, id: H256) -> Result<Arrival, Fault> {
        let answer = self.arrived(id).await;
        self.noted(answer).await
    }

    async fn try_out(&self, delivery: &Delivery) -> Result<Quote, Fault> {
        let answer = match self.connection().await {
            Ok(connection) => transaction::dry_run(&connection, &self.key, delivery).await,
            Err(fault) => Err(fault),
        };
        match self.noted(answer).await {
            Err(Fault::Refused(_)) if self.is_paused().await? => Err(Fault::Paused(
                "Pensum processes no messages for now: Hyperlane.pause is on for inbound ones.".into(),
            )),
            answer => answer.map(|()| Quote::default()),
        }
    }

    async fn sequence(&self) -> Result<Sequence, Fault> {
        let answer = match self.connection().await {
            Ok(connection) => transaction::sequence(&connection, &self.key).await,
            Err(fault) => Err(fault),
        };
        self.noted(answer).await
    }

    async fn sign(&self, purpose: Purpose<'_>, nonce: u64) -> Result<Transaction, Fault> {
        let call = match purpose {
            Purpose::Deliver(delivery, _) => transaction::process(delivery),
            Purpose::FillGap => transaction::nothing(),
            Purpose::Replace(_) => {
                return Err(Fault::Refused(
                    "Transactions of Pensum are not replaced: they expire.".into(),
                ))
            }
        };
        let answer = match self.connection().await {
            Ok(connection) => transaction::sign(&connection, &self.key, &call, nonce).await,
            Err(fault) => Err(fault),
        };
        self.noted(answer).await
    }

    async fn send(&self, transaction: &Transaction) -> Result<(), SendFault> {
        let connection = self.connection().await.map_err(|fault| match fault {
            Fault::Fatal(error) => SendFault::Fatal(error),
            other => SendFault::Unreachable(other.to_string()),
        })?;
        let sent = connection.submit(&transaction.raw).await.map_err(refusal);
        if let Err(SendFault::Unreachable(why)) = &sent {
            let failed: Result<(), Fault> = Err(Fault::Unreachable(why.clone()));
            let _ = self.noted(failed).await;
        }
        sent
    }

    async fn fate(&self, transaction: &Transaction, sequence: &Sequence) -> Result<Fate, Fault> {
        if transaction.nonce < sequence.settled {
            // The account is the relayer's alone, so this is the transaction that used the number; whether it did what it was for
            // says the message's own state.
            let success = match transaction.message {
                Some((_, id)) => self.arrival(H256(id)).await? == Arrival::Final,
                None => true,
            };
            return Ok(Fate::Settled {
                success,
                cost: transaction.fee,
            });
        }
        if transaction.nonce < sequence.included {
            return Ok(Fate::Included);
        }
        let answer = match self.connection().await {
            Ok(connection) => connection.at_final().await,
            Err(fault) => Err(fault),
        };
        let last_final = self.noted(answer).await?.block_number();
        if transaction.expires.is_some_and(|last| last_final > last) {
            return Ok(Fate::Expired);
        }
        Ok(match transaction.nonce < sequence.pooled {
            true => Fate::Pooled,
            false => Fate::Missing,
        })
    }

    fn replaces_after(&self) -> Option<Duration> {
        None
    }

    async fn balance(&self) -> Result<f64, Fault> {
        let answer = match self.connection().await {
            Ok(connection) => transaction::balance(&connection, &self.key).await,
            Err(fault) => Err(fault),
        };
        Ok(self.noted(answer).await? as f64 / 10f64.powi(DECIMALS))
    }
}

impl Pensum {
    async fn is_paused(&self) -> Result<bool, Fault> {
        let connection = self.connection().await?;
        let answer: Result<view::Info, _> = connection.ask("bridge_info", &()).await;
        Ok(self.noted(answer).await?.inbound_paused)
    }

    async fn arrived(&self, id: H256) -> Result<Arrival, Fault> {
        let connection = self.connection().await?;
        let final_in: Option<u64> = connection.ask("bridge_delivered", &[id]).await?;
        if final_in.is_some() {
            return Ok(Arrival::Final);
        }
        let best: H256 = connection.ask("chain_getBlockHash", &()).await?;
        let best_in: Option<u64> = connection.ask("bridge_delivered", &(id, best)).await?;
        Ok(match best_in {
            Some(_) => Arrival::Unsettled,
            None => Arrival::No,
        })
    }
}

fn refusal(error: rpcs::Error) -> SendFault {
    let rpcs::Error::User(error) = error else {
        return SendFault::Unreachable(error.to_string());
    };
    let detail = error
        .data
        .map_or_else(String::new, |data| format!(": {}", data.get()));
    let said = format!("{} ({}){detail}", error.message, error.code);
    match error.code {
        code::KNOWN | code::TOO_LOW | code::BANNED => SendFault::Known,
        // A used number or a passed lifetime: the transaction's fate says which.
        code::INVALID if said.contains("outdated") || said.contains("birth block") => SendFault::Known,
        _ => SendFault::Refused(said),
    }
}
