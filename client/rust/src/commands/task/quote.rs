//! `pensum task quote MODEL INPUT…`

use super::{
    inputs::{Asked, Inputs},
    terms::TermsArgs,
};
use crate::terminal::{
    answer::Answer,
    context::Context,
    table::{fields, table},
};
use clap::Args;
use pensum_client::{
    asset::Money,
    call::Terms,
    quote::{Costs, OfferQuote, OfferQuotes},
    terms, Amount, Chain, Error,
};
use pensum_primitives::{matching::Matching, verification::Verification};
use serde_json::json;

/// Offers that the table shows.
const SHOWN: usize = 10;

/// Arguments.
#[derive(Debug, Args)]
pub struct Quote {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    terms: TermsArgs,
}

impl Quote {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let asked = self.inputs.ask(context, &self.terms.asset).await?;
        let terms = self.terms.resolve(&asked).await?;
        let key = context.key_if_any()?;
        let wait = context.wait(None, "asking the chain what it would take");
        let costs = match &key {
            Some(key) => Some(asked.chain.costs(key, &terms, &asked.inputs).await?),
            None => None,
        };
        drop(wait);
        let Asked {
            chain,
            model,
            inputs,
            quotes,
            ..
        } = asked;
        // What an auction or a lot decides, no offer tells.
        let total = match (terms.matching, &terms.verification) {
            (_, Verification::Quorum { .. }) => None,
            (Matching::Book, _) => expected(&chain, &terms, &quotes, costs.as_ref()).await?,
            _ => None,
        };
        let text = format!(
            "{}\n\n{}",
            summary(inputs.len(), &terms, &quotes, costs.as_ref(), total.as_ref()),
            offers(&quotes)
        );
        let json = json!({
            "model": model.id, "tasks": inputs.len(), "max_reward": terms.max_reward, "asset": terms.max_reward.currency.id(),
            "matching": terms.matching, "verification": terms.verification, "offers": quotes.offers,
            "without_rate": quotes.without_rate, "not_accepting": quotes.not_accepting, "stable": quotes.stable, "costs": costs, "expected_total": total,
        });
        Ok(Answer::new(json, text))
    }
}

/// What it will cost in all if the cheapest solver takes everything, in what pays for the tasks; an inclusion fee that is paid in
/// something else is not in it.
async fn expected(
    chain: &Chain,
    terms: &Terms,
    quotes: &OfferQuotes,
    costs: Option<&Costs>,
) -> Result<Option<Money>, Error> {
    let currency = &terms.max_reward.currency;
    let (Some(cheapest), Some(costs)) = (quotes.offers.first(), costs) else {
        return Ok(None);
    };
    let Some(prepaid) = &costs.prepaid else {
        return Ok(None);
    };
    let fee = match costs.fee.fee.currency == *currency {
        true => costs.fee.fee.units,
        false => 0,
    };
    let answers = chain.cost_in(cheapest.total, currency).await?;
    Ok(Some(answers.plus(prepaid.units).plus(fee)))
}

fn summary(
    tasks: usize,
    asked: &Terms,
    quotes: &OfferQuotes,
    costs: Option<&Costs>,
    total: Option<&Money>,
) -> String {
    let cheapest = quotes.offers.first().map(|quote| in_both(quote.total, quote));
    let of_costs = |show: fn(&Costs) -> String| costs.map(show).unwrap_or_default();
    fields([
        ("tasks", tasks.to_string()),
        ("cheapest offer", cheapest.unwrap_or_default()),
        ("matching", terms::matching_text(asked.matching)),
        ("verification", terms::verification_text(&asked.verification)),
        ("cap of a task", asked.max_reward.to_string()),
        (
            "on hold",
            of_costs(|costs| format!("{}; what is not needed comes back", costs.escrow)),
        ),
        (
            "inclusion fee",
            of_costs(|costs| format!("at most {}", costs.fee)),
        ),
        (
            "prepaid",
            of_costs(|costs| {
                costs
                    .prepaid
                    .as_ref()
                    .map(|fee| fee.to_string())
                    .unwrap_or_default()
            }),
        ),
        (
            "in all",
            total.map(|total| format!("about {total}")).unwrap_or_default(),
        ),
        ("passed over", passed_over(quotes)),
        ("to spend", of_costs(|costs| costs.spendable.to_string())),
        (
            "refused now",
            of_costs(|costs| {
                costs
                    .refusal
                    .as_ref()
                    .map(|error| error.to_string())
                    .unwrap_or_default()
            }),
        ),
        (
            "fees",
            match costs {
                None => "give a key by --key-file or --suri to learn the fees".into(),
                Some(_) => String::new(),
            },
        ),
    ])
}

fn passed_over(quotes: &OfferQuotes) -> String {
    let reasons = [
        (
            quotes.without_rate,
            "offers in the stable unit, which has no rate now",
        ),
        (
            quotes.not_accepting,
            "offers of solvers that do not accept the asset",
        ),
    ];
    let reasons = reasons.into_iter().filter(|(offers, _)| *offers > 0);
    let reasons: Vec<String> = reasons.map(|(offers, why)| format!("{offers} {why}")).collect();
    reasons.join(", ")
}

/// In PEN, and in the stable unit where that has a rate.
fn in_both(total: Amount, quote: &OfferQuote) -> String {
    match &quote.total_stable {
        Some(stable) => format!("{total} ({stable})"),
        None => total.to_string(),
    }
}

fn offers(quotes: &OfferQuotes) -> String {
    let rows: Vec<[String; 4]> = quotes
        .offers
        .iter()
        .take(SHOWN)
        .map(|quote| {
            [
                quote.solver.clone(),
                in_both(quote.total, quote),
                quote.dearest.to_string(),
                quote.capacity.to_string(),
            ]
        })
        .collect();
    table(["solver", "all tasks", "dearest", "capacity"], &rows, "")
}
