//! What cannot be answered is given back, in time and not before.

use crate::mock::*;
use pensum_primitives::{task::Duty, verdict::Unable, BatchId};

fn give(duty: Duty) {
    chain(|chain| chain.duties = vec![duty]);
}

/// The block at which each batch is given back, and why.
fn declines(node: &mut Node, blocks: std::ops::RangeInclusive<u32>) -> Vec<(u32, BatchId, Unable)> {
    let mut found = Vec::new();
    for now in blocks {
        node.block(now);
        for sent in chain(Chain::include) {
            if let Sent::Decline(batch, reason) = sent {
                found.push((now, batch, reason));
            }
        }
    }
    found
}

#[test]
fn what_the_gateway_cannot_run_is_given_back_at_once_with_its_reason() {
    for (name, reason) in [
        ("model_missing", Unable::ModelMissing),
        ("blob_missing", Unable::BlobMissing),
        ("input_refused", Unable::InputRefused),
    ] {
        let mut node = Node::new();
        node.host.set_fate(b"wool", Some(Fate::Fails(name)));
        give(duty(1, 20, &[inline(b"wool")]));
        assert_eq!(declines(&mut node, 1..=3), [(1, BatchId(1), reason)]);
    }
}

#[test]
fn a_broken_engine_is_waited_for_until_three_blocks_before_the_deadline() {
    let mut node = Node::new();
    node.host.set_fate(b"wool", Some(Fate::Fails("engine_failed")));
    give(duty(1, 20, &[inline(b"wool")]));
    assert_eq!(
        declines(&mut node, 1..=20),
        [(18, BatchId(1), Unable::EngineFailed)]
    );
}

#[test]
fn a_gateway_that_is_down_is_waited_for_and_an_outage_in_between_costs_nothing() {
    let mut node = Node::new();
    node.host.set_mode(Mode::Down);
    give(duty(1, 20, &[inline(b"wool")]));
    assert_eq!(declines(&mut node, 1..=17), []);
    node.host.set_mode(Mode::Up);
    node.block(18);
    assert_eq!(
        node.sent(),
        [Sent::Answers(vec![answer(BatchId(1).task(0), b"WOOL", None)])]
    );
}

#[test]
fn a_gateway_that_stays_down_silent_or_mad_gives_the_batch_back_in_time() {
    for mode in [
        Mode::Down,
        Mode::Silent,
        Mode::Says(200, b"<html>".to_vec()),
        Mode::Says(500, vec![]),
    ] {
        let mut node = Node::new();
        node.host.set_mode(mode);
        give(duty(1, 20, &[inline(b"wool")]));
        assert_eq!(
            declines(&mut node, 1..=20),
            [(18, BatchId(1), Unable::EngineFailed)]
        );
    }
}

#[test]
fn a_run_that_is_still_going_on_is_given_back_at_the_last_block() {
    let mut node = Node::new();
    node.host.set_fate(b"wool", Some(Fate::Pending));
    give(duty(1, 20, &[inline(b"wool")]));
    assert_eq!(
        declines(&mut node, 1..=20),
        [(19, BatchId(1), Unable::EngineFailed)]
    );
}

#[test]
fn the_tasks_that_can_be_answered_are_answered_before_their_batch_is_given_back() {
    let mut node = Node::new();
    node.host.set_fate(b"bad", Some(Fate::Fails("input_refused")));
    node.host.set_fate(b"slow", Some(Fate::Pending));
    give(duty(
        1,
        20,
        &[inline(b"wool"), inline(b"flax"), inline(b"bad"), inline(b"slow")],
    ));
    let task = |place| BatchId(1).task(place);
    node.block(1);
    let halves = vec![answer(task(0), b"WOOL", None), answer(task(1), b"FLAX", None)];
    assert_eq!(chain(Chain::include), [Sent::Answers(halves)]);
    node.block(2);
    assert_eq!(chain(Chain::include), []);
    node.host.set_fate(b"slow", None);
    node.block(3);
    assert_eq!(
        chain(Chain::include),
        [Sent::Answers(vec![answer(task(3), b"SLOW", None)])]
    );
    assert_eq!(
        declines(&mut node, 4..=5),
        [(4, BatchId(1), Unable::InputRefused)]
    );
}

#[test]
fn a_batch_whose_runs_trickle_in_is_answered_within_its_sheets() {
    let mut node = Node::new();
    let inputs: Vec<_> = (0..100u8).map(|n| inline(&[n])).collect();
    (0..100u8).for_each(|n| node.host.set_fate(&[n], Some(Fate::Pending)));
    give(duty(1, 200, &inputs));
    let mut sheets = 0;
    for n in 0..100u8 {
        node.host.set_fate(&[n], None);
        node.block(u32::from(n) + 1);
        sheets += chain(Chain::include).len();
    }
    assert!(chain(|chain| chain.duties.is_empty()));
    assert_eq!(sheets, 4, "three that leave some, and the last");
}

#[test]
fn a_blob_that_does_not_come_with_its_output_is_trouble_and_no_answer() {
    let mut node = Node::new();
    node.host.put_blob(b"wool");
    node.host.set_fate(b"wool", Some(Fate::DoneWithoutBlob));
    give(duty(1, 20, &[blob(b"wool")]));
    assert_eq!(
        declines(&mut node, 1..=20),
        [(18, BatchId(1), Unable::EngineFailed)]
    );
}

#[test]
fn a_missing_blob_is_given_back_at_once() {
    let mut node = Node::new();
    give(duty(1, 20, &[blob(b"wool")]));
    assert_eq!(declines(&mut node, 1..=2), [(1, BatchId(1), Unable::BlobMissing)]);
}

#[test]
fn a_refusal_that_was_lost_is_sent_again() {
    let mut node = Node::new();
    node.host.set_fate(b"wool", Some(Fate::Fails("input_refused")));
    give(duty(1, 100, &[inline(b"wool")]));
    let sent: Vec<_> = (1..=6)
        .map(|now| {
            node.block(now);
            node.sent().len()
        })
        .collect();
    assert_eq!(sent, [1, 1, 0, 0, 1, 0]);
}
