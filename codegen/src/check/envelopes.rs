//! The section `envelopes`: what wraps replies. What wraps requests is expanded by `operations`.

use super::covers::Stand;
use super::fields::{Lowered, Use};
use super::messages::{DataMember, Direction, Message};
use super::protection::unprotected;
use super::{Context, text_of};
use crate::diagnostic::{Code, Span};
use crate::ir::{self, Carrier, Kind, ReceivedField};
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
            body: ir::ReplyBody::Json,
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
        lowered.body = match body.map(|body| (body.value, body.span)) {
            Some((Body::Xml, _)) => ir::ReplyBody::Xml,
            Some((Body::Json, _)) | None => ir::ReplyBody::Json,
            Some((_, span)) => {
                self.not_yet(span, "a reply that is neither JSON nor XML");
                ir::ReplyBody::Json
            }
        };
        self.data_of_the_body(response, lowered.body);
        lowered.data = response.data.as_ref().map(|data| ir::Data { fault: text_of(data.fault.as_ref()) });
        let members = self.fields(&response.members, Use::Envelope, &lowered.sources);
        let data_fields = self.fields(&response.data_fields, Use::Envelope, &lowered.sources);
        self.distinct_names(members.iter().chain(&data_fields).map(|field| (&field.field.name, field.key)));
        self.distinct_headers(members.iter().map(|field| field.model), &of);
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
        let signature = signature.unwrap_or_else(unprotected);
        lowered.signature = signature.clone();
        let data = data_name(response);
        lowered.members =
            members.into_iter().map(|field| self.enveloped(field, &signature, &of, None)).collect();
        lowered.data_fields =
            data_fields.into_iter().map(|field| self.enveloped(field, &signature, &of, Some(data))).collect();
        // Without a data member, the fields of each operation lie beside the members: see `reply_is_protected`.
        if response.data.is_some() || !self.has_replies(key) {
            self.protects(&signature, at, &reply_message(of.clone(), lowered, Some(data), &[]));
        }
        self.success(response, &of, lowered);
        self.success_is_covered(response, &of, lowered);
    }

    /// Whether an operation has replies in this envelope.
    fn has_replies(&self, key: &Spanned<String>) -> bool {
        let only = self.file.envelopes.len() == 1;
        let mut operations = self.file.operations.iter().map(|entry| &entry.value);
        operations.any(|operation| {
            let is_named = operation.envelope.as_ref().map_or(only, |name| name == key);
            is_named && operation.redirect.is_none()
        })
    }

    /// In a reply without a data member, the recipes are held against what each operation has.
    pub(super) fn reply_is_protected(
        &self,
        envelope: (&ir::Envelope, &model::Envelope),
        fields: &[ReceivedField],
        of: &str,
    ) {
        let (lowered, written) = envelope;
        let Some(response) = written.response.as_ref().filter(|response| response.data.is_none()) else {
            return;
        };
        let Some(said) = &response.signature else { return };
        self.protects(&lowered.signature, said.span, &reply_message(of.to_owned(), lowered, None, fields));
    }

    /// Whoever can change what says that it went well can make any answer a success.
    fn success_is_covered(
        &self,
        response: &Spanned<model::EnvelopeResponse>,
        of: &str,
        lowered: &ir::Envelope,
    ) {
        let success = response.success.iter().flat_map(|success| success.iter());
        let judged = success.map(|entry| (entry.key.value.as_str(), entry.key.span));
        let code = response.code.iter().map(|name| (name.value.as_str(), name.span));
        let lookup = self.file.errors.iter().flat_map(|errors| errors.lookup.iter());
        let lookup = lookup.map(|name| (name.value.as_str(), name.span));
        let mut told: Vec<&str> = Vec::new();
        for (name, span) in judged.chain(code).chain(lookup) {
            let stands = [(&lowered.members, Stand::Member), (&lowered.data_fields, Stand::Data)];
            for (fields, stand) in stands {
                let Some(field) = fields.iter().find(|field| field.field.name.wire == name) else { continue };
                if told.contains(&name) {
                    continue;
                }
                told.push(name);
                let stand = field.header.as_deref().map_or(stand, Stand::Header);
                self.must_be_covered((&lowered.signature, stand), field, span, of);
            }
        }
    }

    /// What `data` can say beside the body: its text is cut out of JSON, and it is read in a success alone.
    fn data_of_the_body(&self, response: &model::EnvelopeResponse, body: ir::ReplyBody) {
        let Some(data) = &response.data else { return };
        if let Some(when) = data.when.as_ref().filter(|when| when.value == model::DataWhen::Always) {
            self.not_yet(when.span, "`when: always`: the data of a reply that is no success");
        }
        if body == ir::ReplyBody::Xml {
            self.not_yet(data.span, "a data member in an XML reply");
        }
    }

    fn enveloped(
        &self,
        lowered: Lowered<'_>,
        signature: &ir::Signature,
        of: &str,
        data: Option<&str>,
    ) -> ReceivedField {
        let header = text_of(lowered.model.header.as_ref());
        if let (Some(said), true) = (&lowered.model.header, data.is_some()) {
            self.mistake(
                Code::KeyDoesNotApply,
                said.span,
                "a field of the data is in no header",
                "write it as a member",
            );
        }
        let stand = match (&header, data) {
            (Some(header), _) => Stand::Header(header),
            (None, Some(_)) => Stand::Data,
            (None, None) => Stand::Member,
        };
        if data.is_some() {
            self.not_in_the_data(&lowered);
        }
        let unsigned = !self.is_covered(signature, &lowered.field, stand, data.unwrap_or_default());
        let field = ReceivedField { field: lowered.field, header, equals: None, echo: None, unsigned };
        self.note_uncovered(&field, of, lowered.key);
        field
    }

    /// What a recipe is placed at lies outside the data member, because its name may differ from reply to reply.
    pub(super) fn not_in_the_data(&self, lowered: &Lowered<'_>) {
        match lowered.field.kind {
            Kind::Encrypted(_) => self.not_yet(lowered.key, "an encrypted field in the data of a reply"),
            Kind::Signature => {
                let message = format!("`{}` is declared in the reply's data", lowered.field.name.wire);
                let mend = "declare the signature among the envelope's `members`";
                self.mistake(Code::KeyDoesNotApply, lowered.key, message, mend);
            }
            _ => {}
        }
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

/// The name of the data member, empty where it differs from reply to reply.
fn data_name(response: &model::EnvelopeResponse) -> &str {
    let member = response.data.as_ref().and_then(|data| data.member.as_ref());
    member.map_or("", |name| if name.starts_with("constants.") { "" } else { name.as_str() })
}

/// A reply, as its recipes see it: the members of the envelope, and what lies beside them.
fn reply_message<'m>(
    of: String,
    envelope: &'m ir::Envelope,
    data: Option<&str>,
    beside: &'m [ReceivedField],
) -> Message<'m> {
    let members = || envelope.members.iter().chain(beside);
    let data = data.filter(|_| envelope.data.is_some()).map(|name| DataMember {
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        fields: envelope.data_fields.iter().map(|received| &received.field).collect(),
    });
    let in_headers = members().filter_map(|received| Some((&received.field, received.header.clone()?)));
    let in_body = members().filter(|received| received.header.is_none());
    Message {
        of,
        direction: Direction::Reply,
        fields: in_body.map(|received| (&received.field, Carrier::Outer)).collect(),
        headers: in_headers.collect(),
        payload: None,
        data,
        json: envelope.body == ir::ReplyBody::Json,
        xml: envelope.body == ir::ReplyBody::Xml,
        raw: false,
        query: false,
        redirect: false,
        stand: Stand::Member,
    }
}
