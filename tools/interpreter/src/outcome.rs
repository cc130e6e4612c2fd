//! Conditions, and what a message means for money.
//!
//! Values are looked up by wire name and compared as text after the type's own reading, so that `status: 1` holds for
//! `1` and `"1"`; a flag is compared as the provider's word for it.

use payspec_codegen::ir::{self, Condition, Field, Kind, Outcome, Shape, Test, Word};

use crate::value::Map;

/// What is compared with the words of a condition.
pub(crate) fn compared<'a>(fields: &[&'a Field], name: &str, canonical: &'a str) -> &'a str {
    let field = fields.iter().find(|field| field.name.wire == name);
    match (field.map(|field| &field.kind), canonical) {
        (Some(Kind::Flag { yes, .. }), "true") => yes,
        (Some(Kind::Flag { no, .. }), "false") => no,
        _ => canonical,
    }
}

/// Whether every entry holds for these values of these fields.
pub(crate) fn holds(condition: &Condition, fields: &[&Field], values: &Map<String>) -> bool {
    condition.0.iter().all(|(name, test)| {
        let value = values.get(&name.wire).map(|value| compared(fields, &name.wire, value));
        match (test, value) {
            (Test::Is(words), Some(value)) => words.iter().any(|word| word == value),
            (Test::Is(_), None) => false,
            (Test::Present, value) => value.is_some(),
            (Test::Absent, value) => value.is_none(),
        }
    })
}

/// The word for a message: the first case that holds; else, where the spec names an enumeration, the word of its value;
/// else `otherwise`. An enumeration that is absent, has a value that is not listed, or one that says nothing, is
/// unknown.
pub(crate) fn judge(
    provider: &ir::Provider,
    outcome: &Outcome,
    fields: &[&Field],
    values: &Map<String>,
) -> Word {
    if let Some(case) = outcome.cases.iter().find(|case| holds(&case.when, fields, values)) {
        return case.is;
    }
    match &outcome.from {
        Some(from) => said(provider, fields, &from.wire, values).unwrap_or(Word::Unknown),
        None => outcome.otherwise,
    }
}

fn said(provider: &ir::Provider, fields: &[&Field], from: &str, values: &Map<String>) -> Option<Word> {
    let field = fields.iter().find(|field| field.name.wire == from)?;
    let (Kind::Enum(id), text) = (&field.kind, values.get(from)?) else { return None };
    let Shape::Enum(listed) = &provider[*id].shape else { return None };
    listed.iter().find(|listed| listed.name.wire == *text)?.outcome
}
