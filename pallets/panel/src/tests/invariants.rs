//! Random lives of many panels at once.

use crate::{
    mock::*,
    types::{rule, Progress, Stage},
    Agenda, AgendaCursor, Panels, Seats,
};
use frame_support::pallet_prelude::Weight;
use market_math::equivalence::agree;
use pensum_primitives::{
    panel::{Ballot, PanelVerdict, Question, RoundId, VOTE_REJECTED, VOTE_STANDS},
    task::Output,
    traits::{Panels as _, Summons},
    verification::Rule,
    BatchId,
};
use proptest::{prelude::*, test_runner::TestRunner};
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Step {
    /// The market summons a panel for some batch.
    Summon {
        batch: u64,
        question: usize,
        tasks: u8,
        size: u8,
        rounds: u8,
        slash: bool,
    },
    /// So many members commit to the same, the truth or not.
    Commit { seat: usize, count: usize, says: u8 },
    /// So many members reveal.
    Reveal { seat: usize, count: usize },
    /// Some member leaves.
    Excuse { seat: usize },
    /// The market dismisses a panel.
    Dismiss { batch: u64 },
    /// Somebody signs nonsense.
    Meddle { seat: usize, number: u8 },
    /// Time passes.
    Wait { blocks: u32 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..5u64, 0..5usize, 1..4u8, 1..6u8, 1..3u8, any::<bool>()).prop_map(
            |(batch, question, tasks, size, rounds, slash)| Step::Summon { batch, question, tasks, size, rounds, slash }
        ),
        12 => (any::<usize>(), 1..5usize, prop_oneof![4 => Just(0), 1 => Just(3), 1 => any::<u8>()])
            .prop_map(|(seat, count, says)| Step::Commit { seat, count, says }),
        6 => (any::<usize>(), 1..6usize).prop_map(|(seat, count)| Step::Reveal { seat, count }),
        1 => any::<usize>().prop_map(|seat| Step::Excuse { seat }),
        1 => (0..5u64).prop_map(|batch| Step::Dismiss { batch }),
        1 => (any::<usize>(), 1..15u8).prop_map(|(seat, number)| Step::Meddle { seat, number }),
        5 => (1..4u32).prop_map(|blocks| Step::Wait { blocks }),
    ]
}

fn question(index: usize) -> Question {
    match index {
        0 => Question::Answers(Rule::Exact),
        1 => Question::Answers(Rule::Numeric { ppm: 10_000 }),
        2 => Question::Answers(Rule::JsonField {
            pointer: b"/v".to_vec().try_into().unwrap(),
        }),
        3 => Question::Answers(Rule::Label),
        _ => Question::Stands,
    }
}

/// Answers to a question, of which the first three agree with each other, and with none of the others.
fn answer(question: &Question, says: u8) -> Option<Vec<u8>> {
    let texts: [&[u8]; 5] = match question {
        Question::Answers(Rule::Exact) => [b"a", b"a", b"a", b"b", b""],
        Question::Answers(Rule::Numeric { .. }) => [b"100", b"1e2", b"100.5", b"-3", b"x"],
        Question::Answers(Rule::JsonField { .. }) => [
            br#"{"v":1}"#,
            br#"{"v":1.0}"#,
            br#" {"w":0,"v":1}"#,
            br#"{"v":2}"#,
            b"{}",
        ],
        Question::Answers(Rule::Label) => [b"yes", b" YES", b"Yes\n", b"no", b" "],
        Question::Stands => [
            &[VOTE_STANDS],
            &[VOTE_STANDS],
            &[VOTE_STANDS],
            &[VOTE_REJECTED],
            b"2",
        ],
    };
    texts.get(usize::from(says) % 6).map(|text| text.to_vec())
}

/// What the test knows beside the chain.
#[derive(Default)]
struct World {
    /// What each member has committed to, by batch, round and member.
    sealed: BTreeMap<(BatchId, RoundId, u8), Ballot>,
    /// What was asked in each round.
    asked: BTreeMap<(BatchId, RoundId), Question>,
    summoned: usize,
    dismissed: usize,
}

/// All seats, as batch, member and progress.
fn seats() -> Vec<(BatchId, u8, Progress)> {
    let mut seats: Vec<_> = Seats::<Test>::iter()
        .map(|(solver, batch, seat)| (batch, number(&solver), seat.progress))
        .collect();
    seats.sort_by_key(|(batch, number, _)| (*batch, *number));
    seats
}

impl World {
    fn take(&mut self, step: &Step) {
        match step {
            Step::Summon {
                batch,
                question: asked,
                tasks,
                size,
                rounds,
                slash,
            } => {
                let live = Panel::view(BatchId(*batch)).is_some();
                let summoned = Panel::summon(Summons {
                    tasks: (0..*tasks).map(|place| (3 * place, 1)).collect(),
                    question: question(*asked),
                    size: *size,
                    threshold: size / 2 + 1,
                    rounds: *rounds,
                    slash_difference: *slash,
                    exclude: vec![solver(1)],
                    ..summons(BatchId(*batch))
                });
                assert_eq!(summoned.is_ok(), !live);
                self.summoned += usize::from(summoned.is_ok());
            }
            Step::Commit { seat, count, says } => {
                (0..*count).for_each(|next| self.commit(seat.wrapping_add(next), *says))
            }
            Step::Reveal { seat, count } => (0..*count).for_each(|next| self.reveal(seat.wrapping_add(next))),
            Step::Excuse { seat } => {
                if let Some((batch, number, _)) = pick(*seat, |_, progress| *progress == Progress::Drawn) {
                    let due = panel(batch).stage == Stage::Committing && now() <= panel(batch).until;
                    assert_eq!(excuses(number, batch).is_ok(), due);
                }
            }
            Step::Dismiss { batch } => {
                self.dismissed += usize::from(Panel::view(BatchId(*batch)).is_some());
                Panel::dismiss(BatchId(*batch));
            }
            Step::Meddle { seat, number } => {
                let Some((batch, member, _)) = pick(*seat, |_, _| true) else {
                    return;
                };
                // Somebody else's ballot, with the salt and all.
                let theirs = self.sealed.get(&(batch, round(batch), member)).cloned();
                if let Some(ballot) = theirs.filter(|_| *number != member) {
                    assert!(
                        submit(reveal_call(*number, batch, round(batch), &ballot, salt(member))).is_err()
                    );
                }
            }
            Step::Wait { blocks } => (0..*blocks).for_each(|_| {
                run_for(1);
                check();
                check_agenda();
            }),
        }
    }

    fn commit(&mut self, seat: usize, says: u8) {
        let Some((batch, number, _)) = pick(seat, |_, progress| *progress == Progress::Drawn) else {
            return;
        };
        let panel = panel(batch);
        let answers: Vec<_> = (0..panel.tasks.len())
            .map(|index| answer(&panel.question, says >> index).map(|bytes| bytes.try_into().unwrap()))
            .collect();
        let ballot = Ballot::try_from(answers).unwrap();
        let due = panel.stage == Stage::Committing && now() <= panel.until;
        assert_eq!(commits(number, batch, &ballot).is_ok(), due);
        if due {
            self.sealed.insert((batch, panel.drawn_at, number), ballot);
            self.asked.insert((batch, panel.drawn_at), panel.question);
        }
    }

    /// Whether a member had committed, in some round of the batch, to an answer that agrees with this one.
    fn had_committed(&self, batch: BatchId, member: u8, output: &[u8]) -> bool {
        self.sealed.iter().any(|((at, round, number), ballot)| {
            let agrees = |answer: &Output| agree(rule(&self.asked[&(batch, *round)]), answer, output);
            (*at, *number) == (batch, member) && ballot.iter().flatten().any(agrees)
        })
    }

    fn reveal(&self, seat: usize) {
        let committed = |_: &BatchId, progress: &Progress| matches!(progress, Progress::Committed(_));
        let Some((batch, number, _)) = pick(seat, committed) else {
            return;
        };
        let panel = panel(batch);
        let ballot = &self.sealed[&(batch, panel.drawn_at, number)];
        let due = panel.stage != Stage::Committing && now() <= panel.until;
        assert_eq!(reveals(number, batch, ballot).is_ok(), due);
    }
}

/// Some seat that is as wanted.
fn pick(index: usize, wanted: impl Fn(&BatchId, &Progress) -> bool) -> Option<(BatchId, u8, Progress)> {
    let mut seats = seats();
    seats.retain(|(batch, _, progress)| wanted(batch, progress));
    (!seats.is_empty()).then(|| seats.swap_remove(index % seats.len()))
}

/// Every panel stands in the agenda at a block that is still to come, unless the chain is behind with it.
fn check_agenda() {
    let behind = AgendaCursor::<Test>::get();
    for (batch, panel) in Panels::<Test>::iter() {
        assert!(Agenda::<Test>::contains_key(panel.due, batch));
        assert!(panel.due > now() || behind.is_some_and(|cursor| cursor <= panel.due));
    }
}

/// Whoever is paid had committed to the answer before anybody could see it, and is paid its price once for a task.
fn check_verdicts(world: &World, tally: &mut BTreeMap<&'static str, usize>) {
    for (batch, verdicts) in Verdicts::get() {
        assert!(verdicts.is_sorted_by(|(one, _), (next, _)| one < next));
        for (_, verdict) in verdicts {
            let kind = match &verdict {
                PanelVerdict::Agreed { members, output, .. } => {
                    let honest = |member| world.had_committed(batch, number(member), output);
                    assert!(members.iter().all(|(member, _)| honest(member)));
                    assert!(members.is_sorted_by(|(one, _), (next, _)| one < next));
                    assert!(members
                        .iter()
                        .all(|(member, paid)| *paid == price(number(member))));
                    "agreed"
                }
                PanelVerdict::Inconclusive => "inconclusive",
            };
            *tally.entry(kind).or_default() += 1;
        }
    }
    for told in Notes::get() {
        let kind = match told {
            Told::Agreed(..) => "paid",
            Told::Released(_, _, _, true) => "declined",
            Told::Released(..) => "released",
            Told::Fault(_, fault, ..) => match fault {
                pensum_primitives::solver::Fault::TimedOut => "timed out",
                pensum_primitives::solver::Fault::Unrevealed => "unrevealed",
                _ => "wrong",
            },
        };
        *tally.entry(kind).or_default() += 1;
    }
}

fn live(steps: &[Step], tally: &mut BTreeMap<&'static str, usize>) {
    let mut world = World::default();
    for step in steps {
        world.take(step);
        check();
        check_agenda();
        for panel in Panels::<Test>::iter_values() {
            if panel.stage == Stage::Closing {
                *tally.entry("closing").or_default() += 1;
            }
            if panel.round > 0 {
                *tally.entry("second round").or_default() += 1;
            }
        }
    }
    let mut blocks = 0;
    while !is_empty() {
        run_for(1);
        check();
        check_agenda();
        blocks += 1;
        assert!(blocks < 200, "something is stuck");
    }
    assert!(Panel::locked().is_empty());
    // Every panel gave its verdicts once, unless it was dismissed.
    assert_eq!(Verdicts::get().len(), world.summoned - world.dismissed);
    check_verdicts(&world, tally);
}

#[test]
fn no_panel_gets_stuck_and_no_stake_stays_locked() {
    let lives = (
        prop::collection::vec(step(), 1..120),
        4..14u8,
        prop_oneof![3 => Just(400_000_000_000u64), 1 => Just(1)],
        any::<u64>(),
    );
    let tally = std::cell::RefCell::new(BTreeMap::new());
    let config = ProptestConfig {
        cases: 384,
        max_shrink_iters: 2_000,
        ..Default::default()
    };
    TestRunner::new(config)
        .run(&lives, |(steps, solvers, limit, beacon)| {
            ExtBuilder::default().solvers(solvers).build().execute_with(|| {
                MaxHookWeight::set(Weight::from_parts(limit, 0));
                Salt::set(beacon);
                live(&steps, &mut tally.borrow_mut());
            });
            Ok(())
        })
        .unwrap();
    // The lives were worth living.
    let met = tally.into_inner();
    for kind in [
        "agreed",
        "inconclusive",
        "paid",
        "declined",
        "released",
        "timed out",
        "unrevealed",
        "wrong",
        "closing",
        "second round",
    ] {
        assert!(met.contains_key(kind), "{kind} was never met: {met:?}");
    }
}
