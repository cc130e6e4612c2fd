//! What protects a message: the recipes that it names, held against its own fields.
//!
//! Here is what a `signature` names and what holds for its recipes together. Each recipe is held against the message by
//! `listed` (its list) and `operands` (its templates), and where its results go by `placements`.

use super::Context;
use super::covers::{Value, operands};
use super::elements::of_one_element;
use super::messages::{Direction, Found, Message};
use crate::diagnostic::{Code, Span};
use crate::ir::{
    self, AbsentWhen, CredentialKind, EmptyAction, KeyKind, Operand, Recipe, RecipeId, Signature,
};
use crate::model;
use crate::read::{Node, NodeValue};

/// The most recipes on one message.
const MOST_RECIPES: usize = 4;

/// A signature that stands for one that could not be understood.
pub(super) fn unprotected() -> Signature {
    Signature::None { reason: String::new() }
}

/// A recipe, or a part or reading of it, in a message.
#[derive(Clone, Copy)]
pub(super) struct Held<'h> {
    /// The recipe that the message names, in one reading.
    pub(super) whole: &'h Recipe,
    /// It, or a part of it.
    pub(super) recipe: &'h Recipe,
    /// As it is written, after `like`.
    pub(super) model: &'h model::Recipe,
    /// Where the message names it.
    pub(super) at: Span,
}

impl Held<'_> {
    /// Where a key is written, or else where the message names the recipe.
    pub(super) fn span<T>(&self, key: &Option<crate::read::Spanned<T>>) -> Span {
        key.as_ref().map_or(self.at, |key| key.span)
    }
}

impl Context<'_> {
    /// What `signature:` names. Mistakes are reported; `None` if it cannot be understood.
    pub(super) fn signature(&self, node: Option<&Node>, of: &str, at: Span) -> Option<Signature> {
        let Some(node) = node else {
            let mend = "name a recipe, or write `signature: { none: \"reason\" }`";
            self.mistake(Code::UnprotectedMessage, at, format!("{of} does not say what protects it"), mend);
            return None;
        };
        match &node.value {
            NodeValue::Scalar(scalar) => self.named_recipe(&scalar.text, node.span, of),
            NodeValue::Sequence(items) => self.several_recipes(items, node.span, of),
            NodeValue::Mapping(_) | NodeValue::Null => {
                let reason =
                    node.get("none").and_then(Node::text).map(str::trim).filter(|reason| !reason.is_empty());
                if reason.is_none() || node.entries().len() != 1 {
                    let message = format!("{of} does not say why nothing protects it");
                    self.mistake(
                        Code::UnprotectedMessage,
                        node.span,
                        message,
                        "write `signature: { none: \"reason\" }`",
                    );
                }
                reason.map(|reason| Signature::None { reason: reason.to_owned() })
            }
        }
    }

    /// Several recipes on one message, in the order of the signer.
    fn several_recipes(&self, items: &[Node], span: Span, of: &str) -> Option<Signature> {
        if items.is_empty() || items.len() > MOST_RECIPES {
            let message = format!("{of} names {} recipes", items.len());
            let mend = format!("name one to {MOST_RECIPES}, in the order in which the signer runs them");
            self.mistake(Code::UnprotectedMessage, span, message, mend);
            self.recipes.used.borrow_mut().extend(items.iter().filter_map(Node::text).map(str::to_owned));
            return None;
        }
        let mut all = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let Some(name) = item.text() else {
                let mend = "write `signature: [first, second]`";
                self.mistake(Code::NotText, item.span, "here stands the name of a recipe", mend);
                continue;
            };
            if items.iter().take(place).any(|other| other.text() == Some(name)) {
                let message = format!("{of} names recipe `{name}` twice");
                self.mistake(Code::PlaceTaken, item.span, message, "name it once");
                continue;
            }
            all.extend(self.named_recipe(name, item.span, of));
        }
        if all.len() < items.len() {
            return None;
        }
        match <[Signature; 1]>::try_from(all) {
            Ok([only]) => Some(only),
            Err(all) => Some(Signature::Several(all)),
        }
    }

    fn named_recipe(&self, name: &str, span: Span, of: &str) -> Option<Signature> {
        if name == "none" {
            let message = format!("{of} is not protected and does not say why");
            self.mistake(Code::UnprotectedMessage, span, message, "write `signature: { none: \"reason\" }`");
            return None;
        }
        let Some(entry) = self.recipes.entries.iter().find(|entry| entry.name.value == name) else {
            let known = self.recipes.entries.iter().map(|entry| entry.name.value.as_str());
            self.unknown(Code::UnknownRecipe, span, format!("unknown recipe `{name}`"), name, known);
            return None;
        };
        self.recipes.used.borrow_mut().insert(name.to_owned());
        let signature = entry.leads_to.clone()?;
        if let Signature::Recipe(id) = signature {
            self.without_a_choice(name, id, span);
        }
        Some(signature)
    }

    /// A key that is a member of a choice needs the choice.
    fn without_a_choice(&self, name: &str, id: RecipeId, span: Span) {
        let member = self.recipes.lowered.get(id.0).and_then(|recipe| recipe.seal.credential());
        if let Some(key) = member.filter(|key| key.member.is_some()) {
            let message =
                format!("recipe `{name}` has a key of the choice `{}`, and nothing chooses", key.name.wire);
            let mend =
                format!("name a recipe with `choose: {{ by: \"credential:{}\", ... }}`", key.name.wire);
            self.mistake(Code::KeyOfTheWrongKind, span, message, mend);
        }
    }

    /// Holds the recipes of a signature against a message.
    pub(super) fn protects(&self, signature: &Signature, at: Span, message: &Message<'_>) {
        for id in signature.recipes() {
            let (Some(recipe), Some(model)) = (self.recipes.lowered.get(id.0), self.recipes.models.get(id.0))
            else {
                continue;
            };
            let held = Held { whole: recipe, recipe, model, at };
            let Some(each) = &recipe.each else {
                self.protects_by(held, message);
                continue;
            };
            if let Some(element) = self.element(each, held, message) {
                let recipe = of_one_element(recipe);
                self.protects_by(Held { whole: &recipe, recipe: &recipe, ..held }, &element);
            }
        }
        self.chosen_by_a_field(signature, at, message);
        self.agree(signature, at);
        self.elements_come_first(signature, at, message);
        self.all_placed(signature, at, message);
    }

    /// Holds one recipe against a message, or against an element of one.
    fn protects_by(&self, held: Held<'_>, message: &Message<'_>) {
        let Held { recipe, model, at, .. } = held;
        self.key_side(held, message);
        self.placed(held, message);
        for reading in std::iter::once(recipe).chain(recipe.also_accept.iter().map(|reading| &reading.recipe))
        {
            self.fits(Held { whole: reading, recipe: reading, ..held }, message);
            for part in &reading.parts {
                let model = part_model(model, &part.name.wire).unwrap_or(model);
                self.fits(Held { whole: reading, recipe: part, model, at }, message);
            }
        }
        match message.direction {
            Direction::Request => self.empties_agree(held),
            Direction::Callback | Direction::Reply => {
                self.within_tolerance(held, message);
                self.weaknesses(held, message);
            }
        }
    }

    /// Holds one recipe or part against a message.
    fn fits(&self, held: Held<'_>, message: &Message<'_>) {
        self.list_fits(held, message);
        self.templates_fit(held, message);
    }

    /// We sign with our keys and verify with theirs. A part is made by both sides, so its key is never a pair.
    fn key_side(&self, held: Held<'_>, message: &Message<'_>) {
        let parts = held.recipe.parts.iter().map(|part| {
            let model = part_model(held.model, &part.name.wire).unwrap_or(held.model);
            (part, model, true)
        });
        for (recipe, model, is_part) in std::iter::once((held.recipe, held.model, false)).chain(parts) {
            let (Some(path), Some(said)) = (recipe.seal.credential(), &model.key) else { continue };
            let kinds = self.kinds_of(path);
            let has = |wanted: [KeyKind; 2]| {
                kinds.iter().any(|kind| {
                    matches!(kind, CredentialKind::Key(kind) | CredentialKind::Keys(kind) if wanted.contains(kind))
                })
            };
            let signs = has([KeyKind::RsaPrivate, KeyKind::Sm2Private]);
            let verifies = has([KeyKind::RsaPublic, KeyKind::Sm2Public]);
            if message.is_received() && is_part && (signs || verifies) {
                let text = "a part of what comes in is made anew, which needs the provider's private key";
                self.mistake(Code::KeyOfTheWrongSide, said.span, text, "make it a recipe of its own");
            } else if !message.is_received() && verifies {
                let text = format!("requests are signed: `key` should be our private key, not `{said}`");
                self.mistake(Code::KeyOfTheWrongSide, said.span, text, "name the merchant's key");
            } else if message.is_received() && signs {
                let text = format!(
                    "what comes in is verified: `key` should be the provider's public key, not `{said}`"
                );
                self.mistake(Code::KeyOfTheWrongSide, said.span, text, "name the provider's key");
            }
        }
    }

    /// A field that chooses the recipe: it is there, and every value that it can have leads somewhere.
    fn chosen_by_a_field(&self, signature: &Signature, at: Span, message: &Message<'_>) {
        match signature {
            Signature::Several(all) => {
                all.iter().for_each(|one| self.chosen_by_a_field(one, at, message));
            }
            Signature::ByField { by, cases, absent, otherwise } => {
                let wanted = by.dotted();
                let field = match self.resolve(message, by) {
                    Found::Missing(known) => {
                        let text = format!("`choose` is by `{wanted}`, which is no field of {}", message.of);
                        let name = by.0.last().map_or("", String::as_str);
                        self.unknown(Code::UnknownField, at, text, name, known.into_iter());
                        return;
                    }
                    Found::Open => None,
                    Found::Field { field, certain } => Some((field, certain)),
                };
                if let Some((field, _)) = field
                    && let Some((_, values)) = self.values_of(&field.kind)
                    && otherwise.is_none()
                    && !cases.is_empty()
                {
                    let has = |name: &str| cases.iter().any(|case| case.value == name);
                    for value in values.iter().filter(|value| !has(&value.name.wire)) {
                        let text =
                            format!("`{wanted}` can be `{}`, for which there is no case", value.name.wire);
                        let mend = format!("add `{}: ...` to `cases`, or `otherwise`", value.name.wire);
                        self.mistake(Code::ChooseIncomplete, at, text, mend);
                    }
                }
                if let (Some((field, false)), None, Direction::Request) = (field, absent, message.direction) {
                    let text = format!("`{}` may be absent, for which there is no case", field.name.wire);
                    self.mistake(Code::ChooseIncomplete, at, text, "add `absent:`");
                }
                self.choice_is_signed(signature, by, at, message);
            }
            Signature::None { .. } | Signature::Recipe(_) | Signature::Chosen { .. } => {}
        }
    }

    /// Anybody can change a field that is not signed, and so which fields are.
    fn choice_is_signed(&self, signature: &Signature, by: &ir::FieldPath, at: Span, message: &Message<'_>) {
        if !message.is_received() {
            return;
        }
        let value = Value { path: by.0.clone(), nested: false, stand: message.stand };
        let vouches = |recipe: &Recipe| {
            let further = recipe.also_accept.iter().map(|reading| &reading.recipe);
            std::iter::once(recipe).chain(further).all(|recipe| self.vouches(recipe, &value))
        };
        if !signature.recipes().iter().filter_map(|id| self.recipes.lowered.get(id.0)).all(vouches) {
            let text =
                format!("`{}` decides which fields are signed, and anybody can change it", by.dotted());
            let mend = "only what all cases cover is trusted; accept this with that reason";
            self.mistake(Code::UncoveredChoice, at, text, mend);
        }
    }

    /// A message is read once, so its recipes agree about how.
    fn agree(&self, signature: &Signature, at: Span) {
        let mut trims = Vec::new();
        let mut repeats = Vec::new();
        for recipe in signature.recipes().iter().filter_map(|id| self.recipes.lowered.get(id.0)) {
            for reading in
                std::iter::once(recipe).chain(recipe.also_accept.iter().map(|reading| &reading.recipe))
            {
                repeats.push(reading.repeated);
                // Elements are read as they are, and their recipe never trims.
                if reading.each.is_some() {
                    continue;
                }
                // A template takes what the lists make of the message.
                let lists =
                    std::iter::once(reading).chain(&reading.parts).filter_map(|unit| unit.list.as_ref());
                trims.extend(lists.map(|list| list.trim));
            }
        }
        self.given_agree(signature, at);
        if trims.contains(&true) && trims.contains(&false) {
            let message = "one recipe of this message trims its values and another does not";
            self.mistake(Code::RecipesDisagree, at, message, "say the same about `trim` in all of them");
        }
        if repeats.windows(2).any(|two| two.first() != two.last()) {
            let message = "the recipes of this message treat repeated names in different ways";
            self.mistake(Code::RecipesDisagree, at, message, "say the same about `repeated` in all of them");
        }
    }

    /// A value that the caller hands in is one parameter for all recipes of the message.
    fn given_agree(&self, signature: &Signature, at: Span) {
        let recipes = signature.recipes().into_iter().filter_map(|id| self.recipes.lowered.get(id.0));
        let mut seen: Vec<&ir::Given> = Vec::new();
        for given in recipes.flat_map(|recipe| &recipe.given) {
            match seen.iter().find(|other| other.name == given.name) {
                Some(other) if other.secret != given.secret => {
                    let message = format!(
                        "`{{given:{}}}` is a secret in one recipe of this message only",
                        given.name.wire
                    );
                    self.mistake(Code::RecipesDisagree, at, message, "say the same in all of them");
                }
                Some(_) => {}
                None => seen.push(given),
            }
        }
    }

    /// A time that anybody can renew limits nothing.
    fn within_tolerance(&self, held: Held<'_>, message: &Message<'_>) {
        let Some(tolerance) = &held.recipe.tolerance else { return };
        let readings = held.recipe.also_accept.iter().map(|reading| &reading.recipe);
        for recipe in std::iter::once(held.recipe).chain(readings) {
            for (operand, _) in operands(&tolerance.of) {
                if self.is_signed(recipe, operand, message) {
                    continue;
                }
                let name = match operand {
                    Operand::Field(path) => path.dotted(),
                    Operand::Header(name) => format!("header:{name}"),
                    Operand::Fresh(name) => format!("fresh:{name}"),
                    _ => continue,
                };
                let text = format!("`{{{name}}}` is not signed, so anybody can renew it");
                let span = held.span(&held.model.tolerance);
                let mend = "let it take part in the text, or drop `tolerance`";
                self.mistake(Code::ToleranceOfUnsigned, span, text, mend);
            }
        }
    }

    fn is_signed(&self, recipe: &Recipe, operand: &Operand, message: &Message<'_>) -> bool {
        match operand {
            Operand::Field(path) => {
                let value = Value { path: path.0.clone(), nested: false, stand: message.stand };
                self.vouches(recipe, &value)
            }
            Operand::Header(name) => {
                let stand = super::covers::Stand::Header(name);
                self.vouches(recipe, &Value { path: vec![name.clone()], nested: false, stand })
            }
            Operand::Fresh(name) => super::covers::touches_fresh(recipe, recipe, name),
            _ => true,
        }
    }

    /// What the recipe leaves out and what the request leaves out must be the same.
    fn empties_agree(&self, held: Held<'_>) {
        let parts = held.recipe.parts.iter().map(|part| {
            let model = part_model(held.model, &part.name.wire).unwrap_or(held.model);
            (part, model)
        });
        for (recipe, model) in std::iter::once((held.recipe, held.model)).chain(parts) {
            let (Some(list), Some(said)) = (&recipe.list, &model.empties) else { continue };
            if let (Some(also), EmptyAction::Drop) = (&model.also_empty, &list.empties.empty) {
                let text =
                    "the recipe leaves texts of `also_empty` out of what is signed, but a request sends them";
                let mend = "give requests a recipe of their own without `also_empty`: what is sent is what is signed";
                self.mistake(Code::EmptiesDisagree, also.span, text, mend);
            }
            let wanted = match (&list.empties.empty, &list.empties.blank) {
                (_, EmptyAction::Drop) => AbsentWhen::Blank,
                (EmptyAction::Drop, _) if list.trim => AbsentWhen::Blank,
                (EmptyAction::Drop, _) => AbsentWhen::Empty,
                _ => continue,
            };
            if wanted == self.absent_when {
                continue;
            }
            let word = |when| match when {
                AbsentWhen::Empty => "empty",
                AbsentWhen::Blank => "blank",
                AbsentWhen::Never => "never",
            };
            let left_out = if wanted == AbsentWhen::Blank { "values of blanks" } else { "empty values" };
            let text = format!(
                "the recipe leaves {left_out} out, but `defaults.absent_when` is `{}`",
                word(self.absent_when)
            );
            let mend =
                format!("write `absent_when: {}`, so that what is sent is what is signed", word(wanted));
            self.mistake(Code::EmptiesDisagree, said.span, text, mend);
        }
    }
}

/// A part as it is written, at any depth.
pub(super) fn part_model<'m>(model: &'m model::Recipe, name: &str) -> Option<&'m model::Recipe> {
    let parts = model.parts.as_ref()?;
    parts.iter().find_map(|entry| {
        if entry.key.value == name { Some(&entry.value.value) } else { part_model(&entry.value.value, name) }
    })
}
