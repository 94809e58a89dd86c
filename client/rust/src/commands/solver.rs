//! `pensum solver`

mod assets;
mod bond;
mod claim_rewards;
mod commission;
mod delegate;
mod delegation;
mod delegator;
mod doctor;
mod join;
mod leave;
mod offer;
mod operator_key;
mod set_operator;
mod stash;
mod status;
mod unbond;
mod undelegate;
mod unjail;
mod withdraw;
mod withdraw_delegated;
mod withdraw_offer;

use crate::terminal::{answer::Answer, context::Context};
use clap::Subcommand;
use pensum_client::Error;

/// What to do as a solver.
#[derive(Debug, Subcommand)]
pub enum Solver {
    /// Become a solver: bond stake and name the operator key.
    Join(join::Join),
    /// Bond more.
    Bond(bond::Bond),
    /// Send stake on its way out.
    Unbond(unbond::Unbond),
    /// Take back stake whose time is over.
    Withdraw(withdraw::Withdraw),
    /// Set or replace the price for a model.
    Offer(offer::Offer),
    /// Offer a model no longer.
    WithdrawOffer(withdraw_offer::WithdrawOffer),
    /// Take work that is paid with an asset.
    AcceptAsset(assets::Named),
    /// Take work that is paid with an asset no longer.
    RefuseAsset(assets::Named),
    /// Show a solver: stake, offers, jail, slashes.
    Status(status::Status),
    /// Leave jail when its time is over.
    Unjail(unjail::Unjail),
    /// Stop being a solver: all stake goes on its way out.
    Leave(leave::Leave),
    /// Work with another operator key.
    SetOperator(set_operator::SetOperator),
    /// Put stake behind a solver, for a share of what it earns.
    Delegate(delegate::Delegate),
    /// Send delegated stake on its way out. It stays slashable until it is withdrawn.
    Undelegate(undelegate::Undelegate),
    /// Take back delegated stake whose time is over.
    WithdrawDelegated(withdraw_delegated::WithdrawDelegated),
    /// Pay out what delegated stake has earned.
    ClaimRewards(claim_rewards::ClaimRewards),
    /// Show what an account has delegated to a solver.
    Delegation(delegation::Delegation),
    /// Set what the solver keeps of its delegators' rewards. By the first one it takes delegations.
    Commission(commission::Commission),
    /// Find out what keeps a solver from earning, and what to do about it.
    Doctor(doctor::Doctor),
}

impl Solver {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        match self {
            Self::Join(join) => join.run(context).await,
            Self::Bond(bond) => bond.run(context).await,
            Self::Unbond(unbond) => unbond.run(context).await,
            Self::Withdraw(withdraw) => withdraw.run(context).await,
            Self::Offer(offer) => offer.run(context).await,
            Self::WithdrawOffer(withdraw) => withdraw.run(context).await,
            Self::AcceptAsset(asset) => asset.accept(context).await,
            Self::RefuseAsset(asset) => asset.refuse(context).await,
            Self::Status(status) => status.run(context).await,
            Self::Unjail(unjail) => unjail.run(context).await,
            Self::Leave(leave) => leave.run(context).await,
            Self::SetOperator(operator) => operator.run(context).await,
            Self::Delegate(delegate) => delegate.run(context).await,
            Self::Undelegate(undelegate) => undelegate.run(context).await,
            Self::WithdrawDelegated(withdraw) => withdraw.run(context).await,
            Self::ClaimRewards(claim) => claim.run(context).await,
            Self::Delegation(delegation) => delegation.run(context).await,
            Self::Commission(commission) => commission.run(context).await,
            Self::Doctor(doctor) => doctor.run(context).await,
        }
    }
}
