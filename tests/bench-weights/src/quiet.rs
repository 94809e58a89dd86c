//! The same chain on which nobody does anything: what its blocks read and write, they do anyway.

use crate::{access::Access, counting::counted, prepared::prepared};
use pensum_fuzz::{block::Blocks, state::Chain};
use pensum_primitives::BlockNumber;
use pensum_runtime::{Executive, System};
use std::{collections::BTreeMap, rc::Rc};

/// A block in which nothing happens.
#[derive(Debug)]
pub struct QuietBlock {
    /// What it reads and writes.
    pub access: Access,
    /// Its weight when its first hooks have run, in picoseconds.
    pub begun: u64,
    /// What its last hooks add to that.
    pub ended: u64,
}

/// The chain; blocks are made as they are asked for.
pub struct Quiet {
    database: Chain,
    blocks: Blocks,
    made: BTreeMap<BlockNumber, Rc<QuietBlock>>,
}

impl Default for Quiet {
    fn default() -> Self {
        let (database, blocks) = prepared();
        Self {
            database,
            blocks,
            made: BTreeMap::new(),
        }
    }
}

impl Quiet {
    /// The block of this number, which is none of those before the first life.
    pub fn block(&mut self, number: BlockNumber) -> Rc<QuietBlock> {
        while self.blocks.number() < number {
            self.make();
        }
        Rc::clone(&self.made[&number])
    }

    fn make(&mut self) {
        let blocks = &mut self.blocks;
        let ((), mut access) = self.database.execute_with(|| counted(|| begin(blocks, 0)));
        let weight = || System::block_weight().total().ref_time();
        let begun = self.database.execute_with(weight);
        let blocks = &self.blocks;
        let ((), last) = self.database.execute_with(|| counted(|| blocks.end()));
        let ended = self.database.execute_with(weight) - begun;
        access.extend(&last);
        self.database.commit();
        let block = QuietBlock { access, begun, ended };
        self.made.insert(self.blocks.number(), Rc::new(block));
    }
}

/// Begins a block and runs what else runs before its first transaction, which the transaction would otherwise seem to cause.
pub fn begin(blocks: &mut Blocks, entropy: u8) {
    blocks.begin(entropy);
    Executive::inherents_applied();
}
