//! Batches that another asset than PEN pays.

use crate::{mock::*, types::Escrow, Event as MarketEvent};
use frame_support::{
    assert_noop,
    traits::{fungibles::Mutate, tokens::Preservation::Expendable},
};
use market_math::payout::split;
use pensum_primitives::{
    asset::cost_of,
    follower::Follower,
    panel::VOTE_STANDS,
    task::{TaskNotice, Terms},
    traits::{Posting, Solvers},
    verdict::Reason,
    AccountId, AssetId, Balance, BatchId,
};
use sp_runtime::DispatchError;

/// The terms with so many units of an asset for each task.
fn paid_in(asset: AssetId, max_reward: Balance, terms: Terms) -> Terms {
    Terms {
        max_reward,
        asset: Some(asset),
        ..terms
    }
}

/// The terms of most tests in coins.
fn in_coins() -> Terms {
    paid_in(COIN, COINS, terms(greater()))
}

/// What a pair of bytes costs with a solver in coins, where the cap is the usual one.
fn coins_for(number: u8) -> Balance {
    cost_of(price(number, 2), MAX_REWARD, COINS)
}

/// Somebody has coins from somebody who has enough.
fn give(who: &AccountId, amount: Balance) {
    <Assets as Mutate<_>>::transfer(COIN, &OTHER, who, amount, Expendable).unwrap();
}

#[track_caller]
fn refused(terms: Terms, why: impl Into<DispatchError>) {
    let posted = post_as(REQUESTER, terms, pairs(1)).map(|_| ());
    assert_noop!(posted, why);
}

#[test]
fn posting_holds_the_asset_and_fixes_what_it_is_worth() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        let (pen, before) = (free(&REQUESTER), coins(COIN, &REQUESTER));
        let id = post_as(REQUESTER, in_coins(), pairs(3)).unwrap();
        assert_eq!(
            (batch(id).max_reward, batch(id).escrow),
            (
                MAX_REWARD,
                Some(Escrow {
                    asset: COIN,
                    each: COINS
                })
            )
        );
        assert_eq!((escrow_in(COIN, &REQUESTER), escrow(&REQUESTER)), (3 * COINS, 0));
        let fee = before - coins(COIN, &REQUESTER) - 3 * COINS;
        assert!(fee > 0, "the fee is prepaid in coins too");
        assert_eq!(free(&REQUESTER), pen);
        assert!(events().contains(&MarketEvent::AnswersPrepaid {
            batch: id,
            requester: REQUESTER,
            fee,
            asset: Some(COIN),
        }));
        let status = Market::task_status(id.task(1)).unwrap();
        assert_eq!((status.asset, status.escrow), (Some(COIN), COINS));
        assert_eq!((status.max_reward, status.price), (MAX_REWARD, price(1, 2)));
        // A rate that falls since changes nothing for what is posted.
        RatesKnown::set(false);
        answers(1, (0..3).map(|place| right(id.task(place))).collect());
        assert_eq!(escrow_in(COIN, &REQUESTER), 0);
    });
}

#[test]
fn an_answer_is_paid_in_the_asset_in_proportion_to_its_price() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        let id = post_as(REQUESTER, in_coins(), pairs(1)).unwrap();
        let everybody = [REQUESTER, solver(1), PUBLISHER, TREASURY];
        let before = everybody.clone().map(|who| coins(COIN, &who));
        let pen = everybody.clone().map(|who| free(&who));
        let answer = right(id.task(0));
        let said = answer.output.to_vec();
        answers(1, vec![answer]);
        let cost = coins_for(1);
        assert_eq!(cost, 4_008, "10 020 PEN of 100 000, of 40 000 coins");
        let shares = split(cost, 50_000, 20_000);
        let after = everybody.clone().map(|who| coins(COIN, &who));
        assert_eq!(after[0], before[0] + COINS - cost);
        assert_eq!(after[1], before[1] + shares.solver);
        assert_eq!(after[2], before[2] + shares.royalty);
        assert_eq!(after[3], before[3] + shares.fee);
        assert_eq!(everybody.map(|who| free(&who)), pen);
        let notice = events().iter().rev().find_map(|event| event.notice());
        assert_eq!(
            notice,
            Some(TaskNotice::Answered {
                task: id.task(0),
                solver: solver(1),
                output: said,
                price: cost,
                asset: Some(COIN),
            })
        );
    });
}

#[test]
fn large_units_are_rounded_up_so_that_no_answer_is_free() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        let id = post_as(REQUESTER, paid_in(GOLD, 3, terms(greater())), pairs(1)).unwrap();
        assert_eq!(batch(id).max_reward, 3 * GOLD_WORTH);
        let before = coins(GOLD, &REQUESTER);
        answers(1, vec![right(id.task(0))]);
        // A third of a piece is a piece, of which the treasury's and the publisher's parts are none.
        assert_eq!(coins(GOLD, &REQUESTER), before + 2);
        assert_eq!(coins(GOLD, &solver(1)), POCKET_MONEY + 1);
    });
}

#[test]
fn a_refund_comes_back_in_the_asset() {
    ExtBuilder::default()
        .solvers(1)
        .accepting()
        .build_and_execute(|| {
            let id = post_as(REQUESTER, in_coins(), pairs(2)).unwrap();
            let before = coins(COIN, &REQUESTER);
            submit(decline_call(1, id)).unwrap();
            assert_eq!(coins(COIN, &REQUESTER), before + 2 * COINS);
            assert_refunded(id.task(1), Reason::NobodyLeft, COINS);
        });
}

#[test]
fn cancelling_costs_its_share_in_the_asset() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        let id = post_as(REQUESTER, in_coins(), pairs(2)).unwrap();
        let before = (coins(COIN, &REQUESTER), coins(COIN, &solver(1)));
        Market::cancel(RuntimeOrigin::signed(REQUESTER), id).unwrap();
        // A quarter of 10 020 PEN.
        let each = cost_of(2_505, MAX_REWARD, COINS);
        assert_eq!(coins(COIN, &REQUESTER), before.0 + 2 * (COINS - each));
        assert_eq!(coins(COIN, &solver(1)), before.1 + 2 * each);
        assert!(events().contains(&MarketEvent::BatchCancelled {
            batch: id,
            compensation: 2 * each,
        }));
    });
}

#[test]
fn a_panel_is_paid_in_the_asset_and_never_more_than_was_held() {
    ExtBuilder::default()
        .solvers(5)
        .accepting()
        .build_and_execute(|| {
            let terms = paid_in(GOLD, 10, quorum());
            let id = post_as(REQUESTER, terms, pairs(1)).unwrap();
            assert_eq!(Summoned::get(id).unwrap().asset, Some(GOLD));
            assert!(draw(id));
            let seats = seats(id);
            let before = coins(GOLD, &REQUESTER);
            agree(id, &[Some(label(1))]);
            let costs: Vec<(AccountId, Balance)> = seats
                .iter()
                .map(|(member, prices, _)| (member.clone(), prices[0].div_ceil(GOLD_WORTH)))
                .collect();
            let spent: Balance = costs.iter().map(|(_, cost)| cost).sum();
            assert_eq!(coins(GOLD, &REQUESTER), before + 10 - spent);
            assert!(events().contains(&MarketEvent::PanelPaid {
                task: id.task(0),
                members: costs,
            }));
        });
}

#[test]
fn pieces_that_are_too_large_for_all_members_are_shared_out_until_none_is_left() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        let id = post_as(REQUESTER, paid_in(GOLD, 2, terms(greater())), pairs(1)).unwrap();
        let thrice = [1, 2, 3].map(|number| (solver(number), 20_000)).to_vec();
        let costs: Vec<_> = batch(id)
            .costs(thrice)
            .into_iter()
            .map(|(_, cost)| cost)
            .collect();
        assert_eq!(costs, [1, 1, 0]);
    });
}

#[test]
fn a_windowed_answer_and_one_that_its_requester_accepts_are_paid_in_the_asset() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        for terms in [windowed(), judged()] {
            let id = post_as(REQUESTER, paid_in(COIN, COINS, terms.clone()), pairs(1)).unwrap();
            let before = coins(COIN, &solver(1));
            let task = id.task(0);
            answers(
                1,
                vec![match terms.verification.is_traced() {
                    true => traced(task, label(1)),
                    false => answer(task, label(1), None),
                }],
            );
            run_for(WINDOW + 1);
            assert_eq!(
                coins(COIN, &solver(1)),
                before + split(coins_for(1), 50_000, 20_000).solver
            );
        }
        let id = post_as(REQUESTER, paid_in(COIN, COINS, judged()), pairs(1)).unwrap();
        answers(1, vec![answer(id.task(0), label(1), None)]);
        Market::accept(RuntimeOrigin::signed(REQUESTER), id).unwrap();
        assert_eq!(escrow_in(COIN, &REQUESTER), 0);
    });
}

#[test]
fn the_bonds_of_an_appeal_are_pen_whatever_pays_the_answer() {
    ExtBuilder::default()
        .solvers(5)
        .accepting()
        .build_and_execute(|| {
            let id = post_as(REQUESTER, paid_in(COIN, COINS, judged()), pairs(1)).unwrap();
            answers(1, vec![answer(id.task(0), label(1), None)]);
            let before = coins(COIN, &REQUESTER);
            Market::appeal(RuntimeOrigin::signed(REQUESTER), id.task(0)).unwrap();
            assert_eq!(
                appeal_bond(&REQUESTER),
                AppealBondFactor::get() as Balance * MAX_REWARD
            );
            assert_eq!(
                coins(COIN, &REQUESTER),
                before,
                "the jury's work is prepaid in PEN"
            );
            assert_eq!(Summoned::get(id).unwrap().asset, None);
            assert!(draw(id));
            let juror = (seats(id)[0].0.clone(), free(&seats(id)[0].0));
            vote(id, VOTE_STANDS);
            assert!(free(&juror.0) > juror.1);
            run_for(AppealWindow::get() + 1);
            assert_eq!(
                coins(COIN, &REQUESTER),
                before + COINS - coins_for(1),
                "the answer is paid in coins"
            );
        });
}

#[test]
fn an_auction_is_in_pen_and_its_winner_paid_in_the_asset() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        Staking::refuse_asset(RuntimeOrigin::signed(solver(1)), COIN).unwrap();
        let id = post_as(REQUESTER, paid_in(COIN, COINS, dutch()), pairs(1)).unwrap();
        let lot = OnSale::get(id).unwrap();
        assert_eq!((lot.asset, lot.max_reward), (Some(COIN), MAX_REWARD));
        assert!(!award(id, solver(1), 20_000), "it does not take coins");
        assert!(award(id, solver(2), 20_000));
        let before = coins(COIN, &solver(2));
        answers(2, vec![right(id.task(0))]);
        assert_eq!(
            coins(COIN, &solver(2)),
            before + split(8_000, 50_000, 20_000).solver
        );
    });
}

#[test]
fn solvers_that_do_not_accept_the_asset_are_passed_over() {
    ExtBuilder::default().build_and_execute(|| {
        accept(2, &[COIN]);
        accept(3, &[COIN]);
        let id = post_as(REQUESTER, in_coins(), pairs(1)).unwrap();
        assert_eq!(holder_number(id.task(0)), 2);
        submit(decline_call(2, id)).unwrap();
        assert_eq!(holder_number(id.task(0)), 3);
        submit(decline_call(3, id)).unwrap();
        // The first would have been the cheapest.
        assert_refunded(id.task(0), Reason::NobodyLeft, COINS);
    });
}

#[test]
fn delegators_have_their_share_in_the_asset() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        back(1, OTHER, 1_000_000);
        let id = post_as(REQUESTER, in_coins(), pairs(1)).unwrap();
        let earned = split(coins_for(1), 50_000, 20_000).solver;
        let (pool, share) = Staking::delegators_share(&solver(1), Some(COIN), earned).unwrap();
        assert!(share > 0);
        let before = (coins(COIN, &pool), coins(COIN, &solver(1)));
        answers(1, vec![right(id.task(0))]);
        assert_eq!(
            (coins(COIN, &pool), coins(COIN, &solver(1))),
            (before.0 + share, before.1 + earned - share)
        );
    });
}

#[test]
fn post_fails_when_the_asset_is_not_listed_or_has_no_rate() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        refused(
            paid_in(UNLISTED, COINS, terms(greater())),
            DispatchError::CannotLookup,
        );
        RatesKnown::set(false);
        refused(in_coins(), DispatchError::Unavailable);
    });
}

/// All solvers quote in the stable unit, of which each is worth two and a half of PEN.
fn quoted_in_stable_units() {
    for number in 1..=3 {
        let stable = pensum_primitives::solver::Offer {
            base: 4_000 * Balance::from(number),
            per_byte: 0,
            min_reward: 0,
            unit: pensum_primitives::solver::Unit::Stable,
            ..offer(number, 10)
        };
        Staking::set_offer(RuntimeOrigin::signed(solver(number)), greater(), stable).unwrap();
    }
}

#[test]
fn an_offer_in_the_stable_unit_is_paid_at_the_rate_of_its_match() {
    ExtBuilder::default().build_and_execute(|| {
        quoted_in_stable_units();
        let id = post(1);
        assert_eq!(Market::task_status(id.task(0)).unwrap().price, 10_000);
        let before = free(&solver(1));
        RatesKnown::set(false);
        answers(1, vec![right(id.task(0))]);
        assert_eq!(free(&solver(1)), before + split(10_000, 50_000, 20_000).solver);
    });
}

#[test]
fn post_fails_when_all_offers_are_in_a_unit_without_a_rate() {
    ExtBuilder::default().build_and_execute(|| {
        quoted_in_stable_units();
        RatesKnown::set(false);
        refused(terms(greater()), Error::OffersWithoutRate);
    });
}

#[test]
fn post_fails_when_so_much_of_the_asset_is_worth_nothing() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        refused(paid_in(SAND, 999_999, terms(greater())), Error::WorthNothing);
    });
}

#[test]
fn post_fails_when_nobody_accepts_the_asset() {
    ExtBuilder::default().build_and_execute(|| refused(in_coins(), Error::AssetNotAccepted));
}

#[test]
fn post_fails_when_the_requester_cannot_hold_the_asset() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        let post = |who: AccountId| post_as(who, in_coins(), pairs(1)).map(|_| ());
        assert_noop!(post(POOR), Error::CannotEscrow);
        freeze(COIN, true);
        assert_noop!(post(REQUESTER), Error::CannotEscrow);
        freeze(COIN, false);
        Assets::freeze(RuntimeOrigin::signed(ISSUER), COIN, REQUESTER).unwrap();
        assert_noop!(post(REQUESTER), Error::CannotEscrow);
    });
}

#[test]
fn post_fails_when_the_fee_cannot_be_paid_in_the_asset() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        let fee = Market::check(&in_coins(), &[2]).unwrap();
        give(&POOR, COINS + fee + LEAST_COINS - 1);
        let post = || post_as(POOR, in_coins(), pairs(1)).map(|_| ());
        assert_noop!(post(), Error::CannotPrepay);
        give(&POOR, 1);
        post().unwrap();
        assert_eq!(coins(COIN, &POOR), LEAST_COINS);
    });
}

#[test]
fn post_fails_when_the_cap_in_pen_is_too_high_or_too_low() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        let most = MAX_WINDOWED * 2 / 5;
        refused(paid_in(COIN, most + 1, windowed()), Error::RewardTooHighForWindow);
        post_as(REQUESTER, paid_in(COIN, most, windowed()), pairs(1)).unwrap();
        // As many coins as the cheapest asks of PEN are worth enough; four tenths of that are just enough.
        let least = (price(1, 2) * 2).div_ceil(5);
        refused(
            paid_in(COIN, least - 1, terms(greater())),
            Error::PriceCapBelowOffers,
        );
        post_as(REQUESTER, paid_in(COIN, least, terms(greater())), pairs(1)).unwrap();
    });
}

#[test]
fn an_auction_above_the_cap_in_pen_is_refused() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        // The price may rise to what as many coins would be, but they are worth less.
        refused(
            paid_in(COIN, COINS - 1, dutch()),
            DispatchError::Other("above the cap"),
        );
    });
}

#[test]
fn the_share_of_a_publisher_that_would_be_dust_goes_to_the_treasury() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        RoyaltyTo::set(Some(NOBODY));
        give(&TREASURY, LEAST_COINS);
        let (id, shares) = dusty();
        let before = coins(COIN, &TREASURY);
        answers(1, vec![right(id.task(0))]);
        assert_eq!(coins(COIN, &TREASURY), before + shares.royalty + shares.fee);
        assert!(events().contains(&MarketEvent::ShareRedirected {
            payee: NOBODY,
            asset: Some(COIN),
            amount: shares.royalty,
            to: Some(TREASURY),
        }));
    });
}

#[test]
fn dust_comes_back_when_the_treasury_has_no_account_either() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        let (id, shares) = dusty();
        let before = coins(COIN, &REQUESTER);
        answers(1, vec![right(id.task(0))]);
        assert_eq!(coins(COIN, &REQUESTER), before + COINS - shares.solver);
        assert!(events().contains(&MarketEvent::ShareRedirected {
            payee: TREASURY,
            asset: Some(COIN),
            amount: shares.fee,
            to: Some(REQUESTER),
        }));
    });
}

#[test]
fn a_payee_that_no_account_can_be_made_for_leaves_its_share_to_the_treasury() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        // Gold does not keep an account alive, and a publisher without one cannot have any.
        RoyaltyTo::set(Some(NOBODY));
        let id = post_as(REQUESTER, paid_in(GOLD, 1_000, terms(greater())), pairs(1)).unwrap();
        let dear = pensum_primitives::solver::Offer {
            min_reward: 600 * GOLD_WORTH,
            ..offer(1, 10)
        };
        Market::cancel(RuntimeOrigin::signed(REQUESTER), id).unwrap();
        Staking::set_offer(RuntimeOrigin::signed(solver(3)), greater(), dear).unwrap();
        for number in [1, 2] {
            Staking::withdraw_offer(RuntimeOrigin::signed(solver(number)), greater()).unwrap();
        }
        Staking::bond_extra(RuntimeOrigin::signed(solver(3)), RICH / 2).unwrap();
        let id = post_as(REQUESTER, paid_in(GOLD, 1_000, terms(greater())), pairs(1)).unwrap();
        let before = coins(GOLD, &TREASURY);
        answers(3, vec![right(id.task(0))]);
        assert_eq!(coins(GOLD, &NOBODY), 0);
        assert_eq!(coins(GOLD, &TREASURY), before + 30 + 12);
    });
}

/// A task whose royalty and fee would be dust in coins.
fn dusty() -> (BatchId, market_math::payout::Split) {
    let cheap = pensum_primitives::solver::Offer {
        base: 0,
        per_byte: 0,
        min_reward: 250,
        ..offer(1, 10)
    };
    Staking::set_offer(RuntimeOrigin::signed(solver(1)), greater(), cheap).unwrap();
    let id = post_as(REQUESTER, in_coins(), pairs(1)).unwrap();
    let shares = split(100, 50_000, 20_000);
    assert!(shares.royalty < LEAST_COINS && shares.fee < LEAST_COINS && shares.solver >= LEAST_COINS);
    (id, shares)
}

#[test]
fn a_step_is_quoted_in_its_asset() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        let before = coins(COIN, &REQUESTER);
        let fee = Market::check(&in_coins(), &[2]).unwrap();
        let follower = Follower::Workflow(42);
        Market::post_for(&REQUESTER, in_coins(), inline(&[5, 6]), vec![], follower).unwrap();
        assert_eq!(coins(COIN, &REQUESTER), before - COINS - fee);
        // Coins are worth more than PEN, but are more work.
        let in_pen = Market::check(&terms(greater()), &[2]).unwrap();
        assert!(fee * 5 > in_pen * 2);
    });
}

#[test]
fn assets_weigh_more_and_pen_weighs_what_it_did() {
    use crate::weights::WeightInfo;
    use frame_support::dispatch::GetDispatchInfo;
    ExtBuilder::default().accepting().build_and_execute(|| {
        let weigh = |call: crate::Call<Test>| RuntimeCall::from(call).get_dispatch_info().call_weight;
        let post = |terms: Terms| {
            weigh(crate::Call::post {
                terms,
                inputs: pairs(2).try_into().unwrap(),
            })
        };
        assert_eq!(post(in_coins()) - post(terms(greater())), Weights::post_asset());
        let (pen, coin) = (
            self::post_pen(),
            post_as(REQUESTER, in_coins(), pairs(2)).unwrap(),
        );
        let answer = |id: BatchId| weigh(answer_call(1, vec![right(id.task(0))]));
        assert_eq!(
            answer(coin) - answer(pen),
            Weights::pay_asset(1, 4) + Weights::pay_asset(1, 1)
        );
        let decline = |id| weigh(decline_call(1, id));
        assert_eq!(decline(coin) - decline(pen), Weights::pay_asset(1, 1));
        let cancel = |batch| weigh(crate::Call::cancel { batch });
        assert!(cancel(coin).ref_time() > cancel(pen).ref_time());
        let accept = |batch| weigh(crate::Call::accept { batch });
        assert_eq!(accept(coin) - accept(pen), Weights::pay_asset(1, 4));
        assert_eq!(accept(pen), Weights::accept());
    });
}

fn post_pen() -> BatchId {
    post_as(REQUESTER, terms(greater()), pairs(2)).unwrap()
}
