//! What is left of the money reaches the foreign payer.

use crate::{mock::*, types::Kept};
use frame_support::assert_ok;
use pensum_primitives::{verdict::Reason, AccountId, Balance, Digest};
use pensum_task_abi::Intent;

fn kept(request: Digest, asset: Option<u32>, amount: Balance, reason: Kept) {
    assert_eq!(
        last_event(),
        Event::RefundKept {
            request,
            account: CONSUMER.account(),
            asset,
            amount,
            reason,
        }
    );
    assert_eq!(Post::payouts(COIN, CONSUMER.domain), []);
}

#[test]
fn the_change_of_an_answer_goes_home() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let id = ask(remote, with_refund(intent()));
        Desk::answer(id, b"x");
        let before = coins(&remote.account());
        run_for(1);
        let (message, to, amount) = Post::payouts(COIN, remote.domain)[0];
        assert_eq!((to, amount), (PAYER, MAX_REWARD / 2));
        assert_eq!(coins(&remote.account()), before - amount);
        assert_eq!(outstanding()[&COIN], 1_000_000 - amount);
        assert_eq!(
            last_event(),
            Event::RefundSent {
                request: id,
                message,
                asset: COIN,
                amount,
            }
        );
        // The result went before it.
        assert_eq!(Post::letters()[0].recipient, remote.address);
    });
}

#[test]
fn all_of_a_refunded_task_goes_home() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let id = ask(remote, with_refund(intent()));
        Desk::refund(Desk::task_of(id), Reason::NobodyLeft);
        run_for(1);
        assert_eq!(Post::payouts(COIN, remote.domain)[0].2, MAX_REWARD);
    });
}

#[test]
fn what_a_refused_intent_would_have_cost_goes_home() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        set_mood(2, Mood::Refuses("unknown model"));
        ask(remote, with_refund(intent_for(2)));
        run_for(1);
        assert_eq!(Post::payouts(COIN, remote.domain)[0].2, MAX_REWARD);
    });
}

#[test]
fn no_more_goes_home_than_is_there_and_what_no_account_can_hold_goes_along() {
    ExtBuilder.build_and_execute(|| {
        fund(CONSUMER, 1_000);
        let id = ask(CONSUMER, with_refund(intent()));
        run_for(1);
        // It paid 130 for the deliveries.
        assert_eq!(Post::payouts(COIN, CONSUMER.domain)[0].2, 870);
        assert_eq!(coins(&CONSUMER.account()), 0);
        ask(CONSUMER, with_refund(intent()));
        fund(CONSUMER, MAX_REWARD + LEAST_COINS - 1);
        run_for(1);
        assert_eq!(
            Post::payouts(COIN, CONSUMER.domain)[1].2,
            MAX_REWARD + LEAST_COINS - 1
        );
        assert_ne!(id, Digest::zero());
    });
}

#[test]
fn without_an_address_it_stays_in_the_remote_account() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let id = ask(remote, intent());
        Desk::answer(id, b"x");
        let before = coins(&remote.account());
        run_for(2);
        assert_eq!(coins(&remote.account()), before);
        assert_eq!(Post::payouts(COIN, remote.domain), []);
    });
}

#[test]
fn an_answer_that_cost_all_sends_nothing() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let id = ask(
            remote,
            Intent {
                max_reward: 1,
                ..with_refund(intent())
            },
        );
        let end = Desk::answer(id, b"x");
        assert_eq!(end.record.price, 0);
        run_for(1);
        assert_eq!(Post::payouts(COIN, remote.domain)[0].2, 1);
    });
}

#[test]
fn pen_stays_since_it_has_no_route() {
    ExtBuilder.build_and_execute(|| {
        give_pen(&CONSUMER.account(), 50_000);
        let id = ask(
            CONSUMER,
            Intent {
                asset: None,
                ..with_refund(intent())
            },
        );
        Desk::answer(id, b"x");
        run_for(1);
        kept(id, None, MAX_REWARD / 2, Kept::NoRoute);
    });
}

#[test]
fn it_stays_where_nothing_is_left_of_it() {
    ExtBuilder.build_and_execute(|| {
        let id = ask(CONSUMER, with_refund(intent()));
        run_for(1);
        kept(id, Some(COIN), MAX_REWARD, Kept::NothingThere);
    });
}

/// Coins of this chain, which never came by a route.
fn fund_locally(who: &AccountId, amount: Balance) {
    assert_ok!(Assets::transfer(
        RuntimeOrigin::signed(LOCAL),
        COIN,
        who.clone(),
        amount
    ));
}

#[test]
fn it_stays_where_less_came_than_would_go() {
    ExtBuilder.build_and_execute(|| {
        fund_locally(&CONSUMER.account(), 100_000);
        let id = ask(CONSUMER, with_refund(intent()));
        fund(RIVAL, MAX_REWARD / 2 - 1);
        Desk::answer(id, b"x");
        run_for(1);
        kept(id, Some(COIN), MAX_REWARD / 2, Kept::NotEnoughOutstanding);
    });
}

#[test]
fn it_stays_where_the_route_was_taken_away() {
    ExtBuilder.build_and_execute(|| {
        fund_locally(&CONSUMER.account(), 100_000);
        let id = ask(CONSUMER, with_refund(intent()));
        assert_ok!(Bridge::set_route(RuntimeOrigin::root(), COIN, EVM, None));
        Desk::answer(id, b"x");
        run_for(1);
        kept(id, Some(COIN), MAX_REWARD / 2, Kept::NoRoute);
    });
}

#[test]
fn it_stays_where_the_issuer_lets_nothing_move() {
    ExtBuilder.build_and_execute(|| {
        let id = ask(rich_consumer(), with_refund(intent()));
        Desk::answer(id, b"x");
        freeze(true);
        run_for(1);
        // Nothing can be taken from the account.
        kept(id, Some(COIN), MAX_REWARD / 2, Kept::NothingThere);
        freeze(false);
    });
}

#[test]
fn it_stays_where_its_recipient_could_never_have_it() {
    ExtBuilder.build_and_execute(|| {
        let dirty = Intent {
            refund_to: Some([1; 32]),
            ..intent()
        };
        let id = ask(rich_consumer(), dirty);
        Desk::answer(id, b"x");
        run_for(1);
        let reason = Kept::Blocked(stored(Error::RecipientNotEvm));
        kept(id, Some(COIN), MAX_REWARD / 2, reason);
        // The contract was told all the same.
        assert_eq!(Post::results_for(CONSUMER).len(), 1);
    });
}

#[test]
fn a_chain_of_longer_addresses_gets_them_whole() {
    ExtBuilder.build_and_execute(|| {
        let long = Intent {
            refund_to: Some([1; 32]),
            ..intent()
        };
        assert_ok!(Bridge::set_route(
            RuntimeOrigin::root(),
            COIN,
            EVM,
            Some(sp_core::H256::repeat_byte(9))
        ));
        let body = token_body(CONSUMER.account().into(), 100_000.into());
        let router = crate::types::Remote {
            domain: CONSUMER.domain,
            address: [9; 32].into(),
        };
        assert_ok!(bring(router, pensum_primitives::bridge::warp_route(COIN), &body).1);
        Post::note_arrival(COIN, CONSUMER.domain, 100_000);
        let id = ask(CONSUMER, long);
        Desk::answer(id, b"x");
        run_for(1);
        assert_eq!(Post::payouts(COIN, CONSUMER.domain)[0].1, [1; 32].into());
    });
}

#[test]
fn it_is_sent_later_where_nothing_can_be_sent_now() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let id = ask(remote, with_refund(batched(intent())));
        Unreachable::mutate(|chains| chains.insert(EVM));
        Desk::answer(id, b"x");
        run_for(1);
        assert!(matches!(last_event(), Event::SendingDelayed { at, .. } if at == now() + RETRY_AFTER));
        Unreachable::mutate(|chains| chains.remove(&EVM));
        run_for(RETRY_AFTER - 1);
        assert_eq!(Post::payouts(COIN, remote.domain), []);
        run_for(1);
        assert_eq!(Post::payouts(COIN, remote.domain)[0].2, MAX_REWARD / 2);
    });
}
