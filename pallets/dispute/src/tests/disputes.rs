//! What the market prepays and notes.

use super::samples::*;
use crate::{mock::*, Noted, Queue};
use pensum_primitives::{step::Reads, traits::Disputes, BatchId, Digest, ModelId};

fn prepaid(model: ModelId) -> u64 {
    <Dispute as Disputes>::prepaid_weight(&model).ref_time()
}

#[test]
fn the_claims_of_a_block_are_noted_batch_by_batch() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let tasks = [(4, 0), (4, 1), (9, 3)].map(|(batch, place)| BatchId(batch).task(place));
        Market::claim_now(tasks.map(|task| Answer::honest(task).as_claim()).to_vec());
        assert_eq!(Noted::<Test>::get(0).unwrap().to_vec(), tasks[..2]);
        assert_eq!(Noted::<Test>::get(1).unwrap().to_vec(), tasks[2..]);
        assert_eq!(Queue::<Test>::get().tail, 2);
    });
}

#[test]
fn a_requester_prepays_the_share_of_every_opening() {
    ExtBuilder::build_and_execute(|| {
        register_diamond();
        let dear = ModelId(Digest::repeat_byte(2));
        let mut heavy = node(&[Reads::Input], b"");
        heavy.cost = 50_000_000;
        AllModels::register(dear, vec![heavy.clone()]);
        let twice = ModelId(Digest::repeat_byte(3));
        AllModels::register(twice, vec![heavy.clone(), heavy]);

        assert!(prepaid(dear) < 10_000_000, "without audits only the draw is paid");
        AuditShare::set(100_000);
        let tenth = prepaid(dear);
        assert!((5_000_000_000..5_500_000_000).contains(&tenth), "{tenth}");
        assert!(prepaid(twice) > tenth * 19 / 10);
        AuditShare::set(1_000_000);
        assert!(prepaid(dear) > tenth * 9);
        assert!(prepaid(MODEL) > 0);
    });
}

#[test]
fn nothing_is_prepaid_for_a_model_that_cannot_be_audited() {
    ExtBuilder::build_and_execute(|| {
        audit_everything();
        assert_eq!(prepaid(MODEL), 0);
    });
}
