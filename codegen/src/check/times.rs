//! Date patterns, durations and zones, from text.

use super::Context;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::ir::{TimePattern, TimePiece};
use crate::read::Spanned;

/// What a pattern is made of; longer words stand before shorter ones.
const WORDS: &[(&str, TimePiece)] = &[
    ("yyyy", TimePiece::Year),
    ("MM", TimePiece::Month),
    ("dd", TimePiece::Day),
    ("HH", TimePiece::Hour),
    ("mm", TimePiece::Minute),
    ("SSS", TimePiece::Milli),
    ("ss", TimePiece::Second),
];

/// Takes a pattern apart. Letters outside the words must stand in single quotes.
fn pattern(text: &str) -> Option<TimePattern> {
    let mut pieces: Vec<TimePiece> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some((word, piece)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
            if pieces.contains(piece) {
                return None;
            }
            pieces.push(piece.clone());
            rest = rest.strip_prefix(word)?;
            continue;
        }
        let literal = if let Some(quoted) = rest.strip_prefix('\'') {
            let (literal, behind) = quoted.split_once('\'')?;
            rest = behind;
            literal.to_owned()
        } else if first.is_alphanumeric() {
            return None;
        } else {
            rest = rest.strip_prefix(first)?;
            first.to_string()
        };
        match pieces.last_mut() {
            Some(TimePiece::Literal(before)) => before.push_str(&literal),
            _ => pieces.push(TimePiece::Literal(literal)),
        }
    }
    Some(TimePattern { text: text.to_owned(), pieces })
}

/// Whether a text is written as the pattern says.
pub(super) fn matches(pattern: &TimePattern, text: &str) -> bool {
    let mut rest = text;
    for piece in &pattern.pieces {
        let (width, most) = match piece {
            TimePiece::Year => (4, 9999),
            TimePiece::Month => (2, 12),
            TimePiece::Day => (2, 31),
            TimePiece::Hour => (2, 23),
            TimePiece::Minute | TimePiece::Second => (2, 59),
            TimePiece::Milli => (3, 999),
            TimePiece::Literal(literal) => match rest.strip_prefix(literal.as_str()) {
                Some(behind) => {
                    rest = behind;
                    continue;
                }
                None => return false,
            },
        };
        let Some((digits, behind)) = rest.split_at_checked(width) else { return false };
        let is_number = digits.bytes().all(|b| b.is_ascii_digit());
        let least = u32::from(matches!(piece, TimePiece::Month | TimePiece::Day));
        if !is_number || !digits.parse::<u32>().is_ok_and(|n| (least..=most).contains(&n)) {
            return false;
        }
        rest = behind;
    }
    rest.is_empty()
}

/// `5m` as its number and unit.
pub(super) fn span(text: &str) -> Option<crate::ir::Span> {
    let unit = text.chars().last().filter(|unit| "smhd".contains(*unit))?;
    let count = text.strip_suffix(unit)?;
    let is_number = !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| count.parse().ok()).flatten().map(|count| crate::ir::Span { count, unit })
}

/// How many seconds it is.
pub(super) fn seconds(span: crate::ir::Span) -> u64 {
    let each = match span.unit {
        'd' => 86_400,
        'h' => 3_600,
        'm' => 60,
        _ => 1,
    };
    span.count.saturating_mul(each)
}

impl Context<'_> {
    /// A pattern of a day alone.
    pub(super) fn date_pattern(&self, text: &Spanned<String>) -> Option<TimePattern> {
        use TimePiece::{Day, Literal, Month, Year};
        let found = pattern(text).filter(|pattern| {
            let has = |piece| pattern.pieces.contains(&piece);
            let only = pattern.pieces.iter().all(|piece| matches!(piece, Year | Month | Day | Literal(_)));
            only && has(Year) && has(Month) && has(Day)
        });
        self.zoned(text, found, "write it with yyyy, MM and dd, such as `yyyyMMdd`")
    }

    /// A pattern of a day and a time.
    pub(super) fn time_pattern(&self, text: &Spanned<String>) -> Option<TimePattern> {
        use TimePiece::{Day, Hour, Minute, Month, Year};
        let found = pattern(text).filter(|found| {
            [Year, Month, Day, Hour, Minute].iter().all(|piece| found.pieces.contains(piece))
        });
        self.zoned(
            text,
            found,
            "write `unix_seconds`, `unix_millis`, or a pattern such as `yyyy-MM-dd HH:mm:ss`",
        )
    }

    fn zoned(&self, text: &Spanned<String>, found: Option<TimePattern>, mend: &str) -> Option<TimePattern> {
        if found.is_none() {
            let message = format!("`{text}` is no date pattern");
            self.say(Diagnostic::new(Code::BadDate, text.span, message).mend(mend));
        } else if self.zone.is_none() {
            let message = format!("`{text}` needs a zone");
            let mend = "set `defaults.zone`, such as `zone: \"+08:00\"`";
            self.say(Diagnostic::new(Code::TimeWithoutZone, text.span, message).mend(mend));
        }
        found
    }

    /// A duration.
    pub(super) fn duration(&self, text: &Spanned<String>) -> Option<crate::ir::Span> {
        let found = span(text);
        if found.is_none() {
            let message = format!("`{text}` is no duration");
            let mend = "write a number and s, m, h or d, such as `5m`";
            self.say(Diagnostic::new(Code::BadDuration, text.span, message).mend(mend));
        }
        found
    }

    /// A zone such as `+08:00`, as seconds east of UTC.
    pub(super) fn parse_zone(&self, text: &str, at: Span) -> Option<i32> {
        let read = || {
            let (sign, rest) = match text.strip_prefix('+') {
                Some(rest) => (1, rest),
                None => (-1, text.strip_prefix('-')?),
            };
            let (hours, minutes) = rest.split_once(':')?;
            let number = |part: &str, most: i32| {
                let is_number = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
                is_number.then(|| part.parse::<i32>().ok()).flatten().filter(|n| *n <= most)
            };
            Some(sign * (number(hours, 14)? * 3600 + number(minutes, 59)? * 60))
        };
        let zone = read();
        if zone.is_none() {
            let message = format!("`{text}` is no zone");
            self.say(
                Diagnostic::new(Code::UnknownValue, at, message)
                    .mend("write an offset, such as `\"+08:00\"`"),
            );
        }
        zone
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn patterns_are_taken_apart() {
        let found = pattern("yyyy-MM-dd'T'HH:mm:ss.SSS").unwrap();
        assert_eq!(found.pieces.len(), 13);
        assert!(matches(&found, "2022-05-25T12:00:00.123"));
        assert!(!matches(&found, "2022-13-25T12:00:00.123"));
        assert!(!matches(&found, "2022-05-25T12:00:00.123 "));
        assert!(!matches(&pattern("yyyyMMdd").unwrap(), "2022年月"));
    }

    #[test]
    fn strange_patterns_are_refused() {
        for text in ["YYYY-MM-dd", "yyyy-MM-dd HH:mm:ss Z", "yyyyyyyy", "yyyy'T"] {
            assert_eq!(pattern(text), None, "{text}");
        }
    }

    #[test]
    fn durations_keep_their_unit_and_never_overflow() {
        assert_eq!(span("96h").map(seconds), Some(345_600));
        assert_eq!(span("18446744073709551615d").map(seconds), Some(u64::MAX));
        for text in ["", "h", "5", "5 m", "-5m", "5w", "99999999999999999999s", "五m"] {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
