//! The checklist before going live: made from what the spec says or implies, and from nothing else.
//!
//! Each item answers a way in which integrations of this field have lost money or time: keys of the wrong side, a
//! clock that is off, a proxy that adds a parameter, a body that was parsed before it was verified, a notice that is
//! booked twice or for another order, a time-out that is taken for a failure.

use payspec_codegen::ir::{
    Callback, Carriage, Credential, CredentialKind, Deliver, Effect, ErrorKind, HostAddress, KeyKind,
    Operation, Origin, ReplyShape, Signature, Word,
};

use crate::book::{Book, callback_link, credential, operation_link};
use crate::callbacks::{acknowledge, receive, retries};
use crate::document::{Block, Item, Mark, Section, Text};
use crate::prose;

impl Book<'_> {
    /// The chapter.
    pub(crate) fn checklist_section(&self) -> Section {
        let mut section = Section::new("go-live", "Go-live checklist").with([Block::Paragraph(
            "What this spec says or implies, to be ticked off before real money moves.".into(),
        )]);
        let chapters = [
            ("go-live-access", "Keys and addresses", self.access_items()),
            ("go-live-calls", "Calls", self.call_items()),
            ("go-live-callbacks", "Callbacks", self.callback_items()),
            ("go-live-open", "Open questions", self.open_items()),
        ];
        let chapters = chapters.into_iter().filter(|(_, _, items)| !items.is_empty());
        section.sections = chapters
            .map(|(id, title, items)| Section::new(id, title).with([Block::Checklist(items)]))
            .collect();
        section
    }

    fn access_items(&self) -> Vec<Item> {
        let mut items = Vec::new();
        items.extend(self.credential_items());
        for environment in self.provider.environments.iter().filter(|one| !one.test) {
            let name = Text::plain("Environment ").and_code(&environment.name.wire);
            let supplied = environment.hosts.contains(&HostAddress::Supplied);
            let text = if supplied {
                name.and(": put in the address that you were given")
            } else {
                name.and(" is chosen")
            };
            items.push(text.and(". ").and_text(prose::inline(&environment.doc)).into());
            if environment.plain_http {
                items.push("The address begins with https: over http anybody can forge answers.".into());
            }
        }
        let has_test = self.provider.environments.iter().any(|one| one.test);
        if !has_test && !self.provider.environments.is_empty() {
            items.push(
                "There is no test environment: the first payments are real ones. Begin with a small amount, and pay it back."
                    .into(),
            );
        }
        items.extend(self.clock_item());
        items.extend(self.token_item());
        items.extend(self.provider.options.iter().map(|option| {
            Text::plain("The option ")
                .and_item("options", &option.field.name.wire)
                .and(" has the value that you agreed on with the provider.")
                .into()
        }));
        items
    }

    fn credential_items(&self) -> Vec<Item> {
        let mut names = Vec::new();
        let mut own_keys = Vec::new();
        let mut their_keys = Vec::new();
        let mut secrets = Vec::new();
        let mut sort = |credential: &Credential, name: String| {
            names.push(name.clone());
            match &credential.kind {
                CredentialKind::Secret(_) => secrets.push(name),
                CredentialKind::Key(kind) | CredentialKind::Keys(kind) => match kind {
                    KeyKind::RsaPrivate | KeyKind::Sm2Private => own_keys.push(name),
                    KeyKind::RsaPublic | KeyKind::Sm2Public => their_keys.push(name),
                },
                CredentialKind::Text { .. } | CredentialKind::Choice(_) => {}
            }
        };
        for credential in &self.provider.credentials {
            match &credential.kind {
                CredentialKind::Choice(alternatives) => {
                    for (alternative, member) in alternatives
                        .iter()
                        .flat_map(|one| one.members.iter().map(move |member| (one, member)))
                    {
                        let path = format!(
                            "{}.{}.{}",
                            credential.name.wire, alternative.name.wire, member.name.wire
                        );
                        sort(member, path);
                    }
                }
                _ => sort(credential, credential.name.wire.clone()),
            }
        }
        let mut items = vec![
            Text::plain("The credentials of production are in place, not those of a test: ")
                .and_text(Text::codes(&names))
                .and(".")
                .into(),
        ];
        secrets.extend(own_keys.iter().cloned());
        if !secrets.is_empty() {
            items.push(
                Text::codes(&secrets)
                    .and(": kept in a secret store, not in the source code, and in no log.")
                    .into(),
            );
        }
        if !own_keys.is_empty() {
            items.push(
                Text::plain("The provider has the public key that belongs to ")
                    .and_text(Text::codes(&own_keys))
                    .and(".")
                    .into(),
            );
        }
        if !their_keys.is_empty() {
            items.push(
                Text::codes(&their_keys)
                    .and(": the provider's public key, not your own. A key of your own verifies nothing that comes in.")
                    .into(),
            );
        }
        items
    }

    /// Messages that carry the time are refused when the clock is off.
    fn clock_item(&self) -> Option<Item> {
        let from_clock = self.provider.operations.iter().flat_map(|one| &one.request);
        let mut fields: Vec<&str> = Vec::new();
        for sent in from_clock.filter(|sent| sent.origin == Origin::Now) {
            if !fields.contains(&sent.field.name.wire.as_str()) {
                fields.push(&sent.field.name.wire);
            }
        }
        let is_fresh_time = self.provider.recipes.iter().any(|recipe| {
            recipe.tolerance.is_some()
                || recipe
                    .fresh
                    .iter()
                    .any(|fresh| matches!(fresh.format, payspec_codegen::ir::FreshFormat::Time(_)))
        });
        if fields.is_empty() && !is_fresh_time {
            return None;
        }
        let text = Text::plain("The clocks of all machines are kept right (NTP)");
        let text = if fields.is_empty() {
            text.and(": the time is part of what is signed")
        } else {
            text.and(": they fill in ").and_text(Text::codes(fields))
        };
        let tolerance = self.provider.recipes.iter().filter_map(|recipe| recipe.tolerance.as_ref());
        let text = match tolerance.map(|tolerance| tolerance.within).min() {
            Some(within) => {
                text.and(format!("; what comes in may be {} away from now", crate::values::seconds(within)))
            }
            None => text,
        };
        Some(text.and(".").into())
    }

    fn token_item(&self) -> Option<Item> {
        let token = self.provider.token.as_ref()?;
        let text = Text::plain("All instances share one ").and_section("token", "access token");
        let text = match &token.shared_by {
            Some(path) => text.and(" for each ").and_text(credential(path)),
            None => text,
        };
        let text = text.and(": put a shared store behind the client as soon as there are two of them");
        let text = match &token.budget {
            Some(budget) => text.and(" (budget: ").and(budget).and(")"),
            None => text,
        };
        Some(text.and(".").into())
    }

    fn call_items(&self) -> Vec<Item> {
        let mut items = Vec::new();
        let moving = self.provider.operations.iter().filter(|one| one.effect != Effect::None);
        items.extend(moving.filter_map(|operation| self.time_out_item(operation)));
        items.extend(self.provider.operations.iter().filter_map(pending_item));
        let redirects = self.provider.operations.iter().filter(|one| one.carriage == Carriage::Redirect);
        items.extend(redirects.map(|operation| {
            operation_link(&operation.name.wire)
                .and(": nothing between you and the browser adds a parameter to the URL or changes one.")
                .into()
        }));
        items.extend(self.code_items());
        items
    }

    fn time_out_item(&self, operation: &Operation) -> Option<Item> {
        if operation.carriage == Carriage::Redirect {
            return None;
        }
        let text = operation_link(&operation.name.wire).and(": a time-out is not a failure");
        Some(match &operation.resolved_by {
            Some(resolution) => {
                text.and(". To find out: ").and_text(self.resolution(operation, resolution)).into()
            }
            None => text.and("; nobody says how to find out.").and_mark(Mark::Unknown).into(),
        })
    }

    fn code_items(&self) -> Vec<Item> {
        let codes = self.provider.operations.iter().filter_map(|one| one.reply.as_ref());
        let kinds: Vec<ErrorKind> =
            codes.flat_map(|reply| reply.errors.iter().map(|code| code.kind)).collect();
        let mut items: Vec<Item> = Vec::new();
        if kinds.contains(&ErrorKind::Duplicate) {
            items.push(
                Text::plain("A code of the kind ")
                    .and_strong("duplicate")
                    .and(" is not shown to the buyer as a failed payment: it is what a repeated success looks like.")
                    .into(),
            );
        }
        if kinds.contains(&ErrorKind::Configuration) {
            items.push(
                Text::plain("Codes of the kind ")
                    .and_strong("configuration")
                    .and(" wake an operator (see ")
                    .and_section("codes", "codes")
                    .and(").")
                    .into(),
            );
        }
        if self.provider.operations.iter().any(|one| one.reply.is_some()) {
            items.push("An order whose outcome is unknown stays open: no goods, no second payment, until the truth is found.".into());
        }
        items
    }

    fn callback_items(&self) -> Vec<Item> {
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
        let shapes = Text::joined(callback.receive.iter().map(|shape| receive(*shape).into()), ", ", " or ");
        let address = match &callback.sent_to {
            Some(field) => Text::plain("; requests name it in ").and_code(&field.wire),
            None => Text::plain("; the provider has been told it"),
        };
        let mut below: Vec<Item> = vec![
            Text::plain("its address can be reached from the internet by https, and takes ")
                .and_text(shapes)
                .and_text(address)
                .into(),
        ];
        if !callback.signature.recipes().is_empty() {
            below.push(
                Text::plain("one whose signature differs by ")
                    .and_text(self.recipe_links(&callback.signature))
                    .and(" is refused and logged; it is not a failed payment")
                    .into(),
            );
        }
        below.push(if callback.compare.is_empty() {
            Text::plain("the spec names no field to compare with your order; find one")
                .and_mark(Mark::Unknown)
                .into()
        } else {
            Text::codes(callback.compare.iter().map(|name| &name.wire))
                .and(" agree with your own order, or nothing is booked")
                .into()
        });
        below.push(if callback.once_per.is_empty() {
            Text::plain("how repetitions are recognised is not known: recognise them by your own order")
                .and_mark(Mark::Unknown)
                .into()
        } else {
            Text::plain("it is booked once for each ")
                .and_text(Text::codes(callback.once_per.iter().map(|name| &name.wire)))
                .and(", in the same transaction as the mark that says so")
                .into()
        });
        below.push(paid_words(callback));
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

    /// The marks of sources that are none.
    fn doubt(&self, sources: &[String]) -> Text {
        let marks = sources.iter().filter_map(|id| match id.as_str() {
            "inferred" => Some(Mark::Inferred),
            "unknown" => Some(Mark::Unknown),
            _ => None,
        });
        marks.fold(Text::default(), |text, mark| text.and(" ").and_text(Text::default().and_mark(mark)))
    }

    /// What to ask the provider: what rests on inference, and examples that nobody can reproduce.
    fn open_items(&self) -> Vec<Item> {
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
        let is_doubtful = |sources: &[String]| sources.iter().any(|id| id == "inferred" || id == "unknown");
        let mut found = Vec::new();
        let name = |name: &payspec_codegen::ir::Field| Text::code(&name.name.wire);
        let mut look = |link: Text, more: Text, sources: &[String], around: &[String]| {
            if is_doubtful(sources) && sources != around {
                let text = if more.is_empty() { link } else { link.and(": ").and_text(more) };
                found.push(text.and_text(self.doubt(sources)));
            }
        };
        for environment in &self.provider.environments {
            let link = Text::plain("environment ").and_item("environments", &environment.name.wire);
            look(link, Text::default(), &environment.sources, &[]);
        }
        for recipe in &self.provider.recipes {
            let link = Text::plain("recipe ")
                .and_item(&format!("signature-{}", recipe.name.wire), &recipe.name.wire);
            look(link, Text::default(), &self.sources_of_recipe(&recipe.name.wire), &[]);
        }
        for operation in &self.provider.operations {
            let operation_name = &operation.name.wire;
            look(operation_link(operation_name), Text::default(), &operation.sources, &[]);
            let envelope = operation.reply.as_ref().map(|reply| &self.provider[reply.envelope].sources);
            for sent in &operation.request {
                let is_common = envelope.is_some_and(|envelope| *envelope == sent.field.sources);
                let around = if is_common { &sent.field.sources } else { &operation.sources };
                look(operation_link(operation_name), name(&sent.field), &sent.field.sources, around);
            }
            if let Some(ReplyShape::Fields(fields)) = operation.reply.as_ref().map(|reply| &reply.shape) {
                for received in fields {
                    look(
                        operation_link(operation_name),
                        name(&received.field),
                        &received.field.sources,
                        &operation.sources,
                    );
                }
            }
            for rule in &operation.rules {
                let words = rule.doc.as_deref().map_or("a rule".into(), prose::inline);
                look(operation_link(operation_name), words, &rule.sources, &operation.sources);
            }
            let resolved = self.sources_at(&["operations", operation_name, "resolved_by"]);
            look(operation_link(operation_name), Text::code("resolved_by"), &resolved, &operation.sources);
        }
        for envelope in &self.provider.envelopes {
            let link =
                || Text::default().and_item(&format!("envelope-{}", envelope.name.wire), &envelope.name.wire);
            look(link(), Text::default(), &envelope.sources, &[]);
            for received in envelope.members.iter().chain(&envelope.data_fields) {
                look(link(), name(&received.field), &received.field.sources, &envelope.sources);
            }
        }
        for callback in &self.provider.callbacks {
            let callback_name = &callback.name.wire;
            look(callback_link(callback_name), Text::default(), &callback.sources, &[]);
            for received in &callback.fields {
                look(
                    callback_link(callback_name),
                    name(&received.field),
                    &received.field.sources,
                    &callback.sources,
                );
            }
            for key in ["acknowledge", "retries"] {
                look(
                    callback_link(callback_name),
                    Text::code(key),
                    &self.sources_at(&["callbacks", callback_name, key]),
                    &callback.sources,
                );
            }
        }
        found
    }
}

/// A payment that a reply leaves open has to be looked up.
fn pending_item(operation: &Operation) -> Option<Item> {
    let outcome = operation.reply.as_ref()?.outcome.as_ref()?;
    let is_always = outcome.cases.is_empty() && outcome.from.is_none() && outcome.otherwise == Word::Pending;
    (is_always && operation.effect != Effect::None).then(|| {
        operation_link(&operation.name.wire)
            .and(": a successful reply means accepted, not done; somebody looks up how it ended.")
            .into()
    })
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
