//! Paths into nested JSON: members of objects, indices of arrays, through JSON that travels as text or as base64.

use std::borrow::Cow;

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::value::RawValue;

use super::FieldValue;
use crate::{
    RecipeError,
    excerpt::excerpt,
    json::{self, RawJson},
};

/// The JSON text at `path`, whose first segment names the field that has this value.
pub(super) fn walk<'m>(
    value: &'m FieldValue<'_>,
    path: &[&str],
    depth: usize,
) -> Result<Option<Cow<'m, str>>, RecipeError> {
    let refused = || RecipeError::NotJson { name: shown(path) };
    let Some((last, between)) = path.get(1..).and_then(<[&str]>::split_last) else { return Ok(None) };
    let Some(mut here) = inside(value, depth).ok_or_else(refused)? else { return Ok(None) };
    // Each step makes a copy: paths are short, and what holds the value may be text that was decoded here.
    for segment in between {
        let Some(next) = step(&here, segment).ok_or_else(refused)? else { return Ok(None) };
        let Some(next) = inside(&FieldValue::of_json(&next), depth).ok_or_else(refused)?.map(Cow::into_owned)
        else {
            return Ok(None);
        };
        here = Cow::Owned(next);
    }
    Ok(step(&here, last).ok_or_else(refused)?.map(Cow::Owned))
}

/// The JSON of a field: as it came, or as text inside. `Some(None)`: `null`, or nothing. `None`: no JSON.
fn inside<'m>(value: &'m FieldValue<'_>, depth: usize) -> Option<Option<Cow<'m, str>>> {
    match value.text() {
        None | Some("") => Some(None),
        Some(_) if value.is_nested() => value.json().map(|json| Some(Cow::Borrowed(json))),
        Some(text) => embedded(text, depth).map(|json| Some(Cow::Owned(json))),
    }
}

/// JSON that travels as text, or as the base64 of text.
fn embedded(text: &str, depth: usize) -> Option<String> {
    let json = if text.trim_start().starts_with(['{', '[']) {
        text.to_owned()
    } else {
        String::from_utf8(decode_base64(text)?).ok()?
    };
    json::check(&json, depth).ok()?;
    // Parsed as a whole, so that nothing is found in what is no JSON.
    let value: &RawValue = serde_json::from_str(&json).ok()?;
    value.get().starts_with(['{', '[']).then(|| value.get().to_owned())
}

/// Base64 of either alphabet, padded or not.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let indifferent = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let alphabet = if text.contains(['-', '_']) { alphabet::URL_SAFE } else { alphabet::STANDARD };
    GeneralPurpose::new(&alphabet, indifferent).decode(text).ok()
}

/// A member or an item. `Some(None)`: there is none. `None`: neither object nor array.
fn step(json: &str, segment: &str) -> Option<Option<String>> {
    Some(child(json, segment)?.map(|value| value.get().to_owned()))
}

fn child<'j>(json: &'j str, segment: &str) -> Option<Option<&'j RawValue>> {
    if json.starts_with('{') {
        let members = json::members(json).ok()?;
        return Some(members.into_iter().find(|(name, _)| name == segment).map(|(_, value)| value));
    }
    let items = json::items(json)?;
    Some(segment.parse::<usize>().ok().and_then(|index| items.get(index).copied()))
}

/// The value with the text at `path` replaced by `plain`.
pub(super) fn replaced(
    value: &FieldValue<'_>,
    path: &[&str],
    plain: &str,
    depth: usize,
) -> Result<FieldValue<'static>, RecipeError> {
    let inner = path.get(1..).unwrap_or_default();
    let replaced = match inside(value, depth) {
        Some(Some(json)) => replace_in_json(&json, inner, plain),
        _ => None,
    };
    let json = replaced.ok_or_else(|| RecipeError::EmptyField { name: shown(path) })?;
    Ok(if value.is_nested() { FieldValue::of_json(&json) } else { FieldValue::Text(Cow::Owned(json)) })
}

/// JSON text with the value at `path` replaced by a string of this content; `None` if there is no such value.
pub(crate) fn replace_in_json(json: &str, path: &[&str], plain: &str) -> Option<String> {
    let Some((segment, inner)) = path.split_first() else {
        return Some(RawJson::of_text(plain).text().to_owned());
    };
    let value = child(json, segment)??;
    let start = (value.get().as_ptr() as usize).checked_sub(json.as_ptr() as usize)?;
    let (before, rest) = json.split_at_checked(start)?;
    let (_, after) = rest.split_at_checked(value.get().len())?;
    let new = replace_in_json(value.get(), inner, plain)?;
    Some(format!("{before}{new}{after}"))
}

fn shown(path: &[&str]) -> String {
    excerpt(&path.join("."), 64).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::found::Found;

    const DEPTH: usize = 8;

    fn at(value: &FieldValue<'_>, path: &[&str]) -> Result<Option<String>, RecipeError> {
        Ok(walk(value, path, DEPTH)?.map(Cow::into_owned))
    }

    fn not_json(path: &str) -> RecipeError {
        RecipeError::NotJson { name: path.to_owned() }
    }

    #[test]
    fn a_path_walks_objects_and_arrays_to_the_exact_text() {
        let value = FieldValue::of_json(r#"{"a":{"b":[1.0,{"c":"x\u0020y"},null]},"0":true}"#);
        assert_eq!(at(&value, &["f", "a", "b", "0"]), Ok(Some("1.0".into())));
        assert_eq!(at(&value, &["f", "a", "b", "1", "c"]), Ok(Some(r#""x\u0020y""#.into())));
        assert_eq!(at(&value, &["f", "0"]), Ok(Some("true".into())));
        assert_eq!(at(&value, &["f", "a", "b", "2"]), Ok(Some("null".into())));
        for absent in
            [&["f", "x"][..], &["f", "a", "b", "3"], &["f", "a", "b", "x"], &["f", "a", "b", "2", "c"]]
        {
            assert_eq!(at(&value, absent), Ok(None), "{absent:?}");
        }
        assert_eq!(at(&value, &["f", "a", "b", "0", "c"]), Err(not_json("f.a.b.0.c")));
    }

    #[test]
    fn a_path_goes_through_json_as_text_and_as_base64() {
        let inner = r#"{"DS_ORDER":"1442772645"}"#;
        let base64 = "eyJEU19PUkRFUiI6IjE0NDI3NzI2NDUifQ==";
        for text in [inner, base64, base64.trim_end_matches('=')] {
            let value = FieldValue::Text(text.into());
            assert_eq!(at(&value, &["f", "DS_ORDER"]), Ok(Some(r#""1442772645""#.into())), "{text}");
            let nested = FieldValue::of_json(&format!("[{}]", RawJson::of_text(text).text()));
            assert_eq!(at(&nested, &["f", "0", "DS_ORDER"]), Ok(Some(r#""1442772645""#.into())), "{text}");
        }
    }

    #[test]
    fn what_holds_no_json_has_nothing_inside() {
        for text in ["1", "{", "{}x", r#"{"a":1}{"#, "AAAA", "中", r#"{"a":1,"a":2}"#] {
            assert_eq!(at(&FieldValue::Text(text.into()), &["f", "a"]), Err(not_json("f.a")), "{text}");
        }
        let deep = format!("{}{}", "[".repeat(9), "]".repeat(9));
        assert_eq!(at(&FieldValue::Text(deep.into()), &["f", "0"]), Err(not_json("f.0")));
        assert_eq!(at(&FieldValue::Text("".into()), &["f", "a"]), Ok(None));
        assert_eq!(at(&FieldValue::of_json("null"), &["f", "a"]), Ok(None));
    }

    #[test]
    fn only_the_text_at_the_path_is_replaced() {
        let json = r#"{"a": "x", "b": [{"c": "x"}, "x"]}"#;
        assert_eq!(
            replace_in_json(json, &["b", "0", "c"], "\"1\"").as_deref(),
            Some(r#"{"a": "x", "b": [{"c": "\"1\""}, "x"]}"#)
        );
        assert_eq!(replace_in_json(json, &["b", "2"], ""), None);
        assert_eq!(replace_in_json(json, &["a", "b"], ""), None);
        let embedded = replaced(&FieldValue::Text(json.into()), &["f", "a"], "y", DEPTH);
        assert!(
            matches!(embedded.as_ref().map(FieldValue::found), Ok(Found::Text(text)) if text.contains("\"a\": \"y\""))
        );
    }
}
