use crate::{
    config::Config,
    journal::Journal,
    status::{Names, Status},
    time::Millis,
    Error, Kind,
};
use std::{path::Path, time::Duration};

/// How long the process that runs may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where everything stands: as the process says that runs with this configuration, or else as its journal does.
pub fn status(path: &Path, json: bool) -> Result<String, Error> {
    let config = Config::load(path)?;
    let (journal, _) = config.for_run()?;
    let status = match ask(&format!("http://{}/status", config.listen)) {
        Some(status) if Path::new(&status.journal) == journal => status,
        _ if journal.exists() => {
            let names = Names::of(&config);
            Status::read(&Journal::open(journal)?, &names, false, Millis::now())?
        }
        _ => {
            return Err(Error::new(
                Kind::NothingThere,
                format!(
                    "Nobody answers at {} for this journal, and {} is not there.",
                    config.listen,
                    journal.display()
                ),
                "Start `pensum-relayer run` with this configuration.",
            ))
        }
    };
    match json {
        true => serde_json::to_string_pretty(&status)
            .map_err(|why| Error::machine(format!("The status cannot be printed: {why}."), "Report this.")),
        false => Ok(status.print()),
    }
}

fn ask(url: &str) -> Option<Status> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .build()
        .into();
    agent.get(url).call().ok()?.body_mut().read_json().ok()
}
