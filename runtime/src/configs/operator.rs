//! What a solver's own node does: the off-chain worker, and where its transactions go.

use crate::{
    AccountId, Auction, Balance, Dispute, Panel, Rates, Runtime, RuntimeCall, SolverStaking, TaskMarket,
};
use codec::Encode;
use frame_system::offchain::CreateAuthorizedTransaction;
use pensum_primitives::{
    operator::{OperatorId, OperatorSignature, Work},
    solver::Unit,
    traits::{Offers, OperatorSubmit, Rates as _},
    ModelId,
};
use sp_runtime::{DispatchError, DispatchResult};

/// Hands what an operator signed to the transaction pool, as calls of the pallets concerned.
pub struct ToPool;

impl OperatorSubmit for ToPool {
    fn submit(operator: OperatorId, work: Work, signature: OperatorSignature) -> DispatchResult {
        let call = call(operator, work, signature)?;
        let transaction =
            <Runtime as CreateAuthorizedTransaction<RuntimeCall>>::create_authorized_transaction(call);
        sp_io::offchain::submit_transaction(transaction.encode())
            .map_err(|()| DispatchError::Other("the transaction pool refused it"))
    }
}

/// The call that carries what an operator signed.
pub fn call(
    operator: OperatorId,
    work: Work,
    signature: OperatorSignature,
) -> Result<RuntimeCall, DispatchError> {
    use pallet_auction::Call as Auctions;
    use pallet_dispute::Call as Disputes;
    use pallet_panel::Call as Panels;
    use pallet_task_market::Call as Market;
    Ok(match work {
        Work::Answer(answers) => Market::answer {
            operator,
            answers: answers
                .try_into()
                .map_err(|_| DispatchError::Other("more answers than one sheet holds"))?,
            signature,
        }
        .into(),
        Work::Decline { batch, reason } => Market::decline {
            operator,
            batch,
            reason,
            signature,
        }
        .into(),
        Work::Take { batch, floor } => Auctions::take {
            operator,
            batch,
            floor,
            signature,
        }
        .into(),
        Work::Bid {
            batch,
            round,
            commitment,
        } => Auctions::bid {
            operator,
            batch,
            round,
            commitment,
            signature,
        }
        .into(),
        Work::RevealBid {
            batch,
            round,
            price,
            salt,
        } => Auctions::reveal_bid {
            operator,
            batch,
            round,
            price,
            salt,
            signature,
        }
        .into(),
        Work::Commit {
            batch,
            round,
            commitment,
        } => Panels::commit {
            operator,
            batch,
            round,
            commitment,
            signature,
        }
        .into(),
        Work::Reveal {
            batch,
            round,
            ballot,
            salt,
        } => Panels::reveal {
            operator,
            batch,
            round,
            ballot,
            salt,
            signature,
        }
        .into(),
        Work::Excuse { batch, round, reason } => Panels::excuse {
            operator,
            batch,
            round,
            reason,
            signature,
        }
        .into(),
        Work::Open { task, trace, step } => Disputes::open {
            operator,
            task,
            trace,
            step,
            signature,
        }
        .into(),
    })
}

/// The standing offers of the books.
pub struct Books;

impl Offers for Books {
    fn price(solver: &AccountId, model: &ModelId, input_len: u32) -> Option<Balance> {
        let offers = SolverStaking::offers(model);
        let (_, offer) = offers.into_iter().find(|(other, _)| other == solver)?;
        // Only an offer in the stable unit asks for the rate.
        let stable = (offer.unit == Unit::Stable).then(Rates::stable).flatten();
        Some(offer.in_native(stable)?.price(input_len))
    }
}

impl pallet_inference_worker::Config for Runtime {
    type Duties = TaskMarket;
    type Panels = Panel;
    type Auctions = Auction;
    type Disputes = Dispute;
    type Solvers = SolverStaking;
    type Offers = Books;
    type Submit = ToPool;
}
