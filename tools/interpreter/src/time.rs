//! Instants, days and spans, on a calendar of its own.
//!
//! An instant counts milliseconds since 1970, a day is year, month and day; between the two lies the zone of the
//! spec. The calendar is the Gregorian one, for the years 0 to 9999, which is what four digits can write.

use payspec_codegen::ir::{Span, TimeFormat, TimePattern, TimePiece};

const DAY: i64 = 86_400;

/// A moment, in milliseconds since the beginning of 1970 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(i64);

impl Instant {
    /// From seconds since 1970.
    #[must_use]
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// From milliseconds since 1970.
    #[must_use]
    pub const fn from_unix_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn unix_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The day, in a zone so many seconds east of UTC.
    pub(crate) fn date(self, zone: i32) -> Date {
        Date::from_days((self.unix_seconds().saturating_add(i64::from(zone))).div_euclid(DAY))
    }
}

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date {
    year: i64,
    month: i64,
    day: i64,
}

impl Date {
    fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        let fits = (0..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day);
        fits.then_some(Self { year, month, day })
    }

    /// How many days after 1970-01-01.
    pub(crate) fn days(self) -> i64 {
        // Days before the year: 365 each, and one for each leap year between.
        let years_before = |year: i64| {
            let before = year - 1;
            365 * year + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400)
        };
        let months_before: i64 = (1..self.month).map(|month| days_in(self.year, month)).sum();
        years_before(self.year) - years_before(1970) + months_before + self.day - 1
    }

    /// The day so many days after 1970-01-01.
    fn from_days(days: i64) -> Self {
        // 146097 days are exactly 400 years: go to the right 400 years at once, then year by year.
        let cycles = days.div_euclid(146_097);
        let mut date = Self { year: 1970 + 400 * cycles, month: 1, day: 1 };
        let mut left = days.rem_euclid(146_097);
        while left >= days_in_year(date.year) {
            left -= days_in_year(date.year);
            date.year += 1;
        }
        while left >= days_in(date.year, date.month) {
            left -= days_in(date.year, date.month);
            date.month += 1;
        }
        date.day += left;
        date
    }

    /// `yyyy-MM-dd`.
    pub(crate) fn canonical(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// From `yyyy-MM-dd`.
    pub(crate) fn from_canonical(text: &str) -> Option<Self> {
        let mut left = text;
        let mut number = |count: usize| {
            let value = digits(&mut left, count)?;
            left = left.strip_prefix('-').unwrap_or(left);
            Some(value)
        };
        let date = Self::new(number(4)?, number(2)?, number(2)?)?;
        // Separators are checked by writing it again.
        (date.canonical() == text).then_some(date)
    }

    /// By a pattern of year, month and day.
    pub(crate) fn write(self, pattern: &TimePattern) -> Option<String> {
        write(pattern, self, 0, 0)
    }

    pub(crate) fn read(pattern: &TimePattern, text: &str) -> Option<Self> {
        let (rest, date, ..) = read(pattern, text)?;
        rest.is_empty().then_some(date)
    }

    /// The day at the beginning of the text.
    pub(crate) fn read_at_start(pattern: &TimePattern, text: &str) -> Option<Self> {
        read(pattern, text).map(|(_, date, ..)| date)
    }
}

fn is_leap(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn days_in_year(year: i64) -> i64 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Writes an instant; `None` if its year does not have four digits.
pub(crate) fn write_instant(format: &TimeFormat, instant: Instant, zone: i32) -> Option<String> {
    let pattern = match format {
        TimeFormat::UnixSeconds => return Some(instant.unix_seconds().to_string()),
        TimeFormat::UnixMillis => return Some(instant.unix_millis().to_string()),
        TimeFormat::Pattern(pattern) => pattern,
    };
    let second = instant.unix_seconds().checked_add(i64::from(zone))?.rem_euclid(DAY);
    write(pattern, instant.date(zone), second, instant.unix_millis().rem_euclid(1000))
}

/// Reads an instant as it is on the wire.
pub(crate) fn read_instant(format: &TimeFormat, text: &str, zone: i32) -> Option<Instant> {
    let pattern = match format {
        TimeFormat::UnixSeconds => {
            let seconds = crate::money::integer(text)?;
            return in_range(seconds.checked_mul(1000)?);
        }
        TimeFormat::UnixMillis => return in_range(crate::money::integer(text)?),
        TimeFormat::Pattern(pattern) => pattern,
    };
    let (rest, date, second, milli) = read(pattern, text)?;
    let seconds = date.days() * DAY + second - i64::from(zone);
    if rest.is_empty() { in_range(seconds * 1000 + milli) } else { None }
}

/// Instants are from 0001-01-01T00:00:00Z to 9999-12-30T21:59:59Z: in every zone their year has four digits.
fn in_range(millis: i64) -> Option<Instant> {
    (-62_135_596_800..=253_402_207_199).contains(&millis.div_euclid(1000)).then_some(Instant(millis))
}

/// Whether the format tells milliseconds.
pub(crate) fn has_millis(format: &TimeFormat) -> bool {
    match format {
        TimeFormat::UnixSeconds => false,
        TimeFormat::UnixMillis => true,
        TimeFormat::Pattern(pattern) => pattern.pieces.contains(&TimePiece::Milli),
    }
}

/// The canonical text: Unix seconds, or milliseconds where the format has them.
pub(crate) fn canonical_instant(format: &TimeFormat, instant: Instant) -> String {
    let count = if has_millis(format) { instant.unix_millis() } else { instant.unix_seconds() };
    count.to_string()
}

/// From the canonical text.
pub(crate) fn from_canonical_instant(format: &TimeFormat, text: &str) -> Option<Instant> {
    let count = crate::money::integer(text)?;
    in_range(if has_millis(format) { count } else { count.checked_mul(1000)? })
}

/// Unix seconds, or `yyyy-MM-dd HH:mm:ss`.
pub(crate) fn parse_instant(text: &str, zone: i32) -> Option<Instant> {
    if let Some(seconds) = crate::money::integer(text) {
        return in_range(seconds.checked_mul(1000)?);
    }
    use TimePiece::{Day, Hour, Literal, Minute, Month, Second, Year};
    let literal = |text: &str| Literal(text.to_owned());
    let (dash, colon) = (|| literal("-"), || literal(":"));
    let pieces = vec![Year, dash(), Month, dash(), Day, literal(" "), Hour, colon(), Minute, colon(), Second];
    read_instant(&TimeFormat::Pattern(TimePattern { text: String::new(), pieces }), text, zone)
}

fn write(pattern: &TimePattern, date: Date, second: i64, milli: i64) -> Option<String> {
    if !(0..=9999).contains(&date.year) {
        return None;
    }
    let mut text = String::new();
    for piece in &pattern.pieces {
        match piece {
            TimePiece::Year => text.push_str(&format!("{:04}", date.year)),
            TimePiece::Month => text.push_str(&format!("{:02}", date.month)),
            TimePiece::Day => text.push_str(&format!("{:02}", date.day)),
            TimePiece::Hour => text.push_str(&format!("{:02}", second / 3600)),
            TimePiece::Minute => text.push_str(&format!("{:02}", second / 60 % 60)),
            TimePiece::Second => text.push_str(&format!("{:02}", second % 60)),
            TimePiece::Milli => text.push_str(&format!("{milli:03}")),
            TimePiece::Literal(literal) => text.push_str(literal),
        }
    }
    Some(text)
}

/// What is left of the text, the day, the second of the day, the millisecond.
fn read<'a>(pattern: &TimePattern, text: &'a str) -> Option<(&'a str, Date, i64, i64)> {
    let mut rest = text;
    let (mut year, mut month, mut day, mut hour, mut minute, mut second, mut milli) =
        (None, 1, 1, 0, 0, 0, 0);
    for piece in &pattern.pieces {
        match piece {
            TimePiece::Year => year = Some(digits(&mut rest, 4)?),
            TimePiece::Month => month = digits(&mut rest, 2)?,
            TimePiece::Day => day = digits(&mut rest, 2)?,
            TimePiece::Hour => hour = digits(&mut rest, 2)?,
            TimePiece::Minute => minute = digits(&mut rest, 2)?,
            TimePiece::Second => second = digits(&mut rest, 2)?,
            TimePiece::Milli => milli = digits(&mut rest, 3)?,
            TimePiece::Literal(literal) => rest = rest.strip_prefix(literal.as_str())?,
        }
    }
    let date = Date::new(year?, month, day)?;
    let fits = hour < 24 && minute < 60 && second < 60;
    fits.then_some((rest, date, hour * 3600 + minute * 60 + second, milli))
}

/// Takes so many digits from the beginning.
fn digits(rest: &mut &str, count: usize) -> Option<i64> {
    let (number, behind) = rest.split_at_checked(count)?;
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    *rest = behind;
    number.parse().ok()
}

/// Reads a length of time: `96h`.
pub(crate) fn read_span(text: &str, units: &[char]) -> Option<Span> {
    let unit = text.chars().next_back().filter(|unit| units.contains(unit))?;
    let count = text.strip_suffix(unit)?;
    let digits = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
    let plain = digits && (count == "0" || !count.starts_with('0'));
    if plain { Some(Span { count: count.parse().ok()?, unit }) } else { None }
}

/// Writes a length of time.
pub(crate) fn write_span(span: Span) -> String {
    format!("{}{}", span.count, span.unit)
}

/// How many seconds it is.
pub(crate) fn span_seconds(span: Span) -> u128 {
    let unit = match span.unit {
        'd' => 86_400,
        'h' => 3_600,
        'm' => 60,
        _ => 1,
    };
    u128::from(span.count) * unit
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const CHINA: i32 = 8 * 3600;

    fn pattern(text: &str, pieces: Vec<TimePiece>) -> TimePattern {
        TimePattern { text: text.to_owned(), pieces }
    }

    fn date_and_time() -> TimeFormat {
        use TimePiece::{Day, Hour, Literal, Minute, Month, Second, Year};
        let literal = |text: &str| Literal(text.to_owned());
        let pieces = vec![
            Year,
            literal("-"),
            Month,
            literal("-"),
            Day,
            literal(" "),
            Hour,
            literal(":"),
            Minute,
            literal(":"),
            Second,
        ];
        TimeFormat::Pattern(pattern("yyyy-MM-dd HH:mm:ss", pieces))
    }

    #[test]
    fn every_day_of_the_calendar_counts_one_more() {
        let mut days = Date { year: 0, month: 1, day: 1 }.days();
        assert_eq!(days, -719_528);
        while days <= (Date { year: 9999, month: 12, day: 31 }).days() {
            let date = Date::from_days(days);
            assert_eq!(date.days(), days);
            assert!(Date::new(date.year, date.month, date.day).is_some());
            days += 97;
        }
        assert_eq!(Date::from_days(0).canonical(), "1970-01-01");
        assert_eq!(Date::from_days(19_781).canonical(), "2024-02-28");
        assert_eq!(Date::from_days(19_783).canonical(), "2024-03-01");
        assert_eq!(Date::from_days(-1).canonical(), "1969-12-31");
    }

    #[test]
    fn local_time_is_that_of_the_zone() {
        let instant = read_instant(&date_and_time(), "2019-08-18 00:13:41", CHINA).unwrap();
        assert_eq!(canonical_instant(&date_and_time(), instant), "1566058421");
        assert_eq!(write_instant(&date_and_time(), instant, CHINA).as_deref(), Some("2019-08-18 00:13:41"));
        assert_eq!(write_instant(&date_and_time(), instant, 0).as_deref(), Some("2019-08-17 16:13:41"));
        assert_eq!(write_instant(&TimeFormat::UnixMillis, instant, CHINA).as_deref(), Some("1566058421000"));
    }

    #[test]
    fn times_that_do_not_exist_are_refused() {
        for wrong in [
            "2019-02-29 00:00:00",
            "2019-13-01 00:00:00",
            "2019-00-01 00:00:00",
            "2019-01-01 24:00:00",
            "2019-01-01 23:60:00",
            "2019-01-01 23:59:60",
            "2019-1-01 00:00:00",
            "2019-01-01T00:00:00",
            "2019-01-01 00:00:00 ",
            "2019-01-01 00:00",
            "+019-01-01 00:00:00",
            "二019-01-01 00:00:00",
            "",
        ] {
            assert_eq!(read_instant(&date_and_time(), wrong, CHINA), None, "{wrong:?}");
        }
        for wrong in ["1e9", "1.0", "", "9223372036854775807", "253402300800"] {
            assert_eq!(read_instant(&TimeFormat::UnixSeconds, wrong, 0), None, "{wrong:?}");
        }
    }

    #[test]
    fn days_are_written_by_their_pattern_and_read_from_both_forms() {
        let compact = pattern("yyyyMMdd", vec![TimePiece::Year, TimePiece::Month, TimePiece::Day]);
        let date = Date::read(&compact, "20240229").unwrap();
        assert_eq!(date.canonical(), "2024-02-29");
        assert_eq!(Date::from_canonical("2024-02-29"), Some(date));
        assert_eq!(Date::read(&compact, "20230229"), None);
        assert_eq!(Date::read(&compact, "202402291"), None);
        assert_eq!(Date::read_at_start(&compact, "202402291"), Some(date));
        for wrong in ["2024-2-29", "20240229", "2024-02-30", "2024-02-29-", "2024--02-29"] {
            assert_eq!(Date::from_canonical(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn spans_keep_their_unit() {
        let units = ['m', 'h', 'd'];
        assert_eq!(read_span("96h", &units), Some(Span { count: 96, unit: 'h' }));
        assert_eq!(span_seconds(Span { count: 96, unit: 'h' }), span_seconds(Span { count: 4, unit: 'd' }));
        for wrong in
            ["", "h", "96", "96s", "9.5h", "096h", "-1h", "96h ", "+1h", "99999999999999999999h", "1时"]
        {
            assert_eq!(read_span(wrong, &units), None, "{wrong:?}");
        }
    }

    #[test]
    fn extreme_instants_do_not_panic() {
        for millis in [i64::MIN, i64::MAX] {
            let instant = Instant::from_unix_millis(millis);
            assert_eq!(write_instant(&date_and_time(), instant, CHINA), None);
        }
        assert_eq!(Instant::from_unix_seconds(i64::MAX).unix_millis(), i64::MAX);
    }
}
