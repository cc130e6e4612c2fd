//! Parts: recipes inside a recipe. They are one flat list, in an order in which each uses only earlier ones.

use super::Context;
use super::placeholders::{Token, tokens};
use super::recipes::Written;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::ir::Output;
use crate::model::Recipe;
use crate::read::Spanned;

/// The parts that templates name, each with whether it stands in a key.
fn used<'m>(templates: impl IntoIterator<Item = (&'m Spanned<String>, bool)>) -> Vec<(String, bool)> {
    let mut used = Vec::new();
    for (text, is_key) in templates {
        for token in tokens(text).unwrap_or_default() {
            if let Token::Placeholder(placeholder) = token
                && placeholder.kind.as_deref() == Some("part")
            {
                used.push((placeholder.name, is_key));
            }
        }
    }
    used
}

/// The names of all parts of a recipe, at any depth.
pub(super) fn names(recipe: &Recipe) -> Vec<String> {
    let parts = recipe.parts.iter().flat_map(|parts| parts.iter());
    parts.flat_map(|part| std::iter::once(part.key.value.clone()).chain(names(&part.value))).collect()
}

/// The names of the parts whose result is bytes that are no text.
pub(super) fn bytes(recipe: &Recipe) -> Vec<String> {
    let parts = recipe.parts.iter().flat_map(|parts| parts.iter());
    let is_bytes = |part: &Recipe| part.output.as_ref().is_none_or(|output| output.value == "bytes");
    parts
        .flat_map(|part| {
            let own = is_bytes(&part.value).then(|| part.key.value.clone());
            own.into_iter().chain(bytes(&part.value))
        })
        .collect()
}

impl<'m> Written<'m> {
    /// Every template of the recipe itself, without its parts, each with whether it is the key.
    pub(super) fn templates(&self) -> Vec<(&'m Spanned<String>, bool)> {
        let Recipe { text, pair, add, key, key_id, iv, aad, place, tolerance, .. } = self.recipe;
        let added = add.iter().flat_map(|all| all.iter()).map(|entry| &entry.value);
        let placed = place.iter().filter_map(|place| place.template.as_ref());
        let dated = tolerance.iter().filter_map(|tolerance| tolerance.of.as_ref());
        let is_computed = |key: &&Spanned<String>| key.contains('{');
        let others =
            [text, pair, key_id, iv, aad].into_iter().flatten().chain(added).chain(placed).chain(dated);
        let key = key.iter().filter(is_computed).map(|key| (key, true));
        others.map(|text| (text, false)).chain(key).collect()
    }
}

impl Context<'_> {
    /// The parts of a recipe, parts of parts among them, in an order in which each uses only earlier ones; `None` where
    /// there is no such order.
    pub(super) fn parts_in_order<'m>(&self, written: &Written<'m>) -> Option<Vec<Written<'m>>> {
        let mut parts = Vec::new();
        self.collect_parts(written.recipe, &mut parts);
        let names: Vec<&Spanned<String>> = parts.iter().map(|part| part.name).collect();
        let uses: Vec<Vec<(String, bool)>> = parts.iter().map(|part| used(part.templates())).collect();
        let own = used(written.templates());
        let edges = |place: usize| uses.get(place).into_iter().flatten();
        for (place, name) in names.iter().copied().enumerate() {
            let users = uses.iter().enumerate().filter(|(user, _)| *user != place).flat_map(|(_, uses)| uses);
            let by = users.chain(&own).filter(|(used, _)| *used == name.value).map(|(_, is_key)| *is_key);
            let by: Vec<bool> = by.collect();
            let Some(part) = parts.get_mut(place) else { continue };
            let is_placed = part.recipe.place.is_some();
            if by.is_empty() && !is_placed && !written.is_reading {
                let message = format!("part `{name}` is used nowhere: nothing of it would be signed");
                let mend = format!("write `{{part:{name}}}` where the provider puts it");
                self.mistake(Code::PartSignedNowhere, name.span, message, mend);
            }
            if (!by.is_empty() || written.is_reading) && by.iter().all(|is_key| *is_key) && !is_placed {
                part.default_output = Some(Output::Bytes);
            }
        }
        let position = |name: &str| names.iter().position(|own| own.value == name);
        let mut order = Vec::new();
        let mut state = vec![Visit::New; parts.len()];
        for place in 0..parts.len() {
            let next = |place: usize| edges(place).filter_map(|(name, _)| position(name)).collect::<Vec<_>>();
            if let Err((from, to)) = visit(place, &next, &mut state, &mut order) {
                let name = |place: usize| names.get(place).copied();
                let (from, to) = (name(from)?, name(to)?);
                let message = if from == to {
                    format!("part `{from}` needs itself")
                } else {
                    format!("part `{from}` needs `{to}`, which needs it in turn")
                };
                self.mistake(Code::RecipeCycle, from.span, message, "break the circle");
                return None;
            }
        }
        let mut parts: Vec<Option<Written<'m>>> = parts.into_iter().map(Some).collect();
        Some(order.into_iter().filter_map(|place| parts.get_mut(place)?.take()).collect())
    }

    fn collect_parts<'m>(&self, recipe: &'m Recipe, parts: &mut Vec<Written<'m>>) {
        for entry in recipe.parts.iter().flat_map(|parts| parts.iter()) {
            let (name, part) = (&entry.key, &entry.value);
            self.accept(&part.accepts, Some(name.span.to(part.span)));
            if let Some(first) = parts.iter().find(|part| part.name == name) {
                let message = format!("two parts are called `{name}`");
                let said = Diagnostic::new(Code::NameTwice, name.span, message)
                    .related(first.name.span, "first here");
                self.say(said.mend("all parts of a recipe, and their parts, have names of their own"));
                continue;
            }
            self.not_of_a_part(name, part);
            let within = name.span.to(part.span);
            parts.push(Written {
                name,
                recipe: part,
                within,
                is_part: true,
                is_reading: false,
                default_output: None,
            });
            self.collect_parts(part, parts);
        }
    }

    /// Keys that belong to the recipe around a part.
    fn not_of_a_part(&self, name: &Spanned<String>, part: &Recipe) {
        let keys: [(&str, Option<Span>); 7] = [
            ("like", part.like.as_ref().map(|key| key.span)),
            ("choose", part.choose.as_ref().map(|key| key.span)),
            ("repeated", part.repeated.as_ref().map(|key| key.span)),
            ("fresh", part.fresh.as_ref().map(|key| key.span)),
            ("given", part.given.as_ref().map(|key| key.span)),
            ("tolerance", part.tolerance.as_ref().map(|key| key.span)),
            ("also_accept", part.also_accept.as_ref().map(|key| key.span)),
        ];
        for (word, span) in keys {
            if let Some(span) = span {
                let message = format!("`{word}` does not apply to part `{name}`");
                let mend = match word {
                    "like" | "choose" => "write the keys of the part out",
                    _ => "write it in the recipe around the part",
                };
                self.mistake(Code::KeyDoesNotApply, span, message, mend);
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    New,
    Open,
    Done,
}

/// Depth first: what a part uses comes before it. Fails with an edge that closes a circle.
fn visit(
    place: usize,
    next: &impl Fn(usize) -> Vec<usize>,
    state: &mut [Visit],
    order: &mut Vec<usize>,
) -> Result<(), (usize, usize)> {
    if state.get(place) != Some(&Visit::New) {
        return Ok(());
    }
    state.iter_mut().skip(place).take(1).for_each(|state| *state = Visit::Open);
    for used in next(place) {
        if state.get(used) == Some(&Visit::Open) {
            return Err((place, used));
        }
        visit(used, next, state, order)?;
    }
    state.iter_mut().skip(place).take(1).for_each(|state| *state = Visit::Done);
    order.push(place);
    Ok(())
}
