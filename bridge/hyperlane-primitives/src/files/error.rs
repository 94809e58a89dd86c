use core::fmt;

use crate::{announcement::LocationError, limits::MAX_FILE_BYTES, signature::SignatureError};

/// Why a validator's file is not believed. `Display` adds the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileError {
    /// It is longer than any that a validator writes.
    TooLong,
    /// It is not of this form.
    Malformed,
    /// Its two forms of the signature, or two of its fields, contradict each other.
    Contradiction,
    /// Its signature has no form that a chain accepts.
    Signature(SignatureError),
    /// Its location is none.
    Location(LocationError),
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(
                f,
                "The file is longer than {MAX_FILE_BYTES} bytes. Read the validator's other files, and tell its operator."
            ),
            Self::Malformed => f.write_str(
                "The file is not of the form of Hyperlane v3. Let the validator write it again: older agents wrote others.",
            ),
            Self::Contradiction => f.write_str(
                "The file says its signature twice, and differently. Let the validator write it again.",
            ),
            Self::Signature(why) => why.fmt(f),
            Self::Location(why) => why.fmt(f),
        }
    }
}

impl core::error::Error for FileError {}

impl From<SignatureError> for FileError {
    fn from(why: SignatureError) -> Self {
        Self::Signature(why)
    }
}

impl From<LocationError> for FileError {
    fn from(why: LocationError) -> Self {
        Self::Location(why)
    }
}

impl From<serde_json::Error> for FileError {
    fn from(_: serde_json::Error) -> Self {
        Self::Malformed
    }
}
