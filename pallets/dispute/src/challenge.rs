//! Challenges: one step, executed and decided at once.

use crate::{
    proof::{evidence, Finding},
    types::Flaw,
    weights::WeightInfo,
    Audits, Config, Error, Event, Pallet,
};
use frame_support::{
    dispatch::{DispatchErrorWithPostInfo, DispatchResultWithPostInfo, PostDispatchInfo},
    ensure,
    weights::Weight,
};
use pensum_primitives::{
    solver::Fault,
    step::{trace_digest, Step, MAX_STEP_BYTES},
    task::Trace,
    traits::{Claim, Claims, Models},
    AccountId, TaskId,
};
use sp_runtime::{traits::Get, DispatchError};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_challenge(
        challenger: AccountId,
        task: TaskId,
        trace: &Trace,
        step: &Step,
    ) -> DispatchResultWithPostInfo {
        let refused = |error: DispatchError| DispatchErrorWithPostInfo {
            post_info: Some(T::WeightInfo::refuse(trace.len() as u32)).into(),
            error,
        };
        let claim = Self::ensure_challengeable(&challenger, task, trace, step).map_err(refused)?;
        Self::hold_bond(&challenger).map_err(refused)?;

        let finding = Self::examine(&claim, trace, step);
        match finding {
            Finding::Wrong => Self::disprove(&challenger, task, claim, trace, step)?,
            Finding::Broken => Self::prove_broken(&challenger, task, trace, step)?,
            Finding::Right => Self::lose(&challenger, task, claim, trace, step, None),
            Finding::Flawed(flaw) => Self::lose(&challenger, task, claim, trace, step, Some(flaw)),
        }
        let weight = match finding {
            // The node was not executed.
            Finding::Flawed(_) => Self::challenge_base(trace, step),
            Finding::Right => Self::challenge_base(trace, step).saturating_add(Self::execution(task, step)),
            // As charged: the claim by which the cost could be looked up is gone.
            Finding::Wrong | Finding::Broken => return Ok(PostDispatchInfo::default()),
        };
        Ok(Some(weight).into())
    }

    /// Everything that costs the challenger its fee only.
    fn ensure_challengeable(
        challenger: &AccountId,
        task: TaskId,
        trace: &Trace,
        step: &Step,
    ) -> Result<Claim, DispatchError> {
        let claim = T::Claims::claim(task).ok_or(Error::<T>::NotClaimed)?;
        ensure!(Self::now() <= claim.until, Error::<T>::NotClaimed);
        ensure!(trace_digest(trace) == claim.trace, Error::<T>::TraceMismatch);
        ensure!(claim.solver != *challenger, Error::<T>::OwnAnswer);
        ensure!(step.bytes() <= MAX_STEP_BYTES, Error::<T>::StepTooLarge);
        ensure!(
            Self::challenge_weight(&task, trace, step).all_lte(T::MaxStepWeight::get()),
            Error::<T>::StepTooCostly
        );
        Ok(claim)
    }

    fn disprove(
        challenger: &AccountId,
        task: TaskId,
        claim: Claim,
        trace: &Trace,
        step: &Step,
    ) -> Result<(), DispatchError> {
        let evidence = evidence(trace, step);
        // A solver under audit could else have a friend save the repairer's share of a slash that is certain.
        let rewarded = !Audits::<T>::contains_key(task, step.node);
        Self::return_bond(challenger)?;
        Self::deposit_event(Event::AnswerDisproven {
            task,
            solver: claim.solver,
            challenger: challenger.clone(),
            node: step.node,
            rewarded,
            evidence,
        });
        Self::drop_audits(task);
        T::Claims::convict(task, Fault::Wrong, rewarded.then_some(challenger), evidence);
        Ok(())
    }

    fn prove_broken(
        challenger: &AccountId,
        task: TaskId,
        trace: &Trace,
        step: &Step,
    ) -> Result<(), DispatchError> {
        Self::return_bond(challenger)?;
        Self::void(task, challenger.clone(), trace, step);
        Ok(())
    }

    fn lose(
        challenger: &AccountId,
        task: TaskId,
        claim: Claim,
        trace: &Trace,
        step: &Step,
        flaw: Option<Flaw>,
    ) {
        let treasury = T::Treasury::get();
        let to = match flaw {
            None => Self::lose_bond(challenger, &[&claim.solver, &treasury]),
            Some(_) => Self::lose_bond(challenger, &[&treasury]),
        };
        Self::deposit_event(Event::ChallengeLost {
            task,
            challenger: challenger.clone(),
            node: step.node,
            flaw,
            bond: T::ChallengeBond::get(),
            to,
            evidence: evidence(trace, step),
        });
    }

    /// Ends a claim whose model was proven broken.
    pub(crate) fn void(task: TaskId, by: AccountId, trace: &Trace, step: &Step) {
        Self::deposit_event(Event::ModelProvenBroken {
            task,
            node: step.node,
            by,
            evidence: evidence(trace, step),
        });
        Self::drop_audits(task);
        T::Claims::void(task);
    }

    /// Weight of a challenge that is right.
    pub(crate) fn challenge_weight(task: &TaskId, trace: &Trace, step: &Step) -> Weight {
        Self::challenge_base(trace, step)
            .saturating_add(Self::execution(*task, step))
            .saturating_add(T::VerdictWeight::get())
    }

    fn challenge_base(trace: &Trace, step: &Step) -> Weight {
        T::WeightInfo::challenge(trace.len() as u32, step.bytes())
    }

    /// Weight of executing the step's node; nothing where there is no such claim or node, since nothing is executed then.
    pub(crate) fn execution(task: TaskId, step: &Step) -> Weight {
        let node = T::Claims::claim(task).and_then(|claim| T::Models::node(&claim.model, step.node));
        node.map_or(Weight::zero(), |node| T::WeightInfo::execute(node.cost))
    }
}
