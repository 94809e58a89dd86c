//! What happens to tasks, as this node sees it: on the best chain, in its pool, and at finality.
//!
//! One follower reads each best block's notices once; every subscriber gets its share from a channel. So a thousand
//! subscribers cost one runtime call a block.

mod assignments;
mod event;
mod follower;
mod imports;

pub use event::{Event, EventKind, NodeEvent};
pub use follower::{Follower, Imported};

use tokio::sync::broadcast;

/// How many events a slow subscriber may lag behind before it misses some: some blocks' worth of full batches.
const BUFFER: usize = 8192;

/// Where subscribers get events.
#[derive(Clone, Debug)]
pub struct Events(broadcast::Sender<Event>);

impl Default for Events {
    fn default() -> Self {
        Self(broadcast::channel(BUFFER).0)
    }
}

impl Events {
    /// All events from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }

    /// Tells all subscribers. That nobody listens is no failure.
    fn tell(&self, event: Event) {
        let _nobody_listens = self.0.send(event);
    }
}
