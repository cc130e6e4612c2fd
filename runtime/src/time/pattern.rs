//! Fixed-width patterns of date and time, read strictly and written exactly.
//!
//! A pattern is text with directives: `%Y` (four digits), `%m`, `%d`, `%H`, `%M`, `%S` (two digits), `%3f`
//! (milliseconds, three digits), `%%`. Everything else stands for itself, an unknown directive too. General
//! parsers accept `2026-1-2` or a sign where a digit belongs; a provider's time is either written as its document
//! says or it is refused.

use jiff::civil;

use crate::short::ShortText;

const NANOS_OF_A_MILLI: i32 = 1_000_000;
/// As most providers write a time.
const USUAL: &str = "%Y-%m-%d %H:%M:%S";

/// Why a text is no time in the wanted form. The text itself is not repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// Not written by the pattern.
    #[error("not written as `{pattern}`: it differs at offset {position}")]
    Form {
        /// How it should be written.
        pattern: String,
        /// Offset in bytes of the first difference.
        position: usize,
    },
    /// Written as it should be, but no such time exists: February 30, 24:00:00.
    #[error("written as `{pattern}`, but no such day or time exists")]
    Impossible {
        /// How it is written.
        pattern: String,
    },
}

impl TimeError {
    pub(super) fn impossible(pattern: &str) -> Self {
        Self::Impossible { pattern: pattern.to_owned() }
    }
}

/// The numbers in a written time. What a pattern does not have stays `None`.
#[derive(Clone, Copy, Default)]
pub(super) struct Fields {
    year: Option<u16>,
    month: Option<u16>,
    day: Option<u16>,
    hour: Option<u16>,
    minute: Option<u16>,
    second: Option<u16>,
    milli: Option<u16>,
}

impl Fields {
    pub(super) fn of(date: civil::Date, time: civil::Time) -> Self {
        Self {
            year: u16::try_from(date.year()).ok(),
            month: u16::try_from(date.month()).ok(),
            day: u16::try_from(date.day()).ok(),
            hour: u16::try_from(time.hour()).ok(),
            minute: u16::try_from(time.minute()).ok(),
            second: u16::try_from(time.second()).ok(),
            milli: u16::try_from(time.millisecond()).ok(),
        }
    }

    /// The day, if there is one in the text and in the calendar.
    pub(super) fn date(&self) -> Option<civil::Date> {
        let year = i16::try_from(self.year?).ok()?;
        civil::Date::new(year, i8::try_from(self.month?).ok()?, i8::try_from(self.day?).ok()?).ok()
    }

    /// The time of day, zero where nothing is said.
    pub(super) fn time(&self) -> Option<civil::Time> {
        let number = |field: Option<u16>| i8::try_from(field.unwrap_or(0)).ok();
        let nanos = i32::from(self.milli.unwrap_or(0)) * NANOS_OF_A_MILLI;
        civil::Time::new(number(self.hour)?, number(self.minute)?, number(self.second)?, nanos).ok()
    }

    fn slot(&mut self, directive: Directive) -> &mut Option<u16> {
        match directive {
            Directive::Year => &mut self.year,
            Directive::Month => &mut self.month,
            Directive::Day => &mut self.day,
            Directive::Hour => &mut self.hour,
            Directive::Minute => &mut self.minute,
            Directive::Second => &mut self.second,
            Directive::Milli => &mut self.milli,
        }
    }
}

#[derive(Clone, Copy)]
enum Directive {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Milli,
}

impl Directive {
    const fn width(self) -> usize {
        match self {
            Self::Year => 4,
            Self::Milli => 3,
            _ => 2,
        }
    }
}

enum Piece {
    Number(Directive),
    Literal(char),
}

/// The text of a pattern.
#[derive(Clone, Copy)]
pub(super) struct Pattern<'p>(pub(super) &'p str);

impl<'p> Pattern<'p> {
    fn pieces(self) -> impl Iterator<Item = Piece> + 'p {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let (piece, length) = first_piece(rest)?;
            rest = rest.get(length..)?;
            Some(piece)
        })
    }

    /// How many bytes the text has.
    pub(super) fn width(self) -> usize {
        let width = |piece| match piece {
            Piece::Number(directive) => directive.width(),
            Piece::Literal(literal) => literal.len_utf8(),
        };
        self.pieces().map(width).sum()
    }

    /// Writes what the pattern asks for.
    pub(super) fn write(self, fields: &Fields) -> ShortText {
        let mut fields = *fields;
        let mut text = ShortText::new();
        for piece in self.pieces() {
            match piece {
                Piece::Literal(literal) => text.push(literal),
                Piece::Number(directive) => {
                    let number = fields.slot(directive).unwrap_or(0);
                    match directive {
                        Directive::Year => {
                            push_two(&mut text, number / 100);
                            push_two(&mut text, number);
                        }
                        Directive::Milli => {
                            text.push(digit(number / 100));
                            push_two(&mut text, number);
                        }
                        _ => push_two(&mut text, number),
                    }
                }
            }
        }
        text
    }

    /// Reads the whole text. A number that stands there twice must be the same.
    pub(super) fn read(self, text: &str) -> Result<Fields, TimeError> {
        let usual = if self.0 == USUAL { read_usual(text.as_bytes()) } else { None };
        usual.map_or_else(|| self.read_by_piece(text), Ok)
    }

    fn read_by_piece(self, text: &str) -> Result<Fields, TimeError> {
        let mut fields = Fields::default();
        let (mut pattern, mut rest) = (self.0.as_bytes(), text.as_bytes());
        while let [first, behind @ ..] = pattern {
            let here = || text.len() - rest.len();
            (pattern, rest) = match number_of(pattern) {
                Some((directive, behind)) => {
                    let rest =
                        read_number(rest, directive, &mut fields).ok_or_else(|| self.differs(here()))?;
                    (behind, rest)
                }
                None => {
                    // `%%` stands for one of them.
                    let behind = behind.strip_prefix(b"%").filter(|_| *first == b'%').unwrap_or(behind);
                    let rest = rest.split_first().filter(|(byte, _)| *byte == first);
                    (behind, rest.ok_or_else(|| self.differs(here()))?.1)
                }
            };
        }
        if rest.is_empty() { Ok(fields) } else { Err(self.differs(text.len() - rest.len())) }
    }

    fn differs(self, position: usize) -> TimeError {
        TimeError::Form { pattern: self.0.to_owned(), position }
    }
}

/// The last two digits of a number.
fn push_two(text: &mut ShortText, number: u16) {
    text.push(digit(number / 10));
    text.push(digit(number));
}

fn digit(number: u16) -> char {
    char::from(b'0' + (number % 10) as u8)
}

/// The first piece of a pattern, and its length in bytes.
fn first_piece(pattern: &str) -> Option<(Piece, usize)> {
    if let Some((directive, behind)) = number_of(pattern.as_bytes()) {
        return Some((Piece::Number(directive), pattern.len() - behind.len()));
    }
    if pattern.starts_with("%%") {
        return Some((Piece::Literal('%'), 2));
    }
    let literal = pattern.chars().next()?;
    Some((Piece::Literal(literal), literal.len_utf8()))
}

/// The number that a pattern begins with, and what stands behind it.
#[inline]
fn number_of(pattern: &[u8]) -> Option<(Directive, &[u8])> {
    let (directive, behind) = match pattern {
        [b'%', b'Y', behind @ ..] => (Directive::Year, behind),
        [b'%', b'm', behind @ ..] => (Directive::Month, behind),
        [b'%', b'd', behind @ ..] => (Directive::Day, behind),
        [b'%', b'H', behind @ ..] => (Directive::Hour, behind),
        [b'%', b'M', behind @ ..] => (Directive::Minute, behind),
        [b'%', b'S', behind @ ..] => (Directive::Second, behind),
        [b'%', b'3', b'f', behind @ ..] => (Directive::Milli, behind),
        _ => return None,
    };
    Some((directive, behind))
}

/// Reads what is written as [`USUAL`]: everything has its place. `None` if it is not; where, is said by who reads it
/// piece by piece.
fn read_usual(text: &[u8]) -> Option<Fields> {
    let text: [u8; 19] = text.try_into().ok()?;
    let [c1, c2, y1, y2, b'-', m1, m2, b'-', d1, d2, b' ', h1, h2, b':', n1, n2, b':', s1, s2] = text else {
        return None;
    };
    let two = |high: u8, low: u8| {
        let (high, low) = (high.wrapping_sub(b'0'), low.wrapping_sub(b'0'));
        (high < 10 && low < 10).then(|| u16::from(high * 10 + low))
    };
    Some(Fields {
        year: Some(two(c1, c2)? * 100 + two(y1, y2)?),
        month: Some(two(m1, m2)?),
        day: Some(two(d1, d2)?),
        hour: Some(two(h1, h2)?),
        minute: Some(two(n1, n2)?),
        second: Some(two(s1, s2)?),
        milli: None,
    })
}

/// Reads exactly as many ASCII digits as the directive has, and hands out what stands behind them.
#[inline]
fn read_number<'t>(text: &'t [u8], directive: Directive, fields: &mut Fields) -> Option<&'t [u8]> {
    let (digits, behind) = text.split_at_checked(directive.width())?;
    let number = digits.iter().try_fold(0, |number: u16, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u16::from(digit - b'0'))
    })?;
    let slot = fields.slot(directive);
    if slot.is_some_and(|before| before != number) {
        return None;
    }
    *slot = Some(number);
    Some(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(fields: Fields) -> [Option<u16>; 7] {
        let Fields { year, month, day, hour, minute, second, milli } = fields;
        [year, month, day, hour, minute, second, milli]
    }

    /// Both roads lead to the same numbers and to the same errors, whichever byte is another one.
    #[test]
    fn at_known_places_or_piece_by_piece() {
        let pattern = Pattern(USUAL);
        let mut good = 0;
        for known in
            ["2019-08-18 00:13:41", "0000-99-99 99:99:99", "2019-08-18 00:13:4", "2019-08-18 00:13:410", ""]
        {
            for at in 0..=known.len() {
                for byte in 0..=u8::MAX {
                    let mut bytes = known.as_bytes().to_vec();
                    bytes.splice(at..(at + 1).min(known.len()), [byte]);
                    let Ok(text) = String::from_utf8(bytes) else { continue };
                    let by_piece = pattern.read_by_piece(&text).map(numbers);
                    assert_eq!(read_usual(text.as_bytes()).map(numbers), by_piece.clone().ok(), "{text:?}");
                    assert_eq!(pattern.read(&text).map(numbers), by_piece, "{text:?}");
                    good += usize::from(by_piece.is_ok());
                }
            }
        }
        assert!(good > 200, "{good}");
    }
}
