//! The section `types`: enumerations and objects.
//!
//! Objects may name each other, so their fields are lowered with names only; rules over them come when all are known.

use super::fields::Use;
use super::{Context, names};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, JsonOf, Kind, Opened, Shape, TypeId};
use crate::model::{self, Extra};
use crate::read::{Entry, Map, Spanned};

impl<'a> Context<'a> {
    /// The section `types`; rules follow by [`Self::lower_type_rules`].
    pub(super) fn lower_types(&self) -> Vec<ir::Type> {
        let types: Vec<ir::Type> = self.file.types.iter().map(|entry| self.item(entry)).collect();
        for (place, entry) in self.file.types.iter().enumerate() {
            if holds_itself(&types, TypeId(place)) {
                let message = format!("type `{}` contains itself", entry.key.value);
                let mend = "an object can hold others of its own kind only in a `list`";
                self.mistake(Code::TypeCycle, entry.key.span, message, mend);
            }
        }
        types
    }

    fn item(&self, entry: &'a Entry<Spanned<model::Type>>) -> ir::Type {
        let (key, item) = (&entry.key, &entry.value);
        self.accept(&item.accepts, Some(key.span.to(item.span)));
        if !names::is_pascal(key) {
            let guess = names::name_of(key).map(|name| format!("write `{}`", name.pascal));
            let message = format!("`{key}` is no name for a type");
            self.say(Diagnostic::new(Code::InvalidName, key.span, message).mend_if_any(guess));
        }
        let of = format!("type `{key}`");
        let sources = self.sources(item.source.as_ref(), &[]);
        let shape = match (&item.values, &item.fields) {
            (Some(values), None) => Shape::Enum(self.values(values, &sources)),
            (None, Some(fields)) => {
                let fields = self.fields(fields, Use::Member, &sources);
                self.distinct_names(fields.iter().map(|lowered| (&lowered.field.name, lowered.key)));
                let extra = item.extra.as_ref().is_some_and(|extra| extra.value == Extra::Allowed);
                let fields = fields.into_iter().map(|lowered| lowered.field).collect();
                Shape::Object { fields, rules: Vec::new(), extra }
            }
            (Some(_), Some(_)) => {
                let mend = "an enumeration has `values`, an object has `fields`";
                self.mistake(Code::FieldWithTwoTypes, key.span, format!("{of} has values and fields"), mend);
                Shape::Enum(Vec::new())
            }
            (None, None) => {
                let here = (key.span, item.span);
                self.required::<()>(
                    None,
                    "values",
                    &of,
                    here,
                    "an enumeration has `values`, an object has `fields`",
                );
                Shape::Enum(Vec::new())
            }
        };
        let doc = self.doc(item.doc.as_ref(), &of, key.span);
        ir::Type { name: key.value.clone(), doc, sources, shape, sent: false, received: false }
    }

    fn values(&self, values: &Map<Spanned<model::Value>>, sources: &[String]) -> Vec<ir::Value> {
        let values: Vec<_> =
            values.iter().map(|entry| (self.value(entry, sources), entry.key.span)).collect();
        for (place, (value, span)) in values.iter().enumerate() {
            let before = values.iter().take(place).find(|(other, _)| other.name.pascal == value.name.pascal);
            if let Some((first, at)) = before {
                let message = format!(
                    "`{}` and `{}` are both `{}` in Rust",
                    first.name.wire, value.name.wire, value.name.pascal
                );
                let diagnostic = Diagnostic::new(Code::NameTwice, *span, message).related(*at, "first here");
                self.say(diagnostic.mend("give one of them a `name`"));
            }
        }
        values.into_iter().map(|(value, _)| value).collect()
    }

    fn value(&self, entry: &Entry<Spanned<model::Value>>, sources: &[String]) -> ir::Value {
        let (key, value) = (&entry.key, &entry.value);
        ir::Value {
            name: self.value_name(key, value.name.as_ref()),
            doc: self.doc(value.doc.as_ref(), &format!("value `{key}`"), key.span),
            sources: self.sources(value.source.as_ref(), sources),
            outcome: value.outcome.as_ref().and_then(|word| self.word(word)),
        }
    }

    /// Rules over the fields of objects.
    pub(super) fn lower_type_rules(&mut self) {
        let mut lowered = Vec::new();
        for (item, entry) in self.types.iter().zip(&self.file.types) {
            let rules = match &item.shape {
                Shape::Object { fields, .. } => {
                    let fields: Vec<&ir::Field> = fields.iter().collect();
                    self.rules(&entry.value.rules, &fields, &item.sources)
                }
                Shape::Enum(_) => {
                    for rule in &entry.value.rules {
                        self.mistake(
                            Code::KeyDoesNotApply,
                            rule.span,
                            "`rules` does not apply to an enumeration",
                            "remove it",
                        );
                    }
                    Vec::new()
                }
            };
            lowered.push(rules);
        }
        for (item, lowered) in self.types.iter_mut().zip(lowered) {
            if let Shape::Object { rules, .. } = &mut item.shape {
                *rules = lowered;
            }
        }
    }
}

/// The object that a field holds, directly or as JSON text, but not in a list.
fn held(kind: &Kind) -> Option<TypeId> {
    match kind {
        Kind::Object(id)
        | Kind::Json(JsonOf::Object(id))
        | Kind::Base64Json(JsonOf::Object(id))
        | Kind::Encrypted(Opened::Object(id)) => Some(*id),
        _ => None,
    }
}

fn holds_itself(types: &[ir::Type], id: TypeId) -> bool {
    let mut open = vec![id];
    let mut seen = vec![false; types.len()];
    while let Some(next) = open.pop() {
        let Some(Shape::Object { fields, .. }) = types.get(next.0).map(|item| &item.shape) else { continue };
        for inner in fields.iter().filter_map(|field| held(&field.kind)) {
            if inner == id {
                return true;
            }
            if let Some(seen) = seen.get_mut(inner.0).filter(|seen| !**seen) {
                *seen = true;
                open.push(inner);
            }
        }
    }
    false
}
