//! One attempt: a change made, and the message tried again.
//!
//! A changed recipe is tried in its stage, and the stages that signed before must still fit; a changed message goes
//! through all of them; other keys take an interpreter of their own. Each attempt counts.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use payspec_codegen::ir::Recipe;
use payspec_interpreter::{Aim, Interpreter, Seen, Settings, Supplied, TrialMessage, TrialStage, Tried};

use super::Search;
use super::stages::variants;
use crate::change::{Change, Edit};
use crate::question::{Expected, Subject};

/// What is tried with: keys and charset.
pub(super) struct Tool {
    pub(super) interpreter: Interpreter,
    pub(super) seen: Seen,
}

impl<'q> Search<'q> {
    pub(super) fn aim(&self) -> Aim<'q> {
        match self.question.expected {
            Expected::InMessage => Aim::InMessage,
            Expected::Signature(signature) => Aim::Signature(signature),
            Expected::Text(text) => Aim::Text(text),
        }
    }

    /// Whether the change makes it fit.
    pub(super) fn fits_with(&mut self, change: &Change<'_>) -> bool {
        match &change.edit {
            Edit::Recipe { stage, edit } => {
                let Some(own) = self.stages.get(*stage) else { return false };
                let changed = edited(&own.variants, edit.as_ref());
                if changed.is_empty() {
                    return false;
                }
                if self.message.is_own() && self.stages.len() > 1 {
                    return self.fits_made_anew(*stage, changed);
                }
                let message = Rc::clone(&own.message);
                self.fits_from(*stage, Some(&changed), &message)
            }
            Edit::OtherRecipe { stage, recipe } => {
                let Some(own) = self.stages.get(*stage) else { return false };
                let message = Rc::clone(&own.message);
                self.fits_from(*stage, Some(&variants(recipe)), &message)
            }
            Edit::Message(edit) => {
                let mut message = (*self.message).clone();
                edit(&mut message);
                self.fits_from(0, None, &message)
            }
            Edit::OtherMessage { message, edit } => {
                let Some(own) = self.stages.get(self.failing) else { return false };
                let mut changed = own.variants.clone();
                changed.iter_mut().for_each(edit);
                self.fits_from(self.failing, Some(&changed), message)
            }
            Edit::Settings(settings) => self.fits_with_settings(settings),
        }
    }

    /// A request of several recipes is made anew: what one of them places the next one signs.
    fn fits_made_anew(&mut self, stage: usize, changed: Vec<Recipe>) -> bool {
        let Some(own) = self.stages.get(stage) else { return false };
        let (id, message) = (own.stage.id, Rc::clone(&own.message));
        let Subject::Request { operation, inputs } = self.question.subject else { return false };
        let mut provider = (**self.question.provider).clone();
        let (Some(slot), Some(recipe)) = (provider.recipes.get_mut(id.0), changed.first()) else {
            return false;
        };
        slot.clone_from(recipe);
        let made = Interpreter::new(Arc::new(provider), self.question.settings.clone()).ok();
        let made = made.and_then(|made| made.trial_request(operation, inputs, self.question.supplied).ok());
        if self.fits_from(stage, Some(&changed), &message) {
            return true;
        }
        made.is_some_and(|made| self.fits_from(0, None, &made))
    }

    fn fits_with_settings(&mut self, settings: &Settings) -> bool {
        let made = Interpreter::new(Arc::clone(self.question.provider), settings.clone());
        let Ok(interpreter) = made else { return false };
        let tool = Tool { interpreter, seen: Seen::default() };
        let usual = std::mem::replace(&mut self.tool, tool);
        let message = Rc::clone(&self.message);
        let fits = self.fits_from(0, None, &message);
        self.tool = usual;
        fits
    }

    /// Tries the stages from one on, the first of them perhaps with other recipes. For a signature or text one stage
    /// that fits is enough.
    pub(super) fn fits_from(
        &mut self,
        first: usize,
        changed: Option<&[Recipe]>,
        message: &TrialMessage,
    ) -> bool {
        self.tried += 1;
        let aim = self.aim();
        let supplied = self.question.supplied;
        let mut message = Cow::Borrowed(message);
        for (index, stage) in self.stages.iter().enumerate().skip(first) {
            let recipes = changed.filter(|_| index == first).unwrap_or(&stage.variants);
            let tried = try_variants(&mut self.tool, recipes, &stage.stage, &message, supplied, aim);
            let Some(tried) = tried else { return false };
            match aim {
                Aim::InMessage if !tried.fits => return false,
                Aim::InMessage if index + 1 < self.stages.len() => message = Cow::Owned(tried.open(&message)),
                Aim::InMessage => {}
                _ if tried.fits => return true,
                // Only the changed recipe can fit: the others were tried as they are.
                _ if changed.is_some() => return false,
                _ => {}
            }
        }
        matches!(aim, Aim::InMessage)
    }
}

/// The variants that the edit changes, changed.
fn edited(variants: &[Recipe], edit: &dyn Fn(&mut Recipe)) -> Vec<Recipe> {
    let mut changed = Vec::new();
    for variant in variants {
        let mut recipe = variant.clone();
        edit(&mut recipe);
        if recipe != *variant && !variants.contains(&recipe) {
            changed.push(recipe);
        }
    }
    changed
}

pub(super) fn try_variants(
    tool: &mut Tool,
    variants: &[Recipe],
    stage: &TrialStage,
    message: &TrialMessage,
    supplied: &Supplied,
    aim: Aim<'_>,
) -> Option<Tried> {
    let mut first = None;
    for recipe in variants {
        let stage = TrialStage { repeated: recipe.repeated, ..stage.clone() };
        let tried = tool.interpreter.try_recipe(recipe, &stage, message, supplied, aim, &mut tool.seen);
        if tried.fits {
            return Some(tried);
        }
        first.get_or_insert(tried);
    }
    first
}
