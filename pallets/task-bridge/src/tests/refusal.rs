//! A test for each reason for which an intent never becomes a task. Whatever it is, the contract is told, and nothing gets stuck.

use crate::mock::*;
use frame_support::assert_ok;
use pensum_primitives::{bridge::TASKS, Digest};
use pensum_task_abi::{Input, Intent, Outcome, Refusal, TaskResult, ToTasks, VerificationKind};
use sp_io::hashing::sha2_256;
use sp_runtime::DispatchError;

/// What a contract is told in the next block.
fn told(id: Digest) -> TaskResult {
    run_for(1);
    let mut results = Post::results_for(CONSUMER);
    results.retain(|(_, result)| result.request == id.0);
    assert_eq!(results.len(), 1, "it is told once");
    results.pop().unwrap().1
}

fn refused(intent: Intent, refusal: Refusal, error: Option<DispatchError>) -> Digest {
    let id = ask(CONSUMER, intent.clone());
    assert_eq!(Desk::open().len(), 0, "no task");
    assert_eq!(
        last_event(),
        Event::IntentRefused {
            request: id,
            remote: CONSUMER,
            refusal,
            error: error.map(stored),
        }
    );
    assert_eq!(
        told(id),
        TaskResult {
            request: id.0,
            sender: CONSUMER.address.0 .0,
            task: 0,
            outcome: Outcome::Refused(refusal),
            model: intent.model,
            input_digest: sha2_256(b"Salve!"),
            output_digest: sha2_256(b""),
            output: vec![],
            verification: VerificationKind::Replay,
            evidence: [0; 32],
            asset: intent.asset,
            price: 0,
            ended_at: now() - 1,
            record: [0; 32],
        }
    );
    id
}

#[test]
fn malformed() {
    ExtBuilder.build_and_execute(|| {
        for body in [&b""[..], &[0], &[1], &[9, 9, 9], &[1; 8_192], &[0xff; 1_000]] {
            let (id, delivered) = bring(CONSUMER, TASKS, body);
            assert_ok!(delivered);
            assert_eq!(
                told(id),
                TaskResult {
                    request: id.0,
                    sender: CONSUMER.address.0 .0,
                    task: 0,
                    outcome: Outcome::Refused(Refusal::Malformed),
                    model: [0; 32],
                    input_digest: [0; 32],
                    output_digest: sha2_256(b""),
                    output: vec![],
                    verification: VerificationKind::Replay,
                    evidence: [0; 32],
                    asset: None,
                    price: 0,
                    ended_at: now() - 1,
                    record: [0; 32],
                }
            );
        }
        // A field that is not used.
        let mut body = ToTasks::Intent(intent()).encode();
        body[1 + 32 * 10 + 31] = 1;
        let (id, _) = bring(CONSUMER, TASKS, &body);
        assert_eq!(told(id).outcome, Outcome::Refused(Refusal::Malformed));
    });
}

#[test]
fn not_accepted() {
    ExtBuilder.build_and_execute(|| {
        use crate::types::Policy::{Closed, Listed};
        rich_consumer();
        for policy in [Listed, Closed] {
            assert_ok!(Bridge::set_policy(RuntimeOrigin::root(), EVM, policy));
            refused(intent(), Refusal::NotAccepted, None);
        }
        assert_ok!(Bridge::set_sender(
            RuntimeOrigin::root(),
            EVM,
            CONSUMER.address.0,
            true
        ));
        refused(intent(), Refusal::NotAccepted, None);
    });
}

#[test]
fn unknown_asset() {
    ExtBuilder.build_and_execute(|| {
        rich_consumer();
        let intent = Intent {
            asset: Some(STONE),
            ..intent()
        };
        refused(intent, Refusal::UnknownAsset, Some("not listed".into()));
    });
}

#[test]
fn no_rate() {
    ExtBuilder.build_and_execute(|| {
        rich_consumer();
        CoinWorth::set(None);
        refused(intent(), Refusal::NoRate, Some("no rate".into()));
    });
}

#[test]
fn cannot_pay_the_delivery() {
    ExtBuilder.build_and_execute(|| {
        let error = Some(Error::CannotPayDelivery.into());
        refused(intent(), Refusal::CannotPay, error);
        fund(CONSUMER, 100);
        refused(intent(), Refusal::CannotPay, error);
        assert_eq!(coins(&CONSUMER.account()), 100);
    });
}

#[test]
fn cannot_pay_a_delivery_that_is_beyond_all_money() {
    ExtBuilder.build_and_execute(|| {
        rich_consumer();
        GasPrice::set(Some(u128::MAX));
        refused(
            intent(),
            Refusal::CannotPay,
            Some(Error::CannotPayDelivery.into()),
        );
        CoinWorth::set(Some(1));
        refused(
            Intent {
                max_reward: u128::MAX,
                ..intent()
            },
            Refusal::CannotPay,
            Some(Error::CannotPayDelivery.into()),
        );
    });
}

#[test]
fn cannot_pay_the_task() {
    ExtBuilder.build_and_execute(|| {
        // The delivery is 100 coins, the reward and the fee 11 000, and 10 keep the account alive.
        fund(CONSUMER, 11_109);
        let id = ask(CONSUMER, intent());
        assert_eq!(told(id).outcome, Outcome::Refused(Refusal::CannotPay));
        fund(CONSUMER, 101);
        let id = ask(CONSUMER, intent());
        Desk::answer(id, b"");
        assert_eq!(told(id).outcome, Outcome::Answered);
    });
}

#[test]
fn bad_terms() {
    ExtBuilder.build_and_execute(|| {
        rich_consumer();
        let soon = Intent {
            deadline: 1,
            ..intent()
        };
        refused(soon, Refusal::BadTerms, Some("too soon".into()));
        let worthless = Intent {
            max_reward: 0,
            ..intent()
        };
        refused(worthless, Refusal::BadTerms, Some(Error::WorthNothing.into()));
    });
}

#[test]
fn unknown_model() {
    ExtBuilder.build_and_execute(|| {
        rich_consumer();
        set_mood(2, Mood::Refuses("unknown model"));
        refused(intent_for(2), Refusal::UnknownModel, Some("unknown model".into()));
    });
}

#[test]
fn no_solver() {
    ExtBuilder.build_and_execute(|| {
        rich_consumer();
        let before = (coins(&CONSUMER.account()), coins(&FEES));
        set_mood(2, Mood::RefusesLate("nobody is free"));
        refused(intent_for(2), Refusal::NoSolver, Some("nobody is free".into()));
        // What the market had taken already is undone; the delivery of the refusal is paid.
        assert_eq!(
            (coins(&CONSUMER.account()), coins(&FEES)),
            (before.0 - 100, before.1)
        );
        assert_eq!(escrow_in(Some(COIN), &CONSUMER.account()), 0);
    });
}

#[test]
fn no_registry() {
    ExtBuilder.build_and_execute(|| {
        rich_consumer();
        assert_ok!(Bridge::set_registry(RuntimeOrigin::root(), EVM, None));
        refused(batched(intent()), Refusal::NoRegistry, None);
    });
}

#[test]
fn a_refusal_for_which_there_is_a_registry_goes_in_the_batch() {
    ExtBuilder.build_and_execute(|| {
        rich_consumer();
        set_mood(2, Mood::Refuses("unknown model"));
        ask(CONSUMER, batched(intent_for(2)));
        run_for(BATCH_PERIOD + 2);
        assert_eq!(Post::results_for(CONSUMER), []);
        assert_eq!(Post::roots(EVM, REGISTRY).len(), 1);
    });
}

#[test]
fn every_body_is_delivered_and_answered() {
    ExtBuilder.build_and_execute(|| {
        rich_consumer();
        let good = ToTasks::Intent(intent()).encode();
        for cut in 0..good.len() {
            let (_, delivered) = bring(CONSUMER, TASKS, &good[..cut]);
            assert_ok!(delivered);
        }
        run_for(1);
        assert_eq!(Post::results_for(CONSUMER).len(), good.len());
    });
}

#[test]
fn an_empty_input_is_the_markets_to_judge() {
    ExtBuilder.build_and_execute(|| {
        rich_consumer();
        let id = ask(
            CONSUMER,
            Intent {
                input: Input::Inline(vec![]),
                ..intent()
            },
        );
        Desk::answer(id, b"nothing");
        assert_eq!(told(id).input_digest, sha2_256(b""));
    });
}
