//! Random sequences of everything that happens, against a model that keeps all messages.

use crate::{
    mock::*,
    types::{Direction, Ism},
    Host,
};
use frame_support::storage::{with_transaction, TransactionOutcome};
use hyperlane_primitives::{FullTree, IsmKind, MessageId};
use proptest::{prelude::*, test_runner::TestRunner};
use sp_runtime::DispatchError;
use std::collections::{BTreeMap, BTreeSet};

const KINDS: [IsmKind; 2] = [IsmKind::MessageId, IsmKind::MerkleRoot];
/// Messages that wait abroad.
const ABROAD_MESSAGES: u8 = 6;

#[derive(Clone, Debug)]
enum Act {
    Send {
        dirty: bool,
        length: usize,
    },
    Bring {
        message: u32,
        other_kind: bool,
        signers: Vec<u8>,
    },
    Publish {
        validator: u8,
        from: usize,
        count: usize,
    },
    Rotate {
        elected: Vec<u8>,
    },
    Ism {
        kind: usize,
        validators: u8,
        remove: bool,
    },
    Pause {
        inbound: bool,
        paused: bool,
    },
    Mood(Attitude),
    Wait(u32),
}

fn act_strategy() -> impl Strategy<Value = Act> {
    let mood = prop_oneof![
        3 => Just(Attitude::Takes),
        1 => Just(Attitude::Refuses),
        1 => Just(Attitude::Answers)
    ];
    prop_oneof![
        6 => (prop::bool::weighted(0.1), 0..100usize).prop_map(|(dirty, length)| Act::Send { dirty, length }),
        6 => (0..u32::from(ABROAD_MESSAGES), prop::bool::weighted(0.2), prop::sample::subsequence(vec![1, 2, 3, 4], 0..=4))
            .prop_map(|(message, other_kind, signers)| Act::Bring { message, other_kind, signers }),
        6 => (1..6u8, 0..10usize, 0..6usize)
            .prop_map(|(validator, from, count)| Act::Publish { validator, from, count }),
        2 => prop::sample::subsequence((1..=9).collect::<Vec<u8>>(), 0..=8).prop_map(|elected| Act::Rotate { elected }),
        1 => (0..2usize, 1..4u8, prop::bool::weighted(0.2))
            .prop_map(|(kind, validators, remove)| Act::Ism { kind, validators, remove }),
        1 => (any::<bool>(), prop::bool::weighted(0.3)).prop_map(|(inbound, paused)| Act::Pause { inbound, paused }),
        1 => mood.prop_map(Act::Mood),
        2 => (1..8u32).prop_map(Act::Wait),
    ]
}

/// What the test knows beside the chain.
struct World {
    abroad: Abroad,
    tree: FullTree,
    sent: Vec<MessageId>,
    delivered: BTreeSet<MessageId>,
    published: BTreeMap<u32, BTreeSet<u8>>,
    ism: Option<Ism>,
    pending: Option<(u32, Ism)>,
    has_had_one: bool,
    paused: [bool; 2],
}

impl World {
    /// With a module that is already there.
    fn new() -> Self {
        let mut world = Self {
            abroad: Abroad::with(ABROAD_MESSAGES),
            tree: FullTree::default(),
            sent: Vec::new(),
            delivered: BTreeSet::new(),
            published: BTreeMap::new(),
            ism: None,
            pending: None,
            has_had_one: false,
            paused: [false; 2],
        };
        world.set_ism(Some(module(IsmKind::MessageId, 2)));
        world
    }

    fn note_sent(&mut self) {
        let (id, index) = last_dispatched();
        assert_eq!(self.tree.insert::<Host>(id), Ok(index));
        self.sent.push(id);
    }

    fn settle_ism(&mut self) {
        if let Some((_, ism)) = self.pending.take_if(|(from, _)| *from <= System::block_number()) {
            self.ism = Some(ism);
        }
    }

    /// Whether these signers, in the order of the set, are the first of which enough are in it.
    fn believes(&self, kind: IsmKind, signers: &[u8]) -> bool {
        self.ism.as_ref().is_some_and(|ism| {
            let needed = usize::from(ism.threshold);
            ism.kind == kind
                && signers.len() >= needed
                && signers[..needed]
                    .iter()
                    .all(|signer| usize::from(*signer) <= ism.validators.len())
        })
    }

    fn take(&mut self, act: &Act) {
        self.settle_ism();
        match act {
            Act::Send { dirty, length } => {
                let recipient = if *dirty { INBOX } else { evm(1) };
                let sent = send_as(SENDER, EVM, recipient, &vec![7; *length], None);
                assert_eq!(sent.is_ok(), !dirty && !self.paused[0]);
                if sent.is_ok() {
                    self.note_sent();
                }
            }
            Act::Bring {
                message,
                other_kind,
                signers,
            } => {
                let ours = self.ism.as_ref().map_or(IsmKind::MessageId, |ism| ism.kind);
                let other = KINDS[usize::from(ours == KINDS[0])];
                self.bring(*message, if *other_kind { other } else { ours }, signers);
            }
            Act::Publish {
                validator,
                from,
                count,
            } => {
                let due = unsigned(*validator);
                let chosen: Vec<u32> = due.into_iter().skip(*from).take(*count).collect();
                let call = publish_call(*validator, &chosen);
                assert_eq!(submit(call.clone()).is_ok(), !chosen.is_empty());
                assert!(validate(&call).is_err(), "nothing is published twice");
                for index in chosen {
                    assert!(self.published.entry(index).or_default().insert(*validator));
                }
            }
            Act::Rotate { elected } => {
                Elected::set(elected.clone());
                rotate();
            }
            Act::Ism {
                kind,
                validators,
                remove,
            } => self.set_ism((!remove).then(|| module(KINDS[*kind], *validators))),
            Act::Pause { inbound, paused } => {
                let direction = [Direction::Outbound, Direction::Inbound][usize::from(*inbound)];
                pause(direction, *paused);
                self.paused[usize::from(*inbound)] = *paused;
            }
            Act::Mood(mood) => Mood::set(*mood),
            Act::Wait(blocks) => run_for(*blocks),
        }
    }

    fn bring(&mut self, index: u32, kind: IsmKind, signers: &[u8]) {
        let id = self.abroad.id(index);
        let metadata = self.abroad.metadata(kind, index, signers);
        let before = letters();
        let brought = process(&metadata, self.abroad.message(index));
        let handled = match Mood::get() {
            Attitude::Takes => true,
            Attitude::Refuses => false,
            Attitude::Answers => !self.paused[0],
        };
        let right =
            handled && !self.paused[1] && !self.delivered.contains(&id) && self.believes(kind, signers);
        assert_eq!(brought.is_ok(), right, "{brought:?}");
        if right {
            self.delivered.insert(id);
            assert_eq!(letters().len(), before.len() + 1);
            if Mood::get() == Attitude::Answers {
                self.note_sent();
            }
        } else {
            assert_eq!(letters(), before);
        }
    }

    fn set_ism(&mut self, ism: Option<Ism>) {
        let set = set_ism(ABROAD, ism.clone());
        match ism {
            None => {
                let had = self.ism.take().is_some() | self.pending.take().is_some();
                assert_eq!(set.is_ok(), had);
            }
            Some(ism) if self.has_had_one => {
                self.pending = Some((System::block_number() + DELAY, ism));
            }
            Some(ism) => {
                self.has_had_one = true;
                self.ism = Some(ism);
            }
        }
    }

    fn check(&self) {
        let count = self.sent.len() as u32;
        let bridge = Hyperlane::bridge();
        assert_eq!(bridge.count, count);
        assert_eq!(bridge.root, self.tree.root::<Host>(count).unwrap());
        let oldest = count.saturating_sub(WINDOW);
        for (index, id) in (0..).zip(&self.sent) {
            let view = Hyperlane::checkpoint(index);
            assert_eq!(view.is_some(), index >= oldest);
            let Some(view) = view else { continue };
            assert_eq!(view.root, self.tree.root::<Host>(index + 1).unwrap());
            assert_eq!(view.message_id, id.0);
            let signers: BTreeSet<_> = view.signatures.iter().map(|each| each.validator).collect();
            let published = self.published.get(&index).cloned().unwrap_or_default();
            let expected = published.into_iter().map(|number| address(&key(number)));
            assert_eq!(signers, expected.collect());
            assert_eq!(signers.len(), view.signatures.len());
        }
        for index in 0..u32::from(ABROAD_MESSAGES) {
            let id = self.abroad.id(index);
            let delivered = Hyperlane::delivered(id.0).is_some();
            assert_eq!(delivered, self.delivered.contains(&id));
        }
        Hyperlane::do_try_state().unwrap();
    }
}

#[test]
fn whatever_happens_the_chain_agrees_with_the_model() {
    let mut runner = TestRunner::new(ProptestConfig::with_cases(96));
    let acts = prop::collection::vec(act_strategy(), 1..80);
    let (mut sent, mut delivered, mut published) = (0, 0, 0);
    let tally = std::cell::RefCell::new((&mut sent, &mut delivered, &mut published));
    runner
        .run(&acts, |acts| {
            on_chain(|| {
                let mut world = World::new();
                for act in &acts {
                    world.take(act);
                    world.check();
                }
                let mut tally = tally.borrow_mut();
                *tally.0 += world.sent.len();
                *tally.1 += world.delivered.len();
                *tally.2 += world.published.values().map(BTreeSet::len).sum::<usize>();
            });
            Ok(())
        })
        .unwrap();
    // Otherwise the test says little.
    assert!(
        sent > 300 && delivered > 60 && published > 100,
        "{sent} {delivered} {published}"
    );
}

/// Whether the invariants notice what was done to the state, which is undone afterwards.
#[track_caller]
fn assert_noticed(spoil: impl FnOnce()) {
    let noticed = with_transaction::<_, DispatchError, _>(|| {
        spoil();
        TransactionOutcome::Rollback(Ok(Hyperlane::do_try_state().is_err()))
    });
    assert_eq!(noticed, Ok(true));
}

#[test]
fn the_invariants_notice_what_is_wrong() {
    on_chain(|| {
        let abroad = Abroad::with(1);
        set_ism(ABROAD, Some(module(IsmKind::MessageId, 3))).unwrap();
        abroad.bring(IsmKind::MessageId, 0).unwrap();
        send_some(3);
        publish(1, &[0, 1]);
        Hyperlane::do_try_state().unwrap();

        assert_noticed(|| crate::Nonce::<Test>::put(4));
        assert_noticed(|| crate::Oldest::<Test>::put(1));
        assert_noticed(|| crate::Oldest::<Test>::put(9));
        assert_noticed(|| crate::Dispatches::<Test>::remove(1));
        assert_noticed(|| crate::Outbox::<Test>::remove(1));
        assert_noticed(|| crate::Outbox::<Test>::mutate(1, |bytes| *bytes = crate::Outbox::<Test>::get(0)));
        assert_noticed(|| crate::Indices::<Test>::insert(abroad.id(0), 0));
        assert_noticed(crate::Tree::<Test>::kill);
        assert_noticed(|| {
            crate::Dispatches::<Test>::mutate(2, |dispatch| {
                dispatch.as_mut().unwrap().root = sp_core::H256::zero();
            })
        });
        assert_noticed(|| {
            crate::Dispatches::<Test>::mutate(2, |dispatch| dispatch.as_mut().unwrap().block = 9)
        });
        let signatures = crate::Signatures::<Test>::get(0);
        assert_noticed(|| crate::Signatures::<Test>::insert(2, &signatures));
        assert_noticed(|| crate::Signatures::<Test>::insert(7, &signatures));
        assert_noticed(|| crate::Signatures::<Test>::try_append(0, signatures[0]).unwrap());
        assert_noticed(|| crate::Delivered::<Test>::insert(abroad.id(0), 2));
        assert_noticed(|| crate::Delivered::<Test>::insert(MessageId(Hyperlane::dispatched(0, 1)[0].id), 1));
        assert_noticed(|| {
            crate::Validators::<Test>::mutate(|validators| validators[1] = validators[0].clone())
        });
        assert_noticed(|| crate::Validators::<Test>::mutate(|validators| validators[1].due = 4));
        assert_noticed(|| {
            crate::Validators::<Test>::mutate(|validators| validators[1].address = Default::default())
        });
        assert_noticed(|| crate::Origins::<Test>::remove(ABROAD));
        assert_noticed(|| {
            crate::Isms::<Test>::mutate(ABROAD, |ism| {
                let ism = ism.as_mut().unwrap();
                ism.validators[1] = ism.validators[0];
            })
        });
        assert_noticed(|| {
            let location: crate::types::LocationBytes = b"file:///".to_vec().try_into().unwrap();
            crate::Announcements::<Test>::insert(
                hyperlane_primitives::H160::zero(),
                crate::types::LocationList::truncate_from(vec![location; 2]),
            );
        });
    });
}
