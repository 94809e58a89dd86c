//! How much a graph may ask for.

/// Default for [`Limits::max_bytes`]: what a model may keep on chain.
pub const MAX_BYTES: u32 = 512 * 1024;
/// Default for [`Limits::max_nodes`]: far above any model of a size that is replayed at once.
pub const MAX_NODES: u32 = 256;
/// Default for [`Limits::max_cost`], in multiply-accumulates: what plain wasm does in roughly 100 ms.
pub const MAX_COST: u64 = 150_000_000;
/// Default for [`Limits::max_tensor`], in bytes.
pub const MAX_TENSOR: u32 = 1024 * 1024;
/// Default for [`Limits::max_live`], in bytes: twice what the largest chain holds, a node's input and its output.
pub const MAX_LIVE: u32 = 4 * MAX_TENSOR;

/// Default for [`TileLimits::max_weights_bytes`]: what an extrinsic carries in a 5 MiB block beside the tensors.
pub const MAX_STEP_WEIGHTS: u32 = 2 * 1024 * 1024;
/// Default for [`TileLimits::max_cost`]: roughly 50 ms of plain wasm, far below half a block.
pub const MAX_STEP_COST: u64 = 85_000_000;
/// Default for [`TileLimits::max_io_bytes`].
pub const MAX_STEP_IO: u32 = 1024 * 1024;

/// The format's own bound on the number of elements of a tensor, which no [`Limits`] can raise.
pub const FORMAT_MAX_ELEMENTS: u32 = 1 << 24;
/// The format's own bound on the number of nodes.
pub const FORMAT_MAX_NODES: u32 = 4096;
/// The format's own bound on the length of a text, in UTF-8 bytes.
pub const FORMAT_MAX_TEXT_BYTES: u32 = 65_536;
/// The format's own bound on the code points of a normalised text.
pub const FORMAT_MAX_CHARS: u32 = 4096;
/// The format's own bound on the order of an n-gram.
pub const FORMAT_MAX_ORDER: u8 = 8;
/// The format's own bound on the logarithm of the number of n-gram buckets.
pub const FORMAT_MAX_BUCKET_BITS: u8 = 24;
/// The format's own bound on the width of an embedding.
pub const FORMAT_MAX_EMBEDDING: u32 = 4096;

/// How much a graph may ask for; what `Graph::validate` holds it to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Length of the whole graph in bytes.
    pub max_bytes: u32,
    /// Number of nodes.
    pub max_nodes: u32,
    /// Worst-case cost of one execution, in multiply-accumulate equivalents.
    pub max_cost: u64,
    /// Bytes of any one tensor, the input included.
    pub max_tensor: u32,
    /// Bytes of all tensors that are alive while a node runs: those that it or a later node reads, and its output.
    pub max_live: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: MAX_BYTES,
            max_nodes: MAX_NODES,
            max_cost: MAX_COST,
            max_tensor: MAX_TENSOR,
            max_live: MAX_LIVE,
        }
    }
}

/// How much one node may ask for, so that it can be executed alone on chain; what [`tile`](crate::tile::tile) cuts nodes
/// to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TileLimits {
    /// Bytes of a node's weights.
    pub max_weights_bytes: u32,
    /// Worst-case cost of executing it alone, in multiply-accumulate equivalents.
    pub max_cost: u64,
    /// Bytes of all its inputs and of its output together.
    pub max_io_bytes: u32,
}

impl Default for TileLimits {
    fn default() -> Self {
        Self {
            max_weights_bytes: MAX_STEP_WEIGHTS,
            max_cost: MAX_STEP_COST,
            max_io_bytes: MAX_STEP_IO,
        }
    }
}
