//! The section `callbacks`: what they send, through a server or a browser.

use super::covers::Stand;
use super::fields::{Lowered, Use};
use super::messages::{Direction, Message};
use super::protection::unprotected;
use super::references::Public;
use super::{Context, text_of};
use crate::diagnostic::{Code, Span};
use crate::ir::{self, Carrier, Deliver, OperationId, Receive, ReceivedField, Signature};
use crate::model;
use crate::read::{Entry, Map, Spanned, TextOr};

/// A callback of the file.
pub(super) type Written = Entry<Spanned<model::Callback>>;

impl<'a> Context<'a> {
    /// The section `callbacks`.
    pub(super) fn lower_callbacks(&self, operations: &[ir::Operation]) -> Vec<ir::Callback> {
        self.file.callbacks.iter().map(|entry| self.callback(entry, operations)).collect()
    }

    fn callback(&self, entry: &'a Written, operations: &[ir::Operation]) -> ir::Callback {
        let (key, callback) = (&entry.key, &entry.value);
        let here = (key.span, callback.span);
        self.accept(&callback.accepts, Some(key.span.to(callback.span)));
        let of = format!("callback `{key}`");
        let deliver = self.required(
            callback.deliver.as_ref(),
            "deliver",
            &of,
            here,
            "notify (server to server) or return (through a browser)",
        );
        let deliver = deliver.map_or(Deliver::Notify, |deliver| match deliver.value {
            model::Deliver::Notify => Deliver::Notify,
            model::Deliver::Return => Deliver::Return,
        });
        let sources = self.sources(callback.source.as_ref(), &[]);
        let answers = callback.of.as_ref().and_then(|name| self.operation_named(name));
        let receive = self.receive(entry);
        let fields = self.callback_fields(entry, &sources);
        let signature = self.callback_signature(entry, deliver, &receive, &fields);
        let operation = answers.and_then(|id| operations.get(id.0));
        let fields = fields
            .into_iter()
            .map(|field| self.received(field, entry, operation, (&signature, &receive)))
            .collect();
        let mut lowered = ir::Callback {
            name: self.entry_name("a callback", key),
            title: text_of(callback.title.as_ref()),
            doc: self.doc(callback.doc.as_ref(), &of, key.span),
            sources,
            deliver,
            receive,
            of: answers,
            when: ir::Condition::default(),
            signature,
            fields,
            outcome: None,
            hint: None,
            sent_to: callback.sent_to.as_ref().and_then(|field| self.sent_to(field, operation)),
            sent_at: None,
            compare: Vec::new(),
            once_per: Vec::new(),
            acknowledge: None,
            retries: None,
        };
        self.meaning(entry, &mut lowered);
        if deliver == Deliver::Notify {
            self.only_for(entry, &[("hint", callback.hint.as_ref().map(|hint| hint.span))], "a return");
            self.notice(entry, &mut lowered);
        } else {
            self.of_a_browser(entry, &mut lowered);
        }
        lowered
    }

    /// The operation of this name.
    pub(super) fn operation_named(&self, name: &Spanned<String>) -> Option<OperationId> {
        let place = self.file.operations.iter().position(|entry| entry.key == *name);
        if place.is_none() {
            let known = self.file.operations.keys();
            self.unknown(
                Code::UnknownOperation,
                name.span,
                format!("unknown operation `{name}`"),
                name,
                known,
            );
        }
        place.map(OperationId)
    }

    /// The field of the request that says where the callback is sent: a URL, or a list of them.
    fn sent_to(&self, name: &Spanned<String>, operation: Option<&ir::Operation>) -> Option<ir::Name> {
        let Some(operation) = operation else {
            let message = format!("`sent_to: {name}`: the callback does not say which operation it answers");
            self.mistake(Code::UnknownField, name.span, message, "add `of:`");
            return None;
        };
        let is_address =
            |kind: &ir::Kind| matches!(kind, ir::Kind::Url | ir::Kind::List { of: ir::Item::Url, .. });
        let addresses = || operation.request.iter().filter(|sent| is_address(&sent.field.kind));
        let found = addresses().find(|sent| sent.field.name.wire == name.value);
        if found.is_none() {
            let message = format!("`sent_to: {name}`: operation `{}` sends no such URL", operation.name.wire);
            let known = addresses().map(|sent| sent.field.name.wire.as_str());
            self.unknown(Code::UnknownField, name.span, message, name, known);
        }
        found.map(|sent| sent.field.name.clone())
    }

    fn receive(&self, entry: &Written) -> Vec<Receive> {
        let here = (entry.key.span, entry.value.span);
        let of = format!("callback `{}`", entry.key);
        let said =
            self.required(entry.value.receive.as_ref(), "receive", &of, here, "such as `receive: POST form`");
        let mut shapes = Vec::new();
        for shape in said.into_iter().flat_map(|said| said.iter()) {
            let lowered = match shape.value {
                model::Receive::PostForm => Receive::PostForm,
                model::Receive::PostJson => Receive::PostJson,
                model::Receive::GetQuery => Receive::GetQuery,
                model::Receive::PostXml => Receive::PostXml,
                model::Receive::PostMultipart => Receive::PostMultipart,
            };
            if !shapes.contains(&lowered) {
                shapes.push(lowered);
            }
        }
        if let Some(said) = said.filter(|said| said.is_empty() && !self.has_failed(said.span)) {
            self.mistake(
                Code::MissingKey,
                said.span,
                "`receive` names no shape",
                "such as `receive: POST form`",
            );
        }
        shapes
    }

    fn callback_fields(&self, entry: &'a Written, sources: &[String]) -> Vec<Lowered<'a>> {
        let callback = &entry.value;
        if let (Some(_), Some(of)) = (&callback.fields, &callback.fields_of) {
            let message = "`fields` and `fields_of` together";
            self.mistake(Code::FieldWithTwoTypes, of.span, message, "keep one of them");
        }
        let own = callback.fields.as_ref().map(|fields| &fields.value);
        let map: Option<&'a Map<Spanned<model::Field>>> = match (own, &callback.fields_of) {
            (Some(own), _) => Some(own),
            (None, Some(other)) => self.fields_of(other),
            (None, None) => {
                let here = (entry.key.span, callback.span);
                let mend = "declare its fields, or take another callback's with `fields_of`";
                self.required::<()>(None, "fields", &format!("callback `{}`", entry.key), here, mend);
                None
            }
        };
        let fields = map.map(|map| self.fields(map, Use::Received, sources)).unwrap_or_default();
        self.distinct_names(fields.iter().map(|field| (&field.field.name, field.key)));
        self.distinct_headers(fields.iter().map(|field| field.model), &format!("callback `{}`", entry.key));
        fields
    }

    fn fields_of(&self, other: &Spanned<String>) -> Option<&'a Map<Spanned<model::Field>>> {
        let callbacks = &self.file.callbacks;
        let Some(found) = callbacks.get(other) else {
            let message = format!("unknown callback `{other}`");
            self.unknown(Code::UnknownOperation, other.span, message, other, callbacks.keys());
            return None;
        };
        if found.fields.is_none() {
            let message = format!("callback `{other}` has no fields of its own");
            self.mistake(Code::UnknownOperation, other.span, message, "name the callback that declares them");
        }
        found.fields.as_ref().map(|fields| &fields.value)
    }

    fn callback_signature(
        &self,
        entry: &Written,
        deliver: Deliver,
        receive: &[Receive],
        fields: &[Lowered<'_>],
    ) -> Signature {
        let of = format!("callback `{}`", entry.key);
        let said = entry.value.signature.as_ref();
        let Some(signature) = self.signature(said, &of, entry.key.span) else { return unprotected() };
        let at = said.map_or(entry.key.span, |node| node.span);
        if let (Signature::None { .. }, Deliver::Notify) = (&signature, deliver) {
            let message = format!("notify `{}` has no signature", entry.key);
            self.mistake(
                Code::UnprotectedMessage,
                at,
                message,
                "an unsigned notice cannot be believed: deliver it as return, or name a recipe",
            );
        }
        let header = |field: &Lowered<'_>| field.model.header.as_ref().map(|name| name.value.clone());
        let message = Message {
            of,
            direction: Direction::Callback,
            fields: fields
                .iter()
                .filter(|field| field.model.header.is_none())
                .map(|field| (&field.field, Carrier::Outer))
                .collect(),
            headers: fields.iter().filter_map(|field| Some((&field.field, header(field)?))).collect(),
            payload: None,
            data: None,
            json: receive.contains(&Receive::PostJson),
            xml: receive.contains(&Receive::PostXml),
            raw: false,
            query: receive.iter().all(|shape| *shape == Receive::GetQuery),
            redirect: false,
            stand: Stand::Callback(receive),
        };
        self.protects(&signature, at, &message);
        signature
    }

    fn received(
        &self,
        lowered: Lowered<'_>,
        entry: &Written,
        operation: Option<&ir::Operation>,
        (signature, receive): (&Signature, &[Receive]),
    ) -> ReceivedField {
        let equals = lowered.model.equals.as_ref().and_then(|equals| {
            let where_ = format!("field `{}` would have to be equal to it", lowered.field.name.wire);
            self.public_credential(equals, &where_).map(|(path, public)| match public {
                Public::Text | Public::Word => path,
            })
        });
        let echo = match (&lowered.model.echo, operation) {
            (Some(_), Some(operation)) => self.echo(&lowered, operation),
            (Some(echo), None) if entry.value.of.is_none() => {
                let message = format!(
                    "`echo: {echo}`: callback `{}` does not say which operation it answers",
                    entry.key
                );
                self.mistake(Code::UnknownField, echo.span, message, "add `of:`");
                None
            }
            _ => None,
        };
        let header = text_of(lowered.model.header.as_ref());
        let stand = header.as_deref().map_or(Stand::Callback(receive), Stand::Header);
        let unsigned = !self.is_covered(signature, &lowered.field, stand, "");
        let field = ReceivedField { field: lowered.field, header: header.clone(), equals, echo, unsigned };
        self.note_uncovered(&field, &format!("callback `{}`", entry.key), lowered.key);
        if field.equals.is_some() || field.echo.is_some() {
            let of = format!("callback `{}`", entry.key);
            self.must_be_covered((signature, stand), &field, lowered.key, &of);
        }
        field
    }

    /// `when`, `outcome`, `hint` and `compare`.
    fn meaning(&self, entry: &Written, lowered: &mut ir::Callback) {
        let callback = &entry.value;
        let of = format!("callback `{}`", entry.key);
        let fields: Vec<&ir::Field> = lowered.fields.iter().map(|field| &field.field).collect();
        let when = callback.when.as_ref().map(|when| self.condition(when, &fields, &of)).unwrap_or_default();
        self.told_by_text(entry, &when, &fields);
        let outcome = callback.outcome.as_ref().and_then(|outcome| match &outcome.value {
            TextOr::Other(said) => self.outcome(said, outcome.span, &fields, &of),
            TextOr::Text(_) => None,
        });
        let hint = callback.hint.as_ref().and_then(|hint| self.known_field(hint, hint.span, &fields, &of));
        let hint = hint.map(|field| field.name.clone());
        let compare = callback
            .compare
            .as_ref()
            .map(|names| self.compared(&names.value, lowered, &of))
            .unwrap_or_default();
        self.judged_by(entry, lowered, &when, outcome.as_ref());
        lowered.when = when;
        lowered.outcome = outcome;
        lowered.hint = hint;
        lowered.compare = compare;
        lowered.sent_at = callback.sent_at.as_ref().and_then(|name| self.sent_at(name, lowered, &of));
    }

    /// Notices are told apart before they are read, by what came.
    fn told_by_text(&self, entry: &Written, when: &ir::Condition, fields: &[&ir::Field]) {
        let is_text = |name: &ir::Name| {
            let field = fields.iter().find(|field| field.name == *name);
            field.is_some_and(|field| matches!(field.kind, ir::Kind::Text | ir::Kind::Enum(_)))
        };
        let Some(span) = entry.value.when.as_ref().map(|when| when.span) else { return };
        if when.0.iter().any(|(name, _)| !is_text(name)) {
            self.not_yet(span, "telling notices apart by a field that is no text or enumeration");
        }
    }

    /// The field that says when it was sent: a timestamp that is always there, and that every reading covers.
    fn sent_at(&self, name: &Spanned<String>, lowered: &ir::Callback, of: &str) -> Option<ir::Name> {
        let is_time = |received: &&ReceivedField| {
            received.field.required && matches!(received.field.kind, ir::Kind::Timestamp(_))
        };
        let times = || lowered.fields.iter().filter(is_time);
        let Some(found) = times().find(|received| received.field.name.wire == name.value) else {
            let message = format!("`sent_at: {name}`: {of} has no such required timestamp");
            let known = times().map(|received| received.field.name.wire.as_str());
            self.unknown(Code::UnknownField, name.span, message, name, known);
            return None;
        };
        if found.unsigned || matches!(lowered.signature, Signature::None { .. }) {
            let message = format!("`sent_at: {name}`: the signature of {of} does not cover it");
            let mend = "let it take part in every reading, or drop `sent_at`";
            self.mistake(Code::ToleranceOfUnsigned, name.span, message, mend);
        }
        Some(found.field.name.clone())
    }

    fn compared(&self, names: &[Spanned<String>], lowered: &ir::Callback, of: &str) -> Vec<ir::Name> {
        let fields: Vec<&ir::Field> = lowered.fields.iter().map(|field| &field.field).collect();
        let mut compared = Vec::new();
        for name in names {
            let Some(field) = self.known_field(name, name.span, &fields, of) else { continue };
            let received = lowered.fields.iter().find(|other| other.field.name == field.name);
            if received.is_some_and(|received| !field.required && received.echo.is_none()) {
                let message = format!("`compare` lists `{name}`, which may be absent and echoes nothing");
                self.mistake(Code::CompareOfNothing, name.span, message, "compare fields that you sent");
            }
            compared.push(field.name.clone());
        }
        compared
    }

    /// Whatever decides about an order must be signed.
    fn judged_by(
        &self,
        entry: &Written,
        lowered: &ir::Callback,
        when: &ir::Condition,
        outcome: Option<&ir::Outcome>,
    ) {
        let callback = &entry.value;
        let of = format!("callback `{}`", entry.key);
        let check = |wire: &str, span: Span| {
            if let Some(field) = lowered.fields.iter().find(|field| field.field.name.wire == wire) {
                let in_body = Stand::Callback(&lowered.receive);
                let stand = field.header.as_deref().map_or(in_body, Stand::Header);
                self.must_be_covered((&lowered.signature, stand), field, span, &of);
            }
        };
        let lists = callback.compare.iter().flat_map(|names| names.iter());
        for name in lists.chain(callback.once_per.iter().flat_map(|names| names.iter())) {
            check(name, name.span);
        }
        for ((name, _), span) in when.0.iter().zip(callback.when.iter().map(|when| when.span)) {
            check(&name.wire, span);
        }
        let span = callback.outcome.as_ref().map_or(entry.key.span, |outcome| outcome.span);
        if let Some(outcome) = outcome {
            let cases = outcome.cases.iter().flat_map(|case| &case.when.0).map(|(name, _)| name);
            for name in cases.chain(&outcome.from) {
                check(&name.wire, span);
            }
        }
    }

    /// What only a notice has, found on something else.
    fn only_for(&self, entry: &Written, keys: &[(&str, Option<Span>)], owner: &str) {
        for (word, span) in keys {
            if let Some(span) = span {
                let message = format!("`{word}` does not apply to callback `{}`", entry.key);
                self.mistake(Code::KeyDoesNotApply, *span, message, format!("it belongs to {owner}"));
            }
        }
    }

    fn of_a_browser(&self, entry: &Written, lowered: &mut ir::Callback) {
        let callback = &entry.value;
        if let Some(outcome) = &callback.outcome {
            let message = format!("callback `{}` is delivered by a browser and has an `outcome`", entry.key);
            self.mistake(Code::BrowserDecides, outcome.span, message, "browsers decide nothing: use `hint`");
            lowered.outcome = None;
        }
        let keys = [
            ("once_per", callback.once_per.as_ref().map(|key| key.span)),
            ("acknowledge", callback.acknowledge.as_ref().map(|key| key.span)),
            ("retries", callback.retries.as_ref().map(|key| key.span)),
        ];
        self.only_for(entry, &keys, "a notify");
    }
}
