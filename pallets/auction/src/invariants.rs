//! What is true after every call and every block.

use crate::{
    limits::MAX_ROUNDS,
    types::{Auction, Sale},
    Agenda, AgendaCursor, Auctions, Bidding, Bids, ByModel, Config, Pallet,
};
use alloc::collections::BTreeSet;
use frame_support::ensure;
use pensum_primitives::{
    traits::{Auctions as _, Solvers},
    AccountId, BatchId,
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// 1. Nothing can be stuck: every auction stands in the agenda, at a block that is not behind the cursor, and in its model's
    ///    list; and nothing else stands there.
    /// 2. Every round can end in an award that leaves the solver time, at prices within the cap, and is one of so many.
    /// 3. Bids belong to open sealed auctions, one to a solver, none of an excluded solver or of too little reputation; each is in
    ///    its solver's list, and nothing else is. What is revealed is within the reserve, and nothing is before its time.
    /// 4. No solver has less stake locked than its bids lock.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let first = AgendaCursor::<T>::get().unwrap_or(Self::now());
        let mut auctions = 0usize;
        for (id, auction) in Auctions::<T>::iter() {
            ensure!(auction.due >= first, "an auction is due behind the cursor");
            ensure!(
                Agenda::<T>::contains_key(auction.due, id),
                "an auction is not in the agenda"
            );
            ensure!(
                ByModel::<T>::contains_key(auction.model, id),
                "an auction is not in its model's list"
            );
            Self::check_auction(&auction)?;
            auctions = auctions.saturating_add(1);
        }
        ensure!(
            Agenda::<T>::iter_keys().count() == auctions,
            "the agenda names what is not at auction"
        );
        ensure!(
            ByModel::<T>::iter_keys().count() == auctions,
            "a model's list names what is not at auction"
        );
        Self::check_bids()?;
        for (solver, deposits) in Self::locked() {
            ensure!(
                T::Solvers::locked(&solver) >= deposits,
                "less stake is locked than the bids lock"
            );
        }
        Ok(())
    }

    fn check_auction(auction: &Auction) -> Result<(), TryRuntimeError> {
        ensure!(auction.has_time(), "an auction ends too late for an answer");
        let (least, most) = auction.sale.prices();
        ensure!(
            least <= most && most <= auction.max_reward,
            "a price is above the cap"
        );
        let rounds = auction.round.saturating_add(auction.rounds_left);
        let last = Auction::first_round(auction.exclude.len()).saturating_add(MAX_ROUNDS);
        ensure!(rounds < last, "an auction has too many rounds");
        Ok(())
    }

    fn check_bids() -> Result<(), TryRuntimeError> {
        let mut listed = BTreeSet::<(AccountId, BatchId)>::new();
        for (id, bids) in Bids::<T>::iter() {
            let auction = Auctions::<T>::get(id).ok_or("bids outlived their auction")?;
            let Sale::Sealed { reserve, .. } = auction.sale else {
                return Err("a Dutch auction has bids".into());
            };
            ensure!(!bids.is_empty(), "an empty list of bids is stored");
            for bid in bids {
                ensure!(
                    Bidding::<T>::contains_key(&bid.solver, id),
                    "a bid is not in its solver's list"
                );
                ensure!(
                    !auction.exclude.contains(&bid.solver),
                    "an excluded solver has a bid"
                );
                ensure!(
                    bid.score_ppm >= auction.min_reputation,
                    "a bidder has too little reputation"
                );
                if let Some(price) = bid.revealed {
                    ensure!(price <= reserve, "a bid is above the reserve");
                    ensure!(
                        Self::now() > auction.first_phase_until(),
                        "a bid was revealed before its time"
                    );
                }
                ensure!(listed.insert((bid.solver, id)), "a solver has two bids");
            }
        }
        ensure!(
            Bidding::<T>::iter_keys().count() == listed.len(),
            "a solver's list names what it has no bid in"
        );
        Ok(())
    }
}
