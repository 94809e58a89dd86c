//! Decoders on any bytes: they return, and what they accept is the only encoding of what they read.

use std::sync::LazyLock;

use hyperlane_primitives::{
    files::{parse_latest, SignedAnnouncement, SignedCheckpoint},
    Body, HookMetadata, IsmKind, Message, Metadata, StorageLocation, TokenMessage,
};
use proptest::prelude::*;

use crate::{proven::Proven, support::bytes_near};

static PROVEN: LazyLock<Proven> = LazyLock::new(|| Proven::new(2, 1));

fn decoders_are_total_and_exact(bytes: &[u8]) {
    if let Ok(message) = Message::decode(bytes) {
        assert_eq!(message.encode(), bytes);
    }
    for kind in [IsmKind::MerkleRoot, IsmKind::MessageId] {
        if let Ok(metadata) = Metadata::decode(kind, bytes) {
            assert_eq!(metadata.encode(), bytes);
        }
    }
    if let Ok(metadata) = HookMetadata::decode(bytes) {
        assert_eq!(metadata.map_or(vec![], |some| some.encode()), bytes);
    }
    if let Some(Ok(message)) = Body::new(bytes).ok().map(TokenMessage::decode) {
        assert_eq!(message.encode().unwrap(), bytes);
    }
    if let Ok(location) = StorageLocation::new(bytes) {
        assert_eq!(location.as_str().as_bytes(), bytes);
    }
    let _ = SignedCheckpoint::from_json(bytes);
    let _ = SignedAnnouncement::from_json(bytes);
    let _ = parse_latest(bytes);
}

proptest! {
    // The environment's PROPTEST_CASES asks for more.
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(2_000)))]

    #[test]
    fn random_bytes(bytes in prop_oneof![
        bytes_near(77, 400), bytes_near(68 + 65, 400), bytes_near(1096, 1400), bytes_near(86, 1200),
    ]) {
        decoders_are_total_and_exact(&bytes);
    }

    #[test]
    fn random_bytes_behind_a_valid_beginning(version in prop::sample::select(vec![&[3][..], &[0, 1], b"{\"value\":"]),
        bytes in bytes_near(90, 200),
    ) {
        decoders_are_total_and_exact(&[version, &bytes].concat());
    }

    #[test]
    fn valid_bytes_cut_joined_and_spoiled(
        which in 0..3usize, cut: prop::sample::Index, position: prop::sample::Index, byte: u8, tail in bytes_near(65, 140),
    ) {
        let mut bytes = [&PROVEN.message, &PROVEN.by_id, &PROVEN.by_root][which].clone();
        let position = position.index(bytes.len());
        bytes[position] = byte;
        bytes.truncate(cut.index(bytes.len()) + 1);
        bytes.extend(tail);
        decoders_are_total_and_exact(&bytes);
    }
}

#[test]
fn lengths_at_every_bound() {
    for length in (0..1400).chain(8_000..8_400) {
        decoders_are_total_and_exact(&vec![0; length]);
        decoders_are_total_and_exact(&vec![3; length]);
        decoders_are_total_and_exact(&vec![0xff; length]);
    }
}
