//! Shares that their payees cannot receive when they are due: the asset's issuer has frozen it, or blocked their account.

use crate::{mock::*, Event as MarketEvent, Stranded};
use frame_support::{assert_noop, assert_ok};
use market_math::payout::split;
use pensum_primitives::{asset::cost_of, task::Terms, AccountId, Balance, BatchId};
use sp_runtime::DispatchResult;

fn posted() -> BatchId {
    let terms = Terms {
        max_reward: COINS,
        asset: Some(COIN),
        ..terms(greater())
    };
    post_as(REQUESTER, terms, pairs(1)).unwrap()
}

/// What the task costs, and who has which part.
fn shares() -> (Balance, market_math::payout::Split) {
    let cost = cost_of(price(1, 2), MAX_REWARD, COINS);
    (cost, split(cost, 50_000, 20_000))
}

fn stranded(payee: AccountId) -> Balance {
    Stranded::<Test>::get((payee, REQUESTER, COIN))
}

/// As somebody who has nothing to do with it.
fn collect(payee: AccountId) -> DispatchResult {
    Market::collect(RuntimeOrigin::signed(OTHER), payee, REQUESTER, COIN)
}

#[test]
fn a_frozen_asset_is_kept_for_all_its_payees_and_nobody_elses() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        let id = posted();
        freeze(COIN, true);
        let before = coins(COIN, &TREASURY);
        answers(1, vec![right(id.task(0))]);
        let (cost, shares) = shares();
        assert!(
            crate::Batches::<Test>::get(id).is_none(),
            "settlement never fails"
        );
        assert_eq!(escrow_in(COIN, &REQUESTER), COINS);
        assert_eq!(stranded(solver(1)), shares.solver);
        assert_eq!(stranded(PUBLISHER), shares.royalty);
        assert_eq!(stranded(TREASURY), shares.fee);
        assert_eq!(stranded(REQUESTER), COINS - cost);
        assert!(events().contains(&MarketEvent::ShareStranded {
            payee: solver(1),
            requester: REQUESTER,
            asset: COIN,
            amount: shares.solver,
        }));
        check();
        assert_noop!(collect(solver(1)), Error::StillBlocked);
        freeze(COIN, false);
        for payee in [solver(1), PUBLISHER, TREASURY, REQUESTER] {
            assert_ok!(collect(payee));
            check();
        }
        assert_eq!(coins(COIN, &solver(1)), POCKET_MONEY + shares.solver);
        assert_eq!(coins(COIN, &TREASURY), before + shares.fee);
    });
}

#[test]
fn a_blocked_solver_keeps_nobody_else_waiting() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        let first = posted();
        answers(1, vec![right(first.task(0))]);
        let second = posted();
        block(COIN, &solver(1), true);
        let before = (coins(COIN, &PUBLISHER), coins(COIN, &solver(1)));
        answers(1, vec![right(second.task(0))]);
        let (_, shares) = shares();
        assert_eq!(coins(COIN, &PUBLISHER), before.0 + shares.royalty);
        assert_eq!(coins(COIN, &solver(1)), before.1);
        assert_eq!(
            (stranded(solver(1)), escrow_in(COIN, &REQUESTER)),
            (shares.solver, shares.solver)
        );
        assert_noop!(collect(solver(1)), Error::StillBlocked);
        block(COIN, &solver(1), false);
        assert_ok!(collect(solver(1)));
        assert!(events().contains(&MarketEvent::ShareCollected {
            payee: solver(1),
            requester: REQUESTER,
            asset: COIN,
            amount: shares.solver,
        }));
        assert_eq!(coins(COIN, &solver(1)), before.1 + shares.solver);
    });
}

#[test]
fn a_blocked_requester_has_its_refund_later() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        let id = posted();
        block(COIN, &REQUESTER, true);
        let before = coins(COIN, &REQUESTER);
        answers(1, vec![right(id.task(0))]);
        let (cost, shares) = shares();
        let paid = coins(COIN, &solver(1)) - POCKET_MONEY;
        assert_eq!(paid, shares.solver, "the solver does not wait");
        assert_eq!(
            (stranded(REQUESTER), coins(COIN, &REQUESTER)),
            (COINS - cost, before)
        );
        block(COIN, &REQUESTER, false);
        assert_ok!(collect(REQUESTER));
        assert_eq!(coins(COIN, &REQUESTER), before + COINS - cost);
    });
}

#[test]
fn several_shares_of_one_payee_are_collected_together() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        let (one, two) = (posted(), posted());
        freeze(COIN, true);
        answers(1, vec![right(one.task(0)), right(two.task(0))]);
        let (_, shares) = shares();
        assert_eq!(stranded(solver(1)), 2 * shares.solver);
        freeze(COIN, false);
        for payee in [solver(1), PUBLISHER, TREASURY, REQUESTER] {
            assert_ok!(collect(payee));
        }
        assert_eq!(coins(COIN, &solver(1)), POCKET_MONEY + 2 * shares.solver);
    });
}

#[test]
fn a_frozen_account_is_still_paid_from_and_to() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        let id = posted();
        Assets::freeze(RuntimeOrigin::signed(ISSUER), COIN, REQUESTER).unwrap();
        answers(1, vec![right(id.task(0))]);
        // What was given up when it was held is not touched, and what comes back is frozen with the rest.
        assert_eq!(escrow_in(COIN, &REQUESTER), 0);
        assert_eq!(coins(COIN, &solver(1)), POCKET_MONEY + shares().1.solver);
    });
}

#[test]
fn collect_fails_when_nothing_is_stranded() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        assert_noop!(collect(solver(1)), Error::NothingStranded);
        posted();
        assert_noop!(collect(solver(1)), Error::NothingStranded);
    });
}
