//! What the calls and the hook weigh.
//!
//! Reads and writes are counted from the code, and each function says of what; the pallets behind `Solvers` and `Lots` are counted
//! as the runtime wires them. Storage that every block touches anyway (block number, events) is not counted. The chain has no
//! parachain proof, so proof size is zero. Times were measured natively in a release build over an in-memory database, best of 41
//! runs on one core of an AMD EPYC, with 32 bids in an auction and a market and solvers that only keep their books; they are
//! rounded up, for the work of the real ones too, and taken three times for the wasm executor.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls and the hook weigh.
pub trait WeightInfo {
    /// Taking a batch. What the authorisation has read is not counted again, here and below.
    fn take() -> Weight;
    /// Committing to a bid, which takes the place of another.
    fn bid() -> Weight;
    /// Revealing the last bid of an auction.
    fn reveal_bid() -> Weight;
    /// Authorising a take, the rehearsal of the award included.
    fn authorize_take() -> Weight;
    /// Authorising a bid.
    fn authorize_bid() -> Weight;
    /// Authorising the revealing of a bid.
    fn authorize_reveal_bid() -> Weight;
    /// Passing over so many blocks of the agenda.
    fn agenda(blocks: u32) -> Weight;
    /// Looking at an auction that is due, and moving it in the agenda.
    fn look() -> Weight;
    /// Taking an auction with so many bids out of all lists, giving deposits back and reporting so many bidders.
    fn settle(bids: u32, withheld: u32) -> Weight;
    /// Awarding a batch to a solver, or being refused.
    fn award() -> Weight;
    /// Opening another round.
    fn next_round() -> Weight;
    /// The market's refund of so many tasks.
    fn unsold(tasks: u32) -> Weight;
}

/// Weights with the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> SubstrateWeight<T> {
    fn of(picoseconds: u64, reads: u64, writes: u64) -> Weight {
        Weight::from_parts(picoseconds, 0).saturating_add(T::DbWeight::get().reads_writes(reads, writes))
    }
}

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Writes: auction, agenda, model's list; the market's batch, two entries of its agenda and the solver's list; the solver.
    fn take() -> Weight {
        Self::of(TAKE, 0, 8)
    }

    /// Reads: the solver that gives way. Writes: bids, two lists of bidders, both solvers.
    fn bid() -> Weight {
        Self::of(BID, 1, 5)
    }

    /// Writes: bids, auction, two entries of the agenda.
    fn reveal_bid() -> Weight {
        Self::of(REVEAL, 0, 4)
    }

    /// Reads: genesis hash, operator, auction, solver, book; the market's batch and its inputs.
    fn authorize_take() -> Weight {
        Self::of(AUTHORIZE.saturating_add(TAKE), 7, 0)
    }

    /// Reads: genesis hash, operator, auction, bids, solver, book.
    fn authorize_bid() -> Weight {
        Self::of(AUTHORIZE, 6, 0)
    }

    /// Reads: genesis hash, operator, auction, bids.
    fn authorize_reveal_bid() -> Weight {
        Self::of(AUTHORIZE, 4, 0)
    }

    /// Reads: cursor, and the first key of each block. Writes: cursor.
    fn agenda(blocks: u32) -> Weight {
        let blocks = u64::from(blocks);
        Self::of(LOOK.saturating_mul(blocks), blocks.saturating_add(1), 1)
    }

    /// Reads: key of the agenda, auction, bids. Writes: auction, two entries of the agenda.
    fn look() -> Weight {
        Self::of(LOOK, 3, 3)
    }

    /// Reads: for each bid its solver; for each report the next slash. Writes: auction, agenda, model's list, bids; for each bid
    /// its solver and its list; for each report slash, its agenda, next slash.
    fn settle(bids: u32, withheld: u32) -> Weight {
        let (bids, withheld) = (u64::from(bids), u64::from(withheld));
        let time = bids
            .saturating_mul(SETTLE)
            .saturating_add(withheld.saturating_mul(REPORT));
        let writes = bids
            .saturating_mul(2)
            .saturating_add(withheld.saturating_mul(3))
            .saturating_add(4);
        Self::of(time, bids.saturating_add(withheld), writes)
    }

    /// Reads: the market's batch and its inputs, book, solver. Writes: batch, two entries of the market's agenda, solver's list,
    /// solver.
    fn award() -> Weight {
        Self::of(TAKE, 4, 5)
    }

    /// Writes: auction, agenda, model's list.
    fn next_round() -> Weight {
        Self::of(LOOK, 0, 3)
    }

    /// Reads: batch, inputs, the requester's account and holds. Writes: the same and an entry of the market's agenda.
    fn unsold(tasks: u32) -> Weight {
        Self::of(REFUND_TASK.saturating_mul(tasks.into()), 4, 5)
    }
}

/// Picoseconds in wasm of what takes so many nanoseconds natively.
const fn wasm(native_ns: u64) -> u64 {
    native_ns.saturating_mul(3_000)
}

/// One sr25519 signature: 38 µs.
const AUTHORIZE: u64 = wasm(42_000);
/// 5 µs; the market's new part and the solver's bonds take 9 µs and some 5 µs more.
const TAKE: u64 = wasm(25_000);
/// 8 µs, where another bid gives way.
const BID: u64 = wasm(10_000);
/// 4 µs.
const REVEAL: u64 = wasm(5_000);
/// A block of the agenda: 1.3 µs. Ending a round and opening the next: 6 µs.
const LOOK: u64 = wasm(6_000);
/// 1.4 µs for each bid, with the comparison.
const SETTLE: u64 = wasm(2_000);
/// 2.6 µs for each bid; solver-staking needs some 15 µs for a fault.
const REPORT: u64 = wasm(20_000);
/// As in the market's own weights.
const REFUND_TASK: u64 = wasm(4_400);
