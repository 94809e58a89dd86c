//! `pensum challenge TASK`

use super::report::Report;
use crate::terminal::{answer::Answer, context::Context};
use pensum_client::{
    dispute::{Finding, Verdict},
    gateway::Gateway,
    Error, Kind, TaskId,
};

/// Recomputes an answer, and proves it wrong if it is.
pub async fn run(context: &Context, gateway: &Gateway, task: TaskId) -> Result<Answer, Error> {
    let chain = context.chain().await?;
    let wait = context.wait(None, "recomputing");
    let claim = chain.rpc.claim(task).await?;
    let report = Report::of(&claim.claim);
    let proof = match claim.recompute(gateway).await? {
        Finding::Right => {
            drop(wait);
            let report = report.says("right");
            let text = report.line();
            return Ok(Answer::new(report, text));
        }
        Finding::Wrong(proof) => proof,
    };
    wait.tell(format!("node {} is wrong; proving it", proof.step.node));
    let challenged = chain
        .challenge(&context.key()?, task, &proof, context.patience)
        .await?;
    drop(wait);
    let lost = challenged.verdict == Verdict::Lost;
    let report = report.challenged(&challenged);
    let text = report.line();
    Ok(Answer::new(report, text).with_kind(lost.then_some(Kind::Refused)))
}
