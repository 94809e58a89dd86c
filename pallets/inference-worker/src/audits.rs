//! Audits: traces of this solver that the chain wants opened.

use crate::{
    gateway::{Ask, Gateway, GatewayError},
    journal::{self, Sent},
    wire, LOG_TARGET,
};
use alloc::vec::Vec;
use pensum_primitives::{operator::Work, traits::Audit, BlockNumber};
use sp_core::offchain::Timestamp;

/// Most audits opened at one block: each may bring megabytes. Twice what the chain asks for at one block, so that a node that was
/// down catches up.
const MAX_AT_ONCE: usize = 4;

/// What is noted when the audit is answered.
pub(crate) fn noted(audit: &Audit) -> journal::Name {
    journal::Name::Open(audit.task, audit.node)
}

/// Has the gateway make the steps, and says what is to be sent. What it cannot make now is tried again at the next block.
pub(crate) fn plan(
    audits: &[Audit],
    gateway: &Gateway,
    deadline: Timestamp,
    sent: &Sent,
    now: BlockNumber,
) -> Vec<Work> {
    let mut due: Vec<_> = audits
        .iter()
        .filter(|audit| audit.until > now && !sent.is_on_its_way(noted(audit), now, audit.until))
        .collect();
    due.sort_by_key(|audit| audit.until);
    due.into_iter()
        .take(MAX_AT_ONCE)
        .filter_map(|audit| {
            open(audit, gateway, deadline)
                .inspect_err(|error| {
                    log::error!(target: LOG_TARGET, "cannot open: block={now} task={} node={} until={} error={error:?}; see the gateway's log", audit.task, audit.node, audit.until);
                })
                .ok()
        })
        .collect()
}

fn open(audit: &Audit, gateway: &Gateway, deadline: Timestamp) -> Result<Work, GatewayError> {
    let body = wire::step_body(audit.weights, &audit.input, audit.node);
    let body = gateway.post(Ask::Step, body, deadline)?.receive(deadline)?;
    let (trace, step) = wire::step(&body, audit.node).map_err(|wire::Malformed| GatewayError::Malformed)?;
    Ok(Work::Open {
        task: audit.task,
        trace,
        step,
    })
}
