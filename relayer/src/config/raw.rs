//! The file as it is written. Unknown keys are refused: a misspelt one would silently mean its default.

use serde::Deserialize;
use std::{collections::BTreeMap, path::PathBuf};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub journal: Option<PathBuf>,
    #[serde(default)]
    pub log: super::Log,
    #[serde(default)]
    pub http: Http,
    #[serde(default)]
    pub retry: Retry,
    pub pensum: Option<Pensum>,
    #[serde(default)]
    pub evm: Vec<Evm>,
    #[serde(default)]
    pub validators: Validators,
    pub validator: Option<Validator>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Http {
    pub listen: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Retry {
    pub first_seconds: Option<u64>,
    pub longest_seconds: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pensum {
    pub rpc: String,
    pub domain: u32,
    pub key_file: PathBuf,
    pub poll_seconds: Option<f64>,
    pub max_in_flight: Option<usize>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Finality {
    Blocks(u64),
    Tag(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Evm {
    pub name: String,
    pub domain: u32,
    pub chain_id: Option<u64>,
    pub rpc: OneOrMore,
    pub mailbox: String,
    pub merkle_tree_hook: String,
    pub validator_announce: String,
    #[serde(default)]
    pub start_block: u64,
    pub finality: Option<Finality>,
    pub confirmations: Option<Finality>,
    pub from_pensum: Option<bool>,
    pub to_pensum: Option<bool>,
    pub key_file: Option<PathBuf>,
    pub poll_seconds: Option<f64>,
    pub range: Option<u64>,
    pub max_in_flight: Option<usize>,
    #[serde(default)]
    pub gas: Gas,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Gas {
    pub max_fee_gwei: Option<f64>,
    pub priority_fee_gwei: Option<f64>,
    pub max_gas: Option<u64>,
    pub limit_percent: Option<u64>,
    pub stuck_seconds: Option<u64>,
    pub bump_percent: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Validators {
    pub announced: Option<bool>,
    #[serde(default)]
    pub dirs: BTreeMap<String, PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Validator {
    pub origin: String,
    pub key_file: PathBuf,
    pub dir: PathBuf,
    pub journal: PathBuf,
    #[serde(default)]
    pub announce: bool,
    pub location: Option<String>,
    pub announce_key_file: Option<PathBuf>,
    pub listen: Option<String>,
}
