//! What solvers do: take, bid, reveal. The authorisation has checked that it is theirs to do.

use crate::{types::weakest, types::Bid, Auctions, Bidding, Bids, Config, Error, Event, Pallet};
use frame_support::{
    ensure,
    storage::{with_transaction, TransactionOutcome},
};
use pensum_primitives::{operator::OperatorId, traits::Solvers, AccountId, Balance, BatchId, Digest};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn solver_of(operator: &OperatorId) -> Result<AccountId, DispatchError> {
        T::Solvers::of_operator(operator).ok_or(Error::<T>::NotReady.into())
    }

    pub(crate) fn do_take(solver: &AccountId, id: BatchId, floor: Balance) -> DispatchResult {
        let auction = Auctions::<T>::get(id).ok_or(Error::<T>::AuctionNotOpen)?;
        let price = auction
            .rising_price(Self::now())
            .ok_or(Error::<T>::AuctionNotOpen)?;
        ensure!(price >= floor, Error::<T>::PriceTooLow);
        Self::take_down(id, &auction);
        ensure!(
            Self::award(id, solver, price, auction.round),
            Error::<T>::NotReady
        );
        Ok(())
    }

    /// Whether taking the batch would succeed: does it and undoes it. Whatever the market asks of a winner is asked here, so that
    /// nobody can hold a place in the transaction pool with a take that comes to nothing.
    pub(crate) fn could_take(solver: &AccountId, id: BatchId, floor: Balance) -> bool {
        with_transaction(|| TransactionOutcome::Rollback(Self::do_take(solver, id, floor))).is_ok()
    }

    pub(crate) fn do_bid(solver: AccountId, id: BatchId, commitment: Digest) -> DispatchResult {
        let auction = Auctions::<T>::get(id).ok_or(Error::<T>::AuctionNotOpen)?;
        let standing = Self::admitted(&auction, &solver).ok_or(Error::<T>::NotReady)?;
        let mut bids = Bids::<T>::get(id);
        if bids.is_full() {
            let gives_way = Self::giving_way(&bids, standing.reputation).ok_or(Error::<T>::AuctionFull)?;
            let evicted = bids.remove(gives_way);
            Bidding::<T>::remove(&evicted.solver, id);
            T::Solvers::unlock(&evicted.solver, auction.deposit);
            Self::deposit_event(Event::BidEvicted {
                batch: id,
                round: auction.round,
                solver: evicted.solver,
            });
        }
        ensure!(T::Solvers::lock(&solver, auction.deposit), Error::<T>::NotReady);
        let bid = Bid {
            solver: solver.clone(),
            commitment,
            score_ppm: standing.reputation,
            revealed: None,
        };
        bids.try_push(bid).map_err(|_| Error::<T>::AuctionFull)?;
        Bids::<T>::insert(id, bids);
        Bidding::<T>::insert(&solver, id, ());
        Self::deposit_event(Event::BidCommitted {
            batch: id,
            round: auction.round,
            solver,
            commitment,
            deposit: auction.deposit,
        });
        Ok(())
    }

    /// The bid that gives way to one of this reputation in a full auction: one of strictly less. Without this, many solvers that
    /// nobody knows could fill an auction and share it among themselves.
    pub(crate) fn giving_way(bids: &[Bid], score_ppm: u32) -> Option<usize> {
        weakest(bids).filter(|index| bids.get(*index).is_some_and(|bid| bid.score_ppm < score_ppm))
    }

    pub(crate) fn do_reveal_bid(solver: AccountId, id: BatchId, price: Balance) -> DispatchResult {
        let auction = Auctions::<T>::get(id).ok_or(Error::<T>::AuctionNotOpen)?;
        let round = auction.round;
        let mut bids = Bids::<T>::get(id);
        let bid = bids
            .iter_mut()
            .find(|bid| bid.solver == solver)
            .ok_or(Error::<T>::AuctionNotOpen)?;
        bid.revealed = Some(price);
        let all_revealed = bids.iter().all(|bid| bid.revealed.is_some());
        Bids::<T>::insert(id, bids);
        // Nothing is left to wait for: the next block clears it. Where the agenda is behind, the auction waits there already.
        let now = Self::now();
        if all_revealed && auction.due > now {
            Self::reschedule(id, auction, now);
        }
        Self::deposit_event(Event::BidRevealed {
            batch: id,
            round,
            solver,
            price,
        });
        Ok(())
    }
}
