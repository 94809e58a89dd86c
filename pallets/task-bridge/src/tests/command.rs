use crate::mock::*;
use frame_support::assert_ok;
use pensum_primitives::{bridge::TASKS, Digest};
use pensum_task_abi::{Intent, Outcome, ToTasks, Verification, Withdraw, ALL};
use sp_runtime::DispatchError;

fn refused(id: Digest, error: impl Into<DispatchError>) {
    assert!(matches!(
        last_event(),
        Event::CommandRefused { message, error: why, .. } if message == id && why == error.into()
    ));
}

fn cancel(from: crate::types::Remote, request: Digest) -> Digest {
    say(from, &ToTasks::Cancel { request: request.0 })
}

fn accept(from: crate::types::Remote, request: Digest) -> Digest {
    say(from, &ToTasks::Accept { request: request.0 })
}

fn for_requester() -> Intent {
    Intent {
        verification: Verification::Requester { window: 60 },
        ..intent()
    }
}

fn withdraw(asset: Option<u32>, amount: u128) -> Digest {
    let to = PAYER.0 .0;
    say(CONSUMER, &ToTasks::Withdraw(Withdraw { asset, amount, to }))
}

#[test]
fn a_contract_takes_its_intent_back() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let id = ask(remote, intent());
        cancel(remote, id);
        assert_eq!(last_event(), Event::RequestCancelled { request: id });
        run_for(1);
        let (_, result) = Post::results_for(remote).pop().unwrap();
        assert_eq!(result.outcome, Outcome::Refunded { reason: 0 });
    });
}

#[test]
fn nobody_else_takes_it_back_or_accepts_its_answer() {
    ExtBuilder.build_and_execute(|| {
        let id = ask(rich_consumer(), for_requester());
        for other in [RIVAL, TWIN] {
            refused(cancel(other, id), Error::NotItsSender);
            refused(accept(other, id), Error::NotItsSender);
        }
        assert_eq!(Desk::open().len(), 1);
    });
}

#[test]
fn what_has_ended_was_refused_or_never_came_is_not_taken_back() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        refused(cancel(remote, Digest::zero()), Error::NotOpen);
        let id = ask(remote, intent());
        Desk::answer(id, b"x");
        refused(cancel(remote, id), Error::NotOpen);
        refused(accept(remote, id), Error::NotOpen);
        run_for(1);
        refused(cancel(remote, id), Error::NotOpen);
        let id = ask(
            remote,
            Intent {
                deadline: 0,
                ..intent()
            },
        );
        refused(cancel(remote, id), Error::NotOpen);
    });
}

#[test]
fn the_market_decides_what_can_be_taken_back_or_accepted() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        set_mood(2, Mood::Stubborn);
        let id = ask(remote, intent_for(2));
        cancel(remote, id);
        assert!(matches!(last_event(), Event::CommandRefused { .. }));
        accept(remote, id);
        assert!(matches!(last_event(), Event::CommandRefused { .. }));
        assert_eq!(Desk::open().len(), 1);
    });
}

#[test]
fn a_contract_accepts_its_answer() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let id = ask(remote, for_requester());
        accept(remote, id);
        assert_eq!(last_event(), Event::AnswerAccepted { request: id });
        run_for(1);
        let (_, result) = Post::results_for(remote).pop().unwrap();
        assert_eq!(result.outcome, Outcome::Answered);
    });
}

#[test]
fn a_contract_commands_whatever_the_policy_is() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let id = ask(remote, intent());
        assert_ok!(Bridge::set_policy(
            RuntimeOrigin::root(),
            EVM,
            crate::types::Policy::Closed
        ));
        cancel(remote, id);
        assert_eq!(last_event(), Event::RequestCancelled { request: id });
        withdraw(Some(COIN), 5_000);
        assert!(matches!(last_event(), Event::TokensSent { .. }));
    });
}

#[test]
fn a_command_that_cannot_be_read_is_delivered_and_not_answered() {
    ExtBuilder.build_and_execute(|| {
        for kind in [2, 3, 4] {
            let (id, delivered) = bring(CONSUMER, TASKS, &[kind, 1, 2, 3]);
            assert_ok!(delivered);
            refused(id, Error::Malformed);
        }
        run_for(1);
        assert_eq!(Post::letters(), []);
    });
}

#[test]
fn a_contract_withdraws_and_the_delivery_is_paid_out_of_that() {
    ExtBuilder.build_and_execute(|| {
        fund(CONSUMER, 10_000);
        let relayer = coins(&RELAYER);
        withdraw(Some(COIN), 5_000);
        // 60 000 gas cost 60 PEN: 30 coins.
        let [(message, to, amount)] = Post::payouts(COIN, CONSUMER.domain)[..] else {
            panic!("one payout")
        };
        assert_eq!((to, amount), (PAYER, 4_970));
        assert_eq!(Post::payment(message), Some((TRANSFER_GAS, 60)));
        assert_eq!(coins(&RELAYER), relayer + 30);
        assert_eq!(coins(&CONSUMER.account()), 5_000);
        assert_eq!(outstanding()[&COIN], 10_000 - 4_970);
        assert_eq!(
            last_event(),
            Event::TokensSent {
                message,
                asset: COIN,
                domain: CONSUMER.domain,
                account: CONSUMER.account(),
                recipient: PAYER,
                amount: 4_970,
            }
        );
    });
}

#[test]
fn a_contract_withdraws_all() {
    ExtBuilder.build_and_execute(|| {
        fund(CONSUMER, 10_000);
        withdraw(Some(COIN), ALL);
        assert_eq!(Post::payouts(COIN, CONSUMER.domain)[0].2, 9_970);
        assert_eq!(coins(&CONSUMER.account()), 0);
    });
}

#[test]
fn a_rest_that_no_account_can_hold_goes_along() {
    ExtBuilder.build_and_execute(|| {
        fund(CONSUMER, 10_000);
        GasPrice::set(None);
        withdraw(Some(COIN), 9_991);
        assert_eq!(Post::payouts(COIN, CONSUMER.domain)[0].2, 10_000);
        assert_eq!(coins(&CONSUMER.account()), 0);
    });
}

#[test]
fn what_is_held_for_tasks_is_not_withdrawn() {
    ExtBuilder.build_and_execute(|| {
        fund(CONSUMER, 20_000);
        ask(CONSUMER, intent());
        let free = coins(&CONSUMER.account());
        refused_for_money(withdraw(Some(COIN), free + 100));
        withdraw(Some(COIN), ALL);
        // The task needs the account alive.
        assert_eq!(coins(&CONSUMER.account()), LEAST_COINS);
        assert_eq!(escrow_in(Some(COIN), &CONSUMER.account()), MAX_REWARD);
    });
}

fn refused_for_money(id: Digest) {
    assert!(matches!(last_event(), Event::CommandRefused { message, .. } if message == id));
    assert_eq!(Post::payouts(COIN, CONSUMER.domain), []);
}

#[test]
fn more_than_there_is_is_not_withdrawn_and_costs_nothing() {
    ExtBuilder.build_and_execute(|| {
        fund(CONSUMER, 10_000);
        refused_for_money(withdraw(Some(COIN), 10_100));
        assert_eq!(coins(&CONSUMER.account()), 10_000);
    });
}

#[test]
fn what_does_not_cover_its_delivery_goes_unpaid() {
    ExtBuilder.build_and_execute(|| {
        fund(CONSUMER, 1_000);
        withdraw(Some(COIN), 30);
        let (message, _, amount) = Post::payouts(COIN, CONSUMER.domain)[0];
        assert_eq!((amount, Post::payment(message)), (30, None));
    });
}

#[test]
fn an_asset_without_a_rate_can_still_be_withdrawn() {
    ExtBuilder.build_and_execute(|| {
        fund(CONSUMER, 1_000);
        CoinWorth::set(None);
        withdraw(Some(COIN), ALL);
        let (message, _, amount) = Post::payouts(COIN, CONSUMER.domain)[0];
        assert_eq!((amount, Post::payment(message)), (1_000, None));
    });
}

#[test]
fn what_has_no_route_is_not_withdrawn() {
    ExtBuilder.build_and_execute(|| {
        rich_consumer();
        give_pen(&CONSUMER.account(), 5_000);
        refused(withdraw(None, ALL), Error::NoRoute);
        refused(withdraw(Some(STONE), ALL), Error::NoRoute);
        refused(withdraw(Some(COIN), 0), Error::NothingToSend);
        let nobody = Withdraw {
            asset: Some(COIN),
            amount: 100,
            to: [0; 32],
        };
        refused(say(CONSUMER, &ToTasks::Withdraw(nobody)), Error::NoRecipient);
    });
}

#[test]
fn nothing_is_burned_while_nothing_can_be_sent() {
    ExtBuilder.build_and_execute(|| {
        fund(CONSUMER, 10_000);
        Unreachable::mutate(|chains| chains.insert(EVM));
        refused_for_money(withdraw(Some(COIN), ALL));
        assert_eq!(coins(&CONSUMER.account()), 10_000);
        assert_eq!(outstanding()[&COIN], 10_000);
    });
}

#[test]
fn all_is_what_can_go() {
    ExtBuilder.build_and_execute(|| {
        fund(CONSUMER, 10_000);
        GasPrice::set(None);
        let signed = RuntimeOrigin::signed(LOCAL);
        assert_ok!(Bridge::transfer_remote(signed, COIN, EVM, PAYER.0, 4_000));
        withdraw(Some(COIN), ALL);
        assert_eq!(coins(&CONSUMER.account()), 4_000);
        refused(withdraw(Some(COIN), ALL), Error::NothingToSend);
    });
}
