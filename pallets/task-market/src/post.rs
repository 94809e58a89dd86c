//! Posting: check, hold the escrow, prepay, assign.

use crate::{
    limits::MAX_SHEETS,
    matching::Obstacle,
    prepay::Prepay,
    types::{Batch, Inputs as BatchInputs, OpenTask},
    weights::WeightInfo,
    Batches, Config, Error, Event, HoldReason, Inputs, NextBatch, Pallet,
};
use alloc::vec::Vec;
use frame_support::{ensure, traits::fungible::hold::Mutate, weights::Weight, BoundedVec};
use pensum_primitives::{
    model::{InputSchema, ModelEntry},
    task::{Input, Terms, Verification, MAX_INLINE},
    traits::Models,
    AccountId, Balance, BatchId, BlockNumber,
};
use sp_runtime::{traits::Get, DispatchError, DispatchResult};

/// The whole, in parts per million.
const WHOLE: u32 = 1_000_000;

impl<T: Config> Pallet<T> {
    /// Posts a batch and returns how many solvers share it.
    pub(crate) fn do_post(
        requester: AccountId,
        terms: Terms,
        inputs: BatchInputs,
    ) -> Result<u32, DispatchError> {
        let now = Self::now();
        let entry = Self::check_terms(&terms, now)?;
        let tasks = Self::check_inputs(&entry, &inputs)?;
        let lens: Vec<u32> = tasks.iter().map(|task| task.len).collect();
        ensure!(
            Self::sheet_weight(&entry, &lens).all_lte(T::MaxAnswerWeight::get()),
            Error::<T>::BatchTooCostly
        );

        let escrow = terms
            .max_reward
            .checked_mul(tasks.len() as Balance)
            .ok_or(Error::<T>::EscrowTooLarge)?;
        T::NativeBalance::hold(&HoldReason::Escrow.into(), &requester, escrow)
            .map_err(|_| Error::<T>::CannotEscrow)?;
        let fee = T::Prepay::charge(&requester, Self::prepaid_weight(&entry, &lens))
            .map_err(|_| Error::<T>::CannotPrepay)?;

        let id = NextBatch::<T>::mutate(|next| {
            let id = *next;
            *next = BatchId(id.0.saturating_add(1));
            id
        });
        let mut batch = Batch {
            requester: requester.clone(),
            model: terms.model,
            max_reward: terms.max_reward,
            deadline: terms.deadline,
            posted_at: now,
            min_reputation: terms.min_reputation,
            verification: terms.verification,
            parts: BoundedVec::new(),
            failed: BoundedVec::new(),
        };
        let shared = Self::share_out(id, &mut batch, tasks, &BoundedVec::new(), now);
        if let Some(obstacle) = shared.obstacle {
            return Err(Error::<T>::from(obstacle).into());
        }

        Self::deposit_event(Event::AnswersPrepaid {
            batch: id,
            requester: requester.clone(),
            fee,
        });
        for part in &batch.parts {
            Self::deposit_event(Event::TasksPosted {
                first: id.task(part.tasks.first().map_or(0, |task| task.place)),
                tasks: part.count(),
                requester: requester.clone(),
                solver: part.solver.clone(),
                model: batch.model,
                price: part.price(batch.max_reward),
                answer_by: part.answer_by,
                deadline: batch.deadline,
            });
        }
        let parts = batch.parts.len() as u32;
        Inputs::<T>::insert(id, inputs);
        Batches::<T>::insert(id, batch);
        Ok(parts)
    }

    fn check_terms(terms: &Terms, now: BlockNumber) -> Result<ModelEntry, DispatchError> {
        let Verification::Replay { window } = terms.verification;
        ensure!(window == 0, Error::<T>::WindowNotOffered);
        ensure!(terms.min_reputation <= WHOLE, Error::<T>::ReputationOutOfRange);
        let ahead = terms.deadline.saturating_sub(now);
        ensure!(ahead >= T::MinDeadline::get(), Error::<T>::DeadlineTooSoon);
        ensure!(ahead <= T::MaxDeadline::get(), Error::<T>::DeadlineTooFar);
        let entry = T::Models::usable(&terms.model, terms.allow_flagged)?;
        ensure!(entry.on_chain, Error::<T>::GraphNotOnChain);
        Ok(entry)
    }

    /// The tasks that these inputs make, not yet assigned.
    fn check_inputs(entry: &ModelEntry, inputs: &BatchInputs) -> Result<Vec<OpenTask>, DispatchError> {
        ensure!(!inputs.is_empty(), Error::<T>::NoInputs);
        let mut tasks = Vec::with_capacity(inputs.len());
        for (place, input) in (0..=u8::MAX).zip(inputs) {
            Self::check_input(entry, input)?;
            let blob = matches!(input, Input::Blob { .. });
            tasks.push(OpenTask {
                place,
                blob,
                len: input.len(),
                bond: 0,
            });
        }
        Ok(tasks)
    }

    fn check_input(entry: &ModelEntry, input: &Input) -> DispatchResult {
        match input {
            Input::Inline(bytes) if matches!(entry.input, InputSchema::Text { .. }) => {
                ensure!(core::str::from_utf8(bytes).is_ok(), Error::<T>::InputNotText);
            }
            Input::Inline(_) => (),
            // The answer brings the bytes, in a field that holds no more.
            Input::Blob { len, .. } => ensure!(*len <= MAX_INLINE, Error::<T>::BlobTooLong),
        }
        ensure!(entry.accepts_len(input.len()), Error::<T>::InputWrongShape);
        Ok(())
    }

    /// Weight of a post before it ran.
    pub(crate) fn post_weight(inputs: &BatchInputs, parts: u32) -> Weight {
        let (tasks, bytes) = Self::sizes(inputs);
        T::WeightInfo::post(tasks, bytes, parts)
    }

    /// Number of inputs and bytes in them.
    pub(crate) fn sizes(inputs: &BatchInputs) -> (u32, u32) {
        let bytes = inputs
            .iter()
            .fold(0, |sum: u32, input| sum.saturating_add(input.len()));
        (inputs.len() as u32, bytes)
    }

    /// Weight of answering tasks of these lengths in one sheet, authorisation included.
    fn sheet_weight(entry: &ModelEntry, lens: &[u32]) -> Weight {
        let tasks = lens.len() as u32;
        let bytes = lens.iter().fold(0, |sum: u32, len| {
            sum.saturating_add(*len).saturating_add(entry.output_len)
        });
        let work = lens
            .iter()
            .fold(0, |sum: u64, len| sum.saturating_add(entry.cost(*len)));
        T::WeightInfo::authorize_answer(1, tasks, bytes)
            .saturating_add(T::WeightInfo::answer(1, tasks))
            .saturating_add(T::WeightInfo::load_graph(1))
            .saturating_add(T::WeightInfo::replay(work))
    }

    /// Weight that the requester pays in advance: as many sheets as the solver may hand in, and one hand-over or refund.
    fn prepaid_weight(entry: &ModelEntry, lens: &[u32]) -> Weight {
        let tasks = lens.len() as u32;
        let further_sheets = tasks.min(MAX_SHEETS.into()).saturating_sub(1);
        let further_sheet = T::WeightInfo::authorize_answer(1, 0, 0)
            .saturating_add(T::WeightInfo::answer(1, 0))
            .saturating_add(T::WeightInfo::load_graph(1));
        Self::sheet_weight(entry, lens)
            .saturating_add(further_sheet.saturating_mul(further_sheets.into()))
            .saturating_add(T::WeightInfo::hand_over(1, tasks))
    }
}

impl<T: Config> From<Obstacle> for Error<T> {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::NobodyOffers => Self::NobodyOffers,
            Obstacle::CapTooLow => Self::PriceCapBelowOffers,
            Obstacle::NobodyFree => Self::SolversBusy,
            Obstacle::TooManyParts => Self::TooFragmented,
        }
    }
}
