//! What must never be.

use core::fmt;

/// Something that must always be true is not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation(pub String);

/// A result, or what is not as it must be.
pub type Checked<T = ()> = Result<T, Violation>;

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Says what is wrong unless it holds.
pub fn hold(holds: bool, otherwise: impl FnOnce() -> String) -> Checked {
    holds.then_some(()).ok_or_else(|| Violation(otherwise()))
}
