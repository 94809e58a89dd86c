//! What came of one claim, in a line.

use pensum_client::{
    asset::Fee,
    dispute::{Challenged, Verdict},
    BlockNumber, Error, ModelId, TaskId,
};
use pensum_primitives::task::ClaimView;
use serde::Serialize;
use sp_core::crypto::Ss58Codec;

/// What came of one claim.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Report {
    task: TaskId,
    model: ModelId,
    solver: String,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rewarded: Option<bool>,
    #[serde(flatten)]
    fee: Option<Fee>,
    #[serde(skip_serializing_if = "Option::is_none")]
    block: Option<BlockNumber>,
}

impl Report {
    /// About this claim.
    pub fn of(claim: &ClaimView) -> Self {
        Self {
            task: claim.task,
            model: claim.model,
            solver: claim.solver.to_ss58check(),
            verdict: "",
            node: None,
            reason: None,
            rewarded: None,
            fee: None,
            block: None,
        }
    }

    /// `right`, `disproven`, `lost`, `model_broken`, `skipped`, `waits`, `filed` or `failed`.
    pub fn verdict(&self) -> &'static str {
        self.verdict
    }

    /// With this verdict.
    pub fn says(self, verdict: &'static str) -> Self {
        Self { verdict, ..self }
    }

    /// With this verdict, because.
    pub fn because(self, verdict: &'static str, reason: impl Into<String>) -> Self {
        Self {
            verdict,
            reason: Some(reason.into()),
            ..self
        }
    }

    /// With this verdict, because of an error.
    pub fn failed(self, verdict: &'static str, error: &Error) -> Self {
        self.because(verdict, error.to_string())
    }

    /// With what the chain said.
    pub fn challenged(self, challenged: &Challenged) -> Self {
        Self {
            verdict: match challenged.verdict {
                Verdict::Disproven => "disproven",
                Verdict::Lost => "lost",
                Verdict::ModelBroken => "model_broken",
            },
            node: Some(challenged.node),
            rewarded: Some(challenged.rewarded),
            fee: Some(challenged.fee.clone()),
            block: Some(challenged.block),
            ..self
        }
    }

    /// One line for people.
    pub fn line(&self) -> String {
        let node = self.node.map_or(String::new(), |node| format!(", node {node}"));
        let block = self
            .block
            .map_or(String::new(), |block| format!(", block {block}"));
        let reason = self
            .reason
            .as_ref()
            .map_or(String::new(), |reason| format!(": {reason}"));
        let verdict = match self.verdict {
            "right" => "right; nothing to prove",
            "disproven" => "wrong, and proven so",
            "lost" => "the chain found the answer right; the bond is lost",
            "model_broken" => "the model is broken; nobody is at fault",
            other => other,
        };
        format!(
            "task {} by {}: {verdict}{node}{block}{reason}",
            self.task, self.solver
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pensum_client::{asset::Currency, Digest};
    use serde_json::json;

    fn report() -> Report {
        let claim: ClaimView = serde_json::from_value(json!({
            "task": 256, "model": Digest::zero(), "weights": Digest::zero(),
            "solver": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", "input": { "inline": "0x" },
            "output": "0x", "trace": null, "claimed_at": 8, "until": 20,
        }))
        .unwrap();
        Report::of(&claim)
    }

    #[test]
    fn a_report_is_one_line_for_people_and_an_object_for_programs() {
        let right = report().says("right");
        assert!(
            right.line().ends_with("right; nothing to prove"),
            "{}",
            right.line()
        );
        let skipped = report().because("skipped", "its requester judges it");
        assert!(skipped.line().ends_with("skipped: its requester judges it"));
        let challenged = Challenged {
            task: TaskId(256),
            node: 3,
            verdict: Verdict::Disproven,
            rewarded: true,
            fee: Currency::Pen.units(7).into(),
            block: 9,
        };
        let proven = report().challenged(&challenged);
        assert!(proven.line().ends_with("wrong, and proven so, node 3, block 9"));
        let json = serde_json::to_value(&proven).unwrap();
        assert_eq!(
            (&json["verdict"], &json["node"], &json["fee"], json.get("reason")),
            (&json!("disproven"), &json!(3), &json!("7"), None)
        );
    }
}
