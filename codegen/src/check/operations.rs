//! The section `operations`: requests. Their replies are lowered by `replies`, what ties them together later.
//!
//! An envelope is expanded here: its common fields (less `without`), then the outer ones, then the operation's own,
//! which travel inside the payload where the envelope has one.

use super::covers::{Stand, operands};
use super::fields::{Lowered, Use};
use super::messages::{Direction, Message};
use super::protection::unprotected;
use super::signed::Sent;
use super::{Context, text_of};
use crate::diagnostic::Code;
use crate::ir::{self, Body, Carrier, Item, Kind, MessagePart, Operand, Origin, SentField};
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
            root: self.root(body, request),
            content_type: self.content_type(body, request),
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
                let wire = &field.field.name.wire;
                !operation.without.iter().any(|name| name.value == *wire)
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
        let mut all: Vec<(Lowered<'a>, Carrier)> = all.into_iter().map(in_its_header).collect();
        if body == Body::Raw && !has_payload {
            self.the_body(&mut all, entry);
        }
        self.headers_of_a_request(&all, entry);
        all.into_iter().map(|(field, carrier)| self.sent_field(field, carrier, body, entry)).collect()
    }

    /// Of a raw body: the one field that is the body.
    fn the_body(&self, all: &mut [(Lowered<'a>, Carrier)], entry: &Written) {
        let mut inside = all.iter_mut().filter(|(_, carrier)| *carrier == Carrier::Outer);
        let Some((field, carrier)) = inside.next() else {
            let message = format!("operation `{}` has no field that is its body", entry.key);
            let mend = "declare it, such as `body: { json: any, doc: ... }`";
            self.mistake(Code::RawBodyWithoutItsField, entry.key.span, message, mend);
            return;
        };
        *carrier = Carrier::Body;
        let name = &field.field.name.wire;
        if !field.field.required || !matches!(field.field.kind, Kind::Text | Kind::Json(_)) {
            let message = format!("`{name}` cannot be the body");
            let mend = "the body is always there, and is `text` or `json`";
            self.mistake(Code::RawBodyWithoutItsField, field.key, message, mend);
        }
        for (other, _) in inside {
            let message =
                format!("`{}` has no place beside `{name}`, which is the body", other.field.name.wire);
            let mend = "say `header:`, or `common: query` in the envelope, or write `body: json`";
            self.mistake(Code::RawBodyWithoutItsField, other.key, message, mend);
        }
    }

    /// Headers are written once, by a call.
    fn headers_of_a_request(&self, all: &[(Lowered<'a>, Carrier)], entry: &Written) {
        self.distinct_headers(
            all.iter().map(|(field, _)| field.model),
            &format!("operation `{}`", entry.key),
        );
        for name in all.iter().filter_map(|(field, _)| field.model.header.as_ref()) {
            if entry.value.redirect.is_some() {
                let message = "a browser that is redirected sends no header of ours";
                self.mistake(Code::KeyDoesNotApply, name.span, message, "let the field travel in the query");
            } else if name.eq_ignore_ascii_case("content-type") {
                let message = "the content type follows from `body`";
                self.mistake(Code::BadHeader, name.span, message, "for a raw body, say `content_type`");
            }
        }
    }

    fn without(&self, operation: &model::Operation, request: &model::EnvelopeRequest) {
        for name in &operation.without {
            if !sent_names(&request.fields).any(|known| known == name.value) {
                let message = format!("`{name}` is no common field");
                self.unknown(Code::UnknownField, name.span, message, name, sent_names(&request.fields));
            }
        }
    }

    fn sent_field(&self, lowered: Lowered<'_>, carrier: Carrier, body: Body, entry: &Written) -> SentField {
        let origin = self.origin(&lowered, entry);
        // The text of a whole body has the limits of its own format.
        if carrier != Carrier::Body {
            self.text_without_bound(&lowered, &origin);
        }
        let field = lowered.field;
        let as_json = carrier == Carrier::Payload || (body == Body::Json && carrier == Carrier::Outer);
        let in_pairs = carrier == Carrier::Query
            || (carrier == Carrier::Outer && matches!(body, Body::Form | Body::Query));
        if matches!(field.kind, Kind::Rows { .. }) && !in_pairs {
            let message = format!("`{}` travels in no form or query", field.name.wire);
            let mend = "rows are numbered names of a form or query; elsewhere write `list: Type`";
            self.mistake(Code::KeyDoesNotApply, lowered.key, message, mend);
        }
        let needs_json = matches!(
            field.kind,
            Kind::Object(_) | Kind::List { of: Item::Object(_), .. } | Kind::List { join: None, .. }
        );
        if needs_json && !as_json && carrier != Carrier::Header {
            let carried =
                if body == Body::Xml && carrier == Carrier::Outer { "XML" } else { "a form or query" };
            let message = format!("`{}` cannot travel in {carried} as it is", field.name.wire);
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
        let message = request_message(of, lowered);
        self.protects(&signature, said.map_or(entry.key.span, |node| node.span), &message);
        let sent = Sent { request: &lowered.request, payload: lowered.payload.as_ref(), body: lowered.body };
        let is_straight = is_straight(&signature, lowered, &self.recipes.lowered);
        let signed = if is_straight { self.signed_texts(&signature, &sent) } else { Vec::new() };
        lowered.signature = signature;
        lowered.signed = signed;
    }
}

/// The names on the wire of common fields.
fn sent_names(fields: &crate::read::Map<Spanned<model::Field>>) -> impl Iterator<Item = &str> {
    fields.iter().map(|entry| {
        let said = entry.value.header.as_ref().or(entry.value.wire.as_ref());
        said.map_or(entry.key.strip_suffix('?').unwrap_or(&entry.key), |name| name.value.as_str())
    })
}

/// A field with `header:` travels there, wherever it is declared.
fn in_its_header((field, carrier): (Lowered<'_>, Carrier)) -> (Lowered<'_>, Carrier) {
    let carrier = if field.model.header.is_some() { Carrier::Header } else { carrier };
    (field, carrier)
}

/// The mend of a missing effect.
const EFFECTS: &str = "none, creates, pays, refunds, closes or transfers";

/// A request, as its recipes see it.
fn request_message(of: String, operation: &ir::Operation) -> Message<'_> {
    let of_carrier = |wanted: fn(Carrier) -> bool| {
        operation.request.iter().filter(move |sent| wanted(sent.carrier)).map(|sent| &sent.field)
    };
    let is_field = |sent: &&SentField| !matches!(sent.carrier, Carrier::Payload | Carrier::Header);
    let mut fields: Vec<(&ir::Field, Carrier)> =
        operation.request.iter().filter(is_field).map(|sent| (&sent.field, sent.carrier)).collect();
    fields.extend(operation.payload.iter().map(|field| (field, Carrier::Outer)));
    let inside = || of_carrier(|carrier| carrier == Carrier::Payload).collect();
    Message {
        of,
        direction: Direction::Request,
        fields,
        headers: of_carrier(|carrier| carrier == Carrier::Header)
            .map(|field| (field, field.name.wire.clone()))
            .collect(),
        payload: operation.payload.as_ref().map(|field| (field, inside())),
        data: None,
        json: operation.body == Body::Json,
        xml: operation.body == Body::Xml,
        raw: operation.body == Body::Raw,
        query: operation.body == Body::Query,
        redirect: operation.carriage == ir::Carriage::Redirect,
        stand: Stand::Member,
    }
}

/// Whether the order of what is signed can be fixed here. Recipes that sign what others placed, that a field chooses or
/// that sign rows or the bytes of anything but JSON need the request as it is written.
fn is_straight(signature: &ir::Signature, operation: &ir::Operation, recipes: &[ir::Recipe]) -> bool {
    let body = Operand::Message(MessagePart::Body);
    let signs_the_body = |recipe: &ir::Recipe| {
        let added = recipe.list.iter().flat_map(|list| list.add.iter().flat_map(|(_, pieces)| pieces));
        operands(recipe.text.iter().chain(added)).any(|(from, _)| *from == body)
    };
    let mut recipes = signature.recipes().into_iter().filter_map(|id| recipes.get(id.0));
    matches!(signature, ir::Signature::Recipe(_) | ir::Signature::Chosen { .. })
        && !operation.request.iter().any(|sent| matches!(sent.field.kind, Kind::Rows { .. }))
        && (operation.body == Body::Json || !recipes.any(signs_the_body))
}

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
