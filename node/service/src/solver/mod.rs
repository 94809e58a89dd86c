//! The node as a solver: its operator key and its gateway.
//!
//! The off-chain worker runs in every node; it has work only where the keystore holds an operator key and the off-chain
//! storage names a gateway. This module puts both there, and takes the gateway away when the node is no solver any more.

mod address;
mod error;
mod health;
mod operator;
mod settings;
mod url;

pub(crate) use address::recall as gateway;
pub use error::SolverError;
pub(crate) use health::ask as ask_health;
pub use settings::{Engine, SolverSettings};
pub use url::GatewayUrl;

use pensum_gateway::{Gateway, Running};
use sp_core::offchain::OffchainStorage;
use sp_keystore::KeystorePtr;
use std::path::PathBuf;

/// Sets the node up for what it was started as. `data_dir` is where a gateway in process keeps its store and journal. The
/// running gateway, if there is one, must be kept alive.
pub async fn set_up<S: OffchainStorage>(
    settings: Option<SolverSettings>,
    data_dir: PathBuf,
    keystore: &KeystorePtr,
    mut storage: S,
) -> Result<Option<Running>, SolverError> {
    // Whatever happens next, the gateway of an earlier start is not there any more.
    address::forget(&mut storage);
    let Some(settings) = settings else { return Ok(None) };
    for operator in operator::insert(settings.key.as_ref(), keystore)? {
        log::info!("Working as a solver with operator key {operator}");
    }
    match settings.engine {
        Engine::InProcess {
            models_dir,
            listen,
            token,
        } => {
            let config = pensum_gateway::Config {
                listen,
                token,
                ..pensum_gateway::Config::new(models_dir, data_dir)
            };
            let running = Gateway::start(config).await?;
            log::info!("The gateway listens at {}", running.url());
            address::remember(&mut storage, running.url().as_ref(), running.token());
            Ok(Some(running))
        }
        Engine::Remote { url, token } => {
            if let Err(error) = url.reach().await {
                log::warn!(
                    "The gateway {url} cannot be reached now: {error}. Its tasks wait until their deadline"
                );
            }
            address::remember(&mut storage, url.as_str(), token.as_ref());
            Ok(None)
        }
    }
}
