//! Credentials: from what somebody says about them to what the interpreter is set up with.
//!
//! An [`Account`] is a tree of texts by name: of `test_credentials`, of a file of credentials, of variables and
//! answers that the command puts in. What the texts have to be is said by the spec, so a tree becomes values only
//! with the declarations beside it. Where it comes from a file, each place is kept for what there is to complain about.
//! Texts are secrets throughout: nothing here shows one.

use std::path::Path;

use payspec_codegen::diagnostic::{Code, Diagnostic, Diagnostics, Span, did_you_mean};
use payspec_codegen::ir::{Alternative, Credential, CredentialKind, KeyKind};
use payspec_codegen::read::{Key, Node, NodeValue};
use payspec_interpreter::{CredentialValue, Map};
use payspec_runtime::Secret;
use payspec_runtime::crypto::{RsaPrivateKey, Sm2PrivateKey};

use crate::key_file;

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

/// A credential that nothing was said about.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing<'p> {
    /// Which, dotted.
    pub path: String,
    /// What it has to be.
    pub kind: &'p CredentialKind,
}

impl Account {
    /// Reads a map of credentials. Keys stand in files, named from `folder`: `{ file: path }`. `absolute`: also by
    /// absolute paths, which a file that others use as well may not have.
    pub fn read(
        node: &Node,
        declared: &[Credential],
        folder: &Path,
        absolute: bool,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut reader = Reader { folder, absolute, diagnostics };
        reader.members(node, declared)
    }

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

/// Reads the texts of a file, and those of the files that it names.
struct Reader<'r> {
    folder: &'r Path,
    absolute: bool,
    diagnostics: &'r mut Diagnostics,
}

impl Reader<'_> {
    fn members(&mut self, node: &Node, declared: &[Credential]) -> Account {
        let mut account = Account::default();
        for (key, value) in self.entries(node) {
            let kind = declared.iter().find(|own| own.name.wire == key.text).map(|own| &own.kind);
            let said = match kind {
                Some(CredentialKind::Choice(alternatives)) => self.alternatives(value, alternatives),
                Some(CredentialKind::Keys(_)) => self.keys(value),
                Some(CredentialKind::Text { .. }) => self.text(value, false),
                Some(CredentialKind::Secret(_) | CredentialKind::Key(_)) => self.text(value, true),
                // That there is no such credential is said later, once.
                None => None,
            };
            account.add(key, said);
        }
        account
    }

    fn alternatives(&mut self, node: &Node, alternatives: &[Alternative]) -> Option<Said> {
        let mut account = Account::default();
        for (key, value) in self.entries(node) {
            let members = alternatives.iter().find(|own| own.name.wire == key.text);
            let members = members.map(|own| own.members.as_slice()).unwrap_or_default();
            let inner = self.members(value, members);
            account.add(key, Some(Said::Members(inner)));
        }
        Some(Said::Members(account))
    }

    fn keys(&mut self, node: &Node) -> Option<Said> {
        let mut account = Account::default();
        for (key, value) in self.entries(node) {
            let said = self.text(value, true);
            account.add(key, said);
        }
        Some(Said::Members(account))
    }

    fn entries<'n>(&mut self, node: &'n Node) -> &'n [(Key, Node)] {
        if !matches!(node.value, NodeValue::Mapping(_)) {
            self.say(Code::NotAMap, node.span, format!("a map is wanted here, {} was found", node.kind()));
        }
        node.entries()
    }

    /// A text, or the content of a file.
    fn text(&mut self, node: &Node, from_file: bool) -> Option<Said> {
        let said = |text: &str| Some(Said::Text(Secret::new(text)));
        match &node.value {
            NodeValue::Scalar(scalar) => said(&scalar.text),
            NodeValue::Mapping(entries) => match entries.as_slice() {
                [(key, path)] if key.text == "file" && from_file => self.file(path),
                [(key, _)] if key.text == "file" => {
                    let message = "only keys and secrets are read from files; write this one here";
                    self.say(Code::KeyDoesNotApply, key.span, message);
                    None
                }
                _ => {
                    self.say(Code::NotText, node.span, "text, or `{ file: path }`, is wanted here");
                    None
                }
            },
            _ => {
                let message =
                    format!("text, or `{{ file: path }}`, is wanted here, {} was found", node.kind());
                self.say(Code::NotText, node.span, message);
                None
            }
        }
    }

    fn file(&mut self, path: &Node) -> Option<Said> {
        let Some(name) = path.text() else {
            self.say(Code::NotText, path.span, format!("a path is wanted here, {} was found", path.kind()));
            return None;
        };
        if Path::new(name).is_absolute() && !self.absolute {
            let message = format!("`{name}` is an absolute path, which no other machine has");
            let mend = "name the file from the folder of this one";
            self.diagnostics.push(Diagnostic::new(Code::UnknownReference, path.span, message).mend(mend));
            return None;
        }
        match key_file::read(&self.folder.join(name)) {
            Ok(text) => Some(Said::Text(text)),
            Err(problem) => {
                self.say(Code::UnknownReference, path.span, format!("`{name}` {problem}"));
                None
            }
        }
    }

    fn say(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(code, span, message));
    }
}

impl Account {
    /// What could not be read has been complained about, and is not missing as well.
    fn add(&mut self, key: &Key, said: Option<Said>) {
        let said = said.unwrap_or_else(|| Said::Text(Secret::new("")));
        self.members.push(Member { name: key.text.clone(), span: key.span, said });
    }
}
