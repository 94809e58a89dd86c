use super::{tables, Journal};
use crate::Error;
use redb::ReadableTable;

impl Journal {
    /// How many checkpoints a validator has signed: they are signed in order, so this is the index of the next.
    pub fn next_to_sign(&self) -> Result<u32, Error> {
        let read = self.read()?;
        let table = read.open_table(tables::SIGNED).map_err(|why| self.damaged(why))?;
        let last = table.last().map_err(|why| self.damaged(why))?;
        Ok(last.map_or(0, |(index, _)| index.value().saturating_add(1)))
    }

    /// What was signed at an index.
    pub fn signed(&self, index: u32) -> Result<Option<[u8; 32]>, Error> {
        let read = self.read()?;
        let table = read.open_table(tables::SIGNED).map_err(|why| self.damaged(why))?;
        let found = table.get(index).map_err(|why| self.damaged(why))?;
        Ok(found.map(|found| *found.value()))
    }

    /// Writes down what is about to be signed at these indices, unless something is there. What is there already is not changed:
    /// whoever signs compares first.
    pub fn sign(&self, digests: &[(u32, [u8; 32])]) -> Result<(), Error> {
        self.change(|write| {
            let mut table = write.open_table(tables::SIGNED)?;
            for (index, digest) in digests {
                if table.get(index)?.is_none() {
                    table.insert(index, digest)?;
                }
            }
            Ok(())
        })
    }
}
