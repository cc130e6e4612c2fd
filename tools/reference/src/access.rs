//! The head of a page: what the provider is, who says so, where it is reached, and what the merchant is given.

use payspec_codegen::ir::{
    Credential, CredentialKind, Decode, Encoding, Environment, HostAddress, KeyKind, RefreshAt, Space,
};

use crate::book::{Book, credential, operation_link, source, vouches};
use crate::document::{Block, Item, Mark, Section, Table, Text};
use crate::prose;
use crate::recipe::charset_name;
use crate::values::{Inside, length_words, seconds};

impl Book<'_> {
    /// Who says so, and what the marks of this page mean.
    pub(crate) fn sources_section(&self) -> Section {
        let columns = [("Source", 3), ("Kind", 3), ("Title", 6)];
        let rows = self.provider.sources.iter().map(|one| {
            let title = match &one.link {
                Some(link) => Text::default().and_web(link, &one.title),
                None => Text::plain(&one.title),
            };
            vec![Text::code(&one.id), Text::plain(vouches(one.mark)), title]
        });
        let table = Table::new("Sources", &columns).with(rows);
        let mut section = Section::new("sources", "Sources and marks");
        if table.rows.is_empty() {
            section.blocks.push(Block::Paragraph("The spec names no source.".into()));
        } else {
            section.blocks.push(Block::Table(table));
        }
        let marks =
            [Mark::Inferred, Mark::Unknown, Mark::Unsigned, Mark::Sensitive, Mark::Deprecated, Mark::Test];
        let legend = marks.map(|mark| (Text::default().and_mark(mark), Text::plain(mark.meaning())));
        section.with([
            Block::Paragraph(
                "Where no source stands beside something, the one around it counts: of a field the one of its operation."
                    .into(),
            ),
            Block::Facts(legend.into()),
        ])
    }

    /// Hosts, and what holds for every message.
    pub(crate) fn environments_section(&self) -> Section {
        let mut section = Section::new("environments", "Environments");
        if self.provider.environments.is_empty() {
            section
                .blocks
                .push(Block::Paragraph("Nothing is sent to this provider; it only calls back.".into()));
        } else {
            let columns = [("Environment", 3), ("Address", 5), ("For", 4)];
            let rows = self.provider.environments.iter().map(|one| self.environment_row(one));
            section.blocks.push(Block::Table(Table::new("Environments", &columns).with(rows)));
        }
        let encoding = match self.provider.defaults.encoding {
            Encoding::Fixed(charset) => Text::plain(charset_name(charset)),
            Encoding::Chosen(id) => {
                Text::plain("as the option ").and_code(&self.provider[id].field.name.wire).and(" says")
            }
        };
        let space = match self.provider.defaults.space {
            Space::Percent20 => "%20",
            Space::Plus => "+",
        };
        let mut facts = vec![
            ("Charset of messages".into(), encoding),
            ("A space in queries and forms".into(), Text::code(space)),
        ];
        if self.provider.defaults.zone.is_some() {
            facts.push(("Times without a zone".into(), Text::plain(self.zone())));
        }
        section.with([Block::Facts(facts)])
    }

    fn environment_row(&self, environment: &Environment) -> Vec<Text> {
        let Environment { name, doc, sources, test, hosts, plain_http } = environment;
        let named = self.provider.hosts.len() > 1;
        let mut addresses = Text::default();
        for (host, address) in self.provider.hosts.iter().zip(hosts) {
            let before = if named { Text::code(&host.wire).and(": ") } else { Text::default() };
            addresses = addresses.and_line(match address {
                HostAddress::Fixed(address) => before.and_code(address),
                HostAddress::Supplied => before.and("given to each merchant"),
            });
        }
        if *plain_http {
            addresses =
                addresses.and_line("http is offered as well; over it anybody can forge answers".into());
        }
        let name = Text::code(&name.wire);
        vec![
            if *test { name.and_mark(Mark::Test) } else { name },
            addresses,
            prose::inline(doc).and_line(self.source_line(sources, &[])),
        ]
    }

    /// What the merchant is given.
    pub(crate) fn credentials_section(&self) -> Section {
        let columns = [("Credential", 3), ("What it is", 4), ("Meaning", 5)];
        let mut table = Table::new("Credentials", &columns);
        for credential in &self.provider.credentials {
            self.credential_rows(credential, "", &mut table.rows);
        }
        Section::new("credentials", "Credentials").with([
            Block::Paragraph(
                "You get these from the provider, or make a key pair and exchange public keys.".into(),
            ),
            Block::Table(table),
        ])
    }

    fn credential_rows(&self, credential: &Credential, around: &str, rows: &mut Vec<Vec<Text>>) {
        let name = format!("{around}{}", credential.name.wire);
        let example = credential.example.as_ref().map(|example| Text::plain("Example: ").and_code(example));
        let meaning = prose::inline(&credential.doc)
            .and_line(example.unwrap_or_default())
            .and_line(self.source_line(&credential.sources, &[]));
        rows.push(vec![Text::code(&name), credential_kind(&credential.kind), meaning]);
        let CredentialKind::Choice(alternatives) = &credential.kind else { return };
        for alternative in alternatives {
            let case = Text::code(format!("{name} = {}", alternative.name.wire));
            let kind = Text::plain("alternative; the provider calls it ").and_code(&alternative.wire);
            let meaning =
                prose::inline(&alternative.doc).and_line(self.source_line(&alternative.sources, &[]));
            rows.push(vec![case, kind, meaning]);
            for member in &alternative.members {
                self.credential_rows(member, &format!("{name}.{}.", alternative.name.wire), rows);
            }
        }
    }

    /// What a client chooses once.
    pub(crate) fn options_section(&self) -> Section {
        let columns = [("Option", 3), ("Type and limits", 4), ("Meaning", 5)];
        let rows = self.provider.options.iter().map(|option| {
            let default = match &option.default {
                Some(default) => Text::plain("Unless chosen: ").and_code(default),
                None => Text::plain("Left out unless chosen."),
            };
            let example =
                option.field.example.as_ref().map(|example| Text::plain("Example: ").and_code(example));
            let meaning = prose::inline(&option.field.doc)
                .and_line(default)
                .and_line(example.unwrap_or_default())
                .and_line(self.source_line(&option.field.sources, &[]));
            vec![
                Text::code(&option.field.name.wire),
                self.type_and_limits(&option.field, Inside::Text),
                meaning,
            ]
        });
        let table = Table::new("Options", &columns).with(rows);
        let section = Section::new("options", "Options");
        if table.rows.is_empty() { section } else { section.with([Block::Table(table)]) }
    }

    /// The access token.
    pub(crate) fn token_section(&self) -> Section {
        let section = Section::new("token", "Access token");
        let Some(token) = &self.provider.token else { return section };
        let refresh = match token.refresh_at {
            RefreshAt::Percent(percent) => format!("when {percent} % of its lifetime are over"),
            RefreshAt::SecondsBefore(before) => format!("{} before its end", seconds(before)),
        };
        let mut facts = vec![
            ("Name".into(), Text::code(&token.name.wire)),
            (
                "Made by".into(),
                operation_link(&self.provider[token.create].name.wire)
                    .and("; the token is ")
                    .and_code(&token.value.wire)
                    .and(" of its reply, the lifetime in seconds ")
                    .and_code(&token.lifetime.wire),
            ),
            ("Renewed".into(), Text::plain(refresh).and("; and once when a code says that it has ended")),
        ];
        if let Some(shared) = &token.shared_by {
            facts.push((
                "Shared by".into(),
                Text::plain("all instances with the same ").and_text(credential(shared)),
            ));
        }
        if let Some(budget) = &token.budget {
            facts.push(("Budget".into(), Text::plain(budget)));
        }
        if !token.sources.is_empty() {
            facts
                .push(("Source".into(), Text::joined(token.sources.iter().map(|id| source(id)), ", ", ", ")));
        }
        section.with(prose::blocks(&token.doc)).with([Block::Facts(facts)])
    }

    /// The paragraphs above everything: what the provider is.
    pub(crate) fn lead(&self) -> Vec<Block> {
        let mut blocks = prose::blocks(&self.provider.doc);
        let count = |count: usize, one: &str, many: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            more => Some(format!("{more} {many}")),
        };
        let counts = [
            count(self.provider.operations.len(), "operation", "operations"),
            count(self.provider.callbacks.len(), "callback", "callbacks"),
        ];
        let counts = counts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let text = Text::plain("Reference of the payspec module ")
            .and_code(&self.provider.name)
            .and(format!(": {counts}. Before you go live: "))
            .and_section("go-live", "the checklist")
            .and(".");
        blocks.push(Block::Paragraph(text));
        blocks
    }
}

fn credential_kind(kind: &CredentialKind) -> Text {
    let secret =
        |more: &str| Text::default().and_strong("secret").and(format!(", {more}; it never leaves your side"));
    match kind {
        CredentialKind::Text { length } => {
            let length = length.map(length_words).filter(|words| !words.is_empty());
            Text::plain("public text").and(length.map_or(String::new(), |length| format!(", {length}")))
        }
        CredentialKind::Secret(Decode::Text) => secret("used as text"),
        CredentialKind::Secret(Decode::Hex) => secret("written in hex"),
        CredentialKind::Secret(Decode::Base64) => secret("written in base64"),
        CredentialKind::Key(kind) => key_kind(*kind),
        CredentialKind::Keys(kind) => key_kind(*kind).and("; several, each with an id that messages name"),
        CredentialKind::Choice(_) => Text::plain("one of the alternatives below"),
    }
}

fn key_kind(kind: KeyKind) -> Text {
    match kind {
        KeyKind::RsaPrivate => Text::plain("your ").and_strong("private").and(" RSA key: signs"),
        KeyKind::RsaPublic => Text::plain("the provider's public RSA key or certificate: verifies"),
        KeyKind::Sm2Private => Text::plain("your ").and_strong("private").and(" SM2 key (国密): signs"),
        KeyKind::Sm2Public => Text::plain("the provider's public SM2 key or certificate (国密): verifies"),
    }
}

/// A list of one text each.
pub(crate) fn list(texts: impl IntoIterator<Item = Text>) -> Block {
    Block::List(texts.into_iter().map(Item::from).collect())
}
