//! Bounds that shape what is stored. They are constants and not parameters, since a change needs a migration.

/// Most parts a batch is held in at once: a post, and every hand-over, finds at most as many solvers as parts are free.
/// Four times 64 tasks fill a batch, and eight leave room for a failed part to be cut again.
pub const MAX_PARTS: u32 = 8;

/// Most parts of a batch that may fail and go to other solvers; what fails after that is refunded. Each is at most one
/// answer window long, so that this also bounds how long a requester without a tight deadline waits.
///
/// Six and not three, because hand-overs are what silent solvers can spend: with three, a few cheap ones that let their time run out
/// end a batch which an honest solver behind them would have answered. Each further one needs a bond of its own, and after
/// the first the book is asked for reputation and not for price, which silence costs.
pub const MAX_HANDOVERS: u32 = 6;

/// Most sheets of answers for one part. The last must answer all that is left. Answers are free, and the requester prepaid
/// so many at posting.
pub const MAX_SHEETS: u8 = 4;

/// Most tasks in one sheet and in one batch.
pub const MAX_TASKS: u32 = pensum_primitives::ids::MAX_BATCH;

/// Most batches that `open_tasks` reads in one call, so that a filter which nothing fits does not read the whole state.
pub const MAX_SCAN: usize = 10_000;

/// Rounds of a panel that answers: where the first finds no majority, a second with twice the members decides.
pub const PANEL_ROUNDS: u8 = 2;

/// Rounds of a jury: where the first finds no majority, a second with twice the jurors decides.
pub const JURY_ROUNDS: u8 = 2;

/// Most appeals against one answer, each to a jury twice as large and for a bond twice as high as the one before.
pub const MAX_APPEALS: u32 = 3;

/// Most tasks whose answers went into one input.
pub const MAX_UPSTREAM: u32 = 8;
