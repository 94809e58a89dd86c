//! The chain on which lives begin.

use frame_support::traits::UnfilteredDispatchable;
use pensum_fuzz::{
    assets::DOLLAR,
    block::Blocks,
    genesis::{self, offer},
    models::MODELS,
    people::{actor, SOLVERS},
    state::Chain,
};
use pensum_primitives::Balance;
use pensum_runtime::{configs::treasury_account, constants::money::PEN, RuntimeCall, RuntimeOrigin};
use sp_keyring::Sr25519Keyring;

/// Tasks that one solver takes at once: a whole batch, so that a batch has one part.
const CAPACITY: u32 = 256;

/// So many test dollars in their smallest unit: one, far above an account's least balance.
const GIFT: Balance = 1_000_000;

/// The fuzzer's chain with models and solvers, whose solvers take whole batches, and whose treasury can receive any amount.
pub fn prepared() -> (Chain, Blocks) {
    let (mut chain, mut blocks) = genesis::chain();
    chain.execute_with(|| {
        blocks.begin(0);
        for number in 0..SOLVERS {
            for model in MODELS.iter() {
                must(
                    RuntimeOrigin::signed(actor(number).stash.clone()),
                    offer(model.id(), number, CAPACITY).into(),
                );
            }
        }
        let fund = pallet_balances::Call::transfer_keep_alive {
            dest: treasury_account().into(),
            value: PEN,
        };
        must(
            RuntimeOrigin::signed(Sr25519Keyring::Dave.to_account_id()),
            fund.into(),
        );
        let fund = pallet_assets::Call::transfer {
            id: DOLLAR.into(),
            target: treasury_account().into(),
            amount: GIFT,
        };
        must(
            RuntimeOrigin::signed(Sr25519Keyring::Dave.to_account_id()),
            RuntimeCall::Assets(fund),
        );
        blocks.end();
    });
    chain.commit();
    (chain, blocks)
}

fn must(origin: RuntimeOrigin, call: RuntimeCall) {
    let done = call.clone().dispatch_bypass_filter(origin);
    assert!(done.is_ok(), "the beginning fails: {call:?}: {done:?}");
}
