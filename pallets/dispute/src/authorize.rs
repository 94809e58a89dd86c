//! Authorisation: which openings get into the pool and into a block.

use crate::{proof::evidence, weights::WeightInfo, Audits, Config, Pallet};
use alloc::{vec, vec::Vec};
use codec::Encode;
use frame_support::{pallet_prelude::TransactionValidityWithRefund, weights::Weight};
use frame_system::pallet_prelude::BlockNumberFor;
use pensum_primitives::{
    operator::{open_payload, OperatorId, OperatorSignature, Refusal},
    step::{trace_digest, Step, MAX_STEP_BYTES},
    task::Trace,
    traits::{Claims, Models, Solvers},
    Digest, TaskId,
};
use sp_runtime::{
    traits::{Get, Zero},
    transaction_validity::{InvalidTransaction, ValidTransaction},
    RuntimeAppPublic,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn authorize_open(
        operator: &OperatorId,
        task: TaskId,
        trace: &Trace,
        step: &Step,
        signature: &OperatorSignature,
    ) -> TransactionValidityWithRefund {
        Self::check_open(operator, task, trace, step, signature)
            .map(|valid| (valid, Weight::zero()))
            .map_err(|refusal| InvalidTransaction::Custom(refusal.code()).into())
    }

    /// Checks cheap things first: nobody whose solver is not audited can make a node hash megabytes.
    fn check_open(
        operator: &OperatorId,
        task: TaskId,
        trace: &Trace,
        step: &Step,
        signature: &OperatorSignature,
    ) -> Result<ValidTransaction, Refusal> {
        let solver = T::Solvers::of_operator(operator).ok_or(Refusal::UnknownOperator)?;
        let audit = Audits::<T>::get(task, step.node).ok_or(Refusal::NoAudit)?;
        ensure(audit.solver == solver, Refusal::NoAudit)?;
        ensure(Self::now() <= audit.until, Refusal::TooLate)?;
        ensure(step.bytes() <= MAX_STEP_BYTES, Refusal::Malformed)?;
        let claim = T::Claims::claim(task).ok_or(Refusal::TaskNotOpen)?;
        ensure(trace_digest(trace) == claim.trace, Refusal::TraceMismatch)?;
        let payload = open_payload(Self::genesis(), operator, task, evidence(trace, step));
        ensure(operator.verify(&payload, signature), Refusal::BadSignature)?;
        // An opening that does not fit convicts; one that plainly does not is refused here, where it costs nobody anything.
        let node = T::Models::node(&claim.model, step.node);
        let fits = node.is_some_and(|node| Self::check_inputs(&claim, trace, &node, step).is_ok());
        ensure(fits, Refusal::Malformed)?;
        Ok(ValidTransaction {
            priority: T::OpenPriority::get(),
            requires: Vec::new(),
            provides: vec![(*b"open", task, step.node).encode()],
            longevity: u64::from(audit.until.saturating_sub(Self::now())).max(1),
            propagate: true,
        })
    }

    fn genesis() -> Digest {
        frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero())
    }

    pub(crate) fn authorize_open_weight(trace: &Trace, step: &Step) -> Weight {
        T::WeightInfo::authorize_open(trace.len() as u32, step.bytes())
    }
}

fn ensure(holds: bool, refusal: Refusal) -> Result<(), Refusal> {
    holds.then_some(()).ok_or(refusal)
}
