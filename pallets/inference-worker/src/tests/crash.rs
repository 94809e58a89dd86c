//! Kill the node before any of its side effects and start it again: no task is lost, and the chain sees one answer.

use crate::mock::*;
use pensum_primitives::{verdict::Unable, BatchId, TaskId};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Two batches: one that can be answered, one that ends with a refusal.
fn duties(node: &Node) {
    node.host.put_blob(b"hemp");
    node.host.set_fate(b"bad", Some(Fate::Fails("input_refused")));
    chain(|chain| {
        chain.duties = vec![
            duty(1, 40, &[inline(b"wool"), blob(b"hemp"), inline(b"flax")]),
            duty(2, 40, &[inline(b"silk"), inline(b"bad")]),
        ];
    });
}

/// What the chain includes until nothing is left to do.
fn settle(node: &mut Node, from: u32) -> (BTreeMap<TaskId, usize>, Vec<(BatchId, Unable)>) {
    let (mut answers, mut declines) = (BTreeMap::<_, usize>::new(), Vec::new());
    for now in from..40 {
        for sent in chain(Chain::include) {
            match sent {
                Sent::Answers(sheet) => sheet
                    .iter()
                    .for_each(|a| *answers.entry(a.task).or_default() += 1),
                Sent::Decline(batch, reason) => declines.push((batch, reason)),
                Sent::Other(work) => panic!("nothing else was wanted: {work:?}"),
            }
        }
        node.block(now);
    }
    assert!(chain(|chain| chain.duties.is_empty()), "a task was lost");
    (answers, declines)
}

fn assert_whole((answers, declines): (BTreeMap<TaskId, usize>, Vec<(BatchId, Unable)>)) {
    let tasks = [
        BatchId(1).task(0),
        BatchId(1).task(1),
        BatchId(1).task(2),
        BatchId(2).task(0),
    ];
    assert_eq!(answers.keys().copied().collect::<Vec<_>>(), tasks);
    assert_eq!(declines, [(BatchId(2), Unable::InputRefused)]);
}

#[test]
fn a_kill_before_any_side_effect_loses_nothing() {
    let mut effect = 0;
    loop {
        let mut node = Node::new();
        duties(&node);
        let killed = node.block_killed_at(1, effect);
        let outcome = settle(&mut node, 2);
        assert!(
            outcome.0.values().all(|times| *times == 1),
            "killed at {effect}: answered twice"
        );
        assert_whole(outcome);
        if !killed {
            break;
        }
        effect += 1;
    }
    assert!(effect >= 5, "lock, request, note, answer, unlock; found {effect}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn kills_at_many_blocks_lose_nothing(kills in prop::collection::vec(prop::option::of(0..8usize), 1..12)) {
        let mut node = Node::new();
        duties(&node);
        let mut now = 0;
        let mut seen = Vec::new();
        for kill in kills {
            now += 1;
            match kill {
                Some(effect) => {
                    node.block_killed_at(now, effect);
                }
                None => node.block(now),
            }
            seen.extend(chain(Chain::include));
        }
        let (mut answers, mut declines) = settle(&mut node, now + 1);
        for sent in seen {
            match sent {
                Sent::Answers(sheet) => sheet.iter().for_each(|a| *answers.entry(a.task).or_default() += 1),
                Sent::Decline(batch, reason) => declines.push((batch, reason)),
                Sent::Other(work) => panic!("nothing else was wanted: {work:?}"),
            }
        }
        assert_whole((answers, declines));
    }
}
