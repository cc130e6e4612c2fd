//! The section `envelopes`: what wraps replies. What wraps requests is expanded by `operations`.

use super::coverage::Stand;
use super::fields::{Lowered, Use};
use super::protection::{Direction, Message, unprotected};
use super::{Context, text_of};
use crate::diagnostic::{Code, Span};
use crate::ir::{self, Carrier, ReceivedField};
use crate::model::{self, Body};
use crate::read::{Entry, Spanned};

impl<'a> Context<'a> {
    /// The section `envelopes`.
    pub(super) fn lower_envelopes(&self) -> Vec<ir::Envelope> {
        self.file.envelopes.iter().map(|entry| self.envelope(entry)).collect()
    }

    fn envelope(&self, entry: &'a Entry<Spanned<model::Envelope>>) -> ir::Envelope {
        let (key, envelope) = (&entry.key, &entry.value);
        self.accept(&envelope.accepts, Some(key.span.to(envelope.span)));
        let of = format!("envelope `{key}`");
        let here = (key.span, envelope.span);
        self.required(
            envelope.request.as_ref(),
            "request",
            &of,
            here,
            "say how requests travel and what signs them",
        );
        let response =
            self.required(envelope.response.as_ref(), "response", &of, here, "say how replies come");
        let sources = self.sources(envelope.source.as_ref(), &[]);
        let mut lowered = ir::Envelope {
            name: self.entry_name("an envelope", key),
            doc: text_of(envelope.doc.as_ref()).unwrap_or_default(),
            sources,
            signature: unprotected(),
            members: Vec::new(),
            data: None,
            data_fields: Vec::new(),
            success: ir::Condition::default(),
            code: None,
            message: None,
        };
        if let Some(response) = response {
            self.response(response, key, &mut lowered);
        }
        lowered
    }

    fn response(
        &self,
        response: &'a Spanned<model::EnvelopeResponse>,
        key: &Spanned<String>,
        lowered: &mut ir::Envelope,
    ) {
        let of = format!("the reply of envelope `{key}`");
        let here = (response.span.beginning(), response.span);
        let body = self.required(response.body.as_ref(), "body", &of, here, "such as `body: json`");
        if let Some(body) = body.filter(|body| body.value != Body::Json) {
            self.not_yet(body.span, "a reply that is no JSON");
        }
        lowered.data = response.data.as_ref().map(|data| ir::Data { fault: text_of(data.fault.as_ref()) });
        let members = self.fields(&response.members, Use::Envelope, &lowered.sources);
        let data_fields = self.fields(&response.data_fields, Use::Envelope, &lowered.sources);
        self.distinct_names(members.iter().chain(&data_fields).map(|field| (&field.field.name, field.key)));
        if let (Some(first), None) = (data_fields.first(), &response.data) {
            self.mistake(
                Code::KeyDoesNotApply,
                first.key,
                "`data_fields` without `data`",
                "write them as `members`",
            );
        }
        let at = response.signature.as_ref().map_or(here.0, |node| node.span);
        let signature = self.signature(response.signature.as_ref(), &of, here.0);
        if let Some(signature) = signature {
            let outer = members.iter().filter(|field| field.model.header.is_none());
            let message = Message {
                of: of.clone(),
                direction: Direction::Reply,
                fields: outer.map(|field| (&field.field, Carrier::Outer)).collect(),
                json: true,
                query: false,
                data: response.data.is_some(),
            };
            self.protects(&signature, at, &message);
            lowered.signature = signature;
        }
        let signature = lowered.signature.clone();
        lowered.members =
            members.into_iter().map(|field| self.enveloped(field, &signature, &of, false)).collect();
        lowered.data_fields =
            data_fields.into_iter().map(|field| self.enveloped(field, &signature, &of, true)).collect();
        self.success(response, &of, lowered);
    }

    fn enveloped(
        &self,
        lowered: Lowered<'_>,
        signature: &ir::Signature,
        of: &str,
        in_data: bool,
    ) -> ReceivedField {
        let header = text_of(lowered.model.header.as_ref());
        if let (Some(said), true) = (&lowered.model.header, in_data) {
            self.mistake(
                Code::KeyDoesNotApply,
                said.span,
                "a field of the data is in no header",
                "write it as a member",
            );
        }
        let stand = match (&header, in_data) {
            (Some(_), _) => Stand::Header,
            (None, true) => Stand::Data,
            (None, false) => Stand::Member,
        };
        let unsigned = !self.is_covered(signature, &lowered.field, stand);
        let field = ReceivedField { field: lowered.field, header, equals: None, echo: None, unsigned };
        self.note_uncovered(&field, of, lowered.key);
        field
    }

    fn success(&self, response: &Spanned<model::EnvelopeResponse>, of: &str, lowered: &mut ir::Envelope) {
        let fields: Vec<&ir::Field> =
            lowered.members.iter().chain(&lowered.data_fields).map(|received| &received.field).collect();
        let here = (response.span.beginning(), response.span);
        let success =
            self.required(response.success.as_ref(), "success", of, here, "such as `success: { code: 0 }`");
        let condition = success.map(|success| self.condition(success, &fields, of)).unwrap_or_default();
        for entry in success.iter().flat_map(|success| success.iter()) {
            self.certain(&entry.key, &fields);
        }
        if let Some(success) = success.filter(|success| success.is_empty()) {
            self.mistake(
                Code::BadCondition,
                success.span,
                "every reply would be a success",
                "such as `success: { code: 0 }`",
            );
        }
        let name = |said: &Option<Spanned<String>>| {
            let said = said.as_ref()?;
            self.known_field(said, said.span, &fields, of).map(|field| field.name.clone())
        };
        let (code, message) = (name(&response.code), name(&response.message));
        lowered.success = condition;
        lowered.code = code;
        lowered.message = message;
    }

    fn certain(&self, name: &Spanned<String>, fields: &[&ir::Field]) {
        let field = fields.iter().find(|field| field.name.wire == name.value);
        if field.is_some_and(|field| !field.required) {
            let text = format!("success depends on `{name}`, which is optional");
            self.mistake(
                Code::OptionalSuccess,
                name.span,
                text,
                "remove the `?`: an answer without it is no success",
            );
        }
    }

    /// The envelope that an operation names, or the only one.
    pub(super) fn envelope_of(
        &self,
        operation: &'a model::Operation,
        at: Span,
    ) -> Option<(ir::EnvelopeId, &'a model::Envelope)> {
        let envelopes = &self.file.envelopes;
        let place = match &operation.envelope {
            Some(name) => {
                let place = envelopes.iter().position(|entry| entry.key == *name);
                if place.is_none() {
                    self.unknown(
                        Code::UnknownEnvelope,
                        name.span,
                        format!("unknown envelope `{name}`"),
                        name,
                        envelopes.keys(),
                    );
                }
                place?
            }
            None if envelopes.len() == 1 => 0,
            None if self.failed.is_empty() => {
                let message = "`envelope` is missing: there is not exactly one";
                self.mistake(Code::MissingKey, at, message, "name the envelope that wraps this operation");
                return None;
            }
            None => return None,
        };
        envelopes.0.get(place).map(|entry| (ir::EnvelopeId(place), &entry.value.value))
    }
}
