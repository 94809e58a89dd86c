use hyperlane_primitives::{limits::MAX_VALIDATORS, ValidatorSet, ValidatorSetError, H160};

fn numbered(count: usize) -> Vec<H160> {
    (1..=count as u64).map(H160::from_low_u64_be).collect()
}

#[test]
fn a_set_is_refused_for_each_rule_it_breaks() {
    let refused = |validators: &[H160], threshold| ValidatorSet::new(validators, threshold).unwrap_err();
    assert_eq!(
        refused(&numbered(MAX_VALIDATORS + 1), 1),
        ValidatorSetError::TooMany { found: 51 }
    );
    assert_eq!(refused(&numbered(3), 0), ValidatorSetError::NoThreshold);
    assert_eq!(
        refused(&numbered(3), 4),
        ValidatorSetError::ThresholdTooHigh {
            threshold: 4,
            validators: 3
        }
    );
    assert_eq!(
        refused(&[], 1),
        ValidatorSetError::ThresholdTooHigh {
            threshold: 1,
            validators: 0
        }
    );
    let mut with_zero = numbered(3);
    with_zero[1] = H160::zero();
    assert_eq!(refused(&with_zero, 2), ValidatorSetError::ZeroAddress { at: 1 });
    let mut twice = numbered(3);
    twice[2] = twice[0];
    assert_eq!(refused(&twice, 2), ValidatorSetError::Twice { at: 2 });
}

#[test]
fn the_largest_set_with_the_highest_threshold_is_one() {
    let validators = numbered(MAX_VALIDATORS);
    let set = ValidatorSet::new(&validators, MAX_VALIDATORS as u8).unwrap();
    assert_eq!(set.validators(), &validators[..]);
    assert_eq!(set.threshold(), MAX_VALIDATORS as u8);
}
