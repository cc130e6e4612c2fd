//! Rules over several fields.

use super::Context;
use super::references::{Public, find};
use crate::diagnostic::{Code, Span};
use crate::ir::{self, AmongValue, Item, Kind, MemberPath, RuleKind, Shape};
use crate::model;
use crate::read::{List, Spanned};

/// Names of fields, as a rule lists them.
type Names = Spanned<List<Spanned<String>>>;

impl Context<'_> {
    /// Rules over these fields.
    pub(super) fn rules(
        &self,
        rules: &List<Spanned<model::Rule>>,
        fields: &[&ir::Field],
        sources: &[String],
    ) -> Vec<ir::Rule> {
        rules.iter().filter_map(|rule| self.rule(rule, fields, sources)).collect()
    }

    fn rule(
        &self,
        rule: &Spanned<model::Rule>,
        fields: &[&ir::Field],
        sources: &[String],
    ) -> Option<ir::Rule> {
        let kind = self.rule_kind(rule, fields);
        let when = rule.when.as_ref().map(|when| self.condition(when, fields, "the rule's message"));
        if let (None, Some(names)) = (&rule.when, rule.require.as_ref().or(rule.forbid.as_ref())) {
            let word = if rule.require.is_some() { "require" } else { "forbid" };
            let message = format!("rule `{word}` without `when`");
            self.mistake(
                Code::RuleWithoutWhen,
                names.span,
                message,
                "a field that is always required loses its `?`",
            );
        }
        Some(ir::Rule {
            kind: kind?,
            when: when.unwrap_or_default(),
            advice: rule.level.as_ref().is_some_and(|level| level.value == model::Level::Should),
            doc: super::text_of(rule.doc.as_ref()),
            sources: self.sources(rule.source.as_ref(), sources),
        })
    }

    fn rule_kind(&self, rule: &Spanned<model::Rule>, fields: &[&ir::Field]) -> Option<RuleKind> {
        let model::Rule { any_of, one_of, at_most_one_of, together, require, forbid, .. } = &rule.value;
        let model::Rule { equal, distinct, ascending, unique, sums_to, among, .. } = &rule.value;
        let lists = [any_of, one_of, at_most_one_of, together, require, forbid, equal, distinct, ascending];
        let said = lists.into_iter().filter(|names| names.is_some()).count()
            + usize::from(unique.is_some())
            + usize::from(sums_to.is_some())
            + usize::from(among.is_some());
        if said != 1 {
            if !self.has_failed(rule.span) {
                let message =
                    if said == 0 { "a rule that asks nothing" } else { "a rule that asks two things" };
                self.mistake(
                    Code::RuleShape,
                    rule.span,
                    message,
                    "a rule has exactly one kind, such as `any_of: [a, b]`",
                );
            }
            return None;
        }
        let several =
            |names: &Names, kind: fn(Vec<ir::Name>) -> RuleKind| self.several(names, fields).map(kind);
        let two = |names: &Names, kind: fn(ir::Name, ir::Name) -> RuleKind, ordered| {
            self.two(names, fields, ordered).map(|(a, b)| kind(a, b))
        };
        if let Some(names) = any_of {
            several(names, RuleKind::AnyOf)
        } else if let Some(names) = one_of {
            several(names, RuleKind::OneOf)
        } else if let Some(names) = at_most_one_of {
            several(names, RuleKind::AtMostOneOf)
        } else if let Some(names) = together {
            several(names, RuleKind::Together)
        } else if let Some(names) = require {
            several(names, RuleKind::Require)
        } else if let Some(names) = forbid {
            several(names, RuleKind::Forbid)
        } else if let Some(names) = equal {
            two(names, RuleKind::Equal, false)
        } else if let Some(names) = distinct {
            two(names, RuleKind::Distinct, false)
        } else if let Some(names) = ascending {
            two(names, RuleKind::Ascending, true)
        } else if let Some(path) = unique {
            self.member(path, fields).map(|(path, _)| RuleKind::Unique(path))
        } else if let Some(sum) = sums_to {
            self.sum(sum, fields)
        } else {
            among.as_ref().and_then(|among| self.among(among, fields))
        }
    }

    fn several(&self, names: &Names, fields: &[&ir::Field]) -> Option<Vec<ir::Name>> {
        let found: Vec<_> = names
            .iter()
            .filter_map(|name| self.known_field(name, name.span, fields, "the rule's message"))
            .map(|field| field.name.clone())
            .collect();
        if names.is_empty() {
            self.mistake(Code::RuleShape, names.span, "a rule over no fields", "name the fields");
        }
        (found.len() == names.len() && !names.is_empty()).then_some(found)
    }

    fn two(&self, names: &Names, fields: &[&ir::Field], ordered: bool) -> Option<(ir::Name, ir::Name)> {
        let [a, b] = &names.value[..] else {
            self.mistake(Code::RuleShape, names.span, "this rule is about two fields", "name two fields");
            return None;
        };
        let a = self.known_field(a, a.span, fields, "the rule's message");
        let b = self.known_field(b, b.span, fields, "the rule's message");
        let (a, b) = (a?, b?);
        self.one_unit(&a.kind, &b.kind, names.span, "this rule compares");
        let has_order = matches!(
            a.kind,
            Kind::Integer { .. }
                | Kind::Decimal { .. }
                | Kind::Amount { .. }
                | Kind::Date(_)
                | Kind::Timestamp(_)
        );
        if ordered && !has_order {
            let message = format!("`{}` has no order", a.name.wire);
            self.mistake(
                Code::RuleShape,
                names.span,
                message,
                "`ascending` is for amounts, numbers and times",
            );
        }
        Some((a.name.clone(), b.name.clone()))
    }

    /// Reports two kinds that cannot be compared or added.
    fn one_unit(&self, a: &Kind, b: &Kind, span: Span, what: &str) {
        match (unit(a), unit(b)) {
            (Some(a), Some(b)) if a != b => {
                self.mistake(
                    Code::RuleMixesUnits,
                    span,
                    format!("{what} {a} and {b}"),
                    "both must be in one unit",
                );
            }
            _ if std::mem::discriminant(a) != std::mem::discriminant(b) => {
                let message = format!("{what} values of two types");
                self.mistake(Code::RuleMixesUnits, span, message, "both must be of one type");
            }
            _ => {}
        }
    }

    /// `list.member`, with the member.
    fn member(&self, path: &Spanned<String>, fields: &[&ir::Field]) -> Option<(MemberPath, &ir::Field)> {
        let Some((list, member)) = path.split_once('.') else {
            let message = format!("`{path}` is no member of a list");
            self.mistake(Code::RuleShape, path.span, message, "write `list.member`");
            return None;
        };
        let field = self.known_field(list, path.span, fields, "the rule's message")?;
        let Kind::List { of: Item::Object(id), .. } = field.kind else {
            let message = format!("`{list}` is no list of objects");
            self.mistake(
                Code::RuleShape,
                path.span,
                message,
                "write `list.member`, where `list` is a list of objects",
            );
            return None;
        };
        let item = self.types.get(id.0)?;
        let Shape::Object { fields: members, .. } = &item.shape else { return None };
        let of = format!("type `{}`", item.name);
        let members: Vec<&ir::Field> = members.iter().collect();
        self.known_field(member, path.span, &members, &of)?;
        let found = self.types.get(id.0).and_then(|item| match &item.shape {
            Shape::Object { fields, .. } => find(fields.iter(), member),
            Shape::Enum(_) => None,
        })?;
        Some((MemberPath { list: field.name.clone(), member: found.name.clone() }, found))
    }

    fn sum(&self, sum: &Spanned<model::SumsTo>, fields: &[&ir::Field]) -> Option<RuleKind> {
        let here = (sum.span.beginning(), sum.span);
        let parts = self.required(
            sum.parts.as_ref(),
            "parts",
            "`sums_to`",
            here,
            "say what is added up: `parts: list.member`",
        );
        let total = self.required(sum.total.as_ref(), "total", "`sums_to`", here, "say what it must give");
        let parts = parts.and_then(|path| self.member(path, fields));
        let total = total.and_then(|name| self.known_field(name, name.span, fields, "the rule's message"));
        let ((parts, part), total) = (parts?, total?);
        let is_number =
            |kind: &Kind| matches!(kind, Kind::Integer { .. } | Kind::Decimal { .. } | Kind::Amount { .. });
        if !is_number(&part.kind) || !is_number(&total.kind) {
            let message = "rule `sums_to` adds what is no number";
            self.mistake(Code::RuleMixesUnits, sum.span, message, "add amounts or numbers");
        } else {
            self.one_unit(&part.kind, &total.kind, sum.span, "rule `sums_to` adds");
        }
        Some(RuleKind::SumsTo { parts, total: total.name.clone() })
    }

    fn among(&self, among: &Spanned<model::Among>, fields: &[&ir::Field]) -> Option<RuleKind> {
        let here = (among.span.beginning(), among.span);
        let name = self.required(among.field.as_ref(), "field", "`among`", here, "say which field")?;
        if among.values.is_empty() {
            self.required::<()>(None, "values", "`among`", here, "say what the field may be");
        }
        let field = self.known_field(name, name.span, fields, "the rule's message");
        let values: Vec<AmongValue> =
            among.values.iter().filter_map(|value| self.among_value(value, fields)).collect();
        Some(RuleKind::Among { field: field?.name.clone(), values })
    }

    fn among_value(&self, value: &Spanned<String>, fields: &[&ir::Field]) -> Option<AmongValue> {
        if !value.starts_with("credentials.") {
            return self.member(value, fields).map(|(path, _)| AmongValue::Member(path));
        }
        match self.public_credential(value, "a field may be equal to it")? {
            (path, Public::Text) => Some(AmongValue::Credential(path)),
            (_, Public::Word) => {
                let message = format!("`{value}` is a choice");
                self.mistake(
                    Code::UnknownReference,
                    value.span,
                    message,
                    "name a credential of the kind text",
                );
                None
            }
        }
    }
}

fn unit(kind: &Kind) -> Option<&'static str> {
    match kind {
        Kind::Amount { unit: ir::AmountUnit::Yuan, .. } => Some("yuan"),
        Kind::Amount { unit: ir::AmountUnit::Fen, .. } => Some("fen"),
        _ => None,
    }
}
