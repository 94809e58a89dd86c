use crate::mock::*;
use pensum_primitives::{
    matching::Matching,
    task::{Duty, TaskNotice, TaskState, TaskStatus},
    traits::Duties,
    verdict::Reason,
    verification::Verification,
    BatchId, Digest,
};
use sp_io::hashing::sha2_256;

#[test]
fn status_tells_everything_about_a_live_task() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(2);
        run_to(3);
        let status = Market::task_status(id.task(1)).unwrap();
        assert_eq!(
            status,
            TaskStatus {
                task: id.task(1),
                batch: id,
                model: greater(),
                requester: REQUESTER,
                state: TaskState::Assigned,
                solver: Some(solver(1)),
                panel: Vec::new(),
                price: price(1, 2),
                max_reward: MAX_REWARD,
                escrow: MAX_REWARD,
                asset: None,
                input: Digest::from(sha2_256(&[5, 6])),
                matching: Matching::Book,
                verification: Verification::Replay { window: 0 },
                claimed: None,
                posted_at: 1,
                answer_by: 6,
                deadline: 31,
                failed_solvers: 0,
                next: "The solver answers by block 6, or it is slashed and the task goes to the next solver \
                       (up to 6 more)."
                    .into(),
            }
        );
    });
}

#[test]
fn status_says_when_the_next_failure_ends_the_task() {
    ExtBuilder::default().build_and_execute(|| {
        let terms = pensum_primitives::task::Terms {
            deadline: 6,
            ..terms(greater())
        };
        let id = post_as(REQUESTER, terms, pairs(1)).unwrap();
        let next = Market::task_status(id.task(0)).unwrap().next;
        assert_eq!(
            next,
            "The solver answers by block 6, or it is slashed and the escrow comes back."
        );
    });
}

#[test]
fn status_counts_the_solvers_that_failed() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        submit(decline_call(1, id)).unwrap();
        let status = Market::task_status(id.task(0)).unwrap();
        assert_eq!((status.failed_solvers, status.solver), (1, Some(solver(2))));
    });
}

#[test]
fn an_ended_task_has_no_status() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(2);
        answers(1, vec![right(id.task(0))]);
        assert_eq!(Market::task_status(id.task(0)), None);
        assert!(Market::task_status(id.task(1)).is_some());
        assert_eq!(Market::task_status(id.task(2)), None);
        assert_eq!(Market::task_status(BatchId(8).task(0)), None);
    });
}

#[test]
fn open_tasks_are_paged_without_gaps_or_doubles() {
    ExtBuilder::default().capacity(3).build_and_execute(|| {
        let mut posted = Vec::new();
        for count in [4, 1, 3] {
            let id = post(count);
            posted.extend((0..count as u8).map(|place| id.task(place)));
        }
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = Market::open_tasks(after, None, 3);
            let Some(last) = page.last() else { break };
            after = Some(last.task);
            seen.extend(page.iter().map(|status| status.task));
        }
        seen.sort();
        assert_eq!(seen, posted);
    });
}

#[test]
fn open_tasks_go_on_behind_a_batch_that_has_ended() {
    ExtBuilder::default().build_and_execute(|| {
        let ids: Vec<_> = (0..4).map(|_| post(1)).collect();
        let all: Vec<_> = Market::open_tasks(None, None, 9)
            .iter()
            .map(|status| status.task)
            .collect();
        assert_eq!(all.len(), ids.len());
        answers(1, vec![right(all[1])]);
        let rest: Vec<_> = Market::open_tasks(Some(all[1]), None, 9)
            .iter()
            .map(|status| status.task)
            .collect();
        assert_eq!(rest, all[2..]);
    });
}

#[test]
fn open_tasks_can_be_had_for_one_model() {
    ExtBuilder::default().build_and_execute(|| {
        post(2);
        let id = post_as(REQUESTER, terms(texts()), vec![inline(b"hello")]).unwrap();
        let tasks = Market::open_tasks(None, Some(texts()), 256);
        assert_eq!(
            tasks.iter().map(|status| status.task).collect::<Vec<_>>(),
            [id.task(0)]
        );
    });
}

#[test]
fn duties_are_what_a_solver_still_has_to_answer() {
    ExtBuilder::default().capacity(2).build_and_execute(|| {
        let id = post(3);
        let weights = <Flaky as pensum_primitives::traits::Models>::entry(&greater())
            .unwrap()
            .weights;
        let duty = |tasks: Vec<u8>, partial_sheets| Duty {
            batch: id,
            model: greater(),
            weights,
            answer_by: 6,
            traced: false,
            blobs: true,
            partial_sheets,
            tasks: tasks
                .iter()
                .map(|place| (id.task(*place), pairs(3)[*place as usize].clone()))
                .collect(),
        };
        assert_eq!(Market::duties(&solver(1), 5), [duty(vec![0, 1], 3)]);
        assert_eq!(Market::duties(&solver(2), 5), [duty(vec![2], 3)]);
        assert_eq!(Market::duties(&solver(3), 5), []);
        answers(1, vec![right(id.task(0))]);
        assert_eq!(Market::duties(&solver(1), 5), [duty(vec![1], 2)]);
    });
}

#[test]
fn duties_are_limited() {
    ExtBuilder::default().build_and_execute(|| {
        for _ in 0..4 {
            post(1);
        }
        assert_eq!(Market::duties(&solver(1), 3).len(), 3);
        assert_eq!(Market::duties(&solver(1), 0).len(), 1);
    });
}

#[test]
fn a_transaction_tells_which_tasks_it_answers() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(2);
        let call = answer_call(1, vec![right(id.task(0)), right(id.task(1))]);
        assert_eq!(Market::tasks_answered(&call), [id.task(0), id.task(1)]);
        assert_eq!(Market::tasks_answered(&decline_call(1, id)), []);
    });
}

#[test]
fn events_become_notices() {
    ExtBuilder::default().solvers(2).build_and_execute(|| {
        let id = post(1);
        let said = truth(id.task(0));
        let notices = || {
            events()
                .iter()
                .filter_map(|event| event.notice())
                .collect::<Vec<_>>()
        };
        let posted = TaskNotice::Posted {
            first: id.task(0),
            tasks: 1,
            requester: REQUESTER,
            solver: solver(1),
        };
        assert_eq!(notices(), [posted]);
        System::reset_events();
        submit(decline_call(1, id)).unwrap();
        assert_eq!(
            notices(),
            [TaskNotice::HandedOver {
                batch: id,
                from: solver(1),
                to: solver(2)
            }]
        );
        System::reset_events();
        answers(2, vec![right(id.task(0))]);
        let answered = TaskNotice::Answered {
            task: id.task(0),
            solver: solver(2),
            output: said,
            price: price(2, 2),
            asset: None,
        };
        assert_eq!(notices(), [answered]);
        System::reset_events();
        let id = post(1);
        System::reset_events();
        Market::cancel(RuntimeOrigin::signed(REQUESTER), id).unwrap();
        assert_eq!(
            notices(),
            [TaskNotice::Refunded {
                task: id.task(0),
                reason: Reason::Cancelled
            }]
        );
    });
}

#[test]
fn status_tells_how_an_auction_stands() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(dutch(), 2);
        let status = Market::task_status(id.task(1)).unwrap();
        assert_eq!(status.state, TaskState::Auctioned);
        assert_eq!((status.solver, status.price), (None, 10_000));
        assert_eq!((status.answer_by, status.deadline), (29, 31));
        assert_eq!(
            (status.matching, status.next.as_str()),
            (dutch().matching, "Solvers bid.")
        );
    });
}

#[test]
fn status_tells_how_a_panel_stands() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_on(quorum(), 1);
        let status = || Market::task_status(id.task(0)).unwrap();
        assert_eq!((status().state, status().panel), (TaskState::Drawn, vec![]));
        assert_eq!(status().price, QUORUM_REWARD / 2);
        assert!(draw(id));
        assert_eq!((status().state, status().panel.len()), (TaskState::Committing, 3));
        reveal(id);
        assert_eq!(status().state, TaskState::Revealing);
        assert_eq!(status().answer_by, 1 + PANEL_BLOCKS);
    });
}

#[test]
fn status_tells_what_is_claimed() {
    ExtBuilder::default().build_and_execute(|| {
        let id = claimed(2);
        let status = Market::task_status(id.task(1)).unwrap();
        assert_eq!(
            (status.state, status.solver),
            (TaskState::Claimed, Some(solver(1)))
        );
        assert_eq!(status.claimed.unwrap().0, label(1));
        assert_eq!(status.answer_by, 1 + WINDOW);
        assert_eq!(
            status.next,
            "The answer settles when block 9 has passed, unless it is proven wrong."
        );
        let id = submitted();
        assert_eq!(
            Market::task_status(id.task(0)).unwrap().next,
            "The answer settles when block 9 has passed, unless the requester accepts it before or appeals."
        );
    });
}

#[test]
fn open_tasks_are_of_all_kinds() {
    ExtBuilder::default().build_and_execute(|| {
        let ids = [
            post(1),
            post_on(dutch(), 1),
            post_on(quorum(), 1),
            claimed(1),
            submitted(),
        ];
        let mut open: Vec<_> = Market::open_tasks(None, None, 9)
            .iter()
            .map(|status| (status.batch, status.state))
            .collect();
        open.sort_by_key(|(id, _)| *id);
        let states = [
            TaskState::Assigned,
            TaskState::Auctioned,
            TaskState::Drawn,
            TaskState::Claimed,
            TaskState::Claimed,
        ];
        assert_eq!(open, ids.into_iter().zip(states).collect::<Vec<_>>());
    });
}
