//! The search: every change tried once, what fits ranked and grouped.
//!
//! Each change is tried on the recipe and on each of its further readings, because what is written in a recipe holds
//! for its readings as well. Where a message has several recipes, the one that fails is changed, and the ones that
//! signed before it must still fit. The search ends after a number of tries or a time, and says so.

mod attempt;
mod classes;
mod reading;
mod stages;

use std::rc::Rc;
use std::time::{Duration, Instant as Clock};

use payspec_codegen::ir::{Recipe, RecipeId, Signature};
use payspec_interpreter::{Interpreter, Seen, SignedText, TrialMessage};

use self::attempt::Tool;
use self::classes::{grouped, in_turns};
use self::reading::read;
use self::stages::{Stage, variants};
use crate::answer::Answer;
use crate::change::Change;
use crate::context::Context;
use crate::declared::declared;
use crate::question::{Expected, Question};
use crate::unread;
use crate::{difference, keys, message, spec};

/// More tries than any recipe of the collection needs.
const MAX_TRIES: usize = 20_000;
/// An answer that comes later is of no use to somebody who waits for it.
const MAX_TIME: Duration = Duration::from_millis(850);

/// Tries the neighbours of a recipe, a message and its keys.
///
/// A match is proven by the signature or by equality of the text; no match means that no single change that is known
/// explains the mismatch, and nothing is accused then.
#[must_use]
pub fn neighbours(question: &Question<'_>) -> Answer {
    if let Some(answer) = unread::without_mark(question) {
        return answer;
    }
    match Search::new(question) {
        Ok(search) => search.run(),
        Err(obstacle) => unread::in_another_charset(question)
            .unwrap_or_else(|| Answer { obstacle: Some(obstacle), ..Answer::default() }),
    }
}

pub(crate) struct Search<'q> {
    question: &'q Question<'q>,
    tool: Tool,
    signature: Signature,
    message: Rc<TrialMessage>,
    stages: Vec<Stage>,
    /// The stage whose recipe is changed; the last one for a text or signature.
    failing: usize,
    fits: bool,
    /// The names of the fields that the spec declares for the message.
    declared: Vec<String>,
    tried: usize,
    started: Clock,
    text: Option<SignedText>,
}

impl<'q> Search<'q> {
    pub(crate) fn new(question: &'q Question<'q>) -> Result<Self, String> {
        let interpreter = Interpreter::new(question.provider.clone(), question.settings.clone())
            .map_err(|error| error.to_string())?;
        let (message, signature) = read(&interpreter, question)?;
        let mut search = Self {
            question,
            declared: declared(question).iter().map(|own| own.name().to_owned()).collect(),
            tool: Tool { interpreter, seen: Seen::default() },
            signature,
            message: Rc::new(message),
            stages: Vec::new(),
            failing: 0,
            fits: false,
            tried: 0,
            started: Clock::now(),
            text: None,
        };
        search.stages()?;
        Ok(search)
    }

    /// It fits as it is.
    pub(crate) fn fits(&self) -> bool {
        self.fits
    }

    fn run(mut self) -> Answer {
        if self.fits {
            return Answer { as_it_is: true, ..Answer::default() };
        }
        let changes = in_turns(self.changes());
        let mut matches: Vec<Change<'_>> = Vec::new();
        let mut stopped = false;
        for change in changes {
            if self.tried >= MAX_TRIES || self.started.elapsed() > MAX_TIME {
                stopped = true;
                break;
            }
            if self.fits_with(&change) {
                matches.push(change);
            }
        }
        let difference = match self.question.expected {
            Expected::Text(theirs) => self
                .text
                .as_ref()
                .and_then(|ours| difference::between(ours, theirs, &keys::secrets(self.question.settings))),
            _ => None,
        };
        matches.sort_by_key(|change| change.rank);
        let mut matches = grouped(matches);
        let verdict = self.verdict();
        // What the keys themselves say is no guess, but a change that fits says more.
        matches.extend(verdict.neighbour.filter(|_| matches.is_empty()));
        let mut remarks: Vec<String> = verdict.remark.into_iter().filter(|_| matches.is_empty()).collect();
        if matches.is_empty() {
            remarks.extend(self.fitting_recipes());
        }
        Answer { matches, tried: self.tried, stopped, difference, remarks, ..Answer::default() }
    }

    /// Recipes of the spec that are not meant for this message, and fit it. That may be because they are like the one
    /// that is meant, and right where it is wrong in several ways: a remark, no accusation.
    fn fitting_recipes(&mut self) -> Vec<String> {
        let own: Vec<RecipeId> = self.stages.iter().map(|stage| stage.stage.id).collect();
        let provider = self.question.provider;
        let others =
            provider.recipes.iter().enumerate().filter(|(index, _)| !own.contains(&RecipeId(*index)));
        let mut remarks = Vec::new();
        for (_, recipe) in others {
            let Some(stage) = self.stages.get(self.failing) else { break };
            let message = Rc::clone(&stage.message);
            if self.fits_from(self.failing, Some(&variants(recipe)), &message) {
                let name = &recipe.name.wire;
                remarks.push(format!(
                    "the recipe `{name}` of this spec fits the message as it is: compare the two"
                ));
            }
        }
        remarks
    }

    /// What the signature says about the keys.
    fn verdict(&self) -> keys::Verdict {
        let nothing = keys::Verdict { neighbour: None, remark: None };
        let Some(stage) = self.stages.get(self.failing).filter(|_| !self.message.is_own()) else {
            return nothing;
        };
        let Some(recipe) = stage.variants.first() else { return nothing };
        let written = match self.question.expected {
            Expected::InMessage => message::signature::written(&self.message, recipe),
            Expected::Signature(signature) => Some(signature.to_owned()),
            Expected::Text(_) => None,
        };
        let Some(written) = written else { return nothing };
        keys::verdict(self.question.settings, recipe, &message::signature::bytes(&written))
    }

    /// Every change that is tried, in no order.
    fn changes(&self) -> Vec<Change<'q>> {
        let provider = self.question.provider;
        let mut changes = Vec::new();
        for (index, stage) in self.stages_to_change() {
            let mut declared = self.declared.clone();
            declared.retain(|name| !stage.stage.later.contains(name));
            let context = Context::new(provider, self.question.settings, &stage.message, declared);
            if let Some(recipe) = stage.variants.first() {
                spec::changes(index, recipe, &context, &mut changes);
                let used: Vec<RecipeId> = self.stages.iter().map(|stage| stage.stage.id).collect();
                spec::other_recipes(index, recipe, provider, &self.signature, &used, &mut changes);
            }
        }
        let context = Context::new(provider, self.question.settings, &self.message, self.declared.clone());
        let recipes: Vec<&Recipe> = self.stages.iter().flat_map(|stage| &stage.variants).collect();
        message::changes(&self.message, &context, &recipes, self.question, &mut changes);
        message::other_readings(&self.tool.interpreter, self.question, &self.message, &mut changes);
        keys::changes(provider, self.question.settings, &recipes, &mut changes);
        changes
    }
}
