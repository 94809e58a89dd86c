//! The mailbox and recipient on the other side, as far as they judge a message, in the contract's order of checks.

use std::collections::HashSet;

use hyperlane_primitives::{
    AddressError, Domain, IsmKind, Message, MessageError, MessageId, Metadata, MetadataError, Native,
    SignatureError, ValidatorSet, VerifyError,
};

#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    Message(MessageError),
    Destination,
    Delivered,
    Recipient(AddressError),
    Metadata(MetadataError),
    Verify(VerifyError),
}

impl Refusal {
    /// The reason that the contract gives. Too few signatures it refuses without one.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Message(_) => "Mailbox: bad version",
            Self::Destination => "Mailbox: unexpected destination",
            Self::Delivered => "Mailbox: already delivered",
            Self::Recipient(AddressError::DirtyUpperBytes) => "TypeCasts: bytes32ToAddress overflow",
            Self::Metadata(_) | Self::Verify(VerifyError::TooFewSignatures { .. }) => "",
            Self::Verify(VerifyError::LeafAfterCheckpoint { .. }) => "Invalid merkle index metadata",
            Self::Verify(VerifyError::BadSignature { why, .. }) => match why {
                SignatureError::HighS => "ECDSA: invalid signature 's' value",
                _ => "ECDSA: invalid signature",
            },
            Self::Verify(VerifyError::NotByThreshold { .. }) => "!threshold",
        }
    }
}

pub struct Mailbox<'a> {
    pub domain: Domain,
    pub kind: IsmKind,
    pub validators: ValidatorSet<'a>,
    pub delivered: HashSet<MessageId>,
    /// Whether recipients are accounts of this chain, which are any 32 bytes, and not EVM addresses.
    pub foreign: bool,
}

impl<'a> Mailbox<'a> {
    pub fn new(domain: Domain, kind: IsmKind, validators: ValidatorSet<'a>) -> Self {
        Self {
            domain,
            kind,
            validators,
            delivered: HashSet::new(),
            foreign: false,
        }
    }

    pub fn process(&mut self, metadata: &[u8], message: &[u8]) -> Result<MessageId, Refusal> {
        let (message, id) = Message::decode_with_id::<Native>(message).map_err(Refusal::Message)?;
        if message.destination != self.domain {
            return Err(Refusal::Destination);
        }
        if self.delivered.contains(&id) {
            return Err(Refusal::Delivered);
        }
        if !self.foreign {
            message.recipient.to_evm().map_err(Refusal::Recipient)?;
        }
        Metadata::decode(self.kind, metadata)
            .map_err(Refusal::Metadata)?
            .verify::<Native>(message.origin, id, &self.validators)
            .map_err(Refusal::Verify)?;
        self.delivered.insert(id);
        Ok(id)
    }
}
