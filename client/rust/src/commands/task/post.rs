//! `pensum task post MODEL INPUT…`

use super::{
    answers,
    inputs::{Asked, Inputs},
    terms::TermsArgs,
};
use crate::terminal::{answer::Answer, context::Context, gateway::GatewayArgs, table::fields};
use clap::Args;
use pensum_client::{
    asset::{Currencies, Paid},
    post::Posted,
    Error,
};
use serde_json::json;

/// Arguments.
#[derive(Debug, Args)]
pub struct Post {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    terms: TermsArgs,
    #[command(flatten)]
    gateway: GatewayArgs,

    /// Return as soon as the tasks are posted; see `task watch`.
    #[arg(long, conflicts_with = "finalized")]
    no_wait: bool,

    /// Wait until the answers are final.
    #[arg(long)]
    finalized: bool,
}

impl Post {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let requester = context.key()?;
        let asked = self.inputs.ask(context, &self.terms.asset).await?;
        asked.put_blobs(&self.gateway, context).await?;
        let terms = self.terms.resolve(&asked).await?;
        let Asked {
            chain,
            model,
            given,
            inputs,
            ..
        } = asked;
        let wait = context.wait(Some(inputs.len() as u64), "posting");
        let posted = chain.post(&requester, &terms, &inputs, context.patience).await?;
        if self.no_wait {
            drop(wait);
            return Ok(Answer::new(json!({ "posted": posted }), posted_text(&posted)));
        }
        wait.tell("solving");
        let hear = |_: &_, ended| wait.reached(ended);
        let ended = chain.settled(&posted.tasks, context.patience, hear).await?;
        if self.finalized {
            wait.tell("to be final");
            chain.final_ends(&ended, context.patience).await?;
        }
        drop(wait);
        let shown: Vec<String> = given.into_iter().map(|given| given.shown).collect();
        let pays = [&terms.max_reward.currency, chain.pays_in()];
        let currencies: Currencies = pays.into_iter().cloned().collect();
        let (values, table) = answers::of_model(&model, &shown, &ended, &currencies)?;
        let (paid, fees) = (answers::paid(&ended), fees(&posted));
        let text = format!(
            "{table}\n\npaid {} for the answers and {} in fees",
            paid.text(&currencies),
            fees.text(&currencies)
        );
        let json = json!({
            "posted": posted, "tasks": values, "paid": paid.pen(), "paid_assets": paid.assets(), "finalized": self.finalized,
        });
        Ok(answers::closing(Answer::new(json, text), &ended))
    }
}

/// What was taken at once, and does not come back.
fn fees(posted: &Posted) -> Paid {
    let inclusion = (posted.fee.fee_asset, posted.fee.fee.units);
    [inclusion, (posted.asset, posted.prepaid.units)]
        .into_iter()
        .collect()
}

fn posted_text(posted: &Posted) -> String {
    let tasks = match (posted.tasks.first(), posted.tasks.last()) {
        (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
        (Some(first), _) => first.to_string(),
        _ => String::new(),
    };
    fields([
        ("batch", posted.batch.to_string()),
        ("tasks", tasks),
        (
            "solvers",
            match posted.waits {
                true => "none yet: they wait for bids, or for their panel".into(),
                false => posted.parts.len().to_string(),
            },
        ),
        ("prepaid", posted.prepaid.to_string()),
        ("fee", posted.fee.to_string()),
        ("block", posted.block.to_string()),
        ("next", "pensum task watch TASK".into()),
    ])
}
