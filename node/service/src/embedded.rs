//! What the binary hands to the service when it starts.

use std::sync::OnceLock;

/// What is compiled into the binary and not into the service, so that a new runtime or a new commit only relinks the binary.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    /// The runtime's wasm; none where the binary was built without it.
    pub wasm: Option<&'static [u8]>,
    /// Version with commit, for people and for telemetry.
    pub version: &'static str,
}

static EMBEDDED: OnceLock<Embedded> = OnceLock::new();

impl Embedded {
    /// Keeps it for the life of the process. The first call counts.
    pub(crate) fn keep(self) {
        EMBEDDED.get_or_init(|| self);
    }

    /// What [`Embedded::keep`] kept; a library user that kept nothing has no runtime of its own.
    pub(crate) fn get() -> Self {
        EMBEDDED.get().copied().unwrap_or(Self {
            wasm: None,
            version: env!("CARGO_PKG_VERSION"),
        })
    }
}
