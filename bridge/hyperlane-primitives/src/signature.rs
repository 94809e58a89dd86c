//! Ethereum's signatures: r ‖ s ‖ v, as strict about their form as the contract that checks them.

use core::fmt;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::{H160, H256};
use scale_info::TypeInfo;

use crate::crypto::Crypto;

/// The recovery byte of a point with an even y.
pub const RECOVERY_BYTE_EVEN: u8 = 27;
/// The recovery byte of a point with an odd y.
pub const RECOVERY_BYTE_ODD: u8 = 28;
/// Bytes of a signature.
pub const SIGNATURE_BYTES: usize = 65;

/// The order of secp256k1, of which r and s are non-zero residues.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xba,
    0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
];
/// Half of it, rounded down: the largest s that is "low". For every s there is a second signature with `ORDER - s`.
const HALF_ORDER: [u8; 32] = [
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x5d,
    0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
];

/// A signature as it lies in metadata.
pub type SignatureBytes = [u8; SIGNATURE_BYTES];

/// r (32) ‖ s (32) ‖ v (1). Any 65 bytes can be held; [`check`](Self::check) and [`signer`](Self::signer) say what they are worth.
#[derive(Clone, Copy, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Signature(pub SignatureBytes);

impl Signature {
    /// From a signature whose last byte is 0 or 1, which is how Substrate's key stores and `k256` write it. 27 and 28 stay.
    pub fn from_recoverable(mut bytes: SignatureBytes) -> Result<Self, SignatureError> {
        if let Some(v) = bytes.last_mut() {
            *v = match *v {
                0 => RECOVERY_BYTE_EVEN,
                1 => RECOVERY_BYTE_ODD,
                other => other,
            };
        }
        let signature = Self(bytes);
        signature.check()?;
        Ok(signature)
    }

    /// The first scalar, big-endian.
    pub const fn r(&self) -> &[u8; 32] {
        let (r, _, _) = self.parts();
        r
    }

    /// The second scalar, big-endian.
    pub const fn s(&self) -> &[u8; 32] {
        let (_, s, _) = self.parts();
        s
    }

    /// The recovery byte.
    pub const fn v(&self) -> u8 {
        let (_, _, v) = self.parts();
        v
    }

    const fn parts(&self) -> (&[u8; 32], &[u8; 32], u8) {
        match self.0.split_first_chunk::<32>() {
            Some((r, rest)) => match rest.split_first_chunk::<32>() {
                Some((s, [v])) => (r, s, *v),
                _ => (r, &[0; 32], 0),
            },
            None => (&[0; 32], &[0; 32], 0),
        }
    }

    /// Whether the form is one that Solidity's check accepts: r and s in range, s low, v 27 or 28. Hosts are laxer: they take a v
    /// of 0 to 3 and a high s as well, and each would be a second signature of the same validator.
    pub fn check(&self) -> Result<(), SignatureError> {
        let (r, s, v) = self.parts();
        if *s > HALF_ORDER {
            return Err(SignatureError::HighS);
        }
        if !matches!(v, RECOVERY_BYTE_EVEN | RECOVERY_BYTE_ODD) {
            return Err(SignatureError::RecoveryByte { found: v });
        }
        if *r == [0; 32] || *s == [0; 32] || *r >= ORDER {
            return Err(SignatureError::OutOfRange);
        }
        Ok(())
    }

    /// The address whose key signed `digest`. Every signature of an acceptable form that can be recovered at all has one, so this
    /// proves nothing until the address is compared.
    pub fn signer<C: Crypto>(&self, digest: &H256) -> Result<H160, SignatureError> {
        self.check()?;
        let key = C::secp256k1_recover(&self.0, &digest.0).ok_or(SignatureError::NoKey)?;
        Ok(H160::from(H256(C::keccak_256(&key))))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("0x")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Signatures one after the other, borrowed from metadata.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signatures<'a>(pub &'a [SignatureBytes]);

impl<'a> Signatures<'a> {
    /// How many there are.
    pub const fn count(self) -> usize {
        self.0.len()
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Signature> + 'a {
        self.0.iter().copied().map(Signature)
    }

    /// Their bytes, one after the other.
    pub const fn bytes(self) -> &'a [u8] {
        self.0.as_flattened()
    }
}

/// Why a signature says nothing. `Display` adds the remedy.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum SignatureError {
    /// s is in the upper half of the order.
    HighS,
    /// v is neither 27 nor 28.
    RecoveryByte {
        /// What it is.
        found: u8,
    },
    /// r or s is zero, or r is not below the order.
    OutOfRange,
    /// No key made it.
    NoKey,
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HighS => f.write_str(
                "s is in the upper half of the curve's order. Negate it modulo the order and swap v between 27 and 28.",
            ),
            Self::RecoveryByte { found } => write!(
                f,
                "v is {found}, and must be 27 or 28. Add 27 to a recovery id of 0 or 1."
            ),
            Self::OutOfRange => {
                f.write_str("r or s is no residue of the curve's order. Pass r, s and v in this order, big-endian.")
            }
            Self::NoKey => f.write_str(
                "No key made this signature. Sign the digest of the checkpoint or announcement itself.",
            ),
        }
    }
}

impl core::error::Error for SignatureError {}
