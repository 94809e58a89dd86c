//! Auctions: the solver's standing offer says what a task is worth to it, and that is what it bids.
//!
//! In a second-price auction nobody gains by bidding anything else.

use crate::{
    journal::{self, Sent},
    secrets::{salt, Name, Secret, Secrets},
    LOG_TARGET,
};
use alloc::vec::Vec;
use codec::Encode;
use pensum_primitives::{
    operator::Work,
    panel::bid_commitment,
    traits::{AuctionDuty, Turn},
    AccountId, Balance, BlockNumber, Digest,
};

/// What is noted when the duty is done.
pub(crate) fn noted(duty: &AuctionDuty) -> journal::Name {
    match duty.turn {
        Turn::Take { .. } => journal::Name::Take(duty.batch),
        Turn::Bid { .. } => journal::Name::Bid(duty.batch, duty.round),
        Turn::Reveal { .. } => journal::Name::RevealBid(duty.batch, duty.round),
    }
}

fn name(duty: &AuctionDuty) -> Name {
    let about = (b"bid", duty.model, &duty.input_lens);
    Name {
        batch: duty.batch,
        round: duty.round.into(),
        about: sp_io::hashing::blake2_256(&about.encode()).into(),
    }
}

/// What is to be sent. `worth` is the price at which the solver wants a task of the longest input; none where it has no offer.
pub(crate) fn plan(
    duties: &[AuctionDuty],
    solver: &AccountId,
    worth: impl Fn(&AuctionDuty) -> Option<Balance>,
    secrets: &Secrets,
    sent: &Sent,
    now: BlockNumber,
) -> Vec<Work> {
    duties
        .iter()
        .filter(|duty| duty.until > now && !sent.is_on_its_way(noted(duty), now, duty.until))
        .filter_map(|duty| match duty.turn {
            Turn::Take { price } => take(duty, price, worth(duty)?),
            Turn::Bid { reserve } => bid(duty, solver, reserve, worth(duty)?, secrets, now),
            Turn::Reveal { commitment } => reveal(duty, solver, commitment, secrets),
        })
        .collect()
}

fn take(duty: &AuctionDuty, price: Balance, worth: Balance) -> Option<Work> {
    (price >= worth).then_some(Work::Take {
        batch: duty.batch,
        floor: worth,
    })
}

fn bid(
    duty: &AuctionDuty,
    solver: &AccountId,
    reserve: Balance,
    worth: Balance,
    secrets: &Secrets,
    now: BlockNumber,
) -> Option<Work> {
    let AuctionDuty { batch, round, .. } = *duty;
    let name = name(duty);
    let (price, salt) = match secrets.get(&name) {
        Some(Secret::Bid(price, salt)) => (price, salt),
        _ if worth > reserve => return None,
        _ => {
            let salt = salt();
            secrets.put(&name, &Secret::Bid(worth, salt), now);
            (worth, salt)
        }
    };
    Some(Work::Bid {
        batch,
        round,
        commitment: bid_commitment(batch, round, solver, price, &salt),
    })
}

fn reveal(duty: &AuctionDuty, solver: &AccountId, committed: Digest, secrets: &Secrets) -> Option<Work> {
    let AuctionDuty { batch, round, .. } = *duty;
    match secrets.get(&name(duty)) {
        Some(Secret::Bid(price, salt)) if bid_commitment(batch, round, solver, price, &salt) == committed => {
            Some(Work::RevealBid {
                batch,
                round,
                price,
                salt,
            })
        }
        _ => {
            log::error!(target: LOG_TARGET, "cannot reveal: batch={batch} round={round} this node's storage does not hold the bid; restore the node's database");
            None
        }
    }
}
