use super::{abi::IValidatorAnnounce, alloy_address, transaction::Request, Evm};
use crate::{
    chain::{Destination as _, Fate},
    journal::Transaction,
    Fault,
};
use alloy::{
    eips::BlockId,
    primitives::{Address, Bytes},
    providers::Provider as _,
    rpc::types::TransactionRequest,
    sol_types::SolCall as _,
};
use hyperlane_primitives::{Signature, H160};
use std::future::IntoFuture as _;

/// Where an announcement stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Announced {
    /// The contract knows it, for good.
    Yes,
    /// The contract knows it, in a block that could still be taken back.
    Unsettled,
    /// This transaction is to bring it there.
    UnderWay(Box<Transaction>),
}

impl Evm {
    /// Takes the next step towards an announcement: looks whether it is there, sends it, or sends it for more if it has been under
    /// way for too long.
    pub async fn announce(
        &self,
        validator: H160,
        location: &str,
        signature: &Signature,
        under_way: Option<Transaction>,
    ) -> Result<Announced, Fault> {
        if self
            .knows_location(validator, location, BlockId::latest())
            .await?
        {
            let settled = self.last_final(self.config.finality).await?;
            return Ok(
                match self.knows_location(validator, location, settled.id()).await {
                    Ok(true) => Announced::Yes,
                    // Also where the contract was not there yet.
                    Ok(false) | Err(Fault::Refused(_)) => Announced::Unsettled,
                    Err(other) => return Err(other),
                },
            );
        }
        let Some(sent) = under_way else {
            let request = self.announcement(validator, location, signature).await?;
            let nonce = self.sequence().await?.pooled;
            let transaction = self.sign_request(request, nonce).await?;
            return self.sent(transaction).await;
        };
        let fate = self.fate(&sent, &self.sequence().await?).await?;
        match fate {
            Fate::Settled { .. } | Fate::Displaced | Fate::Expired => Err(Fault::Refused(
                "The announcement's transaction came to its end without announcing.".into(),
            )),
            Fate::Missing => self.sent(sent).await,
            Fate::Included => Ok(Announced::UnderWay(Box::new(sent))),
            Fate::Pooled => {
                let age = crate::time::Millis::now().since(sent.signed);
                match age > self.config.gas.stuck {
                    true => {
                        let dearer = self.sign_replacement(&sent).await?;
                        self.sent(dearer).await
                    }
                    false => Ok(Announced::UnderWay(Box::new(sent))),
                }
            }
        }
    }

    async fn knows_location(&self, validator: H160, location: &str, at: BlockId) -> Result<bool, Fault> {
        let question = IValidatorAnnounce::getAnnouncedStorageLocationsCall {
            validators: vec![alloy_address(validator)],
        };
        let contract = self.config.validator_announce;
        let known = self.rpc.view(contract, question, at).await?;
        Ok(known.iter().flatten().any(|known| known == location))
    }

    async fn sent(&self, transaction: Transaction) -> Result<Announced, Fault> {
        use crate::chain::SendFault;
        match self.send(&transaction).await {
            Ok(()) | Err(SendFault::Known | SendFault::Underpriced) => {
                Ok(Announced::UnderWay(Box::new(transaction)))
            }
            // It may have arrived: its fate will say.
            Err(SendFault::Unreachable(_)) => Ok(Announced::UnderWay(Box::new(transaction))),
            Err(SendFault::Refused(said)) => Err(Fault::Refused(said)),
            Err(SendFault::Fatal(error)) => Err(Fault::Fatal(error)),
        }
    }

    async fn announcement(
        &self,
        validator: H160,
        location: &str,
        signature: &Signature,
    ) -> Result<Request, Fault> {
        let call = IValidatorAnnounce::announceCall {
            validator: alloy_address(validator),
            storageLocation: location.into(),
            signature: Bytes::copy_from_slice(&signature.0),
        };
        let to = self.config.validator_announce;
        let input: Bytes = call.abi_encode().into();
        let from: Address = self.account()?.address();
        let request = TransactionRequest::default()
            .from(from)
            .to(alloy_address(to))
            .input(input.clone().into());
        let gas = self
            .rpc
            .ask("the estimate", |node| {
                let request = request.clone();
                async move { node.estimate_gas(request).into_future().await }
            })
            .await?;
        let gas = gas.saturating_mul(self.config.gas.limit_percent) / 100;
        Ok(Request { to, input, gas })
    }
}
