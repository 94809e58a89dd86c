use crate::{
    mock::*,
    types::{DestinationKind, Direction},
    Host,
};
use frame_support::{assert_noop, assert_ok};
use hyperlane_primitives::{limits::MAX_BODY_BYTES, Address, Domain, FullTree, Message, MessageId};
use pensum_primitives::traits::Mailbox;
use sp_core::H256;

#[test]
fn a_message_is_a_leaf_and_its_event_carries_its_bytes() {
    on_chain(|| {
        assert_ok!(send_as(SENDER, EVM, evm(1), b"salve", None));
        let dispatched = Hyperlane::dispatched(0, 10);
        let message = Message::decode(&dispatched[0].message).unwrap();
        assert_eq!(message.nonce, 0);
        assert_eq!(message.origin, HERE);
        assert_eq!(message.sender, Address(H256([0xa1; 32])));
        assert_eq!((message.destination, message.recipient), (EVM, evm(1)));
        assert_eq!(message.body.bytes(), b"salve");
        assert_eq!(dispatched[0].id, message.id::<Host>().0);
        assert_eq!(
            events(),
            [Event::Dispatched {
                id: MessageId(dispatched[0].id),
                index: 0,
                sender: message.sender,
                destination: EVM,
                recipient: evm(1),
                message: dispatched[0].message.clone().try_into().unwrap(),
            }]
        );
    });
}

#[test]
fn every_message_enters_the_tree_once() {
    on_chain(|| {
        let mut model = FullTree::default();
        for number in 0..5u32 {
            let id = send(b"the same body");
            model.insert::<Host>(id).unwrap();
            let root = model.root::<Host>(number + 1).unwrap();
            assert_eq!(Hyperlane::tree().root::<Host>(), root);
            let checkpoint = Hyperlane::checkpoint(number).unwrap();
            assert_eq!((checkpoint.root, checkpoint.message_id), (root, id.0));
        }
        assert_eq!(Hyperlane::bridge().count, 5);
    });
}

#[test]
fn a_pallet_dispatches_as_itself_and_pays_nothing() {
    on_chain(|| {
        let body = b"from a pallet".to_vec();
        let id = <Hyperlane as Mailbox>::dispatch(INBOX, EVM, evm(2), body).unwrap();
        let dispatched = Hyperlane::dispatched(0, 1).remove(0);
        assert_eq!(dispatched.id, id);
        assert_eq!(Message::decode(&dispatched.message).unwrap().sender, INBOX);
        assert_eq!(<Hyperlane as Mailbox>::domain(), HERE);
        assert_eq!(<Hyperlane as Mailbox>::gas_beneficiary(), BENEFICIARY);
    });
}

#[test]
fn an_unknown_destination_is_refused() {
    on_chain(|| {
        for domain in [UNKNOWN, HERE] {
            assert_noop!(
                send_as(SENDER, domain, evm(1), b"", None),
                Error::UnknownDestination
            );
        }
    });
}

#[test]
fn a_destination_that_was_removed_is_refused() {
    on_chain(|| {
        send(b"before");
        let call = Call::set_destination {
            domain: EVM.0,
            kind: None,
        };
        assert_ok!(act(RuntimeOrigin::root(), call));
        assert_noop!(send_as(SENDER, EVM, evm(1), b"", None), Error::UnknownDestination);
    });
}

#[test]
fn a_dirty_recipient_is_refused_on_evm_chains_only() {
    on_chain(|| {
        let dirty = Address(H256([7; 32]));
        assert_noop!(send_as(SENDER, EVM, dirty, b"", None), Error::DirtyRecipient);
        let mut almost = evm(1);
        almost.0 .0[11] = 1;
        assert_noop!(send_as(SENDER, EVM, almost, b"", None), Error::DirtyRecipient);
        assert_ok!(send_as(SENDER, OTHER, dirty, b"", None));
    });
}

#[test]
fn the_longest_body_fits_and_a_longer_one_is_refused() {
    on_chain(|| {
        let longest = vec![1; MAX_BODY_BYTES];
        send(&longest);
        let longer = vec![1; MAX_BODY_BYTES + 1];
        assert_noop!(
            <Hyperlane as Mailbox>::dispatch(INBOX, EVM, evm(1), longer),
            Error::BodyTooLong
        );
    });
}

#[test]
fn a_full_tree_takes_nothing_more() {
    // The invariants do not hold of a tree that was filled by decree.
    ExtBuilder::default().build().execute_with(|| {
        let mut encoded = codec::Encode::encode(&Hyperlane::tree());
        encoded[1024..].copy_from_slice(&u32::MAX.to_le_bytes());
        crate::Tree::<Test>::put(
            <hyperlane_primitives::IncrementalTree as codec::Decode>::decode(&mut &encoded[..]).unwrap(),
        );
        assert_noop!(send_as(SENDER, EVM, evm(1), b"", None), Error::TreeFull);
        crate::Nonce::<Test>::put(u32::MAX);
        assert_noop!(send_as(SENDER, EVM, evm(1), b"", None), Error::TreeFull);
    });
}

#[test]
fn nothing_leaves_while_the_direction_is_paused() {
    on_chain(|| {
        pause(Direction::Outbound, true);
        assert_noop!(send_as(SENDER, EVM, evm(1), b"", None), Error::OutboundPaused);
        assert_noop!(
            <Hyperlane as Mailbox>::dispatch(INBOX, EVM, evm(1), vec![]),
            Error::OutboundPaused
        );
        pause(Direction::Outbound, false);
        send(b"after");
    });
}

#[test]
fn pausing_one_way_leaves_the_other_open() {
    on_chain(|| {
        pause(Direction::Inbound, true);
        send(b"");
    });
}

#[test]
fn the_window_moves_and_takes_all_of_a_message_along() {
    on_chain(|| {
        let first = send(b"first");
        publish(1, &[0]);
        send_some(WINDOW - 1);
        assert!(Hyperlane::checkpoint(0).is_some());
        assert_eq!(Hyperlane::dispatched(0, 256).len() as u32, WINDOW);
        send(b"one too many");
        assert_eq!(Hyperlane::checkpoint(0), None);
        assert_eq!(crate::Indices::<Test>::get(first), None);
        assert_eq!(crate::Outbox::<Test>::get(0), None);
        assert!(crate::Signatures::<Test>::get(0).is_empty());
        let kept = Hyperlane::dispatched(0, 256);
        assert_eq!(kept.len() as u32, WINDOW);
        assert_eq!((kept[0].index, Hyperlane::bridge().count), (1, WINDOW + 1));
    });
}

#[test]
fn a_window_of_one_keeps_the_newest() {
    ExtBuilder::default().window(1).build_and_execute(|| {
        send_some(3);
        let kept = Hyperlane::dispatched(0, 256);
        assert_eq!((kept.len(), kept[0].index), (1, 2));
    });
}

#[test]
fn an_origin_that_is_not_signed_cannot_dispatch() {
    on_chain(|| {
        let call = Call::dispatch {
            destination: EVM.0,
            recipient: evm(1).0,
            body: bytes(b""),
            gas_limit: None,
        };
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(
                act(origin, call.clone()).map_err(|error| error.error),
                sp_runtime::DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn destinations_can_change_their_kind() {
    on_chain(|| {
        let call = Call::set_destination {
            domain: EVM.0,
            kind: Some(DestinationKind::Other),
        };
        assert_ok!(act(RuntimeOrigin::root(), call));
        assert_ok!(send_as(SENDER, EVM, Address(H256([7; 32])), b"", None));
        assert_eq!(Hyperlane::dispatched(0, 1)[0].block, 1);
        assert_eq!(Domain(Hyperlane::bridge().domain), HERE);
    });
}
