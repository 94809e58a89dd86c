use crate::{
    config::{evm_key, pensum_key, Config},
    Error,
};
use std::path::Path;

/// Reads a configuration and the keys that it names.
pub fn check(path: &Path) -> Result<String, Error> {
    let config = Config::load(path)?;
    super::begin_log(config.log);
    let mut says = Vec::new();
    if config.pensum.is_some() {
        let (journal, pensum) = config.for_run()?;
        pensum_key(&pensum.key_file)?;
        for chain in config.evm.iter().filter(|chain| chain.from_pensum) {
            if let Some(file) = &chain.key_file {
                evm_key(file)?;
            }
        }
        says.push(format!(
            "run: {} EVM chain(s), journal {}",
            config.evm.len(),
            journal.display()
        ));
    }
    if config.validator.is_some() {
        let (validator, origin) = config.for_validator()?;
        evm_key(&validator.key_file)?;
        if validator.announce {
            evm_key(&validator.announce_key_file)?;
        }
        says.push(format!(
            "validator: of {}, to {}",
            origin.name,
            validator.dir.display()
        ));
    }
    match says.is_empty() {
        false => Ok(says.join("\n")),
        true => Err(Error::usage(
            "There is neither a [pensum] nor a [validator] section.",
            "Add one of them: see relayer.example.toml.",
        )),
    }
}
