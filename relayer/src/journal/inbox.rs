use super::{decoded, encoded, tables, totals::count, Journal, Key, Record, State};
use crate::{
    chain::{Anchor, Batch, Dispatched},
    time::Millis,
    Error,
};
use hyperlane_primitives::MessageId;
use redb::{ReadableTable, WriteTransaction};

/// Blocks whose hashes are kept: the last 64, of which a reorganisation usually takes a few.
const RECENT_ANCHORS: usize = 64;
/// Beyond those, two are as far apart as an eighth of their age: a deep reorganisation is followed from not much below its root.
const SPARSENESS: u64 = 8;
/// When there are more they are thinned out, to at most 64 and eight for each doubling or so of the chain's length.
const MAX_ANCHORS: usize = 256;

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It is written down, and so many of its messages were new.
    New(u32),
    /// It was not: its leaves do not continue the tree. The node has left logs out, or was asked from too late a block.
    Gap {
        /// The leaf that should have come.
        expected: u32,
        /// The leaf that came, or the number of leaves that there are.
        found: u32,
    },
}

impl Journal {
    /// Writes down what one reading brought, and how far it went.
    pub fn record(&self, domain: u32, batch: &Batch, now: Millis) -> Result<Recorded, Error> {
        let mut expected = self.leaf_count(domain)?;
        for leaf in &batch.leaves {
            if leaf.index != expected {
                return Ok(Recorded::Gap {
                    expected,
                    found: leaf.index,
                });
            }
            expected = expected.saturating_add(1);
        }
        if let Some(count) = batch.count.filter(|count| *count > expected) {
            return Ok(Recorded::Gap {
                expected,
                found: count,
            });
        }
        let fresh = self.change(|write| {
            {
                let mut leaves = write.open_table(tables::LEAVES)?;
                let mut leaf_of = write.open_table(tables::LEAF_OF)?;
                for leaf in &batch.leaves {
                    leaves.insert((domain, leaf.index), (&leaf.id.0, leaf.block))?;
                    leaf_of.insert(&leaf.id.0, leaf.index)?;
                }
            }
            let mut fresh = 0;
            for message in &batch.messages {
                fresh += u32::from(insert(write, domain, message, now)?);
            }
            write
                .open_table(tables::CURSORS)?
                .insert(domain, encoded(&batch.cursor).as_slice())?;
            if let Some(anchor) = batch.cursor.anchor {
                write
                    .open_table(tables::ANCHORS)?
                    .insert((domain, anchor.block), &anchor.hash)?;
                thin_out(write, domain)?;
            }
            Ok(fresh)
        })?;
        Ok(Recorded::New(fresh))
    }

    /// Forgets what was read after a block, or all that was read, because the chain has. What is delivered or under way stays: it is
    /// told from what takes its place by its id.
    pub fn rewind(&self, domain: u32, to: Option<Anchor>) -> Result<(), Error> {
        let is_after = |block: u64| to.is_none_or(|anchor| block > anchor.block);
        self.change(|write| {
            {
                let mut leaves = write.open_table(tables::LEAVES)?;
                let mut leaf_of = write.open_table(tables::LEAF_OF)?;
                let mut gone = Vec::new();
                for entry in leaves.range((domain, 0)..=(domain, u32::MAX))?.rev() {
                    let (key, value) = entry?;
                    let (id, block) = value.value();
                    if !is_after(block) {
                        break;
                    }
                    gone.push((key.value(), *id));
                }
                for (key, id) in gone {
                    leaves.remove(key)?;
                    leaf_of.remove(&id)?;
                }
            }
            forget_messages(write, domain, is_after)?;
            {
                let mut anchors = write.open_table(tables::ANCHORS)?;
                let first_gone = to.map_or(0, |anchor| anchor.block.saturating_add(1));
                anchors.retain_in((domain, first_gone)..=(domain, u64::MAX), |_, _| false)?;
            }
            let cursor = crate::chain::Cursor {
                next: to.map(|anchor| anchor.block.saturating_add(1)),
                anchor: to,
            };
            write
                .open_table(tables::CURSORS)?
                .insert(domain, encoded(&cursor).as_slice())?;
            Ok(())
        })
    }

    /// Blocks that an origin was read up to, the latest first.
    pub fn anchors(&self, domain: u32) -> Result<Vec<Anchor>, Error> {
        let read = self.read()?;
        let table = read
            .open_table(tables::ANCHORS)
            .map_err(|why| self.damaged(why))?;
        let range = table.range((domain, 0)..=(domain, u64::MAX));
        let mut anchors = Vec::new();
        for entry in range.map_err(|why| self.damaged(why))?.rev() {
            let (key, hash) = entry.map_err(|why| self.damaged(why))?;
            anchors.push(Anchor {
                block: key.value().1,
                hash: *hash.value(),
            });
        }
        Ok(anchors)
    }

    /// How many leaves of an origin's tree are known.
    pub fn leaf_count(&self, domain: u32) -> Result<u32, Error> {
        let read = self.read()?;
        let table = read.open_table(tables::LEAVES).map_err(|why| self.damaged(why))?;
        let mut range = table
            .range((domain, 0)..=(domain, u32::MAX))
            .map_err(|why| self.damaged(why))?;
        match range.next_back() {
            Some(entry) => {
                let (key, _) = entry.map_err(|why| self.damaged(why))?;
                Ok(key.value().1.saturating_add(1))
            }
            None => Ok(0),
        }
    }

    /// Passes the leaves of an origin's tree from `first` on.
    pub fn each_leaf(
        &self,
        domain: u32,
        first: u32,
        mut visit: impl FnMut(MessageId) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let read = self.read()?;
        let table = read.open_table(tables::LEAVES).map_err(|why| self.damaged(why))?;
        let range = table.range((domain, first)..=(domain, u32::MAX));
        for entry in range.map_err(|why| self.damaged(why))? {
            let (_, value) = entry.map_err(|why| self.damaged(why))?;
            visit(MessageId::from(*value.value().0))?;
        }
        Ok(())
    }

    /// The block of the last known leaf.
    pub fn last_leaf_block(&self, domain: u32) -> Result<Option<u64>, Error> {
        let read = self.read()?;
        let table = read.open_table(tables::LEAVES).map_err(|why| self.damaged(why))?;
        let mut range = table
            .range((domain, 0)..=(domain, u32::MAX))
            .map_err(|why| self.damaged(why))?;
        let last = range.next_back().transpose().map_err(|why| self.damaged(why))?;
        Ok(last.map(|(_, value)| value.value().1))
    }

    /// A leaf of an origin's tree.
    pub fn leaf(&self, domain: u32, index: u32) -> Result<Option<MessageId>, Error> {
        let read = self.read()?;
        let table = read.open_table(tables::LEAVES).map_err(|why| self.damaged(why))?;
        let found = table.get((domain, index)).map_err(|why| self.damaged(why))?;
        Ok(found.map(|found| MessageId::from(*found.value().0)))
    }

    /// Which leaf of its origin's tree a message is.
    pub fn leaf_of(&self, id: &[u8; 32]) -> Result<Option<u32>, Error> {
        let read = self.read()?;
        let table = read
            .open_table(tables::LEAF_OF)
            .map_err(|why| self.damaged(why))?;
        let found = table.get(id).map_err(|why| self.damaged(why))?;
        Ok(found.map(|found| found.value()))
    }

    /// A message.
    pub fn message(&self, key: Key) -> Result<Option<Record>, Error> {
        let read = self.read()?;
        let table = read
            .open_table(tables::MESSAGES)
            .map_err(|why| self.damaged(why))?;
        let found = table
            .get((key.origin, key.nonce))
            .map_err(|why| self.damaged(why))?;
        found.map(|found| self.decode(found.value())).transpose()
    }
}

/// Writes a message down, unless it is there already; whether it was not.
fn insert(
    write: &WriteTransaction,
    origin: u32,
    message: &Dispatched,
    now: Millis,
) -> Result<bool, redb::Error> {
    let mut messages = write.open_table(tables::MESSAGES)?;
    let place = (origin, message.nonce);
    let found = messages.get(place)?.map(|found| found.value().to_vec());
    if let Some(found) = found {
        let mut record: Record = decoded(&found)?;
        if record.id == message.id.0 {
            record.block = message.block;
            messages.insert(place, encoded(&record).as_slice())?;
            return Ok(false);
        }
        if let Some(due) = record.due {
            let entry = (record.destination, due.0, origin, message.nonce);
            write.open_table(tables::DUE)?.remove(entry)?;
        }
    }
    let destination = message.destination.0;
    let record = Record {
        id: message.id.0,
        destination,
        bytes: message.bytes.clone(),
        block: message.block,
        seen: now,
        attempts: 0,
        due: Some(now),
        state: State::Seen,
    };
    messages.insert(place, encoded(&record).as_slice())?;
    write
        .open_table(tables::DUE)?
        .insert((destination, now.0, origin, message.nonce), ())?;
    count(write, (origin, destination), |totals| {
        totals.seen = totals.seen.saturating_add(1);
        totals.last_seen = Some(message.nonce);
    })?;
    Ok(true)
}

fn forget_messages(
    write: &WriteTransaction,
    origin: u32,
    is_after: impl Fn(u64) -> bool,
) -> Result<(), redb::Error> {
    let mut messages = write.open_table(tables::MESSAGES)?;
    let mut due = write.open_table(tables::DUE)?;
    let mut gone = Vec::new();
    // A mailbox numbers its messages in the order of their blocks.
    for entry in messages.range((origin, 0)..=(origin, u32::MAX))?.rev() {
        let (key, value) = entry?;
        let record: Record = decoded(value.value())?;
        if !is_after(record.block) {
            break;
        }
        if let (State::Seen | State::Waiting { .. }, Some(at)) = (&record.state, record.due) {
            gone.push((key.value(), record.destination, at));
        }
    }
    for ((origin, nonce), destination, at) in gone {
        messages.remove((origin, nonce))?;
        due.remove((destination, at.0, origin, nonce))?;
        count(write, (origin, destination), |totals| {
            totals.seen = totals.seen.saturating_sub(1);
            totals.last_seen = nonce.checked_sub(1);
        })?;
    }
    Ok(())
}

fn thin_out(write: &WriteTransaction, domain: u32) -> Result<(), redb::Error> {
    let mut anchors = write.open_table(tables::ANCHORS)?;
    let mut blocks = Vec::new();
    for entry in anchors.range((domain, 0)..=(domain, u64::MAX))?.rev() {
        blocks.push(entry?.0.value().1);
    }
    if blocks.len() <= MAX_ANCHORS {
        return Ok(());
    }
    let newest = blocks.first().copied().unwrap_or_default();
    let mut kept = blocks.get(RECENT_ANCHORS - 1).copied().unwrap_or_default();
    for block in blocks.iter().skip(RECENT_ANCHORS) {
        let age = newest.saturating_sub(*block);
        let is_first = blocks.last() == Some(block);
        match is_first || kept.saturating_sub(*block) >= age / SPARSENESS {
            true => kept = *block,
            false => drop(anchors.remove((domain, *block))?),
        }
    }
    Ok(())
}
