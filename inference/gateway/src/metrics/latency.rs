//! A histogram of times.

use std::time::Duration;

/// Upper bounds in seconds. A graph takes a fraction of a millisecond; the chain gives a run a few seconds.
const BOUNDS: [f64; 14] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0, 60.0,
];

/// How long things took.
#[derive(Default, Debug)]
pub(super) struct Latency {
    /// Those up to each bound and above the one before; the last has no bound.
    counts: [u64; BOUNDS.len() + 1],
    sum: f64,
}

impl Latency {
    /// One more.
    pub(super) fn observe(&mut self, time: Duration) {
        let seconds = time.as_secs_f64();
        let place = BOUNDS.partition_point(|bound| *bound < seconds);
        self.counts[place] += 1;
        self.sum += seconds;
    }

    /// Each bound, and how many took at most so long.
    pub(super) fn buckets(&self) -> impl Iterator<Item = (String, u64)> + '_ {
        let bounds = BOUNDS.iter().map(ToString::to_string);
        let counts = self.counts.iter().scan(0u64, |sum, count| {
            *sum += count;
            Some(*sum)
        });
        bounds.chain(["+Inf".into()]).zip(counts)
    }

    /// Seconds of all.
    pub(super) fn sum(&self) -> f64 {
        self.sum
    }

    /// How many.
    pub(super) fn count(&self) -> u64 {
        self.counts.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bucket_holds_all_that_took_at_most_its_bound() {
        let mut latency = Latency::default();
        for micros in [50, 100, 101, 3_000, 90_000_000] {
            latency.observe(Duration::from_micros(micros));
        }
        let buckets: Vec<_> = latency.buckets().collect();
        let at = |bound: &str| buckets.iter().find(|(own, _)| own == bound).unwrap().1;
        assert_eq!(
            (at("0.0001"), at("0.00025"), at("0.005"), at("60"), at("+Inf")),
            (2, 3, 4, 4, 5)
        );
        assert_eq!(latency.count(), 5);
        assert!((latency.sum() - 90.003_251).abs() < 1e-9);
    }
}
