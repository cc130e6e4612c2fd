//! References: `credentials.x`, `options.x`, `tokens.x`, `constants.x`, `now`, and names of types.

use super::Context;
use crate::diagnostic::{Code, Span};
use crate::ir::{self, Credential, CredentialKind, CredentialPath, OptionId, TypeId};
use crate::model;
use crate::read::Spanned;

/// A credential that a path names: itself, or the members of that name, each with its alternative.
pub(super) enum Named<'c> {
    /// A credential of its own.
    One(&'c Credential),
    /// A member of a choice, in the alternatives that have it.
    Members(Vec<(&'c ir::Alternative, &'c Credential)>),
}

/// The two places of a credential's value in a message.
pub(super) enum Public {
    /// Text.
    Text,
    /// The word of a choice's alternative.
    Word,
}

impl Context<'_> {
    /// The credential that `name` or `name.member` names.
    pub(super) fn credential_named(
        &self,
        path: &str,
        span: Span,
        shown: &str,
    ) -> Option<(CredentialPath, Named<'_>)> {
        let (name, member) = path.split_once('.').map_or((path, None), |(name, member)| (name, Some(member)));
        let Some(credential) = self.credentials.iter().find(|credential| credential.name.wire == name) else {
            let known = self.credentials.iter().map(|credential| credential.name.wire.as_str());
            self.unknown(Code::UnknownCredential, span, format!("unknown credential `{shown}`"), name, known);
            return None;
        };
        let Some(member) = member else {
            return Some((
                CredentialPath { name: credential.name.clone(), member: None },
                Named::One(credential),
            ));
        };
        let CredentialKind::Choice(alternatives) = &credential.kind else {
            let message = format!("unknown credential `{shown}`: `{name}` is no choice and has no members");
            self.mistake(Code::UnknownCredential, span, message, format!("write `{name}`"));
            return None;
        };
        let all = || {
            alternatives
                .iter()
                .flat_map(|alternative| alternative.members.iter().map(move |m| (alternative, m)))
        };
        let members: Vec<_> = all().filter(|(_, credential)| credential.name.wire == member).collect();
        let Some((_, first)) = members.first() else {
            let known = all().map(|(_, credential)| credential.name.wire.as_str());
            self.unknown(
                Code::UnknownCredential,
                span,
                format!("unknown credential `{shown}`"),
                member,
                known,
            );
            return None;
        };
        let path = CredentialPath { name: credential.name.clone(), member: Some(first.name.clone()) };
        Some((path, Named::Members(members)))
    }

    /// `credentials.x` whose value may stand in a message: public text, or the word of a choice.
    pub(super) fn public_credential(
        &self,
        reference: &Spanned<String>,
        where_: &str,
    ) -> Option<(CredentialPath, Public)> {
        let Some(path) = reference.strip_prefix("credentials.") else {
            let message = format!("`{reference}` is no credential");
            self.mistake(Code::UnknownReference, reference.span, message, "write `credentials.x`");
            return None;
        };
        let (path, named) = self.credential_named(path, reference.span, reference)?;
        match named {
            Named::One(Credential { kind: CredentialKind::Text { .. }, .. }) => Some((path, Public::Text)),
            Named::One(Credential { kind: CredentialKind::Choice(_), .. }) => Some((path, Public::Word)),
            Named::One(Credential { kind: CredentialKind::Secret(_), .. }) => {
                let message = format!("secret `{}` would be sent: {where_}", path.name.wire);
                let mend = "a secret takes part in a recipe or a key, never in a field";
                self.mistake(Code::SecretWouldBeSent, reference.span, message, mend);
                None
            }
            Named::One(_) | Named::Members(_) => {
                let message = format!("`{reference}` is no text that could stand in a message");
                self.mistake(
                    Code::UnknownReference,
                    reference.span,
                    message,
                    "name a credential of the kind text or choice",
                );
                None
            }
        }
    }

    /// Who vouches for recipes and their parts.
    pub(super) fn check_sources_of_recipes(&self) {
        for entry in self.file.signatures.iter().flatten() {
            self.sources_of_recipe(&entry.value);
        }
    }

    fn sources_of_recipe(&self, recipe: &model::Recipe) {
        self.sources(recipe.source.as_ref(), &[]);
        for part in recipe.parts.iter().flat_map(|parts| parts.iter()) {
            self.sources_of_recipe(&part.value);
        }
    }

    /// The option of this name.
    pub(super) fn option_named(&self, name: &str, span: Span) -> Option<OptionId> {
        let place = self.file.options.keys().position(|key| key == name);
        if place.is_none() {
            self.unknown(
                Code::UnknownOption,
                span,
                format!("unknown option `{name}`"),
                name,
                self.file.options.keys(),
            );
        }
        place.map(OptionId)
    }

    /// The type of this name, and whether it is an enumeration.
    pub(super) fn type_named(&self, name: &Spanned<String>) -> Option<(TypeId, bool)> {
        let place = self.file.types.iter().position(|entry| entry.key == *name);
        let Some(entry) = place.and_then(|place| self.file.types.get(name).map(|item| (place, item))) else {
            self.unknown(
                Code::UnknownType,
                name.span,
                format!("unknown type `{name}`"),
                name,
                self.file.types.keys(),
            );
            return None;
        };
        Some((TypeId(entry.0), entry.1.values.is_some()))
    }

    /// The values of an enumeration.
    pub(super) fn values_of(&self, kind: &ir::Kind) -> Option<(&ir::Type, &[ir::Value])> {
        let ir::Kind::Enum(id) = kind else { return None };
        let item = self.types.get(id.0)?;
        match &item.shape {
            ir::Shape::Enum(values) => Some((item, values)),
            ir::Shape::Object { .. } => None,
        }
    }
}

/// Finds a field by its wire name.
pub(super) fn find<'f>(mut fields: impl Iterator<Item = &'f ir::Field>, wire: &str) -> Option<&'f ir::Field> {
    fields.find(|field| field.name.wire == wire)
}
