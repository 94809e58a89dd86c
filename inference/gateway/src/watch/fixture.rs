//! A small runtime with disputes: its metadata, its events, and what is filed in it.

use super::{chain::Version, extrinsic::Proof, key::ChallengerKey, runtime::Runtime, WatchConfig};
use crate::digest::Digest;
use codec::{Compact, Encode};
use frame_metadata::{
    v14::{
        ExtrinsicMetadata, PalletCallMetadata, PalletConstantMetadata, PalletErrorMetadata,
        PalletEventMetadata, PalletMetadata, PalletStorageMetadata, RuntimeMetadataV14,
        SignedExtensionMetadata, StorageEntryMetadata, StorageEntryModifier, StorageEntryType,
    },
    RuntimeMetadataPrefixed,
};
use pensum_primitives::{step::Step, task::Trace, AccountId, TaskId};
use scale_info::{meta_type, TypeInfo};
use sp_runtime::{generic::Era, DispatchError, ModuleError, MultiAddress, MultiSignature};
use std::marker::PhantomData;

/// Where the challenge is called.
pub(crate) const CALL: [u8; 2] = [56, 4];
pub(crate) const GENESIS: Digest = Digest([9; 32]);
pub(crate) const BOND: u128 = 1_000;
pub(crate) const NOT_CLAIMED: u8 = 0;
pub(crate) const VERSION: Version = Version {
    spec_version: 3,
    transaction_version: 2,
};

#[derive(TypeInfo)]
#[allow(dead_code, non_camel_case_types)]
enum Call {
    #[codec(index = 1)]
    open { task: TaskId },
    #[codec(index = 4)]
    challenge { task: TaskId, trace: Trace, step: Step },
}

#[derive(TypeInfo)]
#[allow(dead_code)]
enum Error {
    NotClaimed,
    TraceMismatch,
    #[codec(index = 5)]
    BondUnaffordable,
}

#[derive(Clone, Copy)]
pub(crate) enum Happening {
    Paid,
    Disproven,
    Lost,
    Broken,
    Failed(u8),
}

#[derive(Encode, TypeInfo)]
enum SystemEvent {
    #[codec(index = 1)]
    ExtrinsicFailed {
        dispatch_error: DispatchError,
        info: (Compact<u64>, bool),
    },
    #[codec(index = 5)]
    Paid { who: AccountId, memo: String },
}

#[derive(Encode, TypeInfo)]
enum DisputeEvent {
    AnswerDisproven { task: TaskId, solver: AccountId },
    ChallengeLost { task: TaskId, to: Option<AccountId> },
    ModelProvenBroken { task: TaskId },
}

#[derive(Encode, TypeInfo)]
enum RuntimeEvent {
    System(SystemEvent),
    #[codec(index = 56)]
    Dispute(DisputeEvent),
}

#[derive(Encode, TypeInfo)]
#[allow(dead_code)]
enum Phase {
    ApplyExtrinsic(u32),
    Finalization,
}

#[derive(Encode, TypeInfo)]
struct EventRecord {
    phase: Phase,
    event: RuntimeEvent,
    topics: Vec<[u8; 32]>,
}

/// As `sp_runtime` has it, for its type parameters.
#[derive(TypeInfo)]
#[allow(dead_code)]
struct UncheckedExtrinsic<Address, Call, Signature, Extra>(PhantomData<(Address, Call, Signature, Extra)>);

type Extrinsic = UncheckedExtrinsic<MultiAddress<AccountId, ()>, Call, MultiSignature, ()>;

fn extension<Explicit: TypeInfo + 'static, Implicit: TypeInfo + 'static>(
    identifier: &'static str,
) -> SignedExtensionMetadata {
    SignedExtensionMetadata {
        identifier,
        ty: meta_type::<Explicit>(),
        additional_signed: meta_type::<Implicit>(),
    }
}

fn empty_pallet(name: &'static str, index: u8) -> PalletMetadata {
    PalletMetadata {
        name,
        storage: None,
        calls: None,
        event: None,
        constants: Vec::new(),
        error: None,
        index,
    }
}

/// The metadata, with further extensions.
pub(crate) fn metadata(further: Vec<SignedExtensionMetadata>) -> Vec<u8> {
    let events = StorageEntryMetadata {
        name: "Events",
        modifier: StorageEntryModifier::Default,
        ty: StorageEntryType::Plain(meta_type::<Vec<EventRecord>>()),
        default: vec![0],
        docs: Vec::new(),
    };
    let system = PalletMetadata {
        storage: Some(PalletStorageMetadata {
            prefix: "System",
            entries: vec![events],
        }),
        ..empty_pallet("System", 0)
    };
    let dispute = PalletMetadata {
        calls: Some(PalletCallMetadata {
            ty: meta_type::<Call>(),
        }),
        event: Some(PalletEventMetadata {
            ty: meta_type::<DisputeEvent>(),
        }),
        error: Some(PalletErrorMetadata {
            ty: meta_type::<Error>(),
        }),
        constants: vec![PalletConstantMetadata {
            name: "ChallengeBond",
            ty: meta_type::<u128>(),
            value: BOND.encode(),
            docs: Vec::new(),
        }],
        ..empty_pallet("Dispute", CALL[0])
    };
    let mut signed_extensions = vec![
        extension::<(), ()>("AuthorizeCall"),
        extension::<(), u32>("CheckSpecVersion"),
        extension::<(), u32>("CheckTxVersion"),
        extension::<(), [u8; 32]>("CheckGenesis"),
        extension::<Era, [u8; 32]>("CheckMortality"),
        extension::<Compact<u32>, ()>("CheckNonce"),
        extension::<(Compact<u128>, Option<u32>), ()>("ChargeAssetTxPayment"),
        extension::<u8, Option<[u8; 32]>>("CheckMetadataHash"),
    ];
    signed_extensions.extend(further);
    let extrinsic = ExtrinsicMetadata {
        ty: meta_type::<Extrinsic>(),
        version: 4,
        signed_extensions,
    };
    let metadata = RuntimeMetadataV14::new(vec![system, dispute], extrinsic, meta_type::<()>());
    RuntimeMetadataPrefixed::from(metadata).encode()
}

pub(crate) fn runtime() -> Runtime {
    Runtime::of(&metadata(Vec::new()), VERSION, GENESIS).unwrap()
}

/// Metadata with an extension that nobody knows.
pub(crate) fn strange_metadata() -> Vec<u8> {
    metadata(vec![extension::<u8, ()>("Toll")])
}

pub(crate) fn runtime_with_unknown_extension() -> Runtime {
    Runtime::of(&strange_metadata(), VERSION, GENESIS).unwrap()
}

/// The events of a block, by the extrinsics that left them.
pub(crate) fn events(happenings: &[(u32, Happening)]) -> Vec<u8> {
    let someone = || AccountId::new([1; 32]);
    let task = TaskId(256);
    let record = |(place, happening): &(u32, Happening)| EventRecord {
        phase: Phase::ApplyExtrinsic(*place),
        event: match happening {
            Happening::Paid => RuntimeEvent::System(SystemEvent::Paid {
                who: someone(),
                memo: "wool".into(),
            }),
            Happening::Disproven => RuntimeEvent::Dispute(DisputeEvent::AnswerDisproven {
                task,
                solver: someone(),
            }),
            Happening::Lost => RuntimeEvent::Dispute(DisputeEvent::ChallengeLost {
                task,
                to: Some(someone()),
            }),
            Happening::Broken => RuntimeEvent::Dispute(DisputeEvent::ModelProvenBroken { task }),
            Happening::Failed(error) => RuntimeEvent::System(SystemEvent::ExtrinsicFailed {
                dispatch_error: DispatchError::Module(ModuleError {
                    index: CALL[0],
                    error: [*error, 0, 0, 0],
                    message: None,
                }),
                info: (Compact(7), true),
            }),
        },
        topics: vec![[0; 32]; *place as usize % 3],
    };
    happenings.iter().map(record).collect::<Vec<_>>().encode()
}

pub(crate) fn config() -> WatchConfig {
    WatchConfig {
        node: "ws://127.0.0.1:9944".parse().unwrap(),
        key: key(),
    }
}

pub(crate) fn key() -> ChallengerKey {
    ChallengerKey::new("//Challenger").unwrap()
}

pub(crate) fn proof() -> Proof {
    Proof {
        trace: vec![Default::default(); 9].try_into().unwrap(),
        step: Step {
            node: 3,
            weights: vec![1, 2].try_into().unwrap(),
            inputs: vec![vec![7].try_into().unwrap()].try_into().unwrap(),
        },
    }
}
