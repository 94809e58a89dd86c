//! The pallet's face to the market.

use crate::{limits::MAX_ROUNDS, types::Sale, weights::WeightInfo, Bids, Config, Pallet};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::{traits::Get, weights::Weight};
use pensum_primitives::{
    matching::Matching,
    traits::{AuctionDuty, AuctionView, Auctions as AuctionsTrait, Lot},
    AccountId, Balance, BatchId, BlockNumber,
};
use sp_runtime::DispatchResult;

impl<T: Config> AuctionsTrait for Pallet<T> {
    fn check(matching: &Matching, max_reward: Balance, ahead: BlockNumber) -> DispatchResult {
        Self::do_check(matching, max_reward, ahead)
    }

    /// One round with as many bids as there can be, and the hook's work for all rounds. A round after the first comes only where
    /// nobody bid, or where those who did lost their deposits or could not be engaged.
    fn prepaid_weight(matching: &Matching) -> Weight {
        let round = T::WeightInfo::look()
            .saturating_mul(2)
            .saturating_add(T::WeightInfo::next_round());
        let rounds = round.saturating_mul(MAX_ROUNDS.into());
        let most = T::MaxBids::get();
        match Sale::of(matching) {
            None => Weight::zero(),
            Some(Sale::Dutch { .. }) => rounds
                .saturating_add(T::WeightInfo::authorize_take())
                .saturating_add(T::WeightInfo::take()),
            Some(Sale::Sealed { .. }) => {
                let bid = T::WeightInfo::authorize_bid()
                    .saturating_add(T::WeightInfo::bid())
                    .saturating_add(T::WeightInfo::authorize_reveal_bid())
                    .saturating_add(T::WeightInfo::reveal_bid());
                rounds
                    .saturating_add(bid.saturating_mul(most.into()))
                    .saturating_add(T::WeightInfo::settle(most, 0))
                    .saturating_add(T::WeightInfo::award())
            }
        }
    }

    fn open(lot: Lot) -> DispatchResult {
        Self::do_open(lot)
    }

    fn close(batch: BatchId) {
        Self::do_close(batch)
    }

    fn view(batch: BatchId) -> Option<AuctionView> {
        Self::auction_view(batch)
    }

    fn open_to(solver: &AccountId, limit: u32) -> Vec<AuctionDuty> {
        Self::duties_of(solver, limit)
    }

    /// Reads all bids; for invariants only.
    fn locked() -> Vec<(AccountId, Balance)> {
        let mut locked = BTreeMap::<AccountId, Balance>::new();
        for (id, bids) in Bids::<T>::iter() {
            let deposit = crate::Auctions::<T>::get(id).map_or(0, |auction| auction.deposit);
            for bid in bids {
                let sum = locked.entry(bid.solver).or_default();
                *sum = sum.saturating_add(deposit);
            }
        }
        locked.into_iter().collect()
    }
}
