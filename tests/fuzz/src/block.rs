//! Blocks, made as an author makes them.

use codec::Encode;
use frame_support::traits::Hooks;
use pensum_primitives::{asset::MAX_LISTED, BlockNumber, Header};
use pensum_runtime::{
    constants::time::SLOT_MS, Executive, Rates, Runtime, RuntimeCall, System, UncheckedExtrinsic,
};
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
    made: u64,
}

impl Blocks {
    /// The block that is being made, or was made last.
    pub fn number(&self) -> BlockNumber {
        self.number
    }

    /// How many blocks were made.
    pub fn made(&self) -> u64 {
        self.made
    }

    /// Leaves blocks out, so that the next one has this number at least. As if they had been empty: for the caller to make sure of.
    /// Slots are not left out, since sessions go by them.
    pub fn leave_out_until(&mut self, number: BlockNumber) {
        let last = self.number.max(number.saturating_sub(1));
        // Rates are looked at in every block, and a look speaks for no more than so many.
        for left_out in (self.number + 1..=last).step_by(MAX_LISTED as usize) {
            System::set_block_number(left_out);
            Rates::on_initialize(left_out);
        }
        self.number = last;
        // `Executive` takes no block but the next, and the scheduler looks at every one that it has not seen.
        System::set_block_number(self.number);
        pallet_scheduler::IncompleteSince::<Runtime>::kill();
    }

    /// Begins the next block. Its parent's hash, and with it the randomness of the block, follows from `entropy`.
    pub fn begin(&mut self, entropy: u8) {
        self.number += 1;
        self.made += 1;
        let slot = FIRST_SLOT + self.made;
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
