//! Bounds that shape what is stored and signed. They are constants and not parameters, since a change needs a migration.

/// Most rounds of one auction. A round in which nobody bids is followed by a dearer one; after the last the batch is unsold.
pub const MAX_ROUNDS: u8 = 3;

/// Most solvers that an auction excludes. More than a batch can be handed over, and few enough for one small record.
pub const MAX_EXCLUDED: u32 = 8;

/// Most finished blocks of the agenda that one block passes over while it works off a backlog. More than one, so that the
/// backlog shrinks.
pub const MAX_BLOCKS: u32 = 16;

/// Most auctions that `open_to` looks at, so that a solver which nothing fits does not read all of them.
pub const MAX_SCAN: usize = 1_000;
