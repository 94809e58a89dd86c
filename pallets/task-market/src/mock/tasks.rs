//! Posting tasks, and the operator transactions that answer or decline them.

use super::{
    greater, operator, Market, Registry, RuntimeCall, RuntimeOrigin, System, Test, MAX_REWARD, NODES,
    REQUESTER, WINDOW,
};
use crate::types::Sheet;
use frame_support::{
    dispatch::{GetDispatchInfo, RawOrigin},
    pallet_prelude::{DispatchError, TransactionSource, TransactionValidityError},
    traits::Authorize,
};
use pensum_primitives::{
    matching::Matching,
    operator::{answer_payload, decline_payload, Refusal},
    task::{Answer, Input, Output, Terms, Trace},
    traits::{Models, Replayed},
    verdict::Unable,
    verification::{Rule, Verification},
    AccountId, Balance, BatchId, Digest, ModelId, TaskId,
};
use sp_core::Pair;
use sp_runtime::{
    traits::Dispatchable,
    transaction_validity::{InvalidTransaction, ValidTransaction},
};

/// Price cap of panels: enough for six members, each as dear as the third solver.
pub const QUORUM_REWARD: Balance = 6 * 40_000;

pub fn inline(bytes: &[u8]) -> Input {
    Input::Inline(bytes.to_vec().try_into().unwrap())
}

pub fn blob(bytes: &[u8]) -> Input {
    Input::Blob {
        digest: sp_io::hashing::sha2_256(bytes).into(),
        len: bytes.len() as u32,
    }
}

pub fn terms(model: ModelId) -> Terms {
    Terms {
        model,
        max_reward: MAX_REWARD,
        asset: None,
        deadline: System::block_number() + 30,
        matching: Matching::Book,
        verification: Verification::Replay { window: 0 },
        min_reputation: 0,
        allow_flagged: false,
    }
}

/// So many pairs of bytes, of which the second is greater in every other one.
pub fn pairs(count: u32) -> Vec<Input> {
    (0..count).map(|i| inline(&[5, 4 + 2 * (i % 2) as u8])).collect()
}

/// Posts as somebody, on terms of one's own.
pub fn post_as(who: AccountId, terms: Terms, inputs: Vec<Input>) -> Result<BatchId, DispatchError> {
    let batch = Market::next_batch();
    let call = RuntimeCall::from(crate::Call::post {
        terms,
        inputs: inputs.try_into().unwrap(),
    });
    let declared = call.get_dispatch_info().call_weight;
    let done = call
        .dispatch(RuntimeOrigin::signed(who))
        .map_err(|error| error.error)?;
    assert!(done.actual_weight.unwrap().all_lte(declared));
    Ok(batch)
}

/// Posts pairs as the requester on usual terms.
pub fn post(count: u32) -> BatchId {
    post_as(REQUESTER, terms(greater()), pairs(count)).unwrap()
}

pub fn batch(id: BatchId) -> crate::types::Batch {
    crate::Batches::<Test>::get(id).unwrap()
}

/// Who holds the task.
pub fn holder(task: TaskId) -> AccountId {
    batch(task.batch())
        .part_with(task.place())
        .unwrap()
        .solver
        .clone()
}

/// The number of the solver that holds the task.
pub fn holder_number(task: TaskId) -> u8 {
    AsRef::<[u8]>::as_ref(&holder(task))[0]
}

/// Label 0 or 1 as the models say it.
pub fn label(number: i32) -> Vec<u8> {
    number.to_le_bytes().to_vec()
}

pub fn answer(task: TaskId, output: Vec<u8>, blob: Option<&[u8]>) -> Answer {
    Answer {
        task,
        output: output.try_into().unwrap(),
        blob: blob.map(|blob| blob.to_vec().try_into().unwrap()),
        trace: None,
    }
}

/// An answer with a trace that ends in its output.
pub fn traced(task: TaskId, output: Vec<u8>) -> Answer {
    let node = |number: u16| match number + 1 == NODES {
        true => sp_io::hashing::blake2_256(&output).into(),
        false => Digest::repeat_byte(number as u8),
    };
    Answer {
        trace: Some(Trace::try_from((0..NODES).map(node).collect::<Vec<_>>()).unwrap()),
        ..answer(task, output.clone(), None)
    }
}

/// The terms with a window in which answers can be disproven.
pub fn windowed() -> Terms {
    Terms {
        verification: Verification::Replay { window: WINDOW },
        ..terms(greater())
    }
}

/// The terms of a panel of three.
pub fn quorum() -> Terms {
    Terms {
        verification: Verification::Quorum {
            solvers: 3,
            threshold: 2,
            rule: Rule::Exact,
        },
        max_reward: QUORUM_REWARD,
        ..terms(greater())
    }
}

/// The terms of a requester that judges for itself.
pub fn judged() -> Terms {
    Terms {
        verification: Verification::Requester { window: WINDOW },
        ..terms(greater())
    }
}

/// The terms of a Dutch auction.
pub fn dutch() -> Terms {
    Terms {
        matching: Matching::Dutch {
            start: 10_000,
            end: MAX_REWARD,
            blocks: 5,
        },
        ..terms(greater())
    }
}

/// The terms of a sealed auction.
pub fn sealed() -> Terms {
    Terms {
        matching: Matching::Sealed {
            reserve: MAX_REWARD,
            commit: 3,
            reveal: 3,
        },
        ..terms(greater())
    }
}

/// Posts so many pairs as the requester.
pub fn post_on(terms: Terms, count: u32) -> BatchId {
    post_as(REQUESTER, terms, pairs(count)).unwrap()
}

/// Posts and has the cheapest solver answer all of it with a window.
pub fn claimed(count: u32) -> BatchId {
    let id = post_on(windowed(), count);
    let answers = (0..count).map(|place| id.task(place as u8));
    self::answers(1, answers.map(|task| traced(task, truth(task))).collect());
    id
}

/// Posts one task and has the cheapest solver answer it, for the requester to judge.
pub fn submitted() -> BatchId {
    let id = post_on(judged(), 1);
    answers(1, vec![answer(id.task(0), label(1), None)]);
    id
}

/// An output.
pub fn output(bytes: &[u8]) -> Output {
    bytes.to_vec().try_into().unwrap()
}

/// What the model really says about an inline input.
pub fn truth(task: TaskId) -> Vec<u8> {
    let input = crate::Inputs::<Test>::get(task.batch())[task.place() as usize].clone();
    let Input::Inline(bytes) = input else {
        panic!("the bytes of a blob are not on chain")
    };
    match Registry::replay(&batch(task.batch()).model, &[&bytes])
        .unwrap()
        .remove(0)
    {
        Replayed::Output(output) => output,
        Replayed::Unreadable => panic!("the input cannot be read"),
    }
}

pub fn right(task: TaskId) -> Answer {
    answer(task, truth(task), None)
}

pub fn wrong(task: TaskId) -> Answer {
    let mut output = truth(task);
    output[3] ^= 0x40;
    answer(task, output, None)
}

pub fn answer_call(number: u8, answers: Vec<Answer>) -> crate::Call<Test> {
    let pair = operator(number);
    let signature = pair.sign(&answer_payload(System::block_hash(0), &pair.public(), &answers));
    crate::Call::answer {
        operator: pair.public(),
        answers: Sheet::try_from(answers).unwrap(),
        signature,
    }
}

pub fn decline_call(number: u8, batch: BatchId) -> crate::Call<Test> {
    let (pair, reason) = (operator(number), Unable::EngineFailed);
    let signature = pair.sign(&decline_payload(
        System::block_hash(0),
        &pair.public(),
        batch,
        reason,
    ));
    crate::Call::decline {
        operator: pair.public(),
        batch,
        reason,
        signature,
    }
}

/// What the pool says.
pub fn validate(call: &crate::Call<Test>) -> Result<ValidTransaction, TransactionValidityError> {
    let call = RuntimeCall::from(call.clone());
    call.authorize(TransactionSource::External)
        .unwrap()
        .map(|(valid, _)| valid)
}

/// Includes an operator transaction in the block as the `AuthorizeCall` extension does.
pub fn submit(call: crate::Call<Test>) -> Result<(), TransactionValidityError> {
    validate(&call)?;
    let call = RuntimeCall::from(call);
    let declared = call.get_dispatch_info().call_weight;
    let origin = RuntimeOrigin::from(RawOrigin::Authorized);
    let done = call.dispatch(origin).expect("what is authorised never fails");
    assert!(done.actual_weight.unwrap_or(declared).all_lte(declared));
    Ok(())
}

/// Solver `number` answers.
pub fn answers(number: u8, answers: Vec<Answer>) {
    submit(answer_call(number, answers)).unwrap();
}

pub fn refusal(refusal: Refusal) -> TransactionValidityError {
    InvalidTransaction::Custom(refusal.code()).into()
}
