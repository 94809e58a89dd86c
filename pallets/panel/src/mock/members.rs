//! What members of a panel do.

use super::*;
use codec::Encode;
use frame_support::{
    dispatch::{GetDispatchInfo, RawOrigin},
    pallet_prelude::{TransactionSource, TransactionValidityError},
    traits::Authorize,
};
use pensum_primitives::{
    operator::{commit_payload, excuse_payload, reveal_payload, Refusal},
    panel::{commitment, Ballot, RoundId, Salt},
    verdict::Unable,
    Digest,
};
use sp_core::Pair;
use sp_runtime::{
    traits::Dispatchable,
    transaction_validity::{InvalidTransaction, ValidTransaction},
};

/// The batch's panel.
pub fn panel(batch: BatchId) -> crate::types::Panel {
    crate::Panels::<Test>::get(batch).unwrap()
}

/// The name of the panel's round.
pub fn round(batch: BatchId) -> RoundId {
    panel(batch).drawn_at
}

/// The numbers of the panel's members, ascending.
pub fn members(batch: BatchId) -> Vec<u8> {
    crate::Panels::<Test>::get(batch)
        .map(|panel| panel.members.iter().map(number).collect())
        .unwrap_or_default()
}

/// One answer for each task; a dash for none.
pub fn ballot(answers: &[&str]) -> Ballot {
    let output = |answer: &&str| (*answer != "-").then(|| answer.as_bytes().to_vec().try_into().unwrap());
    answers.iter().map(output).collect::<Vec<_>>().try_into().unwrap()
}

/// A juror's vote on one task.
pub fn vote(vote: u8) -> Ballot {
    vec![Some(vec![vote].try_into().unwrap())].try_into().unwrap()
}

pub fn salt(number: u8) -> Salt {
    [number ^ 0x5a; 32]
}

/// What solver `number` commits to, honestly.
pub fn sealed(number: u8, batch: BatchId, ballot: &Ballot) -> Digest {
    commitment(batch, round(batch), &solver(number), ballot, &salt(number))
}

/// What operators sign also names the chain.
pub fn genesis() -> Digest {
    System::block_hash(0)
}

pub fn commit_call(number: u8, batch: BatchId, round: RoundId, commitment: Digest) -> crate::Call<Test> {
    let pair = operator(number);
    let payload = commit_payload(genesis(), &pair.public(), batch, round, commitment);
    crate::Call::commit {
        operator: pair.public(),
        batch,
        round,
        commitment,
        signature: pair.sign(&payload),
    }
}

pub fn reveal_call(
    number: u8,
    batch: BatchId,
    round: RoundId,
    ballot: &Ballot,
    salt: Salt,
) -> crate::Call<Test> {
    let pair = operator(number);
    let payload = reveal_payload(genesis(), &pair.public(), batch, round, ballot, &salt);
    crate::Call::reveal {
        operator: pair.public(),
        batch,
        round,
        ballot: ballot.clone(),
        salt,
        signature: pair.sign(&payload),
    }
}

pub fn excuse_call(number: u8, batch: BatchId, round: RoundId) -> crate::Call<Test> {
    let (pair, reason) = (operator(number), Unable::EngineFailed);
    let payload = excuse_payload(genesis(), &pair.public(), batch, round, reason);
    crate::Call::excuse {
        operator: pair.public(),
        batch,
        round,
        reason,
        signature: pair.sign(&payload),
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
    let info = call.get_dispatch_info();
    Spent::set(Spent::get() + info.call_weight + call.weight_of_authorize());
    call.dispatch(RawOrigin::Authorized.into())
        .expect("what is authorised never fails");
    Ok(())
}

/// Solver `number` commits to a ballot.
pub fn commits(number: u8, batch: BatchId, ballot: &Ballot) -> Result<(), TransactionValidityError> {
    submit(commit_call(
        number,
        batch,
        round(batch),
        sealed(number, batch, ballot),
    ))
}

/// Solver `number` reveals a ballot.
pub fn reveals(number: u8, batch: BatchId, ballot: &Ballot) -> Result<(), TransactionValidityError> {
    submit(reveal_call(number, batch, round(batch), ballot, salt(number)))
}

/// Solver `number` leaves.
pub fn excuses(number: u8, batch: BatchId) -> Result<(), TransactionValidityError> {
    submit(excuse_call(number, batch, round(batch)))
}

/// All commit, each to its own ballot; reveals are open after that.
pub fn all_commit(batch: BatchId, ballots: &[(u8, Ballot)]) {
    for (number, ballot) in ballots {
        commits(*number, batch, ballot).unwrap();
    }
}

/// The members of a panel who have all committed to the same answers, and may reveal them.
pub fn unanimous() -> (Vec<u8>, Ballot) {
    let (members, answers) = (drawn(summons(BATCH)), ballot(&["a", "b"]));
    for number in &members {
        commits(*number, BATCH, &answers).unwrap();
    }
    (members, answers)
}

/// All reveal, in this order and in one block.
pub fn all_reveal(batch: BatchId, ballots: &[(u8, Ballot)]) {
    for (number, ballot) in ballots {
        reveals(*number, batch, ballot).unwrap();
    }
}

/// All commit and reveal, and the next block tallies.
pub fn all_vote(batch: BatchId, ballots: &[(u8, Ballot)]) {
    all_commit(batch, ballots);
    all_reveal(batch, ballots);
    run_for(1);
}

pub fn refusal(refusal: Refusal) -> TransactionValidityError {
    InvalidTransaction::Custom(refusal.code()).into()
}

/// Neither the pool nor a block takes it, and nothing changes.
#[track_caller]
pub fn refused(call: crate::Call<Test>, why: Refusal) {
    let before = sp_io::storage::root(Default::default());
    assert_eq!(validate(&call), Err(refusal(why)));
    assert_eq!(submit(call), Err(refusal(why)));
    assert_eq!(sp_io::storage::root(Default::default()), before);
}

/// The tag that keeps a member's transaction of one kind from being in the pool twice.
pub fn tag(kind: &[u8; 6], number: u8, batch: BatchId, round: RoundId) -> Vec<u8> {
    (*b"panel", kind, solver(number), batch, round).encode()
}
