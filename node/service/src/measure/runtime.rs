//! The runtime as its metadata describes it: the events of a block, and keys of the state.

use crate::chain::{ChainError, Read};
use codec::Decode;
use frame_metadata::{v14::StorageEntryType, RuntimeMetadata, RuntimeMetadataPrefixed};
use pensum_gateway::scale::{byte, definition, length, pass, variant, Misfit};
use scale_info::{PortableRegistry, TypeDef};
use sp_crypto_hashing::twox_128;

impl From<Misfit> for ChainError {
    fn from(misfit: Misfit) -> Self {
        Self(misfit.to_string())
    }
}

/// Where a value of the state lies, or the values of a map begin.
pub(super) fn key(pallet: &str, item: &str) -> Vec<u8> {
    [twox_128(pallet.as_bytes()), twox_128(item.as_bytes())].concat()
}

/// What it takes to read a block's events.
pub(super) struct Runtime {
    types: PortableRegistry,
    /// The types of an event's phase, of the event itself and of its topics.
    record: [u32; 3],
}

/// One event.
pub(super) struct Told<'a> {
    /// The pallet, as the runtime calls it.
    pub pallet: &'a str,
    /// Its name.
    pub name: &'a str,
    fields: Vec<(&'a str, &'a [u8])>,
}

impl Runtime {
    /// A runtime of this metadata.
    pub fn of(mut metadata: &[u8]) -> Read<Self> {
        let decoded = RuntimeMetadataPrefixed::decode(&mut metadata);
        let RuntimeMetadata::V14(metadata) = decoded.map_err(|error| ChainError(error.to_string()))?.1 else {
            return Err(ChainError("its metadata is not of version 14".into()));
        };
        let mut pallets = metadata.pallets.iter();
        let storage = pallets
            .find(|pallet| pallet.name == "System")
            .and_then(|system| system.storage.as_ref());
        let mut entries = storage.into_iter().flat_map(|storage| &storage.entries);
        let events = match entries
            .find(|entry| entry.name == "Events")
            .map(|entry| &entry.ty)
        {
            Some(StorageEntryType::Plain(ty)) => ty.id,
            _ => return Err(ChainError("the runtime keeps no events".into())),
        };
        let types = metadata.types;
        let TypeDef::Sequence(list) = definition(&types, events)? else {
            return Err(ChainError("the events are no list".into()));
        };
        let TypeDef::Composite(record) = definition(&types, list.type_param.id)? else {
            return Err(ChainError("an event has no phase".into()));
        };
        let record: Vec<u32> = record.fields.iter().map(|field| field.ty.id).collect();
        let record = <[u32; 3]>::try_from(record)
            .map_err(|_| ChainError("an event has other parts than phase, event and topics".into()))?;
        Ok(Self { types, record })
    }

    /// The events of a block, from what lies under `System.Events`.
    pub fn told<'a>(&'a self, mut bytes: &'a [u8]) -> Read<Vec<Told<'a>>> {
        let [phase, event, topics] = self.record;
        let mut told = Vec::new();
        for _ in 0..length(&mut bytes)? {
            pass(&self.types, phase, &mut bytes)?;
            told.push(self.event(event, &mut bytes)?);
            pass(&self.types, topics, &mut bytes)?;
        }
        Ok(told)
    }

    fn event<'a>(&'a self, ty: u32, bytes: &mut &'a [u8]) -> Read<Told<'a>> {
        let pallet = variant(&self.types, ty, byte(bytes)?)?;
        let [inner] = pallet.fields.as_slice() else {
            return Err(ChainError(format!("the events of {} are no enum", pallet.name)));
        };
        let event = variant(&self.types, inner.ty.id, byte(bytes)?)?;
        let mut fields = Vec::with_capacity(event.fields.len());
        for field in &event.fields {
            let from = *bytes;
            pass(&self.types, field.ty.id, bytes)?;
            let value = from
                .get(..from.len().saturating_sub(bytes.len()))
                .unwrap_or_default();
            fields.push((field.name.as_deref().unwrap_or_default(), value));
        }
        Ok(Told {
            pallet: &pallet.name,
            name: &event.name,
            fields,
        })
    }
}

impl Told<'_> {
    /// The field of this name.
    pub fn field<T: Decode>(&self, name: &str) -> Read<T> {
        let misfit = || ChainError(format!("{}.{} has no such {name}", self.pallet, self.name));
        let found = self.fields.iter().find(|(field, _)| *field == name);
        let mut value = found.map(|(_, value)| *value).ok_or_else(misfit)?;
        T::decode(&mut value).map_err(|_| misfit())
    }
}
