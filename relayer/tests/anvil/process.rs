//! The program itself: its files, ports, signals and exit codes.

use crate::{
    origin::DESTINATION,
    stage::{free_port, IAnnounce, Stage, VALIDATOR_KEY},
};
use alloy::signers::local::PrivateKeySigner;
use hyperlane_primitives::{
    files::{checkpoint_file, SignedAnnouncement, SignedCheckpoint},
    Native, H160,
};
use serde_json::{json, Value};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

const EVM: u64 = 31338;

fn program(command: &str, config: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_pensum-relayer"));
    program.arg(command).arg("--config").arg(config);
    program.stderr(Stdio::null()).stdout(Stdio::piped());
    program
}

/// A child that does not outlive the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn signal(&self, name: &str) {
        let killed = Command::new("kill")
            .args([name, &self.0.id().to_string()])
            .status()
            .unwrap();
        assert!(killed.success());
    }

    async fn ended(&mut self) -> ExitStatus {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < until, "it does not end");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(30);
    while !is_so() {
        assert!(Instant::now() < until, "{what} does not happen");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn get(url: &str) -> Option<String> {
    ureq::get(url).call().ok()?.body_mut().read_to_string().ok()
}

struct Desk {
    folder: tempfile::TempDir,
    config: PathBuf,
    port: u16,
}

fn desk(stage: &Stage, chain_id: u64) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let (port, validator_port) = (free_port(), free_port());
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("pensum.key", "//Relayer");
    write("evm.key", crate::stage::RELAYER_KEY);
    write("validator.key", VALIDATOR_KEY);
    write(
        "relayer.toml",
        &format!(
            r#"
journal = "relayer.redb"
http.listen = "127.0.0.1:{port}"
[pensum]
rpc = "ws://127.0.0.1:1"
domain = {}
key_file = "pensum.key"
[[evm]]
name = "anvil"
domain = {EVM}
chain_id = {chain_id}
rpc = "{}"
mailbox = "{}"
merkle_tree_hook = "{}"
validator_announce = "{}"
key_file = "evm.key"
poll_seconds = 0.1
[validator]
origin = "anvil"
key_file = "validator.key"
dir = "checkpoints"
journal = "validator.redb"
announce = true
listen = "127.0.0.1:{validator_port}"
"#,
            DESTINATION.0, stage.url, stage.mailbox, stage.hook, stage.announce,
        ),
    );
    Desk {
        config: folder.path().join("relayer.toml"),
        port: validator_port.max(1),
        folder,
    }
}

impl Desk {
    fn checkpoint(&self, index: u32) -> Option<SignedCheckpoint> {
        let path = self
            .folder
            .path()
            .join("checkpoints")
            .join(checkpoint_file(index));
        SignedCheckpoint::from_json(&fs::read(path).ok()?).ok()
    }

    fn start(&self, command: &str) -> Running {
        Running(program(command, &self.config).spawn().unwrap())
    }
}

#[tokio::test]
async fn the_validator_signs_announces_and_survives_being_killed() {
    let key: PrivateKeySigner = VALIDATOR_KEY.parse().unwrap();
    let address = H160(key.address().into_array());
    let stage = Stage::new(EVM, &[address], 1).await;
    let desk = desk(&stage, EVM);
    for n in 0..5 {
        stage.dispatch(DESTINATION.0, &[n]).await;
    }
    stage.mine(3).await;
    let validator = desk.start("validator");
    eventually("a checkpoint", || desk.checkpoint(4).is_some()).await;
    let url = format!("http://127.0.0.1:{}", desk.port);
    eventually("its metric", || {
        get(&format!("{url}/metrics")).is_some_and(|text| text.contains("signed_index 4"))
    })
    .await;
    assert_eq!(get(&format!("{url}/healthz")).as_deref(), Some("ok\n"));
    validator.signal("-9");
    drop(validator);
    for n in 5..8 {
        stage.dispatch(DESTINATION.0, &[n]).await;
    }
    stage.mine(3).await;
    let mut validator = desk.start("validator");
    eventually("the next checkpoints", || desk.checkpoint(7).is_some()).await;
    for index in 0..8 {
        let signed = desk.checkpoint(index).unwrap();
        let digest = signed.checkpoint.digest::<Native>();
        assert_eq!(signed.signature.signer::<Native>(&digest).unwrap(), address);
    }
    let announcement = fs::read(desk.folder.path().join("checkpoints/announcement.json")).unwrap();
    let announcement = SignedAnnouncement::from_json(&announcement).unwrap();
    let announced = announcement.announcement().unwrap();
    assert_eq!(
        announced.signer::<Native>(&announcement.signature).unwrap(),
        address
    );
    let mut locations = Vec::new();
    for _ in 0..100 {
        let call = IAnnounce::getAnnouncedStorageLocationsCall {
            validators: vec![key.address()],
        };
        locations = stage.view(stage.announce, call).await;
        if !locations[0].is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(locations, [[announced.location.as_str().to_string()]]);
    validator.signal("-TERM");
    assert_eq!(validator.ended().await.code(), Some(0));
}

#[tokio::test]
async fn an_announcement_that_is_taken_back_is_made_again() {
    let key: PrivateKeySigner = VALIDATOR_KEY.parse().unwrap();
    let stage = Stage::new(EVM, &[H160(key.address().into_array())], 1).await;
    let desk = desk(&stage, EVM);
    stage.mine(3).await;
    let _validator = desk.start("validator");
    let is_known = || async {
        let call = IAnnounce::getAnnouncedStorageLocationsCall {
            validators: vec![key.address()],
        };
        !stage.view(stage.announce, call).await[0].is_empty()
    };
    for _ in 0..2 {
        let until = Instant::now() + Duration::from_secs(20);
        while !is_known().await {
            assert!(Instant::now() < until, "it is not announced");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let _: Value = stage.rpc("anvil_reorg", json!([1, []])).await;
    }
}

#[tokio::test]
async fn the_validator_stops_when_its_chain_takes_back_what_it_signed() {
    let stage = Stage::new(EVM, &[H160::repeat_byte(1)], 1).await;
    let desk = desk(&stage, EVM);
    let text = fs::read_to_string(&desk.config).unwrap();
    let text = text.replace("poll_seconds = 0.1", "poll_seconds = 0.1\nfinality = 0");
    fs::write(&desk.config, text.replace("announce = true", "announce = false")).unwrap();
    stage.mine(2).await;
    let snapshot: Value = stage.rpc("evm_snapshot", json!([])).await;
    stage.dispatch(DESTINATION.0, b"a").await;
    let mut validator = desk.start("validator");
    eventually("a checkpoint", || desk.checkpoint(0).is_some()).await;
    let _: bool = stage.rpc("evm_revert", json!([snapshot])).await;
    stage.dispatch(DESTINATION.0, b"b").await;
    stage.mine(2).await;
    assert_eq!(validator.ended().await.code(), Some(6));
    assert!(desk.folder.path().join("checkpoints/reorg_flag.json").exists());
    // For good.
    assert_eq!(desk.start("validator").ended().await.code(), Some(6));
}

#[tokio::test]
async fn a_node_of_another_chain_ends_the_program_by_name() {
    let stage = Stage::new(EVM, &[H160::repeat_byte(1)], 1).await;
    let desk = desk(&stage, EVM + 1);
    assert_eq!(desk.start("validator").ended().await.code(), Some(7));
}

#[tokio::test]
async fn the_relayer_serves_while_it_waits_and_has_its_journal_alone() {
    let stage = Stage::new(EVM, &[H160::repeat_byte(1)], 1).await;
    let desk = desk(&stage, EVM);
    let status = |json: bool| {
        let mut command = program("status", &desk.config);
        if json {
            command.arg("--json");
        }
        command.output().unwrap()
    };
    assert_eq!(status(true).status.code(), Some(3), "nothing is there yet");
    let check = program("check", &desk.config).output().unwrap();
    assert_eq!(check.status.code(), Some(0));

    let mut first = desk.start("run");
    eventually("an answer", || {
        let said = status(true);
        let status: Option<Value> = serde_json::from_slice(&said.stdout).ok();
        status.is_some_and(|status| status["running"] == true)
    })
    .await;
    // Another port, the same journal.
    let text = fs::read_to_string(&desk.config).unwrap();
    let other = desk.folder.path().join("other.toml");
    let line = text.lines().find(|line| line.starts_with("http.listen")).unwrap();
    fs::write(
        &other,
        text.replace(line, &format!("http.listen = \"127.0.0.1:{}\"", free_port())),
    )
    .unwrap();
    let second = program("run", &other).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(second.status.code(), Some(4));
    let said = String::from_utf8_lossy(&second.stderr).to_string();
    assert!(
        said.contains("JournalInUse") && said.contains(&first.0.id().to_string()),
        "{said}"
    );

    first.signal("-INT");
    assert_eq!(first.ended().await.code(), Some(0));
    let text = String::from_utf8(status(false).stdout).unwrap();
    assert!(
        text.contains("not running") && text.contains("anvil -> pensum"),
        "{text}"
    );
}
