//! What the calls and the hook weigh.
//!
//! Reads and writes are counted from the code; storage that every block touches anyway (block number, events) is not counted. Pools
//! and assets are counted as the runtime wires them: `pallet-asset-conversion` over `pallet-assets` and `pallet-assets-holder`. Times
//! were measured natively in a release build over an in-memory database with `MAX_LISTED` assets, best of 2 000 runs on one core of an
//! AMD EPYC, and are taken three times for the wasm executor. The chain has no parachain proof, so proof size is zero.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls and the hook weigh.
pub trait WeightInfo {
    /// Of `list`.
    fn list() -> Weight;
    /// Of `delist`.
    fn delist() -> Weight;
    /// Of `set_stable`.
    fn set_stable() -> Weight;
    /// The hook, where an asset is listed.
    fn sample() -> Weight;
    /// The hook, where none is.
    fn nothing_listed() -> Weight;
    /// Asking for the worth of an amount, for the pallets that do.
    fn worth() -> Weight;
}

/// Weights with the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> SubstrateWeight<T> {
    fn of(picoseconds: u64, reads: u64, writes: u64) -> Weight {
        Weight::from_parts(picoseconds, 0).saturating_add(T::DbWeight::get().reads_writes(reads, writes))
    }
}

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Reads: the asset, its metadata, listings. Writes: listings.
    fn list() -> Weight {
        Self::of(LIST, 3, 1)
    }

    /// Reads and writes: listings, stable asset.
    fn delist() -> Weight {
        Self::of(LIST, 2, 2)
    }

    /// Reads: listings. Writes: stable asset.
    fn set_stable() -> Weight {
        Self::of(LOOK_UP, 1, 1)
    }

    /// Reads: listings, the pool, its native account, the asset, the pool's account in it and what is held there. Writes: listings.
    fn sample() -> Weight {
        Self::of(SAMPLE, 6, 1)
    }

    /// Reads: listings.
    fn nothing_listed() -> Weight {
        Self::of(LOOK_UP, 1, 0)
    }

    /// Reads: listings.
    fn worth() -> Weight {
        Self::of(LOOK_UP, 1, 0)
    }
}

/// Picoseconds in wasm of what takes so many nanoseconds natively.
const fn wasm(native_ns: u64) -> u64 {
    native_ns.saturating_mul(3_000)
}

/// Listing or delisting: 3.2 µs.
const LIST: u64 = wasm(4_000);
/// Reading the listings and finding one: 0.8 µs.
const LOOK_UP: u64 = wasm(1_000);
/// Finding whose turn it is, an average, writing: 1.8 µs; reading the reserves takes the real pools some 5 µs more.
const SAMPLE: u64 = wasm(7_000);
