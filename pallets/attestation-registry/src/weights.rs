//! What the calls weigh. Reads and writes are counted from the code; the times are medians of a native timing loop over
//! each call with storage in memory (release profile, two busy cores), times three for wasm.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of this pallet.
pub trait WeightInfo {
    /// Registering a model with a manifest and a graph of so many bytes.
    fn register_model(manifest_bytes: u32, parents: u32, graph_bytes: u32) -> Weight;
    /// Registering a model with a manifest and a skeleton of so many bytes.
    fn register_skeleton(manifest_bytes: u32, parents: u32, skeleton_bytes: u32) -> Weight;
    /// Flagging a model.
    fn flag() -> Weight;
    /// Lifting a flag.
    fn unflag() -> Weight;
    /// Retiring a model.
    fn retire() -> Weight;
    /// Removing a retired model's graph or skeleton.
    fn reclaim() -> Weight;
    /// One record with its share of the block's tree: charged by whoever records.
    fn record() -> Weight;
    /// What every block pays for sealing its records, however many.
    fn seal() -> Weight;
}

/// Weights on the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Reads: manifest (is it new?), previous version, each parent; account and holds of the deposit.
    /// Writes: entry, manifest, deposit, graph, its steps, one child for the previous version and one for each parent; account, holds.
    fn register_model(manifest_bytes: u32, parents: u32, graph_bytes: u32) -> Weight {
        let time = REGISTER
            .saturating_add(REGISTER_MANIFEST_BYTE.saturating_mul(manifest_bytes.into()))
            .saturating_add(REGISTER_GRAPH_BYTE.saturating_mul(graph_bytes.into()))
            .saturating_add(if graph_bytes > 0 { REGISTER_COST_LINE } else { 0 });
        let parents = u64::from(parents);
        Weight::from_parts(time, 0).saturating_add(
            T::DbWeight::get().reads_writes(parents.saturating_add(4), parents.saturating_add(8)),
        )
    }

    /// Reads and writes: as for a graph, with the skeleton in its place.
    fn register_skeleton(manifest_bytes: u32, parents: u32, skeleton_bytes: u32) -> Weight {
        let nodes = REGISTER_SKELETON_BYTE.saturating_mul(skeleton_bytes.into());
        Self::register_model(manifest_bytes, parents, 0).saturating_add(Weight::from_parts(nodes, 0))
    }

    /// Reads: entry. Writes: entry, flag.
    fn flag() -> Weight {
        Weight::from_parts(FLAG, 0).saturating_add(T::DbWeight::get().reads_writes(1, 2))
    }

    /// Reads and writes: entry, flag.
    fn unflag() -> Weight {
        Weight::from_parts(UNFLAG, 0).saturating_add(T::DbWeight::get().reads_writes(2, 2))
    }

    /// Reads: entry, flag. Writes: one of them.
    fn retire() -> Weight {
        Weight::from_parts(RETIRE, 0).saturating_add(T::DbWeight::get().reads_writes(2, 1))
    }

    /// Reads: entry, flag, skeleton, deposit, account, holds. Writes: entry, deposit, graph, skeleton, steps, account, holds.
    fn reclaim() -> Weight {
        Weight::from_parts(RECLAIM, 0).saturating_add(T::DbWeight::get().reads_writes(6, 7))
    }

    /// Neither reads nor writes state that outlives the block; the off-chain index is written beside it.
    fn record() -> Weight {
        Weight::from_parts(RECORD, 0)
    }

    /// Reads: the pending leaves, when they are first appended to and when their absence is committed. Writes: the root.
    fn seal() -> Weight {
        Weight::from_parts(SEAL, 0).saturating_add(T::DbWeight::get().reads_writes(2, 1))
    }
}

/// Picoseconds that wasm may take for so many nanoseconds of a native run.
const fn wasm(native_ns: u64) -> u64 {
    native_ns.saturating_mul(3_000)
}

/// A model without ancestors and graph, with the shortest manifest: 17.8 µs, its 180 bytes included.
const REGISTER: u64 = wasm(18_000);
/// From 180 to 2615 bytes of manifest: 26.6 µs.
const REGISTER_MANIFEST_BYTE: u64 = wasm(11);
/// From 1.5 to 509 KB of graph: 2.4 ms, most of it two digests of every byte.
const REGISTER_GRAPH_BYTE: u64 = wasm(5);
/// The cost of 4096 lengths for a graph of as many nodes as fit: 298 µs. Four nodes take 57 µs.
const REGISTER_COST_LINE: u64 = wasm(300_000);
/// Parsing and checking the table: 256 records of 56 bytes, each looked at twice.
const REGISTER_SKELETON_BYTE: u64 = wasm(20);
const FLAG: u64 = wasm(4_000);
const UNFLAG: u64 = wasm(4_000);
const RETIRE: u64 = wasm(3_000);
const RECLAIM: u64 = wasm(16_000);
/// 0.9 µs to record and 0.5 µs to seal, in blocks of 100 to 1000 records.
const RECORD: u64 = wasm(2_000);
/// A block with one record: 3 to 5 µs.
const SEAL: u64 = wasm(5_000);
