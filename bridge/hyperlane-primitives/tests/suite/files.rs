use hyperlane_primitives::{
    files::{parse_latest, print_latest, FileError, SignedAnnouncement, SignedCheckpoint},
    limits::MAX_FILE_BYTES,
    Address, Announcement, Checkpoint, Domain, MessageId, Native, SignatureError, StorageLocation, H160,
};
use proptest::prelude::*;

use crate::{
    proven::{address_of, key, sign},
    support::hash,
};

fn signed(checkpoint: Checkpoint, number: u8) -> SignedCheckpoint {
    SignedCheckpoint {
        checkpoint,
        signature: sign(&key(number), checkpoint.digest::<Native>()),
    }
}

fn example() -> SignedCheckpoint {
    let checkpoint = Checkpoint {
        origin: Domain(7),
        merkle_tree_hook: Address::from(H160::repeat_byte(1)),
        root: [2; 32].into(),
        index: 3,
        message_id: MessageId([4; 32].into()),
    };
    signed(checkpoint, 1)
}

#[test]
fn a_file_whose_two_signatures_differ_is_refused() {
    let v = example().signature.v();
    let (said, other) = (format!("\"v\": {v}"), format!("\"v\": {}", 55 - v));
    let text = example().to_json().unwrap().replacen(&said, &other, 1);
    assert!(text.contains(&other));
    assert_eq!(
        SignedCheckpoint::from_json(text.as_bytes()),
        Err(FileError::Contradiction)
    );
}

#[test]
fn a_signature_whose_form_no_chain_accepts_is_refused_in_a_file_as_well() {
    let mut example = example();
    example.signature.0[64] = 0;
    assert_eq!(
        SignedCheckpoint::from_json(example.to_json().unwrap().as_bytes()),
        Err(FileError::Signature(SignatureError::RecoveryByte { found: 0 }))
    );
}

#[test]
fn a_file_longer_than_any_is_not_read() {
    let mut text = example().to_json().unwrap();
    text.push_str(&" ".repeat(MAX_FILE_BYTES));
    assert_eq!(
        SignedCheckpoint::from_json(text.as_bytes()),
        Err(FileError::TooLong)
    );
    assert_eq!(
        SignedAnnouncement::from_json(text.as_bytes()),
        Err(FileError::TooLong)
    );
}

#[test]
fn padded_scalars_and_the_readers_other_names_are_read() {
    let short_r = (1..200)
        .map(|number| signed(example().checkpoint, number))
        .find(|signed| signed.signature.r()[0] < 16)
        .unwrap();
    let padded = hex::encode(short_r.signature.r());
    let minimal = padded.trim_start_matches('0');
    let text = short_r.to_json().unwrap();
    assert!(text.contains(&format!("\"r\": \"0x{minimal}\"")));

    let text = text
        .replacen(&format!("0x{minimal}"), &format!("0x{padded}"), 1)
        .replacen("\"value\"", "\"checkpoint\"", 1);
    assert!(text.contains(&format!("\"r\": \"0x{padded}\"")));
    assert_eq!(SignedCheckpoint::from_json(text.as_bytes()), Ok(short_r));
}

#[test]
fn an_announcement_names_its_validator_and_where_to_look() {
    let key = key(9);
    let announcement = Announcement {
        domain: Domain(7),
        mailbox: Address::from(H160::repeat_byte(1)),
        location: StorageLocation::new(b"file:///\"quoted\"").unwrap(),
    };
    let signature = sign(&key, announcement.digest::<Native>());
    let signed = SignedAnnouncement::new(&announcement, address_of(&key), signature);
    let read = SignedAnnouncement::from_json(signed.to_json().unwrap().as_bytes()).unwrap();
    assert_eq!(read, signed);
    let read_announcement = read.announcement().unwrap();
    assert_eq!(
        read_announcement.signer::<Native>(&read.signature),
        Ok(read.validator)
    );
}

#[test]
fn the_latest_index_is_digits_and_nothing_else() {
    for bad in [
        &b""[..],
        b"2\n",
        b"+2",
        b"02",
        b" 2",
        b"-1",
        b"4294967296",
        b"\xff",
    ] {
        assert_eq!(parse_latest(bad), Err(FileError::Malformed), "{bad:?}");
    }
}

proptest! {
    #[test]
    fn a_signed_checkpoint_survives_its_file(
        origin: u32, hook in hash(), root in hash(), index: u32, id in hash(), number in 1..200u8,
    ) {
        let checkpoint = Checkpoint {
            origin: Domain(origin),
            merkle_tree_hook: Address(hook),
            root,
            index,
            message_id: MessageId(id),
        };
        let signed = signed(checkpoint, number);
        prop_assert_eq!(SignedCheckpoint::from_json(signed.to_json().unwrap().as_bytes()), Ok(signed));
    }

    #[test]
    fn an_index_survives_its_file(index: u32) {
        prop_assert_eq!(parse_latest(print_latest(index).as_bytes()), Ok(index));
    }

    #[test]
    fn a_spoiled_file_is_refused_or_read_as_what_it_now_says(position: prop::sample::Index, byte: u8) {
        let mut text = example().to_json().unwrap().into_bytes();
        let position = position.index(text.len());
        text[position] = byte;
        if let Ok(read) = SignedCheckpoint::from_json(&text) {
            prop_assert_eq!(read.signature, example().signature);
            prop_assert_eq!(SignedCheckpoint::from_json(read.to_json().unwrap().as_bytes()), Ok(read));
        }
        prop_assert!(SignedAnnouncement::from_json(&text).is_err());
    }
}
