//! How much of the project's own methods this node does at a time, so that no caller keeps it from its blocks.

use super::RpcError;
use parking_lot::{Condvar, Mutex};
use std::{sync::Arc, thread};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Costly calls that may wait for their turn. Each holds one of the RPC server's threads, of which there are a hundred by default: the
/// rest stays for calls that cost little.
const MAX_WAITING: usize = 64;
/// Subscribers to tasks, of all connections together: each event is looked at once for each of them.
const MAX_SUBSCRIBERS: usize = 1_024;

/// What costly calls pass through: so many run at a time, some wait, the rest is refused.
///
/// A call is costly that runs a model, walks lists, or makes proofs: milliseconds of a core each, up to some fifty. A bound on requests
/// a minute would count them like those that read one item.
#[derive(Clone)]
pub(crate) struct Gate(Arc<Inner>);

struct Inner {
    most: usize,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    running: usize,
    waiting: usize,
}

/// The right to run; given back when it is dropped, also by a call that panics.
pub(super) struct Turn(Arc<Inner>);

impl Default for Gate {
    /// Half of the machine's cores, at least one: the other half imports blocks.
    fn default() -> Self {
        Self::new(thread::available_parallelism().map_or(1, |cores| cores.get() / 2))
    }
}

impl Gate {
    fn new(most: usize) -> Self {
        Self(Arc::new(Inner {
            most: most.max(1),
            state: Mutex::default(),
            freed: Condvar::new(),
        }))
    }

    /// Waits for a turn; refuses where too many wait already. Blocks its thread.
    pub(super) fn enter(&self) -> Result<Turn, RpcError> {
        let mut state = self.0.state.lock();
        if state.running >= self.0.most {
            if state.waiting >= MAX_WAITING {
                return Err(RpcError::Busy);
            }
            state.waiting += 1;
            while state.running >= self.0.most {
                self.0.freed.wait(&mut state);
            }
            state.waiting -= 1;
        }
        state.running += 1;
        Ok(Turn(self.0.clone()))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.state.lock().running -= 1;
        self.0.freed.notify_one();
    }
}

/// Places for subscribers.
#[derive(Clone)]
pub(super) struct Seats(Arc<Semaphore>);

impl Default for Seats {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_SUBSCRIBERS)))
    }
}

impl Seats {
    /// A place, kept until it is dropped.
    pub(super) fn take(&self) -> Result<OwnedSemaphorePermit, RpcError> {
        self.0
            .clone()
            .try_acquire_owned()
            .map_err(|_| RpcError::TooManySubscribers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    #[test]
    fn no_more_costly_calls_run_at_a_time_than_allowed() {
        let gate = Gate::new(2);
        let (running, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    let _turn = gate.enter().unwrap();
                    most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    thread::sleep(Duration::from_millis(2));
                    running.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(most.into_inner(), 2);
    }

    #[test]
    fn a_costly_call_is_refused_where_too_many_wait_and_taken_again_later() {
        let gate = Gate::new(1);
        let turn = gate.enter().unwrap();
        thread::scope(|scope| {
            for _ in 0..MAX_WAITING {
                scope.spawn(|| gate.enter().map(drop).unwrap());
            }
            while gate.0.state.lock().waiting < MAX_WAITING {
                thread::sleep(Duration::from_millis(1));
            }
            assert_eq!(gate.enter().map(drop), Err(RpcError::Busy));
            drop(turn);
        });
        assert!(gate.enter().is_ok());
    }

    #[test]
    fn a_call_that_panics_gives_its_turn_back() {
        let gate = Gate::new(1);
        let panicked = thread::scope(|scope| {
            let call = scope.spawn(|| {
                let _turn = gate.enter().unwrap();
                panic!("on purpose");
            });
            call.join()
        });
        assert!(panicked.is_err() && gate.enter().is_ok());
    }

    #[test]
    fn a_seat_is_free_again_when_its_subscriber_has_left() {
        let seats = Seats::default();
        let taken: Vec<_> = (0..MAX_SUBSCRIBERS).map(|_| seats.take().unwrap()).collect();
        assert_eq!(seats.take().map(drop), Err(RpcError::TooManySubscribers));
        drop(taken);
        assert!(seats.take().is_ok());
    }
}
