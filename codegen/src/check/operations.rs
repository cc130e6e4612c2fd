//! The section `operations`: requests. Their replies are lowered by `replies`, what ties them together later.
//!
//! An envelope is expanded here: its common fields (less `without`), then the outer ones, then the operation's own,
//! which travel inside the payload where the envelope has one.

use super::fields::{Lowered, Use};
use super::protection::{Direction, Message, unprotected};
use super::signed::Sent;
use super::{Context, text_of};
use crate::diagnostic::Code;
use crate::ir::{self, Body, Carrier, Item, Kind, Origin, SentField};
use crate::model::{self, Common};
use crate::read::{Entry, Spanned};

/// An operation of the file.
pub(super) type Written = Entry<Spanned<model::Operation>>;

impl<'a> Context<'a> {
    /// The section `operations`, without `resolved_by`.
    pub(super) fn lower_operations(&self, envelopes: &[ir::Envelope]) -> Vec<ir::Operation> {
        self.file.operations.iter().map(|entry| self.operation(entry, envelopes)).collect()
    }

    fn operation(&self, entry: &'a Written, envelopes: &[ir::Envelope]) -> ir::Operation {
        let (key, operation) = (&entry.key, &entry.value);
        self.accept(&operation.accepts, Some(key.span.to(operation.span)));
        let of = format!("operation `{key}`");
        let envelope = self.envelope_of(operation, key.span);
        let request = envelope.and_then(|(_, envelope)| envelope.request.as_ref());
        let (carriage, method, path) = self.carriage(entry);
        let body = self.body(method, request);
        let sources = self.sources(operation.source.as_ref(), &[]);
        let fields = self.request_fields(entry, envelope.map(|(_, envelope)| envelope), body, &sources);
        let payload = request.and_then(|request| self.payload(request, &sources));
        let effect =
            self.required(operation.effect.as_ref(), "effect", &of, (key.span, operation.span), EFFECTS);
        let mut lowered = ir::Operation {
            name: self.entry_name("an operation", key),
            title: text_of(operation.title.as_ref()),
            doc: self.doc(operation.doc.as_ref(), &of, key.span),
            sources,
            carriage,
            method,
            path,
            body,
            host: self.host(operation, key.span),
            effect: effect.map_or(ir::Effect::None, |effect| lower_effect(effect.value)),
            idempotent_by: None,
            resolved_by: None,
            budget: text_of(operation.budget.as_ref()),
            request: fields,
            payload,
            signature: unprotected(),
            signed: Vec::new(),
            rules: Vec::new(),
            reply: None,
        };
        self.sign(entry, request, &mut lowered);
        let callers = caller_fields(&lowered);
        let idempotent_by = operation
            .idempotent_by
            .as_ref()
            .and_then(|name| self.known_field(name, name.span, &callers, &of));
        let idempotent_by = idempotent_by.map(|field| field.name.clone());
        let rules = self.rules(&operation.rules, &callers, &lowered.sources);
        lowered.idempotent_by = idempotent_by;
        lowered.rules = rules;
        lowered.reply = self.reply(entry, envelope, envelopes, &lowered);
        self.constants_are_used(operation, envelope.map(|(_, envelope)| envelope));
        lowered
    }

    /// Every field of the request, in order on the wire.
    fn request_fields(
        &self,
        entry: &'a Written,
        envelope: Option<&'a model::Envelope>,
        body: Body,
        sources: &[String],
    ) -> Vec<SentField> {
        let operation = &entry.value;
        let request = envelope.and_then(|envelope| envelope.request.as_ref());
        let around = envelope.map(|envelope| self.sources(envelope.source.as_ref(), &[])).unwrap_or_default();
        let in_query = request
            .and_then(|request| request.common.as_ref())
            .is_some_and(|common| common.value == Common::Query);
        let outer = if in_query && body != Body::Query { Carrier::Query } else { Carrier::Outer };
        let has_payload = request.is_some_and(|request| request.payload.is_some());
        let own = if has_payload { Carrier::Payload } else { Carrier::Outer };
        let mut all: Vec<(Lowered<'a>, Carrier)> = Vec::new();
        if let Some(request) = request {
            self.without(operation, request);
            let common = self.fields(&request.fields, Use::Sent, &around);
            let kept = |field: &Lowered<'_>| {
                !operation.without.iter().any(|name| name.value == field.field.name.wire)
            };
            all.extend(common.into_iter().filter(kept).map(|field| (field, outer)));
        }
        all.extend(self.fields(&operation.outer, Use::Sent, sources).into_iter().map(|field| (field, outer)));
        if let (Some(first), false, false) = (operation.outer.first(), has_payload, outer == Carrier::Query) {
            let message = "`outer` means nothing here: no field travels in a payload";
            self.mistake(Code::KeyDoesNotApply, first.key.span, message, "write the field under `fields`");
        }
        all.extend(self.fields(&operation.fields, Use::Sent, sources).into_iter().map(|field| (field, own)));
        self.distinct_names(all.iter().map(|(field, _)| (&field.field.name, field.key)));
        all.into_iter().map(|(field, carrier)| self.sent_field(field, carrier, body, entry)).collect()
    }

    fn without(&self, operation: &model::Operation, request: &model::EnvelopeRequest) {
        for name in &operation.without {
            if !Self::wire_names(&request.fields).any(|known| known == name.value) {
                let message = format!("`{name}` is no common field");
                self.unknown(Code::UnknownField, name.span, message, name, Self::wire_names(&request.fields));
            }
        }
    }

    fn sent_field(&self, lowered: Lowered<'_>, carrier: Carrier, body: Body, entry: &Written) -> SentField {
        let origin = self.origin(&lowered, entry);
        let field = lowered.field;
        let as_json = carrier == Carrier::Payload || (body == Body::Json && carrier == Carrier::Outer);
        let needs_json = matches!(
            field.kind,
            Kind::Object(_) | Kind::List { of: Item::Object(_), .. } | Kind::List { join: None, .. }
        );
        if needs_json && !as_json {
            let message = format!("`{}` cannot travel in a form or query as it is", field.name.wire);
            self.mistake(
                Code::KeyDoesNotApply,
                lowered.key,
                message,
                "send it as text: `json: Type`, or a list with `join`",
            );
        }
        if field.kind == Kind::Signature && carrier == Carrier::Payload {
            let message = format!("`{}` is inside what is signed", field.name.wire);
            self.mistake(
                Code::KeyDoesNotApply,
                lowered.key,
                message,
                "declare the signature in the envelope",
            );
        }
        SentField { field, origin, carrier }
    }

    fn payload(&self, request: &model::EnvelopeRequest, sources: &[String]) -> Option<ir::Field> {
        let payload = request.payload.as_ref()?;
        let here = (payload.span.beginning(), payload.span);
        let name = self.required(
            payload.json.as_ref(),
            "json",
            "`payload`",
            here,
            "the field that holds the JSON text",
        )?;
        Some(ir::Field {
            name: self.field_name(name, name.span, None),
            kind: Kind::Json(ir::JsonOf::Any),
            doc: text_of(payload.doc.as_ref()).unwrap_or_default(),
            sources: sources.to_vec(),
            ..super::fields::stand_in(name)
        })
    }

    fn sign(
        &self,
        entry: &Written,
        request: Option<&Spanned<model::EnvelopeRequest>>,
        lowered: &mut ir::Operation,
    ) {
        let Some(request) = request else { return };
        let of = format!("operation `{}`", entry.key);
        let said = request.signature.as_ref();
        let Some(signature) = self.signature(said, "the envelope's request", request.span.beginning()) else {
            return;
        };
        let fields = lowered.request.iter().filter(|field| field.carrier != Carrier::Payload);
        let mut fields: Vec<(&ir::Field, Carrier)> =
            fields.map(|field| (&field.field, field.carrier)).collect();
        fields.extend(lowered.payload.iter().map(|field| (field, Carrier::Outer)));
        let message = Message {
            of,
            direction: Direction::Request,
            fields,
            json: lowered.body == Body::Json,
            query: lowered.body == Body::Query,
            data: false,
        };
        self.protects(&signature, said.map_or(entry.key.span, |node| node.span), &message);
        let sent = Sent { request: &lowered.request, payload: lowered.payload.as_ref(), body: lowered.body };
        let signed = self.signed_texts(&signature, &sent);
        lowered.signature = signature;
        lowered.signed = signed;
    }
}

/// The mend of a missing effect.
const EFFECTS: &str = "none, creates, pays, refunds, closes or transfers";

/// The fields that the caller gives.
pub(super) fn caller_fields(operation: &ir::Operation) -> Vec<&ir::Field> {
    operation
        .request
        .iter()
        .filter(|field| field.origin == Origin::Caller)
        .map(|field| &field.field)
        .collect()
}

fn lower_effect(effect: model::Effect) -> ir::Effect {
    match effect {
        model::Effect::None => ir::Effect::None,
        model::Effect::Creates => ir::Effect::Creates,
        model::Effect::Pays => ir::Effect::Pays,
        model::Effect::Refunds => ir::Effect::Refunds,
        model::Effect::Closes => ir::Effect::Closes,
        model::Effect::Transfers => ir::Effect::Transfers,
    }
}
