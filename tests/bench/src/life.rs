//! Lives: tasks from their posts to the block after which nothing more is done for them.

use crate::{
    chain::{Chain, Imported},
    failure::{hold, Measured},
    people::People,
    shipped::Shipped,
    work::works,
};
use pallet_task_market::{Batches, Event};
use pensum_primitives::{
    matching::Matching,
    task::Terms,
    verification::{Rule, Verification},
    Balance, BlockNumber, ModelId,
};
use pensum_runtime::{
    constants::{auction, money::MILLI, time::EPOCH},
    Runtime, RuntimeCall, RuntimeEvent, System,
};
use sp_core::bounded::BoundedVec;

/// Most that an answer may cost: five times what the offers ask.
pub const MAX_REWARD: Balance = MILLI;
/// Members that a quorum of three may have to pay: a second round has twice as many.
const MOST_MEMBERS: Balance = 6;
/// Blocks from the post to the deadline: auctions and panels must fit, with a second round of each.
const AHEAD: BlockNumber = 400;
/// Blocks after which a life is found to be stuck.
const LONGEST: BlockNumber = 60;

/// How tasks live.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `Book` and `Replay { window: 0 }`.
    Replayed,
    /// `Book` and a `Quorum` of three.
    Quorum,
    /// `Sealed` with two bidders, and `Replay { window: 0 }`.
    Sealed,
}

/// Lives that are lived at the same time.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How.
    pub kind: Kind,
    /// Tasks of each batch, which is one transaction.
    pub tasks: usize,
    /// Batches, each of another requester.
    pub batches: usize,
}

/// What was lived.
#[derive(Clone, Debug)]
pub struct Lived {
    /// All blocks, from the posts to the one after the last task ended.
    pub blocks: Vec<Imported>,
    /// Tasks.
    pub tasks: usize,
}

impl Lived {
    /// What all blocks have of something beyond empty ones, which have so much of it, for each task.
    pub fn each(&self, empty: f64, of: impl Fn(&Imported) -> f64) -> f64 {
        let beyond: f64 = self.blocks.iter().map(|block| of(block) - empty).sum();
        beyond / self.tasks as f64
    }

    /// What a post was charged beyond an empty block, in microseconds.
    pub fn post_weight_us(&self, empty_us: f64) -> f64 {
        let posts = self
            .blocks
            .first()
            .map(|block| (block.weight_us - empty_us, block.transactions - 1));
        // One transaction sets the time.
        posts.map_or(0.0, |(weight, posts)| weight / posts as f64)
    }
}

impl Kind {
    /// The terms of it.
    pub fn terms(self, model: ModelId, deadline: BlockNumber) -> Terms {
        let (matching, verification, answers) = match self {
            Self::Replayed => (Matching::Book, Verification::Replay { window: 0 }, 1),
            Self::Quorum => {
                let quorum = Verification::Quorum {
                    solvers: 3,
                    threshold: 2,
                    rule: Rule::Exact,
                };
                (Matching::Book, quorum, MOST_MEMBERS)
            }
            Self::Sealed => {
                let sealed = Matching::Sealed {
                    reserve: MAX_REWARD,
                    commit: auction::MIN_WINDOW,
                    reveal: auction::MIN_WINDOW,
                };
                (sealed, Verification::Replay { window: 0 }, 1)
            }
        };
        Terms {
            model,
            max_reward: answers * MAX_REWARD,
            asset: None,
            deadline,
            matching,
            verification,
            min_reputation: 0,
            allow_flagged: false,
        }
    }
}

/// A post of so many sentences.
pub fn post(terms: Terms, shipped: &Shipped, first: usize, tasks: usize) -> RuntimeCall {
    let inputs = (first..first + tasks)
        .map(|number| shipped.input(number))
        .collect();
    pallet_task_market::Call::post {
        terms,
        inputs: BoundedVec::truncate_from(inputs),
    }
    .into()
}

/// Lives it.
pub fn live(
    chain: &mut Chain,
    people: &People,
    shipped: &Shipped,
    model: ModelId,
    plan: Plan,
) -> Measured<Lived> {
    // The SDK charges the whole block for the one in which a session begins, and nothing else fits it.
    while !(2..EPOCH - LONGEST).contains(&(chain.look(System::block_number) % EPOCH)) {
        chain.block(|_| Ok(()))?;
    }
    let first = chain.look(System::block_number);
    let deadline = first + AHEAD;
    let mut lived = Lived {
        blocks: Vec::new(),
        tasks: plan.tasks * plan.batches,
    };
    let posts = chain.block(|block| {
        for batch in 0..plan.batches {
            let call = post(
                plan.kind.terms(model, deadline),
                shipped,
                batch * plan.tasks,
                plan.tasks,
            );
            hold(block.submit(people.requester(batch), call)?, || {
                format!("{plan:?}: not all posts fit a block")
            })?;
        }
        Ok(())
    })?;
    lived.blocks.push(posts);
    let mut answered = 0;
    let mut over = false;
    loop {
        let works = chain.look(|| works(people, shipped));
        let block = chain.block(|block| {
            for (solver, work) in works {
                // What has no room is work again in the next block.
                block.send(solver, work)?;
            }
            Ok(())
        })?;
        lived.blocks.push(block);
        answered += chain.look(count_answered)?;
        if over {
            break;
        }
        // One block more: a fee of the last one may still have to be moved.
        over = chain.look(|| Batches::<Runtime>::iter_keys().next().is_none());
        hold(chain.look(System::block_number) < first + LONGEST, || {
            format!("{plan:?}: the tasks do not end")
        })?;
    }
    hold(answered == lived.tasks, || {
        format!("{plan:?}: {answered} of {} tasks were answered", lived.tasks)
    })?;
    Ok(lived)
}

/// How many tasks the last block answered; a refund is a failure.
fn count_answered() -> Measured<usize> {
    let mut answered = 0;
    for record in System::read_events_no_consensus() {
        match record.event {
            RuntimeEvent::TaskMarket(Event::TaskAnswered { .. }) => answered += 1,
            RuntimeEvent::TaskMarket(Event::TaskRefunded { task, reason, .. }) => {
                hold(false, || format!("task {task} was refunded: {reason:?}"))?;
            }
            _ => {}
        }
    }
    Ok(answered)
}
