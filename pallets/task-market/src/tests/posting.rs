use crate::{mock::*, prepay::Prepay};
use frame_support::{assert_noop, storage::with_storage_layer};
use pensum_primitives::{
    follower::Follower,
    task::Terms,
    traits::Posting,
    verdict::{Outcome, Reason},
    TaskId,
};
use sp_runtime::{DispatchError, DispatchResult};

fn post_for(terms: Terms, upstream: Vec<TaskId>) -> Result<TaskId, DispatchError> {
    Market::post_for(
        &REQUESTER,
        terms,
        inline(&[5, 6]),
        upstream,
        Follower::Workflow(42),
    )
}

#[test]
fn a_step_is_posted_as_a_batch_of_one() {
    ExtBuilder::default().build_and_execute(|| {
        let before = free(&REQUESTER);
        let fee = Market::check(&terms(greater()), &[2]).unwrap();
        let upstream = vec![TaskId(7), TaskId(9)];
        let task = post_for(terms(greater()), upstream.clone()).unwrap();
        assert_eq!(free(&REQUESTER), before - MAX_REWARD - fee);
        let batch = batch(task.batch());
        assert_eq!(batch.upstream.to_vec(), upstream);
        assert_eq!((batch.follower, batch.tasks()), (Some(Follower::Workflow(42)), 1));
    });
}

#[test]
fn its_workflow_hears_of_its_end_once() {
    ExtBuilder::default().build_and_execute(|| {
        let task = post_for(terms(greater()), vec![]).unwrap();
        assert!(Heard::get().is_empty());
        answers(1, vec![right(task)]);
        let answered = Told {
            follower: Follower::Workflow(42),
            task,
            outcome: Outcome::Answered,
            output: Some(output(&label(1))),
        };
        assert_eq!(Heard::get(), std::slice::from_ref(&answered));
        let task = post_for(dutch(), vec![]).unwrap();
        nobody_bids(task.batch());
        let unsold = Told {
            follower: Follower::Workflow(42),
            task,
            outcome: Outcome::Refunded(Reason::NoBids),
            output: None,
        };
        assert_eq!(Heard::get(), [answered, unsold]);
        post(1);
        Market::cancel(RuntimeOrigin::signed(REQUESTER), batch_after(task)).unwrap();
        assert_eq!(Heard::get().len(), 2, "nobody follows an ordinary post");
    });
}

fn batch_after(task: TaskId) -> pensum_primitives::BatchId {
    pensum_primitives::BatchId(task.batch().0 + 1)
}

#[test]
fn a_step_is_cancelled_as_its_requester_would() {
    ExtBuilder::default().build_and_execute(|| {
        let task = post_for(terms(greater()), vec![]).unwrap();
        let cancel = |who: &_, task| -> DispatchResult { Market::cancel_for(who, task) };
        assert_noop!(cancel(&OTHER, task), Error::NotRequester);
        cancel(&REQUESTER, task).unwrap();
        assert!(is_empty());
        assert_eq!(Heard::get()[0].outcome, Outcome::Refunded(Reason::Cancelled));
        assert_noop!(cancel(&REQUESTER, task), Error::BatchNotOpen);
        let own = post(1);
        assert_noop!(cancel(&REQUESTER, own.task(0)), Error::BatchNotOpen);
    });
}

#[test]
fn what_cannot_be_posted_is_refused_before() {
    ExtBuilder::default().build_and_execute(|| {
        let check = |terms: &Terms, lens: &[u32]| Market::check(terms, lens).map(|_| ());
        assert_noop!(check(&terms(greater()), &[3]), Error::InputWrongShape);
        assert_noop!(check(&terms(greater()), &[]), Error::NoInputs);
        let late = Terms {
            deadline: 1,
            ..terms(greater())
        };
        assert_noop!(check(&late, &[2]), Error::DeadlineTooSoon);
        let many = vec![TaskId(1); 9];
        let post = |upstream| post_for(terms(greater()), upstream).map(|_| ());
        assert_noop!(post(many), Error::TooManyUpstream);
    });
}

#[test]
fn a_post_that_fails_leaves_nothing_held() {
    ExtBuilder::default().build_and_execute(|| {
        let cheap = Terms {
            max_reward: 10,
            ..terms(greater())
        };
        assert_noop!(
            with_storage_layer(|| post_for(cheap, vec![]).map(|_| ())),
            Error::PriceCapBelowOffers
        );
        assert_eq!(escrow(&REQUESTER), 0);
    });
}

#[test]
fn the_fee_is_that_of_the_work() {
    ExtBuilder::default().build_and_execute(|| {
        type Prepays = <Test as crate::Config>::Prepay;
        let fee = |terms: &Terms| Market::check(terms, &[2]).unwrap();
        assert!(fee(&terms(greater())) > 0);
        assert!(fee(&dutch()) >= fee(&terms(greater())) + Prepays::fee(AUCTION_WEIGHT, None).unwrap());
        assert!(fee(&quorum()) >= Prepays::fee(SEAT_WEIGHT, None).unwrap() * 6);
        assert!(fee(&windowed()) >= Prepays::fee(AUDIT_WEIGHT, None).unwrap());
    });
}
