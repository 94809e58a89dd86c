//! `pensum keys inspect`

use crate::terminal::{answer::Answer, context::Context, table::fields};
use clap::Args;
use pensum_client::{
    key::{self, to_hex},
    Error, Key,
};
use serde_json::json;
use sp_core::crypto::Ss58Codec;

/// Arguments.
#[derive(Debug, Args)]
pub struct Inspect {
    /// An SS58 address, a public key as 0x hex, or a development URI such as //Alice; the key that signs if left out. Do not write
    /// real secrets here: others can see arguments.
    #[arg(value_name = "ADDRESS|KEY|URI")]
    key: Option<String>,
}

impl Inspect {
    pub fn run(self, context: &Context) -> Result<Answer, Error> {
        let (account, well_known) = match self.key {
            None => {
                let secret = context.secret()?.unwrap_or_default();
                (context.key()?.account(), Some(Key::is_well_known(&secret)))
            }
            Some(uri) if uri.starts_with("//") => (Key::from_uri(&uri)?.account(), Some(true)),
            Some(address) => (key::account(&address)?, None),
        };
        let (address, public_key) = (account.to_ss58check(), to_hex(&account));
        let warning = match well_known {
            Some(true) => "This is a development key: everybody knows its secret.",
            _ => "",
        };
        let text = fields([
            ("address", address.clone()),
            ("public key", public_key.clone()),
            ("warning", warning.into()),
        ]);
        let json = json!({ "address": address, "public_key": public_key, "well_known": well_known });
        Ok(Answer::new(json, text))
    }
}
