//! A mailbox that keeps what it is given.

use super::{GasPrice, Post, Test, Unreachable, RELAYER};
use crate::types::Remote;
use frame_support::{ensure, weights::Weight};
use hyperlane_primitives::{Body, TokenMessage};
use pensum_primitives::{
    bridge::{warp_route, Address, Domain, TASKS},
    traits::Mailbox,
    AccountId, AssetId, Balance, Digest,
};
use pensum_task_abi::{FromTasks, Root, TaskResult};
use sp_io::hashing::keccak_256;
use sp_runtime::DispatchError;

/// What the mailbox's own work weighs.
pub const DISPATCH: Weight = Weight::from_parts(1_000_000, 0);
/// What the validators' signatures of a message weigh.
pub const SIGNING_WEIGHT: Weight = Weight::from_parts(3_000_000, 0);

/// The mailbox as a pallet, so that what it does is rolled back with the rest.
#[frame_support::pallet(dev_mode)]
pub mod pallet {
    use frame_support::pallet_prelude::*;
    use pensum_primitives::{
        bridge::{Address, Domain},
        AccountId, AssetId, Balance, Digest,
    };

    #[pallet::pallet]
    #[pallet::without_storage_info]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId> {}

    /// What was sent, in order.
    #[pallet::storage]
    pub type Letters<T: Config> = StorageValue<_, Vec<Letter>, ValueQuery>;

    /// What was paid: message, domain, gas, PEN.
    #[pallet::storage]
    pub type Payments<T: Config> = StorageValue<_, Vec<(Digest, Domain, u64, Balance)>, ValueQuery>;

    /// What routers have sent, by asset and domain.
    #[pallet::storage]
    pub type Came<T: Config> = StorageMap<_, Twox64Concat, (AssetId, Domain), Balance, ValueQuery>;

    #[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
    pub struct Letter {
        pub id: Digest,
        pub sender: Address,
        pub domain: Domain,
        pub recipient: Address,
        pub body: Vec<u8>,
    }
}

pub use pallet::{Letter, Payments};

impl Mailbox for Post {
    fn domain() -> Domain {
        Domain(1_346_719_233)
    }

    fn signing_weight() -> Weight {
        SIGNING_WEIGHT
    }

    fn dispatch_weight() -> Weight {
        DISPATCH
    }

    fn dispatch(
        sender: Address,
        domain: Domain,
        recipient: Address,
        body: Vec<u8>,
    ) -> Result<Digest, DispatchError> {
        ensure!(!Unreachable::get().contains(&domain.0), "unreachable");
        ensure!(body.len() <= 8_192, "too long");
        let mut letters = pallet::Letters::<Test>::get();
        let id = Digest::from(keccak_256(&(letters.len() as u64).to_be_bytes()));
        letters.push(Letter {
            id,
            sender,
            domain,
            recipient,
            body,
        });
        pallet::Letters::<Test>::put(letters);
        Ok(id)
    }

    fn quote(_: Domain, gas: u64) -> Option<Balance> {
        GasPrice::get().map(|price| (u128::from(gas) / 1_000).saturating_mul(price))
    }

    fn note_payment(message: Digest, domain: Domain, gas: u64, payment: Balance) {
        Payments::<Test>::append((message, domain, gas, payment));
    }

    fn gas_beneficiary() -> AccountId {
        RELAYER
    }
}

impl Post {
    pub fn letters() -> Vec<Letter> {
        pallet::Letters::<Test>::get()
    }

    /// What was paid for a message: gas and PEN.
    pub fn payment(message: Digest) -> Option<(u64, Balance)> {
        let payments = Payments::<Test>::get();
        let of = payments.into_iter().filter(|payment| payment.0 == message);
        let of: Vec<_> = of.map(|(_, _, gas, payment)| (gas, payment)).collect();
        assert!(of.len() <= 1, "paid twice");
        of.first().copied()
    }

    /// The results that a contract was sent, with their messages.
    pub fn results_for(remote: Remote) -> Vec<(Digest, TaskResult)> {
        let own = |letter: &Letter| (letter.domain, letter.recipient) == (remote.domain, remote.address);
        let letters = Self::letters().into_iter().filter(own);
        letters
            .filter_map(|letter| match FromTasks::decode(&letter.body) {
                Ok(FromTasks::Result(result)) => {
                    assert_eq!(letter.sender, TASKS);
                    Some((letter.id, result))
                }
                _ => None,
            })
            .collect()
    }

    /// The roots that a registry was sent, with their messages.
    pub fn roots(domain: u32, registry: Address) -> Vec<(Digest, Root)> {
        let own = |letter: &Letter| (letter.domain, letter.recipient) == (Domain(domain), registry);
        Self::letters()
            .into_iter()
            .filter(own)
            .map(|letter| match FromTasks::decode(&letter.body) {
                Ok(FromTasks::Root(root)) if letter.sender == TASKS => (letter.id, root),
                other => panic!("a registry was sent {other:?}"),
            })
            .collect()
    }

    /// The payouts that routers of an asset on a chain were told to make: message, recipient, amount.
    pub fn payouts(asset: AssetId, domain: Domain) -> Vec<(Digest, Address, Balance)> {
        let route = warp_route(asset);
        let own = |letter: &Letter| letter.sender == route && letter.domain == domain;
        let letters = Self::letters().into_iter().filter(own);
        letters
            .map(|letter| {
                let tokens = TokenMessage::decode(Body::new(&letter.body).unwrap()).unwrap();
                assert!(tokens.metadata.is_empty());
                (letter.id, tokens.recipient, tokens.amount.as_u128())
            })
            .collect()
    }

    /// What came and what went by a route.
    pub fn moved(asset: AssetId, domain: Domain) -> (Balance, Balance) {
        let went = Self::payouts(asset, domain).iter().map(|payout| payout.2).sum();
        (pallet::Came::<Test>::get((asset, domain)), went)
    }

    pub fn note_arrival(asset: AssetId, domain: Domain, amount: Balance) {
        pallet::Came::<Test>::mutate((asset, domain), |came| *came += amount);
    }
}
