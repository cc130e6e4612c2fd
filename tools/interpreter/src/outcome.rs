//! Conditions, and what a message means for money.
//!
//! Values are looked up by wire name and compared as canonical text, so that `status: 1` holds for `1` and `"1"`.

use payspec_codegen::ir::{self, Condition, Kind, Outcome, Shape, Test, Word};

use crate::value::Map;

/// Whether every entry holds.
pub(crate) fn holds<'a>(condition: &Condition, value: impl Fn(&str) -> Option<&'a str>) -> bool {
    condition.0.iter().all(|(name, test)| match (test, value(&name.wire)) {
        (Test::Is(words), Some(value)) => words.iter().any(|word| word == value),
        (Test::Is(_), None) => false,
        (Test::Present, value) => value.is_some(),
        (Test::Absent, value) => value.is_none(),
    })
}

/// The word for a message: the first case that holds; else the word of the enumeration's value, where a value that
/// is not listed, or that says nothing, is unknown; else, where there is no value, `otherwise`.
pub(crate) fn judge(
    provider: &ir::Provider,
    outcome: &Outcome,
    fields: &[&ir::Field],
    values: &Map<String>,
) -> Word {
    let value = |name: &str| values.get(name).map(String::as_str);
    if let Some(case) = outcome.cases.iter().find(|case| holds(&case.when, value)) {
        return case.is;
    }
    let Some(from) = &outcome.from else { return outcome.otherwise };
    let kind = fields.iter().find(|field| field.name.wire == from.wire).map(|field| &field.kind);
    let (Some(Kind::Enum(id)), Some(text)) = (kind, value(&from.wire)) else { return outcome.otherwise };
    match &provider[*id].shape {
        Shape::Enum(listed) => listed
            .iter()
            .find(|listed| listed.name.wire == text)
            .and_then(|listed| listed.outcome)
            .unwrap_or(Word::Unknown),
        Shape::Object { .. } => Word::Unknown,
    }
}
