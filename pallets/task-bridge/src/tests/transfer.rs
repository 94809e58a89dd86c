use crate::{mock::*, types::Remote};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{bridge::Domain, AccountId};
use sp_core::H256;

const TO: H256 = PAYER.0;

fn transfer(who: AccountId, amount: u128) -> sp_runtime::DispatchResult {
    frame_support::storage::with_storage_layer(|| {
        Bridge::transfer_remote(RuntimeOrigin::signed(who), COIN, EVM, TO, amount)
    })
}

/// Coins came for somebody else, so that as many can go.
fn owe(amount: u128) {
    fund(CONSUMER, amount);
}

#[test]
fn coins_go_where_others_came_from() {
    ExtBuilder.build_and_execute(|| {
        owe(5_000);
        let before = (free_in(None, &LOCAL), free_in(None, &RELAYER));
        assert_ok!(transfer(LOCAL, 3_000));
        let [(message, to, amount)] = Post::payouts(COIN, Domain(EVM))[..] else {
            panic!("one payout")
        };
        assert_eq!((to, amount), (PAYER, 3_000));
        assert_eq!(coins(&LOCAL), RICH - 3_000);
        assert_eq!(outstanding()[&COIN], 2_000);
        assert_eq!(Post::payment(message), Some((TRANSFER_GAS, 60)));
        assert_eq!(free_in(None, &LOCAL), before.0 - 60);
        assert_eq!(free_in(None, &RELAYER), before.1 + 60);
    });
}

#[test]
fn a_transfer_is_free_where_nobody_quotes() {
    ExtBuilder.build_and_execute(|| {
        owe(5_000);
        GasPrice::set(None);
        let before = free_in(None, &LOCAL);
        assert_ok!(transfer(LOCAL, 3_000));
        assert_eq!(free_in(None, &LOCAL), before);
    });
}

#[test]
fn no_more_goes_than_came() {
    ExtBuilder.build_and_execute(|| {
        owe(5_000);
        assert_noop!(transfer(LOCAL, 5_001), Error::NotEnoughOutstanding);
        assert_ok!(transfer(LOCAL, 5_000));
        assert_noop!(transfer(LOCAL, 1), Error::NotEnoughOutstanding);
    });
}

#[test]
fn a_transfer_fails_without_route_money_recipient_or_mailbox() {
    ExtBuilder.build_and_execute(|| {
        owe(5_000);
        let signed = || RuntimeOrigin::signed(LOCAL);
        assert_noop!(
            Bridge::transfer_remote(signed(), STONE, EVM, TO, 1),
            Error::NoRoute
        );
        assert_noop!(Bridge::transfer_remote(signed(), COIN, 1, TO, 1), Error::NoRoute);
        assert_noop!(
            frame_support::storage::with_storage_layer(|| Bridge::transfer_remote(
                signed(),
                COIN,
                EVM,
                H256::zero(),
                1
            )),
            Error::NoRecipient
        );
        let dirty = H256::repeat_byte(1);
        assert_noop!(
            Bridge::transfer_remote(signed(), COIN, EVM, dirty, 1),
            Error::RecipientNotEvm
        );
        assert_noop!(transfer(LOCAL, 0), Error::NothingToSend);
        let poor = CONSUMER.account();
        assert_noop!(transfer(poor.clone(), 1_000), Error::CannotPayDelivery);
        give_pen(&poor, 1_000);
        assert!(transfer(poor, 5_001).is_err());
        Unreachable::mutate(|chains| chains.insert(EVM));
        assert_noop!(transfer(LOCAL, 1), "unreachable");
    });
}

#[test]
fn a_rest_below_the_minimum_goes_along() {
    ExtBuilder.build_and_execute(|| {
        owe(5_000);
        GasPrice::set(None);
        let account = Remote::account(&CONSUMER);
        assert_ok!(transfer(account.clone(), 4_995));
        assert_eq!(Post::payouts(COIN, Domain(EVM))[0].2, 5_000);
        assert_eq!(coins(&account), 0);
    });
}
