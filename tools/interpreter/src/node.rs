//! Values as recipes see them: scalars with their own characters, objects and arrays with their exact text.
//!
//! A recipe asks what a value is (a text, a number, nothing) and where it lies; types and limits are none of its
//! business. Paths lead into objects and arrays, and through fields that hold JSON as text or as base64.

use crate::bytes::Base64;
use crate::json::{self, Json, JsonKind};
use crate::signed_text::RecipeError;
use crate::text;

/// A value of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// JSON `null`.
    Null,
    /// Text, decoded.
    Text(String),
    /// A JSON number, its own characters.
    Number(String),
    /// `true` or `false`.
    Flag(String),
    /// A JSON array.
    List { raw: String, items: Vec<Node> },
    /// A JSON object.
    Object { raw: String, members: Vec<(String, Node)> },
}

impl Node {
    pub(crate) fn of(json: &Json<'_>) -> Self {
        let raw = json.raw.to_owned();
        match &json.kind {
            JsonKind::Null => Self::Null,
            JsonKind::Text(text) => Self::Text(text.clone()),
            JsonKind::Number => Self::Number(raw),
            JsonKind::Flag => Self::Flag(raw),
            JsonKind::List(items) => Self::List { raw, items: items.iter().map(Self::of).collect() },
            JsonKind::Object(members) => Self::Object {
                raw,
                members: members.0.iter().map(|(name, json)| (name.clone(), Self::of(json))).collect(),
            },
        }
    }

    /// The characters of a text, number or flag.
    pub(crate) fn scalar(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Number(text) | Self::Flag(text) => Some(text),
            Self::Null | Self::List { .. } | Self::Object { .. } => None,
        }
    }

    /// The exact text of an object or array.
    pub(crate) fn nested(&self) -> Option<&str> {
        match self {
            Self::List { raw, .. } | Self::Object { raw, .. } => Some(raw),
            _ => None,
        }
    }

    /// What lies at a path below this value; `None`: there is nothing. `name` is for the error.
    pub(crate) fn below(&self, name: &str, path: &[String]) -> Result<Option<Self>, RecipeError> {
        let Some((segment, rest)) = path.split_first() else { return Ok(Some(self.clone())) };
        let not_json = || RecipeError::NotJson { name: name.to_owned() };
        let found = match self {
            Self::Object { members, .. } => {
                members.iter().find(|(own, _)| own == segment).map(|(_, value)| value)
            }
            Self::List { items, .. } => segment.parse::<usize>().ok().and_then(|index| items.get(index)),
            Self::Text(text) => return embedded(text).ok_or_else(not_json)?.below(name, path),
            Self::Null | Self::Number(_) | Self::Flag(_) => return Err(not_json()),
        };
        found.map_or(Ok(None), |found| found.below(name, rest))
    }
}

/// JSON that travels as text, or as the base64 of text: an object or array.
fn embedded(text: &str) -> Option<Node> {
    let decoded;
    let json = if text::trim(text).starts_with(['{', '[']) {
        text
    } else {
        decoded = String::from_utf8(Base64::read_any(text)?).ok()?;
        &decoded
    };
    Some(Node::of(&json::parse(json).ok()?)).filter(|node| node.nested().is_some())
}

/// The JSON text with the string at `path` replaced by another one; `None` if nothing is there.
pub(crate) fn replace_in_json(text: &str, path: &[String], plain: &str) -> Option<String> {
    let parsed = json::parse(text).ok()?;
    let mut found = &parsed;
    for (index, segment) in path.iter().enumerate() {
        found = match &found.kind {
            JsonKind::Object(members) => members.get(segment)?,
            JsonKind::List(items) => items.get(segment.parse::<usize>().ok()?)?,
            JsonKind::Text(inner) => {
                let inner = replace_in_json(inner, path.get(index..)?, plain)?;
                return splice(text, found.start, found.end(), &json::quote(&inner));
            }
            _ => return None,
        };
    }
    splice(text, found.start, found.end(), &json::quote(plain))
}

/// The JSON text of an object with a string at `path`, which is added, or replaced where something is there.
pub(crate) fn place_in_json(text: &str, path: &[String], value: &str) -> Option<String> {
    let Some((segment, rest)) = path.split_first() else { return Some(json::quote(value)) };
    let parsed = json::parse(text).ok()?;
    if let JsonKind::List(items) = &parsed.kind {
        let item = items.get(segment.parse::<usize>().ok()?)?;
        let placed = place_in_json(item.raw, rest, value)?;
        return splice(text, item.start, item.end(), &placed);
    }
    let JsonKind::Object(members) = &parsed.kind else { return None };
    if let Some(found) = members.get(segment) {
        let placed = place_in_json(found.raw, rest, value)?;
        return splice(text, found.start, found.end(), &placed);
    }
    let placed = if rest.is_empty() { json::quote(value) } else { place_in_json("{}", rest, value)? };
    let mut written: Vec<(&str, String)> =
        members.0.iter().map(|(name, json)| (name.as_str(), json.raw.to_owned())).collect();
    written.push((segment, placed));
    Some(json::object(written))
}

fn splice(text: &str, start: usize, end: usize, new: &str) -> Option<String> {
    Some(format!("{}{new}{}", text.get(..start)?, text.get(end..)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split('.').map(str::to_owned).collect()
    }

    fn found(json: &str, at: &str) -> Result<Option<Node>, RecipeError> {
        Node::of(&json::parse(json).unwrap()).below("x", &path(at))
    }

    #[test]
    fn paths_lead_through_objects_arrays_and_json_in_text() {
        let text = |text: &str| Ok(Some(Node::Text(text.to_owned())));
        assert_eq!(found(r#"{"a":{"b":["x","y"]}}"#, "a.b.1"), text("y"));
        assert_eq!(found(r#"{"a":"{\"b\":\"x\"}"}"#, "a.b"), text("x"));
        assert_eq!(found(r#"{"a":"eyJiIjoieCJ9"}"#, "a.b"), text("x"));
        assert_eq!(found(r#"{"a":{"b":1.50}}"#, "a.b"), Ok(Some(Node::Number("1.50".to_owned()))));
        for nothing in ["a.c", "a.b.c", "b"] {
            assert_eq!(found(r#"{"a":{"b":{}}}"#, nothing), Ok(None), "{nothing}");
        }
        for wrong in [r#"{"a":1}"#, r#"{"a":"x"}"#, r#"{"a":null}"#, r#"{"a":"\"b\""}"#] {
            assert_eq!(found(wrong, "a.b"), Err(RecipeError::NotJson { name: "x".to_owned() }), "{wrong}");
        }
    }

    #[test]
    fn a_string_is_replaced_where_it_stands() {
        let text = r#"{ "a" : {"b":"x", "c":1}, "d":[ "y" ] }"#;
        assert_eq!(
            replace_in_json(text, &path("a.b"), "\"").unwrap(),
            r#"{ "a" : {"b":"\"", "c":1}, "d":[ "y" ] }"#
        );
        assert_eq!(replace_in_json(text, &path("d.0"), "z").unwrap(), text.replace('y', "z"));
        assert_eq!(replace_in_json(text, &path("a.x"), "z"), None);
    }

    #[test]
    fn a_value_is_placed_where_nothing_was() {
        assert_eq!(place_in_json("{}", &path("a.b"), "x").unwrap(), r#"{"a":{"b":"x"}}"#);
        assert_eq!(place_in_json(r#"{"a":{"c":1}}"#, &path("a.b"), "x").unwrap(), r#"{"a":{"c":1,"b":"x"}}"#);
        assert_eq!(place_in_json(r#"{"a":1}"#, &path("a"), "x").unwrap(), r#"{"a":"x"}"#);
        assert_eq!(place_in_json(r#"{"a":1}"#, &path("a.b"), "x"), None);
    }
}
