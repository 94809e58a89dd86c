//! Who may ask, and settings that are refused.

use crate::harness::{config, refusal, Bench};
use pensum_gateway::{ConfigError, Gateway, StartError, Token};
use std::{fs, net::SocketAddr, process::Command};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn with_a_token_every_path_wants_it() {
    let bench = Bench::with(|config| config.token = Some(Token::new(TOKEN).unwrap())).await;
    assert_eq!(bench.running.token().map(Token::reveal), Some(TOKEN));
    for path in ["/v1/health", "/metrics", "/v1/models", "/nowhere"] {
        let response = bench.get(path).send().await;
        assert_eq!(response.header("www-authenticate"), "Bearer");
        assert_eq!(refusal(response), (401, "unauthorised".into()), "{path}");
    }
    let wrong = bench
        .get("/v1/health")
        .header("authorization", &format!("Bearer {}", &TOKEN[1..]))
        .send()
        .await;
    assert_eq!(refusal(wrong), (401, "unauthorised".into()));
    assert_eq!(
        bench
            .get("/v1/health")
            .header("authorization", &format!("Bearer {}", TOKEN))
            .send()
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn another_host_or_a_web_page_is_refused() {
    let bench = Bench::new().await;
    let response = bench
        .get("/v1/health")
        .header("host", "evil.example")
        .send()
        .await;
    assert_eq!(refusal(response), (421, "wrong_host".into()));
    let response = bench
        .get("/v1/health")
        .header("origin", "https://evil.example")
        .send()
        .await;
    assert_eq!(refusal(response), (403, "from_browser".into()));
}

#[tokio::test]
async fn start_fails_when_others_could_reach_it_without_a_token() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(&folder);
    config.listen = SocketAddr::from(([0, 0, 0, 0], 0));
    let error = Gateway::start(config).await.unwrap_err();
    assert!(
        matches!(error, StartError::Config(ConfigError::TokenNeeded { .. })),
        "{error}"
    );
    assert!(!folder.path().join("data").exists(), "nothing was touched");
}

#[tokio::test]
async fn start_fails_when_settings_do_not_fit_together() {
    let folder = tempfile::tempdir().unwrap();
    let start = |change: fn(&mut pensum_gateway::Config)| {
        let mut config = config(&folder);
        change(&mut config);
        Gateway::start(config)
    };
    let error = start(|config| config.threads = 0).await.unwrap_err();
    assert!(
        matches!(error, StartError::Config(ConfigError::NoThreads)),
        "{error}"
    );
    let error = start(|config| config.queue_limit = 255).await.unwrap_err();
    assert!(
        matches!(
            error,
            StartError::Config(ConfigError::QueueTooShort { queue_limit: 255 })
        ),
        "{error}"
    );
    let error = start(|config| config.blob_limit = u64::MAX).await.unwrap_err();
    assert!(
        matches!(error, StartError::Config(ConfigError::BlobLimit { .. })),
        "{error}"
    );
    let error = start(|config| config.models_dir.push("none")).await.unwrap_err();
    assert!(matches!(error, StartError::Models { .. }), "{error}");
    fs::write(folder.path().join("file"), b"").unwrap();
    let error = start(|config| config.data_dir = config.models_dir.join("file"))
        .await
        .unwrap_err();
    assert!(matches!(error, StartError::Data { .. }), "{error}");
}

#[tokio::test]
async fn start_fails_when_the_port_or_the_data_folder_is_taken() {
    let bench = Bench::new().await;
    let mut second = config(&bench.folder);
    let error = Gateway::start(second.clone()).await.unwrap_err();
    assert!(
        matches!(error, StartError::Journal(pensum_gateway::JournalError::InUse)),
        "{error}"
    );
    second.listen = bench.running.address();
    let error = Gateway::start(second).await.unwrap_err();
    assert!(matches!(error, StartError::Listen { .. }), "{error}");
}

#[test]
fn the_program_says_what_to_do_when_it_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let run = |more: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_pensum-gateway"))
            .args(["--models-dir", ".", "--data-dir"])
            .arg(folder.path())
            .args(more)
            .output()
            .unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(run(&["--listen", "0.0.0.0:0"]).contains("Give --token-file, or listen on 127.0.0.1."));
    assert!(run(&["--token-file", "/nonexistent"]).contains("Write a token into it"));
    let short = folder.path().join("token");
    fs::write(&short, "short").unwrap();
    assert!(run(&["--token-file", short.to_str().unwrap()]).contains("openssl rand -hex 32"));
}
