//! What was stranded, because an asset's admin had blocked an account, and is paid now.

use super::{answer::Answer, context::Context, table::fields};
use pensum_client::{
    asset::{Fee, Money},
    event::Event,
    transaction::Call,
    AssetId, BlockNumber, Error,
};
use serde::Serialize;

/// What was paid now.
#[derive(Debug, Serialize)]
pub struct Collected {
    /// The asset.
    asset: AssetId,
    /// How much.
    amount: Money,
    /// The inclusion fee.
    #[serde(flatten)]
    fee: Fee,
    /// The block.
    block: BlockNumber,
}

impl Collected {
    /// Sends the call that collects an asset, and tells how much its event says.
    pub async fn send<E: Event>(
        context: &Context,
        asset: &str,
        call: impl FnOnce(AssetId) -> Call,
        amount: impl FnOnce(E) -> u128,
    ) -> Result<Answer, Error> {
        let collector = context.key()?;
        let chain = context.chain().await?;
        let currency = chain.find_currency(asset).await?;
        let asset = currency.id().ok_or_else(|| {
            Error::usage(
                "NothingStranded",
                "PEN is never stranded: nobody can block an account from it.",
                "Name an asset; see `pensum assets list`.",
            )
        })?;
        let wait = context.wait(None, "collecting");
        let included = chain.send(&collector, &call(asset), context.patience).await?;
        drop(wait);
        let collected = Self {
            asset,
            amount: currency.units(amount(included.event()?)),
            fee: included.fee.clone(),
            block: included.block,
        };
        let text = fields([
            ("paid", collected.amount.to_string()),
            ("fee", collected.fee.to_string()),
            ("block", collected.block.to_string()),
        ]);
        Ok(Answer::new(collected, text))
    }
}
