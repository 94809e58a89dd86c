//! The state of a chain as it lies in a file: a raw chain spec, whose genesis is that state.

use serde::Deserialize;
use sp_core::storage::Storage;
use std::{collections::BTreeMap, fs, io::BufReader, path::Path};

/// As much of a chain spec as is of use here.
#[derive(Deserialize)]
struct Spec {
    genesis: Genesis,
}

#[derive(Deserialize)]
struct Genesis {
    raw: Raw,
}

#[derive(Deserialize)]
struct Raw {
    top: BTreeMap<Hex, Hex>,
}

/// Bytes as a chain spec has them.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Hex(Vec<u8>);

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        sp_core::bytes::deserialize(from).map(Self)
    }
}

/// Reads a state. Says what is wrong with a file that holds none.
pub fn read(path: &Path) -> Result<Storage, String> {
    let name = path.display();
    let file = fs::File::open(path).map_err(|error| {
        format!("{name} cannot be read: {error}. Name a raw chain spec; tests/upgrade writes one")
    })?;
    let spec: Spec = serde_json::from_reader(BufReader::new(file))
        .map_err(|error| format!("{name} is no raw chain spec: {error}. Export it with --raw"))?;
    let top = spec.genesis.raw.top.into_iter();
    Ok(Storage {
        top: top.map(|(Hex(key), Hex(value))| (key, value)).collect(),
        children_default: Default::default(),
    })
}
