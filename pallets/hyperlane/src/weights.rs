//! What the calls weigh.
//!
//! Reads and writes are counted from the code, and each function says of what. The times are the best of 30 runs of
//! `tests/timing.rs`, a native release build over an in-memory database, times three for the wasm executor. What the host does takes
//! the same time under wasm, so that its part has a margin of three as well.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls weigh.
pub trait WeightInfo {
    /// Dispatching a message with a body of so many bytes, without the signatures that validators publish of it.
    fn dispatch(bytes: u32) -> Weight;
    /// Quoting and paying for gas.
    fn pay() -> Weight;
    /// Refusing a message of so many bytes before a signature is looked at.
    fn refuse(bytes: u32) -> Weight;
    /// Processing a message of so many bytes, without its signatures and without what its recipient does.
    fn process(bytes: u32) -> Weight;
    /// One signature in metadata.
    fn signature() -> Weight;
    /// Checking so many signatures of checkpoints for the pool and for a block.
    fn authorize_checkpoints(signatures: u32) -> Weight;
    /// Storing them.
    fn publish_checkpoints(signatures: u32) -> Weight;
    /// Announcing a location of so many bytes.
    fn announce(bytes: u32) -> Weight;
    /// Paying for a message that was dispatched.
    fn pay_for_gas() -> Weight;
    /// Judging a checkpoint, with a proof of its key of so many bytes.
    fn report_bad_checkpoint(proof_bytes: u32) -> Weight;
    /// Setting, changing or removing a security module.
    fn set_ism() -> Weight;
    /// Setting a gas oracle, a destination or a pause.
    fn set_value() -> Weight;
}

/// Weights with the runtime's database and at most so many validators.
pub struct SubstrateWeight<T, const VALIDATORS: u32 = 100>(PhantomData<T>);

impl<T: frame_system::Config, const VALIDATORS: u32> WeightInfo for SubstrateWeight<T, VALIDATORS> {
    /// Reads: pause, destination, nonce, domain, tree, oldest, the entry that leaves the window, and how many validators there are. Writes:
    /// nonce, tree, entry, index, bytes; of the message that leaves the window entry, index, bytes, signatures; oldest.
    fn dispatch(bytes: u32) -> Weight {
        linear(DISPATCH, DISPATCH_BYTE, bytes).saturating_add(T::DbWeight::get().reads_writes(8, 10))
    }

    /// Reads: oracle, payer, beneficiary. Writes: payer, beneficiary.
    fn pay() -> Weight {
        time(PAY).saturating_add(T::DbWeight::get().reads_writes(3, 2))
    }

    /// Reads: pause, domain, whether it was delivered, both security modules, and two to find out whether anybody has the
    /// recipient's address.
    fn refuse(bytes: u32) -> Weight {
        linear(REFUSE, MESSAGE_BYTE, bytes).saturating_add(T::DbWeight::get().reads(7))
    }

    /// Reads: as where it is refused, and the module that waits once more. Writes: delivered; both modules, where one takes the
    /// other's place.
    fn process(bytes: u32) -> Weight {
        Self::refuse(bytes)
            .saturating_add(time(PROCESS))
            .saturating_add(T::DbWeight::get().reads_writes(1, 3))
    }

    fn signature() -> Weight {
        time(RECOVER)
    }

    /// Reads: domain and both sets; for each signature the checkpoint and its signatures so far.
    fn authorize_checkpoints(signatures: u32) -> Weight {
        let validators = u64::from(VALIDATORS);
        let each = AUTHORIZE.saturating_add(validators.saturating_mul(LISTED));
        linear(validators.saturating_mul(MEMBER), each, signatures).saturating_add(
            T::DbWeight::get().reads(u64::from(signatures).saturating_mul(2).saturating_add(3)),
        )
    }

    /// Reads: domain, the first checkpoint, both sets, oldest; for each signature the signatures so far, once to add one and twice to
    /// see what is due next. Writes: one of the sets; for each signature the list it is added to.
    fn publish_checkpoints(signatures: u32) -> Weight {
        let validators = u64::from(VALIDATORS);
        let each = PUBLISH.saturating_add(validators.saturating_mul(LISTED).saturating_mul(3));
        linear(
            RECOVER.saturating_add(validators.saturating_mul(MEMBER)),
            each,
            signatures,
        )
        .saturating_add(T::DbWeight::get().reads(u64::from(signatures).saturating_mul(3).saturating_add(5)))
        .saturating_add(T::DbWeight::get().writes(u64::from(signatures).saturating_add(1)))
    }

    /// Reads: domain, the validator's locations. Writes: the same locations.
    fn announce(bytes: u32) -> Weight {
        linear(ANNOUNCE, ANNOUNCE_BYTE, bytes).saturating_add(T::DbWeight::get().reads_writes(2, 1))
    }

    /// Reads: the message's leaf and its entry, and what paying reads.
    fn pay_for_gas() -> Weight {
        Self::pay().saturating_add(T::DbWeight::get().reads(2))
    }

    /// Reads: domain, tree, the entry that judges; the session, its validators and each one's keys, of which the session's trie is made
    /// anew; the offence, those like it, and the era, exposure and slashes that staking asks for. Writes: the offence, the list of those
    /// like it, disabling, and what staking notes; what it slashes is registered by it.
    fn report_bad_checkpoint(proof_bytes: u32) -> Weight {
        let validators = u64::from(VALIDATORS);
        linear(
            REPORT.saturating_add(validators.saturating_mul(SESSION_KEYS)),
            PROOF_BYTE,
            proof_bytes,
        )
        .saturating_add(T::DbWeight::get().reads(validators.saturating_add(15)))
        .saturating_add(T::DbWeight::get().writes(10))
    }

    /// Reads: domain, whether there was one, the module, the one that waits, the delay. Writes: the last three.
    fn set_ism() -> Weight {
        time(SET_ISM).saturating_add(T::DbWeight::get().reads_writes(5, 3))
    }

    /// Reads: domain. Writes: the value.
    fn set_value() -> Weight {
        time(SET_VALUE).saturating_add(T::DbWeight::get().reads_writes(1, 1))
    }
}

fn time(picoseconds: u64) -> Weight {
    Weight::from_parts(picoseconds, 0)
}

fn linear(base: u64, each: u64, count: u32) -> Weight {
    time(base.saturating_add(each.saturating_mul(count.into())))
}

/// Picoseconds in wasm of what takes so many nanoseconds natively.
const fn wasm(native_ns: u64) -> u64 {
    native_ns.saturating_mul(3_000)
}

// 22 µs, of which 32 to 63 hashes of 0.45 µs; 24 µs more for the longest body.
const DISPATCH: u64 = wasm(25_000);
const DISPATCH_BYTE: u64 = wasm(4);
// Paying for a message that was dispatched takes 40 µs.
const PAY: u64 = wasm(40_000);
// 4 µs, 27 µs for the longest message.
const REFUSE: u64 = wasm(5_000);
const MESSAGE_BYTE: u64 = wasm(4);
// With one signature, 49 µs by id and 62 µs by root; 38 µs are the recovery.
const PROCESS: u64 = wasm(25_000);
const RECOVER: u64 = wasm(40_000);
// 45 µs each, the recovery included.
const AUTHORIZE: u64 = wasm(48_000);
// Reading a signature in a list, or a validator in a set: 0.06 µs.
const LISTED: u64 = wasm(70);
const MEMBER: u64 = wasm(70);
// 1.7 µs each beyond the first, whose signer is recovered.
const PUBLISH: u64 = wasm(3_000);
// 49 µs where the validator has announced seven other long locations.
const ANNOUNCE: u64 = wasm(50_000);
const ANNOUNCE_BYTE: u64 = wasm(10);
// 64 µs among one validator; 30 µs more for a proof of the truth. The key's address takes 7 µs of these, and twenty times as much in wasm,
// which has no multiplication of 64 bits by 64.
const REPORT: u64 = wasm(150_000);
// 4 µs where a validator has one session key; here it has six.
const SESSION_KEYS: u64 = wasm(15_000);
const PROOF_BYTE: u64 = wasm(5);
// 8 µs for fifty validators.
const SET_ISM: u64 = wasm(12_000);
const SET_VALUE: u64 = wasm(3_000);
