//! What a solver's node is told.

use super::samples::*;
use crate::{mock::*, Audits};
use pensum_primitives::{
    task::Input,
    traits::{Audit, Disputes},
    BatchId,
};

fn audits(number: u8, limit: u32) -> Vec<Audit> {
    <Dispute as Disputes>::audits(&solver(number), limit)
}

#[test]
fn a_solver_is_told_everything_it_needs_to_open_a_node() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        audit_everything();
        let answer = Answer::honest(TASK).claim();
        run_for(1);
        let told = audits(1, 10);
        assert_eq!(told.len(), 4);
        for audit in told {
            assert_eq!(
                audit,
                Audit {
                    task: TASK,
                    model: MODEL,
                    weights: digest(MODEL.0.as_bytes()),
                    input: Input::Inline(answer.input.clone().try_into().unwrap()),
                    node: audit.node,
                    until: Audits::<Test>::get(TASK, audit.node).unwrap().until,
                }
            );
        }
        assert_eq!(audits(2, 10), []);
    });
}

#[test]
fn the_most_urgent_audits_are_told_first() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        audit_everything();
        (1..6).for_each(|batch| {
            Answer::honest(BatchId(batch).task(0)).claim();
        });
        run_for(1);
        let all = audits(1, 100);
        assert_eq!(all.len(), 20);
        assert!(all.is_sorted_by_key(|audit| audit.until));
        assert_eq!(audits(1, 3), all[..3]);
    });
}

#[test]
fn what_is_opened_is_told_no_more() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        audit_everything();
        let answer = Answer::honest(TASK).claim();
        run_for(1);
        include(opening(1, TASK, answer.trace(), answer.step(2)));
        assert!(audits(1, 10).iter().all(|audit| audit.node != 2));
        assert_eq!(audits(1, 10).len(), 3);
    });
}
