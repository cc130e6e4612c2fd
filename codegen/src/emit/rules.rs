//! Rules over several fields, one call of the runtime for each.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::code;
use super::fields::sent_text;
use super::names::{credential_words, snake};
use super::outcome::condition;
use super::structs::place;
use super::validate::listed;
use crate::ir::{AmongValue, Field, Item, Kind, MemberPath, Name, Provider, Rule, RuleKind, Shape};

/// What a rule looks at.
struct Scope<'a> {
    provider: &'a Provider,
    fields: &'a [&'a Field],
    trimmed: &'a dyn Fn(&Field) -> bool,
}

/// A rule as a statement, inside an `if` where it has a condition.
pub(super) fn rule(
    provider: &Provider,
    fields: &[&Field],
    rule: &Rule,
    trimmed: &dyn Fn(&Field) -> bool,
) -> TokenStream {
    let Rule { kind, when, advice, doc: _, sources: _ } = rule;
    let scope = Scope { provider, fields, trimmed };
    let call = scope.call(kind);
    let sensitive = scope.is_sensitive(kind).then(|| quote!(.sensitive()));
    let should = advice.then(|| quote!(.should()));
    if when.0.is_empty() {
        return quote!(check.#call #sensitive #should;);
    }
    let condition = condition(when, fields, &|field| place(&quote!(self), field));
    quote! {
        if #condition {
            check.#call #sensitive #should;
        }
    }
}

impl Scope<'_> {
    fn call(&self, kind: &RuleKind) -> TokenStream {
        match kind {
            RuleKind::AnyOf(names) => self.presence(quote!(rule_any_of), names),
            RuleKind::OneOf(names) => self.presence(quote!(rule_one_of), names),
            RuleKind::AtMostOneOf(names) => self.presence(quote!(rule_at_most_one_of), names),
            RuleKind::Together(names) => self.presence(quote!(rule_together), names),
            RuleKind::Require(names) => self.presence(quote!(rule_require), names),
            RuleKind::Forbid(names) => self.presence(quote!(rule_forbid), names),
            RuleKind::Equal(one, other) => self.comparison(quote!(rule_equal), one, other),
            RuleKind::Distinct(one, other) => self.comparison(quote!(rule_distinct), one, other),
            RuleKind::Ascending(one, other) => self.comparison(quote!(rule_ascending), one, other),
            RuleKind::Unique(path) => {
                let MemberPath { list, member } = path;
                let (list, member) = (&list.wire, &member.wire);
                let values = self.members(path);
                quote!(rule_unique(#list, #member, #values))
            }
            RuleKind::SumsTo { parts, total } => {
                let (list, member) = (&parts.list.wire, &parts.member.wire);
                let (parts, name, total) = (self.members(parts), &total.wire, self.value(total));
                quote!(rule_sums_to((#list, #member), #parts, (#name, #total)))
            }
            RuleKind::Among { field, values } => {
                let (name, value) = (&field.wire, self.value(field));
                let places = values.iter().map(|value| self.among(value));
                quote!(rule_among(#name, #value, &[#(#places),*]))
            }
        }
    }

    fn field(&self, name: &Name) -> Option<&Field> {
        self.fields.iter().copied().find(|field| field.name == *name)
    }

    fn presence(&self, function: TokenStream, names: &[Name]) -> TokenStream {
        let fields = names.iter().filter_map(|name| self.field(name)).map(|field| {
            let wire = &field.name.wire;
            let given = self.given(field);
            quote!((#wire, #given))
        });
        quote!(#function(&[#(#fields),*]))
    }

    /// Whether a field has a value.
    fn given(&self, field: &Field) -> TokenStream {
        if field.required {
            return quote!(true);
        }
        let place = place(&quote!(self), field);
        match sent_text(self.provider, field, &place, (self.trimmed)(field)) {
            Some(text) if !text.owned && matches!(field.kind, Kind::Text | Kind::Enum(_)) => {
                let expr = text.expr;
                quote!(#expr.is_some())
            }
            _ => quote!(#place.is_some()),
        }
    }

    fn comparison(&self, function: TokenStream, one: &Name, other: &Name) -> TokenStream {
        let (value, other_value) = (self.value(one), self.value(other));
        let (one, other) = (&one.wire, &other.wire);
        quote!(#function((#one, #value), (#other, #other_value)))
    }

    /// The value of a field as an `Option`: text borrowed, anything else copied.
    fn value(&self, name: &Name) -> TokenStream {
        let Some(field) = self.field(name) else { return quote!(None) };
        compared(self.provider, field, &place(&quote!(self), field), (self.trimmed)(field))
    }

    /// The member of each item of a list, each an `Option`.
    fn members(&self, path: &MemberPath) -> TokenStream {
        let (items, value) = self.items_and_value(path);
        quote!(#items.map(|item| #value))
    }

    fn items_and_value(&self, path: &MemberPath) -> (TokenStream, TokenStream) {
        let MemberPath { list, member } = path;
        let items = match self.field(list) {
            Some(field) if field.required => {
                let list = snake(list);
                quote!(self.#list.iter())
            }
            _ => {
                let list = snake(list);
                quote!(self.optional.#list.iter().flatten())
            }
        };
        let value = self.item_field(list, member).map(|field| {
            let place = place(&quote!(item), field);
            compared(self.provider, field, &place, false)
        });
        (items, value.unwrap_or_else(|| quote!(None)))
    }

    fn item_field(&self, list: &Name, member: &Name) -> Option<&Field> {
        let Kind::List { of: Item::Object(id), join: _ } = self.field(list)?.kind else { return None };
        match &self.provider[id].shape {
            Shape::Object { fields, rules: _, extra: _ } => fields.iter().find(|field| field.name == *member),
            Shape::Enum(_) => None,
        }
    }

    fn among(&self, value: &AmongValue) -> TokenStream {
        match value {
            AmongValue::Credential(path) => {
                let name = credential_words(path);
                quote!(rt::Among::credential(#name))
            }
            AmongValue::Member(path) => {
                let words = member_words(path);
                let (items, value) = self.items_and_value(path);
                let required = self.item_field(&path.list, &path.member).filter(|field| field.required);
                let text = required
                    .and_then(|field| sent_text(self.provider, field, &place(&quote!(item), field), false));
                match text.map(|text| text.expr) {
                    Some(text) => quote!(rt::Among::members(#words, #items.map(|item| #text))),
                    None => quote!(rt::Among::members(#words, #items.filter_map(|item| #value))),
                }
            }
        }
    }

    fn is_sensitive(&self, kind: &RuleKind) -> bool {
        let fields = match kind {
            RuleKind::SumsTo { parts, total } => {
                let member = self.item_field(&parts.list, &parts.member);
                member.into_iter().chain(self.field(total)).collect::<Vec<_>>()
            }
            // The other rules show no values.
            _ => Vec::new(),
        };
        fields.iter().any(|field| field.sensitive)
    }
}

/// A value as an `Option` that can be compared.
fn compared(provider: &Provider, field: &Field, place: &TokenStream, trim: bool) -> TokenStream {
    let borrowed = sent_text(provider, field, place, trim).filter(|text| !text.owned);
    match (borrowed, field.required) {
        (Some(text), true) => {
            let expr = text.expr;
            quote!(Some(#expr))
        }
        (Some(text), false) => text.expr,
        (None, true) => quote!(Some(#place)),
        (None, false) => quote!(#place),
    }
}

fn member_words(path: &MemberPath) -> String {
    let MemberPath { list, member } = path;
    format!("{}.{}", list.wire, member.wire)
}

/// A rule in words, without its condition.
pub(super) fn in_words(kind: &RuleKind) -> String {
    let names = |names: &[Name]| listed(names.iter().map(|name| name.wire.as_str()));
    match kind {
        RuleKind::AnyOf(fields) => format!("at least one of {} is given", names(fields)),
        RuleKind::OneOf(fields) => format!("exactly one of {} is given", names(fields)),
        RuleKind::AtMostOneOf(fields) => format!("at most one of {} is given", names(fields)),
        RuleKind::Together(fields) => format!("all or none of {} are given", names(fields)),
        RuleKind::Require(fields) => format!("{} must be given", names(fields)),
        RuleKind::Forbid(fields) => format!("{} must not be given", names(fields)),
        RuleKind::Equal(one, other) => format!("{} equals {}", code(&one.wire), code(&other.wire)),
        RuleKind::Distinct(one, other) => format!("{} differs from {}", code(&one.wire), code(&other.wire)),
        RuleKind::Ascending(one, other) => {
            format!("{} is not more than {}", code(&one.wire), code(&other.wire))
        }
        RuleKind::Unique(path) => format!("no two {} are equal", code(&member_words(path))),
        RuleKind::SumsTo { parts, total } => {
            format!("all {} add up to {}", code(&member_words(parts)), code(&total.wire))
        }
        RuleKind::Among { field, values } => {
            let places = values.iter().map(|value| match value {
                AmongValue::Member(path) => code(&member_words(path)),
                AmongValue::Credential(path) => format!("the credential {}", code(&credential_words(path))),
            });
            format!("{} is one of {}", code(&field.wire), places.collect::<Vec<_>>().join(", "))
        }
    }
}
