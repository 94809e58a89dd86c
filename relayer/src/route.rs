//! How messages get from one chain to another: a [`Follower`] for each origin, a [`Lane`] for each destination.

mod attempt;
mod follower;
mod lane;
mod settle;

pub use follower::{Follower, Step};
pub use lane::{Lane, Tick};

use std::time::Duration;

/// How long to wait before a chain that failed is asked again: twice as long each time, up to half a minute.
pub fn pause_after(failures: u32) -> Duration {
    const FIRST: Duration = Duration::from_millis(500);
    const LONGEST: Duration = Duration::from_secs(30);
    FIRST.saturating_mul(1 << failures.min(10)).min(LONGEST)
}

/// How long a message waits after it has failed so often in a row: twice as long each time.
fn back_off(first: Duration, longest: Duration, failures: u32) -> Duration {
    first.saturating_mul(1 << failures.min(20)).min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_their_longest() {
        let (first, longest) = (Duration::from_secs(5), Duration::from_secs(60));
        let waits: Vec<u64> = (0..6).map(|n| back_off(first, longest, n).as_secs()).collect();
        assert_eq!(waits, [5, 10, 20, 40, 60, 60]);
        assert_eq!(back_off(first, longest, u32::MAX), longest);
        assert_eq!(pause_after(u32::MAX), Duration::from_secs(30));
    }
}
