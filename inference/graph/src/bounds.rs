//! Interval arithmetic: what values a tensor's elements can take.

/// All elements of a tensor lie in `lo..=hi`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Interval {
    pub(crate) lo: i64,
    pub(crate) hi: i64,
}

impl Interval {
    pub(crate) const INT8: Self = Self { lo: -128, hi: 127 };
    /// Stands for text and ids, whose elements no operator does arithmetic on.
    pub(crate) const NONE: Self = Self { lo: 0, hi: 0 };

    pub(crate) fn shifted_down(self, by: i64) -> Self {
        Self {
            lo: self.lo.saturating_sub(by),
            hi: self.hi.saturating_sub(by),
        }
    }

    pub(crate) fn clamped(self, min: i64, max: i64) -> Self {
        Self {
            lo: self.lo.max(min).min(max),
            hi: self.hi.max(min).min(max),
        }
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self {
            lo: self.lo.min(other.lo),
            hi: self.hi.max(other.hi),
        }
    }

    /// The products of any element with `factor`.
    pub(crate) fn scaled(self, factor: i64) -> Self {
        let (a, b) = (self.lo.saturating_mul(factor), self.hi.saturating_mul(factor));
        Self {
            lo: a.min(b),
            hi: a.max(b),
        }
    }

    /// The sums of an element of each.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            lo: self.lo.saturating_add(other.lo),
            hi: self.hi.saturating_add(other.hi),
        }
    }

    pub(crate) fn magnitude(self) -> i64 {
        self.lo.saturating_abs().max(self.hi.saturating_abs())
    }
}
