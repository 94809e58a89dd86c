use crate::{mock::*, types::Work, Queue, QueueSpan, Retries};
use pensum_primitives::Digest;

/// Answered requests of a contract.
fn answered(remote: crate::types::Remote, count: u32) -> Vec<Digest> {
    fund(remote, 20_000 * u128::from(count));
    let ids: Vec<_> = (0..count).map(|_| ask(remote, intent())).collect();
    ids.iter().for_each(|id| {
        Desk::answer(*id, b"x");
    });
    ids
}

fn told(remote: crate::types::Remote) -> Vec<[u8; 32]> {
    let results = Post::results_for(remote).into_iter();
    results.map(|(_, result)| result.request).collect()
}

#[test]
fn a_block_sends_no_more_than_its_limit_and_skips_nothing() {
    ExtBuilder.build_and_execute(|| {
        MaxWorkPerBlock::set(2);
        let ids = answered(CONSUMER, 5);
        for (sent, left) in [(2, 3), (4, 1), (5, 0)] {
            run_for(1);
            assert_eq!(told(CONSUMER).len(), sent);
            assert_eq!(Queue::<Test>::iter_keys().count(), left);
            check();
        }
        assert_eq!(told(CONSUMER), ids.iter().map(|id| id.0).collect::<Vec<_>>());
        assert!(!QueueSpan::<Test>::exists());
    });
}

#[test]
fn what_cannot_be_sent_is_tried_again_until_it_can() {
    ExtBuilder.build_and_execute(|| {
        Unreachable::mutate(|chains| chains.insert(EVM));
        let [id] = answered(CONSUMER, 1)[..] else {
            panic!("one")
        };
        run_for(1);
        for _ in 0..3 {
            assert_eq!(
                last_event(),
                Event::SendingDelayed {
                    work: Work::Result { request: id },
                    error: stored("unreachable"),
                    at: now() + RETRY_AFTER,
                }
            );
            check();
            run_for(RETRY_AFTER);
        }
        Unreachable::set(Default::default());
        run_for(RETRY_AFTER);
        assert_eq!(told(CONSUMER), [id.0]);
        assert_eq!(Retries::<Test>::iter_keys().count(), 0);
    });
}

#[test]
fn a_chain_that_cannot_be_reached_holds_up_no_other() {
    ExtBuilder.build_and_execute(|| {
        MaxWorkPerBlock::set(2);
        Unreachable::mutate(|chains| chains.insert(EVM));
        answered(CONSUMER, 20);
        run_for(20);
        let ids = answered(TWIN, 6);
        // One of the two pieces of work of each block at least is new.
        run_for(6);
        assert_eq!(told(TWIN), ids.iter().map(|id| id.0).collect::<Vec<_>>());
        assert_eq!(told(CONSUMER), [[0; 32]; 0]);
        check();
        Unreachable::set(Default::default());
        run_for(20 + RETRY_AFTER);
        assert_eq!(told(CONSUMER).len(), 20);
    });
}

#[test]
fn what_is_tried_again_is_not_held_up_by_what_is_new() {
    ExtBuilder.build_and_execute(|| {
        MaxWorkPerBlock::set(2);
        Unreachable::mutate(|chains| chains.insert(EVM));
        answered(CONSUMER, 2);
        run_for(1);
        Unreachable::set(Default::default());
        answered(TWIN, 40);
        run_for(RETRY_AFTER + 1);
        assert_eq!(told(CONSUMER).len(), 2);
        assert!(told(TWIN).len() < 40);
    });
}

#[test]
fn a_failure_leaves_no_trace_but_its_event() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let id = ask(remote, with_refund(intent()));
        Desk::answer(id, b"x");
        Unreachable::mutate(|chains| chains.insert(EVM));
        let before = (coins(&remote.account()), outstanding(), events().len());
        run_for(1);
        assert_eq!((coins(&remote.account()), outstanding()), (before.0, before.1));
        assert_eq!(events().len(), before.2 + 1);
        assert_eq!(Post::letters(), []);
    });
}

#[test]
fn what_ends_in_a_block_is_sent_in_the_next_and_its_refund_with_it() {
    ExtBuilder.build_and_execute(|| {
        let remote = rich_consumer();
        let id = ask(remote, with_refund(intent()));
        Desk::answer(id, b"x");
        run_for(1);
        assert_eq!(Post::letters().len(), 2);
    });
}
