//! The tensors that some node has still to read, where they are not a chain.

use alloc::vec::Vec;

use crate::{node::Node, table::Table, value::Value};

/// Tensors by their numbers, each until its last reader has run.
pub(crate) struct Live<'v> {
    /// In ascending order, as they were made.
    values: Vec<(u32, Value<'v>)>,
    last_readers: Vec<u32>,
}

impl<'v> Live<'v> {
    /// Only the graph's input.
    pub(crate) fn new(table: &Table<'_>, input: Value<'v>) -> Self {
        Self {
            values: [(0, input)].into(),
            last_readers: table.last_readers(),
        }
    }

    /// Adds a tensor of a greater number than all before it.
    pub(crate) fn put(&mut self, tensor: u32, value: Value<'v>) {
        self.values.push((tensor, value));
    }

    /// What a node makes of what it reads; drops what nobody reads after it. `None` where an input is missing or not what
    /// the operator reads, which the parser rules out.
    pub(crate) fn run(&mut self, node: &Node<'_>, number: u32) -> Option<Value<'v>> {
        if node.operator.combines() {
            let inputs = node.reads().map(|tensor| self.get(tensor));
            let made = node.operator.combine(&inputs.collect::<Option<Vec<_>>>()?);
            for tensor in node.reads_once() {
                if self.ends(tensor, number) {
                    self.take(tensor);
                }
            }
            return made;
        }
        let tensor = node.reads().next()?;
        if self.ends(tensor, number) {
            node.operator.apply(self.take(tensor)?)
        } else {
            node.operator.apply(self.get(tensor)?.view())?.into_owned()
        }
    }

    /// The tensor, which nobody can read after this.
    pub(crate) fn take(&mut self, tensor: u32) -> Option<Value<'v>> {
        let at = self.place(tensor)?;
        Some(self.values.remove(at).1)
    }

    fn get(&self, tensor: u32) -> Option<&Value<'v>> {
        let at = self.place(tensor)?;
        self.values.get(at).map(|(_, value)| value)
    }

    fn place(&self, tensor: u32) -> Option<usize> {
        self.values
            .binary_search_by_key(&tensor, |(number, _)| *number)
            .ok()
    }

    /// Whether no node after this one reads the tensor.
    fn ends(&self, tensor: u32, node: u32) -> bool {
        self.last_readers.get(tensor as usize) == Some(&node)
    }
}
