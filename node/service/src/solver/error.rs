//! Why a node cannot work as a solver.

use std::path::PathBuf;

/// Why a node cannot work as a solver. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SolverError {
    /// No key.
    #[error(
        "`--solver` needs an operator key and the keystore holds none. Give `--operator-key-file FILE`, or insert one with \
         `pensum-node key insert --key-type oper --scheme sr25519`, or on a development chain use `--dev-operator //NAME`"
    )]
    NoOperatorKey,
    /// A file cannot be read.
    #[error("The file {path} cannot be read: {reason}. Check the path and its permissions")]
    UnreadableFile {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A file holds something else.
    #[error("The operator key file {path} holds neither a secret phrase nor a 32-byte hex seed. Write exactly one of them into it")]
    BadKeyFile {
        /// The file.
        path: PathBuf,
    },
    /// A development key on a public chain.
    #[error("`--dev-operator` is refused on this chain, because everybody knows the development keys. Use `--operator-key-file FILE`")]
    DevOperatorOnPublicChain,
    /// A development key that is none.
    #[error("`{0}` is not a development key. Write it as `//NAME`, for example `//Solver1`")]
    BadDevOperator(String),
    /// The keystore fails.
    #[error("The keystore refused the operator key: {0}. Check the folder that `--keystore-path` names")]
    Keystore(String),
    /// No models.
    #[error("`--solver` needs the models it shall run. Give `--models-dir DIR`, or `--gateway-url URL` of a gateway that has them")]
    NoModels,
    /// The models' folder is missing.
    #[error(
        "The models folder {0} does not exist. Create it with the models in it, or correct `--models-dir`"
    )]
    ModelsDirMissing(PathBuf),
    /// A malformed URL.
    #[error("`{url}` is not the URL of a gateway: {reason}. Write it as `http://HOST:PORT`")]
    BadGatewayUrl {
        /// What was given.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A token that is none.
    #[error(transparent)]
    Token(#[from] pensum_gateway::TokenError),
    /// The in-process gateway does not start.
    #[error("The gateway did not start. {0}")]
    Gateway(#[from] pensum_gateway::StartError),
}
