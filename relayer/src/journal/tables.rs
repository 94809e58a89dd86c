use redb::TableDefinition;

/// Values are SCALE; names of tables and order of keys are part of the format.
pub(super) const ABOUT: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("about");
pub(super) const CURSORS: TableDefinition<'_, u32, &[u8]> = TableDefinition::new("cursors");
pub(super) const ANCHORS: TableDefinition<'_, (u32, u64), &[u8; 32]> = TableDefinition::new("anchors");
pub(super) const LEAVES: TableDefinition<'_, (u32, u32), (&[u8; 32], u64)> = TableDefinition::new("leaves");
pub(super) const LEAF_OF: TableDefinition<'_, &[u8; 32], u32> = TableDefinition::new("leaf_of");
pub(super) const MESSAGES: TableDefinition<'_, (u32, u32), &[u8]> = TableDefinition::new("messages");
pub(super) const DUE: TableDefinition<'_, (u32, u64, u32, u32), ()> = TableDefinition::new("due");
pub(super) const TRANSACTIONS: TableDefinition<'_, (u32, u64), &[u8]> = TableDefinition::new("transactions");
pub(super) const TOTALS: TableDefinition<'_, (u32, u32), &[u8]> = TableDefinition::new("totals");
pub(super) const SIGNED: TableDefinition<'_, u32, &[u8; 32]> = TableDefinition::new("signed");
