//! `pensum assets list`

use crate::terminal::{answer::Answer, context::Context, table::table};
use clap::Args;
use pensum_client::{view::ListedAsset, Error};
use serde_json::{json, Value};

/// Arguments.
#[derive(Debug, Args)]
pub struct List {}

impl List {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let listed = context.chain().await?.rpc.assets().await?;
        let (mut values, mut rows): (Vec<Value>, Vec<[String; 5]>) = (Vec::new(), Vec::new());
        for asset in &listed {
            let currency = asset.currency();
            let mut value = serde_json::to_value(asset).unwrap_or_default();
            value["name"] = json!(currency.symbol());
            values.push(value);
            rows.push([
                currency.symbol().into(),
                asset.asset.to_string(),
                worth(asset),
                asset.decimals.to_string(),
                match asset.stable {
                    true => "offers can be quoted in it",
                    false => "",
                }
                .into(),
            ]);
        }
        let header = ["asset", "id", "worth", "decimals", ""];
        let text = table(header, &rows, "Nothing but PEN pays here.");
        Ok(Answer::new(json!({ "assets": values }), text))
    }
}

fn worth(asset: &ListedAsset) -> String {
    match asset.worth {
        Some(worth) => worth.to_string(),
        None => "no rate now".into(),
    }
}
