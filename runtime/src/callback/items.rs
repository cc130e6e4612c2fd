//! The list that a recipe signs, made of what was received.
//!
//! Borrowed slices, no map: select, treat what is nothing, add what is never sent, sort, write. The steps are called
//! by emitted code in the order in which the language of signatures defines them.

use super::{
    CallbackError,
    received::{Field, FieldValue},
};
use crate::{
    ItemValue, Secret, Text,
    excerpt::excerpt,
    values::{is_blank, lower},
};

/// Which received fields are in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Select<'m> {
    /// Those of the query and of the body, in the order of the wire.
    All,
    /// Those of the query.
    Query,
    /// Those of the body.
    Body,
    /// These, in this order. One that did not come is there as an absent one.
    Named(&'m [&'m str]),
}

/// What becomes of a value that is nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// Left out.
    Drop,
    /// Written as nothing; white space as it is.
    Keep,
    /// The callback is refused.
    Refuse,
    /// Written as this text.
    As(&'static str),
}

/// Names and values that are signed. See [`crate::Received::items`].
pub struct Items<'m> {
    items: Vec<Item<'m>>,
}

struct Item<'m> {
    name: &'m str,
    content: Content<'m>,
}

/// The cases of nothing are told apart until they have been treated.
#[derive(Clone, Copy)]
enum Content<'m> {
    Absent,
    Null,
    /// An object or array: only until the list is made.
    Nested,
    Value(ItemValue<'m>),
}

impl<'m> Items<'m> {
    pub(super) fn of(
        fields: &'m [Field<'m>],
        select: Select<'m>,
        except: &'m [&'m str],
    ) -> Result<Self, CallbackError> {
        let mut items: Vec<Item<'m>> = match select {
            Select::All => fields.iter().map(Item::of).collect(),
            Select::Query => fields.iter().filter(|field| field.in_query).map(Item::of).collect(),
            Select::Body => fields.iter().filter(|field| !field.in_query).map(Item::of).collect(),
            Select::Named(names) => names.iter().map(|name| Item::named(fields, name)).collect(),
        };
        items.retain(|item| !except.contains(&item.name));
        match items.iter().find(|item| matches!(item.content, Content::Nested)) {
            Some(item) => Err(CallbackError::NestedField { name: item.shown_name() }),
            None => Ok(Self { items }),
        }
    }

    /// Leaves out what is absent, `null` or empty.
    pub fn drop_empty(&mut self) {
        self.items.retain(|item| !item.is_empty());
    }

    /// Leaves out what is absent, `null`, empty or only white space.
    pub fn drop_blank(&mut self) {
        self.items.retain(|item| !item.is_empty() && !item.is_blank());
    }

    /// Refuses what is absent, `null` or empty.
    ///
    /// # Errors
    /// [`CallbackError::EmptyField`] names the first.
    pub fn refuse_empty(&self) -> Result<(), CallbackError> {
        match self.items.iter().find(|item| item.is_empty()) {
            Some(item) => Err(item.refused()),
            None => Ok(()),
        }
    }

    /// Treats each of the four cases of nothing in its own way.
    ///
    /// # Errors
    /// [`CallbackError::EmptyField`] names the first that is to be refused.
    pub fn treat_empty(
        &mut self,
        absent: Empty,
        json_null: Empty,
        empty: Empty,
        blank: Empty,
    ) -> Result<(), CallbackError> {
        let mut kept = Vec::with_capacity(self.items.len());
        for mut item in self.items.drain(..) {
            let action = match item.content {
                Content::Absent => absent,
                Content::Null => json_null,
                Content::Value(ItemValue::Text("")) => empty,
                _ if item.is_blank() => blank,
                Content::Nested | Content::Value(_) => Empty::Keep,
            };
            match action {
                Empty::Drop => continue,
                Empty::Keep => {}
                Empty::Refuse => return Err(item.refused()),
                Empty::As(text) => item.content = Content::Value(ItemValue::Text(text)),
            }
            kept.push(item);
        }
        self.items = kept;
        Ok(())
    }

    /// Adds an item that is never sent.
    pub fn add(&mut self, name: &'m str, value: &'m str) {
        self.push(name, ItemValue::Text(value));
    }

    /// Adds a secret as an item.
    pub fn add_secret(&mut self, name: &'m str, value: &'m Secret) {
        self.push(name, ItemValue::Secret(value));
    }

    /// Adds raw bytes as an item.
    pub fn add_raw(&mut self, name: &'m str, value: &'m [u8]) {
        self.push(name, ItemValue::Raw(value));
    }

    /// Sorts by the UTF-8 bytes of the names.
    pub fn sort_by_name(&mut self) {
        self.items.sort_by(|one, other| one.name.cmp(other.name));
    }

    /// Sorts by the lower-cased names, equal ones by their bytes.
    pub fn sort_by_name_ignoring_case(&mut self) {
        self.items.sort_by_cached_key(|item| (lower(item.name), item.name));
    }

    /// Writes each item with `pair`, and `join` between two of them.
    pub fn write(
        &self,
        text: &mut Text,
        join: &str,
        mut pair: impl FnMut(&mut Text, &'m str, ItemValue<'m>),
    ) {
        let mut list = text.list(join);
        for item in &self.items {
            let value = match item.content {
                Content::Absent | Content::Null | Content::Nested => ItemValue::Text(""),
                Content::Value(value) => value,
            };
            pair(list.begin_item(), item.name, value);
        }
    }

    fn push(&mut self, name: &'m str, value: ItemValue<'m>) {
        self.items.push(Item { name, content: Content::Value(value) });
    }
}

impl<'m> Item<'m> {
    fn of(field: &'m Field<'m>) -> Self {
        Self { name: &field.name, content: Content::of(&field.value) }
    }

    fn named(fields: &'m [Field<'m>], name: &'m str) -> Self {
        let field = fields.iter().find(|field| field.name == name);
        Self { name, content: field.map_or(Content::Absent, |field| Content::of(&field.value)) }
    }

    const fn is_empty(&self) -> bool {
        match self.content {
            Content::Absent | Content::Null => true,
            Content::Value(ItemValue::Text(text)) => text.is_empty(),
            Content::Nested | Content::Value(_) => false,
        }
    }

    fn is_blank(&self) -> bool {
        matches!(self.content, Content::Value(ItemValue::Text(text)) if is_blank(text))
    }

    fn refused(&self) -> CallbackError {
        CallbackError::EmptyField { name: self.shown_name() }
    }

    fn shown_name(&self) -> String {
        excerpt(self.name, 64).into_owned()
    }
}

impl<'m> Content<'m> {
    fn of(value: &'m FieldValue<'m>) -> Self {
        if value.is_nested() {
            return Self::Nested;
        }
        value.text().map_or(Self::Null, |text| Self::Value(ItemValue::Text(text)))
    }
}

/// Shows names only.
impl std::fmt::Debug for Items<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Items")?;
        f.debug_list().entries(self.items.iter().map(|item| excerpt(item.name, 40))).finish()
    }
}
