use hyperlane_primitives::{
    hook::Custom, limits::MAX_CUSTOM_HOOK_BYTES, HookMetadata, HookMetadataError, H160,
};
use proptest::prelude::*;

fn metadata(custom: &[u8]) -> HookMetadata<'_> {
    HookMetadata {
        value: 1.into(),
        gas_limit: 2.into(),
        refund: H160::repeat_byte(3),
        custom: Custom::new(custom).unwrap(),
    }
}

#[test]
fn no_bytes_mean_defaults_and_some_must_be_all() {
    assert_eq!(HookMetadata::decode(&[]), Ok(None));
    let encoded = metadata(&[]).encode();
    for length in 1..encoded.len() {
        let expected = HookMetadataError::TooShort { found: length as u32 };
        assert_eq!(HookMetadata::decode(&encoded[..length]), Err(expected));
    }
}

#[test]
fn another_variant_is_refused() {
    let mut encoded = metadata(&[]).encode();
    encoded[1] = 2;
    assert_eq!(
        HookMetadata::decode(&encoded),
        Err(HookMetadataError::UnknownVariant { found: 2 })
    );
}

#[test]
fn the_first_custom_bytes_are_the_fee_token_unless_they_are_zero_or_too_few() {
    assert_eq!(metadata(&[7; 19]).fee_token(), None);
    assert_eq!(metadata(&[0; 20]).fee_token(), None);
    assert_eq!(metadata(&[7; 20]).fee_token(), Some(H160::repeat_byte(7)));
    assert_eq!(metadata(&[7; 21]).fee_token(), Some(H160::repeat_byte(7)));
}

#[test]
fn custom_bytes_are_bounded() {
    let most = [1; MAX_CUSTOM_HOOK_BYTES];
    assert!(HookMetadata::decode(&metadata(&most).encode()).is_ok());
    let expected = HookMetadataError::CustomTooLong {
        found: MAX_CUSTOM_HOOK_BYTES as u32 + 1,
    };
    let mut encoded = metadata(&most).encode();
    encoded.push(1);
    assert_eq!(HookMetadata::decode(&encoded), Err(expected));
    assert_eq!(Custom::new(&[1; MAX_CUSTOM_HOOK_BYTES + 1]), Err(expected));
}

proptest! {
    #[test]
    fn metadata_comes_back(
        value: [u8; 32], gas_limit: [u8; 32], refund: [u8; 20], custom in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let metadata = HookMetadata {
            value: hyperlane_primitives::U256::from_big_endian(&value),
            gas_limit: hyperlane_primitives::U256::from_big_endian(&gas_limit),
            refund: H160(refund),
            custom: Custom::new(&custom).unwrap(),
        };
        let bytes = metadata.encode();
        prop_assert_eq!(HookMetadata::decode(&bytes), Ok(Some(metadata)));
    }
}
