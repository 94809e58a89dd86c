use hyperlane_primitives::{
    limits::MAX_LOCATION_BYTES, Address, Announcement, Crypto, Domain, LocationError, Native,
    StorageLocation, H160, H256,
};

use crate::proven::{address_of, key, sign};

fn announcement(location: &str) -> Announcement<'_> {
    Announcement {
        domain: Domain(7),
        mailbox: Address::from(H160::repeat_byte(5)),
        location: StorageLocation::new(location.as_bytes()).unwrap(),
    }
}

#[test]
fn a_location_is_one_line_of_text_within_its_bound() {
    let longest = "a".repeat(MAX_LOCATION_BYTES);
    assert_eq!(
        StorageLocation::new(longest.as_bytes()).map(|location| location.as_str()),
        Ok(longest.as_str())
    );
    let refused = |bytes: &[u8]| StorageLocation::new(bytes).unwrap_err();
    assert_eq!(refused(b""), LocationError::Empty);
    assert_eq!(
        refused("a".repeat(MAX_LOCATION_BYTES + 1).as_bytes()),
        LocationError::TooLong { found: 513 }
    );
    assert_eq!(refused(b"file:///a\nb"), LocationError::NotText);
    assert_eq!(refused(b"file:///\xff"), LocationError::NotText);
}

#[test]
fn an_announcement_for_another_mailbox_chain_or_location_has_another_signer() {
    let signed = announcement("file:///a");
    let key = key(1);
    let signature = sign(&key, signed.digest::<Native>());
    assert_eq!(signed.signer::<Native>(&signature), Ok(address_of(&key)));

    let others = [
        Announcement {
            domain: Domain(8),
            ..signed
        },
        Announcement {
            mailbox: Address::from(H160::repeat_byte(6)),
            ..signed
        },
        announcement("file:///b"),
    ];
    for other in others {
        assert_ne!(other.signer::<Native>(&signature), Ok(address_of(&key)));
    }
}

#[test]
fn the_replay_id_is_of_validator_and_location_alone() {
    let validator = H160::repeat_byte(1);
    let id = announcement("gs://b").replay_id::<Native>(validator);
    let packed = [&validator.0[..], b"gs://b"].concat();
    assert_eq!(id, H256(Native::keccak_256(&packed)));
}
