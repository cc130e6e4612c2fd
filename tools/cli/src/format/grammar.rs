//! The keys of the language in the order in which they are written, and how their texts are quoted.
//!
//! The order is that of the specs as people write them: what a thing is, what it is made of, what is said about it, and
//! what is long comes last. It differs from the order of the model's members in a few places, so it is a table of its
//! own; a test holds it against the JSON Schema, so that it can neither lack a key nor invent one. Names that an author
//! gives (fields, operations, values ...) keep his order, because it means something.

mod field;
mod message;
mod recipe;

use self::Shape::{Any, Keys, Literal, Names, Prose, Word};
use self::field::{FIELD, RULE};
use self::message::{CALLBACK, ENVELOPE, OPERATION};
use self::recipe::RECIPE;

/// What is known of a value by its place. A list has the shape of its items; text where a map is known is a word.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// Nothing: order and quotes stay.
    Any,
    /// A word of the language, a name, a range, a reference.
    Word,
    /// Text that stands for itself.
    Literal,
    /// Sentences for people.
    Prose,
    /// A map whose keys the language knows.
    Keys(&'static KnownKeys),
    /// A map whose keys the author names.
    Names(&'static Shape),
}

/// The keys of a map of the language.
#[derive(Debug)]
pub(super) struct KnownKeys {
    /// What the model calls such maps; one table may serve several that stand in the same place.
    #[cfg_attr(not(test), allow(dead_code))] // the test against the model reads it
    models: &'static [&'static str],
    keys: &'static [(&'static str, Shape)],
    /// The shape of what other keys hold.
    others: Shape,
}

impl KnownKeys {
    const fn of(model: &'static [&'static str], keys: &'static [(&'static str, Shape)]) -> Self {
        Self { models: model, keys, others: Any }
    }

    /// Where a key stands among the others; names of the author's beside them come last.
    fn rank(&self, key: &str) -> Option<usize> {
        let known = self.keys.iter().position(|(known, _)| *known == key);
        known.or_else(|| (!matches!(self.others, Any)).then_some(self.keys.len()))
    }
}

impl Shape {
    /// The shape of the value of a key, if this is the shape of a map.
    pub(super) fn value_of(self, key: &str) -> Self {
        match self {
            Keys(table) => {
                table.keys.iter().find(|(known, _)| *known == key).map_or(table.others, |(_, shape)| *shape)
            }
            Names(shape) => *shape,
            Literal | Prose | Word => self,
            Any => Any,
        }
    }

    /// Where a key stands, if the language orders this map.
    pub(super) fn rank(self, key: &str) -> Option<usize> {
        match self {
            Keys(table) => table.rank(key),
            _ => None,
        }
    }
}

/// A condition: fields and what is asked of them.
const CONDITION: Shape = Names(&Literal);

pub(super) static FILE: KnownKeys = KnownKeys::of(
    &["payspec"],
    &[
        ("payspec", Word),
        ("provider", Keys(&PROVIDER)),
        ("defaults", Keys(&DEFAULTS)),
        ("environments", Names(&Keys(&ENVIRONMENT))),
        ("credentials", Names(&Keys(&CREDENTIAL))),
        ("options", Names(&Keys(&FIELD))),
        ("signatures", Names(&Keys(&RECIPE))),
        ("tokens", Names(&Keys(&TOKEN))),
        ("envelopes", Names(&Keys(&ENVELOPE))),
        ("errors", Keys(&ERRORS)),
        ("types", Names(&Keys(&TYPE))),
        ("operations", Names(&Keys(&OPERATION))),
        ("callbacks", Names(&Keys(&CALLBACK))),
        ("accepts", Names(&Prose)),
    ],
);

/// A file of vectors. Other programs read it as ordinary YAML, in which quotes have a meaning.
pub(super) static VECTORS: KnownKeys = KnownKeys::of(
    &[],
    &[("payspec", Any), ("vectors_of", Any), ("test_credentials", Names(&Any)), ("vectors", Names(&Any))],
);

static PROVIDER: KnownKeys = KnownKeys::of(
    &["provider"],
    &[("name", Word), ("title", Literal), ("doc", Prose), ("sources", Names(&Keys(&SOURCE)))],
);

static SOURCE: KnownKeys =
    KnownKeys::of(&["source"], &[("mark", Word), ("title", Literal), ("link", Literal)]);

static DEFAULTS: KnownKeys = KnownKeys::of(
    &["defaults"],
    &[
        ("encoding", Word),
        ("zone", Literal),
        ("length", Word),
        ("absent_when", Word),
        ("space", Word),
        ("json_amount", Word),
        ("json_integer", Word),
        ("digits", Word),
    ],
);

static ENVIRONMENT: KnownKeys = KnownKeys::of(
    &["environment"],
    &[("hosts", Names(&Literal)), ("schemes", Word), ("test", Word), ("doc", Prose), ("source", Word)],
);

static CREDENTIAL: KnownKeys = KnownKeys::of(
    &["credential"],
    &[
        ("text", Word),
        ("secret", Word),
        ("key", Word),
        ("decode", Word),
        ("many", Word),
        ("doc", Prose),
        ("example", Literal),
        ("source", Word),
        ("accepts", Names(&Prose)),
        ("choice", Names(&Keys(&ALTERNATIVE))),
    ],
);

/// An alternative of a choice: its members stand beside these, and are credentials.
static ALTERNATIVE: KnownKeys = KnownKeys {
    models: &[],
    keys: &[("wire", Literal), ("doc", Prose), ("source", Word)],
    others: Keys(&CREDENTIAL),
};

static TOKEN: KnownKeys = KnownKeys::of(
    &["token"],
    &[
        ("create", Word),
        ("value", Word),
        ("lifetime", Word),
        ("refresh_at", Word),
        ("shared_by", Word),
        ("budget", Word),
        ("doc", Prose),
        ("source", Word),
    ],
);

static ERRORS: KnownKeys = KnownKeys::of(
    &["errors"],
    &[
        ("lookup", Word),
        ("fault", Word),
        ("unlisted", Word),
        ("source", Word),
        ("values", Names(&Names(&Keys(&ERROR_CODE)))),
    ],
);

static ERROR_CODE: KnownKeys =
    KnownKeys::of(&["error code"], &[("kind", Word), ("doc", Prose), ("mend", Prose), ("source", Word)]);

static TYPE: KnownKeys = KnownKeys::of(
    &["type"],
    &[
        ("doc", Prose),
        ("source", Word),
        ("extra", Word),
        ("accepts", Names(&Prose)),
        ("values", Names(&Keys(&VALUE))),
        ("fields", Names(&Keys(&FIELD))),
        ("rules", Keys(&RULE)),
    ],
);

static VALUE: KnownKeys =
    KnownKeys::of(&["value"], &[("name", Word), ("outcome", Word), ("doc", Prose), ("source", Word)]);

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn tables(shape: Shape, seen: &mut BTreeMap<*const KnownKeys, &'static KnownKeys>) {
        match shape {
            Keys(table) => {
                if seen.insert(table, table).is_none() {
                    tables(table.others, seen);
                    table.keys.iter().for_each(|(_, shape)| tables(*shape, seen));
                }
            }
            Names(shape) => tables(*shape, seen),
            Any | Word | Literal | Prose => {}
        }
    }

    #[test]
    fn the_tables_have_exactly_the_keys_of_the_model() {
        let schema: serde_json::Value =
            serde_json::from_str(&payspec_codegen::json_schema().unwrap()).unwrap();
        let mut model: BTreeMap<&str, &serde_json::Value> =
            schema["$defs"].as_object().unwrap().iter().map(|(name, map)| (name.as_str(), map)).collect();
        model.retain(|_, map| map.get("properties").is_some());
        model.insert("payspec", &schema);
        let mut seen = BTreeMap::new();
        tables(Keys(&FILE), &mut seen);
        for table in seen.values().filter(|table| !table.models.is_empty()) {
            let expected: BTreeSet<&str> = table
                .models
                .iter()
                .map(|name| model.remove(name).unwrap_or_else(|| panic!("the model has no `{name}`")))
                .flat_map(|map| map["properties"].as_object().unwrap().keys().map(String::as_str))
                .collect();
            let keys: BTreeSet<&str> = table.keys.iter().map(|(key, _)| *key).collect();
            assert_eq!(keys, expected, "{:?}", table.models);
            assert_eq!(keys.len(), table.keys.len(), "a key twice in {:?}", table.models);
        }
        assert!(model.is_empty(), "maps that have no table: {:?}", model.keys());
    }
}
