use super::{Files, Signing};
use crate::{
    evm::{Announced, Evm},
    journal::Transaction,
    Error, Fault,
};
use hyperlane_primitives::{
    files::SignedAnnouncement, Address, Announcement, Domain, Native, Signature, StorageLocation, H160,
};

/// Says where the files are: in a file beside them, and on chain if asked.
pub struct Announcing {
    location: String,
    validator: H160,
    signature: Signature,
    under_way: Option<Transaction>,
    done: bool,
}

impl Announcing {
    /// Signs the announcement and writes its file.
    pub fn begin(
        signing: &Signing,
        files: &Files,
        (domain, mailbox): (Domain, Address),
        location: &str,
        on_chain: bool,
    ) -> Result<Self, Error> {
        let announcement = Announcement {
            domain,
            mailbox,
            location: StorageLocation::new(location.as_bytes()).map_err(|why| {
                Error::usage(format!("validator.location is `{location}`."), why.to_string())
            })?,
        };
        let signature = signing.signature(announcement.digest::<Native>())?;
        let validator = signing.address();
        files.announce(&SignedAnnouncement::new(&announcement, validator, signature))?;
        Ok(Self {
            location: location.into(),
            validator,
            signature,
            under_way: None,
            done: !on_chain,
        })
    }

    /// Takes the next step, unless it is done. A transaction under way is not written down: what matters is whether the contract knows
    /// the location, and it takes each announcement once.
    pub async fn step(&mut self, chain: &Evm) -> Result<(), Fault> {
        if self.done {
            return Ok(());
        }
        let sent = self.under_way.take();
        match chain
            .announce(self.validator, &self.location, &self.signature, sent.clone())
            .await
        {
            Ok(Announced::Yes) => {
                tracing::info!(location = self.location, "announced");
                self.done = true;
                Ok(())
            }
            Ok(Announced::Unsettled) => {
                // Its block may be taken back: then it is sent again.
                self.under_way = sent;
                Ok(())
            }
            Ok(Announced::UnderWay(transaction)) => {
                self.under_way = Some(*transaction);
                Ok(())
            }
            Err(fault) => {
                if matches!(fault, Fault::Unreachable(_) | Fault::TooDear(_)) {
                    self.under_way = sent;
                }
                Err(fault)
            }
        }
    }
}
