//! The section `signatures`: each recipe for itself, without a message.
//!
//! What can be said without knowing the fields is said here: are all keys there that the list, the text, the seal and
//! the place need, and do they go together? Whether names and keys fit a message is the matter of `protection`.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::templates::{Scope, Stand};
use super::{Context, parts};
use crate::diagnostic::{Code, Span};
use crate::ir::{self, Output, Piece, RecipeId, Signature};
use crate::model::{self, Recipe};
use crate::read::Spanned;

/// All recipes of a file.
#[derive(Default)]
pub(super) struct Table {
    /// As the IR has them.
    pub(super) lowered: Vec<ir::Recipe>,
    /// The model of each, after `like`, for its places.
    pub(super) models: Vec<Recipe>,
    /// The names in the file and what they lead to.
    pub(super) entries: Vec<Entry>,
    /// The names that a message uses.
    pub(super) used: RefCell<BTreeSet<String>>,
}

/// A name in `signatures`.
pub(super) struct Entry {
    pub(super) name: Spanned<String>,
    /// A recipe or a choice; `None` where it could not be understood.
    pub(super) leads_to: Option<Signature>,
}

/// A recipe as it is written, after `like`: one of `signatures`, or a part.
pub(super) struct Written<'m> {
    pub(super) name: &'m Spanned<String>,
    pub(super) recipe: &'m Recipe,
    /// All of it, for what could not be read inside.
    pub(super) within: Span,
    pub(super) is_part: bool,
    /// It differs from its recipe only in what its reading says.
    pub(super) is_reading: bool,
    /// The output of a part that says none.
    pub(super) default_output: Option<Output>,
}

impl Context<'_> {
    /// The section `signatures`.
    pub(super) fn lower_recipes(&self) -> Table {
        let mut table = Table::default();
        let expanded = self.without_likes();
        let entries = self.file.signatures.iter().flatten();
        let mut choices = Vec::new();
        for (entry, expanded) in entries.zip(expanded) {
            let (name, span) = (&entry.key, entry.value.span);
            self.accept(&entry.value.accepts, Some(name.span.to(span)));
            let mut leads_to = None;
            if let Some(recipe) = expanded {
                if recipe.choose.is_some() {
                    self.only_choose(name, &recipe);
                    choices.push((table.entries.len(), recipe));
                } else if let Some(lowered) = self.recipe_with_readings(name, span, &recipe) {
                    leads_to = Some(Signature::Recipe(RecipeId(table.lowered.len())));
                    table.lowered.push(lowered);
                    table.models.push(recipe);
                }
            }
            table.entries.push(Entry { name: name.clone(), leads_to });
        }
        for (place, recipe) in choices {
            let signature = recipe.choose.as_ref().and_then(|choose| self.choice(choose, &table));
            if let Some(entry) = table.entries.get_mut(place) {
                entry.leads_to = signature;
            }
        }
        table
    }

    fn only_choose(&self, name: &Spanned<String>, recipe: &Recipe) {
        let spans = [
            recipe.each.as_ref().map(|key| key.span),
            recipe.fields.as_ref().map(|key| key.span),
            recipe.add.as_ref().map(|key| key.span),
            recipe.empties.as_ref().map(|key| key.span),
            recipe.text.as_ref().map(|key| key.span),
            recipe.transform.as_ref().map(|key| key.span),
            recipe.parts.as_ref().map(|key| key.span),
            recipe.algorithm.as_ref().map(|key| key.span),
            recipe.key.as_ref().map(|key| key.span),
            recipe.output.as_ref().map(|key| key.span),
            recipe.place.as_ref().map(|key| key.span),
            recipe.fresh.as_ref().map(|key| key.span),
            recipe.given.as_ref().map(|key| key.span),
            recipe.tolerance.as_ref().map(|key| key.span),
            recipe.also_accept.as_ref().map(|key| key.span),
        ];
        for span in spans.into_iter().flatten() {
            let message = format!("recipe `{name}` has `choose` and keys of its own");
            self.mistake(Code::KeyDoesNotApply, span, message, "a recipe with `choose` has no other key");
        }
    }

    /// A recipe with its parts, without its readings; or one of its readings.
    pub(super) fn recipe(
        &self,
        name: &Spanned<String>,
        within: Span,
        recipe: &Recipe,
        is_reading: bool,
    ) -> Option<ir::Recipe> {
        let written = Written { name, recipe, within, is_part: false, is_reading, default_output: None };
        let parts = self.parts_in_order(&written);
        let mut scope = Scope {
            fresh: self.fresh(recipe),
            given: self.given(recipe),
            parts: parts::names(recipe),
            bytes: parts::bytes(recipe),
            in_part: false,
        };
        let tolerance = self.tolerance(recipe, &scope);
        let whole = self.sealed_text(&written, &scope);
        scope.in_part = true;
        let parts = parts?;
        let lowered: Vec<_> = parts.iter().map(|part| self.sealed_text(part, &scope)).collect();
        let mut whole = whole?;
        whole.parts = lowered.into_iter().collect::<Option<_>>()?;
        whole.repeated = match recipe.repeated.as_ref().map(|repeated| repeated.value) {
            None | Some(model::Repeated::Refuse) => ir::Repeated::Refuse,
            Some(model::Repeated::Each) => ir::Repeated::Each,
            Some(model::Repeated::Distinct) => ir::Repeated::Distinct,
        };
        whole.fresh = scope.fresh;
        whole.given = scope.given;
        whole.tolerance = tolerance;
        self.fresh_is_known(&written, &whole);
        self.secrets(&written, &whole, &parts);
        self.encryption_stands_alone(&written, &whole);
        self.is_about_fields(&written, &whole);
        Some(whole)
    }

    /// A list, a text, a seal and a place: all that a recipe and a part have in common.
    fn sealed_text(&self, written: &Written<'_>, scope: &Scope) -> Option<ir::Recipe> {
        let Written { name, recipe, .. } = written;
        let add = recipe.add.iter().flat_map(|all| all.iter());
        let add: Vec<(String, Vec<Piece>)> = add
            .map(|entry| (entry.key.value.clone(), self.template(&entry.value, Stand::Add, scope)))
            .collect();
        let list = self.recipe_list(written, add, scope);
        let text = self.recipe_text(written, scope);
        let seal = self.seal(written, scope);
        let place = self.place(written, scope);
        let lowered = self.entry_name(if written.is_part { "a part" } else { "a recipe" }, name);
        let each = self.each(written);
        if (recipe.each.is_some() && each.is_none())
            || (recipe.fields.is_some() && list.is_none())
            || (place.is_none() && !written.is_part)
        {
            return None;
        }
        Some(ir::Recipe {
            name: lowered,
            each,
            list,
            empties: self.template_empties(recipe),
            text,
            transform: self.transform(recipe.transform.as_ref()),
            charset: self.recipe_charset(recipe),
            repeated: ir::Repeated::Refuse,
            parts: Vec::new(),
            seal: seal?,
            place,
            fresh: Vec::new(),
            given: Vec::new(),
            tolerance: None,
            also_accept: Vec::new(),
        })
    }

    fn recipe_text(&self, written: &Written<'_>, scope: &Scope) -> Vec<Piece> {
        let recipe = written.recipe;
        let text = match &recipe.text {
            Some(text) => self.template(text, Stand::Text, scope),
            None if recipe.fields.is_some() => vec![Piece::List],
            None => {
                self.missing(written, "text", "write the text to be signed, or choose `fields`");
                Vec::new()
            }
        };
        let Some(said) = &recipe.text else { return text };
        let has_list = text.contains(&Piece::List) || text.is_empty();
        if recipe.fields.is_some() && !has_list {
            let message = "`fields` is given, but `text` has no `{fields}`: the list would be signed nowhere";
            let mend = "write `{fields}` where the provider puts it";
            self.mistake(Code::ListSignedNowhere, said.span, message, mend);
        }
        let is_of_the_list = |piece: &Piece| matches!(piece, Piece::List | Piece::ListNames);
        if recipe.fields.is_none() && text.iter().any(is_of_the_list) {
            let word = if text.contains(&Piece::List) { "{fields}" } else { "{names}" };
            let message = format!("`text` has `{word}`, but `fields` is missing");
            self.mistake(Code::ListKeyWithoutList, said.span, message, "say which fields: `fields: all`");
        }
        text
    }

    pub(super) fn missing(&self, written: &Written<'_>, key: &str, mend: &str) {
        let what = if written.is_part { "part" } else { "recipe" };
        let of = format!("{what} `{}`", written.name);
        self.required::<()>(None, key, &of, (written.name.span, written.within), mend);
    }

    /// The text of an encryption is the payload, and nothing else can be opened by a receiver.
    fn encryption_stands_alone(&self, written: &Written<'_>, recipe: &ir::Recipe) {
        if !recipe.is_encryption() {
            return;
        }
        let span = written.recipe.text.as_ref().map_or(written.name.span, |text| text.span);
        let is_cipher = matches!(recipe.seal.algorithm, ir::Algorithm::Cipher { .. });
        let stands_alone =
            matches!(recipe.text.as_slice(), [Piece::Value { filters, .. }] if filters.is_empty());
        if !is_cipher {
            let message =
                "`{message:payload}` is what is encrypted, and the algorithm of this recipe is no cipher";
            self.mistake(Code::EncryptionNotAlone, span, message, "such as `algorithm: aes-256-gcm`");
        } else if !stands_alone || !recipe.transform.is_empty() || recipe.list.is_some() {
            let message = "an encryption encrypts the payload alone: a receiver hands out what it decrypts";
            self.mistake(Code::EncryptionNotAlone, span, message, "write `text: \"{message:payload}\"`");
        }
    }
}
