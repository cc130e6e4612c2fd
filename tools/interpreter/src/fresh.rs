//! Values that the signer makes for one message: times, random texts; and times as headers and texts write them.

use payspec_codegen::ir::{Fresh, FreshFormat, TimeFormat, TimePattern, TimePiece, WrittenTime};

use crate::compose::Known;
use crate::filter::Content;
use crate::signed_text::RecipeError;
use crate::supplied::Supplied;
use crate::time::{self, Instant};
use crate::{Interpreter, bytes};

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const ALPHANUMERIC: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// How long a random value is where the spec does not say.
const LENGTH: u32 = 32;

impl Interpreter {
    /// A value for a message that is made now.
    pub(crate) fn make_fresh(
        &self,
        fresh: &Fresh,
        supplied: &Supplied,
        now: Instant,
    ) -> Result<Known, RecipeError> {
        let name = &fresh.name.wire;
        let failed = || RecipeError::Fresh { name: name.clone() };
        let content = match (supplied.fresh.get(name), &fresh.format) {
            (Some(fixed), FreshFormat::Bytes) => Content::Bytes(bytes::from_hex(fixed).ok_or_else(failed)?),
            (Some(fixed), _) => Content::Text(fixed.clone()),
            (None, FreshFormat::Time(format)) => {
                Content::Text(write_time(format, now, self.zone()).ok_or_else(failed)?)
            }
            (None, format) => random(format, fresh.length.unwrap_or(LENGTH)).ok_or_else(failed)?,
        };
        Ok(Known { name: name.clone(), content, hidden: false })
    }

    /// A value that was found in a message.
    pub(crate) fn found_fresh(&self, fresh: &Fresh, content: Content) -> Result<Known, RecipeError> {
        let name = fresh.name.wire.clone();
        let fits = match (&fresh.format, &content) {
            (FreshFormat::Time(format), Content::Text(text)) => {
                read_time(format, text, self.zone()).is_some()
            }
            (FreshFormat::Time(_), Content::Bytes(_)) => false,
            (_, Content::Text(text)) => !text.is_empty(),
            (_, Content::Bytes(bytes)) => !bytes.is_empty(),
        };
        if fits { Ok(Known { name, content, hidden: false }) } else { Err(RecipeError::Fresh { name }) }
    }
}

fn random(format: &FreshFormat, length: u32) -> Option<Content> {
    let length = usize::try_from(length).ok()?;
    Some(match format {
        FreshFormat::Bytes => Content::Bytes(random_bytes(length)?),
        FreshFormat::Hex => {
            let digits = bytes::hex(&random_bytes(length.div_ceil(2))?);
            Content::Text(digits.chars().take(length).collect())
        }
        FreshFormat::Alphanumeric => {
            let mut text = String::new();
            while text.len() < length {
                // Bytes beyond the last whole round are thrown away, so that no character is likelier than another.
                let kept = random_bytes(length)?.into_iter().filter(|byte| *byte < 248);
                let character = |byte: u8| ALPHANUMERIC.get(usize::from(byte) % ALPHANUMERIC.len());
                text.extend(kept.filter_map(character).copied().map(char::from));
            }
            Content::Text(text.chars().take(length).collect())
        }
        FreshFormat::Uuid => {
            let mut bytes = random_bytes(16)?;
            *bytes.get_mut(6)? = *bytes.get(6)? & 0x0f | 0x40;
            *bytes.get_mut(8)? = *bytes.get(8)? & 0x3f | 0x80;
            let hex = bytes::hex(&bytes);
            let pieces = [hex.get(..8)?, hex.get(8..12)?, hex.get(12..16)?, hex.get(16..20)?, hex.get(20..)?];
            Content::Text(pieces.join("-"))
        }
        FreshFormat::Time(_) => return None,
    })
}

fn random_bytes(length: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

fn pattern(between: &str) -> TimeFormat {
    use TimePiece::{Day, Hour, Literal, Minute, Month, Second, Year};
    let literal = |text: &str| Literal(text.to_owned());
    let (dash, colon) = (|| literal("-"), || literal(":"));
    let pieces =
        vec![Year, dash(), Month, dash(), Day, literal(between), Hour, colon(), Minute, colon(), Second];
    TimeFormat::Pattern(TimePattern { text: String::new(), pieces })
}

/// An instant as it is written; `None` if its year does not have four digits.
pub(crate) fn write_time(format: &WrittenTime, instant: Instant, zone: i32) -> Option<String> {
    match format {
        WrittenTime::Field(format) => time::write_instant(format, instant, zone),
        WrittenTime::Iso8601 => Some(format!("{}Z", time::write_instant(&pattern("T"), instant, 0)?)),
        WrittenTime::HttpDate => {
            let written = time::write_instant(&pattern(" "), instant, 0)?;
            let (date, clock) = written.split_once(' ')?;
            let day = DAYS.get(usize::try_from(instant.date(0).days().rem_euclid(7)).ok()?)?;
            let (year, month, number) = (date.get(..4)?, date.get(5..7)?, date.get(8..)?);
            let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
            Some(format!("{day}, {number} {month} {year} {clock} GMT"))
        }
    }
}

/// An instant that was written.
pub(crate) fn read_time(format: &WrittenTime, text: &str, zone: i32) -> Option<Instant> {
    match format {
        WrittenTime::Field(format) => time::read_instant(format, text, zone),
        WrittenTime::Iso8601 => read_iso(text),
        WrittenTime::HttpDate => {
            let pieces: Vec<&str> = text.split(' ').collect();
            let [_, number, month, year, clock, _] = pieces.as_slice() else { return None };
            let month = MONTHS.iter().position(|name| name == month)? + 1;
            let plain = format!("{year}-{month:02}-{number} {clock}");
            let instant = time::read_instant(&pattern(" "), &plain, 0)?;
            // Written again, it must be the same: day of the week, zone, every blank.
            (write_time(format, instant, 0)? == text).then_some(instant)
        }
    }
}

/// Date and time, perhaps a fraction of a second, and a zone.
fn read_iso(text: &str) -> Option<Instant> {
    let (second, rest) = text.split_at_checked(19)?;
    let behind =
        rest.strip_prefix('.').map(|fraction| fraction.trim_start_matches(|own: char| own.is_ascii_digit()));
    let (fraction, zone) = match behind {
        Some(zone) => (rest.get(1..rest.len() - zone.len()).filter(|digits| !digits.is_empty())?, zone),
        None => ("", rest),
    };
    let millis: i64 = format!("{:0<3}", fraction.get(..3.min(fraction.len()))?).parse().ok()?;
    let offset = if zone == "Z" {
        0
    } else {
        let (hours, minutes) = (zone.get(1..3)?, zone.get(3..)?);
        let minutes = minutes.strip_prefix(':').unwrap_or(minutes);
        let digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(hours) || !digits(minutes) {
            return None;
        }
        let (hours, minutes) = (hours.parse::<i32>().ok()?, minutes.parse::<i32>().ok()?);
        let seconds = hours * 3600 + minutes * 60;
        match zone.get(..1)? {
            _ if hours > 23 || minutes > 59 => return None,
            "+" => seconds,
            "-" => -seconds,
            _ => return None,
        }
    };
    let instant = time::read_instant(&pattern("T"), second, offset)?;
    Some(Instant::from_unix_millis(instant.unix_millis().checked_add(millis)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Sat, 03 Apr 2021 12:00:00 GMT.
    const THEN: Instant = Instant::from_unix_seconds(1_617_451_200);

    #[test]
    fn dates_of_headers_are_written_and_read() {
        let text = "Sat, 03 Apr 2021 12:00:00 GMT";
        assert_eq!(write_time(&WrittenTime::HttpDate, THEN, 28_800).as_deref(), Some(text));
        assert_eq!(read_time(&WrittenTime::HttpDate, text, 28_800), Some(THEN));
        for wrong in [
            "Sun, 03 Apr 2021 12:00:00 GMT",
            "Sat, 3 Apr 2021 12:00:00 GMT",
            "Sat, 03 Apr 2021 12:00:00 UTC",
            "Sat, 03 apr 2021 12:00:00 GMT",
            "Sat,  03 Apr 2021 12:00:00 GMT",
            "",
        ] {
            assert_eq!(read_time(&WrittenTime::HttpDate, wrong, 0), None, "{wrong}");
        }
    }

    #[test]
    fn iso_times_are_read_with_any_offset() {
        assert_eq!(write_time(&WrittenTime::Iso8601, THEN, 28_800).as_deref(), Some("2021-04-03T12:00:00Z"));
        for same in [
            "2021-04-03T12:00:00Z",
            "2021-04-03T14:00:00+02:00",
            "2021-04-03T11:30:00-0030",
            "2021-04-03T12:00:00.000Z",
        ] {
            assert_eq!(read_time(&WrittenTime::Iso8601, same, 0), Some(THEN), "{same}");
        }
        let later = read_time(&WrittenTime::Iso8601, "2021-04-03T12:00:00.25999+00:00", 0).unwrap();
        assert_eq!(later.unix_millis() - THEN.unix_millis(), 259);
        for wrong in [
            "2021-04-03T12:00:00",
            "2021-04-03 12:00:00Z",
            "2021-04-03T12:00:00.Z",
            "2021-04-03T12:00:00+2:00",
            "2021-04-03T12:00:00+24:00",
            "2021-04-03T12:00:00*02:00",
            "2021-04-03T12:00:00中",
            "Z",
        ] {
            assert_eq!(read_time(&WrittenTime::Iso8601, wrong, 0), None, "{wrong}");
        }
    }

    #[test]
    fn random_values_have_their_form() {
        let text = |format: FreshFormat, length| match random(&format, length) {
            Some(Content::Text(text)) => text,
            _ => String::new(),
        };
        let nonce = text(FreshFormat::Alphanumeric, 33);
        assert!(nonce.len() == 33 && nonce.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_ne!(nonce, text(FreshFormat::Alphanumeric, 33));
        let hex = text(FreshFormat::Hex, 7);
        assert!(hex.len() == 7 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let uuid = text(FreshFormat::Uuid, 36);
        assert!(uuid.len() == 36 && uuid.get(14..15) == Some("4"), "{uuid}");
        assert!(matches!(random(&FreshFormat::Bytes, 16), Some(Content::Bytes(bytes)) if bytes.len() == 16));
    }
}
