//! `pensum man`

use crate::terminal::{answer::Answer, args::Cli};
use clap::{Args, CommandFactory};
use clap_mangen::Man as Page;
use pensum_client::Error;
use serde_json::json;
use std::{fs, path::PathBuf};

/// Arguments.
#[derive(Debug, Args)]
pub struct Man {
    /// Write one page for each command into this folder, instead of printing the first: `man -l DIR/pensum-task-post.1`.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl Man {
    pub fn run(self) -> Result<Answer, Error> {
        let unwritten = |error: std::io::Error| {
            Error::usage(
                "File",
                format!("The manual cannot be written: {error}."),
                "Name a folder that can be written to.",
            )
        };
        let Some(dir) = self.dir else {
            let mut page = Vec::new();
            Page::new(Cli::command()).render(&mut page).map_err(unwritten)?;
            return Ok(Answer::raw(String::from_utf8_lossy(&page)));
        };
        fs::create_dir_all(&dir).map_err(unwritten)?;
        clap_mangen::generate_to(Cli::command(), &dir).map_err(unwritten)?;
        Ok(Answer::new(
            json!({ "dir": dir }),
            format!("The manual's pages are in {}.", dir.display()),
        ))
    }
}
