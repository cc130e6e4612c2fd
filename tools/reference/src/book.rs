//! What the chapters of a page share: the spec, who vouches for what, and how names lead to their sections.

use payspec_codegen::diagnostic::Diagnostics;
use payspec_codegen::ir::{CredentialPath, Mark as Vouches, Provider, RecipeId, Signature};
use payspec_codegen::read::{self, Node};

use crate::document::{Mark, Text};
use crate::example::Examples;

/// The spec on its way to a page.
pub(crate) struct Book<'a> {
    pub(crate) provider: &'a Provider,
    /// The file itself, for what the IR does not hold: who vouches for a recipe, an acknowledgement, a plan of
    /// repetitions. `None` only for a text that is no YAML, which nobody could have compiled.
    file: Option<Node>,
    pub(crate) examples: Examples,
}

impl<'a> Book<'a> {
    pub(crate) fn new(provider: &'a Provider, text: &str, examples: Examples) -> Self {
        Self { provider, file: read::read(text, &mut Diagnostics::new()), examples }
    }

    /// What the file says under these keys.
    fn said(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self.file.as_ref()?, |node, key| node.get(key))
    }

    /// Who vouches for a part of a message that the IR does not ask: `callbacks.notify.retries`.
    pub(crate) fn sources_at(&self, path: &[&str]) -> Vec<String> {
        let Some(node) = self.said(path).and_then(|node| node.get("source")) else { return Vec::new() };
        let many = node.items().iter().filter_map(Node::text);
        node.text().into_iter().chain(many).map(str::to_owned).collect()
    }

    /// Who vouches for a recipe: its own word, or that of the recipe that it is like.
    pub(crate) fn sources_of_recipe(&self, name: &str) -> Vec<String> {
        self.along_likes(name, |book, name| {
            let sources = book.sources_at(&["signatures", name]);
            (!sources.is_empty()).then_some(sources)
        })
        .unwrap_or_default()
    }

    /// What the file says about a recipe in words.
    pub(crate) fn doc_of_recipe(&self, name: &str) -> Option<String> {
        let doc = self.said(&["signatures", name, "doc"])?;
        doc.text().map(str::to_owned)
    }

    /// The first answer along `like`. The checker refuses rings; a bound keeps this short all the same.
    fn along_likes<T>(&self, name: &str, ask: impl Fn(&Self, &str) -> Option<T>) -> Option<T> {
        let mut name = name.to_owned();
        for _ in 0..read::DEEPEST {
            if let Some(answer) = ask(self, &name) {
                return Some(answer);
            }
            name = self.said(&["signatures", &name, "like"])?.text()?.to_owned();
        }
        None
    }

    /// Ids of sources as words; nothing where the thing around has the same.
    pub(crate) fn sources(&self, own: &[String], around: &[String]) -> Text {
        if own.is_empty() || own == around {
            return Text::default();
        }
        Text::joined(own.iter().map(|id| source(id)), ", ", ", ")
    }

    /// The same behind the word that says what they are.
    pub(crate) fn source_line(&self, own: &[String], around: &[String]) -> Text {
        let sources = self.sources(own, around);
        if sources.is_empty() { sources } else { Text::plain("Source: ").and_text(sources) }
    }

    /// The recipe of a name, as a link.
    pub(crate) fn recipe(&self, id: RecipeId) -> Text {
        recipe_link(&self.provider[id].name.wire)
    }

    /// What protects a message.
    pub(crate) fn protection(&self, signature: &Signature) -> Text {
        match signature {
            Signature::None { reason } => Text::default().and_strong("Nothing").and(": ").and(reason),
            Signature::Recipe(id) => self.recipe(*id),
            Signature::Chosen { by, cases } => {
                let case = |case: &payspec_codegen::ir::Case| {
                    Text::code(&case.alternative.wire).and(": ").and_text(self.recipe(case.recipe))
                };
                Text::plain("By the credential ").and_text(credential(by)).and(": ").and_text(Text::joined(
                    cases.iter().map(case),
                    "; ",
                    "; ",
                ))
            }
            Signature::ByField { by, cases, absent, otherwise } => {
                let cases = cases
                    .iter()
                    .map(|case| Text::code(&case.value).and(": ").and_text(self.recipe(case.recipe)));
                let absent = absent.iter().map(|id| Text::plain("absent: ").and_text(self.recipe(*id)));
                let other =
                    otherwise.iter().map(|id| Text::plain("any other value: ").and_text(self.recipe(*id)));
                Text::plain("By the field ").and_code(by.dotted()).and(": ").and_text(Text::joined(
                    cases.chain(absent).chain(other),
                    "; ",
                    "; ",
                ))
            }
            Signature::Several(all) => {
                let all = all.iter().map(|one| self.protection(one));
                Text::joined(all, ", then ", ", then ")
            }
        }
    }
}

/// An id of a source; the two that need no declaration are marks.
pub(crate) fn source(id: &str) -> Text {
    match id {
        "inferred" => Text::default().and_mark(Mark::Inferred),
        "unknown" => Text::default().and_mark(Mark::Unknown),
        id => Text::code(id),
    }
}

/// How far a source is to be believed.
pub(crate) fn vouches(mark: Vouches) -> &'static str {
    match mark {
        Vouches::Official => "official document",
        Vouches::OfficialSdk => "code of the provider",
        Vouches::ClientCode => "code of somebody who integrated the provider",
        Vouches::Measured => "computed or observed",
    }
}

/// A credential by its path.
pub(crate) fn credential(path: &CredentialPath) -> Text {
    Text::default().and_item("credentials", credential_name(path))
}

/// The path of a credential as specs write it.
pub(crate) fn credential_name(path: &CredentialPath) -> String {
    match &path.member {
        Some(member) => format!("{}.{}", path.name.wire, member.wire),
        None => path.name.wire.clone(),
    }
}

pub(crate) fn recipe_link(name: &str) -> Text {
    Text::default().and_item(&format!("signature-{name}"), name)
}

pub(crate) fn operation_link(name: &str) -> Text {
    Text::default().and_item(&format!("operation-{name}"), name)
}

pub(crate) fn callback_link(name: &str) -> Text {
    Text::default().and_item(&format!("callback-{name}"), name)
}

pub(crate) fn type_link(name: &str) -> Text {
    Text::default().and_item(&format!("type-{name}"), name)
}
