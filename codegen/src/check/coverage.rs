//! Coverage: which received values a signature vouches for.
//!
//! A value is covered if every recipe and every reading that can lead here covers it: a type cannot depend on the
//! message. Of several recipes on one message one is enough. A field that holds an object is covered if everything in
//! it is that the spec declares. What is not covered is marked, and may not be what an order is compared by.

use super::Context;
use super::covers::{EVERY, Stand, Value, vouches};
use crate::diagnostic::{Code, Span};
use crate::ir::{self, Item, Kind, Operand, ReceivedField, Recipe, RecipeId, Signature, TypeId};

/// Which readings of a recipe are asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Readings {
    All,
    First,
}

impl Context<'_> {
    /// Whether a signature covers a received field; also where there is nothing to cover. `data` is the name of the
    /// data member that it stands in, empty where that differs from reply to reply.
    pub(super) fn is_covered(
        &self,
        signature: &Signature,
        field: &ir::Field,
        stand: Stand<'_>,
        data: &str,
    ) -> bool {
        self.covers_field(signature, field, (stand, data), Readings::All)
    }

    fn covers_field(
        &self,
        signature: &Signature,
        field: &ir::Field,
        (stand, data): (Stand<'_>, &str),
        readings: Readings,
    ) -> bool {
        let mut start = Vec::new();
        if let Stand::Data = stand {
            start.push(data.to_owned());
        }
        let mut values = Vec::new();
        self.values_in(field, start, stand, &mut Vec::new(), &mut values);
        values.iter().all(|value| self.covers_value(signature, value, readings))
    }

    fn covers_value(&self, signature: &Signature, value: &Value<'_>, readings: Readings) -> bool {
        match signature {
            Signature::None { .. } => true,
            Signature::Several(all) => all.iter().any(|one| self.covers_value(one, value, readings)),
            one => {
                let mut cases = one.recipes().into_iter();
                cases.all(|id| self.recipe_covers(id, value, readings))
            }
        }
    }

    fn recipe_covers(&self, id: RecipeId, value: &Value<'_>, readings: Readings) -> bool {
        let Some(recipe) = self.recipes.lowered.get(id.0) else { return true };
        let further = recipe.also_accept.iter().map(|reading| &reading.recipe);
        let further = further.filter(|_| readings == Readings::All);
        std::iter::once(recipe).chain(further).all(|recipe| self.vouches(recipe, value))
    }

    /// Whether a recipe vouches for a value.
    pub(super) fn vouches(&self, recipe: &Recipe, value: &Value<'_>) -> bool {
        let is_secret = |operand: &Operand| match operand {
            Operand::Credential(path) => self.is_secret(path),
            Operand::Given(name) => recipe.given.iter().any(|given| given.secret && given.name.wire == *name),
            _ => false,
        };
        vouches(recipe, value, &is_secret)
    }

    /// Everything in a field that is handed out, each with its path.
    fn values_in<'m>(
        &self,
        field: &ir::Field,
        mut path: Vec<String>,
        stand: Stand<'m>,
        open: &mut Vec<TypeId>,
        values: &mut Vec<Value<'m>>,
    ) {
        if field.kind == Kind::Signature {
            return;
        }
        path.push(field.name.wire.clone());
        let inside = match field.kind {
            Kind::Object(id) => Some(id),
            Kind::List { of: Item::Object(id), join: None } => {
                path.push(EVERY.to_owned());
                Some(id)
            }
            _ => None,
        };
        match inside {
            Some(id) if !open.contains(&id) => {
                open.push(id);
                for member in self.members(id) {
                    self.values_in(member, path.clone(), stand, open, values);
                }
                open.pop();
            }
            // Objects inside each other without end are one value.
            Some(_) => values.push(Value { path, nested: true, stand }),
            None => values.push(Value { path, ..Value::field("", &field.kind, stand) }),
        }
    }

    /// Notes that a field is typed as unsigned.
    pub(super) fn note_uncovered(&self, field: &ReceivedField, of: &str, at: Span) {
        if field.unsigned {
            let text = format!("`{}` is `Unsigned` in {of}", field.field.name.wire);
            self.mistake(Code::UncoveredField, at, text, "no recipe covers it");
        }
    }

    /// Reports a name by which an order is recognised or judged, and which the signature does not cover.
    pub(super) fn must_be_covered(
        &self,
        (signature, stand): (&Signature, Stand<'_>),
        field: &ReceivedField,
        span: Span,
        of: &str,
    ) {
        if !field.unsigned {
            return;
        }
        let wire = &field.field.name.wire;
        if self.covers_field(signature, &field.field, (stand, ""), Readings::First) {
            let text = format!("a further reading of the recipe of {of} does not cover `{wire}`");
            self.mistake(Code::LooserReading, span, text, "let it take part in every reading");
        } else {
            let text = format!("{of} is judged by `{wire}`, and its signature does not cover it");
            self.mistake(Code::IdentityNotCovered, span, text, "let it take part in the signature");
        }
    }
}
