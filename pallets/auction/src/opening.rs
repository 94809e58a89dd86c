//! Auctions open, go through rounds, and are closed.

use crate::{
    limits::MAX_ROUNDS,
    types::{Auction, Excluded, Sale},
    Agenda, Auctions, Bidding, Bids, ByModel, Config, Error, Event, Pallet,
};
use alloc::vec::Vec;
use frame_support::{ensure, traits::Get};
use market_math::bond::task_bond;
use pensum_primitives::{
    matching::Matching,
    traits::{Lot, Lots, Solvers},
    AccountId, Balance, BatchId, BlockNumber,
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_check(matching: &Matching, max_reward: Balance, ahead: BlockNumber) -> DispatchResult {
        // The book has no parameters.
        let Some(sale) = Sale::of(matching) else {
            return Ok(());
        };
        Self::check_sale(&sale, max_reward)?;
        let needed = sale.blocks().saturating_add(T::AwardMargin::get());
        ensure!(needed <= ahead, Error::<T>::WindowsTooLong);
        Ok(())
    }

    fn check_sale(sale: &Sale, max_reward: Balance) -> DispatchResult {
        ensure!(
            sale.shortest_window() >= T::MinWindow::get(),
            Error::<T>::WindowTooShort
        );
        let (least, most) = sale.prices();
        ensure!(least <= most, Error::<T>::StartAboveEnd);
        ensure!(most <= max_reward, Error::<T>::PriceAboveCap);
        Ok(())
    }

    pub(crate) fn do_open(lot: Lot) -> DispatchResult {
        let sale = Sale::of(&lot.matching).ok_or(Error::<T>::NotAnAuction)?;
        Self::check_sale(&sale, lot.max_reward)?;
        ensure!(
            !Auctions::<T>::contains_key(lot.batch),
            Error::<T>::AlreadyAtAuction
        );
        let exclude = Excluded::try_from(lot.exclude.to_vec()).map_err(|_| Error::<T>::TooManyExcluded)?;
        let deposit = match sale {
            Sale::Dutch { .. } => 0,
            Sale::Sealed { .. } => Self::deposit(lot.max_reward, lot.tasks),
        };
        let auction = Auction {
            model: *lot.model,
            requester: lot.requester,
            tasks: lot.tasks,
            max_reward: lot.max_reward,
            asset: lot.asset,
            min_reputation: lot.min_reputation,
            round: Auction::first_round(exclude.len()),
            exclude,
            sale,
            rounds_left: MAX_ROUNDS.saturating_sub(1),
            opened_at: Self::now(),
            due: 0,
            award_by: lot.award_by,
            deposit,
        }
        .scheduled();
        ensure!(auction.has_time(), Error::<T>::WindowsTooLong);
        Self::put_up(lot.batch, auction);
        Ok(())
    }

    /// Stake that a bid locks: `DepositShare` of the most that the whole batch can cost, at least `MinDeposit`.
    fn deposit(max_reward: Balance, tasks: u32) -> Balance {
        let worth = max_reward.saturating_mul(tasks.into());
        task_bond(worth, T::MinDeposit::get(), T::DepositShare::get())
    }

    pub(crate) fn do_close(id: BatchId) {
        let Some(auction) = Auctions::<T>::get(id) else {
            return;
        };
        Self::take_down(id, &auction);
        for bid in Self::take_bids(id) {
            T::Solvers::unlock(&bid.solver, auction.deposit);
        }
        Self::deposit_event(Event::AuctionClosed { batch: id });
    }

    /// Opens another round at a higher price, or gives the batch back as unsold, which it returns. The round was taken down.
    pub(crate) fn next_round(id: BatchId, auction: Auction, now: BlockNumber) -> bool {
        let round = auction.round;
        if let Some(next) = auction.next_round(T::BumpShare::get(), now) {
            Self::put_up(id, next);
            return false;
        }
        Self::deposit_event(Event::AuctionFailed { batch: id, round });
        T::Lots::unsold(id);
        true
    }

    /// Puts a round into every list.
    fn put_up(id: BatchId, auction: Auction) {
        Agenda::<T>::insert(auction.due, id, ());
        ByModel::<T>::insert(auction.model, id, ());
        Self::deposit_event(Event::RoundOpened {
            batch: id,
            model: auction.model,
            round: auction.round,
            sale: auction.sale,
            deposit: auction.deposit,
            until: auction.last_phase_until(),
        });
        Auctions::<T>::insert(id, auction);
    }

    /// Takes an auction out of every list; its bids stay.
    pub(crate) fn take_down(id: BatchId, auction: &Auction) {
        Agenda::<T>::remove(auction.due, id);
        ByModel::<T>::remove(auction.model, id);
        Auctions::<T>::remove(id);
    }

    /// Takes the bids out of every list; their deposits stay locked.
    pub(crate) fn take_bids(id: BatchId) -> Vec<crate::types::Bid> {
        let bids = Bids::<T>::take(id);
        for bid in &bids {
            Bidding::<T>::remove(&bid.solver, id);
        }
        bids.into_inner()
    }

    /// Moves the auction in the agenda.
    pub(crate) fn reschedule(id: BatchId, mut auction: Auction, due: BlockNumber) {
        Agenda::<T>::remove(auction.due, id);
        Agenda::<T>::insert(due, id, ());
        auction.due = due;
        Auctions::<T>::insert(id, auction);
    }

    /// The award itself: the auction is over, so that whatever the market does finds none.
    pub(crate) fn award(id: BatchId, solver: &AccountId, price: Balance, round: u8) -> bool {
        let awarded = T::Lots::award(id, solver, price);
        let solver = solver.clone();
        Self::deposit_event(if awarded {
            Event::AuctionWon {
                batch: id,
                round,
                solver,
                price,
            }
        } else {
            Event::AwardRefused {
                batch: id,
                round,
                solver,
                price,
            }
        });
        awarded
    }
}
