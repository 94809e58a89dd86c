//! `pensum solver status`

use crate::{
    commands::prices,
    terminal::{answer::Answer, context::Context, table::fields},
};
use clap::Args;
use pensum_client::{
    asset::PEN,
    view::{variant, Solver},
    Amount, Chain, Error,
};
use serde_json::Value;
use sp_core::crypto::Ss58Codec;

/// Arguments.
#[derive(Debug, Args)]
pub struct Status {
    /// The account that bonds; the key that signs if left out.
    #[arg(long, value_name = "ADDRESS")]
    stash: Option<String>,
}

impl Status {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let stash = context.account(self.stash.as_deref())?;
        let chain = context.chain().await?;
        let solver = chain.rpc.solver(&stash.to_ss58check()).await?;
        let text = text(&chain, &solver).await?;
        Ok(Answer::new(solver, text))
    }
}

/// A solver for people.
pub async fn text(chain: &Chain, solver: &Solver) -> Result<String, Error> {
    let accepted = chain.currencies(solver.accepts.iter().copied().map(Some)).await?;
    let accepts = solver.accepts.iter().map(|asset| accepted.symbol(*asset));
    let accepts = [PEN.to_string()].into_iter().chain(accepts);
    let joined = |items: Vec<String>| items.join(", ");
    let about = fields([
        ("stash", solver.stash.clone()),
        ("operator", solver.operator.clone()),
        ("bonded", solver.bonded.to_string()),
        (
            "locked",
            format!("{} behind {} tasks", solver.locked, solver.in_flight),
        ),
        ("at risk", solver.at_risk.to_string()),
        ("free", solver.free.to_string()),
        ("accepts", joined(accepts.collect())),
        (
            "delegated",
            rest(solver, "delegated").map(delegated).unwrap_or_default(),
        ),
        (
            "commission",
            rest(solver, "commission").map(percent).unwrap_or_default(),
        ),
        (
            "unbonding",
            joined(
                solver
                    .unbonding
                    .iter()
                    .map(|(amount, from)| format!("{amount} from block {from}"))
                    .collect(),
            ),
        ),
        (
            "reputation",
            format!("{:.2} %", f64::from(solver.reputation) / 10_000.0),
        ),
        (
            "jailed",
            solver
                .jailed_until
                .map(|until| format!("until block {until}"))
                .unwrap_or_default(),
        ),
        (
            "slashes",
            joined(
                solver
                    .pending_slashes
                    .iter()
                    .map(|(_, amount, fault, at)| format!("{amount} in block {at} ({})", variant(fault)))
                    .collect(),
            ),
        ),
    ]);
    let offers = solver
        .offers
        .iter()
        .map(|(model, offer)| (model.to_string(), offer));
    let offers = prices("offers", offers, "It offers no model.");
    Ok(format!("{about}\n\n{offers}"))
}

fn rest<'a>(solver: &'a Solver, name: &str) -> Option<&'a Value> {
    solver.rest.get(name).filter(|value| !value.is_null())
}

fn delegated(amount: &Value) -> String {
    let amount = amount.as_str().and_then(|digits| digits.parse().ok());
    amount.map_or(String::new(), |amount| Amount(amount).to_string())
}

fn percent(ppm: &Value) -> String {
    let ppm = ppm.as_u64().and_then(|ppm| u32::try_from(ppm).ok());
    ppm.map_or(String::new(), |ppm| format!("{} %", f64::from(ppm) / 10_000.0))
}
