//! The plan: whether steps can make a workflow at all.

use crate::{types::Progress, types::Steps, Config, Error, Pallet};
use alloc::vec::Vec;
use frame_support::ensure;
use pensum_primitives::{
    task::{Terms, MAX_OUTPUT},
    traits::{Models, Posting},
    verification::Verification,
    workflow::{Source, Step, MAX_DEPTH},
    AssetId, Balance, ModelId,
};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Checks all steps and returns what those cost that run at once, in units of the asset.
    pub(crate) fn check_plan(steps: &Steps, asset: Option<AssetId>) -> Result<Balance, DispatchError> {
        ensure!(!steps.is_empty(), Error::<T>::NoSteps);
        Self::check_order(steps)?;
        let mut at_once: Balance = 0;
        for step in steps {
            Self::check_condition(steps, step)?;
            let cost = Self::quote(step, asset, Self::greatest_input(steps, step))?;
            if Progress::from(step).needs().next().is_none() {
                at_once = at_once.saturating_add(cost);
            }
        }
        Ok(at_once)
    }

    /// Steps name earlier ones only, so that there is no cycle, and no chain of them is too long.
    fn check_order(steps: &Steps) -> DispatchResult {
        let mut depths: Vec<u32> = Vec::with_capacity(steps.len());
        for step in steps {
            let mut depth: u32 = 1;
            for need in Progress::from(step).needs() {
                let before = depths.get(usize::from(need)).ok_or(Error::<T>::NotEarlier)?;
                depth = depth.max(before.saturating_add(1));
            }
            ensure!(depth <= MAX_DEPTH, Error::<T>::TooDeep);
            depths.push(depth);
        }
        Ok(())
    }

    fn check_condition(steps: &Steps, step: &Step) -> DispatchResult {
        let Some(condition) = &step.condition else {
            return Ok(());
        };
        ensure!(!condition.accepted.is_empty(), Error::<T>::NothingAccepted);
        let asked = steps
            .get(usize::from(condition.step))
            .ok_or(Error::<T>::NotEarlier)?;
        let most = Self::answer_len(&asked.model);
        // What is replayed has the graph's own length; who answers otherwise may say less.
        let exact = matches!(asked.verification, Verification::Replay { .. });
        let fits = |len: u32| if exact { len == most } else { len <= most };
        ensure!(
            condition.accepted.iter().all(|answer| fits(answer.len() as u32)),
            Error::<T>::AcceptedWrongLength
        );
        Ok(())
    }

    /// What posting the step takes from the budget at today's fee.
    pub(crate) fn quote(
        step: &Step,
        asset: Option<AssetId>,
        input_len: u32,
    ) -> Result<Balance, DispatchError> {
        let fee = T::Posting::check(&Self::terms(step, asset), &[input_len])?;
        Ok(step.max_reward.saturating_add(fee))
    }

    /// The terms on which the step would be posted now.
    pub(crate) fn terms(step: &Step, asset: Option<AssetId>) -> Terms {
        Terms {
            model: step.model,
            max_reward: step.max_reward,
            asset,
            deadline: Self::now().saturating_add(step.patience),
            matching: step.matching,
            verification: step.verification.clone(),
            min_reputation: step.min_reputation,
            allow_flagged: step.allow_flagged,
        }
    }

    fn greatest_input(steps: &Steps, step: &Step) -> u32 {
        match &step.source {
            Source::Given(input) => input.len(),
            Source::Output(from) => steps
                .get(usize::from(*from))
                .map_or(MAX_OUTPUT, |source| Self::answer_len(&source.model)),
        }
    }

    fn answer_len(model: &ModelId) -> u32 {
        T::Models::entry(model).map_or(MAX_OUTPUT, |entry| entry.output_len)
    }
}
