use alloc::string::String;

use primitive_types::{H160, H256};
use serde::{Deserialize, Serialize};

use super::{signature::Signed, FileError};
use crate::{
    address::Address,
    announcement::{Announcement, StorageLocation},
    domain::Domain,
    signature::Signature,
};

/// A validator's announcement: the content of [`ANNOUNCEMENT_FILE`](super::ANNOUNCEMENT_FILE).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedAnnouncement {
    /// Who announces.
    pub validator: H160,
    /// To which mailbox.
    pub mailbox: Address,
    /// On which chain.
    pub domain: Domain,
    location: String,
    /// The validator's, or so it says.
    pub signature: Signature,
}

#[derive(Serialize, Deserialize)]
struct Value {
    validator: H160,
    mailbox_address: H256,
    mailbox_domain: u32,
    storage_location: String,
}

impl SignedAnnouncement {
    /// Of an announcement that was signed.
    pub fn new(announcement: &Announcement<'_>, validator: H160, signature: Signature) -> Self {
        Self {
            validator,
            mailbox: announcement.mailbox,
            domain: announcement.domain,
            location: announcement.location.as_str().into(),
            signature,
        }
    }

    /// What was announced.
    pub fn announcement(&self) -> Result<Announcement<'_>, FileError> {
        Ok(Announcement {
            domain: self.domain,
            mailbox: self.mailbox,
            location: StorageLocation::new(self.location.as_bytes())?,
        })
    }

    /// The file's content, in the agents' order and layout.
    pub fn to_json(&self) -> Result<String, FileError> {
        let value = Value {
            validator: self.validator,
            mailbox_address: self.mailbox.0,
            mailbox_domain: self.domain.0,
            storage_location: self.location.clone(),
        };
        Signed::print(value, &self.signature)
    }

    /// Reads a file's content. Whether the signature is the validator's remains to be asked.
    pub fn from_json(bytes: &[u8]) -> Result<Self, FileError> {
        let file = Signed::<Value>::parse(bytes)?;
        StorageLocation::new(file.value.storage_location.as_bytes())?;
        let signature = file.signature()?;
        Ok(Self {
            validator: file.value.validator,
            mailbox: Address(file.value.mailbox_address),
            domain: Domain(file.value.mailbox_domain),
            location: file.value.storage_location,
            signature,
        })
    }
}
