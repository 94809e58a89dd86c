//! What the solver takes in payment, and whether prices in the stable unit mean something now.

use super::Finding;
use crate::{
    asset::{Currency, StableUnit},
    view::{ListedAsset, Solver, Unit},
    Chain, Error,
};

pub(super) async fn examine(chain: &Chain, solver: &Solver) -> Result<Vec<Finding>, Error> {
    let listed = chain.rpc.assets().await?;
    let currencies: Vec<Currency> = listed.iter().map(ListedAsset::currency).collect();
    let stable = chain.stable_unit().await?;
    Ok(
        [Some(accepted(solver, &currencies)), rate(solver, stable.as_ref())]
            .into_iter()
            .flatten()
            .collect(),
    )
}

fn accepted(solver: &Solver, listed: &[Currency]) -> Finding {
    let takes = |currency: &&Currency| currency.id().is_some_and(|id| solver.accepts.contains(&id));
    let (taken, refused): (Vec<&Currency>, Vec<&Currency>) = listed.iter().partition(takes);
    let names = |currencies: &[&Currency]| {
        let names: Vec<&str> = currencies.iter().map(|currency| currency.symbol()).collect();
        names.join(", ")
    };
    if !refused.is_empty() {
        return Finding::warning(
            "assets",
            format!(
                "The solver does not accept {}, so it gets no task that is paid with it.",
                names(&refused)
            ),
            "If it shall hold that, call `pensum solver accept-asset`.",
        );
    }
    Finding::ok(
        "assets",
        match taken.is_empty() {
            true => "Nothing but PEN is listed, which every solver accepts.".into(),
            false => format!(
                "The solver accepts PEN and {}, which is all that is listed.",
                names(&taken)
            ),
        },
    )
}

/// Of interest only to who quotes in the stable unit.
fn rate(solver: &Solver, stable: Option<&StableUnit>) -> Option<Finding> {
    let offers = solver
        .offers
        .iter()
        .filter(|(_, offer)| offer.unit == Unit::Stable)
        .count();
    if offers == 0 {
        return None;
    }
    let pen = "Quote in PEN with `pensum solver offer --unit pen`, or wait: see `pensum assets list`.";
    Some(match stable {
        None => Finding::problem(
            "rate",
            format!("{offers} offers are quoted in the stable unit, and no asset is the stable one: they are passed over."),
            pen,
        ),
        Some(stable) if stable.rate().is_none() => Finding::problem(
            "rate",
            format!(
                "{offers} offers are quoted in the stable unit, and {} has no rate now: they are passed over.",
                stable.currency().symbol()
            ),
            pen,
        ),
        Some(stable) => Finding::ok(
            "rate",
            format!(
                "{offers} offers are quoted in the stable unit, and {} has a rate.",
                stable.currency().symbol()
            ),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::{stake::tests::solver, Level};
    use serde_json::json;

    fn usd() -> Currency {
        Currency::asset(1, b"tUSD", 6)
    }

    #[test]
    fn an_asset_that_is_not_accepted_is_named() {
        let mut solver = solver(10, 10);
        assert_eq!(accepted(&solver, &[]).level, Level::Ok);
        let finding = accepted(&solver, &[usd()]);
        assert_eq!(finding.level, Level::Warning);
        assert!(finding.fact.contains("tUSD"));
        solver.accepts = vec![1];
        assert_eq!(accepted(&solver, &[usd()]).level, Level::Ok);
    }

    #[test]
    fn an_offer_in_the_stable_unit_needs_a_rate() {
        let unit = |worth: Option<&str>| {
            let listed = json!({
                "asset": 1, "symbol": "tUSD", "decimals": 6, "worth": worth, "sampled_at": 7, "stable": true,
            });
            StableUnit::of(&serde_json::from_value(listed).unwrap())
        };
        let mut solver = solver(10, 10);
        assert_eq!(rate(&solver, None), None, "it quotes in PEN");
        solver.offers[0].1.unit = Unit::Stable;
        let level = |stable: Option<&StableUnit>| rate(&solver, stable).map(|finding| finding.level);
        assert_eq!(level(None), Some(Level::Problem));
        assert_eq!(level(Some(&unit(None))), Some(Level::Problem));
        assert_eq!(level(Some(&unit(Some("500000000000")))), Some(Level::Ok));
    }
}
