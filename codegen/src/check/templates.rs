//! Templates: text with placeholders in braces, and what may stand in which of them.
//!
//! What placeholders name is resolved against the credentials and the recipe here, and against the fields of a message
//! where a message uses the recipe.

use super::Context;
use super::placeholders::{Placeholder, Token, tokens};
use super::references::Named;
use crate::diagnostic::{Code, Span};
use crate::ir::{CredentialKind, Filter, Fresh, FreshFormat, Given, MessagePart, Operand, PairPiece, Piece};
use crate::read::Spanned;

/// Where a template stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// `text`.
    Text,
    /// An item of `add`.
    Add,
    /// `pair`.
    Pair,
    /// `key`.
    Key,
    /// `key_id`.
    KeyId,
    /// `iv`.
    Iv,
    /// `aad`.
    Aad,
    /// `place.template`.
    Place,
    /// `tolerance.of`.
    Tolerance,
}

impl Stand {
    /// Whether what stands there travels, or is compared with what does.
    fn is_seen(self) -> bool {
        matches!(self, Self::KeyId | Self::Place | Self::Tolerance)
    }
}

/// What the placeholders of a recipe may name, beside fields, credentials, headers and the message.
#[derive(Default)]
pub(super) struct Scope {
    /// Values that the signer makes.
    pub(super) fresh: Vec<Fresh>,
    /// Values that the caller hands in.
    pub(super) given: Vec<Given>,
    /// Names of the parts.
    pub(super) parts: Vec<String>,
    /// Names of those whose result is bytes that are no text.
    pub(super) bytes: Vec<String>,
    /// We are inside a part.
    pub(super) in_part: bool,
}

impl Context<'_> {
    fn template_tokens(&self, text: &Spanned<String>) -> Vec<Token> {
        let read = if text.is_empty() { Err("it is empty") } else { tokens(text) };
        read.unwrap_or_else(|why| {
            let message = format!("`{text}` is no template: {why}");
            self.mistake(Code::BadTemplate, text.span, message, "a literal brace is doubled: `{{`, `}}`");
            Vec::new()
        })
    }

    /// Any template but `pair`.
    pub(super) fn template(&self, text: &Spanned<String>, stand: Stand, scope: &Scope) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for token in self.template_tokens(text) {
            let placeholder = match token {
                Token::Literal(literal) => {
                    pieces.push(Piece::Literal(literal));
                    continue;
                }
                Token::Placeholder(placeholder) => placeholder,
            };
            let reserved = match (placeholder.kind.as_deref(), placeholder.name.as_str()) {
                (None, "fields") => Some((Piece::List, stand == Stand::Text)),
                (None, "names") => Some((Piece::ListNames, matches!(stand, Stand::Text | Stand::Place))),
                (None, "signature") => Some((Piece::Signature, stand == Stand::Place)),
                _ => None,
            };
            match reserved {
                Some((piece, true)) => {
                    self.unfiltered(&placeholder, text.span);
                    pieces.push(piece);
                }
                Some((_, false)) => self.reserved(&placeholder, text.span),
                None => pieces.extend(
                    self.operand(&placeholder, stand, scope, text.span)
                        .map(|(from, filters)| Piece::Value { from, filters }),
                ),
            }
        }
        pieces
    }

    fn unfiltered(&self, placeholder: &Placeholder, span: Span) {
        if !placeholder.filters.is_empty() {
            let message = format!("no filter can stand over `{}`", placeholder.shown());
            let mend = "filters over the items stand in `pair`, filters over the whole text in `transform`";
            self.mistake(Code::FilterDoesNotApply, span, message, mend);
        }
    }

    fn reserved(&self, placeholder: &Placeholder, span: Span) {
        let shown = placeholder.shown();
        let mend = format!(
            "`{{fields}}` stands in `text`, `{{signature}}` in a place, `{{names}}` in both; a field of that name is \
             `{{field:{}}}`",
            placeholder.name
        );
        self.mistake(Code::BadTemplate, span, format!("`{shown}` cannot stand here"), mend);
    }

    /// A placeholder that stands for a value, with its filters.
    fn operand(
        &self,
        placeholder: &Placeholder,
        stand: Stand,
        scope: &Scope,
        span: Span,
    ) -> Option<(Operand, Vec<Filter>)> {
        let filters = self.filters(&placeholder.filters, span);
        let shown = placeholder.shown();
        let name = placeholder.name.as_str();
        let from = match placeholder.kind.as_deref() {
            None | Some("field") => Operand::Field(self.path(name, span)?),
            Some("credential") => self.credential_operand(name, stand, span)?,
            Some("message") => self.message_operand(name, stand, scope, span)?,
            Some("header") => {
                self.header_name(name, span)?;
                Operand::Header(name.to_ascii_lowercase())
            }
            Some("fresh") => {
                let known = || scope.fresh.iter().map(|fresh| fresh.name.wire.as_str());
                if !known().any(|known| known == name) {
                    self.undeclared("fresh", &shown, name, known(), span);
                    return None;
                }
                Operand::Fresh(name.to_owned())
            }
            Some("given") => {
                let Some(given) = scope.given.iter().find(|given| given.name.wire == name) else {
                    let known = scope.given.iter().map(|given| given.name.wire.as_str());
                    self.undeclared("given", &shown, name, known, span);
                    return None;
                };
                if given.secret && stand.is_seen() {
                    self.secret_is_seen(&shown, stand, span);
                    return None;
                }
                Operand::Given(name.to_owned())
            }
            Some("part") => {
                if !scope.parts.iter().any(|part| part == name) {
                    let known = scope.parts.iter().map(String::as_str);
                    let message = format!("`{shown}`: the recipe has no part `{name}`");
                    self.unknown(Code::UnknownRecipe, span, message, name, known);
                    return None;
                }
                Operand::Part(name.to_owned())
            }
            Some(kind) => {
                let kinds = ["field", "credential", "message", "given", "fresh", "header", "part"];
                let message = format!("`{shown}` is a placeholder of an unknown kind");
                self.unknown(Code::UnknownPlaceholder, span, message, kind, kinds.into_iter());
                return None;
            }
        };
        self.filters_apply(&from, &shown, &filters, span);
        self.bytes_are_no_text(&from, &shown, &filters, scope, span);
        Some((from, filters))
    }

    /// The bytes of a digest, or random ones, are made text by `hex` or `base64`, and by nothing else.
    fn bytes_are_no_text(&self, from: &Operand, shown: &str, filters: &[Filter], scope: &Scope, span: Span) {
        let is_bytes = match from {
            Operand::Part(name) => scope.bytes.contains(name),
            Operand::Fresh(name) => {
                scope.fresh.iter().any(|fresh| fresh.name.wire == *name && fresh.format == FreshFormat::Bytes)
            }
            _ => false,
        };
        let encodes = |filter: &Filter| matches!(filter, Filter::Hex | Filter::Base64 | Filter::Base64Url);
        if is_bytes && filters.first().is_some_and(|first| !encodes(first)) {
            let message = format!("`{shown}` is bytes that are no text, and the filter wants text");
            let mend =
                "make them text first: `hex`, `base64` or `base64url`; or with the `output` of the part";
            self.mistake(Code::FilterDoesNotApply, span, message, mend);
        }
    }

    fn undeclared<'n>(
        &self,
        key: &str,
        shown: &str,
        name: &str,
        known: impl Iterator<Item = &'n str>,
        span: Span,
    ) {
        let message = format!("`{shown}`: the recipe declares no such value under `{key}`");
        let known: Vec<&str> = known.collect();
        if known.is_empty() {
            let mend = match key {
                "fresh" => format!("add `fresh: {{ {name}: {{ is: alphanumeric, length: 32 }} }}`"),
                _ => format!("add `given: {{ {name}: secret }}`"),
            };
            self.mistake(Code::UndeclaredValue, span, message, mend);
        } else {
            self.unknown(Code::UndeclaredValue, span, message, name, known.into_iter());
        }
    }

    fn secret_is_seen(&self, shown: &str, stand: Stand, span: Span) {
        let message = match stand {
            Stand::Place => format!("secret `{shown}` would be sent: it stands in what is placed"),
            Stand::KeyId => {
                format!("secret `{shown}` would be seen: an id of a key travels with the message")
            }
            _ => format!("secret `{shown}` would be seen: the time travels with the message"),
        };
        let mend = "a secret may stand in `text`, `add`, `pair`, `key`, `iv` or `aad` only";
        self.mistake(Code::SecretWouldBeSent, span, message, mend);
    }

    fn credential_operand(&self, name: &str, stand: Stand, span: Span) -> Option<Operand> {
        let shown = format!("{{credential:{name}}}");
        let (path, named) = self.credential_named(name, span, &shown)?;
        let is_text =
            |kind: &CredentialKind| matches!(kind, CredentialKind::Text { .. } | CredentialKind::Secret(_));
        let fits = match &named {
            Named::One(credential) => is_text(&credential.kind),
            Named::Members(members) => members.iter().all(|(_, member)| is_text(&member.kind)),
        };
        if !fits {
            let message = format!("`{shown}` is no text");
            let mend = "keys stand in `key`; text and secrets in templates";
            self.mistake(Code::KeyOfTheWrongKind, span, message, mend);
        } else if stand.is_seen() && self.is_secret(&path) {
            self.secret_is_seen(&shown, stand, span);
            return None;
        }
        Some(Operand::Credential(path))
    }

    fn message_operand(&self, name: &str, stand: Stand, scope: &Scope, span: Span) -> Option<Operand> {
        let part = match name {
            "method" => MessagePart::Method,
            "host" => MessagePart::Host,
            "path" => MessagePart::Path,
            "query" => MessagePart::Query,
            "target" => MessagePart::Target,
            "url" => MessagePart::Url,
            "body" => MessagePart::Body,
            "result" => MessagePart::Result,
            "payload" => MessagePart::Payload,
            _ => {
                let known = ["method", "host", "path", "query", "target", "url", "body", "result", "payload"];
                let message = format!("`{{message:{name}}}` is no part of a message");
                self.unknown(Code::UnknownPlaceholder, span, message, name, known.into_iter());
                return None;
            }
        };
        if part == MessagePart::Payload && (stand != Stand::Text || scope.in_part) {
            let message = "`{message:payload}` stands where nothing is encrypted";
            let mend = "it is the whole `text` of a recipe with a cipher; a message may name that recipe beside others";
            self.mistake(Code::EncryptionNotAlone, span, message, mend);
            return None;
        }
        Some(Operand::Message(part))
    }

    /// The template of `pair`.
    pub(super) fn pair(&self, text: &Spanned<String>, scope: &Scope) -> Vec<PairPiece> {
        let mut pieces = Vec::new();
        for token in self.template_tokens(text) {
            let placeholder = match token {
                Token::Literal(literal) => {
                    pieces.push(PairPiece::Literal(literal));
                    continue;
                }
                Token::Placeholder(placeholder) => placeholder,
            };
            match (placeholder.kind.as_deref(), placeholder.name.as_str()) {
                (None, "value") => {
                    pieces.push(PairPiece::Value(self.filters(&placeholder.filters, text.span)));
                }
                (None, "name") => {
                    pieces.push(PairPiece::Name(self.filters(&placeholder.filters, text.span)));
                }
                (None, "fields" | "names" | "signature") => self.reserved(&placeholder, text.span),
                _ => pieces.extend(
                    self.operand(&placeholder, Stand::Pair, scope, text.span)
                        .map(|(from, filters)| PairPiece::Operand { from, filters }),
                ),
            }
        }
        let has_value = pieces.iter().any(|piece| matches!(piece, PairPiece::Value(_)));
        if !has_value && !self.is_wrong(text.span) {
            let message = format!("`{text}` has no `{{value}}`");
            self.mistake(Code::BadTemplate, text.span, message, "usual is `\"{name}={value}\"`");
        }
        pieces
    }
}
