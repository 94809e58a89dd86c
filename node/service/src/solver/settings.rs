//! The solver's flags, checked once.

use super::{operator::OperatorSecret, url::GatewayUrl, SolverError};
use crate::cli::SolverArgs;
use pensum_gateway::Token;
use sc_service::ChainType;
use std::{net::SocketAddr, path::PathBuf};

/// What a node needs to know to work as a solver.
#[derive(Clone, Debug)]
pub struct SolverSettings {
    /// The operator key, unless the keystore holds one already.
    pub key: Option<OperatorSecret>,
    /// What runs the models.
    pub engine: Engine,
}

/// What runs the models.
#[derive(Clone, Debug)]
pub enum Engine {
    /// A gateway in this process.
    InProcess {
        /// Folder with the models.
        models_dir: PathBuf,
        /// Where it listens.
        listen: SocketAddr,
        /// What its clients must show, if it listens to others.
        token: Option<Token>,
    },
    /// A gateway elsewhere.
    Remote {
        /// Where.
        url: GatewayUrl,
        /// Its bearer token.
        token: Option<Token>,
    },
}

impl SolverArgs {
    /// Checks the flags; nothing where the node is no solver.
    pub fn settings(&self, chain_type: &ChainType) -> Result<Option<SolverSettings>, SolverError> {
        if !self.solver {
            return Ok(None);
        }
        Ok(Some(SolverSettings {
            key: self.key(chain_type)?,
            engine: self.engine()?,
        }))
    }

    fn key(&self, chain_type: &ChainType) -> Result<Option<OperatorSecret>, SolverError> {
        match (&self.operator_key_file, &self.dev_operator) {
            (Some(path), _) => OperatorSecret::from_file(path).map(Some),
            (None, Some(name)) => match chain_type {
                ChainType::Development | ChainType::Local => OperatorSecret::dev(name).map(Some),
                _ => Err(SolverError::DevOperatorOnPublicChain),
            },
            (None, None) => Ok(None),
        }
    }

    fn engine(&self) -> Result<Engine, SolverError> {
        let token = self.gateway_token_file.as_deref().map(Token::read).transpose()?;
        if let Some(url) = &self.gateway_url {
            return Ok(Engine::Remote {
                url: GatewayUrl::parse(url)?,
                token,
            });
        }
        let models_dir = self.models_dir.clone().ok_or(SolverError::NoModels)?;
        if !models_dir.is_dir() {
            return Err(SolverError::ModelsDirMissing(models_dir));
        }
        Ok(Engine::InProcess {
            models_dir,
            listen: self.gateway_listen,
            token,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments() -> SolverArgs {
        SolverArgs {
            solver: true,
            operator_key_file: None,
            dev_operator: None,
            models_dir: None,
            gateway_listen: ([127, 0, 0, 1], 0).into(),
            gateway_url: None,
            gateway_token_file: None,
        }
    }

    fn refusal(arguments: SolverArgs, chain_type: ChainType) -> SolverError {
        arguments.settings(&chain_type).err().unwrap()
    }

    #[test]
    fn without_the_flag_there_is_no_solver() {
        let idle = SolverArgs {
            solver: false,
            ..arguments()
        };
        assert!(idle.settings(&ChainType::Live).unwrap().is_none());
    }

    #[test]
    fn an_in_process_gateway_needs_its_models() {
        assert!(matches!(
            refusal(arguments(), ChainType::Live),
            SolverError::NoModels
        ));
        let missing = SolverArgs {
            models_dir: Some("no-such-folder".into()),
            ..arguments()
        };
        let error = refusal(missing, ChainType::Live).to_string();
        assert!(
            error.contains("no-such-folder") && error.contains("--models-dir"),
            "{error}"
        );
        let folder = tempfile::tempdir().unwrap();
        let present = SolverArgs {
            models_dir: Some(folder.path().into()),
            ..arguments()
        };
        let settings = present.settings(&ChainType::Live).unwrap().unwrap();
        assert!(
            matches!(settings.engine, Engine::InProcess { models_dir, .. } if models_dir == folder.path())
        );
    }

    #[test]
    fn a_malformed_gateway_url_is_refused() {
        let malformed = SolverArgs {
            gateway_url: Some("localhost".into()),
            ..arguments()
        };
        assert!(matches!(
            refusal(malformed, ChainType::Live),
            SolverError::BadGatewayUrl { .. }
        ));
    }

    #[test]
    fn development_keys_are_refused_on_public_chains() {
        let remote = SolverArgs {
            gateway_url: Some("http://127.0.0.1:1".into()),
            dev_operator: Some("//Solver1".into()),
            ..arguments()
        };
        assert!(remote
            .settings(&ChainType::Development)
            .unwrap()
            .unwrap()
            .key
            .is_some());
        assert!(remote.settings(&ChainType::Local).unwrap().unwrap().key.is_some());
        assert!(matches!(
            refusal(remote, ChainType::Live),
            SolverError::DevOperatorOnPublicChain
        ));
    }

    #[test]
    fn a_token_is_one_word() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let remote = SolverArgs {
            gateway_url: Some("http://127.0.0.1:1".into()),
            gateway_token_file: Some(file.path().into()),
            ..arguments()
        };
        assert!(matches!(
            refusal(remote.clone(), ChainType::Live),
            SolverError::Token(_)
        ));
        let secret = "0123456789abcdef0123456789abcdef";
        std::fs::write(file.path(), format!("{secret}\n")).unwrap();
        let engine = remote.settings(&ChainType::Live).unwrap().unwrap().engine;
        assert!(matches!(engine, Engine::Remote { token: Some(token), .. } if token.is(secret)));
    }
}
