use crate::mock::*;
use codec::Encode;
use pensum_primitives::{
    operator::{answer_payload, Refusal},
    verdict::Unable,
    BatchId,
};
use sp_core::Pair;

#[track_caller]
fn refused(call: crate::Call<Test>, why: Refusal) {
    assert_eq!(validate(&call), Err(refusal(why)));
    assert_eq!(submit(call), Err(refusal(why)));
}

#[test]
fn a_due_answer_is_valid_until_its_last_block_and_tagged_by_task() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(2);
        run_to(3);
        let valid = validate(&answer_call(1, vec![right(id.task(0)), right(id.task(1))])).unwrap();
        assert_eq!(valid.priority, AnswerPriority::get());
        assert_eq!(valid.longevity, u64::from(1 + AnswerWindow::get() - 3));
        assert!(valid.requires.is_empty());
        assert!(valid.propagate);
        let tag = |place| (*b"answer", solver(1), id.task(place)).encode();
        assert_eq!(valid.provides, [tag(0), tag(1)]);
    });
}

#[test]
fn answer_fails_when_the_signature_is_of_another_key() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        let crate::Call::answer {
            operator: key,
            answers,
            ..
        } = answer_call(1, vec![right(id.task(0))])
        else {
            panic!("another call or event than was made")
        };
        let payload = answer_payload(System::block_hash(0), &key, &answers);
        let signature = operator(2).sign(&payload);
        refused(
            crate::Call::answer {
                operator: key,
                answers,
                signature,
            },
            Refusal::BadSignature,
        );
    });
}

#[test]
fn answer_fails_when_the_signature_is_for_other_content() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        let crate::Call::answer { signature, .. } = answer_call(1, vec![right(id.task(0))]) else {
            panic!("another call or event than was made")
        };
        let crate::Call::answer {
            operator, answers, ..
        } = answer_call(1, vec![wrong(id.task(0))])
        else {
            panic!("another call or event than was made")
        };
        refused(
            crate::Call::answer {
                operator,
                answers,
                signature,
            },
            Refusal::BadSignature,
        );
    });
}

#[test]
fn answer_fails_when_the_signature_is_for_another_chain() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        let crate::Call::answer {
            operator: key,
            answers,
            ..
        } = answer_call(1, vec![right(id.task(0))])
        else {
            panic!("another call or event than was made")
        };
        let elsewhere = sp_core::H256::repeat_byte(3);
        let signature = operator(1).sign(&answer_payload(elsewhere, &key, &answers));
        refused(
            crate::Call::answer {
                operator: key,
                answers,
                signature,
            },
            Refusal::BadSignature,
        );
    });
}

#[test]
fn answer_fails_when_no_solver_uses_the_key() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        refused(answer_call(77, vec![right(id.task(0))]), Refusal::UnknownOperator);
    });
}

#[test]
fn answer_fails_when_the_task_was_never_posted() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        refused(
            answer_call(1, vec![answer(id.task(1), label(0), None)]),
            Refusal::TaskNotOpen,
        );
        refused(
            answer_call(1, vec![answer(BatchId(5).task(0), label(0), None)]),
            Refusal::TaskNotOpen,
        );
    });
}

#[test]
fn answer_fails_when_the_task_has_ended() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(2);
        let call = answer_call(1, vec![right(id.task(0))]);
        submit(call.clone()).unwrap();
        refused(call, Refusal::TaskNotOpen);
    });
}

#[test]
fn answer_fails_when_the_task_is_not_yours() {
    ExtBuilder::default().capacity(1).build_and_execute(|| {
        let id = post(2);
        refused(answer_call(3, vec![right(id.task(0))]), Refusal::NotYours);
        refused(answer_call(2, vec![right(id.task(0))]), Refusal::NotYours);
        refused(
            answer_call(1, vec![right(id.task(0)), right(id.task(1))]),
            Refusal::NotYours,
        );
    });
}

#[test]
fn answer_fails_when_it_is_too_late() {
    ExtBuilder::default().build_and_execute(|| {
        // Two batches run out in one block, of which the chain handles one at a time.
        MaxExpiriesPerBlock::set(1);
        let (one, other) = (post(1), post(1));
        run_to(2 + AnswerWindow::get());
        let waiting = if holder_number(one.task(0)) == 1 {
            one
        } else {
            other
        };
        let answer = answer_call(1, vec![right(waiting.task(0))]);
        refused(answer, Refusal::TooLate);
        refused(decline_call(1, waiting), Refusal::TooLate);
    });
}

#[test]
fn answer_fails_when_the_output_has_the_wrong_length() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        refused(
            answer_call(1, vec![answer(id.task(0), vec![0; 3], None)]),
            Refusal::WrongLength,
        );
        refused(
            answer_call(1, vec![answer(id.task(0), vec![0; 5], None)]),
            Refusal::WrongLength,
        );
    });
}

#[test]
fn answer_fails_when_the_sheet_is_malformed() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(2);
        let (first, second) = (right(id.task(0)), right(id.task(1)));
        refused(answer_call(1, vec![]), Refusal::Malformed);
        refused(
            answer_call(1, vec![second.clone(), first.clone()]),
            Refusal::Malformed,
        );
        refused(
            answer_call(1, vec![first.clone(), first.clone()]),
            Refusal::Malformed,
        );
        refused(
            answer_call(1, vec![first.clone(), second, first]),
            Refusal::Malformed,
        );
    });
}

#[test]
fn answer_fails_when_the_blob_is_missing_or_another_or_uncalled_for() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_as(REQUESTER, terms(greater()), vec![blob(&[9, 3]), inline(&[1, 2])]).unwrap();
        let of_blob = |bytes| answer_call(1, vec![answer(id.task(0), label(0), bytes)]);
        refused(of_blob(None), Refusal::BlobMismatch);
        refused(of_blob(Some(&[9, 4])), Refusal::BlobMismatch);
        refused(of_blob(Some(&[9, 3, 0])), Refusal::BlobMismatch);
        let of_inline = answer_call(1, vec![answer(id.task(1), label(1), Some(&[1, 2]))]);
        refused(of_inline, Refusal::BlobMismatch);
        submit(of_blob(Some(&[9, 3]))).unwrap();
    });
}

#[test]
fn a_refused_sheet_costs_its_sender_nothing_of_what_it_named() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(2);
        let before = (batch(id), Staking::solver_status(&solver(1)));
        refused(answer_call(2, vec![wrong(id.task(0))]), Refusal::NotYours);
        assert_eq!((batch(id), Staking::solver_status(&solver(1))), before);
    });
}

#[test]
fn a_due_refusal_is_valid_and_tagged_by_batch() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(2);
        let valid = validate(&decline_call(1, id)).unwrap();
        assert_eq!(valid.provides, [(*b"decline", solver(1), id).encode()]);
        assert_eq!(valid.longevity, u64::from(AnswerWindow::get()));
    });
}

#[test]
fn decline_fails_unless_it_is_due() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        refused(decline_call(77, id), Refusal::UnknownOperator);
        refused(decline_call(1, BatchId(9)), Refusal::TaskNotOpen);
        refused(decline_call(2, id), Refusal::NotYours);
        let crate::Call::decline {
            operator,
            batch,
            signature,
            ..
        } = decline_call(1, id)
        else {
            panic!("another call or event than was made")
        };
        let other_reason = crate::Call::decline {
            operator,
            batch,
            reason: Unable::ModelMissing,
            signature,
        };
        refused(other_reason, Refusal::BadSignature);
    });
}

#[test]
fn calls_of_requesters_are_not_authorised() {
    use frame_support::{pallet_prelude::TransactionSource, traits::Authorize};
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        let call = RuntimeCall::from(crate::Call::cancel { batch: id });
        assert!(call.authorize(TransactionSource::External).is_none());
    });
}
