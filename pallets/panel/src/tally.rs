//! The tally: what the revealed ballots say.

use crate::{
    types::{Agreed, Members, Panel, Seat},
    weights::WeightInfo,
    Ballots, Config, Pallet, Seats,
};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{weights::Weight, BoundedVec};
use market_math::equivalence::{tally, Standing, Tally};
use pensum_primitives::{panel::Ballot, solver::Fault, AccountId, BatchId, BlockNumber, Digest};

/// A member with its seat, and its ballot once it has revealed.
pub(crate) struct Voter {
    pub(crate) member: AccountId,
    pub(crate) seat: Seat,
    pub(crate) ballot: Option<Ballot>,
}

impl<T: Config> Pallet<T> {
    /// Tallies what is revealed. The round ends when every task has its majority, when nobody is left who could reveal, or when
    /// time is up; until then it waits.
    pub(crate) fn tally(batch: BatchId, panel: Panel, now: BlockNumber) -> Weight {
        let voters = Self::voters(batch, &panel);
        let tallies: Vec<Tally> = (0..panel.tasks.len())
            .map(|index| tally_task(&panel, &voters, index))
            .collect();
        let weight = T::WeightInfo::tally(panel.count(), panel.tasks.len() as u32, bytes(&voters));
        let is_decided = tallies.iter().all(|tally| tally.winner.is_some());
        let is_over = now > panel.until;
        if !is_decided && !is_over && panel.revealed < panel.count() {
            let due = panel.until.saturating_add(1);
            Self::put(batch, panel, due);
            return weight;
        }
        let evidence = evidence(&voters);
        let mut late = Members::new();
        for (place, voter) in voters.iter().enumerate() {
            if voter.ballot.is_some() {
                let standings: Vec<Standing> = tallies
                    .iter()
                    .filter_map(|tally| tally.standings.get(place).copied())
                    .collect();
                Self::settle(batch, &panel, &voter.member, &voter.seat, &standings, evidence);
            } else if is_over {
                Self::forfeit(batch, &panel, &voter.member, &voter.seat, Fault::Unrevealed);
            } else {
                let _fits = late.try_push(voter.member.clone());
            }
        }
        let (mut agreed, mut undecided) = (Vec::new(), panel.tasks.clone());
        for (index, (tally, (place, _))) in tallies.iter().zip(&panel.tasks).enumerate() {
            if let Some(agreement) = agreement(&voters, tally, index, *place, evidence) {
                undecided.retain(|(open, _)| open != place);
                agreed.push(agreement);
            }
        }
        let settled = T::WeightInfo::settle(panel.count(), panel.tasks.len() as u32);
        weight
            .saturating_add(settled)
            .saturating_add(Self::end_round(batch, panel, agreed, undecided, late, now))
    }

    /// The members in their order, which is that of their accounts.
    pub(crate) fn voters(batch: BatchId, panel: &Panel) -> Vec<Voter> {
        let voter = |member: &AccountId| {
            Some(Voter {
                member: member.clone(),
                seat: Seats::<T>::get(member, batch)?,
                ballot: Ballots::<T>::get(batch, member),
            })
        };
        panel.members.iter().filter_map(voter).collect()
    }
}

fn tally_task(panel: &Panel, voters: &[Voter], index: usize) -> Tally {
    let answers: Vec<Option<&[u8]>> = voters
        .iter()
        .map(|voter| panel.answer(voter.ballot.as_ref()?, index))
        .collect();
    tally(panel.rule(), &answers, panel.majority() as usize)
}

/// What enough members agree on, if they do.
fn agreement(voters: &[Voter], tally: &Tally, index: usize, place: u8, evidence: Digest) -> Option<Agreed> {
    let winner = voters.get(tally.winner?)?;
    let output = winner.ballot.as_ref()?.get(index)?.clone()?;
    let members = voters
        .iter()
        .zip(&tally.standings)
        .filter(|(_, standing)| **standing == Standing::Agrees)
        .map(|(voter, _)| {
            let price = voter.seat.prices.get(index).copied().unwrap_or(0);
            (voter.member.clone(), price)
        });
    Some(Agreed {
        place,
        output,
        members: BoundedVec::truncate_from(members.collect()),
        evidence,
    })
}

/// `blake2_256` of who revealed what, in the order of the accounts.
fn evidence(voters: &[Voter]) -> Digest {
    let revealed: Vec<(&AccountId, &Ballot)> = voters
        .iter()
        .filter_map(|voter| Some((&voter.member, voter.ballot.as_ref()?)))
        .collect();
    sp_io::hashing::blake2_256(&revealed.encode()).into()
}

/// Bytes of all ballots.
fn bytes(voters: &[Voter]) -> u32 {
    voters
        .iter()
        .filter_map(|voter| voter.ballot.as_ref())
        .fold(0, |sum: u32, ballot| {
            sum.saturating_add(ballot.encoded_size() as u32)
        })
}
