//! The gateway: whether it answers, and holds what is offered.

use super::{Finding, Level};
use crate::{gateway::Gateway, view::Solver, Chain, Digest, Error, Kind};

/// Runs that may wait before the gateway counts as overloaded.
const LONG_QUEUE: u64 = 64;

pub(super) async fn examine(
    chain: &Chain,
    solver: &Solver,
    gateway: Option<&Gateway>,
) -> Result<Vec<Finding>, Error> {
    let Some(gateway) = gateway else {
        return Ok(vec![Finding::unknown(
            "gateway",
            "No gateway was named, so it was not looked at.",
            "Give its address by --gateway and its token by --gateway-token-file; the node's log names the one in its process.",
        )]);
    };
    let health = match gateway.health().await {
        Ok(health) => health,
        Err(error) => return Ok(vec![unwell(error)]),
    };
    let mut findings = vec![if health.queued > LONG_QUEUE {
        Finding::warning(
            "gateway",
            format!("{} runs wait at {}.", health.queued, gateway.url()),
            "Give it more --threads, or offer less capacity.",
        )
    } else {
        Finding::ok(
            "gateway",
            format!(
                "{} answers: {} runs wait, {} run.",
                gateway.url(),
                health.queued,
                health.running
            ),
        )
    }];
    let held = match gateway.models().await {
        Ok(held) => held,
        Err(error) => {
            findings.push(unwell(error));
            return Ok(findings);
        }
    };
    for (model, _) in &solver.offers {
        let model = chain.rpc.model(*model).await?;
        findings.push(holds(&model.title(), model.weights, &held));
    }
    Ok(findings)
}

/// A gateway that cannot be used is what the doctor looks for, not what keeps it from looking.
fn unwell(error: Error) -> Finding {
    let Error {
        kind, fact, remedy, ..
    } = error;
    let level = match kind {
        Kind::TimedOut => Level::Warning,
        _ => Level::Problem,
    };
    Finding::new("gateway", level, fact, remedy)
}

fn holds(title: &str, weights: Digest, held: &[Digest]) -> Finding {
    if held.contains(&weights) {
        return Finding::ok("models", format!("The gateway holds {title}."));
    }
    Finding::problem(
        "models",
        format!("The gateway does not hold {title} (weights {weights:?}), which is offered."),
        "Put its graph into the gateway's --models-dir, or withdraw the offer.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_that_is_offered_must_be_held() {
        let held = [Digest::repeat_byte(1)];
        assert_eq!(holds("a 1", Digest::repeat_byte(1), &held).level, Level::Ok);
        let missing = holds("b 1", Digest::repeat_byte(2), &held);
        assert_eq!(missing.level, Level::Problem);
        assert!(missing.remedy.contains("--models-dir"));
    }

    #[test]
    fn a_gateway_that_cannot_be_reached_is_a_problem() {
        let error = Error::unreachable("gateway.Unreachable", "Nobody answers.", "Start it.");
        assert_eq!(unwell(error).level, Level::Problem);
    }
}
