//! Honest solvers: they do by themselves what the chain says they must, and what they send is never refused.

use crate::{
    people::{Actor, Character, ACTORS},
    violation::{hold, Checked},
    working::{self, Truth},
    world::{Sent, World},
};
use pensum_primitives::{
    operator::Work,
    traits::{AuctionDuty, Auctions, Disputes, Duties, Panels, Turn},
    verdict::Unable,
    BlockNumber,
};
use pensum_runtime::{Auction, Dispute, Panel, TaskMarket};

/// All honest solvers do what is due in this block.
pub fn act(world: &mut World) -> Checked {
    for actor in ACTORS.iter().filter(|actor| actor.is_honest()) {
        answer(world, actor)?;
        sit(world, actor)?;
        open(world, actor)?;
    }
    Ok(())
}

/// Whether a solver does now what it can do until then. The latest still tries twice, since a block may be full.
fn acts_now(world: &World, actor: &Actor, until: BlockNumber) -> bool {
    actor.character == Character::Prompt || until <= world.blocks.number() + 1
}

fn must_send(world: &mut World, actor: &Actor, work: Work) -> Checked {
    let told = format!("{work:?}");
    let sent = working::send(world, actor, work)?;
    hold(!matches!(sent, Sent::Refused(_)), || {
        format!("what {} had to send was refused ({sent:?}): {told}", actor.stash)
    })
}

fn answer(world: &mut World, actor: &Actor) -> Checked {
    for duty in <TaskMarket as Duties>::duties(&actor.stash, u32::MAX) {
        if !acts_now(world, actor, duty.answer_by) {
            continue;
        }
        let work = match working::sheet(&duty, Truth::Right) {
            Some(answers) => Work::Answer(answers),
            None => Work::Decline {
                batch: duty.batch,
                reason: Unable::BlobMissing,
            },
        };
        must_send(world, actor, work)?;
    }
    Ok(())
}

fn sit(world: &mut World, actor: &Actor) -> Checked {
    for duty in <Panel as Panels>::duties(&actor.stash, u32::MAX) {
        if !acts_now(world, actor, duty.until) {
            continue;
        }
        let work = if working::commits(&duty) {
            let ballot = working::ballot(&duty, true);
            match ballot.iter().all(Option::is_none) {
                true => Some(Work::Excuse {
                    batch: duty.batch,
                    round: duty.round,
                    reason: Unable::BlobMissing,
                }),
                false => Some(working::commit(world, actor, &duty, ballot)),
            }
        } else {
            working::reveal(world, &duty)
        };
        if let Some(work) = work {
            must_send(world, actor, work)?;
        }
    }
    Ok(())
}

/// The bids that honest solvers must reveal in the next block, as they see it when one has ended.
pub fn bids_to_reveal() -> Vec<(&'static Actor, AuctionDuty)> {
    let honest = ACTORS.iter().filter(|actor| actor.is_honest());
    honest
        .flat_map(|actor| {
            let duties = <Auction as Auctions>::open_to(&actor.stash, u32::MAX);
            let reveals = duties
                .into_iter()
                .filter(|duty| matches!(duty.turn, Turn::Reveal { .. }));
            reveals.map(move |duty| (actor, duty))
        })
        .collect()
}

/// Honest solvers reveal these bids in the block that has just begun.
pub fn reveal_bids(world: &mut World, duties: Vec<(&Actor, AuctionDuty)>) -> Checked {
    for (actor, duty) in duties {
        let work = working::reveal_bid(world, &duty);
        if let Some(work) = work.filter(|_| acts_now(world, actor, duty.until)) {
            must_send(world, actor, work)?;
        }
    }
    Ok(())
}

fn open(world: &mut World, actor: &Actor) -> Checked {
    for audit in <Dispute as Disputes>::audits(&actor.stash, u32::MAX) {
        if !acts_now(world, actor, audit.until) {
            continue;
        }
        if let Some(work) = working::open(world, &audit) {
            must_send(world, actor, work)?;
        }
    }
    Ok(())
}
