//! An auction that a test drives.

use super::{Market, Staking};
use codec::{Decode, Encode};
use frame_support::{ensure, parameter_types, storage_alias, weights::Weight};
use pensum_primitives::{
    matching::Matching,
    traits::{AuctionDuty, AuctionView, Auctions, Lot, Lots as _, Solvers},
    AccountId, AssetId, Balance, BatchId, BlockNumber, ModelId,
};
use sp_runtime::{DispatchError, DispatchResult};

parameter_types! {
    /// Whether no auction opens any more.
    pub static AuctionsShut: bool = false;
}

/// What solvers and hook do for an auction.
pub const AUCTION_WEIGHT: Weight = Weight::from_parts(3_000_000_000, 0);

/// A batch at auction.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct AtAuction {
    pub requester: AccountId,
    pub model: ModelId,
    pub tasks: u32,
    pub max_reward: Balance,
    pub asset: Option<AssetId>,
    pub matching: Matching,
    pub award_by: BlockNumber,
    pub exclude: Vec<AccountId>,
    /// Bidders with their deposits.
    pub bids: Vec<(AccountId, Balance)>,
}

#[storage_alias]
pub type OnSale = StorageMap<DrivenAuctions, frame_support::Twox64Concat, BatchId, AtAuction>;

/// The auctions.
pub struct DrivenAuctions;

impl Auctions for DrivenAuctions {
    fn check(matching: &Matching, max_reward: Balance, ahead: BlockNumber) -> DispatchResult {
        let (most, blocks) = match matching {
            Matching::Book => return Ok(()),
            Matching::Dutch { end, blocks, .. } => (*end, *blocks),
            Matching::Sealed {
                reserve,
                commit,
                reveal,
            } => (*reserve, commit + reveal),
        };
        ensure!(most <= max_reward, DispatchError::Other("above the cap"));
        ensure!(blocks < ahead, DispatchError::Other("too long"));
        Ok(())
    }

    fn prepaid_weight(_: &Matching) -> Weight {
        AUCTION_WEIGHT
    }

    fn open(lot: Lot) -> DispatchResult {
        ensure!(!AuctionsShut::get(), DispatchError::Unavailable);
        ensure!(
            !OnSale::contains_key(lot.batch),
            DispatchError::Other("at auction already")
        );
        OnSale::insert(
            lot.batch,
            AtAuction {
                requester: lot.requester,
                model: *lot.model,
                tasks: lot.tasks,
                max_reward: lot.max_reward,
                asset: lot.asset,
                matching: lot.matching,
                award_by: lot.award_by,
                exclude: lot.exclude.to_vec(),
                bids: Vec::new(),
            },
        );
        Ok(())
    }

    fn close(batch: BatchId) {
        for (bidder, deposit) in OnSale::take(batch).map_or_else(Vec::new, |lot| lot.bids) {
            Staking::unlock(&bidder, deposit);
        }
    }

    fn view(batch: BatchId) -> Option<AuctionView> {
        OnSale::get(batch).map(|lot| AuctionView {
            price: match lot.matching {
                Matching::Dutch { start, .. } => start,
                Matching::Sealed { reserve, .. } => reserve,
                Matching::Book => lot.max_reward,
            },
            until: lot.award_by,
            round: 0,
            bids: lot.bids.len() as u32,
            next: "Solvers bid.".into(),
        })
    }

    fn open_to(_: &AccountId, _: u32) -> Vec<AuctionDuty> {
        Vec::new()
    }

    fn locked() -> Vec<(AccountId, Balance)> {
        OnSale::iter_values().flat_map(|lot| lot.bids).collect()
    }
}

/// Somebody bids and puts a deposit down; false if it has none to put down.
pub fn bid(batch: BatchId, solver: AccountId, deposit: Balance) -> bool {
    let bids = Staking::lock(&solver, deposit);
    if bids {
        OnSale::mutate(batch, |lot| lot.as_mut().unwrap().bids.push((solver, deposit)));
    }
    bids
}

/// The auction ends with an award, if the market takes the winner.
pub fn award(batch: BatchId, solver: AccountId, price: Balance) -> bool {
    let awarded = Market::award(batch, &solver, price);
    if awarded {
        DrivenAuctions::close(batch);
    }
    awarded
}

/// The auction ends, and nobody has bid.
pub fn nobody_bids(batch: BatchId) {
    DrivenAuctions::close(batch);
    Market::unsold(batch);
}
