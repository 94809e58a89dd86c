use hyperlane_primitives::{
    limits::MAX_BODY_BYTES, message::HEADER_BYTES, Address, Body, Crypto, Domain, Message, MessageError,
    MessageId, Native, H256,
};
use proptest::prelude::*;

use crate::support::hash;

proptest! {
    #[test]
    fn a_message_comes_back_and_its_id_is_the_hash_of_its_bytes(
        nonce: u32, origin: u32, sender in hash(), destination: u32, recipient in hash(),
        body in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let message = Message {
            nonce,
            origin: Domain(origin),
            sender: Address(sender),
            destination: Domain(destination),
            recipient: Address(recipient),
            body: Body::new(&body).unwrap(),
        };
        let bytes = message.encode();
        let id = MessageId(H256(Native::keccak_256(&bytes)));
        prop_assert_eq!(Message::decode_with_id::<Native>(&bytes), Ok((message, id)));
        prop_assert_eq!(message.id::<Native>(), id);
    }
}

fn of_length(body: usize) -> Vec<u8> {
    let mut bytes = vec![0; HEADER_BYTES + body];
    bytes[0] = 3;
    bytes
}

#[test]
fn a_body_may_be_empty_or_as_long_as_its_bound_and_no_longer() {
    assert_eq!(Message::decode(&of_length(0)).unwrap().body.bytes(), b"");
    let longest = of_length(MAX_BODY_BYTES);
    assert_eq!(
        Message::decode(&longest).unwrap().body.bytes().len(),
        MAX_BODY_BYTES
    );
    let too_long = MessageError::BodyTooLong {
        found: MAX_BODY_BYTES as u32 + 1,
    };
    assert_eq!(Message::decode(&of_length(MAX_BODY_BYTES + 1)), Err(too_long));
    assert_eq!(Body::new(&[0; MAX_BODY_BYTES + 1]), Err(too_long));
}

#[test]
fn a_message_cut_in_its_header_is_refused_with_what_there_is() {
    let bytes = of_length(0);
    for length in 0..HEADER_BYTES {
        let expected = MessageError::TooShort { found: length as u32 };
        assert_eq!(Message::decode(&bytes[..length]), Err(expected));
    }
}

#[test]
fn any_version_but_three_is_refused() {
    let mut bytes = of_length(4);
    for version in (0..=255).filter(|version| *version != 3) {
        bytes[0] = version;
        assert_eq!(
            Message::decode(&bytes),
            Err(MessageError::UnknownVersion { found: version })
        );
    }
}

#[test]
fn ids_and_domains_are_printed_in_full() {
    assert_eq!(
        MessageId(H256::repeat_byte(0xab)).to_string(),
        format!("0x{}", "ab".repeat(32))
    );
    assert_eq!(Domain(31_337).to_string(), "31337");
}
