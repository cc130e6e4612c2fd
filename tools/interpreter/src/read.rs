//! From what was received to canonical text, by the kind of the field.
//!
//! Only presence and type are judged: limits of received fields are documentation. Numbers may come as text or as
//! JSON numbers and mean the same. Besides the canonical text a reading holds the value in the form in which it
//! could be given to a request, which is how the provider's side gets from a message back to its inputs.

use payspec_codegen::ir::{self, Field, Item, JsonOf, Kind, Opened, Shape};
use thiserror::Error;

use crate::bytes::Base64;
use crate::json::{Json, JsonKind, Members};
use crate::money::{self, Number};
use crate::time::{self, Date};
use crate::validate::join_path;
use crate::value::{Map, Value};
use crate::write::{is_json_flag, is_url};
use crate::{Interpreter, json, text};

/// A value as it was received.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Raw<'a> {
    /// From a form, query or header.
    Text(&'a str),
    /// From JSON.
    Json(&'a Json<'a>),
}

impl<'a> Raw<'a> {
    /// A text, not a number.
    fn string(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Json(Json { kind: JsonKind::Text(text), .. }) => Some(text),
            Self::Json(_) => None,
        }
    }

    /// A text, or a number as its own characters.
    fn text_or_number(&self) -> Option<&'a str> {
        match self {
            Self::Json(Json { kind: JsonKind::Number, raw, .. }) => Some(raw),
            _ => self.string(),
        }
    }

    /// The characters as they came.
    fn exact(&self) -> &'a str {
        match self {
            Self::Text(text) => text,
            Self::Json(json) => json.raw,
        }
    }
}

/// A value that was received.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub(crate) canonical: String,
    pub(crate) value: Value,
}

impl Reading {
    fn text(canonical: String) -> Self {
        Self { value: Value::Text(canonical.clone()), canonical }
    }
}

/// Why a received value is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// A required value is absent.
    #[error("`{path}` is missing")]
    Missing {
        /// Where.
        path: String,
    },
    /// Not of the kind of the field.
    #[error("`{path}` is not {wanted}")]
    Bad {
        /// Where.
        path: String,
        /// What it should be.
        wanted: &'static str,
    },
}

impl Interpreter {
    /// Reads the value of a field; `None` if it is absent, or a field without a value of its own.
    pub(crate) fn read_field(
        &self,
        path: &str,
        field: &Field,
        raw: Option<Raw<'_>>,
    ) -> Result<Option<Reading>, ReadError> {
        if matches!(field.kind, Kind::Fixed(_) | Kind::Signature) {
            return Ok(None);
        }
        match raw.filter(|raw| !self.counts_as_absent(raw)) {
            Some(raw) => self.read_value(path, &field.kind, &raw).map(Some),
            None if field.required => Err(ReadError::Missing { path: path.to_owned() }),
            None => Ok(None),
        }
    }

    fn counts_as_absent(&self, raw: &Raw<'_>) -> bool {
        match raw {
            Raw::Json(Json { kind: JsonKind::Null, .. }) => true,
            _ => raw.string().is_some_and(|text| self.is_absent(text)),
        }
    }

    fn read_value(&self, path: &str, kind: &Kind, raw: &Raw<'_>) -> Result<Reading, ReadError> {
        match kind {
            Kind::Object(id) => {
                let members = self.read_object_at(path, *id, raw)?;
                Ok(Reading { canonical: raw.exact().to_owned(), value: Value::Object(members) })
            }
            Kind::List { of, join } => self.read_list(path, *of, join.as_deref(), raw),
            Kind::Json(of) => self.read_json(path, *of, raw),
            Kind::Base64Json(of) => {
                let text = raw.string().and_then(Base64::read_any);
                let text = text.and_then(|bytes| text::decode(self.charset, &bytes));
                self.read_json(path, *of, &Raw::Text(&text.ok_or_else(|| bad(path, "JSON in base64"))?))
            }
            Kind::Encrypted(Opened::Object(of)) => self.read_json(path, JsonOf::Object(*of), raw),
            Kind::Rows { .. } => Err(bad(path, "a plain value")),
            Kind::RawJson => {
                if let Raw::Text(text) = raw {
                    json::parse(text).map_err(|_| bad(path, "JSON"))?;
                }
                let exact = raw.exact().to_owned();
                Ok(Reading { value: Value::Json(exact.clone()), canonical: exact })
            }
            kind => match self.read_scalar(kind, raw) {
                Ok(canonical) => Ok(Reading::text(canonical)),
                Err(wanted) => Err(bad(path, wanted)),
            },
        }
    }

    /// The canonical text of a value that is no list, object or JSON; else what it should be.
    fn read_scalar(&self, kind: &Kind, raw: &Raw<'_>) -> Result<String, &'static str> {
        if let (Kind::Flag { yes, no }, Raw::Json(Json { kind: JsonKind::Flag, raw, .. })) = (kind, raw)
            && is_json_flag(yes, no)
        {
            return Ok((*raw).to_owned());
        }
        let text = raw.text_or_number().ok_or("text or a number")?;
        match kind {
            Kind::Url => raw.string().filter(|url| is_url(url)).map(str::to_owned).ok_or("a URL"),
            Kind::Integer { .. } => {
                money::integer(text).map(|number| number.to_string()).ok_or("a whole number")
            }
            Kind::Decimal { scale, .. } => read_decimal(text, *scale).ok_or("a decimal number"),
            Kind::Amount { unit, read_scale, .. } => read_amount(text, *unit, *read_scale).ok_or("an amount"),
            Kind::Flag { yes, .. } if text == yes => Ok(String::from("true")),
            Kind::Flag { no, .. } if text == no => Ok(String::from("false")),
            Kind::Flag { .. } => Err("one of the two words"),
            Kind::Timestamp(format) => time::read_instant(format, text, self.zone())
                .map(|instant| time::canonical_instant(format, instant))
                .ok_or("an instant"),
            Kind::Date(pattern) => {
                let date = raw.string().and_then(|text| Date::read(pattern, text));
                date.map(Date::canonical).ok_or("a day")
            }
            Kind::Duration { units } => {
                let span = raw.string().and_then(|text| time::read_span(text, units));
                span.map(time::write_span).ok_or("a length of time")
            }
            _ => Ok(text.to_owned()),
        }
    }

    /// The members of an object of a type, and what else it has.
    pub(crate) fn read_object(&self, id: ir::TypeId, raw: &Raw<'_>) -> Result<Map<Value>, ReadError> {
        self.read_object_at("", id, raw)
    }

    fn read_object_at(&self, path: &str, id: ir::TypeId, raw: &Raw<'_>) -> Result<Map<Value>, ReadError> {
        let parsed;
        let json = match raw {
            Raw::Json(json) => *json,
            Raw::Text(text) => {
                parsed = json::parse(text).map_err(|_| bad(path, "a JSON object"))?;
                &parsed
            }
        };
        let (JsonKind::Object(members), Shape::Object { fields, .. }) =
            (&json.kind, &self.provider[id].shape)
        else {
            return Err(bad(path, "a JSON object"));
        };
        let mut values = Map::new();
        for field in fields {
            let name = &field.name.wire;
            let reading = self.read_field(&join_path(path, name), field, members.get(name).map(Raw::Json))?;
            if let Some(reading) = reading {
                values.insert(name.clone(), reading.value);
            }
        }
        for (name, value) in
            further_members(members, |name| fields.iter().any(|field| field.name.wire == name))
        {
            values.insert(name, value);
        }
        Ok(values)
    }

    fn read_list(
        &self,
        path: &str,
        of: Item,
        join: Option<&str>,
        raw: &Raw<'_>,
    ) -> Result<Reading, ReadError> {
        let canonical = raw.exact().to_owned();
        if let Some(join) = join {
            let text = raw.string().ok_or_else(|| bad(path, "text"))?;
            let items: Vec<Value> = text.split(join).map(Value::from).collect();
            let fits = of != Item::Url || items.iter().filter_map(Value::as_text).all(is_url);
            let reading = Reading { canonical: text.to_owned(), value: Value::List(items) };
            return if fits { Ok(reading) } else { Err(bad(path, "URLs")) };
        }
        let parsed;
        let json = match raw {
            Raw::Json(json) => *json,
            Raw::Text(text) => {
                parsed = json::parse(text).map_err(|_| bad(path, "a JSON array"))?;
                &parsed
            }
        };
        let JsonKind::List(items) = &json.kind else { return Err(bad(path, "a JSON array")) };
        let items = items
            .iter()
            .enumerate()
            .map(|(index, item)| self.read_item(&format!("{path}[{index}]"), of, &Raw::Json(item)));
        Ok(Reading { canonical, value: Value::List(items.collect::<Result<_, _>>()?) })
    }

    fn read_item(&self, path: &str, of: Item, raw: &Raw<'_>) -> Result<Value, ReadError> {
        match of {
            Item::Object(id) => self.read_object_at(path, id, raw).map(Value::Object),
            Item::Text => {
                self.read_scalar(&Kind::Text, raw).map(Value::Text).map_err(|wanted| bad(path, wanted))
            }
            Item::Url => {
                self.read_scalar(&Kind::Url, raw).map(Value::Text).map_err(|wanted| bad(path, wanted))
            }
        }
    }

    /// JSON as text inside a string; its own text is the value.
    fn read_json(&self, path: &str, of: JsonOf, raw: &Raw<'_>) -> Result<Reading, ReadError> {
        let text = raw.string().ok_or_else(|| bad(path, "JSON in a text"))?;
        let parsed = json::parse(text).map_err(|_| bad(path, "JSON in a text"))?;
        if let JsonOf::Object(id) = of {
            self.read_object_at(path, id, &Raw::Json(&parsed))?;
        }
        Ok(Reading::text(text.to_owned()))
    }
}

/// Members that the spec does not list: texts as text, everything else as its JSON.
pub(crate) fn further_members(members: &Members<'_>, known: impl Fn(&str) -> bool) -> Vec<(String, Value)> {
    members
        .0
        .iter()
        .filter(|(name, _)| !known(name))
        .map(|(name, json)| {
            let value = match &json.kind {
                JsonKind::Text(text) => Value::Text(text.clone()),
                _ => Value::Json(json.raw.to_owned()),
            };
            (name.clone(), value)
        })
        .collect()
}

fn read_decimal(text: &str, scale: u32) -> Option<String> {
    let number = Number::parse(text).filter(money::is_manageable)?;
    let allowed = usize::try_from(scale).unwrap_or(usize::MAX);
    if number.written_decimals() > allowed { None } else { Some(number.plain()) }
}

fn read_amount(text: &str, unit: ir::AmountUnit, read_scale: u32) -> Option<String> {
    let number = Number::parse(text)?;
    let allowed = usize::try_from(read_scale).unwrap_or(usize::MAX);
    if number.written_decimals() > allowed { None } else { money::amount(&number, unit) }
}

fn bad(path: &str, wanted: &'static str) -> ReadError {
    ReadError::Bad { path: path.to_owned(), wanted }
}
