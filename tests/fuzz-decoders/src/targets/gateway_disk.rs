//! A gateway's journal as a bad disk gives it back. Unlike the other targets this one damages a real file: the input says where and how.

use crate::target::Target;
use pensum_gateway::{
    digest::{Digest, HexBytes},
    wire::{Input, PostRuns, RunRequest},
    Config, Gateway, Running,
};
use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(super) const TARGET: Target = Target {
    name: "gateway-disk",
    seeds,
    check,
    share: 12,
};

/// Bytes of one damage: offset, kind, value, and two, of which the last one's lowest bit chooses the journal.
const ROW: usize = 8;
/// Bytes of a page of the journal's file.
const PAGE: usize = 4096;
/// Longest time for an answer.
const PATIENCE: Duration = Duration::from_secs(2);

fn seeds() -> Vec<Vec<u8>> {
    let row = |offset: u32, kind: u8, value: u8| [&offset.to_le_bytes()[..], &[kind, value, 0, 0]].concat();
    vec![
        vec![],
        row(0, 0, 0xff),
        row(4096, 2, 0),
        row(1, 3, 0),
        row(100_000, 3, 0),
        [row(8_192, 2, 0), row(64, 1, 3), row(20_480, 4, 0)].concat(),
    ]
}

fn runtime() -> Result<&'static Runtime, String> {
    static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();
    RUNTIME
        .get_or_init(|| Runtime::new().map_err(|error| error.to_string()))
        .as_ref()
        .map_err(Clone::clone)
}

/// The journal of a gateway that has worked: as it ended in good order, and as a crash left it.
fn journals() -> Result<&'static [Vec<u8>; 2], String> {
    static JOURNALS: OnceLock<Result<[Vec<u8>; 2], String>> = OnceLock::new();
    JOURNALS
        .get_or_init(|| {
            let read = |folder: &TempDir| fs::read(journal(folder.path())).map_err(|error| error.to_string());
            let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
            let running = start(folder.path())?;
            ask(running.address(), &posted())?;
            let crashed = read(&folder)?;
            runtime()?.block_on(running.shutdown());
            Ok([read(&folder)?, crashed])
        })
        .as_ref()
        .map_err(Clone::clone)
}

fn journal(folder: &Path) -> PathBuf {
    folder.join("data/journal.redb")
}

fn start(folder: &Path) -> Result<Running, String> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../inference/models/digits");
    let config = Config::new(models, folder.join("data"));
    runtime()?
        .block_on(Gateway::start(config))
        .map_err(|error| error.to_string())
}

/// Runs of models, most of which the gateway does not have.
fn posted() -> String {
    let runs = (0..24u8).map(|number| RunRequest {
        id: Digest([number; 32]),
        weights: Digest([number % 3; 32]),
        input: Input::Inline(HexBytes(vec![number; 64])),
        traced: number % 2 == 0,
    });
    serde_json::to_string(&PostRuns { runs: runs.collect() }).unwrap_or_default()
}

/// Posts runs; the head of the answer.
fn ask(address: SocketAddr, body: &str) -> Result<String, String> {
    let asked = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "POST /v1/runs?wait_ms=500 HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    asked().map_err(|error| format!("the gateway gives no answer: {error}"))
}

fn damage(file: &mut Vec<u8>, rows: &[u8]) {
    for row in rows.chunks_exact(ROW) {
        let [a, b, c, d, kind, value, ..] = *row else {
            return;
        };
        if file.is_empty() {
            return;
        }
        let at = u32::from_le_bytes([a, b, c, d]) as usize % file.len();
        let page = at - at % PAGE;
        let end = (page + PAGE).min(file.len());
        match kind % 5 {
            0 => file[at] ^= value,
            1 => file[at] = value,
            2 => file[page..end].fill(value),
            3 => file.truncate(at),
            _ => file.copy_within(page..end, 0),
        }
    }
}

fn check(bytes: &[u8]) -> Result<(), String> {
    let [whole, crashed] = journals()?;
    let crashes = bytes.last().is_some_and(|last| last % 2 == 1);
    let mut file = if crashes { crashed.clone() } else { whole.clone() };
    damage(&mut file, bytes);
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    fs::create_dir(folder.path().join("data"))
        .and_then(|()| fs::write(journal(folder.path()), &file))
        .map_err(|error| error.to_string())?;
    match start(folder.path()) {
        // It serves, whatever became of the runs: they are run again.
        Ok(running) => {
            let answer = ask(running.address(), &posted())?;
            runtime()?.block_on(running.shutdown());
            match answer.starts_with("HTTP/1.1 ") {
                true => Ok(()),
                false => Err(format!("the gateway answers {answer:?}")),
            }
        }
        // It says what is wrong and what to do: with the journal, and not with the machine.
        Err(words) if words.starts_with("The journal") && words.contains(". ") => Ok(()),
        Err(words) => Err(format!(
            "the gateway does not start and does not say what to do with its journal: {words}"
        )),
    }
}
