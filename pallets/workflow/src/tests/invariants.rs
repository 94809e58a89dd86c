//! Random graphs of steps with random outcomes.

use crate::{mock::*, types::Progress};
use frame_support::traits::fungibles::Inspect;
use pensum_primitives::{
    task::Input,
    traits::Models,
    verdict::Reason,
    workflow::{Source, Step, StepFailure, StepState, WorkflowId, MAX_DEPTH, MAX_STEPS},
    AccountId, AssetId, Balance, TaskId,
};
use proptest::{prelude::*, test_runner::TestRunner};
use std::{cell::RefCell, collections::BTreeMap};

const REQUESTERS: [AccountId; 2] = [REQUESTER, OTHER];

/// A step before it is known how many come before it.
#[derive(Clone, Debug)]
struct Seed {
    model: u8,
    source: Option<u8>,
    condition: Option<(u8, u8)>,
}

#[derive(Clone, Debug)]
enum Act {
    Run {
        who: usize,
        seeds: Vec<Seed>,
        budget: Balance,
        asset: Option<AssetId>,
    },
    Answer {
        task: usize,
        says: u8,
    },
    Refund {
        task: usize,
    },
    Cancel {
        workflow: usize,
    },
    Fee(Balance),
    /// The issuer freezes the asset, or thaws it, and what it had stranded is collected.
    Freeze(bool),
    Mood(Option<Mood>),
    Wait,
}

fn seed() -> impl Strategy<Value = Seed> {
    (
        1..5u8,
        prop::option::of(any::<u8>()),
        prop::option::of((any::<u8>(), 0..4u8)),
    )
        .prop_map(|(model, source, condition)| Seed {
            model,
            source,
            condition,
        })
}

fn act() -> impl Strategy<Value = Act> {
    let mood = prop_oneof![
        Just(Mood::Refuses),
        Just(Mood::RefusesLate),
        Just(Mood::Greedy),
        Just(Mood::Hasty),
        Just(Mood::Stubborn)
    ];
    prop_oneof![
        2 => (0..2usize, prop::collection::vec(seed(), 1..=MAX_STEPS as usize), 20_000..400_000u128, prop::option::of(Just(COIN)))
            .prop_map(|(who, seeds, budget, asset)| Act::Run { who, seeds, budget, asset }),
        8 => (any::<usize>(), 0..4u8).prop_map(|(task, says)| Act::Answer { task, says }),
        1 => any::<usize>().prop_map(|task| Act::Refund { task }),
        1 => any::<usize>().prop_map(|workflow| Act::Cancel { workflow }),
        1 => (0..5_000u128).prop_map(Act::Fee),
        1 => any::<bool>().prop_map(Act::Freeze),
        1 => prop::option::of(mood).prop_map(Act::Mood),
        6 => Just(Act::Wait),
    ]
}

/// What a model says, by one of four numbers.
fn says(model: u8, number: u8) -> Vec<u8> {
    let entry = Catalogue::entry(&pensum_primitives::ModelId(sp_core::H256::repeat_byte(model))).unwrap();
    vec![number; entry.output_len as usize]
}

/// Steps that name earlier ones and whose lengths fit. Chains that grow too long are cut.
fn grow(seeds: &[Seed]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut depths: Vec<u32> = Vec::new();
    for seed in seeds {
        let earlier = |number: u8| {
            let place = usize::from(number).checked_rem(steps.len())?;
            (depths[place] < MAX_DEPTH).then_some(place)
        };
        let source = seed.source.and_then(earlier);
        let asked = seed
            .condition
            .and_then(|(number, value)| Some((earlier(number)?, value)));
        // Only the shuffler reads eight bytes, and only its own.
        let number = match source {
            Some(from) if steps[from].model == shuffler() => 3,
            Some(_) => [1, 2, 4][usize::from(seed.model) % 3],
            None => seed.model,
        };
        let mut step = match source {
            Some(from) => reads(model(number), from as u8),
            None => given(model(number)),
        };
        if let Some((asked, value)) = asked {
            let of = steps[asked].model.0 .0[0];
            step = when(step, asked as u8, &[&says(of, value), &says(of, value + 1)]);
        }
        let depth = [source, asked.map(|(asked, _)| asked)]
            .into_iter()
            .flatten()
            .map(|place| depths[place])
            .max();
        depths.push(1 + depth.unwrap_or(0));
        steps.push(step);
    }
    steps
}

/// What the test knows beside the chain.
#[derive(Default)]
struct World {
    workflows: BTreeMap<WorkflowId, (AccountId, Vec<Step>)>,
    answers: BTreeMap<TaskId, Vec<u8>>,
    paid: BTreeMap<Option<AssetId>, Balance>,
    frozen: bool,
}

impl World {
    fn take(&mut self, act: &Act) {
        match act {
            Act::Run {
                who,
                seeds,
                budget,
                asset,
            } => {
                let steps = grow(seeds);
                let who = REQUESTERS[*who].clone();
                if let Ok(id) = run_in(*asset, who.clone(), steps.clone(), *budget) {
                    self.workflows.insert(id, (who, steps));
                }
            }
            Act::Answer { task, says: number } => {
                if let Some(task) = pick(&self.payable(), *task) {
                    let open = Desk::task(task);
                    let output = says(open.terms.model.0 .0[0], *number);
                    *self.paid.entry(open.terms.asset).or_default() += open.terms.max_reward / 2;
                    Desk::answer(task, &output);
                    self.answers.insert(task, output);
                }
            }
            Act::Refund { task } => {
                if let Some(task) = pick(&self.payable(), *task) {
                    Desk::refund(task, Reason::NobodyLeft);
                }
            }
            Act::Cancel { workflow } => {
                let live: Vec<_> = crate::Workflows::<Test>::iter_keys().collect();
                if let Some(id) = pick(&live, *workflow) {
                    let who = self.workflows[&id].0.clone();
                    Workflows::cancel(RuntimeOrigin::signed(who), id).unwrap();
                }
            }
            Act::Fee(fee) => Fee::set(*fee),
            Act::Freeze(frozen) => self.freeze(*frozen),
            Act::Mood(mood) => Moods::set(mood.iter().map(|mood| (moody(), *mood)).collect()),
            Act::Wait => run_for(1),
        }
    }

    /// Tasks that the market could pay for now.
    fn payable(&self) -> Vec<TaskId> {
        let moves = |task: &TaskId| !self.frozen || Desk::task(*task).terms.asset.is_none();
        Desk::open().into_iter().filter(moves).collect()
    }

    fn freeze(&mut self, frozen: bool) {
        if self.frozen != frozen {
            freeze(frozen);
            self.frozen = frozen;
        }
        for (who, asset) in crate::Stranded::<Test>::iter_keys() {
            let collected = Workflows::collect(RuntimeOrigin::signed(SOLVER), who, asset);
            assert_eq!(collected.is_ok(), !frozen);
        }
    }

    /// No step runs before its inputs, and what runs reads just what was answered and under the right condition.
    fn check_running(&self) {
        for task in Desk::open() {
            let open = Desk::task(task);
            let (_, steps) = &self.workflows[&open.follower];
            let view = Workflows::view(open.follower).unwrap();
            let place = view
                .steps
                .iter()
                .position(|state| *state == StepState::Posted(task));
            let place = place.expect("what runs belongs to a step");
            let step = &steps[place];
            let answer_of = |step: u8| match view.steps[usize::from(step)] {
                StepState::Answered(task) => &self.answers[&task],
                other => panic!("step {place} runs although step {step} is {other:?}"),
            };
            match &step.source {
                Source::Given(input) => assert_eq!(&open.input, input),
                Source::Output(from) => {
                    let Input::Inline(bytes) = &open.input else {
                        panic!("an answer travels inline")
                    };
                    assert_eq!(bytes.as_slice(), answer_of(*from).as_slice());
                }
            }
            if let Some(condition) = &step.condition {
                let answer = answer_of(condition.step).clone().try_into().unwrap();
                assert!(condition.accepts(&answer));
            }
        }
    }

    /// Why each step of an ended workflow ended as it did.
    fn check_ended(&self, id: WorkflowId, states: &[StepState], tally: &mut Tally) {
        let (_, steps) = &self.workflows[&id];
        assert_eq!(steps.len(), states.len());
        for (place, (step, state)) in steps.iter().zip(states).enumerate() {
            let needs: Vec<u8> = Progress::from(step).needs().collect();
            let state_of = |step: u8| states[usize::from(step)];
            let answered = |step: u8| matches!(state_of(step), StepState::Answered(_));
            let meets = step
                .condition
                .as_ref()
                .is_none_or(|condition| match state_of(condition.step) {
                    StepState::Answered(task) => {
                        condition.accepts(&self.answers[&task].clone().try_into().unwrap())
                    }
                    _ => false,
                });
            let ran = needs.iter().all(|need| answered(*need)) && meets;
            let (kind, right) = match state {
                StepState::Answered(task) => ("answered", ran && self.answers.contains_key(task)),
                StepState::Failed(StepFailure::Refunded(..)) => ("refunded", ran),
                StepState::Failed(StepFailure::Upstream(need)) => {
                    let failed = matches!(state_of(*need), StepState::Failed(_));
                    ("upstream", needs.contains(need) && failed)
                }
                StepState::Failed(StepFailure::NotPosted) => ("not posted", ran),
                StepState::Failed(StepFailure::BudgetSpent) => ("budget spent", ran),
                StepState::Failed(StepFailure::Cancelled) => ("cancelled", true),
                StepState::Skipped => {
                    let skipped = needs.iter().any(|need| state_of(*need) == StepState::Skipped);
                    let unmet = needs.iter().all(|need| answered(*need)) && !meets;
                    ("skipped", skipped || unmet)
                }
                StepState::Waiting | StepState::Ready | StepState::Posted(_) => ("live", false),
            };
            assert!(right, "workflow {id}, step {place}: {state:?} among {states:?}");
            *tally.0.entry(kind).or_default() += 1;
        }
    }

    /// Everybody has exactly what was not paid for answers and fees, on hold or free.
    fn check_money(&self) {
        for asset in CURRENCIES {
            let total = REQUESTERS.iter().map(|who| Money::total_balance(asset, who));
            let paid = self.paid.get(&asset).copied().unwrap_or_default();
            let fees = free_in(asset, &FEES) - RICH;
            assert_eq!(total.sum::<Balance>() + paid + fees, 2 * RICH);
            for who in &REQUESTERS {
                assert_eq!(
                    Money::total_balance(asset, who),
                    free_in(asset, who) + budget_in(asset, who) + escrow_in(asset, who)
                );
            }
        }
    }
}

fn pick<T: Copy>(from: &[T], index: usize) -> Option<T> {
    index.checked_rem(from.len()).map(|index| from[index])
}

/// How often each way to end was met.
#[derive(Default)]
struct Tally(BTreeMap<&'static str, u32>);

fn live(acts: &[Act], tally: &mut Tally) {
    let mut world = World::default();
    for act in acts {
        world.take(act);
        check();
        world.check_money();
        if matches!(act, Act::Wait) {
            world.check_running();
        }
    }
    world.freeze(false);
    end_all();
    check();
    world.check_money();
    assert!(is_empty(), "something outlived its tasks");
    for id in world.workflows.keys() {
        let states = ended(*id).expect("every workflow ends");
        world.check_ended(*id, &states, tally);
    }
}

#[test]
fn every_workflow_ends_conditions_are_honoured_and_no_money_gets_lost() {
    let tally = RefCell::new(Tally::default());
    let config = ProptestConfig {
        cases: 96,
        max_shrink_iters: 500,
        ..Default::default()
    };
    let lives = (
        prop::collection::vec(act(), 1..120),
        prop_oneof![Just(1u32), Just(3), Just(1_000)],
    );
    TestRunner::new(config)
        .run(&lives, |(acts, limit)| {
            ExtBuilder.build().execute_with(|| {
                MaxWorkPerBlock::set(limit);
                live(&acts, &mut tally.borrow_mut());
            });
            Ok(())
        })
        .unwrap();
    let met = tally.into_inner().0;
    for kind in [
        "answered",
        "refunded",
        "upstream",
        "not posted",
        "budget spent",
        "cancelled",
        "skipped",
    ] {
        assert!(met.contains_key(kind), "{kind} was never met: {met:?}");
    }
}
