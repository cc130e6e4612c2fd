//! The section `tokens`: how an access token is made, kept and renewed.

use super::references::{Named, find};
use super::{Context, text_of, times};
use crate::diagnostic::Code;
use crate::ir::{self, CredentialKind, CredentialPath, Kind, Origin, RefreshAt, ReplyShape};
use crate::model;
use crate::read::{Entry, Spanned};

impl Context<'_> {
    /// The token, if there is one.
    pub(super) fn lower_token(&self, operations: &[ir::Operation]) -> Option<ir::Token> {
        if let Some(second) = self.file.tokens.0.get(1) {
            self.not_yet(second.key.span, "a second token");
        }
        self.file.tokens.first().and_then(|entry| self.token(entry, operations))
    }

    fn token(&self, entry: &Entry<Spanned<model::Token>>, operations: &[ir::Operation]) -> Option<ir::Token> {
        let (key, token) = (&entry.key, &entry.value);
        let of = format!("token `{key}`");
        let here = (key.span, token.span);
        let create =
            self.required(token.create.as_ref(), "create", &of, here, "name the operation that makes it");
        let value = self.required(
            token.value.value.as_ref(),
            "value",
            &of,
            here,
            "name the field of its reply that holds it",
        );
        let lifetime = self.required(
            token.lifetime.as_ref(),
            "lifetime",
            &of,
            here,
            "name the field of its reply with the seconds",
        );
        let create = create.and_then(|name| self.operation_named(name).map(|id| (name, id)));
        let refresh_at =
            token.refresh_at.as_ref().map_or(Some(RefreshAt::Percent(80)), |text| self.refresh_at(text));
        let shared_by = token.shared_by.as_ref().and_then(|text| self.shared_by(text));
        let ((name, id), value, lifetime) = (create?, value?, lifetime?);
        let operation = operations.get(id.0)?;
        if operation.request.iter().any(|field| field.origin == Origin::Token) {
            let message = format!("operation `{name}` makes the token and sends it");
            self.mistake(
                Code::TokenNeedsItself,
                name.span,
                message,
                format!("add `without: [...]` to `{name}`"),
            );
        }
        let needs_itself = operation.request.iter().any(|sent| sent.origin == Origin::Token);
        let mut asked = operation.request.iter().filter(|sent| sent.origin == Origin::Caller);
        if !needs_itself
            && asked.any(|sent| sent.field.required && !matches!(sent.field.kind, Kind::Fixed(_)))
        {
            self.not_yet(name.span, "a token whose operation asks the caller for something");
        }
        if operations.iter().flat_map(|operation| &operation.request).any(is_hidden) {
            self.not_yet(key.span, "a token that travels inside the payload");
        }
        if shared_by.as_ref().is_some_and(|path| path.member.is_some()) {
            self.not_yet(key.span, "a token that is shared by a member of a choice");
        }
        Some(ir::Token {
            name: self.entry_name("a token", key),
            create: id,
            value: self.of_reply(value, operation, |kind| matches!(kind, Kind::Text), "text")?,
            lifetime: self.of_reply(
                lifetime,
                operation,
                |kind| matches!(kind, Kind::Integer { .. }),
                "an integer",
            )?,
            refresh_at: refresh_at?,
            shared_by,
            budget: text_of(token.budget.as_ref()),
            doc: text_of(token.doc.as_ref()).unwrap_or_default(),
            sources: self.sources(token.source.as_ref(), &[]),
        })
    }

    /// A required field of the reply that makes the token.
    fn of_reply(
        &self,
        name: &Spanned<String>,
        operation: &ir::Operation,
        fits: fn(&Kind) -> bool,
        wanted: &str,
    ) -> Option<ir::Name> {
        let fields: Vec<&ir::Field> = match operation.reply.as_ref().map(|reply| &reply.shape) {
            Some(ReplyShape::Fields(fields)) => fields.iter().map(|field| &field.field).collect(),
            _ => Vec::new(),
        };
        let of = format!("the reply of operation `{}`", operation.name.wire);
        self.known_field(name, name.span, &fields, &of)?;
        let field = find(fields.into_iter(), name)?;
        if !fits(&field.kind) || !field.required {
            let message = format!("`{name}` of {of} is not {wanted} that is always there");
            self.mistake(
                Code::KeyDoesNotApply,
                name.span,
                message,
                format!("declare it as {wanted}, without `?`"),
            );
        }
        Some(field.name.clone())
    }

    fn refresh_at(&self, text: &Spanned<String>) -> Option<RefreshAt> {
        let percent = text.strip_suffix('%').and_then(|percent| percent.parse::<u8>().ok());
        if let Some(percent) = percent.filter(|percent| (1..100).contains(percent)) {
            return Some(RefreshAt::Percent(percent));
        }
        let before = times::span(text).map(|span| RefreshAt::SecondsBefore(times::seconds(span)));
        if before.is_none() {
            let message = format!("`{text}` is no time for a renewal");
            self.mistake(
                Code::BadDuration,
                text.span,
                message,
                "write `80%` of the lifetime, or `600s` before its end",
            );
        }
        before
    }

    /// The credential by whose value instances share a token.
    fn shared_by(&self, text: &Spanned<String>) -> Option<CredentialPath> {
        let Some(name) = text.strip_prefix("credentials.") else {
            let message = format!("`{text}` is no credential");
            self.mistake(Code::UnknownReference, text.span, message, "write `credentials.x`");
            return None;
        };
        let (path, named) = self.credential_named(name, text.span, text)?;
        if !matches!(named, Named::One(ir::Credential { kind: CredentialKind::Text { .. }, .. })) {
            let message = format!("`{text}` is no public text");
            self.mistake(
                Code::UnknownReference,
                text.span,
                message,
                "name the credential that names the merchant",
            );
        }
        Some(path)
    }
}

fn is_hidden(sent: &ir::SentField) -> bool {
    sent.origin == Origin::Token && sent.carrier == ir::Carrier::Payload
}
