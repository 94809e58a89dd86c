//! Contracts on other chains, and what they send.

use super::{coins, Bridge, Post, RuntimeOrigin, System, COIN};
use crate::types::{Policy, Remote};
use frame_support::storage::with_storage_layer;
use pensum_primitives::{
    bridge::{warp_route, Address, Domain, Inbound, TASKS},
    traits::Recipients,
    AccountId, AssetId, Balance, Digest,
};
use pensum_task_abi::{Delivery, Input, Intent, Matching, ToTasks, Verification};
use sp_core::{H256, U256};
use sp_io::hashing::keccak_256;
use sp_runtime::DispatchResult;
use std::cell::Cell;

/// A chain.
pub const EVM: u32 = 31_338;
/// Another.
pub const OTHER_EVM: u32 = 31_339;

/// An address such as EVM chains have.
pub const fn contract(byte: u8) -> Address {
    let mut bytes = [0; 32];
    let mut i = 12;
    while i < 32 {
        bytes[i] = byte;
        i += 1;
    }
    Address(H256(bytes))
}

/// A contract that asks.
pub const CONSUMER: Remote = remote(EVM, 0xaa);
/// Another on the same chain.
pub const RIVAL: Remote = remote(EVM, 0xab);
/// One at the same address of the other chain.
pub const TWIN: Remote = remote(OTHER_EVM, 0xaa);
/// Who gets refunds.
pub const PAYER: Address = contract(0xee);
/// Keeps the collateral, on either chain.
pub const ROUTER: Address = contract(0xcc);
/// Keeps roots, on either chain.
pub const REGISTRY: Address = contract(0xdd);

pub const fn remote(domain: u32, byte: u8) -> Remote {
    Remote {
        domain: Domain(domain),
        address: contract(byte),
    }
}

/// Takes everybody's intents from a chain, and gives it a registry and a route for coins.
pub fn open_up(domain: u32) {
    let root = RuntimeOrigin::root;
    Bridge::set_policy(root(), domain, Policy::Open).unwrap();
    Bridge::set_route(root(), COIN, domain, Some(ROUTER.0)).unwrap();
    Bridge::set_registry(root(), domain, Some(REGISTRY.0)).unwrap();
}

thread_local! {
    static MESSAGES: Cell<u64> = const { Cell::new(0) };
}

/// The id of another message.
fn next_id() -> Digest {
    let number = MESSAGES.get() + 1;
    MESSAGES.set(number);
    keccak_256(&[b"message", &number.to_be_bytes()[..]].concat()).into()
}

/// A message comes, as the mailbox brings it.
pub fn bring(from: Remote, recipient: Address, body: &[u8]) -> (Digest, DispatchResult) {
    let id = next_id();
    assert!(Bridge::weight(recipient, body).is_some());
    let message = Inbound {
        id,
        origin: from.domain,
        sender: from.address,
        recipient,
        body,
    };
    (id, with_storage_layer(|| Bridge::handle(message)))
}

/// A contract says something, which is always delivered.
pub fn say(from: Remote, message: &ToTasks) -> Digest {
    let (id, delivered) = bring(from, TASKS, &message.encode());
    delivered.unwrap();
    id
}

/// A contract asks.
pub fn ask(from: Remote, intent: Intent) -> Digest {
    say(from, &ToTasks::Intent(intent))
}

/// Most that an answer costs, in these tests.
pub const MAX_REWARD: Balance = 10_000;
/// Gas of the contract's callback.
pub const CALLBACK_GAS: u64 = 100_000;

/// An intent that is taken, paid in coins.
pub fn intent() -> Intent {
    Intent {
        model: [1; 32],
        input: Input::Inline(b"Salve!".to_vec()),
        asset: Some(COIN),
        max_reward: MAX_REWARD,
        deadline: 20,
        matching: Matching::Book,
        verification: Verification::Replay { window: 0 },
        min_reputation: 0,
        allow_flagged: false,
        delivery: Delivery::Direct,
        callback_gas: CALLBACK_GAS,
        refund_to: None,
    }
}

/// The same for another model, which the market may take to in another way.
pub fn intent_for(model: u8) -> Intent {
    Intent {
        model: [model; 32],
        ..intent()
    }
}

/// What is left goes to `PAYER`.
pub fn with_refund(intent: Intent) -> Intent {
    Intent {
        refund_to: Some(PAYER.0 .0),
        ..intent
    }
}

/// The result goes in a batch.
pub fn batched(intent: Intent) -> Intent {
    Intent {
        delivery: Delivery::Batched,
        ..intent
    }
}

/// The body with which a router brings money.
pub fn token_body(recipient: [u8; 32], amount: U256) -> Vec<u8> {
    [&recipient[..], &amount.to_big_endian()].concat()
}

/// A router brings money.
pub fn bring_tokens(asset: AssetId, domain: u32, to: &AccountId, amount: Balance) -> DispatchResult {
    let router = Remote {
        domain: Domain(domain),
        address: ROUTER,
    };
    let body = token_body(to.clone().into(), amount.into());
    let (_, done) = bring(router, warp_route(asset), &body);
    if done.is_ok() {
        Post::note_arrival(asset, Domain(domain), amount);
    }
    done
}

/// Coins come for a contract's remote account, from its own chain.
pub fn fund(remote: Remote, amount: Balance) {
    let before = coins(&remote.account());
    bring_tokens(COIN, remote.domain.0, &remote.account(), amount).unwrap();
    assert_eq!(coins(&remote.account()), before + amount);
}

/// A contract that holds enough for several tasks.
pub fn rich_consumer() -> Remote {
    fund(CONSUMER, 1_000_000);
    CONSUMER
}

pub fn now() -> u32 {
    System::block_number()
}
