use super::back_off;
use crate::{
    chain::{Destination, Sequence},
    config::Retry,
    journal::{Journal, Key, Reason, Record, State, Transaction},
    metadata::Witnesses,
    metrics::Metrics,
    time::Millis,
    Fault,
};
use futures::{stream, StreamExt as _};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::timeout;

/// Messages that are looked at in one turn. Those that are due longest go first, so nobody is left out.
const MAX_TRIES: usize = 32;
/// Transactions that are not final, in a block or not: each is looked through in every turn.
const MAX_UNSETTLED: usize = 1024;
/// Messages that are tried out at once: a slow recipient holds up no more than its own place.
pub(super) const AT_ONCE: usize = 8;
/// How long all questions about one message may take together. With the two numbers above, a turn takes three minutes at most.
const PATIENCE: Duration = Duration::from_secs(45);

/// Brings messages to one destination, from one account whose transactions it numbers. Nobody else may use that account.
pub struct Lane {
    /// What the destination is called.
    pub name: String,
    /// The destination.
    pub destination: Arc<dyn Destination>,
    /// The evidence about messages of each origin, by its domain.
    pub witnesses: BTreeMap<u32, Witnesses>,
    /// What is to be brought.
    pub journal: Arc<Journal>,
    /// How long messages wait between tries.
    pub retry: Retry,
    /// Transactions at once that are in no block.
    pub max_in_flight: usize,
    /// Counts.
    pub metrics: Arc<Metrics>,
    /// Which transaction is the first that is in no block, and since when.
    pub(super) first: Mutex<Option<(u64, Millis)>>,
}

/// What one turn has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tick {
    /// Messages that were tried.
    pub tried: usize,
    /// Transactions sent, for the first time or again.
    pub sent: usize,
}

impl Lane {
    /// A lane that has done nothing yet.
    pub fn new(
        name: String,
        destination: Arc<dyn Destination>,
        witnesses: BTreeMap<u32, Witnesses>,
        journal: Arc<Journal>,
        (retry, max_in_flight): (Retry, usize),
        metrics: Arc<Metrics>,
    ) -> Self {
        Self {
            name,
            destination,
            witnesses,
            journal,
            retry,
            max_in_flight,
            metrics,
            first: Mutex::new(None),
        }
    }

    /// One turn: sees to what is under way, then tries what is due. Fails only if the destination does not answer at all; what
    /// fails about one message is that message's affair.
    pub async fn tick(&self, now: Millis) -> Result<Tick, Fault> {
        let domain = self.destination.domain().0;
        let sequence = self.destination.sequence().await?;
        let mut done = Tick {
            sent: self.settle(&sequence, now).await?,
            ..Tick::default()
        };
        let under_way = self.journal.transactions(domain)?;
        let in_no_block = under_way.iter().filter(|sent| sent.nonce >= sequence.included);
        let in_no_block = in_no_block.count();
        self.metrics.in_flight(&self.name, in_no_block);
        // What is in a block takes no room: where finality takes a quarter of an hour, little would get through.
        let mut room = self
            .max_in_flight
            .saturating_sub(in_no_block)
            .min(MAX_UNSETTLED.saturating_sub(under_way.len()));
        // What could not be sent is not tried out either: that would be asking the same questions again and again.
        let tries = if room == 0 { 0 } else { MAX_TRIES };
        let due = self.journal.due(domain, now, tries)?;
        done.tried = due.len();
        // In their order, whichever is ready first: a contract sends money before the intent that it pays for, and an intent that
        // comes before its money is refused.
        let mut ready = stream::iter(due.into_iter().map(|(key, record)| async move {
            let outcome = match timeout(PATIENCE, self.attempt(key, &record)).await {
                Ok(outcome) => outcome,
                Err(_) => Err(Unready::Wait(
                    Reason::Unreachable,
                    "Its questions take too long.".into(),
                )),
            };
            (key, record, outcome)
        }))
        .buffered(AT_ONCE);
        let mut numbers = Numbers::new(&sequence, &under_way);
        while let Some((key, record, outcome)) = ready.next().await {
            let prepared = match outcome {
                Ok(prepared) => prepared,
                Err(Unready::Arrived) => {
                    self.journal.delivered(key, &record.id, None, now)?;
                    tracing::info!(lane = self.name, ?key, "delivered already");
                    continue;
                }
                Err(Unready::Wait(reason, detail)) => {
                    self.postpone(key, &record, reason, &detail, now)?;
                    continue;
                }
                Err(Unready::Fatal(error)) => return Err(Fault::Fatal(error)),
            };
            if room == 0 {
                // It stays due, and goes first in the next turn.
                continue;
            }
            if self
                .send_first(key, &record, &prepared, &mut numbers, now)
                .await?
            {
                room -= 1;
                done.sent += 1;
            }
        }
        drop(ready);
        done.sent += self.fill_gaps(&sequence, now).await?;
        Ok(done)
    }

    /// Puts a message off for as long as its reason asks.
    pub(super) fn postpone(
        &self,
        key: Key,
        record: &Record,
        reason: Reason,
        detail: &str,
        now: Millis,
    ) -> Result<(), Fault> {
        let (attempts, due) = self.next_try(record, reason, now);
        if attempts == 1 {
            tracing::info!(lane = self.name, ?key, reason = reason.label(), detail, "waits");
        } else {
            tracing::debug!(
                lane = self.name,
                ?key,
                reason = reason.label(),
                detail,
                attempts,
                "still waits"
            );
        }
        self.metrics.retry(&self.name, reason);
        self.journal
            .postpone(key, &record.id, (reason, detail), (attempts, due))?;
        Ok(())
    }

    /// How often it has failed in a row for this reason, this time included, and when to try again.
    pub(super) fn next_try(&self, record: &Record, reason: Reason, now: Millis) -> (u32, Millis) {
        let was = match &record.state {
            State::Waiting { reason, .. } => Some(*reason),
            // What failed in its block was not refused before it; the count goes on over the submission.
            State::Submitted { .. } => Some(reason),
            _ => None,
        };
        let attempts = match was == Some(reason) {
            true => record.attempts.saturating_add(1),
            false => 1,
        };
        let longest = reason.longest(self.retry.longest);
        let wait = back_off(self.retry.first, longest, attempts - 1);
        (attempts, now.after(wait))
    }

    pub(super) fn first(&self) -> std::sync::MutexGuard<'_, Option<(u64, Millis)>> {
        self.first.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a message is not sent now.
pub(super) enum Unready {
    /// It has arrived, for good.
    Arrived,
    /// Something is missing.
    Wait(Reason, String),
    /// The process must end.
    Fatal(crate::Error),
}

impl From<crate::Error> for Unready {
    fn from(error: crate::Error) -> Self {
        Self::Fatal(error)
    }
}

/// Hands out transaction numbers: the lowest that are neither in a block or pool nor taken by what is under way. So a number that
/// was lost is used before one that would wait for it.
pub(super) struct Numbers {
    next: u64,
    taken: Vec<u64>,
}

impl Numbers {
    pub fn new(sequence: &Sequence, under_way: &[Transaction]) -> Self {
        Self {
            next: sequence.pooled,
            taken: under_way.iter().map(|transaction| transaction.nonce).collect(),
        }
    }

    /// The next number, without taking it.
    pub fn peek(&mut self) -> u64 {
        while self.taken.contains(&self.next) {
            self.next = self.next.saturating_add(1);
        }
        self.next
    }

    /// Takes the number that [`peek`](Self::peek) gave.
    pub fn take(&mut self) {
        self.next = self.next.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transaction(nonce: u64) -> Transaction {
        Transaction {
            nonce,
            ..Transaction::default()
        }
    }

    #[test]
    fn numbers_fill_gaps_first_and_leave_the_pools_alone() {
        let sequence = Sequence {
            settled: 3,
            included: 4,
            pooled: 6,
        };
        let mut numbers = Numbers::new(&sequence, &[transaction(5), transaction(7), transaction(8)]);
        let mut given = Vec::new();
        for _ in 0..3 {
            given.push(numbers.peek());
            numbers.take();
        }
        assert_eq!(given, [6, 9, 10]);
    }
}
