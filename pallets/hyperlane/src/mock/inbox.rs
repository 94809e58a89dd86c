//! A recipient that does what the test says, and keeps what it took in the state, so that what is undone shows.

use super::{Inbox, Test};
use frame_support::{parameter_types, weights::Weight};
use hyperlane_primitives::{Address, Domain, H256};
use pensum_primitives::{
    bridge::Inbound,
    traits::{Mailbox, Recipients},
};
use sp_runtime::{DispatchError, DispatchResult};

/// How the recipient takes a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Attitude {
    Takes,
    /// It notes the message, and then refuses it.
    Refuses,
    /// It answers with a message of its own.
    Answers,
}

parameter_types! {
    pub static Mood: Attitude = Attitude::Takes;
    /// The addresses that somebody has.
    pub static Known: Vec<Address> = vec![INBOX];
}

/// Where messages go to on this chain.
pub const INBOX: Address = Address(H256([0xe1; 32]));

#[frame_support::pallet(dev_mode)]
pub mod pallet {
    use frame_support::pallet_prelude::*;
    use pensum_primitives::AccountId;

    /// A message that was taken: who sent it from where, and what it says.
    pub type Letter = (u32, [u8; 32], Vec<u8>);

    #[pallet::pallet]
    #[pallet::without_storage_info]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId> {}

    #[pallet::storage]
    pub type Letters<T: Config> = StorageValue<_, Vec<Letter>, ValueQuery>;
}

/// What a message of so many bytes weighs.
pub fn handling(bytes: usize) -> Weight {
    Weight::from_parts(1_000_000_000 + bytes as u64, 0)
}

/// All that was taken.
pub fn letters() -> Vec<pallet::Letter> {
    pallet::Letters::<Test>::get()
}

impl Recipients for Inbox {
    fn weight(recipient: Address, body: &[u8]) -> Option<Weight> {
        Known::get().contains(&recipient).then(|| handling(body.len()))
    }

    fn handle(message: Inbound<'_>) -> DispatchResult {
        assert_eq!(
            super::Hyperlane::delivered(message.id),
            Some(super::System::block_number()),
            "a message is delivered before it is handled"
        );
        let Inbound {
            origin: Domain(origin),
            sender,
            body,
            ..
        } = message;
        pallet::Letters::<Test>::append((origin, sender.0 .0, body.to_vec()));
        match Mood::get() {
            Attitude::Takes => Ok(()),
            Attitude::Refuses => Err(DispatchError::Other("no, thank you")),
            Attitude::Answers => {
                <super::Hyperlane as Mailbox>::dispatch(INBOX, super::EVM, sender, body.to_vec()).map(|_| ())
            }
        }
    }
}
