//! Inputs of tasks: bytes that travel inside the transaction, or blobs that it names by digest.

use crate::{view::InputSchema, Digest, Error};
use pensum_primitives::task::MAX_INLINE;
use sp_crypto_hashing::sha2_256;

/// What the model shall read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// The bytes themselves.
    Inline(Vec<u8>),
    /// Bytes in the solvers' content stores.
    Blob {
        /// Their `sha2_256`.
        digest: Digest,
        /// Their length.
        len: u32,
    },
}

impl Input {
    /// Bytes for the transaction, if they are not too long for one.
    pub fn inline(bytes: Vec<u8>) -> Result<Self, Error> {
        if bytes.len() > MAX_INLINE as usize {
            return Err(Error::usage(
                "InputTooLong",
                format!(
                    "An input has {} bytes and a transaction carries {MAX_INLINE}.",
                    bytes.len()
                ),
                "Shorten it, or cut it into several tasks.",
            ));
        }
        Ok(Self::Inline(bytes))
    }

    /// Bytes that lie in a content store.
    pub fn blob(bytes: &[u8]) -> Self {
        Self::Blob {
            digest: sha2_256(bytes).into(),
            len: bytes.len() as u32,
        }
    }

    /// Length in bytes.
    pub fn len(&self) -> u32 {
        match self {
            Self::Inline(bytes) => bytes.len() as u32,
            Self::Blob { len, .. } => *len,
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One line of text or one argument as the bytes that a model of this schema reads. `0x` and hex digits mean bytes; for a tensor so
/// do numbers with commas between them.
pub fn from_text(schema: &InputSchema, text: &str) -> Result<Vec<u8>, Error> {
    match schema {
        InputSchema::Text { max_bytes } => {
            let bytes = text.as_bytes().to_vec();
            if bytes.len() > *max_bytes as usize {
                return Err(wrong_shape(format!(
                    "The text has {} bytes and the model reads {max_bytes}.",
                    bytes.len()
                )));
            }
            Ok(bytes)
        }
        InputSchema::Tensor { len } => {
            let bytes = tensor(text)?;
            if bytes.len() != *len as usize {
                return Err(wrong_shape(format!(
                    "The input has {} elements and the model reads exactly {len}.",
                    bytes.len()
                )));
            }
            Ok(bytes)
        }
    }
}

fn tensor(text: &str) -> Result<Vec<u8>, Error> {
    if text.starts_with("0x") {
        return crate::key::hex_bytes(text);
    }
    // Elements are bytes; a negative int8 is written as it is meant.
    let element = |number: &str| -> Option<u8> {
        let number: i16 = number.trim().parse().ok()?;
        u8::try_from(number)
            .ok()
            .or_else(|| i8::try_from(number).ok().map(|n| n as u8))
    };
    text.split(',')
        .map(element)
        .collect::<Option<Vec<u8>>>()
        .ok_or_else(|| {
            Error::usage(
                "Input",
                "The input is no tensor of bytes.",
                "Give 0x and hex digits, or numbers from -128 to 255 with commas between them.",
            )
        })
}

fn wrong_shape(fact: String) -> Error {
    Error::usage("InputWrongShape", fact, "See `input` in `pensum model show`.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_its_utf8_even_if_it_looks_like_hex() {
        let schema = InputSchema::Text { max_bytes: 6 };
        assert_eq!(from_text(&schema, "schön").unwrap(), "schön".as_bytes());
        assert_eq!(from_text(&schema, "0x01").unwrap(), b"0x01");
        assert_eq!(
            from_text(&schema, "zu lang").unwrap_err().code,
            "usage.InputWrongShape"
        );
    }

    #[test]
    fn a_tensor_is_hex_or_numbers() {
        let schema = InputSchema::Tensor { len: 3 };
        assert_eq!(from_text(&schema, "0x0110ff").unwrap(), [1, 16, 255]);
        assert_eq!(from_text(&schema, "1, 16,-1").unwrap(), [1, 16, 255]);
        assert_eq!(
            from_text(&schema, "1,2").unwrap_err().code,
            "usage.InputWrongShape"
        );
        for wrong in ["a,b,c", "1,2,256", "1,2,-129", "0xz"] {
            assert_eq!(
                from_text(&schema, wrong).unwrap_err().kind.exit_code(),
                2,
                "{wrong}"
            );
        }
    }

    #[test]
    fn an_input_fits_a_transaction_or_is_named_by_digest() {
        assert!(Input::inline(vec![0; MAX_INLINE as usize]).is_ok());
        assert!(Input::inline(vec![0; MAX_INLINE as usize + 1]).is_err());
        let blob = Input::blob(b"abc");
        assert_eq!((blob.len(), blob.is_empty()), (3, false));
        let Input::Blob { digest, .. } = blob else {
            panic!("a blob is named by digest");
        };
        assert_eq!(
            hex::encode(digest),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
