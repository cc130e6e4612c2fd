//! Replies: the data of an operation's answer, what it repeats of the request and what it means for money.

use super::covers::Stand;
use super::fields::{Lowered, Use};
use super::operations::{Written, caller_fields};
use super::{Context, text_of};
use crate::diagnostic::{Code, Span};
use crate::ir::{self, Carriage, EnvelopeId, Kind, ReceivedField, ReplyShape};
use crate::model;
use crate::read::{Spanned, TextOr};

impl<'a> Context<'a> {
    /// What comes back from an operation; `None` for a redirect.
    pub(super) fn reply(
        &self,
        entry: &'a Written,
        envelope: Option<(EnvelopeId, &'a model::Envelope)>,
        envelopes: &[ir::Envelope],
        operation: &ir::Operation,
    ) -> Option<ir::Reply> {
        if operation.carriage == Carriage::Redirect {
            self.nothing_comes_back(entry);
            return None;
        }
        let (id, written) = envelope?;
        let lowered = envelopes.get(id.0)?;
        let data = self.data_member(entry, written);
        let mut shape = self.reply_shape(entry, lowered, operation, data.as_deref());
        let of = format!("the reply of operation `{}`", entry.key);
        let own = match &shape {
            ReplyShape::Fields(fields) => fields.as_slice(),
            ReplyShape::Nothing | ReplyShape::Value(_) => &[],
        };
        self.reply_is_protected((lowered, written), own, &of);
        let mut fields: Vec<&ir::Field> =
            lowered.members.iter().chain(&lowered.data_fields).map(|f| &f.field).collect();
        match &shape {
            ReplyShape::Nothing => {}
            ReplyShape::Fields(own) => {
                fields.splice(0..0, own.iter().map(|field| &field.field)).for_each(drop)
            }
            ReplyShape::Value(field) => fields.insert(0, field),
        }
        let outcome = entry.value.outcome.as_ref().and_then(|outcome| match &outcome.value {
            TextOr::Other(said) => self.outcome(said, outcome.span, &fields, &of),
            TextOr::Text(word) if word == "unknown" => None,
            TextOr::Text(word) => {
                let message = format!("`{word}` is no outcome of a message");
                self.mistake(
                    Code::UnknownOutcome,
                    outcome.span,
                    message,
                    "such as `outcome: { of: payment, always: pending }`",
                );
                None
            }
        });
        if let Some(outcome) = &outcome {
            self.hand_out_what_is_asked(entry, lowered, &mut shape, outcome);
        }
        self.outcome_is_covered(entry, &shape, outcome.as_ref());
        let codes = self.codes(entry, lowered, operation.effect);
        Some(ir::Reply {
            envelope: id,
            member: data,
            shape,
            outcome,
            lookup: codes.lookup,
            errors: codes.errors,
            fault: codes.fault,
            unlisted: codes.unlisted,
        })
    }

    /// An outcome can ask members of the envelope that lie beside the operation's own fields. They become members of
    /// its reply, so that who reads the outcome sees what it rests on.
    fn hand_out_what_is_asked(
        &self,
        entry: &Written,
        envelope: &ir::Envelope,
        shape: &mut ReplyShape,
        outcome: &ir::Outcome,
    ) {
        let cases = outcome.cases.iter().flat_map(|case| &case.when.0).map(|(name, _)| name);
        for name in cases.chain(&outcome.from) {
            let is_own = match &*shape {
                ReplyShape::Nothing => false,
                ReplyShape::Fields(own) => own.iter().any(|field| field.field.name == *name),
                ReplyShape::Value(field) => field.name == *name,
            };
            if is_own {
                continue;
            }
            let beside = if envelope.data.is_some() { &envelope.data_fields } else { &envelope.members };
            let asked = beside.iter().find(|field| field.field.name == *name && field.header.is_none());
            match (asked, &mut *shape) {
                (Some(field), ReplyShape::Fields(own)) => own.push(field.clone()),
                (Some(field), shape @ ReplyShape::Nothing) => {
                    *shape = ReplyShape::Fields(vec![field.clone()])
                }
                _ => {
                    let span = entry.value.outcome.as_ref().map_or(entry.key.span, |outcome| outcome.span);
                    let message = format!(
                        "the outcome of operation `{}` asks `{}`, which does not lie beside its own fields",
                        entry.key, name.wire
                    );
                    let mend = "ask a field of `reply`, or of the object that holds it";
                    self.mistake(Code::UnknownField, span, message, mend);
                }
            }
        }
    }

    /// In a signed reply, what an outcome is read from must be signed.
    fn outcome_is_covered(&self, entry: &Written, shape: &ReplyShape, outcome: Option<&ir::Outcome>) {
        let (ReplyShape::Fields(fields), Some(outcome)) = (shape, outcome) else { return };
        let cases = outcome.cases.iter().flat_map(|case| &case.when.0).map(|(name, _)| name);
        for name in cases.chain(&outcome.from) {
            if fields.iter().any(|field| field.unsigned && field.field.name == *name) {
                let span = entry.value.outcome.as_ref().map_or(entry.key.span, |outcome| outcome.span);
                let message = format!(
                    "operation `{}` is judged by `{}`, which its signature does not cover",
                    entry.key, name.wire
                );
                self.mistake(Code::IdentityNotCovered, span, message, "let it take part in the signature");
            }
        }
    }

    fn nothing_comes_back(&self, entry: &Written) {
        let operation = &entry.value;
        let spans = [
            operation.reply.as_ref().map(|reply| ("reply", reply.span)),
            operation.reply_value.as_ref().map(|reply| ("reply_value", reply.span)),
            operation.outcome.as_ref().map(|outcome| ("outcome", outcome.span)),
            operation.errors.first().map(|entry| ("errors", entry.key.span)),
        ];
        for (word, span) in spans.into_iter().flatten() {
            let message = format!("`{word}` does not apply to a redirect");
            self.mistake(
                Code::KeyDoesNotApply,
                span,
                message,
                "the browser goes away; a callback or a query tells the result",
            );
        }
    }

    fn reply_shape(
        &self,
        entry: &'a Written,
        envelope: &ir::Envelope,
        operation: &ir::Operation,
        data: Option<&str>,
    ) -> ReplyShape {
        let written = &entry.value;
        if let (Some(_), Some(value)) = (&written.reply, &written.reply_value) {
            let message = "a reply is an object or a single value";
            self.mistake(
                Code::FieldWithTwoTypes,
                value.span,
                message,
                "keep one of `reply` and `reply_value`",
            );
        }
        if let Some(reply) = &written.reply {
            let fields = self.fields(&reply.value, Use::Received, &operation.sources);
            self.distinct_names(fields.iter().map(|field| (&field.field.name, field.key)));
            self.beside_the_envelope(&fields, envelope);
            let received =
                fields.into_iter().map(|field| self.reply_field(field, entry, envelope, (operation, data)));
            return ReplyShape::Fields(received.collect());
        }
        match &written.reply_value {
            Some(value) => self.reply_value(entry, value, envelope, operation),
            None => ReplyShape::Nothing,
        }
    }

    /// A reply's own field may not repeat one of the envelope's that lies in the same object.
    fn beside_the_envelope(&self, fields: &[Lowered<'_>], envelope: &ir::Envelope) {
        let beside = if envelope.data.is_some() { &envelope.data_fields } else { &envelope.members };
        for field in fields {
            if let Some(other) = beside.iter().find(|other| other.field.name.wire == field.field.name.wire) {
                let message = format!("`{}` is a field of the envelope already", other.field.name.wire);
                self.mistake(Code::NameTwice, field.key, message, "declare it in one place");
            }
        }
    }

    fn reply_field(
        &self,
        lowered: Lowered<'_>,
        entry: &Written,
        envelope: &ir::Envelope,
        (operation, data): (&ir::Operation, Option<&str>),
    ) -> ReceivedField {
        if let Some(equals) = &lowered.model.equals {
            let message = "`equals` does not apply to a reply";
            self.mistake(Code::KeyDoesNotApply, equals.span, message, "it belongs to callbacks");
        }
        if let Some(header) = &lowered.model.header {
            let message = format!("`{}` is read from a header", lowered.field.name.wire);
            let mend = "declare it among the envelope's `members`";
            self.mistake(Code::KeyDoesNotApply, header.span, message, mend);
        }
        let is_encrypted = matches!(lowered.field.kind, Kind::Encrypted(_));
        if !(is_encrypted && envelope.data.is_none()) {
            self.not_in_the_data(&lowered);
        }
        let stand = if envelope.data.is_some() { Stand::Data } else { Stand::Member };
        let unsigned = !self.is_covered(&envelope.signature, &lowered.field, stand, data.unwrap_or_default());
        let echo = self.echo(&lowered, operation);
        let field = ReceivedField { field: lowered.field, header: None, equals: None, echo, unsigned };
        self.note_uncovered(&field, &format!("the reply of operation `{}`", entry.key), lowered.key);
        field
    }

    fn reply_value(
        &self,
        entry: &'a Written,
        value: &'a Spanned<model::Field>,
        envelope: &ir::Envelope,
        operation: &ir::Operation,
    ) -> ReplyShape {
        let of = format!("`reply_value` of operation `{}`", entry.key);
        let here = (value.span.beginning(), value.span);
        let name = self.required(value.name.as_ref(), "name", &of, here, "what the value is called in Rust");
        if envelope.data.is_none() {
            let message = "`reply_value` needs an envelope with `data`";
            self.mistake(Code::KeyDoesNotApply, value.span, message, "write the fields under `reply`");
        }
        let reads_data = !envelope.signature.recipes().is_empty()
            || !envelope.data_fields.is_empty()
            || envelope.data.as_ref().is_some_and(|data| data.fault.is_some());
        if reads_data {
            self.not_yet(
                value.span,
                "a single value as the reply of an envelope that is signed or has `data_fields` or `fault`",
            );
        }
        if let Some(said) = value.echo.as_ref().or(value.equals.as_ref()) {
            let message = "`echo` and `equals` do not apply to a single value";
            self.mistake(Code::KeyDoesNotApply, said.span, message, "remove it");
        }
        let name = name.cloned().unwrap_or_else(|| Spanned::new(here.0, "value".to_owned()));
        let key = Spanned::new(name.span, name.value.clone());
        let lowered = self.field(&key, value, Use::Received, &operation.sources);
        lowered.map_or(ReplyShape::Nothing, |lowered| ReplyShape::Value(lowered.field))
    }

    fn data_member(&self, entry: &Written, envelope: &model::Envelope) -> Option<String> {
        let data = envelope.response.as_ref()?.data.as_ref()?;
        let here = (data.span.beginning(), data.span);
        let member = self.required(
            data.member.as_ref(),
            "member",
            "`data`",
            here,
            "the member's name, or `constants.x`",
        )?;
        match member.strip_prefix("constants.") {
            Some(name) => self.constant(member, name, entry),
            None => text_of(Some(member)),
        }
    }

    /// The sent field that a received one repeats.
    pub(super) fn echo(&self, lowered: &Lowered<'_>, operation: &ir::Operation) -> Option<ir::Name> {
        let echo = lowered.model.echo.as_ref()?;
        let sent = caller_fields(operation);
        let Some(field) = sent.iter().find(|field| field.name.wire == echo.value) else {
            let known = sent.iter().map(|field| field.name.wire.as_str());
            let message = format!("`echo: {echo}`: operation `{}` sends no such field", operation.name.wire);
            self.unknown(Code::UnknownField, echo.span, message, echo, known);
            return None;
        };
        self.same_type(&lowered.field, field, echo.span);
        Some(field.name.clone())
    }

    fn same_type(&self, received: &ir::Field, sent: &ir::Field, span: Span) {
        if !are_comparable(&received.kind, &sent.kind) {
            let message =
                format!("`{}` is of another type than the sent `{}`", received.name.wire, sent.name.wire);
            self.mistake(Code::EchoOfAnotherType, span, message, "give both the same type");
        }
    }
}

/// Whether values of the two kinds are of one type in Rust.
pub(super) fn are_comparable(a: &Kind, b: &Kind) -> bool {
    match (a, b) {
        (Kind::Amount { unit: a, .. }, Kind::Amount { unit: b, .. }) => a == b,
        (Kind::Enum(a), Kind::Enum(b)) | (Kind::Object(a), Kind::Object(b)) => a == b,
        (Kind::List { of: a, .. }, Kind::List { of: b, .. }) => a == b,
        (Kind::Json(a) | Kind::Base64Json(a), Kind::Json(b) | Kind::Base64Json(b)) => a == b,
        (Kind::Flag { .. }, Kind::Flag { .. }) => true,
        _ => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}
