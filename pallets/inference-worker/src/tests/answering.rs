//! Duties become answers.

use crate::mock::*;
use pensum_primitives::{BatchId, ModelId, TaskId};

fn give(duties: Vec<pensum_primitives::task::Duty>) {
    chain(|chain| chain.duties = duties);
}

#[test]
fn a_duty_is_answered_at_the_block_that_brings_it() {
    let mut node = Node::new();
    give(vec![duty(3, 20, &[inline(b"wool"), inline(b"flax")])]);
    node.block(1);
    let task = |place| BatchId(3).task(place);
    assert_eq!(
        node.sent(),
        [Sent::Answers(vec![
            answer(task(0), b"WOOL", None),
            answer(task(1), b"FLAX", None)
        ])]
    );
}

#[test]
fn a_blob_goes_with_its_answer() {
    let mut node = Node::new();
    node.host.put_blob(b"wool");
    give(vec![duty(3, 20, &[blob(b"wool")])]);
    node.block(1);
    assert_eq!(
        node.sent(),
        [Sent::Answers(vec![answer(
            BatchId(3).task(0),
            b"WOOL",
            Some(b"wool")
        )])]
    );
}

#[test]
fn a_run_that_takes_long_is_collected_later_and_does_not_hold_the_others_back() {
    let mut node = Node::new();
    node.host.set_fate(b"slow", Some(Fate::Pending));
    give(vec![duty(3, 20, &[inline(b"slow"), inline(b"flax")])]);
    node.block(1);
    assert_eq!(
        node.sent(),
        [Sent::Answers(vec![answer(BatchId(3).task(1), b"FLAX", None)])]
    );
    assert_eq!(node.asked(), 2);
    node.host.set_fate(b"slow", None);
    chain(|chain| chain.duties[0].tasks.truncate(1));
    node.block(2);
    assert_eq!(
        node.sent(),
        [Sent::Answers(vec![answer(BatchId(3).task(0), b"SLOW", None)])]
    );
}

#[test]
fn what_is_included_is_neither_asked_nor_sent_again() {
    let mut node = Node::new();
    give(vec![duty(3, 20, &[inline(b"wool")])]);
    node.block(1);
    assert_eq!(chain(Chain::include).len(), 1);
    node.host.requests();
    node.block(2);
    assert_eq!((node.sent(), node.asked()), (vec![], 0));
}

#[test]
fn an_answer_that_was_lost_is_sent_again_at_the_next_block_and_then_every_third() {
    let mut node = Node::new();
    give(vec![duty(3, 100, &[inline(b"wool")])]);
    let sent: Vec<_> = (1..10)
        .map(|now| {
            node.block(now);
            node.sent().len()
        })
        .collect();
    assert_eq!(sent, [1, 1, 0, 0, 1, 0, 0, 1, 0]);
}

#[test]
fn close_to_the_deadline_an_answer_is_sent_at_every_block() {
    let mut node = Node::new();
    give(vec![duty(3, 6, &[inline(b"wool")])]);
    let sent: Vec<_> = (1..8)
        .map(|now| {
            node.block(now);
            node.sent()
                .iter()
                .filter(|sent| matches!(sent, Sent::Answers(_)))
                .count()
        })
        .collect();
    assert_eq!(
        sent,
        [1, 1, 0, 1, 1, 0, 0],
        "the last that can count is sent at block 5"
    );
}

#[test]
fn batches_whose_sheet_the_pool_dropped_get_sheets_of_their_own() {
    let mut node = Node::new();
    let inputs: Vec<_> = (0..32u8).map(|n| inline(&[n])).collect();
    give(vec![duty(3, 100, &inputs), duty(4, 100, &inputs)]);
    chain(|chain| chain.drop_above = Some(32));
    node.block(1);
    assert_eq!(node.sent(), []);
    node.block(2);
    assert_eq!(node.sent().len(), 2);
}

#[test]
fn a_refusal_aloud_stops_nothing() {
    let mut node = Node::new();
    give(vec![duty(3, 100, &[inline(b"wool")])]);
    chain(|chain| chain.refuse = true);
    node.block(1);
    chain(|chain| chain.refuse = false);
    node.block(2);
    assert_eq!(node.sent().len(), 1);
}

#[test]
fn many_batches_share_requests_and_sheets() {
    let mut node = Node::new();
    give(
        (0..64)
            .map(|batch| {
                duty(
                    batch,
                    20,
                    &[inline(b"a"), inline(b"b"), inline(b"c"), inline(b"d")],
                )
            })
            .collect(),
    );
    node.block(1);
    let requests = node.host.requests();
    assert_eq!(requests.len(), 1);
    let sent = node.sent();
    let [Sent::Answers(sheet)] = sent.as_slice() else {
        panic!("{sent:?}")
    };
    assert_eq!(sheet.len(), 256);
    assert_eq!(sheet[255].task, TaskId(63 * 256 + 3));
}

#[test]
fn models_do_not_share_a_sheet() {
    let mut node = Node::new();
    let mut other = duty(2, 10, &[inline(b"b")]);
    other.model = ModelId(sp_core::H256::repeat_byte(9));
    give(vec![duty(1, 20, &[inline(b"a")]), other]);
    node.block(1);
    let first: Vec<_> = node
        .sent()
        .into_iter()
        .map(|sent| match sent {
            Sent::Answers(sheet) => sheet[0].task.batch().0,
            Sent::Decline(..) => panic!("declined"),
            Sent::Other(work) => panic!("nothing else was wanted: {work:?}"),
        })
        .collect();
    assert_eq!(first, [2, 1], "the soonest deadline first");
}

#[test]
fn large_inputs_are_spread_over_requests() {
    let mut node = Node::new();
    let inputs: Vec<_> = (0..=255u8).map(|n| inline(&[n; 4_096])).collect();
    give(vec![duty(1, 20, &inputs)]);
    node.block(1);
    let requests = node.host.requests();
    assert!(requests.len() > 1);
    assert!(requests.iter().all(|request| request.body.len() < 1_100_000));
    // 4096 bytes of output are more than an answer takes: all malformed, and nothing breaks.
    assert_eq!(node.sent(), []);
}

#[test]
fn a_node_without_gateway_operator_or_duty_asks_nothing() {
    let mut node = Node::new();
    node.block(1);
    give(vec![duty(1, 20, &[inline(b"a")])]);
    chain(|chain| chain.operator_is_known = false);
    node.block(2);
    chain(|chain| chain.operator_is_known = true);
    node.host.forget(pensum_primitives::gateway::GATEWAY_SETTINGS_KEY);
    let effects = node.effects();
    node.block(3);
    assert_eq!((node.sent(), node.asked(), node.effects()), (vec![], 0, effects));
}

#[test]
fn a_duty_whose_time_has_come_is_left_alone() {
    let mut node = Node::new();
    give(vec![duty(1, 5, &[inline(b"a")])]);
    node.block(5);
    assert_eq!((node.sent(), node.asked()), (vec![], 0));
}

#[test]
fn rounds_do_not_overlap() {
    let mut node = Node::new();
    give(vec![duty(1, 20, &[inline(b"a")])]);
    // A round that was killed while it held the lock.
    let mut effect = 0;
    while node.block_killed_at(1, effect) && node.host.stored(b"pensum/worker/lock").is_none() {
        effect += 1;
    }
    node.block(2);
    assert_eq!((node.sent(), node.asked()), (vec![], 0), "the lock still holds");
    (3..=5).for_each(|now| node.block(now));
    assert_eq!(node.sent().len(), 1, "it ran out");
}

#[test]
fn notes_of_duties_gone_are_forgotten() {
    let mut node = Node::new();
    let key = || {
        use codec::Encode;
        let operator = node_operator();
        (b"pensum/worker/sent".as_slice(), operator).encode()
    };
    give(vec![duty(1, 20, &[inline(b"a")])]);
    node.block(1);
    let key = node.with_keys(key);
    assert!(node.host.stored(&key).is_some());
    give(vec![]);
    node.block(2);
    assert!(node.host.stored(&key).is_none());
}

fn node_operator() -> pensum_primitives::operator::OperatorId {
    use sp_runtime::RuntimeAppPublic;
    pensum_primitives::operator::OperatorId::all().remove(0)
}
