//! What is legal and unwise: an author mends it, or accepts it with a reason.
//!
//! The weaknesses of recipes are in `weaknesses`; here is what messages lack. Both are warnings, because a provider's
//! document can leave an author no choice.

use super::Context;
use super::callbacks::Written;
use super::fields::Lowered;
use super::messages::{Inside, object_of};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::ir::{self, Condition, Item, Kind, Limits, Origin, OutcomeOf, Test, TypeId};

impl Context<'_> {
    /// A required text of the caller that may be of any length. Advice (`should`) is a bound, too.
    pub(super) fn text_without_bound(&self, lowered: &Lowered<'_>, origin: &Origin) {
        let field = &lowered.field;
        let is_given = *origin == Origin::Caller && lowered.model.from.is_none();
        let is_free = field.kind == Kind::Text && field.required && is_given;
        let Some(said) = lowered.model.text.as_ref().filter(|_| is_free) else { return };
        let is_bounded = |limits: &Limits| limits.length.is_some_and(|length| length.bounds.max.is_some());
        if is_bounded(&field.limits) || is_bounded(&field.advice) || self.is_wrong(said.span) {
            return;
        }
        let message = format!("`{}` is required text without an upper bound", field.name.wire);
        let mend =
            "write the length that the document gives, such as `text: 1..32`; if it gives none, accept this";
        self.mistake(Code::UnboundedText, said.span, message, mend);
    }

    /// A notice that money moved, without how much.
    pub(super) fn notice_without_amount(&self, entry: &Written, lowered: &ir::Callback) {
        let Some(outcome) = lowered.outcome.as_ref().filter(|_| !self.has_failed(entry.value.span)) else {
            return;
        };
        let fields = || lowered.fields.iter().map(|received| &received.field);
        let is_amount = |field: &&ir::Field| matches!(field.kind, Kind::Amount { .. });
        let is_compared = fields().filter(is_amount).any(|field| lowered.compare.contains(&field.name));
        // What lies deeper cannot be listed in `compare`; the integrator sees it in the type.
        let is_only_inside =
            fields().all(|field| !is_amount(&field)) && fields().any(|field| self.holds_amount(field));
        if is_compared || is_only_inside {
            return;
        }
        let moved = match outcome.of {
            OutcomeOf::Payment => "payment",
            OutcomeOf::Refund => "refund",
        };
        let message = format!("callback `{}` tells of a {moved}, and `compare` has no amount", entry.key);
        let mend = "declare the amount and list it in `compare`; if the provider sends none, look it up and accept this";
        self.mistake(Code::NoticeWithoutAmount, entry.key.span, message, mend);
    }

    /// The first case that holds decides: one that asks for more than an earlier one never does.
    pub(super) fn every_case_is_reached(&self, cases: &[(Span, ir::OutcomeCase)]) {
        for (place, (span, case)) in cases.iter().enumerate() {
            let before = cases.iter().take(place).find(|(_, earlier)| implies(&case.when, &earlier.when));
            let Some((earlier, _)) = before else { continue };
            let message = "the case is never reached: an earlier one holds whenever it does";
            let found = Diagnostic::new(Code::UnreachableCase, *span, message)
                .mend("put the case that asks for more first, or remove one")
                .related(*earlier, "this one decides");
            self.say(found);
        }
    }

    /// Whether there is an amount somewhere inside a value, or can be.
    fn holds_amount(&self, field: &ir::Field) -> bool {
        let mut open = vec![field];
        let mut seen: Vec<TypeId> = Vec::new();
        while let Some(field) = open.pop() {
            let inside = match &field.kind {
                Kind::Amount { .. } => return true,
                Kind::List { of: Item::Object(id), .. } => Some(Inside::Object(*id)),
                kind => object_of(kind),
            };
            match inside {
                Some(Inside::Open) => return true,
                Some(Inside::Object(id)) if !seen.contains(&id) => {
                    seen.push(id);
                    open.extend(self.members(id));
                }
                _ => {}
            }
        }
        false
    }
}

/// Whether `wider` holds whenever `narrower` does.
fn implies(narrower: &Condition, wider: &Condition) -> bool {
    wider.0.iter().all(|(name, asked)| {
        narrower.0.iter().any(|(other, held)| {
            other == name
                && match (held, asked) {
                    (Test::Is(held), Test::Is(asked)) => held.iter().all(|text| asked.contains(text)),
                    (Test::Is(_) | Test::Present, Test::Present) | (Test::Absent, Test::Absent) => true,
                    _ => false,
                }
        })
    })
}
