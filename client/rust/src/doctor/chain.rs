//! The solver's place on the chain: operator key, jail, slashes, offers.

use super::{Finding, Level};
use crate::{
    amount::quoted,
    key::{self, to_hex},
    refusal,
    view::{Model, Offer, Solver},
    AccountId, Chain, Error,
};
use subxt::dynamic::Value;

/// Key type of operator keys in a node's keystore.
const OPERATOR: &str = "oper";

pub(super) async fn examine(
    chain: &Chain,
    stash: &AccountId,
    solver: &Solver,
) -> Result<Vec<Finding>, Error> {
    let at = chain.best().await?;
    let now = at.block_number() as u32;
    let operator = key::account(&solver.operator)?;
    let key = vec![Value::from_bytes(&operator)];
    let works_for: Option<[u8; 32]> = chain.entry(&at, "SolverStaking", "Operators", key).await?;
    let mut findings = vec![
        on_chain(solver, stash, works_for),
        in_keystore(chain, &operator).await?,
        jail(solver, now),
        slashes(solver, now),
    ];
    if solver.offers.is_empty() {
        findings.push(Finding::problem(
            "offers",
            "The solver offers no model, so nobody can choose it.",
            "Set a price with `pensum solver offer`.",
        ));
    }
    for (model, offer) in &solver.offers {
        let model = chain.rpc.model(*model).await?;
        let standing = chain.rpc.offers(model.id).await?;
        let stands = standing.iter().any(|other| other.solver == solver.stash);
        findings.push(offered(&model, offer, stands, now));
    }
    Ok(findings)
}

fn on_chain(solver: &Solver, stash: &AccountId, works_for: Option<[u8; 32]>) -> Finding {
    match works_for {
        Some(account) if account == AsRef::<[u8; 32]>::as_ref(stash)[..] => Finding::ok(
            "operator",
            format!("{} works for this solver on chain.", solver.operator),
        ),
        _ => Finding::problem(
            "operator",
            format!("{} does not work for this solver on chain.", solver.operator),
            "Set a key with `pensum solver set-operator`.",
        ),
    }
}

async fn in_keystore(chain: &Chain, operator: &AccountId) -> Result<Finding, Error> {
    let found = chain
        .rpc
        .request::<bool>("author_hasKey", (to_hex(operator), OPERATOR))
        .await;
    match found {
        Ok(true) => Ok(Finding::ok("keystore", "This node holds the operator key.")),
        Ok(false) => Ok(Finding::problem(
            "keystore",
            "This node does not hold the operator key, so it answers nothing.",
            "Start it with --operator-key-file, insert the key with `pensum-node key insert --key-type oper --scheme sr25519`, or \
             ask the node that holds it.",
        )),
        Err(error) if refusal::is_unavailable(&error) => Ok(Finding::unknown(
            "keystore",
            "This node does not tell which keys it holds.",
            "Run the doctor on the node's own machine, with --rpc-methods unsafe where it is not on loopback.",
        )),
        Err(error) => Finding::of_error("keystore", Level::Unknown, error),
    }
}

fn jail(solver: &Solver, now: u32) -> Finding {
    match solver.jailed_until {
        None => Finding::ok("jail", "The solver is not jailed."),
        Some(until) if until <= now => Finding::problem(
            "jail",
            "The solver is jailed, and its time is over.",
            "Find out why it failed, then `pensum solver unjail`, and set its offers again.",
        ),
        Some(until) => Finding::problem(
            "jail",
            format!("The solver is jailed until block {until}; it is block {now}."),
            "Find out why it failed, and call `pensum solver unjail` then.",
        ),
    }
}

fn slashes(solver: &Solver, now: u32) -> Finding {
    let Some((_, _, fault, block)) = solver.pending_slashes.iter().min_by_key(|slash| slash.3) else {
        return Finding::ok("slashes", "No slash is pending.");
    };
    Finding::warning(
        "slashes",
        format!(
            "{} slashes are pending, {} in all, the first in {} blocks for {}.",
            solver.pending_slashes.len(),
            solver.at_risk,
            block.saturating_sub(now),
            crate::view::variant(fault)
        ),
        "Find the cause in the node's log; ask governance to cancel a slash that is a mistake.",
    )
}

fn offered(model: &Model, offer: &Offer, stands: bool, now: u32) -> Finding {
    let title = model.title();
    let change =
        "Withdraw the offer with `pensum solver withdraw-offer`, and offer another model or version.";
    if !stands {
        return Finding::problem(
            "offers",
            format!("The offer for {title} does not stand in the book: cheaper ones or a jail took it out."),
            "Set it again with `pensum solver offer`, at a lower price if the book is full.",
        );
    }
    match model.active_from() {
        Some(from) if u64::from(now) < from => Finding::warning(
            "offers",
            format!("{title} can be used from block {from} on; it is block {now}."),
            "Wait.",
        ),
        Some(_) if !model.on_chain => Finding::warning(
            "offers",
            format!("The graph of {title} does not lie on chain, so it cannot be replayed at once."),
            "Expect only tasks whose answers are verified otherwise.",
        ),
        Some(_) => Finding::ok(
            "offers",
            format!(
                "{title} is offered from {} a task.",
                quoted(offer.price(0), offer.unit)
            ),
        ),
        None => Finding::warning("offers", format!("{title} is flagged or retired."), change),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{doctor::stake::tests::solver, Amount};
    use serde_json::json;

    #[test]
    fn a_jailed_solver_is_told_when_it_can_return() {
        let mut solver = solver(10, 10);
        assert_eq!(jail(&solver, 5).level, Level::Ok);
        solver.jailed_until = Some(7);
        assert!(jail(&solver, 5).fact.contains("until block 7"));
        assert!(jail(&solver, 7).fact.contains("its time is over"));
    }

    #[test]
    fn the_next_slash_is_told() {
        let mut solver = solver(10, 10);
        assert_eq!(slashes(&solver, 5).level, Level::Ok);
        solver.at_risk = Amount(3);
        solver.pending_slashes = vec![
            (1, Amount(1), json!("wrong"), 30),
            (2, Amount(2), json!("timed_out"), 20),
        ];
        let finding = slashes(&solver, 5);
        assert_eq!(finding.level, Level::Warning);
        assert!(
            finding.fact.contains("in 15 blocks for timed_out"),
            "{}",
            finding.fact
        );
    }

    #[test]
    fn an_operator_must_work_for_this_stash() {
        let stash = AccountId::new([1; 32]);
        let solver = solver(10, 10);
        assert_eq!(on_chain(&solver, &stash, Some([1; 32])).level, Level::Ok);
        assert_eq!(on_chain(&solver, &stash, Some([2; 32])).level, Level::Problem);
        assert_eq!(on_chain(&solver, &stash, None).level, Level::Problem);
    }
}
