//! The search: every change tried once, what fits ranked and grouped.
//!
//! Each change is tried on the recipe and on each of its further readings, because what is written in a recipe holds
//! for its readings as well. Where a message has several recipes, the one that fails is changed, and the ones that
//! signed before it must still fit. The search ends after a number of tries or a time, and says so.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant as Clock};

use payspec_codegen::ir::{Recipe, RecipeId, Repeated, Signature};
use payspec_interpreter::{Aim, Interpreter, Seen, Supplied, TrialMessage, TrialStage, Tried};

use crate::answer::{Alike, Answer, Neighbour};
use crate::change::{self, Change, Edit};
use crate::context::Context;
use crate::declared::declared;
use crate::question::{Expected, Question, Subject};
use crate::unread;
use crate::{difference, keys, message, spec};

/// More tries than any recipe of the collection needs.
const MAX_TRIES: usize = 20_000;
/// An answer that comes later is of no use to somebody who waits for it.
const MAX_TIME: Duration = Duration::from_millis(850);
/// More alternatives would not be read.
const MAX_ALIKE: usize = 8;

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

/// A recipe of the message, with its readings.
struct Stage {
    stage: TrialStage,
    variants: Vec<Recipe>,
    /// The message as this recipe sees it: what was encrypted later is opened.
    message: Rc<TrialMessage>,
}

/// What is tried with: keys and charset.
struct Tool {
    interpreter: Interpreter,
    seen: Seen,
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
    text: Option<payspec_interpreter::SignedText>,
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

    /// The recipes of the message, what was signed last first, and the first of them that does not fit.
    fn stages(&mut self) -> Result<(), String> {
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

    fn aim(&self) -> Aim<'q> {
        match self.question.expected {
            Expected::InMessage => Aim::InMessage,
            Expected::Signature(signature) => Aim::Signature(signature),
            Expected::Text(text) => Aim::Text(text),
        }
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

    fn stages_to_change(&self) -> impl Iterator<Item = (usize, &Stage)> {
        let only = matches!(self.question.expected, Expected::InMessage).then_some(self.failing);
        self.stages.iter().enumerate().filter(move |(index, _)| only.is_none_or(|only| only == *index))
    }

    /// Whether the change makes it fit.
    fn fits_with(&mut self, change: &Change<'_>) -> bool {
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

    fn fits_with_settings(&mut self, settings: &payspec_interpreter::Settings) -> bool {
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
    fn fits_from(&mut self, first: usize, changed: Option<&[Recipe]>, message: &TrialMessage) -> bool {
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

/// Every thing that can be changed has its turn, so that a search that is stopped has tried the likeliest changes of all
/// of them. Templates and lists have many more changes than other keys, and more turns.
fn in_turns(mut changes: Vec<Change<'_>>) -> Vec<Change<'_>> {
    changes.sort_by_key(|change| change.rank);
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut turns: Vec<(usize, Change<'_>)> = Vec::new();
    for change in changes {
        let class = class_of(&change.at);
        let share = match last(&class) {
            "text" => 6,
            "fields" | "pair" | "transform" => 3,
            _ => 1,
        };
        let count = counts.entry(class).or_default();
        *count += 1;
        turns.push((*count / share, change));
    }
    turns.sort_by_key(|(turn, _)| *turn);
    turns.into_iter().map(|(_, change)| change).collect()
}

fn bare_stage(id: RecipeId) -> TrialStage {
    TrialStage { id, later: Vec::new(), repeated: Repeated::Refuse }
}

/// A recipe and its further readings.
fn variants(recipe: &Recipe) -> Vec<Recipe> {
    let own = Recipe { also_accept: Vec::new(), ..recipe.clone() };
    std::iter::once(own).chain(recipe.also_accept.iter().map(|reading| reading.recipe.clone())).collect()
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

fn try_variants(
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

/// The message, and what protects it.
fn read(interpreter: &Interpreter, question: &Question<'_>) -> Result<(TrialMessage, Signature), String> {
    let provider = question.provider;
    let unknown = || format!("the spec does not know `{}`", question.subject.name());
    match question.subject {
        Subject::Request { operation, inputs } => {
            let known = interpreter.operation(operation).ok_or_else(unknown)?;
            let message = interpreter.trial_request(operation, inputs, question.supplied);
            Ok((message.map_err(|error| error.to_string())?, known.signature.clone()))
        }
        Subject::Callback { name, incoming } => {
            let known = interpreter.callback(name).ok_or_else(unknown)?;
            let message = interpreter.trial_callback(name, &incoming).map_err(|error| error.to_string())?;
            Ok((message, known.signature.clone()))
        }
        Subject::Reply { operation, headers, body } => {
            let known = interpreter.operation(operation).ok_or_else(unknown)?;
            let envelope = &provider[known.reply.as_ref().ok_or_else(unknown)?.envelope];
            let message =
                interpreter.trial_reply(operation, headers, body).map_err(|error| error.to_string())?;
            Ok((message, envelope.signature.clone()))
        }
        Subject::Recipe { name, pairs } => {
            let found = provider.recipes.iter().position(|recipe| recipe.name.wire == name);
            let id = RecipeId(found.ok_or_else(unknown)?);
            Ok((interpreter.trial_pairs(pairs), Signature::Recipe(id)))
        }
    }
}

/// One answer for each thing that is changed: the likeliest change of it, and the others beside it.
fn grouped(matches: Vec<Change<'_>>) -> Vec<Neighbour> {
    let mut groups: Vec<(String, Neighbour)> = Vec::new();
    for Change { blame, at, value, title, mend, .. } in matches {
        let value = value.text();
        let class = class_of(&at);
        match groups.iter_mut().find(|(own, group)| *own == class && group.blame == blame) {
            Some((_, group)) => {
                let is_known = group.alike.iter().any(|own| own.at == at && own.value == value);
                let is_same = group.at == at && group.value == value;
                if !is_known && !is_same && group.alike.len() < MAX_ALIKE {
                    group.alike.push(Alike { at, value, title });
                }
            }
            None => {
                let mend = if mend.is_empty() { change::mend(&at, &value) } else { mend };
                groups.push((class, Neighbour { blame, at, value, title, mend, alike: Vec::new() }));
            }
        }
    }
    groups.into_iter().map(|(_, group)| with_alike(group)).collect()
}

/// The mend says when there is a choice.
fn with_alike(mut group: Neighbour) -> Neighbour {
    let values: Vec<String> =
        group.alike.iter().take(3).map(|own| format!("`{}: {}`", last(&own.at), own.value)).collect();
    if !values.is_empty() {
        group.mend.push_str(&format!("; this message cannot tell it from {}", values.join(", ")));
    }
    group
}

fn last(at: &str) -> &str {
    at.rsplit_once('.').map_or(at, |(_, last)| last)
}

/// What is changed, without the finer points: `signatures.request.empties`.
fn class_of(at: &str) -> String {
    let pieces: Vec<&str> = at.split('.').collect();
    let length = match pieces.as_slice() {
        ["signatures", _, "parts", _, _, ..] => 5,
        ["signatures", _, _, ..] => 3,
        _ => pieces.len(),
    };
    pieces.into_iter().take(length).collect::<Vec<_>>().join(".")
}
