//! The bearer token that guards a gateway which others can reach.

use std::{fmt, path::Path};
use subtle::ConstantTimeEq;

/// Least characters of a token: 128 bits in hex.
const MIN_CHARS: usize = 32;
/// Most characters of a token, so that a wrong file is noticed.
const MAX_CHARS: usize = 1024;

/// A secret that every request must carry as `Authorization: Bearer <token>`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// Text that is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The file cannot be read.
    #[error("The token file {path} cannot be read ({source}). Write a token into it, e.g. with `openssl rand -hex 32`, and let this user read it.")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Too short, too long, or with spaces or other signs that no header can carry.
    #[error("The token is not one word of {MIN_CHARS} to {MAX_CHARS} printable ASCII characters. Make one with `openssl rand -hex 32`.")]
    Unfit,
}

impl Token {
    /// A token of this text; white space around it does not count.
    pub fn new(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        let fits =
            (MIN_CHARS..=MAX_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(text.to_owned())).ok_or(TokenError::Unfit)
    }

    /// The token in a file.
    pub fn read(path: &Path) -> Result<Self, TokenError> {
        let text = std::fs::read_to_string(path).map_err(|source| TokenError::Unreadable {
            path: path.display().to_string(),
            source,
        })?;
        Self::new(&text)
    }

    /// Whether this is the token. Takes the same time for every wrong one: digests are compared, not the texts, so not
    /// even the length shows.
    pub fn is(&self, candidate: &str) -> bool {
        let digest = |text: &str| sp_crypto_hashing::sha2_256(text.as_bytes());
        digest(&self.0).ct_eq(&digest(candidate)).into()
    }

    /// The text itself, for the client.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn only_the_same_text_is_the_token() {
        let token = Token::new(&format!("  {GOOD}\n")).unwrap();
        assert!(token.is(GOOD));
        assert!(!token.is(""));
        assert!(!token.is(&GOOD[1..]));
        assert!(!token.is(&format!("{GOOD}0")));
    }

    #[test]
    fn short_or_broken_text_is_no_token() {
        for text in [
            "",
            "short",
            "0123456789abcdef 0123456789abcdef",
            "ä123456789abcdef0123456789abcdef0",
        ] {
            assert!(matches!(Token::new(text), Err(TokenError::Unfit)), "{text}");
        }
    }

    #[test]
    fn a_token_is_not_shown_in_logs() {
        assert_eq!(format!("{:?}", Token::new(GOOD).unwrap()), "Token(…)");
    }
}
