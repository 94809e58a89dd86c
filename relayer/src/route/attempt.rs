use super::lane::{Lane, Numbers, Unready};
use crate::{
    chain::{Arrival, Delivery, Purpose, Quote, SendFault},
    journal::{Key, Reason, Record},
    metadata::Lack,
    time::Millis,
    Fault,
};
use hyperlane_primitives::{MessageId, H256};

/// A delivery that worked when it was tried out.
pub(super) struct Prepared {
    delivery: Delivery,
    quote: Quote,
}

impl Lane {
    /// Gathers what a message needs and tries it out. Costs nothing and changes nothing.
    pub(super) async fn attempt(&self, key: Key, record: &Record) -> Result<Prepared, Unready> {
        match self.destination.arrival(H256(record.id)).await.map_err(wait)? {
            Arrival::Final => return Err(Unready::Arrived),
            Arrival::Unsettled => {
                return Err(Unready::Wait(
                    Reason::Settling,
                    "Delivered, in a block that is not final.".into(),
                ))
            }
            Arrival::No => (),
        }
        let Some(witnesses) = self.witnesses.get(&key.origin) else {
            return Err(Unready::Wait(
                Reason::SecurityModule,
                format!("Domain {} is not configured to be carried here.", key.origin),
            ));
        };
        let Some(leaf) = self.journal.leaf_of(&record.id)? else {
            return Err(Unready::Wait(
                Reason::NotInTree,
                "The Merkle tree hook has not inserted it, so no validator signs it.".into(),
            ));
        };
        let security = self.destination.security(&record.bytes).await.map_err(wait)?;
        let metadata = witnesses
            .metadata(&security, MessageId::from(record.id), leaf)
            .await
            .map_err(lacking)?;
        let delivery = Delivery {
            metadata,
            message: record.bytes.clone(),
        };
        let quote = self.destination.try_out(&delivery).await.map_err(wait)?;
        Ok(Prepared { delivery, quote })
    }

    /// Signs a delivery, writes it down, and sends it. Whether it was sent.
    pub(super) async fn send_first(
        &self,
        key: Key,
        record: &Record,
        prepared: &Prepared,
        numbers: &mut Numbers,
        now: Millis,
    ) -> Result<bool, Fault> {
        let domain = self.destination.domain().0;
        let purpose = Purpose::Deliver(&prepared.delivery, prepared.quote);
        let signed = self.destination.sign(purpose, numbers.peek()).await;
        let mut transaction = match signed.map_err(wait) {
            Ok(transaction) => transaction,
            Err(Unready::Wait(reason, detail)) => {
                self.postpone(key, record, reason, &detail, now)?;
                return Ok(false);
            }
            Err(Unready::Fatal(error)) => return Err(Fault::Fatal(error)),
            Err(Unready::Arrived) => return Ok(false),
        };
        transaction.message = Some((key, record.id));
        transaction.signed = now;
        // Before it is sent: whatever happens after this, the transaction is known, and no second one is made.
        self.journal.submit(domain, &transaction)?;
        match self.destination.send(&transaction).await {
            Ok(()) => {
                tracing::info!(
                    lane = self.name,
                    ?key,
                    nonce = transaction.nonce,
                    hash = hex::encode(transaction.hash()),
                    "sent"
                );
                numbers.take();
                Ok(true)
            }
            // The pool has another transaction with this number, or the node may have got it: its fate will say.
            Err(SendFault::Known | SendFault::Unreachable(_)) => {
                numbers.take();
                Ok(true)
            }
            // The node says that it has not taken it, so the number is free again.
            Err(SendFault::Refused(said)) => {
                self.give_up(key, record, &transaction, Reason::Unreachable, &said, now)?;
                Ok(false)
            }
            Err(SendFault::Underpriced) => {
                let said = "The node's pool wants more for it.";
                self.give_up(key, record, &transaction, Reason::TooDear, said, now)?;
                Ok(false)
            }
            Err(SendFault::Fatal(error)) => Err(Fault::Fatal(error)),
        }
    }

    fn give_up(
        &self,
        key: Key,
        record: &Record,
        transaction: &crate::journal::Transaction,
        reason: Reason,
        said: &str,
        now: Millis,
    ) -> Result<(), Fault> {
        let next = self.next_try(record, reason, now);
        tracing::warn!(
            lane = self.name,
            ?key,
            said,
            "the node did not take the transaction"
        );
        self.metrics.retry(&self.name, reason);
        let domain = self.destination.domain().0;
        self.journal
            .settle_failed(domain, transaction, 0, (reason, said), next)?;
        Ok(())
    }
}

fn wait(fault: Fault) -> Unready {
    match fault {
        Fault::Unreachable(why) => Unready::Wait(Reason::Unreachable, why),
        Fault::Refused(why) => Unready::Wait(Reason::Refused, why),
        Fault::TooDear(why) => Unready::Wait(Reason::TooDear, why),
        Fault::Paused(why) => Unready::Wait(Reason::Paused, why),
        Fault::Fatal(error) => Unready::Fatal(error),
    }
}

fn lacking(lack: Lack) -> Unready {
    match lack {
        Lack::Signatures { found, needed } => Unready::Wait(
            Reason::Signatures,
            format!("{found} of {needed} signatures that are needed."),
        ),
        Lack::Module(what) => Unready::Wait(Reason::SecurityModule, what),
        Lack::Fault(fault) => wait(fault),
    }
}
