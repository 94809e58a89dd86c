//! Who acts.

use crate::assets::DOLLAR;
use pensum_primitives::{
    operator::{ownership_payload, OperatorPair, OperatorSignature},
    AccountId, AssetId, Balance, Digest,
};
use pensum_runtime::constants::{
    money::{MILLI, PEN},
    solver::MIN_BOND,
};
use sp_core::Pair;
use sp_keyring::Sr25519Keyring;
use std::sync::LazyLock;

/// Requesters; the last is poor.
pub const REQUESTERS: u8 = 4;
/// Solvers that exist from the beginning.
pub const SOLVERS: u8 = 14;
/// How many of them, the first ones, are honest.
pub const HONEST: u8 = 4;
/// Solvers with a pool of delegated stake from the beginning.
pub const POOLS: [u8; 3] = [1, 3, 5];
/// Accounts that delegate.
pub const DELEGATORS: u8 = 3;
/// Accounts that challenge.
pub const CHALLENGERS: u8 = 2;

/// How a solver behaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Character {
    /// Does what it must as soon as it can, and right.
    Prompt,
    /// Does what it must at the last moment, and right.
    LastMinute,
    /// Does what the input says, right or wrong, or nothing.
    Driven,
}

/// A solver.
pub struct Actor {
    /// The account that bonds.
    pub stash: AccountId,
    /// Its operator key.
    pub pair: OperatorPair,
    /// How it behaves.
    pub character: Character,
}

impl Actor {
    fn new(number: u8) -> Self {
        Self {
            stash: AccountId::new([0x50 + number; 32]),
            pair: OperatorPair::from_seed_slice(&[number + 1; 32]).expect("a seed has 32 bytes"),
            character: match number {
                0..2 => Character::Prompt,
                2..HONEST => Character::LastMinute,
                _ => Character::Driven,
            },
        }
    }

    /// Whether it never does anything wrong.
    pub fn is_honest(&self) -> bool {
        self.character != Character::Driven
    }

    /// What shows that the operator key agrees to work for the stash.
    pub fn proof(&self, genesis: Digest) -> OperatorSignature {
        self.pair.sign(&ownership_payload(genesis, &self.stash))
    }
}

/// All solvers: those that exist from the beginning, and two that may join.
pub static ACTORS: LazyLock<Vec<Actor>> = LazyLock::new(|| (0..SOLVERS + 2).map(Actor::new).collect());

/// A solver, by number.
pub fn actor(number: u8) -> &'static Actor {
    &ACTORS[usize::from(number) % ACTORS.len()]
}

/// The solver that bonds with this account.
pub fn actor_of(stash: &AccountId) -> Option<&'static Actor> {
    ACTORS.iter().find(|actor| actor.stash == *stash)
}

/// A requester, by number.
pub fn requester(number: u8) -> AccountId {
    AccountId::new([0xa0 + number % REQUESTERS; 32])
}

/// A delegator, by number.
pub fn delegator(number: u8) -> AccountId {
    AccountId::new([0xd0 + number % DELEGATORS; 32])
}

/// A challenger, by number.
pub fn challenger(number: u8) -> AccountId {
    AccountId::new([0xc0 + number % CHALLENGERS; 32])
}

/// Who publishes the models.
pub fn publisher() -> AccountId {
    AccountId::new([0xb0; 32])
}

/// Who has nothing.
pub fn nobody() -> AccountId {
    AccountId::new([0xee; 32])
}

/// Who provides the pool of coins, and trades.
pub fn market_maker() -> AccountId {
    AccountId::new([0xf0; 32])
}

/// Who may freeze an asset, and block accounts of it.
pub fn admin(asset: AssetId) -> AccountId {
    match asset {
        DOLLAR => Sr25519Keyring::Alice.to_account_id(),
        _ => market_maker(),
    }
}

/// What a solver of the beginning bonds: the last ones the least.
pub fn bond_of(number: u8) -> Balance {
    match number {
        0..8 => 50 * PEN,
        _ => MIN_BOND,
    }
}

/// What everybody owns at first.
pub fn endowments() -> Vec<(AccountId, Balance)> {
    let rich = (0..REQUESTERS - 1)
        .map(requester)
        .chain((0..DELEGATORS).map(delegator))
        .chain((0..CHALLENGERS).map(challenger))
        .chain(ACTORS.iter().map(|actor| actor.stash.clone()))
        .chain([publisher()]);
    rich.map(|who| (who, 1_000 * PEN))
        .chain([(market_maker(), 200_000 * PEN)])
        .chain([(requester(REQUESTERS - 1), 60 * MILLI)])
        .collect()
}
