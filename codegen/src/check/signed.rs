//! The signed text of a request, its order fixed.
//!
//! The fields of a request are known, so sorting happens here: what is left to do at run time is a straight line of
//! writes. Literals that stand side by side become one.

use super::Context;
use crate::ir::{
    self, Carrier, ItemValue, List, ListItem, Order, Origin, PairPiece, Piece, Selection, SentField,
    SignedText, Step,
};

/// A request, as far as its signature sees it.
pub(super) struct Sent<'m> {
    pub(super) request: &'m [SentField],
    pub(super) payload: Option<&'m ir::Field>,
    pub(super) body: ir::Body,
}

impl Sent<'_> {
    /// The wire names of what is sent outside the payload, in order on the wire, each with its carrier.
    fn names(&self) -> Vec<(&str, Carrier)> {
        let signed =
            |field: &&SentField| field.carrier != Carrier::Payload && field.origin != Origin::Signature;
        let of = |carrier| {
            let fields = self.request.iter().filter(signed).filter(move |field| field.carrier == carrier);
            fields.map(move |field| (field.field.name.wire.as_str(), carrier))
        };
        let payload = self.payload.iter().map(|field| (field.name.wire.as_str(), Carrier::Outer));
        of(Carrier::Query).chain(of(Carrier::Outer)).chain(payload).collect()
    }

    fn selected(&self, list: &List) -> Vec<String> {
        let names = self.names();
        let in_query = |carrier| self.body == ir::Body::Query || carrier == Carrier::Query;
        let chosen: Vec<&str> = match &list.fields {
            Selection::Named(wanted) => {
                let sent = |name: &&String| names.iter().any(|(sent, _)| sent == name);
                wanted
                    .iter()
                    .filter_map(|entry| match entry {
                        ir::Entry::Name(name) => Some(name),
                        _ => None,
                    })
                    .filter(sent)
                    .map(String::as_str)
                    .collect()
            }
            // A recipe with one of these is not plain and has no text of fixed order.
            Selection::NamedIn { .. } | Selection::Headers(_) | Selection::MembersOf(_) => Vec::new(),
            Selection::All => names.iter().map(|(name, _)| *name).collect(),
            Selection::Query => {
                names.iter().filter(|(_, carrier)| in_query(*carrier)).map(|(name, _)| *name).collect()
            }
            Selection::Body => {
                names.iter().filter(|(_, carrier)| !in_query(*carrier)).map(|(name, _)| *name).collect()
            }
        };
        chosen.into_iter().filter(|name| !list.except.iter().any(|e| e == name)).map(str::to_owned).collect()
    }
}

impl Context<'_> {
    /// The signed text of each recipe of a signature.
    pub(super) fn signed_texts(&self, signature: &ir::Signature, sent: &Sent<'_>) -> Vec<SignedText> {
        let recipes = signature.recipes();
        let is_plain = |id: &ir::RecipeId| self.recipes.lowered.get(id.0).is_some_and(ir::Recipe::is_plain);
        if !recipes.iter().all(is_plain) {
            return Vec::new();
        }
        let known = recipes.into_iter().filter_map(|id| Some((id, self.recipes.lowered.get(id.0)?)));
        known.map(|(id, recipe)| SignedText { recipe: id, steps: steps(recipe, sent) }).collect()
    }
}

fn steps(recipe: &ir::Recipe, sent: &Sent<'_>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for piece in &recipe.text {
        match piece {
            Piece::Literal(literal) => match steps.last_mut() {
                Some(Step::Literal(before)) => before.push_str(literal),
                _ => steps.push(Step::Literal(literal.clone())),
            },
            Piece::Value { from, filters } => {
                steps.push(Step::Value { from: from.clone(), filters: filters.clone() });
            }
            Piece::ListNames | Piece::Signature => {}
            Piece::List => {
                let items = recipe.list.as_ref().map(|list| items(list, sent)).unwrap_or_default();
                let join = recipe.list.as_ref().map(|list| list.join.clone()).unwrap_or_default();
                steps.push(Step::List { join, items });
            }
        }
    }
    steps
}

fn items(list: &List, sent: &Sent<'_>) -> Vec<ListItem> {
    let fields = sent.selected(list).into_iter().map(|name| (name.clone(), ItemValue::Field(name)));
    let added = list.add.iter().map(|(name, pieces)| (name.clone(), ItemValue::Added(merged(pieces))));
    let mut all: Vec<(String, ItemValue)> = fields.chain(added).collect();
    match list.order {
        Order::ByName => all.sort_by(|(a, _), (b, _)| a.as_bytes().cmp(b.as_bytes())),
        Order::ByNameIgnoringCase => {
            all.sort_by(|(a, _), (b, _)| {
                (a.to_lowercase(), a.as_bytes()).cmp(&(b.to_lowercase(), b.as_bytes()))
            });
        }
        Order::AsListed | Order::AsOnTheWire => {}
        // A recipe with one of these is not plain and has no text of fixed order.
        Order::ByValue | Order::ByNameThenValue | Order::ByItem | Order::ByItemIgnoringCase => {}
    }
    all.into_iter().map(|(name, value)| item(&list.pair, &name, value)).collect()
}

fn merged(pieces: &[Piece]) -> Vec<Piece> {
    let mut merged: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (merged.last_mut(), piece) {
            (Some(Piece::Literal(before)), Piece::Literal(literal)) => before.push_str(literal),
            _ => merged.push(piece.clone()),
        }
    }
    merged
}

fn item(pair: &[PairPiece], name: &str, value: ItemValue) -> ListItem {
    let mut item = ListItem { before: String::new(), value, filters: Vec::new(), after: String::new() };
    let mut is_behind = false;
    for piece in pair {
        let side = if is_behind { &mut item.after } else { &mut item.before };
        match piece {
            PairPiece::Literal(literal) => side.push_str(literal),
            PairPiece::Operand { .. } => {}
            PairPiece::Name(_) => side.push_str(name),
            PairPiece::Value(filters) => {
                item.filters.clone_from(filters);
                is_behind = true;
            }
        }
    }
    item
}
