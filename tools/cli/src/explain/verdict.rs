//! Whether it holds: the signatures, and whatever else the spec says about the message.

use payspec_explain::Answer;
use payspec_interpreter::{Account, Interpreter, RecipeAccount, RecipeError, Refusal};

use super::road::{line, styled};
use super::subject::Explained;
use crate::settings::Resolved;
use crate::terminal::{ERROR, GOOD, WARNING};

/// What comes of a message.
pub(crate) struct Verdict {
    /// Every signature fits, and nothing else is refused.
    pub(crate) holds: bool,
    /// In a word: `signed`, `verified`, `refused`, `unsigned`, `expected`, `not_expected`.
    pub(crate) word: &'static str,
    /// In a sentence, for what is more than the word.
    pub(crate) reason: Option<String>,
}

/// Whether every recipe of a message that came fits in one of its readings.
pub(crate) fn fits(account: &Account, explained: &Explained) -> bool {
    let main = || account.recipes.iter().filter(|recipe| recipe.part.is_none());
    let name = |recipe: &'_ RecipeAccount| (recipe.recipe.clone(), recipe.element);
    let mut names: Vec<(String, Option<usize>)> = main().map(name).collect();
    names.dedup();
    let of =
        |named: &(String, Option<usize>)| main().filter(|recipe| name(recipe) == *named).collect::<Vec<_>>();
    let is_unsigned = |recipe: &RecipeAccount| {
        // A request without a signature is one that has yet to be signed.
        matches!(explained, Explained::Sent { .. })
            && matches!(recipe.verdict, Some(Err(Refusal::MissingSignature { .. })))
    };
    account.broken.is_none()
        && names
            .iter()
            .all(|name| of(name).iter().any(|recipe| recipe.verdict == Some(Ok(())) || is_unsigned(recipe)))
}

/// There is no signature at some place.
pub(crate) fn is_missing(account: &Account) -> bool {
    let is_missing =
        |recipe: &RecipeAccount| matches!(recipe.verdict, Some(Err(Refusal::MissingSignature { .. })));
    account.recipes.iter().any(is_missing)
}

impl Verdict {
    pub(crate) fn of(
        explained: &Explained,
        account: &Account,
        answer: Option<&Answer>,
        interpreter: &Interpreter,
        resolved: &Resolved,
    ) -> Self {
        let told = |word, holds| Self { holds, word, reason: None };
        if account.recipes.is_empty() && answer.is_some_and(|answer| !answer.matches.is_empty()) {
            return told("refused", false);
        }
        if let Some(reason) = explained.unsigned(interpreter.provider()) {
            return Self { reason: Some(format!("nothing is signed: {reason}")), ..told("unsigned", true) };
        }
        if !explained.is_compared() {
            let is_made = account.broken.is_none()
                && account.violations.is_empty()
                && account.recipes.iter().all(|recipe| !matches!(recipe.text, Some(Err(_))));
            return match answer.map(|answer| answer.as_it_is) {
                Some(true) => told("expected", is_made),
                Some(false) => told("not_expected", false),
                None => told(if is_made { "signed" } else { "refused" }, is_made),
            };
        }
        if !fits(account, explained) {
            return told("refused", false);
        }
        if is_missing(account) {
            let reason = Some(String::from("the message is not signed yet; what was computed belongs there"));
            return Self { reason, ..told("unsigned", answer.is_none_or(|answer| answer.as_it_is)) };
        }
        match explained.refusal(interpreter, &resolved.supplied) {
            None => told("verified", answer.is_none_or(|answer| answer.as_it_is)),
            Some(reason) => Self { reason: Some(reason), ..told("refused", false) },
        }
    }

    /// What stands above the road.
    pub(crate) fn before(&self, account: &Account) -> String {
        let mut page = String::new();
        for violation in &account.violations {
            line(&mut page, &format!("{} {violation}", styled(WARNING, "not taken:")));
        }
        page
    }

    /// What stands below it.
    pub(crate) fn behind(&self, account: &Account) -> String {
        let mut page = String::new();
        let has_no_url = |recipe: &RecipeAccount| matches!(recipe.text, Some(Err(RecipeError::Url)));
        if account.broken == Some(RecipeError::Url) || account.recipes.iter().any(has_no_url) {
            line(
                &mut page,
                "help: say where the host is with `--host NAME=URL`, of a callback with `--url URL`",
            );
        }
        match (self.word, &self.reason) {
            ("verified", _) => line(&mut page, &styled(GOOD, "verified")),
            ("expected", _) => line(&mut page, &styled(GOOD, "this is what is expected")),
            ("unsigned", Some(reason)) => line(&mut page, reason),
            (_, Some(reason)) => {
                line(&mut page, &format!("{} {reason}", styled(ERROR, "the signature fits, and yet:")));
            }
            (_, None) => {}
        }
        page
    }
}
