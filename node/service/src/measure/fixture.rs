//! A runtime that has some of the real one's events: its metadata, and blocks of events.

use codec::Encode;
use frame_metadata::{
    v14::{
        ExtrinsicMetadata, PalletMetadata, PalletStorageMetadata, RuntimeMetadataV14, StorageEntryMetadata,
        StorageEntryModifier, StorageEntryType,
    },
    RuntimeMetadataPrefixed,
};
use pensum_primitives::{solver::Fault, verdict::Reason, AccountId, Balance, TaskId};
use scale_info::{meta_type, TypeInfo};

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

/// The events of all pallets.
#[derive(Encode, TypeInfo)]
pub enum RuntimeEvent {
    #[codec(index = 0)]
    System(SystemEvent),
    #[codec(index = 50)]
    SolverStaking(StakingEvent),
    #[codec(index = 52)]
    TaskMarket(MarketEvent),
    #[codec(index = 60)]
    Hyperlane(HyperlaneEvent),
}

#[derive(Encode, TypeInfo)]
pub enum SystemEvent {
    #[codec(index = 3)]
    Remarked { sender: AccountId, text: String },
}

#[derive(Encode, TypeInfo)]
pub enum StakingEvent {
    SlashScheduled {
        solver: AccountId,
        amount: Balance,
        fault: Fault,
    },
    SlashApplied {
        solver: AccountId,
        amount: Balance,
    },
}

#[derive(Encode, TypeInfo)]
pub enum MarketEvent {
    TasksPosted {
        first: TaskId,
        tasks: u32,
        solver: AccountId,
    },
    TaskAnswered {
        task: TaskId,
        solver: AccountId,
        output: Vec<u8>,
    },
    TaskRefunded {
        task: TaskId,
        reason: Reason,
    },
    AssignmentTimedOut {
        solver: AccountId,
        tasks: u32,
    },
    #[codec(index = 9)]
    AssignmentDeclined {
        solver: AccountId,
    },
}

#[derive(Encode, TypeInfo)]
pub enum HyperlaneEvent {
    Processed { id: [u8; 32] },
}

/// What lies under `System.Events` after a block with these.
pub fn events(events: Vec<RuntimeEvent>) -> Vec<u8> {
    let records: Vec<EventRecord> = events
        .into_iter()
        .enumerate()
        .map(|(place, event)| EventRecord {
            phase: Phase::ApplyExtrinsic(place as u32),
            event,
            topics: vec![[7; 32]; place % 2],
        })
        .collect();
    records.encode()
}

/// The metadata.
pub fn metadata() -> Vec<u8> {
    let entry = StorageEntryMetadata {
        name: "Events",
        modifier: StorageEntryModifier::Default,
        ty: StorageEntryType::Plain(meta_type::<Vec<EventRecord>>()),
        default: vec![0],
        docs: vec![],
    };
    let system = PalletMetadata {
        name: "System",
        storage: Some(PalletStorageMetadata {
            prefix: "System",
            entries: vec![entry],
        }),
        calls: None,
        event: None,
        constants: vec![],
        error: None,
        index: 0,
    };
    let extrinsic = ExtrinsicMetadata {
        ty: meta_type::<()>(),
        version: 4,
        signed_extensions: vec![],
    };
    let metadata = RuntimeMetadataV14::new(vec![system], extrinsic, meta_type::<()>());
    RuntimeMetadataPrefixed::from(metadata).encode()
}
