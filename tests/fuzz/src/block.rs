//! Blocks, made as an author makes them.

use codec::Encode;
use pensum_primitives::{BlockNumber, Header};
use pensum_runtime::{constants::time::SLOT_MS, Executive, RuntimeCall, System, UncheckedExtrinsic};
use sp_consensus_babe::{
    digests::{CompatibleDigestItem, PreDigest, SecondaryPlainPreDigest},
    Slot,
};
use sp_core::H256;
use sp_runtime::{Digest, DigestItem};

/// The slot of block 0.
const FIRST_SLOT: u64 = 1_000_000;

/// Where the chain stands.
#[derive(Clone, Debug, Default)]
pub struct Blocks {
    number: BlockNumber,
}

impl Blocks {
    /// The block that is being made, or was made last.
    pub fn number(&self) -> BlockNumber {
        self.number
    }

    /// Begins the next block. Its parent's hash, and with it the randomness of the block, follows from `entropy`.
    pub fn begin(&mut self, entropy: u8) {
        self.number += 1;
        let slot = FIRST_SLOT + u64::from(self.number);
        let digest = PreDigest::SecondaryPlain(SecondaryPlainPreDigest {
            authority_index: 0,
            slot: Slot::from(slot),
        });
        let parent = sp_io::hashing::blake2_256(&(self.number, entropy).encode());
        Executive::initialize_block(&Header {
            parent_hash: H256(parent),
            number: self.number,
            state_root: H256::zero(),
            extrinsics_root: H256::zero(),
            digest: Digest {
                logs: vec![<DigestItem as CompatibleDigestItem>::babe_pre_digest(digest)],
            },
        });
        let time = RuntimeCall::from(pallet_timestamp::Call::set { now: slot * SLOT_MS });
        let applied = Executive::apply_extrinsic(UncheckedExtrinsic::new_bare(time));
        assert!(matches!(applied, Ok(Ok(()))), "the time is refused: {applied:?}");
    }

    /// Ends the block.
    pub fn end(&self) {
        Executive::finalize_block();
        debug_assert_eq!(System::block_number(), self.number);
    }
}
