//! A chain: blocks are made in memory and imported by a node.

use crate::{
    failure::Measured,
    genesis::Genesis,
    maker::{Filling, Maker},
    node::{Executor, Node},
    spent::{settle, Took},
};

/// What importing a block took.
#[derive(Clone, Copy, Debug)]
pub struct Imported {
    /// Executing it, computing the state root and writing it.
    pub import: Took,
    /// Making it final.
    pub finalise: Took,
    /// What it was charged, in microseconds.
    pub weight_us: f64,
    /// Its transactions, the one that sets the time included.
    pub transactions: usize,
}

/// The chain.
pub struct Chain {
    maker: Maker,
    /// Who imports.
    pub node: Node,
}

impl Chain {
    /// A chain that begins with this state, on a node that keeps so many blocks' states.
    pub fn open(genesis: Genesis, executor: &Executor, kept: u32) -> Measured<Self> {
        let node = Node::open(genesis.storage.clone(), executor, kept)?;
        let maker = Maker::new(genesis.storage, node.genesis());
        settle()?;
        Ok(Self { maker, node })
    }

    /// Looks at the state after the last block.
    pub fn look<R>(&mut self, look: impl FnOnce() -> R) -> R {
        self.maker.look(look)
    }

    /// Makes a block and imports it.
    pub fn block(&mut self, fill: impl FnOnce(&mut Filling) -> Measured) -> Measured<Imported> {
        let made = self.maker.make(fill)?;
        let import = self.node.import(made.block)?;
        let finalise = self.node.finalise()?;
        Ok(Imported {
            import,
            finalise,
            weight_us: made.weight_us,
            transactions: made.transactions,
        })
    }

    /// Makes and imports empty blocks.
    pub fn empty(&mut self, blocks: usize) -> Measured<Vec<Imported>> {
        (0..blocks).map(|_| self.block(|_| Ok(()))).collect()
    }
}
