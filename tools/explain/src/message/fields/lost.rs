//! Fields that were signed, and are not there: their signer had them, empty as a rule.
//!
//! Frameworks drop empty values, and specs forget fields. What a lost field held can be guessed only where the spec or
//! custom says so: nothing, a constant, an example, a credential that is repeated. It is put where the spec has it,
//! behind the fields before it.

use payspec_codegen::ir::{Kind, Recipe, Shape};
use payspec_interpreter::{CredentialValue, TrialField, TrialValue};

use super::{RAW, is_place, keep, listed};
use crate::change::Change;
use crate::declared::{Declared, declared};
use crate::message::change;
use crate::question::Question;
use crate::rank;

/// Fields that are often empty, and that specs forget.
const USUAL: [&str; 14] = [
    "attach",
    "remark",
    "extra",
    "memo",
    "note",
    "param",
    "ext",
    "passback_params",
    "openid",
    "body",
    "desc",
    "custom",
    "reserved",
    "extend",
];

/// What fields of these names are worth nearly everywhere.
const USUAL_VALUES: [(&str, &str); 6] = [
    ("charset", "utf-8"),
    ("charset", "UTF-8"),
    ("sign_type", "MD5"),
    ("sign_type", "RSA"),
    ("sign_type", "RSA2"),
    ("version", "1.0"),
];

/// A field that is not there, and the place among the fields where it may have been.
struct Gone<'p> {
    at: usize,
    declared: Declared<'p>,
}

pub(super) fn changes(
    fields: &[TrialField],
    question: &Question<'_>,
    recipes: &[&Recipe],
    all: &mut Vec<Change<'_>>,
) {
    let declared = declared(question);
    let gone = gone(fields, &declared, recipes);
    let there =
        There { fields, in_query: fields.iter().filter(|field| field.in_query).count() * 2 > fields.len() };
    for field in &gone {
        guessed(&there, question, field, all);
    }
    usual(&there, &declared, all);
    let mut names: Vec<(usize, String)> =
        gone.iter().map(|own| (own.at, own.declared.name().to_owned())).collect();
    for name in listed(recipes).into_iter().filter(|name| !there.has(name) && !is_place(recipes, name)) {
        if !names.iter().any(|(_, own)| *own == name) {
            names.push((fields.len(), name));
        }
    }
    at_once(&there, names, all);
}

/// The fields that are there.
struct There<'f> {
    fields: &'f [TrialField],
    /// Most of them stand in the query, so that a lost one stood there too.
    in_query: bool,
}

impl There<'_> {
    fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }

    fn lost(&self, name: &str, value: String) -> TrialField {
        TrialField { name: name.to_owned(), value: TrialValue::Text(value), in_query: self.in_query }
    }

    /// With one more field, at this place.
    fn with(&self, at: usize, name: &str, value: String) -> Vec<TrialField> {
        let mut more = self.fields.to_vec();
        more.insert(at.min(more.len()), self.lost(name, value));
        more
    }
}

/// The fields of the spec that are not there.
fn gone<'p>(fields: &[TrialField], declared: &[Declared<'p>], recipes: &[&Recipe]) -> Vec<Gone<'p>> {
    let mut gone = Vec::new();
    let mut before = 0;
    for own in declared {
        if let Some(at) = fields.iter().position(|field| field.name == own.name()) {
            before = at + 1;
        } else if !is_place(recipes, own.name()) && own.field.kind != Kind::Signature {
            gone.push(Gone { at: before, declared: *own });
        }
    }
    gone
}

/// A field of the spec, with the values that can be guessed.
fn guessed(there: &There<'_>, question: &Question<'_>, gone: &Gone<'_>, all: &mut Vec<Change<'_>>) {
    let name = gone.declared.name();
    for value in guesses(question, gone.declared) {
        let (rank, what, title) = if value.is_empty() {
            (rank::LOST_EMPTY, "present, empty", empty_title(name))
        } else {
            (rank::FIELD_VALUE, "present", format!("`{name}` was signed, and is lost on the way"))
        };
        let more = there.with(gone.at, name, value);
        all.push(change(rank, format!("message.field.{name}"), what, title, RAW, keep(more)));
    }
}

fn empty_title(name: &str) -> String {
    format!("the empty `{name}` was signed, and is lost on the way")
}

/// Fields that the spec may have forgotten, empty.
fn usual(there: &There<'_>, declared: &[Declared<'_>], all: &mut Vec<Change<'_>>) {
    let is_declared = |name: &str| declared.iter().any(|own| own.name() == name);
    for name in USUAL.into_iter().filter(|name| !there.has(name) && !is_declared(name)) {
        let more = there.with(there.fields.len(), name, String::new());
        all.push(change(
            rank::LOST_EMPTY + 5,
            format!("message.field.{name}"),
            "present, empty",
            empty_title(name),
            RAW,
            keep(more),
        ));
    }
}

/// All of these, empty.
fn at_once(there: &There<'_>, gone: Vec<(usize, String)>, all: &mut Vec<Change<'_>>) {
    if gone.len() < 2 {
        return;
    }
    let mut more = there.fields.to_vec();
    for (shift, (at, name)) in gone.into_iter().enumerate() {
        more.insert((at + shift).min(more.len()), there.lost(&name, String::new()));
    }
    all.push(change(
        rank::LOST_EMPTY + 3,
        "message.fields".to_owned(),
        "present, empty",
        "all fields of the spec that are not there were signed as empty ones, and are lost on the way",
        RAW,
        keep(more),
    ));
}

/// What a field that is lost may have been.
fn guesses(question: &Question<'_>, Declared { field, equals }: Declared<'_>) -> Vec<String> {
    let mut guesses = vec![String::new()];
    match &field.kind {
        Kind::Fixed(text) => guesses.push(text.clone()),
        Kind::Flag { yes, no } => guesses.extend([yes.clone(), no.clone()]),
        Kind::Enum(id) => {
            if let Shape::Enum(values) = &question.provider[*id].shape {
                guesses.extend(values.iter().take(20).map(|value| value.name.wire.clone()));
            }
        }
        _ => {}
    }
    guesses.extend(field.example.clone());
    if let Some(CredentialValue::Text(text)) =
        equals.and_then(|path| question.settings.credentials.get(&path.name.wire))
    {
        guesses.push(text.clone());
    }
    let usual = USUAL_VALUES.iter().filter(|(name, _)| field.name.wire == *name);
    guesses.extend(usual.map(|(_, value)| (*value).to_owned()));
    guesses.dedup();
    guesses
}
