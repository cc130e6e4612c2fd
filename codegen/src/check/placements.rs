//! Where the results of recipes go in a message: fields that are declared for it, headers and parameters that nobody
//! else writes; and the fields of an encryption.

use super::Context;
use super::covers::EVERY;
use super::elements::in_every_element;
use super::messages::{Direction, Found, Message};
use super::protection::{Held, part_model};
use crate::diagnostic::{Code, Span};
use crate::ir::{self, FieldPath, Item, Kind, PlaceCarrier, Recipe, Signature, TypeId};
use crate::read::Node;

impl Context<'_> {
    /// The places of a recipe, its parts and its fresh values.
    pub(super) fn placed(&self, held: Held<'_>, message: &Message<'_>) {
        let mut taken: Vec<(&PlaceCarrier, Span)> = Vec::new();
        for unit in std::iter::once(held.recipe).chain(&held.recipe.parts) {
            let model = part_model(held.model, &unit.name.wire).filter(|_| unit.place.is_some());
            let model =
                if std::ptr::eq(unit, held.recipe) { held.model } else { model.unwrap_or(held.model) };
            let Some(place) = &unit.place else { continue };
            let held = Held { recipe: unit, model, ..held };
            let span = held.span(&model.place);
            self.place_fits_in(&place.carrier, unit, span, held, message);
            self.not_twice(&place.carrier, span, &mut taken, message);
        }
        for fresh in &held.recipe.fresh {
            let Some(carrier) = &fresh.place else { continue };
            let said = held.model.fresh.as_ref().and_then(|all| all.value.get(&fresh.name.wire));
            let span = said.map_or(held.at, |said| said.span);
            self.fresh_fits(carrier, span, message);
            self.not_twice(carrier, span, &mut taken, message);
        }
        self.not_listed(held);
    }

    fn not_twice<'p>(
        &self,
        carrier: &'p PlaceCarrier,
        span: Span,
        taken: &mut Vec<(&'p PlaceCarrier, Span)>,
        message: &Message<'_>,
    ) {
        if taken.iter().any(|(other, _)| is_same(other, carrier)) {
            let text = format!("two values are written into {} of {}", shown(carrier), message.of);
            self.mistake(Code::PlaceTaken, span, text, "give one of them another place");
        }
        taken.push((carrier, span));
    }

    fn place_fits_in(
        &self,
        carrier: &PlaceCarrier,
        unit: &Recipe,
        span: Span,
        held: Held<'_>,
        message: &Message<'_>,
    ) {
        match carrier {
            PlaceCarrier::Field(path) if unit.is_encryption() => {
                self.encrypted_place(path, span, held, message)
            }
            PlaceCarrier::Field(path) => self.signed_place(path, span, held, message),
            PlaceCarrier::Header(_) | PlaceCarrier::Query(_) if unit.is_encryption() => {
                let text = "an encryption is placed at the field that holds what is encrypted";
                self.mistake(Code::EncryptionWithoutItsField, span, text, "write `place: { field: name }`");
            }
            PlaceCarrier::Header(name) => self.header_place(name, span, message),
            PlaceCarrier::Query(name) => self.query_place(name, span, message),
        }
    }

    /// The field that holds a signature is declared as one.
    fn signed_place(&self, path: &FieldPath, span: Span, held: Held<'_>, message: &Message<'_>) {
        let place = path.dotted();
        if message.direction == Direction::Request && path.simple().is_none() {
            self.not_yet(span, "a place inside a field of a request");
            return;
        }
        // A mistake about the field is told where the message names the recipe: the recipe may fit other messages.
        let at = held.at;
        match self.resolve(message, path) {
            Found::Field { field, .. } if field.kind == Kind::Signature => {}
            Found::Field { .. } => {
                let text = format!("`{place}` of {} holds something else than the signature", message.of);
                let mend = format!("write `{place}: {{ signature: any, doc: ... }}`");
                self.mistake(Code::PlaceTaken, at, text, mend);
            }
            Found::Missing(_) | Found::Open => {
                let text = format!(
                    "recipe `{}` places the signature in `{place}`, which is no field of {}",
                    held.whole.name.wire, message.of
                );
                let mend = format!("add `{place}: {{ signature: any, doc: ... }}`");
                self.mistake(Code::UnknownField, at, text, mend);
            }
        }
    }

    /// What is encrypted: the payload of a request, a field of the kind `encrypted` of what comes in.
    fn encrypted_place(&self, path: &FieldPath, span: Span, held: Held<'_>, message: &Message<'_>) {
        let place = path.dotted();
        if message.direction == Direction::Request {
            let is_payload =
                message.payload.as_ref().is_some_and(|(field, _)| path.simple() == Some(&field.name.wire));
            if !is_payload {
                let text = format!("`{place}` is not the payload of {}", message.of);
                let mend = "what we encrypt is the payload: write `payload: { json: name }` in the envelope";
                self.mistake(Code::EncryptionWithoutItsField, span, text, mend);
            }
            return;
        }
        match self.resolve(message, path) {
            Found::Field { field, .. } if matches!(field.kind, Kind::Encrypted(_)) => {}
            _ => {
                let text = format!(
                    "recipe `{}` opens `{place}`, which is no encrypted field of {}",
                    held.whole.name.wire, message.of
                );
                let mend = format!("declare it: `{place}: {{ encrypted: Type, doc: ... }}`");
                self.mistake(Code::EncryptionWithoutItsField, held.at, text, mend);
            }
        }
    }

    fn header_place(&self, name: &str, span: Span, message: &Message<'_>) {
        if message.redirect {
            let text = "a browser that is redirected sends no header of ours";
            self.mistake(Code::KeyDoesNotApply, span, text, "place it in a field or in the query");
        }
        let is_field = message.headers.iter().any(|(_, header)| header.eq_ignore_ascii_case(name));
        if is_field {
            let text = format!("header `{name}` of {} is a field as well", message.of);
            self.mistake(Code::PlaceTaken, span, text, "the header holds the signature: remove the field");
        }
        if name.eq_ignore_ascii_case("content-type") {
            let text = "the content type follows from the body";
            self.mistake(Code::BadHeader, span, text, "give it another header");
        }
    }

    fn query_place(&self, name: &str, span: Span, message: &Message<'_>) {
        if message.direction == Direction::Reply {
            let text = format!("{} has no query", message.of);
            self.mistake(Code::KeyDoesNotApply, span, text, "a reply has fields and headers");
        }
        let mut fields = message.fields.iter();
        if fields.any(|(field, carrier)| field.name.wire == name && message.is_in_query(*carrier)) {
            let text = format!("`{name}` of {} travels in the query as well", message.of);
            let mend = format!("remove the field, or write `place: {{ field: {name} }}`");
            self.mistake(Code::PlaceTaken, span, text, mend);
        }
    }

    /// A fresh value is written by the recipe; what comes in may also be declared, to be read.
    fn fresh_fits(&self, carrier: &PlaceCarrier, span: Span, message: &Message<'_>) {
        match carrier {
            PlaceCarrier::Header(_) if message.redirect => {
                let text = "a browser that is redirected sends no header of ours";
                self.mistake(Code::KeyDoesNotApply, span, text, "place it in a field or in the query");
            }
            PlaceCarrier::Header(name) if name.eq_ignore_ascii_case("content-type") => {
                let text = "the content type follows from the body";
                self.mistake(Code::BadHeader, span, text, "give it another header");
            }
            PlaceCarrier::Query(name) => self.query_place(name, span, message),
            _ if message.is_received() => {}
            PlaceCarrier::Header(name) => {
                if message.headers.iter().any(|(_, header)| header.eq_ignore_ascii_case(name)) {
                    let text = format!("header `{name}` of {} is a field as well", message.of);
                    self.mistake(Code::PlaceTaken, span, text, "the recipe writes it: remove the field");
                }
            }
            PlaceCarrier::Field(path) => {
                if path.simple().is_none() {
                    self.not_yet(span, "a place inside a field of a request");
                } else if message.field(path.first()).is_some() {
                    let text = format!("`{}` of {} is a field as well", path.first(), message.of);
                    self.mistake(Code::PlaceTaken, span, text, "the recipe writes it: remove the field");
                } else if message.raw {
                    let text = format!("{} has no fields in its body", message.of);
                    self.mistake(Code::KeyDoesNotApply, span, text, "place it in a header or in the query");
                }
            }
        }
    }

    /// The signature's own field is in no list.
    fn not_listed(&self, held: Held<'_>) {
        let Some(place) = held.recipe.place_field().filter(|_| !held.recipe.is_encryption()) else { return };
        let model = held.model;
        let listed = model.fields.iter().flat_map(Node::items).map(|node| (node.text(), node.span));
        let excepted =
            model.except.iter().flat_map(|all| all.iter()).map(|name| (Some(name.value.as_str()), name.span));
        for (_, span) in listed.chain(excepted).filter(|(name, _)| *name == Some(place)) {
            let text = format!("`{place}` holds the signature: it never takes part in what is signed");
            self.mistake(Code::PlaceTaken, span, text, "take it out of the list");
        }
    }

    /// Fields that wait for a recipe: signatures, and what has to be opened. And two recipes never share a place.
    pub(super) fn all_placed(&self, signature: &Signature, at: Span, message: &Message<'_>) {
        let several = match signature {
            Signature::Several(all) => all.as_slice(),
            one => std::slice::from_ref(one),
        };
        let recipes = |one: &Signature| -> Vec<&Recipe> {
            one.recipes().iter().filter_map(|id| self.recipes.lowered.get(id.0)).collect()
        };
        let sets: Vec<Vec<&Recipe>> = several.iter().map(recipes).collect();
        self.apart(&sets, at, message);
        let mut fields = Vec::new();
        for (field, _) in &message.fields {
            self.waiting(field, Vec::new(), &mut Vec::new(), &mut fields);
        }
        for (path, kind) in &fields {
            let in_a_list = path.0.iter().any(|step| step == EVERY);
            if in_a_list {
                let is_known = |recipe: &&Recipe| {
                    is_placed_in_each(recipe, path) || self.has_wrong_elements(recipe, message)
                };
                if !sets.iter().flatten().any(is_known) {
                    self.not_yet(at, "a signature or something encrypted inside a list");
                }
                continue;
            }
            let opens = |recipe: &&Recipe| {
                let places = std::iter::once(*recipe).chain(&recipe.parts);
                let mut places =
                    places.filter(|unit| unit.is_encryption() == matches!(kind, Kind::Encrypted(_)));
                places.any(|unit| is_placed_at(unit, path))
            };
            match kind {
                Kind::Signature if !sets.iter().flatten().any(&opens) => {
                    let text = format!(
                        "`{}` of {} holds no signature: no recipe places it there",
                        path.dotted(),
                        message.of
                    );
                    let mend = "mend `place` of the recipe, or the field";
                    self.mistake(Code::KeyDoesNotApply, at, text, mend);
                }
                // What opens it twice is written into one place twice; a request cannot have it at all.
                Kind::Encrypted(_) if message.is_received() => {
                    let opening: Vec<_> = sets.iter().filter(|set| set.iter().any(&opens)).collect();
                    let always = opening.iter().all(|set| set.iter().all(&opens));
                    if opening.is_empty() || !always {
                        let text = format!(
                            "`{}` of {} is not opened by exactly one recipe",
                            path.dotted(),
                            message.of
                        );
                        let mend = format!(
                            "name one with `text: \"{{message:payload}}\"` and `place: {{ field: {} }}`",
                            path.dotted()
                        );
                        self.mistake(Code::EncryptionWithoutItsField, at, text, mend);
                    }
                }
                _ => {}
            }
        }
    }

    /// No two recipes of one message write into one place.
    fn apart(&self, sets: &[Vec<&Recipe>], at: Span, message: &Message<'_>) {
        let carriers = |set: &[&Recipe]| -> Vec<PlaceCarrier> {
            let of_one = |recipe: &Recipe| -> Vec<PlaceCarrier> {
                let units = std::iter::once(recipe).chain(&recipe.parts);
                let places = units.filter_map(|unit| unit.place.as_ref()).map(|place| &place.carrier);
                let fresh = recipe.fresh.iter().filter_map(|fresh| fresh.place.as_ref());
                places.chain(fresh).map(|carrier| in_message(recipe, carrier)).collect()
            };
            set.iter().flat_map(|recipe| of_one(recipe)).collect()
        };
        for (count, set) in sets.iter().enumerate() {
            let before: Vec<PlaceCarrier> =
                sets.iter().take(count).flat_map(|other| carriers(other)).collect();
            for carrier in carriers(set) {
                if before.iter().any(|other| is_same(other, &carrier)) {
                    let text = format!("two recipes write into {} of {}", shown(&carrier), message.of);
                    self.mistake(Code::PlaceTaken, at, text, "give one of them another place");
                }
            }
        }
    }

    /// Fields of the kinds `signature` and `encrypted`, at any depth.
    fn waiting<'f>(
        &'f self,
        field: &'f ir::Field,
        mut path: Vec<String>,
        open: &mut Vec<TypeId>,
        found: &mut Vec<(FieldPath, &'f Kind)>,
    ) {
        path.push(field.name.wire.clone());
        let inside = match &field.kind {
            Kind::Signature | Kind::Encrypted(_) => {
                found.push((FieldPath(path), &field.kind));
                return;
            }
            Kind::Object(id) => *id,
            Kind::Json(ir::JsonOf::Object(id)) | Kind::Base64Json(ir::JsonOf::Object(id)) => *id,
            Kind::List { of: Item::Object(id), .. } => {
                path.push(EVERY.to_owned());
                *id
            }
            _ => return,
        };
        if !open.contains(&inside) {
            open.push(inside);
            for member in self.members(inside) {
                self.waiting(member, path.clone(), open, found);
            }
            open.pop();
        }
    }
}

fn is_placed_at(unit: &Recipe, path: &FieldPath) -> bool {
    unit.place.as_ref().is_some_and(|place| place.carrier == PlaceCarrier::Field(path.clone()))
}

/// Whether a recipe signs each element of a list, and places the signature there.
fn is_placed_in_each(recipe: &Recipe, path: &FieldPath) -> bool {
    let Some(each) = &recipe.each else { return false };
    let units = std::iter::once(recipe).chain(&recipe.parts);
    let mut carriers = units.filter_map(|unit| unit.place.as_ref()).map(|place| &place.carrier);
    carriers
        .any(|carrier| matches!(carrier, PlaceCarrier::Field(own) if in_every_element(each, own) == *path))
}

/// Where in the message a recipe writes: what one with `each` writes is in every element.
fn in_message(recipe: &Recipe, carrier: &PlaceCarrier) -> PlaceCarrier {
    match (&recipe.each, carrier) {
        (Some(each), PlaceCarrier::Field(path)) => PlaceCarrier::Field(in_every_element(each, path)),
        _ => carrier.clone(),
    }
}

fn is_same(a: &PlaceCarrier, b: &PlaceCarrier) -> bool {
    match (a, b) {
        (PlaceCarrier::Header(a), PlaceCarrier::Header(b)) => a.eq_ignore_ascii_case(b),
        _ => a == b,
    }
}

/// A place in words.
fn shown(carrier: &PlaceCarrier) -> String {
    match carrier {
        PlaceCarrier::Field(path) => format!("`{}`", path.dotted()),
        PlaceCarrier::Header(name) => format!("header `{name}`"),
        PlaceCarrier::Query(name) => format!("`{name}` in the query"),
    }
}
