//! What to ask the provider: what rests on inference, examples that nobody can reproduce, answers that nobody signs.
//!
//! A part of the spec counts as doubtful where its own source is none, and where that is not said of all around it
//! already, so that each doubt is named once, at its widest place.

use payspec_codegen::ir::{Callback, Envelope, Field, Operation, ReplyShape, Signature};

use crate::book::{Book, callback_link, operation_link};
use crate::document::{Block, Item, Text};
use crate::prose;

impl Book<'_> {
    /// What to ask the provider: what rests on inference, and examples that nobody can reproduce.
    pub(super) fn open_items(&self) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        let inferred = self.inferred();
        if !inferred.is_empty() {
            items.push(Item {
                text: Text::plain("No source vouches for these; have the provider confirm them:"),
                blocks: vec![Block::List(inferred.into_iter().map(Item::from).collect())],
            });
        }
        if !self.examples.unreproduced.is_empty() {
            let names = self
                .examples
                .unreproduced
                .iter()
                .map(|(vector, subject)| Text::code(vector).and(" (").and_code(subject).and(")").into());
            items.push(Item {
                text: Text::plain("Examples of the provider that no reading of its rule reproduces; ask what they were made with:"),
                blocks: vec![Block::List(names.collect())],
            });
        }
        let unsigned = self.provider.envelopes.iter().filter_map(|envelope| match &envelope.signature {
            Signature::None { reason } => Some((envelope, reason)),
            _ => None,
        });
        items.extend(unsigned.map(|(envelope, reason)| {
            Text::plain("Replies of ")
                .and_code(&envelope.name.wire)
                .and(" are not signed (")
                .and(reason)
                .and("): only TLS protects them, so certificates are checked and no proxy opens the connection.")
                .into()
        }));
        items
    }

    /// Everything that rests on inference, by its place in the spec.
    fn inferred(&self) -> Vec<Text> {
        let mut doubts = Doubts { book: self, found: Vec::new() };
        for environment in &self.provider.environments {
            let link = Text::plain("environment ").and_item("environments", &environment.name.wire);
            doubts.look(link, Text::default(), &environment.sources, &[]);
        }
        for recipe in &self.provider.recipes {
            let name = &recipe.name.wire;
            let link = Text::plain("recipe ").and_item(&format!("signature-{name}"), name);
            doubts.look(link, Text::default(), &self.sources_of_recipe(name), &[]);
        }
        self.provider.operations.iter().for_each(|operation| doubts.operation(operation));
        self.provider.envelopes.iter().for_each(|envelope| doubts.envelope(envelope));
        self.provider.callbacks.iter().for_each(|callback| doubts.callback(callback));
        doubts.found
    }
}

/// What rests on inference, as it is found.
struct Doubts<'b> {
    book: &'b Book<'b>,
    found: Vec<Text>,
}

impl Doubts<'_> {
    /// Notes a part of what `link` leads to, if nobody vouches for it, and its surroundings do not say so already.
    fn look(&mut self, link: Text, part: Text, sources: &[String], around: &[String]) {
        let is_doubtful = sources.iter().any(|id| id == "inferred" || id == "unknown");
        if is_doubtful && sources != around {
            let text = if part.is_empty() { link } else { link.and(": ").and_text(part) };
            self.found.push(text.and_text(self.book.doubt(sources)));
        }
    }

    fn operation(&mut self, operation: &Operation) {
        let name = &operation.name.wire;
        let link = || operation_link(name);
        self.look(link(), Text::default(), &operation.sources, &[]);
        let envelope = operation.reply.as_ref().map(|reply| &self.book.provider[reply.envelope].sources);
        for sent in &operation.request {
            let is_common = envelope.is_some_and(|envelope| *envelope == sent.field.sources);
            let around = if is_common { &sent.field.sources } else { &operation.sources };
            self.look(link(), named(&sent.field), &sent.field.sources, around);
        }
        if let Some(ReplyShape::Fields(fields)) = operation.reply.as_ref().map(|reply| &reply.shape) {
            for received in fields {
                self.look(link(), named(&received.field), &received.field.sources, &operation.sources);
            }
        }
        for rule in &operation.rules {
            let words = rule.doc.as_deref().map_or("a rule".into(), prose::inline);
            self.look(link(), words, &rule.sources, &operation.sources);
        }
        let resolved = self.book.sources_at(&["operations", name, "resolved_by"]);
        self.look(link(), Text::code("resolved_by"), &resolved, &operation.sources);
    }

    fn envelope(&mut self, envelope: &Envelope) {
        let name = &envelope.name.wire;
        let link = || Text::default().and_item(&format!("envelope-{name}"), name);
        self.look(link(), Text::default(), &envelope.sources, &[]);
        for received in envelope.members.iter().chain(&envelope.data_fields) {
            self.look(link(), named(&received.field), &received.field.sources, &envelope.sources);
        }
    }

    fn callback(&mut self, callback: &Callback) {
        let name = &callback.name.wire;
        let link = || callback_link(name);
        self.look(link(), Text::default(), &callback.sources, &[]);
        for received in &callback.fields {
            self.look(link(), named(&received.field), &received.field.sources, &callback.sources);
        }
        for key in ["acknowledge", "retries"] {
            let sources = self.book.sources_at(&["callbacks", name, key]);
            self.look(link(), Text::code(key), &sources, &callback.sources);
        }
    }
}

fn named(field: &Field) -> Text {
    Text::code(&field.name.wire)
}
