//! That what is measured happens.

use pensum_bench::{
    import::Bench,
    life::{Kind, Plan},
    node::KEPT,
};

#[test]
fn the_wasm_client_imports_blocks_made_natively_in_which_every_task_is_answered() {
    let bench = Bench::new().unwrap();
    let mut chain = bench.chain(KEPT).unwrap();
    let transfers = bench.transfers(&mut chain).unwrap();
    assert!(transfers.import.processor_us > 0.0 && transfers.weight_us > 0.0);
    for (kind, tasks) in [(Kind::Replayed, 8), (Kind::Quorum, 2), (Kind::Sealed, 2)] {
        let plan = Plan {
            kind,
            tasks,
            batches: 2,
        };
        // It fails by itself where a task is refunded or stays open.
        let lived = bench.live(&mut chain, plan).unwrap();
        assert_eq!(lived.tasks, 2 * tasks);
    }
    chain.node.close().unwrap();
}
