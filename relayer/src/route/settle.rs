use super::lane::{Lane, Numbers, AT_ONCE};
use crate::{
    chain::{Arrival, Fate, Purpose, SendFault, Sequence},
    journal::{Reason, Transaction},
    time::Millis,
    Fault,
};
use futures::{stream, StreamExt as _};
use hyperlane_primitives::H256;

impl Lane {
    /// Sees to each transaction under way. How many were sent again.
    pub(super) async fn settle(&self, sequence: &Sequence, now: Millis) -> Result<usize, Fault> {
        let domain = self.destination.domain().0;
        let mut sent = 0;
        let mut first_in_no_block = true;
        let mut under_way = self.journal.transactions(domain)?;
        // Those in a block that is not final have nothing new to tell.
        under_way.retain(|sent| sent.nonce < sequence.settled || sent.nonce >= sequence.included);
        let fates = stream::iter(under_way)
            .map(|transaction| async move {
                let fate = self.destination.fate(&transaction, sequence).await;
                (transaction, fate)
            })
            .buffered(AT_ONCE);
        let fates: Vec<_> = fates.collect().await;
        for (transaction, fate) in fates {
            match fate? {
                Fate::Included => (),
                Fate::Settled { success, cost } => self.settled(&transaction, success, cost, now).await?,
                Fate::Displaced => self.failed(
                    &transaction,
                    0,
                    Reason::NotIncluded,
                    "Another transaction took its number.",
                    now,
                )?,
                Fate::Expired => self.failed(
                    &transaction,
                    0,
                    Reason::NotIncluded,
                    "It was not included in time.",
                    now,
                )?,
                Fate::Missing => {
                    if !self.is_needless(&transaction, now).await? {
                        sent += usize::from(self.send_again(&transaction).await?);
                    }
                    first_in_no_block = false;
                }
                Fate::Pooled => {
                    // Those behind it cannot get in before it: only the first is worth more money.
                    if first_in_no_block && self.is_stuck(transaction.nonce, now) {
                        sent += usize::from(self.replace(&transaction, now).await?);
                    }
                    first_in_no_block = false;
                }
            }
        }
        Ok(sent)
    }

    async fn settled(
        &self,
        transaction: &Transaction,
        success: bool,
        cost: u128,
        now: Millis,
    ) -> Result<(), Fault> {
        let domain = self.destination.domain().0;
        let Some((key, id)) = transaction.message else {
            self.journal.settle_delivered(domain, transaction, cost, now)?;
            return Ok(());
        };
        // Not by the receipt alone: the mailbox has the last word, also on what another relayer brought first.
        match self.destination.arrival(H256(id)).await? {
            Arrival::Final => {
                tracing::info!(lane = self.name, ?key, nonce = transaction.nonce, "delivered");
                self.journal.settle_delivered(domain, transaction, cost, now)?;
                Ok(())
            }
            // By somebody else, in a block that is not final; or the node is of two minds. Ask again in the next turn.
            Arrival::Unsettled => Ok(()),
            Arrival::No if success => Ok(()),
            Arrival::No => self.failed(transaction, cost, Reason::Failed, "It failed in its block.", now),
        }
    }

    fn failed(
        &self,
        transaction: &Transaction,
        cost: u128,
        reason: Reason,
        detail: &str,
        now: Millis,
    ) -> Result<(), Fault> {
        let domain = self.destination.domain().0;
        let record = match transaction.message {
            Some((key, _)) => self.journal.message(key)?,
            None => None,
        };
        let next = record.map_or((1, now), |record| self.next_try(&record, reason, now));
        tracing::warn!(
            lane = self.name,
            nonce = transaction.nonce,
            detail,
            "a transaction came to nothing"
        );
        self.metrics.retry(&self.name, reason);
        self.journal
            .settle_failed(domain, transaction, cost, (reason, detail), next)?;
        Ok(())
    }

    /// Whether a transaction that nobody knows need not be sent, because somebody else has brought its message. Its number is free
    /// then: should it turn up all the same, it is the one or the other.
    async fn is_needless(&self, transaction: &Transaction, now: Millis) -> Result<bool, Fault> {
        let Some((_, id)) = transaction.message else {
            return Ok(false);
        };
        match self.destination.arrival(H256(id)).await? {
            Arrival::No => Ok(false),
            Arrival::Unsettled => Ok(true),
            Arrival::Final => {
                let domain = self.destination.domain().0;
                self.journal.settle_delivered(domain, transaction, 0, now)?;
                Ok(true)
            }
        }
    }

    /// Sends a transaction again that nobody knows: it was written down but not sent, or pools have dropped it.
    async fn send_again(&self, transaction: &Transaction) -> Result<bool, Fault> {
        match self.destination.send(transaction).await {
            Ok(()) => {
                tracing::info!(lane = self.name, nonce = transaction.nonce, "sent again");
                Ok(true)
            }
            Err(SendFault::Known) => Ok(false),
            Err(SendFault::Underpriced) => self.replace(transaction, Millis::now()).await,
            Err(SendFault::Refused(said)) => {
                // It holds its number until it is taken, or until another has that number.
                tracing::warn!(
                    lane = self.name,
                    nonce = transaction.nonce,
                    said,
                    "refused when sent again"
                );
                Ok(false)
            }
            Err(SendFault::Unreachable(why)) => Err(Fault::Unreachable(why)),
            Err(SendFault::Fatal(error)) => Err(Fault::Fatal(error)),
        }
    }

    /// Whether the first transaction that is in no block has been so for too long.
    fn is_stuck(&self, nonce: u64, now: Millis) -> bool {
        let Some(patience) = self.destination.replaces_after() else {
            return false;
        };
        let mut first = self.first();
        match *first {
            Some((same, since)) if same == nonce => now.since(since) >= patience,
            _ => {
                *first = Some((nonce, now));
                false
            }
        }
    }

    async fn replace(&self, old: &Transaction, now: Millis) -> Result<bool, Fault> {
        let domain = self.destination.domain().0;
        let signed = self.destination.sign(Purpose::Replace(old), old.nonce).await;
        let mut dearer = match signed {
            Ok(dearer) => dearer,
            Err(Fault::TooDear(why) | Fault::Refused(why) | Fault::Paused(why)) => {
                tracing::warn!(
                    lane = self.name,
                    nonce = old.nonce,
                    why,
                    "stuck, and not replaced"
                );
                return Ok(false);
            }
            Err(other) => return Err(other),
        };
        dearer.message = old.message;
        dearer.signed = now;
        self.journal.submit(domain, &dearer)?;
        self.metrics.replaced(&self.name);
        *self.first() = Some((old.nonce, now));
        tracing::info!(
            lane = self.name,
            nonce = old.nonce,
            max_fee = dearer.max_fee as f64 / 1e9,
            hash = hex::encode(dearer.hash()),
            "stuck: replaced by one that pays more"
        );
        match self.destination.send(&dearer).await {
            Ok(()) => Ok(true),
            // The old one got into a block, or the pool wants yet more: the next turn sees.
            Err(SendFault::Known | SendFault::Underpriced | SendFault::Refused(_)) => Ok(false),
            Err(SendFault::Unreachable(why)) => Err(Fault::Unreachable(why)),
            Err(SendFault::Fatal(error)) => Err(Fault::Fatal(error)),
        }
    }

    /// Uses up numbers that were lost and that transactions under way wait for, if no message has taken them.
    pub(super) async fn fill_gaps(&self, sequence: &Sequence, now: Millis) -> Result<usize, Fault> {
        let domain = self.destination.domain().0;
        let mut filled = 0;
        while filled < self.max_in_flight {
            let under_way = self.journal.transactions(domain)?;
            let Some(last) = under_way.last().map(|transaction| transaction.nonce) else {
                return Ok(filled);
            };
            let nonce = Numbers::new(sequence, &under_way).peek();
            if nonce >= last {
                return Ok(filled);
            }
            let mut filler = match self.destination.sign(Purpose::FillGap, nonce).await {
                Ok(filler) => filler,
                Err(Fault::TooDear(why) | Fault::Refused(why) | Fault::Paused(why)) => {
                    tracing::warn!(lane = self.name, nonce, why, "a number is missing and not filled");
                    return Ok(filled);
                }
                Err(other) => return Err(other),
            };
            filler.signed = now;
            tracing::warn!(
                lane = self.name,
                nonce,
                "a number was lost; an empty transaction takes it"
            );
            self.journal.submit(domain, &filler)?;
            match self.destination.send(&filler).await {
                Ok(()) | Err(SendFault::Known) => filled += 1,
                Err(SendFault::Unreachable(why)) => return Err(Fault::Unreachable(why)),
                Err(SendFault::Fatal(error)) => return Err(Fault::Fatal(error)),
                Err(SendFault::Refused(_) | SendFault::Underpriced) => return Ok(filled),
            }
        }
        Ok(filled)
    }
}
