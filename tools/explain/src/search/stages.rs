//! The recipes of a message as stages: what was signed last is verified first, and opened for the ones before it.
//!
//! A stage is a recipe with its further readings, and the message as that recipe sees it. The first stage that does not
//! fit is the one whose recipe is changed.

use std::rc::Rc;

use payspec_codegen::ir::{Recipe, RecipeId, Repeated};
use payspec_interpreter::{Aim, TrialMessage, TrialStage, Tried};

use super::Search;
use super::attempt::try_variants;
use crate::question::Expected;

/// A recipe of the message, with its readings.
pub(super) struct Stage {
    pub(super) stage: TrialStage,
    pub(super) variants: Vec<Recipe>,
    /// The message as this recipe sees it: what was encrypted later is opened.
    pub(super) message: Rc<TrialMessage>,
}

impl Search<'_> {
    /// The recipes of the message, what was signed last first, and the first of them that does not fit.
    pub(super) fn stages(&mut self) -> Result<(), String> {
        let found = self.tool.interpreter.trial_stages(&self.signature, &self.message);
        let stages = match found {
            Ok(stages) => stages,
            Err(_) => self.signature.recipes().first().map(|id| bare_stage(*id)).into_iter().collect(),
        };
        if stages.is_empty() {
            return Err(String::from("nothing protects this message: there is no signature to explain"));
        }
        let mut message = Rc::clone(&self.message);
        let mut found_failing = false;
        for (index, stage) in stages.into_iter().enumerate() {
            let variants = variants(&self.question.provider[stage.id]);
            self.stages.push(Stage { stage, variants, message: Rc::clone(&message) });
            let tried = self.try_stage(index, &message, Aim::InMessage);
            if let Some(tried) = &tried
                && tried.fits
            {
                message = Rc::new(tried.open(&message));
            } else if !found_failing {
                (self.failing, found_failing) = (index, true);
            }
        }
        self.fits = match self.aim() {
            Aim::InMessage => !found_failing,
            aim => {
                self.failing = 0;
                (0..self.stages.len()).any(|index| {
                    let message = self.stages.get(index).map(|stage| Rc::clone(&stage.message));
                    message
                        .and_then(|message| self.try_stage(index, &message, aim))
                        .is_some_and(|tried| tried.fits)
                })
            }
        };
        Ok(())
    }

    /// Tries the recipe of a stage and its readings; what fits, or else what came of the recipe itself.
    fn try_stage(&mut self, index: usize, message: &TrialMessage, aim: Aim<'_>) -> Option<Tried> {
        let stage = self.stages.get(index)?;
        let found =
            try_variants(&mut self.tool, &stage.variants, &stage.stage, message, self.question.supplied, aim);
        if self.text.is_none() && index == self.failing {
            self.text = found.as_ref().and_then(|tried| tried.text.clone());
        }
        found
    }

    pub(super) fn stages_to_change(&self) -> impl Iterator<Item = (usize, &Stage)> {
        let only = matches!(self.question.expected, Expected::InMessage).then_some(self.failing);
        self.stages.iter().enumerate().filter(move |(index, _)| only.is_none_or(|only| only == *index))
    }
}

fn bare_stage(id: RecipeId) -> TrialStage {
    TrialStage { id, later: Vec::new(), repeated: Repeated::Refuse }
}

/// A recipe and its further readings.
pub(super) fn variants(recipe: &Recipe) -> Vec<Recipe> {
    let own = Recipe { also_accept: Vec::new(), ..recipe.clone() };
    std::iter::once(own).chain(recipe.also_accept.iter().map(|reading| reading.recipe.clone())).collect()
}
