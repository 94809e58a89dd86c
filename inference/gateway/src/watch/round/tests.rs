//! The watch against a node that follows a script, with a real graph.

mod world;

use super::*;
use crate::watch::fixture::{self, Happening};
use world::Stage;

fn watched() -> (Stage, Watcher) {
    let stage = Stage::new();
    let watcher = stage.watcher();
    (stage, watcher)
}

/// A new block, final at once, and a round.
fn block(stage: &Stage, watcher: &mut Watcher, happening: Happening) {
    stage.world().make(happening);
    watcher.round().unwrap();
}

#[test]
fn a_right_answer_is_recomputed_once_and_left_alone() {
    let (stage, mut watcher) = watched();
    stage.claims(1, stage.trace());
    for _ in 0..3 {
        block(&stage, &mut watcher, Happening::Paid);
    }
    let report = watcher.board.report();
    assert_eq!(
        (report.state, report.open, report.lag),
        (WatchState::Watching, 1, 0)
    );
    assert_eq!((report.checked, report.wrong, report.filed), (1, 0, 0));

    let mut again = stage.restart(watcher);
    block(&stage, &mut again, Happening::Paid);
    assert_eq!(again.board.report().checked, 0, "the journal knows of it");
}

#[test]
fn a_wrong_answer_is_challenged_once_and_the_chains_word_is_told() {
    let (stage, mut watcher) = watched();
    stage.claims(1, stage.lie());
    watcher.round().unwrap();
    assert_eq!(stage.world().pool.len(), 1);
    for _ in 0..3 {
        watcher.round().unwrap();
    }
    block(&stage, &mut watcher, Happening::Disproven);
    block(&stage, &mut watcher, Happening::Paid);
    let report = watcher.board.report();
    assert_eq!((report.checked, report.wrong, report.filed), (1, 1, 1));
    assert_eq!((report.ended["disproven"], report.pending), (1, 0));
    assert_eq!(stage.world().submitted.len(), 1);
}

#[test]
fn a_watch_that_is_killed_before_it_sends_sends_the_same_bytes_later() {
    let (stage, mut watcher) = watched();
    stage.claims(1, stage.lie());
    stage.world().deaf = true;
    assert!(matches!(watcher.round(), Err(Trouble::Node(_))));
    let noted: Vec<_> = watcher.filed.values().cloned().collect();
    let mut again = stage.restart(watcher);
    stage.world().deaf = false;
    again.round().unwrap();
    assert_eq!(stage.world().pool, [noted[0].extrinsic.clone()]);
    assert_eq!(again.board.report().filed, 0, "nothing new was signed");
}

#[test]
fn a_watch_that_is_killed_after_it_has_sent_files_nothing_twice() {
    let (stage, mut watcher) = watched();
    stage.claims(1, stage.lie());
    watcher.round().unwrap();
    // The answer is still open: its conviction is not in this block's state of claims.
    stage.world().make_unfinal(Happening::Disproven);
    let mut again = stage.restart(watcher);
    for _ in 0..3 {
        again.round().unwrap();
    }
    stage.world().finalize();
    block(&stage, &mut again, Happening::Paid);
    let again = &mut stage.restart(again);
    block(&stage, again, Happening::Paid);
    assert_eq!(stage.world().submitted.len(), 1);
    assert!(again.filed.is_empty());
}

#[test]
fn what_the_pool_has_lost_is_sent_again() {
    let (stage, mut watcher) = watched();
    stage.claims(1, stage.lie());
    watcher.round().unwrap();
    let lost = std::mem::take(&mut stage.world().pool);
    watcher.round().unwrap();
    assert_eq!(stage.world().pool, lost);
}

#[test]
fn a_challenge_that_no_block_took_is_signed_anew_under_its_nonce() {
    let (stage, mut watcher) = watched();
    stage.claims(1, stage.lie());
    watcher.round().unwrap();
    let first = watcher.filed.values().next().unwrap().clone();
    stage.world().closed = true;
    for _ in 0..18 {
        block(&stage, &mut watcher, Happening::Paid);
    }
    let report = watcher.board.report();
    assert_eq!((report.ended["died"], report.filed, report.wrong), (1, 2, 1));
    let second = watcher.filed.values().next().unwrap();
    assert_eq!(second.nonce, first.nonce);
    assert!(second.extrinsic != first.extrinsic && second.dies_at > first.dies_at);
}

#[test]
fn many_wrong_answers_are_challenged_under_nonces_of_their_own() {
    let (stage, mut watcher) = watched();
    for task in 1..=5 {
        stage.claims(task, stage.lie());
    }
    watcher.round().unwrap();
    let mut nonces: Vec<u32> = watcher.filed.values().map(|filed| filed.nonce).collect();
    nonces.sort_unstable();
    assert_eq!(nonces, [0, 1, 2, 3, 4]);
    block(&stage, &mut watcher, Happening::Disproven);
    block(&stage, &mut watcher, Happening::Paid);
    assert_eq!(watcher.board.report().ended["disproven"], 5);
}

#[test]
fn a_refused_and_a_lost_challenge_are_not_tried_again() {
    for (happening, end) in [(Happening::Failed(0), "refused"), (Happening::Lost, "lost")] {
        let (stage, mut watcher) = watched();
        stage.claims(1, stage.lie());
        watcher.round().unwrap();
        block(&stage, &mut watcher, happening);
        block(&stage, &mut watcher, Happening::Paid);
        assert_eq!(watcher.board.report().ended[end], 1);
        assert_eq!(stage.world().submitted.len(), 1, "{end}");
    }
}

#[test]
fn a_short_bond_is_told_and_the_answer_is_challenged_once_there_are_funds() {
    let (stage, mut watcher) = watched();
    stage.world().account.free = 10;
    stage.claims(1, stage.lie());
    watcher.round().unwrap();
    let report = watcher.board.report();
    assert_eq!((report.state, report.filed), (WatchState::BondShort, 0));
    assert_eq!(report.unknown["bond_short"], 1);
    assert!(report.message.unwrap().contains("Add funds"));

    stage.world().account.free = 1_000_000;
    watcher.look_again();
    block(&stage, &mut watcher, Happening::Paid);
    let report = watcher.board.report();
    assert_eq!(
        (report.state, report.filed, report.wrong),
        (WatchState::Watching, 1, 1)
    );
}

#[test]
fn an_answer_that_cannot_be_recomputed_is_no_lag_and_counts_as_missed_in_the_end() {
    let (stage, mut watcher) = watched();
    stage.claims_of(1, Digest([5; 32]), vec![1, 2], vec![Digest([1; 32])]);
    for _ in 0..3 {
        block(&stage, &mut watcher, Happening::Paid);
    }
    let report = watcher.board.report();
    assert_eq!((report.unknown["model_missing"], report.lag), (1, 0));
    stage.world().claims.clear();
    block(&stage, &mut watcher, Happening::Paid);
    assert_eq!(watcher.board.report().missed, 1);
}

#[test]
fn a_trace_that_the_solver_did_not_commit_to_is_not_believed() {
    let (stage, mut watcher) = watched();
    stage.claims(1, stage.lie());
    stage.world().claims[0].1 = stage.trace();
    watcher.round().unwrap();
    let report = watcher.board.report();
    assert_eq!((report.unknown["trace_missing"], report.filed), (1, 0));
    assert_eq!(report.state, WatchState::Watching);
}

#[test]
fn an_answer_to_what_nobody_can_read_is_wrong() {
    let (stage, mut watcher) = watched();
    stage.claims_of(1, stage.weights, vec![7; 9], stage.lie());
    watcher.round().unwrap();
    let filed = watcher.filed.values().next().unwrap();
    assert_eq!(filed.node, 0);
}

#[test]
fn the_challengers_own_answer_is_none_of_its_business() {
    let (stage, mut watcher) = watched();
    stage.claims(1, stage.lie());
    stage.world().claims[0].0.solver = watcher.key.account();
    watcher.round().unwrap();
    assert!(stage.world().submitted.is_empty());
    assert_eq!(watcher.board.report().checked, 0);
}

#[test]
fn in_a_runtime_that_does_not_fit_answers_are_checked_and_nothing_is_sent() {
    let (stage, mut watcher) = watched();
    stage.world().metadata = fixture::strange_metadata();
    stage.claims(1, stage.lie());
    stage.claims(2, stage.trace());
    watcher.round().unwrap();
    block(&stage, &mut watcher, Happening::Paid);
    let report = watcher.board.report();
    assert_eq!((report.state, report.checked), (WatchState::RuntimeUnfit, 2));
    assert_eq!(report.unknown["runtime_unfit"], 1);
    assert!(stage.world().submitted.is_empty());

    // An upgrade that fits is noticed by its version.
    stage.world().upgrade();
    watcher.look_again();
    block(&stage, &mut watcher, Happening::Paid);
    assert_eq!(watcher.board.report().filed, 1);
}

#[test]
fn a_node_that_comes_back_is_watched_again() {
    let (stage, mut watcher) = watched();
    stage.world().down = true;
    let trouble = watcher.round().unwrap_err();
    assert_eq!(trouble.state(), WatchState::NodeUnreachable);
    stage.world().down = false;
    stage.claims(1, stage.lie());
    watcher.round().unwrap();
    assert_eq!(stage.world().submitted.len(), 1);
}
