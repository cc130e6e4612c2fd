//! `resolved_by`: how the truth is found after a time-out, and the proof that the query can be filled.

use super::Context;
use super::operations::{Written, caller_fields};
use super::replies::are_comparable;
use crate::diagnostic::{Code, Span};
use crate::ir::{self, CallbackId, Effect, Resolution, RuleKind};
use crate::model::{self, ResolvedBy};
use crate::read::Spanned;

impl Context<'_> {
    /// Fills in [`ir::Operation::resolved_by`].
    pub(super) fn lower_resolutions(&self, operations: &mut [ir::Operation], callbacks: &[ir::Callback]) {
        let lowered: Vec<Option<Resolution>> = self
            .file
            .operations
            .iter()
            .zip(operations.iter())
            .map(|(entry, operation)| self.resolution(entry, operation, operations, callbacks))
            .collect();
        for (operation, resolution) in operations.iter_mut().zip(lowered) {
            operation.resolved_by = resolution;
        }
    }

    fn resolution(
        &self,
        entry: &Written,
        operation: &ir::Operation,
        operations: &[ir::Operation],
        callbacks: &[ir::Callback],
    ) -> Option<Resolution> {
        let Some(said) = &entry.value.resolved_by else {
            if operation.effect != Effect::None && !self.has_failed(entry.value.span) {
                let effect = effect_word(operation.effect);
                let message = format!("operation `{}` has effect `{effect}` and no `resolved_by`", entry.key);
                let mend = "say which operation or callback tells the truth after a time-out";
                self.mistake(Code::UnresolvedEffect, entry.key.span, message, mend);
            }
            return None;
        };
        self.sources(said.source.as_ref(), &[]);
        if said.operation.is_none() && said.callback.is_none() {
            let here = (said.span.beginning(), said.span);
            self.required::<()>(
                None,
                "operation",
                "`resolved_by`",
                here,
                "name a reading operation or a callback",
            );
        }
        let by_hand = model::is_on(said.by_hand.as_ref());
        let query = said.operation.as_ref().and_then(|name| self.query(name, operations));
        let fill = match query {
            Some((name, _, query)) if !by_hand => self.fill(name, said, operation, query),
            _ => Vec::new(),
        };
        let callback = said.callback.as_ref().and_then(|name| self.callback_named(name, callbacks));
        Some(Resolution { operation: query.map(|(_, id, _)| id), fill, by_hand, callback })
    }

    fn query<'o>(
        &self,
        name: &'o Spanned<String>,
        operations: &'o [ir::Operation],
    ) -> Option<(&'o Spanned<String>, ir::OperationId, &'o ir::Operation)> {
        let id = self.operation_named(name)?;
        let query = operations.get(id.0)?;
        if query.effect != Effect::None {
            let message = format!("`resolved_by` names `{name}`, which has an effect itself");
            self.mistake(Code::ResolverHasAnEffect, name.span, message, "name a reading operation");
        } else if query.reply.as_ref().is_some_and(|reply| reply.outcome.is_none()) {
            let message =
                format!("`resolved_by: {name}` has no `outcome`: the integrator will have to read raw data");
            self.mistake(
                Code::ResolverWithoutOutcome,
                name.span,
                message,
                "say what its states mean for money",
            );
        }
        Some((name, id, query))
    }

    fn callback_named(&self, name: &Spanned<String>, callbacks: &[ir::Callback]) -> Option<CallbackId> {
        let place = callbacks.iter().position(|callback| callback.name.wire == name.value);
        if place.is_none() {
            let known = callbacks.iter().map(|callback| callback.name.wire.as_str());
            self.unknown(
                Code::UnknownOperation,
                name.span,
                format!("unknown callback `{name}`"),
                name,
                known,
            );
        }
        place.map(CallbackId)
    }

    /// The query's fields from ours: by `with`, else by equal names.
    fn fill(
        &self,
        name: &Spanned<String>,
        said: &Spanned<ResolvedBy>,
        operation: &ir::Operation,
        query: &ir::Operation,
    ) -> Vec<(ir::Name, ir::Name)> {
        let (ours, theirs) = (caller_fields(operation), caller_fields(query));
        let of = (format!("operation `{name}`"), format!("operation `{}`", operation.name.wire));
        for entry in &said.with {
            self.known_field(&entry.key, entry.key.span, &theirs, &of.0);
            self.known_field(&entry.value, entry.value.span, &ours, &of.1);
        }
        let mut fill = Vec::new();
        let mut certain = Vec::new();
        for their in &theirs {
            let wanted =
                said.with.get(&their.name.wire).map_or(their.name.wire.as_str(), |our| our.value.as_str());
            let our = ours.iter().find(|our| our.name.wire == wanted);
            let our =
                our.filter(|our| are_comparable(&our.kind, &their.kind) && our.sensitive == their.sensitive);
            let our = our.filter(|our| our.required || !their.required);
            match our {
                Some(our) => {
                    fill.push((their.name.clone(), our.name.clone()));
                    if our.required {
                        certain.push(their.name.clone());
                    }
                }
                None if their.required => self.cannot_fill(name, &their.name, operation),
                None => {}
            }
        }
        self.rules_hold(name.span, query, &fill, &certain);
        fill
    }

    fn cannot_fill(&self, name: &Spanned<String>, their: &ir::Name, operation: &ir::Operation) {
        let message = format!(
            "`resolved_by: {name}` cannot be filled: its `{}` is no required field of `{}` of the same type",
            their.wire, operation.name.wire
        );
        let mend = format!("add `with: {{ {}: ... }}`, or `by_hand: true`", their.wire);
        self.mistake(Code::ResolverCannotBeFilled, name.span, message, mend);
    }

    /// Rules of the query that ask for one of several fields.
    fn rules_hold(
        &self,
        span: Span,
        query: &ir::Operation,
        fill: &[(ir::Name, ir::Name)],
        certain: &[ir::Name],
    ) {
        for rule in query.rules.iter().filter(|rule| rule.when.0.is_empty() && !rule.advice) {
            let (names, only_one) = match &rule.kind {
                RuleKind::AnyOf(names) => (names, false),
                RuleKind::OneOf(names) => (names, true),
                _ => continue,
            };
            let filled = names.iter().filter(|name| fill.iter().any(|(theirs, _)| theirs == *name)).count();
            let holds = names.iter().any(|name| certain.contains(name)) && !(only_one && filled != 1);
            if !holds {
                let listed: Vec<&str> = names.iter().map(|name| name.wire.as_str()).collect();
                let message =
                    format!("the query `{}` asks for one of {}", query.name.wire, super::listed(&listed));
                let mend = "say which field of ours it is, with `with: { theirs: ours }`; or `by_hand: true`";
                self.mistake(Code::ResolverCannotBeFilled, span, message, mend);
            }
        }
    }
}

fn effect_word(effect: Effect) -> &'static str {
    match effect {
        Effect::None => "none",
        Effect::Creates => "creates",
        Effect::Pays => "pays",
        Effect::Refunds => "refunds",
        Effect::Closes => "closes",
        Effect::Transfers => "transfers",
    }
}
