//! Which values of a message are in a list.

use std::{borrow::Cow, collections::HashSet};

use super::{Chosen, ListRule, Names, nested, shown};
use crate::{
    Message, RecipeError, Repeated,
    found::{Found, ListField},
    values,
};

/// Which values of a message are in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Select<'r> {
    /// Those of the query and of the body, in the order of the wire.
    All,
    /// Those of the query.
    Query,
    /// Those of the body.
    Body,
    /// These, in this order. One that did not come is there as an absent one.
    Named(&'r [&'r str]),
    /// What these entries choose, in this order.
    Entries(&'r [Entry<'r>]),
    /// Those that a field of the message names.
    NamedIn {
        /// The field.
        field: &'r [&'r str],
        /// What stands between two names; `None`: the field is a JSON array of names.
        split: Option<&'r str>,
        /// Names that have to be among them.
        at_least: &'r [&'r str],
        /// The names are paths below this member.
        within: Option<&'r [&'r str]>,
    },
    /// These headers; their names are written in lower case.
    Headers(&'r [&'r str]),
    /// The members of the object at this path.
    MembersOf(&'r [&'r str]),
}

/// An entry of a list of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'r> {
    /// A field.
    Name(&'r str),
    /// A value inside a field; its name in the list is the dotted path.
    Path(&'r [&'r str]),
    /// Every field whose name begins so, in the order of the wire.
    Prefix(&'r str),
    /// Each element of a list value, in order, under the field's name.
    Elements(&'r str),
    /// For each row, in order, these members.
    Rows {
        /// The field: a JSON array of objects, or rows under flat numbered names.
        rows: &'r [&'r str],
        /// The number of the first row.
        from: u32,
        /// Members; a `#` is the row's number where rows travel as flat numbered names.
        fields: &'r [&'r str],
    },
}

/// What the rule selects, in its order, without exceptions.
pub(super) fn chosen<'m>(
    message: &'m Message<'_>,
    rule: &ListRule<'m>,
) -> Result<Vec<Chosen<'m>>, RecipeError> {
    let selection = Selection { message, rule, fields: fields(message, rule)? };
    let mut chosen = selection.chosen()?;
    chosen.retain(|chosen| chosen.is_added || !rule.excepts(&chosen.name));
    Ok(chosen)
}

/// A field under its name in the list.
type Named<'m> = (Cow<'m, str>, ListField<'m>);

/// The fields under their names, repeated ones treated.
fn fields<'m>(message: &'m Message<'_>, rule: &ListRule<'_>) -> Result<Vec<Named<'m>>, RecipeError> {
    let cased = |field: ListField<'m>| (rule.cased(Cow::Borrowed(field.name)), field);
    let fields: Vec<Named<'m>> = message.list_fields().map(cased).collect();
    match message.repeated() {
        // Names that are the same as they came have been refused when the message was read.
        Repeated::Refuse if rule.names == Names::AsIs && !rule.trim => {}
        Repeated::Refuse => {
            let mut names = HashSet::with_capacity(fields.len());
            if let Some((name, _)) = fields.iter().find(|(name, _)| !names.insert(name.as_ref())) {
                return Err(RecipeError::RepeatedField { name: shown(name) });
            }
        }
        // Equal ones are dropped among those that are selected.
        Repeated::Each | Repeated::Distinct => {}
    }
    Ok(fields)
}

struct Selection<'s, 'm, 'a> {
    message: &'m Message<'a>,
    rule: &'s ListRule<'m>,
    fields: Vec<Named<'m>>,
}

impl<'m> Selection<'_, 'm, '_> {
    fn chosen(&self) -> Result<Vec<Chosen<'m>>, RecipeError> {
        match self.rule.select {
            Select::All => Ok(self.every(|_| true)),
            Select::Query => Ok(self.every(|(_, field)| field.in_query)),
            Select::Body => Ok(self.every(|(_, field)| !field.in_query)),
            Select::Named(names) => Ok(names.iter().flat_map(|name| self.named(name)).collect()),
            Select::Entries(entries) => {
                let mut chosen = Vec::new();
                for entry in entries {
                    chosen.extend(self.entry(*entry)?);
                }
                Ok(chosen)
            }
            Select::NamedIn { field, split, at_least, within } => {
                self.named_in(field, split, at_least, within)
            }
            Select::Headers(names) => names.iter().map(|name| self.header(name)).collect(),
            Select::MembersOf(path) => {
                let (found, is_hidden) = self.at(path)?;
                let name = path.join(".");
                match found {
                    Found::Nested(json) => self.members(&name, &json, is_hidden),
                    Found::Text(json) => self.members(&name, &json, is_hidden),
                    Found::Absent | Found::Null => Err(RecipeError::EmptyField { name }),
                    Found::Scalar(_) => Err(RecipeError::NotJson { name }),
                }
            }
        }
    }

    fn every(&self, wanted: impl Fn(&&Named<'m>) -> bool) -> Vec<Chosen<'m>> {
        let wanted = self.fields.iter().filter(wanted);
        if self.message.repeated() != Repeated::Distinct {
            return wanted.map(chosen_field).collect();
        }
        let mut known = HashSet::new();
        wanted.filter(|(name, field)| known.insert((name, &field.value))).map(chosen_field).collect()
    }

    /// Each field of this name; an absent one if there is none.
    fn named(&self, name: &'m str) -> Vec<Chosen<'m>> {
        let mut found = self.every(|(known, _)| known == name);
        if found.is_empty() {
            found.push(Chosen { name: name.into(), found: Found::Absent, is_hidden: false, is_added: false });
        }
        found
    }

    fn entry(&self, entry: Entry<'m>) -> Result<Vec<Chosen<'m>>, RecipeError> {
        match entry {
            Entry::Name(name) => Ok(self.named(name)),
            Entry::Prefix(beginning) => Ok(self.every(|(name, _)| name.starts_with(beginning))),
            Entry::Path(path) => {
                let (found, is_hidden) = self.at(path)?;
                Ok(vec![Chosen { name: path.join(".").into(), found, is_hidden, is_added: false }])
            }
            Entry::Elements(name) => {
                let mut elements = Vec::new();
                for list in self.named(name) {
                    match list.found {
                        Found::Nested(json) if json.starts_with('[') => {
                            for item in nested::items(name, &json)? {
                                let found = Found::of_json(item.to_owned());
                                elements.push(Chosen { name: name.into(), found, ..list });
                            }
                        }
                        found => elements.push(Chosen { name: name.into(), found, ..list }),
                    }
                }
                Ok(elements)
            }
            Entry::Rows { rows, from, fields } => self.rows(rows, from, fields),
        }
    }

    fn rows(&self, rows: &[&str], from: u32, fields: &[&'m str]) -> Result<Vec<Chosen<'m>>, RecipeError> {
        let (found, is_hidden) = self.at(rows)?;
        let name = rows.join(".");
        match found {
            Found::Nested(json) => json_rows(&name, &json, is_hidden, from, fields),
            Found::Text(json) if json.starts_with('[') => json_rows(&name, &json, is_hidden, from, fields),
            _ => Ok(self.flat_rows(from, fields)),
        }
    }

    /// Rows under flat numbered names: one exists while any of its members has come.
    fn flat_rows(&self, from: u32, fields: &[&str]) -> Vec<Chosen<'m>> {
        let mut chosen = Vec::new();
        // Every row takes a field of its own, so there are no more rows than fields.
        for number in (u64::from(from)..).take(self.fields.len()) {
            let number = number.to_string();
            let names: Vec<String> = fields.iter().map(|name| name.replace('#', &number)).collect();
            let mut numbered = names.iter().zip(fields).filter(|(_, name)| name.contains('#'));
            if !numbered.any(|(name, _)| self.fields.iter().any(|(known, _)| known == name)) {
                break;
            }
            for name in names {
                let before = chosen.len();
                chosen.extend(self.every(|(known, _)| *known == name));
                if chosen.len() == before {
                    let found = Found::Absent;
                    chosen.push(Chosen { name: name.into(), found, is_hidden: false, is_added: false });
                }
            }
        }
        chosen
    }

    fn named_in(
        &self,
        field: &[&str],
        split: Option<&str>,
        at_least: &[&str],
        within: Option<&[&str]>,
    ) -> Result<Vec<Chosen<'m>>, RecipeError> {
        let names = self.names_in(field, split)?;
        if let Some(name) = at_least.iter().find(|name| !names.iter().any(|named| named == *name)) {
            return Err(RecipeError::NotNamed { name: (*name).to_owned() });
        }
        let mut chosen = Vec::with_capacity(names.len());
        for name in names {
            if self.rule.added.contains(&name.as_str()) {
                chosen.push(Chosen {
                    name: name.into(),
                    found: Found::Absent,
                    is_hidden: false,
                    is_added: true,
                });
                continue;
            }
            if let Some(within) = within {
                let path: Vec<&str> = within.iter().copied().chain(name.split('.')).collect();
                let (found, is_hidden) = self.message.value_at(&path)?;
                chosen.push(Chosen { name: name.into(), found, is_hidden, is_added: false });
                continue;
            }
            let before = chosen.len();
            chosen.extend(self.every(|(known, _)| *known == name));
            if chosen.len() == before {
                chosen.push(Chosen {
                    name: name.into(),
                    found: Found::Absent,
                    is_hidden: false,
                    is_added: false,
                });
            }
        }
        Ok(chosen)
    }

    /// The names that the message says it signs, each once, none empty.
    fn names_in(&self, field: &[&str], split: Option<&str>) -> Result<Vec<String>, RecipeError> {
        let refused = || RecipeError::BadNames { field: shown(&field.join(".")) };
        let (found, _) = self.at(field)?;
        let names: Vec<String> = match (found, split) {
            (Found::Text(text), Some(split)) => text.split(split).map(str::to_owned).collect(),
            (Found::Nested(json) | Found::Text(json), None) if json.starts_with('[') => {
                let items = nested::items(&field.join("."), &json).map_err(|_| refused())?;
                let name = |item: &str| crate::json::string(item).map(Cow::into_owned).ok_or_else(refused);
                items.into_iter().map(name).collect::<Result<_, _>>()?
            }
            _ => return Err(refused()),
        };
        let names: Vec<String> =
            names.into_iter().map(|name| self.rule.cased(Cow::Owned(name)).into_owned()).collect();
        let mut known = HashSet::with_capacity(names.len());
        let is_good = !names.is_empty() && names.iter().all(|name| !name.is_empty() && known.insert(name));
        if is_good { Ok(names) } else { Err(refused()) }
    }

    fn header(&self, name: &str) -> Result<Chosen<'m>, RecipeError> {
        let found = match self.message.header(name)? {
            Some(value) => Found::Text(Cow::Borrowed(value)),
            None => Found::Absent,
        };
        Ok(Chosen { name: values::lower(name).into(), found, is_hidden: false, is_added: false })
    }

    fn members(&self, name: &str, json: &str, is_hidden: bool) -> Result<Vec<Chosen<'m>>, RecipeError> {
        let mut members = nested::chosen_members(name, json, is_hidden)?;
        for member in &mut members {
            member.name = self.rule.cased(std::mem::take(&mut member.name));
        }
        Ok(members)
    }

    /// The value at a path, whose first name is one in the case of the rule.
    fn at(&self, path: &[&str]) -> Result<(Found<'m>, bool), RecipeError> {
        let wanted = path.first().copied().unwrap_or_default();
        let known = self.fields.iter().find(|(name, _)| name == wanted).map(|(_, field)| field.name);
        let inner = path.iter().copied().skip(1);
        let path: Vec<&str> = std::iter::once(known.unwrap_or(wanted)).chain(inner).collect();
        self.message.value_at(&path)
    }
}

fn chosen_field<'m>((name, field): &Named<'m>) -> Chosen<'m> {
    Chosen { name: name.clone(), found: field.value.clone(), is_hidden: field.is_hidden, is_added: false }
}

fn json_rows(
    path: &str,
    json: &str,
    is_hidden: bool,
    from: u32,
    fields: &[&str],
) -> Result<Vec<Chosen<'static>>, RecipeError> {
    let mut chosen = Vec::new();
    for (number, row) in (u64::from(from)..).zip(nested::items(path, json)?) {
        let members = nested::members(path, row)?;
        for field in fields {
            let member = members.iter().find(|(name, _)| name == field);
            let found = member.map_or(Found::Absent, |(_, value)| Found::of_json((*value).to_owned()));
            let name = Cow::Owned(format!("{path}.{number}.{field}"));
            chosen.push(Chosen { name, found, is_hidden, is_added: false });
        }
    }
    Ok(chosen)
}
