//! The content store, from outside.

use crate::harness::{blob, refusal, Bench, LENGTH, UPPER};
use pensum_gateway::{
    cid::Cid,
    digest::{Digest, HexBytes},
    wire::{BlobStored, FailReason, Input, RunState},
};
use std::{fs, path::PathBuf};

const HELLO: &[u8] = b"hello world";
const HELLO_CID: &str = "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e";

fn file_of(bench: &Bench, bytes: &[u8]) -> PathBuf {
    let name = Cid::of(bytes).to_string();
    bench
        .folder
        .path()
        .join("data/blobs")
        .join(&name[56..58])
        .join(name)
}

#[tokio::test]
async fn a_blob_comes_back_under_its_ipfs_name() {
    let bench = Bench::new().await;
    let stored: BlobStored = bench.put_blob(HELLO).await.json();
    assert_eq!(
        stored,
        BlobStored {
            cid: HELLO_CID.into(),
            sha256: Digest::sha256(HELLO),
            len: 11
        }
    );
    let response = bench.get(&format!("/v1/blobs/{HELLO_CID}")).send().await;
    assert_eq!(response.header("content-type"), "application/octet-stream");
    assert_eq!(response.body, HELLO);
}

#[tokio::test]
async fn a_run_reads_a_blob_and_gives_it_back_for_the_chain() {
    let bench = Bench::new().await;
    bench.put_blob(HELLO).await;
    let reports = bench.run(&[blob(1, UPPER, HELLO)]).await;
    assert_eq!(reports.runs[0].output, Some(HexBytes(b"HELLO WORLD".to_vec())));
    assert_eq!(reports.runs[0].blob, Some(HexBytes(HELLO.to_vec())));
}

#[tokio::test]
async fn a_blob_too_long_for_an_answer_is_not_given_back() {
    let bench = Bench::new().await;
    let (fits, long) = (vec![b'x'; 4_096], vec![b'x'; 4_097]);
    bench.put_blob(&fits).await;
    bench.put_blob(&long).await;
    let reports = bench.run(&[blob(1, LENGTH, &fits), blob(2, LENGTH, &long)]).await;
    assert_eq!(reports.runs[0].blob, Some(HexBytes(fits)));
    assert_eq!(
        (reports.runs[1].state, &reports.runs[1].blob),
        (RunState::Done, &None)
    );
}

#[tokio::test]
async fn a_run_fails_when_its_blob_is_missing_until_it_is_put() {
    let bench = Bench::new().await;
    let run = [blob(1, UPPER, HELLO)];
    assert_eq!(
        bench.run(&run).await.runs[0].reason,
        Some(FailReason::BlobMissing)
    );
    bench.put_blob(HELLO).await;
    assert_eq!(bench.run(&run).await.runs[0].state, RunState::Done);
}

#[tokio::test]
async fn a_run_fails_when_the_blob_has_another_length() {
    let bench = Bench::new().await;
    bench.put_blob(HELLO).await;
    let mut run = blob(1, UPPER, HELLO);
    run.input = Input::Blob {
        sha256: Digest::sha256(HELLO),
        len: 12,
    };
    assert_eq!(
        bench.run(&[run]).await.runs[0].reason,
        Some(FailReason::InputRefused)
    );
}

#[tokio::test]
async fn a_corrupted_blob_is_missing_and_never_read() {
    let bench = Bench::new().await;
    bench.put_blob(HELLO).await;
    fs::write(file_of(&bench, HELLO), b"hello w0rld").unwrap();
    assert_eq!(
        bench.run(&[blob(1, UPPER, HELLO)]).await.runs[0].reason,
        Some(FailReason::BlobMissing)
    );
    assert_eq!(bench.engine.executions(b"hello w0rld"), 0);
    let quarantined = bench.folder.path().join("data/quarantine").join(HELLO_CID);
    assert_eq!(fs::read(quarantined).unwrap(), b"hello w0rld");
    let response = bench.get(&format!("/v1/blobs/{HELLO_CID}")).send().await;
    assert_eq!(refusal(response), (404, "blob_missing".into()));
}

#[tokio::test]
async fn put_fails_when_the_blob_is_too_large_or_the_store_is_full() {
    let bench = Bench::with(|config| (config.blob_limit, config.store_limit) = (100, 150)).await;
    assert_eq!(
        refusal(bench.put_blob(&[0; 101]).await),
        (413, "body_too_large".into())
    );
    assert_eq!(bench.put_blob(&[0; 100]).await.status, 200);
    assert_eq!(
        refusal(bench.put_blob(&[1; 100]).await),
        (507, "store_full".into())
    );
    assert_eq!(
        bench.put_blob(&[0; 100]).await.status,
        200,
        "what is there needs no room"
    );
}

#[tokio::test]
async fn get_fails_when_the_cid_is_malformed() {
    let bench = Bench::new().await;
    for cid in [
        "x",
        "..%2F..%2Fjournal.redb",
        "QmXoypizjW3WknFiJnKLwHCnL72vedxjQkDDP1mXWo6uco",
    ] {
        let response = bench.get(&format!("/v1/blobs/{cid}")).send().await;
        assert_eq!(refusal(response), (400, "malformed_cid".into()), "{cid}");
    }
}
