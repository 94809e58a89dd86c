use crate::{mock::*, types::Paid, Requests};
use frame_support::assert_ok;
use pensum_primitives::{
    bridge::{remote_account, TASKS},
    matching::Matching,
    task::{Input, Terms},
    verdict::Reason,
    verification::{Rule, Verification},
    Digest, ModelId,
};
use pensum_task_abi::{self as abi, Delivery, Intent, Outcome, TaskResult, VerificationKind};
use sp_io::hashing::sha2_256;

#[test]
fn an_intent_becomes_a_task_of_the_remote_account() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let id = ask(remote, intent());
        let task = Desk::task_of(id);
        assert_eq!(
            last_event(),
            Event::IntentTaken {
                request: id,
                remote,
                account: remote_account(remote.domain, remote.address),
                task,
                asset: Some(COIN),
                max_reward: MAX_REWARD,
                delivery: Delivery::Direct,
            }
        );
        let open = Desk::task(task);
        assert_eq!(open.requester, remote.account());
        assert_eq!(
            open.terms,
            Terms {
                model: ModelId(Digest::repeat_byte(1)),
                max_reward: MAX_REWARD,
                asset: Some(COIN),
                deadline: now() + 20,
                matching: Matching::Book,
                verification: Verification::Replay { window: 0 },
                min_reputation: 0,
                allow_flagged: false,
            }
        );
        assert_eq!(open.input, Input::Inline(b"Salve!".to_vec().try_into().unwrap()));
        assert_eq!(Requests::<Test>::get(id).unwrap().task, Some(task));
    });
}

#[test]
fn every_field_reaches_the_market() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let sealed = Intent {
            input: abi::Input::Blob {
                digest: [9; 32],
                len: 70_000,
            },
            matching: abi::Matching::Sealed {
                reserve: 800,
                commit: 6,
                reveal: 4,
            },
            verification: abi::Verification::Quorum {
                solvers: 5,
                threshold: 3,
                rule: abi::Rule::JsonField {
                    pointer: b"/a".to_vec(),
                },
            },
            min_reputation: 400_000,
            allow_flagged: true,
            deadline: 33,
            ..intent()
        };
        let open = Desk::task(Desk::task_of(ask(remote, sealed)));
        assert_eq!(
            open.terms,
            Terms {
                model: ModelId(Digest::repeat_byte(1)),
                max_reward: MAX_REWARD,
                asset: Some(COIN),
                deadline: now() + 33,
                matching: Matching::Sealed {
                    reserve: 800,
                    commit: 6,
                    reveal: 4,
                },
                verification: Verification::Quorum {
                    solvers: 5,
                    threshold: 3,
                    rule: Rule::JsonField {
                        pointer: b"/a".to_vec().try_into().unwrap(),
                    },
                },
                min_reputation: 400_000,
                allow_flagged: true,
            }
        );
        let digest = Digest::repeat_byte(9);
        assert_eq!(open.input, Input::Blob { digest, len: 70_000 });

        let dutch = Intent {
            matching: abi::Matching::Dutch {
                start: 1,
                end: 2,
                blocks: 3,
            },
            verification: abi::Verification::Requester { window: 60 },
            ..intent()
        };
        let open = Desk::task(Desk::task_of(ask(remote, dutch)));
        assert_eq!(
            open.terms.matching,
            Matching::Dutch {
                start: 1,
                end: 2,
                blocks: 3
            }
        );
        assert_eq!(open.terms.verification, Verification::Requester { window: 60 });

        for (rule, same) in [
            (abi::Rule::Exact, Rule::Exact),
            (abi::Rule::Numeric { ppm: 5 }, Rule::Numeric { ppm: 5 }),
            (abi::Rule::Label, Rule::Label),
        ] {
            let quorum = Intent {
                verification: abi::Verification::Quorum {
                    solvers: 3,
                    threshold: 2,
                    rule,
                },
                ..intent()
            };
            let open = Desk::task(Desk::task_of(ask(remote, quorum)));
            assert!(matches!(open.terms.verification, Verification::Quorum { rule, .. } if rule == same));
        }
    });
}

#[test]
fn an_answer_is_sent_to_the_contract_that_asked_in_the_next_block() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let id = ask(remote, intent());
        let task = Desk::task_of(id);
        run_for(3);
        let end = Desk::answer(id, b"label");
        assert_eq!(Post::results_for(remote), []);
        run_for(1);
        let [(message, result)] = &Post::results_for(remote)[..] else {
            panic!("one result")
        };
        assert_eq!(
            *result,
            TaskResult {
                request: id.0,
                sender: remote.address.0 .0,
                task: task.0,
                outcome: Outcome::Answered,
                model: [1; 32],
                input_digest: sha2_256(b"Salve!"),
                output_digest: sha2_256(b"label"),
                output: b"label".to_vec(),
                verification: VerificationKind::Replay,
                evidence: [0xe1; 32],
                asset: Some(COIN),
                price: MAX_REWARD / 2,
                ended_at: 4,
                record: end.record.leaf().0,
            }
        );
        assert_eq!(
            last_event(),
            Event::ResultSent {
                request: id,
                message: *message
            }
        );
        assert!(Requests::<Test>::get(id).is_none());
    });
}

#[test]
fn a_refund_is_told_with_its_reason() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let reasons = [
            Reason::Cancelled,
            Reason::DeadlinePassed,
            Reason::NobodyLeft,
            Reason::InputUnreadable,
            Reason::ModelGone,
            Reason::NoBids,
            Reason::NoQuorum,
            Reason::Rejected,
            Reason::ModelBroken,
        ];
        for (index, reason) in (0..).zip(reasons) {
            let id = ask(remote, intent());
            Desk::refund(Desk::task_of(id), reason);
            run_for(1);
            let (_, result) = Post::results_for(remote).pop().unwrap();
            assert_eq!(result.outcome, Outcome::Refunded { reason: index });
            assert_eq!(result.output_digest, sha2_256(b""));
            assert_eq!((result.price, &result.output[..]), (0, &b""[..]));
            assert_ne!(result.record, [0; 32]);
        }
    });
}

#[test]
fn pen_pays_as_well() {
    ExtBuilder.build_and_execute(|| {
        let remote = CONSUMER;
        give_pen(&remote.account(), 20_000);
        let id = ask(
            remote,
            Intent {
                asset: None,
                ..intent()
            },
        );
        assert_eq!(Desk::task(Desk::task_of(id)).terms.asset, None);
        // Gas for result and callback, and the prepaid fee.
        assert_eq!(
            free_in(None, &remote.account()),
            20_000 - MAX_REWARD - 200 - 1_000
        );
        Desk::answer(id, b"x");
        run_for(1);
        assert_eq!(Post::results_for(remote)[0].1.asset, None);
    });
}

#[test]
fn a_task_that_ends_while_it_is_posted_is_told_of_as_any_other() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        set_mood(2, Mood::Hasty);
        let id = ask(remote, intent_for(2));
        run_for(1);
        let (_, result) = Post::results_for(remote).pop().unwrap();
        assert_eq!(result.request, id.0);
        assert_eq!(result.outcome, Outcome::Refunded { reason: 4 });
    });
}

#[test]
fn contracts_at_the_same_address_of_two_chains_have_two_accounts() {
    ExtBuilder.build_and_execute(|| {
        fund(CONSUMER, 100_000);
        let (asked, poor) = (ask(CONSUMER, intent()), ask(TWIN, intent()));
        assert!(Requests::<Test>::get(asked).unwrap().task.is_some());
        assert!(Requests::<Test>::get(poor).unwrap().task.is_none());
    });
}

#[test]
fn a_listed_sender_is_taken_where_only_the_listed_are() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        fund(RIVAL, 100_000);
        let root = RuntimeOrigin::root;
        assert_ok!(Bridge::set_policy(root(), EVM, crate::types::Policy::Listed));
        assert_ok!(Bridge::set_sender(root(), EVM, remote.address.0, true));
        let (listed, not) = (ask(remote, intent()), ask(RIVAL, intent()));
        assert!(Requests::<Test>::get(listed).unwrap().task.is_some());
        assert!(Requests::<Test>::get(not).unwrap().task.is_none());
        assert_ok!(Bridge::set_sender(root(), EVM, remote.address.0, false));
        let struck_off = ask(remote, intent());
        assert!(Requests::<Test>::get(struck_off).unwrap().task.is_none());
    });
}

#[test]
fn the_same_message_is_not_taken_twice() {
    ExtBuilder.build_and_execute(|| {
        use pensum_primitives::{bridge::Inbound, traits::Recipients};
        let remote = rich_consumer();
        let id = ask(remote, intent());
        let body = abi::ToTasks::Intent(intent()).encode();
        let again = Inbound {
            id,
            origin: remote.domain,
            sender: remote.address,
            recipient: TASKS,
            body: &body,
        };
        frame_support::assert_noop!(Bridge::handle(again), Error::AlreadyTaken);
    });
}

#[test]
fn nobody_who_has_no_address_here_gets_anything() {
    ExtBuilder.build_and_execute(|| {
        use pensum_primitives::{bridge::MAILBOX, traits::Recipients};
        for recipient in [MAILBOX, contract(1), ROUTER] {
            assert_eq!(Bridge::weight(recipient, b""), None);
            let message = pensum_primitives::bridge::Inbound {
                id: Digest::zero(),
                origin: CONSUMER.domain,
                sender: CONSUMER.address,
                recipient,
                body: b"",
            };
            frame_support::assert_noop!(Bridge::handle(message), Error::UnknownRecipient);
        }
    });
}

#[test]
fn what_was_paid_is_remembered_with_the_request() {
    ExtBuilder.build_and_execute(|| {
        let id = ask(rich_consumer(), with_refund(intent()));
        assert_eq!(
            Requests::<Test>::get(id).unwrap().paid,
            Paid {
                result: 200,
                refund: 60
            }
        );
    });
}
