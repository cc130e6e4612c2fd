//! How an instant is written in a header or a signed text, and how it is read back.

use crate::{RecipeError, Timestamp, Unverified};

/// How an instant is written. Patterns are those of [`Timestamp::parse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrittenTime {
    /// Seconds since 1970.
    UnixSeconds,
    /// Milliseconds since 1970.
    UnixMillis,
    /// A pattern, in a zone of so many seconds east of UTC.
    Pattern(&'static str, i32),
    /// `Sat, 03 Apr 2021 12:00:00 GMT`.
    HttpDate,
    /// `2021-04-03T12:00:00Z`; read with any offset and any fraction of a second.
    Iso8601,
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// 1970-01-01 was a Thursday.
const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const SECONDS_OF_A_DAY: i64 = 86_400;

impl WrittenTime {
    /// The instant, written.
    pub(crate) fn write(self, instant: Timestamp) -> String {
        match self {
            Self::UnixSeconds => instant.unix_seconds().to_string(),
            Self::UnixMillis => instant.unix_millis().to_string(),
            Self::Pattern(pattern, zone) => instant.write(pattern, zone).into(),
            Self::Iso8601 => instant.write("%Y-%m-%dT%H:%M:%SZ", 0).into(),
            Self::HttpDate => {
                let month = instant.write("%m", 0).parse().unwrap_or(1_usize);
                let month = MONTHS.get(month.saturating_sub(1)).copied().unwrap_or_default();
                instant.write(&format!("{}, %d {month} %Y %H:%M:%S GMT", day_of_the_week(instant)), 0).into()
            }
        }
    }

    /// Reads a written instant, strictly.
    pub(crate) fn read(self, text: &str) -> Option<Timestamp> {
        match self {
            Self::UnixSeconds => Timestamp::from_unix_seconds(whole(text)?),
            Self::UnixMillis => Timestamp::from_unix_millis(whole(text)?),
            Self::Pattern(pattern, zone) => Timestamp::parse(text, pattern, zone).ok(),
            Self::HttpDate => read_http_date(text),
            Self::Iso8601 => read_iso_8601(text),
        }
    }

    /// Refuses a stated time that is farther from now than so many seconds.
    ///
    /// # Errors
    /// It is farther, or no time in this form.
    pub fn tolerate(self, stated: &[u8], now: Timestamp, within: u64) -> Result<(), Unverified> {
        let stated = std::str::from_utf8(stated).ok().and_then(|text| self.read(text));
        let stated = stated.ok_or(Unverified::UnreadableTime)?;
        let away = now.unix_millis().abs_diff(stated.unix_millis());
        if away > within.saturating_mul(1000) {
            return Err(Unverified::OutOfTime { seconds: away / 1000, within });
        }
        Ok(())
    }

    /// Refuses a fresh time that is none.
    ///
    /// # Errors
    /// It is no time in this form.
    pub fn check(self, text: &str) -> Result<(), Unverified> {
        self.read(text).map(|_| ()).ok_or(Unverified::UnreadableTime)
    }
}

impl From<crate::randomness::NoRandomness> for RecipeError {
    fn from(_: crate::randomness::NoRandomness) -> Self {
        Self::Randomness
    }
}

/// Digits, maybe with a minus sign; nothing that a parser of numbers would let pass beside them.
fn whole(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain { text.parse().ok() } else { None }
}

fn day_of_the_week(instant: Timestamp) -> &'static str {
    let day = instant.unix_seconds().div_euclid(SECONDS_OF_A_DAY).rem_euclid(7);
    usize::try_from(day).ok().and_then(|day| DAYS.get(day)).copied().unwrap_or_default()
}

fn read_http_date(text: &str) -> Option<Timestamp> {
    let (day, rest) = text.split_once(", ")?;
    let month = MONTHS.iter().position(|month| rest.get(3..6) == Some(month))? + 1;
    let month = format!("{month:02}");
    let numeric = format!("{}{month}{}", rest.get(..3)?, rest.get(6..)?);
    let instant = Timestamp::parse(&numeric, "%d %m %Y %H:%M:%S GMT", 0).ok()?;
    (day_of_the_week(instant) == day).then_some(instant)
}

fn read_iso_8601(text: &str) -> Option<Timestamp> {
    let (local, rest) = text.split_at_checked(19)?;
    let fraction_end = rest.find(['Z', '+', '-'])?;
    let (fraction, offset) = rest.split_at_checked(fraction_end)?;
    if !fraction.is_empty() {
        let digits = fraction.strip_prefix('.')?;
        let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_plain.then_some(())?;
    }
    let local = Timestamp::parse(local, "%Y-%m-%dT%H:%M:%S", zone(offset)?).ok()?;
    // A fraction counts in milliseconds; what is finer is cut off.
    let millis: String = fraction.trim_start_matches('.').chars().chain("000".chars()).take(3).collect();
    Timestamp::from_unix_millis(local.unix_millis() + millis.parse::<i64>().ok()?)
}

/// `Z`, `+08:00`, `+0800`: seconds east of UTC.
fn zone(offset: &str) -> Option<i32> {
    if offset == "Z" {
        return Some(0);
    }
    let (sign, digits) = match offset.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(halves) => halves,
        None => digits.split_at_checked(2)?,
    };
    let two_digits = |text: &str, below: i32| {
        let is_plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_plain { text.parse::<i32>().ok().filter(|number| *number < below) } else { None }
    };
    Some(sign * (two_digits(hours, 24)? * 3600 + two_digits(minutes, 60)? * 60))
}
