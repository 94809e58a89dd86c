//! Terms: which combinations of matching, verification, deadline and input make sense.

use crate::{
    types::{settles_at_once, Escrow, Inputs as BatchInputs, OpenTask},
    Config, Error, Pallet,
};
use alloc::vec::Vec;
use frame_support::ensure;
use pensum_primitives::{
    matching::Matching,
    model::{InputSchema, ModelEntry},
    panel::MAX_PANEL_TASKS,
    task::{Input, Terms, MAX_INLINE},
    traits::{Auctions, Models, Panels, Rates},
    verification::{Rule, Verification, MAX_PANEL, MIN_PANEL},
    Balance, BlockNumber,
};
use sp_runtime::{traits::Get, DispatchError, DispatchResult};

/// The whole, in parts per million.
const WHOLE: u32 = 1_000_000;

/// The price cap of a batch, fixed at posting.
pub(crate) struct Cap {
    /// Most that one task may cost, in PEN.
    pub max_reward: Balance,
    /// What is held for it, where that is another asset.
    pub escrow: Option<Escrow>,
}

impl<T: Config> Pallet<T> {
    /// What the terms' cap is worth now.
    pub(crate) fn cap(terms: &Terms) -> Result<Cap, DispatchError> {
        let each = terms.max_reward;
        let Some(asset) = terms.asset else {
            return Ok(Cap {
                max_reward: each,
                escrow: None,
            });
        };
        let max_reward = T::Rates::worth(asset, each)?;
        ensure!(max_reward > 0, Error::<T>::WorthNothing);
        Ok(Cap {
            max_reward,
            escrow: Some(Escrow { asset, each }),
        })
    }

    /// Checks the terms for so many tasks, of which one may cost at most `max_reward` of PEN.
    pub(crate) fn check_terms(
        terms: &Terms,
        max_reward: Balance,
        tasks: u32,
        now: BlockNumber,
    ) -> Result<ModelEntry, DispatchError> {
        ensure!(tasks > 0, Error::<T>::NoInputs);
        ensure!(terms.min_reputation <= WHOLE, Error::<T>::ReputationOutOfRange);
        let ahead = terms.deadline.saturating_sub(now);
        ensure!(ahead >= T::MinDeadline::get(), Error::<T>::DeadlineTooSoon);
        ensure!(ahead <= T::MaxDeadline::get(), Error::<T>::DeadlineTooFar);
        let entry = T::Models::usable(&terms.model, terms.allow_flagged)?;
        match &terms.verification {
            Verification::Replay { window: 0 } => ensure!(entry.on_chain, Error::<T>::GraphNotOnChain),
            Verification::Replay { window } => Self::check_replay(terms, max_reward, *window)?,
            Verification::Quorum {
                solvers,
                threshold,
                rule,
            } => Self::check_quorum(terms, tasks, ahead, (*solvers, *threshold), rule)?,
            Verification::Requester { window } => {
                ensure!(tasks == 1, Error::<T>::OneTaskForRequester);
                Self::check_window(*window)?;
            }
        }
        if !matches!(terms.matching, Matching::Book) {
            T::Auctions::check(&terms.matching, max_reward, ahead)?;
        }
        Ok(entry)
    }

    fn check_window(window: BlockNumber) -> DispatchResult {
        ensure!(window >= T::MinWindow::get(), Error::<T>::WindowTooShort);
        ensure!(window <= T::MaxWindow::get(), Error::<T>::WindowTooLong);
        Ok(())
    }

    fn check_replay(terms: &Terms, max_reward: Balance, window: BlockNumber) -> DispatchResult {
        Self::check_window(window)?;
        ensure!(
            max_reward <= T::MaxWindowedReward::get(),
            Error::<T>::RewardTooHighForWindow
        );
        ensure!(
            T::Models::nodes(&terms.model).is_some(),
            Error::<T>::SkeletonUnknown
        );
        Ok(())
    }

    fn check_quorum(
        terms: &Terms,
        tasks: u32,
        ahead: BlockNumber,
        (solvers, threshold): (u8, u8),
        rule: &Rule,
    ) -> DispatchResult {
        ensure!(
            matches!(terms.matching, Matching::Book),
            Error::<T>::PanelTakesNoAuction
        );
        ensure!(tasks <= MAX_PANEL_TASKS, Error::<T>::PanelTasksTooMany);
        ensure!(
            (MIN_PANEL..=MAX_PANEL).contains(&solvers),
            Error::<T>::PanelSizeOutOfRange
        );
        ensure!(
            // Below all of them: with unanimity, one member could spoil every task at no cost.
            threshold > solvers / 2 && threshold < solvers,
            Error::<T>::ThresholdOutOfRange
        );
        ensure!(
            ahead >= T::Panels::longest(crate::limits::PANEL_ROUNDS),
            Error::<T>::DeadlineTooSoon
        );
        match rule {
            Rule::Numeric { ppm } => ensure!(*ppm <= WHOLE, Error::<T>::ToleranceOutOfRange),
            Rule::JsonField { pointer } => ensure!(
                core::str::from_utf8(pointer)
                    .is_ok_and(|pointer| pointer.is_empty() || pointer.starts_with('/')),
                Error::<T>::PointerMalformed
            ),
            Rule::Exact | Rule::Label => (),
        }
        Ok(())
    }

    /// The tasks that these inputs make, not yet assigned.
    pub(crate) fn check_inputs(
        entry: &ModelEntry,
        verification: &Verification,
        inputs: &BatchInputs,
    ) -> Result<Vec<OpenTask>, DispatchError> {
        // Only where the chain runs the model itself must the answer bring the input's bytes.
        let replayed = settles_at_once(verification);
        let mut tasks = Vec::with_capacity(inputs.len());
        for (place, input) in (0..=u8::MAX).zip(inputs) {
            let blob = replayed && matches!(input, Input::Blob { .. });
            // The answer brings the bytes in a field that holds no more.
            ensure!(!blob || input.len() <= MAX_INLINE, Error::<T>::BlobTooLong);
            Self::check_input(entry, input)?;
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
        if let (Input::Inline(bytes), InputSchema::Text { .. }) = (input, entry.input) {
            ensure!(core::str::from_utf8(bytes).is_ok(), Error::<T>::InputNotText);
        }
        Self::check_len(entry, input.len())
    }

    /// Whether the model reads inputs of this length.
    pub(crate) fn check_len(entry: &ModelEntry, len: u32) -> DispatchResult {
        ensure!(entry.accepts_len(len), Error::<T>::InputWrongShape);
        Ok(())
    }
}
