//! What the chain's metadata says about challenges: how they are called, signed and told of.
//!
//! Indices, extensions and events are looked up by name, so that a runtime upgrade that moves them changes nothing here. What is
//! encoded is checked against the chain's own types before it is signed; a runtime that it does not fit gets nothing.

use super::{
    chain::{Chain, Version},
    node::NodeError,
    walk::{self, Misfit},
};
use crate::digest::Digest;
use codec::Decode;
use frame_metadata::{
    v14::{PalletMetadata, RuntimeMetadataV14, StorageEntryType},
    RuntimeMetadata, RuntimeMetadataPrefixed,
};
use scale_info::{form::PortableForm, PortableRegistry, TypeDef};

const CHALLENGE: (&str, &str) = ("Dispute", "challenge");
/// The arguments of a challenge, in order.
const ARGUMENTS: [&str; 3] = ["task", "trace", "step"];
const BOND: (&str, &str) = ("Dispute", "ChallengeBond");
/// The format of signed extrinsics that is written here.
pub(crate) const FORMAT: u8 = 4;

/// A runtime in which challenges can be filed.
pub(crate) struct Runtime {
    pub(crate) version: Version,
    pub(crate) genesis: Digest,
    /// What a challenge puts at stake.
    pub(crate) bond: u128,
    pub(crate) types: PortableRegistry,
    /// Pallet and call of a challenge.
    pub(crate) call: [u8; 2],
    /// The types of its arguments.
    pub(crate) arguments: [u32; 3],
    /// The types of an address and of a signature.
    pub(crate) address: u32,
    pub(crate) signature: u32,
    /// What is signed beside the call, in order.
    pub(crate) extensions: Vec<Extension>,
    /// The type of all events of a block.
    pub(crate) events: u32,
    pallets: Vec<PalletMetadata<PortableForm>>,
}

/// One thing that is signed beside the call.
pub(crate) struct Extension {
    pub(crate) name: String,
    /// The type of what stands in the extrinsic.
    pub(crate) explicit: u32,
    /// The type of what is signed without standing there.
    pub(crate) implicit: u32,
}

/// Why there is no runtime to file challenges in.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum RuntimeError {
    #[error(transparent)]
    Node(#[from] NodeError),
    #[error("Challenges cannot be filed in runtime {version} of this chain: {reason}. Use a gateway that fits the runtime; until then file proofs with another tool.")]
    Unfit { version: u32, reason: String },
}

impl Runtime {
    /// The runtime that is in force.
    pub(crate) fn read(chain: &Chain, version: Version) -> Result<Self, RuntimeError> {
        let (metadata, genesis) = (chain.metadata()?, chain.hash(0)?);
        Self::of(&metadata, version, genesis).map_err(|Misfit(reason)| RuntimeError::Unfit {
            version: version.spec_version,
            reason,
        })
    }

    /// A runtime of this metadata.
    pub(crate) fn of(mut metadata: &[u8], version: Version, genesis: Digest) -> Result<Self, Misfit> {
        let decoded = RuntimeMetadataPrefixed::decode(&mut metadata);
        let RuntimeMetadata::V14(metadata) = decoded.map_err(|error| Misfit(error.to_string()))?.1 else {
            return Err(Misfit("its metadata is not of version 14".into()));
        };
        if metadata.extrinsic.version != FORMAT {
            let found = metadata.extrinsic.version;
            return Err(Misfit(format!("it takes extrinsics of format {found}")));
        }
        let (call, arguments) = challenge(&metadata)?;
        let extension = |found: &frame_metadata::v14::SignedExtensionMetadata<PortableForm>| Extension {
            name: found.identifier.clone(),
            explicit: found.ty.id,
            implicit: found.additional_signed.id,
        };
        Ok(Self {
            version,
            genesis,
            bond: bond(&metadata)?,
            call,
            arguments,
            address: parameter(&metadata, "Address")?,
            signature: parameter(&metadata, "Signature")?,
            extensions: metadata
                .extrinsic
                .signed_extensions
                .iter()
                .map(extension)
                .collect(),
            events: events(&metadata)?,
            types: metadata.types,
            pallets: metadata.pallets,
        })
    }

    /// What must be spendable for one more challenge beside those on their way: a bond, and for each a fee, which is less than a bond.
    pub(crate) fn needed(&self, pending: usize) -> u128 {
        self.bond.saturating_mul(pending as u128 + 2)
    }

    /// The pallet of this index.
    pub(crate) fn pallet(&self, index: u8) -> Result<&PalletMetadata<PortableForm>, Misfit> {
        let mut pallets = self.pallets.iter();
        pallets
            .find(|pallet| pallet.index == index)
            .ok_or_else(|| Misfit(format!("there is no pallet {index}")))
    }
}

fn pallet<'a>(
    metadata: &'a RuntimeMetadataV14,
    name: &str,
) -> Result<&'a PalletMetadata<PortableForm>, Misfit> {
    let mut pallets = metadata.pallets.iter();
    pallets
        .find(|pallet| pallet.name == name)
        .ok_or_else(|| Misfit(format!("it has no pallet {name}")))
}

fn challenge(metadata: &RuntimeMetadataV14) -> Result<([u8; 2], [u32; 3]), Misfit> {
    let (pallet_name, name) = CHALLENGE;
    let missing = || Misfit(format!("it has no call {pallet_name}.{name}"));
    let pallet = pallet(metadata, pallet_name)?;
    let calls = pallet.calls.as_ref().ok_or_else(missing)?;
    let TypeDef::Variant(calls) = walk::definition(&metadata.types, calls.ty.id)? else {
        return Err(missing());
    };
    let mut calls = calls.variants.iter();
    let call = calls.find(|call| call.name == name).ok_or_else(missing)?;
    let names = call.fields.iter().map(|field| field.name.as_deref());
    if !names.eq(ARGUMENTS.map(Some)) {
        return Err(Misfit(format!("{pallet_name}.{name} takes other arguments")));
    }
    let types: Vec<u32> = call.fields.iter().map(|field| field.ty.id).collect();
    let types = types.try_into().map_err(|_| missing())?;
    Ok(([pallet.index, call.index], types))
}

fn bond(metadata: &RuntimeMetadataV14) -> Result<u128, Misfit> {
    let (pallet_name, name) = BOND;
    let mut constants = pallet(metadata, pallet_name)?.constants.iter();
    let constant = constants.find(|constant| constant.name == name);
    constant
        .and_then(|constant| u128::decode(&mut constant.value.as_slice()).ok())
        .ok_or_else(|| Misfit(format!("it has no amount {pallet_name}.{name}")))
}

/// A type parameter of extrinsics.
fn parameter(metadata: &RuntimeMetadataV14, name: &str) -> Result<u32, Misfit> {
    let extrinsic = metadata.types.resolve(metadata.extrinsic.ty.id);
    let mut parameters = extrinsic.into_iter().flat_map(|extrinsic| &extrinsic.type_params);
    parameters
        .find(|parameter| parameter.name == name)
        .and_then(|parameter| parameter.ty.map(|ty| ty.id))
        .ok_or_else(|| Misfit(format!("its extrinsics have no type {name}")))
}

fn events(metadata: &RuntimeMetadataV14) -> Result<u32, Misfit> {
    let storage = pallet(metadata, "System")?.storage.as_ref();
    let mut entries = storage.into_iter().flat_map(|storage| &storage.entries);
    match entries
        .find(|entry| entry.name == "Events")
        .map(|entry| &entry.ty)
    {
        Some(StorageEntryType::Plain(ty)) => Ok(ty.id),
        _ => Err(Misfit("it keeps no events".into())),
    }
}
