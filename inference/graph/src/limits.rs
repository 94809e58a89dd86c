//! How much a graph may ask for.

/// Default for [`Limits::max_bytes`]: what a model may keep on chain.
pub const MAX_BYTES: u32 = 512 * 1024;
/// Default for [`Limits::max_nodes`]: far above any model of a size that is replayed at once.
pub const MAX_NODES: u32 = 256;
/// Default for [`Limits::max_cost`], in multiply-accumulates: what plain wasm does in roughly 100 ms.
pub const MAX_COST: u64 = 150_000_000;
/// Default for [`Limits::max_tensor`], in bytes. An execution holds two tensors at a time.
pub const MAX_TENSOR: u32 = 1024 * 1024;

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
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: MAX_BYTES,
            max_nodes: MAX_NODES,
            max_cost: MAX_COST,
            max_tensor: MAX_TENSOR,
        }
    }
}
