//! The section `credentials`: what the merchant was given.

use super::{Context, text_of};
use crate::diagnostic::{Code, Span};
use crate::ir;
use crate::model;
use crate::read::{Entry, Map, Node, Spanned, from_node};

impl Context<'_> {
    /// The section `credentials`.
    pub(super) fn lower_credentials(&self) -> Vec<ir::Credential> {
        let Some(section) = &self.file.credentials else { return Vec::new() };
        let all: Vec<_> =
            section.iter().map(|entry| (self.credential(entry, true), entry.key.span)).collect();
        self.distinct_names(all.iter().map(|(credential, span)| (&credential.name, *span)));
        all.into_iter().map(|(credential, _)| credential).collect()
    }

    fn credential(&self, entry: &Entry<Spanned<model::Credential>>, may_choose: bool) -> ir::Credential {
        let (key, credential) = (&entry.key, &entry.value);
        self.accept(&credential.accepts, Some(key.span.to(credential.span)));
        let name = self.entry_name("a credential", key);
        self.example_can_be_decoded(credential);
        ir::Credential {
            name,
            kind: self.credential_kind(key, credential, may_choose),
            doc: self.doc(credential.doc.as_ref(), &format!("credential `{key}`"), key.span),
            sources: self.sources(credential.source.as_ref(), &[]),
            example: text_of(credential.example.as_ref()),
        }
    }

    fn credential_kind(
        &self,
        key: &Spanned<String>,
        credential: &Spanned<model::Credential>,
        may_choose: bool,
    ) -> ir::CredentialKind {
        let model::Credential { text, secret, key: key_kind, choice, .. } = &credential.value;
        let stand_in = ir::CredentialKind::Text { length: None };
        self.one_kind(key, credential);
        self.kind_has_keys(credential);
        if let Some(text) = text {
            ir::CredentialKind::Text { length: self.length(text, None) }
        } else if let Some(secret) = secret {
            self.length(secret, None);
            ir::CredentialKind::Secret(decode(credential))
        } else if let Some(kind) = key_kind {
            self.key_kind(kind, credential.many.as_ref())
        } else if let Some(choice) = choice {
            if !may_choose {
                let message = format!("credential `{key}` is a choice inside a choice");
                self.mistake(Code::KeyDoesNotApply, key.span, message, "name all alternatives in one choice");
                return stand_in;
            }
            ir::CredentialKind::Choice(
                choice.iter().map(|entry| self.alternative(&entry.key, &entry.value)).collect(),
            )
        } else {
            stand_in
        }
    }

    /// One key, or several with an id each.
    fn key_kind(
        &self,
        kind: &Spanned<model::KeyKind>,
        many: Option<&Spanned<model::Many>>,
    ) -> ir::CredentialKind {
        let lowered = match kind.value {
            model::KeyKind::RsaPrivate => ir::KeyKind::RsaPrivate,
            model::KeyKind::RsaPublic => ir::KeyKind::RsaPublic,
            model::KeyKind::Sm2Private => ir::KeyKind::Sm2Private,
            model::KeyKind::Sm2Public => ir::KeyKind::Sm2Public,
        };
        let Some(many) = many else { return ir::CredentialKind::Key(lowered) };
        if matches!(lowered, ir::KeyKind::RsaPrivate | ir::KeyKind::Sm2Private) {
            self.not_yet(many.span, "a private key that is many");
        }
        ir::CredentialKind::Keys(lowered)
    }

    /// A made-up secret is written like a real one: the fake provider uses it.
    fn example_can_be_decoded(&self, credential: &model::Credential) {
        let Some(example) = &credential.example else { return };
        let bytes = example.as_bytes();
        let (fits, word) = match decode(credential) {
            ir::Decode::Text => return,
            ir::Decode::Hex => {
                (bytes.len().is_multiple_of(2) && bytes.iter().all(u8::is_ascii_hexdigit), "hex")
            }
            ir::Decode::Base64 => {
                let digits = example.trim_end_matches('=');
                let is_digit = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
                let is_whole = bytes.len().is_multiple_of(4) && bytes.len() - digits.len() <= 2;
                (is_whole && digits.bytes().all(is_digit), "base64")
            }
        };
        if !fits || bytes.is_empty() {
            let message = format!("example `{example}` is not {word}, as `decode` says");
            self.mistake(Code::BadExample, example.span, message, "make up another one");
        }
    }

    /// `decode` belongs to secrets, `many` to keys.
    fn kind_has_keys(&self, credential: &model::Credential) {
        let decode = credential.decode.as_ref().filter(|_| credential.secret.is_none());
        let many = credential.many.as_ref().filter(|_| credential.key.is_none());
        for (word, span, owner) in [
            ("decode", decode.map(|said| said.span), "secrets"),
            ("many", many.map(|said| said.span), "keys"),
        ] {
            if let Some(span) = span {
                let message = format!("`{word}` does not apply to this credential");
                self.mistake(Code::KeyDoesNotApply, span, message, format!("it belongs to {owner}"));
            }
        }
    }

    fn one_kind(&self, key: &Spanned<String>, credential: &Spanned<model::Credential>) {
        let model::Credential { text, secret, key: key_kind, choice, .. } = &credential.value;
        let kinds = [text.is_some(), secret.is_some(), key_kind.is_some(), choice.is_some()];
        let mend = "the kinds are text, secret, key and choice";
        match kinds.into_iter().filter(|said| *said).count() {
            1 => {}
            0 if self.has_failed(credential.span) => {}
            0 => self.mistake(
                Code::FieldWithoutType,
                key.span,
                format!("credential `{key}` has no kind"),
                mend,
            ),
            _ => self.mistake(
                Code::FieldWithTwoTypes,
                key.span,
                format!("credential `{key}` has two kinds"),
                mend,
            ),
        }
    }

    /// An alternative: `wire`, `doc` and `source`; every other key is a credential.
    fn alternative(&self, key: &Spanned<String>, node: &Node) -> ir::Alternative {
        let name = self.entry_name("an alternative", key);
        let of = format!("alternative `{key}`");
        let text = |word: &str| {
            node.get(word).and_then(|node| self.decode::<Spanned<String>>(node, "the alternative"))
        };
        let wire = text("wire");
        let wire =
            self.required(wire.as_ref(), "wire", &of, (key.span, node.span), "the provider's word for it");
        let source =
            node.get("source").and_then(|node| self.decode::<model::SourceIds>(node, "the alternative"));
        let members =
            node.entries().iter().filter(|(key, _)| !matches!(key.text.as_str(), "wire" | "doc" | "source"));
        let members: Vec<(ir::Credential, Span)> = members
            .filter_map(|(key, node)| {
                let value = self.decode::<Spanned<model::Credential>>(node, "the credential")?;
                let key = Spanned::new(key.span, key.text.clone());
                let span = key.span;
                Some((self.credential(&Entry { key, value }, false), span))
            })
            .collect();
        self.distinct_names(members.iter().map(|(credential, span)| (&credential.name, *span)));
        ir::Alternative {
            wire: wire.map(|wire| wire.value.clone()).unwrap_or_default(),
            doc: self.doc(text("doc").as_ref(), &of, key.span),
            sources: self.sources(source.as_ref(), &[]),
            members: members.into_iter().map(|(credential, _)| credential).collect(),
            name,
        }
    }

    /// Reads a part of the tree that the model left as it is.
    pub(super) fn decode<T: serde::de::DeserializeOwned>(
        &self,
        node: &Node,
        what: &'static str,
    ) -> Option<T> {
        from_node(node, what, &mut self.found.borrow_mut())
    }

    /// The names on the wire of a map of fields, without the mark of optional ones: for suggestions.
    pub(super) fn wire_names(fields: &Map<Spanned<model::Field>>) -> impl Iterator<Item = &str> {
        fields.keys().map(|key| key.strip_suffix('?').unwrap_or(key))
    }
}

fn decode(credential: &model::Credential) -> ir::Decode {
    match credential.decode.as_ref().map(|said| said.value) {
        None | Some(model::Decode::Text) => ir::Decode::Text,
        Some(model::Decode::Hex) => ir::Decode::Hex,
        Some(model::Decode::Base64) => ir::Decode::Base64,
    }
}
