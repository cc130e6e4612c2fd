//! From dynamic values to typed ones, one function for each kind of field.
//!
//! The forms are those of [`payspec_interpreter::Value`]. Nothing is checked beyond the type: limits are the business
//! of the two that are compared.

// Which kinds the specs at hand use changes with them.
#![allow(dead_code)]

use std::str::FromStr;

use payspec::{Date, Decimal, Extra, Fen, HttpUrl, Json, RawJson, Sensitive, Span, Timestamp, Yuan};
use payspec_interpreter::{Map, Value};
use payspec_runtime::Enumeration;

use super::Mismatch;

type Typed<T> = Result<T, Mismatch>;

pub(super) fn required<T>(
    inputs: &Map<Value>,
    name: &str,
    read: impl FnOnce(&Value) -> Typed<T>,
) -> Typed<T> {
    let value = inputs.get(name).ok_or_else(|| Mismatch::new(name, "is missing"))?;
    read(value).map_err(|mismatch| mismatch.inside(name))
}

pub(super) fn optional<T>(
    inputs: &Map<Value>,
    name: &str,
    read: impl FnOnce(&Value) -> Typed<T>,
) -> Typed<Option<T>> {
    inputs.get(name).map(read).transpose().map_err(|mismatch| mismatch.inside(name))
}

/// An empty text has no typed form in most kinds: nothing is there.
pub(super) fn optional_unless_empty<T>(
    inputs: &Map<Value>,
    name: &str,
    read: impl FnOnce(&Value) -> Typed<T>,
) -> Typed<Option<T>> {
    match inputs.get(name).and_then(Value::as_text) {
        Some("") => Ok(None),
        _ => optional(inputs, name, read),
    }
}

/// A struct has no room for other names.
pub(super) fn known(inputs: &Map<Value>, names: &[&str]) -> Typed<()> {
    match inputs.iter().find(|(name, _)| !names.contains(name)) {
        Some((name, _)) => Err(Mismatch::new(name, "is no member")),
        None => Ok(()),
    }
}

pub(super) fn extra(inputs: &Map<Value>, names: &[&str]) -> Typed<Extra> {
    let mut extra = Extra::new();
    for (name, value) in inputs.iter().filter(|(name, _)| !names.contains(name)) {
        extra.insert(name, any(value).map_err(|mismatch| mismatch.inside(name))?);
    }
    Ok(extra)
}

fn plain(value: &Value) -> Typed<&str> {
    value.as_text().ok_or_else(|| Mismatch::new("", "is no text"))
}

fn parsed<T: FromStr>(value: &Value, wanted: &str) -> Typed<T> {
    plain(value)?.parse().map_err(|_| Mismatch::new("", format!("is not {wanted}")))
}

pub(super) fn text(value: &Value) -> Typed<String> {
    plain(value).map(str::to_owned)
}

pub(super) fn url(value: &Value) -> Typed<HttpUrl> {
    parsed(value, "a URL")
}

pub(super) fn integer(value: &Value) -> Typed<i64> {
    parsed(value, "a whole number")
}

pub(super) fn decimal(value: &Value) -> Typed<Decimal> {
    Decimal::from_str_exact(plain(value)?).map_err(|_| Mismatch::new("", "is not a decimal number"))
}

/// Zeros behind the second decimal say nothing, but are none of a `Yuan`.
pub(super) fn yuan(value: &Value) -> Typed<Yuan> {
    let text = plain(value)?;
    let end = text.find('.').map_or(text.len(), |point| text.len().min(point + 3));
    let (amount, rest) = text.split_at_checked(end).ok_or_else(|| Mismatch::new("", "is no amount"))?;
    let amount = if rest.bytes().all(|digit| digit == b'0') { amount } else { text };
    amount.parse().map_err(|_| Mismatch::new("", "is not an amount in yuan"))
}

pub(super) fn fen(value: &Value) -> Typed<Fen> {
    parsed(value, "an amount in fen")
}

pub(super) fn flag(value: &Value) -> Typed<bool> {
    parsed(value, "true or false")
}

pub(super) fn unix_seconds(value: &Value) -> Typed<Timestamp> {
    Timestamp::from_unix_seconds(integer(value)?).ok_or_else(|| Mismatch::new("", "is no instant"))
}

pub(super) fn unix_millis(value: &Value) -> Typed<Timestamp> {
    Timestamp::from_unix_millis(integer(value)?).ok_or_else(|| Mismatch::new("", "is no instant"))
}

/// Unix seconds (milliseconds where the pattern has them), or the text on the wire.
pub(super) fn timestamp(pattern: &'static str, zone: i32) -> impl Fn(&Value) -> Typed<Timestamp> {
    move |value| {
        let text = plain(value)?;
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Timestamp::parse(text, pattern, zone).map_err(|_| Mismatch::new("", "is no instant"));
        }
        if pattern.contains("%3f") { unix_millis(value) } else { unix_seconds(value) }
    }
}

/// `yyyy-MM-dd`, or the text on the wire.
pub(super) fn date(pattern: &'static str) -> impl Fn(&Value) -> Typed<Date> {
    move |value| {
        let text = plain(value)?;
        let day = text.parse().or_else(|_| Date::parse(text, pattern));
        day.map_err(|_| Mismatch::new("", "is no day"))
    }
}

pub(super) fn span(value: &Value) -> Typed<Span> {
    parsed(value, "a length of time")
}

pub(super) fn enumeration<T: Enumeration>(value: &Value) -> Typed<T> {
    plain(value).map(T::from_wire)
}

pub(super) fn sensitive<T>(read: impl Fn(&Value) -> Typed<T>) -> impl Fn(&Value) -> Typed<Sensitive<T>> {
    move |value| read(value).map(Sensitive::new)
}

pub(super) fn object<T>(build: impl Fn(&Map<Value>) -> Typed<T>) -> impl Fn(&Value) -> Typed<T> {
    move |value| match value {
        Value::Object(members) => build(members),
        _ => Err(Mismatch::new("", "is no object")),
    }
}

pub(super) fn list<T>(read: impl Fn(&Value) -> Typed<T>) -> impl Fn(&Value) -> Typed<Vec<T>> {
    move |value| match value {
        Value::List(items) => items.iter().map(&read).collect(),
        _ => Err(Mismatch::new("", "is no list")),
    }
}

/// Exact JSON text. Generated code sends it as it is and does not look into it; the interpreter does. What is no JSON
/// has no typed form here, so that the two can be compared on what is.
fn exact<T>(text: &str) -> Typed<Json<T>> {
    if !text.trim().is_empty() {
        text.parse::<RawJson>().map_err(|_| Mismatch::new("", "is no JSON"))?;
    }
    Ok(Json::text(text))
}

/// JSON of a known type: a value, or exact text.
pub(super) fn json<T>(build: impl Fn(&Map<Value>) -> Typed<T>) -> impl Fn(&Value) -> Typed<Json<T>> {
    move |value| match value {
        Value::Object(members) => build(members).map(Json::of),
        Value::Text(text) | Value::Json(text) => exact(text),
        Value::List(_) => Err(Mismatch::new("", "is no object")),
    }
}

pub(super) fn json_any(value: &Value) -> Typed<Json<RawJson>> {
    match value {
        Value::Text(text) => exact(text),
        other => any(other).map(Json::of),
    }
}

/// JSON of a value whose type nobody knows.
fn any(value: &Value) -> Typed<RawJson> {
    fn written(value: &Value) -> String {
        match value {
            Value::Text(text) => RawJson::of_text(text).text().to_owned(),
            Value::Json(exact) => exact.clone(),
            Value::List(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(",")),
            Value::Object(members) => {
                let name = |name: &str| RawJson::of_text(name).text().to_owned();
                let members: Vec<String> =
                    members.iter().map(|(own, value)| format!("{}:{}", name(own), written(value))).collect();
                format!("{{{}}}", members.join(","))
            }
        }
    }
    written(value).parse().map_err(|_| Mismatch::new("", "is no JSON"))
}
