//! What is in place before anything is sent: credentials, addresses, clocks, the store of a token, options.
//!
//! Keys of the wrong side and a clock that is off are what signatures fail of first. Credentials are sorted by whose they
//! are, because each kind has a mistake of its own.

use payspec_codegen::ir::{Credential, CredentialKind, FreshFormat, HostAddress, KeyKind, Origin};

use crate::book::{Book, credential};
use crate::document::{Item, Text};
use crate::prose;
use crate::values::seconds;

impl Book<'_> {
    pub(super) fn access_items(&self) -> Vec<Item> {
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
        let Sorted { names, own_keys, their_keys, mut secrets } = Sorted::of(&self.provider.credentials);
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
                || recipe.fresh.iter().any(|fresh| matches!(fresh.format, FreshFormat::Time(_)))
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
            Some(within) => text.and(format!("; what comes in may be {} away from now", seconds(within))),
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
}

/// The names of the credentials, by what has to be done about them.
#[derive(Default)]
struct Sorted {
    names: Vec<String>,
    own_keys: Vec<String>,
    their_keys: Vec<String>,
    secrets: Vec<String>,
}

impl Sorted {
    fn of(credentials: &[Credential]) -> Self {
        let mut sorted = Self::default();
        for credential in credentials {
            let name = &credential.name.wire;
            let CredentialKind::Choice(alternatives) = &credential.kind else {
                sorted.sort(credential, name.clone());
                continue;
            };
            for alternative in alternatives {
                for member in &alternative.members {
                    let path = format!("{name}.{}.{}", alternative.name.wire, member.name.wire);
                    sorted.sort(member, path);
                }
            }
        }
        sorted
    }

    fn sort(&mut self, credential: &Credential, name: String) {
        self.names.push(name.clone());
        match &credential.kind {
            CredentialKind::Secret(_) => self.secrets.push(name),
            CredentialKind::Key(kind) | CredentialKind::Keys(kind) => match kind {
                KeyKind::RsaPrivate | KeyKind::Sm2Private => self.own_keys.push(name),
                KeyKind::RsaPublic | KeyKind::Sm2Public => self.their_keys.push(name),
            },
            CredentialKind::Text { .. } | CredentialKind::Choice(_) => {}
        }
    }
}
