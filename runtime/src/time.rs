//! Time: instants, calendar days, and the clock that a client asks.
//!
//! Providers write local times without a zone, nearly always at a fixed +08:00. So there is no time zone database
//! here: a zone is a number of seconds east of UTC, and patterns are of fixed width ([`pattern`]). The clock is a
//! trait, so that tests and the fake provider own the time.

mod clock;
mod pattern;

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use jiff::tz::Offset;

pub use self::clock::{Clock, FixedClock, SystemClock};
pub use self::pattern::TimeError;
use self::pattern::{Fields, Pattern};
use crate::short::ShortText;

const MILLIS: i64 = 1000;
/// 0001-01-01T00:00:00Z; every year that is written has four digits.
const FIRST_SECOND: i64 = -62_135_596_800;
/// 9999-12-30T21:59:59Z, the last second that is a day of four-digit year in every zone.
const LAST_SECOND: i64 = 253_402_207_199;
/// No zone is farther from UTC than this.
const FARTHEST_ZONE: i32 = 93_599;

/// An instant, with millisecond precision.
///
/// ```
/// use payspec_runtime::Timestamp;
///
/// let paid = Timestamp::from_unix_seconds(1_566_061_421).unwrap();
/// assert_eq!(paid.to_string(), "2019-08-17T17:03:41Z");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

/// A day of the calendar, without a zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Timestamp {
    /// So many seconds after 1970-01-01T00:00:00Z. `None` outside the years 1 to 9999.
    #[must_use]
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        Self::from_unix_millis(seconds.checked_mul(MILLIS)?)
    }

    /// So many milliseconds after 1970-01-01T00:00:00Z. `None` outside the years 1 to 9999.
    #[must_use]
    pub fn from_unix_millis(millis: i64) -> Option<Self> {
        if is_possible(millis) { jiff::Timestamp::from_millisecond(millis).ok().map(Self) } else { None }
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, the part of a second cut off towards the past.
    #[must_use]
    pub fn unix_seconds(self) -> i64 {
        self.unix_millis().div_euclid(MILLIS)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix_millis(self) -> i64 {
        self.0.as_millisecond()
    }

    /// Reads a local time in a zone of so many seconds east of UTC, strictly by a pattern: `%Y` four digits, `%m`,
    /// `%d`, `%H`, `%M`, `%S` two digits, `%3f` milliseconds, `%%` a percent sign, anything else as it stands. Year,
    /// month and day must be in the pattern; a time that is not counts from zero.
    ///
    /// # Errors
    /// [`TimeError`] when the text is not written so, or is no time that exists.
    pub fn parse(text: &str, pattern: &str, zone_seconds: i32) -> Result<Self, TimeError> {
        let fields = Pattern(pattern).read(text)?;
        let impossible = || TimeError::impossible(pattern);
        let day = fields.date().ok_or_else(impossible)?;
        let time = fields.time().ok_or_else(impossible)?;
        let instant = zone(zone_seconds).to_timestamp(day.to_datetime(time)).map_err(|_| impossible())?;
        // Patterns have whole milliseconds, so nothing is lost.
        if is_possible(instant.as_millisecond()) { Ok(Self(instant)) } else { Err(impossible()) }
    }

    /// The calendar day in a zone of so many seconds east of UTC.
    #[must_use]
    pub fn date_at(self, zone_seconds: i32) -> Date {
        Date(zone(zone_seconds).to_datetime(self.0).date())
    }

    pub(crate) fn write(self, pattern: &str, zone_seconds: i32) -> ShortText {
        let local = zone(zone_seconds).to_datetime(self.0);
        Pattern(pattern).write(&Fields::of(local.date(), local.time()))
    }
}

impl Date {
    /// The day, if it exists. The year is 0 to 9999.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let (year, month, day) =
            (i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        civil::Date::new(year, month, day).ok().map(Self)
    }

    /// Reads a day strictly by a pattern of `%Y`, `%m` and `%d`, as [`Timestamp::parse`] does.
    ///
    /// # Errors
    /// [`TimeError`] when the text is not written so, or is no day that exists.
    pub fn parse(text: &str, pattern: &str) -> Result<Self, TimeError> {
        let day = Pattern(pattern).read(text)?.date();
        day.map(Self).ok_or_else(|| TimeError::impossible(pattern))
    }

    /// Days from the other day to this one; negative if this one is earlier.
    #[must_use]
    pub(crate) fn days_since(self, other: Self) -> i64 {
        self.0.duration_since(other.0).as_hours() / 24
    }

    pub(crate) fn write(self, pattern: &str) -> ShortText {
        Pattern(pattern).write(&Fields::of(self.0, civil::Time::midnight()))
    }
}

/// The width in bytes of what a pattern reads and writes.
pub(crate) fn pattern_width(pattern: &str) -> usize {
    Pattern(pattern).width()
}

/// Whether an instant, in milliseconds, lies in the years 1 to 9999.
fn is_possible(millis: i64) -> bool {
    (FIRST_SECOND..=LAST_SECOND).contains(&millis.div_euclid(MILLIS))
}

/// The offset as the library has it. The compiler of specifications lets no other zone pass.
fn zone(seconds: i32) -> Offset {
    Offset::from_seconds(seconds.clamp(-FARTHEST_ZONE, FARTHEST_ZONE)).unwrap_or(Offset::UTC)
}

impl FromStr for Date {
    type Err = TimeError;

    /// Reads `yyyy-MM-dd`.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        Self::parse(text, "%Y-%m-%d")
    }
}

impl fmt::Display for Timestamp {
    /// As in RFC 3339, in UTC: `2019-08-17T17:03:41Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

impl fmt::Display for Date {
    /// `2019-08-17`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Date({self})")
    }
}
