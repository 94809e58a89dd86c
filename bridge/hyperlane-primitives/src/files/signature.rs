use alloc::{format, string::String};

use primitive_types::U256;
use serde::{de::DeserializeOwned, Deserialize, Serialize};

use super::FileError;
use crate::{
    limits::MAX_FILE_BYTES,
    signature::{Signature, SignatureBytes},
};

/// r, s and v, the scalars without leading zeros. Padded ones are read as well.
#[derive(Serialize, Deserialize)]
struct Scalars {
    r: U256,
    s: U256,
    v: u8,
}

/// A file: what was signed, and its signature in two forms.
#[derive(Serialize, Deserialize)]
pub(super) struct Signed<T> {
    #[serde(alias = "checkpoint", alias = "announcement")]
    pub(super) value: T,
    signature: Scalars,
    serialized_signature: String,
}

impl<T: Serialize + DeserializeOwned> Signed<T> {
    /// The file's content.
    pub(super) fn print(value: T, signature: &Signature) -> Result<String, FileError> {
        let file = Self {
            value,
            signature: Scalars {
                r: U256::from_big_endian(signature.r()),
                s: U256::from_big_endian(signature.s()),
                v: signature.v(),
            },
            serialized_signature: format!("{signature:?}"),
        };
        Ok(serde_json::to_string_pretty(&file)?)
    }

    /// Of a file's content. Files come from strangers: none is read beyond its bound.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, FileError> {
        if bytes.len() > MAX_FILE_BYTES {
            return Err(FileError::TooLong);
        }
        Ok(serde_json::from_slice(bytes)?)
    }

    /// The signature, which both forms must agree on and a chain must accept the form of.
    pub(super) fn signature(&self) -> Result<Signature, FileError> {
        let mut bytes: SignatureBytes = [self.signature.v; 65];
        let (r, rest) = bytes.split_at_mut(32);
        r.copy_from_slice(&self.signature.r.to_big_endian());
        let (s, _) = rest.split_at_mut(32);
        s.copy_from_slice(&self.signature.s.to_big_endian());
        let signature = Signature(bytes);
        if !self
            .serialized_signature
            .eq_ignore_ascii_case(&format!("{signature:?}"))
        {
            return Err(FileError::Contradiction);
        }
        signature.check()?;
        Ok(signature)
    }
}
