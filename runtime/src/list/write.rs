//! Sorting the items of a list, and writing them.

use std::{borrow::Cow, cell::RefCell};

use super::{Item, ItemValue, Items, ListRule, Order, nested};
use crate::{
    Operand, RecipeError, SignedText, Text,
    found::Found,
    scratch::{self, Kept},
    values,
};

/// Writes an item: its name and its value.
type Pair<'p> = &'p dyn Fn(&mut Text, &str, &Operand<'_>);

/// An item that is ready to be written.
struct Ready<'i> {
    name: &'i str,
    value: Operand<'i>,
}

impl Items<'_> {
    /// Writes each item as its name, `between` and its value, and what joins them between two of them.
    pub fn write_pairs(&self, text: &mut Text, between: &str) {
        let Some(message) = self.plain else {
            return self.write(text, |text, name, value| {
                text.put(name);
                text.put(between);
                text.put_value(value);
            });
        };
        let mark = match between.as_bytes() {
            [mark] => Some(*mark),
            _ => None,
        };
        let mut is_first = true;
        let written = self.each_plain(message, |name, value| {
            if !is_first {
                text.put_mark(self.rule.join);
            }
            is_first = false;
            match mark.and_then(|mark| value.beside(name, mark, message)) {
                Some(pair) => text.put(pair),
                None => {
                    text.put(name);
                    text.put_mark(between);
                    value.put(text);
                }
            }
        });
        if let Err(error) = written {
            text.fail(error);
        }
    }

    /// Writes each item with `pair`, and what joins them between two of them.
    pub fn write(&self, text: &mut Text, pair: impl Fn(&mut Text, &str, &Operand<'_>)) {
        let written = match self.plain {
            Some(message) => {
                let mut list = text.list(self.rule.join);
                self.each_plain(message, |name, value| {
                    value.give(|value| pair(list.begin_item(), name, value))
                })
            }
            None => write(self.rule, &self.items, text, &pair),
        };
        if let Err(error) = written {
            text.fail(error);
        }
    }

    /// Writes the names of the items, in the same order, with the same between two of them. `pair` is what
    /// [`Items::write`] gets: it may decide the order.
    pub fn write_names(&self, text: &mut Text, pair: impl Fn(&mut Text, &str, &Operand<'_>)) {
        let written = match self.plain {
            Some(message) => {
                let mut list = text.list(self.rule.join);
                self.each_plain(message, |name, _| list.begin_item().put(name))
            }
            None => sorted(self.rule, &self.items, text, &pair).map(|items| {
                let mut list = text.list(self.rule.join);
                items.iter().for_each(|item| list.begin_item().put(item.name));
            }),
        };
        if let Err(error) = written {
            text.fail(error);
        }
    }
}

fn write(
    rule: &ListRule<'_>,
    items: &[Item<'_>],
    text: &mut Text,
    pair: Pair<'_>,
) -> Result<(), RecipeError> {
    let items = sorted(rule, items, text, pair)?;
    let mut list = text.list(rule.join);
    for Ready { name, value } in &items {
        pair(list.begin_item(), name, value);
    }
    scratch::recycle_vector(&KEPT, items);
    Ok(())
}

thread_local! {
    static KEPT: Kept<Ready<'static>> = const { RefCell::new(Vec::new()) };
}

fn sorted<'i>(
    rule: &ListRule<'_>,
    items: &'i [Item<'_>],
    text: &Text,
    pair: Pair<'_>,
) -> Result<Vec<Ready<'i>>, RecipeError> {
    let mut ready: Vec<Ready<'i>> = scratch::vector(&KEPT);
    ready.reserve(items.len());
    for Item { name, value } in items {
        let value = match value {
            ItemValue::Operand(operand) => operand.borrowed(),
            ItemValue::ToBeAdded => continue,
            ItemValue::Nested { json, is_hidden } => {
                let nested = by_the_same_rule(rule, name, json, *is_hidden, text, pair)?;
                let is_hidden = nested.has_hidden();
                // Text again, so that values are compared by the same bytes as all others.
                match text.charset().decode(nested.as_bytes()) {
                    Ok(text) => Operand::text(text.into_owned()),
                    Err(_) => Operand::bytes(nested.as_bytes().to_vec()),
                }
                .hidden_if(is_hidden)
            }
        };
        ready.push(Ready { name, value });
    }
    sort(rule.order, &mut ready, text, pair)?;
    Ok(ready)
}

fn sort(order: Order, items: &mut [Ready<'_>], text: &Text, pair: Pair<'_>) -> Result<(), RecipeError> {
    match order {
        Order::AsSelected => {}
        Order::ByName => items.sort_by(|one, other| one.name.cmp(other.name)),
        Order::ByNameIgnoringCase => {
            items.sort_by_cached_key(|item| (values::lower(item.name), item.name.to_owned()))
        }
        Order::ByValue => items.sort_by(|one, other| one.value.plain_bytes().cmp(other.value.plain_bytes())),
        Order::ByNameThenValue => items.sort_by(|one, other| {
            let by_name = one.name.cmp(other.name);
            by_name.then_with(|| one.value.plain_bytes().cmp(other.value.plain_bytes()))
        }),
        Order::ByItem | Order::ByItemIgnoringCase => {
            let written = |item: &Ready<'_>| -> Result<SignedText, RecipeError> {
                let mut scratch = text.scratch();
                pair(&mut scratch, item.name, &item.value);
                scratch.finish()
            };
            // Told beforehand, because sorting has no way to fail.
            items.iter().try_for_each(|item| written(item).map(|_| ()))?;
            items.sort_by_cached_key(|item| {
                let written = written(item).map(|item| item.as_bytes().to_vec()).unwrap_or_default();
                let lower = if order == Order::ByItem {
                    String::new()
                } else {
                    let decoded = text.charset().decode(&written);
                    values::lower(&decoded.unwrap_or_else(|_| String::from_utf8_lossy(&written)))
                };
                (lower, written)
            });
        }
    }
    Ok(())
}

/// An object as a list of its own; an array as its items, joined.
fn by_the_same_rule(
    rule: &ListRule<'_>,
    name: &str,
    json: &str,
    is_hidden: bool,
    text: &Text,
    pair: Pair<'_>,
) -> Result<SignedText, RecipeError> {
    let mut composed = text.scratch();
    if json.starts_with('{') {
        let mut items = Vec::new();
        for mut member in nested::chosen_members(name, json, is_hidden)? {
            member.name = rule.cased(member.name);
            if !rule.excepts(&member.name) {
                rule.treat(member, &mut items)?;
            }
        }
        write(rule, &items, &mut composed, pair)?;
        return composed.finish();
    }
    let items = nested::items(name, json)?;
    let mut list = composed.list(rule.join);
    for item in items {
        let null = || rule.nothing(name, rule.empties.json_null);
        match Found::of_json(item) {
            Found::Nested(json) => {
                let nested = by_the_same_rule(rule, name, &json, is_hidden, text, pair)?;
                list.begin_item().put_composed(&nested);
            }
            Found::Text(scalar) | Found::Scalar(scalar) => put(list.begin_item(), scalar, is_hidden),
            Found::Null | Found::Absent => {
                if let Some(instead) = null()? {
                    put(list.begin_item(), instead, is_hidden);
                }
            }
        }
    }
    composed.finish()
}

fn put(text: &mut Text, value: Cow<'_, str>, is_hidden: bool) {
    text.put_value(&Operand::text(value).hidden_if(is_hidden));
}
