//! The JSON of the gateway's contract, version 1, as far as the worker speaks it. The reference is the gateway's README;
//! the examples in its `contract/` folder are read by the tests of both sides.

use alloc::{format, string::String, vec::Vec};
use pensum_primitives::{
    step::Step,
    task::{Inline, Input, Output, Trace},
    verdict::Unable,
    Digest,
};
use serde::{Deserialize, Serialize};

/// Most runs in one request.
pub(crate) const MAX_RUNS: usize = 256;

/// One run to ask for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Run<'a> {
    pub(crate) id: Digest,
    pub(crate) weights: Digest,
    pub(crate) input: &'a Input,
    pub(crate) traced: bool,
}

/// How far a run is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Report {
    pub(crate) id: Digest,
    pub(crate) progress: Progress,
}

/// Where a run stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Progress {
    /// Not over, or not known to be.
    Pending,
    /// It has an output; with the input's bytes where it was named by digest, and with its trace where that was asked for.
    Done {
        output: Output,
        blob: Option<Inline>,
        trace: Option<Trace>,
    },
    /// It has none.
    Failed(Unable),
}

/// A response that is not the contract's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Malformed;

#[derive(Serialize)]
struct PostJson {
    runs: Vec<RunJson>,
}

#[derive(Serialize)]
struct RunJson {
    id: String,
    weights: String,
    input: InputJson,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    traced: bool,
}

#[derive(Serialize)]
struct StepQueryJson {
    weights: String,
    input: InputJson,
    node: u16,
}

#[derive(Deserialize)]
struct StepJson {
    trace: Vec<String>,
    weights: String,
    inputs: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum InputJson {
    Inline(String),
    Blob { sha256: String, len: u32 },
}

#[derive(Deserialize)]
struct ReportsJson {
    runs: Vec<ReportJson>,
}

#[derive(Deserialize)]
struct ReportJson {
    id: String,
    state: StateJson,
    output: Option<String>,
    blob: Option<String>,
    trace: Option<Vec<String>>,
    reason: Option<ReasonJson>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum StateJson {
    Done,
    Failed,
    /// `queued`, `running`, and what a later version may add.
    #[serde(other)]
    Pending,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ReasonJson {
    ModelMissing,
    BlobMissing,
    InputRefused,
    /// `engine_failed`, and what a later version may add.
    #[serde(other)]
    EngineFailed,
}

#[derive(Deserialize)]
struct ErrorJson {
    error: ErrorInfoJson,
}

#[derive(Deserialize)]
struct ErrorInfoJson {
    code: String,
}

fn hex(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    hex::decode(text.strip_prefix("0x")?).ok()
}

/// The body that asks for these runs.
pub(crate) fn post_body(runs: &[Run]) -> Vec<u8> {
    let runs = runs
        .iter()
        .map(|run| RunJson {
            id: hex(run.id.as_bytes()),
            weights: hex(run.weights.as_bytes()),
            input: InputJson::of(run.input),
            traced: run.traced,
        })
        .collect();
    // Strings and numbers always serialise; an empty body would be refused by the gateway, by name.
    serde_json::to_vec(&PostJson { runs }).unwrap_or_default()
}

impl InputJson {
    fn of(input: &Input) -> Self {
        match input {
            Input::Inline(inline) => Self::Inline(hex(inline)),
            Input::Blob { digest, len } => Self::Blob {
                sha256: hex(digest.as_bytes()),
                len: *len,
            },
        }
    }
}

/// The body that asks for one step of a graph on this input.
pub(crate) fn step_body(weights: Digest, input: &Input, node: u16) -> Vec<u8> {
    let query = StepQueryJson {
        weights: hex(weights.as_bytes()),
        input: InputJson::of(input),
        node,
    };
    serde_json::to_vec(&query).unwrap_or_default()
}

/// The step in a response, and the trace of the whole run.
pub(crate) fn step(body: &[u8], node: u16) -> Result<(Trace, Step), Malformed> {
    let json: StepJson = serde_json::from_slice(body).map_err(|_| Malformed)?;
    let inputs = json
        .inputs
        .iter()
        .map(|input| bytes(input).and_then(|input| input.try_into().ok()))
        .collect::<Option<Vec<_>>>()
        .and_then(|inputs| inputs.try_into().ok())
        .ok_or(Malformed)?;
    let weights = bytes(&json.weights)
        .and_then(|weights| weights.try_into().ok())
        .ok_or(Malformed)?;
    Ok((
        trace(&json.trace)?,
        Step {
            node,
            weights,
            inputs,
        },
    ))
}

fn trace(digests: &[String]) -> Result<Trace, Malformed> {
    digests
        .iter()
        .map(|digest| Some(Digest::from(<[u8; 32]>::try_from(bytes(digest)?).ok()?)))
        .collect::<Option<Vec<_>>>()
        .and_then(|trace| trace.try_into().ok())
        .ok_or(Malformed)
}

/// About how many bytes the run takes in the larger of request and response.
pub(crate) fn weigh(input: &Input, traced: bool) -> usize {
    const AROUND: usize = 512;
    // Each digest of a trace is 66 characters of hex, two quotation marks and a comma.
    const TRACE: usize = pensum_primitives::model::MAX_NODES as usize * 69;
    let output = pensum_primitives::task::MAX_OUTPUT as usize;
    (input.len() as usize)
        .saturating_add(output)
        .saturating_mul(2)
        .saturating_add(AROUND)
        .saturating_add(if traced { TRACE } else { 0 })
}

/// The reports in a response.
pub(crate) fn reports(body: &[u8]) -> Result<Vec<Report>, Malformed> {
    let reports: ReportsJson = serde_json::from_slice(body).map_err(|_| Malformed)?;
    reports.runs.into_iter().take(MAX_RUNS).map(report).collect()
}

fn report(json: ReportJson) -> Result<Report, Malformed> {
    let id: [u8; 32] = bytes(&json.id)
        .and_then(|id| id.try_into().ok())
        .ok_or(Malformed)?;
    let progress = match json.state {
        StateJson::Pending => Progress::Pending,
        StateJson::Failed => Progress::Failed(match json.reason {
            Some(ReasonJson::ModelMissing) => Unable::ModelMissing,
            Some(ReasonJson::BlobMissing) => Unable::BlobMissing,
            Some(ReasonJson::InputRefused) => Unable::InputRefused,
            Some(ReasonJson::EngineFailed) | None => Unable::EngineFailed,
        }),
        StateJson::Done => {
            let output = json
                .output
                .as_deref()
                .and_then(bytes)
                .and_then(|output| output.try_into().ok());
            let blob = match json.blob.as_deref() {
                Some(blob) => Some(
                    bytes(blob)
                        .and_then(|blob| blob.try_into().ok())
                        .ok_or(Malformed)?,
                ),
                None => None,
            };
            Progress::Done {
                output: output.ok_or(Malformed)?,
                blob,
                trace: json.trace.as_deref().map(trace).transpose()?,
            }
        }
    };
    Ok(Report {
        id: id.into(),
        progress,
    })
}

/// The name of the error in a refusal, for the log.
pub(crate) fn error_code(body: &[u8]) -> Option<String> {
    let error: ErrorJson = serde_json::from_slice(body).ok()?;
    Some(
        error
            .error
            .code
            .chars()
            .filter(char::is_ascii_graphic)
            .take(64)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const POST: &str = include_str!("../../../inference/gateway/contract/post-runs.json");
    const REPORTS: &str = include_str!("../../../inference/gateway/contract/run-reports.json");
    const STEP_QUERY: &str = include_str!("../../../inference/gateway/contract/post-steps.json");
    const STEP: &str = include_str!("../../../inference/gateway/contract/step.json");
    const ERROR: &str = include_str!("../../../inference/gateway/contract/error.json");

    fn id(n: u8) -> Digest {
        Digest::repeat_byte(n)
    }

    #[test]
    fn a_request_is_the_contracts_example() {
        let weights = bytes("0x8fdc1a8fcf51e6d2f7e3b8ce9b4d5dfb1d2de7a8d7cf2bb5b4e3ab38f7ad5a10").unwrap();
        let weights = Digest::from_slice(&weights);
        let inline = Input::Inline(b"wool".to_vec().try_into().unwrap());
        let digest = Input::Inline(b"Hello World".to_vec().try_into().unwrap()).digest();
        let blob = Input::Blob { digest, len: 11 };
        let runs = [
            Run {
                id: id(1),
                weights,
                input: &inline,
                traced: false,
            },
            Run {
                id: id(2),
                weights,
                input: &blob,
                traced: true,
            },
        ];
        let made: Value = serde_json::from_slice(&post_body(&runs)).unwrap();
        assert_eq!(made, serde_json::from_str::<Value>(POST).unwrap());
    }

    #[test]
    fn reports_are_read_from_the_contracts_example() {
        let done = |output: &[u8], blob: Option<&[u8]>, trace: Option<&[Digest]>| Progress::Done {
            output: output.to_vec().try_into().unwrap(),
            blob: blob.map(|blob| blob.to_vec().try_into().unwrap()),
            trace: trace.map(|trace| trace.to_vec().try_into().unwrap()),
        };
        let expected = [
            done(b"WOOL", None, None),
            done(
                b"HELLO WORLD",
                Some(b"Hello World"),
                Some(&[Digest::repeat_byte(0x11), Digest::repeat_byte(0x22)]),
            ),
            Progress::Failed(Unable::ModelMissing),
            Progress::Pending,
            Progress::Pending,
        ];
        let read = reports(REPORTS.as_bytes()).unwrap();
        assert_eq!(
            read.iter().map(|report| report.id).collect::<Vec<_>>(),
            [1, 2, 3, 4, 5].map(id)
        );
        assert_eq!(
            read.into_iter().map(|report| report.progress).collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn a_step_is_asked_for_and_read_as_in_the_contracts_example() {
        let asked: Value = serde_json::from_str(STEP_QUERY).unwrap();
        let weights = Digest::from_slice(&bytes(asked["weights"].as_str().unwrap()).unwrap());
        let input = Input::Inline(b"wool".to_vec().try_into().unwrap());
        let made: Value = serde_json::from_slice(&step_body(weights, &input, 1)).unwrap();
        assert_eq!(made, asked);

        let (trace, step) = step(STEP.as_bytes(), 1).unwrap();
        assert_eq!(trace.into_inner(), [0x11, 0x22].map(Digest::repeat_byte));
        assert_eq!((step.node, step.weights.into_inner()), (1, vec![1, 2]));
        let inputs: Vec<_> = step.inputs.iter().map(|input| input.as_slice()).collect();
        assert_eq!(inputs, [b"wool".as_slice(), b""]);
    }

    #[test]
    fn an_error_is_named_without_anything_unprintable() {
        assert_eq!(error_code(ERROR.as_bytes()).as_deref(), Some("run_conflict"));
        assert_eq!(error_code(br#"{"error":{"code":"a\nb"}}"#).as_deref(), Some("ab"));
        assert_eq!(error_code(b"<html>"), None);
    }

    #[test]
    fn what_is_not_the_contract_is_malformed() {
        let id = hex(id(1).as_bytes());
        for body in [
            String::new(),
            "[]".into(),
            "{}".into(),
            r#"{"runs":[{"id":"0x01","state":"done","output":"0x"}]}"#.into(),
            format!(r#"{{"runs":[{{"id":"{id}","state":"done"}}]}}"#),
            format!(r#"{{"runs":[{{"id":"{id}","state":"done","output":"0x0"}}]}}"#),
            format!(
                r#"{{"runs":[{{"id":"{id}","state":"done","output":"0x{}"}}]}}"#,
                "00".repeat(1_025)
            ),
            format!(
                r#"{{"runs":[{{"id":"{id}","state":"done","output":"0x","blob":"0x{}"}}]}}"#,
                "00".repeat(4_097)
            ),
            "[".repeat(100_000),
        ] {
            assert_eq!(reports(body.as_bytes()), Err(Malformed), "{body:.100}");
        }
    }

    #[test]
    fn states_and_reasons_of_a_later_version_are_taken_mildly() {
        let id = hex(id(1).as_bytes());
        let body = format!(
            r#"{{"runs":[{{"id":"{id}","state":"paused","new":1}},{{"id":"{id}","state":"failed","reason":"new"}}]}}"#
        );
        let progress: Vec<_> = reports(body.as_bytes())
            .unwrap()
            .into_iter()
            .map(|r| r.progress)
            .collect();
        assert_eq!(
            progress,
            [Progress::Pending, Progress::Failed(Unable::EngineFailed)]
        );
    }
}
