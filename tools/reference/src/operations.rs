//! Operations: what is sent, what comes back, what it means, and how the truth is found afterwards.

use payspec_codegen::ir::{
    Body, Carriage, Effect, Envelope, Method, Operation, ReceivedField, Reply, ReplyBody, ReplyShape,
    Resolution,
};

use crate::book::{Book, callback_link, operation_link};
use crate::codes;
use crate::document::{Block, Mark, Section, Table, Text};
use crate::fields::condition;
use crate::outcome;
use crate::prose;
use crate::values::Inside;

impl Book<'_> {
    /// All operations, with a table of them.
    pub(crate) fn operations_section(&self) -> Section {
        let mut section = Section::new("operations", "Operations: what you send");
        if self.provider.operations.is_empty() {
            return section;
        }
        let columns = [("Operation", 4), ("What it can do", 3), ("Carried", 5)];
        let rows = self.provider.operations.iter().map(|operation| {
            let name = operation_link(&operation.name.wire);
            let name = match &operation.title {
                Some(title) => name.and_line(Text::plain(title)),
                None => name,
            };
            vec![name, outcome::effect(operation.effect).into(), carried(operation)]
        });
        section.blocks.push(Block::Table(Table::new("Operations", &columns).with(rows)));
        section.sections =
            self.provider.operations.iter().map(|operation| self.operation(operation)).collect();
        section
    }

    fn operation(&self, operation: &Operation) -> Section {
        let id = format!("operation-{}", operation.name.wire);
        let title = Text::code(&operation.name.wire);
        let title = match &operation.title {
            Some(provider) => title.and(" ").and(provider),
            None => title,
        };
        let section = Section::new(&id, title)
            .with(prose::blocks(&operation.doc))
            .with([Block::Facts(self.operation_facts(operation))])
            .with(self.request_tables(operation))
            .with(self.rules(&operation.rules, &operation.sources));
        match &operation.reply {
            Some(reply) => self.with_reply(section, operation, reply),
            None => section.with([Block::Paragraph(
                "There is no reply: the browser is sent to the signed URL, and a callback or a query tells how it ended."
                    .into(),
            )]),
        }
    }

    fn operation_facts(&self, operation: &Operation) -> Vec<(Text, Text)> {
        let mut facts = vec![("Carried".into(), carried(operation))];
        if self.provider.hosts.len() > 1 {
            facts.push(("Host".into(), Text::code(&self.provider[operation.host].wire)));
        }
        facts.push(("In Rust".into(), in_rust(operation)));
        let effect = match (operation.effect, &operation.idempotent_by) {
            (Effect::None, _) => Text::plain("reads; it may be repeated at any time"),
            (effect, Some(field)) => Text::plain(outcome::effect(effect))
                .and("; the provider promises that repeating it with the same ")
                .and_code(&field.wire)
                .and(" is safe"),
            (effect, None) => {
                Text::plain(outcome::effect(effect)).and("; the client never repeats it by itself")
            }
        };
        facts.push(("Effect".into(), effect));
        if let Some(resolution) = &operation.resolved_by {
            facts.push(("After a time-out".into(), self.resolution(operation, resolution)));
        }
        facts.push(("Signature".into(), self.protection(&operation.signature)));
        if let Some(budget) = &operation.budget {
            facts.push(("Budget".into(), Text::plain(budget)));
        }
        if let Some(payload) = &operation.payload {
            let text = Text::code(&payload.name.wire).and_line(prose::inline(&payload.doc));
            facts.push(("Payload".into(), text));
        }
        if !operation.sources.is_empty() {
            facts.push(("Source".into(), self.sources(&operation.sources, &[])));
        }
        facts
    }

    /// How the truth is found when nobody knows how a call ended.
    pub(crate) fn resolution(&self, operation: &Operation, resolution: &Resolution) -> Text {
        let Resolution { operation: asked, fill, by_hand, callback } = resolution;
        let mut ways = Vec::new();
        if let Some(id) = asked {
            let asked = &self.provider[*id].name.wire;
            let filled = fill.iter().map(|(theirs, ours)| {
                let theirs_and_ours = Text::code(&theirs.wire);
                if theirs == ours { theirs_and_ours } else { theirs_and_ours.and(" = ").and_code(&ours.wire) }
            });
            let how = match by_hand {
                true => Text::plain(" (fill in its request by hand)"),
                false if fill.is_empty() => Text::default(),
                false => Text::plain(" with the same ").and_text(Text::joined(filled, ", ", " and ")),
            };
            ways.push(Text::plain("ask ").and_text(operation_link(asked)).and_text(how));
        }
        if let Some(id) = callback {
            ways.push(Text::plain("wait for ").and_text(callback_link(&self.provider[*id].name.wire)));
        }
        if ways.is_empty() {
            ways.push(Text::plain("only the provider can tell: ask its support").and_mark(Mark::Unknown));
        }
        let sources = self.sources_at(&["operations", &operation.name.wire, "resolved_by"]);
        Text::joined(ways, ", or ", ", or ").and_line(self.source_line(&sources, &operation.sources))
    }

    fn with_reply(&self, section: Section, operation: &Operation, reply: &Reply) -> Section {
        let envelope = &self.provider[reply.envelope];
        let name = &envelope.name.wire;
        let wrapped = Text::plain("The reply is wrapped as ")
            .and_item(&format!("envelope-{name}"), name)
            .and(" says; it is a success if ")
            .and_text(success(envelope));
        let wrapped = match &reply.member {
            Some(member) => wrapped.and(". Its data is in ").and_code(member).and("."),
            None => wrapped.and("."),
        };
        let section = section.with([Block::Paragraph(wrapped)]);
        let section = match &reply.shape {
            ReplyShape::Nothing => section.with([Block::Paragraph("It has no data of its own.".into())]),
            ReplyShape::Fields(fields) if fields.is_empty() => {
                section.with([Block::Paragraph("It has no data of its own.".into())])
            }
            ReplyShape::Fields(fields) => {
                let caption = format!("Reply of {}", operation.name.wire);
                let fields: Vec<&ReceivedField> = fields.iter().collect();
                section.with([self.received_table(&caption, &fields, &operation.sources)])
            }
            ReplyShape::Value(field) => {
                let text = Text::plain("Its data is a single value, ")
                    .and_code(&field.name.wire)
                    .and(" (")
                    .and_text(self.type_and_limits(field, Inside::Text))
                    .and("): ")
                    .and_text(prose::inline(&field.doc));
                let example =
                    field.example.as_ref().map(|example| Text::plain("Example: ").and_code(example));
                section.with([Block::Paragraph(text.and_line(example.unwrap_or_default()))])
            }
        };
        let section = match &reply.outcome {
            Some(outcome) => section.with(outcome::blocks(outcome)),
            None if operation.effect == Effect::None => section,
            None => section.with([Block::Paragraph(
                "A successful reply says nothing about money: it is never a payment.".into(),
            )]),
        };
        section.with(codes::of_operation(self.provider, operation, reply))
    }

    /// What wraps the replies.
    pub(crate) fn envelopes_section(&self) -> Section {
        let mut section = Section::new("replies", "Replies: what wraps them");
        section.sections = self.provider.envelopes.iter().map(|envelope| self.envelope(envelope)).collect();
        section
    }

    fn envelope(&self, envelope: &Envelope) -> Section {
        let name = &envelope.name.wire;
        let body = match envelope.body {
            ReplyBody::Json => "a JSON object",
            ReplyBody::Xml => "XML: the children of the root element",
        };
        let mut facts = vec![
            ("Body".into(), Text::plain(body)),
            ("Signature".into(), self.protection(&envelope.signature)),
            ("Success".into(), Text::plain("if ").and_text(success(envelope))),
        ];
        if let Some(code) = &envelope.code {
            facts.push(("Code that errors show".into(), Text::code(&code.wire)));
        }
        if let Some(message) = &envelope.message {
            facts.push(("Message that errors show".into(), Text::code(&message.wire)));
        }
        if let Some(data) = &envelope.data
            && let Some(fault) = &data.fault
        {
            let text =
                Text::code(fault).and(" comes instead of the data when the request was not understood");
            facts.push(("Fault".into(), text));
        }
        if !envelope.sources.is_empty() {
            facts.push(("Source".into(), self.sources(&envelope.sources, &[])));
        }
        let mut section = Section::new(&format!("envelope-{name}"), Text::code(name))
            .with(prose::blocks(&envelope.doc))
            .with([Block::Facts(facts)]);
        let tables =
            [("Members of every reply", &envelope.members), ("Inside the data", &envelope.data_fields)];
        for (caption, fields) in tables {
            if !fields.is_empty() {
                let fields: Vec<&ReceivedField> = fields.iter().collect();
                section.blocks.push(Block::Paragraph(Text::plain(caption).and(":")));
                section.blocks.push(self.received_table(
                    &format!("{caption} ({name})"),
                    &fields,
                    &envelope.sources,
                ));
            }
        }
        section
    }
}

fn success(envelope: &Envelope) -> Text {
    if envelope.success.0.is_empty() { "it can be read".into() } else { condition(&envelope.success) }
}

/// Method, path and body.
pub(crate) fn carried(operation: &Operation) -> Text {
    let method = match operation.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let line = Text::code(format!("{method} {}", operation.path));
    let line = match (operation.carriage, operation.body) {
        (Carriage::Redirect, _) => return line.and(", opened by the browser"),
        (_, Body::Query) => line.and(", query"),
        (_, Body::Form) => line.and(", form"),
        (_, Body::Json) => line.and(", JSON"),
        (_, Body::Xml) => line.and(", XML"),
        (_, Body::Raw) => line.and(", body as it is"),
    };
    match &operation.content_type {
        Some(kind) => line.and(" of type ").and_code(kind),
        None => line,
    }
}

fn in_rust(operation: &Operation) -> Text {
    let call = format!("client.{}(&{} {{ .. }})", operation.name.snake, operation.name.pascal);
    match operation.carriage {
        Carriage::Call => Text::code(format!("{call}.await")),
        Carriage::Redirect => Text::code(call).and(" gives the URL"),
    }
}
