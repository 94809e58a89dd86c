//! Auctions of usual shape, and the operator transactions for them.

use super::{RuntimeCall, RuntimeOrigin, System, Test};
use frame_support::{
    dispatch::{GetDispatchInfo, RawOrigin},
    pallet_prelude::{TransactionSource, TransactionValidityError},
    traits::Authorize,
};
use pensum_primitives::{
    matching::Matching,
    operator::{bid_payload, reveal_bid_payload, take_payload, OperatorPair, OperatorSignature, Refusal},
    panel::{bid_commitment, Salt},
    AccountId, Balance, BatchId, Digest,
};
use sp_core::Pair;
use sp_runtime::{
    traits::Dispatchable,
    transaction_validity::{InvalidTransaction, ValidTransaction},
};

pub type Call = crate::Call<Test>;

/// Hides every bid of the tests.
pub const SALT: Salt = [5; 32];

/// Rises from 100 to 500 in eight blocks.
pub const DUTCH: Matching = Matching::Dutch {
    start: 100,
    end: 500,
    blocks: 8,
};

/// Three blocks to commit, two to reveal.
pub const SEALED: Matching = Matching::Sealed {
    reserve: 800,
    commit: 3,
    reveal: 2,
};

pub fn solver(number: u8) -> AccountId {
    AccountId::new([number; 32])
}

pub fn operator(number: u8) -> OperatorPair {
    OperatorPair::from_seed_slice(&[number; 32]).unwrap()
}

fn sign(number: u8, payload: impl Fn(Digest) -> Vec<u8>) -> OperatorSignature {
    operator(number).sign(&payload(System::block_hash(0)))
}

pub fn take_call(number: u8, batch: BatchId, floor: Balance) -> Call {
    let operator = operator(number).public();
    let signature = sign(number, |genesis| take_payload(genesis, &operator, batch, floor));
    Call::take {
        operator,
        batch,
        floor,
        signature,
    }
}

pub fn commitment(number: u8, batch: BatchId, round: u8, price: Balance) -> Digest {
    bid_commitment(batch, round, &solver(number), price, &SALT)
}

pub fn bid_call(number: u8, batch: BatchId, round: u8, price: Balance) -> Call {
    let operator = operator(number).public();
    let commitment = commitment(number, batch, round, price);
    let signature = sign(number, |genesis| {
        bid_payload(genesis, &operator, batch, round, commitment)
    });
    Call::bid {
        operator,
        batch,
        round,
        commitment,
        signature,
    }
}

pub fn reveal_call(number: u8, batch: BatchId, round: u8, price: Balance) -> Call {
    let operator = operator(number).public();
    let signature = sign(number, |genesis| {
        reveal_bid_payload(genesis, &operator, batch, round, price, &SALT)
    });
    Call::reveal_bid {
        operator,
        batch,
        round,
        price,
        salt: SALT,
        signature,
    }
}

/// The same call with the signature of another key.
pub fn signed_by(number: u8, mut call: Call) -> Call {
    let forged = operator(number).sign(b"something else");
    match &mut call {
        Call::take { signature, .. } | Call::bid { signature, .. } | Call::reveal_bid { signature, .. } => {
            *signature = forged
        }
        _ => panic!("no operator call"),
    }
    call
}

/// What the pool says.
pub fn validate(call: &Call) -> Result<ValidTransaction, TransactionValidityError> {
    RuntimeCall::from(call.clone())
        .authorize(TransactionSource::External)
        .unwrap()
        .map(|(valid, _)| valid)
}

/// Includes an operator transaction in the block as the `AuthorizeCall` extension does.
pub fn submit(call: Call) -> Result<(), TransactionValidityError> {
    validate(&call)?;
    let call = RuntimeCall::from(call);
    let declared = call.get_dispatch_info().call_weight;
    let done = call
        .dispatch(RuntimeOrigin::from(RawOrigin::Authorized))
        .expect("what is authorised never fails");
    assert!(done.actual_weight.unwrap_or(declared).all_lte(declared));
    Ok(())
}

/// The call is refused in the pool and in a block.
#[track_caller]
pub fn refused(call: Call, why: Refusal) {
    let refusal = Err(InvalidTransaction::Custom(why.code()).into());
    assert_eq!(validate(&call).map(|_| ()), refusal);
    assert_eq!(submit(call), refusal);
}

/// Solvers commit to bids in the first round.
pub fn bids(id: BatchId, bids: &[(u8, Balance)]) {
    for (number, price) in bids {
        submit(bid_call(*number, id, 0, *price)).unwrap();
    }
}

/// Solvers reveal bids of the first round.
pub fn reveals(id: BatchId, bids: &[(u8, Balance)]) {
    for (number, price) in bids {
        submit(reveal_call(*number, id, 0, *price)).unwrap();
    }
}
