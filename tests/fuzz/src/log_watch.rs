//! The runtime's log, of which errors are noted: a defensive check that fails does not stop a release build.

use log::{Level, LevelFilter, Log, Metadata, Record};
use std::{cell::RefCell, sync::Once};

struct Watch;

thread_local! {
    static ERROR: RefCell<Option<String>> = const { RefCell::new(None) };
}

impl Log for Watch {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() == Level::Error
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let line = format!("{}: {}", record.target(), record.args());
            ERROR.with_borrow_mut(|error| {
                error.get_or_insert(line);
            });
        }
    }

    fn flush(&self) {}
}

/// Listens from now on. A process with a log of its own is left as it is.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if log::set_logger(&Watch).is_ok() {
            log::set_max_level(LevelFilter::Error);
        }
    });
}

/// The first error of this thread since the last call.
pub fn take() -> Option<String> {
    ERROR.take()
}
