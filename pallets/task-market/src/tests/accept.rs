use crate::{mock::*, settlement::Ground, Event as MarketEvent};
use frame_support::assert_noop;
use market_math::payout::split;
use pensum_primitives::{operator::Refusal, traits::Solvers, BatchId};

fn accept(who: pensum_primitives::AccountId, id: BatchId) -> sp_runtime::DispatchResult {
    Market::accept(RuntimeOrigin::signed(who), id)
}

#[test]
fn an_accepted_answer_settles_at_once() {
    ExtBuilder::default().build_and_execute(|| {
        let id = submitted();
        let before = (free(&solver(1)), free(&REQUESTER));
        accept(REQUESTER, id).unwrap();
        let price = price(1, 2);
        assert_eq!(free(&solver(1)), before.0 + split(price, 50_000, 20_000).solver);
        assert_eq!(free(&REQUESTER), before.1 + MAX_REWARD - price);
        assert!(is_empty());
        assert_eq!(Staking::locked(&solver(1)), 0);
        assert!(events().contains(&MarketEvent::AnswerAccepted { task: id.task(0) }));
    });
}

#[test]
fn an_answer_is_accepted_when_its_window_passes() {
    ExtBuilder::default().build_and_execute(|| {
        submitted();
        let before = free(&solver(1));
        run_to(1 + WINDOW);
        assert_eq!(free(&solver(1)), before);
        run_to(2 + WINDOW);
        assert_eq!(
            free(&solver(1)),
            before + split(price(1, 2), 50_000, 20_000).solver
        );
        assert!(is_empty());
    });
}

#[test]
fn what_a_requester_judges_may_be_shorter_than_the_model_could_make_it() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(judged(), 1);
        let said = |len: usize| answer_call(1, vec![answer(id.task(0), vec![7; len], None)]);
        assert_eq!(validate(&said(5)), Err(refusal(Refusal::WrongLength)));
        submit(said(1)).unwrap();
        accept(REQUESTER, id).unwrap();
        assert!(events().iter().any(|event| matches!(
            event,
            MarketEvent::TaskAnswered { output, .. } if output.len() == 1
        )));
    });
}

#[test]
fn accept_fails_when_nothing_is_there_to_accept() {
    ExtBuilder::default().build_and_execute(|| {
        let (replayed, unanswered) = (claimed(1), post_on(judged(), 1));
        assert_noop!(accept(REQUESTER, BatchId(77)), Error::BatchNotOpen);
        assert_noop!(accept(REQUESTER, replayed), Error::NotForRequester);
        assert_noop!(accept(REQUESTER, unanswered), Error::NotClaimed);
    });
}

#[test]
fn accept_fails_for_anybody_else() {
    ExtBuilder::default().build_and_execute(|| {
        let id = submitted();
        assert_noop!(accept(OTHER, id), Error::NotRequester);
        assert_noop!(accept(solver(1), id), Error::NotRequester);
    });
}

#[test]
fn accept_fails_under_appeal() {
    ExtBuilder::default().solvers(4).build_and_execute(|| {
        let id = submitted();
        Market::appeal(RuntimeOrigin::signed(REQUESTER), id.task(0)).unwrap();
        assert_noop!(accept(REQUESTER, id), Error::AppealOpen);
    });
}

#[test]
fn each_ground_has_evidence_of_its_own() {
    let verdict = Ground::Jury(evidence()).digest();
    let grounds = [Ground::Accepted.digest(), Ground::WindowPassed.digest(), verdict];
    assert!(grounds[0] != grounds[1] && grounds[1] != grounds[2] && grounds[0] != grounds[2]);
}
