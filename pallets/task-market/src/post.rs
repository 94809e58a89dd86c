//! Posting: check, hold the escrow, prepay, then assign, open an auction or summon a panel.

use crate::{
    matching::Obstacle,
    prepay::Prepay,
    sheet::Work,
    types::{Batch, Inputs as BatchInputs, OpenTask, Repairs, Upstream},
    weights::WeightInfo,
    Batches, Config, Error, Event, HoldReason, Inputs, NextBatch, Pallet,
};
use alloc::vec::Vec;
use frame_support::{ensure, traits::fungibles::hold::Mutate, weights::Weight, BoundedVec};
use pensum_primitives::{
    follower::Follower, matching::Matching, task::Terms, verification::Verification, AccountId, Balance,
    BatchId,
};
use sp_runtime::{traits::Get, DispatchError, DispatchResult};

/// What a batch comes from, where it is posted on somebody's behalf.
#[derive(Default)]
pub(crate) struct Descent {
    /// Tasks whose answers went into its input.
    pub upstream: Upstream,
    /// Who posts it.
    pub follower: Option<Follower>,
}

/// A batch that was posted.
pub(crate) struct Posted {
    /// The batch.
    pub id: BatchId,
    /// How many solvers share it; none where it waits.
    pub parts: u32,
}

impl Posted {
    /// What posting it weighed.
    pub fn weight<T: Config>(&self, tasks: u32, bytes: u32) -> Weight {
        match self.parts {
            0 => T::WeightInfo::open(tasks, bytes),
            parts => T::WeightInfo::post(tasks, bytes, parts),
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Posts a batch.
    pub(crate) fn do_post(
        requester: AccountId,
        terms: Terms,
        inputs: BatchInputs,
        descent: Descent,
    ) -> Result<Posted, DispatchError> {
        let now = Self::now();
        let cap = Self::cap(&terms)?;
        let entry = Self::check_terms(&terms, cap.max_reward, inputs.len() as u32, now)?;
        let tasks = Self::check_inputs(&entry, &terms.verification, &inputs)?;
        let work = Work::new::<T>(&terms, &entry, tasks.iter().map(|task| task.len).collect());
        Self::check_work(&work)?;

        let escrow = terms
            .max_reward
            .checked_mul(tasks.len() as Balance)
            .ok_or(Error::<T>::EscrowTooLarge)?;
        T::Currencies::hold(terms.asset, &HoldReason::Escrow.into(), &requester, escrow)
            .map_err(|_| Error::<T>::CannotEscrow)?;
        let fee = T::Prepay::charge(&requester, work.prepaid::<T>(), terms.asset)
            .map_err(|_| Error::<T>::CannotPrepay)?;

        let id = NextBatch::<T>::mutate(|next| {
            let id = *next;
            *next = BatchId(id.0.saturating_add(1));
            id
        });
        let mut batch = Batch {
            requester: requester.clone(),
            model: terms.model,
            max_reward: cap.max_reward,
            escrow: cap.escrow,
            deadline: terms.deadline,
            posted_at: now,
            min_reputation: terms.min_reputation,
            matching: terms.matching,
            verification: terms.verification,
            parts: BoundedVec::new(),
            waiting: None,
            failed: BoundedVec::new(),
            upstream: descent.upstream,
            follower: descent.follower,
        };
        // An auction or a panel asks for the inputs.
        Inputs::<T>::insert(id, inputs);
        Self::deposit_event(Event::AnswersPrepaid {
            batch: id,
            requester,
            fee,
            asset: terms.asset,
        });
        Self::match_new(id, &mut batch, tasks)?;
        let parts = batch.parts.len() as u32;
        Batches::<T>::insert(id, batch);
        Ok(Posted { id, parts })
    }

    /// Whether a whole batch can be answered in one sheet.
    pub(crate) fn check_work(work: &Work) -> DispatchResult {
        ensure!(
            work.sheet::<T>().all_lte(T::MaxAnswerWeight::get()),
            Error::<T>::BatchTooCostly
        );
        Ok(())
    }

    /// Finds solvers for a new batch, or has them found.
    fn match_new(id: BatchId, batch: &mut Batch, tasks: Vec<OpenTask>) -> DispatchResult {
        let from_book = matches!(batch.matching, Matching::Book)
            && !matches!(batch.verification, Verification::Quorum { .. });
        if !from_book {
            Self::deposit_event(Event::BatchOpened {
                first: id.task(0),
                tasks: tasks.len() as u32,
                requester: batch.requester.clone(),
                model: batch.model,
                deadline: batch.deadline,
            });
            return Self::open(id, batch, &tasks, Repairs::new());
        }
        let shared = Self::share_out(id, batch, tasks, &Repairs::new(), Self::now());
        if let Some(obstacle) = shared.obstacle {
            return Err(Error::<T>::from(obstacle).into());
        }
        for part in &batch.parts {
            Self::deposit_event(Event::TasksPosted {
                first: id.task(part.tasks.first().map_or(0, |task| task.place)),
                tasks: part.count(),
                requester: batch.requester.clone(),
                solver: part.solver.clone(),
                model: batch.model,
                price: part.price(batch.max_reward),
                answer_by: part.answer_by,
                deadline: batch.deadline,
            });
        }
        Ok(())
    }

    /// Weight of a post before it ran.
    pub(crate) fn post_weight(terms: &Terms, inputs: &BatchInputs, parts: u32) -> Weight {
        let (tasks, bytes) = Self::sizes(inputs);
        T::WeightInfo::post(tasks, bytes, parts)
            .max(T::WeightInfo::open(tasks, bytes))
            .saturating_add(Self::extra_of_posting(terms))
    }

    /// What posting weighs more where another asset than PEN pays.
    pub(crate) fn extra_of_posting(terms: &Terms) -> Weight {
        terms
            .asset
            .map_or(Weight::zero(), |_| T::WeightInfo::post_asset())
    }

    /// Number of inputs and bytes in them.
    pub(crate) fn sizes(inputs: &BatchInputs) -> (u32, u32) {
        let bytes = inputs
            .iter()
            .fold(0, |sum: u32, input| sum.saturating_add(input.len()));
        (inputs.len() as u32, bytes)
    }
}

impl<T: Config> From<Obstacle> for Error<T> {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::NobodyOffers => Self::NobodyOffers,
            Obstacle::AssetNotAccepted => Self::AssetNotAccepted,
            Obstacle::NoRate => Self::OffersWithoutRate,
            Obstacle::CapTooLow => Self::PriceCapBelowOffers,
            Obstacle::NobodyFree => Self::SolversBusy,
            Obstacle::TooManyParts => Self::TooFragmented,
        }
    }
}
