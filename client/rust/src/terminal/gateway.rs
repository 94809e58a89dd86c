//! Which gateway.

use super::context::secret_of;
use clap::Args;
use pensum_client::{gateway::Gateway, Error};
use std::path::PathBuf;

/// Which gateway.
#[derive(Debug, Args)]
pub struct GatewayArgs {
    /// A gateway, such as `http://127.0.0.1:9950`: a solver's own, or the one whose content store takes blobs for solvers to read.
    #[arg(long, env = "PENSUM_GATEWAY", value_name = "URL")]
    gateway: Option<String>,

    /// File with the gateway's token.
    #[arg(long, value_name = "FILE", requires = "gateway")]
    gateway_token_file: Option<PathBuf>,
}

impl GatewayArgs {
    /// The gateway, where one was named.
    pub fn gateway(&self) -> Result<Option<Gateway>, Error> {
        let token = self.gateway_token_file.as_deref().map(secret_of).transpose()?;
        match &self.gateway {
            Some(url) => Gateway::new(url, token).map(Some),
            None => Ok(None),
        }
    }
}
