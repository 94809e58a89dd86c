//! Structs to bytes and back, where one value has one encoding only.

use alloc::vec::Vec;

use alloy_sol_types::SolValue;

use crate::error::AbiError;

/// Reads one struct argument. Whatever this accepts, [`encode`] turns back into the same bytes: Solidity's own decoder would also take
/// other offsets, gaps, and something behind the end.
pub(crate) fn decode<T>(bytes: &[u8]) -> Result<T, AbiError>
where
    T: SolValue + From<<T::SolType as alloy_sol_types::SolType>::RustType>,
{
    let value = T::abi_decode_validate(bytes).map_err(|_| AbiError::NotAbi)?;
    if value.abi_encode() != bytes {
        return Err(AbiError::NotCanonical);
    }
    Ok(value)
}

/// `abi.encode(value)`.
pub(crate) fn encode<T: SolValue>(value: &T) -> Vec<u8> {
    value.abi_encode()
}

/// The body of a message: its kind, then `abi.encode(value)`.
pub(crate) fn body<T: SolValue>(kind: u8, value: &T) -> Vec<u8> {
    let mut body = Vec::with_capacity(value.abi_encoded_size().saturating_add(1));
    body.push(kind);
    body.extend_from_slice(&value.abi_encode());
    body
}

/// What a field holds that this kind does not use: nothing, or it is refused.
pub(crate) fn unused<T: Default + PartialEq>(field: &'static str, value: &T) -> Result<(), AbiError> {
    if *value == T::default() {
        Ok(())
    } else {
        Err(AbiError::UnusedField { field })
    }
}

/// A length for an error.
pub(crate) fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}
