use crate::{address_of, mock::*, FormerValidators, Validators};
use frame_support::traits::OneSessionHandler;
use hyperlane_primitives::H160;
use pensum_primitives::{bridge::CheckpointId, AccountId};
use sp_core::ecdsa;

fn addresses() -> Vec<H160> {
    Hyperlane::checkpoint_validators()
        .into_iter()
        .map(|(_, address)| address)
        .collect()
}

fn of(numbers: &[u8]) -> Vec<H160> {
    numbers.iter().map(|number| address(&key(*number))).collect()
}

/// A session begins with these keys, whoever has them.
fn begin(keys: &[CheckpointId]) {
    let who = AccountId::new([0; 32]);
    let validators: Vec<_> = keys.iter().map(|key| (&who, key.clone())).collect();
    Hyperlane::on_new_session(true, validators.into_iter(), Vec::new().into_iter());
}

#[test]
fn the_validators_of_genesis_sign_from_the_first_message_on() {
    on_chain(|| {
        assert_eq!(addresses(), of(&[1, 2, 3]));
        assert_eq!(Hyperlane::checkpoint_validators()[0].0, public(&key(1)));
        assert!(FormerValidators::<Test>::get().is_empty());
        send(b"");
        assert_eq!(unsigned(3), [0]);
    });
}

#[test]
fn sets_follow_the_sessions() {
    on_chain(|| {
        elect(&[2, 5]);
        assert_eq!(addresses(), of(&[2, 5]));
        assert_eq!(FormerValidators::<Test>::get().len(), 3);
        // Nobody has changed, and still the one before is another one now.
        rotate();
        assert_eq!(addresses(), of(&[2, 5]));
        assert_eq!(FormerValidators::<Test>::get().len(), 2);
    });
}

#[test]
fn an_address_is_that_of_the_contracts() {
    // The first test key of the vectors.
    let expected = "19e7e376e7c213b7e7e7e46cc70a5dd086daff2a";
    assert_eq!(hex::encode(address(&key(0x11))), expected);
}

#[test]
fn two_validators_with_one_key_are_one() {
    on_chain(|| {
        let keys = [1, 1, 2].map(|number| public(&key(number)));
        begin(&keys);
        assert_eq!(addresses(), of(&[1, 2]));
        send(b"");
        publish(1, &[0]);
        assert_eq!(unsigned(1), NOTHING_DUE);
        assert_eq!(signers(0).len(), 1);
    });
}

#[test]
fn bytes_that_are_no_key_are_passed_over() {
    on_chain(|| {
        let zero = CheckpointId::from(ecdsa::Public::from_raw([0; 33]));
        let mut not_on_curve = [0xff; 33];
        not_on_curve[0] = 2;
        let not_on_curve = CheckpointId::from(ecdsa::Public::from_raw(not_on_curve));
        // SEC1's third form names the key of another validator once more.
        let mut compact: [u8; 33] = AsRef::<[u8]>::as_ref(&public(&key(1))).try_into().unwrap();
        compact[0] = 5;
        let compact = CheckpointId::from(ecdsa::Public::from_raw(compact));
        for none in [&zero, &not_on_curve, &compact] {
            assert_eq!(address_of(none), None);
        }
        begin(&[zero, public(&key(1)), not_on_curve, compact]);
        assert_eq!(addresses(), of(&[1]));
    });
}

#[test]
fn more_validators_than_fit_are_cut() {
    on_chain(|| {
        let keys: Vec<_> = (1..=12).map(|number| public(&key(number))).collect();
        begin(&keys);
        assert_eq!(Validators::<Test>::get().len(), MAX_VALIDATORS as usize);
    });
}

#[test]
fn a_chain_without_validators_goes_on() {
    on_chain(|| {
        begin(&[]);
        send(b"");
        assert_eq!(addresses(), []);
        begin(&[public(&key(1))]);
        assert_eq!(unsigned(1), NOTHING_DUE);
    });
}

#[test]
fn who_comes_back_begins_anew() {
    on_chain(|| {
        send(b"");
        elect(&[2, 3]);
        rotate();
        send(b"missed");
        elect(&[1, 2, 3]);
        assert_eq!(unsigned(1), NOTHING_DUE);
        send(b"");
        assert_eq!(unsigned(1), [2]);
    });
}

#[test]
fn who_was_disabled_still_signs() {
    on_chain(|| {
        Hyperlane::on_disabled(0);
        send(b"");
        publish(1, &[0]);
    });
}
