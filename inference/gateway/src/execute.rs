//! One run, from request to end.

use crate::{
    digest::HexBytes,
    engine::{Engine, RunFailure},
    journal::{End, Finished},
    store::Store,
    wire::{FailReason, Input, RunRequest, MAX_OUTPUT, MAX_RETURNED_BLOB},
};
use std::{
    borrow::Cow,
    panic::{catch_unwind, AssertUnwindSafe},
    sync::Arc,
    time::Instant,
};

/// What runs are executed with.
pub(crate) struct Executor {
    pub(crate) engines: Vec<Arc<dyn Engine>>,
    pub(crate) store: Arc<Store>,
}

impl Executor {
    /// Executes the run. Whatever goes wrong becomes a named failure.
    pub(crate) fn execute(&self, request: &RunRequest) -> Finished {
        let started = Instant::now();
        let end = self
            .end_of(request)
            .unwrap_or_else(|(reason, message)| End::Failed { reason, message });
        let ms = started.elapsed().as_millis().try_into().unwrap_or(u64::MAX);
        Finished {
            content: request.content(),
            end,
            ms,
        }
    }

    fn end_of(&self, request: &RunRequest) -> Result<End, (FailReason, String)> {
        let (input, named) = match &request.input {
            Input::Inline(bytes) => (Cow::Borrowed(&bytes.0), false),
            Input::Blob { sha256, len } => {
                let found = self.store.get(*sha256).map_err(|error| {
                    let message = format!("The content store cannot be read ({error}). Check the disk.");
                    (FailReason::BlobMissing, message)
                })?;
                let missing = || {
                    format!(
                        "The content store does not hold the blob {sha256}. Put it and post the run again."
                    )
                };
                let bytes = found.ok_or_else(|| (FailReason::BlobMissing, missing()))?;
                if bytes.len() as u64 != u64::from(*len) {
                    let found = bytes.len();
                    let message = format!(
                        "The blob has {found} bytes, the run says {len}. Post a run with the true length."
                    );
                    return Err((FailReason::InputRefused, message));
                }
                (Cow::Owned(bytes), true)
            }
        };
        let output = self.run(request, &input)?;
        let blob = (named && input.len() <= MAX_RETURNED_BLOB).then(|| HexBytes(input.into_owned()));
        Ok(End::Done {
            output: HexBytes(output),
            blob,
        })
    }

    fn run(&self, request: &RunRequest, input: &[u8]) -> Result<Vec<u8>, (FailReason, String)> {
        for engine in &self.engines {
            // An engine that panics must not take the thread, and with it all later runs, along.
            match catch_unwind(AssertUnwindSafe(|| engine.run(&request.weights, input))) {
                Ok(Err(RunFailure::ModelMissing)) => continue,
                Ok(Ok(output)) if output.len() > MAX_OUTPUT => {
                    let found = output.len();
                    let message = format!("The output has {found} bytes, an answer takes {MAX_OUTPUT}. Use a model with a shorter output.");
                    return Err((FailReason::EngineFailed, message));
                }
                Ok(Ok(output)) => return Ok(output),
                Ok(Err(RunFailure::InputRefused(message))) => {
                    return Err((FailReason::InputRefused, message))
                }
                Ok(Err(RunFailure::Failed(message))) => return Err((FailReason::EngineFailed, message)),
                Err(_) => {
                    let name = engine.name();
                    tracing::error!(run = %request.id, weights = %request.weights, engine = name, "the engine panicked");
                    let message = format!("The engine {name} broke down on this run. See the gateway's log.");
                    return Err((FailReason::EngineFailed, message));
                }
            }
        }
        let weights = request.weights;
        let message = format!("No engine holds the weights {weights}. Put the model's file into the models folder and post the run again.");
        Err((FailReason::ModelMissing, message))
    }
}
