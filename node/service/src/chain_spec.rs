//! Chain specs: two presets of the embedded runtime, or a file.

use sc_service::{ChainType, GenericChainSpec, Properties};
use std::path::PathBuf;

/// Genesis comes from the runtime's own presets, so the node needs no genesis types.
pub type ChainSpec = GenericChainSpec;

/// Chain id of a network of one validator, for development.
pub const DEV: &str = "dev";
/// Chain id of a network of several validators on one machine.
pub const LOCAL: &str = "local";

/// The chain that `--chain` names: `dev`, `local`, or the path of a chain spec. Without a name it is `local`, as nothing public
/// exists yet that a node could join by default.
pub fn load(id: &str, wasm: Option<&[u8]>) -> Result<ChainSpec, String> {
    match id {
        DEV => preset(
            "Pensum Development",
            "pensum_dev",
            ChainType::Development,
            sp_genesis_builder::DEV_RUNTIME_PRESET,
            wasm,
        ),
        LOCAL | "" => preset(
            "Pensum Local Testnet",
            "pensum_local",
            ChainType::Local,
            sp_genesis_builder::LOCAL_TESTNET_RUNTIME_PRESET,
            wasm,
        ),
        path => {
            let file = PathBuf::from(path);
            if !file.is_file() {
                return Err(format!(
                    "There is no chain `{path}`. Use `{DEV}`, `{LOCAL}`, or the path of a chain spec file"
                ));
            }
            ChainSpec::from_json_file(file)
        }
    }
}

fn preset(
    name: &str,
    id: &str,
    chain_type: ChainType,
    preset: &str,
    wasm: Option<&[u8]>,
) -> Result<ChainSpec, String> {
    let wasm = wasm.ok_or_else(|| {
        "This binary was built without the runtime's wasm. Build it without `SKIP_WASM_BUILD`, or name a raw chain spec file"
            .to_string()
    })?;
    Ok(ChainSpec::builder(wasm, None)
        .with_name(name)
        .with_id(id)
        .with_protocol_id(id)
        .with_chain_type(chain_type)
        .with_properties(properties())
        .with_genesis_config_preset_name(preset)
        .build())
}

/// What wallets show for amounts and addresses.
fn properties() -> Properties {
    [
        ("tokenSymbol", "PEN".into()),
        ("tokenDecimals", 12.into()),
        ("ss58Format", 42.into()),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_string(), value))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sc_service::ChainSpec as _;

    #[test]
    fn both_presets_name_token_decimals_and_address_format() {
        for id in [DEV, LOCAL] {
            let spec = load(id, Some(&[0])).unwrap();
            let properties = spec.properties();
            assert_eq!(properties["tokenSymbol"], "PEN");
            assert_eq!(properties["tokenDecimals"], 12);
            assert_eq!(properties["ss58Format"], 42);
        }
        assert_eq!(
            load(DEV, Some(&[0])).unwrap().chain_type(),
            ChainType::Development
        );
        assert_eq!(load(LOCAL, Some(&[0])).unwrap().chain_type(), ChainType::Local);
    }

    #[test]
    fn an_unknown_chain_says_which_exist() {
        let error = load("mainnet", Some(&[0])).err().unwrap();
        assert!(error.contains("`dev`, `local`, or the path"), "{error}");
    }

    #[test]
    fn a_preset_without_wasm_says_how_to_build_it() {
        let error = load(DEV, None).err().unwrap();
        assert!(error.contains("SKIP_WASM_BUILD"), "{error}");
    }
}
