//! Every bound of this crate, with its reason. Hyperlane itself bounds none of these but the tree.

/// Bytes of a message's body. An intent carries at most 4 KiB of input inline; as much again is left for the ABI's words, the
/// intent's other fields and a token message in front of it.
pub const MAX_BODY_BYTES: usize = 8_192;

/// Validators of one set: the relayer of the protocol's authors refuses larger ones.
pub const MAX_VALIDATORS: usize = 50;

/// Bytes of an announced storage location. A bucket's name has at most 63 and a file system's path rarely more than 255.
pub const MAX_LOCATION_BYTES: usize = 512;

/// Bytes behind the standard hook metadata: a fee token's address (20) and whatever a hook of one's own reads.
pub const MAX_CUSTOM_HOOK_BYTES: usize = 1_024;

/// Levels of the Merkle tree below its root.
pub const TREE_DEPTH: usize = 32;

/// Leaves that the tree takes: 2^32 - 1, so that its count fits 32 bits.
pub const MAX_LEAVES: u32 = u32::MAX;

/// Bytes of a validator's file that are read at all. The longest one written holds a location and well under 1 KiB besides.
pub const MAX_FILE_BYTES: usize = 4_096;
