use crate::{mock::*, types::MAX_LOCATIONS, Host};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo};
use hyperlane_primitives::{Announcement, Domain, Signature, StorageLocation, H160};
use k256::ecdsa::SigningKey;
use pensum_primitives::bridge::{Address, MAILBOX, TASKS};
use sp_core::H256;

fn signature_for(key: &SigningKey, domain: Domain, mailbox: Address, location: &str) -> Signature {
    let announcement = Announcement {
        domain,
        mailbox,
        location: StorageLocation::new(location.as_bytes()).unwrap(),
    };
    sign(key, announcement.digest::<Host>())
}

fn announce_with(validator: H160, location: &[u8], signature: Signature) -> DispatchResultWithPostInfo {
    let call = Call::announce {
        validator,
        location: location.to_vec().try_into().unwrap(),
        signature: signature.0,
    };
    act(signed(RELAYER), call)
}

fn announce(number: u8, location: &str) -> DispatchResultWithPostInfo {
    let key = key(number);
    let signature = signature_for(&key, HERE, MAILBOX, location);
    announce_with(address(&key), location.as_bytes(), signature)
}

#[test]
fn locations_are_kept_in_order() {
    on_chain(|| {
        assert_ok!(announce(1, "file:///first"));
        assert_ok!(announce(1, "s3://bucket/region"));
        assert_ok!(announce(2, "file:///first"));
        let [one, two] = [1, 2].map(|number| address(&key(number)));
        assert_eq!(
            Hyperlane::announced(vec![two, H160::zero(), one]),
            [
                vec!["file:///first"],
                vec![],
                vec!["file:///first", "s3://bucket/region"]
            ]
        );
        assert_eq!(
            last_event(),
            Event::Announced {
                validator: two,
                location: b"file:///first".to_vec().try_into().unwrap()
            }
        );
    });
}

#[test]
fn a_location_is_announced_once() {
    on_chain(|| {
        assert_ok!(announce(1, "file:///first"));
        assert_ok!(announce(1, "file:///second"));
        assert_noop!(announce(1, "file:///first"), Error::AlreadyAnnounced);
        let key = key(1);
        let again = other_form(signature_for(&key, HERE, MAILBOX, "file:///first"));
        assert_noop!(
            announce_with(address(&key), b"file:///first", again),
            Error::AlreadyAnnounced
        );
    });
}

#[test]
fn a_validator_has_eight_locations_and_the_oldest_stay() {
    on_chain(|| {
        for number in 0..MAX_LOCATIONS {
            assert_ok!(announce(1, &format!("file:///{number}")));
        }
        assert_noop!(announce(1, "file:///more"), Error::TooManyLocations);
        assert_eq!(Hyperlane::announced(vec![address(&key(1))])[0][0], "file:///0");
        assert_ok!(announce(2, "file:///more"));
    });
}

#[test]
fn only_the_validators_own_signature_counts() {
    on_chain(|| {
        let location = "file:///here";
        let right = key(1);
        let wrong = [
            signature_for(&key(2), HERE, MAILBOX, location),
            signature_for(&right, EVM, MAILBOX, location),
            signature_for(&right, HERE, TASKS, location),
            signature_for(&right, HERE, MAILBOX, "file:///there"),
            sign(&right, H256([1; 32])),
        ];
        for signature in wrong {
            assert_noop!(
                announce_with(address(&right), location.as_bytes(), signature),
                Error::NotTheValidator
            );
        }
    });
}

#[test]
fn a_signature_of_another_form_is_refused() {
    on_chain(|| {
        let location = "file:///here";
        let right = key(1);
        let signature = signature_for(&right, HERE, MAILBOX, location);
        let mut small_v = signature;
        small_v.0[64] -= 27;
        for bad in [small_v, other_form(signature), Signature([0; 65])] {
            assert_noop!(
                announce_with(address(&right), location.as_bytes(), bad),
                Error::BadSignature
            );
        }
    });
}

#[test]
fn a_location_is_text_in_one_line() {
    on_chain(|| {
        let signature = Signature([27; 65]);
        let refused: [(&[u8], _); 3] = [
            (b"", Error::EmptyLocation),
            (b"file:///\n", Error::LocationNotText),
            (b"file:///\xff", Error::LocationNotText),
        ];
        for (location, error) in refused {
            assert_noop!(announce_with(H160::zero(), location, signature), error);
        }
    });
}

#[test]
fn the_longest_location_fits() {
    on_chain(|| {
        let location = format!("file:///{}", "x".repeat(504));
        assert_ok!(announce(1, &location));
    });
}
