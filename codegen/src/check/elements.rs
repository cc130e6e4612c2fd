//! `each`: a recipe over every element of an array instead of over the message.
//!
//! Such a recipe sees one element as its whole message. It is held against the object that the array consists of, by
//! the same checks as any other recipe against a message; what an element does not have (headers, an address, a body)
//! is refused here, and so are orders of recipes in which a signature would be made over elements that are signed later.

use super::Context;
use super::covers::{EVERY, Value, takes_part};
use super::messages::{Direction, Found, Message};
use super::protection::{Held, part_model};
use super::recipes::Written;
use crate::diagnostic::{Code, Span};
use crate::ir::{
    self, Carrier, FieldPath, Item, Kind, Operand, PlaceCarrier, Reading, Recipe, Selection, Signature,
    TypeId,
};

impl Context<'_> {
    /// The array that `each` names.
    pub(super) fn each(&self, written: &Written<'_>) -> Option<FieldPath> {
        let said = written.recipe.each.as_ref()?;
        if written.is_part {
            let message = "`each` does not apply to a part";
            let mend = "write it at the recipe: its parts are about the same element";
            self.mistake(Code::KeyDoesNotApply, said.span, message, mend);
            return None;
        }
        let path = self.path(said, said.span)?;
        let is_index = |step: &String| step.bytes().all(|byte| byte.is_ascii_digit());
        if path.0.iter().any(is_index) {
            let message = format!("`{said}` lies in one element of another list");
            self.mistake(Code::EachOverNoList, said.span, message, "name a list that is in no other list");
            return None;
        }
        Some(path)
    }

    /// An element has fields and nothing else.
    pub(super) fn is_about_fields(&self, written: &Written<'_>, recipe: &Recipe) {
        if recipe.each.is_none() {
            return;
        }
        if recipe.is_encryption() || recipe.parts.iter().any(Recipe::is_encryption) {
            self.not_yet(written.name.span, "an encryption of each element");
        }
        for unit in std::iter::once(recipe).chain(&recipe.parts) {
            let model = part_model(written.recipe, &unit.name.wire).filter(|_| !std::ptr::eq(unit, recipe));
            let model = model.unwrap_or(written.recipe);
            let held = Held { whole: recipe, recipe: unit, model, at: written.name.span };
            let span = model.fields.as_ref().map_or(held.at, |node| node.span);
            match unit.list.as_ref().map(|list| &list.fields) {
                Some(Selection::Query | Selection::Body) => {
                    self.not_of_an_element(
                        "an element has neither query nor body",
                        span,
                        "say `fields: all`",
                    );
                }
                Some(Selection::Headers(_)) => self.no_headers(span),
                _ => {}
            }
            if unit.list.as_ref().is_some_and(|list| list.trim) {
                self.not_yet(held.span(&model.trim), "`trim` in a recipe with `each`");
            }
            for (from, _, span) in super::operands::templates(held) {
                match from {
                    Operand::Header(_) => self.no_headers(span),
                    Operand::Message(_) if !recipe.is_encryption() => {
                        let message = "an element has neither address nor body";
                        self.not_of_an_element(message, span, "name its fields");
                    }
                    _ => {}
                }
            }
            self.is_placed_in_the_element(
                unit.place.as_ref().map(|place| &place.carrier),
                held.span(&model.place),
            );
        }
        for fresh in &recipe.fresh {
            let said = written.recipe.fresh.as_ref().and_then(|all| all.value.get(&fresh.name.wire));
            let span = said.map_or(written.name.span, |said| said.span);
            self.is_placed_in_the_element(fresh.place.as_ref(), span);
        }
    }

    fn is_placed_in_the_element(&self, carrier: Option<&PlaceCarrier>, span: Span) {
        if let Some(PlaceCarrier::Header(_) | PlaceCarrier::Query(_)) = carrier {
            let message = "what belongs to an element is placed in a field of the element";
            self.not_of_an_element(message, span, "write `field: name`");
        }
    }

    fn no_headers(&self, span: Span) {
        self.not_of_an_element("an element has no headers", span, "name its fields");
    }

    fn not_of_an_element(&self, message: &str, span: Span, mend: &str) {
        self.mistake(Code::EachOverNoList, span, message, mend);
    }

    /// An element of the array of a message, as a recipe sees it. Reports where there is none.
    pub(super) fn element<'f>(
        &'f self,
        path: &FieldPath,
        held: Held<'_>,
        message: &Message<'f>,
    ) -> Option<Message<'f>> {
        let (span, dotted) = (held.span(&held.model.each), path.dotted());
        let is_data = |data: &super::messages::DataMember<'_>| data.name.as_deref() == Some(path.first());
        let not_yet = match message {
            Message { direction: Direction::Request, .. } => Some("`each` in a request"),
            Message { xml: true, .. } => Some("`each` over XML"),
            Message { data: Some(data), .. } if is_data(data) => {
                Some("`each` inside the data member of a reply")
            }
            _ => None,
        };
        if let Some(what) = not_yet {
            self.not_yet(span, what);
            return None;
        }
        let mend = "name a list of objects that the spec declares: `items: { list: Item }`";
        match self.resolve(message, path) {
            Found::Field { field, .. } => match field.kind {
                Kind::List { of: Item::Object(id), join: None } => {
                    Some(self.message_of(id, &format!("an element of `{dotted}` of {}", message.of), message))
                }
                _ => {
                    let text = format!("`{dotted}` of {} is no list of objects", message.of);
                    self.mistake(Code::EachOverNoList, held.at, text, mend);
                    None
                }
            },
            Found::Open => {
                let text = format!("nobody declares what `{dotted}` of {} is", message.of);
                self.mistake(Code::EachOverNoList, held.at, text, mend);
                None
            }
            Found::Missing(_) => {
                self.path_fits(path, span, held, message);
                None
            }
        }
    }

    fn message_of<'f>(&'f self, id: TypeId, of: &str, around: &Message<'f>) -> Message<'f> {
        Message {
            of: of.to_owned(),
            direction: around.direction,
            fields: self.members(id).iter().map(|field| (field, Carrier::Outer)).collect(),
            headers: Vec::new(),
            payload: None,
            data: None,
            json: true,
            xml: false,
            raw: false,
            query: false,
            redirect: false,
            stand: super::covers::Stand::Member,
        }
    }

    /// A recipe that takes the array takes the signatures in it, so these are made first.
    pub(super) fn elements_come_first(&self, signature: &Signature, at: Span, message: &Message<'_>) {
        let Signature::Several(all) = signature else { return };
        let recipes = |one: &Signature| -> Vec<&Recipe> {
            one.recipes().iter().filter_map(|id| self.recipes.lowered.get(id.0)).collect()
        };
        let sets: Vec<Vec<&Recipe>> = all.iter().map(recipes).collect();
        for (count, set) in sets.iter().enumerate() {
            for later in set.iter().filter(|recipe| recipe.each.is_some()) {
                for earlier in sets.iter().take(count).flatten() {
                    self.comes_first(later, earlier, at, message);
                }
            }
        }
    }

    fn comes_first(&self, later: &Recipe, earlier: &Recipe, at: Span, message: &Message<'_>) {
        let Some(each) = &later.each else { return };
        if earlier.each.as_ref().is_some_and(|other| are_nested(other, each)) {
            self.not_yet(at, "a second recipe on the elements of one list");
            return;
        }
        let is_hidden = earlier.is_encryption() && earlier.place_field() == Some(each.first());
        let signs = places(later)
            .any(|path| takes_part(earlier, &Value { path: path.0, nested: false, stand: message.stand }));
        if earlier.each.is_none() && (is_hidden || signs) {
            let (first, second) = (&later.name.wire, &earlier.name.wire);
            let text = format!(
                "recipe `{second}` takes `{}` before recipe `{first}` signs its elements",
                each.dotted()
            );
            let mend = format!("name `{first}` first: `signature: [{first}, {second}]`");
            self.mistake(Code::RecipesDisagree, at, text, mend);
        }
    }
}

impl Context<'_> {
    /// Whether something has been said about the elements of a recipe, so that nothing follows from them.
    pub(super) fn has_wrong_elements(&self, recipe: &Recipe, message: &Message<'_>) -> bool {
        let Some(each) = &recipe.each else { return false };
        let is_field = |place: &ir::Place| matches!(place.carrier, PlaceCarrier::Field(_));
        let is_list = match self.resolve(message, each) {
            Found::Field { field, .. } => {
                matches!(field.kind, Kind::List { of: Item::Object(_), join: None })
            }
            Found::Open | Found::Missing(_) => false,
        };
        !is_list || !recipe.place.as_ref().is_some_and(is_field)
    }
}

/// The recipe as it is applied to one element.
pub(super) fn of_one_element(recipe: &Recipe) -> Recipe {
    let readings = recipe.also_accept.iter().map(|Reading { differs, recipe }| Reading {
        differs: differs.clone(),
        recipe: Recipe { each: None, ..recipe.clone() },
    });
    Recipe { each: None, also_accept: readings.collect(), ..recipe.clone() }
}

/// A field of an element, as a field of the message: [`EVERY`] stands for the element.
pub(super) fn in_every_element(each: &FieldPath, path: &FieldPath) -> FieldPath {
    FieldPath(each.0.iter().cloned().chain([EVERY.to_owned()]).chain(path.0.iter().cloned()).collect())
}

/// Everything that a recipe with `each` writes, as fields of the message.
fn places(recipe: &Recipe) -> impl Iterator<Item = FieldPath> {
    let units = std::iter::once(recipe).chain(&recipe.parts);
    let carriers = units.filter_map(|unit| unit.place.as_ref()).map(|place: &ir::Place| &place.carrier);
    let carriers = carriers.chain(recipe.fresh.iter().filter_map(|fresh| fresh.place.as_ref()));
    carriers.filter_map(|carrier| match (carrier, &recipe.each) {
        (PlaceCarrier::Field(path), Some(each)) => Some(in_every_element(each, path)),
        _ => None,
    })
}

/// Whether one of the two lies in the other, or they are one.
fn are_nested(one: &FieldPath, other: &FieldPath) -> bool {
    one.0.starts_with(&other.0) || other.0.starts_with(&one.0)
}
