//! Randomness of a block, for what an earlier block has fixed.

use crate::Runtime;
use codec::Encode;
use pensum_primitives::{traits::BlockRandomness, Digest};

/// The output of the block author's verifiable random function, which nobody knew before the author's slot and the author itself
/// cannot choose: it can only give up its block. Nothing of the block before goes in, since whoever authored that too could
/// shape it to its liking. Only for a block whose author gave no such output, which this chain's slots do not allow, the parent's
/// hash stands in.
pub struct AuthorRandomness;

impl BlockRandomness for AuthorRandomness {
    fn of_block() -> Digest {
        let number = frame_system::Pallet::<Runtime>::block_number();
        let source = pallet_babe::AuthorVrfRandomness::<Runtime>::get()
            .unwrap_or_else(|| frame_system::Pallet::<Runtime>::parent_hash().0);
        sp_io::hashing::blake2_256(&(*b"pensum/block", source, number).encode()).into()
    }
}
