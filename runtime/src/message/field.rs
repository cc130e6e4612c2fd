//! A field of a message, decoded, and beside it the exact JSON where it came as JSON.

use std::borrow::Cow;

use crate::{
    found::Found,
    json::{self, RawJson},
    values::trim,
    xml::XmlValue,
};

/// A field of a message.
#[derive(Clone)]
pub(crate) struct Field<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) value: FieldValue<'a>,
    pub(crate) in_query: bool,
    /// Personal data: masked where a text with it is shown.
    pub(crate) hidden: bool,
}

/// The value of a field.
#[derive(Clone)]
pub(crate) enum FieldValue<'a> {
    /// Of a form, a query, XML, a part of multipart.
    Text(Cow<'a, str>),
    /// Of a JSON object: its exact text, and the content if it is a string.
    Json(RawJson, Option<String>),
}

impl FieldValue<'_> {
    /// A JSON value, by its exact text.
    pub(crate) fn of_json(text: &str) -> Self {
        Self::Json(RawJson::trusted(text), json::string(text).map(Cow::into_owned))
    }

    /// The text that is signed: of a JSON string its content, of anything else the exact text; `None` for `null`.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Json(_, Some(content)) => Some(content),
            Self::Json(raw, None) => Some(raw.text()).filter(|text| *text != "null"),
        }
    }

    /// The same, with the cases told apart.
    pub(crate) fn found(&self) -> Found<'_> {
        match self {
            Self::Text(text) => Found::Text(Cow::Borrowed(text)),
            Self::Json(_, Some(content)) => Found::Text(Cow::Borrowed(content)),
            Self::Json(raw, None) => Found::of_json(raw.text()),
        }
    }

    /// An object or an array.
    pub(crate) fn is_nested(&self) -> bool {
        self.json().is_some_and(|text| text.starts_with(['{', '[']))
    }

    /// The exact JSON text, where the value came as JSON.
    pub(crate) fn json(&self) -> Option<&str> {
        match self {
            Self::Text(_) => None,
            Self::Json(raw, _) => Some(raw.text()),
        }
    }
}

impl<'a> Field<'a> {
    /// A text of the body.
    pub(crate) fn of_text(name: impl Into<Cow<'a, str>>, text: impl Into<Cow<'a, str>>) -> Self {
        Self { name: name.into(), value: FieldValue::Text(text.into()), in_query: false, hidden: false }
    }

    /// A JSON value of the body, by its exact text.
    pub(crate) fn of_json(name: impl Into<Cow<'a, str>>, json: &str) -> Self {
        let value = FieldValue::of_json(json);
        Self { name: name.into(), value, in_query: false, hidden: false }
    }

    /// A child of an XML root.
    pub(crate) fn of_xml(name: String, value: XmlValue) -> Self {
        match value {
            XmlValue::Text(text) => Self::of_text(name, text),
            XmlValue::Nested(json) => Self::of_json(name, &json),
        }
    }

    pub(crate) fn trimmed(self) -> Self {
        let Self { name, value, in_query, hidden } = self;
        let value = match value {
            FieldValue::Text(text) => FieldValue::Text(trimmed(text)),
            FieldValue::Json(_, Some(content)) if trim(&content).len() < content.len() => {
                let content = trim(&content).to_owned();
                FieldValue::Json(RawJson::of_text(&content), Some(content))
            }
            other @ FieldValue::Json(..) => other,
        };
        Self { name: trimmed(name), value, in_query, hidden }
    }
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(trim(text)),
        Cow::Owned(text) => Cow::Owned(trim(&text).to_owned()),
    }
}
