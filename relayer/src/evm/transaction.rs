use super::{alloy_address, fees::Fees, Evm};
use crate::{journal::Transaction, time::Millis, Fault};
use alloy::{
    consensus::{SignableTransaction as _, Transaction as _, TxEip1559, TxEnvelope},
    eips::eip2718::{Decodable2718 as _, Encodable2718 as _},
    network::TxSignerSync as _,
    primitives::{Bytes, TxKind, U256},
    providers::Provider as _,
};
use hyperlane_primitives::H160;
use std::future::IntoFuture as _;

/// What a transaction is to do.
pub(super) struct Request {
    pub to: H160,
    pub input: Bytes,
    pub gas: u64,
}

impl Evm {
    /// Signs a transaction that does this, at what gas costs now.
    pub(super) async fn sign_request(&self, request: Request, nonce: u64) -> Result<Transaction, Fault> {
        let (base, tip) = self.prices().await?;
        let fees = Fees::new(&self.config.gas, base, tip)?;
        self.can_pay(request.gas, fees.max_fee).await?;
        self.sign_with(request, nonce, fees)
    }

    /// Signs a transaction that takes another's place, for more.
    pub(super) async fn sign_replacement(&self, old: &Transaction) -> Result<Transaction, Fault> {
        let (base, tip) = self.prices().await?;
        let paid = Fees {
            max_fee: old.max_fee,
            tip: old.tip,
        };
        let fees = Fees::replacing(&self.config.gas, base, tip, paid)?;
        let envelope = TxEnvelope::decode_2718(&mut old.raw.as_slice())
            .map_err(|why| Fault::Refused(format!("The transaction in the journal is none: {why}.")))?;
        let request = Request {
            to: envelope.to().map(|to| H160(to.into_array())).unwrap_or_default(),
            input: envelope.input().clone(),
            gas: envelope.gas_limit(),
        };
        let fresh = self.sign_with(request, old.nonce, fees)?;
        Ok(Transaction {
            hashes: [old.hashes.as_slice(), &fresh.hashes].concat(),
            message: old.message,
            ..fresh
        })
    }

    fn sign_with(&self, request: Request, nonce: u64, fees: Fees) -> Result<Transaction, Fault> {
        let key = self.account()?;
        let mut transaction = TxEip1559 {
            chain_id: self.config.chain_id,
            nonce,
            gas_limit: request.gas,
            max_fee_per_gas: fees.max_fee,
            max_priority_fee_per_gas: fees.tip,
            to: TxKind::Call(alloy_address(request.to)),
            value: U256::ZERO,
            access_list: Default::default(),
            input: request.input,
        };
        let signature = key
            .sign_transaction_sync(&mut transaction)
            .map_err(|why| Fault::Refused(format!("The transaction cannot be signed: {why}.")))?;
        let envelope = TxEnvelope::from(transaction.into_signed(signature));
        Ok(Transaction {
            nonce,
            hashes: vec![envelope.tx_hash().0],
            raw: envelope.encoded_2718(),
            max_fee: fees.max_fee,
            tip: fees.tip,
            signed: Millis::now(),
            ..Transaction::default()
        })
    }

    /// The base fee of the latest block, and the tip that the node proposes.
    async fn prices(&self) -> Result<(u128, u128), Fault> {
        let latest = self.rpc.block("latest").await?;
        let base = latest.and_then(|block| block.base_fee_per_gas).ok_or_else(|| {
            Fault::Refused(format!(
                "{} has no base fee: chains before EIP-1559 are not served.",
                self.config.name
            ))
        })?;
        if self.config.gas.priority_fee.is_some() {
            return Ok((base, 0));
        }
        let tip = self
            .rpc
            .ask("the tip", |node| async move {
                node.get_max_priority_fee_per_gas().await
            })
            .await?;
        Ok((base, tip))
    }

    async fn can_pay(&self, gas: u64, max_fee: u128) -> Result<(), Fault> {
        let account = self.account()?.address();
        let has = self
            .rpc
            .ask("the balance", |node| async move {
                node.get_balance(account).into_future().await
            })
            .await?;
        let needs = U256::from(gas) * U256::from(max_fee);
        match has >= needs {
            true => Ok(()),
            false => Err(Fault::TooDear(format!(
                "The account {account} has {has} wei, and the transaction can cost {needs}. Send it some."
            ))),
        }
    }
}
