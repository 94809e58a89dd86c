//! The operator key that a stash names, with the proof that its holder agrees.

use super::stash::Stash;
use crate::terminal::context::secret_of;
use clap::Args;
use pensum_client::{
    key::{self, hex_array},
    Error, Key,
};
use std::path::PathBuf;

/// The operator key: its secret, or its address and a proof that somebody made with the secret.
#[derive(Debug, Args)]
pub struct OperatorKey {
    /// Secret phrase or URI of the operator key.
    #[arg(long, env = "PENSUM_OPERATOR_SURI", hide_env_values = true, value_name = "URI", conflicts_with_all = ["operator_key_file", "operator"])]
    operator_suri: Option<String>,

    /// File with the operator key's secret: the one that `pensum-node --operator-key-file` reads.
    #[arg(long, value_name = "FILE", conflicts_with = "operator")]
    operator_key_file: Option<PathBuf>,

    /// Address or public key of the operator key, with --proof.
    #[arg(long, value_name = "ADDRESS", requires = "proof")]
    operator: Option<String>,

    /// The proof that `pensum keys operator` made for this stash.
    #[arg(long, value_name = "HEX", requires = "operator")]
    proof: Option<String>,
}

impl OperatorKey {
    /// The public key and the proof for this stash.
    pub fn prove(&self, stash: &Stash) -> Result<([u8; 32], [u8; 64]), Error> {
        if let (Some(operator), Some(proof)) = (&self.operator, &self.proof) {
            let operator = key::account(operator)?;
            return Ok((operator.into(), hex_array(proof)?));
        }
        let secret = match (&self.operator_key_file, &self.operator_suri) {
            (Some(path), _) => secret_of(path)?,
            (None, Some(uri)) => uri.clone(),
            (None, None) => {
                return Err(Error::usage(
                    "NoOperator",
                    "No operator key was given.",
                    "Give its secret by --operator-key-file, or --operator and --proof as `pensum keys operator` made them.",
                ))
            }
        };
        let operator = Key::from_uri(&secret)?;
        Ok((
            operator.public(),
            operator.prove_operator(stash.chain.genesis(), &stash.key.account()),
        ))
    }
}
