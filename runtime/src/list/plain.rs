//! The list that most recipes sign: every field by its own name, once, each a text, in the order of the names or of
//! the wire. Nothing has to be resolved, renamed or sorted again, so the fields are written from where they stand.

use super::{Empty, Item, ItemValue, Items, KEPT, ListRule, Names, Order, Select, shown};
use crate::{
    Message, Operand, RecipeError, Text,
    message::{Field, FieldValue},
    scratch, values,
};

/// Whether the rule, for this message, is one of these.
pub(super) fn is_plain(message: &Message<'_>, rule: &ListRule<'_>) -> bool {
    rule.select == Select::All
        && rule.names == Names::AsIs
        && !rule.trim
        && rule.added.is_empty()
        && matches!(rule.order, Order::ByName | Order::AsSelected)
        && message.is_distinct()
        && message.fields().iter().all(|field| matches!(field.value, FieldValue::Text(_)))
}

impl<'m> Items<'m> {
    /// Adds an item that is never sent in its place among the others that are, behind one of the same name.
    pub(super) fn add_plain(&mut self, item: Item<'m>) {
        if self.alone.is_none() && self.items.is_empty() {
            self.alone = Some(item);
            return;
        }
        if let Some(first) = self.alone.take() {
            self.items = scratch::vector(&KEPT);
            self.items.push(first);
        }
        let at = match self.rule.order {
            Order::ByName => self.items.partition_point(|known| known.name <= item.name),
            _ => self.items.len(),
        };
        self.items.insert(at, item);
    }

    /// Hands out the fields and what was added, in order.
    #[inline]
    pub(super) fn each_plain(
        &self,
        message: &Message<'_>,
        mut take: impl FnMut(&str, PlainValue<'_>),
    ) -> Result<(), RecipeError> {
        let is_by_name = self.rule.order == Order::ByName;
        let place_of = |(name, _): &(&str, _)| {
            if is_by_name { message.place_behind(name) } else { message.fields().len() }
        };
        let mut added = self.alone.iter().chain(&self.items).filter_map(Item::plain).peekable();
        let mut next_added = added.peek().map(place_of);
        let mut place = 0;
        loop {
            let (name, value) = if next_added == Some(place)
                && let Some(item) = added.next()
            {
                next_added = added.peek().map(place_of);
                item
            } else {
                let field =
                    if is_by_name { message.field_by_name(place) } else { message.fields().get(place) };
                let Some(field) = field else { return Ok(()) };
                place += 1;
                match self.rule.plain(field)? {
                    Some(value) => (&*field.name, value),
                    None => continue,
                }
            };
            take(name, value);
        }
    }
}

/// The value of an item of a plain list.
pub(super) enum PlainValue<'v> {
    /// Of a field.
    Text { text: &'v str, is_hidden: bool },
    /// Of what was added.
    Added(&'v Operand<'v>),
}

impl PlainValue<'_> {
    /// Name and value as one text, if they stand in the message as they are written. Most do: a form has `=` between
    /// them too.
    #[inline]
    pub(super) fn beside<'m>(&self, name: &str, mark: u8, message: &'m Message<'_>) -> Option<&'m str> {
        match self {
            Self::Text { text, is_hidden: false } => message.texts()?.side_by_side(name, mark, text),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn put(self, into: &mut Text) {
        match self {
            Self::Text { text, is_hidden: false } => into.put(text),
            Self::Text { text, is_hidden: true } => into.put_sensitive(text),
            Self::Added(value) => into.put_value(value),
        }
    }

    /// Lets `pair` write it.
    #[inline]
    pub(super) fn give(self, pair: impl FnOnce(&Operand<'_>)) {
        match self {
            Self::Text { text, is_hidden } => pair(&Operand::text(text).hidden_if(is_hidden)),
            Self::Added(value) => pair(value),
        }
    }
}

impl Item<'_> {
    fn plain(&self) -> Option<(&str, PlainValue<'_>)> {
        match &self.value {
            ItemValue::Operand(value) => Some((&self.name, PlainValue::Added(value))),
            ItemValue::Nested { .. } | ItemValue::ToBeAdded => None,
        }
    }
}

impl ListRule<'_> {
    /// What is written of a field; `None` if nothing is.
    #[inline(always)]
    fn plain<'v>(&'v self, field: &'v Field<'_>) -> Result<Option<PlainValue<'v>>, RecipeError> {
        let Field { name, value: FieldValue::Text(text), hidden, .. } = field else { return Ok(None) };
        if self.except.contains(&&**name) {
            return Ok(None);
        }
        let instead = match self.action(text) {
            Empty::Keep => text,
            Empty::Drop => return Ok(None),
            Empty::As(text) => text,
            Empty::Refuse => return Err(RecipeError::EmptyField { name: shown(name) }),
        };
        Ok(Some(PlainValue::Text { text: instead, is_hidden: *hidden }))
    }

    /// What becomes of a text.
    #[inline]
    fn action(&self, text: &str) -> Empty {
        if text.is_empty() || self.also_empty.contains(&text) {
            self.empties.empty
        } else if self.empties.blank != Empty::Keep && values::is_blank(text) {
            self.empties.blank
        } else {
            Empty::Keep
        }
    }
}
