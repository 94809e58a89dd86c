use crate::mock::*;
use pensum_primitives::{bridge::RequestView, Digest};
use pensum_task_abi::Intent;

#[test]
fn a_request_is_open_then_ended_then_sent() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        assert_eq!(Bridge::request(Digest::zero()), None);
        let id = ask(remote, intent());
        let task = Desk::task_of(id);
        assert_eq!(Bridge::request(id), Some(RequestView::Open { task }));
        Desk::answer(id, b"x");
        assert_eq!(Bridge::request(id), Some(RequestView::Ended));
        run_for(1);
        let (message, _) = Post::results_for(remote)[0];
        assert_eq!(Bridge::request(id), Some(RequestView::Sent { message }));
    });
}

#[test]
fn a_refused_intent_has_ended() {
    ExtBuilder.build_and_execute(|| {
        let id = ask(
            rich_consumer(),
            Intent {
                deadline: 0,
                ..intent()
            },
        );
        assert_eq!(Bridge::request(id), Some(RequestView::Ended));
        run_for(1);
        assert!(matches!(Bridge::request(id), Some(RequestView::Sent { .. })));
    });
}

#[test]
fn a_result_that_was_sent_directly_needs_no_proof() {
    ExtBuilder.build_and_execute(|| {
        let id = ask(rich_consumer(), intent());
        assert_eq!(Bridge::result_proof(id), None);
        Desk::answer(id, b"x");
        run_for(1);
        assert_eq!(Bridge::result_proof(id), None);
    });
}

#[test]
fn what_was_sent_long_ago_is_forgotten() {
    ExtBuilder.build_and_execute(|| {
        KeptResults::set(2);
        let remote = rich_consumer();
        let ids = [(); 3].map(|()| {
            let id = ask(remote, intent());
            Desk::answer(id, b"x");
            id
        });
        run_for(1);
        assert_eq!(Bridge::request(ids[0]), None);
        assert!(ids[1..].iter().all(|id| Bridge::request(*id).is_some()));
    });
}
