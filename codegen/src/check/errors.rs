//! Error codes: an operation's own before the common ones.

use super::operations::Written;
use super::{Context, text_of};
use crate::diagnostic::{Code, Span};
use crate::ir::{self, Effect, ErrorCode};
use crate::model::{ErrorEntry, ErrorKind};
use crate::read::{Node, Spanned};

/// What decides about an answer that is no success.
pub(super) struct Codes {
    pub(super) lookup: Vec<String>,
    pub(super) errors: Vec<ErrorCode>,
    pub(super) fault: ir::ErrorKind,
    pub(super) unlisted: ir::ErrorKind,
}

impl Context<'_> {
    /// The codes of an operation whose replies come in `envelope`.
    pub(super) fn codes(&self, entry: &Written, envelope: &ir::Envelope, effect: Effect) -> Codes {
        let fields: Vec<&str> = envelope
            .members
            .iter()
            .chain(&envelope.data_fields)
            .map(|field| field.field.name.wire.as_str())
            .collect();
        let common = self.common_codes();
        let (mut errors, own_unlisted) = self.own_codes(entry, &common);
        errors.extend(common);
        let section = self.file.errors.as_ref();
        let said = own_unlisted.or_else(|| section.and_then(|section| section.unlisted));
        if let Some(said) = said.filter(|said| said.value == ErrorKind::Rejected && effect != Effect::None) {
            let message = "`unlisted: rejected` on an operation with an effect: a new code would be called a failed payment";
            self.mistake(Code::UnlistedRejected, said.span, message, "leave it out");
        }
        let by_effect = if effect == Effect::None { ir::ErrorKind::Rejected } else { ir::ErrorKind::Unknown };
        let fault = section
            .and_then(|section| section.fault)
            .map_or(ir::ErrorKind::Unknown, |kind| self.kind_of(kind));
        let lookup =
            self.lookup().into_iter().filter(|name| name == "http" || fields.contains(&name.as_str()));
        Codes {
            lookup: lookup.collect(),
            errors,
            fault,
            unlisted: said.map_or(by_effect, |kind| self.kind_of(kind)),
        }
    }

    /// The names of `errors.lookup`, each of which some envelope has.
    fn lookup(&self) -> Vec<String> {
        let Some(section) = &self.file.errors else { return Vec::new() };
        let responses = || self.file.envelopes.iter().filter_map(|entry| entry.value.response.as_ref());
        let known =
            || responses().flat_map(|r| Self::wire_names(&r.members).chain(Self::wire_names(&r.data_fields)));
        for name in &section.lookup {
            if name.value != "http" && !known().any(|known| known == name.value) {
                let message = format!("error lookup `{name}` is no field of the envelope's answer");
                self.unknown(Code::LookupOfNothing, name.span, message, name, known());
            }
        }
        section.lookup.iter().map(|name| name.value.clone()).collect()
    }

    fn common_codes(&self) -> Vec<ErrorCode> {
        let Some(section) = &self.file.errors else { return Vec::new() };
        self.sources(section.source.as_ref(), &[]);
        let mut codes = Vec::new();
        for field in &section.values {
            self.is_looked_up(&field.key);
            codes.extend(field.value.iter().filter_map(|entry| {
                let ErrorEntry { kind, doc, mend, source } = &entry.value.value;
                self.sources(source.as_ref(), &[]);
                let of = format!("code `{}`", entry.key);
                let here = (entry.key.span, entry.value.span);
                let kind = self.required(kind.as_ref(), "kind", &of, here, "such as `kind: rejected`")?;
                Some(ErrorCode {
                    field: field.key.value.clone(),
                    value: entry.key.value.clone(),
                    kind: self.kind_of(*kind),
                    doc: text_of(doc.as_ref()).unwrap_or_default(),
                    mend: text_of(mend.as_ref()),
                })
            }));
        }
        codes
    }

    fn is_looked_up(&self, field: &Spanned<String>) {
        let lookup = self.file.errors.iter().flat_map(|section| section.lookup.iter());
        if !lookup.clone().any(|name| name.value == field.value) {
            let message = format!("codes of `{field}`, which `errors.lookup` does not name");
            self.unknown(
                Code::LookupOfNothing,
                field.span,
                message,
                field,
                lookup.map(|name| name.value.as_str()),
            );
        }
    }

    /// An operation's own codes, and its word for unlisted ones. An entry is a map or, for short, a kind.
    fn own_codes(
        &self,
        entry: &Written,
        common: &[ErrorCode],
    ) -> (Vec<ErrorCode>, Option<Spanned<ErrorKind>>) {
        let mut codes = Vec::new();
        let mut unlisted = None;
        for field in &entry.value.errors {
            if field.key.value == "unlisted" && field.value.text().is_some() {
                unlisted = self.decode::<Spanned<ErrorKind>>(&field.value, "the kind");
                continue;
            }
            self.is_looked_up(&field.key);
            if field.value.entries().is_empty() {
                let message = format!("`{}` names no codes", field.key);
                self.mistake(Code::NotAMap, field.value.span, message, "such as `status: { 0: not_found }`");
            }
            for (key, node) in field.value.entries() {
                let known =
                    common.iter().find(|code| code.field == field.key.value && code.value == key.text);
                let doc = known.map(|code| code.doc.clone()).unwrap_or_default();
                codes.extend(self.own_code(&field.key, &key.text, key.span, node, doc));
            }
        }
        (codes, unlisted)
    }

    fn own_code(
        &self,
        field: &Spanned<String>,
        value: &str,
        at: Span,
        node: &Node,
        doc: String,
    ) -> Option<ErrorCode> {
        let mut code = ErrorCode {
            field: field.value.clone(),
            value: value.to_owned(),
            kind: ir::ErrorKind::Unknown,
            doc,
            mend: None,
        };
        if node.text().is_some() {
            let kind = self.decode::<Spanned<ErrorKind>>(node, "the kind")?;
            code.kind = self.kind_of(kind);
            return Some(code);
        }
        let said = self.decode::<Spanned<ErrorEntry>>(node, "the code")?;
        let of = format!("code `{value}`");
        code.kind = self.kind_of(*self.required(
            said.kind.as_ref(),
            "kind",
            &of,
            (at, said.span),
            "such as `kind: rejected`",
        )?);
        self.sources(said.source.as_ref(), &[]);
        code.doc = text_of(said.doc.as_ref()).unwrap_or(code.doc);
        code.mend = text_of(said.mend.as_ref());
        Some(code)
    }

    fn kind_of(&self, kind: Spanned<ErrorKind>) -> ir::ErrorKind {
        if kind.value == ErrorKind::TokenExpired && self.file.tokens.is_empty() {
            let message = "kind `token_expired` without `tokens`";
            self.mistake(
                Code::KindWithoutToken,
                kind.span,
                message,
                "declare the token, or use `configuration`",
            );
        }
        match kind.value {
            ErrorKind::Rejected => ir::ErrorKind::Rejected,
            ErrorKind::Configuration => ir::ErrorKind::Configuration,
            ErrorKind::RateLimited => ir::ErrorKind::RateLimited,
            ErrorKind::TokenExpired => ir::ErrorKind::TokenExpired,
            ErrorKind::NotFound => ir::ErrorKind::NotFound,
            ErrorKind::Duplicate => ir::ErrorKind::Duplicate,
            ErrorKind::Unknown => ir::ErrorKind::Unknown,
        }
    }
}
