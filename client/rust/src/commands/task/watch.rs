//! `pensum task watch TASK…`

use super::answers;
use crate::terminal::{answer::Answer, context::Context};
use clap::Args;
use pensum_client::{view::TaskEvent, Error, TaskId};
use serde_json::{json, Value};
use std::collections::BTreeMap;

/// Arguments.
#[derive(Debug, Args)]
pub struct Watch {
    /// The tasks.
    #[arg(value_name = "TASK", required = true)]
    tasks: Vec<u64>,

    /// Wait until the answers are final.
    #[arg(long)]
    finalized: bool,
}

impl Watch {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let chain = context.chain().await?;
        let mut models = BTreeMap::new();
        for task in &self.tasks {
            models.insert(*task, chain.rpc.task_status(TaskId(*task)).await?.model);
        }
        let tasks: Vec<TaskId> = models.keys().copied().map(TaskId).collect();
        let wait = context.wait(Some(tasks.len() as u64), "solving");
        let hear = |event: &TaskEvent, ended: usize| {
            wait.reached(ended);
            // Every block is told of; only what concerns the tasks is worth a line.
            if event.kind != "finalized" {
                wait.line(&line(event, context.json));
            }
        };
        let ended = chain.settled(&tasks, context.patience, hear).await?;
        if self.finalized {
            wait.tell("to be final");
            chain.final_ends(&ended, context.patience).await?;
        }
        drop(wait);
        let currencies = chain.currencies(ended.iter().map(|end| end.asset)).await?;
        let (values, text) = answers::of_ended(&chain, &ended, &models, &currencies).await?;
        let paid = answers::paid(&ended);
        let json = json!({
            "tasks": values, "paid": paid.pen(), "paid_assets": paid.assets(), "finalized": self.finalized,
        });
        Ok(answers::closing(Answer::new(json, text), &ended))
    }
}

fn line(event: &TaskEvent, as_json: bool) -> String {
    if as_json {
        return json!({ "event": event }).to_string();
    }
    let text = |name: &str| event.rest.get(name).map(Value::to_string).unwrap_or_default();
    let more = match event.kind.as_str() {
        "state" => format!(
            " {} until block {}",
            text("state").trim_matches('"'),
            text("until")
        ),
        "claimed" => format!(", settles in block {}", text("settles_at")),
        _ => String::new(),
    };
    let about = match (&event.task, event.rest.get("tasks").or(event.rest.get("batch"))) {
        (Some(task), _) => format!(" task {task}"),
        (None, Some(Value::Array(tasks))) => format!(" {} tasks", tasks.len()),
        (None, Some(other)) => format!(" {other}"),
        (None, None) => String::new(),
    };
    format!(
        "block {}: {}{about}{more}",
        event.block,
        event.kind.replace('_', " ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(json: Value) -> TaskEvent {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn an_event_is_one_line() {
        let answered = event(json!({ "kind": "answered", "block": 8, "task": 256, "output": "0x" }));
        assert_eq!(line(&answered, false), "block 8: answered task 256");
        let pooled = event(json!({ "kind": "answer_pooled", "block": 8, "tasks": [256, 257] }));
        assert_eq!(line(&pooled, false), "block 8: answer pooled 2 tasks");
        let claimed =
            event(json!({ "kind": "claimed", "block": 9, "task": 256, "output": "0x", "settles_at": 20 }));
        assert_eq!(
            line(&claimed, false),
            "block 9: claimed task 256, settles in block 20"
        );
        let entered =
            event(json!({ "kind": "state", "block": 9, "task": 256, "state": "revealing", "until": 30 }));
        assert_eq!(
            line(&entered, false),
            "block 9: state task 256 revealing until block 30"
        );
        let shown: Value = serde_json::from_str(&line(&answered, true)).unwrap();
        assert_eq!(
            (&shown["event"]["kind"], &shown["event"]["output"]),
            (&json!("answered"), &json!("0x"))
        );
    }
}
