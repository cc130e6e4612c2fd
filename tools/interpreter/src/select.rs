//! Which values are in a list, and how each is written: steps 1 to 6 of the language.
//!
//! Names are trimmed and put into the case of the list, repeated ones are refused or kept, the signature's own field
//! never takes part, objects and arrays become what `nested` says, and each value goes through numbers, trim and the
//! four cases of nothing. Order and pairs are in `list`.

use payspec_codegen::ir::{Empties, EmptyAction, Entry, FieldPath, List, Names, Nested, Repeated, Selection};

use crate::compose::Composer;
use crate::filter;
use crate::json::{self, JsonKind};
use crate::money::Number;
use crate::node::Node;
use crate::signed_text::RecipeError;
use crate::{form, text};

/// More rows than any provider sends.
const MAX_ROWS: u32 = 1000;

/// A selected value: its name in the list, and what the message has for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picked {
    pub(crate) name: String,
    /// The field that it comes from, which says whether it may be shown.
    pub(crate) field: String,
    /// `None`: a listed name that the message does not have.
    pub(crate) node: Option<Node>,
    /// The field itself, not something inside it.
    pub(crate) is_whole: bool,
}

/// The four cases of nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nothing {
    /// A listed name that the message does not have.
    Absent,
    /// JSON `null`.
    Null,
    /// `""`, or one of `also_empty`.
    Empty,
    /// White space alone.
    Blank,
}

impl Nothing {
    fn action(self, empties: &Empties) -> &EmptyAction {
        match self {
            Self::Absent => &empties.absent,
            Self::Null => &empties.json_null,
            Self::Empty => &empties.empty,
            Self::Blank => &empties.blank,
        }
    }
}

impl Picked {
    fn whole(name: String, node: Option<Node>) -> Self {
        Self { field: name.clone(), name, node, is_whole: true }
    }

    fn inside(name: String, field: &str, node: Option<Node>) -> Self {
        Self { name, field: field.to_owned(), node, is_whole: false }
    }
}

impl Composer<'_> {
    /// Steps 1 to 5.
    pub(crate) fn picked(&self, list: &List) -> Result<Vec<Picked>, RecipeError> {
        let all = match &list.fields {
            Selection::All | Selection::Query | Selection::Body => self.received(list)?.into_iter().collect(),
            Selection::Named(entries) => self.named(list, entries)?,
            Selection::NamedIn { field, split, at_least, within } => {
                let names = self.names_in(list, field, split.as_deref())?;
                if at_least.iter().any(|name| !names.contains(name)) {
                    return Err(RecipeError::Names { name: field.dotted() });
                }
                self.of_names(list, names, within.as_ref())?
            }
            Selection::Headers(names) => self.of_headers(names)?,
            Selection::MembersOf(path) => self.members(list, path)?,
        };
        let mut resolved = Vec::new();
        for picked in all {
            if self.takes_part(list, &picked.name) {
                self.resolve(list, picked, &mut resolved)?;
            } else {
                self.note(|notes| notes.passed_over(&picked));
            }
        }
        // A leaf that has the name of another value could be exchanged with it.
        if list.nested == Nested::Leaves
            && self.repeated == Repeated::Refuse
            && !matches!(list.fields, Selection::Named(_))
            && let Some(name) = form::repeated(resolved.iter().map(|known| known.name.as_str()))
        {
            return Err(RecipeError::Repeated { name: name.to_owned() });
        }
        Ok(resolved)
    }

    fn takes_part(&self, list: &List, name: &str) -> bool {
        !list.except.iter().any(|except| except == name)
            && !self.own.iter().any(|own| in_case(own, list.names) == name)
    }

    /// Steps 1 and 2: everything that is there, names as the list sees them.
    fn received(&self, list: &List) -> Result<Vec<Picked>, RecipeError> {
        let part: Vec<&(String, Node)> = match &list.fields {
            Selection::Query => self.view.query.iter().collect(),
            Selection::Body => self.view.body.iter().collect(),
            _ => self.view.all().collect(),
        };
        let mut received: Vec<Picked> = Vec::new();
        for (name, node) in part {
            let trimmed = if list.trim { text::trim(name) } else { name };
            let picked = Picked {
                field: name.clone(),
                ..Picked::whole(in_case(trimmed, list.names), Some(node.clone()))
            };
            let is_known = || received.iter().any(|own| own.name == picked.name && own.node == picked.node);
            if self.repeated != Repeated::Distinct || !is_known() {
                received.push(picked);
            }
        }
        if self.repeated == Repeated::Refuse
            && let Some(name) = form::repeated(received.iter().map(|picked| picked.name.as_str()))
        {
            return Err(RecipeError::Repeated { name: name.to_owned() });
        }
        Ok(received)
    }

    fn named(&self, list: &List, entries: &[Entry]) -> Result<Vec<Picked>, RecipeError> {
        let received = self.received(list)?;
        let mut picked = Vec::new();
        for entry in entries {
            match entry {
                Entry::Name(name) => picked.extend(all_of(&received, name)),
                Entry::Path(path) => {
                    let node = self.at(list, &path.0)?;
                    picked.push(Picked::inside(in_case(&path.dotted(), list.names), path.first(), node));
                }
                Entry::Prefix(start) => {
                    let start = in_case(start, list.names);
                    picked.extend(received.iter().filter(|own| own.name.starts_with(&start)).cloned());
                }
                Entry::Elements(name) => {
                    picked.extend(all_of(&received, name).into_iter().flat_map(elements));
                }
                Entry::Rows { rows, from, fields } => {
                    picked.extend(self.rows(list, &received, rows, *from, fields)?);
                }
            }
        }
        Ok(picked)
    }

    /// The value at a path, whose first name is written in the case of the list.
    fn at(&self, list: &List, path: &[String]) -> Result<Option<Node>, RecipeError> {
        let Some((first, rest)) = path.split_first() else { return Ok(None) };
        let received = self.received(list)?;
        let known = received.iter().find(|own| own.name == *first).map_or(first, |own| &own.field);
        let path: Vec<String> = std::iter::once(known).chain(rest).cloned().collect();
        self.view.at(&path)
    }

    /// Members of rows: of a JSON array of objects, or under flat numbered names.
    fn rows(
        &self,
        list: &List,
        received: &[Picked],
        rows: &FieldPath,
        from: u32,
        fields: &[String],
    ) -> Result<Vec<Picked>, RecipeError> {
        let mut picked = Vec::new();
        if let Some(items) = array(self.at(list, &rows.0)?) {
            for (number, item) in (from..).zip(items) {
                let Node::Object { members, .. } = item else {
                    return Err(RecipeError::NotJson { name: rows.dotted() });
                };
                for field in fields {
                    let name = in_case(&format!("{}.{number}.{field}", rows.dotted()), list.names);
                    let node = members.iter().find(|(own, _)| own == field).map(|(_, node)| node.clone());
                    picked.push(Picked::inside(name, rows.first(), node));
                }
            }
            return Ok(picked);
        }
        // A name without a number is in every row, and cannot say that there is one more.
        let counting: Vec<&String> = fields.iter().filter(|name| name.contains('#')).collect();
        for number in (from..).take_while(|number| number - from < MAX_ROWS) {
            let numbered = |name: &str| in_case(&name.replace('#', &number.to_string()), list.names);
            let is_there = |name: &&String| received.iter().any(|own| own.name == numbered(name));
            if !counting.iter().any(is_there) {
                break;
            }
            for field in fields {
                picked.extend(all_of(received, &numbered(field)));
            }
        }
        Ok(picked)
    }

    /// The names that the message itself says.
    fn names_in(
        &self,
        list: &List,
        field: &FieldPath,
        split: Option<&str>,
    ) -> Result<Vec<String>, RecipeError> {
        let refused = || RecipeError::Names { name: field.dotted() };
        let names: Vec<String> = match (self.at(list, &field.0)?, split) {
            (Some(Node::Text(text)), Some(split)) => text.split(split).map(str::to_owned).collect(),
            (node, None) => {
                let items = array(node).ok_or_else(refused)?;
                let name = |item: &Node| match item {
                    Node::Text(name) => Some(name.clone()),
                    _ => None,
                };
                items.iter().map(name).collect::<Option<_>>().ok_or_else(refused)?
            }
            _ => return Err(refused()),
        };
        let cased = |name: &String| in_case(if list.trim { text::trim(name) } else { name }, list.names);
        let names: Vec<String> = names.iter().map(cased).collect();
        let is_bad = names.is_empty() || names.iter().any(String::is_empty);
        if is_bad || form::repeated(names.iter().map(String::as_str)).is_some() {
            return Err(refused());
        }
        Ok(names)
    }

    fn of_names(
        &self,
        list: &List,
        names: Vec<String>,
        within: Option<&FieldPath>,
    ) -> Result<Vec<Picked>, RecipeError> {
        let received = self.received(list)?;
        let mut picked = Vec::new();
        for name in names {
            match within {
                Some(within) => {
                    let mut path = within.0.clone();
                    path.extend(name.split('.').map(str::to_owned));
                    let node = self.at(list, &path)?;
                    picked.push(Picked::inside(name, within.first(), node));
                }
                None => picked.extend(all_of(&received, &name)),
            }
        }
        Ok(picked)
    }

    fn of_headers(&self, names: &[String]) -> Result<Vec<Picked>, RecipeError> {
        let header = |name: &String| {
            let value = self.view.header(name)?.map(|value| Node::Text(value.to_owned()));
            Ok(Picked::inside(text::lower(name), name, value))
        };
        names.iter().map(header).collect()
    }

    fn members(&self, list: &List, path: &FieldPath) -> Result<Vec<Picked>, RecipeError> {
        let node = match self.at(list, &path.0)? {
            Some(Node::Text(text)) => json::parse(&text).ok().map(|json| Node::of(&json)),
            node => node,
        };
        let Some(Node::Object { members, .. }) = node else {
            return Err(RecipeError::NotJson { name: path.dotted() });
        };
        let own = |name: &str| {
            let whole = format!("{}.{name}", path.dotted());
            self.own.contains(&whole)
        };
        let members = members.into_iter().filter(|(name, _)| !own(name)).map(|(name, node)| {
            let trimmed = if list.trim { text::trim(&name) } else { &name };
            Picked::inside(in_case(trimmed, list.names), path.first(), Some(node))
        });
        let members: Vec<Picked> = members.collect();
        match form::repeated(members.iter().map(|picked| picked.name.as_str())) {
            Some(name) => Err(RecipeError::Repeated { name: name.to_owned() }),
            None => Ok(members),
        }
    }

    /// Step 4: what becomes of an object or array.
    fn resolve(&self, list: &List, picked: Picked, resolved: &mut Vec<Picked>) -> Result<(), RecipeError> {
        let Some(raw) = picked.node.as_ref().and_then(Node::nested) else {
            resolved.push(picked);
            return Ok(());
        };
        match list.nested {
            Nested::Refuse => return Err(RecipeError::Nested { name: picked.name }),
            Nested::Drop => self.note(|notes| notes.passed_over(&picked)),
            Nested::Raw => {
                let node = Some(Node::Text(raw.to_owned()));
                resolved.push(Picked { node, is_whole: false, ..picked });
            }
            Nested::SameRule => resolved.push(picked),
            Nested::Leaves => {
                let mut leaves = Vec::new();
                if let Some(node) = &picked.node {
                    collect_leaves(&picked.name, node, &mut leaves);
                }
                let leaves = leaves.into_iter().map(|(name, node)| {
                    Picked::inside(in_case(&name, list.names), &picked.field, Some(node))
                });
                resolved.extend(leaves.filter(|leaf| self.takes_part(list, &leaf.name)));
            }
        }
        Ok(())
    }

    /// Step 6 for a plain value: numbers, trim, the four cases. `None`: it is left out.
    pub(crate) fn judged(
        &self,
        empties: &Empties,
        list: Option<&List>,
        name: &str,
        node: Option<&Node>,
    ) -> Result<Option<String>, RecipeError> {
        if node.is_some_and(|node| node.nested().is_some()) {
            return Err(RecipeError::Nested { name: name.to_owned() });
        }
        let (nothing, written) = self.nothing_or_written(list, node)?;
        match nothing.map(|nothing| nothing.action(empties)) {
            None | Some(EmptyAction::Keep) => Ok(Some(written)),
            Some(EmptyAction::Drop) => Ok(None),
            Some(EmptyAction::As(text)) => Ok(Some(text.clone())),
            Some(EmptyAction::Refuse) => Err(RecipeError::Empty { name: name.to_owned() }),
        }
    }

    /// How a scalar is written, and which of the four cases of nothing it is.
    pub(crate) fn nothing_or_written(
        &self,
        list: Option<&List>,
        node: Option<&Node>,
    ) -> Result<(Option<Nothing>, String), RecipeError> {
        let also_empty = list.map(|list| list.also_empty.as_slice()).unwrap_or_default();
        let numbers = list.and_then(|list| list.numbers);
        Ok(match node {
            None => (Some(Nothing::Absent), String::new()),
            Some(Node::Null) => (Some(Nothing::Null), String::new()),
            Some(scalar) => {
                let exact = scalar.scalar().unwrap_or_default();
                let written = match (scalar, numbers) {
                    (Node::Number(raw), Some(decimals)) => {
                        let number = Number::parse(raw).ok_or(RecipeError::Filter { filter: "decimals" })?;
                        filter::rounded(&number, decimals)
                    }
                    _ if list.is_some_and(|list| list.trim) => text::trim(exact).to_owned(),
                    _ => exact.to_owned(),
                };
                if written.is_empty() || also_empty.contains(&written) {
                    (Some(Nothing::Empty), String::new())
                } else if text::is_blank(&written) {
                    (Some(Nothing::Blank), written)
                } else {
                    (None, written)
                }
            }
        })
    }
}

/// The name in the case of the list.
pub(crate) fn in_case(name: &str, names: Names) -> String {
    match names {
        Names::AsIs => name.to_owned(),
        Names::Upper => text::upper(name),
        Names::Lower => text::lower(name),
    }
}

/// Every value of a name, or the fact that there is none.
fn all_of(received: &[Picked], name: &str) -> Vec<Picked> {
    let found: Vec<Picked> = received.iter().filter(|own| own.name == name).cloned().collect();
    if found.is_empty() { vec![Picked::whole(name.to_owned(), None)] } else { found }
}

/// Each element of a list value, under the name of the list; any other value is its own only element.
fn elements(picked: Picked) -> Vec<Picked> {
    match picked.node {
        Some(Node::List { items, .. }) => items
            .into_iter()
            .map(|item| Picked::inside(picked.name.clone(), &picked.field, Some(item)))
            .collect(),
        _ => vec![picked],
    }
}

/// The items of an array, also of one that travels as text.
fn array(node: Option<Node>) -> Option<Vec<Node>> {
    match node? {
        Node::List { items, .. } => Some(items),
        Node::Text(text) => match json::parse(&text).ok()?.kind {
            JsonKind::List(items) => Some(items.iter().map(Node::of).collect()),
            _ => None,
        },
        _ => None,
    }
}

/// Each scalar inside, in the order of the document, with its dotted path.
fn collect_leaves(path: &str, node: &Node, leaves: &mut Vec<(String, Node)>) {
    match node {
        Node::Object { members, .. } => {
            for (name, node) in members {
                collect_leaves(&format!("{path}.{name}"), node, leaves);
            }
        }
        Node::List { items, .. } => {
            for (index, node) in items.iter().enumerate() {
                collect_leaves(&format!("{path}.{index}"), node, leaves);
            }
        }
        scalar => leaves.push((path.to_owned(), scalar.clone())),
    }
}
