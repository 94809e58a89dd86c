//! A development chain of one node that is validator and solver, and the `pensum` command on it.

use pensum_client::{transaction::Call, AccountId, Chain, Key};
use serde_json::Value;
use std::{
    env,
    fs::File,
    future::Future,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long the node may take to its first block. Most of it goes into the genesis state.
const START: Duration = Duration::from_secs(150);
/// How long a transaction may take into a block.
const PATIENCE: Duration = Duration::from_secs(30);

/// A node that ends with the test.
pub struct DevNet {
    child: Child,
    folder: TempDir,
    rpc: u16,
    gateway: u16,
}

/// What a command said.
pub struct Said {
    pub code: i32,
    pub json: Value,
    pub lines: Vec<Value>,
}

impl DevNet {
    /// Starts `pensum-node --dev` with a gateway for the shipped models and the operator key `//Solver1`.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (rpc, p2p, gateway) = (free_port(), free_port(), free_port());
        let log = File::create(folder.path().join("node.log")).unwrap();
        let child = Command::new(node())
            .args(["--dev", "--solver", "--dev-operator", "//Solver1"])
            .args(["--no-telemetry", "--no-prometheus", "--no-mdns"])
            .args(["--rpc-methods", "unsafe", "--rpc-port", &rpc.to_string()])
            .args(["--listen-addr", &format!("/ip4/127.0.0.1/tcp/{p2p}")])
            .args(["--gateway-listen", &format!("127.0.0.1:{gateway}")])
            .arg("--models-dir")
            .arg(models())
            .arg("--base-path")
            .arg(folder.path().join("db"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut net = Self {
            child,
            folder,
            rpc,
            gateway,
        };
        net.wait_until_it_answers();
        net
    }

    /// The gateway's address.
    pub fn gateway(&self) -> String {
        format!("http://127.0.0.1:{}", self.gateway)
    }

    /// A file of the test's own folder.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// A path in the test's own folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `pensum --json` with the key of this name, on this node.
    pub fn run(&self, who: &str, arguments: &[&str]) -> Said {
        let output = self.command(arguments).env("PENSUM_SURI", who).output().unwrap();
        said(arguments, &output)
    }

    /// Runs it and expects that all is well.
    pub fn ok(&self, who: &str, arguments: &[&str]) -> Value {
        let said = self.run(who, arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {:#}\n{}", said.json, self.log());
        said.json
    }

    /// Runs it and expects this refusal.
    pub fn refused(&self, who: &str, arguments: &[&str], exit_code: i32, code: &str) -> Value {
        let said = self.run(who, arguments);
        assert_eq!(said.code, exit_code, "{arguments:?}: {:#}", said.json);
        let error = said.json["error"].clone();
        assert_eq!(error["code"], code, "{arguments:?}: {error:#}");
        for words in ["fact", "remedy"] {
            assert!(
                !error[words].as_str().unwrap().is_empty(),
                "{code} has no {words}"
            );
        }
        error
    }

    /// The command without `--json`, for what it prints to people.
    pub fn text(&self, who: &str, arguments: &[&str]) -> String {
        let mut command = pensum(arguments);
        command.env("PENSUM_URL", self.url()).env("PENSUM_SURI", who);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The address of the key of this name.
    pub fn address(&self, who: &str) -> Value {
        self.ok(who, &["keys", "inspect"])["address"].clone()
    }

    /// The account of the key of this name.
    pub fn account(&self, who: &str) -> AccountId {
        Key::from_uri(who).unwrap().account()
    }

    /// Sends a call that no command makes.
    pub fn send(&self, who: &str, call: &Call) {
        let key = Key::from_uri(who).unwrap();
        self.with_chain(async |chain: Chain| {
            chain.send(&key, call, PATIENCE).await.unwrap();
        });
    }

    /// Does with the library what no command does.
    pub fn with_chain<T, F: Future<Output = T>>(&self, what: impl FnOnce(Chain) -> F) -> T {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async { what(Chain::connect(&self.url()).await.unwrap()).await })
    }

    /// The node's address.
    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.rpc)
    }

    /// `pensum --json` on this node, not started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = pensum(arguments);
        command.arg("--json").env("PENSUM_URL", self.url());
        command
    }

    fn wait_until_it_answers(&mut self) {
        let start = Instant::now();
        while start.elapsed() < START {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("The node ended at once ({status}). Its log:\n{}", self.log());
            }
            if is_up(self.rpc) {
                return;
            }
            sleep(Duration::from_millis(100));
        }
        panic!(
            "The node made no block within {START:?}. Its log:\n{}",
            self.log()
        );
    }

    fn log(&self) -> String {
        let log = std::fs::read_to_string(self.path("node.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }
}

impl Drop for DevNet {
    fn drop(&mut self) {
        // A kill is enough: the database goes with the folder.
        if self.child.kill().is_ok() {
            self.child.wait().ok();
        }
    }
}

/// The `pensum` command with no settings of whoever runs the tests.
pub fn pensum(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pensum"));
    command.args(arguments).stdin(Stdio::null());
    for variable in [
        "PENSUM_URL",
        "PENSUM_SURI",
        "PENSUM_KEY_FILE",
        "PENSUM_OPERATOR_SURI",
        "PENSUM_GATEWAY",
    ] {
        command.env_remove(variable);
    }
    command
}

/// What a command said, with `--json`.
pub fn said(arguments: &[&str], output: &Output) -> Said {
    let text = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<Value> = text
        .lines()
        .map(|line| {
            serde_json::from_str(line).unwrap_or_else(|error| {
                let errors = String::from_utf8_lossy(&output.stderr);
                panic!("{arguments:?} said what is no JSON ({error}): {line}\n{errors}")
            })
        })
        .collect();
    Said {
        code: output.status.code().unwrap_or(-1),
        json: lines.last().cloned().unwrap_or_default(),
        lines,
    }
}

/// The folder with the shipped models.
pub fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../inference/models")
}

/// The node's binary: what PENSUM_NODE names, else the release build of this tree.
fn node() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    let binary = env::var_os("PENSUM_NODE").map_or(target.join("release/pensum-node"), PathBuf::from);
    assert!(
        binary.is_file(),
        "{} is missing. Run `make build`, or name the node's binary by PENSUM_NODE.",
        binary.display()
    );
    binary
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// Whether the node answers requests and has made a block: one question over plain HTTP.
fn is_up(port: u16) -> bool {
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"chain_getHeader","params":[]}"#;
    let request = format!(
        "POST / HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let asked = TcpStream::connect(("127.0.0.1", port)).and_then(|mut stream| {
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.contains("\"number\":") && !answer.contains("\"number\":\"0x0\""))
    });
    asked.unwrap_or(false)
}
