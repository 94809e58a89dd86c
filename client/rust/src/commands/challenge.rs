//! `pensum challenge`

mod one;
mod report;
mod watch;

use crate::terminal::{answer::Answer, context::Context, gateway::GatewayArgs};
use clap::Args;
use pensum_client::{gateway::Gateway, Error, TaskId};

/// Arguments.
#[derive(Debug, Args)]
pub struct Challenge {
    /// A task whose answer can be disproven now.
    #[arg(
        value_name = "TASK",
        required_unless_present = "watch",
        conflicts_with = "watch"
    )]
    task: Option<u64>,

    /// Check every answer as it comes, until interrupted, and challenge those that are wrong.
    #[arg(long)]
    watch: bool,

    #[command(flatten)]
    gateway: GatewayArgs,
}

impl Challenge {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let gateway = self.own_gateway()?;
        match self.task {
            Some(task) => one::run(context, &gateway, TaskId(task)).await,
            None => watch::run(context, &gateway).await,
        }
    }

    fn own_gateway(&self) -> Result<Gateway, Error> {
        self.gateway.gateway()?.ok_or_else(|| {
            Error::usage(
                "NoGateway",
                "Answers are recomputed by a gateway, and none was named.",
                "Name your own by --gateway: what it says decides about your bond.",
            )
        })
    }
}
