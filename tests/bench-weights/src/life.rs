//! A life: from the post to the block after which nothing more is done for it.

use crate::{
    chain::{Chain, Step},
    happened::Happened,
    plan::{Check, Plan, MAX_REWARD},
    quiet::Quiet,
};
use pensum_fuzz::{
    models::{model, Model},
    people::{Actor, ACTORS},
    violation::{hold, Checked, Violation},
    working::{self, Truth},
    world::World,
};
use pensum_primitives::{
    operator::Work,
    panel::PanelDuty,
    task::{Duty, Input, Terms},
    traits::{AuctionDuty, Auctions, Disputes, Duties, Panels, Turn},
    Balance, BlockNumber,
};
use pensum_runtime::{Auction, Dispute, Panel, Runtime, RuntimeCall, TaskMarket};
use sp_core::bounded::BoundedVec;
use sp_keyring::Sr25519Keyring;

/// Who asks; where there are many batches, in turn. Alice makes the blocks and has their fees.
const REQUESTERS: [Sr25519Keyring; 8] = [
    Sr25519Keyring::Bob,
    Sr25519Keyring::Charlie,
    Sr25519Keyring::Dave,
    Sr25519Keyring::Eve,
    Sr25519Keyring::Ferdie,
    Sr25519Keyring::BobStash,
    Sr25519Keyring::CharlieStash,
    Sr25519Keyring::DaveStash,
];
/// The fuzzer's model that sorts texts of at most 60 bytes into three classes.
const TEXTS: u8 = 3;
/// Blocks after which a life is found to be stuck.
const LONGEST: BlockNumber = 400;
/// Quiet blocks after which it is over.
const CALM: BlockNumber = 3;
/// How many different chances are tried until exactly as many audits come as were planned.
const CHANCES: u8 = 64;

/// What a life took.
#[derive(Clone, Debug)]
pub struct Life {
    /// What was planned.
    pub plan: Plan,
    /// What was done.
    pub steps: Vec<Step>,
    /// What happened.
    pub happened: Happened,
    /// Blocks from the post to the last step.
    pub blocks: BlockNumber,
}

/// Measures so many transfers in one block between accounts that exist, up to the block after which nothing more is done for them.
pub fn transfers(count: u32, quiet: &mut Quiet) -> Checked<Vec<Step>> {
    let mut chain = Chain::new(quiet, 0);
    chain.begin()?;
    for number in 0..count {
        let call = pallet_balances::Call::transfer_keep_alive {
            dest: requester(number + 1).to_account_id().into(),
            value: MAX_REWARD,
        };
        chain.submit(requester(number), call.into(), None)?;
    }
    chain.end()?;
    for _ in 0..CALM {
        chain.begin()?;
        chain.end()?;
    }
    Ok(chain.steps)
}

fn requester(number: u32) -> Sr25519Keyring {
    REQUESTERS[number as usize % REQUESTERS.len()]
}

/// Lives the life that was planned.
pub fn live(plan: Plan, quiet: &mut Quiet) -> Checked<Life> {
    let wanted = match plan.check {
        Check::Audited => Some(1),
        // Which of many answers are audited is for chance; the report says how many were.
        Check::Window if plan.tasks == 1 => Some(0),
        _ => None,
    };
    for entropy in 0..CHANCES {
        let life = once(plan, quiet, entropy)?;
        if wanted.is_none_or(|audits| life.happened.audits == audits) {
            return Ok(life);
        }
    }
    Err(Violation(format!("{plan}: no chance brought {wanted:?} audits")))
}

fn once(plan: Plan, quiet: &mut Quiet, entropy: u8) -> Checked<Life> {
    let mut chain = Chain::new(quiet, entropy);
    chain.begin()?;
    let first = chain.world.blocks.number();
    for number in 0..plan.batches {
        post(&mut chain, plan, requester(number))?;
    }
    let mut judged = false;
    loop {
        chain.end()?;
        let now = chain.world.blocks.number();
        let last = chain.steps.last().map_or(first, |step| step.block);
        let over = chain.look(|_| {
            pallet_task_market::Batches::<Runtime>::iter_keys()
                .next()
                .is_none()
        });
        if over && now >= last + CALM {
            break;
        }
        hold(now < first + LONGEST, || format!("{plan}: the life does not end"))?;
        // Everybody acts on what this block tells, in the next.
        let judgement = chain.look(|_| judge(plan)).filter(|_| !judged);
        let works = works(&mut chain, plan)?;
        chain.begin()?;
        if let Some(call) = judgement {
            chain.submit(requester(0), call, plan.asset())?;
            judged = true;
        }
        for (actor, work) in works {
            chain.send(actor, work)?;
        }
    }
    let happened = chain.happened;
    hold(
        happened.answered == plan.tasks * plan.batches && happened.refunded == 0,
        || format!("{plan}: not all tasks were answered: {happened:?}"),
    )?;
    hold(happened.redirected == 0, || {
        format!("{plan}: somebody could not be paid: {happened:?}")
    })?;
    let last = chain.steps.last().map_or(first, |step| step.block);
    Ok(Life {
        plan,
        steps: chain.steps,
        happened,
        blocks: last - first + 1,
    })
}

fn texts() -> &'static Model {
    model(TEXTS)
}

fn post(chain: &mut Chain<'_>, plan: Plan, who: Sr25519Keyring) -> Checked {
    // 20 to 59 bytes each.
    let input = |place: u32| Input::Inline(BoundedVec::truncate_from(texts().input(20 + (place % 40) as u8)));
    let terms = Terms {
        model: texts().id(),
        max_reward: plan.max_reward(),
        asset: plan.asset(),
        deadline: chain.world.blocks.number() + LONGEST,
        matching: plan.matching.terms(),
        verification: plan.check.terms(),
        min_reputation: 0,
        allow_flagged: false,
    };
    let call = pallet_task_market::Call::post {
        terms,
        inputs: BoundedVec::truncate_from((0..plan.tasks).map(input).collect()),
    };
    chain.submit(who, call.into(), plan.asset())
}

/// What all solvers do as soon as they can.
fn works(chain: &mut Chain<'_>, plan: Plan) -> Checked<Vec<(&'static Actor, Work)>> {
    chain.look(|world| {
        let mut works = Vec::new();
        for (place, actor) in ACTORS.iter().enumerate() {
            let answers = <TaskMarket as Duties>::duties(&actor.stash, u32::MAX);
            works.extend(answers.iter().map(|duty| (actor, answer(duty))));
            for duty in <Panel as Panels>::duties(&actor.stash, u32::MAX) {
                works.push((actor, vote(world, actor, &duty)));
            }
            let audits = <Dispute as Disputes>::audits(&actor.stash, u32::MAX);
            works.extend(audits.iter().map(|audit| (actor, working::open(world, audit))));
            let auctions = <Auction as Auctions>::open_to(&actor.stash, u32::MAX);
            for duty in auctions.iter().filter(|_| place < plan.matching.bidders()) {
                works.push((actor, bid(world, actor, place, duty)));
            }
        }
        let known = works.into_iter().map(|(actor, work)| {
            let work = work.ok_or_else(|| Violation(format!("{} cannot do its work", actor.stash)))?;
            Ok((actor, work))
        });
        known.collect()
    })
}

fn answer(duty: &Duty) -> Option<Work> {
    working::sheet(duty, Truth::Right).map(Work::Answer)
}

fn vote(world: &mut World, actor: &Actor, duty: &PanelDuty) -> Option<Work> {
    match working::commits(duty) {
        true => Some(working::commit(world, actor, duty, working::ballot(duty, true))),
        false => working::reveal(world, duty),
    }
}

/// The second bidder asks for more than the first.
fn bid(world: &mut World, actor: &Actor, place: usize, duty: &AuctionDuty) -> Option<Work> {
    let batch = duty.batch;
    match duty.turn {
        Turn::Take { .. } => Some(Work::Take { batch, floor: 0 }),
        Turn::Bid { reserve } => {
            let price = reserve / 2 + reserve / 4 * place as Balance;
            Some(working::bid(world, actor, batch, duty.round, price))
        }
        Turn::Reveal { .. } => working::reveal_bid(world, duty),
    }
}

/// What the requester does about an answer.
fn judge(plan: Plan) -> Option<RuntimeCall> {
    let task = pallet_task_market::ClaimedAnswers::<Runtime>::iter_keys().next()?;
    let call = match plan.check {
        Check::Accepted => pallet_task_market::Call::accept { batch: task.batch() },
        Check::Appealed => pallet_task_market::Call::appeal { task },
        _ => return None,
    };
    Some(call.into())
}
