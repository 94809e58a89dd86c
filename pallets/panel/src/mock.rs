//! A runtime with panels, beside solvers and a market that only take notes.

mod fakes;
mod members;

pub use fakes::*;
pub use members::*;

use crate::{self as pallet_panel, weights::SubstrateWeight};
use frame_support::{
    derive_impl, pallet_prelude::Weight, parameter_types, traits::Hooks, weights::constants::ParityDbWeight,
};
use pensum_primitives::{
    panel::Question,
    traits::{Panels as _, Summons},
    verification::Rule,
    AccountId, BatchId, BlockNumber, ModelId,
};
use sp_core::H256;
use sp_io::TestExternalities;
use sp_runtime::{traits::IdentityLookup, BuildStorage};

/// Asks.
pub const REQUESTER: AccountId = AccountId::new([0xa1; 32]);
/// The batch of most tests.
pub const BATCH: BatchId = BatchId(7);
/// The model.
pub const MODEL: ModelId = ModelId(H256::repeat_byte(0x4d));

type Block = frame_system::mocking::MockBlockU32<Test>;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeHoldReason,
        RuntimeFreezeReason,
        RuntimeTask
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system::Pallet<Test>;
    #[runtime::pallet_index(1)]
    pub type Panel = pallet_panel::Pallet<Test>;
}

parameter_types! {
    pub const CommitWindow: BlockNumber = 6;
    pub const RevealWindow: BlockNumber = 4;
    pub static MaxHookWeight: Weight = Weight::from_parts(400_000_000_000, 0);
    pub const Priority: u64 = 1 << 60;

    /// What all hooks and calls have weighed.
    pub static Spent: Weight = Weight::zero();
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type DbWeight = ParityDbWeight;
}

impl pallet_panel::Config for Test {
    type Models = Registry;
    type Solvers = Staking;
    type Cases = Market;
    type Randomness = Beacon;
    type CommitWindow = CommitWindow;
    type RevealWindow = RevealWindow;
    type MaxHookWeight = MaxHookWeight;
    type Priority = Priority;
    type WeightInfo = SubstrateWeight<Test>;
}

pub type Error = crate::Error<Test>;
pub type Event = crate::Event<Test>;
pub type Weights = <Test as crate::Config>::WeightInfo;

/// Three members of whom two must agree, byte for byte, on two tasks, in at most two rounds.
pub fn summons(batch: BatchId) -> Summons {
    Summons {
        batch,
        requester: REQUESTER,
        model: MODEL,
        tasks: vec![(0, 10), (3, 20)],
        question: Question::Answers(Rule::Exact),
        size: 3,
        threshold: 2,
        rounds: 2,
        member_cap: 1_000_000,
        asset: None,
        min_reputation: 0,
        exclude: vec![],
        slash_difference: true,
    }
}

/// Summons a panel and has it drawn; the numbers of its members.
pub fn drawn(summons: Summons) -> Vec<u8> {
    let batch = summons.batch;
    Panel::summon(summons).unwrap();
    run_for(1);
    members(batch)
}

pub fn now() -> BlockNumber {
    System::block_number()
}

pub fn run_to(block: BlockNumber) {
    while now() < block {
        let next = now() + 1;
        System::set_block_number(next);
        System::reset_events();
        Spent::set(Spent::get() + Panel::on_initialize(next));
    }
}

pub fn run_for(blocks: BlockNumber) {
    run_to(now() + blocks);
}

pub fn events() -> Vec<Event> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Panel(event) => Some(event),
            _ => None,
        })
        .collect()
}

/// Whether nothing of any panel is left in state.
pub fn is_empty() -> bool {
    crate::Panels::<Test>::iter_keys().count() == 0
        && crate::Seats::<Test>::iter_keys().count() == 0
        && crate::Ballots::<Test>::iter_keys().count() == 0
        && crate::Decided::<Test>::iter_keys().count() == 0
        && crate::Agenda::<Test>::iter_keys().count() == 0
        && crate::AgendaCursor::<Test>::get().is_none()
}

/// The invariants; and that the solvers have nothing locked but their seats.
pub fn check() {
    Panel::do_try_state().unwrap();
    let locked = Panel::locked();
    for (solver, stake) in Stakes::iter() {
        let seats = locked.iter().find(|(other, ..)| *other == solver);
        let (bond, tasks) = seats.map_or((0, 0), |(_, bond, tasks)| (*bond, *tasks));
        assert_eq!((stake.locked, stake.in_flight), (bond, tasks));
    }
}

/// A chain at block 1 with some solvers.
pub struct ExtBuilder {
    solvers: u8,
}

impl Default for ExtBuilder {
    fn default() -> Self {
        Self { solvers: 12 }
    }
}

impl ExtBuilder {
    pub fn solvers(mut self, solvers: u8) -> Self {
        self.solvers = solvers;
        self
    }

    pub fn build(self) -> TestExternalities {
        let storage = frame_system::GenesisConfig::<Test>::default()
            .build_storage()
            .unwrap();
        let mut ext = TestExternalities::new(storage);
        ext.execute_with(|| {
            System::set_block_number(1);
            (1..=self.solvers).for_each(join);
            forget();
            Spent::set(Weight::zero());
        });
        ext
    }

    /// Runs a test, checks the invariants, lets every window pass, and checks that nothing is left.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            check();
            run_for(Panel::longest(3) + 1);
            check();
            assert!(is_empty(), "something outlived every window");
        });
    }
}
