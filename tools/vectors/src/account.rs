//! Credentials: from what somebody says about them to what the interpreter is set up with.
//!
//! An [`Account`] is a tree of texts by name: of `test_credentials`, of a file of credentials, of variables and
//! answers that the command puts in. What the texts have to be is said by the spec, so a tree becomes values only
//! with the declarations beside it. Where it comes from a file, each place is kept for what there is to complain about.
//! Texts are secrets throughout: nothing here shows one.

mod reading;
mod values;

use payspec_codegen::diagnostic::Span;
use payspec_codegen::ir::{Alternative, Credential, CredentialKind};
use payspec_runtime::Secret;

pub use self::values::Unfit;

/// What somebody says about credentials.
#[derive(Clone, Debug, Default)]
pub struct Account {
    members: Vec<Member>,
}

#[derive(Clone, Debug)]
struct Member {
    name: String,
    span: Span,
    said: Said,
}

#[derive(Clone, Debug)]
enum Said {
    Text(Secret),
    Members(Account),
}

/// A credential that nothing was said about.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing<'p> {
    /// Which, dotted.
    pub path: String,
    /// What it has to be.
    pub kind: &'p CredentialKind,
}

impl Account {
    /// Says something about a credential, in place of what was said.
    pub fn put(&mut self, path: &[&str], text: Secret) {
        let [name, rest @ ..] = path else { return };
        let at = self.members.iter().position(|member| member.name == *name).unwrap_or_else(|| {
            let said = Said::Members(Self::default());
            self.members.push(Member { name: (*name).to_owned(), span: Span::default(), said });
            self.members.len() - 1
        });
        let Some(member) = self.members.get_mut(at) else { return };
        if rest.is_empty() {
            member.said = Said::Text(text);
            return;
        }
        if !matches!(member.said, Said::Members(_)) {
            member.said = Said::Members(Self::default());
        }
        if let Said::Members(inner) = &mut member.said {
            inner.put(rest, text);
        }
    }

    /// Whether something was said about a credential, or about something in it.
    #[must_use]
    pub fn has(&self, path: &[&str]) -> bool {
        match path {
            [] => true,
            [name, rest @ ..] => self.member(name).is_some_and(|member| match &member.said {
                Said::Text(_) => rest.is_empty(),
                Said::Members(inner) => inner.has(rest),
            }),
        }
    }

    /// What nothing was said about. Of a choice without any member, the choice.
    #[must_use]
    pub fn missing<'p>(&self, declared: &'p [Credential]) -> Vec<Missing<'p>> {
        let mut missing = Vec::new();
        self.find_missing(declared, "", &mut missing);
        missing
    }

    fn find_missing<'p>(&self, declared: &'p [Credential], prefix: &str, missing: &mut Vec<Missing<'p>>) {
        for credential in declared {
            let name = &credential.name.wire;
            let path = format!("{prefix}{name}");
            match (&credential.kind, self.member(name).map(|member| &member.said)) {
                (CredentialKind::Choice(alternatives), Some(Said::Members(inner))) => {
                    for alternative in chosen(alternatives, inner) {
                        let empty = Self::default();
                        let of = inner.inside(&alternative.name.wire).unwrap_or(&empty);
                        let prefix = format!("{path}.{}.", alternative.name.wire);
                        of.find_missing(&alternative.members, &prefix, missing);
                    }
                }
                (kind, None) => missing.push(Missing { path, kind }),
                (_, Some(_)) => {}
            }
        }
    }

    fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    fn inside(&self, name: &str) -> Option<&Self> {
        match &self.member(name)?.said {
            Said::Members(inner) => Some(inner),
            Said::Text(_) => None,
        }
    }
}

/// The alternatives that something is said about.
fn chosen<'p>(alternatives: &'p [Alternative], said: &Account) -> Vec<&'p Alternative> {
    let is_said = |alternative: &&Alternative| said.member(&alternative.name.wire).is_some();
    alternatives.iter().filter(is_said).collect()
}
