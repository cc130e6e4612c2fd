//! What a value is and how long or large it may be, in words.

use payspec_codegen::ir::{
    Alphabet, AmountUnit, Bounds, Digits, Field, Item, JsonForm, JsonOf, Kind, Length, LengthUnit, Limits,
    Opened, Shape, Span, StartsWith, TimeFormat, TypeId,
};

use crate::book::{Book, credential, type_link};
use crate::document::Text;

/// Where a value stands: inside JSON it matters how numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inside {
    /// A query, a form, XML, a header; or JSON that we only read.
    Text,
    /// JSON that we write.
    WrittenJson,
}

/// An enumeration with at most so many values is shown in place.
const FEW_VALUES: usize = 4;

impl Book<'_> {
    /// What a field is, and its limits.
    pub(crate) fn type_and_limits(&self, field: &Field, inside: Inside) -> Text {
        let limits = self.limits(&field.limits);
        self.kind(&field.kind, inside).and_line(limits)
    }

    /// The softer limits, as a sentence.
    pub(crate) fn advice(&self, field: &Field) -> Text {
        let advice = self.limits(&field.advice);
        if advice.is_empty() { advice } else { Text::plain("Better: ").and_text(advice).and(".") }
    }

    fn kind(&self, kind: &Kind, inside: Inside) -> Text {
        match kind {
            Kind::Text => Text::plain("text"),
            Kind::Url => Text::plain("URL, http or https"),
            Kind::Integer { json } => Text::plain("whole number").and(json_form(*json, inside)),
            Kind::Decimal { scale, json } => {
                Text::plain(format!("decimal number, {}", decimals(*scale))).and(json_form(*json, inside))
            }
            Kind::Amount { unit, scale, read_scale, digits, json } => {
                amount(*unit, *scale, *read_scale, *digits).and(json_form(*json, inside))
            }
            Kind::Flag { yes, no } => {
                Text::plain("yes or no: ").and_code(yes).and(" is yes, ").and_code(no).and(" is no")
            }
            Kind::Timestamp(format) => self.time(format),
            Kind::Date(pattern) => Text::plain("day, ").and_code(&pattern.text),
            Kind::Duration { units } => {
                let units = units.iter().map(|unit| Text::code(format!("1{unit}")));
                Text::plain("length of time: ").and_text(Text::joined(units, ", ", " or "))
            }
            Kind::Enum(id) => self.enumeration(*id),
            Kind::Object(id) => Text::plain("object ").and_text(self.type_named(*id)),
            Kind::List { of, join } => self.list(*of, join.as_deref()),
            Kind::Rows { of, from } => Text::plain("number of rows; each row is ")
                .and_text(self.type_named(*of))
                .and(" under flat names in which ")
                .and_code("#")
                .and(format!(" is the number of the row, from {from} on")),
            Kind::Json(of) => Text::plain("text of JSON").and_text(self.json_of(*of)),
            Kind::Base64Json(of) => Text::plain("base64 of the text of JSON").and_text(self.json_of(*of)),
            Kind::Encrypted(Opened::Text) => Text::plain("encrypted text"),
            Kind::Encrypted(Opened::Object(id)) => {
                Text::plain("encrypted JSON: ").and_text(self.type_named(*id))
            }
            Kind::RawJson => Text::plain("JSON of a shape that nobody published, handed on as it is"),
            Kind::Fixed(text) => Text::plain("always ").and_code(text),
            Kind::Signature => Text::plain("the signature"),
        }
    }

    fn time(&self, format: &TimeFormat) -> Text {
        match format {
            TimeFormat::UnixSeconds => Text::plain("time, seconds since 1970 (Unix)"),
            TimeFormat::UnixMillis => Text::plain("time, milliseconds since 1970 (Unix)"),
            TimeFormat::Pattern(pattern) => {
                Text::plain("time, ").and_code(&pattern.text).and(format!(" at {}", self.zone()))
            }
        }
    }

    /// The zone of all times that are written without one.
    pub(crate) fn zone(&self) -> String {
        let seconds = self.provider.defaults.zone.unwrap_or(0);
        let sign = if seconds < 0 { '-' } else { '+' };
        let minutes = seconds.unsigned_abs() / 60;
        format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }

    fn type_named(&self, id: TypeId) -> Text {
        type_link(&self.provider[id].name)
    }

    fn enumeration(&self, id: TypeId) -> Text {
        let kind = &self.provider[id];
        let text = Text::plain("one of ").and_text(self.type_named(id));
        match &kind.shape {
            Shape::Enum(values) if values.len() <= FEW_VALUES => {
                text.and(": ").and_text(Text::codes(values.iter().map(|value| &value.name.wire)))
            }
            _ => text,
        }
    }

    fn list(&self, of: Item, join: Option<&str>) -> Text {
        let of = match of {
            Item::Text => Text::plain("texts"),
            Item::Url => Text::plain("URLs"),
            Item::Object(id) => self.type_named(id),
        };
        let text = Text::plain("list of ").and_text(of);
        match join {
            Some(join) => text.and(", as one text with ").and_code(join).and(" between them"),
            None => text,
        }
    }

    fn json_of(&self, of: JsonOf) -> Text {
        match of {
            JsonOf::Object(id) => Text::plain(": ").and_text(self.type_named(id)),
            JsonOf::Any => Text::default(),
        }
    }

    fn limits(&self, limits: &Limits) -> Text {
        let Limits { length, items, range, duration, alphabet, starts_with } = limits;
        let all = [
            length.map(length_words).map(Text::plain),
            items.as_ref().map(|items| Text::plain(bounds(items, u64::to_string, " items"))),
            range.as_ref().map(|range| Text::plain(bounds(range, String::clone, ""))),
            duration.as_ref().map(|range| Text::plain(bounds(range, span, ""))),
            alphabet.as_ref().map(alphabet_words),
            starts_with.as_ref().map(|start| self.starts_with(start)),
        ];
        Text::joined(all.into_iter().flatten().filter(|text| !text.is_empty()), "; ", "; ")
    }

    fn starts_with(&self, start: &StartsWith) -> Text {
        match start {
            StartsWith::Credential(path) => {
                Text::plain("begins with the credential ").and_text(credential(path))
            }
            StartsWith::Date { pattern, within_days } => Text::plain("begins with a day, ")
                .and_code(&pattern.text)
                .and(format!(", at most {within_days} days from today")),
        }
    }
}

fn json_form(form: JsonForm, inside: Inside) -> &'static str {
    match (inside, form) {
        (Inside::Text, _) => "",
        (Inside::WrittenJson, JsonForm::Text) => ", in JSON as a string",
        (Inside::WrittenJson, JsonForm::Number) => ", in JSON as a number",
    }
}

fn amount(unit: AmountUnit, scale: u32, read_scale: u32, digits: Digits) -> Text {
    let text = match (unit, digits) {
        (AmountUnit::Fen, _) if scale == 0 => Text::plain("amount in fen (分), whole"),
        (AmountUnit::Fen, _) => Text::plain(format!("amount in fen (分), {}", decimals(scale))),
        (AmountUnit::Yuan, Digits::Fixed) => {
            let example =
                if scale == 0 { "10".to_owned() } else { format!("10.{:0<1$}", "", scale as usize) };
            Text::plain(format!("amount in yuan (元), {}, written ", decimals(scale))).and_code(example)
        }
        (AmountUnit::Yuan, Digits::Shortest) => {
            Text::plain(format!("amount in yuan (元), at most {}, without trailing zeros", decimals(scale)))
        }
    };
    if read_scale > scale { text.and(format!("; read with up to {}", decimals(read_scale))) } else { text }
}

fn decimals(count: u32) -> String {
    if count == 1 { "1 decimal".to_owned() } else { format!("{count} decimals") }
}

pub(crate) fn length_words(length: Length) -> String {
    let unit = match length.unit {
        LengthUnit::Chars => " characters",
        LengthUnit::Bytes => " bytes",
    };
    bounds(&length.bounds, u64::to_string, unit)
}

fn bounds<T: PartialEq>(bounds: &Bounds<T>, write: impl Fn(&T) -> String, unit: &str) -> String {
    match (&bounds.min, &bounds.max) {
        (None, None) => String::new(),
        (Some(min), Some(max)) if min == max => format!("exactly {}{unit}", write(min)),
        (Some(min), Some(max)) => format!("{} to {}{unit}", write(min), write(max)),
        (Some(min), None) => format!("at least {}{unit}", write(min)),
        (None, Some(max)) => format!("at most {}{unit}", write(max)),
    }
}

fn span(span: &Span) -> String {
    format!("{}{}", span.count, span.unit)
}

fn alphabet_words(alphabet: &Alphabet) -> Text {
    Text::plain("only the characters ").and_code(&alphabet.text)
}

/// A number of seconds as people say it: `4 min`, `1 h 30 min`.
pub(crate) fn seconds(count: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let mut rest = count;
    let mut words = Vec::new();
    for (size, unit) in units {
        if rest >= size {
            words.push(format!("{} {unit}", rest / size));
            rest %= size;
        }
    }
    if words.is_empty() { "0 s".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_said_as_people_say_them() {
        let said = |min, max| bounds(&Bounds { min, max }, u64::to_string, " items");
        assert_eq!(said(Some(1), Some(5)), "1 to 5 items");
        assert_eq!(said(Some(5), Some(5)), "exactly 5 items");
        assert_eq!(said(None, Some(5)), "at most 5 items");
        assert_eq!(said(Some(5), None), "at least 5 items");
        assert_eq!(said(None, None), "");
    }

    #[test]
    fn seconds_become_the_units_of_people() {
        let said = [0, 59, 240, 5_400, 86_400, 90_061].map(seconds);
        assert_eq!(said, ["0 s", "59 s", "4 min", "1 h 30 min", "1 d", "1 d 1 h 1 min 1 s"]);
    }

    #[test]
    fn amounts_are_shown_as_they_are_written() {
        assert!(amount(AmountUnit::Yuan, 2, 2, Digits::Fixed).words().ends_with("written 10.00"));
        assert!(amount(AmountUnit::Yuan, 0, 0, Digits::Fixed).words().ends_with("written 10"));
        assert!(amount(AmountUnit::Fen, 0, 2, Digits::Fixed).words().ends_with("read with up to 2 decimals"));
    }
}
