//! Seats on panels: committed once, revealed as committed.

use crate::mock::{chain, inline, Fate, Node, Sent, SOLVER};
use pensum_primitives::{
    operator::Work,
    panel::{commitment, PanelDuty, Phase, Question},
    task::Output,
    verdict::Unable,
    verification::Rule,
    BatchId, BlockNumber, Digest,
};

const BATCH: BatchId = BatchId(7);

fn output(bytes: &[u8]) -> Output {
    bytes.to_vec().try_into().unwrap()
}

fn seat(phase: Phase, question: Question, until: BlockNumber, inputs: &[&[u8]]) -> PanelDuty {
    let tasks = (0..)
        .zip(inputs)
        .map(|(place, input)| (BATCH.task(place), inline(input)));
    PanelDuty {
        batch: BATCH,
        round: 1,
        model: Default::default(),
        weights: Digest::repeat_byte(1),
        question,
        phase,
        until,
        tasks: tasks.collect(),
        judged: Vec::new(),
    }
}

fn answers(phase: Phase, until: BlockNumber, inputs: &[&[u8]]) -> PanelDuty {
    seat(phase, Question::Answers(Rule::Exact), until, inputs)
}

fn sits(duty: PanelDuty) {
    chain(|chain| chain.seats = vec![duty]);
}

/// The commitment that the worker sent, and nothing else.
fn committed(sent: &[Sent]) -> Digest {
    match sent {
        [Sent::Other(Work::Commit {
            batch: BATCH,
            round: 1,
            commitment,
        })] => *commitment,
        other => panic!("not a commitment alone: {other:?}"),
    }
}

#[test]
fn a_ballot_is_committed_and_revealed_as_it_was_committed() {
    let mut node = Node::new();
    sits(answers(Phase::Commit, 30, &[b"wool", b"silk"]));
    node.block(10);
    let commitment_sent = committed(&node.sent());

    sits(answers(
        Phase::Reveal {
            commitment: commitment_sent,
        },
        40,
        &[b"wool", b"silk"],
    ));
    node.block(20);
    let sent = node.sent();
    let [Sent::Other(Work::Reveal { ballot, salt, .. })] = sent.as_slice() else {
        panic!("not a reveal alone: {sent:?}");
    };
    assert_eq!(ballot.to_vec(), [Some(output(b"WOOL")), Some(output(b"SILK"))]);
    assert_eq!(commitment(BATCH, 1, &SOLVER, ballot, salt), commitment_sent);
}

#[test]
fn a_node_that_is_killed_anywhere_commits_to_the_same_ballot() {
    for effect in 0..12 {
        let mut node = Node::new();
        sits(answers(Phase::Commit, 30, &[b"wool"]));
        let mut commitments = Vec::new();
        let collect = |node: &Node, commitments: &mut Vec<Digest>| {
            commitments.extend(
                node.sent()
                    .iter()
                    .map(|sent| committed(std::slice::from_ref(sent))),
            );
        };
        let killed = node.block_killed_at(10, effect);
        collect(&node, &mut commitments);
        // The next process has to wait until the lock of the killed one has run out.
        for now in 11..18 {
            node.block(now);
            collect(&node, &mut commitments);
        }
        assert!(!commitments.is_empty(), "killed at {effect}: never committed");
        assert!(
            commitments.iter().all(|other| *other == commitments[0]),
            "killed at {effect}: committed twice"
        );
        if !killed {
            return;
        }
    }
    panic!("the worker has more side effects than were tried");
}

#[test]
fn what_fails_for_good_is_a_gap_and_what_may_pass_is_waited_for() {
    let mut node = Node::new();
    node.host.set_fate(b"silk", Some(Fate::Fails("input_refused")));
    node.host.set_fate(b"flax", Some(Fate::Pending));
    sits(answers(Phase::Commit, 30, &[b"wool", b"silk", b"flax"]));
    node.block(10);
    assert_eq!(node.sent(), []);
    node.block(28);
    let commitment = committed(&node.sent());

    sits(answers(
        Phase::Reveal { commitment },
        60,
        &[b"wool", b"silk", b"flax"],
    ));
    node.block(40);
    let sent = node.sent();
    let [Sent::Other(Work::Reveal { ballot, .. })] = sent.as_slice() else {
        panic!("not a reveal alone: {sent:?}");
    };
    assert_eq!(ballot.to_vec(), [Some(output(b"WOOL")), None, None]);
}

#[test]
fn a_member_that_can_answer_nothing_excuses_itself_in_time() {
    let mut node = Node::new();
    node.host.set_fate(b"wool", Some(Fate::Fails("model_missing")));
    sits(answers(Phase::Commit, 30, &[b"wool"]));
    node.block(10);
    let excuse = Work::Excuse {
        batch: BATCH,
        round: 1,
        reason: Unable::ModelMissing,
    };
    assert_eq!(node.sent(), [Sent::Other(excuse)]);
}

#[test]
fn a_juror_votes_by_running_the_model_itself() {
    let mut node = Node::new();
    let judged = vec![output(b"WOOL"), output(b"SATIN")];
    let duty = |phase| PanelDuty {
        judged: judged.clone(),
        ..seat(phase, Question::Stands, 60, &[b"wool", b"silk"])
    };
    sits(duty(Phase::Commit));
    node.block(10);
    let commitment = committed(&node.sent());
    sits(duty(Phase::Reveal { commitment }));
    node.block(20);
    let sent = node.sent();
    let [Sent::Other(Work::Reveal { ballot, .. })] = sent.as_slice() else {
        panic!("not a reveal alone: {sent:?}");
    };
    assert_eq!(ballot.to_vec(), [Some(output(&[1])), Some(output(&[0]))]);
}

#[test]
fn what_was_committed_is_revealed_though_the_tasks_are_gone_already() {
    let mut node = Node::new();
    sits(answers(Phase::Commit, 30, &[b"wool"]));
    node.block(10);
    let commitment = committed(&node.sent());
    sits(answers(Phase::Reveal { commitment }, 30, &[]));
    node.block(20);
    let sent = node.sent();
    assert!(
        matches!(sent.as_slice(), [Sent::Other(Work::Reveal { .. })]),
        "not a reveal alone: {sent:?}"
    );
}

#[test]
fn what_was_never_committed_here_is_not_revealed() {
    let mut node = Node::new();
    let commitment = Digest::repeat_byte(9);
    sits(answers(Phase::Reveal { commitment }, 30, &[b"wool"]));
    node.block(10);
    assert_eq!(node.sent(), []);
}

#[test]
fn a_commitment_on_its_way_is_not_sent_at_every_block() {
    let mut node = Node::new();
    sits(answers(Phase::Commit, 30, &[b"wool"]));
    let sent: Vec<_> = (10..15)
        .map(|now| {
            node.block(now);
            node.sent().len()
        })
        .collect();
    assert_eq!(sent, [1, 1, 0, 0, 1]);
}
