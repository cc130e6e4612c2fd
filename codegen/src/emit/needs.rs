//! What a function of a recipe has to be handed: the message, fresh values, results of parts, given values, members of
//! a choice. A parameter that nothing uses would be a warning in the user's build, so each function has those that its
//! own templates name.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::credentials::{find, key_type};
use super::names::ident;
use crate::ir::{
    Algorithm, Credential, CredentialKind, CredentialPath, Iv, Key, KeyKind, List, Operand, PairPiece, Piece,
    Place, Provider, Recipe,
};

/// Names that functions of recipes, and those that call them, use for themselves.
const TAKEN: &[&str] = &[
    "aad",
    "access_token",
    "check",
    "cipher",
    "document",
    "draft",
    "fits",
    "fresh",
    "incoming",
    "items",
    "iv",
    "key",
    "key_id",
    "message",
    "name",
    "notice",
    "now",
    "opened",
    "outer",
    "pair",
    "parts",
    "placed",
    "request",
    "response",
    "rt",
    "rule",
    "signature",
    "signatures",
    "stated",
    "template",
    "text",
    "texts",
    "value",
];

/// What templates name.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    pub(super) message: bool,
    pub(super) fresh: bool,
    pub(super) parts: bool,
    given: Vec<String>,
    members: BTreeMap<String, Member>,
}

/// A member of a choice. Alternatives may have members of the same name and of different kinds: which is meant follows
/// from its use.
#[derive(Clone, Debug)]
struct Member {
    path: CredentialPath,
    used: Used,
}

#[derive(Clone, Copy, Debug)]
enum Used {
    Rsa,
    Sm2,
    /// A secret or public text.
    Text,
}

impl Used {
    fn fits(self, kind: &CredentialKind) -> bool {
        use CredentialKind::{Key, Keys};
        use KeyKind::{RsaPrivate, RsaPublic, Sm2Private, Sm2Public};
        match kind {
            Key(RsaPrivate | RsaPublic) | Keys(RsaPrivate | RsaPublic) => matches!(self, Self::Rsa),
            Key(Sm2Private | Sm2Public) | Keys(Sm2Private | Sm2Public) => matches!(self, Self::Sm2),
            CredentialKind::Secret(_) | CredentialKind::Text { .. } | CredentialKind::Choice(_) => {
                matches!(self, Self::Text)
            }
        }
    }
}

impl Needs {
    /// Of the text of a recipe or part: its list and its template.
    pub(super) fn of_text(recipe: &Recipe) -> Self {
        let mut needs = Self::default();
        if let Some(list) = &recipe.list {
            needs.list(list);
        }
        needs.pieces(&recipe.text);
        needs
    }

    /// Of the seal: key, initialisation vector, what is authenticated beside.
    pub(super) fn of_seal(recipe: &Recipe) -> Self {
        let mut needs = Self::default();
        match &recipe.seal.key {
            Some(Key::Credential { path, id }) => {
                let used = match recipe.seal.algorithm {
                    Algorithm::Rsa(_) => Used::Rsa,
                    Algorithm::Sm2 { .. } => Used::Sm2,
                    _ => Used::Text,
                };
                needs.credential(path, used);
                needs.pieces(id.as_deref().unwrap_or_default());
            }
            Some(Key::Computed(pieces)) => needs.pieces(pieces),
            None => {}
        }
        if let Algorithm::Cipher { cipher: _, iv, aad, padding: _ } = &recipe.seal.algorithm {
            needs.pieces(aad);
            if let Some(Iv::Template(iv)) = iv {
                needs.pieces(iv);
            }
        }
        needs
    }

    /// Of the place's template. Fresh values and parts are no parameters of it: they are captured, or filled in.
    pub(super) fn of_place(place: &Place, recipe: &Recipe) -> Self {
        let mut needs = Self::default();
        needs.pieces(&place.template);
        if let (Some(list), true) = (&recipe.list, place.template.contains(&Piece::ListNames)) {
            needs.list(list);
        }
        Self { fresh: false, parts: false, ..needs }
    }

    /// Of a template.
    pub(super) fn of_pieces(pieces: &[Piece]) -> Self {
        let mut needs = Self::default();
        needs.pieces(pieces);
        needs
    }

    /// Of all parts together, which hand their results to one another by themselves.
    pub(super) fn of_parts(recipe: &Recipe) -> Self {
        let parts = recipe.parts.iter().map(|part| Self::of_text(part).and(Self::of_seal(part)));
        Self { parts: false, ..parts.fold(Self::default(), Self::and) }
    }

    /// The same where the results of parts are at hand.
    pub(super) fn without_parts(self) -> Self {
        Self { parts: false, ..self }
    }

    /// The same where fresh values and results of parts are at hand; the message is, or is not.
    pub(super) fn with_message(self, message: bool) -> Self {
        Self { message, fresh: false, parts: false, ..self }
    }

    /// Both.
    pub(super) fn and(mut self, other: Self) -> Self {
        let Self { message, fresh, parts, given, members } = other;
        self.message |= message;
        self.fresh |= fresh;
        self.parts |= parts;
        self.given.extend(given);
        self.members.extend(members);
        self
    }

    fn list(&mut self, list: &List) {
        self.message = true;
        for (_, pieces) in &list.add {
            self.pieces(pieces);
        }
        for piece in &list.pair {
            if let PairPiece::Operand { from, filters: _ } = piece {
                self.operand(from);
            }
        }
    }

    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            if let Piece::Value { from, filters: _ } = piece {
                self.operand(from);
            }
        }
    }

    fn operand(&mut self, operand: &Operand) {
        match operand {
            Operand::Field(_) | Operand::Header(_) | Operand::Message(_) => self.message = true,
            Operand::Credential(path) => self.credential(path, Used::Text),
            Operand::Given(name) => self.given.push(name.clone()),
            Operand::Fresh(_) => self.fresh = true,
            Operand::Part(_) => self.parts = true,
        }
    }

    fn credential(&mut self, path: &CredentialPath, used: Used) {
        if let Some(member) = &path.member {
            self.members.insert(member.snake.clone(), Member { path: path.clone(), used });
        }
    }

    /// `, session_key: &rt::Secret, merchant_key: &rt::RsaPrivateKey`: given values and members of a choice.
    pub(super) fn parameters(&self, provider: &Provider, recipe: &Recipe) -> TokenStream {
        let given = self.given(recipe).into_iter().map(|(name, kind)| quote!(, #name: &#kind));
        let members = self.members.values().filter_map(|member| {
            let (name, kind) = (member_variable(&member.path)?, member_type(provider, member));
            Some(quote!(, #name: #kind))
        });
        given.chain(members).collect()
    }

    /// The same to be handed on.
    pub(super) fn arguments(&self, recipe: &Recipe) -> TokenStream {
        let given = self.given(recipe).into_iter().map(|(name, _)| name);
        given.chain(self.variables()).map(|name| quote!(, #name)).collect()
    }

    /// The given values, in the order in which the recipe declares them.
    pub(super) fn given(&self, recipe: &Recipe) -> Vec<(Ident, TokenStream)> {
        let used = recipe.given.iter().filter(|given| self.given.contains(&given.name.wire));
        used.map(|given| {
            let kind = if given.secret { quote!(rt::Secret) } else { quote!(str) };
            (given_variable(&given.name.snake), kind)
        })
        .collect()
    }

    fn variables(&self) -> Vec<Ident> {
        self.members.values().filter_map(|member| member_variable(&member.path)).collect()
    }

    /// The pattern by which an arm binds the members: `merchant_key, key: key_,`.
    pub(super) fn bindings(&self) -> Vec<TokenStream> {
        let bound = self.members.values().filter_map(|Member { path, used: _ }| {
            let member = ident(&path.member.as_ref()?.snake);
            let variable = member_variable(path)?;
            Some(if member == variable { quote!(#member) } else { quote!(#member: #variable) })
        });
        bound.collect()
    }
}

/// The variable of a given value.
pub(super) fn given_variable(snake: &str) -> Ident {
    free(snake)
}

/// The variable of a member of a choice.
pub(super) fn member_variable(path: &CredentialPath) -> Option<Ident> {
    path.member.as_ref().map(|member| free(&member.snake))
}

fn free(snake: &str) -> Ident {
    if TAKEN.contains(&snake) { format_ident!("{snake}_") } else { ident(snake) }
}

fn member_type(provider: &Provider, Member { path, used }: &Member) -> TokenStream {
    let alternatives = match find(provider, path).map(|credential| &credential.kind) {
        Some(CredentialKind::Choice(alternatives)) => alternatives.as_slice(),
        _ => &[],
    };
    let mut members = alternatives.iter().flat_map(|alternative| &alternative.members);
    let is_meant =
        |member: &&Credential| Some(&member.name) == path.member.as_ref() && used.fits(&member.kind);
    match members.find(is_meant).map(|member| &member.kind) {
        Some(CredentialKind::Secret(_)) => quote!(&rt::Secret),
        Some(CredentialKind::Key(kind)) => {
            let key = key_type(*kind);
            quote!(&#key)
        }
        Some(CredentialKind::Keys(kind)) => {
            let key = key_type(*kind);
            quote!(&rt::KeysById<#key>)
        }
        Some(CredentialKind::Text { .. } | CredentialKind::Choice(_)) | None => quote!(&str),
    }
}
