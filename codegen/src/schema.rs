//! The JSON Schema of the language, for editors: completion, documentation and first mistakes while a spec is typed.
//!
//! It is generated from the [`model`](crate::model), so that it can neither lack a key nor invent one; the
//! documentation of a member is what an editor shows. It says which keys there are and what shape their values have.
//! What needs to know the rest of the file (names, templates, limits) is the checker's matter: a spec that the schema
//! accepts may still be wrong, and one that it refuses is.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use crate::check::fields::TYPES;
use crate::check::seals::{ALGORITHMS, OUTPUTS};
use crate::model::{File, Headers, MembersOf, NamedIn, Rows};
use crate::read::{List, Map, Node, OneOrMany, Spanned, TextOr};

/// Where the schema is published.
const ID: &str = "https://payspec.dev/payspec.schema.json";

/// Keys that must be there wherever such a map stands. What is required only sometimes, the checker knows.
const REQUIRED: &[(&str, &[&str])] = &[
    ("provider", &["name", "title", "doc"]),
    ("environment", &["hosts"]),
    ("envelope", &["request", "response"]),
    ("operation", &["doc", "effect"]),
    ("callback", &["deliver", "receive", "signature"]),
    ("field", &["doc"]),
    ("entry of the list", &["each", "fields"]),
    ("choice of fields", &["named_in"]),
    ("choice of headers", &["headers"]),
    ("choice of members", &["members_of"]),
    ("fresh value", &["is"]),
    ("tolerance", &["of", "within"]),
];

/// Maps that have exactly one of these keys.
const ONE_OF: &[(&str, &[&str])] = &[("field", &TYPES), ("place", &["field", "header", "query"])];

/// Keys of a recipe whose words the checker reads.
const WORDS: &[(&str, &[&str])] = &[("algorithm", ALGORITHMS), ("output", OUTPUTS)];

/// The schema, as it stands in `specs/payspec.schema.json`.
///
/// # Errors
/// It cannot be written as JSON. That is a defect of the compiler.
pub fn json_schema() -> Result<String, serde_json::Error> {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<File>();
    schema.insert("$id".to_owned(), ID.into());
    schema.insert("title".to_owned(), "payspec".into());
    RecursiveTransform(only_known_keys).transform(&mut schema);
    schema.insert("required".to_owned(), json!(["payspec", "provider"]));
    if let Some(maps) = schema.get_mut("$defs").and_then(Value::as_object_mut) {
        for (name, keys) in REQUIRED {
            if let Some(map) = maps.get_mut(*name).and_then(Value::as_object_mut) {
                map.insert("required".to_owned(), json!(keys));
            }
        }
        for (key, words) in WORDS {
            let value =
                maps.get_mut("recipe").and_then(|recipe| recipe.pointer_mut(&format!("/properties/{key}")));
            if let Some(value) = value.and_then(Value::as_object_mut) {
                value.remove("type");
                value.insert("enum".to_owned(), json!(words));
            }
        }
        for (name, keys) in ONE_OF {
            if let Some(map) = maps.get_mut(*name).and_then(Value::as_object_mut) {
                let one: Vec<Value> = keys.iter().map(|key| json!({ "required": [key] })).collect();
                map.insert("oneOf".to_owned(), one.into());
            }
        }
    }
    let mut text = serde_json::to_string_pretty(&schema)?;
    text.push('\n');
    Ok(text)
}

/// A key that no struct has is a mistake everywhere in the language. Absence is written by leaving a key out, so
/// `null` is never a value.
fn only_known_keys(schema: &mut Schema) {
    if schema.get("properties").is_some() {
        schema.insert("additionalProperties".to_owned(), false.into());
    }
    schema.remove("default");
    if let Some(Value::Array(kinds)) = schema.get_mut("anyOf") {
        kinds.retain(|kind| kind.get("type").and_then(Value::as_str) != Some("null"));
        if let [only] = kinds.as_slice()
            && let Some(only) = only.as_object().cloned()
        {
            schema.remove("anyOf");
            for (key, value) in only {
                schema.insert(key, value);
            }
        }
    }
    if let Some(word @ ("true" | "false")) = schema.get("const").and_then(Value::as_str) {
        let both = json!([word == "true", word]);
        schema.remove("const");
        schema.remove("type");
        schema.insert("enum".to_owned(), both);
    }
    let kinds = schema.get("type").and_then(Value::as_array);
    if let Some(kinds) = kinds {
        let kinds: Vec<Value> = kinds.iter().filter(|kind| kind.as_str() != Some("null")).cloned().collect();
        let kind = match kinds.as_slice() {
            [only] => only.clone(),
            _ => Value::Array(kinds),
        };
        schema.insert("type".to_owned(), kind);
    }
}

/// Text, which YAML may take for a number or a switch: `1`, `true`.
fn text() -> Schema {
    json_schema!({ "type": ["string", "number", "boolean"] })
}

/// `fields` of a recipe: which values are in the list.
#[derive(JsonSchema)]
#[schemars(inline, untagged)]
#[allow(dead_code)] // never made: it only says what the checker reads by hand
pub(crate) enum Fields {
    /// All of a place.
    Word(FieldsWord),
    /// These.
    Listed(Vec<FieldsEntry>),
    /// Those that a field of the message names.
    NamedIn(NamedIn),
    /// These headers.
    Headers(Headers),
    /// The members of one object.
    MembersOf(MembersOf),
}

/// All fields of a place.
#[derive(JsonSchema)]
#[schemars(inline, rename_all = "snake_case")]
#[allow(dead_code)]
pub(crate) enum FieldsWord {
    /// Every parameter or member.
    All,
    /// Those of the query.
    Query,
    /// Those of the body.
    Body,
}

/// An entry of a list of fields.
#[derive(JsonSchema)]
#[schemars(inline, untagged)]
#[allow(dead_code)]
pub(crate) enum FieldsEntry {
    /// A name, a path, `"x*"` or `"x[]"`.
    Name(String),
    /// For each row, these.
    Rows(Rows),
}

/// The schema of a value, where `String` is any text.
fn value<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    if T::schema_id() == <String as JsonSchema>::schema_id() {
        text()
    } else {
        generator.subschema_for::<T>()
    }
}

impl<T: JsonSchema> JsonSchema for Spanned<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        value::<T>(generator)
    }
}

impl<T: JsonSchema> JsonSchema for Map<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("map of {}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = value::<T>(generator);
        json_schema!({ "type": "object", "additionalProperties": value })
    }
}

impl<T: JsonSchema> JsonSchema for List<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("list of {}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = value::<T>(generator);
        json_schema!({ "type": "array", "items": value })
    }
}

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("one or many of {}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = value::<T>(generator);
        json_schema!({ "anyOf": [value, { "type": "array", "items": value }] })
    }
}

impl<T: JsonSchema, S: JsonSchema> JsonSchema for TextOr<T, S> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{} or {}", S::schema_name(), T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (text, other) = (value::<S>(generator), value::<T>(generator));
        json_schema!({ "anyOf": [text, other] })
    }
}

/// What is read by hand: any text, list or map.
impl JsonSchema for Node {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "node".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean", "array", "object"] })
    }
}
