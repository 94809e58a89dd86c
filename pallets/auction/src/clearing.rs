//! What the chain does by itself: phases and rounds end, sealed auctions are cleared.

use crate::{
    limits::MAX_BLOCKS,
    types::{Auction, Bid, Sale},
    weights::WeightInfo,
    Agenda, AgendaCursor, Auctions, Bids, Config, Event, Pallet,
};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{
    traits::{Defensive, Get},
    weights::Weight,
};
use market_math::auction;
use pensum_primitives::{
    solver::Fault,
    traits::{BlockRandomness, FaultReport, Solvers},
    AccountId, Balance, BatchId, BlockNumber,
};
use sp_io::hashing::blake2_256;

/// What was done of the agenda.
#[derive(Default)]
struct Done {
    /// Auctions looked at, bids settled, awards tried and tasks given back: what a block bounds.
    work: u32,
    weight: Weight,
}

impl Done {
    fn add(&mut self, work: usize, weight: Weight) {
        self.work = self.work.saturating_add(work as u32);
        self.weight = self.weight.saturating_add(weight);
    }
}

impl<T: Config> Pallet<T> {
    /// Handles what was due until the block before `now`, oldest block first, as far as a block's limit reaches.
    pub(crate) fn advance(now: BlockNumber) -> Weight {
        let cursor = AgendaCursor::<T>::get();
        let first = cursor.unwrap_or(now.saturating_sub(1));
        let stop = now.min(first.saturating_add(MAX_BLOCKS));
        let mut done = Done::default();
        // The first block that could not be finished; where all could, the next.
        let reached = (first..stop)
            .find(|block| !Self::finish(*block, now, &mut done))
            .unwrap_or(stop);
        if reached < now {
            AgendaCursor::<T>::put(reached);
        } else if cursor.is_some() {
            AgendaCursor::<T>::kill();
        }
        let blocks = reached
            .saturating_sub(first)
            .saturating_add(u32::from(reached < stop));
        T::WeightInfo::agenda(blocks).saturating_add(done.weight)
    }

    /// Handles what was due in one block. False where the limit does not reach to its end.
    fn finish(block: BlockNumber, now: BlockNumber, done: &mut Done) -> bool {
        while let Some(id) = Agenda::<T>::iter_key_prefix(block).next() {
            if done.work >= T::MaxWorkPerBlock::get() {
                return false;
            }
            // Handling it strikes the entry too; this makes sure that none is ever met twice.
            Agenda::<T>::remove(block, id);
            done.add(1, T::WeightInfo::look());
            if let Some(auction) = Auctions::<T>::get(id).defensive() {
                Self::turn(id, auction, now, done);
            }
        }
        true
    }

    /// The end of a phase: bids are waited for, or the round ends.
    fn turn(id: BatchId, auction: Auction, now: BlockNumber, done: &mut Done) {
        match auction.sale {
            Sale::Dutch { .. } => {
                Self::take_down(id, &auction);
                Self::end_round(id, auction, now, done);
            }
            Sale::Sealed { reserve, .. } => {
                let last = auction.last_phase_until();
                let waits = |bids: &[Bid]| bids.iter().any(|bid| bid.revealed.is_none());
                if now <= last && waits(&Bids::<T>::get(id)) {
                    Self::reschedule(id, auction, last);
                } else {
                    Self::clear(id, auction, reserve, now, done);
                }
            }
        }
    }

    /// Gives back the deposits of those who revealed, reports those who did not, and awards the batch to the best who can
    /// take it.
    fn clear(id: BatchId, auction: Auction, reserve: Balance, now: BlockNumber, done: &mut Done) {
        Self::take_down(id, &auction);
        let bids = Self::take_bids(id);
        let withheld = bids.iter().filter(|bid| bid.revealed.is_none()).count();
        done.add(
            bids.len(),
            T::WeightInfo::settle(bids.len() as u32, withheld as u32),
        );
        let revealed = bids
            .into_iter()
            .filter_map(|bid| Self::settle(id, &auction, bid))
            .collect();
        // A chain far behind may come too late for the winner to answer in time.
        let in_time = now <= auction.award_by;
        if !(in_time && Self::award_to_best(id, auction.round, reserve, revealed, done)) {
            Self::end_round(id, auction, now, done);
        }
    }

    /// Settles one deposit; returns solver, price as it counts, and reputation where the bid takes part.
    fn settle(id: BatchId, auction: &Auction, bid: Bid) -> Option<(AccountId, (Balance, u32))> {
        let Some(price) = bid.revealed else {
            let round = auction.round;
            let slash = T::Solvers::fault(
                &bid.solver,
                FaultReport {
                    task: id.task(0),
                    fault: Fault::BidWithheld,
                    bond: auction.deposit,
                    tasks: 0,
                    reward: auction.max_reward,
                    harmed: auction.requester.clone(),
                    evidence: blake2_256(&(id, round, bid.commitment).encode()).into(),
                },
            );
            Self::deposit_event(Event::BidWithheld {
                batch: id,
                round,
                solver: bid.solver,
                slash,
            });
            return None;
        };
        T::Solvers::unlock(&bid.solver, auction.deposit);
        let (_, reserve) = auction.sale.prices();
        let counted = auction::on_tick(price, T::TickSize::get(), reserve);
        Some((bid.solver, (counted, bid.score_ppm)))
    }

    /// Awards the batch to the best bidder, or to the next best where one cannot be engaged any more. False where none can.
    fn award_to_best(
        id: BatchId,
        round: u8,
        reserve: Balance,
        revealed: Vec<(AccountId, (Balance, u32))>,
        done: &mut Done,
    ) -> bool {
        // Bids were fixed before this block, and each auction has lots of its own.
        let seed = blake2_256(&(T::Randomness::of_block(), id).encode());
        let (mut solvers, mut prices): (Vec<_>, Vec<_>) = revealed.into_iter().unzip();
        while let Some(outcome) = auction::clear(&prices, reserve, seed) {
            prices.remove(outcome.winner);
            let winner = solvers.remove(outcome.winner);
            done.add(1, T::WeightInfo::award());
            if Self::award(id, &winner, outcome.payment, round) {
                return true;
            }
        }
        false
    }

    /// A round without a winner, which was taken down.
    fn end_round(id: BatchId, auction: Auction, now: BlockNumber, done: &mut Done) {
        let tasks = auction.tasks;
        if Self::next_round(id, auction, now) {
            done.add(tasks as usize, T::WeightInfo::unsold(tasks));
        } else {
            done.add(0, T::WeightInfo::next_round());
        }
    }
}
