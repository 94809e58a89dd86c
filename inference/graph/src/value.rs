//! Tensors while a graph runs, and the bytes that traces and steps know them by.

use alloc::{borrow::Cow, vec::Vec};

use crate::{
    tensor::{Kind, TensorSpec},
    DType, InputError, InputSpec,
};

/// A tensor while a graph runs. Int8 stays in bytes, as it came and as it leaves.
pub(crate) enum Value<'v> {
    Text(&'v str),
    Ids(Cow<'v, [u32]>),
    Int8(Cow<'v, [u8]>),
    Int32(Cow<'v, [i32]>),
}

impl<'v> Value<'v> {
    /// The task's input as tensor 0, if it fits.
    pub(crate) fn enter(spec: &InputSpec, input: &'v [u8]) -> Result<Self, InputError> {
        let len = input.len() as u64;
        match *spec {
            InputSpec::Text { max_bytes } if len > max_bytes.into() => {
                Err(InputError::TooLong { len, max: max_bytes })
            }
            InputSpec::Text { .. } => {
                core::str::from_utf8(input)
                    .map(Self::Text)
                    .map_err(|error| InputError::NotUtf8 {
                        at: error.valid_up_to() as u32,
                    })
            }
            InputSpec::Tensor { len: expected, .. } if len != expected.into() => {
                Err(InputError::WrongLength { expected, found: len })
            }
            InputSpec::Tensor {
                dtype: DType::UInt8, ..
            } => Ok(Self::Int8(input.iter().map(|x| x ^ 0x80).collect())),
            InputSpec::Tensor { .. } => Ok(Self::Int8(Cow::Borrowed(input))),
        }
    }

    /// A node's output from its bytes, if they are as many as the tensor has.
    pub(crate) fn read(spec: &TensorSpec, bytes: &'v [u8]) -> Result<Self, InputError> {
        let found = bytes.len() as u64;
        let max = spec.bytes();
        if spec.kind == Kind::Ids && found > max.into() {
            return Err(InputError::TooLong { len: found, max });
        }
        let expected = match spec.kind {
            Kind::Ids => bytes.len() as u32 & !3,
            _ => max,
        };
        if found != u64::from(expected) {
            return Err(InputError::WrongLength { expected, found });
        }
        let words = bytes.as_chunks::<4>().0.iter();
        match spec.kind {
            Kind::Int8 => Ok(Self::Int8(Cow::Borrowed(bytes))),
            Kind::Int32 => Ok(Self::Int32(words.map(|word| i32::from_le_bytes(*word)).collect())),
            Kind::Ids => Ok(Self::Ids(words.map(|word| u32::from_le_bytes(*word)).collect())),
            // Only tensor 0 is text, and that one enters.
            Kind::Text => Err(InputError::NotUtf8 { at: 0 }),
        }
    }

    /// The same tensor for one of several readers.
    pub(crate) fn view(&self) -> Value<'_> {
        match self {
            Self::Text(text) => Value::Text(text),
            Self::Ids(ids) => Value::Ids(Cow::Borrowed(ids)),
            Self::Int8(x) => Value::Int8(Cow::Borrowed(x)),
            Self::Int32(x) => Value::Int32(Cow::Borrowed(x)),
        }
    }

    /// The same tensor, owned. `None` for text, which no node makes.
    pub(crate) fn into_owned<'o>(self) -> Option<Value<'o>> {
        match self {
            Self::Text(_) => None,
            Self::Ids(ids) => Some(Value::Ids(Cow::Owned(ids.into_owned()))),
            Self::Int8(x) => Some(Value::Int8(Cow::Owned(x.into_owned()))),
            Self::Int32(x) => Some(Value::Int32(Cow::Owned(x.into_owned()))),
        }
    }

    /// The bytes of which a trace has the digest.
    pub(crate) fn bytes(&self) -> Cow<'_, [u8]> {
        match self {
            Self::Text(text) => Cow::Borrowed(text.as_bytes()),
            Self::Ids(ids) => Cow::Owned(ids.iter().flat_map(|id| id.to_le_bytes()).collect()),
            Self::Int8(x) => Cow::Borrowed(x),
            Self::Int32(x) => Cow::Owned(little_endian(x)),
        }
    }

    /// The same, without a copy where there need be none.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Int8(x) => x.into_owned(),
            other => other.bytes().into_owned(),
        }
    }
}

fn little_endian(values: &[i32]) -> Vec<u8> {
    values.iter().flat_map(|x| x.to_le_bytes()).collect()
}
