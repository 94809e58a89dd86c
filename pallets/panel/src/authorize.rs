//! Authorisation: which commitments, reveals and excuses get into the pool and into a block.

use crate::{
    types::{Panel, Progress, Seat, Stage},
    Config, Pallet, Panels, Seats,
};
use alloc::{vec, vec::Vec};
use codec::Encode;
use frame_support::{pallet_prelude::TransactionValidityWithRefund, weights::Weight};
use pensum_primitives::{
    operator::{commit_payload, excuse_payload, reveal_payload, OperatorId, OperatorSignature, Refusal},
    panel::{commitment, Ballot, RoundId, Salt},
    traits::Solvers,
    verdict::Unable,
    AccountId, BatchId, Digest,
};
use sp_runtime::{
    traits::{Get, Zero},
    transaction_validity::{InvalidTransaction, ValidTransaction},
    RuntimeAppPublic,
};

/// A member, its panel and its seat.
pub(crate) struct Sitting {
    pub(crate) solver: AccountId,
    pub(crate) panel: Panel,
    pub(crate) seat: Seat,
}

impl<T: Config> Pallet<T> {
    pub(crate) fn authorize_commit(
        operator: &OperatorId,
        batch: BatchId,
        round: RoundId,
        commitment: Digest,
        signature: &OperatorSignature,
    ) -> TransactionValidityWithRefund {
        let payload = commit_payload(Self::genesis(), operator, batch, round, commitment);
        validity(
            Self::committing(operator, batch, round)
                .and_then(|sitting| Self::signed(b"commit", batch, sitting, operator, payload, signature)),
        )
    }

    pub(crate) fn authorize_excuse(
        operator: &OperatorId,
        batch: BatchId,
        round: RoundId,
        reason: Unable,
        signature: &OperatorSignature,
    ) -> TransactionValidityWithRefund {
        let payload = excuse_payload(Self::genesis(), operator, batch, round, reason);
        validity(
            Self::committing(operator, batch, round)
                .and_then(|sitting| Self::signed(b"excuse", batch, sitting, operator, payload, signature)),
        )
    }

    pub(crate) fn authorize_reveal(
        operator: &OperatorId,
        batch: BatchId,
        round: RoundId,
        ballot: &Ballot,
        salt: &Salt,
        signature: &OperatorSignature,
    ) -> TransactionValidityWithRefund {
        validity(Self::check_reveal(
            operator, batch, round, ballot, salt, signature,
        ))
    }

    /// Checks cheap things first: nobody without a seat can make a node hash a ballot.
    fn check_reveal(
        operator: &OperatorId,
        batch: BatchId,
        round: RoundId,
        ballot: &Ballot,
        salt: &Salt,
        signature: &OperatorSignature,
    ) -> Result<ValidTransaction, Refusal> {
        let (sitting, committed) = Self::revealing(operator, batch, round)?;
        if ballot.len() != sitting.panel.tasks.len() {
            return Err(Refusal::Malformed);
        }
        if commitment(batch, round, &sitting.solver, ballot, salt) != committed {
            return Err(Refusal::CommitmentMismatch);
        }
        let payload = reveal_payload(Self::genesis(), operator, batch, round, ballot, salt);
        Self::signed(b"reveal", batch, sitting, operator, payload, signature)
    }

    /// The seat of a solver that may commit or leave now.
    pub(crate) fn committing(
        operator: &OperatorId,
        batch: BatchId,
        round: RoundId,
    ) -> Result<Sitting, Refusal> {
        let sitting = Self::sitting(operator, batch, round)?;
        match (sitting.panel.stage, sitting.seat.progress) {
            (Stage::Committing, Progress::Drawn) => Ok(sitting),
            (Stage::Committing, _) => Err(Refusal::AlreadyDone),
            _ => Err(Refusal::NoSeat),
        }
    }

    /// The seat of a solver that may reveal now, and what it committed to.
    pub(crate) fn revealing(
        operator: &OperatorId,
        batch: BatchId,
        round: RoundId,
    ) -> Result<(Sitting, Digest), Refusal> {
        let sitting = Self::sitting(operator, batch, round)?;
        match (sitting.panel.stage, sitting.seat.progress) {
            (Stage::Revealing | Stage::Closing, Progress::Committed(committed)) => Ok((sitting, committed)),
            (Stage::Revealing | Stage::Closing, Progress::Revealed) => Err(Refusal::AlreadyDone),
            _ => Err(Refusal::NoSeat),
        }
    }

    fn sitting(operator: &OperatorId, batch: BatchId, round: RoundId) -> Result<Sitting, Refusal> {
        let solver = T::Solvers::of_operator(operator).ok_or(Refusal::UnknownOperator)?;
        let seat = Seats::<T>::get(&solver, batch).ok_or(Refusal::NoSeat)?;
        let panel = Panels::<T>::get(batch).ok_or(Refusal::NoSeat)?;
        if panel.drawn_at != round {
            return Err(Refusal::NoSeat);
        }
        if Self::now() > panel.until {
            return Err(Refusal::TooLate);
        }
        Ok(Sitting { solver, panel, seat })
    }

    /// A transaction that its operator has signed, of use until its phase ends.
    fn signed(
        kind: &[u8; 6],
        batch: BatchId,
        sitting: Sitting,
        operator: &OperatorId,
        payload: Vec<u8>,
        signature: &OperatorSignature,
    ) -> Result<ValidTransaction, Refusal> {
        if !operator.verify(&payload, signature) {
            return Err(Refusal::BadSignature);
        }
        let Sitting { solver, panel, .. } = sitting;
        Ok(ValidTransaction {
            priority: T::Priority::get(),
            requires: Vec::new(),
            provides: vec![(*b"panel", kind, solver, batch, panel.drawn_at).encode()],
            longevity: u64::from(panel.until.saturating_sub(Self::now())).max(1),
            propagate: true,
        })
    }

    fn genesis() -> Digest {
        frame_system::Pallet::<T>::block_hash(frame_system::pallet_prelude::BlockNumberFor::<T>::zero())
    }
}

fn validity(checked: Result<ValidTransaction, Refusal>) -> TransactionValidityWithRefund {
    checked
        .map(|valid| (valid, Weight::zero()))
        .map_err(|refusal| InvalidTransaction::Custom(refusal.code()).into())
}
