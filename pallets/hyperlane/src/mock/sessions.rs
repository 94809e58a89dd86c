//! Validators, their sessions, and what they are slashed for.

use super::{
    key, public, sign_checkpoint, Balances, Call, Historical, Hyperlane, RuntimeEvent, Session, Test,
};
use crate::types::Published;
use frame_support::{
    parameter_types,
    traits::{ConstU128, ConstU32, KeyOwnerProofSystem},
    weights::Weight,
};
use pallet_session::{historical, PeriodicSessions};
use pensum_primitives::{bridge::checkpoint_key::KEY_TYPE, AccountId};
use sp_runtime::{impl_opaque_keys, traits::ConvertInto, BuildStorage, Perbill, Storage};
use sp_session::MembershipProof;
use sp_staking::{
    offence::{OffenceDetails, OnOffenceHandler},
    SessionIndex,
};

pub const MAX_VALIDATORS: u32 = 8;

impl_opaque_keys! {
    pub struct Keys {
        pub hyperlane: Hyperlane,
    }
}

/// A slash: of whom, for whom, for which session, how much.
pub type Slash = (AccountId, Vec<AccountId>, SessionIndex, Perbill);

parameter_types! {
    /// The validators of the session after the next one.
    pub static Elected: Vec<u8> = vec![1, 2, 3];
    pub static Slashes: Vec<Slash> = Vec::new();
}

pub fn validator(number: u8) -> AccountId {
    AccountId::new([number; 32])
}

/// What staking decides.
pub struct Election;

impl pallet_session::SessionManager<AccountId> for Election {
    fn new_session(_: SessionIndex) -> Option<Vec<AccountId>> {
        Some(Elected::get().into_iter().map(validator).collect())
    }

    fn end_session(_: SessionIndex) {}

    fn start_session(_: SessionIndex) {}
}

impl historical::SessionManager<AccountId, ()> for Election {
    fn new_session(session: SessionIndex) -> Option<Vec<(AccountId, ())>> {
        let elected = <Self as pallet_session::SessionManager<_>>::new_session(session)?;
        Some(elected.into_iter().map(|validator| (validator, ())).collect())
    }

    fn end_session(_: SessionIndex) {}

    fn start_session(_: SessionIndex) {}
}

type Never = PeriodicSessions<ConstU32<1_000_000>, ConstU32<1_000_000>>;

impl pallet_session::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = Never;
    type NextSessionRotation = Never;
    type SessionManager = historical::NoteHistoricalRoot<Self, Election>;
    type SessionHandler = (Hyperlane,);
    type Keys = Keys;
    type DisablingStrategy = ();
    type WeightInfo = ();
    type Currency = Balances;
    type KeyDeposit = ConstU128<0>;
}

/// A validator is identified by nothing but itself.
pub struct Nothing;

impl sp_runtime::traits::Convert<AccountId, Option<()>> for Nothing {
    fn convert(_: AccountId) -> Option<()> {
        Some(())
    }
}

impl historical::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = ();
    type FullIdentificationOf = Nothing;
}

/// Notes what it is told.
pub struct Slasher;

impl OnOffenceHandler<AccountId, (AccountId, ()), Weight> for Slasher {
    fn on_offence(
        offenders: &[OffenceDetails<AccountId, (AccountId, ())>],
        slash_fraction: &[Perbill],
        session: SessionIndex,
    ) -> Weight {
        let mut slashes = Slashes::get();
        for (details, slash) in offenders.iter().zip(slash_fraction) {
            slashes.push((
                details.offender.0.clone(),
                details.reporters.clone(),
                session,
                *slash,
            ));
        }
        Slashes::set(slashes);
        Weight::zero()
    }
}

impl pallet_offences::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = historical::IdentificationTuple<Self>;
    type OnOffenceHandler = Slasher;
}

/// Everybody whose key is known; those elected at genesis are validators.
pub fn assimilate_sessions(storage: &mut Storage) {
    let keys = |number| {
        let hyperlane = public(&key(number));
        (validator(number), validator(number), Keys { hyperlane })
    };
    pallet_session::GenesisConfig::<Test> {
        keys: (1..=3).map(keys).collect(),
        non_authority_keys: (4..=9).map(keys).collect(),
    }
    .assimilate_storage(storage)
    .unwrap();
}

/// The next session.
pub fn rotate() {
    Session::rotate_session();
}

/// Sessions pass until these are the validators.
pub fn elect(validators: &[u8]) {
    Elected::set(validators.to_vec());
    rotate();
    rotate();
}

/// The proof that a validator has its key, in this session.
pub fn key_proof(number: u8) -> MembershipProof {
    Historical::prove((KEY_TYPE, public(&key(number)))).unwrap()
}

/// No checkpoint.
pub const NOTHING_DUE: [u32; 0] = [];

/// What a validator has not published.
pub fn unsigned(number: u8) -> Vec<u32> {
    Hyperlane::unsigned_checkpoints(public(&key(number)), u32::MAX)
        .iter()
        .map(|checkpoint| checkpoint.index)
        .collect()
}

/// The call by which a validator publishes these checkpoints.
pub fn publish_call(number: u8, indices: &[u32]) -> Call {
    let sign = |index: &u32| {
        let checkpoint = Hyperlane::checkpoint_at(*index).unwrap();
        (*index, sign_checkpoint(&key(number), &checkpoint).0)
    };
    let signatures: Published = indices.iter().map(sign).collect::<Vec<_>>().try_into().unwrap();
    Call::publish_checkpoints { signatures }
}

pub fn publish(number: u8, indices: &[u32]) {
    super::submit(publish_call(number, indices)).unwrap();
}

/// Who has published a checkpoint.
pub fn signers(index: u32) -> Vec<hyperlane_primitives::H160> {
    Hyperlane::checkpoint(index)
        .unwrap()
        .signatures
        .iter()
        .map(|signature| signature.validator)
        .collect()
}
