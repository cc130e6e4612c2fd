//! The values of an account: what is said beside what the spec declares.
//!
//! A text becomes text, a secret or a key by its declaration, and the members of one alternative a choice. Everything
//! that does not fit is told, each with its place and with no part of the value; only an account without any complaint
//! has values.

use payspec_codegen::diagnostic::{Code, Diagnostic, Span, did_you_mean};
use payspec_codegen::ir::{Alternative, Credential, CredentialKind, KeyKind};
use payspec_interpreter::{CredentialValue, Map};
use payspec_runtime::Secret;
use payspec_runtime::crypto::{RsaPrivateKey, Sm2PrivateKey};

use super::{Account, Member, Said, chosen};

/// Why what was said is not what the spec needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// Which credential, dotted: `signing.rsa2.merchant_key`.
    pub path: String,
    /// Where it stands in the file, or the member around it where it is missing.
    pub span: Span,
    /// What kind of mistake it is.
    pub code: Code,
    /// What is wrong, without any part of the value.
    pub message: String,
    /// What to do about it.
    pub mend: Option<String>,
}

impl Account {
    /// The values.
    ///
    /// # Errors
    /// Everything that does not fit; `around` is where to complain about what is missing.
    pub fn values(&self, declared: &[Credential], around: Span) -> Result<Map<CredentialValue>, Vec<Unfit>> {
        let mut unfit = Vec::new();
        let values = self.build(declared, &Around { prefix: String::new(), span: around }, &mut unfit);
        if unfit.is_empty() { Ok(values) } else { Err(unfit) }
    }

    fn build(
        &self,
        declared: &[Credential],
        around: &Around,
        unfit: &mut Vec<Unfit>,
    ) -> Map<CredentialValue> {
        self.refuse_unknown(declared, around, unfit);
        let mut values = Map::new();
        for credential in declared {
            let name = &credential.name.wire;
            match self.member(name) {
                Some(member) => {
                    let value = around.value(credential, member, unfit);
                    values.extend(value.map(|value| (name.clone(), value)));
                }
                None => unfit.push(around.missing(name)),
            }
        }
        values
    }

    fn refuse_unknown(&self, declared: &[Credential], around: &Around, unfit: &mut Vec<Unfit>) {
        for member in &self.members {
            if !declared.iter().any(|credential| credential.name.wire == member.name) {
                let known = declared.iter().map(|credential| credential.name.wire.as_str());
                let mend = did_you_mean(&member.name, known.clone()).map_or_else(
                    || format!("it has {}", listed(known)),
                    |name| format!("did you mean `{name}`?"),
                );
                let message = format!("the spec has no credential `{}{}`", around.prefix, member.name);
                unfit.push(around.unfit(member, Code::UnknownCredential, message).mend(mend));
            }
        }
    }
}

/// Where we are in the tree.
struct Around {
    prefix: String,
    span: Span,
}

impl Around {
    fn inside(&self, member: &Member) -> Self {
        Self { prefix: format!("{}{}.", self.prefix, member.name), span: member.span }
    }

    fn unfit(&self, member: &Member, code: Code, message: impl Into<String>) -> Unfit {
        let path = format!("{}{}", self.prefix, member.name);
        Unfit { path, span: member.span, code, message: message.into(), mend: None }
    }

    fn missing(&self, name: &str) -> Unfit {
        let path = format!("{}{name}", self.prefix);
        let message = format!("the credential `{path}` is missing");
        Unfit { path, span: self.span, code: Code::MissingKey, message, mend: None }
    }

    fn value(
        &self,
        credential: &Credential,
        member: &Member,
        unfit: &mut Vec<Unfit>,
    ) -> Option<CredentialValue> {
        let wanted = |wanted: &str| {
            let message = format!("{wanted} is wanted for `{}{}`", self.prefix, member.name);
            self.unfit(member, Code::NotText, message)
        };
        match (&credential.kind, &member.said) {
            (CredentialKind::Text { .. }, Said::Text(text)) => {
                Some(CredentialValue::Text(text.expose().to_owned()))
            }
            (CredentialKind::Secret(_), Said::Text(text)) => Some(CredentialValue::Secret(text.clone())),
            (CredentialKind::Key(kind), Said::Text(text)) => self.key(*kind, member, text, unfit),
            (CredentialKind::Keys(kind), Said::Members(keys)) => {
                Some(CredentialValue::Keys(self.inside(member).keys(*kind, keys, unfit)))
            }
            (CredentialKind::Choice(alternatives), Said::Members(inner)) => {
                self.choice(alternatives, member, inner, unfit)
            }
            (kind, _) => {
                unfit.push(wanted(match kind {
                    CredentialKind::Keys(_) => "a map of keys by their ids",
                    CredentialKind::Choice(_) => "a map with one of the alternatives",
                    CredentialKind::Key(_) => "a key, or `{ file: path }`,",
                    _ => "text",
                }));
                None
            }
        }
    }

    fn keys(&self, kind: KeyKind, keys: &Account, unfit: &mut Vec<Unfit>) -> Map<CredentialValue> {
        let mut values = Map::new();
        for member in &keys.members {
            match &member.said {
                Said::Text(text) => {
                    let key = self.key(kind, member, text, unfit);
                    values.extend(key.map(|key| (member.name.clone(), key)));
                }
                Said::Members(_) => {
                    let message = format!("a key, or `{{ file: path }}`, is wanted for `{}`", member.name);
                    unfit.push(self.unfit(member, Code::NotText, message));
                }
            }
        }
        values
    }

    fn key(
        &self,
        kind: KeyKind,
        member: &Member,
        text: &Secret,
        unfit: &mut Vec<Unfit>,
    ) -> Option<CredentialValue> {
        read_key(kind, text)
            .map_err(|found| {
                let message = format!("`{}{}` is no key that fits: {found}", self.prefix, member.name);
                unfit.push(self.unfit(member, Code::KeyOfTheWrongKind, message));
            })
            .ok()
    }

    fn choice(
        &self,
        alternatives: &[Alternative],
        member: &Member,
        inner: &Account,
        unfit: &mut Vec<Unfit>,
    ) -> Option<CredentialValue> {
        let known = || listed(alternatives.iter().map(|alternative| alternative.name.wire.as_str()));
        let chosen = chosen(alternatives, inner);
        let unknown = inner
            .members
            .iter()
            .find(|own| !alternatives.iter().any(|alternative| alternative.name.wire == own.name));
        let [alternative] = chosen.as_slice() else {
            let path = format!("{}{}", self.prefix, member.name);
            let message = match (chosen.len(), unknown) {
                (0, Some(unknown)) => format!("`{path}` has no alternative `{}`", unknown.name),
                (0, None) => format!("no alternative of `{path}` is given"),
                _ => format!("several alternatives of `{path}` are given"),
            };
            let span = unknown.map_or(member.span, |unknown| unknown.span);
            let unfit_here = Unfit { span, ..self.unfit(member, Code::UnknownCredential, message) };
            unfit.push(unfit_here.mend(format!("give one of {}", known())));
            return None;
        };
        let name = &alternative.name.wire;
        let own = inner.member(name)?;
        let Said::Members(said) = &own.said else {
            unfit.push(self.inside(member).unfit(
                own,
                Code::NotAMap,
                format!("a map is wanted for `{name}`"),
            ));
            return None;
        };
        let around = self.inside(member).inside(own);
        let members = said.build(&alternative.members, &around, unfit);
        Some(CredentialValue::Choice { alternative: name.clone(), members })
    }
}

impl Unfit {
    fn mend(self, mend: impl Into<String>) -> Self {
        Self { mend: Some(mend.into()), ..self }
    }
}

impl From<Unfit> for Diagnostic {
    fn from(unfit: Unfit) -> Self {
        Self::new(unfit.code, unfit.span, unfit.message).mend_if_any(unfit.mend)
    }
}

/// A key, with both halves where they are there: the same credentials serve the other side as well. What is said
/// about a text that is none is said by the reader of the half that the spec wants.
fn read_key(kind: KeyKind, text: &Secret) -> Result<CredentialValue, String> {
    let bytes = text.expose().as_bytes();
    let wanted_private = match kind {
        KeyKind::RsaPrivate => RsaPrivateKey::read(bytes).err(),
        KeyKind::Sm2Private => Sm2PrivateKey::read(bytes).err(),
        KeyKind::RsaPublic | KeyKind::Sm2Public => None,
    };
    CredentialValue::key(kind, bytes).map_err(|error| wanted_private.unwrap_or(error).to_string())
}

/// `a`, `b` and `c`.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => "none".to_owned(),
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        all => all.concat(),
    }
}
