//! From values to the text that is signed and sent.
//!
//! Each function writes one kind of field, exactly as the language of specifications says; emitted code calls the
//! one that belongs to the field, once, and hands the same text to the signature and to the message. Texts,
//! addresses and enumeration values are written as they are and need no function.

use std::fmt::{self, Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rust_decimal::Decimal;

use crate::money::{Fen, Yuan};
use crate::short::ShortText;
use crate::span::Span;
use crate::time::{Date, Timestamp};

/// A whole number: `-7`.
#[must_use]
pub fn integer(value: i64) -> ShortText {
    let mut text = ShortText::new();
    push_integer(&mut text, value);
    text
}

/// Yuan with exactly two decimals: `10.00`.
#[must_use]
pub fn yuan(amount: Yuan) -> ShortText {
    let (yuan, fen) = (amount.fen().unsigned_abs() / 100, amount.fen().unsigned_abs() % 100);
    let mut text = ShortText::new();
    if amount.fen() < 0 {
        text.push_str("-");
    }
    push_integer(&mut text, yuan);
    let digit = |number: u64| char::from(b'0' + (number % 10) as u8);
    ['.', digit(fen / 10), digit(fen)].into_iter().for_each(|character| text.push(character));
    text
}

/// Yuan without trailing zeros: `10`, `10.5`, `10.01`.
#[must_use]
pub fn yuan_shortest(amount: Yuan) -> ShortText {
    let mut text = yuan(amount);
    let shortest = text.trim_end_matches('0').trim_end_matches('.').len();
    text.truncate(shortest);
    text
}

/// Yuan with at least so many decimals: 10 yuan with one are `10.0`. An amount that needs more is written with
/// as many as it needs, never rounded.
#[must_use]
pub fn yuan_fixed(amount: Yuan, decimals: usize) -> ShortText {
    with_decimals(yuan_shortest(amount), decimals)
}

/// Fen with so many decimals, all of them zero: 1000 fen with two are `1000.00`.
#[must_use]
pub fn fen_fixed(amount: Fen, decimals: usize) -> ShortText {
    with_decimals(fen(amount), decimals)
}

/// Fen: `1000`.
#[must_use]
pub fn fen(amount: Fen) -> ShortText {
    integer(amount.get())
}

/// A decimal number in plain digits, with the decimals that it has: `1.50` stays `1.50`.
#[must_use]
pub fn decimal(value: Decimal) -> ShortText {
    let mut value = value;
    if value.is_zero() {
        value.set_sign_positive(true);
    }
    displayed(value)
}

/// An instant as local time in a zone of so many seconds east of UTC. For patterns see [`Timestamp::parse`].
#[must_use]
pub fn timestamp(instant: Timestamp, pattern: &str, zone_seconds: i32) -> ShortText {
    instant.write(pattern, zone_seconds)
}

/// An instant as whole seconds since 1970.
#[must_use]
pub fn unix_seconds(instant: Timestamp) -> ShortText {
    integer(instant.unix_seconds())
}

/// An instant as milliseconds since 1970.
#[must_use]
pub fn unix_millis(instant: Timestamp) -> ShortText {
    integer(instant.unix_millis())
}

/// A day. For patterns see [`Date::parse`].
#[must_use]
pub fn date(day: Date, pattern: &str) -> ShortText {
    day.write(pattern)
}

/// A length of time: `96h`.
#[must_use]
pub fn span(span: Span) -> ShortText {
    let mut text = ShortText::new();
    push_integer(&mut text, span.count());
    text.push(span.unit());
    text
}

/// A text as base64 with padding, of its bytes in UTF-8.
#[must_use]
pub fn base64(text: impl AsRef<str>) -> String {
    STANDARD.encode(text.as_ref())
}

/// Several texts with a separator between two of them.
pub fn joined<T: AsRef<str>>(items: impl IntoIterator<Item = T>, separator: &str) -> String {
    let mut text = String::new();
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            text.push_str(separator);
        }
        text.push_str(item.as_ref());
    }
    text
}

fn push_integer(text: &mut ShortText, number: impl itoa::Integer) {
    text.push_str(itoa::Buffer::new().format(number));
}

fn displayed(value: impl fmt::Display) -> ShortText {
    let mut text = ShortText::new();
    // Writing to a text cannot fail.
    let _ = write!(text, "{value}");
    text
}

/// Fills a plain number with zeros behind the point.
fn with_decimals(mut number: ShortText, decimals: usize) -> ShortText {
    let written = number.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    if decimals > written {
        if written == 0 {
            number.push_str(".");
        }
        (written..decimals).for_each(|_| number.push_str("0"));
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_plain_digits() {
        assert_eq!(integer(i64::MIN), "-9223372036854775808");
        assert_eq!(fen(Fen::new(10000)), "10000");
        assert_eq!(decimal(Decimal::new(150, 2)), "1.50");
        assert_eq!(decimal(Decimal::new(1, 20)), "0.00000000000000000001");
        assert_eq!(decimal(-Decimal::new(0, 1)), "0.0");
        assert_eq!(span(Span::hours(96)), "96h");
    }

    #[test]
    fn yuan_are_written_fixed_or_shortest() {
        let both =
            |fen| (yuan(Yuan::from_fen(fen)).to_string(), yuan_shortest(Yuan::from_fen(fen)).to_string());
        let pair = |fixed: &str, shortest: &str| (fixed.to_owned(), shortest.to_owned());
        assert_eq!(both(1000), pair("10.00", "10"));
        assert_eq!(both(1050), pair("10.50", "10.5"));
        assert_eq!(both(1001), pair("10.01", "10.01"));
        assert_eq!(both(0), pair("0.00", "0"));
        assert_eq!(both(-5), pair("-0.05", "-0.05"));
        assert_eq!(both(1_000_000_000), pair("10000000.00", "10000000"));
        assert_eq!(both(i64::MIN), pair("-92233720368547758.08", "-92233720368547758.08"));
    }

    #[test]
    fn other_numbers_of_decimals_are_filled_with_zeros_and_never_rounded() {
        let yuan = |fen, decimals| yuan_fixed(Yuan::from_fen(fen), decimals);
        assert_eq!([yuan(1000, 0), yuan(1000, 1), yuan(1000, 4)], ["10", "10.0", "10.0000"]);
        assert_eq!(
            [yuan(1050, 1), yuan(1050, 3), yuan(1001, 1), yuan(-5, 0)],
            ["10.5", "10.500", "10.01", "-0.05"]
        );
        assert_eq!([fen_fixed(Fen::new(1000), 2), fen_fixed(Fen::new(-7), 0)], ["1000.00", "-7"]);
    }

    #[test]
    fn items_are_joined_without_a_stray_separator() {
        assert_eq!(joined(Vec::<String>::new(), ","), "");
        assert_eq!(joined(["a"], ","), "a");
        assert_eq!(joined(["a", "", "b"], ","), "a,,b");
    }
}
