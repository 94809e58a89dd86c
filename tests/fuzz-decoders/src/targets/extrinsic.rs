//! Transactions, as the runtime reads them.

use crate::target::Target;
use codec::{Compact, DecodeLimit, Encode};
use frame_support::{traits::PalletInfoAccess, MAX_EXTRINSIC_DEPTH};
use pensum_runtime::{RuntimeCall, UncheckedExtrinsic, Utility};

pub(super) const TARGET: Target = Target {
    name: "extrinsic",
    seeds,
    check,
    share: 8000,
};

/// Levels of a call in a call in a call: far beyond what a stack would hold.
const NESTED: usize = 10_000;

/// Every call of the runtime with the least arguments there are, and with others.
fn calls() -> Vec<RuntimeCall> {
    let mut calls = Vec::new();
    for (pallet, call) in (0..=u8::MAX).flat_map(|pallet| (0..64).map(move |call| (pallet, call))) {
        // Zeros are empty lists and first variants; fours are lists of one.
        for filling in [0, 4, 1] {
            let bytes = [vec![pallet, call], vec![filling; 1024]].concat();
            let found = RuntimeCall::decode_with_depth_limit(16, &mut &bytes[..]);
            calls.extend(found.ok().filter(|call| call.encoded_size() < 1024));
        }
    }
    calls
}

/// `utility.batch` of itself.
fn nested(levels: usize) -> Vec<u8> {
    let pallet = Utility::index() as u8;
    let mut call: Vec<u8> = (0..levels).flat_map(|_| [pallet, 0, 4]).collect();
    call.extend([pallet, 0, 0]);
    with_length([vec![BARE], call].concat())
}

/// Version 5 of transactions, without signature and extension.
const BARE: u8 = 5;
/// Version 5 with an extension.
const GENERAL: u8 = 0b0100_0101;
/// Version 4 with a signature.
const SIGNED: u8 = 0b1000_0100;

fn with_length(bytes: Vec<u8>) -> Vec<u8> {
    [Compact(bytes.len() as u32).encode(), bytes].concat()
}

fn seeds() -> Vec<Vec<u8>> {
    let calls = calls();
    let mut seeds: Vec<Vec<u8>> = calls
        .iter()
        .map(|call| UncheckedExtrinsic::new_bare(call.clone()).encode())
        .collect();
    // With a signer, a signature and an extension of zeros: what it takes is found by trying.
    for (call, preamble) in calls.iter().zip([SIGNED, GENERAL].into_iter().cycle()) {
        let call = call.encode();
        let fits = (0..160).find_map(|zeros| {
            let bytes = with_length([vec![preamble], vec![0; zeros], call.clone()].concat());
            decode(&bytes).map(|_| bytes)
        });
        seeds.extend(fits);
    }
    seeds.push(nested(3));
    seeds.push(nested(NESTED));
    seeds
}

fn decode(bytes: &[u8]) -> Option<UncheckedExtrinsic> {
    UncheckedExtrinsic::decode_all_with_depth_limit(MAX_EXTRINSIC_DEPTH, &mut &*bytes).ok()
}

fn check(bytes: &[u8]) -> Result<(), String> {
    let Some(extrinsic) = decode(bytes) else {
        return Ok(());
    };
    let again = extrinsic.encode();
    // Version 4 and the length's own form may be written otherwise; what is read of that is the same.
    match decode(&again).map(|extrinsic| extrinsic.encode()) == Some(again) {
        true => Ok(()),
        false => Err("a transaction is read differently when it is written again".into()),
    }
}
