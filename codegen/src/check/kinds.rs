//! What the type keys of a field mean, and the limits beside them.

use super::fields::Use;
use super::{Context, head};
use crate::diagnostic::Code;
use crate::ir::{self, AmountUnit, Bounds, Item, JsonOf, Kind, Limits, Opened, TimeFormat};
use crate::model::{self, DatePrefix};
use crate::read::{Spanned, TextOr};

/// The most digits that a decimal type holds behind the point.
const MOST_DECIMALS: u64 = 28;

impl Context<'_> {
    /// What a field is and how long or large it may be. Text, where that cannot be found out.
    pub(super) fn kind(&self, field: &model::Field, at: Use, name: &str) -> (Kind, Limits) {
        let none = Limits::default();
        if let Some(pattern) = &field.pattern {
            self.not_yet(pattern.span, "`pattern`");
        }
        if let Some(text) = &field.text {
            (Kind::Text, self.text_limits(text, field))
        } else if let Some(text) = &field.url {
            (Kind::Url, Limits { length: self.length(text, field.unit.as_ref()), ..none })
        } else if let Some(text) = &field.integer {
            (
                Kind::Integer { json: self.json_integer },
                Limits { range: self.numbers(text, 0, "a whole number"), ..none },
            )
        } else if let Some(text) = &field.decimal {
            self.decimal(text, field)
        } else if let Some(unit) = &field.amount {
            self.amount(unit, field)
        } else if let Some(words) = &field.flag {
            (self.flag(words), none)
        } else if let Some(form) = &field.timestamp {
            (Kind::Timestamp(self.time_format(form)), none)
        } else if let Some(form) = &field.date {
            (self.date_pattern(form).map_or(Kind::Text, Kind::Date), none)
        } else if let Some(units) = &field.duration {
            self.duration_kind(units, field)
        } else if let Some(named) = &field.named {
            (self.named_kind(named), none)
        } else if let Some(of) = &field.list {
            self.list(of, field)
        } else if let Some(of) = &field.json {
            let (of, limits) = self.json(of, field);
            (Kind::Json(of), limits)
        } else if let Some(of) = &field.base64_json {
            let (of, limits) = self.json(of, field);
            (Kind::Base64Json(of), limits)
        } else if let Some(of) = &field.rows {
            self.rows(of, field, at, name)
        } else if let Some(of) = &field.encrypted {
            (self.encrypted(of, at, name), none)
        } else {
            self.rare_kind(field, at, name)
        }
    }

    fn rare_kind(&self, field: &model::Field, at: Use, name: &str) -> (Kind, Limits) {
        let none = Limits::default();
        if let Some(of) = &field.map {
            self.not_yet(of.span, "`map`");
        } else if let Some(raw) = &field.raw {
            match raw.value.as_str() {
                "json" if matches!(at, Use::Received | Use::Member) => return (Kind::RawJson, none),
                "json" => {
                    let message = format!("`raw` does not apply to field `{name}` here");
                    self.mistake(Code::KeyDoesNotApply, raw.span, message, "it belongs to what is received");
                }
                "text" => self.not_yet(raw.span, "`raw: text`"),
                other => {
                    let message = format!("`{other}` is no raw value");
                    self.mistake(Code::UnknownValue, raw.span, message, "write `raw: json`");
                }
            }
        } else if let Some(text) = &field.fixed {
            if at != Use::Sent {
                self.not_yet(text.span, "`fixed` outside a request");
            }
            return (Kind::Fixed(text.value.clone()), none);
        } else if let Some(text) = &field.signature {
            if at == Use::Option {
                let mend = "the signature is a field of a message";
                self.mistake(
                    Code::KeyDoesNotApply,
                    text.span,
                    format!("`signature` does not apply to `{name}` here"),
                    mend,
                );
            }
            return (Kind::Signature, Limits { length: self.length(text, field.unit.as_ref()), ..none });
        }
        (Kind::Text, none)
    }

    fn text_limits(&self, text: &Spanned<String>, field: &model::Field) -> Limits {
        Limits {
            length: self.length(text, field.unit.as_ref()),
            alphabet: field.alphabet.as_ref().and_then(|text| self.alphabet(text)),
            starts_with: field.starts_with.as_ref().and_then(|prefix| self.starts_with(prefix)),
            ..Limits::default()
        }
    }

    /// A length in the unit of the field or of the file.
    pub(super) fn length(
        &self,
        text: &Spanned<String>,
        unit: Option<&Spanned<model::LengthUnit>>,
    ) -> Option<ir::Length> {
        let unit = unit.map_or(self.length_unit, |unit| head::length_unit(unit.value));
        self.counts(text).map(|bounds| ir::Length { bounds, unit })
    }

    /// What a text begins with.
    pub(super) fn starts_with(&self, prefix: &Spanned<TextOr<DatePrefix>>) -> Option<ir::StartsWith> {
        let date = match &prefix.value {
            TextOr::Text(reference) => {
                let reference = Spanned::new(prefix.span, reference.clone());
                let (path, _) = self.public_credential(&reference, "a text begins with it")?;
                return Some(ir::StartsWith::Credential(path));
            }
            TextOr::Other(date) => date,
        };
        let here = (prefix.span.beginning(), prefix.span);
        let form = self.required(
            date.date.as_ref(),
            "date",
            "`starts_with`",
            here,
            "write `{ date: yyyyMMdd, within: 1d }`",
        );
        let within = self.required(
            date.within.as_ref(),
            "within",
            "`starts_with`",
            here,
            "write `{ date: yyyyMMdd, within: 1d }`",
        );
        let pattern = form.and_then(|form| self.date_pattern(form));
        let within = within.and_then(|text| self.duration(text).map(|span| (text, span)));
        let (text, within) = within?;
        let days =
            Some(within).filter(|span| span.unit == 'd').and_then(|span| u32::try_from(span.count).ok());
        if days.is_none() {
            let message = format!("`{text}` is no number of days");
            self.mistake(Code::BadDuration, text.span, message, "write it in days, such as `1d`");
        }
        Some(ir::StartsWith::Date { pattern: pattern?, within_days: days? })
    }

    fn scale(&self, text: Option<&Spanned<String>>) -> Option<u32> {
        let text = text?;
        let scale = self.count(text)?;
        if scale > MOST_DECIMALS {
            let message = format!("`{text}` is no number of decimals");
            self.mistake(Code::BadCount, text.span, message, format!("at most {MOST_DECIMALS}"));
        }
        u32::try_from(scale.min(MOST_DECIMALS)).ok()
    }

    fn decimal(&self, text: &Spanned<String>, field: &model::Field) -> (Kind, Limits) {
        let scale = self.scale(field.scale.as_ref());
        if field.scale.is_none() {
            let message = "a decimal number needs `scale`: the digits behind its point";
            self.mistake(Code::MissingKey, text.span, message, "add `scale: 2`");
        }
        let scale = scale.unwrap_or(2);
        let limits = Limits { range: self.numbers(text, scale, "this number"), ..Limits::default() };
        (Kind::Decimal { scale, json: self.json_amount }, limits)
    }

    fn amount(&self, unit: &Spanned<String>, field: &model::Field) -> (Kind, Limits) {
        let (kind, own) = match unit.value.as_str() {
            "yuan" => (AmountUnit::Yuan, 2),
            "fen" => (AmountUnit::Fen, 0),
            other => {
                let message = format!("amount unit `{other}` is unknown");
                self.mistake(Code::UnknownUnit, unit.span, message, "write `yuan` or `fen`");
                return (Kind::Text, Limits::default());
            }
        };
        let scale = self.scale(field.scale.as_ref()).unwrap_or(own);
        if let Some(said) = field.scale.as_ref().filter(|_| scale > own) {
            let message = format!("{unit} has no more than {own} decimals");
            self.mistake(
                Code::TooManyDecimals,
                said.span,
                message,
                "leave `scale` out; `read_scale` says what may come back",
            );
        }
        let read_scale = self.scale(field.read_scale.as_ref()).unwrap_or(scale).max(scale);
        let range = field.range.as_ref().and_then(|text| self.numbers(text, scale, unit));
        let kind =
            Kind::Amount { unit: kind, scale, read_scale, digits: self.digits, json: self.json_amount };
        (kind, Limits { range, ..Limits::default() })
    }

    fn flag(&self, words: &Spanned<crate::read::List<Spanned<String>>>) -> Kind {
        match &words.value[..] {
            [yes, no] if yes != no => Kind::Flag { yes: yes.value.clone(), no: no.value.clone() },
            _ => {
                let mend = "write the word for yes and the word for no: `flag: [Y, N]`";
                self.mistake(Code::UnknownValue, words.span, "a flag has two different words", mend);
                Kind::Text
            }
        }
    }

    fn time_format(&self, form: &Spanned<String>) -> TimeFormat {
        match form.value.as_str() {
            "unix_seconds" => TimeFormat::UnixSeconds,
            "unix_millis" => TimeFormat::UnixMillis,
            _ => self.time_pattern(form).map_or(TimeFormat::UnixSeconds, TimeFormat::Pattern),
        }
    }

    fn duration_kind(
        &self,
        units: &Spanned<crate::read::List<Spanned<String>>>,
        field: &model::Field,
    ) -> (Kind, Limits) {
        let mut letters = Vec::new();
        for unit in &units.value {
            match unit.value.as_str() {
                "s" => letters.push('s'),
                "m" => letters.push('m'),
                "h" => letters.push('h'),
                "d" => letters.push('d'),
                other => {
                    let message = format!("`{other}` is no unit of time");
                    self.mistake(Code::BadDuration, unit.span, message, "the units are s, m, h and d");
                }
            }
        }
        if units.is_empty() {
            self.mistake(
                Code::BadDuration,
                units.span,
                "a duration without units",
                "write `duration: [m, h, d]`",
            );
        }
        let above = |a: &ir::Span, b: &ir::Span| super::times::seconds(*a) > super::times::seconds(*b);
        let duration = field.range.as_ref().and_then(|text| self.range(text, super::times::span, above));
        let duration = duration.filter(|Bounds { min, max }| min.is_some() || max.is_some());
        (Kind::Duration { units: letters }, Limits { duration, ..Limits::default() })
    }

    fn named_kind(&self, name: &Spanned<String>) -> Kind {
        match self.type_named(name) {
            Some((id, true)) => Kind::Enum(id),
            Some((id, false)) => Kind::Object(id),
            None => Kind::Text,
        }
    }

    fn list(&self, of: &Spanned<String>, field: &model::Field) -> (Kind, Limits) {
        let item = match of.value.as_str() {
            "text" => Item::Text,
            "HttpUrl" => Item::Url,
            _ => match self.type_named(of) {
                Some((id, false)) => Item::Object(id),
                Some((_, true)) => {
                    self.not_yet(of.span, "a list of an enumeration");
                    Item::Text
                }
                None => Item::Text,
            },
        };
        if let (Item::Object(_), Some(join)) = (item, &field.join) {
            let message = "`join` does not apply to a list of objects";
            self.mistake(Code::KeyDoesNotApply, join.span, message, "objects travel as a JSON array");
        }
        if let Some(join) = field.join.as_ref().filter(|join| join.is_empty()) {
            let message = "`join` of a list is empty";
            self.mistake(
                Code::UnknownValue,
                join.span,
                message,
                "items with nothing between them cannot be read",
            );
        }
        if let (None, Some(length)) = (&field.join, &field.length) {
            let message = "`length` does not apply to a list that is no text";
            self.mistake(Code::KeyDoesNotApply, length.span, message, "add `join`, or say `items`");
        }
        let limits = Limits {
            items: field.items.as_ref().and_then(|text| self.counts(text)),
            length: field.length.as_ref().and_then(|text| self.length(text, field.unit.as_ref())),
            ..Limits::default()
        };
        (Kind::List { of: item, join: field.join.as_ref().map(|join| join.value.clone()) }, limits)
    }

    /// Objects under flat numbered names.
    fn rows(&self, of: &Spanned<String>, field: &model::Field, at: Use, name: &str) -> (Kind, Limits) {
        if at != Use::Sent {
            let mend = "a received group of numbered names is not read into a list";
            let message = format!("`rows` does not apply to `{name}` here");
            self.mistake(Code::KeyDoesNotApply, of.span, message, mend);
        }
        let of_type = match self.type_named(of) {
            Some((id, false)) => Some(id),
            Some((_, true)) => {
                let message = format!("`{of}` is an enumeration, and a row is an object");
                self.mistake(Code::KeyDoesNotApply, of.span, message, "name an object of `types`");
                None
            }
            None => None,
        };
        let first = field.first.as_ref().and_then(|text| self.count(text));
        let limits =
            Limits { items: field.items.as_ref().and_then(|text| self.counts(text)), ..Limits::default() };
        let from = first.map_or(1, |first| u32::try_from(first).unwrap_or(u32::MAX));
        (of_type.map_or(Kind::Text, |of| Kind::Rows { of, from }), limits)
    }

    /// What an encryption put into a field.
    fn encrypted(&self, of: &Spanned<String>, at: Use, name: &str) -> Kind {
        if !matches!(at, Use::Received | Use::Envelope | Use::Member) {
            let message = format!("`encrypted` does not apply to `{name}` here");
            let mend = "what we encrypt is the payload: `payload: { json: name }` and a recipe over `{message:payload}`";
            self.mistake(Code::KeyDoesNotApply, of.span, message, mend);
        }
        if of.value == "text" {
            return Kind::Encrypted(Opened::Text);
        }
        match self.type_named(of) {
            Some((id, false)) => Kind::Encrypted(Opened::Object(id)),
            Some((_, true)) => {
                let message = format!("`{of}` is an enumeration, and what is opened is text or an object");
                self.mistake(Code::KeyDoesNotApply, of.span, message, "write `encrypted: text`");
                Kind::Encrypted(Opened::Text)
            }
            None => Kind::Encrypted(Opened::Text),
        }
    }

    fn json(&self, of: &Spanned<String>, field: &model::Field) -> (JsonOf, Limits) {
        let kind = if of.value == "any" {
            JsonOf::Any
        } else {
            match self.type_named(of) {
                Some((id, false)) => JsonOf::Object(id),
                Some((_, true)) => {
                    let message = format!("`{of}` is an enumeration, and JSON text holds an object");
                    self.mistake(Code::KeyDoesNotApply, of.span, message, format!("write `type: {of}`"));
                    JsonOf::Any
                }
                None => JsonOf::Any,
            }
        };
        let length = field.length.as_ref().and_then(|text| self.length(text, field.unit.as_ref()));
        (kind, Limits { length, ..Limits::default() })
    }
}
