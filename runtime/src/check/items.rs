//! The limits of a list itself.

use std::ops::RangeBounds;

use super::text::bounds;
use super::{Check, Level, Limit};

/// States the limits of one list. See [`Check::items`].
pub struct ItemsCheck<'c, 'a> {
    check: &'c mut Check<'a>,
    name: &'c str,
    count: usize,
    level: Level,
}

impl<'c, 'a> ItemsCheck<'c, 'a> {
    pub(super) fn new(check: &'c mut Check<'a>, name: &'c str, count: usize) -> Self {
        Self { check, name, count, level: Level::Must }
    }

    /// What follows is only advised.
    pub fn should(mut self) -> Self {
        self.level = Level::Should;
        self
    }

    /// At least so many items, at most so many.
    pub fn count(self, range: impl RangeBounds<usize>) -> Self {
        let (min, max) = bounds(&range);
        let limit = match (min, max) {
            (Some(min), _) if self.count < min => Limit::MinItems { min },
            (_, Some(max)) if self.count > max => Limit::MaxItems { max },
            _ => return self,
        };
        let items = if self.count == 1 { "item" } else { "items" };
        let measured = Some(format!("{} {items}", self.count));
        self.check.push(self.level, self.check.path_of(self.name), limit, measured);
        self
    }
}
