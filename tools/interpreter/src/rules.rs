//! The twelve rules over several fields.
//!
//! A rule about values says nothing where a value is absent: whether it may be is the business of the rules about
//! presence. Values are compared as canonical text, numbers as numbers.

use payspec_codegen::ir::{AmongValue, Field, MemberPath, Name, Rule, RuleKind};

use crate::money::Number;
use crate::outcome;
use crate::validate::{Check, Problem};
use crate::value::Map;
use crate::write::Entry;

impl Check<'_> {
    /// Judges the rules of one object, or of the request.
    pub(crate) fn rules(&mut self, path: &str, rules: &[Rule], fields: &[&Field], entries: &Map<Entry>) {
        let texts: Map<String> =
            entries.iter().map(|(name, entry)| (name, entry.canonical.clone())).collect();
        for rule in rules {
            if outcome::holds(&rule.when, fields, &texts) && !self.holds(&rule.kind, entries) {
                self.report(rule.advice, path, Problem::Rule { rule: describe(&rule.kind) });
            }
        }
    }

    fn holds(&self, rule: &RuleKind, entries: &Map<Entry>) -> bool {
        let present = |names: &[Name]| names.iter().filter(|name| entries.contains(&name.wire)).count();
        let value = |name: &Name| entries.get(&name.wire).map(|entry| entry.canonical.as_str());
        let both = |a, b, fits: fn(&str, &str) -> bool| match (value(a), value(b)) {
            (Some(a), Some(b)) => fits(a, b),
            _ => true,
        };
        match rule {
            RuleKind::AnyOf(names) => present(names) >= 1,
            RuleKind::OneOf(names) => present(names) == 1,
            RuleKind::AtMostOneOf(names) => present(names) <= 1,
            RuleKind::Together(names) => present(names) == 0 || present(names) == names.len(),
            RuleKind::Require(names) => present(names) == names.len(),
            RuleKind::Forbid(names) => present(names) == 0,
            RuleKind::Equal(a, b) => both(a, b, |a, b| a == b),
            RuleKind::Distinct(a, b) => both(a, b, |a, b| a != b),
            RuleKind::Ascending(a, b) => both(a, b, ascends),
            RuleKind::Unique(path) => {
                let values = members(path, entries);
                (1..values.len()).all(|end| {
                    values.get(end).is_none_or(|last| !values.iter().take(end).any(|value| value == last))
                })
            }
            RuleKind::SumsTo { parts, total } => {
                value(total).is_none_or(|total| sums_to(&members(parts, entries), total))
            }
            RuleKind::Among { field, values } => value(field)
                .is_none_or(|value| values.iter().any(|allowed| self.is_among(value, allowed, entries))),
        }
    }

    fn is_among(&self, value: &str, allowed: &AmongValue, entries: &Map<Entry>) -> bool {
        match allowed {
            AmongValue::Member(path) => members(path, entries).contains(&value),
            AmongValue::Credential(path) => self.interpreter.public_text(path) == Some(value),
        }
    }
}

/// The member of each item that has it.
fn members<'a>(path: &MemberPath, entries: &'a Map<Entry>) -> Vec<&'a str> {
    let rows = entries.get(&path.list.wire).map(|entry| entry.rows.as_slice()).unwrap_or_default();
    rows.iter().filter_map(|row| row.get(&path.member.wire)).map(|entry| entry.canonical.as_str()).collect()
}

/// Numbers as numbers; days and instants of one form are in order as text.
fn ascends(a: &str, b: &str) -> bool {
    match (Number::parse(a), Number::parse(b)) {
        (Some(a), Some(b)) => a <= b,
        _ => a <= b,
    }
}

fn sums_to(parts: &[&str], total: &str) -> bool {
    let parts: Option<Vec<Number>> = parts.iter().map(|part| Number::parse(part)).collect();
    let sum = parts.and_then(|parts| Number::sum(&parts));
    let total = Number::parse(total);
    sum.zip(total).is_some_and(|(sum, total)| sum.partial_cmp(&total) == Some(std::cmp::Ordering::Equal))
}

/// The rule as the spec writes it.
fn describe(rule: &RuleKind) -> String {
    let list = |names: &[Name]| names.iter().map(|name| name.wire.as_str()).collect::<Vec<_>>().join(", ");
    let path = |path: &MemberPath| format!("{}.{}", path.list.wire, path.member.wire);
    match rule {
        RuleKind::AnyOf(names) => format!("any_of: [{}]", list(names)),
        RuleKind::OneOf(names) => format!("one_of: [{}]", list(names)),
        RuleKind::AtMostOneOf(names) => format!("at_most_one_of: [{}]", list(names)),
        RuleKind::Together(names) => format!("together: [{}]", list(names)),
        RuleKind::Require(names) => format!("require: [{}]", list(names)),
        RuleKind::Forbid(names) => format!("forbid: [{}]", list(names)),
        RuleKind::Equal(a, b) => format!("equal: [{}, {}]", a.wire, b.wire),
        RuleKind::Distinct(a, b) => format!("distinct: [{}, {}]", a.wire, b.wire),
        RuleKind::Ascending(a, b) => format!("ascending: [{}, {}]", a.wire, b.wire),
        RuleKind::Unique(member) => format!("unique: {}", path(member)),
        RuleKind::SumsTo { parts, total } => {
            format!("sums_to: {{ parts: {}, total: {} }}", path(parts), total.wire)
        }
        RuleKind::Among { field, .. } => format!("among: {}", field.wire),
    }
}
