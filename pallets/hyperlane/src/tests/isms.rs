use crate::{mock::*, types::Ism, PendingIsms};
use frame_support::{assert_noop, assert_ok};
use hyperlane_primitives::{IsmKind, H160};
use sp_runtime::DispatchError;

fn of(validators: &[H160], threshold: u8) -> Ism {
    Ism {
        kind: IsmKind::MessageId,
        validators: validators.to_vec().try_into().unwrap(),
        threshold,
    }
}

fn old() -> Ism {
    module(IsmKind::MessageId, 3)
}

fn new() -> Ism {
    module(IsmKind::MerkleRoot, 2)
}

#[test]
fn the_first_module_counts_at_once() {
    on_chain(|| {
        assert_ok!(set_ism(ABROAD, Some(old())));
        assert_eq!(
            events(),
            [Event::IsmSet {
                origin: ABROAD,
                ism: old()
            }]
        );
        let view = Hyperlane::ism(ABROAD.0).unwrap();
        assert_eq!((view.module_type, view.threshold), (5, 2));
        assert_eq!(view.validators, old().validators.into_inner());
        assert_eq!(view.pending, None);
        assert_ok!(Abroad::with(1).bring(IsmKind::MessageId, 0));
    });
}

#[test]
fn a_changed_module_waits() {
    on_chain(|| {
        let abroad = Abroad::with(3);
        assert_ok!(set_ism(ABROAD, Some(old())));
        assert_ok!(set_ism(ABROAD, Some(new())));
        let from = 1 + DELAY;
        assert_eq!(
            last_event(),
            Event::IsmScheduled {
                origin: ABROAD,
                ism: new(),
                from
            }
        );
        let view = Hyperlane::ism(ABROAD.0).unwrap();
        assert_eq!(view.module_type, 5);
        assert_eq!(view.pending, Some((from, new().validators.into_inner(), 2)));

        run_for(DELAY - 1);
        assert_ok!(abroad.bring(IsmKind::MessageId, 0));
        run_for(1);
        let view = Hyperlane::ism(ABROAD.0).unwrap();
        assert_eq!((view.module_type, view.pending), (4, None));
        assert!(abroad.bring(IsmKind::MessageId, 1).is_err());
        assert!(PendingIsms::<Test>::contains_key(ABROAD));
        assert_ok!(abroad.bring(IsmKind::MerkleRoot, 1));
        // The first message after the change puts it into its place.
        assert!(!PendingIsms::<Test>::contains_key(ABROAD));
        assert!(events().contains(&Event::IsmSet {
            origin: ABROAD,
            ism: new()
        }));
        assert_ok!(abroad.bring(IsmKind::MerkleRoot, 2));
    });
}

#[test]
fn a_module_that_waits_gives_way_to_a_later_one() {
    on_chain(|| {
        assert_ok!(set_ism(ABROAD, Some(old())));
        assert_ok!(set_ism(ABROAD, Some(new())));
        run_for(DELAY - 1);
        assert_ok!(set_ism(ABROAD, Some(module(IsmKind::MessageId, 1))));
        run_for(1);
        assert_eq!(Hyperlane::ism(ABROAD.0).unwrap().threshold, 2);
        run_for(DELAY - 1);
        assert_eq!(Hyperlane::ism(ABROAD.0).unwrap().threshold, 1);
    });
}

#[test]
fn a_module_whose_time_has_come_stays_while_the_next_one_waits() {
    on_chain(|| {
        assert_ok!(set_ism(ABROAD, Some(old())));
        assert_ok!(set_ism(ABROAD, Some(new())));
        run_for(DELAY);
        assert_ok!(set_ism(ABROAD, Some(old())));
        let view = Hyperlane::ism(ABROAD.0).unwrap();
        assert_eq!(view.module_type, 4);
        assert_eq!(view.pending.unwrap().0, 1 + 2 * DELAY);
    });
}

#[test]
fn removing_counts_at_once_and_the_next_one_waits_all_the_same() {
    on_chain(|| {
        assert_ok!(set_ism(ABROAD, Some(old())));
        assert_ok!(set_ism(ABROAD, Some(new())));
        assert_ok!(set_ism(ABROAD, None));
        assert_eq!(last_event(), Event::IsmRemoved { origin: ABROAD });
        run_for(DELAY);
        assert_eq!(Hyperlane::ism(ABROAD.0), None);

        assert_ok!(set_ism(ABROAD, Some(old())));
        assert!(matches!(last_event(), Event::IsmScheduled { .. }));
        assert_eq!(Hyperlane::ism(ABROAD.0), None);
        run_for(DELAY);
        assert_ok!(Abroad::with(1).bring(IsmKind::MessageId, 0));
    });
}

#[test]
fn one_that_waits_alone_can_be_removed() {
    on_chain(|| {
        assert_ok!(set_ism(ABROAD, Some(old())));
        assert_ok!(set_ism(ABROAD, None));
        assert_ok!(set_ism(ABROAD, Some(old())));
        assert_ok!(set_ism(ABROAD, None));
        run_for(DELAY);
        assert_eq!(Hyperlane::ism(ABROAD.0), None);
    });
}

#[test]
fn nothing_cannot_be_removed() {
    on_chain(|| {
        assert_noop!(set_ism(ABROAD, None), Error::UnknownOrigin);
        assert_ok!(set_ism(ABROAD, Some(old())));
        assert_ok!(set_ism(ABROAD, None));
        assert_noop!(set_ism(ABROAD, None), Error::UnknownOrigin);
    });
}

#[test]
fn validators_that_are_no_set_are_refused() {
    on_chain(|| {
        let [one, two] = [1, 2].map(H160::repeat_byte);
        let refused = [
            (of(&[one], 0), Error::NoThreshold),
            (of(&[], 1), Error::ThresholdTooHigh),
            (of(&[one, two], 3), Error::ThresholdTooHigh),
            (of(&[one, H160::zero()], 1), Error::ZeroAddress),
            (of(&[one, two, one], 2), Error::ValidatorTwice),
        ];
        for (ism, error) in refused {
            assert_noop!(set_ism(ABROAD, Some(ism)), error);
        }
        let fifty: Vec<_> = (1..=50).map(H160::repeat_byte).collect();
        assert_ok!(set_ism(ABROAD, Some(of(&fifty, 50))));
    });
}

#[test]
fn this_chain_needs_no_module() {
    on_chain(|| {
        assert_noop!(set_ism(HERE, Some(old())), Error::OwnDomain);
        assert_noop!(set_ism(HERE, None), Error::OwnDomain);
    });
}

#[test]
fn only_governance_says_whom_to_believe() {
    on_chain(|| {
        let call = Call::set_ism {
            domain: ABROAD.0,
            ism: Some(old()),
        };
        assert_noop!(
            act(signed(SENDER), call).map_err(|error| error.error),
            DispatchError::BadOrigin
        );
    });
}
