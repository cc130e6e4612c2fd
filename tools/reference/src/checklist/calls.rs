//! What has to be right about calls: time-outs, payments that are accepted and not done, codes that mean something else.
//!
//! A call that moves money and ends in the dark is neither a success nor a failure; each has its own way to find out.

use payspec_codegen::ir::{Carriage, Effect, ErrorKind, Operation, Word};

use crate::book::{Book, operation_link};
use crate::document::{Item, Mark, Text};

impl Book<'_> {
    pub(super) fn call_items(&self) -> Vec<Item> {
        let mut items = Vec::new();
        let moving = self.provider.operations.iter().filter(|one| one.effect != Effect::None);
        items.extend(moving.filter_map(|operation| self.time_out_item(operation)));
        items.extend(self.provider.operations.iter().filter_map(pending_item));
        let redirects = self.provider.operations.iter().filter(|one| one.carriage == Carriage::Redirect);
        items.extend(redirects.map(|operation| {
            operation_link(&operation.name.wire)
                .and(": nothing between you and the browser adds a parameter to the URL or changes one.")
                .into()
        }));
        items.extend(self.code_items());
        items
    }

    fn time_out_item(&self, operation: &Operation) -> Option<Item> {
        if operation.carriage == Carriage::Redirect {
            return None;
        }
        let text = operation_link(&operation.name.wire).and(": a time-out is not a failure");
        Some(match &operation.resolved_by {
            Some(resolution) => {
                text.and(". To find out: ").and_text(self.resolution(operation, resolution)).into()
            }
            None => text.and("; nobody says how to find out.").and_mark(Mark::Unknown).into(),
        })
    }

    fn code_items(&self) -> Vec<Item> {
        let codes = self.provider.operations.iter().filter_map(|one| one.reply.as_ref());
        let kinds: Vec<ErrorKind> =
            codes.flat_map(|reply| reply.errors.iter().map(|code| code.kind)).collect();
        let mut items: Vec<Item> = Vec::new();
        if kinds.contains(&ErrorKind::Duplicate) {
            items.push(
                Text::plain("A code of the kind ")
                    .and_strong("duplicate")
                    .and(" is not shown to the buyer as a failed payment: it is what a repeated success looks like.")
                    .into(),
            );
        }
        if kinds.contains(&ErrorKind::Configuration) {
            items.push(
                Text::plain("Codes of the kind ")
                    .and_strong("configuration")
                    .and(" wake an operator (see ")
                    .and_section("codes", "codes")
                    .and(").")
                    .into(),
            );
        }
        if self.provider.operations.iter().any(|one| one.reply.is_some()) {
            items.push("An order whose outcome is unknown stays open: no goods, no second payment, until the truth is found.".into());
        }
        items
    }
}

/// A payment that a reply leaves open has to be looked up.
fn pending_item(operation: &Operation) -> Option<Item> {
    let outcome = operation.reply.as_ref()?.outcome.as_ref()?;
    let is_always = outcome.cases.is_empty() && outcome.from.is_none() && outcome.otherwise == Word::Pending;
    (is_always && operation.effect != Effect::None).then(|| {
        operation_link(&operation.name.wire)
            .and(": a successful reply means accepted, not done; somebody looks up how it ended.")
            .into()
    })
}
