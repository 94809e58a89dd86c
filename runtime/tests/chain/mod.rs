//! The development preset, blocks made by its one validator, and transactions signed by well-known keys.

// Each file of tests is a program of its own and uses a part of it.
#![allow(dead_code)]

use codec::Encode;
use frame_support::traits::fungible::NativeOrWithId;
use pallet_asset_conversion_tx_payment::ChargeAssetTxPayment;
use pensum_primitives::{AccountId, AssetId, Balance, BlockNumber, Header};
use pensum_runtime::{
    constants::time::SLOT_MS, genesis, Executive, RuntimeCall, RuntimeEvent, RuntimeGenesisConfig, System,
    TxExtension, UncheckedExtrinsic,
};
use serde_json::Value;
use sp_consensus_babe::digests::{CompatibleDigestItem, PreDigest, SecondaryPlainPreDigest};
use sp_core::H256;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    generic::{Era, SignedPayload},
    traits::Header as _,
    ApplyExtrinsicResult, BuildStorage, Digest, DigestItem,
};

/// Runs a test in the first block of a development chain.
pub fn in_first_block(test: impl FnOnce()) {
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("a genesis is JSON");
    let preset = genesis::preset(&sp_genesis_builder::DEV_RUNTIME_PRESET.into()).expect("the preset exists");
    let preset: Value = serde_json::from_slice(&preset).expect("a preset is JSON");
    for (pallet, patch) in preset.as_object().expect("a preset is an object") {
        for (field, value) in patch.as_object().expect("a pallet's genesis is an object") {
            config[pallet][field] = value.clone();
        }
    }
    let config: RuntimeGenesisConfig = serde_json::from_value(config).expect("the preset fits");
    let mut chain = TestExternalities::new(config.build_storage().expect("the preset builds a state"));
    chain.execute_with(|| {
        begin(1);
        test();
        pensum_runtime::Rates::do_try_state().expect("every invariant of rates holds");
    });
}

/// Begins a block of Alice's.
fn begin(number: BlockNumber) {
    let slot = 1_000_000 + u64::from(number);
    let seal = PreDigest::SecondaryPlain(SecondaryPlainPreDigest {
        authority_index: 0,
        slot: slot.into(),
    });
    let logs = vec![<DigestItem as CompatibleDigestItem>::babe_pre_digest(seal)];
    let parent = H256::from_low_u64_be(number.into());
    let header = Header::new(number, H256::zero(), H256::zero(), parent, Digest { logs });
    Executive::initialize_block(&header);
    let now = pallet_timestamp::Call::set { now: slot * SLOT_MS };
    let time = UncheckedExtrinsic::new_bare(RuntimeCall::Timestamp(now));
    Executive::apply_extrinsic(time)
        .expect("the time is in order")
        .expect("and is set");
}

/// Makes so many empty blocks.
pub fn pass(blocks: BlockNumber) {
    for _ in 0..blocks {
        let number = System::block_number();
        Executive::finalize_block();
        System::reset_events();
        begin(number + 1);
    }
}

/// A transaction before it is signed.
pub struct Unsigned {
    /// What it does.
    pub call: RuntimeCall,
    /// The signer's how manieth it is.
    pub nonce: u32,
    /// What its fee is paid in.
    pub asset: Option<AssetId>,
    /// What is paid beside the fee.
    pub tip: Balance,
    /// How long it is good.
    pub era: Era,
}

impl Unsigned {
    /// The first of an account, without a tip, for ever good.
    pub fn paid_in(asset: Option<AssetId>, call: impl Into<RuntimeCall>) -> Self {
        Self {
            call: call.into(),
            nonce: 0,
            asset,
            tip: 0,
            era: Era::Immortal,
        }
    }

    /// Signs it.
    pub fn signed(self, by: Sr25519Keyring) -> UncheckedExtrinsic {
        let extension: TxExtension = (
            frame_system::AuthorizeCall::new(),
            frame_system::CheckNonZeroSender::new(),
            frame_system::CheckSpecVersion::new(),
            frame_system::CheckTxVersion::new(),
            frame_system::CheckGenesis::new(),
            frame_system::CheckMortality::from(self.era),
            frame_system::CheckNonce::from(self.nonce),
            frame_system::CheckWeight::new(),
            ChargeAssetTxPayment::from(self.tip, self.asset.map(NativeOrWithId::WithId)),
            frame_metadata_hash_extension::CheckMetadataHash::new(false),
            frame_system::WeightReclaim::new(),
        );
        let payload = SignedPayload::new(self.call, extension).expect("the era's first block is known");
        let signature = payload.using_encoded(|bytes| by.sign(bytes));
        let (call, extension, _) = payload.deconstruct();
        UncheckedExtrinsic::new_signed(call, by.to_account_id().into(), signature.into(), extension)
    }

    /// Signs and applies it.
    pub fn apply(self, by: Sr25519Keyring) -> ApplyExtrinsicResult {
        let transaction = self.signed(by);
        // As wide as it travels: its length is paid for.
        assert!(transaction.encoded_size() > 100);
        Executive::apply_extrinsic(transaction)
    }
}

/// The account of a key.
pub fn account(key: Sr25519Keyring) -> AccountId {
    key.to_account_id()
}

/// The events of this block.
pub fn events() -> Vec<RuntimeEvent> {
    System::read_events_no_consensus()
        .map(|record| record.event)
        .collect()
}
