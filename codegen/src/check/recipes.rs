//! The section `signatures`: each recipe for itself, without a message.
//!
//! What can be said without knowing the fields is said here: are all keys there that the list, the text, the seal and
//! the place need, and do they go together? Whether names and keys fit a message is the matter of `protection`.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::{Context, likes};
use crate::diagnostic::{Code, Span};
use crate::ir::{self, CredentialPath, Piece, Reading, RecipeId};
use crate::model::Recipe;
use crate::read::{Node, Spanned};

/// How many further readings a recipe may have.
const MOST_READINGS: usize = 4;

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
    pub(super) leads_to: Option<Target>,
}

/// What a name in `signatures` leads to.
#[derive(Clone)]
pub(super) enum Target {
    Recipe(RecipeId),
    Choice(CredentialPath, Vec<ir::Case>),
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
                } else if let Some(lowered) = self.recipe_with_readings(name, &recipe) {
                    leads_to = Some(Target::Recipe(RecipeId(table.lowered.len())));
                    table.lowered.push(lowered);
                    table.models.push(recipe);
                }
            }
            table.entries.push(Entry { name: name.clone(), leads_to });
        }
        for (place, recipe) in choices {
            let target = recipe.choose.as_ref().and_then(|choose| self.choice(choose, &table));
            if let Some(entry) = table.entries.get_mut(place) {
                entry.leads_to = target;
            }
        }
        table
    }

    fn only_choose(&self, name: &Spanned<String>, recipe: &Recipe) {
        let Recipe { fields, text, algorithm, place, key, .. } = recipe;
        let spans = [
            fields.as_ref().map(|node| node.span),
            text.as_ref().map(|text| text.span),
            algorithm.as_ref().map(|text| text.span),
            key.as_ref().map(|text| text.span),
            place.as_ref().map(|place| place.span),
        ];
        for span in spans.into_iter().flatten() {
            let message = format!("recipe `{name}` has `choose` and keys of its own");
            self.mistake(Code::KeyDoesNotApply, span, message, "a recipe with `choose` has no other key");
        }
    }

    fn recipe_with_readings(&self, name: &Spanned<String>, recipe: &Recipe) -> Option<ir::Recipe> {
        let mut lowered = self.recipe(name, recipe);
        let readings = recipe.also_accept.as_ref();
        if let Some(all) = readings.filter(|all| all.len() > MOST_READINGS) {
            let message = format!("recipe `{name}` has {} further readings", all.len());
            self.mistake(Code::LooserReading, all.span, message, format!("at most {MOST_READINGS}"));
        }
        for node in readings.into_iter().flat_map(|all| all.iter()) {
            if let Some(reading) = self.reading(name, recipe, node)
                && let Some(lowered) = &mut lowered
            {
                lowered.also_accept.push(reading);
            }
        }
        lowered
    }

    fn reading(&self, name: &Spanned<String>, recipe: &Recipe, node: &Node) -> Option<Reading> {
        let own: Recipe = self.decode(node, "the reading")?;
        for (word, said) in [
            ("place", own.place.is_some()),
            ("key", own.key.is_some()),
            ("algorithm", own.algorithm.is_some()),
        ] {
            if said {
                let message = format!("a further reading of `{name}` changes `{word}`");
                self.mistake(
                    Code::LooserReading,
                    node.span,
                    message,
                    "it may differ in what is left out and how it is written",
                );
            }
        }
        for (word, said) in [
            ("like", own.like.is_some()),
            ("choose", own.choose.is_some()),
            ("also_accept", own.also_accept.is_some()),
        ] {
            if said {
                let message = format!("`{word}` does not apply to a further reading");
                self.mistake(Code::KeyDoesNotApply, node.span, message, "write only the keys that differ");
            }
        }
        let changed = Recipe { also_accept: None, ..likes::over(recipe, &own) };
        Some(Reading { differs: likes::shown(node), recipe: self.recipe(name, &changed)? })
    }

    /// A recipe without its readings.
    fn recipe(&self, name: &Spanned<String>, recipe: &Recipe) -> Option<ir::Recipe> {
        self.later_keys(recipe);
        let add = recipe.add.iter().flat_map(|all| all.iter());
        let add: Vec<(String, Vec<Piece>)> =
            add.map(|entry| (entry.key.value.clone(), self.template(&entry.value, true))).collect();
        let list = self.recipe_list(name, recipe, add.clone());
        let text = match &recipe.text {
            Some(text) => self.template(text, false),
            None if recipe.fields.is_some() => vec![Piece::List],
            None => {
                self.missing(name, "text", "write the text to be signed, or choose `fields`");
                Vec::new()
            }
        };
        let has_list = text.contains(&Piece::List) || text.is_empty();
        if let (Some(text), true, false) = (&recipe.text, recipe.fields.is_some(), has_list) {
            let message = "`fields` is given, but `text` has no `{fields}`: the list would be signed nowhere";
            self.mistake(
                Code::ListSignedNowhere,
                text.span,
                message,
                "write `{fields}` where the provider puts it",
            );
        }
        if let (Some(text), None, true) = (&recipe.text, &recipe.fields, text.contains(&Piece::List)) {
            let message = "`text` has `{fields}`, but `fields` is missing";
            self.mistake(Code::ListKeyWithoutList, text.span, message, "say which fields: `fields: all`");
        }
        let charset = self.recipe_charset(recipe);
        let seal = self.seal(name, recipe);
        let place = self.place(name, recipe);
        if let Some(seal) = &seal {
            self.something_secret(name, recipe, seal, &add, &text);
        }
        let lowered = self.entry_name("a recipe", name);
        Some(ir::Recipe {
            name: lowered,
            list,
            text,
            charset,
            seal: seal?,
            place: place?,
            also_accept: Vec::new(),
        })
    }

    pub(super) fn missing(&self, name: &Spanned<String>, key: &str, mend: &str) {
        let within =
            self.file.signatures.as_ref().and_then(|all| all.get(name)).map_or(name.span, |entry| entry.span);
        self.required::<()>(None, key, &format!("recipe `{name}`"), (name.span, within), mend);
    }

    /// Keys of the language that no provider needed yet.
    fn later_keys(&self, recipe: &Recipe) {
        let keys: [(&str, &Option<Node>, &str); 16] = [
            ("names", &recipe.names, "as is"),
            ("numbers", &recipe.numbers, "as is"),
            ("nested", &recipe.nested, "refuse"),
            ("repeated", &recipe.repeated, "refuse"),
            ("path", &recipe.path, ""),
            ("also_empty", &recipe.also_empty, ""),
            ("transform", &recipe.transform, ""),
            ("parts", &recipe.parts, ""),
            ("key_id", &recipe.key_id, ""),
            ("iv", &recipe.iv, ""),
            ("aad", &recipe.aad, ""),
            ("padding", &recipe.padding, ""),
            ("fresh", &recipe.fresh, ""),
            ("given", &recipe.given, ""),
            ("tolerance", &recipe.tolerance, ""),
            ("each", &recipe.each, ""),
        ];
        for (word, node, usual) in keys {
            if let Some(node) = node
                && node.text() != Some(usual)
            {
                self.not_yet(node.span, &format!("`{word}`"));
            }
        }
    }

    /// Where the algorithm of a recipe is said.
    pub(super) fn algorithm_span(&self, id: RecipeId) -> Span {
        let recipe = self.recipes.models.get(id.0);
        recipe.and_then(|recipe| recipe.algorithm.as_ref()).map(|text| text.span).unwrap_or_default()
    }
}
