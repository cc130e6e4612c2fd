//! The limits of a number, an amount, a length of time or a day.

use std::ops::{Bound, RangeBounds};

use rust_decimal::Decimal;

use super::quantity::Quantity;
use super::{Check, Level, Limit};
use crate::span::Span;

/// States the limits of one number. See [`Check::number`].
pub struct NumberCheck<'c, 'a, T> {
    check: &'c mut Check<'a>,
    name: &'c str,
    value: T,
    level: Level,
    is_sensitive: bool,
}

impl<'c, 'a, T: Quantity> NumberCheck<'c, 'a, T> {
    #[inline]
    pub(super) fn new(check: &'c mut Check<'a>, name: &'c str, value: T) -> Self {
        Self { check, name, value, level: Level::Must, is_sensitive: false }
    }

    /// The value must not be seen. To be said before the limits.
    pub fn sensitive(mut self) -> Self {
        self.is_sensitive = true;
        self
    }

    /// What follows is only advised.
    pub fn should(mut self) -> Self {
        self.level = Level::Should;
        self
    }

    /// At least so much, at most so much.
    #[inline]
    pub fn range(self, range: impl RangeBounds<T>) -> Self {
        let (Bound::Included(min) | Bound::Excluded(min)) = range.start_bound() else {
            return self.not_above(range.end_bound());
        };
        if self.value < *min {
            return self.below(min);
        }
        self.not_above(range.end_bound())
    }

    #[inline]
    fn not_above(self, end: Bound<&T>) -> Self {
        let (max, is_above) = match end {
            Bound::Unbounded => return self,
            Bound::Included(max) => (max, self.value > *max),
            Bound::Excluded(max) => (max, self.value >= *max),
        };
        if is_above { self.above(max) } else { self }
    }

    #[cold]
    fn below(self, min: &T) -> Self {
        self.broken(Limit::Minimum { min: min.to_string(), unit: T::UNIT })
    }

    #[cold]
    fn above(self, max: &T) -> Self {
        self.broken(Limit::Maximum { max: max.to_string(), unit: T::UNIT })
    }

    #[cold]
    fn broken(self, limit: Limit) -> Self {
        let measured = (!self.is_sensitive).then(|| self.value.to_string());
        self.check.push(self.level, self.check.path_of(self.name), limit, measured);
        self
    }
}

impl NumberCheck<'_, '_, Decimal> {
    /// At most so many digits after the point; trailing zeros do not count.
    pub fn decimals(self, max: u32) -> Self {
        if self.value.normalize().scale() <= max { self } else { self.broken(Limit::Decimals { max }) }
    }
}

impl NumberCheck<'_, '_, Span> {
    /// One of these units: `&['m', 'h', 'd']`.
    pub fn units(self, letters: &[char]) -> Self {
        if letters.contains(&self.value.unit()) {
            return self;
        }
        let letters: Vec<String> = letters.iter().map(char::to_string).collect();
        self.broken(Limit::Units { letters: letters.join(", ") })
    }
}
