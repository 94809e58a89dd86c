//! What solvers do as soon as they can, as their nodes would.

use crate::{
    people::{People, Solver},
    shipped::Shipped,
};
use pensum_primitives::{
    operator::Work,
    panel::{bid_commitment, commitment, Ballot, PanelDuty, Phase, Salt},
    task::{Answer, Duty},
    traits::{AuctionDuty, Auctions, Duties, Panels, Turn},
    Balance, BatchId,
};
use pensum_runtime::{Auction, Panel, TaskMarket};
use sp_core::bounded::BoundedVec;

/// How many solvers bid in each auction: two, so that there is a second price.
const BIDDERS: usize = 2;
/// Most answers in one sheet, as the off-chain worker has it.
const SHEET: usize = pensum_primitives::ids::MAX_BATCH as usize;

/// All of it, at the state that is looked at.
pub fn works<'a>(people: &'a People, shipped: &Shipped) -> Vec<(&'a Solver, Work)> {
    let mut works = Vec::new();
    for (place, solver) in people.solvers.iter().enumerate() {
        let duties = <TaskMarket as Duties>::duties(&solver.stash, u32::MAX);
        works.extend(sheets(&duties, shipped).map(|sheet| (solver, Work::Answer(sheet))));
        for duty in <Panel as Panels>::duties(&solver.stash, u32::MAX) {
            works.push((solver, vote(solver, &duty, shipped)));
        }
        let auctions = <Auction as Auctions>::open_to(&solver.stash, u32::MAX);
        let bids = auctions.iter().filter(|_| place < BIDDERS);
        works.extend(bids.map(|duty| (solver, bid(solver, place, duty))));
    }
    works
}

/// Answers to all duties, whole batches together, in as few sheets as they fit.
fn sheets(duties: &[Duty], shipped: &Shipped) -> impl Iterator<Item = Vec<Answer>> {
    let mut duties: Vec<&Duty> = duties.iter().collect();
    duties.sort_by_key(|duty| duty.batch);
    let mut sheets: Vec<Vec<Answer>> = Vec::new();
    for duty in duties {
        let answers = duty.tasks.iter().map(|(task, input)| Answer {
            task: *task,
            output: shipped.says(input).unwrap_or_default(),
            blob: None,
            trace: None,
        });
        match sheets.last_mut() {
            Some(sheet) if sheet.len() + duty.tasks.len() <= SHEET => sheet.extend(answers),
            _ => sheets.push(answers.collect()),
        }
    }
    sheets.into_iter()
}

/// One salt for everything of a batch: nobody here looks at what others commit to.
fn salt(batch: BatchId) -> Salt {
    sp_io::hashing::blake2_256(&batch.0.to_le_bytes())
}

fn vote(solver: &Solver, duty: &PanelDuty, shipped: &Shipped) -> Work {
    let answers = duty.tasks.iter().map(|(_, input)| shipped.says(input));
    let ballot: Ballot = BoundedVec::truncate_from(answers.collect());
    let (batch, round, salt) = (duty.batch, duty.round, salt(duty.batch));
    match duty.phase {
        Phase::Commit => Work::Commit {
            batch,
            round,
            commitment: commitment(batch, round, &solver.stash, &ballot, &salt),
        },
        Phase::Reveal { .. } => Work::Reveal {
            batch,
            round,
            ballot,
            salt,
        },
    }
}

/// The second bidder asks for more than the first.
fn price(place: usize, base: Balance) -> Balance {
    base * (place as Balance + 1)
}

fn bid(solver: &Solver, place: usize, duty: &AuctionDuty) -> Work {
    let (batch, round, salt) = (duty.batch, duty.round, salt(duty.batch));
    let price = price(place, crate::genesis::BASE_PRICE);
    match duty.turn {
        Turn::Take { .. } => Work::Take { batch, floor: 0 },
        Turn::Bid { .. } => Work::Bid {
            batch,
            round,
            commitment: bid_commitment(batch, round, &solver.stash, price, &salt),
        },
        Turn::Reveal { .. } => Work::RevealBid {
            batch,
            round,
            price,
            salt,
        },
    }
}
