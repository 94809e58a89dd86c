//! Shrinking.

use pensum_fuzz::{bytes::STRIDE, shrink::shrink};
use std::time::Duration;

#[test]
fn what_does_not_matter_is_cut_and_zeroed() {
    let input: Vec<u8> = (0..20 * STRIDE).map(|place| place as u8).collect();
    let needed = |input: &[u8]| input.chunks(STRIDE).any(|row| row.get(1) == Some(&81));
    let shrunk = shrink(&input, Duration::from_secs(10), needed);
    assert_eq!(shrunk, [0, 81, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn an_input_stays_whole_when_all_of_it_matters() {
    let input = [7; 2 * STRIDE];
    let shrunk = shrink(&input, Duration::from_secs(10), |shorter| shorter == input);
    assert_eq!(shrunk, input);
}
