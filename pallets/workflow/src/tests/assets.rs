use crate::{mock::*, Stranded};
use frame_support::{
    assert_noop, assert_ok,
    traits::fungibles::{Inspect, Mutate},
};
use pensum_primitives::{
    workflow::{
        StepFailure::{Cancelled, NotPosted},
        StepState::Failed,
    },
    AccountId,
};

const IN_COINS: Option<u32> = Some(COIN);

#[test]
fn budget_escrow_and_fee_are_taken_in_the_workflows_asset_and_nothing_else_is() {
    ExtBuilder.build_and_execute(|| {
        let pen = free(&REQUESTER);
        let steps = vec![given(shuffler()), reads(shuffler(), 0)];
        let id = run_in(IN_COINS, REQUESTER, steps, BUDGET).unwrap();
        assert_eq!(
            (budget_in(IN_COINS, &REQUESTER), budget_of(&REQUESTER)),
            (BUDGET, 0)
        );
        assert!(events().contains(&Event::WorkflowStarted {
            workflow: id,
            requester: REQUESTER,
            steps: 2,
            budget: BUDGET,
            asset: IN_COINS,
        }));
        run_for(1);
        assert_eq!(Desk::task(task(id, 0)).terms.asset, IN_COINS);
        let cost = MAX_REWARD + Fee::get();
        assert_eq!(budget_in(IN_COINS, &REQUESTER), BUDGET - cost);
        assert_eq!(escrow_in(IN_COINS, &REQUESTER), MAX_REWARD);
        let view = Workflows::view(id).unwrap();
        assert_eq!((view.budget, view.asset), (BUDGET - cost, IN_COINS));
        Desk::answer(task(id, 0), b"8 bytes!");
        run_for(1);
        Desk::answer(task(id, 1), b"8 bytes!");
        run_for(1);
        assert_eq!(free(&REQUESTER), pen);
        let paid = 2 * (MAX_REWARD / 2 + Fee::get());
        assert_eq!(free_in(IN_COINS, &REQUESTER), RICH - paid);
    });
}

#[test]
fn run_fails_when_the_asset_is_not_there_or_frozen() {
    ExtBuilder.build_and_execute(|| {
        let run = |who| run_in(IN_COINS, who, languages(), BUDGET);
        assert_noop!(run(POOR), Error::CannotHoldBudget);
        freeze(true);
        assert_noop!(run(REQUESTER), Error::CannotHoldBudget);
    });
}

#[test]
fn a_step_is_not_posted_while_the_asset_is_frozen_and_the_budget_is_stranded() {
    ExtBuilder.build_and_execute(|| {
        let id = run_in(IN_COINS, REQUESTER, vec![given(classifier())], BUDGET).unwrap();
        freeze(true);
        run_for(1);
        assert_eq!(ended(id).unwrap(), [Failed(NotPosted)]);
        assert_eq!(budget_in(IN_COINS, &REQUESTER), BUDGET);
        assert!(events().contains(&Event::BudgetStranded {
            workflow: id,
            requester: REQUESTER,
            asset: COIN,
            amount: BUDGET,
        }));
        check();
        freeze(false);
        assert_ok!(Workflows::collect(RuntimeOrigin::signed(OTHER), REQUESTER, COIN));
    });
}

/// A budget that could not be given back to its requester, whose account the issuer blocks.
fn stranded() {
    let id = run_in(IN_COINS, REQUESTER, vec![given(classifier())], BUDGET).unwrap();
    let issuer = RuntimeOrigin::signed(ISSUER);
    Assets::block(issuer, COIN, REQUESTER).unwrap();
    Workflows::cancel(RuntimeOrigin::signed(REQUESTER), id).unwrap();
    assert_eq!(ended(id).unwrap(), [Failed(Cancelled)]);
    assert_eq!(Stranded::<Test>::get(REQUESTER, COIN), BUDGET);
}

#[test]
fn anybody_can_have_a_stranded_budget_released_to_its_requester() {
    ExtBuilder.build_and_execute(|| {
        let issued = Assets::total_issuance(COIN);
        stranded();
        Assets::thaw(RuntimeOrigin::signed(ISSUER), COIN, REQUESTER).unwrap();
        assert_ok!(Workflows::collect(RuntimeOrigin::signed(SOLVER), REQUESTER, COIN));
        assert_eq!(free_in(IN_COINS, &REQUESTER), RICH);
        assert_eq!(Assets::total_issuance(COIN), issued);
        assert!(events().contains(&Event::BudgetCollected {
            requester: REQUESTER,
            asset: COIN,
            amount: BUDGET,
        }));
    });
}

#[test]
fn collect_fails_when_nothing_is_stranded_or_the_account_is_still_blocked() {
    ExtBuilder.build_and_execute(|| {
        let collect = |who: AccountId| Workflows::collect(RuntimeOrigin::signed(OTHER), who, COIN);
        assert_noop!(collect(REQUESTER), Error::NothingStranded);
        stranded();
        assert_noop!(collect(REQUESTER), Error::StillBlocked);
        assert_noop!(collect(OTHER), Error::NothingStranded);
        Assets::thaw(RuntimeOrigin::signed(ISSUER), COIN, REQUESTER).unwrap();
        assert_ok!(collect(REQUESTER));
        assert_noop!(collect(REQUESTER), Error::NothingStranded);
    });
}

#[test]
fn budgets_in_several_assets_lie_side_by_side() {
    ExtBuilder.build_and_execute(|| {
        let one = run(languages());
        run_in(IN_COINS, REQUESTER, languages(), 2 * BUDGET).unwrap();
        assert_ok!(Workflows::cancel(RuntimeOrigin::signed(REQUESTER), one));
        assert_eq!(
            (budget_of(&REQUESTER), budget_in(IN_COINS, &REQUESTER)),
            (0, 2 * BUDGET)
        );
    });
}

#[test]
fn an_account_with_nothing_else_can_pay_for_a_workflow() {
    ExtBuilder.build_and_execute(|| {
        let budget = MAX_REWARD + Fee::get();
        Assets::mint_into(COIN, &POOR, budget + LEAST_COINS).unwrap();
        let id = run_in(IN_COINS, POOR, vec![given(classifier())], budget).unwrap();
        run_for(1);
        Desk::answer(task(id, 0), &label(1));
        run_for(1);
        assert_eq!(free_in(IN_COINS, &POOR), LEAST_COINS + MAX_REWARD / 2);
    });
}
