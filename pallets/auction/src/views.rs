//! How auctions stand: for status, and for a solver's node. Read by RPC and off-chain workers only, never by calls.

use crate::{
    limits::MAX_SCAN,
    types::{Auction, Phase},
    Auctions, Bidding, Bids, ByModel, Config, Pallet,
};
use alloc::{format, string::String, vec::Vec};
use pensum_primitives::{
    traits::{AuctionDuty, AuctionView, Lots, Solvers, Standing, Turn},
    AccountId, BatchId, BlockNumber, ModelId,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn auction_view(id: BatchId) -> Option<AuctionView> {
        let auction = Auctions::<T>::get(id)?;
        let bids = Bids::<T>::decode_len(id).unwrap_or(0) as u32;
        let phase = auction.phase(Self::now());
        let (_, most) = auction.sale.prices();
        let price = match phase {
            Some((Phase::Rising { price }, _)) => price,
            _ => most,
        };
        Some(AuctionView {
            price,
            until: phase.map_or(auction.due, |(_, until)| until),
            round: auction.round,
            bids,
            next: next(&auction, phase, bids),
        })
    }

    /// What the solver can do in the next block: reveals first, since not revealing costs a deposit.
    pub(crate) fn duties_of(solver: &AccountId, limit: u32) -> Vec<AuctionDuty> {
        let next = Self::now().saturating_add(1);
        let reveals =
            Bidding::<T>::iter_key_prefix(solver).filter_map(|id| Self::reveal_duty(id, solver, next));
        let others =
            Scan::<T>::new(solver).filter_map(|(id, standing)| Self::open_duty(id, solver, &standing, next));
        reveals.chain(others).take(limit as usize).collect()
    }

    fn reveal_duty(id: BatchId, solver: &AccountId, next: BlockNumber) -> Option<AuctionDuty> {
        let auction = Auctions::<T>::get(id)?;
        let (Phase::Revealing { .. }, until) = auction.phase(next)? else {
            return None;
        };
        let bids = Bids::<T>::get(id);
        let bid = bids
            .iter()
            .find(|bid| bid.solver == *solver && bid.revealed.is_none())?;
        let commitment = bid.commitment;
        Some(Self::duty(id, &auction, Turn::Reveal { commitment }, until))
    }

    /// A batch that the solver could take or bid for.
    fn open_duty(
        id: BatchId,
        solver: &AccountId,
        standing: &Standing,
        next: BlockNumber,
    ) -> Option<AuctionDuty> {
        let auction = Auctions::<T>::get(id)?;
        let welcome = standing.reputation >= auction.min_reputation && !auction.exclude.contains(solver);
        // The scan has asked for PEN, which all accept.
        let accepts = auction.asset.is_none()
            || T::Solvers::standing(solver, &auction.model, auction.asset)
                .is_some_and(|standing| standing.eligible);
        let (turn, until) = match auction.phase(next)? {
            (Phase::Rising { price }, until) => (Turn::Take { price }, until),
            (Phase::Committing { reserve }, until) => (Turn::Bid { reserve }, until),
            _ => return None,
        };
        let has_room = standing.free >= auction.deposit
            && (matches!(turn, Turn::Take { .. }) || Self::has_room_for(id, solver, standing.reputation));
        (welcome && accepts && has_room).then(|| Self::duty(id, &auction, turn, until))
    }

    fn has_room_for(id: BatchId, solver: &AccountId, score_ppm: u32) -> bool {
        let bids = Bids::<T>::get(id);
        bids.iter().all(|bid| bid.solver != *solver)
            && (!bids.is_full() || Self::giving_way(&bids, score_ppm).is_some())
    }

    fn duty(id: BatchId, auction: &Auction, turn: Turn, until: BlockNumber) -> AuctionDuty {
        AuctionDuty {
            batch: id,
            model: auction.model,
            input_lens: T::Lots::input_lens(id),
            round: auction.round,
            turn,
            until,
        }
    }
}

/// Walks the open auctions of the models for which a solver may take work, and passes over those of others as a whole.
struct Scan<'a, T: Config> {
    solver: &'a AccountId,
    keys: frame_support::storage::KeyPrefixIterator<(ModelId, BatchId)>,
    model: Option<(ModelId, Option<Standing>)>,
    left: usize,
    _config: core::marker::PhantomData<T>,
}

impl<'a, T: Config> Scan<'a, T> {
    fn new(solver: &'a AccountId) -> Self {
        Self {
            solver,
            keys: ByModel::<T>::iter_keys(),
            model: None,
            left: MAX_SCAN,
            _config: Default::default(),
        }
    }

    fn standing(&mut self, model: ModelId) -> Option<Standing> {
        match self.model {
            Some((known, standing)) if known == model => standing,
            _ => {
                let standing =
                    T::Solvers::standing(self.solver, &model, None).filter(|standing| standing.eligible);
                self.model = Some((model, standing));
                standing
            }
        }
    }
}

impl<T: Config> Iterator for Scan<'_, T> {
    type Item = (BatchId, Standing);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.left = self.left.checked_sub(1)?;
            let (model, id) = self.keys.next()?;
            if let Some(standing) = self.standing(model) {
                return Some((id, standing));
            }
            self.keys = ByModel::<T>::iter_keys_from(past::<T>(model));
        }
    }
}

/// Bytes that a batch takes in a key: its hash and itself.
const BATCH_IN_KEY: usize = 16;

/// A storage key behind those of all auctions for this model.
fn past<T: Config>(model: ModelId) -> Vec<u8> {
    let mut key = ByModel::<T>::hashed_key_for(model, BatchId::default());
    key.truncate(key.len().saturating_sub(BATCH_IN_KEY));
    key.extend([u8::MAX; BATCH_IN_KEY]);
    key
}

/// What happens next, in one sentence.
fn next(auction: &Auction, phase: Option<(Phase, BlockNumber)>, bids: u32) -> String {
    let otherwise = match auction.rounds_left {
        0 => String::from("or else the escrow comes back"),
        left => format!("or else a dearer round opens (up to {left} more), if there is time for it"),
    };
    let (_, most) = auction.sale.prices();
    match phase {
        Some((Phase::Rising { .. }, until)) => {
            format!("The first solver to take it has it, at a price that rises to {most} until block {until}, {otherwise}.")
        }
        Some((Phase::Committing { reserve }, until)) => {
            format!("Solvers commit to bids of at most {reserve} until block {until}, {otherwise}.")
        }
        Some((Phase::Revealing { .. }, until)) => {
            format!("The {bids} bidders reveal until block {until}; then the lowest bid wins, {otherwise}.")
        }
        None => format!("The round is over; the chain decides it within a few blocks, {otherwise}."),
    }
}
