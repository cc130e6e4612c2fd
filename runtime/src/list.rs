//! The list that a recipe signs: which values of a message, in which order, written how.
//!
//! A [`ListRule`] is the select part of a recipe as data; [`Message::items`] applies it step by step, in the order that
//! the language of signatures defines: names, repetitions, nested values, exceptions, numbers, white space, the four
//! cases of nothing. Emitted code then adds what is never sent and writes the [`Items`].

mod nested;
mod plain;
mod select;
mod write;

use std::{borrow::Cow, cell::RefCell, collections::HashSet, fmt, mem};

use crate::{
    Message, Operand, RecipeError, Repeated,
    excerpt::excerpt,
    found::Found,
    scratch::{self, Kept},
    values,
};

pub use self::select::{Entry, Select};
use crate::filter::{FilterError, with_decimals};

/// The select part of a recipe, and how the items are ordered and joined.
#[derive(Clone, Copy, Debug)]
pub struct ListRule<'r> {
    /// Which values.
    pub select: Select<'r>,
    /// Which of them not: the signature's own field first. With [`Nested::Leaves`], paths of leaves and names of whole
    /// members.
    pub except: &'r [&'r str],
    /// The names of further items, where the message says what it signs: they stand where it names them.
    pub added: &'r [&'r str],
    /// Names are matched, sorted and written in this case.
    pub names: Names,
    /// Names and values lose outer white space.
    pub trim: bool,
    /// JSON numbers (not numeric text) are written with at least and at most so many decimals.
    pub numbers: Option<(u32, u32)>,
    /// What becomes of objects and arrays.
    pub nested: Nested,
    /// Texts that count as empty as well.
    pub also_empty: &'r [&'r str],
    /// What becomes of nothing.
    pub empties: Empties,
    /// In which order.
    pub order: Order,
    /// What stands between two items.
    pub join: &'r str,
}

impl ListRule<'static> {
    /// What most recipes have: everything that came, by name, joined by `&`.
    pub const USUAL: Self = Self {
        select: Select::All,
        except: &[],
        added: &[],
        names: Names::AsIs,
        trim: false,
        numbers: None,
        nested: Nested::Refuse,
        also_empty: &[],
        empties: Empties::REFUSE,
        order: Order::ByName,
        join: "&",
    };
}

/// The case of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// As they are.
    AsIs,
    /// Upper case.
    Upper,
    /// Lower case.
    Lower,
}

/// What becomes of objects and arrays in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nested {
    /// An error.
    Refuse,
    /// The JSON text as on the wire.
    Raw,
    /// Each scalar inside, in document order, with its dotted path as its name.
    Leaves,
    /// Left out.
    Drop,
    /// Objects are written by the same rule and stand as the value; items of arrays are joined.
    SameRule,
}

/// What becomes of nothing, for each of the four cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Empties {
    /// A listed name that the message does not have.
    pub absent: Empty,
    /// JSON `null`.
    pub json_null: Empty,
    /// `""`.
    pub empty: Empty,
    /// Only white space. [`Empty::Keep`] leaves it as it is.
    pub blank: Empty,
}

/// What becomes of a value that is nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// Left out.
    Drop,
    /// Written as nothing; white space as it is.
    Keep,
    /// The message is refused.
    Refuse,
    /// Written as this text.
    As(&'static str),
}

impl Empties {
    /// Left out, but for white space.
    pub const DROP: Self = Self::of(Empty::Drop, Empty::Keep);
    /// Left out, white space too.
    pub const DROP_BLANK: Self = Self::of(Empty::Drop, Empty::Drop);
    /// Written as nothing.
    pub const KEEP: Self = Self::of(Empty::Keep, Empty::Keep);
    /// Refused, but for white space.
    pub const REFUSE: Self = Self::of(Empty::Refuse, Empty::Keep);

    const fn of(nothing: Empty, blank: Empty) -> Self {
        Self { absent: nothing, json_null: nothing, empty: nothing, blank }
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By the UTF-8 bytes of the names.
    ByName,
    /// By the lower-cased names, equal ones by bytes.
    ByNameIgnoringCase,
    /// As selected, what was added at the end.
    AsSelected,
    /// By the UTF-8 bytes of the values; equal ones keep their order.
    ByValue,
    /// By name, equal names by value.
    ByNameThenValue,
    /// By what was written for each.
    ByItem,
    /// By what was written for each, lower-cased, equal ones by bytes.
    ByItemIgnoringCase,
}

/// Names and values that are signed. See [`Message::items`].
pub struct Items<'m> {
    rule: &'m ListRule<'m>,
    /// The message whose fields are written from where they stand; only what was added is held then.
    plain: Option<&'m Message<'m>>,
    /// The item that was added to such a list, as long as it is the only one: mostly a secret.
    alone: Option<Item<'m>>,
    items: Vec<Item<'m>>,
}

struct Item<'m> {
    name: Cow<'m, str>,
    value: ItemValue<'m>,
}

enum ItemValue<'m> {
    Operand(Operand<'m>),
    /// JSON of an object or array that is written by the same rule.
    Nested {
        json: Cow<'m, str>,
        is_hidden: bool,
    },
    /// Stands where the message named it, until it is added.
    ToBeAdded,
}

thread_local! {
    static KEPT: Kept<Item<'static>> = const { RefCell::new(Vec::new()) };
}

impl Message<'_> {
    /// The list that a recipe signs.
    ///
    /// # Errors
    /// A value is nothing and has to be something, is nested where the rule has no word for it, or the message does not
    /// say what it signs.
    pub fn items<'m>(&'m self, rule: &'m ListRule<'m>) -> Result<Items<'m>, RecipeError> {
        if plain::is_plain(self, rule) {
            return Ok(Items::new(rule, Some(self)));
        }
        let chosen = select::chosen(self, rule)?;
        if rule.nested == Nested::Leaves && self.repeated() == Repeated::Refuse {
            rule.refuse_two_of_one_path(&chosen)?;
        }
        let mut items = Items::new(rule, None);
        for chosen in chosen {
            rule.treat(chosen, &mut items.items)?;
        }
        Ok(items)
    }
}

/// A value that was selected, before it is known whether it is nothing.
struct Chosen<'m> {
    name: Cow<'m, str>,
    found: Found<'m>,
    is_hidden: bool,
    /// An item of `added` stands here.
    is_added: bool,
}

impl<'m> ListRule<'_> {
    /// A leaf that has the name of another value could be exchanged with it. Listed names may come twice.
    fn refuse_two_of_one_path(&self, chosen: &[Chosen<'m>]) -> Result<(), RecipeError> {
        if matches!(self.select, Select::Named(_)) {
            return Ok(());
        }
        let mut names = HashSet::new();
        for Chosen { name, found, .. } in chosen {
            let paths = match found {
                Found::Nested(json) => {
                    nested::leaves(name, json)?.into_iter().map(|(path, _)| path).collect()
                }
                _ => vec![name.clone().into_owned()],
            };
            for path in paths {
                let path = self.cased(Cow::Owned(path));
                if !self.excepts(&path) && !names.insert(path.clone()) {
                    return Err(RecipeError::RepeatedField { name: shown(&path) });
                }
            }
        }
        Ok(())
    }

    /// Resolves what is nested, leaves out exceptions, treats what is nothing, and appends what remains.
    fn treat(&self, chosen: Chosen<'m>, items: &mut Vec<Item<'m>>) -> Result<(), RecipeError> {
        let Chosen { name, found, is_hidden, is_added } = chosen;
        if is_added {
            items.push(Item { name, value: ItemValue::ToBeAdded });
            return Ok(());
        }
        let Found::Nested(json) = found else {
            return self.push(name, found, is_hidden, items);
        };
        match self.nested {
            Nested::Refuse => Err(RecipeError::NestedField { name: shown(&name) }),
            Nested::Drop => Ok(()),
            Nested::Raw => self.push(name, Found::Text(json), is_hidden, items),
            Nested::SameRule => {
                items.push(Item { name, value: ItemValue::Nested { json, is_hidden } });
                Ok(())
            }
            Nested::Leaves => {
                for (path, leaf) in nested::leaves(&name, &json)? {
                    let path = self.cased(Cow::Owned(path));
                    if !self.excepts(&path) {
                        self.push(path, leaf, is_hidden, items)?;
                    }
                }
                Ok(())
            }
        }
    }

    /// Appends a value that is no object and no array, unless it is nothing that is left out.
    fn push(
        &self,
        name: Cow<'m, str>,
        found: Found<'m>,
        is_hidden: bool,
        items: &mut Vec<Item<'m>>,
    ) -> Result<(), RecipeError> {
        let text = match found {
            Found::Absent | Found::Nested(_) => self.nothing(&name, self.empties.absent)?,
            Found::Null => self.nothing(&name, self.empties.json_null)?,
            Found::Text(text) => self.text(&name, text)?,
            Found::Scalar(text) => self.text(&name, self.number(text)?)?,
        };
        if let Some(text) = text {
            let value = ItemValue::Operand(Operand::text(text).hidden_if(is_hidden));
            items.push(Item { name, value });
        }
        Ok(())
    }

    /// A number or a word, as written, unless the rule writes numbers in its own way.
    fn number(&self, text: Cow<'m, str>) -> Result<Cow<'m, str>, FilterError> {
        match self.numbers {
            Some((min, max)) if crate::json::is_number(&text) => {
                with_decimals(&text, min, max).map(Cow::Owned).ok_or(FilterError::NotDecimal)
            }
            _ => Ok(text),
        }
    }

    fn text(&self, name: &str, text: Cow<'m, str>) -> Result<Option<Cow<'m, str>>, RecipeError> {
        let text = if self.trim { trimmed(text) } else { text };
        if text.is_empty() || self.also_empty.contains(&&*text) {
            self.nothing(name, self.empties.empty)
        } else if self.empties.blank != Empty::Keep && values::is_blank(&text) {
            self.nothing(name, self.empties.blank)
        } else {
            Ok(Some(text))
        }
    }

    fn nothing(&self, name: &str, action: Empty) -> Result<Option<Cow<'m, str>>, RecipeError> {
        match action {
            Empty::Drop => Ok(None),
            Empty::Keep => Ok(Some(Cow::Borrowed(""))),
            Empty::As(text) => Ok(Some(Cow::Borrowed(text))),
            Empty::Refuse => Err(RecipeError::EmptyField { name: shown(name) }),
        }
    }

    /// A name in the case of the rule, and without white space where it trims.
    fn cased<'n>(&self, name: Cow<'n, str>) -> Cow<'n, str> {
        let name = if self.trim { trimmed(name) } else { name };
        match self.names {
            Names::AsIs => name,
            Names::Upper => Cow::Owned(values::upper(&name)),
            Names::Lower => Cow::Owned(values::lower(&name)),
        }
    }

    /// Whether a name, in the case of the rule, takes no part.
    fn excepts(&self, name: &str) -> bool {
        match self.names {
            Names::AsIs => self.except.contains(&name),
            Names::Upper | Names::Lower => {
                self.except.iter().any(|except| self.cased(Cow::Borrowed(except)) == name)
            }
        }
    }
}

impl<'m> Items<'m> {
    fn new(rule: &'m ListRule<'m>, plain: Option<&'m Message<'m>>) -> Self {
        let items = if plain.is_some() { Vec::new() } else { scratch::vector(&KEPT) };
        Self { rule, plain, alone: None, items }
    }

    /// Adds an item that is never sent: in its place, where the message named it, else at the end.
    pub fn add(&mut self, name: &'m str, value: Operand<'m>) {
        let is_place = |item: &&mut Item<'m>| matches!(item.value, ItemValue::ToBeAdded) && item.name == name;
        let value = ItemValue::Operand(value);
        if self.plain.is_some() {
            self.add_plain(Item { name: Cow::Borrowed(name), value });
            return;
        }
        match self.items.iter_mut().find(is_place) {
            Some(place) => place.value = value,
            None => self.items.push(Item { name: Cow::Borrowed(name), value }),
        }
    }
}

impl Drop for Items<'_> {
    fn drop(&mut self) {
        scratch::recycle_vector(&KEPT, mem::take(&mut self.items));
    }
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(values::trim(text)),
        Cow::Owned(text) => Cow::Owned(values::trim(&text).to_owned()),
    }
}

/// A received name, fit for a log line.
fn shown(name: &str) -> String {
    excerpt(name, 64).into_owned()
}

/// Shows names only.
impl fmt::Debug for Items<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Items")?;
        let names = self.alone.iter().chain(&self.items).map(|item| excerpt(&item.name, 40));
        f.debug_list().entries(names).finish()
    }
}
