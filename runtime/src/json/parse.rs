//! From a JSON text to the names and raw values of one object.
//!
//! `serde_json` does the reading; nothing below the members is looked into, and nothing becomes a number. An object
//! with a name that occurs twice is refused: two readers could take different values from it.

use std::{borrow::Cow, fmt};

use serde_core::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::JsonError;
use crate::{distinct::first_repeated, excerpt::excerpt};

/// Names and raw values of a JSON object, in their order.
pub(crate) fn members(text: &str) -> Result<Vec<(Cow<'_, str>, &RawValue)>, JsonError> {
    let found = kind(text);
    if found != "an object" {
        // A text that is no JSON at all is called that, whatever it begins with.
        return match serde_json::from_str::<&RawValue>(text) {
            Ok(_) => Err(JsonError::NotAnObject { found }),
            Err(error) => Err(syntax(&error)),
        };
    }
    let List(members) = serde_json::from_str(text).map_err(|error| syntax(&error))?;
    if let Some(name) = first_repeated(members.iter().map(|(Name(name), _)| name.as_ref())) {
        return Err(JsonError::Duplicate { name: excerpt(name, 64).into_owned() });
    }
    Ok(members.into_iter().map(|(Name(name), value)| (name, value)).collect())
}

/// The JSON value that a text is, without white space around it.
pub(crate) fn value(text: &str) -> Result<&str, JsonError> {
    super::check(text, super::DEPTH_LIMIT)?;
    let value: &RawValue = serde_json::from_str(text).map_err(|error| syntax(&error))?;
    Ok(value.get())
}

/// The items of a JSON array; `None` if it is none.
pub(crate) fn items(text: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(text).ok()
}

/// The content of a JSON string, escapes undone; `None` if it is no string.
pub(crate) fn string(text: &str) -> Option<Cow<'_, str>> {
    // Most strings have nothing in them that a parser would have to look at.
    let content = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let is_plain = |content: &&str| content.bytes().all(|byte| byte >= b' ' && !matches!(byte, b'"' | b'\\'));
    if let Some(content) = content.filter(is_plain) {
        return Some(Cow::Borrowed(content));
    }
    let Name(content) = serde_json::from_str(text).ok()?;
    Some(content)
}

/// Whether valid JSON text is a number.
pub(crate) fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

/// What a JSON text is, by its first character.
pub(crate) fn kind(text: &str) -> &'static str {
    match text.trim_ascii_start().bytes().next() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a text",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        Some(_) => "a number",
        None => "nothing",
    }
}

pub(crate) fn syntax(error: &serde_json::Error) -> JsonError {
    JsonError::Syntax { line: error.line(), column: error.column() }
}

/// A string, borrowed where it has no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_str<E: serde_core::de::Error>(self, text: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// The members of an object, duplicates and all.
struct List<'a>(Vec<(Name<'a>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for List<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = List<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<List<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(Name(name)) = map.next_key()? {
                    let value = map.next_value()?;
                    members.push((Name(name), value));
                }
                Ok(List(members))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}
