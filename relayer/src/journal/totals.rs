use super::{decoded, encoded, tables, Journal, Key, Record, State};
use crate::{time::Millis, Error};
use codec::{Decode, Encode};
use redb::ReadableTable;
use std::collections::BTreeMap;

/// Counts of a route since the journal began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Totals {
    /// Messages seen.
    pub seen: u64,
    /// The number of the last of them.
    pub last_seen: Option<u32>,
    /// Messages delivered, by whomever.
    pub delivered: u64,
    /// The number of the one delivered last.
    pub last_delivered: Option<u32>,
    /// When that was known.
    pub delivered_at: Millis,
    /// What this relayer's transactions cost, in the smallest unit of the destination.
    pub spent: u128,
}

/// Changes a route's counts.
pub(super) fn count(
    write: &redb::WriteTransaction,
    (origin, destination): (u32, u32),
    change: impl FnOnce(&mut Totals),
) -> Result<(), redb::Error> {
    let mut table = write.open_table(tables::TOTALS)?;
    let found = table
        .get((origin, destination))?
        .map(|found| found.value().to_vec());
    let mut totals = found.map_or(Ok(Totals::default()), |found| decoded(&found))?;
    change(&mut totals);
    table.insert((origin, destination), encoded(&totals).as_slice())?;
    Ok(())
}

impl Journal {
    /// The counts of all routes, by origin and destination.
    pub fn totals(&self) -> Result<BTreeMap<(u32, u32), Totals>, Error> {
        let read = self.read()?;
        let table = read.open_table(tables::TOTALS).map_err(|why| self.damaged(why))?;
        let mut all = BTreeMap::new();
        for entry in table.iter().map_err(|why| self.damaged(why))? {
            let (route, totals) = entry.map_err(|why| self.damaged(why))?;
            all.insert(route.value(), self.decode(totals.value())?);
        }
        Ok(all)
    }

    /// Passes all messages that have not been delivered, in the order in which they are due, and then those under way.
    pub fn each_pending(&self, mut visit: impl FnMut(Key, &Record)) -> Result<(), Error> {
        let read = self.read()?;
        let messages = read
            .open_table(tables::MESSAGES)
            .map_err(|why| self.damaged(why))?;
        let mut see = |key: Key| -> Result<(), Error> {
            let found = messages
                .get((key.origin, key.nonce))
                .map_err(|why| self.damaged(why))?;
            if let Some(found) = found {
                let record: Record = self.decode(found.value())?;
                if !matches!(record.state, State::Delivered { .. }) {
                    visit(key, &record);
                }
            }
            Ok(())
        };
        let due = read.open_table(tables::DUE).map_err(|why| self.damaged(why))?;
        for entry in due.iter().map_err(|why| self.damaged(why))? {
            let (_, _, origin, nonce) = entry.map_err(|why| self.damaged(why))?.0.value();
            see(Key { origin, nonce })?;
        }
        let transactions = read
            .open_table(tables::TRANSACTIONS)
            .map_err(|why| self.damaged(why))?;
        for entry in transactions.iter().map_err(|why| self.damaged(why))? {
            let (_, value) = entry.map_err(|why| self.damaged(why))?;
            let transaction: super::Transaction = self.decode(value.value())?;
            if let Some((key, _)) = transaction.message {
                see(key)?;
            }
        }
        Ok(())
    }
}
