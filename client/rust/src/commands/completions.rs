//! `pensum completions SHELL`

use crate::terminal::{answer::Answer, args::Cli};
use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// Arguments.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell: source what is printed, or put it where the shell looks for completions.
    shell: Shell,
}

impl Completions {
    pub fn run(self) -> Answer {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "pensum", &mut script);
        Answer::raw(String::from_utf8_lossy(&script))
    }
}
