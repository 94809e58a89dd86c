//! Samples: what was measured several times.

/// The middle of what was measured: half of it is less, half more. Nothing measured is zero.
pub fn median(samples: &[f64]) -> f64 {
    let sorted = sorted(samples);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => 0.0,
        even if even.is_multiple_of(2) => (sorted[middle - 1] + sorted[middle]) / 2.0,
        _ => sorted[middle],
    }
}

/// How far apart the middle half of it lies, as a share of the median.
pub fn spread(samples: &[f64]) -> f64 {
    let sorted = sorted(samples);
    let middle = median(samples);
    if sorted.len() < 4 || middle == 0.0 {
        return 0.0;
    }
    let quarter = sorted.len() / 4;
    (sorted[sorted.len() - 1 - quarter] - sorted[quarter]) / middle
}

fn sorted(samples: &[f64]) -> Vec<f64> {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}
