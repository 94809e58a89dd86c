use crate::{mock::*, Appeals, Event as MarketEvent};
use frame_support::assert_noop;
use market_math::payout::split;
use pallet_solver_staking::Slashes;
use pensum_primitives::{
    panel::{Question, VOTE_REJECTED, VOTE_STANDS},
    solver::Fault,
    task::TaskState,
    traits::{Cases, Panels, Solvers},
    verdict::Reason,
    AccountId, Balance, BatchId,
};

const BOND: Balance = 6 * MAX_REWARD;

fn appeal(who: AccountId, id: BatchId) -> sp_runtime::DispatchResult {
    Market::appeal(RuntimeOrigin::signed(who), id.task(0))
}

/// The requester appeals and the jury votes.
fn appealed(id: BatchId, ballot: u8) {
    appeal(REQUESTER, id).unwrap();
    run_for(1);
    assert!(draw(id));
    check();
    vote(id, ballot);
    check();
}

/// What the jurors of a panel cost.
fn jury_cost(id: BatchId) -> Balance {
    seats(id).iter().map(|(_, prices, _)| prices[0]).sum()
}

#[test]
fn an_appeal_holds_a_bond_and_summons_a_jury() {
    ExtBuilder::default().solvers(5).build_and_execute(|| {
        let id = submitted();
        let before = free(&FEES);
        appeal(REQUESTER, id).unwrap();
        assert_eq!(appeal_bond(&REQUESTER), BOND);
        assert!(free(&FEES) > before, "the jury's work is prepaid");
        assert_eq!(
            Summoned::get(id),
            Some(Sitting {
                requester: REQUESTER,
                model: greater(),
                tasks: vec![(0, 2)],
                question: Question::Stands,
                size: 3,
                threshold: 2,
                rounds: 2,
                member_cap: BOND / 6,
                asset: None,
                min_reputation: 0,
                exclude: vec![REQUESTER, solver(1)],
                slash_difference: false,
                seats: vec![],
                reveals: false,
                round: 0,
                until: 1 + PANEL_BLOCKS,
            })
        );
        assert_eq!(Market::judged(id.task(0)), Some(output(&label(1))));
        assert!(events().contains(&MarketEvent::AppealOpened {
            task: id.task(0),
            appellant: REQUESTER,
            bond: BOND,
            round: 0,
        }));
    });
}

#[test]
fn a_requester_that_loses_pays_the_jury_and_the_solver() {
    ExtBuilder::default().solvers(5).build_and_execute(|| {
        let id = submitted();
        let before = free(&solver(1));
        appeal(REQUESTER, id).unwrap();
        run_for(1);
        assert!(draw(id));
        let cost = jury_cost(id);
        let jurors: Vec<_> = seats(id);
        let paid = free(&jurors[0].0);
        vote(id, VOTE_STANDS);
        assert_eq!(free(&jurors[0].0), paid + jurors[0].1[0]);
        assert_eq!(appeal_bond(&REQUESTER), BOND - cost);
        assert_eq!(free(&solver(1)), before, "the requester can go on");
        run_for(AppealWindow::get() + 1);
        assert!(is_empty());
        let share = split(price(1, 2), 50_000, 20_000).solver;
        assert_eq!(free(&solver(1)), before + share + BOND - cost);
        assert_eq!((appeal_bond(&REQUESTER), escrow(&REQUESTER)), (0, 0));
        assert!(events().contains(&MarketEvent::AppealBondLost {
            task: id.task(0),
            from: REQUESTER,
            to: solver(1),
            amount: BOND - cost,
        }));
    });
}

#[test]
fn a_rejected_answer_is_refunded_and_its_solver_at_fault() {
    ExtBuilder::default().solvers(5).build_and_execute(|| {
        let id = submitted();
        appealed(id, VOTE_REJECTED);
        let before = free(&REQUESTER);
        let left = appeal_bond(&REQUESTER);
        run_for(AppealWindow::get() + 1);
        assert!(is_empty());
        assert_eq!(free(&REQUESTER), before + MAX_REWARD + left);
        let (_, slash) = Slashes::<Test>::iter().next().unwrap();
        assert_eq!((slash.solver, slash.fault), (solver(1), Fault::Rejected));
        assert_refunded(id.task(0), Reason::Rejected, MAX_REWARD);
        assert_eq!(Staking::in_flight(&solver(1)), 0);
    });
}

#[test]
fn the_loser_can_appeal_to_a_jury_twice_as_large_for_twice_the_bond() {
    ExtBuilder::default().solvers(14).build_and_execute(|| {
        for number in 10..=14 {
            let origin = RuntimeOrigin::signed(solver(number));
            Staking::set_offer(origin, greater(), offer(9, 10)).unwrap();
        }
        let id = submitted();
        appealed(id, VOTE_REJECTED);
        assert_noop!(appeal(REQUESTER, id), Error::NotLoser);
        appeal(solver(1), id).unwrap();
        assert_eq!(appeal_bond(&solver(1)), 2 * BOND);
        let jury = Summoned::get(id).unwrap();
        assert_eq!((jury.size, jury.threshold, jury.member_cap), (6, 4, BOND / 6));
        assert!(draw(id));
        let cost = jury_cost(id);
        vote(id, VOTE_STANDS);
        check();
        assert_noop!(appeal(solver(1), id), Error::NotLoser);
        appeal(REQUESTER, id).unwrap();
        assert_eq!(Summoned::get(id).unwrap().size, 12);
        assert!(draw(id));
        let last_cost = jury_cost(id);
        let first_left = appeal_bond(&REQUESTER) - 4 * BOND;
        let before = free(&solver(1));
        vote(id, VOTE_STANDS);
        // The third round is final.
        assert!(is_empty());
        let share = split(price(1, 2), 50_000, 20_000).solver;
        assert_eq!(
            free(&solver(1)),
            before + share + (2 * BOND - cost) + first_left + (4 * BOND - last_cost)
        );
        assert_eq!((appeal_bond(&REQUESTER), appeal_bond(&solver(1))), (0, 0));
    });
}

#[test]
fn both_sides_can_lose_their_bond() {
    ExtBuilder::default().solvers(8).build_and_execute(|| {
        let id = submitted();
        appealed(id, VOTE_REJECTED);
        appeal(solver(1), id).unwrap();
        assert!(draw(id));
        let cost = jury_cost(id);
        let before = free(&REQUESTER);
        let first_left = appeal_bond(&REQUESTER);
        vote(id, VOTE_REJECTED);
        run_for(AppealWindow::get() + 1);
        assert!(is_empty());
        assert_eq!(
            free(&REQUESTER),
            before + MAX_REWARD + first_left + 2 * BOND - cost
        );
    });
}

/// Money, locked stake and reputation of the only solver that answered, before and after.
fn solver_stands() -> (Balance, Balance, u32) {
    let standing = Staking::standing(&solver(1), &greater(), None).unwrap();
    (free(&solver(1)), Staking::locked(&solver(1)), standing.reputation)
}

#[test]
fn an_answer_about_which_no_jury_decided_is_refunded_and_nobody_is_at_fault() {
    ExtBuilder::default().solvers(3).build_and_execute(|| {
        let (money, _, reputation) = solver_stands();
        let id = submitted();
        appeal(REQUESTER, id).unwrap();
        let before = free(&REQUESTER);
        // Only two of the three can sit on it.
        assert!(!draw(id));
        assert!(is_empty());
        assert_eq!(free(&REQUESTER), before + BOND + MAX_REWARD);
        assert_eq!(solver_stands(), (money, 0, reputation));
        assert_eq!(Slashes::<Test>::iter().count(), 0);
        assert_refunded(id.task(0), Reason::NoQuorum, MAX_REWARD);
        assert!(events().contains(&MarketEvent::JuryUndecided { task: id.task(0) }));
    });
}

#[test]
fn a_hung_jury_is_followed_by_one_of_twice_its_size() {
    ExtBuilder::default().solvers(9).build_and_execute(|| {
        let id = submitted();
        appeal(REQUESTER, id).unwrap();
        run_for(1);
        assert!(draw(id));
        next_round(id);
        check();
        assert!(draw(id));
        assert_eq!(seats(id).len(), 6);
        let cost = jury_cost(id);
        vote(id, VOTE_REJECTED);
        assert_eq!(appeal_bond(&REQUESTER), BOND - cost);
        run_for(AppealWindow::get() + 1);
        assert_refunded(id.task(0), Reason::Rejected, MAX_REWARD);
    });
}

#[test]
fn the_bond_covers_a_second_round_of_the_dearest_jurors() {
    ExtBuilder::default().solvers(8).build_and_execute(|| {
        let id = submitted();
        for number in 2..=8 {
            let dearest = pensum_primitives::solver::Offer {
                min_reward: MAX_REWARD,
                ..offer(number, 10)
            };
            Staking::set_offer(RuntimeOrigin::signed(solver(number)), greater(), dearest).unwrap();
        }
        appeal(REQUESTER, id).unwrap();
        assert!(draw(id));
        next_round(id);
        assert!(draw(id));
        assert_eq!(jury_cost(id), BOND);
        let before: Vec<_> = seats(id)
            .into_iter()
            .map(|(juror, _, _)| (free(&juror), juror))
            .collect();
        vote(id, VOTE_STANDS);
        for (before, juror) in before {
            assert_eq!(free(&juror), before + MAX_REWARD);
        }
        assert_eq!(appeal_bond(&REQUESTER), 0);
    });
}

#[test]
fn silence_cannot_undo_what_a_jury_decided() {
    ExtBuilder::default().solvers(12).build_and_execute(|| {
        let id = submitted();
        appealed(id, VOTE_STANDS);
        appeal(REQUESTER, id).unwrap();
        assert!(draw(id));
        let before = free(&solver(1));
        undecided(id);
        assert!(is_empty());
        assert!(free(&solver(1)) > before, "the answer stands, and is paid");
    });
}

#[test]
fn an_undecided_second_jury_leaves_the_first_verdict() {
    ExtBuilder::default().solvers(5).build_and_execute(|| {
        let id = submitted();
        appealed(id, VOTE_REJECTED);
        appeal(solver(1), id).unwrap();
        let before = free(&solver(1));
        assert!(!draw(id));
        assert!(is_empty());
        assert_eq!(free(&solver(1)), before + 2 * BOND);
        assert_eq!(escrow(&REQUESTER), 0);
        assert_eq!(Slashes::<Test>::iter().count(), 1);
    });
}

#[test]
fn a_jury_that_does_not_speak_is_dismissed() {
    ExtBuilder::default().solvers(5).build_and_execute(|| {
        let id = submitted();
        appeal(REQUESTER, id).unwrap();
        assert!(draw(id));
        run_for(DrivenPanels::longest(2));
        assert!(Appeals::<Test>::contains_key(id));
        run_for(1);
        assert!(is_empty());
        assert_eq!(appeal_bond(&REQUESTER), 0);
        assert_eq!(Staking::in_flight(&solver(2)), 0);
    });
}

#[test]
fn appeal_fails_when_nothing_is_there_to_appeal_against() {
    ExtBuilder::default().build_and_execute(|| {
        let (replayed, unanswered) = (claimed(1), post_on(judged(), 1));
        assert_noop!(appeal(REQUESTER, BatchId(77)), Error::BatchNotOpen);
        assert_noop!(appeal(REQUESTER, replayed), Error::NotForRequester);
        assert_noop!(appeal(REQUESTER, unanswered), Error::NotClaimed);
        let id = submitted();
        assert_noop!(
            Market::appeal(RuntimeOrigin::signed(REQUESTER), id.task(1)),
            Error::NotClaimed
        );
    });
}

#[test]
fn appeal_fails_for_anybody_else() {
    ExtBuilder::default().solvers(5).build_and_execute(|| {
        let id = submitted();
        assert_noop!(appeal(OTHER, id), Error::NotLoser);
        assert_noop!(appeal(solver(1), id), Error::NotLoser);
    });
}

#[test]
fn appeal_fails_while_a_jury_sits() {
    ExtBuilder::default().solvers(5).build_and_execute(|| {
        let id = submitted();
        appeal(REQUESTER, id).unwrap();
        assert_noop!(appeal(REQUESTER, id), Error::AppealOpen);
    });
}

#[test]
fn appeal_fails_when_the_window_has_passed() {
    ExtBuilder::default().solvers(5).build_and_execute(|| {
        let id = submitted();
        // As in a transaction of the last block, and where the agenda is behind.
        run_to(1 + WINDOW);
        System::set_block_number(2 + WINDOW);
        assert_noop!(appeal(REQUESTER, id), Error::AppealTooLate);
        System::set_block_number(1 + WINDOW);
        appeal(REQUESTER, id).unwrap();
    });
}

#[test]
fn appeal_fails_when_the_bond_is_not_there() {
    ExtBuilder::default().solvers(5).build_and_execute(|| {
        let id = submitted();
        use frame_support::traits::{fungible::Mutate, tokens::Preservation::Preserve};
        let rest = BOND;
        Balances::transfer(&REQUESTER, &OTHER, free(&REQUESTER) - rest, Preserve).unwrap();
        assert_noop!(appeal(REQUESTER, id), Error::CannotBond);
        Balances::transfer(&OTHER, &REQUESTER, EXISTENTIAL_DEPOSIT, Preserve).unwrap();
        assert_noop!(appeal(REQUESTER, id), Error::CannotPrepay);
    });
}

#[test]
fn status_follows_an_appeal() {
    ExtBuilder::default().solvers(5).build_and_execute(|| {
        let id = submitted();
        let status = || Market::task_status(id.task(0)).unwrap();
        assert_eq!(status().state, TaskState::Claimed);
        assert_eq!(status().claimed.unwrap().0, label(1));
        appeal(REQUESTER, id).unwrap();
        assert!(draw(id));
        assert_eq!((status().state, status().panel.len()), (TaskState::Appealed, 3));
        vote(id, VOTE_REJECTED);
        assert_eq!(status().answer_by, 1 + AppealWindow::get());
        assert_eq!(
            status().next,
            "A jury rejected the answer: the escrow comes back when block 6 has passed, unless the solver appeals."
        );
    });
}
