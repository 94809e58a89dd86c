//! `pensum model register PATH`

use crate::terminal::{answer::Answer, context::Context, table::fields};
use clap::Args;
use pensum_client::{
    call,
    key::hex_array,
    manifest::{ModelFiles, Weights},
    Error, ModelId,
};
use serde_json::json;
use std::path::PathBuf;

/// Arguments.
#[derive(Debug, Args)]
pub struct Register {
    /// The manifest, or the folder with `manifest.json`; the graph lies beside it.
    #[arg(value_name = "PATH")]
    path: PathBuf,

    /// Id of the version that this one replaces; it must be of the same publisher.
    #[arg(long, value_name = "ID")]
    previous: Option<String>,

    /// Keep the graph off the chain: a smaller deposit, but only quorums and requesters can verify answers.
    #[arg(long)]
    without_graph: bool,

    /// Give the chain only the graph's header and node table, for a graph that is too large for it: answers can be disproven in a
    /// window, but not replayed at once. See `model tile`.
    #[arg(long, conflicts_with = "without_graph")]
    skeleton: bool,

    /// Only compute the id, the deposit and the fee, and ask the chain whether it would accept.
    #[arg(long)]
    dry_run: bool,
}

impl Register {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let files = ModelFiles::read(&self.path)?;
        let publisher = context.key()?;
        let previous = self.previous.as_deref().map(hex_array::<32>).transpose()?;
        let previous = previous.map(|id| ModelId(id.into()));
        let manifest = files.manifest(publisher.account(), previous)?;
        let weights = match (self.without_graph, self.skeleton) {
            (true, _) => Weights::Elsewhere,
            (false, true) => files.skeleton()?,
            (false, false) => files.graph_on_chain()?,
        };
        let chain = context.chain().await?;
        let (name, version) = (&files.file.name, &files.file.version);
        if self.dry_run {
            let call = call::register_model(&manifest, weights);
            let at = chain.best().await?;
            chain.dry_run(&at, &publisher, &call).await?;
            let deposit = chain.model_deposit(&manifest, weights).await?;
            let fee = chain.fee(&at, &publisher, &call).await?;
            let text = fields([
                ("id", manifest.id().to_string()),
                ("model", format!("{name} {version}")),
                ("deposit", deposit.to_string()),
                ("fee", fee.to_string()),
                ("next", "the chain would accept it; leave out --dry-run".into()),
            ]);
            let json = json!({
                "id": manifest.id(), "name": name, "version": version, "on_chain": weights.on_chain(), "deposit": deposit, "fee": fee,
                "dry_run": true,
            });
            return Ok(Answer::new(json, text));
        }
        let wait = context.wait(None, format!("registering {name} {version}"));
        let registered = chain
            .register_model(&publisher, &manifest, weights, context.patience)
            .await?;
        drop(wait);
        let text = fields([
            ("id", registered.id.to_string()),
            ("model", format!("{name} {version}")),
            ("deposit", registered.deposit.to_string()),
            ("fee", registered.fee.to_string()),
            ("usable", format!("from block {}", registered.usable_from)),
        ]);
        let json = json!({
            "id": registered.id, "name": name, "version": version, "on_chain": registered.on_chain, "deposit": registered.deposit,
            "fee": registered.fee.fee, "fee_asset": registered.fee.fee_asset, "usable_from": registered.usable_from, "block": registered.block, "dry_run": false,
        });
        Ok(Answer::new(json, text))
    }
}
