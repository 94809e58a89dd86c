use super::{decoded, encoded, tables, totals::count, Journal, Key, Reason, Record, State};
use crate::{time::Millis, Error};
use redb::{ReadableTable, WriteTransaction};

/// Characters of a reason that are kept: nodes and contracts may say as much as they like.
const MAX_DETAIL: usize = 500;

impl Journal {
    /// Messages to a destination that are due, at most `limit`, those first that have been due longest.
    pub fn due(&self, destination: u32, now: Millis, limit: usize) -> Result<Vec<(Key, Record)>, Error> {
        let read = self.read()?;
        let due = read.open_table(tables::DUE).map_err(|why| self.damaged(why))?;
        let messages = read
            .open_table(tables::MESSAGES)
            .map_err(|why| self.damaged(why))?;
        let range = (destination, 0, 0, 0)..=(destination, now.0, u32::MAX, u32::MAX);
        let mut found = Vec::new();
        for entry in due.range(range).map_err(|why| self.damaged(why))?.take(limit) {
            let (_, _, origin, nonce) = entry.map_err(|why| self.damaged(why))?.0.value();
            let message = messages.get((origin, nonce)).map_err(|why| self.damaged(why))?;
            if let Some(message) = message {
                found.push((Key { origin, nonce }, self.decode(message.value())?));
            }
        }
        Ok(found)
    }

    /// Puts a message off. Does nothing to one that has been taken back or replaced since.
    pub fn postpone(
        &self,
        key: Key,
        id: &[u8; 32],
        (reason, detail): (Reason, &str),
        (attempts, due): (u32, Millis),
    ) -> Result<(), Error> {
        self.alter(key, id, |_, record| {
            record.attempts = attempts;
            record.due = Some(due);
            record.state = State::Waiting {
                reason,
                detail: detail.chars().take(MAX_DETAIL).collect(),
            };
            Ok(())
        })
    }

    /// Makes messages due that wait for something else than having cost money in vain: whoever starts the relayer again has
    /// usually put something right. At most `limit`; whether there are more.
    pub fn hasten(&self, destination: u32, now: Millis, limit: usize) -> Result<bool, Error> {
        let read = self.read()?;
        let due = read.open_table(tables::DUE).map_err(|why| self.damaged(why))?;
        let later =
            (destination, now.0.saturating_add(1), 0, 0)..=(destination, u64::MAX, u32::MAX, u32::MAX);
        let mut waiting = Vec::new();
        for entry in due.range(later).map_err(|why| self.damaged(why))? {
            let (_, _, origin, nonce) = entry.map_err(|why| self.damaged(why))?.0.value();
            let key = Key { origin, nonce };
            let record = self.message(key)?;
            let is_free = |record: &Record| {
                !matches!(
                    record.state,
                    State::Waiting {
                        reason: Reason::Failed,
                        ..
                    }
                )
            };
            waiting.extend(record.filter(is_free).map(|record| (key, record.id)));
            if waiting.len() >= limit {
                break;
            }
        }
        self.change(|write| {
            for (key, id) in &waiting {
                alter(write, *key, id, |_, record| {
                    record.due = Some(now);
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        Ok(waiting.len() >= limit)
    }

    /// A message has arrived for good, by whomever. Only the first time does it count.
    pub fn delivered(
        &self,
        key: Key,
        id: &[u8; 32],
        hash: Option<[u8; 32]>,
        now: Millis,
    ) -> Result<(), Error> {
        self.alter(key, id, |write, record| arrive(write, key, record, hash, now))
    }

    /// Changes a message, and keeps the schedule in step with it.
    pub(super) fn alter(
        &self,
        key: Key,
        id: &[u8; 32],
        change: impl FnOnce(&WriteTransaction, &mut Record) -> Result<(), redb::Error>,
    ) -> Result<(), Error> {
        self.change(|write| alter(write, key, id, change))
    }
}

/// The same, inside a larger change.
pub(super) fn alter(
    write: &WriteTransaction,
    key: Key,
    id: &[u8; 32],
    change: impl FnOnce(&WriteTransaction, &mut Record) -> Result<(), redb::Error>,
) -> Result<(), redb::Error> {
    let place = (key.origin, key.nonce);
    let found = write
        .open_table(tables::MESSAGES)?
        .get(place)?
        .map(|found| found.value().to_vec());
    let Some(found) = found else { return Ok(()) };
    let mut record: Record = decoded(&found)?;
    if record.id != *id {
        return Ok(());
    }
    let was_due = record.due;
    change(write, &mut record)?;
    let mut due = write.open_table(tables::DUE)?;
    if let Some(at) = was_due {
        due.remove((record.destination, at.0, key.origin, key.nonce))?;
    }
    if let Some(at) = record.due {
        due.insert((record.destination, at.0, key.origin, key.nonce), ())?;
    }
    write
        .open_table(tables::MESSAGES)?
        .insert(place, encoded(&record).as_slice())?;
    Ok(())
}

/// Makes of a message one that is delivered.
pub(super) fn arrive(
    write: &WriteTransaction,
    key: Key,
    record: &mut Record,
    hash: Option<[u8; 32]>,
    now: Millis,
) -> Result<(), redb::Error> {
    if matches!(record.state, State::Delivered { .. }) {
        return Ok(());
    }
    record.due = None;
    record.attempts = 0;
    record.bytes = Vec::new();
    record.state = State::Delivered { at: now, hash };
    count(write, (key.origin, record.destination), |totals| {
        totals.delivered = totals.delivered.saturating_add(1);
        totals.last_delivered = Some(key.nonce);
        totals.delivered_at = now;
    })
}
