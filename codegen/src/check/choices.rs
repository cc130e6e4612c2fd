//! `choose`: which recipe, by the configured credential or by a field of the message.
//!
//! A credential may choose everything. A field may choose what is signed, never how: whoever sends a message could
//! otherwise pick the weaker algorithm, or the key that became known.

use super::Context;
use super::recipes::Table;
use super::references::Named;
use super::seals::{fits, needed};
use crate::diagnostic::Code;
use crate::ir::{self, CredentialKind, CredentialPath, FieldCase, Key, RecipeId, Signature};
use crate::model;
use crate::read::Spanned;

/// A case that was understood: where it names its recipe, and which that is.
type Leads<'c> = (&'c Spanned<String>, RecipeId);

impl Context<'_> {
    pub(super) fn choice(&self, choose: &Spanned<model::Choose>, table: &Table) -> Option<Signature> {
        let here = (choose.span.beginning(), choose.span);
        let mend = "such as `by: \"credential:signing\"`";
        let by = self.required(choose.by.as_ref(), "by", "`choose`", here, mend)?;
        match by.strip_prefix("credential:") {
            Some(name) => self.chosen_by_a_credential(choose, by, name, table),
            None => self.chosen_by_the_message(choose, by, table),
        }
    }

    fn chosen_by_a_credential(
        &self,
        choose: &Spanned<model::Choose>,
        by: &Spanned<String>,
        name: &str,
        table: &Table,
    ) -> Option<Signature> {
        if let Some(present) = &choose.present {
            let message = "a credential is always there, so `present` chooses nothing";
            self.mistake(Code::KeyDoesNotApply, present.span, message, "name each alternative in `cases`");
        }
        if let Some(absent) = &choose.absent {
            self.case(absent, table)?;
            let message = "`absent` never happens: a client always has one of the alternatives";
            self.mistake(Code::UnusedRecipe, absent.span, message, "take it out, or write `otherwise`");
        }
        let (path, named) = self.credential_named(name, by.span, by)?;
        let Named::One(ir::Credential { kind: CredentialKind::Choice(alternatives), .. }) = named else {
            let message = format!("`{by}` is no choice");
            self.mistake(Code::UnknownReference, by.span, message, "name a credential of the kind choice");
            return None;
        };
        let known = || alternatives.iter().map(|alternative| alternative.name.wire.as_str());
        for case in choose.cases.iter().filter(|case| !known().any(|name| name == case.key.value)) {
            let message = format!("`{}` is no alternative of `{name}`", case.key);
            self.unknown(Code::UnknownValue, case.key.span, message, &case.key, known());
        }
        let mut cases = Vec::new();
        for alternative in alternatives {
            let said = choose.cases.get(&alternative.name.wire).or(choose.otherwise.as_ref());
            let Some(recipe) = said else {
                let wire = &alternative.name.wire;
                let message = format!("`{name}` can be `{wire}`, for which there is no case");
                self.mistake(
                    Code::ChooseIncomplete,
                    choose.span,
                    message,
                    format!("add `{wire}: ...` to `cases`"),
                );
                continue;
            };
            if let Some(id) = self.case(recipe, table) {
                self.case_key(recipe, id, &path, alternative, table);
                cases.push(ir::Case { alternative: alternative.name.clone(), recipe: id });
            }
        }
        (cases.len() == alternatives.len()).then_some(Signature::Chosen { by: path, cases })
    }

    fn chosen_by_the_message(
        &self,
        choose: &Spanned<model::Choose>,
        by: &Spanned<String>,
        table: &Table,
    ) -> Option<Signature> {
        let field = self.path(by.strip_prefix("field:").unwrap_or(by), by.span);
        if let (Some(present), false) =
            (&choose.present, choose.cases.is_empty() && choose.otherwise.is_none())
        {
            let message = "`present` is for a field of which only the presence counts";
            let mend = "write either `cases` and `otherwise`, or `present`, with `absent` beside either";
            self.mistake(Code::KeyDoesNotApply, present.span, message, mend);
            return None;
        }
        if choose.cases.is_empty() && choose.present.is_none() && choose.otherwise.is_none() {
            let message = format!("`choose` by `{by}` leads to no recipe");
            let mend = "write `cases: { VALUE: recipe }`, or `present: recipe` and `absent: recipe`";
            self.mistake(Code::ChooseIncomplete, choose.span, message, mend);
            return None;
        }
        let absent = choose.absent.as_ref();
        let otherwise = choose.present.as_ref().or(choose.otherwise.as_ref());
        let named = choose.cases.iter().map(|case| &case.value).chain(absent).chain(otherwise);
        let leads: Vec<Option<Leads<'_>>> =
            named.map(|recipe| self.case(recipe, table).map(|id| (recipe, id))).collect();
        self.message_chooses_no_seal(by, &leads.iter().flatten().copied().collect::<Vec<_>>(), table);
        let leads: Vec<RecipeId> = leads.into_iter().map(|lead| Some(lead?.1)).collect::<Option<_>>()?;
        let mut leads = leads.into_iter();
        let values = choose.cases.keys().map(str::to_owned);
        let cases = values.zip(leads.by_ref()).map(|(value, recipe)| FieldCase { value, recipe }).collect();
        let absent = absent.and_then(|_| leads.next());
        let otherwise = otherwise.and_then(|_| leads.next());
        Some(Signature::ByField { by: field?, cases, absent, otherwise })
    }

    /// All recipes that a field leads to are sealed alike: same algorithm, same key, same secrets in the text.
    fn message_chooses_no_seal(&self, by: &Spanned<String>, said: &[Leads<'_>], table: &Table) {
        let recipes = || said.iter().filter_map(|(at, id)| Some((*at, table.lowered.get(id.0)?)));
        let is_computed = |recipe: &ir::Recipe| matches!(recipe.seal.key, Some(Key::Computed(_)));
        let Some((_, first)) = recipes().next() else { return };
        let differs = |other: &ir::Recipe| {
            other.seal.algorithm != first.seal.algorithm
                || other.seal.key != first.seal.key
                || self.secrets_of(other) != self.secrets_of(first)
                || (is_computed(other) && other.parts != first.parts)
        };
        if recipes().any(|(_, other)| differs(other)) {
            let message = format!("field `{by}` of the message would choose the algorithm or the key");
            let mend = "choose by a credential: `by: \"credential:x\"`";
            self.mistake(Code::AlgorithmChosenByTheMessage, by.span, message, mend);
        }
        for (at, recipe) in recipes() {
            if let Some(CredentialPath { name, member: Some(_) }) = recipe.seal.credential() {
                let message =
                    format!("recipe `{at}` has a key of the choice `{}`, and a field chooses it", name.wire);
                let mend = "let the credential choose: `by: \"credential:x\"`";
                self.mistake(Code::KeyOfTheWrongKind, at.span, message, mend);
            }
        }
    }

    fn case(&self, recipe: &Spanned<String>, table: &Table) -> Option<RecipeId> {
        let Some(entry) = table.entries.iter().find(|entry| entry.name == *recipe) else {
            let known = table.entries.iter().map(|entry| entry.name.value.as_str());
            self.unknown(
                Code::UnknownRecipe,
                recipe.span,
                format!("unknown recipe `{recipe}`"),
                recipe,
                known,
            );
            return None;
        };
        table.used.borrow_mut().insert(recipe.value.clone());
        let is_choice =
            self.file.signatures.as_ref().and_then(|all| all.get(recipe)).is_some_and(|r| r.choose.is_some());
        match &entry.leads_to {
            Some(Signature::Recipe(id)) => Some(*id),
            _ if is_choice => {
                let message = format!("recipe `{recipe}` is a choice inside a choice");
                self.mistake(Code::RecipeCycle, recipe.span, message, "name a recipe that signs");
                None
            }
            _ => None,
        }
    }

    /// A key that is a member of the choice must fit in the alternative that leads here.
    fn case_key(
        &self,
        at: &Spanned<String>,
        id: RecipeId,
        by: &CredentialPath,
        alternative: &ir::Alternative,
        table: &Table,
    ) {
        let Some(recipe) = table.lowered.get(id.0) else { return };
        let Some(CredentialPath { name, member: Some(member) }) = recipe.seal.credential() else { return };
        if *name != by.name {
            let message =
                format!("recipe `{at}` has a key of `{}`, and `{}` chooses it", name.wire, by.name.wire);
            self.mistake(Code::KeyOfTheWrongKind, at.span, message, "name a key of the same choice");
            return;
        }
        let key = alternative.members.iter().find(|credential| credential.name == *member);
        if !key.is_some_and(|key| fits(&recipe.seal.algorithm, &key.kind)) {
            let message = format!(
                "recipe `{at}` needs {}, and `{}` of alternative `{}` is none",
                needed(&recipe.seal.algorithm),
                member.wire,
                alternative.name.wire
            );
            self.mistake(
                Code::KeyOfTheWrongKind,
                at.span,
                message,
                "name a recipe for this alternative's keys",
            );
        }
    }
}
