use crate::{
    mock::*,
    types::{Ism, MAX_MESSAGE_BYTES, MAX_METADATA_BYTES, MAX_PUBLISHED},
    weights::WeightInfo,
};
use codec::MaxEncodedLen;
use frame_support::weights::Weight;
use hyperlane_primitives::{limits::MAX_BODY_BYTES, IsmKind};
use pensum_primitives::traits::Mailbox;

type Weights = crate::SubstrateWeight<Test, 100>;

/// What ordinary transactions may take of half a second.
const BLOCK: Weight = Weight::from_parts(375_000_000_000, u64::MAX);

#[test]
fn no_call_crowds_a_block() {
    let heaviest = [
        Weights::dispatch(MAX_BODY_BYTES as u32) + Weights::pay(),
        Weights::process(MAX_MESSAGE_BYTES) + Weights::signature() * 50,
        Weights::authorize_checkpoints(MAX_PUBLISHED) + Weights::publish_checkpoints(MAX_PUBLISHED),
        Weights::announce(512),
        Weights::report_bad_checkpoint(64 * 1024),
        Weights::set_ism(),
    ];
    for weight in heaviest {
        assert!((weight * 10).all_lte(BLOCK), "{weight:?}");
    }
}

#[test]
fn a_hundred_validators_find_room_for_a_block_of_messages() {
    // Each validator brings its signatures of as many messages as one call takes. Solvers' answers are as urgent, so that these may have
    // a part of what is kept for both.
    let all =
        (Weights::authorize_checkpoints(MAX_PUBLISHED) + Weights::publish_checkpoints(MAX_PUBLISHED)) * 100;
    assert!(
        all.all_lte(Weight::from_parts(10 * BLOCK.ref_time(), u64::MAX)),
        "{all:?}"
    );
    // The usual case: one message.
    let one = (Weights::authorize_checkpoints(1) + Weights::publish_checkpoints(1)) * 100;
    assert!((one * 4).all_lte(BLOCK), "{one:?}");
}

#[test]
fn longer_messages_and_more_signatures_weigh_more() {
    on_chain(|| {
        let process =
            |metadata: usize, message: &[u8]| declared(process_call(&vec![0; metadata], message)).ref_time();
        let abroad = Abroad::with(1);
        let message = abroad.message(0);
        let (two, three) = (68 + 2 * 65, 68 + 3 * 65);
        let one_more = process(three, message) - process(two, message);
        assert_eq!(one_more, Weights::signature().ref_time());
        let longer = [message, &[0; 1_000]].concat();
        assert!(process(two, message) < process(two, &longer));
        // No more than a set can have, whatever room there is.
        assert_eq!(
            process(MAX_METADATA_BYTES as usize, message),
            process(68 + 50 * 65, message)
        );
        // What is no message is refused at once.
        assert!(process(two, b"short") < process(0, message));
        assert!(Weights::dispatch(0).ref_time() < Weights::dispatch(1_000).ref_time());
    });
}

#[test]
fn who_dispatches_pays_for_the_signatures() {
    on_chain(|| {
        type Used = <Test as crate::Config>::WeightInfo;
        let signature = Used::authorize_checkpoints(1) + Used::publish_checkpoints(1);
        assert_eq!(Hyperlane::signing_weight(), signature * 3);
        elect(&[1]);
        assert_eq!(Hyperlane::signing_weight(), signature);
        let call = Call::dispatch {
            destination: EVM.0,
            recipient: evm(1).0,
            body: bytes(b"four"),
            gas_limit: None,
        };
        assert_eq!(declared(call), Used::dispatch(4) + Used::pay() + signature);
        // A pallet says itself who pays for them.
        let longest = Used::dispatch(MAX_BODY_BYTES as u32);
        assert_eq!(<Hyperlane as Mailbox>::dispatch_weight(), longest);
    });
}

#[test]
fn some_messages_fit_a_block_of_the_largest_chain() {
    let signature = Weights::authorize_checkpoints(1) + Weights::publish_checkpoints(1);
    let message = Weights::dispatch(MAX_BODY_BYTES as u32) + signature * 100;
    assert!((message * 4).all_lte(BLOCK), "{message:?}");
}

#[test]
fn the_recipients_part_is_paid_for() {
    on_chain(|| {
        let abroad = Abroad::with(1);
        let call = process_call(&[0; 68], abroad.message(0));
        let known = declared(call.clone());
        Known::set(vec![]);
        assert_eq!(known - declared(call), handling(1));
    });
}

#[test]
fn what_is_verified_is_what_is_paid_for() {
    on_chain(|| {
        set_ism(ABROAD, Some(module(IsmKind::MerkleRoot, 3))).unwrap();
        let abroad = Abroad::with(1);
        let used = abroad.bring(IsmKind::MerkleRoot, 0).unwrap().actual_weight;
        type Used = <Test as crate::Config>::WeightInfo;
        let message = abroad.message(0).len() as u32;
        assert_eq!(
            used,
            Some(Used::process(message) + Used::signature() * 2 + handling(1))
        );
    });
}

#[test]
fn stored_items_are_bounded() {
    assert!(Ism::max_encoded_len() <= 1_100);
    assert!(crate::types::Dispatch::max_encoded_len() <= 80);
    assert_eq!(MAX_MESSAGE_BYTES, 8_269);
    assert_eq!(MAX_METADATA_BYTES, 4_346);
}
