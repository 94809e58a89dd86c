//! `pensum task list`

use crate::terminal::{answer::Answer, context::Context, table::table};
use clap::Args;
use pensum_client::{
    key,
    view::{variant, TaskStatus},
    Error,
};
use serde_json::json;
use sp_core::crypto::Ss58Codec;

/// Tasks asked for at a time.
const PAGE: u32 = 256;

/// Arguments.
#[derive(Debug, Args)]
pub struct List {
    /// Only tasks for this model: its id, or its name, or NAME@VERSION.
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,

    /// Only tasks of this requester.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "mine")]
    requester: Option<String>,

    /// Only tasks of the key that signs.
    #[arg(long)]
    mine: bool,

    /// Most tasks to list.
    #[arg(long, value_name = "TASKS", default_value_t = 100)]
    limit: usize,
}

impl List {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let requester = match (&self.requester, self.mine) {
            (Some(address), _) => Some(key::account(address)?.to_ss58check()),
            (None, true) => Some(context.key()?.account().to_ss58check()),
            (None, false) => None,
        };
        let chain = context.chain().await?;
        let model = match &self.model {
            Some(model) => Some(chain.find_model(model).await?.id),
            None => None,
        };
        let mut tasks: Vec<TaskStatus> = Vec::new();
        let mut after = None;
        loop {
            let page = chain.rpc.open_tasks(model, after, PAGE).await?;
            let is_last = page.len() < PAGE as usize;
            after = page.last().map(|task| task.task);
            tasks.extend(page.into_iter().filter(|task| match &requester {
                Some(requester) => task.requester == *requester,
                None => true,
            }));
            if is_last || tasks.len() >= self.limit {
                break;
            }
        }
        tasks.truncate(self.limit);
        let rows: Vec<[String; 5]> = tasks
            .iter()
            .map(|task| {
                [
                    task.task.to_string(),
                    variant(&task.state).into(),
                    task.price.to_string(),
                    task.answer_by.map(|block| block.to_string()).unwrap_or_default(),
                    task.solver.clone().unwrap_or_default(),
                ]
            })
            .collect();
        let text = table(
            ["task", "state", "price", "until", "solver"],
            &rows,
            "No task is open.",
        );
        Ok(Answer::new(json!({ "tasks": tasks }), text))
    }
}
