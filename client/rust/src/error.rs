//! What can go wrong: a fact, a remedy, and a kind that programs can act on.

use serde::Serialize;
use std::fmt;

/// What sort of failure it is. Its number is the exit code of the command and stays.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Kind {
    /// The chain, its pool or a service said no.
    Refused = 1,
    /// An argument or a file is wrong; nothing was sent.
    Usage = 2,
    /// Nobody answers at the address, or the connection broke.
    Unreachable = 3,
    /// The time ran out before the end; what was sent may still happen.
    TimedOut = 4,
    /// The tasks ended, but at least one without an answer.
    Refunded = 5,
    /// The doctor found something that must be put right.
    Findings = 6,
    /// The node served something that is not true or cannot be read here.
    Untrusted = 7,
}

impl Kind {
    /// The exit code.
    pub const fn exit_code(self) -> u8 {
        self as u8
    }
}

/// A failure: what is the case, and what to do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Error {
    /// What sort of failure.
    pub kind: Kind,
    /// Its name, for programs: `SolverStaking.NotSolver`, `rpc.UnknownTask`, `usage.Amount`.
    pub code: String,
    /// What is the case.
    pub fact: String,
    /// What to do.
    pub remedy: String,
}

impl Error {
    /// A failure of this kind.
    pub fn new(
        kind: Kind,
        code: impl Into<String>,
        fact: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            code: code.into(),
            fact: fact.into(),
            remedy: remedy.into(),
        }
    }

    /// Somebody said no.
    pub fn refused(code: impl Into<String>, fact: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Kind::Refused, code, fact, remedy)
    }

    /// An argument or a file is wrong. `code` is the part after `usage.`.
    pub fn usage(code: &str, fact: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Kind::Usage, format!("usage.{code}"), fact, remedy)
    }

    /// Nobody answers.
    pub fn unreachable(code: &str, fact: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Kind::Unreachable, code, fact, remedy)
    }

    /// The time ran out.
    pub fn timed_out(code: &str, fact: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Kind::TimedOut, code, fact, remedy)
    }

    /// The node served something that cannot be believed or read.
    pub fn untrusted(code: &str, fact: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Kind::Untrusted, code, fact, remedy)
    }

    /// A file that cannot be read.
    pub fn unreadable(path: &std::path::Path, error: impl fmt::Display) -> Self {
        Self::usage(
            "File",
            format!("{} cannot be read: {error}.", path.display()),
            "Correct the path or the file's permissions.",
        )
    }

    /// What the metadata of this chain does not know or knows otherwise.
    pub(crate) fn metadata(what: &str, error: impl fmt::Display) -> Self {
        Self::untrusted(
            "client.Metadata",
            format!("This chain's metadata does not fit {what}: {error}."),
            "Connect to a Pensum node, or update this command.",
        )
    }

    /// Splits `Fact. Remedy.` after the first sentence.
    pub fn fact_and_remedy(words: &str) -> (String, String) {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let ends = words.match_indices(['.', '!']).map(|(at, _)| at + 1);
        let begins_sentence = |rest: &str| rest.chars().next().is_some_and(char::is_uppercase);
        for end in ends {
            match words.get(end..).and_then(|rest| rest.strip_prefix(' ')) {
                Some(rest) if begins_sentence(rest) => return (words[..end].into(), rest.into()),
                _ => continue,
            }
        }
        (words, String::new())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.fact)?;
        match self.remedy.is_empty() {
            true => Ok(()),
            false => write!(f, " {}", self.remedy),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_splits_into_a_fact_and_a_remedy() {
        assert_eq!(
            Error::fact_and_remedy(" The model is flagged. Choose another, or set `allow_flagged`. "),
            (
                "The model is flagged.".into(),
                "Choose another, or set `allow_flagged`.".into()
            )
        );
        assert_eq!(
            Error::fact_and_remedy("It may have 10.5 bytes\n and no more."),
            ("It may have 10.5 bytes and no more.".into(), String::new())
        );
        assert_eq!(Error::fact_and_remedy(""), (String::new(), String::new()));
    }

    #[test]
    fn an_error_is_told_with_its_code() {
        let error = Error::usage("Amount", "`x` is no amount.", "Write 1.5.");
        assert_eq!(error.to_string(), "usage.Amount: `x` is no amount. Write 1.5.");
        assert_eq!(error.kind.exit_code(), 2);
    }
}
