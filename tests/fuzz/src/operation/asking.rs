//! What requesters do.

use super::{some_batch, some_claim};
use crate::{
    bytes::Bytes,
    models::{self, named, BLOBS},
    people::{nobody, requester, REQUESTERS},
    violation::Checked,
    world::World,
};
use pensum_primitives::{
    matching::Matching,
    task::{Input, Terms},
    verification::{Rule, Verification},
    workflow::{Condition, Source, Step},
    AccountId, Balance, BlockNumber, ModelId,
};
use pensum_runtime::{
    constants::money::{MICRO, MILLI, PEN},
    Runtime,
};
use sp_core::bounded::BoundedVec;

/// What a requester does.
#[derive(Clone, Debug)]
pub enum Asking {
    /// Posts a batch.
    Post {
        /// Who.
        who: u8,
        /// What.
        wish: Wish,
        /// The inputs.
        inputs: Vec<Input>,
    },
    /// Cancels a batch.
    Cancel(u8, u8),
    /// Accepts an answer.
    Accept(u8, u8),
    /// Appeals against an answer.
    Appeal(u8, u8),
    /// Starts a workflow.
    Run {
        /// Who.
        who: u8,
        /// Its steps.
        steps: Vec<Step>,
        /// Its budget.
        budget: Balance,
    },
    /// Cancels a workflow.
    CancelRun(u8, u8),
    /// Sends money away.
    Send(u8, u8),
}

/// The terms of a task.
#[derive(Clone, Debug)]
pub struct Wish {
    model: ModelId,
    max_reward: Balance,
    ahead: BlockNumber,
    matching: Matching,
    verification: Verification,
    min_reputation: u32,
    allow_flagged: bool,
}

impl Wish {
    fn read(bytes: &mut Bytes<'_>) -> (Self, &'static models::Model) {
        let combination = bytes.byte();
        let model = models::model(bytes.byte());
        let max_reward = match bytes.below(16) {
            0 => Balance::from(bytes.byte()),
            1 => Balance::MAX / 2,
            2 => 11 * PEN,
            3 | 4 => MICRO * 300,
            5 | 6 => 100 * MILLI,
            _ => 5 * MILLI,
        };
        let ahead = match bytes.below(16) {
            0 => bytes.below(8).into(),
            1 => 90_000,
            2 => 3_000,
            3..=6 => BlockNumber::from(bytes.below(30)) + 2,
            _ => BlockNumber::from(bytes.below(100)) + 90,
        };
        let wish = Self {
            model: match bytes.one_in(40) {
                true => ModelId::default(),
                false => model.id(),
            },
            max_reward,
            ahead,
            matching: matching(combination % 4, max_reward, bytes),
            verification: verification(combination / 4 % 8, bytes),
            min_reputation: bytes.pick(&[0, 0, 0, 0, 0, 400_000, 700_000, 1_000_001]),
            allow_flagged: bytes.one_in(2),
        };
        (wish, model)
    }

    fn terms(&self, now: BlockNumber) -> Terms {
        Terms {
            model: self.model,
            max_reward: self.max_reward,
            deadline: now.saturating_add(self.ahead),
            matching: self.matching,
            verification: self.verification.clone(),
            min_reputation: self.min_reputation,
            allow_flagged: self.allow_flagged,
        }
    }
}

fn matching(choice: u8, cap: Balance, bytes: &mut Bytes<'_>) -> Matching {
    let share = |part: u8| cap / 8 * Balance::from(part % 10);
    match choice {
        0 | 1 => Matching::Book,
        2 => Matching::Dutch {
            start: share(bytes.below(4)),
            end: share(bytes.below(10)),
            blocks: BlockNumber::from(bytes.below(12)) + 1,
        },
        _ => Matching::Sealed {
            reserve: share(bytes.below(10)),
            commit: BlockNumber::from(bytes.below(5)) + 1,
            reveal: BlockNumber::from(bytes.below(5)) + 1,
        },
    }
}

fn verification(choice: u8, bytes: &mut Bytes<'_>) -> Verification {
    let window = match bytes.below(12) {
        0 => BlockNumber::MAX,
        1 => bytes.below(10).into(),
        _ => BlockNumber::from(bytes.below(8)) + 10,
    };
    match choice {
        0 | 1 => Verification::Replay { window: 0 },
        2 | 3 => Verification::Replay { window },
        4 | 5 => {
            let solvers = bytes.pick(&[3, 3, 3, 4, 5, 7, 2, 8]);
            let threshold = solvers / 2 + 1 + bytes.below(3) / 2 * bytes.below(4);
            let rule = match bytes.below(5) {
                0 => Rule::Exact,
                1 => Rule::Label,
                2 => Rule::Numeric {
                    ppm: bytes.pick(&[0, 1_000, 20_000, 2_000_000]),
                },
                _ => Rule::JsonField {
                    pointer: BoundedVec::truncate_from(bytes.pick(&[
                        vec![],
                        vec![],
                        b"/a".to_vec(),
                        b"a".to_vec(),
                    ])),
                },
            };
            Verification::Quorum {
                solvers,
                threshold,
                rule,
            }
        }
        _ => Verification::Requester { window },
    }
}

fn input(model: &models::Model, bytes: &mut Bytes<'_>) -> Input {
    let inline = |content: Vec<u8>| Input::Inline(BoundedVec::truncate_from(content));
    match bytes.below(16) {
        0 => inline(vec![0xff; usize::from(bytes.below(6))]),
        1 => inline(vec![b'x'; 70]),
        2 => Input::Blob {
            digest: sp_core::H256::repeat_byte(bytes.byte()),
            len: bytes.pick(&[2, 3, 4, 60, u32::MAX]),
        },
        3 | 4 => named(&bytes.pick(&BLOBS)),
        _ => inline(model.input(bytes.byte())),
    }
}

fn steps(bytes: &mut Bytes<'_>) -> Vec<Step> {
    let count = bytes.below(6) + u8::from(!bytes.one_in(12));
    let mut steps = Vec::new();
    for place in 0..count {
        let (wish, model) = Wish::read(bytes);
        let earlier = match place {
            0 => 0,
            _ if bytes.one_in(24) => place,
            _ => bytes.below(place),
        };
        let source = match bytes.below(3) {
            0 if place > 0 => Source::Output(earlier),
            _ => Source::Given(input(model, bytes)),
        };
        let condition = (place > 0 && bytes.one_in(3)).then(|| {
            let values = (0..bytes.below(3)).map(|value| BoundedVec::truncate_from(vec![value, 0, 0, 0]));
            Condition {
                step: earlier,
                accepted: BoundedVec::truncate_from(values.collect()),
            }
        });
        steps.push(Step {
            model: wish.model,
            source,
            condition,
            max_reward: wish.max_reward.min(PEN),
            patience: wish.ahead,
            matching: wish.matching,
            verification: wish.verification,
            min_reputation: wish.min_reputation,
            allow_flagged: wish.allow_flagged,
        });
    }
    steps
}

impl Asking {
    pub(super) fn read(bytes: &mut Bytes<'_>) -> Self {
        let kind = bytes.below(16);
        let who = bytes.below(REQUESTERS + 1);
        match kind {
            0..=8 => {
                let (wish, model) = Wish::read(bytes);
                let count = match wish.verification {
                    Verification::Requester { .. } => 1 + u8::from(bytes.one_in(12)),
                    _ => bytes.pick(&[1, 1, 1, 1, 2, 2, 3, 5, 0, 17, 60, 140]),
                };
                let inputs = match bytes.one_in(2) {
                    // All of them can be answered.
                    true => (0..count)
                        .map(|choice| Input::Inline(BoundedVec::truncate_from(model.input(choice))))
                        .collect(),
                    false => (0..count).map(|_| input(model, bytes)).collect(),
                };
                Self::Post { who, wish, inputs }
            }
            9 => Self::Cancel(who, bytes.byte()),
            10 => Self::Accept(who, bytes.byte()),
            11 | 12 => Self::Appeal(who, bytes.byte()),
            13 => Self::Run {
                who,
                steps: steps(bytes),
                budget: bytes.pick(&[PEN, PEN, 100 * MILLI, 20 * MILLI, MILLI, 0, Balance::MAX]),
            },
            14 if bytes.one_in(2) => Self::CancelRun(who, bytes.byte()),
            14 => Self::Appeal(who, bytes.byte()),
            _ => match bytes.one_in(4) {
                true => Self::Send(who, bytes.byte()),
                false => Self::Cancel(who, bytes.byte()),
            },
        }
    }

    pub(super) fn run(self, world: &mut World) -> Checked {
        use pallet_task_market::Call as Market;
        use pallet_workflow::Call as Workflow;
        let (who, call) = match self {
            Self::Post { who, wish, inputs } => {
                let post = Market::post {
                    terms: wish.terms(world.blocks.number()),
                    inputs: BoundedVec::truncate_from(inputs),
                };
                (account(who), post.into())
            }
            Self::Cancel(who, choice) => {
                let batch = some_batch(choice);
                (owner(who, batch), Market::cancel { batch }.into())
            }
            Self::Accept(who, choice) => {
                let batch = some_claim(choice).batch();
                (owner(who, batch), Market::accept { batch }.into())
            }
            Self::Appeal(who, choice) => {
                let task = some_claim(choice);
                let batch = pallet_task_market::Batches::<Runtime>::get(task.batch());
                let part = batch.as_ref().and_then(|batch| batch.part_with(task.place()));
                // Now and then the solver, who may have lost before the jury.
                let appellant = match part {
                    Some(part) if who == 1 => part.solver.clone(),
                    _ => owner(who, task.batch()),
                };
                (appellant, Market::appeal { task }.into())
            }
            Self::Run { who, steps, budget } => {
                let run = Workflow::run {
                    steps: BoundedVec::truncate_from(steps),
                    budget,
                };
                (account(who), run.into())
            }
            Self::CancelRun(who, choice) => {
                let mut live: Vec<_> = pallet_workflow::Workflows::<Runtime>::iter().collect();
                live.sort_by_key(|(id, _)| *id);
                let (id, owner) = match super::choose(live, choice) {
                    Some((id, workflow)) if who > 0 => (id, workflow.requester),
                    Some((id, _)) => (id, account(who)),
                    None => (choice.into(), account(who)),
                };
                (owner, Workflow::cancel { workflow: id }.into())
            }
            Self::Send(who, choice) => {
                let dest = requester(choice).into();
                let send = pallet_balances::Call::transfer_all {
                    dest,
                    keep_alive: choice > 127,
                };
                (account(who), send.into())
            }
        };
        world.signed(&who, call)?;
        Ok(())
    }
}

fn account(who: u8) -> AccountId {
    match who {
        REQUESTERS => nobody(),
        _ => requester(who),
    }
}

/// The batch's requester, but for some choices.
fn owner(who: u8, batch: pensum_primitives::BatchId) -> AccountId {
    match pallet_task_market::Batches::<Runtime>::get(batch) {
        Some(batch) if who > 0 => batch.requester,
        _ => account(who),
    }
}
