//! Hyperlane's messages and what comes with them.

use crate::target::{same, Target};
use codec::{DecodeAll, Encode};
use hyperlane_primitives::{
    Address, Body, Domain, HookMetadata, IncrementalTree, IsmKind, Message, MessageId, Metadata, Native,
    StorageLocation, TokenMessage,
};

pub(super) const TARGET: Target = Target {
    name: "hyperlane",
    seeds,
    check,
    share: 8000,
};

fn seeds() -> Vec<Vec<u8>> {
    let body = Body::new(b"an intent").map(|body| Message {
        nonce: 7,
        origin: Domain(31_337),
        sender: Address([3; 32].into()),
        destination: Domain(1),
        recipient: Address([9; 32].into()),
        body,
    });
    let message = body.map(|message| message.encode()).unwrap_or_default();
    let mut tree = IncrementalTree::default();
    for leaf in 0..5 {
        // Five leaves always fit.
        let _ = tree.insert::<Native>(MessageId([leaf; 32].into()));
    }
    // `address ‖ root ‖ signatures` and `address ‖ index ‖ id ‖ proof ‖ index ‖ signatures`, each with two signatures.
    let metadata = |length: usize| [vec![0; 12], vec![0xe7; length - 12], vec![0x1b; 130]].concat();
    let hook = [
        &1u16.to_be_bytes()[..],
        &[0; 32],
        &[0, 0, 0, 9],
        &[0; 28],
        &[7; 20],
        b"custom",
    ]
    .concat();
    let token = [
        vec![0; 12],
        vec![4; 20],
        vec![0; 24],
        vec![9; 8],
        b"memo".to_vec(),
    ]
    .concat();
    vec![
        message,
        tree.encode(),
        metadata(68),
        metadata(1096),
        hook,
        token,
        b"s3://bucket/region/folder".to_vec(),
    ]
}

fn check(bytes: &[u8]) -> Result<(), String> {
    if let Ok((message, id)) = Message::decode_with_id::<Native>(bytes) {
        same("a message", &&message.encode()[..], &bytes)?;
        same("a message's id", &message.id::<Native>(), &id)?;
        if let Ok(token) = TokenMessage::decode(message.body) {
            same(
                "a token message",
                &token.encode().as_deref(),
                &Ok(message.body.bytes()),
            )?;
        }
    }
    for kind in [IsmKind::MerkleRoot, IsmKind::MessageId] {
        if let Ok(metadata) = Metadata::decode(kind, bytes) {
            same("metadata", &&metadata.encode()[..], &bytes)?;
            // Neither may fail in any other way than by its own error.
            let _ = metadata.checkpoint::<Native>(Domain(1), MessageId::of::<Native>(bytes));
            for signature in metadata.signatures().iter() {
                let _ = signature.check();
            }
        }
    }
    if let Ok(metadata) = HookMetadata::decode(bytes) {
        let again = metadata.map_or(vec![], |metadata| metadata.encode());
        same("hook metadata", &&again[..], &bytes)?;
    }
    if let Some(Ok(token)) = Body::new(bytes).ok().map(TokenMessage::decode) {
        same("a token message", &token.encode().as_deref(), &Ok(bytes))?;
    }
    if let Ok(location) = StorageLocation::new(bytes) {
        same("a location", &location.as_str().as_bytes(), &bytes)?;
    }
    if let Ok(tree) = IncrementalTree::decode_all(&mut &bytes[..]) {
        same("a tree", &&tree.encode()[..], &bytes)?;
        let _ = tree.root::<Native>();
    }
    Ok(())
}
