//! What can go wrong: an [`Error`] ends the process, a [`Fault`] is one question to a chain that failed.

use std::{fmt, path::Path};

/// What sort of failure ended the process. Its number is the exit code and stays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    /// The machine: a port, a disk, a thread.
    Machine = 1,
    /// An argument, the configuration or a file that it names.
    Usage = 2,
    /// Nobody answers, and there is nothing to read.
    NothingThere = 3,
    /// Another process has the journal.
    JournalInUse = 4,
    /// The journal is damaged, or another chain's.
    Journal = 5,
    /// A chain's root is not the one that its events make.
    RootMismatch = 6,
    /// A node is another chain's.
    WrongChain = 7,
}

impl Kind {
    /// The exit code.
    pub const fn exit_code(self) -> u8 {
        self as u8
    }
}

/// A failure that ends the process: what is the case, and what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// What sort of failure.
    pub kind: Kind,
    /// What is the case.
    pub fact: String,
    /// What to do.
    pub remedy: String,
}

impl Error {
    /// A failure of this kind.
    pub fn new(kind: Kind, fact: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            kind,
            fact: fact.into(),
            remedy: remedy.into(),
        }
    }

    /// The operator must change something before anything is done.
    pub fn usage(fact: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Kind::Usage, fact, remedy)
    }

    /// The machine does not let this process go on.
    pub fn machine(fact: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Kind::Machine, fact, remedy)
    }

    /// A file that cannot be read.
    pub fn unreadable(path: &Path, why: impl fmt::Display) -> Self {
        Self::usage(
            format!("{} cannot be read: {why}.", path.display()),
            "Correct the path or the file's permissions.",
        )
    }

    /// A file that cannot be written.
    pub fn unwritable(path: &Path, why: impl fmt::Display) -> Self {
        Self::machine(
            format!("{} cannot be written: {why}.", path.display()),
            "See whether the disk is full and the folder may be written to.",
        )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {} {}", self.kind, self.fact, self.remedy)
    }
}

impl std::error::Error for Error {}

/// A question to a chain that got no good answer. Its kind says what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Nobody answered, or not in time, or nonsense: ask again later.
    Unreachable(String),
    /// The chain said no. It will say the same until its state has changed.
    Refused(String),
    /// It costs more than the operator allows, or than the account has. Wait until it costs less.
    TooDear(String),
    /// The chain takes nothing at all for now. It will, and nobody tells when.
    Paused(String),
    /// Never ask again: the process must end.
    Fatal(Error),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) | Self::Refused(why) | Self::TooDear(why) | Self::Paused(why) => {
                f.write_str(why)
            }
            Self::Fatal(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Fault {}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Fatal(error)
    }
}
