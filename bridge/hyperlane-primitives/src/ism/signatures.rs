use super::MetadataError;
use crate::{
    bytes::{length, Reader},
    limits::MAX_VALIDATORS,
    signature::{Signatures, SIGNATURE_BYTES},
};

/// The signatures at the end of metadata: whole ones, and no more than a set has validators.
pub(super) fn read<'a>(reader: Reader<'a>) -> Result<Signatures<'a>, MetadataError> {
    let bytes = reader.rest();
    let (signatures, left_over) = bytes.as_chunks::<SIGNATURE_BYTES>();
    if !left_over.is_empty() {
        return Err(MetadataError::CutSignature {
            left_over: length(left_over),
        });
    }
    if signatures.len() > MAX_VALIDATORS {
        return Err(MetadataError::TooManySignatures {
            found: u32::try_from(signatures.len()).unwrap_or(u32::MAX),
        });
    }
    Ok(Signatures(signatures))
}
