//! Opening an audited node.

use crate::{
    proof::{evidence, Finding},
    types::Opening,
    weights::WeightInfo,
    Audits, Config, Error, Event, Pallet,
};
use frame_support::{
    dispatch::{DispatchResultWithPostInfo, Pays, PostDispatchInfo},
    weights::Weight,
};
use pensum_primitives::{
    operator::OperatorId,
    solver::Fault,
    step::Step,
    task::Trace,
    traits::{Claims, Solvers},
    AccountId, Digest, TaskId,
};
use sp_runtime::traits::Get;

impl<T: Config> Pallet<T> {
    /// One opening ends the audit, whatever it shows: an opening is free, so there is no second.
    pub(crate) fn do_open(
        operator: &OperatorId,
        task: TaskId,
        trace: &Trace,
        step: &Step,
    ) -> DispatchResultWithPostInfo {
        let solver = T::Solvers::of_operator(operator).ok_or(Error::<T>::NoAudit)?;
        let opening = Opening {
            task,
            node: step.node,
        };
        let audit = Audits::<T>::get(task, step.node).ok_or(Error::<T>::NoAudit)?;
        let claim = T::Claims::claim(task).ok_or(Error::<T>::NotClaimed)?;

        match Self::examine(&claim, trace, step) {
            Finding::Right => {
                let weight = Self::open_base(trace, step).saturating_add(Self::execution(task, step));
                Self::end_audit(opening, &audit);
                Self::deposit_event(Event::AuditPassed {
                    task,
                    solver,
                    node: step.node,
                    evidence: evidence(trace, step),
                });
                return Ok((Some(weight), Pays::No).into());
            }
            Finding::Wrong => Self::fail(opening, solver, Fault::Wrong, evidence(trace, step)),
            Finding::Flawed(_) => Self::fail(opening, solver, Fault::Unopened, evidence(trace, step)),
            Finding::Broken => Self::void(task, solver, trace, step),
        }
        Ok(PostDispatchInfo::from(Pays::No))
    }

    /// Convicts a solver that failed an audit. Nobody is named rescuer: nobody but the chain proved it.
    pub(crate) fn fail(opening: Opening, solver: AccountId, fault: Fault, evidence: Digest) {
        Self::deposit_event(Event::AuditFailed {
            task: opening.task,
            solver,
            node: opening.node,
            fault,
            evidence,
        });
        Self::drop_audits(opening.task);
        T::Claims::convict(opening.task, fault, None, evidence);
    }

    /// Weight of an opening that convicts.
    pub(crate) fn open_weight(task: &TaskId, trace: &Trace, step: &Step) -> Weight {
        Self::open_base(trace, step)
            .saturating_add(Self::execution(*task, step))
            .saturating_add(T::VerdictWeight::get())
    }

    fn open_base(trace: &Trace, step: &Step) -> Weight {
        T::WeightInfo::open(trace.len() as u32, step.bytes())
    }
}
