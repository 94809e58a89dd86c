//! One run, from request to end.

use crate::{
    digest::{Digest, HexBytes},
    engine::{Engine, RunFailure},
    journal::{End, Finished},
    store::Store,
    wire::{FailReason, Input, PostStep, RunRequest, StepOpened, MAX_OUTPUT, MAX_RETURNED_BLOB},
};
use std::{
    borrow::Cow,
    panic::{catch_unwind, AssertUnwindSafe},
    sync::Arc,
    time::{Duration, Instant},
};

/// What runs are executed with.
#[derive(Clone)]
pub(crate) struct Executor {
    pub(crate) engines: Vec<Arc<dyn Engine>>,
    pub(crate) store: Arc<Store>,
}

/// What a run took.
pub(crate) struct Effort {
    /// The engine that held the weights; none where no engine does, or the input was missing.
    pub(crate) engine: Option<&'static str>,
    /// From its start to its end.
    pub(crate) time: Duration,
}

/// What running a graph anew shows.
pub(crate) enum Recomputed {
    /// The digest of every node's output.
    Trace(Vec<Digest>),
    /// The graph cannot read the input.
    Unreadable,
}

impl Executor {
    /// Executes the run. Whatever goes wrong becomes a named failure.
    pub(crate) fn execute(&self, request: &RunRequest) -> (Finished, Effort) {
        let started = Instant::now();
        let mut engine = None;
        let end = self
            .end_of(request, &mut engine)
            .unwrap_or_else(|(reason, message)| End::Failed { reason, message });
        let time = started.elapsed();
        let finished = Finished {
            content: request.content(),
            end,
            ms: time.as_millis().try_into().unwrap_or(u64::MAX),
        };
        (finished, Effort { engine, time })
    }

    fn end_of(&self, request: &RunRequest, used: &mut Option<&'static str>) -> Result<End, Failure> {
        let input = self.input(&request.input)?;
        let (output, trace) = self.run(request, &input, used)?;
        let named = matches!(request.input, Input::Blob { .. });
        let blob = (named && input.len() <= MAX_RETURNED_BLOB).then(|| HexBytes(input.into_owned()));
        Ok(End::Done {
            output: HexBytes(output),
            blob,
            trace,
        })
    }

    /// Runs a graph anew, to compare its trace with a claimed one. Nothing is journalled.
    pub(crate) fn recompute(&self, weights: &Digest, input: &Input) -> Result<Recomputed, Failure> {
        let input = self.input(input)?;
        match self.ask(weights, "a graph with", &mut None, |engine| {
            engine.run_traced(weights, &input)
        }) {
            Ok((_, trace)) => Ok(Recomputed::Trace(trace)),
            Err((FailReason::InputRefused, _)) => Ok(Recomputed::Unreadable),
            Err(failure) => Err(failure),
        }
    }

    /// All that executing one node needs, for a challenge or an audit.
    pub(crate) fn step(&self, query: &PostStep) -> Result<StepOpened, Failure> {
        let input = self.input(&query.input)?;
        self.ask(&query.weights, "a graph with", &mut None, |engine| {
            engine.step(&query.weights, &input, query.node)
        })
    }

    /// The input's bytes, from the request or from the content store.
    fn input<'a>(&self, input: &'a Input) -> Result<Cow<'a, [u8]>, Failure> {
        let (sha256, len) = match input {
            Input::Inline(bytes) => return Ok(Cow::Borrowed(&bytes.0)),
            Input::Blob { sha256, len } => (*sha256, *len),
        };
        let found = self.store.get(sha256).map_err(|error| {
            let message = format!("The content store cannot be read ({error}). Check the disk.");
            (FailReason::BlobMissing, message)
        })?;
        let missing =
            || format!("The content store does not hold the blob {sha256}. Put it and post the run again.");
        let bytes = found.ok_or_else(|| (FailReason::BlobMissing, missing()))?;
        if bytes.len() as u64 != u64::from(len) {
            let found = bytes.len();
            let message =
                format!("The blob has {found} bytes, the run says {len}. Post a run with the true length.");
            return Err((FailReason::InputRefused, message));
        }
        Ok(Cow::Owned(bytes))
    }

    fn run(
        &self,
        request: &RunRequest,
        input: &[u8],
        used: &mut Option<&'static str>,
    ) -> Result<(Vec<u8>, Option<Vec<Digest>>), Failure> {
        let weights = &request.weights;
        let (output, trace) = if request.traced {
            let (output, trace) = self.ask(weights, "a graph with", used, |engine| {
                engine.run_traced(weights, input)
            })?;
            (output, Some(trace))
        } else {
            let output = self.ask(weights, "", used, |engine| engine.run(weights, input))?;
            (output, None)
        };
        if output.len() > MAX_OUTPUT {
            let found = output.len();
            let message = format!("The output has {found} bytes, an answer takes {MAX_OUTPUT}. Use a model with a shorter output.");
            return Err((FailReason::EngineFailed, message));
        }
        Ok((output, trace))
    }

    /// Asks the engines in turn; the first that holds the weights decides, and is named in `used`.
    fn ask<T>(
        &self,
        weights: &Digest,
        kind: &str,
        used: &mut Option<&'static str>,
        question: impl Fn(&dyn Engine) -> Result<T, RunFailure>,
    ) -> Result<T, Failure> {
        for engine in &self.engines {
            // An engine that panics must not take the thread, and with it all later runs, along.
            let answer = catch_unwind(AssertUnwindSafe(|| question(engine.as_ref())));
            if !matches!(answer, Ok(Err(RunFailure::ModelMissing))) {
                *used = Some(engine.name());
            }
            match answer {
                Ok(Err(RunFailure::ModelMissing)) => continue,
                Ok(Ok(found)) => return Ok(found),
                Ok(Err(RunFailure::InputRefused(message))) => {
                    return Err((FailReason::InputRefused, message))
                }
                Ok(Err(RunFailure::Failed(message))) => return Err((FailReason::EngineFailed, message)),
                Err(_) => {
                    let name = engine.name();
                    tracing::error!(%weights, engine = name, "the engine panicked");
                    let message = format!("The engine {name} broke down on this run. See the gateway's log.");
                    return Err((FailReason::EngineFailed, message));
                }
            }
        }
        let what = if kind.is_empty() {
            String::new()
        } else {
            format!("{kind} ")
        };
        let message = format!("No engine holds {what}the weights {weights}. Put the model's file into the models folder and post the run again.");
        Err((FailReason::ModelMissing, message))
    }
}

/// Why there is nothing: for programs, and in words with a remedy.
pub(crate) type Failure = (FailReason, String);
