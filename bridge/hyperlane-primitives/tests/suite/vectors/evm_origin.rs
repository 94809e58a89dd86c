use hyperlane_primitives::{
    files::{
        checkpoint_file, parse_latest, print_latest, SignedAnnouncement, SignedCheckpoint, ANNOUNCEMENT_FILE,
        LATEST_FILE,
    },
    hook::VARIANT,
    Address, Announcement, HookMetadata, IsmKind, MerkleRootMetadata, MessageIdMetadata, Native, RemoteGas,
    Signature, Signatures, StorageLocation, ValidatorSet, H160, H256, U256,
};
use serde::Deserialize;
use serde_json::Value;

use super::{addresses, CheckpointFields, Hex, Inserted, Validator, TEXT, VECTORS};
use crate::{
    mailbox::Mailbox,
    proven::{address_of, sign},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vector {
    name: String,
    #[serde(rename = "direction")]
    _direction: String,
    validators: Vec<Validator>,
    evm: Contracts,
    dispatched: Vec<Inserted>,
    checkpoint: CheckpointFields,
    message_id_metadata_for_msg2_signers_0_1: Hex,
    merkle_root_metadata_for_msg0_signers_0_2: Hex,
    standard_hook_metadata_example: Hook,
    announcement: AnnouncementFields,
    files: Files,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Contracts {
    mailbox: H160,
    merkle_tree_hook: H160,
    deployer: H160,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hook {
    variant: u16,
    msg_value: String,
    gas_limit: String,
    refund: H160,
    encoded: Hex,
    igp: Igp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Igp {
    gas_price: u128,
    token_exchange_rate: String,
    gas_overhead: u128,
    quote: String,
    event_gas_amount: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnnouncementFields {
    domain: u32,
    mailbox: H256,
    storage_location: String,
    domain_hash: H256,
    signing_hash: H256,
    eip191_digest: H256,
    validator: H160,
    signature: Hex,
}

impl AnnouncementFields {
    fn announcement(&self) -> Announcement<'_> {
        Announcement {
            domain: self.domain.into(),
            mailbox: self.mailbox.0.into(),
            location: StorageLocation::new(self.storage_location.as_bytes()).unwrap(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Files {
    #[serde(rename = "announcement.json")]
    announcement: Value,
    #[serde(rename = "2_with_id.json")]
    checkpoint: Value,
    #[serde(rename = "index.json")]
    latest: String,
}

impl Vector {
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

fn vector() -> &'static Vector {
    &VECTORS.vectors.2
}

fn number(decimal: &str) -> U256 {
    U256::from_dec_str(decimal).unwrap()
}

#[test]
fn what_the_contracts_dispatched_is_read_and_makes_their_roots() {
    let vector = vector();
    let (tree, _) = super::insert_all(&vector.dispatched);
    assert_eq!(tree.root::<Native>(), vector.checkpoint.root);
    for dispatched in &vector.dispatched {
        let message = dispatched.message.message();
        assert_eq!(message.sender, Address::from(vector.evm.deployer));
        assert_eq!(message.sender.to_evm(), Ok(vector.evm.deployer));
    }
}

#[test]
fn both_kinds_of_metadata_are_encoded_and_accepted() {
    let vector = vector();
    vector.checkpoint.check(&vector.validators);
    let hook = Address::from(vector.evm.merkle_tree_hook);
    assert_eq!(hook.0, vector.checkpoint.merkle_tree_hook);
    let (_, tree) = super::insert_all(&vector.dispatched);
    let by_id = MessageIdMetadata {
        merkle_tree_hook: hook,
        root: vector.checkpoint.root,
        index: 2,
        signatures: Signatures(&vector.checkpoint.signatures_of(&[0, 1])),
    }
    .encode();
    assert_eq!(by_id, vector.message_id_metadata_for_msg2_signers_0_1.0);
    let by_root = MerkleRootMetadata {
        merkle_tree_hook: hook,
        leaf_index: 0,
        signed_id: vector.dispatched[2].id(),
        proof: tree.prove::<Native>(0, 3).unwrap(),
        signed_index: 2,
        signatures: Signatures(&vector.checkpoint.signatures_of(&[0, 2])),
    }
    .encode();
    assert_eq!(by_root, vector.merkle_root_metadata_for_msg0_signers_0_2.0);

    let accepts = |kind, metadata: &[u8], index: usize| {
        let validators = addresses(&vector.validators);
        let set = ValidatorSet::new(&validators, 2).unwrap();
        let message = &vector.dispatched[index];
        let mut mailbox = Mailbox::new(message.message.destination.into(), kind, set);
        // The recipient is an account of this chain, which the contract's check of addresses is not for.
        mailbox.foreign = true;
        mailbox
            .process(metadata, &message.encoded.0)
            .map_err(|refusal| refusal.reason())
    };
    assert_eq!(
        accepts(IsmKind::MessageId, &by_id, 2),
        Ok(vector.dispatched[2].id())
    );
    assert_eq!(
        accepts(IsmKind::MerkleRoot, &by_root, 0),
        Ok(vector.dispatched[0].id())
    );
    assert_eq!(accepts(IsmKind::MessageId, &by_id, 1), Err("!threshold"));
    assert_eq!(accepts(IsmKind::MerkleRoot, &by_root, 1), Err("!threshold"));
}

#[test]
fn hook_metadata_and_gas_payment_are_the_contracts() {
    let example = &vector().standard_hook_metadata_example;
    let metadata = HookMetadata {
        value: number(&example.msg_value),
        gas_limit: number(&example.gas_limit),
        refund: example.refund,
        custom: Default::default(),
    };
    assert_eq!(example.variant, VARIANT);
    assert_eq!(metadata.encode(), example.encoded.0);
    assert_eq!(HookMetadata::decode(&example.encoded.0), Ok(Some(metadata)));
    assert_eq!(metadata.fee_token(), None);

    let igp = &example.igp;
    let gas = RemoteGas {
        exchange_rate: number(&igp.token_exchange_rate).as_u128(),
        gas_price: igp.gas_price,
        overhead: igp.gas_overhead,
    };
    assert_eq!(
        gas.gas_amount(metadata.gas_limit),
        Ok(number(&igp.event_gas_amount))
    );
    assert_eq!(
        gas.payment_rounded_down(metadata.gas_limit),
        Ok(number(&igp.quote))
    );
    assert_eq!(
        gas.payment_as_balance(metadata.gas_limit),
        Ok(number(&igp.quote).as_u128())
    );
}

#[test]
fn the_announcement_has_the_hashes_and_the_signer_of_the_vector() {
    let fields = &vector().announcement;
    let announcement = fields.announcement();
    assert_eq!(announcement.mailbox, Address::from(vector().evm.mailbox));
    assert_eq!(announcement.domain_hash::<Native>(), fields.domain_hash);
    assert_eq!(announcement.signing_hash::<Native>(), fields.signing_hash);
    assert_eq!(announcement.digest::<Native>(), fields.eip191_digest);
    let signature = fields.signature.signature();
    assert_eq!(announcement.signer::<Native>(&signature), Ok(fields.validator));
    let key = vector().validators[0].key();
    assert_eq!(address_of(&key), fields.validator);
    assert_eq!(sign(&key, fields.eip191_digest), signature);
}

#[test]
fn the_files_are_written_as_the_agents_write_them_and_read_back() {
    let vector = vector();
    assert_eq!(
        [ANNOUNCEMENT_FILE, &checkpoint_file(2), LATEST_FILE],
        ["announcement.json", "2_with_id.json", "index.json"]
    );
    assert_eq!(print_latest(2), vector.files.latest);
    assert_eq!(parse_latest(vector.files.latest.as_bytes()), Ok(2));

    let signed = SignedCheckpoint {
        checkpoint: vector.checkpoint.checkpoint(),
        signature: vector.checkpoint.signatures_by_validator[0].signature(),
    };
    assert_written(&signed.to_json().unwrap(), &vector.files.checkpoint);
    assert_eq!(
        SignedCheckpoint::from_json(vector.files.checkpoint.to_string().as_bytes()),
        Ok(signed)
    );

    let fields = &vector.announcement;
    let signature: Signature = fields.signature.signature();
    let signed = SignedAnnouncement::new(&fields.announcement(), fields.validator, signature);
    assert_written(&signed.to_json().unwrap(), &vector.files.announcement);
    assert_eq!(
        SignedAnnouncement::from_json(vector.files.announcement.to_string().as_bytes()),
        Ok(signed.clone())
    );
    assert_eq!(signed.announcement(), Ok(fields.announcement()));
}

/// The same values, and in the vector's order of fields, which its text has and parsing it loses.
fn assert_written(text: &str, expected: &Value) {
    assert_eq!(&serde_json::from_str::<Value>(text).unwrap(), expected);
    assert!(text.starts_with("{\n  \"value\": {\n    \""));
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    assert!(squeezed(TEXT).contains(&squeezed(text)), "{text}");
}
