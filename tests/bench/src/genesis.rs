//! The state in which everything begins: the development preset, requesters with money, models, and solvers with offers.

use crate::{
    failure::{hold, Failure, Measured},
    people::{People, Solver},
    shipped::Shipped,
};
use frame_support::traits::UnfilteredDispatchable;
use pensum_primitives::{
    solver::{Offer, Unit},
    AccountId, ModelId,
};
use pensum_runtime::{
    configs::treasury_account,
    constants::money::{MICRO, PEN},
    genesis::preset,
    RuntimeCall, RuntimeGenesisConfig, RuntimeOrigin, System, WASM_BINARY,
};
use serde_json::{json, Value};
use sp_core::storage::{well_known_keys::CODE, Storage};
use sp_genesis_builder::DEV_RUNTIME_PRESET;
use sp_runtime::BuildStorage;
use sp_state_machine::BasicExternalities;
use std::ops::Range;

/// What everybody owns at first: enough for all that is done here.
const ENDOWMENT: u128 = 1_000 * PEN;
/// What a solver bonds: room for five thousand tasks at once.
const BOND: u128 = 50 * PEN;
/// Tasks that a solver takes at once: stake is what bounds it here.
const CAPACITY: u32 = 100_000;
/// What a task without input costs with every solver.
pub const BASE_PRICE: u128 = 200 * MICRO;

/// A state and what it holds.
#[derive(Clone)]
pub struct Genesis {
    /// All entries.
    pub storage: Storage,
    /// The models, each with a book of its own.
    pub models: Vec<ModelId>,
}

impl Genesis {
    /// A model for each of these ranges of solvers, all of which offer it at the same price.
    pub fn new(people: &People, shipped: &Shipped, books: &[Range<usize>]) -> Measured<Self> {
        let mut genesis = Self {
            storage: bare(people)?,
            models: Vec::new(),
        };
        genesis.models = genesis.execute_with(|| {
            let mut models = Vec::new();
            for (edition, solvers) in books.iter().enumerate() {
                let (model, registration) = shipped.registration(&people.publisher, edition);
                must(&people.publisher, registration)?;
                models.push(model);
                for solver in &people.solvers[solvers.clone()] {
                    join(solver)?;
                    must(&solver.stash, offer(model))?;
                }
            }
            Ok(models)
        })?;
        Ok(genesis)
    }

    /// Changes the state through the pallets' own code, as if it had always been so: without blocks, and without events.
    pub fn execute_with<R>(&mut self, change: impl FnOnce() -> Measured<R>) -> Measured<R> {
        BasicExternalities::execute_with_storage(&mut self.storage, || {
            let changed = change();
            System::reset_events();
            // The first block is number one, whatever was pretended meanwhile.
            System::set_block_number(0);
            changed
        })
    }
}

/// The preset with everybody's money, and the code that the client executes.
fn bare(people: &People) -> Measured<Storage> {
    let patch =
        preset(&DEV_RUNTIME_PRESET.into()).ok_or_else(|| Failure("there is no such preset".into()))?;
    let mut patch: Value = serde_json::from_slice(&patch)?;
    let balances = patch["balances"]["balances"]
        .as_array_mut()
        .ok_or_else(|| Failure("the preset endows nobody".into()))?;
    let requesters = people.requesters.iter().map(|requester| &requester.account);
    let stashes = people.solvers.iter().map(|solver| &solver.stash);
    for account in requesters
        .chain(stashes)
        .chain([&people.publisher, &treasury_account()])
    {
        balances.push(json!([account, ENDOWMENT]));
    }
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default())?;
    for (pallet, fields) in patch.as_object().into_iter().flatten() {
        for (field, value) in fields.as_object().into_iter().flatten() {
            config[pallet][field] = value.clone();
        }
    }
    let config: RuntimeGenesisConfig = serde_json::from_value(config)?;
    let mut storage = config.build_storage().map_err(Failure)?;
    let code = WASM_BINARY
        .ok_or_else(|| Failure("the runtime has no wasm: build it without `SKIP_WASM_BUILD`".into()))?;
    storage.top.insert(CODE.to_vec(), code.to_vec());
    Ok(storage)
}

fn join(solver: &Solver) -> Measured {
    let call = pallet_solver_staking::Call::join {
        operator: sp_core::Pair::public(&solver.operator),
        proof: solver.proof(System::block_hash(0)),
        bond: BOND,
    };
    must(&solver.stash, call.into())
}

fn offer(model: ModelId) -> RuntimeCall {
    let offer = Offer {
        base: BASE_PRICE,
        per_byte: MICRO / 100,
        min_reward: MICRO,
        capacity: CAPACITY,
        unit: Unit::Native,
    };
    pallet_solver_staking::Call::set_offer { model, offer }.into()
}

/// Dispatches a call of somebody, which must succeed. Without a fee.
pub fn must(who: &AccountId, call: RuntimeCall) -> Measured {
    let done = call.dispatch_bypass_filter(RuntimeOrigin::signed(who.clone()));
    hold(done.is_ok(), || {
        format!("a call of the beginning fails: {done:?}")
    })
}
