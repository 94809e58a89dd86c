//! What keeps a solver from earning, and what to do about it.

mod assets;
mod chain;
mod gateway;
mod node;
mod stake;

use crate::{gateway::Gateway, view::Solver, AccountId, Chain, Error, Kind};
use serde::Serialize;
use sp_core::crypto::Ss58Codec;

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// All is well.
    Ok,
    /// It could not be looked at from here.
    Unknown,
    /// It costs something, or soon will.
    Warning,
    /// The solver earns nothing, or is about to be slashed.
    Problem,
}

/// One thing that was looked at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    /// What was looked at: `sync`, `clock`, `operator`, `stake`, …
    pub check: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What is the case.
    pub fact: String,
    /// What to do; empty where nothing need be done.
    pub remedy: String,
}

impl Finding {
    fn ok(check: &'static str, fact: impl Into<String>) -> Self {
        Self::new(check, Level::Ok, fact, "")
    }

    fn warning(check: &'static str, fact: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(check, Level::Warning, fact, remedy)
    }

    fn problem(check: &'static str, fact: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(check, Level::Problem, fact, remedy)
    }

    fn unknown(check: &'static str, fact: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(check, Level::Unknown, fact, remedy)
    }

    fn new(check: &'static str, level: Level, fact: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            check,
            level,
            fact: fact.into(),
            remedy: remedy.into(),
        }
    }

    /// A refusal as a finding; what keeps the doctor from looking at all stays an error.
    fn of_error(check: &'static str, level: Level, error: Error) -> Result<Self, Error> {
        match error.kind {
            Kind::Refused => Ok(Self::new(check, level, error.fact, error.remedy)),
            _ => Err(error),
        }
    }
}

/// Looks at everything that a solver needs: its node, its place on the chain, its stake and its gateway.
pub async fn examine(
    chain: &Chain,
    stash: &AccountId,
    gateway: Option<&Gateway>,
) -> Result<Vec<Finding>, Error> {
    let mut findings = node::examine(chain).await?;
    let solver = match chain.rpc.solver(&stash.to_ss58check()).await {
        Ok(solver) => solver,
        Err(error) => {
            findings.push(Finding::of_error("solver", Level::Problem, error)?);
            return Ok(findings);
        }
    };
    findings.push(known(&solver));
    findings.extend(chain::examine(chain, stash, &solver).await?);
    findings.extend(assets::examine(chain, &solver).await?);
    findings.extend(stake::examine(chain, stash, &solver).await?);
    findings.extend(gateway::examine(chain, &solver, gateway).await?);
    Ok(findings)
}

fn known(solver: &Solver) -> Finding {
    Finding::ok(
        "solver",
        format!(
            "{} is a solver with a reputation of {:.1} %.",
            solver.stash,
            f64::from(solver.reputation) / 10_000.0
        ),
    )
}
