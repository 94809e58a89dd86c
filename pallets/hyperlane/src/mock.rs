//! A runtime with real sessions and offences, another chain, and the people in both.

mod abroad;
mod inbox;
mod keys;
mod sessions;

pub use abroad::*;
pub use inbox::{pallet as pallet_inbox, *};
pub use keys::*;
pub use sessions::*;

use crate::{
    self as pallet_hyperlane,
    types::{BodyBytes, DestinationKind, Ism},
    SubstrateWeight,
};
use frame_support::{
    derive_impl,
    dispatch::{DispatchResultWithPostInfo, GetDispatchInfo},
    parameter_types,
    traits::{Authorize, ConstU32},
    weights::{constants::ParityDbWeight, Weight},
};
use frame_system::{EnsureRoot, RawOrigin};
use hyperlane_primitives::{Address, Domain, IsmKind, MessageId, H160};
use pensum_primitives::{AccountId, Balance, BlockNumber};
use sp_io::TestExternalities;
use sp_runtime::{
    traits::{Dispatchable, IdentityLookup},
    transaction_validity::{TransactionSource, TransactionValidityError, ValidTransaction},
    BuildStorage, Perbill,
};

/// Sends messages.
pub const SENDER: AccountId = AccountId::new([0xa1; 32]);
/// Brings messages.
pub const RELAYER: AccountId = AccountId::new([0xb1; 32]);
/// Owns the existential deposit and no more.
pub const POOR: AccountId = AccountId::new([0xa3; 32]);
/// Has what is paid for gas.
pub const BENEFICIARY: AccountId = AccountId::new([0xc1; 32]);
/// What people begin with.
pub const RICH: Balance = 1_000_000_000_000;
/// Least balance of an account.
pub const EXISTENTIAL_DEPOSIT: Balance = 100;

/// This chain.
pub const HERE: Domain = Domain(1_346_719_233);
/// An EVM chain to which messages go.
pub const EVM: Domain = Domain(31_338);
/// A chain with other addresses.
pub const OTHER: Domain = Domain(77);
/// A chain of which nobody has heard.
pub const UNKNOWN: Domain = Domain(99);
/// Messages that are kept.
pub const WINDOW: u32 = 8;
/// Blocks until a changed security module counts.
pub const DELAY: BlockNumber = 10;

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
    pub type Balances = pallet_balances::Pallet<Test>;
    #[runtime::pallet_index(2)]
    pub type Historical = pallet_session::historical::Pallet<Test>;
    #[runtime::pallet_index(3)]
    pub type Session = pallet_session::Pallet<Test>;
    #[runtime::pallet_index(4)]
    pub type Offences = pallet_offences::Pallet<Test>;
    #[runtime::pallet_index(5)]
    pub type Inbox = pallet_inbox::Pallet<Test>;
    #[runtime::pallet_index(6)]
    pub type Hyperlane = pallet_hyperlane::Pallet<Test>;
}

parameter_types! {
    pub const ExistentialDeposit: Balance = EXISTENTIAL_DEPOSIT;
    pub const Beneficiary: AccountId = BENEFICIARY;
    pub const SlashShare: Perbill = Perbill::from_percent(100);
    pub const Priority: u64 = 1_000;
    pub static KeptMessages: u32 = WINDOW;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Balance>;
    type DbWeight = ParityDbWeight;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type AccountStore = System;
    type ExistentialDeposit = ExistentialDeposit;
}

impl pallet_inbox::Config for Test {}

impl pallet_hyperlane::Config for Test {
    type Currency = Balances;
    type Recipients = Inbox;
    type KeyOwners = Historical;
    type Offences = Offences;
    type AdminOrigin = EnsureRoot<AccountId>;
    type GasBeneficiary = Beneficiary;
    type MessageWindow = KeptMessages;
    type MaxValidators = ConstU32<MAX_VALIDATORS>;
    type BadCheckpointSlash = SlashShare;
    type CheckpointPriority = Priority;
    type WeightInfo = SubstrateWeight<Test, MAX_VALIDATORS>;
}

pub type Error = crate::Error<Test>;
pub type Event = crate::Event<Test>;
pub type Call = crate::Call<Test>;

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Dispatches a call as a block does: what fails leaves nothing behind, and nothing weighs more than it says.
pub fn act(origin: RuntimeOrigin, call: Call) -> DispatchResultWithPostInfo {
    let call = RuntimeCall::from(call);
    let declared = call.get_dispatch_info().call_weight;
    let done = call.dispatch(origin);
    let info = match &done {
        Ok(info) => info,
        Err(error) => &error.post_info,
    };
    assert!(info.actual_weight.unwrap_or(declared).all_lte(declared));
    done
}

pub fn declared(call: Call) -> Weight {
    RuntimeCall::from(call).get_dispatch_info().call_weight
}

/// What the pool says.
pub fn validate(call: &Call) -> Result<ValidTransaction, TransactionValidityError> {
    RuntimeCall::from(call.clone())
        .authorize(TransactionSource::External)
        .unwrap()
        .map(|(valid, _)| valid)
}

/// Includes a general transaction as the `AuthorizeCall` extension does.
pub fn submit(call: Call) -> Result<(), TransactionValidityError> {
    validate(&call)?;
    act(RuntimeOrigin::from(RawOrigin::Authorized), call).expect("what is authorised never fails");
    Ok(())
}

/// Somebody on an EVM chain.
pub fn evm(number: u8) -> Address {
    H160::repeat_byte(number).into()
}

/// Dispatches a message to an EVM chain, without paying for gas.
pub fn send(body: &[u8]) -> MessageId {
    send_as(SENDER, EVM, evm(1), body, None).unwrap();
    last_dispatched().0
}

pub fn send_as(
    who: AccountId,
    destination: Domain,
    recipient: Address,
    body: &[u8],
    gas_limit: Option<u64>,
) -> DispatchResultWithPostInfo {
    act(
        signed(who),
        Call::dispatch {
            destination: destination.0,
            recipient: recipient.0,
            body: bytes(body),
            gas_limit,
        },
    )
}

pub fn send_some(count: u32) {
    (0..count).for_each(|number| {
        send(&number.to_be_bytes());
    });
}

pub fn bytes(body: &[u8]) -> BodyBytes {
    body.to_vec().try_into().unwrap()
}

/// Id and number of the message that was dispatched last.
pub fn last_dispatched() -> (MessageId, u32) {
    let found = events().into_iter().rev().find_map(|event| match event {
        Event::Dispatched { id, index, .. } => Some((id, index)),
        _ => None,
    });
    found.expect("something was dispatched")
}

/// A security module of so many validators of the chain abroad, of whom a majority decides.
pub fn module(kind: IsmKind, validators: u8) -> Ism {
    Ism {
        kind,
        validators: (1..=validators)
            .map(|number| address(&abroad_key(number)))
            .collect::<Vec<_>>()
            .try_into()
            .unwrap(),
        threshold: validators / 2 + 1,
    }
}

pub fn set_ism(domain: Domain, ism: Option<Ism>) -> DispatchResultWithPostInfo {
    act(
        RuntimeOrigin::root(),
        Call::set_ism {
            domain: domain.0,
            ism,
        },
    )
}

pub fn pause(direction: crate::types::Direction, paused: bool) {
    act(RuntimeOrigin::root(), Call::pause { direction, paused }).unwrap();
}

/// Blocks pass.
pub fn run_for(blocks: BlockNumber) {
    System::set_block_number(System::block_number() + blocks);
}

pub fn events() -> Vec<Event> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Hyperlane(event) => Some(event),
            _ => None,
        })
        .collect()
}

pub fn last_event() -> Event {
    events().pop().expect("something has happened")
}

pub fn free(who: &AccountId) -> Balance {
    Balances::free_balance(who)
}

/// A chain at block 1, with three validators.
pub struct ExtBuilder {
    domain: Domain,
    window: u32,
}

impl Default for ExtBuilder {
    fn default() -> Self {
        Self {
            domain: HERE,
            window: WINDOW,
        }
    }
}

impl ExtBuilder {
    pub fn domain(self, domain: u32) -> Self {
        let domain = Domain(domain);
        Self { domain, ..self }
    }

    pub fn window(self, window: u32) -> Self {
        Self { window, ..self }
    }

    pub fn build(self) -> TestExternalities {
        // One test may build several chains in its thread.
        KeptMessages::set(self.window);
        Elected::set(vec![1, 2, 3]);
        Slashes::set(Vec::new());
        Mood::set(Attitude::Takes);
        Known::set(vec![INBOX]);
        let mut storage = frame_system::GenesisConfig::<Test>::default()
            .build_storage()
            .unwrap();
        let mut balances: Vec<_> = [SENDER, RELAYER].map(|who| (who, RICH)).into();
        balances.extend([POOR, BENEFICIARY].map(|who| (who, EXISTENTIAL_DEPOSIT)));
        pallet_balances::GenesisConfig::<Test> {
            balances,
            ..Default::default()
        }
        .assimilate_storage(&mut storage)
        .unwrap();
        crate::GenesisConfig::<Test> {
            domain: self.domain.0,
            ism_delay: DELAY,
            ..Default::default()
        }
        .assimilate_storage(&mut storage)
        .unwrap();
        assimilate_sessions(&mut storage);
        let mut ext = TestExternalities::new(storage);
        ext.execute_with(|| {
            System::set_block_number(1);
            for (domain, kind) in [(EVM, DestinationKind::Evm), (OTHER, DestinationKind::Other)] {
                crate::Destinations::<Test>::insert(domain, kind);
            }
        });
        ext
    }

    /// Runs a test and checks the invariants.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            Hyperlane::do_try_state().unwrap();
        });
    }
}

/// Runs a test on the usual chain.
pub fn on_chain(test: impl FnOnce()) {
    ExtBuilder::default().build_and_execute(test);
}
