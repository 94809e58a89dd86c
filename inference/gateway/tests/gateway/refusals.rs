//! Every refusal that is not told elsewhere, and odd framing.

use crate::harness::{id, inline, refusal, Bench, UPPER};
use pensum_gateway::wire::{PostRuns, RunReports};
use std::{
    io::{Read, Write},
    net::TcpStream,
};

async fn post(bench: &Bench, body: impl Into<Vec<u8>>) -> (u16, String) {
    refusal(bench.post("/v1/runs").body(body).send().await)
}

/// Sends these bytes as they are and reads until the other side closes.
async fn raw(bench: &Bench, bytes: Vec<u8>) -> String {
    let address = bench.running.address();
    tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(&bytes).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn malformed_json_is_refused() {
    let bench = Bench::new().await;
    let run = |input: &str| {
        format!(
            r#"{{"runs":[{{"id":"{0}","weights":"{0}","input":{input}}}]}}"#,
            id(1)
        )
    };
    for body in [
        String::new(),
        "{".into(),
        "[]".into(),
        "{}".into(),
        "\u{0}\u{1}".into(),
        r#"{"runs":[],"more":1}"#.into(),
        r#"{"runs":[{"id":"0x01","weights":"0x01","input":{"inline":"0x"}}]}"#.into(),
        run(r#"{"inline":"wool"}"#),
        run(r#"{"inline":"0x0"}"#),
        run(r#"{"file":"/etc/passwd"}"#),
        run(r#"{"inline":"0x","blob":{"sha256":"0x","len":1}}"#),
        run(&format!(r#"{{"blob":{{"sha256":"{}","len":-1}}}}"#, id(1))),
        run(&format!(
            r#"{{"blob":{{"sha256":"{}","len":4294967296}}}}"#,
            id(1)
        )),
        "[".repeat(100_000),
    ] {
        assert_eq!(
            post(&bench, body.clone()).await,
            (400, "malformed_json".into()),
            "{body:.200}"
        );
    }
    assert_eq!(
        post(&bench, vec![0xff, 0xfe]).await,
        (400, "malformed_json".into())
    );
}

#[tokio::test]
async fn none_or_too_many_runs_are_refused() {
    let bench = Bench::new().await;
    assert_eq!(post(&bench, r#"{"runs":[]}"#).await, (400, "no_runs".into()));
    let runs: Vec<_> = (0..257).map(|n| inline(n, UPPER, b"")).collect();
    let response = bench.post_runs(&runs, 0).await;
    assert_eq!(refusal(response), (400, "too_many_runs".into()));
    let ids = vec![id(1).to_string(); 257].join(",");
    let response = bench.get(&format!("/v1/runs?ids={ids}")).send().await;
    assert_eq!(refusal(response), (400, "too_many_runs".into()));
}

#[tokio::test]
async fn a_malformed_query_is_refused() {
    let bench = Bench::new().await;
    for query in ["wait_ms=x", "wait_ms=-1", "wait=1"] {
        let response = bench.post(&format!("/v1/runs?{query}")).body("{}").send().await;
        assert_eq!(refusal(response), (400, "malformed_query".into()), "{query}");
    }
    for query in ["", "wait_ms=1", "ids=0x00", "ids=wool"] {
        let response = bench.get(&format!("/v1/runs?{query}")).send().await;
        assert_eq!(refusal(response), (400, "malformed_query".into()), "{query}");
    }
    let response = bench.get("/v1/runs?ids=").send().await;
    assert_eq!(refusal(response), (400, "no_runs".into()));
    let response = bench.post_runs(&[inline(1, UPPER, b"")], 2_001).await;
    assert_eq!(refusal(response), (400, "wait_too_long".into()));
}

#[tokio::test]
async fn an_unknown_run_is_not_found() {
    let bench = Bench::new().await;
    bench.run(&[inline(1, UPPER, b"wool")]).await;
    let response = bench
        .get(&format!("/v1/runs?ids={},{}", id(1), id(2)))
        .send()
        .await;
    assert_eq!(refusal(response), (404, "unknown_run".into()));
}

#[tokio::test]
async fn an_input_or_a_body_too_long_is_refused() {
    let bench = Bench::new().await;
    let response = bench
        .post_runs(&[inline(1, UPPER, &vec![0; 64 * 1024 + 1])], 0)
        .await;
    assert_eq!(refusal(response), (400, "input_too_long".into()));
    assert_eq!(
        post(&bench, vec![b' '; 4 * 1024 * 1024 + 1]).await,
        (413, "body_too_large".into())
    );
    let response = bench.get(&format!("/v1/runs?ids={}", id(1))).send().await;
    assert_eq!(response.status, 404, "nothing was started");
}

#[tokio::test]
async fn unknown_paths_and_methods_are_named() {
    let bench = Bench::new().await;
    for path in [
        "/",
        "/v1",
        "/v2/runs",
        "/v1/runs/",
        "/v1/blobs/a/b",
        "/v1/%2e%2e/metrics",
    ] {
        let response = bench.get(path).send().await;
        assert_eq!(refusal(response), (404, "unknown_path".into()), "{path}");
    }
    let response = bench.ask("DELETE", "/v1/runs").send().await;
    assert!(response.header("allow").contains("POST"));
    assert_eq!(refusal(response), (405, "unknown_method".into()));
    let response = bench.post("/metrics").send().await;
    assert_eq!(refusal(response), (405, "unknown_method".into()));
}

#[tokio::test]
async fn a_chunked_body_is_taken_as_nodes_send_it() {
    let bench = Bench::new().await;
    let body = serde_json::to_string(&PostRuns {
        runs: vec![inline(1, UPPER, b"wool")],
    })
    .unwrap();
    let mut bytes = format!(
        "POST /v1/runs?wait_ms=2000 HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n",
        bench.running.address()
    );
    for chunk in body.as_bytes().chunks(7) {
        bytes += &format!("{:x}\r\n{}\r\n", chunk.len(), std::str::from_utf8(chunk).unwrap());
    }
    bytes += "0\r\n\r\n";
    let answer = raw(&bench, bytes.into_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    let reports: RunReports = serde_json::from_str(body).unwrap();
    assert_eq!(reports.runs[0].output.as_ref().unwrap().0, b"WOOL");
}

#[tokio::test]
async fn a_chunked_body_without_end_is_cut_at_the_limit() {
    let bench = Bench::new().await;
    let address = bench.running.address();
    let answer = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!("PUT /v1/blobs HTTP/1.1\r\nHost: {address}\r\nTransfer-Encoding: chunked\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let chunk = [b"10000\r\n".to_vec(), vec![b'x'; 0x10000], b"\r\n".to_vec()].concat();
        // More than the limit, never the last chunk; the gateway may hang up before all is written.
        for _ in 0..17 {
            if stream.write_all(&chunk).is_err() {
                break;
            }
        }
        let mut start = [0; 12];
        stream.read_exact(&mut start).unwrap();
        start
    })
    .await
    .unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[tokio::test]
async fn bytes_that_are_no_http_do_not_hurt() {
    let bench = Bench::new().await;
    let answer = raw(&bench, vec![0xff; 4_096]).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 400"),
        "{answer}"
    );
    let answer = raw(&bench, b"GET /v1/health HTTP/1.0\r\n\r\n".to_vec()).await;
    assert!(answer.contains("wrong_host"), "{answer}");
    assert_eq!(bench.get("/v1/health").send().await.status, 200);
}
