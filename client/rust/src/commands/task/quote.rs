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
    call::Terms,
    quote::{Costs, OfferQuote},
    terms, Amount, Error,
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
        let asked = self.inputs.ask(context).await?;
        let terms = self.terms.resolve(&asked).await?;
        let key = context.key_if_any()?;
        let wait = context.wait(None, "asking the chain what it would take");
        let costs = match &key {
            Some(key) => Some(asked.chain.costs(key, &terms, &asked.inputs).await?),
            None => None,
        };
        drop(wait);
        let Asked {
            model,
            inputs,
            quotes,
            ..
        } = asked;
        // What an auction or a lot decides, no offer tells.
        let total = match (terms.matching, &terms.verification) {
            (_, Verification::Quorum { .. }) => None,
            (Matching::Book, _) => expected(&quotes, costs.as_ref()),
            _ => None,
        };
        let text = format!(
            "{}\n\n{}",
            summary(inputs.len(), &terms, &quotes, costs.as_ref(), total),
            offers(&quotes)
        );
        let json = json!({
            "model": model.id, "tasks": inputs.len(), "max_reward": terms.max_reward, "matching": terms.matching,
            "verification": terms.verification, "offers": quotes, "costs": costs, "expected_total": total,
        });
        Ok(Answer::new(json, text))
    }
}

/// What it will cost in all if the cheapest solver takes everything.
fn expected(quotes: &[OfferQuote], costs: Option<&Costs>) -> Option<Amount> {
    let cheapest = quotes.first()?.total.0;
    let costs = costs?;
    let fees = costs.fee.0.saturating_add(costs.prepaid?.0);
    Some(Amount(cheapest.saturating_add(fees)))
}

fn summary(
    tasks: usize,
    asked: &Terms,
    quotes: &[OfferQuote],
    costs: Option<&Costs>,
    total: Option<Amount>,
) -> String {
    let cheapest = quotes.first().map(|quote| quote.total.to_string());
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
            of_costs(|costs| costs.prepaid.map(|fee| fee.to_string()).unwrap_or_default()),
        ),
        (
            "in all",
            total.map(|total| format!("about {total}")).unwrap_or_default(),
        ),
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

fn offers(quotes: &[OfferQuote]) -> String {
    let rows: Vec<[String; 4]> = quotes
        .iter()
        .take(SHOWN)
        .map(|quote| {
            [
                quote.solver.clone(),
                quote.total.to_string(),
                quote.dearest.to_string(),
                quote.capacity.to_string(),
            ]
        })
        .collect();
    table(["solver", "all tasks", "dearest", "capacity"], &rows, "")
}
