//! A runtime with this pallet between a market and solvers that do as they are told. Both keep what they know in storage, so that
//! what is undone is undone there too.

mod lots;
mod staking;
mod work;

pub use lots::*;
pub use staking::*;
pub use work::*;

use crate::{self as pallet_auction, weights::SubstrateWeight};
use frame_support::{derive_impl, parameter_types, traits::Hooks, weights::constants::ParityDbWeight};
use pensum_primitives::{
    traits::{Auctions as _, BlockRandomness},
    AccountId, Balance, BlockNumber, Digest, ModelId,
};
use sp_io::TestExternalities;
use sp_runtime::{traits::IdentityLookup, BuildStorage};

/// Asks.
pub const REQUESTER: AccountId = AccountId::new([0xa1; 32]);
/// Price cap of every batch.
pub const MAX_REWARD: Balance = 1_000;
/// Length of most inputs.
pub const LEN: u32 = 8;

type Block = frame_system::mocking::MockBlockU32<Test>;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system::Pallet<Test>;
    #[runtime::pallet_index(1)]
    pub type Auction = pallet_auction::Pallet<Test>;
}

parameter_types! {
    pub const MinWindow: BlockNumber = 2;
    pub const AwardMargin: BlockNumber = 3;
    pub const TickSize: Balance = 10;
    pub const BumpShare: u32 = 250_000;
    pub const MinDeposit: Balance = 600;
    pub const DepositShare: u32 = 500_000;
    pub static MaxBids: u32 = 4;
    pub static MaxWorkPerBlock: u32 = 1_000;
    pub const Priority: u64 = 1 << 60;
    /// What the block's randomness is.
    pub static Chance: u64 = 7;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type DbWeight = ParityDbWeight;
}

/// Randomness that the test chooses.
pub struct Dice;

impl BlockRandomness for Dice {
    fn of_block() -> Digest {
        Digest::from_low_u64_be(Chance::get())
    }
}

impl pallet_auction::Config for Test {
    type Solvers = Staking;
    type Lots = Market;
    type Randomness = Dice;
    type MinWindow = MinWindow;
    type AwardMargin = AwardMargin;
    type TickSize = TickSize;
    type BumpShare = BumpShare;
    type MinDeposit = MinDeposit;
    type DepositShare = DepositShare;
    type MaxBids = MaxBids;
    type MaxWorkPerBlock = MaxWorkPerBlock;
    type Priority = Priority;
    type WeightInfo = SubstrateWeight<Test>;
}

pub type Error = crate::Error<Test>;
pub type Event = crate::Event<Test>;

/// The model of which most is asked.
pub fn model() -> ModelId {
    ModelId(Digest::repeat_byte(1))
}

/// Another one.
pub fn other_model() -> ModelId {
    ModelId(Digest::repeat_byte(2))
}

pub fn now() -> BlockNumber {
    System::block_number()
}

pub fn run_to(block: BlockNumber) {
    while now() < block {
        System::set_block_number(now() + 1);
        Auction::on_initialize(now());
    }
}

pub fn run_for(blocks: BlockNumber) {
    run_to(now() + blocks);
}

/// Blocks pass in which the hook has no room to do anything.
pub fn fall_behind_to(block: BlockNumber) {
    let room = MaxWorkPerBlock::get();
    MaxWorkPerBlock::set(0);
    run_to(block);
    MaxWorkPerBlock::set(room);
}

pub fn events() -> Vec<Event> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Auction(event) => Some(event),
            _ => None,
        })
        .collect()
}

/// The invariants, and what only somebody who knows both sides can check: stake is locked for bids and for nothing else.
pub fn check() {
    Auction::do_try_state().unwrap();
    let deposits: Vec<_> = Auction::locked();
    for (who, person) in people() {
        let locked = deposits.iter().find(|(solver, _)| *solver == who);
        assert_eq!(person.deposits, locked.map_or(0, |(_, amount)| *amount));
    }
}

/// Whether nothing is left in state.
pub fn is_empty() -> bool {
    crate::Auctions::<Test>::iter_keys().count() == 0
        && crate::Bids::<Test>::iter_keys().count() == 0
        && crate::Agenda::<Test>::iter_keys().count() == 0
        && crate::ByModel::<Test>::iter_keys().count() == 0
        && crate::Bidding::<Test>::iter_keys().count() == 0
        && crate::AgendaCursor::<Test>::get().is_none()
}

/// A chain at block 1 with six solvers.
pub fn build() -> TestExternalities {
    let storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    let mut ext = TestExternalities::new(storage);
    ext.execute_with(|| {
        System::set_block_number(1);
        (1..=6).for_each(join);
    });
    ext
}

/// Runs a test, checks the invariants, lets every auction end, and checks that nothing is left.
pub fn build_and_execute(test: impl FnOnce()) {
    build().execute_with(|| {
        test();
        check();
        run_for(2 * AWARD_AHEAD);
        check();
        assert!(is_empty(), "an auction outlived its time");
        assert!(every_batch_ended(), "the market waits for an auction that ended");
    });
}
