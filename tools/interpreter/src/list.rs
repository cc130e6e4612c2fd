//! The list as it stands in the text: order, pairs, separators (steps 7 to 10), and objects by the same rule.

use payspec_codegen::ir::{Filter, List, Nested, Order, PairPiece, Piece, Selection};

use crate::compose::Composer;
use crate::filter::Content;
use crate::node::Node;
use crate::notes::Notes;
use crate::select::{Nothing, Picked, in_case};
use crate::signed_text::{RecipeError, SignedText};
use crate::text;

/// An item of a list: name and written value.
struct Item {
    name: String,
    /// The field that it comes from.
    field: String,
    value: Value,
}

enum Value {
    /// A value of the message.
    Text(String),
    /// An item of `add`, or an object that the rule itself has written.
    Composed(SignedText),
}

impl Composer<'_> {
    /// The list of the recipe.
    pub(crate) fn list(&self) -> Result<SignedText, RecipeError> {
        let list = self.recipe.list.as_ref().ok_or(RecipeError::NoPart { part: "fields" })?;
        let pairs = self.pairs(list, self.items(list)?)?;
        self.note(|notes| notes.order(pairs.iter().map(|(name, _)| name.clone()).collect()));
        self.joined(list, pairs.into_iter().map(|(_, pair)| pair))
    }

    /// The names of the list, joined like it.
    pub(crate) fn list_names(&self) -> Result<SignedText, RecipeError> {
        let list = self.recipe.list.as_ref().ok_or(RecipeError::NoPart { part: "names" })?;
        let pairs = self.pairs(list, self.items(list)?)?;
        let names: Vec<SignedText> =
            pairs.iter().map(|(name, _)| self.plain(name)).collect::<Result<_, _>>()?;
        self.joined(list, names.into_iter())
    }

    fn joined(
        &self,
        list: &List,
        items: impl Iterator<Item = SignedText>,
    ) -> Result<SignedText, RecipeError> {
        let mut text = SignedText::default();
        for (index, item) in items.enumerate() {
            if index > 0 {
                text.join(&self.plain(&list.join)?);
            }
            text.join(&item);
        }
        Ok(text)
    }

    /// The items, with those of `add`, not yet in order.
    fn items(&self, list: &List) -> Result<Vec<Item>, RecipeError> {
        self.note(Notes::list);
        let mut items = Vec::new();
        let mut added = list.add.clone();
        for picked in self.picked(list)? {
            let place = added.iter().position(|(name, _)| in_case(name, list.names) == picked.name);
            let is_listed = matches!(list.fields, Selection::NamedIn { .. });
            match place.filter(|_| is_listed) {
                // The message says where the added item stands.
                Some(place) => {
                    let (name, pieces) = added.remove(place);
                    items.push(self.added(list, &name, &pieces)?);
                }
                None => items.extend(self.item(list, picked)?),
            }
        }
        for (name, pieces) in added {
            items.push(self.added(list, &name, &pieces)?);
        }
        Ok(items)
    }

    fn added(&self, list: &List, name: &str, pieces: &[Piece]) -> Result<Item, RecipeError> {
        let value = self.pieces(pieces)?;
        let name = in_case(name, list.names);
        self.note(|notes| notes.added(&name, &value));
        Ok(Item { name, field: String::new(), value: Value::Composed(value) })
    }

    fn item(&self, list: &List, picked: Picked) -> Result<Option<Item>, RecipeError> {
        let value = match &picked.node {
            Some(nested) if nested.nested().is_some() && list.nested == Nested::SameRule => {
                self.by_same_rule(list, &picked.field, nested).map(|text| Some(Value::Composed(text)))
            }
            node => self
                .judged(&list.empties, Some(list), &picked.name, node.as_ref())
                .map(|written| written.map(Value::Text)),
        };
        self.note(|notes| {
            let is_taken = value.as_ref().ok().map(Option::is_some);
            notes.picked(&picked, self.case(list, &picked), is_taken);
        });
        let Picked { name, field, .. } = picked;
        Ok(value?.map(|value| Item { name, field, value }))
    }

    /// Which of the four cases of nothing a value is.
    fn case(&self, list: &List, picked: &Picked) -> Option<Nothing> {
        let node = picked.node.as_ref();
        if node.is_some_and(|node| node.nested().is_some()) {
            return None;
        }
        self.nothing_or_written(Some(list), node).ok()?.0
    }

    /// An object by the rule of the list, without `add`; an array as its items, joined.
    fn by_same_rule(&self, list: &List, field: &str, node: &Node) -> Result<SignedText, RecipeError> {
        match node {
            Node::Object { members, .. } => {
                let mut items = Vec::new();
                for (name, node) in members {
                    let trimmed = if list.trim { text::trim(name) } else { name };
                    let name = in_case(trimmed, list.names);
                    if list.except.contains(&name) {
                        continue;
                    }
                    let picked =
                        Picked { name, field: field.to_owned(), node: Some(node.clone()), is_whole: false };
                    items.extend(self.item(list, picked)?);
                }
                let pairs = self.pairs(list, items)?;
                self.joined(list, pairs.into_iter().map(|(_, pair)| pair))
            }
            Node::List { items, .. } => {
                let mut written = Vec::new();
                for item in items {
                    written.extend(match item {
                        Node::Null => {
                            let instead = self.judged(&list.empties, Some(list), field, Some(item))?;
                            instead.map(|text| self.of_field(field, &text)).transpose()?
                        }
                        item => Some(self.by_same_rule(list, field, item)?),
                    });
                }
                self.joined(list, written.into_iter())
            }
            scalar => self.of_field(field, scalar.scalar().unwrap_or_default()),
        }
    }

    /// Steps 8 and 9: in order, each with its name.
    fn pairs(&self, list: &List, mut items: Vec<Item>) -> Result<Vec<(String, SignedText)>, RecipeError> {
        sort(&mut items, list.order);
        let mut pairs = Vec::new();
        for item in &items {
            pairs.push((item.name.clone(), self.pair(&list.pair, item)?));
        }
        match list.order {
            Order::ByItem => pairs.sort_by(|(_, a), (_, b)| a.bytes().cmp(b.bytes())),
            Order::ByItemIgnoringCase => {
                let lower = |pair: &SignedText| {
                    let text = text::decode(self.charset, pair.bytes());
                    text.map_or_else(|| pair.bytes().to_vec(), |text| text::lower(&text).into_bytes())
                };
                pairs
                    .sort_by(|(_, a), (_, b)| lower(a).cmp(&lower(b)).then_with(|| a.bytes().cmp(b.bytes())));
            }
            _ => {}
        }
        Ok(pairs)
    }

    fn pair(&self, pair: &[PairPiece], item: &Item) -> Result<SignedText, RecipeError> {
        let mut text = SignedText::default();
        for piece in pair {
            text.join(&match (piece, &item.value) {
                (PairPiece::Literal(literal), _) => self.plain(literal)?,
                (PairPiece::Name(filters), _) => {
                    self.written(Content::Text(item.name.clone()), filters, false)?
                }
                (PairPiece::Value(filters), Value::Text(value)) => {
                    self.field_text(&item.field, value.clone(), filters)?
                }
                (PairPiece::Value(filters), Value::Composed(value)) => self.composed(value, filters)?,
                (PairPiece::Operand { from, filters }, _) => self.value(from, filters)?,
            });
        }
        Ok(text)
    }

    /// A filter over a composed value works on the unmasked text, and shows nothing of what is hidden.
    fn composed(&self, value: &SignedText, filters: &[Filter]) -> Result<SignedText, RecipeError> {
        if filters.is_empty() {
            return Ok(value.clone());
        }
        self.written(Content::Bytes(value.bytes().to_vec()), filters, value.is_hidden())
    }
}

fn sort(items: &mut [Item], order: Order) {
    let name = |item: &Item| item.name.clone().into_bytes();
    let value = |item: &Item| match &item.value {
        Value::Text(text) => text.clone().into_bytes(),
        Value::Composed(text) => text.bytes().to_vec(),
    };
    match order {
        Order::ByName => items.sort_by_key(name),
        Order::ByNameIgnoringCase => items.sort_by_key(|item| (text::lower(&item.name), name(item))),
        Order::ByValue => items.sort_by_key(value),
        Order::ByNameThenValue => items.sort_by_key(|item| (name(item), value(item))),
        Order::AsListed | Order::AsOnTheWire | Order::ByItem | Order::ByItemIgnoringCase => {}
    }
}
