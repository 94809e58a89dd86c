//! What calls, messages and the hook weigh.
//!
//! Reads and writes are counted from the code, and each function says of what; the rates behind `Rates` and the oracle behind
//! `Mailbox` are counted as the runtime wires them. What the market and the mailbox do is in their own weights. The times are the best
//! of eight runs of 200 of each in a native release build over an in-memory database, times three for the wasm executor.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What calls, messages and the hook weigh.
pub trait WeightInfo {
    /// Changing one of governance's settings.
    fn set() -> Weight;
    /// Reading a body of so many bytes, twice: to weigh it and to do what it says.
    fn decode(bytes: u32) -> Weight;
    /// Charging and storing an intent, posting aside.
    fn take_intent() -> Weight;
    /// Answering a body that cannot be read.
    fn refuse() -> Weight;
    /// Doing what a contract asks for, the market's work and sending aside.
    fn obey() -> Weight;
    /// Crediting money that came, or that had waited.
    fn take_tokens() -> Weight;
    /// Looking whether there is something to do.
    fn look() -> Weight;
    /// Noting the end of a task, and handing on its result, the mailbox's work aside.
    fn hand_on() -> Weight;
    /// Putting a result into a batch in place of dispatching it.
    fn add_to_batch() -> Weight;
    /// Sending money, the mailbox's work aside.
    fn send_tokens() -> Weight;
    /// Closing a batch.
    fn close() -> Weight;
    /// Sending the root of a batch, the mailbox's work aside.
    fn send_root() -> Weight;
}

/// Weights with the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Reads: the setting, and for a route its asset. Writes: the setting.
    fn set() -> Weight {
        time(SET).saturating_add(T::DbWeight::get().reads_writes(2, 1))
    }

    fn decode(bytes: u32) -> Weight {
        time(DECODE.saturating_add(u64::from(bytes).saturating_mul(DECODE_BYTE)))
    }

    /// Reads: request, registry, oracle, route, rate, policy, sender; for the fee the asset, its holds, and two accounts in it and
    /// in PEN; span of the queue. Writes: asset and accounts; request, and where it is refused ending, queue and span.
    fn take_intent() -> Weight {
        time(TAKE_INTENT).saturating_add(T::DbWeight::get().reads_writes(14, 9))
    }

    /// Reads: span of the queue. Writes: request, ending, queue, span.
    fn refuse() -> Weight {
        time(REFUSE).saturating_add(T::DbWeight::get().reads_writes(1, 4))
    }

    /// Reads: request, ending; for the fee of a withdrawal oracle, rate, asset, its holds, two accounts in it and in PEN. Writes: asset
    /// and accounts.
    fn obey() -> Weight {
        time(OBEY).saturating_add(T::DbWeight::get().reads_writes(10, 5))
    }

    /// Reads: route, what waits, asset, account in it, account. Writes: all of these.
    fn take_tokens() -> Weight {
        time(TAKE_TOKENS).saturating_add(T::DbWeight::get().reads_writes(5, 5))
    }

    /// Reads: spans of the queue, of what is tried again, and of what is closed.
    fn look() -> Weight {
        time(LOOK).saturating_add(T::DbWeight::get().reads(3))
    }

    /// Reads: span of the queue at the end of the task; queue and span; request, ending, oracle; span of the line of those remembered, and for each
    /// of two that are forgotten line, place and batch; span of the line of retries. Writes: ending, queue and span at the end of the task;
    /// queue and span; request, ending; place, line and span, and for each of two place, line and result; the refund in the queue.
    fn hand_on() -> Weight {
        time(HAND_ON).saturating_add(T::DbWeight::get().reads_writes(14, 17))
    }

    /// Reads: count of batches, batch, span of the line of closings. Writes: count, batch, result, closing and span, the root in the queue; an
    /// old batch.
    fn add_to_batch() -> Weight {
        time(ADD_TO_BATCH).saturating_add(T::DbWeight::get().reads_writes(3, 7))
    }

    /// Reads: queue and span, route, oracle, asset, its holds, account in it, account; for a fee beneficiary; span of the line of retries. Writes:
    /// queue and span, route, asset, account in it, account, beneficiary, retry and span.
    fn send_tokens() -> Weight {
        time(SEND_TOKENS).saturating_add(T::DbWeight::get().reads_writes(10, 9))
    }

    /// Reads: line and span, batch, span of the queue. Writes: line and span, batch, queue and span.
    fn close() -> Weight {
        time(CLOSE).saturating_add(T::DbWeight::get().reads_writes(4, 5))
    }

    /// Reads: queue and span, batch, registry, oracle, span of the line of retries. Writes: queue and span, batch, retry and span.
    fn send_root() -> Weight {
        time(SEND_ROOT).saturating_add(T::DbWeight::get().reads_writes(6, 5))
    }
}

fn time(picoseconds: u64) -> Weight {
    Weight::from_parts(picoseconds, 0)
}

/// Picoseconds in wasm of what takes so many nanoseconds natively.
const fn wasm(native_ns: u64) -> u64 {
    native_ns.saturating_mul(3_000)
}

/// 3.2 µs.
const SET: u64 = wasm(4_000);
/// An intent with an input of 6 bytes takes 0.5 µs, one with 4096 bytes 0.7 µs; each is read twice.
const DECODE: u64 = wasm(2_000);
const DECODE_BYTE: u64 = wasm(1);
/// 25 µs, half of it the transfer of the fee.
const TAKE_INTENT: u64 = wasm(30_000);
/// 6.5 µs.
const REFUSE: u64 = wasm(8_000);
/// A withdrawal that pays for its delivery takes 30 µs beside sending.
const OBEY: u64 = wasm(35_000);
/// 11 µs.
const TAKE_TOKENS: u64 = wasm(14_000);
/// 0.3 µs.
const LOOK: u64 = wasm(500);
/// 18 µs with an answer of 1024 bytes.
const HAND_ON: u64 = wasm(22_000);
/// 5 µs more.
const ADD_TO_BATCH: u64 = wasm(6_000);
/// 22 µs, and 12 µs for the fee of a transfer.
const SEND_TOKENS: u64 = wasm(40_000);
/// 33 µs with 64 leaves.
const SEND_ROOT: u64 = wasm(40_000);
/// 3.5 µs.
const CLOSE: u64 = wasm(5_000);
