//! Accepted diagnostics: `accepts: { PS109: "why" }`, at the top of the file or at the thing itself.
//!
//! Silencing is bookkeeping at the very end, so that no check has to know about it. An entry that silences nothing is
//! reported in turn: it would hide a later mistake.

use super::Context;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::model::Accepts;

/// One accepted code.
pub(super) struct Accepted {
    code: Code,
    /// Where the entry stands.
    span: Span,
    /// Where it holds; `None`: everywhere.
    within: Option<Span>,
    /// It has silenced something already.
    used: bool,
}

impl Context<'_> {
    /// Notes what is accepted inside `within`; `None`: everywhere.
    pub(super) fn accept(&self, entries: &Accepts, within: Option<Span>) {
        for entry in entries {
            let (number, span) = (entry.key.value.as_str(), entry.key.span);
            let Some(code) = Code::from_number(number) else {
                let message = format!("there is no diagnostic `{number}`");
                self.mistake(Code::UnknownCode, span, message, "write its number, such as `PS109`");
                continue;
            };
            if !code.can_be_accepted() {
                let message = format!("`{number}` cannot be accepted: {}", code.title());
                self.mistake(Code::CannotBeAccepted, span, message, "mend what it is about");
                continue;
            }
            if entry.value.trim().is_empty() {
                let message = format!("`{number}` is accepted without a reason");
                self.mistake(Code::MissingKey, span, message, "say why it is right here");
            }
            self.accepted.borrow_mut().push(Accepted { code, span, within, used: false });
        }
    }

    /// Whether a recipe accepts a diagnostic about itself. What it inherits by `like` stands in the other recipe, which
    /// does not accept it thereby, so it is asked here who is spoken of, and not where it is written.
    pub(super) fn accepts_at_recipe(&self, name: &str, code: Code, at: Span) -> bool {
        let Some(recipe) = self.file.signatures.as_ref().and_then(|all| all.get(name)) else { return false };
        if holds(recipe.span, at) {
            return false;
        }
        let Some(said) = recipe.accepts.iter().find(|entry| Code::from_number(&entry.key) == Some(code))
        else {
            return false;
        };
        let mut accepted = self.accepted.borrow_mut();
        let entry = accepted.iter_mut().find(|entry| entry.code == code && entry.span == said.key.span);
        entry.is_some_and(|entry| {
            entry.used = true;
            true
        })
    }
}

/// Leaves out what is accepted and reports what was accepted in vain.
pub(super) fn settle(mut found: Diagnostics, accepted: Vec<Accepted>) -> Diagnostics {
    let mut used: Vec<bool> = accepted.iter().map(|entry| entry.used).collect();
    let mut secrets = Vec::new();
    found.retain(|diagnostic| {
        let mut silent = false;
        for (entry, used) in accepted.iter().zip(&mut used) {
            if entry.code == diagnostic.code
                && entry.within.is_none_or(|within| holds(within, diagnostic.span))
            {
                *used = true;
                silent = true;
            }
        }
        if silent && diagnostic.code == Code::SecretWouldBeSent {
            secrets.push(diagnostic.span);
        }
        !silent
    });
    // The language has it; the generated code cannot do it yet, and must not be tried with a secret.
    found.extend(secrets.into_iter().map(|span| {
        Diagnostic::new(
            Code::NotYet,
            span,
            "a secret in a field is not supported yet, even if it is accepted",
        )
    }));
    found.extend(accepted.iter().zip(used).filter(|(_, used)| !used).map(|(entry, _)| {
        Diagnostic::new(Code::NothingToAccept, entry.span, format!("`{}` does not occur here", entry.code))
            .mend("remove the entry, so that it does not hide a later mistake")
    }));
    found
}

fn holds(within: Span, span: Span) -> bool {
    within.start <= span.start && span.end <= within.end
}
