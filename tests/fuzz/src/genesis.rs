//! The chain on which every input begins: the development preset, with models, solvers and their offers.

use crate::{
    assets::{self, COIN, DOLLAR},
    block::Blocks,
    models::{Home, MODELS},
    people::{actor, bond_of, delegator, endowments, POOLS, SOLVERS},
    state::{Chain, State},
};
use frame_support::{sp_runtime::BuildStorage, traits::UnfilteredDispatchable};
use pensum_primitives::{
    solver::{Offer, Unit},
    AccountId, AssetId, Balance, ModelId,
};
use pensum_runtime::{
    constants::money::{MICRO, PEN},
    genesis::preset,
    RuntimeCall, RuntimeGenesisConfig, RuntimeOrigin, System,
};
use serde_json::Value;
use std::sync::LazyLock;

/// A database, as it is copied for every input.
struct Snapshot {
    state: State,
    blocks: Blocks,
}

static SNAPSHOT: LazyLock<Snapshot> = LazyLock::new(|| {
    let storage = config().build_storage().expect("the preset builds a state");
    let mut chain = Chain::new(storage.into());
    let mut blocks = Blocks::default();
    chain.execute_with(|| {
        blocks.begin(0);
        populate();
        blocks.end();
    });
    Snapshot {
        state: chain.into_state(),
        blocks,
    }
});

/// A fresh chain whose first block has been made.
pub fn chain() -> (Chain, Blocks) {
    let snapshot = &*SNAPSHOT;
    (Chain::new(snapshot.state.clone()), snapshot.blocks.clone())
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
    assets::endow(&mut patch);
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

/// Registers the models; every solver joins and offers all of them, and some have stake delegated to them.
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
        for asset in accepted(number) {
            let accept = pallet_solver_staking::Call::accept_asset { asset };
            must(solver.stash.clone(), accept.into());
        }
    }
    for number in POOLS {
        let solver = actor(number).stash.clone();
        let commission = pallet_solver_staking::Call::set_commission { commission: 100_000 };
        must(solver.clone(), commission.into());
        let delegate = pallet_solver_staking::Call::delegate {
            solver,
            amount: 20 * PEN,
        };
        must(delegator(number), delegate.into());
    }
    debug_assert!(MODELS.iter().any(|model| model.home == Home::Skeleton));
}

/// What a solver takes beside PEN in the beginning: most of them dollars, every other one coins.
fn accepted(number: u8) -> Vec<AssetId> {
    let dollars = (number % 5 != 4).then_some(DOLLAR);
    let coins = (number % 2 == 1).then_some(COIN);
    dollars.into_iter().chain(coins).collect()
}

/// The offer of a solver, a little dearer for each. Every fourth is quoted in dollars, of which two are a PEN.
pub fn offer(
    model: ModelId,
    number: u8,
    capacity: u32,
) -> pallet_solver_staking::Call<pensum_runtime::Runtime> {
    let (unit, times) = match number % 4 {
        3 => (Unit::Stable, 2),
        _ => (Unit::Native, 1),
    };
    pallet_solver_staking::Call::set_offer {
        model,
        offer: Offer {
            base: MICRO * (200 + Balance::from(number)) * times,
            per_byte: MICRO / 100 * times,
            min_reward: MICRO * times,
            capacity,
            unit,
        },
    }
}

fn must(who: AccountId, call: RuntimeCall) {
    let done = call.clone().dispatch_bypass_filter(RuntimeOrigin::signed(who));
    assert!(done.is_ok(), "the beginning fails: {call:?}: {done:?}");
}
