//! What is said about a field: its limits in words, its unit, how it travels, an example, who says so.
//!
//! Limits are enforced where we send a field (`validate`) and documentation where we receive it; the words are the
//! same, so that a reference reads alike in both directions.

use super::docs::{self, Docs, code};
use super::names::credential_words;
use crate::ir::{
    AmountUnit, Bounds, Digits, Field, Kind, Length, LengthUnit, Limits, Provider, Span, StartsWith,
    TimeFormat,
};

/// The doc comment of a member. `around` are the sources of the message or object that it belongs to.
pub(super) fn field_docs(provider: &Provider, field: &Field, around: &[String]) -> Docs {
    let Field { name, required: _, kind, doc, sources, example, sensitive, deprecated: _, limits, advice } =
        field;
    let mut facts = Vec::new();
    if name.wire != name.snake {
        facts.push(format!("On the wire: {}.", code(&name.wire)));
    }
    facts.extend(form_in_words(provider, kind));
    facts.extend(in_words(limits, kind).map(|words| format!("{}.", capital(&words))));
    facts.extend(in_words(advice, kind).map(|words| format!("Advised: {words}.")));
    if *sensitive {
        facts.push("Personal data: hidden from `Debug`.".to_owned());
    }
    facts.extend(example.as_ref().map(|example| format!("Example: {}.", code(example))));
    facts.push(docs::source(provider, sources, around));
    facts.retain(|fact| !fact.is_empty());
    Docs::of_spec(doc).ours(facts.join(" "))
}

/// How a value of this kind is written, where the Rust type does not tell.
fn form_in_words(provider: &Provider, kind: &Kind) -> Option<String> {
    match kind {
        Kind::Amount { unit: AmountUnit::Fen, scale: 0, .. } => Some("In fen.".to_owned()),
        Kind::Amount { unit: AmountUnit::Yuan, digits: Digits::Fixed, .. } => Some("In yuan.".to_owned()),
        Kind::Amount { unit, scale, digits, .. } => {
            let unit = if *unit == AmountUnit::Fen { "fen" } else { "yuan" };
            let digits = if *digits == Digits::Fixed { "exactly" } else { "at most" };
            Some(format!("In {unit}, written with {digits} {scale} decimals."))
        }
        Kind::Decimal { scale, .. } => Some(format!("Up to {scale} decimals.")),
        Kind::Flag { yes, no } => Some(format!("Travels as {} (yes) or {} (no).", code(yes), code(no))),
        Kind::Timestamp(TimeFormat::Pattern(pattern)) => {
            Some(format!("Travels as {}{}.", code(&pattern.text), zone_in_words(provider.defaults.zone)))
        }
        Kind::Timestamp(TimeFormat::UnixSeconds) => Some("Travels as seconds since 1970.".to_owned()),
        Kind::Timestamp(TimeFormat::UnixMillis) => Some("Travels as milliseconds since 1970.".to_owned()),
        Kind::Date(pattern) => Some(format!("Travels as {}.", code(&pattern.text))),
        Kind::Duration { units } => {
            let units: Vec<String> = units.iter().map(|unit| code(&unit.to_string())).collect();
            Some(format!("Units: {}.", units.join(", ")))
        }
        Kind::List { join: Some(join), .. } => Some(format!("Travels as text, joined by {}.", code(join))),
        Kind::Json(_) => Some("Travels as JSON text; the exact text is kept.".to_owned()),
        Kind::Text | Kind::Url | Kind::Integer { .. } | Kind::Enum(_) | Kind::Object(_) => None,
        Kind::Rows { of: _, from } => Some(format!(
            "Travels as rows under numbered names, from {from} on; its own name carries their number."
        )),
        Kind::Base64Json(_) => Some("Travels as base64 of JSON text; the exact text is kept.".to_owned()),
        Kind::Encrypted(_) => Some("Travels encrypted; this is what was opened.".to_owned()),
        Kind::List { join: None, .. } | Kind::RawJson | Kind::Fixed(_) | Kind::Signature => None,
    }
}

fn zone_in_words(zone: Option<i32>) -> String {
    let Some(seconds) = zone else { return String::new() };
    let (sign, minutes) = if seconds < 0 { ('-', -seconds / 60) } else { ('+', seconds / 60) };
    format!(" at {sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Limits as a list of phrases, `None` where nothing is stated.
pub(super) fn in_words(limits: &Limits, kind: &Kind) -> Option<String> {
    let Limits { length, items, range, duration, alphabet, starts_with } = limits;
    let mut words = Vec::new();
    words.extend(length.as_ref().and_then(length_in_words));
    words.extend(
        items
            .as_ref()
            .and_then(|bounds| bounds_in_words(bounds, "item", "items", u64::to_string, |n| *n == 1)),
    );
    words.extend(range.as_ref().and_then(|bounds| {
        let unit = unit_of(kind);
        bounds_in_words(bounds, unit, unit, String::clone, |_| false)
    }));
    words.extend(
        duration.as_ref().and_then(|bounds| bounds_in_words(bounds, "", "", span_in_words, |_| false)),
    );
    words.extend(alphabet.as_ref().map(|alphabet| format!("characters {}", code(&alphabet.text))));
    words.extend(starts_with.as_ref().map(start_in_words));
    if words.is_empty() { None } else { Some(words.join("; ")) }
}

fn length_in_words(length: &Length) -> Option<String> {
    let Length { bounds, unit } = length;
    let (one, many) = match unit {
        LengthUnit::Chars => ("character", "characters"),
        LengthUnit::Bytes => ("byte", "bytes"),
    };
    bounds_in_words(bounds, one, many, u64::to_string, |n| *n == 1)
}

fn unit_of(kind: &Kind) -> &'static str {
    match kind {
        Kind::Amount { unit: AmountUnit::Fen, .. } => "fen",
        Kind::Amount { unit: AmountUnit::Yuan, .. } => "yuan",
        _ => "",
    }
}

fn span_in_words(span: &Span) -> String {
    code(&format!("{}{}", span.count, span.unit))
}

fn start_in_words(start: &StartsWith) -> String {
    match start {
        StartsWith::Credential(path) => {
            format!("begins with the credential {}", code(&credential_words(path)))
        }
        StartsWith::Date { pattern, within_days: 0 } => {
            format!("begins with today as {}", code(&pattern.text))
        }
        StartsWith::Date { pattern, within_days } => {
            let days = if *within_days == 1 { "day" } else { "days" };
            format!("begins with a date as {}, at most {within_days} {days} from today", code(&pattern.text))
        }
    }
}

/// `1 to 32 characters`, `at least 1 character`, `exactly 32 bytes`.
fn bounds_in_words<T: PartialEq>(
    bounds: &Bounds<T>,
    one: &str,
    many: &str,
    write: impl Fn(&T) -> String,
    is_one: impl Fn(&T) -> bool,
) -> Option<String> {
    let phrase = |before: &str, value: &T| {
        let unit = if is_one(value) { one } else { many };
        format!("{before}{} {unit}", write(value)).trim().to_owned()
    };
    match (&bounds.min, &bounds.max) {
        (None, None) => None,
        (Some(min), None) => Some(phrase("at least ", min)),
        (None, Some(max)) => Some(phrase("at most ", max)),
        (Some(min), Some(max)) if min == max => Some(phrase("exactly ", min)),
        (Some(min), Some(max)) => Some(phrase(&format!("{} to ", write(min)), max)),
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
