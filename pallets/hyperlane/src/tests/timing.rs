//! Timing loops behind `weights.rs`. Not run with the other tests, since a busy machine would fail them for nothing.

use crate::{
    address_of,
    mock::*,
    types::{Evidence, Signed, Validator, MAX_PUBLISHED},
    Host,
};
use codec::{Decode, Encode};
use hyperlane_primitives::{limits::MAX_BODY_BYTES, Checkpoint, Crypto, IsmKind, MessageId, Signature, H256};
use pensum_primitives::{bridge::MERKLE_TREE_HOOK, traits::Mailbox};
use std::time::{Duration, Instant};

const ROUNDS: usize = 30;

/// The best of some rounds over fresh chains, in nanoseconds: other work on the machine only ever makes it longer.
fn best<State>(prepare: impl Fn() -> State, run: impl Fn(State)) -> u128 {
    let round = || {
        ExtBuilder::default().window(300).build().execute_with(|| {
            let state = prepare();
            let start = Instant::now();
            run(state);
            start.elapsed()
        })
    };
    let times = (0..ROUNDS).map(|_| round());
    times.min().unwrap_or(Duration::ZERO).as_nanos()
}

#[test]
#[ignore = "a measurement, for `weights.rs`"]
fn print_times() {
    for bytes in [0, MAX_BODY_BYTES] {
        let dispatch = best(
            || send_some(5),
            |()| {
                <Hyperlane as Mailbox>::dispatch(INBOX, EVM, evm(1), vec![7; bytes]).unwrap();
            },
        );
        println!("dispatch of {bytes} bytes: {dispatch} ns");
        for kind in [IsmKind::MessageId, IsmKind::MerkleRoot] {
            for validators in [1, 7] {
                let proven = || {
                    set_ism(ABROAD, Some(module(kind, validators))).unwrap();
                    let mut abroad = Abroad::with(1);
                    let body = vec![7; bytes];
                    let index = abroad.dispatch(&body);
                    let signers: Vec<u8> = (1..=validators / 2 + 1).collect();
                    (
                        abroad.metadata(kind, index, &signers),
                        abroad.message(index).to_vec(),
                    )
                };
                let processed = best(proven, |(metadata, message)| {
                    Hyperlane::do_process(RELAYER, &metadata, &message).unwrap();
                });
                println!(
                    "process {kind:?} of {bytes} bytes by {}: {processed} ns",
                    validators / 2 + 1
                );
            }
        }
        let refused = best(
            || {
                set_ism(ABROAD, Some(module(IsmKind::MerkleRoot, 1))).unwrap();
                Known::set(vec![]);
                let mut abroad = Abroad::default();
                let body = vec![7; bytes];
                let index = abroad.dispatch(&body);
                abroad.message(index).to_vec()
            },
            |message| {
                Hyperlane::do_process(RELAYER, &[], &message).unwrap_err();
            },
        );
        println!("refuse {bytes} bytes: {refused} ns");
    }
    let digest = H256([7; 32]);
    let recovered = best(
        || sign(&key(1), digest),
        |signature: Signature| {
            (0..100).for_each(|_| {
                signature.signer::<Host>(&digest).unwrap();
            })
        },
    );
    println!("recover: {} ns", recovered / 100);
    let hashed = best(
        || (),
        |()| {
            (0..100).for_each(|_| {
                std::hint::black_box(Host::keccak_256(std::hint::black_box(&[0; 64])));
            })
        },
    );
    println!("hash: {} ns", hashed / 100);
    let decompressed = best(
        || public(&key(1)),
        |key| {
            (0..100).for_each(|_| {
                std::hint::black_box(address_of(&key));
            })
        },
    );
    println!("address: {} ns", decompressed / 100);
    for count in [1, MAX_PUBLISHED] {
        let indices: Vec<u32> = (0..count).collect();
        let publish = || {
            elect(&[1, 2, 3, 4, 5, 6, 7, 8]);
            send_some(MAX_PUBLISHED);
            for number in 2..=8 {
                for chunk in indices.chunks(64) {
                    crate::mock::publish(number, chunk);
                }
            }
            publish_call(1, &indices)
        };
        let authorised = best(publish, |call| {
            validate(&call).unwrap();
        });
        println!("authorise {count}: {authorised} ns");
        let published = best(publish, |call| {
            let Call::publish_checkpoints { signatures } = call else {
                panic!("no signatures")
            };
            Hyperlane::do_publish(&signatures).unwrap();
        });
        println!("publish {count}: {published} ns");
    }
    let listed = Signed {
        validator: address(&key(1)),
        signature: sign(&key(1), digest),
    };
    let list = vec![listed; 200].encode();
    let read = best(
        || (),
        |()| {
            let list = Vec::<Signed>::decode(&mut &list[..]).unwrap();
            let other = hyperlane_primitives::H160::zero();
            assert!(!std::hint::black_box(list)
                .iter()
                .any(|listed| listed.validator == other));
        },
    );
    println!("a signature in a list: {} ns", read / 200);
    let set = vec![
        Validator {
            key: public(&key(1)),
            address: address(&key(1)),
            due: 1
        };
        100
    ]
    .encode();
    let read = best(
        || (),
        |()| {
            let set = Vec::<Validator>::decode(&mut &set[..]).unwrap();
            std::hint::black_box(std::hint::black_box(set).encode());
        },
    );
    println!("a validator in a set, read and written: {} ns", read / 100);
    let checkpoint = Checkpoint {
        origin: HERE,
        merkle_tree_hook: MERKLE_TREE_HOOK,
        root: H256([1; 32]),
        index: 9,
        message_id: MessageId(H256([2; 32])),
    };
    for validators in [1, 8] {
        let reported = best(
            || {
                elect(&(1..=validators).collect::<Vec<_>>());
                let evidence = Evidence {
                    signature: sign_checkpoint(&key(1), &checkpoint),
                    key: public(&key(1)),
                    checkpoint,
                    truth: None,
                };
                (evidence, key_proof(1))
            },
            |(evidence, proof)| {
                Hyperlane::do_report(RELAYER, &evidence, proof).unwrap();
            },
        );
        println!("report among {validators}: {reported} ns");
    }
    let announced = best(
        || {
            let location: Vec<u8> = [b"file:///".to_vec(), vec![b'x'; 500]].concat();
            for number in 0..7u8 {
                let mut other = location.clone();
                other[500] = b'0' + number;
                let other = other.try_into().unwrap();
                crate::Announcements::<Test>::mutate(address(&key(1)), |all| all.try_push(other)).unwrap();
            }
            let announcement = hyperlane_primitives::Announcement {
                domain: HERE,
                mailbox: pensum_primitives::bridge::MAILBOX,
                location: hyperlane_primitives::StorageLocation::new(&location).unwrap(),
            };
            let signature = sign(&key(1), announcement.digest::<Host>());
            (address(&key(1)), location, signature)
        },
        |(validator, location, signature)| {
            let location = location.try_into().unwrap();
            Hyperlane::do_announce(validator, location, signature.0).unwrap();
        },
    );
    println!("announce: {announced} ns");
    let module_set = best(
        || {
            set_ism(ABROAD, Some(module(IsmKind::MerkleRoot, 50))).unwrap();
            module(IsmKind::MessageId, 50)
        },
        |ism| {
            Hyperlane::do_set_ism(ABROAD, Some(ism)).unwrap();
        },
    );
    println!("set a module of 50: {module_set} ns");
    let paid = best(
        || {
            let oracle = crate::types::GasOracle {
                gas_price: 7,
                exchange_rate: 10_000_000_000,
                overhead: 1,
            };
            Hyperlane::do_set_gas_oracle(EVM, Some(oracle));
            send(b"")
        },
        |id| {
            Hyperlane::do_pay_for_gas(SENDER, id, EVM, 1_000).unwrap();
        },
    );
    println!("pay for gas: {paid} ns");
}
