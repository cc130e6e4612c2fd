//! What has to be right about callbacks: notices that are reached, raw, compared and booked once; pages that say nothing.
//!
//! Each notice is an item of its own, in the order of its way: it comes in, its signature is checked, it is compared
//! with the order, booked, answered, and comes again. What the spec does not say about it is marked.

use payspec_codegen::ir::{Callback, Deliver};

use crate::book::{Book, callback_link};
use crate::callbacks::{acknowledge, receive, retries};
use crate::document::{Block, Item, Mark, Text};

impl Book<'_> {
    pub(super) fn callback_items(&self) -> Vec<Item> {
        let notices: Vec<&Callback> =
            self.provider.callbacks.iter().filter(|one| one.deliver == Deliver::Notify).collect();
        let mut items: Vec<Item> = Vec::new();
        if !notices.is_empty() {
            items.push(
                "The raw bytes of a notice reach the check: nothing before it parses the body, trims it, filters it or \
                 writes it anew, and no framework or proxy adds a parameter."
                    .into(),
            );
        }
        items.extend(notices.iter().map(|notice| self.notice_item(notice)));
        let returns = self.provider.callbacks.iter().filter(|one| one.deliver == Deliver::Return);
        items.extend(returns.map(|callback| {
            callback_link(&callback.name.wire)
                .and(": the page says that the payment is in progress; nothing is booked or delivered by it.")
                .into()
        }));
        items
    }

    /// What has to be right about one notice.
    fn notice_item(&self, callback: &Callback) -> Item {
        let mut below = vec![reached(callback)];
        if !callback.signature.recipes().is_empty() {
            below.push(
                Text::plain("one whose signature differs by ")
                    .and_text(self.recipe_links(&callback.signature))
                    .and(" is refused and logged; it is not a failed payment")
                    .into(),
            );
        }
        below.extend([compared(callback), booked_once(callback), paid_words(callback)]);
        let answer_sources = self.sources_at(&["callbacks", &callback.name.wire, "acknowledge"]);
        below.push(
            Text::plain("answer: ")
                .and_text(acknowledge(callback.acknowledge.as_ref()))
                .and_text(self.doubt(&answer_sources))
                .into(),
        );
        let retry_sources = self.sources_at(&["callbacks", &callback.name.wire, "retries"]);
        below.push(
            Text::plain("it comes again: ")
                .and_text(retries(callback.retries.as_ref()))
                .and_text(self.doubt(&retry_sources))
                .into(),
        );
        Item { text: callback_link(&callback.name.wire).and(":"), blocks: vec![Block::List(below)] }
    }
}

/// Where it comes in.
fn reached(callback: &Callback) -> Item {
    let shapes = Text::joined(callback.receive.iter().map(|shape| receive(*shape).into()), ", ", " or ");
    let address = match &callback.sent_to {
        Some(field) => Text::plain("; requests name it in ").and_code(&field.wire),
        None => Text::plain("; the provider has been told it"),
    };
    Text::plain("its address can be reached from the internet by https, and takes ")
        .and_text(shapes)
        .and_text(address)
        .into()
}

/// What it is compared with.
fn compared(callback: &Callback) -> Item {
    if callback.compare.is_empty() {
        Text::plain("the spec names no field to compare with your order; find one")
            .and_mark(Mark::Unknown)
            .into()
    } else {
        Text::codes(callback.compare.iter().map(|name| &name.wire))
            .and(" agree with your own order, or nothing is booked")
            .into()
    }
}

/// How its repetitions are recognised.
fn booked_once(callback: &Callback) -> Item {
    if callback.once_per.is_empty() {
        Text::plain("how repetitions are recognised is not known: recognise them by your own order")
            .and_mark(Mark::Unknown)
            .into()
    } else {
        Text::plain("it is booked once for each ")
            .and_text(Text::codes(callback.once_per.iter().map(|name| &name.wire)))
            .and(", in the same transaction as the mark that says so")
            .into()
    }
}

/// Which word of a notice is a payment.
fn paid_words(callback: &Callback) -> Item {
    match &callback.outcome {
        Some(_) => Text::plain("goods go out only when its outcome says ")
            .and_strong("paid")
            .and("; ")
            .and_strong("unknown")
            .and(" is neither a payment nor a failure")
            .into(),
        None => Text::plain("what it means for money is not said").and_mark(Mark::Unknown).into(),
    }
}
