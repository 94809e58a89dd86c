use crate::{mock::*, types::Remote, Routes, Uncredited};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{
    bridge::{warp_route, Domain},
    AccountId, AssetId, Balance,
};
use sp_core::U256;

/// Has nothing.
const NOBODY: AccountId = AccountId::new([0x5a; 32]);

const THE_ROUTER: Remote = Remote {
    domain: Domain(EVM),
    address: ROUTER,
};

fn owes(asset: AssetId) -> Balance {
    Routes::<Test>::get(asset, Domain(EVM)).unwrap().outstanding
}

fn waits(who: &AccountId, asset: AssetId) -> Balance {
    Uncredited::<Test>::get(who, asset)
}

/// Gives stones a route too.
fn route_stones() {
    assert_ok!(Bridge::set_route(
        RuntimeOrigin::root(),
        STONE,
        EVM,
        Some(ROUTER.0)
    ));
}

#[test]
fn money_that_comes_is_minted_and_owed() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(bring_tokens(COIN, EVM, &NOBODY, 500));
        assert_eq!((coins(&NOBODY), owes(COIN)), (500, 500));
        assert!(matches!(
            last_event(),
            Event::TokensReceived {
                asset: COIN,
                domain: Domain(EVM),
                account: NOBODY,
                amount: 500,
                ..
            }
        ));
        assert_ok!(bring_tokens(COIN, EVM, &NOBODY, 7));
        assert_eq!((coins(&NOBODY), owes(COIN)), (507, 507));
    });
}

#[test]
fn only_the_router_brings_money() {
    ExtBuilder.build_and_execute(|| {
        let body = token_body(NOBODY.into(), 500.into());
        for (from, error) in [
            (CONSUMER, Error::NotItsRouter),
            (
                Remote {
                    domain: Domain(1),
                    ..THE_ROUTER
                },
                Error::NoRoute,
            ),
        ] {
            assert_eq!(bring(from, warp_route(COIN), &body).1, Err(error.into()));
        }
        assert_eq!(
            bring(THE_ROUTER, warp_route(STONE), &body).1,
            Err(Error::NoRoute.into())
        );
        assert_eq!(owes(COIN), 0);
    });
}

#[test]
fn what_is_no_token_message_brings_nothing() {
    ExtBuilder.build_and_execute(|| {
        for body in [&[][..], &[0; 63], &[0; 8_193]] {
            assert_eq!(
                bring(THE_ROUTER, warp_route(COIN), body).1,
                Err(Error::TokenMessageMalformed.into())
            );
        }
        for amount in [U256::from(u128::MAX) + 1, U256::MAX] {
            let body = token_body(NOBODY.into(), amount);
            assert_eq!(
                bring(THE_ROUTER, warp_route(COIN), &body).1,
                Err(Error::AmountTooLarge.into())
            );
        }
    });
}

#[test]
fn metadata_for_the_recipient_are_nobodys_here() {
    ExtBuilder.build_and_execute(|| {
        let mut body = token_body(NOBODY.into(), 500.into());
        body.extend([1; 100]);
        assert_ok!(bring(THE_ROUTER, warp_route(COIN), &body).1);
        Post::note_arrival(COIN, Domain(EVM), 500);
        assert_eq!(coins(&NOBODY), 500);
    });
}

#[test]
fn more_than_all_money_does_not_come() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(bring_tokens(COIN, EVM, &NOBODY, 500));
        assert_eq!(
            bring_tokens(COIN, EVM, &NOBODY, Balance::MAX),
            Err(Error::AmountTooLarge.into())
        );
        // What the asset's issuance has no room for waits.
        assert_ok!(bring_tokens(COIN, OTHER_EVM, &NOBODY, Balance::MAX - 500));
        assert_eq!(coins(&NOBODY), 500);
        assert_eq!(waits(&NOBODY, COIN), Balance::MAX - 500);
        assert_eq!(
            bring_tokens(COIN, EVM, &NOBODY, 501),
            Err(Error::AmountTooLarge.into())
        );
    });
}

#[test]
fn what_an_account_cannot_hold_waits_until_more_comes() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(bring_tokens(COIN, EVM, &NOBODY, 4));
        assert_eq!(
            last_event(),
            Event::TokensWait {
                account: NOBODY,
                asset: COIN,
                amount: 4
            }
        );
        assert_ok!(bring_tokens(COIN, EVM, &NOBODY, 5));
        assert_eq!((coins(&NOBODY), waits(&NOBODY, COIN), owes(COIN)), (0, 9, 9));
        check();
        assert_ok!(bring_tokens(COIN, EVM, &NOBODY, 1));
        assert_eq!((coins(&NOBODY), waits(&NOBODY, COIN), owes(COIN)), (10, 0, 10));
        assert_eq!(
            last_event(),
            Event::TokensCollected {
                account: NOBODY,
                asset: COIN,
                amount: 9
            }
        );
    });
}

#[test]
fn what_waits_is_collected_once_the_account_can_hold_it() {
    ExtBuilder.build_and_execute(|| {
        route_stones();
        let collect = || Bridge::collect(RuntimeOrigin::signed(LOCAL), NOBODY, STONE);
        assert_noop!(collect(), Error::NothingWaits);
        assert_ok!(bring_tokens(STONE, EVM, &NOBODY, 300));
        assert_eq!(waits(&NOBODY, STONE), 300);
        assert_noop!(collect(), Error::StillCannotHold);
        give_pen(&NOBODY, EXISTENTIAL_DEPOSIT);
        assert_ok!(collect());
        assert_eq!((free_in(Some(STONE), &NOBODY), waits(&NOBODY, STONE)), (300, 0));
        assert_noop!(collect(), Error::NothingWaits);
    });
}

#[test]
fn nothing_is_brought_by_a_message_of_nothing() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(bring_tokens(COIN, EVM, &NOBODY, 0));
        assert_eq!((waits(&NOBODY, COIN), owes(COIN)), (0, 0));
    });
}

#[test]
fn money_comes_though_the_issuer_lets_nothing_move() {
    ExtBuilder.build_and_execute(|| {
        freeze(true);
        assert_ok!(bring_tokens(COIN, EVM, &NOBODY, 500));
        freeze(false);
        assert_eq!(coins(&NOBODY) + waits(&NOBODY, COIN), 500);
    });
}
