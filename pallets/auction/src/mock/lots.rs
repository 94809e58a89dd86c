//! A market that puts batches up and remembers how their auctions ended.

use super::{model, now, Auction, Staking, MAX_REWARD, REQUESTER};
use codec::{Decode, Encode};
use frame_support::{storage_alias, Twox64Concat};
use pensum_primitives::{
    matching::Matching,
    traits::{Auctions, Engagement, Lot, Lots, Solvers},
    AccountId, AssetId, Balance, BatchId, BlockNumber, ModelId,
};
use sp_runtime::DispatchResult;

/// Blocks from an opening to the last award, unless the test says otherwise.
pub const AWARD_AHEAD: BlockNumber = 40;

/// How an auction ended.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub enum End {
    Sold(AccountId, Balance),
    Unsold,
    Closed,
}

/// A batch as the market knows it.
#[derive(Clone, Debug, Encode, Decode)]
pub struct Batch {
    pub model: ModelId,
    pub lens: Vec<u32>,
    pub asset: Option<AssetId>,
    pub min_reputation: u32,
    pub award_by: BlockNumber,
    pub exclude: Vec<AccountId>,
    pub end: Option<End>,
}

impl Default for Batch {
    fn default() -> Self {
        Self {
            model: model(),
            lens: vec![super::LEN, super::LEN],
            asset: None,
            min_reputation: 0,
            award_by: now() + AWARD_AHEAD,
            exclude: vec![],
            end: None,
        }
    }
}

#[storage_alias]
type Batches = StorageMap<FakeMarket, Twox64Concat, BatchId, Batch>;

pub struct Market;

impl Lots for Market {
    fn award(batch: BatchId, solver: &AccountId, price: Balance) -> bool {
        assert!(Auction::view(batch).is_none(), "awarded while at auction");
        let mut sold = Batches::get(batch).unwrap();
        assert_eq!(sold.end, None, "awarded twice");
        assert!(now() <= sold.award_by, "awarded too late");
        assert!(!sold.exclude.contains(solver), "awarded to an excluded solver");
        let prices = vec![price; sold.lens.len()];
        let engagement = Engagement {
            model: &sold.model,
            prices: &prices,
            asset: sold.asset,
            min_reputation: sold.min_reputation,
        };
        let engaged = Staking::engage(solver, engagement).is_ok();
        if engaged {
            sold.end = Some(End::Sold(solver.clone(), price));
            Batches::insert(batch, sold);
        }
        engaged
    }

    fn unsold(batch: BatchId) {
        assert!(Auction::view(batch).is_none(), "unsold while at auction");
        let mut unsold = Batches::get(batch).unwrap();
        assert_eq!(unsold.end, None, "ended twice");
        unsold.end = Some(End::Unsold);
        Batches::insert(batch, unsold);
        // As a market may that does not know how the auction ended.
        Auction::close(batch);
    }

    fn input_lens(batch: BatchId) -> Vec<u32> {
        Batches::get(batch).map_or(vec![], |batch| batch.lens)
    }
}

/// Puts a batch up for auction.
pub fn put_up(number: u64, matching: Matching, batch: Batch) -> DispatchResult {
    Auction::open(Lot {
        batch: BatchId(number),
        requester: REQUESTER,
        model: &batch.model,
        tasks: batch.lens.len() as u32,
        max_reward: MAX_REWARD,
        asset: batch.asset,
        min_reputation: batch.min_reputation,
        matching,
        award_by: batch.award_by,
        exclude: &batch.exclude,
    })?;
    Batches::insert(BatchId(number), batch);
    Ok(())
}

/// Puts up a batch of two tasks that anybody may take.
pub fn open(number: u64, matching: Matching) -> BatchId {
    put_up(number, matching, Batch::default()).unwrap();
    BatchId(number)
}

/// The market ends the auction.
pub fn close(id: BatchId) {
    Auction::close(id);
    Batches::mutate(id, |batch| batch.as_mut().unwrap().end = Some(End::Closed));
}

pub fn end(id: BatchId) -> Option<End> {
    Batches::get(id).unwrap().end
}

pub fn every_batch_ended() -> bool {
    Batches::iter_values().all(|batch| batch.end.is_some())
}
