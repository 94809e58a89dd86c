use crate::{mock::*, types::MAX_PUBLISHED, CheckpointRefusal, Host};
use frame_support::{
    assert_noop,
    dispatch::{DispatchClass, GetDispatchInfo, Pays},
};
use hyperlane_primitives::{Checkpoint, Signature};
use pensum_primitives::bridge::MERKLE_TREE_HOOK;
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    DispatchError,
};

fn refused(call: &Call) -> Result<u8, TransactionValidityError> {
    match validate(call) {
        Err(TransactionValidityError::Invalid(InvalidTransaction::Custom(code))) => Ok(code),
        Err(other) => Err(other),
        Ok(_) => panic!("it was let in"),
    }
}

fn assert_refused(call: Call, why: CheckpointRefusal) {
    assert_eq!(refused(&call), Ok(why.code()), "{why:?}");
}

/// Changes what a call brings.
fn change(mut call: Call, change: impl FnOnce(&mut Vec<(u32, [u8; 65])>)) -> Call {
    if let Call::publish_checkpoints { signatures } = &mut call {
        let mut changed = signatures.clone().into_inner();
        change(&mut changed);
        *signatures = changed.try_into().unwrap();
    }
    call
}

/// Signatures of one call, then those of another.
fn joined(one: Call, other: Call) -> Call {
    let Call::publish_checkpoints { signatures } = other else {
        panic!("no signatures")
    };
    change(one, |all| all.extend(signatures))
}

#[test]
fn a_validator_publishes_its_signatures() {
    on_chain(|| {
        send_some(3);
        publish(1, &[0, 1, 2]);
        publish(2, &[1]);
        let [one, two] = [1, 2].map(|number| address(&key(number)));
        assert_eq!(signers(0), [one]);
        assert_eq!(signers(1), [one, two]);
        assert_eq!(
            last_event(),
            Event::CheckpointsPublished {
                validator: two,
                indices: vec![1].try_into().unwrap()
            }
        );
        let view = Hyperlane::checkpoint(1).unwrap();
        let checkpoint = Checkpoint {
            origin: HERE,
            merkle_tree_hook: MERKLE_TREE_HOOK,
            root: view.root,
            index: 1,
            message_id: hyperlane_primitives::MessageId(view.message_id),
        };
        for signature in view.signatures {
            assert_eq!(
                Signature(signature.signature).signer::<Host>(&checkpoint.digest::<Host>()),
                Ok(signature.validator)
            );
        }
    });
}

#[test]
fn publishing_is_free_and_urgent_and_known_by_its_content() {
    on_chain(|| {
        send_some(4);
        let call = publish_call(1, &[0, 2, 3]);
        let info = RuntimeCall::from(call.clone()).get_dispatch_info();
        assert_eq!(
            (info.class, info.pays_fee),
            (DispatchClass::Operational, Pays::No)
        );
        let valid = validate(&call).unwrap();
        assert_eq!(valid.priority, Priority::get());
        assert!(valid.propagate && valid.longevity >= 1 && valid.requires.is_empty());
        // Another validator, or another range, does not stand in its way; the same range does.
        let tag = |call: &Call| validate(call).unwrap().provides;
        assert_ne!(tag(&publish_call(2, &[0, 2, 3])), valid.provides);
        assert_ne!(tag(&publish_call(1, &[0, 2])), valid.provides);
        assert_eq!(tag(&publish_call(1, &[0, 1, 3])), valid.provides);
    });
}

#[test]
fn nobody_publishes_without_authorisation() {
    on_chain(|| {
        send(b"");
        for origin in [signed(SENDER), RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(
                act(origin, publish_call(1, &[0])).map_err(|error| error.error),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn signatures_must_be_in_order_each_once() {
    on_chain(|| {
        send_some(3);
        for indices in [&[][..], &[1, 0], &[0, 1, 1], &[0, 2, 1]] {
            assert_refused(publish_call(1, indices), CheckpointRefusal::Malformed);
        }
    });
}

#[test]
fn a_checkpoint_must_lie_in_the_state() {
    on_chain(|| {
        send_some(WINDOW);
        let gone = publish_call(1, &[0]);
        let partly = publish_call(1, &[0, 1]);
        let to_come = change(publish_call(1, &[1]), |signatures| signatures[0].0 = WINDOW + 5);
        send(b"the first one leaves");
        for call in [gone, partly, to_come] {
            assert_refused(call, CheckpointRefusal::NotKept);
        }
    });
}

#[test]
fn strangers_do_not_publish() {
    on_chain(|| {
        send(b"");
        assert_refused(publish_call(4, &[0]), CheckpointRefusal::NotByValidator);
    });
}

#[test]
fn a_signature_of_anything_else_is_none() {
    on_chain(|| {
        send_some(2);
        // Of another index, so that another signer is recovered.
        let other = change(publish_call(1, &[0]), |signatures| signatures[0].0 = 1);
        assert_refused(other, CheckpointRefusal::NotByValidator);
        for spoil in [
            |signature: &mut [u8; 65]| signature[64] -= 27,
            |signature: &mut [u8; 65]| *signature = other_form(Signature(*signature)).0,
            |signature: &mut [u8; 65]| *signature = [0; 65],
        ] {
            let spoilt = change(publish_call(1, &[0]), |signatures| spoil(&mut signatures[0].1));
            assert_refused(spoilt, CheckpointRefusal::NotByValidator);
            let second = change(publish_call(1, &[0, 1]), |signatures| spoil(&mut signatures[1].1));
            assert_refused(second, CheckpointRefusal::NotByValidator);
        }
    });
}

#[test]
fn each_validator_publishes_its_own() {
    on_chain(|| {
        send_some(2);
        let both = joined(publish_call(1, &[0]), publish_call(2, &[1]));
        assert_refused(both, CheckpointRefusal::SeveralValidators);
        let with_stranger = joined(publish_call(1, &[0]), publish_call(4, &[1]));
        assert_refused(with_stranger, CheckpointRefusal::SeveralValidators);
    });
}

#[test]
fn nothing_is_published_twice() {
    on_chain(|| {
        send_some(3);
        publish(1, &[0]);
        assert_refused(publish_call(1, &[0]), CheckpointRefusal::NotDue);
        assert_refused(publish_call(1, &[0, 1]), CheckpointRefusal::NotDue);
        publish(1, &[2]);
        assert_refused(publish_call(1, &[1, 2]), CheckpointRefusal::NotDue);
        publish(1, &[1]);
        assert_eq!(unsigned(1), NOTHING_DUE);
    });
}

#[test]
fn what_is_unsigned_skips_what_was_published() {
    on_chain(|| {
        send_some(5);
        assert_eq!(unsigned(1), [0, 1, 2, 3, 4]);
        publish(1, &[1, 3]);
        assert_eq!(unsigned(1), [0, 2, 4]);
        publish(1, &[0]);
        assert_eq!(unsigned(1), [2, 4]);
        assert_eq!(unsigned(2), [0, 1, 2, 3, 4]);
        assert_eq!(unsigned(4), NOTHING_DUE);
    });
}

#[test]
fn a_gap_that_was_closed_is_caught_up_with() {
    on_chain(|| {
        send_some(6);
        publish(1, &[1, 2, 3, 4]);
        let due = || {
            Hyperlane::validator(|validator| validator.address == address(&key(1)))
                .unwrap()
                .due
        };
        assert_eq!(due(), 0);
        publish(1, &[0]);
        publish(1, &[5]);
        send(b"");
        publish(1, &[6]);
        assert_eq!(due(), 6);
        send(b"");
        publish(1, &[7]);
        assert_eq!(due(), 8);
    });
}

#[test]
fn what_left_the_window_is_not_waited_for() {
    on_chain(|| {
        send_some(WINDOW + 3);
        assert_eq!(unsigned(1), (3..WINDOW + 3).collect::<Vec<_>>());
        publish(1, &[3, 4]);
        assert_eq!(unsigned(1)[0], 5);
        let validator = Hyperlane::validator(|validator| validator.address == address(&key(1)));
        assert_eq!(validator.unwrap().due, 5);
    });
}

#[test]
fn as_many_as_one_call_takes_are_published() {
    ExtBuilder::default().window(100).build_and_execute(|| {
        send_some(MAX_PUBLISHED + 1);
        let all: Vec<u32> = (0..MAX_PUBLISHED).collect();
        publish(1, &all);
        assert_eq!(unsigned(1), [MAX_PUBLISHED]);
    });
}

#[test]
fn messages_of_the_next_session_are_due_for_whoever_joins() {
    on_chain(|| {
        send_some(2);
        elect(&[2, 3, 4]);
        assert_eq!(unsigned(4), NOTHING_DUE);
        assert_refused(publish_call(4, &[1]), CheckpointRefusal::NotDue);
        send(b"");
        assert_eq!(unsigned(4), [2]);
        publish(4, &[2]);
        // Who stays goes on where it was.
        assert_eq!(unsigned(2), [0, 1, 2]);
    });
}

#[test]
fn who_has_left_publishes_for_one_more_session() {
    on_chain(|| {
        send_some(2);
        publish(1, &[0]);
        elect(&[2, 3, 4]);
        send(b"after the change");
        assert_eq!(unsigned(1), [1, 2]);
        publish(1, &[1]);
        assert_eq!(unsigned(1), [2]);
        rotate();
        assert_eq!(unsigned(1), NOTHING_DUE);
        assert_refused(publish_call(1, &[2]), CheckpointRefusal::NotByValidator);
        assert_eq!(signers(1), [address(&key(1))], "what it has published stays");
    });
}

#[test]
fn there_is_room_for_all_of_two_sessions() {
    on_chain(|| {
        elect(&[1, 2, 3, 4, 5, 6, 7, 8]);
        send(b"in the session of all");
        // The sets of this session and of the one before are both full, and differ.
        elect(&[9]);
        for number in 1..=8 {
            publish(number, &[0]);
        }
        assert_refused(publish_call(9, &[0]), CheckpointRefusal::NotDue);
        assert_eq!(signers(0).len(), 8);
    });
}

#[test]
fn the_codes_of_refusals_are_not_those_of_operators() {
    let codes = [
        CheckpointRefusal::Malformed,
        CheckpointRefusal::NotKept,
        CheckpointRefusal::NotByValidator,
        CheckpointRefusal::SeveralValidators,
        CheckpointRefusal::NotDue,
    ]
    .map(CheckpointRefusal::code);
    assert_eq!(codes, [101, 102, 103, 104, 105]);
}
