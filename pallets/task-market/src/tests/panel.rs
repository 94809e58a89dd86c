use crate::{mock::*, Event as MarketEvent};
use market_math::payout::split;
use pensum_primitives::{
    panel::{PanelVerdict, Question},
    task::Terms,
    traits::{Cases, Solvers},
    verdict::Reason,
    verification::{Rule, Verification},
};

#[test]
fn a_post_with_a_quorum_summons_a_panel() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(quorum(), 2);
        assert_eq!(
            Summoned::get(id),
            Some(Sitting {
                requester: REQUESTER,
                model: greater(),
                tasks: vec![(0, 2), (1, 2)],
                question: Question::Answers(Rule::Exact),
                size: 3,
                threshold: 2,
                rounds: 2,
                member_cap: QUORUM_REWARD / 6,
                asset: None,
                min_reputation: 0,
                exclude: vec![],
                slash_difference: true,
                seats: vec![],
                reveals: false,
                round: 0,
                until: 1 + PANEL_BLOCKS,
            })
        );
        assert_eq!(escrow(&REQUESTER), 2 * QUORUM_REWARD);
        assert_eq!(Market::input(id.task(1)), Some(inline(&[5, 6])));
    });
}

#[test]
fn free_text_is_not_at_fault_for_being_different() {
    ExtBuilder::default().build_and_execute(|| {
        SkeletonsKnown::set(false);
        for (rule, slashes) in [
            (Rule::Exact, false),
            (Rule::Label, true),
            (Rule::Numeric { ppm: 5 }, true),
        ] {
            let verification = Verification::Quorum {
                solvers: 3,
                threshold: 2,
                rule,
            };
            let id = post_on(
                Terms {
                    verification,
                    ..quorum()
                },
                1,
            );
            assert_eq!(Summoned::get(id).unwrap().slash_difference, slashes);
        }
    });
}

#[test]
fn each_member_that_agrees_is_paid_its_price() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(quorum(), 2);
        run_for(1);
        assert!(draw(id));
        check();
        let paid = [1, 2, 3].map(|number| split(price(number, 2), 50_000, 20_000));
        let who = [solver(1), solver(2), solver(3), PUBLISHER, TREASURY, REQUESTER];
        let before = who.clone().map(|who| free(&who));
        agree(id, &[Some(label(0)), Some(label(1))]);
        let after = who.map(|who| free(&who));
        for index in 0..3 {
            assert_eq!(after[index], before[index] + 2 * paid[index].solver);
        }
        assert_eq!(
            after[3],
            before[3] + 2 * paid.iter().map(|split| split.royalty).sum::<u128>()
        );
        assert_eq!(
            after[4],
            before[4] + 2 * paid.iter().map(|split| split.fee).sum::<u128>()
        );
        let prices: u128 = (1..=3).map(|number| price(number, 2)).sum();
        assert_eq!(after[5], before[5] + 2 * (QUORUM_REWARD - prices));
        assert!(is_empty());
        assert!(events().iter().any(|event| matches!(
            event,
            MarketEvent::TaskAnswered { task, price, .. } if *task == id.task(1) && *price == prices
        )));
        assert!(events().iter().any(|event| matches!(
            event,
            MarketEvent::PanelPaid { members, .. } if members.len() == 3
        )));
    });
}

#[test]
fn tasks_without_a_majority_are_refunded() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(quorum(), 2);
        assert!(draw(id));
        agree(id, &[Some(label(0)), None]);
        assert!(is_empty());
        assert_eq!(escrow(&REQUESTER), 0);
        assert_refunded(id.task(1), Reason::NoQuorum, QUORUM_REWARD);
    });
}

#[test]
fn a_panel_that_cannot_be_drawn_ends_in_a_refund() {
    ExtBuilder::default().solvers(2).build_and_execute(|| {
        let id = post_on(quorum(), 1);
        assert!(!draw(id));
        assert!(is_empty());
    });
}

#[test]
fn members_never_cost_more_than_the_cap() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(quorum(), 1);
        assert!(draw(id));
        let dear = (1..=3)
            .map(|number| (solver(number), QUORUM_REWARD / 2))
            .collect();
        let question = Summoned::get(id).unwrap().question;
        let before = [1, 2, 3].map(|number| free(&solver(number)));
        use pensum_primitives::traits::Panels;
        DrivenPanels::dismiss(id);
        Market::decided(
            id,
            &question,
            vec![(
                0,
                PanelVerdict::Agreed {
                    output: output(&label(1)),
                    members: dear,
                    evidence: evidence(),
                },
            )],
        );
        let share = split(QUORUM_REWARD / 2, 50_000, 20_000).solver;
        let after = [1, 2, 3].map(|number| free(&solver(number)));
        assert_eq!(after, [before[0] + share, before[1] + share, before[2]]);
        assert_eq!(escrow(&REQUESTER), 0);
    });
}

#[test]
fn a_verdict_on_what_no_panel_was_asked_changes_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        let (book, panel) = (post(1), post_on(quorum(), 1));
        let verdict = || vec![(0, PanelVerdict::Inconclusive)];
        Market::decided(book, &Question::Answers(Rule::Exact), verdict());
        Market::decided(panel, &Question::Stands, verdict());
        Market::decided(
            panel,
            &Question::Answers(Rule::Exact),
            vec![(7, PanelVerdict::Inconclusive)],
        );
        assert_eq!((batch(book).tasks(), batch(panel).tasks()), (1, 1));
        check();
    });
}

#[test]
fn a_panel_without_a_verdict_is_dismissed_at_the_deadline() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(quorum(), 1);
        assert!(draw(id));
        assert_eq!(Staking::in_flight(&solver(2)), 1);
        run_to(32);
        assert!(is_empty());
        assert_eq!(Staking::in_flight(&solver(2)), 0);
        assert_refunded(id.task(0), Reason::DeadlinePassed, QUORUM_REWARD);
    });
}

#[test]
fn those_who_delegate_share_in_what_a_member_earns() {
    ExtBuilder::default().build_and_execute(|| {
        back(2, OTHER, 1_000_000);
        let id = post_on(quorum(), 1);
        assert!(draw(id));
        let earned = split(price(2, 2), 50_000, 20_000).solver;
        let (pool, share) = Staking::delegators_share(&solver(2), None, earned).unwrap();
        let before = (free(&pool), free(&solver(2)));
        agree(id, &[Some(label(1))]);
        assert_eq!(
            (free(&pool), free(&solver(2))),
            (before.0 + share, before.1 + earned - share)
        );
    });
}
