//! Random sequences of claims, proofs, openings and blocks: the invariants hold after every step, money is neither made nor lost,
//! no honest solver that opens in time is ever convicted, and no audited lie is ever paid.

use super::samples::*;
use crate::{mock::*, Audits};
use frame_support::traits::fungible::Inspect;
use pensum_primitives::{
    solver::Fault,
    traits::{Claims, Disputes},
    BatchId, Digest, TaskId,
};
use proptest::{prelude::*, sample::Index};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
enum Step {
    Claim {
        by: u8,
        batch: u64,
        places: u8,
        lies: Vec<u16>,
        blob: bool,
    },
    Challenge {
        nth: Index,
        node: u16,
        flip: Option<Index>,
        by: u8,
    },
    Pass {
        blocks: u32,
        lazy: Option<u8>,
    },
    Share {
        ppm: u32,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let lies = prop_oneof![2 => Just(vec![]), 1 => prop::collection::vec(0..4u16, 1..3)];
    prop_oneof![
        4 => (1..=SOLVERS, 0..12u64, 1..4u8, lies, any::<bool>())
            .prop_map(|(by, batch, places, lies, blob)| Step::Claim { by, batch, places, lies, blob }),
        3 => (any::<Index>(), 0..5u16, prop::option::of(any::<Index>()), 1..=SOLVERS)
            .prop_map(|(nth, node, flip, by)| Step::Challenge { nth, node, flip, by }),
        5 => (1..6u32, prop::option::weighted(0.3, 1..=SOLVERS)).prop_map(|(blocks, lazy)| Step::Pass { blocks, lazy }),
        1 => (0..1_000_000u32).prop_map(|ppm| Step::Share { ppm }),
    ]
}

/// What is known of every answer that was ever claimed.
#[derive(Default)]
struct World {
    claimed: BTreeMap<TaskId, (Answer, Vec<u16>)>,
    /// Solvers that did not open in time.
    lazy: BTreeSet<u8>,
    /// Lies that were drawn.
    drawn: BTreeSet<TaskId>,
}

impl World {
    fn take(&mut self, step: &Step) {
        match step {
            Step::Claim {
                by,
                batch,
                places,
                lies,
                blob,
            } => self.claim(*by, *batch, *places, lies, *blob),
            Step::Challenge { nth, node, flip, by } => self.challenge(nth, *node, *flip, *by),
            Step::Pass { blocks, lazy } => (0..*blocks).for_each(|_| {
                run_for(1);
                self.note_drawn();
                self.open_all(*lazy);
            }),
            Step::Share { ppm } => AuditShare::set(*ppm),
        }
    }

    fn claim(&mut self, by: u8, batch: u64, places: u8, lies: &[u16], blob: bool) {
        let answers: Vec<Answer> = (0..places)
            .map(|place| BatchId(batch).task(place))
            .filter(|task| Market::claim(*task).is_none())
            .map(|task| Answer {
                blob,
                ..Answer::lying(task, lies).by(by)
            })
            .collect();
        Market::claim_now(answers.iter().map(Answer::as_claim).collect());
        for answer in answers {
            self.drawn.remove(&answer.task);
            self.claimed.insert(answer.task, (answer, lies.to_vec()));
        }
    }

    fn challenge(&mut self, nth: &Index, node: u16, flip: Option<Index>, by: u8) {
        if self.claimed.is_empty() {
            return;
        }
        let known: Vec<&(Answer, Vec<u16>)> = self.claimed.values().collect();
        let (answer, lies) = *nth.get(&known);
        let was_open = Market::claim(answer.task).is_some();
        let mut step = if node < 4 {
            answer.step(node)
        } else {
            step_of(node, vec![], vec![])
        };
        if let (Some(flip), Some(tensor)) = (flip, step.inputs.iter_mut().next()) {
            let place = flip.index(tensor.len());
            tensor[place] ^= 1;
        }
        let proves = lies.contains(&node) && flip.is_none();
        let before = Balances::balance(&solver(by));
        let done = challenge(solver(by), answer.task, answer.trace(), step);
        if done.is_ok() && !proves {
            assert!(Market::claim(answer.task).is_some(), "a solver was framed");
            let to_itself = answer.solver == solver(by);
            assert!(to_itself || Balances::balance(&solver(by)) == before - BOND);
        }
        if proves && was_open && answer.solver != solver(by) {
            assert!(
                done.is_ok() && Market::claim(answer.task).is_none(),
                "a proof did not convict"
            );
        }
    }

    fn note_drawn(&mut self) {
        for (task, node) in Audits::<Test>::iter_keys() {
            if self.claimed[&task].1.contains(&node) {
                self.drawn.insert(task);
            }
        }
    }

    /// Everybody opens what is most urgent, as much as its pace allows, but for the lazy one.
    fn open_all(&mut self, lazy: Option<u8>) {
        self.lazy.extend(lazy);
        for number in (1..=SOLVERS).filter(|number| Some(*number) != lazy) {
            for audit in <Dispute as Disputes>::audits(&solver(number), SolverPace::get()) {
                let (answer, _) = &self.claimed[&audit.task];
                if Audits::<Test>::contains_key(audit.task, audit.node) {
                    include(opening(
                        number,
                        audit.task,
                        answer.trace(),
                        answer.step(audit.node),
                    ));
                }
            }
        }
    }

    fn check(&self, issued: u128) {
        Dispute::do_try_state().unwrap();
        assert_eq!(Balances::total_issuance(), issued);
        for (task, (answer, lies)) in &self.claimed {
            match Market::end_of(*task) {
                Some(End::Convicted { fault, .. }) if lies.is_empty() => {
                    let number = (1..=SOLVERS).find(|number| solver(*number) == answer.solver);
                    assert_eq!(fault, Fault::Unopened);
                    assert!(
                        number.is_some_and(|number| self.lazy.contains(&number)),
                        "an honest solver was convicted"
                    );
                }
                Some(End::Paid) => {
                    assert!(!self.drawn.contains(task), "a lie that was drawn was paid")
                }
                _ => (),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..Default::default() })]

    #[test]
    fn invariants_hold_after_every_step(
        steps in prop::collection::vec(step(), 1..50), share in 0..1_000_000u32, pace in 1..5u32,
        draws in 1..8u32, audits in 1..8u32, bytes in 1..1_000u64, randomness: [u8; 32],
    ) {
        ExtBuilder::build_and_execute(|| {
            register_diamond();
            AuditShare::set(share);
            SolverPace::set(pace);
            MaxDrawsPerBlock::set(draws);
            MaxAuditsPerBlock::set(audits);
            MaxDueBytes::set(bytes);
            Randomness::set(Digest::from(randomness));
            // The treasury lives, so that no bond is burned.
            Balances::force_set_balance(RuntimeOrigin::root(), TREASURY, RICH).unwrap();
            let issued = Balances::total_issuance();
            let mut world = World::default();
            for step in &steps {
                world.take(step);
                world.check(issued);
            }
            // Whatever happened, everything ends by itself.
            (0..600).for_each(|_| {
                run_for(1);
                world.note_drawn();
                world.open_all(None);
            });
            world.check(issued);
            assert!(Market::open_tasks().is_empty(), "a claim is stuck");
            assert_eq!(Audits::<Test>::iter().count(), 0);
        });
    }
}
