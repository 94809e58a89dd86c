//! A test for each way in which a result can be wrong; `vectors.json` has those of what goes to Pensum.

use crate::samples::{answered, refused};
use alloy_sol_types::SolValue;
use pensum_task_abi::{sol, AbiError, Outcome, Refusal, TaskResult};

fn of_answered(change: impl Fn(&mut sol::Result)) -> Result<TaskResult, AbiError> {
    let mut raw = sol::Result::from(&answered());
    change(&mut raw);
    TaskResult::decode(&raw.abi_encode())
}

fn of_refused(change: impl Fn(&mut sol::Result)) -> Result<TaskResult, AbiError> {
    let mut raw = sol::Result::from(&refused(Refusal::CannotPay));
    change(&mut raw);
    TaskResult::decode(&raw.abi_encode())
}

fn unused(field: &'static str) -> Result<TaskResult, AbiError> {
    Err(AbiError::UnusedField { field })
}

#[test]
fn numbers_that_mean_nothing() {
    assert_eq!(
        of_answered(|raw| raw.outcome = 3),
        Err(AbiError::UnknownOutcome { found: 3 })
    );
    assert_eq!(
        of_answered(|raw| raw.verification = 3),
        Err(AbiError::UnknownVerification { found: 3 })
    );
    assert_eq!(
        of_refused(|raw| raw.reason = 9),
        Err(AbiError::UnknownRefusal { found: 9 })
    );
}

#[test]
fn fields_that_the_outcome_does_not_use() {
    assert_eq!(of_answered(|raw| raw.reason = 1), unused("reason"));
    assert_eq!(of_answered(|raw| raw.outcome = 1), unused("output"));
    assert_eq!(of_refused(|raw| raw.output = vec![0].into()), unused("output"));
    assert_eq!(of_refused(|raw| raw.task = 1), unused("task"));
    assert_eq!(
        of_refused(|raw| raw.evidence = [1; 32].into()),
        unused("evidence")
    );
    assert_eq!(of_refused(|raw| raw.price = 1), unused("price"));
    assert_eq!(of_refused(|raw| raw.record = [1; 32].into()), unused("record"));
}

#[test]
fn an_answer_longer_than_any_can_be() {
    assert_eq!(
        of_answered(|raw| raw.output = vec![0; 1_025].into()),
        Err(AbiError::OutputTooLong { found: 1_025 })
    );
}

#[test]
fn a_reason_of_a_later_version_is_read() {
    let outcome = Outcome::Refunded { reason: 255 };
    let later = of_answered(|raw| {
        (raw.outcome, raw.reason) = outcome.numbers();
        raw.output = vec![].into();
    });
    assert_eq!(later.map(|result| result.outcome), Ok(outcome));
}

#[test]
fn every_refusal_has_its_number_and_no_other() {
    for (code, refusal) in (0..=u8::MAX).zip(Refusal::ALL) {
        assert_eq!(refusal.code(), code);
        assert_eq!(Refusal::try_from(code), Ok(refusal));
    }
}

#[test]
fn every_error_is_a_fact_and_a_remedy() {
    let errors = [
        AbiError::Empty,
        AbiError::UnknownKind { found: 9 },
        AbiError::NotAbi,
        AbiError::NotCanonical,
        AbiError::UnknownMatching { found: 9 },
        AbiError::UnknownVerification { found: 9 },
        AbiError::UnknownRule { found: 9 },
        AbiError::UnknownDelivery { found: 9 },
        AbiError::UnknownOutcome { found: 9 },
        AbiError::UnknownRefusal { found: 9 },
        AbiError::UnusedField { field: "price" },
        AbiError::InputTooLong { found: 9 },
        AbiError::InputTwice,
        AbiError::BlobIncomplete,
        AbiError::PointerTooLong { found: 9 },
        AbiError::OutputTooLong { found: 9 },
    ];
    for error in errors {
        let text = error.to_string();
        assert!(text.ends_with('.') && text.contains(". "), "{text}");
    }
}
