//! What is written is read again, and fits where it must.

use crate::{samples, strategies};
use pensum_task_abi::{FromTasks, Intent, TaskResult, ToTasks};
use proptest::prelude::*;

/// Most bytes of a message's body between chains.
const MAX_BODY: usize = 8_192;

proptest! {
    #[test]
    fn what_goes_to_pensum_reads_back(message in strategies::to_tasks()) {
        let body = message.encode();
        prop_assert!(body.len() <= MAX_BODY);
        prop_assert_eq!(ToTasks::decode(&body), Ok(message));
    }

    #[test]
    fn what_comes_from_pensum_reads_back(message in strategies::from_tasks()) {
        let body = message.encode();
        prop_assert!(body.len() <= MAX_BODY);
        prop_assert_eq!(FromTasks::decode(&body), Ok(message));
    }

    #[test]
    fn a_body_is_the_kind_and_the_struct(intent in strategies::intent(), result in strategies::result()) {
        let encoded = intent.encode();
        prop_assert_eq!(Intent::decode(&encoded), Ok(intent.clone()));
        prop_assert_eq!(&ToTasks::Intent(intent).encode()[1..], &encoded[..]);
        let encoded = result.encode();
        prop_assert_eq!(TaskResult::decode(&encoded), Ok(result.clone()));
        prop_assert_eq!(&FromTasks::Result(result).encode()[1..], &encoded[..]);
    }
}

#[test]
fn the_zero_address_and_pens_number_stand_for_none() {
    let zero = Intent {
        refund_to: Some([0; 32]),
        asset: Some(u32::MAX),
        ..samples::plain()
    };
    assert_eq!(Intent::decode(&zero.encode()), Ok(samples::plain()));
}
