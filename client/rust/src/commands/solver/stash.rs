//! The account that bonds, at work: every call of a solver is sent, and the solver as it is then is shown.

use super::status;
use crate::terminal::{answer::Answer, context::Context, table::fields};
use pensum_client::{transaction::Call, Chain, Error, Key};
use serde_json::json;
use sp_core::crypto::Ss58Codec;

/// The account that bonds, and its chain.
pub struct Stash<'a> {
    /// Its key.
    pub key: Key,
    /// Its chain.
    pub chain: Chain,
    context: &'a Context,
}

impl<'a> Stash<'a> {
    /// The key that signs, on the chain behind the node.
    pub async fn open(context: &'a Context) -> Result<Self, Error> {
        Ok(Self {
            key: context.key()?,
            chain: context.chain().await?,
            context,
        })
    }

    /// Signs and sends the call, and shows the solver afterwards; after its last stake is gone there is none.
    pub async fn send(self, call: &Call) -> Result<Answer, Error> {
        let Self { key, chain, context } = self;
        let wait = context.wait(None, call.call_name().replace('_', " "));
        let included = chain.send(&key, call, context.patience).await?;
        drop(wait);
        let solver = match chain.rpc.solver(&key.account().to_ss58check()).await {
            Ok(solver) => Some(solver),
            Err(error) if error.code == "rpc.UnknownSolver" => None,
            Err(error) => return Err(error),
        };
        let done = fields([
            ("done", format!("in block {}", included.block)),
            ("fee", included.fee.to_string()),
        ]);
        let text = match &solver {
            Some(solver) => format!("{done}\n\n{}", status::text(&chain, solver).await?),
            None => format!("{done}\n\nThis account is no solver any more."),
        };
        let json = json!({ "block": included.block, "fee": included.fee.fee, "fee_asset": included.fee.fee_asset, "solver": solver });
        Ok(Answer::new(json, text))
    }
}
