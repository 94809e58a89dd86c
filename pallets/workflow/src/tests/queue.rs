use crate::{mock::*, Queue, QueueSpan};
use pensum_primitives::workflow::StepState::{Posted, Ready};

#[test]
fn a_block_does_no_more_than_its_limit_and_skips_nothing() {
    ExtBuilder.build_and_execute(|| {
        MaxWorkPerBlock::set(2);
        let ids: Vec<_> = (0..3)
            .map(|_| run(vec![given(classifier()), given(writer())]))
            .collect();
        for (block, id) in (1..).zip(&ids) {
            run_for(1);
            assert_eq!(Desk::open().len(), 2 * block);
            assert!(states(*id).iter().all(|state| matches!(state, Posted(_))));
            if let Some(next) = ids.get(block) {
                assert_eq!(states(*next), [Ready, Ready]);
            }
            check();
        }
    });
}

#[test]
fn an_answer_and_what_follows_from_it_fit_one_block() {
    ExtBuilder.build_and_execute(|| {
        let id = run(vec![given(shuffler()), reads(shuffler(), 0)]);
        run_for(1);
        Desk::answer(task(id, 0), b"8 bytes!");
        run_for(1);
        assert!(matches!(states(id)[1], Posted(_)));
    });
}

#[test]
fn an_answer_waits_in_the_queue_while_a_block_is_full() {
    ExtBuilder.build_and_execute(|| {
        let id = run(vec![given(shuffler()), reads(shuffler(), 0)]);
        run_for(1);
        MaxWorkPerBlock::set(1);
        Desk::answer(task(id, 0), b"8 bytes!");
        run_for(1);
        assert_eq!(states(id)[1], Ready);
        check();
        run_for(1);
        assert!(matches!(states(id)[1], Posted(_)));
    });
}

#[test]
fn an_empty_queue_is_not_stored() {
    ExtBuilder.build_and_execute(|| {
        run(languages());
        assert!(QueueSpan::<Test>::exists());
        run_for(1);
        assert!(!QueueSpan::<Test>::exists());
        assert_eq!(Queue::<Test>::iter_keys().count(), 0);
    });
}
