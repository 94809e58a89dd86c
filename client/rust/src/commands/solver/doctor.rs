//! `pensum solver doctor`

use crate::terminal::{answer::Answer, context::Context, gateway::GatewayArgs};
use clap::Args;
use pensum_client::{
    doctor::{examine, Finding, Level},
    Error, Kind,
};
use serde_json::json;

/// Arguments.
#[derive(Debug, Args)]
pub struct Doctor {
    /// The account that bonds; the key that signs if left out.
    #[arg(long, value_name = "ADDRESS")]
    stash: Option<String>,

    #[command(flatten)]
    gateway: GatewayArgs,
}

impl Doctor {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let stash = context.account(self.stash.as_deref())?;
        let gateway = self.gateway.gateway()?;
        let chain = context.chain().await?;
        let wait = context.wait(None, "examining");
        let findings = examine(&chain, &stash, gateway.as_ref()).await?;
        drop(wait);
        let healthy = findings.iter().all(|finding| finding.level < Level::Problem);
        let lines: Vec<String> = findings.iter().map(line).collect();
        let json = json!({ "healthy": healthy, "findings": findings });
        let kind = (!healthy).then_some(Kind::Findings);
        Ok(Answer::new(json, lines.join("\n")).with_kind(kind))
    }
}

fn line(finding: &Finding) -> String {
    let level = match finding.level {
        Level::Ok => "ok",
        Level::Unknown => "?",
        Level::Warning => "warning",
        Level::Problem => "PROBLEM",
    };
    let fact = format!("{level:7}  {:9}  {}", finding.check, finding.fact);
    match finding.remedy.is_empty() {
        true => fact,
        false => format!("{fact}\n{:20}{}", "", finding.remedy),
    }
}
