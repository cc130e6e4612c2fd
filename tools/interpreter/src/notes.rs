//! What recipes tell about their work while they do it, for accounts.
//!
//! A view may carry notes. Then whoever composes, seals, places or compares writes down what it did, in the order of
//! work; nothing is computed a second time for it but what only an account shows. What is written down here may hold
//! secrets of the message (the view); what becomes public is chosen and masked in `account`.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use payspec_codegen::ir::{Algorithm, Charset, Operand, Piece, Place, Recipe};

use crate::bytes;
use crate::compose::Composer;
use crate::filter::Content;
use crate::incoming::Refusal;
use crate::node::Node;
use crate::select::{Nothing, Picked};
use crate::signed_text::{MASK, RecipeError, SignedText};
use crate::view::View;

/// What the recipes of one message did, in the order of work.
#[derive(Default)]
pub(crate) struct Notes {
    noted: Mutex<Vec<Noted>>,
    /// The recipe whose turn it is, and which of its readings.
    around: Mutex<Option<(Recipe, usize)>>,
    /// The element of an array that is looked at.
    element: Mutex<Option<usize>>,
    /// A text is being composed: what is said about values belongs to it.
    composing: AtomicBool,
}

/// One recipe, reading or part at work.
#[derive(Clone)]
pub(crate) struct Noted {
    /// The name of the recipe around, and which of its readings it was.
    pub(crate) of: String,
    pub(crate) reading: usize,
    /// The element of an array that it saw as the message.
    pub(crate) element: Option<usize>,
    /// The name, if it is a part.
    pub(crate) part: Option<String>,
    pub(crate) recipe: Recipe,
    pub(crate) charset: Charset,
    /// The message as it was then.
    pub(crate) view: View,
    /// See [`Composer::own`].
    pub(crate) own: Vec<String>,
    pub(crate) picks: Vec<Pick>,
    /// Items of `add`, as they may be shown.
    pub(crate) added: Vec<(String, String)>,
    /// Values that stand in the text by themselves, as they may be shown.
    pub(crate) operands: Vec<(Operand, String)>,
    /// The names of the list in their order.
    pub(crate) order: Vec<String>,
    pub(crate) text: Option<Result<SignedText, RecipeError>>,
    /// The result, as it may be shown.
    pub(crate) result: Option<String>,
    /// What is written at the place, as it may be shown.
    pub(crate) placed: Option<String>,
    /// What stood at the place, as it may be shown.
    pub(crate) received: Option<String>,
    pub(crate) verdict: Option<Result<(), Refusal>>,
}

/// A value that a list looked at.
#[derive(Clone)]
pub(crate) struct Pick {
    pub(crate) name: String,
    pub(crate) field: String,
    pub(crate) is_whole: bool,
    /// `None`: it is not there.
    pub(crate) shown: Option<String>,
    pub(crate) nothing: Option<Nothing>,
    /// It stands in the list.
    pub(crate) is_taken: bool,
    /// It was selected and takes no part for its name or its kind.
    pub(crate) is_passed_over: bool,
    /// The recipe gives up because of it.
    pub(crate) is_refused: bool,
}

/// Notes are taken by one thread; a view may lie with another.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Notes({})", self.len())
    }
}

impl Notes {
    pub(crate) fn len(&self) -> usize {
        locked(&self.noted).len()
    }

    pub(crate) fn take(&self) -> Vec<Noted> {
        std::mem::take(&mut *locked(&self.noted))
    }

    fn edit(&self, edit: impl FnOnce(&mut Noted)) {
        if let Some(noted) = locked(&self.noted).last_mut() {
            edit(noted);
        }
    }

    /// The turn of a recipe and its parts.
    pub(crate) fn enter(&self, recipe: &Recipe, reading: usize) {
        *locked(&self.around) = Some((recipe.clone(), reading));
    }

    /// What comes next is about this element of an array.
    pub(crate) fn element(&self, index: Option<usize>) {
        *locked(&self.element) = index;
    }

    fn push(&self, recipe: &Recipe, charset: Charset, view: &View, own: &[String]) {
        let around = locked(&self.around);
        let (of, reading) = around.as_ref().map_or((recipe, 0), |(around, reading)| (around, *reading));
        let applied = match reading.checked_sub(1) {
            None => Some(of),
            Some(index) => of.also_accept.get(index).map(|reading| &reading.recipe),
        };
        let is_part = applied.is_some_and(|applied| applied.parts.contains(recipe));
        locked(&self.noted).push(Noted {
            of: of.name.wire.clone(),
            reading,
            element: of.each.as_ref().and(*locked(&self.element)),
            part: is_part.then(|| recipe.name.wire.clone()),
            recipe: recipe.clone(),
            charset,
            view: View { notes: None, ..view.clone() },
            own: own.to_vec(),
            picks: Vec::new(),
            added: Vec::new(),
            operands: Vec::new(),
            order: Vec::new(),
            text: None,
            result: None,
            placed: None,
            received: None,
            verdict: None,
        });
    }

    pub(crate) fn begin(&self, composer: &Composer<'_>) {
        self.push(composer.recipe, composer.charset, composer.view, composer.own);
        self.composing.store(true, Ordering::Relaxed);
    }

    pub(crate) fn end(&self, text: &Result<SignedText, RecipeError>) {
        self.composing.store(false, Ordering::Relaxed);
        self.edit(|noted| noted.text = Some(text.clone()));
    }

    fn composed(&self, edit: impl FnOnce(&mut Noted)) {
        if self.composing.load(Ordering::Relaxed) {
            self.edit(edit);
        }
    }

    /// The list is gone through, perhaps again for its names.
    pub(crate) fn list(&self) {
        self.composed(|noted| {
            noted.picks.clear();
            noted.added.clear();
        });
    }

    /// What became of a value; `None`: the recipe gives up because of it.
    pub(crate) fn picked(&self, picked: &Picked, nothing: Option<Nothing>, is_taken: Option<bool>) {
        self.composed(|noted| {
            let pick = noted.pick(picked);
            let is_refused = is_taken.is_none();
            noted.picks.push(Pick { nothing, is_taken: is_taken.unwrap_or(false), is_refused, ..pick });
        });
    }

    pub(crate) fn passed_over(&self, picked: &Picked) {
        self.composed(|noted| {
            let pick = noted.pick(picked);
            noted.picks.push(Pick { is_passed_over: true, ..pick });
        });
    }

    pub(crate) fn added(&self, name: &str, value: &SignedText) {
        self.composed(|noted| noted.added.push((name.to_owned(), value.masked().to_owned())));
    }

    pub(crate) fn operand(&self, from: &Operand, value: &SignedText) {
        self.composed(|noted| {
            if !noted.operands.iter().any(|(known, _)| known == from) {
                noted.operands.push((from.clone(), value.masked().to_owned()));
            }
        });
    }

    pub(crate) fn order(&self, names: Vec<String>) {
        self.composed(|noted| noted.order = names);
    }

    /// The result of a recipe, and what is written at its place.
    pub(crate) fn sealed(&self, composer: &Composer<'_>, content: &Content) {
        self.edit(|noted| {
            let result = noted.shown_result(content);
            if let Some(place) = &composer.recipe.place {
                noted.placed = shown_place(composer, place, &result);
            }
            noted.result = Some(result);
            // A part that did not fit would not have been sealed.
            if noted.received.is_some() && noted.verdict.is_none() {
                noted.verdict = Some(Ok(()));
            }
        });
    }

    /// What stands at the place of a recipe whose text has been composed.
    pub(crate) fn received(&self, composer: &Composer<'_>, place: &Place, written: &str, text: &SignedText) {
        let is_open = has_open_place(composer, place);
        self.computes(composer, text);
        self.edit(|noted| {
            noted.received = Some(if is_open { written.to_owned() } else { MASK.to_owned() });
        });
    }

    /// The result that should stand at a place; where it is made at random, or with the other half of the key, none.
    pub(crate) fn computes(&self, composer: &Composer<'_>, text: &SignedText) {
        let is_random = matches!(composer.recipe.seal.algorithm, Algorithm::Sm2 { .. });
        let sealed = if is_random { None } else { composer.signature(text.bytes()).ok() };
        self.edit(|noted| noted.result = sealed.map(|sealed| noted.shown_result(&sealed)));
    }

    /// A ciphertext that will be opened.
    pub(crate) fn opens(&self, composer: &Composer<'_>, written: &str) {
        self.push(composer.recipe, composer.charset, composer.view, composer.own);
        self.edit(|noted| noted.received = Some(written.to_owned()));
    }

    /// A reading of a recipe fits. Before it there were `told` notes.
    pub(crate) fn fitted(&self, reading: &Recipe, told: usize) {
        self.judge(reading, told, Ok(()));
    }

    pub(crate) fn refused(&self, reading: &Recipe, told: usize, refusal: &Refusal) {
        self.judge(reading, told, Err(refusal.clone()));
    }

    fn judge(&self, reading: &Recipe, told: usize, verdict: Result<(), Refusal>) {
        if self.len() == told {
            self.push(reading, Charset::Utf8, &View::default(), &[]);
        }
        self.edit(|noted| noted.verdict = Some(verdict));
    }
}

impl Noted {
    fn pick(&self, picked: &Picked) -> Pick {
        let shown = picked.node.as_ref().map(|node| self.shown(&picked.field, node));
        Pick {
            name: picked.name.clone(),
            field: picked.field.clone(),
            is_whole: picked.is_whole,
            shown,
            nothing: None,
            is_taken: false,
            is_passed_over: false,
            is_refused: false,
        }
    }

    /// The value of a field, or of something in it, as it may be shown.
    pub(crate) fn shown(&self, field: &str, node: &Node) -> String {
        let own = node.scalar().or_else(|| node.nested());
        match (own, self.view.shown_field(field)) {
            (None, _) => String::from("null"),
            (Some(""), _) => String::new(),
            (Some(_), Some(_)) => MASK.to_owned(),
            (Some(own), None) => own.to_owned(),
        }
    }

    /// A result is shown where the message shows it as well; a result that is only used may be a key, or be guessed.
    fn shown_result(&self, content: &Content) -> String {
        let is_hidden_text = match &self.text {
            Some(Ok(text)) => text.is_hidden(),
            _ => true,
        };
        let is_shown = match (&self.recipe.seal.algorithm, &self.recipe.place) {
            (Algorithm::None, _) | (Algorithm::Digest(_), None) => !is_hidden_text,
            (_, None) => false,
            (_, Some(_)) => true,
        };
        match content {
            _ if !is_shown => MASK.to_owned(),
            Content::Bytes(bytes) => bytes::hex(bytes),
            Content::Text(text) => text.clone(),
        }
    }
}

fn shown_place(composer: &Composer<'_>, place: &Place, result: &str) -> Option<String> {
    let mut shown = String::new();
    for piece in &place.template {
        match piece {
            Piece::Signature => shown.push_str(result),
            piece => shown.push_str(composer.pieces(std::slice::from_ref(piece)).ok()?.masked()),
        }
    }
    Some(shown)
}

/// Nothing at the place is a secret, as far as can be known: neither the result nor what stands beside it.
fn has_open_place(composer: &Composer<'_>, place: &Place) -> bool {
    let is_constant = composer.recipe.seal.algorithm == Algorithm::None;
    !is_constant
        && place.template.iter().filter(|piece| **piece != Piece::Signature).all(|piece| {
            let written = composer.pieces(std::slice::from_ref(piece));
            written.map_or(!holds_secret(composer, piece), |text| !text.is_hidden())
        })
}

fn holds_secret(composer: &Composer<'_>, piece: &Piece) -> bool {
    match piece {
        Piece::Value { from: Operand::Credential(path), .. } => {
            composer.interpreter.credential_content(path).map_or(true, |(_, hidden)| hidden)
        }
        _ => false,
    }
}
