//! Authorisation: what gets into the pool and into a block.

use crate::{
    types::{Auction, Phase},
    Auctions, Bids, Config, Pallet,
};
use codec::Encode;
use frame_support::{pallet_prelude::TransactionValidityWithRefund, traits::Get, weights::Weight};
use frame_system::pallet_prelude::BlockNumberFor;
use pensum_primitives::{
    operator::{bid_payload, reveal_bid_payload, take_payload, OperatorId, OperatorSignature, Refusal},
    panel::{bid_commitment, Salt},
    traits::{Solvers, Standing},
    AccountId, Balance, BatchId, BlockNumber, Digest,
};
use sp_runtime::{
    traits::Zero,
    transaction_validity::{InvalidTransaction, ValidTransaction},
    RuntimeAppPublic,
};

type Checked = Result<ValidTransaction, Refusal>;

impl<T: Config> Pallet<T> {
    /// Checks cheap things first, the signature next, and rehearses the award last: only a solver that wants this batch can
    /// make a node do that.
    pub(crate) fn check_take(
        operator: &OperatorId,
        id: BatchId,
        floor: Balance,
        signature: &OperatorSignature,
    ) -> Checked {
        let (solver, auction) = Self::solver_and_auction(operator, id)?;
        let Some((Phase::Rising { price }, until)) = auction.phase(Self::now()) else {
            return Err(Refusal::AuctionNotOpen);
        };
        if price < floor {
            return Err(Refusal::PriceTooLow);
        }
        Self::admitted(&auction, &solver).ok_or(Refusal::NotEligible)?;
        let payload = take_payload(Self::genesis(), operator, id, floor);
        verify(operator, &payload, signature)?;
        if !Self::could_take(&solver, id, floor) {
            return Err(Refusal::NotEligible);
        }
        Ok(Self::valid((*b"take", id), until))
    }

    pub(crate) fn check_bid(
        operator: &OperatorId,
        id: BatchId,
        round: u8,
        commitment: Digest,
        signature: &OperatorSignature,
    ) -> Checked {
        let (solver, auction) = Self::solver_and_auction(operator, id)?;
        let Some((Phase::Committing { .. }, until)) = auction.phase_of(round, Self::now()) else {
            return Err(Refusal::AuctionNotOpen);
        };
        let bids = Bids::<T>::get(id);
        if bids.iter().any(|bid| bid.solver == solver) {
            return Err(Refusal::AlreadyBid);
        }
        let standing = Self::admitted(&auction, &solver)
            .filter(|standing| standing.free >= auction.deposit)
            .ok_or(Refusal::NotEligible)?;
        if bids.is_full() && Self::giving_way(&bids, standing.reputation).is_none() {
            return Err(Refusal::AuctionFull);
        }
        let payload = bid_payload(Self::genesis(), operator, id, round, commitment);
        verify(operator, &payload, signature)?;
        Ok(Self::valid((*b"bid", &solver, id, round), until))
    }

    pub(crate) fn check_reveal_bid(
        operator: &OperatorId,
        id: BatchId,
        round: u8,
        price: Balance,
        salt: &Salt,
        signature: &OperatorSignature,
    ) -> Checked {
        let (solver, auction) = Self::solver_and_auction(operator, id)?;
        let Some((Phase::Revealing { reserve }, until)) = auction.phase_of(round, Self::now()) else {
            return Err(Refusal::AuctionNotOpen);
        };
        let bids = Bids::<T>::get(id);
        let bid = bids
            .iter()
            .find(|bid| bid.solver == solver)
            .ok_or(Refusal::CommitmentMismatch)?;
        if bid.revealed.is_some() {
            return Err(Refusal::AlreadyDone);
        }
        if bid_commitment(id, round, &solver, price, salt) != bid.commitment {
            return Err(Refusal::CommitmentMismatch);
        }
        if price > reserve {
            return Err(Refusal::AboveReserve);
        }
        let payload = reveal_bid_payload(Self::genesis(), operator, id, round, price, salt);
        verify(operator, &payload, signature)?;
        Ok(Self::valid((*b"reveal-bid", &solver, id, round), until))
    }

    fn solver_and_auction(operator: &OperatorId, id: BatchId) -> Result<(AccountId, Auction), Refusal> {
        let solver = T::Solvers::of_operator(operator).ok_or(Refusal::UnknownOperator)?;
        let auction = Auctions::<T>::get(id).ok_or(Refusal::AuctionNotOpen)?;
        Ok((solver, auction))
    }

    /// How the solver stands, if it may take part.
    pub(crate) fn admitted(auction: &Auction, solver: &AccountId) -> Option<Standing> {
        if auction.exclude.contains(solver) {
            return None;
        }
        T::Solvers::standing(solver, &auction.model, auction.asset)
            .filter(|standing| standing.eligible && standing.reputation >= auction.min_reputation)
    }

    /// A transaction with this tag, of use until the end of the phase.
    fn valid(tag: impl Encode, until: BlockNumber) -> ValidTransaction {
        ValidTransaction::with_tag_prefix("pensum/auction")
            .and_provides(tag)
            .priority(T::Priority::get())
            .longevity(u64::from(until.saturating_sub(Self::now())).max(1))
            .propagate(true)
            .into()
    }

    fn genesis() -> Digest {
        frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero())
    }
}

fn verify(operator: &OperatorId, payload: &[u8], signature: &OperatorSignature) -> Result<(), Refusal> {
    operator
        .verify(&payload, signature)
        .then_some(())
        .ok_or(Refusal::BadSignature)
}

/// What the pool is told.
pub(crate) fn verdict(checked: Checked) -> TransactionValidityWithRefund {
    match checked {
        Ok(valid) => Ok((valid, Weight::zero())),
        Err(refusal) => Err(InvalidTransaction::Custom(refusal.code()).into()),
    }
}
