//! Random lives of the whole market, with the real pallets around it.

use crate::{mock::*, Batches};
use pensum_primitives::{
    task::{Answer, Input, Terms},
    traits::{Models, Replayed},
    AccountId, Balance, BatchId, ModelId, TaskId,
};
use proptest::{prelude::*, test_runner::TestRunner};
use std::collections::BTreeMap;

const REQUESTERS: [AccountId; 2] = [REQUESTER, OTHER];
const PRICE_CAPS: [Balance; 4] = [15_000, 25_000, 45_000, MAX_REWARD];

#[derive(Clone, Debug)]
enum Step {
    /// Somebody posts these inputs.
    Post {
        who: usize,
        inputs: Vec<Kind>,
        cap: usize,
        ahead: u32,
    },
    /// The solver of some part answers some of it, and some of that wrong.
    Answer { part: usize, skip: u8, lie: u8 },
    /// The solver of some part declines.
    Decline { part: usize },
    /// The requester of some batch cancels.
    Cancel { part: usize },
    /// Time passes.
    Wait { blocks: u32 },
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Inline,
    Blob,
    /// A blob that turns out not to be text.
    Rubbish,
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![4 => Just(Kind::Inline), 2 => Just(Kind::Blob), 1 => Just(Kind::Rubbish)];
    let inputs = prop::collection::vec(kind, 1..7);
    prop_oneof![
        4 => (0..2usize, inputs, 0..PRICE_CAPS.len(), 2..50u32)
            .prop_map(|(who, inputs, cap, ahead)| Step::Post { who, inputs, cap, ahead }),
        5 => (any::<usize>(), any::<u8>(), any::<u8>())
            .prop_map(|(part, skip, lie)| Step::Answer { part, skip, lie: lie & skip.rotate_left(3) }),
        1 => any::<usize>().prop_map(|part| Step::Decline { part }),
        1 => any::<usize>().prop_map(|part| Step::Cancel { part }),
        3 => (1..8u32).prop_map(|blocks| Step::Wait { blocks }),
    ]
}

/// What the test knows beside the chain.
#[derive(Default)]
struct World {
    /// The bytes of every blob, by task.
    blobs: BTreeMap<TaskId, Vec<u8>>,
    /// Tasks posted.
    posted: u32,
}

impl World {
    fn take(&mut self, step: &Step, tally: &mut Tally) {
        match step {
            Step::Post {
                who,
                inputs,
                cap,
                ahead,
            } => self.post(*who, inputs, *cap, *ahead),
            Step::Answer { part, skip, lie } => self.answer(*part, *skip, *lie),
            Step::Decline { part } => {
                if let Some((id, solver, _)) = pick(*part) {
                    // Refused where its time ran out and the chain is behind with it.
                    let _ = submit(decline_call(solver, id));
                }
            }
            Step::Cancel { part } => {
                if let Some((id, _, requester)) = pick(*part) {
                    Market::cancel(RuntimeOrigin::signed(requester), id).unwrap();
                }
            }
            Step::Wait { blocks } => (0..*blocks).for_each(|_| {
                run_for(1);
                tally.take();
                check();
            }),
        }
    }

    fn post(&mut self, who: usize, kinds: &[Kind], cap: usize, ahead: u32) {
        let mut blobs = Vec::new();
        let inputs: Vec<Input> = (0u8..)
            .zip(kinds)
            .map(|(place, kind)| {
                let bytes = match kind {
                    Kind::Inline => return inline(&[b'a', place]),
                    Kind::Blob => vec![b'b', place],
                    Kind::Rubbish => vec![0xff, place],
                };
                blobs.push((place, bytes.clone()));
                blob(&bytes)
            })
            .collect();
        // To the model that compares bytes nothing is rubbish.
        let model = if cap.is_multiple_of(2) { texts() } else { greater() };
        let deadline = System::block_number() + ahead;
        let terms = Terms {
            max_reward: PRICE_CAPS[cap],
            deadline,
            ..terms(model)
        };
        // Refused where the book has no room; then nothing is known of it.
        if let Ok(id) = post_as(REQUESTERS[who].clone(), terms, inputs) {
            self.posted += kinds.len() as u32;
            self.blobs
                .extend(blobs.into_iter().map(|(place, bytes)| (id.task(place), bytes)));
        }
    }

    /// Nobody is paid for more than its right answers.
    fn answer(&self, part: usize, skip: u8, lie: u8) {
        let Some((id, number, _)) = pick(part) else { return };
        let batch = batch(id);
        let part = batch.part_of(&solver(number)).unwrap();
        let mut sheet = Vec::new();
        let mut due = 0;
        for task in &part.tasks {
            let bit = 1u8 << (task.place % 8);
            if skip & bit != 0 {
                continue;
            }
            let task_id = id.task(task.place);
            let truth = self.truth(&batch.model, task_id);
            let lies = lie & bit != 0 || (lie == 255);
            let mut output = truth.clone().unwrap_or(label(1));
            if lies {
                output[2] ^= 1;
            }
            if truth.is_some() && !lies {
                let price = part.quote.price(task, batch.max_reward);
                due += market_math::payout::split(price, 50_000, 20_000).solver;
            }
            sheet.push(self.sign_off(task_id, output));
        }
        let before = free(&solver(number));
        let accepted = submit(answer_call(number, sheet)).is_ok();
        assert_eq!(free(&solver(number)), before + if accepted { due } else { 0 });
    }

    fn sign_off(&self, task: TaskId, output: Vec<u8>) -> Answer {
        answer(task, output, self.blobs.get(&task).map(Vec::as_slice))
    }

    /// What the model says, if it can read the input.
    fn truth(&self, model: &ModelId, task: TaskId) -> Option<Vec<u8>> {
        let inputs = crate::Inputs::<Test>::get(task.batch());
        let bytes = match &inputs[task.place() as usize] {
            Input::Inline(bytes) => bytes.to_vec(),
            Input::Blob { .. } => self.blobs[&task].clone(),
        };
        match Registry::replay(model, &[&bytes]).unwrap().remove(0) {
            Replayed::Output(output) => Some(output),
            Replayed::Unreadable => None,
        }
    }
}

/// Some live part: its batch, its solver's number, and who asked.
fn pick(index: usize) -> Option<(BatchId, u8, AccountId)> {
    let mut parts: Vec<_> = Batches::<Test>::iter()
        .flat_map(|(id, batch)| {
            let requester = batch.requester.clone();
            batch
                .parts
                .into_iter()
                .map(move |part| (id, AsRef::<[u8]>::as_ref(&part.solver)[0], requester.clone()))
        })
        .collect();
    parts.sort();
    (!parts.is_empty()).then(|| parts.swap_remove(index % parts.len()))
}

/// The escrow is exact over everybody, those without live tasks included, and no money is made or lost.
fn check_money(issued: Balance) {
    for who in REQUESTERS {
        let live: Balance = Batches::<Test>::iter_values()
            .filter(|batch| batch.requester == who)
            .map(|batch| batch.max_reward * Balance::from(batch.tasks()))
            .sum();
        assert_eq!(escrow(&who), live);
    }
    assert_eq!(Balances::total_issuance(), issued);
}

/// How often each kind of event was met, over all lives.
#[derive(Default)]
struct Tally(BTreeMap<String, u32>);

impl Tally {
    fn take(&mut self) {
        for event in events() {
            let debug = format!("{event:?}");
            let mut name = debug
                .trim_start_matches("Event::")
                .split([' ', '{'])
                .next()
                .unwrap()
                .to_string();
            if let crate::Event::TaskRefunded { reason, .. } = event {
                name = format!("{name}({reason:?})");
            }
            *self.0.entry(name).or_default() += 1;
        }
        System::reset_events();
    }
}

fn live(steps: &[Step], expiries: u32, tally: &mut Tally) {
    let issued = Balances::total_issuance();
    let mut world = World::default();
    for step in steps {
        world.take(step, tally);
        tally.take();
        check();
        check_money(issued);
    }
    // Every deadline passes; where the chain does little at a time, each task may take a block of its own per solver.
    for _ in 0..MaxDeadline::get() + 3 {
        run_for(1);
        tally.take();
    }
    check();
    if expiries == 1_000 {
        assert!(is_empty(), "something outlived every deadline");
    }
    let mut blocks = 0;
    while !is_empty() {
        run_for(1);
        blocks += 1;
        assert!(blocks < 4 * world.posted + 4, "something is stuck");
    }
    check();
    check_money(issued);
}

#[test]
fn no_task_gets_stuck_and_no_money_gets_lost() {
    let lives = (
        prop::collection::vec(step(), 1..60),
        1..6u8,
        1..9u32,
        prop_oneof![Just(1u32), Just(3), Just(1_000)],
        prop_oneof![Just(3u32), Just(1_000)],
    );
    let tally = std::cell::RefCell::new(Tally::default());
    let config = ProptestConfig {
        cases: 128,
        max_shrink_iters: 2_000,
        ..Default::default()
    };
    TestRunner::new(config)
        .run(&lives, |(steps, solvers, capacity, expiries, jail)| {
            ExtBuilder::default()
                .solvers(solvers)
                .capacity(capacity)
                .build()
                .execute_with(|| {
                    MaxExpiriesPerBlock::set(expiries);
                    JailThreshold::set(jail);
                    live(&steps, expiries, &mut tally.borrow_mut());
                });
            Ok(())
        })
        .unwrap();
    // The lives were worth living.
    let met = tally.into_inner().0;
    for kind in [
        "TasksPosted",
        "TaskAnswered",
        "AnswerRejected",
        "AssignmentFailed",
        "AssignmentTimedOut",
        "AssignmentDeclined",
        "BatchHandedOver",
        "BatchCancelled",
        "TaskRefunded(InputUnreadable)",
        "TaskRefunded(NobodyLeft)",
        "TaskRefunded(DeadlinePassed)",
        "TaskRefunded(Cancelled)",
    ] {
        assert!(
            met.get(kind).is_some_and(|count| *count >= 20),
            "{kind} too rare: {met:?}"
        );
    }
}
