//! The real HTTP functions of the host, with responses of every kind.

use crate::mock::*;
use pensum_primitives::BatchId;

fn one_task() {
    chain(|chain| chain.duties = vec![duty(1, 20, &[inline(b"wool")])]);
}

#[test]
fn a_request_is_what_the_contract_says() {
    let mut node = Node::new();
    node.host.configure(Some("0123456789abcdef0123456789abcdef"));
    one_task();
    node.block(1);
    let requests = node.host.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].method, "POST");
    assert_eq!(requests[0].uri, "http://127.0.0.1:9950/v1/runs?wait_ms=150");
    assert_eq!(requests[0].headers["content-type"], "application/json");
    assert_eq!(
        requests[0].headers["authorization"],
        "Bearer 0123456789abcdef0123456789abcdef"
    );
    assert!(!requests[0].body.is_empty());
}

#[test]
fn without_a_token_no_authorization_is_sent() {
    let mut node = Node::new();
    one_task();
    node.block(1);
    assert!(!node.host.requests()[0].headers.contains_key("authorization"));
}

#[test]
fn a_report_of_a_run_that_was_not_asked_for_is_left_out() {
    let mut node = Node::new();
    node.host
        .set_mode(Mode::Says(200, done_report(&[9; 32], b"WRONG")));
    one_task();
    node.block(1);
    assert_eq!(node.sent(), []);
    node.host.set_mode(Mode::Up);
    node.block(2);
    assert_eq!(
        node.sent(),
        [Sent::Answers(vec![answer(BatchId(1).task(0), b"WOOL", None)])]
    );
}

#[test]
fn a_response_that_is_malformed_too_long_or_a_refusal_is_no_answer() {
    for mode in [
        Mode::Says(200, vec![]),
        Mode::Says(200, b"{\"runs\":".to_vec()),
        Mode::Says(200, vec![0xff; 100]),
        Mode::Says(200, vec![b' '; 2 * 1024 * 1024 + 1]),
        Mode::Says(200, done_report(&[9; 31], b"x")),
        Mode::Says(
            409,
            br#"{"error":{"code":"run_conflict","message":"m"}}"#.to_vec(),
        ),
        Mode::Says(429, b"{}".to_vec()),
        Mode::Says(302, vec![]),
        Mode::Down,
        Mode::Silent,
    ] {
        let mut node = Node::new();
        node.host.set_mode(mode);
        one_task();
        node.block(1);
        assert_eq!(node.sent(), []);
        node.host.set_mode(Mode::Up);
        node.block(2);
        assert_eq!(node.sent().len(), 1);
    }
}

#[test]
fn settings_that_are_unreadable_stop_the_worker_without_harm() {
    let mut node = Node::new();
    one_task();
    for stored in [vec![], vec![0xff; 9], vec![4, 0xff, 0], vec![4, b'x', 1, 4, 0xff]] {
        node.host
            .store(pensum_primitives::gateway::GATEWAY_SETTINGS_KEY, &stored);
        node.block(1);
    }
    assert_eq!((node.sent(), node.asked()), (vec![], 0));
}

#[test]
fn the_same_task_is_the_same_run_at_every_block_and_another_content_another() {
    let mut node = Node::new();
    node.host.set_fate(b"wool", Some(Fate::Pending));
    node.host.set_fate(b"flax", Some(Fate::Pending));
    one_task();
    node.block(1);
    node.block(2);
    // A fork gives the number to another task.
    chain(|chain| chain.duties = vec![duty(1, 20, &[inline(b"flax")])]);
    node.block(3);
    let ids: Vec<String> = node
        .host
        .requests()
        .iter()
        .map(|request| {
            let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
            body["runs"][0]["id"].as_str().unwrap().into()
        })
        .collect();
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[1], ids[2]);
}
