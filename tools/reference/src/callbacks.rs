//! Callbacks: what comes in, what of it is signed, what it means, how it is answered and when it comes again.

use payspec_codegen::ir::{Acknowledge, Callback, Deliver, Receive, ReceivedField, Retries, Signature};

use crate::book::{Book, operation_link};
use crate::document::{Block, Mark, Section, Table, Text};
use crate::fields::condition;
use crate::outcome;
use crate::prose;
use crate::values::seconds;

impl Book<'_> {
    /// All callbacks.
    pub(crate) fn callbacks_section(&self) -> Section {
        let mut section = Section::new("callbacks", "Callbacks: what comes in");
        if self.provider.callbacks.is_empty() {
            return section;
        }
        let columns = [("Callback", 4), ("How it comes", 4), ("After", 4)];
        let rows = self.provider.callbacks.iter().map(|callback| {
            let name =
                Text::default().and_item(&format!("callback-{}", callback.name.wire), &callback.name.wire);
            let name = match &callback.title {
                Some(title) => name.and_line(Text::plain(title)),
                None => name,
            };
            let after = callback.of.map(|id| operation_link(&self.provider[id].name.wire));
            vec![name, deliver(callback.deliver).into(), after.unwrap_or_default()]
        });
        section.blocks.push(Block::Table(Table::new("Callbacks", &columns).with(rows)));
        section.sections = self.provider.callbacks.iter().map(|callback| self.callback(callback)).collect();
        section
    }

    fn callback(&self, callback: &Callback) -> Section {
        let title = Text::code(&callback.name.wire);
        let title = match &callback.title {
            Some(provider) => title.and(" ").and(provider),
            None => title,
        };
        let fields: Vec<&ReceivedField> = callback.fields.iter().collect();
        let caption = format!("Fields of {}", callback.name.wire);
        let section = Section::new(&format!("callback-{}", callback.name.wire), title)
            .with(prose::blocks(&callback.doc))
            .with([Block::Facts(self.callback_facts(callback))]);
        let section = if fields.is_empty() {
            section
        } else {
            section.with([self.received_table(&caption, &fields, &callback.sources)])
        };
        let section = section.with(unsigned_notice(callback));
        match &callback.outcome {
            Some(outcome) => section.with(outcome::blocks(outcome)),
            None if callback.deliver == Deliver::Return => section.with([Block::Notice(
                "It comes through the buyer's browser and decides nothing: show that the payment is in progress.".into(),
            )]),
            None => section.with([Block::Paragraph(
                Text::plain("What it means for money is not said.").and_mark(Mark::Unknown),
            )]),
        }
    }

    fn callback_facts(&self, callback: &Callback) -> Vec<(Text, Text)> {
        let mut facts: Vec<(Text, Text)> = vec![
            ("Comes".into(), deliver(callback.deliver).into()),
            (
                "As".into(),
                Text::joined(callback.receive.iter().map(|shape| receive(*shape).into()), ", ", " or "),
            ),
        ];
        if let Some(id) = callback.of {
            facts.push(("After".into(), operation_link(&self.provider[id].name.wire)));
        }
        let sent_to = match &callback.sent_to {
            Some(field) => Text::plain("the address in ").and_code(&field.wire).and(" of the request"),
            None => Text::plain("an address that the provider was told otherwise; no request names it"),
        };
        facts.push(("Sent to".into(), sent_to));
        if !callback.when.0.is_empty() {
            let text =
                Text::plain("if ").and_text(condition(&callback.when)).and("; others share the address");
            facts.push(("Is this one".into(), text));
        }
        facts.push((
            "In Rust".into(),
            Text::code(format!("client.verify_{}(&incoming)", callback.name.snake))
                .and(" takes the raw message"),
        ));
        facts.push(("Signature".into(), self.protection(&callback.signature)));
        if let Some(field) = &callback.sent_at {
            facts
                .push(("Was sent".into(), Text::plain("at ").and_code(&field.wire).and(", which is signed")));
        }
        if let Some(hint) = &callback.hint {
            facts.push(("Hint".into(), Text::code(&hint.wire).and(" looks like a result and is none")));
        }
        if callback.deliver == Deliver::Notify {
            facts.extend(self.duties(callback));
        }
        if !callback.sources.is_empty() {
            facts.push(("Source".into(), self.sources(&callback.sources, &[])));
        }
        facts
    }

    /// What the receiver of a notice has to do.
    fn duties(&self, callback: &Callback) -> Vec<(Text, Text)> {
        let name = callback.name.wire.as_str();
        let compare = if callback.compare.is_empty() {
            Text::plain(
                "the spec names no field: a signature proves who sent it, not that it is about the right order",
            )
        } else {
            Text::codes(callback.compare.iter().map(|name| &name.wire))
                .and(" with your own order, before you book")
        };
        let once = if callback.once_per.is_empty() {
            Text::plain("what repetitions have in common is not known").and_mark(Mark::Unknown)
        } else {
            Text::plain("repetitions agree in ")
                .and_text(Text::codes(callback.once_per.iter().map(|name| &name.wire)))
                .and(": book once, answer every time")
        };
        let answer_sources = self.sources_at(&["callbacks", name, "acknowledge"]);
        let retry_sources = self.sources_at(&["callbacks", name, "retries"]);
        vec![
            ("Compare".into(), compare),
            ("Duplicates".into(), once),
            (
                "Answer".into(),
                acknowledge(callback.acknowledge.as_ref())
                    .and_line(self.source_line(&answer_sources, &callback.sources)),
            ),
            (
                "Comes again".into(),
                retries(callback.retries.as_ref())
                    .and_line(self.source_line(&retry_sources, &callback.sources)),
            ),
        ]
    }
}

/// How a notice is answered.
pub(crate) fn acknowledge(acknowledge: Option<&Acknowledge>) -> Text {
    let Some(Acknowledge { accepted, again, content_type }) = acknowledge else {
        return Text::plain("how the provider wants it is not known").and_mark(Mark::Unknown);
    };
    Text::plain("when it is booked, exactly ")
        .and_code(accepted)
        .and("; to have it again ")
        .and_code(again)
        .and("; as ")
        .and_code(content_type)
}

/// When a notice comes again.
pub(crate) fn retries(retries: Option<&Retries>) -> Text {
    let Some(Retries { after, times, within: _, doc }) = retries else {
        return Text::plain("when and how often is not known").and_mark(Mark::Unknown);
    };
    let text = prose::inline(doc);
    let text = if times.is_none() && after.is_empty() { text.and_mark(Mark::Unknown) } else { text };
    let total: u64 = after.iter().sum();
    if after.len() > 1 {
        text.and(format!(" The last one comes {} after the first.", seconds(total)))
    } else {
        text
    }
}

/// What nobody has signed, at once.
fn unsigned_notice(callback: &Callback) -> Option<Block> {
    if let Signature::None { reason } = &callback.signature {
        return Some(Block::Notice(Text::plain("Nothing of it is signed: ").and(reason)));
    }
    let unsigned: Vec<&str> = callback
        .fields
        .iter()
        .filter(|field| field.unsigned)
        .map(|field| field.field.name.wire.as_str())
        .collect();
    if unsigned.is_empty() {
        return None;
    }
    Some(Block::Notice(
        Text::plain("No signature covers ")
            .and_text(Text::codes(unsigned))
            .and(": decide nothing by what anybody could have changed."),
    ))
}

pub(crate) fn deliver(deliver: Deliver) -> &'static str {
    match deliver {
        Deliver::Notify => "server to server (异步通知)",
        Deliver::Return => "through the buyer's browser (同步跳转)",
    }
}

pub(crate) fn receive(receive: Receive) -> &'static str {
    match receive {
        Receive::PostForm => "POST with a form",
        Receive::PostJson => "POST with JSON",
        Receive::PostXml => "POST with XML",
        Receive::PostMultipart => "POST with a multipart form",
        Receive::GetQuery => "GET with a query",
    }
}
