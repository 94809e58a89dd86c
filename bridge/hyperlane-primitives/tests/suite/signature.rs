use hyperlane_primitives::{Native, Signature, SignatureError, H256};
use proptest::prelude::*;

use crate::{
    proven::{address_of, key, sign},
    support::hash,
};

/// The order of the curve, and half of it rounded down, by independent means: their digits.
const ORDER: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
const HALF_ORDER: &str = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0";

fn scalar(digits: &str) -> [u8; 32] {
    hex::decode(digits).unwrap().try_into().unwrap()
}

fn one() -> [u8; 32] {
    let mut one = [0; 32];
    one[31] = 1;
    one
}

fn with(r: [u8; 32], s: [u8; 32], v: u8) -> Signature {
    Signature([&r[..], &s, &[v]].concat().try_into().unwrap())
}

#[test]
fn each_bound_of_the_form_is_exact() {
    let above = |mut scalar: [u8; 32]| {
        scalar[31] += 1;
        scalar
    };
    let below = |mut scalar: [u8; 32]| {
        scalar[31] -= 1;
        scalar
    };
    let (order, half) = (scalar(ORDER), scalar(HALF_ORDER));
    assert_eq!(with(one(), half, 27).check(), Ok(()));
    assert_eq!(with(one(), above(half), 27).check(), Err(SignatureError::HighS));
    assert_eq!(with(below(order), one(), 28).check(), Ok(()));
    assert_eq!(with(order, one(), 28).check(), Err(SignatureError::OutOfRange));
    assert_eq!(with([0; 32], one(), 27).check(), Err(SignatureError::OutOfRange));
    assert_eq!(with(one(), [0; 32], 27).check(), Err(SignatureError::OutOfRange));
    for v in (0..=255).filter(|v| ![27, 28].contains(v)) {
        assert_eq!(
            with(one(), one(), v).check(),
            Err(SignatureError::RecoveryByte { found: v })
        );
    }
}

#[test]
fn an_r_that_is_no_point_has_no_key() {
    // 5 is the x of no point of the curve: 5^3 + 7 is no square.
    let mut five = [0; 32];
    five[31] = 5;
    let signature = with(five, one(), 27);
    assert_eq!(
        signature.signer::<Native>(&H256::repeat_byte(1)),
        Err(SignatureError::NoKey)
    );
}

proptest! {
    #[test]
    fn a_key_stores_recovery_id_becomes_ethereums(number in 1..200u8, digest in hash()) {
        let key = key(number);
        let ethereum = sign(&key, digest);
        let mut stored = ethereum.0;
        stored[64] -= 27;
        prop_assert_eq!(Signature::from_recoverable(stored), Ok(ethereum));
        prop_assert_eq!(Signature::from_recoverable(ethereum.0), Ok(ethereum));
        prop_assert_eq!(ethereum.signer::<Native>(&digest), Ok(address_of(&key)));
    }

    #[test]
    fn the_other_form_of_a_signature_is_refused(number in 1..200u8, digest in hash()) {
        let other = crate::vectors::other_form(sign(&key(number), digest));
        prop_assert_eq!(other.signer::<Native>(&digest), Err(SignatureError::HighS));
    }

    #[test]
    fn checking_never_panics(bytes in prop::array::uniform32(any::<u8>()), v: u8) {
        let _ = with(bytes, bytes, v).signer::<Native>(&H256(bytes));
    }
}

#[test]
fn it_is_printed_as_in_files() {
    let printed = format!("{:?}", with(one(), one(), 27));
    assert_eq!(printed.len(), 2 + 130);
    assert!(printed.starts_with("0x00") && printed.ends_with("011b"));
}
