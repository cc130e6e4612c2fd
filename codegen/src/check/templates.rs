//! Templates: text with placeholders in braces.
//!
//! A template is taken apart once; what its placeholders name is resolved against the credentials here and against
//! the fields of a message where a message uses the recipe.

use super::Context;
use super::references::Named;
use crate::diagnostic::{Code, Span};
use crate::ir::{CredentialKind, Filter, PairPiece, Part, Piece};
use crate::read::Spanned;

/// A template, taken apart.
enum Token {
    Literal(String),
    Placeholder { kind: Option<String>, name: String, filters: Vec<String> },
}

/// Filters of the language that no provider needed yet.
const LATER_FILTERS: &[&str] = &[
    "decimals",
    "url",
    "escape",
    "length",
    "first",
    "last",
    "reverse",
    "hex",
    "base64",
    "base64url",
    "from-hex",
    "from-base64",
    "json",
    "without",
    "newlines",
    "after",
    "after-last",
    "json-string",
];

fn tokens(text: &str) -> Result<Vec<Token>, &'static str> {
    let mut tokens = Vec::new();
    let mut literal = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' | '}' if chars.peek() == Some(&c) => {
                chars.next();
                literal.push(c);
            }
            '}' => return Err("a `}` that closes nothing"),
            '{' => {
                let mut inner = String::new();
                loop {
                    match chars.next() {
                        Some('}') => break,
                        Some('{') | None => return Err("a `{` that is not closed"),
                        Some(c) => inner.push(c),
                    }
                }
                if !literal.is_empty() {
                    tokens.push(Token::Literal(std::mem::take(&mut literal)));
                }
                tokens.push(placeholder(&inner)?);
            }
            c => literal.push(c),
        }
    }
    if !literal.is_empty() {
        tokens.push(Token::Literal(literal));
    }
    Ok(tokens)
}

fn placeholder(inner: &str) -> Result<Token, &'static str> {
    let mut parts = inner.split('|');
    let value = parts.next().unwrap_or_default();
    let (kind, name) =
        value.split_once(':').map_or((None, value), |(kind, name)| (Some(kind.to_owned()), name));
    if name.trim() != name || name.is_empty() {
        return Err("a placeholder without a name, or with blanks in it");
    }
    Ok(Token::Placeholder {
        kind,
        name: name.to_owned(),
        filters: parts.map(|part| part.trim().to_owned()).collect(),
    })
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

    /// A template of `text` or, with `in_add`, of an item of `add`, where no list can stand.
    pub(super) fn template(&self, text: &Spanned<String>, in_add: bool) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for token in self.template_tokens(text) {
            match token {
                Token::Literal(literal) => pieces.push(Piece::Literal(literal)),
                Token::Placeholder { kind: None, name, .. } if name == "fields" && !in_add => {
                    pieces.push(Piece::List)
                }
                Token::Placeholder { kind: None, name, .. } if name == "fields" || name == "signature" => {
                    let message = format!("`{{{name}}}` cannot stand here");
                    let mend = "`{fields}` stands in `text`, `{signature}` in a place; a field of that name is `{field:fields}`";
                    self.mistake(Code::BadTemplate, text.span, message, mend);
                }
                Token::Placeholder { kind, name, filters } => {
                    let filters = self.filters(&filters, text.span);
                    if let Some(from) = self.part(kind.as_deref(), name, text.span) {
                        pieces.push(Piece::Value { from, filters });
                    }
                }
            }
        }
        pieces
    }

    fn part(&self, kind: Option<&str>, name: String, span: Span) -> Option<Part> {
        match kind {
            None | Some("field") if name.contains('.') => {
                self.not_yet(span, "a path in a template");
                None
            }
            None | Some("field") => Some(Part::Field(name)),
            Some("credential") => self.credential_part(&name, span),
            Some("message") => self.message_part(&name, span),
            Some(kind @ ("given" | "fresh" | "header" | "part")) => {
                self.not_yet(span, &format!("`{{{kind}:..}}`"));
                None
            }
            Some(kind) => {
                let kinds = ["field", "credential", "message", "given", "fresh", "header", "part"];
                let message = format!("`{{{kind}:{name}}}` is a placeholder of an unknown kind");
                self.unknown(Code::UnknownPlaceholder, span, message, kind, kinds.into_iter());
                None
            }
        }
    }

    fn credential_part(&self, name: &str, span: Span) -> Option<Part> {
        let (path, named) = self.credential_named(name, span, &format!("{{credential:{name}}}"))?;
        let is_text =
            |kind: &CredentialKind| matches!(kind, CredentialKind::Text { .. } | CredentialKind::Secret);
        let fits = match &named {
            Named::One(credential) => is_text(&credential.kind),
            Named::Members(members) => members.iter().all(|(_, member)| is_text(&member.kind)),
        };
        if !fits {
            let message = format!("`{{credential:{name}}}` is no text");
            self.mistake(
                Code::KeyOfTheWrongKind,
                span,
                message,
                "keys stand in `key`; text and secrets in templates",
            );
        }
        Some(Part::Credential(path))
    }

    fn message_part(&self, name: &str, span: Span) -> Option<Part> {
        match name {
            "body" => Some(Part::Body),
            "result" => Some(Part::Result),
            "method" => Some(Part::Method),
            "path" => Some(Part::Path),
            "host" | "query" | "target" | "url" | "payload" => {
                self.not_yet(span, &format!("`{{message:{name}}}`"));
                None
            }
            _ => {
                let known = ["body", "result", "method", "path", "host", "query", "target", "url", "payload"];
                let message = format!("`{{message:{name}}}` is no part of a message");
                self.unknown(Code::UnknownPlaceholder, span, message, name, known.into_iter());
                None
            }
        }
    }

    fn filters(&self, filters: &[String], span: Span) -> Vec<Filter> {
        let mut lowered = Vec::new();
        for filter in filters {
            let name = filter.split_once('(').map_or(filter.as_str(), |(name, _)| name);
            match name {
                "lower" => lowered.push(Filter::Lower),
                "upper" => lowered.push(Filter::Upper),
                "trim" => lowered.push(Filter::Trim),
                _ if LATER_FILTERS.contains(&name) => self.not_yet(span, &format!("filter `{name}`")),
                _ => {
                    let known = ["lower", "upper", "trim"].into_iter().chain(LATER_FILTERS.iter().copied());
                    self.unknown(
                        Code::UnknownFilter,
                        span,
                        format!("filter `{name}` does not exist"),
                        name,
                        known,
                    );
                }
            }
        }
        lowered
    }

    /// The template of `pair`.
    pub(super) fn pair(&self, text: &Spanned<String>) -> Vec<PairPiece> {
        let mut pieces = Vec::new();
        for token in self.template_tokens(text) {
            match token {
                Token::Literal(literal) => pieces.push(PairPiece::Literal(literal)),
                Token::Placeholder { kind: None, name, filters } if name == "value" => {
                    pieces.push(PairPiece::Value(self.filters(&filters, text.span)));
                }
                Token::Placeholder { kind: None, name, filters } if name == "name" => {
                    if !filters.is_empty() {
                        self.not_yet(text.span, "a filter over `{name}`");
                    }
                    pieces.push(PairPiece::Name);
                }
                Token::Placeholder { .. } => {
                    self.not_yet(text.span, "a placeholder other than `{name}` and `{value}` in `pair`")
                }
            }
        }
        let values = pieces.iter().filter(|piece| matches!(piece, PairPiece::Value(_))).count();
        match values {
            1 => {}
            0 if self.is_wrong(text.span) => {}
            0 => {
                let message = format!("`{text}` has no `{{value}}`");
                self.mistake(Code::BadTemplate, text.span, message, "usual is `\"{name}={value}\"`");
            }
            _ => self.not_yet(text.span, "a `pair` with `{value}` twice"),
        }
        pieces
    }
}
