//! Who pays for bringing results, and how much.

use crate::{mock::*, Requests};
use frame_support::assert_ok;
use pensum_task_abi::Intent;

#[test]
fn the_remote_account_pays_for_its_result_in_the_asset_rounded_up() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        CoinWorth::set(Some(3));
        let before = (coins(&remote.account()), coins(&RELAYER));
        let id = ask(remote, intent());
        // 200 000 gas cost 200 PEN, which are worth 66 ⅔ coins.
        assert_eq!(
            events()[events().len() - 2],
            Event::DeliveryPaid {
                message: id,
                account: remote.account(),
                asset: Some(COIN),
                amount: 67,
                worth: 200,
            }
        );
        assert_eq!(coins(&RELAYER), before.1 + 67);
        assert_eq!(coins(&remote.account()), before.0 - 67 - MAX_REWARD - Fee::get());
        Desk::answer(id, b"x");
        run_for(1);
        let (message, _) = Post::results_for(remote)[0];
        assert_eq!(Post::payment(message), Some((CALLBACK_GAS + RESULT_GAS, 200)));
    });
}

#[test]
fn a_small_cap_does_not_make_the_delivery_dearer() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let before = coins(&RELAYER);
        ask(
            remote,
            Intent {
                max_reward: 1,
                ..intent()
            },
        );
        assert_eq!(coins(&RELAYER), before + 100);
    });
}

#[test]
fn nothing_is_paid_where_nobody_quotes() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        GasPrice::set(None);
        let before = coins(&RELAYER);
        let id = ask(remote, with_refund(intent()));
        Desk::answer(id, b"x");
        run_for(1);
        assert_eq!(coins(&RELAYER), before);
        assert_eq!(Post::letters().len(), 2);
        assert!(Post::letters()
            .iter()
            .all(|letter| Post::payment(letter.id).is_none()));
    });
}

#[test]
fn a_refund_is_paid_for_when_it_is_asked_for_and_can_go_home() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let before = coins(&RELAYER);
        let id = ask(remote, with_refund(intent()));
        assert_eq!(coins(&RELAYER), before + 130);
        Desk::answer(id, b"x");
        run_for(1);
        let (message, ..) = Post::payouts(COIN, remote.domain)[0];
        assert_eq!(Post::payment(message), Some((TRANSFER_GAS, 60)));
        // PEN has no route home, so that its refund stays here and costs nothing.
        give_pen(&remote.account(), 20_000);
        let id = ask(
            remote,
            Intent {
                asset: None,
                ..with_refund(intent())
            },
        );
        assert_eq!(Requests::<Test>::get(id).unwrap().paid.total(), 200);
    });
}

#[test]
fn a_batched_result_pays_its_share_of_the_root() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let before = coins(&RELAYER);
        let ids = [(); 3].map(|()| ask(remote, batched(intent())));
        assert_eq!(coins(&RELAYER), before + 3 * 5);
        for id in ids {
            Desk::answer(id, b"x");
        }
        run_for(BATCH_PERIOD + 2);
        let (message, _) = Post::roots(EVM, REGISTRY)[0];
        assert_eq!(Post::payment(message), Some((ROOT_GAS, 30)));
    });
}

#[test]
fn a_refusal_is_paid_for_as_any_result_where_the_account_can() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        set_mood(2, Mood::Refuses("unknown model"));
        ask(remote, intent_for(2));
        run_for(1);
        let (message, _) = Post::results_for(remote)[0];
        assert_eq!(Post::payment(message), Some((CALLBACK_GAS + RESULT_GAS, 200)));
        // Who cannot pay is told for nothing; whether that is brought is the relayer's to decide.
        ask(RIVAL, intent());
        run_for(1);
        let (message, _) = Post::results_for(RIVAL)[0];
        assert_eq!(Post::payment(message), None);
    });
}

#[test]
fn a_batched_intent_without_a_registry_pays_for_its_direct_refusal() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        assert_ok!(Bridge::set_registry(RuntimeOrigin::root(), EVM, None));
        ask(remote, batched(intent()));
        run_for(1);
        let (message, _) = Post::results_for(remote)[0];
        assert_eq!(Post::payment(message), Some((CALLBACK_GAS + RESULT_GAS, 200)));
    });
}

#[test]
fn gas_beyond_all_numbers_is_as_much_as_there_is() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        GasPrice::set(Some(0));
        let id = ask(
            remote,
            Intent {
                callback_gas: u64::MAX,
                ..intent()
            },
        );
        assert!(Requests::<Test>::get(id).unwrap().task.is_some());
    });
}

#[test]
fn a_relayer_without_coins_cannot_be_paid_less_than_an_account_must_have() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let all = coins(&RELAYER);
        assert_ok!(Assets::transfer(RuntimeOrigin::signed(RELAYER), COIN, FEES, all));
        let share = ask(remote, batched(intent()));
        assert!(Requests::<Test>::get(share).unwrap().task.is_none());
        let direct = ask(remote, intent());
        assert!(Requests::<Test>::get(direct).unwrap().task.is_some());
    });
}
