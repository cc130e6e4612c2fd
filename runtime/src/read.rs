//! Readers: from a received value to a Rust value.
//!
//! Lenient in one thing, because providers are careless about it: a number may come as a text and a text as a number
//! (`"1"` or `1`). Strict in everything else: no exponent, no `+`, no `_`, no white space, no rounding. A value that
//! cannot be read is never taken for nothing: the reply is then unknown, the notice refused.

use rust_decimal::Decimal;

use crate::{
    AbsentWhen, Date, Enumeration, Fen, HttpUrl, Malformed, Members, Sensitive, SharedStr, Span, Timestamp,
    Unsigned, Value, Yuan,
    json::{self, Json, RawJson},
    message::decode_base64,
    money::{Amount, AmountError},
};

/// Text; a number stands for its own text.
///
/// # Errors
/// Neither text nor number.
pub fn text(value: Value<'_>) -> Result<SharedStr, Malformed> {
    value.kept_scalar("a text")
}

/// A whole number: digits, maybe with a minus sign.
///
/// # Errors
/// Anything else, or one that has no place in 64 bits.
pub fn integer(value: Value<'_>) -> Result<i64, Malformed> {
    const WANTED: &str = "a whole number";
    let text = value.scalar(WANTED)?;
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let number = if is_digits(digits) { text.parse().ok() } else { None };
    number.ok_or_else(|| Malformed::text(&text, WANTED))
}

/// A decimal number with at most so many digits after the point.
pub fn decimal(scale: u32) -> impl Fn(Value<'_>) -> Result<Decimal, Malformed> {
    const WANTED: &str = "a plain decimal number of the stated scale";
    move |value| {
        let text = value.scalar(WANTED)?;
        plain_decimal(&text, scale).ok_or_else(|| Malformed::text(&text, WANTED))
    }
}

/// Yuan, with at most so many digits after the point; those beyond the second must be zero.
pub fn yuan(read_scale: u32) -> impl Fn(Value<'_>) -> Result<Yuan, Malformed> {
    amount(read_scale, "an amount in yuan")
}

/// Fen, with at most so many digits after the point, all of them zero.
pub fn fen(read_scale: u32) -> impl Fn(Value<'_>) -> Result<Fen, Malformed> {
    amount(read_scale, "an amount in fen")
}

/// Yes or no, in the provider's words. Where these are `true` and `false`, JSON may say it without quotes.
pub fn flag(yes: &str, no: &str) -> impl Fn(Value<'_>) -> Result<bool, Malformed> {
    const WANTED: &str = "one of the two words for yes and no";
    move |value| {
        match (yes, no, value.to_raw().text()) {
            ("true", "false", "true") => return Ok(true),
            ("true", "false", "false") => return Ok(false),
            _ => {}
        }
        match value.scalar(WANTED)? {
            text if text == yes => Ok(true),
            text if text == no => Ok(false),
            text => Err(Malformed::text(&text, WANTED)),
        }
    }
}

/// A local time in the zone of so many seconds east of UTC. See [`Timestamp::parse`] for patterns.
pub fn timestamp(pattern: &str, zone_seconds: i32) -> impl Fn(Value<'_>) -> Result<Timestamp, Malformed> {
    const WANTED: &str = "a time in the provider's form";
    move |value| {
        let text = value.scalar(WANTED)?;
        Timestamp::parse(&text, pattern, zone_seconds).map_err(|_| Malformed::text(&text, WANTED))
    }
}

/// Seconds since 1970.
///
/// # Errors
/// No whole number, or beyond the year 9999.
pub fn unix_seconds(value: Value<'_>) -> Result<Timestamp, Malformed> {
    let seconds = integer(value)?;
    Timestamp::from_unix_seconds(seconds).ok_or_else(|| Malformed::text(&seconds.to_string(), "Unix seconds"))
}

/// Milliseconds since 1970.
///
/// # Errors
/// No whole number, or beyond the year 9999.
pub fn unix_millis(value: Value<'_>) -> Result<Timestamp, Malformed> {
    let millis = integer(value)?;
    Timestamp::from_unix_millis(millis)
        .ok_or_else(|| Malformed::text(&millis.to_string(), "Unix milliseconds"))
}

/// A day. See [`Timestamp::parse`] for patterns.
pub fn date(pattern: &str) -> impl Fn(Value<'_>) -> Result<Date, Malformed> {
    const WANTED: &str = "a day in the provider's form";
    move |value| {
        let text = value.scalar(WANTED)?;
        Date::parse(&text, pattern).map_err(|_| Malformed::text(&text, WANTED))
    }
}

/// A length of time with one of these units: `96h`.
pub fn span(units: &[char]) -> impl Fn(Value<'_>) -> Result<Span, Malformed> {
    const WANTED: &str = "a length of time with its unit";
    move |value| {
        let text = value.scalar(WANTED)?;
        let span = text.parse::<Span>().ok().filter(|span| units.contains(&span.unit()));
        span.ok_or_else(|| Malformed::text(&text, WANTED))
    }
}

/// A value of an enumeration; one that the spec does not list is kept.
///
/// # Errors
/// Neither text nor number.
pub fn enumeration<T: Enumeration>(value: Value<'_>) -> Result<T, Malformed> {
    Ok(T::from_wire(&value.scalar("a text")?))
}

/// An address.
///
/// # Errors
/// No absolute http or https address.
pub fn url(value: Value<'_>) -> Result<HttpUrl, Malformed> {
    const WANTED: &str = "an http or https address";
    let text = value.scalar(WANTED)?;
    text.parse().map_err(|_| Malformed::text(&text, WANTED))
}

/// An object, its members read by `read`.
pub fn object<T>(
    read: impl Fn(&mut Members<'_>) -> Result<T, Malformed>,
) -> impl Fn(Value<'_>) -> Result<T, Malformed> {
    move |value| read(&mut value.object()?)
}

/// An array, its items read by `read`.
pub fn list<T>(
    read: impl Fn(Value<'_>) -> Result<T, Malformed>,
) -> impl Fn(Value<'_>) -> Result<Vec<T>, Malformed> {
    move |value| {
        let items = value.items()?.into_iter().enumerate();
        items.map(|(index, item)| read(item).map_err(|error| error.at_item(index))).collect()
    }
}

/// A text of several values with `separator` between them, each read by `read`.
pub fn joined<T>(
    separator: &str,
    read: impl Fn(Value<'_>) -> Result<T, Malformed>,
) -> impl Fn(Value<'_>) -> Result<Vec<T>, Malformed> {
    move |value| {
        let text = value.scalar("a text")?;
        let absent = value.absent_when();
        let items = text.split(separator).enumerate();
        items
            .map(|(index, item)| {
                let item = Value::of_text(item, absent).among(value.texts());
                read(item).map_err(|error| error.at_item(index))
            })
            .collect()
    }
}

/// An object as JSON text inside a string, its members read by `read`.
pub fn json<T>(
    read: impl Fn(&mut Members<'_>) -> Result<T, Malformed>,
) -> impl Fn(Value<'_>) -> Result<Json<T>, Malformed> {
    const WANTED: &str = "the text of a JSON object";
    move |value| {
        let text = value.string().ok_or_else(|| Malformed::new("no text", WANTED))?;
        let refused = |_| Malformed::text(&text, WANTED);
        json::check(&text, json::DEPTH_LIMIT).map_err(refused)?;
        let mut members = value.members_of(&text).map_err(refused)?;
        Ok(Json::received(read(&mut members)?, value.kept(&text)))
    }
}

/// JSON of unknown shape as text inside a string.
///
/// # Errors
/// No text, or no JSON.
pub fn json_any(value: Value<'_>) -> Result<Json<RawJson>, Malformed> {
    const WANTED: &str = "JSON text";
    let text = value.string().ok_or_else(|| Malformed::new("no text", WANTED))?;
    let parsed = json::value(&text).map_err(|_| Malformed::text(&text, WANTED))?;
    Ok(Json::received(RawJson::shared(value.kept(parsed)), value.kept(&text)))
}

/// An object as the base64 of JSON text, of either alphabet, its members read by `read`.
pub fn base64_json<T>(
    read: impl Fn(&mut Members<'_>) -> Result<T, Malformed>,
) -> impl Fn(Value<'_>) -> Result<Json<T>, Malformed> {
    move |value| {
        let text = decoded(&value)?;
        json(&read)(Value::of_text(&text, value.absent_when()))
    }
}

/// JSON of unknown shape as the base64 of its text, of either alphabet.
///
/// # Errors
/// No base64, or not of JSON.
pub fn base64_json_any(value: Value<'_>) -> Result<Json<RawJson>, Malformed> {
    let text = decoded(&value)?;
    json_any(Value::of_text(&text, value.absent_when()))
}

/// What was encrypted, opened: the text of an object, its members read by `read`. Errors show none of it.
pub fn opened<T>(
    read: impl Fn(&mut Members<'_>) -> Result<T, Malformed>,
) -> impl Fn(Value<'_>) -> Result<T, Malformed> {
    const WANTED: &str = "the text of a JSON object";
    move |value| {
        let text = value.string().ok_or_else(|| Malformed::new("no text", WANTED))?;
        let refused = |_| Malformed::new("something else", WANTED);
        json::check(&text, json::DEPTH_LIMIT).map_err(refused)?;
        let mut members = value.members_of(&text).map_err(refused)?;
        read(&mut members).map_err(Malformed::hidden)
    }
}

/// A header of a message, if it is there and not empty.
///
/// # Errors
/// [`Malformed`] when it cannot be read.
pub fn optional_header<T>(
    name: &str,
    header: Option<&str>,
    read: impl FnOnce(Value<'_>) -> Result<T, Malformed>,
) -> Result<Option<T>, Malformed> {
    let Some(text) = header.filter(|text| !text.is_empty()) else { return Ok(None) };
    read(Value::of_text(text, AbsentWhen::Empty)).map(Some).map_err(|error| error.at(name))
}

/// A header of a message that must be there.
///
/// # Errors
/// [`Malformed`] when it is missing, empty or cannot be read.
pub fn required_header<T>(
    name: &str,
    header: Option<&str>,
    read: impl FnOnce(Value<'_>) -> Result<T, Malformed>,
) -> Result<T, Malformed> {
    optional_header(name, header, read)?.ok_or_else(|| Malformed::missing("a value").at(name))
}

/// JSON of unknown shape.
///
/// # Errors
/// None.
pub fn raw(value: Value<'_>) -> Result<RawJson, Malformed> {
    Ok(value.to_raw())
}

/// Personal data: neither `Debug` nor an error shows it.
pub fn sensitive<T>(
    read: impl Fn(Value<'_>) -> Result<T, Malformed>,
) -> impl Fn(Value<'_>) -> Result<Sensitive<T>, Malformed> {
    move |value| read(value).map(Sensitive::new).map_err(Malformed::hidden)
}

/// A value that the signature of its message does not cover.
pub fn unsigned<T>(
    read: impl Fn(Value<'_>) -> Result<T, Malformed>,
) -> impl Fn(Value<'_>) -> Result<Unsigned<T>, Malformed> {
    move |value| read(value).map(Unsigned::new)
}

/// The text that base64 stands for.
fn decoded(value: &Value<'_>) -> Result<String, Malformed> {
    const WANTED: &str = "the base64 of JSON text";
    let text = value.string().ok_or_else(|| Malformed::new("no text", WANTED))?;
    let bytes = decode_base64(&text).and_then(|bytes| String::from_utf8(bytes).ok());
    bytes.ok_or_else(|| Malformed::text(&text, WANTED))
}

fn amount<T: Amount>(read_scale: u32, wanted: &'static str) -> impl Fn(Value<'_>) -> Result<T, Malformed> {
    move |value| {
        let text = value.scalar(wanted)?;
        T::parse_up_to(&text, read_scale).map_err(|_: AmountError| Malformed::text(&text, wanted))
    }
}

/// Digits, maybe with a minus sign, maybe with a point and 1 to `scale` more digits.
fn plain_decimal(text: &str, scale: u32) -> Option<Decimal> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) if is_digits(fraction) => (whole, fraction),
        Some(_) => return None,
        None => (text, ""),
    };
    let fits = u32::try_from(fraction.len()).is_ok_and(|digits| digits <= scale);
    let plain = is_digits(whole.strip_prefix('-').unwrap_or(whole));
    if plain && fits { Decimal::from_str_exact(text).ok() } else { None }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
