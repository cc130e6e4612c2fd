//! The limits of a text.

use std::ops::{Bound, RangeBounds};

use super::{Check, LengthUnit, Level, Limit};
use crate::charset::Charset;
use crate::time::{Date, pattern_width};

/// States the limits of one text. See [`Check::text`].
pub struct TextCheck<'c, 'a> {
    check: &'c mut Check<'a>,
    name: &'c str,
    value: &'c str,
    level: Level,
    /// The first violation of this text.
    first: usize,
    is_sensitive: bool,
}

impl<'c, 'a> TextCheck<'c, 'a> {
    #[inline]
    pub(super) fn new(check: &'c mut Check<'a>, name: &'c str, value: &'c str) -> Self {
        let first = check.violations.len();
        if check.absent.holds(value) {
            missing(check, name);
        }
        match check.charset {
            // Which writes every character.
            None | Some(Charset::Utf8) => {}
            Some(charset) => encodable(check, name, value, charset),
        }
        Self { check, name, value, level: Level::Must, first, is_sensitive: false }
    }

    /// The value must not be seen: lengths are shown, nothing else.
    #[inline]
    pub fn sensitive(mut self) -> Self {
        self.is_sensitive = true;
        self.check.violations.iter_mut().skip(self.first).for_each(super::Violation::conceal);
        self
    }

    /// What follows is only advised.
    #[inline]
    pub fn should(mut self) -> Self {
        self.level = Level::Should;
        self
    }

    /// Not empty, even where empty values do not count as absent.
    pub fn filled(mut self) -> Self {
        if self.value.is_empty() && !self.is_missing() {
            self.broken(Limit::Missing, None);
        }
        self
    }

    /// At least so many characters, at most so many.
    #[inline]
    pub fn length(self, range: impl RangeBounds<usize>) -> Self {
        let (min, max) = bounds(&range);
        // A character has one to four bytes: mostly that is enough to know, and nothing has to be counted.
        let (least, most) = (self.value.len().div_ceil(4), self.value.len());
        if min.is_none_or(|min| least >= min) && max.is_none_or(|max| most <= max) {
            return self;
        }
        self.counted((min, max))
    }

    /// At least so many bytes, at most so many: in the client's charset, or in this one where the check does not know
    /// the client.
    pub fn bytes(self, range: impl RangeBounds<usize>, charset: Charset) -> Self {
        let charset = self.check.charset.unwrap_or(charset);
        // Text that the charset cannot write has no length in it; that is a violation of its own.
        match charset.encode(self.value).map(|bytes| bytes.len()) {
            Ok(count) => self.measure(count, LengthUnit::Bytes(charset), bounds(&range)),
            Err(_) => self,
        }
    }

    /// Only characters in these ranges, both ends included. The name is for messages: `A-Za-z0-9_-`.
    pub fn alphabet(mut self, name: &str, ranges: &[(char, char)]) -> Self {
        let is_listed =
            |character: char| ranges.iter().any(|(first, last)| (*first..=*last).contains(&character));
        let odd = self.value.chars().enumerate().find(|(_, character)| !is_listed(*character));
        if let Some((index, odd)) = odd {
            let limit = Limit::Alphabet { name: name.to_owned() };
            self.broken(limit, Some(character(odd, index)));
        }
        self
    }

    /// Begins with the value of a public credential.
    pub fn starts_with_credential(mut self, name: &str) -> Self {
        let wanted = self.check.credential_value(name);
        if !self.is_missing() && wanted.is_some_and(|wanted| !self.value.starts_with(wanted)) {
            self.broken(Limit::StartsWithCredential { name: name.to_owned() }, None);
        }
        self
    }

    /// Begins with a day that is at most so many days before or after today. For patterns see [`Date::parse`].
    pub fn starts_with_date(mut self, pattern: &str, within_days: u32) -> Self {
        let Some(today) = self.check.today.date().filter(|_| !self.is_missing()) else { return self };
        let written = self.value.get(..pattern_width(pattern)).unwrap_or_default();
        let is_near = |day: Date| day.days_since(today).unsigned_abs() <= u64::from(within_days);
        if !Date::parse(written, pattern).is_ok_and(is_near) {
            let limit = Limit::StartsWithDate { pattern: pattern.to_owned(), within_days };
            self.broken(limit, None);
        }
        self
    }

    #[inline(never)]
    fn counted(self, limits: (Option<usize>, Option<usize>)) -> Self {
        let count = self.value.chars().count();
        self.measure(count, LengthUnit::Characters, limits)
    }

    #[inline]
    fn measure(mut self, count: usize, unit: LengthUnit, (min, max): (Option<usize>, Option<usize>)) -> Self {
        let is_short = min.is_some_and(|min| count < min);
        let is_long = max.is_some_and(|max| count > max);
        if is_short || is_long {
            self.outside(count, unit, (min, max));
        }
        self
    }

    #[cold]
    fn outside(&mut self, count: usize, unit: LengthUnit, (min, max): (Option<usize>, Option<usize>)) {
        let limit = match (min, max) {
            // A missing value is one violation, not two.
            (Some(min), _) if count < min && !self.is_missing() => Limit::MinLength { min, unit },
            (_, Some(max)) if count > max => Limit::MaxLength { max, unit },
            _ => return,
        };
        let counted = match (unit, count) {
            (LengthUnit::Characters, 1) => "1 character".to_owned(),
            (LengthUnit::Characters, count) => format!("{count} characters"),
            (LengthUnit::Bytes(charset), 1) => format!("1 byte in {charset}"),
            (LengthUnit::Bytes(charset), count) => format!("{count} bytes in {charset}"),
        };
        self.broken(limit, Some(counted));
    }

    fn is_missing(&self) -> bool {
        let mut violations = self.check.violations.iter().skip(self.first);
        violations.any(|violation| violation.limit == Limit::Missing)
    }

    #[cold]
    fn broken(&mut self, limit: Limit, measured: Option<String>) {
        self.check.push(self.level, self.check.path_of(self.name), limit, measured);
        if let Some(violation) = self.check.violations.last_mut().filter(|_| self.is_sensitive) {
            violation.conceal();
        }
    }
}

#[cold]
fn missing(check: &mut Check<'_>, name: &str) {
    check.push(Level::Must, check.path_of(name), Limit::Missing, None);
}

fn encodable(check: &mut Check<'_>, name: &str, value: &str, charset: Charset) {
    if let Err(refused) = charset.encode(value) {
        let measured = character(refused.character, refused.index);
        check.push(Level::Must, check.path_of(name), Limit::Unencodable { charset }, Some(measured));
    }
}

/// A single character and where it stands, counted from one.
fn character(character: char, index: usize) -> String {
    format!("character {} ({character:?})", index + 1)
}

/// The least and the most that a range of whole numbers allows.
pub(super) fn bounds(range: &impl RangeBounds<usize>) -> (Option<usize>, Option<usize>) {
    let min = match range.start_bound() {
        Bound::Unbounded => None,
        Bound::Included(min) => Some(*min),
        Bound::Excluded(below) => Some(below.saturating_add(1)),
    };
    let max = match range.end_bound() {
        Bound::Unbounded => None,
        Bound::Included(max) => Some(*max),
        Bound::Excluded(above) => Some(above.saturating_sub(1)),
    };
    (min, max)
}
