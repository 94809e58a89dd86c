//! Asks this node's gateway every few seconds how it is.

use super::figures::Figures;
use crate::solver::{ask_health, GatewayUrl};
use std::time::{Duration, Instant};

/// Between two questions: a block's work needs the gateway within a second, an alarm within minutes.
const EVERY: Duration = Duration::from_secs(5);

/// Asks for as long as the node runs.
pub async fn watch_gateway(figures: Figures, url: GatewayUrl, token: Option<String>) {
    let gateway = figures.gateway;
    loop {
        let (url, token) = (url.clone(), token.clone());
        let asked = tokio::task::spawn_blocking(move || {
            let since = Instant::now();
            let health = ask_health(&url, token.as_deref());
            (health, since.elapsed())
        });
        match asked.await {
            Ok((Ok(health), took)) => {
                gateway.up.set(1);
                gateway.seconds.observe(took.as_secs_f64());
                if let Some(health) = health {
                    gateway.runs(health.queued, health.running);
                }
            }
            Ok((Err(error), _)) => {
                // Once, and not every five seconds.
                if gateway.up.get() == 1 || gateway.failures.get() == 0 {
                    log::warn!(target: "pensum::measure", "gateway: error={error}; its tasks are given back before their deadline; start the gateway again");
                }
                gateway.up.set(0);
                gateway.failures.inc();
                gateway.runs(0, 0);
            }
            // The node is stopping.
            Err(_) => return,
        }
        tokio::time::sleep(EVERY).await;
    }
}
