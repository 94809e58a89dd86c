//! Timing loops behind `weights.rs`. Not run with the other tests, since a busy machine would fail them for nothing.

use crate::{limits::MAX_PARTS, mock::*, types::Sheet};
use pensum_primitives::{
    panel::MAX_PANEL_TASKS,
    task::{Terms, MAX_INLINE},
    traits::Models,
    BatchId,
};
use sp_core::Pair;
use std::time::{Duration, Instant};

const ROUNDS: usize = 61;

/// Median nanoseconds of `run` over fresh chains: other work on the machine disturbs some rounds, not most.
fn median<State>(prepare: impl Fn() -> State, run: impl Fn(State)) -> u128 {
    let round = || {
        let accepting = ExtBuilder::default().solvers(16).accepting();
        accepting.build().execute_with(|| {
            let state = prepare();
            let start = Instant::now();
            run(state);
            start.elapsed()
        })
    };
    let mut times: Vec<Duration> = (0..ROUNDS).map(|_| round()).collect();
    times.sort();
    times[ROUNDS / 2].as_nanos()
}

fn sheet(id: BatchId, tasks: u32) -> crate::Call<Test> {
    answer_call(1, (0..tasks).map(|place| right(id.task(place as u8))).collect())
}

#[test]
#[ignore = "a measurement, for `weights.rs`"]
fn print_times() {
    for tasks in [1, 256] {
        let posted = median(
            || pairs(tasks),
            |inputs| {
                post_as(REQUESTER, terms(greater()), inputs).unwrap();
            },
        );
        println!("post of {tasks}: {posted} ns");
        let authorised = median(
            || sheet(post(tasks), tasks),
            |call| {
                validate(&call).unwrap();
            },
        );
        println!("authorise {tasks}: {authorised} ns");
        let answered = median(
            || {
                let crate::Call::answer {
                    operator, answers, ..
                } = sheet(post(tasks), tasks)
                else {
                    panic!("another call or event than was made")
                };
                (operator, answers)
            },
            |(operator, answers): (_, Sheet)| {
                Market::do_answer(&operator, &answers).unwrap();
            },
        );
        println!("answer {tasks}, replay of a tiny graph included: {answered} ns");
        let cancelled = median(
            || post(tasks),
            |id| {
                Market::cancel(RuntimeOrigin::signed(REQUESTER), id).unwrap();
            },
        );
        println!("cancel {tasks}: {cancelled} ns");
        let handed_over = median(|| decline_call(1, post(tasks)), |call| submit(call).unwrap());
        println!("authorise, decline and hand over {tasks}: {handed_over} ns");
        let expired = median(
            || {
                post(tasks);
                run_to(1 + AnswerWindow::get());
            },
            |()| run_for(1),
        );
        println!("expire and hand over {tasks}: {expired} ns");
        let claims = median(
            || {
                let id = post_on(windowed(), tasks);
                let sheet = (0..tasks).map(|place| traced(id.task(place as u8), label(1)));
                Sheet::truncate_from(sheet.collect())
            },
            |answers| {
                Market::do_answer(&operator(1).public(), &answers).unwrap();
            },
        );
        println!("claim {tasks}: {claims} ns");
        let settled = median(
            || {
                claimed(tasks);
                run_to(1 + WINDOW);
            },
            |()| run_for(1),
        );
        println!("settle {tasks} claims: {settled} ns");
    }
    let split = median(
        || {
            (1..=16).for_each(|number| {
                let signed = RuntimeOrigin::signed(solver(number));
                Staking::set_offer(signed, greater(), offer(number, 1)).unwrap();
            })
        },
        |()| {
            post(MAX_PARTS);
        },
    );
    println!("post of {MAX_PARTS} over as many solvers: {split} ns");
    let blobs = median(
        || {
            let bytes = [b'x'; 300];
            let id = post_as(REQUESTER, terms(texts()), vec![blob(&bytes); 256]).unwrap();
            let sheet = (0..=255)
                .map(|place| answer(id.task(place), label(0), Some(&bytes)))
                .collect();
            answer_call(1, sheet)
        },
        |call| {
            validate(&call).unwrap();
        },
    );
    println!("authorise 256 blobs of 300 bytes: {blobs} ns; the longest would have {MAX_INLINE}");
    let replays = |text: &'static [u8]| {
        median(register_large, move |model| {
            <Registry as Models>::replay(&model, &[text]).unwrap();
        })
    };
    let (empty, full) = (replays(b""), replays(&[b'x'; 300]));
    println!("load a graph of half a megabyte and run it on nothing: {empty} ns; on 300 bytes: {full} ns");
    ExtBuilder::default().build().execute_with(|| {
        let entry = <Registry as Models>::entry(&register_large()).unwrap();
        println!(
            "which are {} and {} multiply-accumulates",
            entry.cost(0),
            entry.cost(300)
        );
    });
    let decided = median(
        || {
            let id = post_on(
                Terms {
                    max_reward: 6 * MAX_REWARD,
                    ..quorum()
                },
                MAX_PANEL_TASKS,
            );
            draw(id);
            id
        },
        |id| agree(id, &vec![Some(label(1)); MAX_PANEL_TASKS as usize]),
    );
    println!("pay three members for {MAX_PANEL_TASKS} tasks: {decided} ns");
    let in_coins = || Terms {
        max_reward: COINS,
        asset: Some(COIN),
        ..terms(greater())
    };
    let posted = median(in_coins, |terms| {
        post_as(REQUESTER, terms, pairs(1)).unwrap();
    });
    println!("post of 1 in an asset, without a swap: {posted} ns");
    let answered = median(
        || {
            let id = post_as(REQUESTER, in_coins(), pairs(1)).unwrap();
            Sheet::truncate_from(vec![right(id.task(0))])
        },
        |answers| {
            Market::do_answer(&operator(1).public(), &answers).unwrap();
        },
    );
    println!("answer 1 that an asset pays: {answered} ns");
    let collected = median(
        || {
            let id = post_as(REQUESTER, in_coins(), pairs(1)).unwrap();
            freeze(COIN, true);
            answers(1, vec![right(id.task(0))]);
            freeze(COIN, false);
        },
        |()| Market::collect(RuntimeOrigin::signed(OTHER), solver(1), REQUESTER, COIN).unwrap(),
    );
    println!("collect: {collected} ns");
    let quiet = median(
        || (),
        |()| {
            Market::expire(System::block_number());
        },
    );
    println!("a quiet block: {quiet} ns");
}
