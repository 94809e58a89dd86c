//! Progress on standard error, which indicatif leaves out where that is no terminal.

use super::answer::say;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// Shows that something is waited for, until it is dropped.
pub struct Wait(ProgressBar);

impl Wait {
    pub(super) fn new(steps: Option<u64>, what: String, quiet: bool) -> Self {
        let bar = match steps {
            Some(steps) => ProgressBar::new(steps),
            None => ProgressBar::new_spinner(),
        };
        if quiet {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let template = match steps {
            Some(_) => "{spinner} {msg} [{bar:30}] {pos}/{len} {elapsed}",
            None => "{spinner} {msg} {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        bar.set_message(what);
        Self(bar)
    }

    /// How far it is.
    pub fn reached(&self, step: usize) {
        self.0.set_position(step as u64);
    }

    /// What is being done.
    pub fn tell(&self, what: impl Into<String>) {
        self.0.set_message(what.into());
    }

    /// Prints a line above it.
    pub fn line(&self, line: &str) {
        self.0.suspend(|| say(line));
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
