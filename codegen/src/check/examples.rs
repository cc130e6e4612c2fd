//! Examples and defaults: are they values of their own field?

use super::ranges::Number;
use super::{Context, times};
use crate::diagnostic::Code;
use crate::ir::{self, Bounds, Kind, LengthUnit, Opened, TimeFormat};
use crate::read::Spanned;

impl Context<'_> {
    /// Reports a value of `field` that its own type or limits refuse.
    pub(super) fn example(&self, field: &ir::Field, text: &Spanned<String>, what: &str) {
        if let Some(why) = self.unfit(field, text) {
            let message = format!("{what} `{text}` of `{}` {why}", field.name.wire);
            self.mistake(
                Code::BadExample,
                text.span,
                message,
                "one of the two was copied wrongly from the document",
            );
        }
    }

    fn unfit(&self, field: &ir::Field, text: &str) -> Option<String> {
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let fits = match &field.kind {
            Kind::Url => text.starts_with("https://") || text.starts_with("http://"),
            Kind::Integer { .. } => is_digits(text.strip_prefix('-').unwrap_or(text)),
            Kind::Decimal { scale, .. } | Kind::Amount { read_scale: scale, .. } => {
                Number::parse(text).is_some_and(|number| number.decimals() <= *scale as usize)
            }
            Kind::Flag { yes, no } => text == yes || text == no,
            Kind::Timestamp(TimeFormat::UnixSeconds | TimeFormat::UnixMillis) => is_digits(text),
            Kind::Timestamp(TimeFormat::Pattern(pattern)) | Kind::Date(pattern) => {
                times::matches(pattern, text)
            }
            Kind::Duration { units } => times::span(text).is_some_and(|span| units.contains(&span.unit)),
            Kind::Enum(_) => {
                self.values_of(&field.kind).is_none_or(|(_, v)| v.iter().any(|v| v.name.wire == text))
            }
            Kind::Json(_)
            | Kind::Base64Json(_)
            | Kind::Object(_)
            | Kind::Encrypted(Opened::Object(_))
            | Kind::RawJson => {
                (text.starts_with('{') && text.ends_with('}'))
                    || (text.starts_with('[') && text.ends_with(']'))
            }
            Kind::Text
            | Kind::List { .. }
            | Kind::Rows { .. }
            | Kind::Encrypted(Opened::Text)
            | Kind::Fixed(_)
            | Kind::Signature => true,
        };
        if !fits {
            return Some("is no value of this type".to_owned());
        }
        self.breach(&field.limits, text)
    }

    /// The limit that a value breaks, in words.
    fn breach(&self, limits: &ir::Limits, text: &str) -> Option<String> {
        if let Some(length) = limits.length {
            // Bytes in another charset than UTF-8 are counted where that charset is known: at run time.
            let (count, unit) = match length.unit {
                LengthUnit::Chars => (text.chars().count(), "characters"),
                LengthUnit::Bytes if !text.is_ascii() => return None,
                LengthUnit::Bytes => (text.len(), "bytes"),
            };
            let count = u64::try_from(count).unwrap_or(u64::MAX);
            if outside(&length.bounds, &count) {
                return Some(format!("has {count} {unit}, {} allowed", shown(&length.bounds)));
            }
        }
        if let Some(range) = &limits.range {
            let end = |end: &Option<String>| end.as_ref().and_then(|end| Number::parse(end));
            let bounds = Bounds { min: end(&range.min), max: end(&range.max) };
            if Number::parse(text).is_some_and(|number| outside(&bounds, &number)) {
                return Some(format!("is out of range, {} allowed", shown(range)));
            }
        }
        if let (Some(range), Some(value)) = (&limits.duration, times::span(text)) {
            let end = |end: Option<ir::Span>| end.map(times::seconds);
            if outside(&Bounds { min: end(range.min), max: end(range.max) }, &times::seconds(value)) {
                return Some("is out of range".to_owned());
            }
        }
        let alphabet = limits.alphabet.as_ref()?;
        let odd = text
            .chars()
            .find(|c| !alphabet.ranges.iter().any(|(first, last)| (first..=last).contains(&c)))?;
        Some(format!("has the character `{odd}`, `{}` allowed", alphabet.text))
    }
}

fn outside<T: PartialOrd>(bounds: &Bounds<T>, value: &T) -> bool {
    bounds.min.as_ref().is_some_and(|min| value < min) || bounds.max.as_ref().is_some_and(|max| value > max)
}

fn shown<T: std::fmt::Display + PartialEq>(bounds: &Bounds<T>) -> String {
    match (&bounds.min, &bounds.max) {
        (Some(min), Some(max)) if min == max => format!("{min}"),
        (Some(min), Some(max)) => format!("{min}..{max}"),
        (Some(min), None) => format!("{min}.."),
        (None, Some(max)) => format!("..{max}"),
        (None, None) => "any".to_owned(),
    }
}
