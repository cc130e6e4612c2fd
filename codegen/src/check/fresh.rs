//! Values beside the fields of a message: what the signer makes, what the caller hands in, and how old a message may be.

use super::templates::{Scope, Stand};
use super::{Context, times};
use crate::diagnostic::Code;
use crate::ir::{self, Fresh, FreshFormat, Given, Operand, Piece, TimeFormat, Tolerance, WrittenTime};
use crate::model::{self, Recipe};
use crate::read::{Entry, Spanned};

/// The most characters of a fresh value.
const MOST_CHARACTERS: u64 = 256;

/// What a fresh value can be, beside a date pattern.
const FORMATS: &[&str] = &[
    "unix seconds",
    "unix milliseconds",
    "http date",
    "iso 8601",
    "alphanumeric",
    "hex",
    "uuid",
    "bytes",
    "yyyyMMddHHmmss",
];

/// How many characters a format always has; `None`: that has to be said.
pub(super) fn natural_length(format: &FreshFormat) -> Option<usize> {
    match format {
        FreshFormat::Alphanumeric | FreshFormat::Hex | FreshFormat::Bytes => None,
        FreshFormat::Uuid => Some(36),
        FreshFormat::Time(WrittenTime::HttpDate) => Some(29),
        FreshFormat::Time(WrittenTime::Iso8601) => Some(20),
        FreshFormat::Time(WrittenTime::Field(TimeFormat::UnixSeconds)) => Some(10),
        FreshFormat::Time(WrittenTime::Field(TimeFormat::UnixMillis)) => Some(13),
        FreshFormat::Time(WrittenTime::Field(TimeFormat::Pattern(pattern))) => {
            Some(pattern.text.chars().count())
        }
    }
}

impl Context<'_> {
    /// The values that the signer makes.
    pub(super) fn fresh(&self, recipe: &Recipe) -> Vec<Fresh> {
        recipe.fresh.iter().flat_map(|all| all.iter()).map(|entry| self.fresh_value(entry)).collect()
    }

    /// One of them; a UUID where it cannot be understood, so that its name is known.
    fn fresh_value(&self, entry: &Entry<Spanned<model::Fresh>>) -> Fresh {
        let (key, fresh) = (&entry.key, &entry.value);
        let name = self.entry_name("a fresh value", key);
        let of = format!("fresh value `{key}`");
        let place = self.fresh_place(key, fresh);
        let here = (key.span, fresh.span);
        let is = self.required(fresh.is.as_ref(), "is", &of, here, "such as `is: unix seconds`");
        let Some((is, format)) = is.and_then(|is| Some((is, self.fresh_format(is)?))) else {
            return Fresh { name, format: FreshFormat::Uuid, length: None, place };
        };
        if let (FreshFormat::Bytes, Some(_)) = (&format, &place) {
            let message = format!("`{key}` is bytes, which no field and no header can hold");
            self.mistake(Code::KeyDoesNotApply, is.span, message, "write `is: hex`");
        }
        Fresh { name, length: self.fresh_length(key, fresh, &format), format, place }
    }

    fn fresh_format(&self, text: &Spanned<String>) -> Option<FreshFormat> {
        match text.value.as_str() {
            "alphanumeric" => Some(FreshFormat::Alphanumeric),
            "hex" => Some(FreshFormat::Hex),
            "uuid" => Some(FreshFormat::Uuid),
            "bytes" => Some(FreshFormat::Bytes),
            _ => self.written_time(text, FORMATS).map(FreshFormat::Time),
        }
    }

    fn written_time(&self, text: &Spanned<String>, known: &[&str]) -> Option<WrittenTime> {
        match text.value.as_str() {
            "unix seconds" => Some(WrittenTime::Field(TimeFormat::UnixSeconds)),
            "unix milliseconds" => Some(WrittenTime::Field(TimeFormat::UnixMillis)),
            "http date" => Some(WrittenTime::HttpDate),
            "iso 8601" => Some(WrittenTime::Iso8601),
            pattern if pattern.contains("yyyy") => {
                Some(WrittenTime::Field(TimeFormat::Pattern(self.time_pattern(text)?)))
            }
            other => {
                let message = format!("`{other}` is no format of a fresh value or a time");
                self.unknown(Code::UnknownValue, text.span, message, other, known.iter().copied());
                None
            }
        }
    }

    fn fresh_length(
        &self,
        key: &Spanned<String>,
        fresh: &Spanned<model::Fresh>,
        format: &FreshFormat,
    ) -> Option<u32> {
        let natural = natural_length(format);
        let Some(said) = &fresh.length else {
            if natural.is_none() && !self.has_failed(fresh.span) {
                let message = format!("`{key}` is made at random and has no `length`");
                self.mistake(Code::FreshWithoutLength, key.span, message, "add `length: 32`");
            }
            return None;
        };
        let length = self.count(said)?;
        if let Some(natural) =
            natural.and_then(|natural| u64::try_from(natural).ok()).filter(|n| *n != length)
        {
            let message = format!("`{key}` always has {natural} characters, not {length}");
            self.mistake(Code::BadCount, said.span, message, "take `length` out");
        } else if !(1..=MOST_CHARACTERS).contains(&length) {
            let message = format!("`{key}` cannot have the length {length}");
            self.mistake(Code::BadCount, said.span, message, format!("from 1 to {MOST_CHARACTERS}"));
        }
        u32::try_from(length).ok()
    }

    fn fresh_place(&self, key: &Spanned<String>, fresh: &model::Fresh) -> Option<ir::PlaceCarrier> {
        let said = [&fresh.field, &fresh.header, &fresh.query];
        if let Some(second) = said.into_iter().flatten().nth(1) {
            let message = format!("`{key}` has two places");
            self.mistake(Code::PlaceTaken, second.span, message, "one of `field`, `header` and `query`");
        }
        self.carrier(fresh.field.as_ref(), fresh.header.as_ref(), fresh.query.as_ref())
    }

    /// The values that the caller hands in.
    pub(super) fn given(&self, recipe: &Recipe) -> Vec<Given> {
        let entries = recipe.given.iter().flat_map(|all| all.iter());
        entries
            .map(|entry| Given {
                name: self.entry_name("a given value", &entry.key),
                secret: entry.value.value == model::Given::Secret,
            })
            .collect()
    }

    fn stated_time(&self, text: &Spanned<String>, scope: &Scope) -> Vec<Piece> {
        let pieces = self.template(text, Stand::Tolerance, scope);
        if !pieces.iter().any(|piece| matches!(piece, Piece::Value { .. })) && !self.is_wrong(text.span) {
            let message = format!("`{text}` is the same in every message: it states no time");
            let mend = "such as `of: \"{header:X-Timestamp}\"`";
            self.mistake(Code::ToleranceOfUnsigned, text.span, message, mend);
        }
        pieces
    }

    /// A fresh time is read in the format in which it is made.
    fn is_read_as_written(
        &self,
        text: &Spanned<String>,
        of: &[Piece],
        format: &WrittenTime,
        (recipe, scope): (&Recipe, &Scope),
    ) {
        let [Piece::Value { from: Operand::Fresh(name), filters }] = of else { return };
        let said = recipe.fresh.iter().filter_map(|all| all.value.get(name)?.is.as_ref());
        let is_understood = !said.into_iter().any(|is| self.is_wrong(is.span));
        let fresh = scope.fresh.iter().find(|fresh| fresh.name.wire == *name);
        let differs = |fresh: &Fresh| fresh.format != FreshFormat::Time(format.clone());
        if filters.is_empty() && fresh.is_some_and(differs) && is_understood {
            let message = format!("`{name}` is not made in the format in which `tolerance` reads it");
            let mend = "say the same format at both: `is: unix milliseconds`; left out, it is `unix seconds`";
            self.mistake(Code::TimeOfAnotherFormat, text.span, message, mend);
        }
    }

    /// How old or new a message may be.
    pub(super) fn tolerance(&self, recipe: &Recipe, scope: &Scope) -> Option<Tolerance> {
        let said = recipe.tolerance.as_ref()?;
        let here = (said.span.beginning(), said.span);
        let mend = "such as `tolerance: { of: \"{header:X-Timestamp}\", within: 5m }`";
        let of = self.required(said.of.as_ref(), "of", "`tolerance`", here, mend);
        let within = self.required(said.within.as_ref(), "within", "`tolerance`", here, mend);
        let of = of.map(|of| self.stated_time(of, scope));
        let format = match &said.is {
            None => Some(WrittenTime::Field(TimeFormat::UnixSeconds)),
            Some(is) => {
                let known = ["unix seconds", "unix milliseconds", "http date", "iso 8601", "yyyyMMddHHmmss"];
                self.written_time(is, &known)
            }
        };
        if let (Some(of), Some(format), Some(text)) = (&of, &format, &said.of) {
            self.is_read_as_written(text, of, format, (recipe, scope));
        }
        let within = within.and_then(|text| {
            let seconds = times::seconds(self.duration(text)?);
            if seconds == 0 {
                let message = format!("`{text}` lets no message through");
                self.mistake(Code::BadDuration, text.span, message, "such as `5m`");
            }
            Some(seconds)
        });
        Some(Tolerance { of: of?, format: format?, within: within? })
    }
}
