use alloc::{string::String, string::ToString};

use super::FileError;

/// The content of [`LATEST_FILE`](super::LATEST_FILE): decimal digits and no line end, which agents would not read.
pub fn print_latest(index: u32) -> String {
    index.to_string()
}

/// The index in [`LATEST_FILE`](super::LATEST_FILE).
pub fn parse_latest(bytes: &[u8]) -> Result<u32, FileError> {
    let text = core::str::from_utf8(bytes).map_err(|_| FileError::Malformed)?;
    let index: u32 = text.parse().map_err(|_| FileError::Malformed)?;
    // `parse` also takes a plus sign and leading zeros, which nobody writes.
    if index.to_string() != text {
        return Err(FileError::Malformed);
    }
    Ok(index)
}
