//! A length of time as providers write it: a count and a unit, `96h`.
//!
//! A [`Span`] keeps its unit, because `96h` and `4d` are the same time and different texts, and signatures cover
//! the text. For waiting and for clocks, [`std::time::Duration`] is used.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// A length of time that remembers its unit. Compared by length: `Span::hours(96) == Span::days(4)`.
///
/// ```
/// use payspec_runtime::Span;
///
/// assert_eq!(Span::hours(96).to_string(), "96h");
/// assert!(Span::hours(96) < Span::days(15));
/// ```
#[derive(Clone, Copy)]
pub struct Span {
    count: u64,
    unit: Unit,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Seconds,
    Minutes,
    Hours,
    Days,
}

impl Unit {
    const fn seconds(self) -> u128 {
        match self {
            Self::Seconds => 1,
            Self::Minutes => 60,
            Self::Hours => 60 * 60,
            Self::Days => 24 * 60 * 60,
        }
    }

    const fn letter(self) -> char {
        match self {
            Self::Seconds => 's',
            Self::Minutes => 'm',
            Self::Hours => 'h',
            Self::Days => 'd',
        }
    }

    const fn of(letter: char) -> Option<Self> {
        match letter {
            's' => Some(Self::Seconds),
            'm' => Some(Self::Minutes),
            'h' => Some(Self::Hours),
            'd' => Some(Self::Days),
            _ => None,
        }
    }
}

/// The text is not a length of time such as `96h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a length of time is a whole number and a unit (s, m, h or d) without anything else: `96h`")]
pub struct SpanError;

impl Span {
    /// So many seconds, written `30s`.
    #[must_use]
    pub const fn seconds(count: u64) -> Self {
        Self { count, unit: Unit::Seconds }
    }

    /// So many minutes, written `30m`.
    #[must_use]
    pub const fn minutes(count: u64) -> Self {
        Self { count, unit: Unit::Minutes }
    }

    /// So many hours, written `96h`.
    #[must_use]
    pub const fn hours(count: u64) -> Self {
        Self { count, unit: Unit::Hours }
    }

    /// So many days of 24 hours, written `15d`.
    #[must_use]
    pub const fn days(count: u64) -> Self {
        Self { count, unit: Unit::Days }
    }

    /// How many of its unit.
    #[must_use]
    pub const fn count(self) -> u64 {
        self.count
    }

    /// The letter of its unit: `s`, `m`, `h` or `d`.
    #[must_use]
    pub const fn unit(self) -> char {
        self.unit.letter()
    }

    /// Its length in seconds.
    #[must_use]
    pub const fn as_seconds(self) -> u128 {
        self.count as u128 * self.unit.seconds()
    }
}

impl FromStr for Span {
    type Err = SpanError;

    /// Reads digits and one letter: `96h`. No sign, no blanks, no leading zero.
    fn from_str(text: &str) -> Result<Self, SpanError> {
        let unit = text.chars().next_back().and_then(Unit::of).ok_or(SpanError)?;
        let digits = text.strip_suffix(unit.letter()).ok_or(SpanError)?;
        let superfluous_zero = digits.len() > 1 && digits.starts_with('0');
        if superfluous_zero || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(SpanError);
        }
        Ok(Self { count: digits.parse().map_err(|_| SpanError)?, unit })
    }
}

impl PartialEq for Span {
    fn eq(&self, other: &Self) -> bool {
        self.as_seconds() == other.as_seconds()
    }
}

impl Eq for Span {}

impl PartialOrd for Span {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Span {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_seconds().cmp(&other.as_seconds())
    }
}

impl Hash for Span {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_seconds().hash(state);
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit.letter())
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Span({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_is_kept_and_the_length_compared() {
        assert_eq!(Span::hours(96), Span::days(4));
        assert_eq!(Span::hours(96).to_string(), "96h");
        assert_eq!(Span::days(4).to_string(), "4d");
        assert!(Span::seconds(59) < Span::minutes(1));
        assert!(Span::days(u64::MAX) > Span::hours(u64::MAX));
    }

    #[test]
    fn only_the_plain_form_is_read() {
        assert_eq!("96h".parse::<Span>().map(|span| span.to_string()), Ok("96h".to_owned()));
        assert_eq!("0s".parse(), Ok(Span::seconds(0)));
        for odd in
            ["", "h", "96", "96H", "+96h", "-1h", " 96h", "96 h", "096h", "1.5h", "９６h", "96hh", "96h中"]
        {
            assert_eq!(odd.parse::<Span>(), Err(SpanError), "{odd:?}");
        }
        assert_eq!("18446744073709551616s".parse::<Span>(), Err(SpanError));
    }
}
