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
        for (word, node) in [("decode", &credential.decode), ("many", &credential.many)] {
            if let Some(node) = node {
                self.not_yet(node.span, &format!("`{word}` of a credential"));
            }
        }
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
        if let Some(text) = text {
            ir::CredentialKind::Text { length: self.length(text, None) }
        } else if let Some(secret) = secret {
            self.length(secret, None);
            ir::CredentialKind::Secret
        } else if let Some(kind) = key_kind {
            ir::CredentialKind::Key(match kind.value {
                model::KeyKind::RsaPrivate => ir::KeyKind::RsaPrivate,
                model::KeyKind::RsaPublic => ir::KeyKind::RsaPublic,
                model::KeyKind::Sm2Private => ir::KeyKind::Sm2Private,
                model::KeyKind::Sm2Public => ir::KeyKind::Sm2Public,
            })
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
