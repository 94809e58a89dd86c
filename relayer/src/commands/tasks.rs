use crate::{http::Pulse, route::pause_after, time::Millis, Error, Fault};
use std::{future::Future, sync::Arc, time::Duration};

/// Takes one step after the other for ever: the next at once if there is more to do, else after `poll`; after a failure after a
/// pause that grows. Ends only by an error that ends the process.
pub(super) async fn turn<F>(
    name: String,
    pulse: Arc<Pulse>,
    poll: Duration,
    mut step: impl FnMut() -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<Again, Fault>>,
{
    let mut failures = 0u32;
    loop {
        pulse.beat(&name, Millis::now());
        let wait = match step().await {
            Ok(again) => {
                failures = 0;
                match again {
                    Again::AtOnce => Duration::ZERO,
                    Again::Later => poll,
                }
            }
            Err(Fault::Fatal(error)) => return Err(error),
            Err(fault) => {
                // The first failure may be a hiccup; what lasts is said again, but not every time.
                if failures.is_power_of_two() {
                    tracing::warn!(name, %fault, failures, "will try again");
                }
                let wait = pause_after(failures);
                failures = failures.saturating_add(1);
                wait
            }
        };
        tokio::time::sleep(wait).await;
    }
}

/// When the next step is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    AtOnce,
    Later,
}
