//! Text to the ids of its hashed character n-grams.

use alloc::vec::Vec;

use super::IdSource;
use crate::{
    limits::{FORMAT_MAX_BUCKET_BITS, FORMAT_MAX_CHARS, FORMAT_MAX_ORDER},
    lite,
    node::Definition,
    tensor::{Kind, Shape},
    GraphError, ParameterName,
};

pub(crate) const NORMALISATION_LITE: u8 = 1;

const SEED: u32 = 2_166_136_261;
const STEP: u32 = 0x9E37_79B1;
const FINISH: u32 = 0x85EB_CA6B;

#[derive(Clone, Debug)]
pub(crate) struct NGramHash {
    lo: u8,
    hi: u8,
    shift: u32,
    max_chars: u32,
}

impl NGramHash {
    pub(super) fn parse(mut def: Definition<'_, '_>) -> Result<Self, GraphError> {
        let fields = (|| {
            let fields = &mut def.parameters;
            Some((
                fields.u8()?,
                fields.u8()?,
                fields.u8()?,
                fields.u8()?,
                fields.u32()?,
            ))
        })();
        let (normalisation, lo, hi, bits, max_chars) = def.field(fields)?;
        def.end()?;
        def.input_type(def.input.kind == Kind::Text)?;
        def.output_type(def.output.kind == Kind::Ids)?;
        def.require(normalisation == NORMALISATION_LITE, ParameterName::Normalisation)?;
        def.require(
            1 <= lo && lo <= hi && hi <= FORMAT_MAX_ORDER,
            ParameterName::Orders,
        )?;
        def.require((1..=FORMAT_MAX_BUCKET_BITS).contains(&bits), ParameterName::Bits)?;
        def.require(
            (1..=FORMAT_MAX_CHARS).contains(&max_chars),
            ParameterName::MaxChars,
        )?;
        def.weights_length(0)?;
        let shift = 32u32.saturating_sub(bits.into());
        let hash = Self {
            lo,
            hi,
            shift,
            max_chars,
        };
        let most = Shape::line(hash.ids_of_chars(max_chars.into()) as u32);
        def.output_shape(most == Some(def.output.shape))?;
        Ok(hash)
    }

    pub(crate) fn buckets(&self) -> u32 {
        1u32.unbounded_shl(32u32.saturating_sub(self.shift))
    }

    /// The greatest number of code points that a text of so many bytes normalises to: every letter and every gap takes
    /// at least a byte, except for the two spaces around the whole.
    pub(crate) fn chars_of_bytes(&self, bytes: u64) -> u64 {
        bytes.saturating_add(2).min(self.max_chars.into())
    }

    /// How many n-grams so many code points have.
    pub(crate) fn ids_of_chars(&self, chars: u64) -> u64 {
        (self.lo..=self.hi)
            .map(|order| chars.saturating_add(1).saturating_sub(order.into()))
            .fold(0, u64::saturating_add)
    }

    /// How many hash steps they take, orders below the smallest included.
    pub(crate) fn steps_of_chars(&self, chars: u64) -> u64 {
        chars.saturating_mul(self.hi.into())
    }

    pub(crate) fn hash<'n>(&'n self, text: &str) -> Hashed<'n> {
        Hashed {
            hash: self,
            chars: lite::normalise(text, self.max_chars as usize),
        }
    }
}

/// A normalised text on its way to ids, which need not be written down to be summed.
pub(crate) struct Hashed<'n> {
    hash: &'n NGramHash,
    chars: Vec<u32>,
}

impl Hashed<'_> {
    pub(crate) fn ids(&self) -> Vec<u32> {
        let mut ids = Vec::with_capacity(self.hash.ids_of_chars(self.chars.len() as u64) as usize);
        self.for_each_id(|id| ids.push(id));
        ids
    }
}

impl IdSource for Hashed<'_> {
    #[inline]
    fn for_each_id(&self, mut visit: impl FnMut(u32)) {
        let NGramHash { lo, hi, shift, .. } = *self.hash;
        let mut rest = self.chars.as_slice();
        while let [_, tail @ ..] = rest {
            let mut state = SEED;
            for (order, c) in (1..=hi).zip(rest) {
                state = state.wrapping_mul(STEP).wrapping_add(*c);
                if order >= lo {
                    visit((state ^ (state >> 15)).wrapping_mul(FINISH).wrapping_shr(shift));
                }
            }
            rest = tail;
        }
    }
}
