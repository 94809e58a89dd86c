//! What the real contracts dispatched, processed by this pallet.

use crate::{mock::*, types::Ism, Host};
use frame_support::{assert_noop, assert_ok};
use hyperlane_primitives::{Address, Announcement, Domain, IsmKind, StorageLocation, H160, H256};
use serde_json::Value;
use std::sync::LazyLock;

static VECTORS: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../../../../bridge/hyperlane-primitives/vectors.json");
    serde_json::from_str(text).unwrap()
});

/// The vector of messages from the EVM.
fn vector() -> &'static Value {
    VECTORS["vectors"]
        .as_array()
        .unwrap()
        .iter()
        .find(|vector| vector["name"] == "evm_origin_dispatch_checkpoint_and_announcement")
        .unwrap()
}

fn bytes_of(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap().strip_prefix("0x").unwrap()).unwrap()
}

fn hash(value: &Value) -> H256 {
    H256::from_slice(&bytes_of(value))
}

fn number(value: &Value) -> u32 {
    value.as_u64().unwrap().try_into().unwrap()
}

fn message(index: usize) -> Vec<u8> {
    bytes_of(&vector()["dispatched"][index]["encoded"])
}

fn validators() -> Vec<H160> {
    let validators = vector()["validators"].as_array().unwrap();
    validators
        .iter()
        .map(|validator| H160::from_slice(&bytes_of(&validator["address"])))
        .collect()
}

/// The chain to which the messages go, which believes two of the vector's three validators.
fn at_destination(kind: IsmKind, test: impl FnOnce()) {
    let dispatched = &vector()["dispatched"][0];
    let origin = Domain(number(&dispatched["origin"]));
    ExtBuilder::default()
        .domain(number(&dispatched["destination"]))
        .build_and_execute(|| {
            Known::set(vec![Address(hash(&dispatched["recipient"]))]);
            let ism = Ism {
                kind,
                validators: validators().try_into().unwrap(),
                threshold: 2,
            };
            assert_ok!(set_ism(origin, Some(ism)));
            test();
        });
}

#[test]
fn a_message_of_the_contracts_is_processed_by_its_id() {
    at_destination(IsmKind::MessageId, || {
        let metadata = bytes_of(&vector()["message_id_metadata_for_msg2_signers_0_1"]);
        assert_noop!(
            process(&metadata, &message(1)).map_err(|error| error.error),
            Error::NotByThreshold
        );
        assert_ok!(process(&metadata, &message(2)));
        let id = hash(&vector()["dispatched"][2]["message_id"]);
        assert_eq!(Hyperlane::delivered(id), Some(1));
        assert_eq!(letters()[0].2, bytes_of(&vector()["dispatched"][2]["body"]));
    });
}

#[test]
fn a_message_of_the_contracts_is_processed_by_its_proof() {
    at_destination(IsmKind::MerkleRoot, || {
        let metadata = bytes_of(&vector()["merkle_root_metadata_for_msg0_signers_0_2"]);
        assert_noop!(
            process(&metadata, &message(1)).map_err(|error| error.error),
            Error::NotByThreshold
        );
        assert_ok!(process(&metadata, &message(0)));
        let id = hash(&vector()["dispatched"][0]["message_id"]);
        assert_eq!(Hyperlane::delivered(id), Some(1));
    });
}

#[test]
fn an_announcement_of_the_contracts_is_not_one_for_this_chain() {
    on_chain(|| {
        let fields = &vector()["announcement"];
        let location = fields["storage_location"].as_str().unwrap();
        let there = Announcement {
            domain: Domain(number(&fields["domain"])),
            mailbox: Address(hash(&fields["mailbox"])),
            location: StorageLocation::new(location.as_bytes()).unwrap(),
        };
        assert_eq!(there.digest::<Host>(), hash(&fields["eip191_digest"]));
        let call = Call::announce {
            validator: validators()[0],
            location: location.as_bytes().to_vec().try_into().unwrap(),
            signature: bytes_of(&fields["signature"]).try_into().unwrap(),
        };
        assert_noop!(act(signed(RELAYER), call), Error::NotTheValidator);
    });
}
