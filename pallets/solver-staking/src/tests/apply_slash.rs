use crate::{mock::*, AgendaCursor, Event, SlashAgenda, Slashes, Solvers};
use frame_support::{assert_ok, traits::fungible::Inspect};
use pensum_primitives::{
    solver::Fault,
    traits::{FaultReport, Solvers as _},
    AccountId, SlashId,
};

/// A wrong answer that costs 1 200: the bond of 1 000 and a tenth of 2 000.
fn wrong_answer(harmed: AccountId) -> SlashId {
    join_with_offer(1, 3_000, 500, 1);
    assert_ok!(assign(1));
    Staking::fault(
        &account(1),
        FaultReport {
            harmed,
            ..report(Fault::Wrong, 1_000, 500)
        },
    )
    .unwrap()
}

/// A late answer of a new solver, which leaves the book, that costs 2: a tenth of the bond of 20.
fn late_answer(number: u8) {
    join_with_offer(number, MIN_BOND, 10, 1);
    assert_ok!(assign(1));
    assert_ok!(Staking::withdraw_offer(origin(number), model(1)));
    Staking::fault(&account(number), report(Fault::TimedOut, 20, 10)).unwrap();
}

fn balances() -> [Balance; 3] {
    [
        Balances::free_balance(REQUESTER),
        Balances::free_balance(account(2)),
        Balances::free_balance(TREASURY),
    ]
}

#[test]
fn a_slash_pays_the_harmed_the_repairer_and_the_treasury() {
    ExtBuilder.build_and_execute(|| {
        let id = wrong_answer(REQUESTER);
        Staking::name_rescuer(id, &account(2));
        let issuance = Balances::total_issuance();
        run_to(SlashDefer::get());
        assert_eq!(balances(), [RICH; 3]);
        run_for(1);

        assert_eq!(balances(), [RICH + 600, RICH + 360, RICH + 240]);
        assert_eq!(
            (solver(1).bonded, solver(1).at_risk, solver(1).free()),
            (1_800, 0, 1_800)
        );
        assert_eq!(Balances::total_issuance(), issuance);
        assert_eq!(
            last_event(),
            Event::SlashApplied {
                id,
                solver: account(1),
                amount: 1_200,
                delegated: 0,
                harmed: 600,
                repairer: 360,
                treasury: 240
            }
        );
    });
}

#[test]
fn the_treasury_has_the_share_of_a_missing_repairer() {
    ExtBuilder.build_and_execute(|| {
        wrong_answer(REQUESTER);
        run_for(SlashDefer::get());
        assert_eq!(balances(), [RICH + 600, RICH, RICH + 600]);
    });
}

#[test]
fn the_treasury_has_what_a_dead_account_cannot_receive() {
    ExtBuilder.build_and_execute(|| {
        // A tenth of 20 is 2; half of it is below the existential deposit of a dead account.
        join_with_offer(1, MIN_BOND, 10, 1);
        assert_ok!(assign(1));
        let harmed = account(100);
        Staking::fault(
            &account(1),
            FaultReport {
                harmed: harmed.clone(),
                ..report(Fault::TimedOut, 20, 10)
            },
        )
        .unwrap();
        run_for(SlashDefer::get());
        assert_eq!(Balances::free_balance(harmed), 0);
        assert_eq!(Balances::free_balance(TREASURY), RICH + 2);
    });
}

#[test]
fn a_dead_treasury_does_not_stop_a_slash() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Balances::transfer_allow_death(
            RuntimeOrigin::signed(TREASURY),
            account(9),
            RICH
        ));
        join_with_offer(1, MIN_BOND, 10, 1);
        assert_ok!(assign(1));
        let id = Staking::fault(&account(1), report(Fault::TimedOut, 20, 10)).unwrap();
        let issuance = Balances::total_issuance();
        run_for(SlashDefer::get());
        assert_eq!(
            last_event(),
            Event::SlashApplied {
                id,
                solver: account(1),
                amount: 2,
                delegated: 0,
                harmed: 1,
                repairer: 0,
                treasury: 0
            }
        );
        assert_eq!(Balances::total_issuance(), issuance - 1);
        assert_eq!(solver(1).bonded, MIN_BOND - 2);
    });
}

#[test]
fn a_solver_that_harmed_itself_still_pays_the_treasury() {
    ExtBuilder.build_and_execute(|| {
        wrong_answer(account(1));
        run_for(SlashDefer::get());
        assert_eq!(Balances::total_balance(&account(1)), RICH - 600);
        assert_eq!(Balances::free_balance(TREASURY), RICH + 600);
    });
}

#[test]
fn stake_locked_behind_other_tasks_survives_a_slash() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 1_000, 250, 2);
        assert_ok!(assign(2));
        Staking::fault(&account(1), report(Fault::Wrong, 500, 250)).unwrap();
        run_for(SlashDefer::get());
        assert_eq!((solver(1).bonded, solver(1).locked), (500, 500));
        Staking::agreed(&account(1), 1, 500, 250);
        assert_eq!(solver(1).free(), 500);
    });
}

#[test]
fn a_slash_that_takes_everything_removes_the_solver() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 1_000, 500, 1);
        assert_ok!(assign(1));
        Staking::fault(&account(1), report(Fault::Wrong, 1_000, 500)).unwrap();
        run_for(SlashDefer::get());
        assert!(!Solvers::<Test>::contains_key(account(1)));
        assert!(Staking::offers(&model(1)).is_empty());
    });
}

#[test]
fn a_backlog_is_worked_off_and_none_is_lost() {
    ExtBuilder.build_and_execute(|| {
        MaxSlashesPerBlock::set(2);
        for number in 1..=7 {
            late_answer(number);
        }
        run_for(SlashDefer::get());
        let due = System::block_number();
        let mut left = vec![Slashes::<Test>::iter().count()];
        while AgendaCursor::<Test>::exists() {
            assert_eq!(AgendaCursor::<Test>::get(), Some(due));
            Staking::do_try_state().unwrap();
            run_for(1);
            left.push(Slashes::<Test>::iter().count());
        }
        assert_eq!(left, [5, 3, 1, 0]);
        assert_eq!(SlashAgenda::<Test>::iter().count(), 0);
        assert_eq!(Balances::free_balance(TREASURY), RICH + 7);
    });
}

#[test]
fn slashes_of_later_blocks_wait_behind_a_backlog_but_not_for_ever() {
    ExtBuilder.build_and_execute(|| {
        MaxSlashesPerBlock::set(1);
        for number in 1..=6 {
            late_answer(number);
            if number % 3 == 0 {
                run_for(1);
            }
        }
        run_for(SlashDefer::get() + 5);
        assert_eq!(Slashes::<Test>::iter().count(), 0);
        assert!(!AgendaCursor::<Test>::exists());
    });
}

#[test]
fn with_no_delay_a_slash_is_applied_in_the_next_block() {
    ExtBuilder.build_and_execute(|| {
        SlashDefer::set(0);
        wrong_answer(REQUESTER);
        run_for(1);
        assert_eq!(Slashes::<Test>::iter().count(), 0);
    });
}

/// Solver 1 with 2 000 of its own and 6 000 of delegators 5 and 6, and a slash of 1 600 pending for `harmed`.
fn wrong_answer_of_a_pool(harmed: AccountId) -> SlashId {
    join_with_pool(1, 2_000);
    delegate(5, 1, 4_000);
    delegate(6, 1, 2_000);
    assert!(Staking::lock(&account(1), 1_600));
    let rejected = FaultReport {
        harmed,
        tasks: 0,
        ..report(Fault::Rejected, 1_600, 0)
    };
    Staking::fault(&account(1), rejected).unwrap()
}

#[test]
fn a_slash_takes_own_and_delegated_stake_in_proportion() {
    ExtBuilder.build_and_execute(|| {
        let id = wrong_answer_of_a_pool(REQUESTER);
        Staking::name_rescuer(id, &account(2));
        assert_ok!(Staking::undelegate(origin(6), account(1), 2_000));
        let issuance = Balances::total_issuance();
        run_for(SlashDefer::get());
        assert_eq!(
            last_event(),
            Event::SlashApplied {
                id,
                solver: account(1),
                amount: 1_600,
                delegated: 1_200,
                harmed: 800,
                repairer: 480,
                treasury: 320
            }
        );
        assert_eq!(balances(), [RICH + 800, RICH + 480, RICH + 320]);
        assert_eq!(Balances::total_issuance(), issuance);
        assert_eq!((solver(1).bonded, pool(1).value), (1_600, 4_800));
        assert_eq!(pool_funds(1), (EXISTENTIAL_DEPOSIT, 4_800));
        assert_eq!(delegated(5, 1).0, 3_200);
        let leaving = Staking::delegation(&account(1), &account(6)).unwrap().leaving;
        assert_eq!(leaving[0].0 .0, 1_600);
    });
}

#[test]
fn the_solver_bears_its_part_however_little_it_has() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 3_000);
        delegate(5, 1, 12_000);
        assert_ok!(Staking::unbond(origin(1), 2_000));
        run_for(UNBONDING_PERIOD);
        assert_ok!(Staking::withdraw_unbonded(origin(1)));
        assert!(Staking::lock(&account(1), 1_000));
        let rejected = FaultReport {
            tasks: 0,
            ..report(Fault::Rejected, 1_000, 0)
        };
        Staking::fault(&account(1), rejected).unwrap();
        run_for(SlashDefer::get());
        // A fifth, although it has a thirteenth.
        assert_eq!((solver(1).bonded, pool(1).value), (800, 11_200));
    });
}

#[test]
fn a_dead_account_is_paid_from_both_stakes_in_one_amount() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 1_000);
        delegate(5, 1, 1_000);
        assert!(Staking::lock(&account(1), 24));
        let harmed = account(100);
        let rejected = FaultReport {
            harmed: harmed.clone(),
            tasks: 0,
            ..report(Fault::Rejected, 24, 0)
        };
        Staking::fault(&account(1), rejected).unwrap();
        run_for(SlashDefer::get());
        // Six from each would have been below the existential deposit.
        assert_eq!(Balances::free_balance(harmed), 12);
    });
}

#[test]
fn a_solver_and_a_delegator_that_are_harmed_themselves_are_paid_like_others() {
    ExtBuilder.build_and_execute(|| {
        wrong_answer_of_a_pool(account(5));
        run_for(SlashDefer::get());
        assert_eq!(Balances::free_balance(account(5)), RICH - 4_000 + 800);
        assert_eq!(delegated(5, 1).0, 3_200);
    });
}

#[test]
fn a_cancelled_slash_leaves_delegated_stake_alone() {
    ExtBuilder.build_and_execute(|| {
        let id = wrong_answer_of_a_pool(REQUESTER);
        assert_ok!(Staking::cancel_slash(RuntimeOrigin::root(), id));
        run_for(SlashDefer::get());
        assert_eq!((delegated(5, 1).0, delegated(6, 1).0), (4_000, 2_000));
        assert_eq!(solver(1).free(), 8_000);
    });
}
