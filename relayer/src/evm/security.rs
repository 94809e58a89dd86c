use super::{
    abi::{IMailbox, ISecurityModule},
    alloy_address, Evm,
};
use crate::{chain::Security, Fault};
use alloy::{eips::BlockId, primitives::Bytes};
use hyperlane_primitives::{IsmKind, MerkleRootMetadata, Message, MessageIdMetadata, H160};

/// A module that sends the question on to another, by the message's origin.
const ROUTING: u8 = 1;
/// How often a question is sent on at most.
const MAX_ROUTES: usize = 4;

impl Evm {
    /// Whom the recipient of a message believes: its own module, or the mailbox's default.
    pub(super) async fn module_for(&self, bytes: &[u8]) -> Result<Security, Fault> {
        let message = Message::decode(bytes).map_err(|why| Fault::Refused(why.to_string()))?;
        let recipient = message
            .recipient
            .to_evm()
            .map_err(|why| Fault::Refused(why.to_string()))?;
        let latest = BlockId::latest();
        let question = IMailbox::recipientIsmCall {
            recipient: alloy_address(recipient),
        };
        let module = self.rpc.view(self.config.mailbox, question, latest).await?;
        let mut module = H160(module.into_array());
        let message = Bytes::copy_from_slice(bytes);
        for _ in 0..=MAX_ROUTES {
            let number = self
                .rpc
                .view(module, ISecurityModule::moduleTypeCall {}, latest)
                .await?;
            let kind = match number {
                MerkleRootMetadata::MODULE_TYPE => IsmKind::MerkleRoot,
                MessageIdMetadata::MODULE_TYPE => IsmKind::MessageId,
                ROUTING => {
                    let question = ISecurityModule::routeCall {
                        message: message.clone(),
                    };
                    module = H160(self.rpc.view(module, question, latest).await?.into_array());
                    continue;
                }
                other => {
                    return Ok(Security::Unsupported(format!(
                        "The recipient's security module {module:?} is of type {other}, which is not served."
                    )))
                }
            };
            let question = ISecurityModule::validatorsAndThresholdCall { message };
            let set = self.rpc.view(module, question, latest).await?;
            return Ok(Security::Multisig {
                kind,
                validators: set.validators.iter().map(|v| H160(v.into_array())).collect(),
                threshold: set.threshold,
            });
        }
        Ok(Security::Unsupported(
            "The recipient's security module leads from one routing module to the next.".into(),
        ))
    }
}
