use super::{raw, Config};
use crate::{signatures::Folders, Error};
use hyperlane_primitives::{StorageLocation, H160};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

const WEI_IN_GWEI: f64 = 1e9;
/// Nodes do not take a replacement for less: `geth` wants 10 %.
const LEAST_BUMP: u64 = 10;

/// How long messages wait between tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Before the second try.
    pub first: Duration,
    /// At most.
    pub longest: Duration,
}

/// How busy one destination is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane {
    /// How often the chain is looked at.
    pub poll: Duration,
    /// Transactions at once that are in no block.
    pub max_in_flight: usize,
}

/// The Pensum chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pensum {
    /// A node's WebSocket address.
    pub rpc: String,
    /// The chain's domain.
    pub domain: u32,
    /// The file with the secret of the account that pays there.
    pub key_file: PathBuf,
    /// How busy it is kept.
    pub lane: Lane,
}

/// From when on a block counts as final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finality {
    /// When the node says so.
    Finalized,
    /// When so many blocks are on top of it.
    Blocks(u64),
}

/// What deliveries may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gas {
    /// Wei for one unit of gas, at most.
    pub max_fee: u128,
    /// The block author's part of it; the node is asked if none is said.
    pub priority_fee: Option<u128>,
    /// Gas of one delivery at most.
    pub max_gas: u64,
    /// A transaction's gas limit, in percent of what was estimated.
    pub limit_percent: u64,
    /// How long a transaction may be in the pool.
    pub stuck: Duration,
    /// By how much its successor pays more, in percent.
    pub bump_percent: u64,
}

/// An EVM chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evm {
    /// What it is called.
    pub name: String,
    /// Its mailbox's domain.
    pub domain: u32,
    /// Its id.
    pub chain_id: u64,
    /// Nodes' HTTP addresses.
    pub rpc: Vec<String>,
    /// The mailbox.
    pub mailbox: H160,
    /// The Merkle tree hook.
    pub merkle_tree_hook: H160,
    /// Where validators announce their files.
    pub validator_announce: H160,
    /// Where reading begins.
    pub start_block: u64,
    /// From when on messages from there count as dispatched.
    pub finality: Finality,
    /// From when on deliveries there count as done.
    pub confirmations: Finality,
    /// Whether messages from Pensum are brought there.
    pub from_pensum: bool,
    /// Whether messages from there are brought to Pensum.
    pub to_pensum: bool,
    /// The file with the secret of the account that pays there.
    pub key_file: Option<PathBuf>,
    /// How busy it is kept.
    pub lane: Lane,
    /// Blocks for which logs are asked at once.
    pub range: u64,
    /// What deliveries may cost.
    pub gas: Gas,
}

/// What `validator` does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validator {
    /// The name of the chain whose checkpoints it signs.
    pub origin: String,
    /// The file with the secret that it signs with.
    pub key_file: PathBuf,
    /// Where it writes them.
    pub dir: PathBuf,
    /// What it has signed.
    pub journal: PathBuf,
    /// Whether it says on chain where they are.
    pub announce: bool,
    /// Where it says that they are.
    pub location: String,
    /// The file with the secret of the account that pays for it.
    pub announce_key_file: PathBuf,
    /// Where it serves its metrics.
    pub listen: SocketAddr,
}

pub(super) fn check(raw: raw::File, folder: &Path) -> Result<Config, Error> {
    let retry = Retry {
        first: seconds("retry.first_seconds", raw.retry.first_seconds.unwrap_or(5))?,
        longest: seconds("retry.longest_seconds", raw.retry.longest_seconds.unwrap_or(3600))?,
    };
    if retry.longest < retry.first {
        return Err(Error::usage(
            "retry.longest_seconds is less than retry.first_seconds.",
            "Raise the one or lower the other.",
        ));
    }
    let pensum = raw
        .pensum
        .map(|pensum| check_pensum(pensum, folder))
        .transpose()?;
    let evm = raw
        .evm
        .into_iter()
        .map(|evm| {
            let name = evm.name.clone();
            check_evm(evm, folder).map_err(|error| Error {
                fact: format!("In the [[evm]] section `{name}`: {}", error.fact),
                ..error
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    check_distinct(pensum.as_ref(), &evm)?;
    Ok(Config {
        journal: raw.journal.map(|path| folder.join(path)),
        log: raw.log,
        listen: listen(raw.http.listen, "127.0.0.1:9477")?,
        retry,
        pensum,
        evm,
        folders: Arc::new(check_folders(raw.validators, folder)?),
        validator: raw
            .validator
            .map(|validator| check_validator(validator, folder))
            .transpose()?,
    })
}

fn check_pensum(raw: raw::Pensum, folder: &Path) -> Result<Pensum, Error> {
    if !raw.rpc.starts_with("ws://") && !raw.rpc.starts_with("wss://") {
        return Err(Error::usage(
            format!("pensum.rpc is `{}`, which is no WebSocket address.", raw.rpc),
            "Give ws://HOST:PORT or wss://HOST.",
        ));
    }
    Ok(Pensum {
        rpc: raw.rpc,
        domain: raw.domain,
        key_file: folder.join(raw.key_file),
        lane: lane(raw.poll_seconds, raw.max_in_flight)?,
    })
}

fn check_evm(raw: raw::Evm, folder: &Path) -> Result<Evm, Error> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if raw.name.is_empty() || !raw.name.chars().all(is_plain) || raw.name == "pensum" {
        return Err(Error::usage(
            "Its name is not usable.",
            "Give letters, digits, - and _, and not `pensum`.",
        ));
    }
    let rpc = match raw.rpc {
        raw::OneOrMore::One(url) => vec![url],
        raw::OneOrMore::More(urls) => urls,
    };
    if rpc.is_empty() {
        return Err(Error::usage("It has no rpc.", "Give the HTTP address of a node."));
    }
    for url in &rpc {
        if url.starts_with("https://") {
            return Err(Error::usage(
                format!("`{url}` needs TLS, which this program does not speak."),
                "Put a proxy on this machine in front that ends TLS, and give its http:// address.",
            ));
        }
        if !url.starts_with("http://") || url.parse::<alloy::transports::http::reqwest::Url>().is_err() {
            return Err(Error::usage(
                format!("`{url}` is no HTTP address."),
                "Give http://HOST:PORT.",
            ));
        }
    }
    let from_pensum = raw.from_pensum.unwrap_or(true);
    let range = raw.range.unwrap_or(1000);
    if range == 0 {
        return Err(Error::usage("range is 0.", "Ask for at least one block."));
    }
    let finality = raw.finality.map_or(Ok(Finality::Finalized), check_finality)?;
    Ok(Evm {
        domain: raw.domain,
        chain_id: raw.chain_id.unwrap_or(raw.domain.into()),
        mailbox: address("mailbox", &raw.mailbox)?,
        merkle_tree_hook: address("merkle_tree_hook", &raw.merkle_tree_hook)?,
        validator_announce: address("validator_announce", &raw.validator_announce)?,
        start_block: raw.start_block,
        finality,
        confirmations: raw.confirmations.map_or(Ok(finality), check_finality)?,
        from_pensum,
        to_pensum: raw.to_pensum.unwrap_or(true),
        key_file: raw.key_file.map(|path| folder.join(path)),
        lane: lane(raw.poll_seconds, raw.max_in_flight)?,
        range,
        gas: check_gas(raw.gas)?,
        name: raw.name,
        rpc,
    })
}

fn check_finality(raw: raw::Finality) -> Result<Finality, Error> {
    match raw {
        raw::Finality::Blocks(blocks) => Ok(Finality::Blocks(blocks)),
        raw::Finality::Tag(tag) if tag == "finalized" => Ok(Finality::Finalized),
        raw::Finality::Tag(tag) => Err(Error::usage(
            format!("`{tag}` says nothing about finality."),
            "Give \"finalized\" or a number of blocks.",
        )),
    }
}

fn check_gas(raw: raw::Gas) -> Result<Gas, Error> {
    let gas = Gas {
        max_fee: wei("max_fee_gwei", raw.max_fee_gwei.unwrap_or(200.0))?,
        priority_fee: raw
            .priority_fee_gwei
            .map(|gwei| wei("priority_fee_gwei", gwei))
            .transpose()?,
        max_gas: raw.max_gas.unwrap_or(5_000_000),
        limit_percent: raw.limit_percent.unwrap_or(125),
        stuck: seconds("gas.stuck_seconds", raw.stuck_seconds.unwrap_or(60))?,
        bump_percent: raw.bump_percent.unwrap_or(15),
    };
    if !(100..=1000).contains(&gas.limit_percent) {
        return Err(Error::usage(
            "gas.limit_percent is not between 100 and 1000.",
            "Give 100 for the bare estimate, 125 for a quarter more.",
        ));
    }
    if !(LEAST_BUMP..=1000).contains(&gas.bump_percent) {
        return Err(Error::usage(
            format!("gas.bump_percent is not between {LEAST_BUMP} and 1000."),
            format!("Nodes refuse a replacement that pays less than {LEAST_BUMP} % more."),
        ));
    }
    if gas.priority_fee.is_some_and(|tip| tip > gas.max_fee) {
        return Err(Error::usage(
            "gas.priority_fee_gwei is above gas.max_fee_gwei.",
            "Lower it: the one includes the other.",
        ));
    }
    Ok(gas)
}

fn check_distinct(pensum: Option<&Pensum>, evm: &[Evm]) -> Result<(), Error> {
    let mut domains: BTreeSet<u32> = pensum.map(|pensum| pensum.domain).into_iter().collect();
    let mut names = BTreeSet::new();
    for chain in evm {
        if !domains.insert(chain.domain) || !names.insert(&chain.name) {
            return Err(Error::usage(
                format!(
                    "The domain {} or the name `{}` is there twice.",
                    chain.domain, chain.name
                ),
                "Give each chain its own.",
            ));
        }
        if pensum.is_some() && chain.from_pensum && chain.key_file.is_none() {
            return Err(Error::usage(
                format!("[[evm]] `{}` has no key_file.", chain.name),
                "Name a file with the key that pays there, or set from_pensum = false.",
            ));
        }
    }
    Ok(())
}

fn check_folders(raw: raw::Validators, folder: &Path) -> Result<Folders, Error> {
    let mut configured = BTreeMap::new();
    for (validator, path) in raw.dirs {
        configured.insert(address("[validators.dirs]", &validator)?, folder.join(path));
    }
    Ok(Folders {
        configured,
        announced: raw.announced.unwrap_or(true),
    })
}

fn check_validator(raw: raw::Validator, folder: &Path) -> Result<Validator, Error> {
    let dir = folder.join(raw.dir);
    let location = raw
        .location
        .unwrap_or_else(|| format!("file://{}", dir.display()));
    let is_known = ["file://", "s3://", "gs://"]
        .iter()
        .any(|scheme| location.starts_with(scheme));
    if !is_known {
        return Err(Error::usage(
            format!("validator.location is `{location}`."),
            "Give file://PATH, s3://BUCKET/REGION or gs://BUCKET: where others read what is written to `dir`.",
        ));
    }
    StorageLocation::new(location.as_bytes())
        .map_err(|why| Error::usage(format!("validator.location is `{location}`."), why.to_string()))?;
    let key_file = folder.join(raw.key_file);
    Ok(Validator {
        origin: raw.origin,
        dir,
        journal: folder.join(raw.journal),
        announce: raw.announce,
        location,
        announce_key_file: raw
            .announce_key_file
            .map_or_else(|| key_file.clone(), |path| folder.join(path)),
        key_file,
        listen: listen(raw.listen, "127.0.0.1:9478")?,
    })
}

fn lane(poll_seconds: Option<f64>, max_in_flight: Option<usize>) -> Result<Lane, Error> {
    let poll = poll_seconds.unwrap_or(2.0);
    let max_in_flight = max_in_flight.unwrap_or(16);
    if !(0.05..=3600.0).contains(&poll) {
        return Err(Error::usage(
            "poll_seconds is not between 0.05 and 3600.",
            "Give about the time between two blocks.",
        ));
    }
    if !(1..=256).contains(&max_in_flight) {
        return Err(Error::usage(
            "max_in_flight is not between 1 and 256.",
            "16 is what nodes' pools take from one account.",
        ));
    }
    Ok(Lane {
        poll: Duration::from_secs_f64(poll),
        max_in_flight,
    })
}

fn seconds(key: &str, seconds: u64) -> Result<Duration, Error> {
    match seconds {
        1..=604_800 => Ok(Duration::from_secs(seconds)),
        _ => Err(Error::usage(
            format!("{key} is {seconds}."),
            "Give between a second and a week.",
        )),
    }
}

fn wei(key: &str, gwei: f64) -> Result<u128, Error> {
    // Up to here a 64-bit float tells every wei apart.
    const MOST_GWEI: f64 = 9e6;
    match (0.0..=MOST_GWEI).contains(&gwei) {
        true => Ok((gwei * WEI_IN_GWEI).round() as u128),
        false => Err(Error::usage(
            format!("{key} is {gwei}."),
            format!("Give between 0 and {MOST_GWEI}."),
        )),
    }
}

fn address(key: &str, text: &str) -> Result<H160, Error> {
    text.strip_prefix("0x")
        .and_then(|digits| hex::decode(digits).ok())
        .and_then(|bytes| <[u8; 20]>::try_from(bytes).ok())
        .map(H160)
        .ok_or_else(|| {
            Error::usage(
                format!("{key}: `{text}` is no address."),
                "Give 20 bytes: 0x and 40 hex digits.",
            )
        })
}

fn listen(text: Option<String>, default: &str) -> Result<SocketAddr, Error> {
    let text = text.as_deref().unwrap_or(default);
    match text.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_loopback() => Ok(address),
        _ => Err(Error::usage(
            format!("listen is `{text}`, which is no loopback address with a port."),
            "Give 127.0.0.1:PORT. Put a proxy in front to show it to others.",
        )),
    }
}
