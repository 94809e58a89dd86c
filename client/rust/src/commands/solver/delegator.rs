//! An account that delegates, at work: every call is sent, and what it has delegated is shown then.

use crate::terminal::{answer::Answer, context::Context, table::fields};
use clap::Args;
use pensum_client::{asset::Currencies, key, transaction::Call, AccountId, Amount, Chain, Error};
use pensum_primitives::solver::DelegationView;
use serde_json::json;
use sp_core::crypto::Ss58Codec;

/// A solver and how much.
#[derive(Debug, Args)]
pub struct Stake {
    #[command(flatten)]
    pub of: Solver,

    /// How much, such as 5 or 500mPEN.
    #[arg(value_name = "AMOUNT")]
    pub amount: Amount,
}

/// A solver.
#[derive(Debug, Args)]
pub struct Solver {
    /// The solver's stash.
    #[arg(value_name = "SOLVER")]
    solver: String,
}

impl Solver {
    /// Its account.
    pub fn account(&self) -> Result<AccountId, Error> {
        key::account(&self.solver)
    }

    /// Signs and sends the call that `make` gives for the solver, and shows what is delegated to it afterwards.
    pub async fn send(
        &self,
        context: &Context,
        make: impl FnOnce(&AccountId) -> Call,
    ) -> Result<Answer, Error> {
        self.send_on(context.chain().await?, context, make).await
    }

    /// The same, on a chain that something was asked of before.
    pub async fn send_on(
        &self,
        chain: Chain,
        context: &Context,
        make: impl FnOnce(&AccountId) -> Call,
    ) -> Result<Answer, Error> {
        let (delegator, solver) = (context.key()?, self.account()?);
        let call = make(&solver);
        let wait = context.wait(None, call.call_name().replace('_', " "));
        let included = chain.send(&delegator, &call, context.patience).await?;
        drop(wait);
        let (solver, own) = (solver.to_ss58check(), delegator.account().to_ss58check());
        let delegation = match chain.rpc.delegation(&solver, &own).await {
            Ok(delegation) => Some(delegation),
            Err(error) if error.code == "rpc.NoDelegation" => None,
            Err(error) => return Err(error),
        };
        let done = fields([
            ("done", format!("in block {}", included.block)),
            ("fee", included.fee.to_string()),
        ]);
        let rest = match &delegation {
            Some(delegation) => text(delegation, &currencies_of(&chain, delegation).await?),
            None => "Nothing is delegated to this solver any more.".into(),
        };
        let json = json!({ "block": included.block, "fee": included.fee.fee, "fee_asset": included.fee.fee_asset, "delegation": delegation });
        Ok(Answer::new(json, format!("{done}\n\n{rest}")))
    }
}

/// The assets that it has earned.
pub async fn currencies_of(chain: &Chain, delegation: &DelegationView) -> Result<Currencies, Error> {
    chain
        .currencies(delegation.rewards.iter().map(|(asset, _)| *asset))
        .await
}

/// A delegation for people.
pub fn text(delegation: &DelegationView, currencies: &Currencies) -> String {
    let rewards = delegation
        .rewards
        .iter()
        .map(|(asset, amount)| currencies.money(*asset, amount.0).to_string());
    let rewards = rewards.collect::<Vec<_>>().join(", ");
    let leaving = delegation
        .leaving
        .iter()
        .map(|(amount, from)| format!("{} from block {from}", Amount(amount.0)));
    fields([
        ("solver", delegation.solver.to_ss58check()),
        ("delegator", delegation.delegator.to_ss58check()),
        ("staked", Amount(delegation.staked).to_string()),
        ("leaving", leaving.collect::<Vec<_>>().join(", ")),
        ("rewards", rewards),
    ])
}
