//! What requesters do.

use super::{some_batch, some_claim};
use crate::{
    assets::{in_asset, COIN, DOLLAR, UNKNOWN},
    bytes::Bytes,
    models::{self, named, Home, BLOBS},
    people::{admin, nobody, requester, REQUESTERS},
    violation::Checked,
    world::World,
};
use codec::Compact;
use pallet_task_market::{Appeals, Batches};
use pensum_primitives::{
    matching::Matching,
    task::{Input, Terms},
    verification::{Rule, Verification},
    workflow::{Condition, Source, Step},
    AccountId, AssetId, Balance, BlockNumber, ModelId, TaskId,
};
use pensum_runtime::{
    constants::money::{MICRO, MILLI, PEN},
    Runtime, RuntimeCall,
};
use sp_core::bounded::BoundedVec;
use sp_runtime::MultiAddress;

/// Bytes of a classifier's answer.
const LABEL: u32 = 4;

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
        /// What pays for it.
        asset: Option<AssetId>,
    },
    /// Cancels a workflow.
    CancelRun(u8, u8),
    /// Sends money away.
    Send(u8, u8),
    /// Has somebody paid what could not be paid before.
    Collect(u8, u8),
}

/// The terms of a task.
#[derive(Clone, Debug)]
pub struct Wish {
    model: ModelId,
    asset: Option<AssetId>,
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
            3 => MICRO * 300,
            // Too little for the book.
            4 => MICRO * 150,
            5 | 6 => 100 * MILLI,
            _ => 5 * MILLI,
        };
        let asset = some_asset(bytes);
        let ahead = match bytes.below(16) {
            0 => bytes.below(8).into(),
            1 => 90_000,
            2 => 3_000,
            3..=6 => BlockNumber::from(bytes.below(30)) + 2,
            _ => BlockNumber::from(bytes.below(100)) + 90,
        };
        let verification = match bytes.one_in(8) {
            true => verification(combination / 4 % 8, bytes),
            false => fitting_verification(model.home, combination / 4 % 8, bytes),
        };
        let takes_auctions = !matches!(verification, Verification::Quorum { .. }) || bytes.one_in(12);
        let wish = Self {
            model: match bytes.one_in(40) {
                true => ModelId::default(),
                false => model.id(),
            },
            asset,
            max_reward: in_asset(max_reward, asset),
            ahead,
            matching: match takes_auctions {
                true => matching(combination % 4, max_reward, bytes),
                false => Matching::Book,
            },
            verification,
            min_reputation: match bytes.below(24) {
                0 => 1_000_001,
                1..=3 => 400_000,
                4 => 700_000,
                _ => 0,
            },
            allow_flagged: bytes.one_in(2),
        };
        (wish, model)
    }

    fn terms(&self, now: BlockNumber) -> Terms {
        Terms {
            model: self.model,
            max_reward: self.max_reward,
            asset: self.asset,
            deadline: now.saturating_add(self.ahead),
            matching: self.matching,
            verification: self.verification.clone(),
            min_reputation: self.min_reputation,
            allow_flagged: self.allow_flagged,
        }
    }
}

/// What pays: PEN, dollars, coins, or what does not exist.
fn some_asset(bytes: &mut Bytes<'_>) -> Option<AssetId> {
    match bytes.below(24) {
        0..=9 => None,
        10..=18 => Some(DOLLAR),
        19..=22 => Some(COIN),
        _ => Some(UNKNOWN),
    }
}

/// Pays out something that is stranded; now and then what is not.
fn collect(choice: u8) -> (AccountId, AssetId, RuntimeCall) {
    let stranded: Vec<_> = pallet_task_market::Stranded::<Runtime>::iter_keys().collect();
    let budgets: Vec<_> = pallet_workflow::Stranded::<Runtime>::iter_keys().collect();
    let of_budget = budgets.is_empty() == choice.is_multiple_of(8) && choice.is_multiple_of(2);
    if of_budget {
        let other = (requester(choice), DOLLAR);
        let (requester, asset) = super::fitting(budgets, choice / 2, other);
        let call = pallet_workflow::Call::collect {
            requester: requester.clone(),
            asset,
        };
        return (requester, asset, call.into());
    }
    let other = (requester(choice), requester(choice / 8), DOLLAR);
    let (payee, requester, asset) = super::fitting(stranded, choice, other);
    let call = pallet_task_market::Call::collect {
        payee: payee.clone(),
        requester,
        asset,
    };
    (payee, asset, call.into())
}

/// The asset's admin lifts what it put on the asset and on an account.
fn unblock(world: &mut World, who: AccountId, asset: AssetId) -> Checked {
    type Assets = pallet_assets::Call<Runtime>;
    let (id, who) = (Compact(asset), MultiAddress::Id(who));
    world.signed(&admin(asset), Assets::thaw_asset { id }.into())?;
    world.signed(&admin(asset), Assets::thaw { id, who }.into())?;
    Ok(())
}

fn matching(choice: u8, cap: Balance, bytes: &mut Bytes<'_>) -> Matching {
    let share = |part: u8| cap / 8 * Balance::from(part % 10);
    match choice {
        0 | 1 => Matching::Book,
        2 => Matching::Dutch {
            start: share(bytes.below(4)),
            end: share(bytes.below(10)),
            blocks: window(bytes) + BlockNumber::from(bytes.below(9)),
        },
        _ => Matching::Sealed {
            reserve: share(bytes.below(10)),
            commit: window(bytes),
            reveal: window(bytes),
        },
    }
}

/// Blocks of an auction's phase; now and then too few.
fn window(bytes: &mut Bytes<'_>) -> BlockNumber {
    match bytes.below(32) {
        0 => 0,
        1 => 2,
        choice => BlockNumber::from(choice % 5) + 3,
    }
}

/// A verification that a model with this home can have.
fn fitting_verification(home: Home, choice: u8, bytes: &mut Bytes<'_>) -> Verification {
    let fits = match home {
        Home::Chain => choice,
        Home::Skeleton => 2 + choice % 6,
        Home::Nowhere => 4 + choice % 4,
    };
    verification(fits, bytes)
}

/// Any verification.
fn verification(choice: u8, bytes: &mut Bytes<'_>) -> Verification {
    let window = match bytes.below(32) {
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

/// Steps of any kind.
fn any_steps(asset: Option<AssetId>, bytes: &mut Bytes<'_>) -> Vec<Step> {
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
            max_reward: match wish.asset == asset {
                true => wish.max_reward.min(PEN),
                false => in_asset(5 * MILLI, asset),
            },
            patience: wish.ahead,
            matching: wish.matching,
            verification: wish.verification,
            min_reputation: wish.min_reputation,
            allow_flagged: wish.allow_flagged,
        });
    }
    steps
}

/// Steps of which each can be answered, and can read or choose by what an earlier one answers.
fn sensible_steps(asset: Option<AssetId>, bytes: &mut Bytes<'_>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for place in 0..bytes.below(5) + 1 {
        let earlier = bytes.below(place.max(1));
        let said = steps
            .get(usize::from(earlier))
            .and_then(|step| models::by_id(&step.model))
            .map(|model| model.manifest.output.byte_len());
        let readers: Vec<_> = models::MODELS
            .iter()
            .filter(|model| model.home != Home::Nowhere && said.is_some_and(|len| model.reads(len)))
            .collect();
        let model = match bytes.one_in(2) || readers.is_empty() {
            true => models::model(bytes.below(4)),
            false => bytes.pick(&readers),
        };
        let source = match said {
            Some(len) if model.reads(len) && !bytes.one_in(4) => Source::Output(earlier),
            _ => Source::Given(Input::Inline(BoundedVec::truncate_from(
                model.input(bytes.byte()),
            ))),
        };
        let condition = (said == Some(LABEL) && bytes.one_in(3)).then(|| {
            let labels = (0..1 + bytes.below(3)).map(|value| BoundedVec::truncate_from(vec![value, 0, 0, 0]));
            Condition {
                step: earlier,
                accepted: BoundedVec::truncate_from(labels.collect()),
            }
        });
        let verification = match (model.home, bytes.below(4)) {
            (_, 0) => Verification::Requester { window: 10 },
            (Home::Chain, 1..3) => Verification::Replay { window: 0 },
            _ => Verification::Replay { window: 12 },
        };
        steps.push(Step {
            model: model.id(),
            source,
            condition,
            max_reward: match bytes.one_in(10) {
                true => in_asset(MICRO * 150, asset),
                false => in_asset(5 * MILLI, asset),
            },
            patience: 60 + BlockNumber::from(bytes.below(60)),
            matching: matching(bytes.below(8) / 2, 5 * MILLI, bytes),
            verification,
            min_reputation: 0,
            allow_flagged: true,
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
            13 => {
                let asset = some_asset(bytes);
                let budget = bytes.pick(&[PEN, PEN, 100 * MILLI, 20 * MILLI, MILLI, 0, Balance::MAX]);
                Self::Run {
                    who,
                    budget: in_asset(budget, asset),
                    asset,
                    steps: match bytes.one_in(3) {
                        true => any_steps(asset, bytes),
                        false => sensible_steps(asset, bytes),
                    },
                }
            }
            14 if bytes.one_in(2) => Self::CancelRun(who, bytes.byte()),
            14 => Self::Appeal(who, bytes.byte()),
            _ => match bytes.below(4) {
                0 => Self::Send(who, bytes.byte()),
                1 | 2 => Self::Collect(who, bytes.byte()),
                _ => Self::Cancel(who, bytes.byte()),
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
                let batch = some_judged(choice).batch();
                (owner(who, batch), Market::accept { batch }.into())
            }
            Self::Appeal(who, choice) => {
                let task = some_judged(choice);
                (appellant(who, task), Market::appeal { task }.into())
            }
            Self::Run {
                who,
                steps,
                budget,
                asset,
            } => {
                let run = Workflow::run {
                    steps: BoundedVec::truncate_from(steps),
                    budget,
                    asset,
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
            Self::Collect(who, choice) => {
                let (payee, asset, call) = collect(choice);
                if choice >= 96 {
                    unblock(world, payee, asset)?;
                }
                (account(who), call)
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

/// An answer that its requester judges, or else any task.
fn some_judged(choice: u8) -> TaskId {
    let judged = Batches::<Runtime>::iter()
        .filter(|(_, batch)| matches!(batch.verification, Verification::Requester { .. }))
        .filter_map(|(id, batch)| {
            let part = batch.parts.iter().find(|part| !part.is_working())?;
            part.tasks.first().map(|task| id.task(task.place))
        });
    let mut judged: Vec<_> = judged.collect();
    judged.sort();
    super::fitting(judged, choice, some_claim(choice))
}

/// The side that lost last, but for some choices.
fn appellant(who: u8, task: TaskId) -> AccountId {
    let appeal = Appeals::<Runtime>::get(task.batch()).unwrap_or_default();
    let batch = Batches::<Runtime>::get(task.batch());
    let part = batch.as_ref().and_then(|batch| batch.part_with(task.place()));
    match part {
        Some(part) if appeal.stands == (who == 1) => part.solver.clone(),
        _ => owner(who, task.batch()),
    }
}

/// The batch's requester, but for some choices.
fn owner(who: u8, batch: pensum_primitives::BatchId) -> AccountId {
    match Batches::<Runtime>::get(batch) {
        Some(batch) if who > 0 => batch.requester,
        _ => account(who),
    }
}
