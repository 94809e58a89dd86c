//! Watching a chain: recomputes every answer whose window is open, and proves wrong ones wrong.
//!
//! A round asks the node for the open answers, recomputes those that have no verdict, most urgent first, and files a challenge for
//! each wrong one. A challenge is written down with its signature before it is sent, and sent again as the same bytes until a final
//! block holds it or none ever will: whatever is killed when, no answer is challenged twice.

mod board;
mod chain;
mod check;
mod extrinsic;
mod filing;
#[cfg(test)]
mod fixture;
mod journal;
mod judging;
mod key;
mod node;
mod round;
mod runtime;
pub mod walk;
mod word;

pub(crate) use board::Board;
pub use key::{ChallengerKey, KeyError};
pub use node::{NodeUrl, NodeUrlError};

use crate::{execute::Executor, journal::JournalError, wire::WatchState};
use chain::Chain;
use journal::WatchJournal;
use node::HttpNode;
use round::Watcher;
use std::{
    io,
    path::Path,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// Between two looks at the chain, whose shortest window has ten blocks.
const POLL: Duration = Duration::from_millis(500);
/// Between two tries where something is broken.
const RETRY: Duration = Duration::from_secs(3);

/// What is watched, and by whom.
#[derive(Clone, Debug)]
pub struct WatchConfig {
    /// The node whose chain is watched. Its word about answers is checked by their digests, but it can hide them: name your own.
    pub node: NodeUrl,
    /// Who holds the bonds of challenges.
    pub key: ChallengerKey,
}

/// A watch on a thread of its own.
#[derive(Debug)]
pub(crate) struct Watch {
    pub(crate) board: Arc<Board>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Opens the journal in the data folder.
    pub(crate) fn open(
        config: WatchConfig,
        data_dir: &Path,
        executor: Executor,
    ) -> Result<OpenWatch, JournalError> {
        let board = Arc::new(Board::new(&config));
        let stop = Arc::new(AtomicBool::new(false));
        let journal = WatchJournal::open(&data_dir.join("watch.redb"))?;
        let chain = Chain::new(HttpNode::new(config.node));
        let watcher = Watcher::new(chain, executor, config.key, journal, board.clone(), stop.clone())?;
        Ok(OpenWatch { watcher, board, stop })
    }

    /// Asks it to end, without waiting.
    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }

    /// Its thread, to be waited for after [`Self::stop`].
    pub(crate) fn take_thread(&mut self) -> Option<JoinHandle<()>> {
        self.thread.take()
    }
}

/// A watch that is ready to start.
pub(crate) struct OpenWatch {
    watcher: Watcher,
    board: Arc<Board>,
    stop: Arc<AtomicBool>,
}

impl OpenWatch {
    pub(crate) fn spawn(self) -> io::Result<Watch> {
        let Self { watcher, board, stop } = self;
        let (own, stopping) = (board.clone(), stop.clone());
        let thread = thread::Builder::new().name("watch".into()).spawn(move || {
            let _end = End(own.clone());
            run(watcher, &own, &stopping);
        })?;
        Ok(Watch {
            board,
            stop,
            thread: Some(thread),
        })
    }
}

/// Tells that the watch has ended, even by a panic.
struct End(Arc<Board>);

impl Drop for End {
    fn drop(&mut self) {
        let message = "The watch has ended. Start the gateway again; its log says why if it broke down.";
        self.0.becomes(WatchState::Stopped, Some(message.into()));
    }
}

fn run(mut watcher: Watcher, board: &Board, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        let pause = match watcher.round() {
            Ok(()) => POLL,
            Err(trouble) => {
                let message = trouble.to_string();
                if board.becomes(trouble.state(), Some(message.clone())) {
                    tracing::warn!(message, "the watch is interrupted");
                }
                RETRY
            }
        };
        thread::park_timeout(pause);
    }
}
