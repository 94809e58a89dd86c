//! Audits: the gateway makes the step, the worker opens it.

use crate::mock::{chain, duty, inline, Mode, Node, Sent};
use pensum_primitives::{operator::Work, traits::Audit, BatchId, Digest};

const STEP: &str = include_str!("../../../../inference/gateway/contract/step.json");

fn audited(until: u32) -> Audit {
    Audit {
        task: BatchId(3).task(0),
        model: Default::default(),
        weights: Digest::repeat_byte(1),
        input: inline(b"wool"),
        node: 1,
        until,
    }
}

#[test]
fn an_audited_step_is_opened_with_the_trace() {
    let mut node = Node::new();
    node.host.set_step(STEP.as_bytes());
    chain(|chain| chain.audits = vec![audited(30)]);
    node.block(10);
    let sent = node.sent();
    let [Sent::Other(Work::Open { task, trace, step })] = sent.as_slice() else {
        panic!("not an opening alone: {sent:?}");
    };
    assert_eq!((*task, step.node, trace.len()), (BatchId(3).task(0), 1, 2));
    assert!(node
        .host
        .requests()
        .iter()
        .any(|request| request.uri.ends_with("/v1/steps")));
}

#[test]
fn what_the_gateway_cannot_make_is_asked_for_again_at_the_next_block() {
    let mut node = Node::new();
    node.host.set_mode(Mode::Down);
    chain(|chain| chain.audits = vec![audited(30)]);
    node.block(10);
    assert_eq!(node.sent(), []);
    node.host.set_mode(Mode::Up);
    node.host.set_step(b"{}");
    node.block(11);
    assert_eq!(node.sent(), []);
    node.host.set_step(STEP.as_bytes());
    node.block(12);
    assert_eq!(node.sent().len(), 1);
}

#[test]
fn an_answer_that_can_be_challenged_brings_its_trace() {
    let mut node = Node::new();
    let mut batch = duty(1, 30, &[inline(b"wool")]);
    batch.traced = true;
    batch.blobs = false;
    chain(|chain| chain.duties = vec![batch]);
    node.block(10);
    let sent = node.sent();
    let [Sent::Answers(answers)] = sent.as_slice() else {
        panic!("not a sheet alone: {sent:?}");
    };
    let trace = answers[0].trace.as_ref().unwrap();
    assert_eq!(trace.to_vec(), [1, 2].map(Digest::repeat_byte));
}
