use super::{
    encoded,
    schedule::{alter, arrive},
    tables,
    totals::count,
    Journal, Key, Reason, State, Transaction,
};
use crate::{time::Millis, Error};

impl Journal {
    /// Transactions to a destination that are not final, in their order.
    pub fn transactions(&self, destination: u32) -> Result<Vec<Transaction>, Error> {
        let read = self.read()?;
        let table = read
            .open_table(tables::TRANSACTIONS)
            .map_err(|why| self.damaged(why))?;
        let range = table.range((destination, 0)..=(destination, u64::MAX));
        let mut found = Vec::new();
        for entry in range.map_err(|why| self.damaged(why))? {
            let (_, value) = entry.map_err(|why| self.damaged(why))?;
            found.push(self.decode(value.value())?);
        }
        Ok(found)
    }

    /// Writes a transaction down that is about to be sent, in the place of one with the same number if there is one.
    pub fn submit(&self, destination: u32, transaction: &Transaction) -> Result<(), Error> {
        self.change(|write| {
            write
                .open_table(tables::TRANSACTIONS)?
                .insert((destination, transaction.nonce), encoded(transaction).as_slice())?;
            let Some((key, id)) = transaction.message else {
                return Ok(());
            };
            alter(write, key, &id, |_, record| {
                record.due = None;
                record.state = State::Submitted {
                    hash: transaction.hash(),
                    nonce: transaction.nonce,
                };
                Ok(())
            })
        })
    }

    /// A transaction has come to its end, and its message has arrived.
    pub fn settle_delivered(
        &self,
        destination: u32,
        transaction: &Transaction,
        cost: u128,
        now: Millis,
    ) -> Result<(), Error> {
        self.change(|write| {
            forget(write, destination, transaction, cost)?;
            let Some((key, id)) = transaction.message else {
                return Ok(());
            };
            let hash = Some(transaction.hash());
            alter(write, key, &id, |write, record| {
                arrive(write, key, record, hash, now)
            })
        })
    }

    /// A transaction has come to its end without its message having arrived: the message is tried again.
    pub fn settle_failed(
        &self,
        destination: u32,
        transaction: &Transaction,
        cost: u128,
        (reason, detail): (Reason, &str),
        (attempts, due): (u32, Millis),
    ) -> Result<(), Error> {
        self.change(|write| {
            forget(write, destination, transaction, cost)?;
            let Some((key, id)) = transaction.message else {
                return Ok(());
            };
            alter(write, key, &id, |_, record| {
                // Not if it has arrived otherwise, or is in another transaction by now.
                let is_in_this =
                    matches!(record.state, State::Submitted { nonce, .. } if nonce == transaction.nonce);
                if is_in_this {
                    record.attempts = attempts;
                    record.due = Some(due);
                    record.state = State::Waiting {
                        reason,
                        detail: detail.into(),
                    };
                }
                Ok(())
            })
        })
    }
}

fn forget(
    write: &redb::WriteTransaction,
    destination: u32,
    transaction: &Transaction,
    cost: u128,
) -> Result<(), redb::Error> {
    write
        .open_table(tables::TRANSACTIONS)?
        .remove((destination, transaction.nonce))?;
    // What fills a gap is of no route; it is counted as one from the destination to itself.
    let origin = transaction
        .message
        .map_or(destination, |(Key { origin, .. }, _)| origin);
    count(write, (origin, destination), |totals| {
        totals.spent = totals.spent.saturating_add(cost)
    })
}
