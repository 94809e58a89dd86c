//! The chain on which every input begins: the development preset, with models, solvers and their offers.

use crate::{
    block::Blocks,
    models::{Home, MODELS},
    people::{actor, bond_of, endowments, SOLVERS},
};
use frame_support::{sp_runtime::BuildStorage, traits::UnfilteredDispatchable};
use pensum_primitives::{solver::Offer, AccountId, Balance, ModelId};
use pensum_runtime::{
    constants::money::MICRO, genesis::preset, RuntimeCall, RuntimeGenesisConfig, RuntimeOrigin, System,
};
use serde_json::Value;
use sp_core::{storage::StateVersion, H256};
use sp_io::TestExternalities;
use std::sync::LazyLock;

/// A database, as it is copied for every input.
struct Snapshot {
    entries: Vec<(Vec<u8>, (Vec<u8>, i32))>,
    root: H256,
    blocks: Blocks,
}

static SNAPSHOT: LazyLock<Snapshot> = LazyLock::new(|| {
    let storage = config().build_storage().expect("the preset builds a state");
    let mut ext = TestExternalities::new(storage);
    let mut blocks = Blocks::default();
    ext.execute_with(|| {
        blocks.begin(0);
        populate();
        blocks.end();
    });
    ext.commit_all().expect("nothing is being changed");
    let (entries, root) = ext.into_raw_snapshot();
    Snapshot {
        entries,
        root,
        blocks,
    }
});

/// A fresh chain whose first block has been made.
pub fn chain() -> (TestExternalities, Blocks) {
    let snapshot = &*SNAPSHOT;
    let ext = TestExternalities::from_raw_snapshot(snapshot.entries.clone(), snapshot.root, StateVersion::V1);
    (ext, snapshot.blocks.clone())
}

fn config() -> RuntimeGenesisConfig {
    let patch = preset(&"development".into()).expect("the preset exists");
    let mut patch: Value = serde_json::from_slice(&patch).expect("presets are JSON");
    let balances = patch["balances"]["balances"]
        .as_array_mut()
        .expect("the preset endows accounts");
    for (who, amount) in endowments() {
        balances.push(serde_json::json!([who, amount]));
    }
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("a genesis is JSON");
    merge(&mut config, patch);
    serde_json::from_value(config).expect("the patch fits")
}

fn merge(into: &mut Value, patch: Value) {
    match (into, patch) {
        (Value::Object(into), Value::Object(patch)) => {
            for (key, value) in patch {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, patch) => *into = patch,
    }
}

/// Registers the models; every solver joins and offers all of them.
fn populate() {
    for model in MODELS.iter() {
        let manifest = model.manifest.clone();
        let publisher = manifest.publisher.clone();
        must(publisher, model.registration(manifest, model.home));
    }
    for number in 0..SOLVERS {
        let solver = actor(number);
        let join = pallet_solver_staking::Call::join {
            operator: sp_core::Pair::public(&solver.pair),
            proof: solver.proof(System::block_hash(0)),
            bond: bond_of(number),
        };
        must(solver.stash.clone(), join.into());
        for model in MODELS.iter() {
            must(solver.stash.clone(), offer(model.id(), number, 40).into());
        }
    }
    debug_assert!(MODELS.iter().any(|model| model.home == Home::Skeleton));
}

/// The offer of a solver, a little dearer for each.
pub fn offer(
    model: ModelId,
    number: u8,
    capacity: u32,
) -> pallet_solver_staking::Call<pensum_runtime::Runtime> {
    pallet_solver_staking::Call::set_offer {
        model,
        offer: Offer {
            base: MICRO * (200 + Balance::from(number)),
            per_byte: MICRO / 100,
            min_reward: MICRO,
            capacity,
        },
    }
}

fn must(who: AccountId, call: RuntimeCall) {
    let done = call.clone().dispatch_bypass_filter(RuntimeOrigin::signed(who));
    assert!(done.is_ok(), "the beginning fails: {call:?}: {done:?}");
}
