use crate::mock::*;
use frame_support::{
    assert_ok,
    traits::{
        fungible::{Inspect, Mutate},
        LockableCurrency, WithdrawReasons,
    },
};
use pensum_primitives::workflow::{
    StepFailure::{NotPosted, Upstream},
    StepState::Failed,
};

#[test]
fn posting_takes_escrow_and_fee_from_the_budget_and_nothing_else() {
    ExtBuilder.build_and_execute(|| {
        let id = run(vec![given(shuffler()), reads(shuffler(), 0)]);
        let (free_before, fees) = (free(&REQUESTER), free(&FEES));
        run_for(1);
        let cost = MAX_REWARD + Fee::get();
        assert_eq!(free(&REQUESTER), free_before);
        assert_eq!(free(&FEES), fees + Fee::get());
        assert_eq!(escrow_of(&REQUESTER), MAX_REWARD);
        assert_eq!(budget_of(&REQUESTER), BUDGET - cost);
        assert!(events().contains(&Event::StepPosted {
            workflow: id,
            step: 0,
            task: task(id, 0),
            cost
        }));
    });
}

#[test]
fn what_a_task_does_not_cost_goes_to_the_requester_and_not_to_the_budget() {
    ExtBuilder.build_and_execute(|| {
        let id = run(vec![given(shuffler()), reads(shuffler(), 0)]);
        run_for(1);
        let (free_before, budget) = (free(&REQUESTER), budget_of(&REQUESTER));
        Desk::answer(task(id, 0), b"8 bytes!");
        assert_eq!(free(&REQUESTER), free_before + MAX_REWARD / 2);
        assert_eq!(budget_of(&REQUESTER), budget);
    });
}

#[test]
fn the_rest_of_the_budget_is_released_with_the_last_posting() {
    ExtBuilder.build_and_execute(|| {
        let free_before = free(&REQUESTER);
        let id = run(vec![given(classifier()), given(writer())]);
        run_for(1);
        let cost = 2 * (MAX_REWARD + Fee::get());
        assert_eq!(budget_of(&REQUESTER), 0);
        assert_eq!(free(&REQUESTER), free_before - cost);
        assert_eq!(Workflows::view(id).unwrap().budget, 0);
        assert!(events().contains(&Event::BudgetReleased {
            workflow: id,
            requester: REQUESTER,
            amount: BUDGET - cost,
            asset: None,
        }));
    });
}

#[test]
fn the_fee_of_the_day_of_posting_counts() {
    ExtBuilder.build_and_execute(|| {
        let id = run(vec![given(shuffler()), reads(shuffler(), 0)]);
        run_for(1);
        Desk::answer(task(id, 0), b"8 bytes!");
        Fee::set(7 * Fee::get());
        let (budget, fees) = (budget_of(&REQUESTER), free(&FEES));
        next_block();
        assert_eq!(free(&FEES), fees + Fee::get());
        let released = events().into_iter().find_map(|event| match event {
            Event::BudgetReleased { amount, .. } => Some(amount),
            _ => None,
        });
        assert_eq!(released, Some(budget - MAX_REWARD - Fee::get()));
    });
}

#[test]
fn a_requester_with_nothing_but_its_budget_can_have_all_steps() {
    ExtBuilder.build_and_execute(|| {
        let budget = 2 * (MAX_REWARD + Fee::get());
        assert_ok!(Balances::mint_into(&POOR, budget));
        let steps = vec![given(shuffler()), reads(shuffler(), 0)];
        let id = run_as(POOR, steps, budget).unwrap();
        assert_eq!(free(&POOR), EXISTENTIAL_DEPOSIT);
        run_for(1);
        Desk::answer(task(id, 0), b"8 bytes!");
        run_for(1);
        Desk::answer(task(id, 1), b"8 bytes!");
        run_for(1);
        assert_eq!(free(&POOR), EXISTENTIAL_DEPOSIT + MAX_REWARD);
    });
}

#[test]
fn a_freeze_that_covers_the_fee_fails_the_step_and_takes_nothing() {
    ExtBuilder.build_and_execute(|| {
        let id = run(vec![given(classifier()), when(given(writer()), 0, &[&label(0)])]);
        let everything = Balances::total_balance(&REQUESTER);
        Balances::set_lock(*b"anything", &REQUESTER, everything, WithdrawReasons::all());
        run_for(1);
        assert_eq!(ended(id).unwrap(), [Failed(NotPosted), Failed(Upstream(0))]);
        assert_eq!(Balances::total_balance(&REQUESTER), everything);
        assert_eq!((budget_of(&REQUESTER), escrow_of(&REQUESTER)), (0, 0));
    });
}

/// Takes all free balance from the requester, whose account something else keeps alive.
fn empty_by_force() {
    System::inc_providers(&REQUESTER);
    assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), REQUESTER, 0));
    assert_eq!(free(&REQUESTER), 0);
}

#[test]
fn an_account_without_the_existential_deposit_posts_nothing_and_has_its_budget_back() {
    ExtBuilder.build_and_execute(|| {
        let id = run(vec![given(classifier())]);
        empty_by_force();
        run_for(1);
        assert_eq!(ended(id).unwrap(), [Failed(NotPosted)]);
        assert_eq!(free(&REQUESTER), BUDGET);
    });
}

#[test]
fn a_budget_that_no_account_can_hold_is_burned_and_not_left_on_hold() {
    ExtBuilder.build_and_execute(|| {
        let least = EXISTENTIAL_DEPOSIT - 1;
        let step = pensum_primitives::workflow::Step {
            max_reward: 1,
            ..given(classifier())
        };
        Fee::set(1);
        let id = run_as(REQUESTER, vec![step], least).unwrap();
        empty_by_force();
        let issued = Balances::total_issuance();
        run_for(1);
        assert_eq!(ended(id).unwrap(), [Failed(NotPosted)]);
        assert_eq!(Balances::total_issuance(), issued - least);
        assert!(events().contains(&Event::BudgetBurned {
            workflow: id,
            requester: REQUESTER,
            amount: least
        }));
    });
}

#[test]
fn budgets_of_several_workflows_lie_side_by_side() {
    ExtBuilder.build_and_execute(|| {
        let one = run(languages());
        let two = run_as(REQUESTER, languages(), 2 * BUDGET).unwrap();
        assert_eq!(budget_of(&REQUESTER), 3 * BUDGET);
        assert_ok!(Workflows::cancel(RuntimeOrigin::signed(REQUESTER), one));
        assert_eq!(budget_of(&REQUESTER), 2 * BUDGET);
        assert_eq!(Workflows::view(two).unwrap().budget, 2 * BUDGET);
    });
}
