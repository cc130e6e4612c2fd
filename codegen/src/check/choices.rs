//! `choose`: which recipe, by the configured credential.

use super::Context;
use super::recipes::{Table, Target};
use super::references::Named;
use super::seals::{fits, needed};
use crate::diagnostic::Code;
use crate::ir::{self, CredentialKind, CredentialPath, RecipeId, Seal};
use crate::model;
use crate::read::Spanned;

impl Context<'_> {
    pub(super) fn choice(&self, choose: &Spanned<model::Choose>, table: &Table) -> Option<Target> {
        for (word, node) in [("present", &choose.present), ("absent", &choose.absent)] {
            if let Some(node) = node {
                self.not_yet(node.span, &format!("`{word}` of a choice"));
            }
        }
        let here = (choose.span.beginning(), choose.span);
        let by = self.required(
            choose.by.as_ref(),
            "by",
            "`choose`",
            here,
            "such as `by: \"credential:signing\"`",
        )?;
        let Some(name) = by.strip_prefix("credential:") else {
            return self.chosen_by_the_message(choose, by, table);
        };
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
                let message =
                    format!("`{name}` can be `{}`, for which there is no case", alternative.name.wire);
                self.mistake(
                    Code::ChooseIncomplete,
                    choose.span,
                    message,
                    format!("add `{}: ...` to `cases`", alternative.name.wire),
                );
                continue;
            };
            if let Some(id) = self.case(recipe, table) {
                self.case_key(recipe, id, &path, alternative, table);
                cases.push(ir::Case { alternative: alternative.name.clone(), recipe: id });
            }
        }
        (cases.len() == alternatives.len()).then_some(Target::Choice(path, cases))
    }

    fn chosen_by_the_message(
        &self,
        choose: &model::Choose,
        by: &Spanned<String>,
        table: &Table,
    ) -> Option<Target> {
        let recipes: Vec<RecipeId> =
            choose.cases.iter().filter_map(|case| self.case(&case.value, table)).collect();
        let seals: Vec<&Seal> =
            recipes.iter().filter_map(|id| table.lowered.get(id.0)).map(|recipe| &recipe.seal).collect();
        if seals.windows(2).any(|pair| pair.first() != pair.last()) {
            let message = format!("field `{by}` of the message would choose the algorithm or the key");
            self.mistake(
                Code::AlgorithmChosenByTheMessage,
                by.span,
                message,
                "choose by a credential: `by: \"credential:x\"`",
            );
        } else {
            self.not_yet(by.span, "`choose` by a field");
        }
        None
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
            Some(Target::Recipe(id)) => Some(*id),
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
        let Some(CredentialPath { name, member: Some(member) }) = &recipe.seal.key else { return };
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
