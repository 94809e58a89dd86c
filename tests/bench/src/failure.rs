//! Why a measurement did not come about.

use core::fmt;

/// What went wrong, in words. Whoever reads it can only look into it: nothing here is retried.
#[derive(Debug)]
pub struct Failure(pub String);

/// What is measured, or why it is not.
pub type Measured<T = ()> = Result<T, Failure>;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// Fails unless the condition holds.
pub fn hold(condition: bool, why: impl FnOnce() -> String) -> Measured {
    condition.then_some(()).ok_or_else(|| Failure(why()))
}
