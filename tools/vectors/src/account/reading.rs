//! Reads an account from a file: its texts, and those of the key files that it names.
//!
//! Which members are texts, keys by their ids or alternatives is said by the spec; what the spec does not know is passed
//! over here, and complained about once, when values are made. Only secrets and keys may stand in files of their own.

use std::path::Path;

use payspec_codegen::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use payspec_codegen::ir::{Alternative, Credential, CredentialKind};
use payspec_codegen::read::{Key, Node, NodeValue};
use payspec_runtime::Secret;

use super::{Account, Member, Said};
use crate::key_file;

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

    /// What could not be read has been complained about, and is not missing as well.
    fn add(&mut self, key: &Key, said: Option<Said>) {
        let said = said.unwrap_or_else(|| Said::Text(Secret::new("")));
        self.members.push(Member { name: key.text.clone(), span: key.span, said });
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
