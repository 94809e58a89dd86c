//! `pensum keys operator`

use super::generate::write_secret;
use crate::terminal::{
    answer::Answer,
    context::{secret_of, Context},
    table::fields,
};
use clap::Args;
use pensum_client::{
    key::{hex_array, to_hex},
    Chain, Digest, Error, Key,
};
use serde_json::{json, Value};
use sp_core::crypto::Ss58Codec;
use std::path::PathBuf;

/// The type under which a node's keystore holds operator keys.
const KEY_TYPE: &str = "oper";

/// Arguments.
#[derive(Debug, Args)]
pub struct Operator {
    /// The account that bonds; the key that signs if left out.
    #[arg(long, value_name = "ADDRESS")]
    stash: Option<String>,

    /// File with the operator key's secret; a new key is made if left out.
    #[arg(long, value_name = "FILE")]
    operator_key_file: Option<PathBuf>,

    /// Write the new key's words into this new file, for its owner only, instead of printing them.
    #[arg(long, value_name = "FILE", conflicts_with = "operator_key_file")]
    out: Option<PathBuf>,

    /// Genesis hash of the chain, as 0x hex; asked of the node if left out, so that this works offline with it.
    #[arg(long, value_name = "HASH")]
    genesis: Option<String>,

    /// Put the key into the keystore of the node at --url, which must allow unsafe methods.
    #[arg(long)]
    insert: bool,
}

impl Operator {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let stash = context.account(self.stash.as_deref())?;
        let (secret, is_new) = match &self.operator_key_file {
            Some(path) => (secret_of(path)?, false),
            None => (Key::generate().1, true),
        };
        let operator = Key::from_uri(&secret)?;
        let genesis: Digest = match &self.genesis {
            Some(hash) => hex_array::<32>(hash)?.into(),
            None => context.chain().await?.genesis(),
        };
        if let Some(path) = &self.out {
            write_secret(path, &secret)?;
        }
        if self.insert {
            insert(&context.chain().await?, &secret, &operator).await?;
        }
        let phrase = (is_new && self.out.is_none()).then_some(secret);
        let (address, public_key) = (operator.account().to_ss58check(), to_hex(operator.public()));
        let proof = to_hex(operator.prove_operator(genesis, &stash));
        let next = match self.insert {
            true => "the node holds the key; join or change to it with --operator and --proof",
            false => "start the node with --operator-key-file, or insert the key with `pensum-node key insert --key-type oper`",
        };
        let text = fields([
            ("operator", address.clone()),
            ("public key", public_key.clone()),
            ("stash", stash.to_ss58check()),
            ("genesis", to_hex(genesis)),
            ("proof", proof.clone()),
            ("phrase", phrase.clone().unwrap_or_default()),
            ("next", next.into()),
        ]);
        let json = json!({
            "operator": address, "public_key": public_key, "key_type": KEY_TYPE, "stash": stash.to_ss58check(), "genesis": genesis,
            "proof": proof, "phrase": phrase, "file": self.out, "inserted": self.insert,
        });
        Ok(Answer::new(json, text))
    }
}

async fn insert(chain: &Chain, secret: &str, operator: &Key) -> Result<(), Error> {
    let public = to_hex(operator.public());
    let _: Value = chain
        .rpc
        .request("author_insertKey", (KEY_TYPE, secret, public))
        .await?;
    Ok(())
}
