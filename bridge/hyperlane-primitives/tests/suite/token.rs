use hyperlane_primitives::{
    limits::MAX_BODY_BYTES, Address, Body, MessageError, TokenMessage, TokenMessageError, U256,
};
use proptest::prelude::*;

use crate::support::hash;

proptest! {
    #[test]
    fn a_token_message_comes_back(
        recipient in hash(), amount: [u8; 32], metadata in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let message = TokenMessage {
            recipient: Address(recipient),
            amount: U256::from_big_endian(&amount),
            metadata: &metadata,
        };
        let bytes = message.encode().unwrap();
        prop_assert_eq!(&bytes[32..64], &amount[..]);
        prop_assert_eq!(TokenMessage::decode(Body::new(&bytes).unwrap()), Ok(message));
    }
}

#[test]
fn recipient_and_amount_must_be_whole() {
    for length in 0..64 {
        let bytes = vec![1; length];
        let expected = TokenMessageError::TooShort { found: length as u32 };
        assert_eq!(TokenMessage::decode(Body::new(&bytes).unwrap()), Err(expected));
    }
}

#[test]
fn metadata_that_no_body_can_hold_is_refused() {
    let message = TokenMessage {
        recipient: Address::default(),
        amount: 1.into(),
        metadata: &[0; MAX_BODY_BYTES - 63],
    };
    assert_eq!(
        message.encode(),
        Err(MessageError::BodyTooLong {
            found: MAX_BODY_BYTES as u32 + 1
        })
    );
}
