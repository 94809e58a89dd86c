use crate::{mock::*, types::Direction};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo};
use hyperlane_primitives::{Address, Body, Domain, IsmKind, MerkleRootMetadata, Message, MessageIdMetadata};
use sp_core::H256;
use sp_runtime::DispatchError;

const KINDS: [IsmKind; 2] = [IsmKind::MessageId, IsmKind::MerkleRoot];

/// The chain abroad with three messages, believed by two of three validators.
fn abroad(kind: IsmKind) -> Abroad {
    set_ism(ABROAD, Some(module(kind, 3))).unwrap();
    Abroad::with(3)
}

fn each_kind(test: impl Fn(IsmKind, Abroad)) {
    for kind in KINDS {
        on_chain(|| test(kind, abroad(kind)));
    }
}

/// For errors with and without what was used until then.
trait Why {
    fn why(self) -> Result<(), DispatchError>;
}

impl Why for DispatchResultWithPostInfo {
    fn why(self) -> Result<(), DispatchError> {
        self.map(|_| ()).map_err(|error| error.error)
    }
}

#[test]
fn a_proven_message_is_handled_once() {
    each_kind(|kind, abroad| {
        run_for(4);
        assert_ok!(abroad.bring(kind, 1));
        let sender = *Message::decode(abroad.message(1))
            .unwrap()
            .sender
            .0
            .as_fixed_bytes();
        assert_eq!(letters(), [(ABROAD.0, sender, vec![1])]);
        assert_eq!(Hyperlane::delivered(abroad.id(1).0), Some(5));
        assert_eq!(
            last_event(),
            Event::Processed {
                id: abroad.id(1),
                origin: ABROAD,
                sender: Address(H256(sender)),
                recipient: INBOX,
                relayer: RELAYER,
            }
        );
        assert_noop!(abroad.bring(kind, 1).why(), Error::AlreadyDelivered);
        assert_eq!(letters().len(), 1);
    });
}

#[test]
fn other_metadata_does_not_bring_a_message_a_second_time() {
    each_kind(|kind, abroad| {
        assert_ok!(abroad.bring(kind, 0));
        let other = abroad.metadata(kind, 0, &[2, 3]);
        assert_noop!(process(&other, abroad.message(0)).why(), Error::AlreadyDelivered);
    });
}

#[test]
fn messages_come_in_any_order() {
    each_kind(|kind, abroad| {
        for index in [2, 0, 1] {
            assert_ok!(abroad.bring(kind, index));
        }
        let bodies: Vec<_> = letters().into_iter().map(|(_, _, body)| body).collect();
        assert_eq!(bodies, [[2], [0], [1]]);
    });
}

#[test]
fn more_signatures_than_needed_do_no_harm() {
    each_kind(|kind, abroad| {
        let metadata = abroad.metadata(kind, 0, &[1, 2, 3]);
        assert_ok!(process(&metadata, abroad.message(0)));
    });
}

#[test]
fn what_the_recipient_refuses_leaves_nothing_and_can_come_again() {
    each_kind(|kind, abroad| {
        Mood::set(Attitude::Refuses);
        assert_noop!(abroad.bring(kind, 0).why(), DispatchError::Other("no, thank you"));
        assert_eq!(Hyperlane::delivered(abroad.id(0).0), None);
        Mood::set(Attitude::Takes);
        assert_ok!(abroad.bring(kind, 0));
    });
}

#[test]
fn a_recipient_can_answer_at_once() {
    each_kind(|kind, abroad| {
        Mood::set(Attitude::Answers);
        assert_ok!(abroad.bring(kind, 0));
        assert_eq!(Hyperlane::bridge().count, 1);
        pause(Direction::Outbound, true);
        assert_noop!(abroad.bring(kind, 1).why(), Error::OutboundPaused);
    });
}

#[test]
fn nothing_arrives_while_the_direction_is_paused() {
    each_kind(|kind, abroad| {
        pause(Direction::Inbound, true);
        assert_noop!(abroad.bring(kind, 0).why(), Error::InboundPaused);
        pause(Direction::Inbound, false);
        assert_ok!(abroad.bring(kind, 0));
    });
}

#[test]
fn bytes_that_are_no_message_are_refused() {
    each_kind(|kind, abroad| {
        let metadata = abroad.metadata(kind, 0, &[1, 2]);
        let message = abroad.message(0);
        for short in [&message[..76], &message[..1]] {
            assert_noop!(process(&metadata, short).why(), Error::MessageTooShort);
        }
        assert_noop!(process(&metadata, b"").why(), Error::MessageTooShort);
        let mut second = message.to_vec();
        second[0] = 2;
        assert_noop!(process(&metadata, &second).why(), Error::UnknownVersion);
    });
}

#[test]
fn a_message_to_another_chain_is_refused() {
    each_kind(|kind, mut abroad| {
        let elsewhere = abroad.dispatch_with(|message| Message {
            destination: UNKNOWN,
            ..message
        });
        assert_noop!(abroad.bring(kind, elsewhere).why(), Error::NotForThisChain);
    });
}

#[test]
fn a_message_from_a_chain_without_a_module_is_refused() {
    each_kind(|kind, mut abroad| {
        let stranger = abroad.dispatch_with(|message| Message {
            origin: UNKNOWN,
            ..message
        });
        assert_noop!(abroad.bring(kind, stranger).why(), Error::UnknownOrigin);
        assert_ok!(set_ism(ABROAD, None));
        assert_noop!(abroad.bring(kind, 0).why(), Error::UnknownOrigin);
    });
}

#[test]
fn a_message_to_nobody_is_refused_and_costs_little() {
    each_kind(|kind, mut abroad| {
        let lost = abroad.dispatch_with(|message| Message {
            recipient: Address(H256([9; 32])),
            body: Body::new(&[1]).unwrap(),
            ..message
        });
        assert_noop!(abroad.bring(kind, lost).why(), Error::UnknownRecipient);
        let used = |index| {
            let error = abroad.bring(kind, index).unwrap_err();
            error.post_info.actual_weight.unwrap()
        };
        let lost_weight = used(lost);
        Known::set(vec![]);
        assert_eq!(used(0), lost_weight);
        let paid = declared(process_call(
            &abroad.metadata(kind, 0, &[1, 2]),
            abroad.message(0),
        ));
        assert!(lost_weight.ref_time() < paid.ref_time());
    });
}

#[test]
fn the_local_domain_is_believed_nothing() {
    each_kind(|kind, mut abroad| {
        let own = abroad.dispatch_with(|message| Message {
            origin: HERE,
            ..message
        });
        assert_noop!(abroad.bring(kind, own).why(), Error::UnknownOrigin);
    });
}

#[test]
fn metadata_that_is_cut_is_refused() {
    each_kind(|kind, abroad| {
        let metadata = abroad.metadata(kind, 0, &[1, 2]);
        let header = match kind {
            IsmKind::MessageId => MessageIdMetadata::HEADER_BYTES,
            IsmKind::MerkleRoot => MerkleRootMetadata::HEADER_BYTES,
        };
        let message = abroad.message(0);
        for short in [0, 1, header - 1] {
            assert_noop!(
                process(&metadata[..short], message).why(),
                Error::MetadataTooShort
            );
        }
        for cut in [header + 1, metadata.len() - 1] {
            assert_noop!(process(&metadata[..cut], message).why(), Error::CutSignature);
        }
        assert_noop!(
            process(&metadata[..header], message).why(),
            Error::TooFewSignatures
        );
        assert_noop!(
            process(&metadata[..header + 65], message).why(),
            Error::TooFewSignatures
        );
    });
}

#[test]
fn more_than_fifty_signatures_are_refused() {
    on_chain(|| {
        let abroad = abroad(IsmKind::MessageId);
        let metadata = abroad.metadata(IsmKind::MessageId, 0, &[1; 51]);
        assert_noop!(
            process(&metadata, abroad.message(0)).why(),
            Error::TooManySignatures
        );
    });
}

#[test]
fn signers_must_be_validators_each_once_in_their_order() {
    each_kind(|kind, abroad| {
        for signers in [[2, 1], [1, 1], [4, 1], [1, 4], [3, 2]] {
            let metadata = abroad.metadata(kind, 0, &signers);
            assert_noop!(process(&metadata, abroad.message(0)).why(), Error::NotByThreshold);
        }
    });
}

#[test]
fn metadata_of_another_message_is_refused() {
    each_kind(|kind, abroad| {
        let metadata = abroad.metadata(kind, 1, &[1, 2]);
        assert_noop!(process(&metadata, abroad.message(0)).why(), Error::NotByThreshold);
    });
}

#[test]
fn metadata_for_the_other_kind_of_module_is_refused() {
    on_chain(|| {
        let abroad = abroad(IsmKind::MerkleRoot);
        let metadata = abroad.metadata(IsmKind::MessageId, 0, &[1, 2]);
        assert_noop!(
            process(&metadata, abroad.message(0)).why(),
            Error::MetadataTooShort
        );
    });
    on_chain(|| {
        let abroad = abroad(IsmKind::MessageId);
        let metadata = abroad.metadata(IsmKind::MerkleRoot, 0, &[1, 2]);
        assert!(process(&metadata, abroad.message(0)).is_err());
    });
}

#[test]
fn a_signature_that_is_none_is_not_passed_over() {
    each_kind(|kind, abroad| {
        let metadata = abroad.metadata(kind, 0, &[1, 2, 3]);
        let first = metadata.len() - 3 * 65;
        let spoil = |change: &dyn Fn(&mut [u8])| {
            let mut spoilt = metadata.clone();
            change(&mut spoilt[first..first + 65]);
            spoilt
        };
        let spoilt = [
            // A recovery byte of hosts, which contracts refuse.
            spoil(&|signature| signature[64] -= 27),
            spoil(&|signature| signature[64] = 29),
            spoil(&|signature| signature[..32].fill(0)),
            spoil(&|signature| signature[..32].fill(0xff)),
            // The same signature with a high s, which hosts take.
            spoil(&|signature| {
                let held = hyperlane_primitives::Signature(signature.try_into().unwrap());
                signature.copy_from_slice(&other_form(held).0);
            }),
        ];
        for metadata in spoilt {
            assert_noop!(process(&metadata, abroad.message(0)).why(), Error::BadSignature);
        }
    });
}

#[test]
fn a_checkpoint_before_the_message_does_not_prove_it() {
    on_chain(|| {
        let abroad = abroad(IsmKind::MerkleRoot);
        let mut metadata = abroad.metadata(IsmKind::MerkleRoot, 0, &[1, 2]);
        // The leaf's number above the checkpoint's.
        metadata[32..36].copy_from_slice(&3u32.to_be_bytes());
        assert_noop!(
            process(&metadata, abroad.message(0)).why(),
            Error::LeafAfterCheckpoint
        );
    });
}

#[test]
fn who_is_refused_pays_for_what_was_looked_at() {
    each_kind(|kind, abroad| {
        let call = process_call(&abroad.metadata(kind, 0, &[1, 2, 3]), abroad.message(0));
        let paid = declared(call.clone());
        let used = act(signed(RELAYER), call.clone()).unwrap().actual_weight.unwrap();
        assert!(
            used.ref_time() < paid.ref_time(),
            "the third signature is given back"
        );
        let again = act(signed(RELAYER), call).unwrap_err();
        let again = again.post_info.actual_weight.unwrap();
        assert!(again.ref_time() < used.ref_time());
        let forged = process(&abroad.metadata(kind, 1, &[2, 1]), abroad.message(1)).unwrap_err();
        let forged = forged.post_info.actual_weight.unwrap();
        assert!(again.ref_time() < forged.ref_time() && forged.ref_time() < used.ref_time());
    });
}

#[test]
fn two_chains_are_believed_by_their_own_modules() {
    on_chain(|| {
        let second = Domain(31_339);
        set_ism(second, Some(module(IsmKind::MerkleRoot, 1))).unwrap();
        let abroad = abroad(IsmKind::MessageId);
        assert_ok!(abroad.bring(IsmKind::MessageId, 0));
        let mut message = abroad.message(1).to_vec();
        message[5..9].copy_from_slice(&second.to_bytes());
        // One signature is enough there, but not for a checkpoint of the first chain.
        let metadata = abroad.metadata(IsmKind::MerkleRoot, 1, &[1]);
        assert_noop!(process(&metadata, &message).why(), Error::NotByThreshold);
    });
}

#[test]
fn no_bit_of_message_or_metadata_can_be_flipped() {
    each_kind(|kind, abroad| {
        let (metadata, message) = (abroad.metadata(kind, 0, &[1, 2]), abroad.message(0));
        let both = [&metadata[..], message].concat();
        for bit in 0..8 * both.len() {
            let mut flipped = both.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let (metadata, message) = flipped.split_at(metadata.len());
            assert!(process(metadata, message).is_err(), "bit {bit}");
        }
        assert!(letters().is_empty());
        assert_ok!(process(&metadata, message));
    });
}
