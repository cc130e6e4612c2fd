//! The list of a recipe, held against a message: the names that it says exist, it selects something, and it says how
//! objects are signed.

use super::Context;
use super::covers::cased;
use super::messages::{Direction, Found, Message, is_nested};
use super::protection::Held;
use crate::diagnostic::{Code, Span};
use crate::ir::{self, Carrier, Entry, FieldPath, Item, Kind, List, Nested, Selection};
use crate::read::Node;

impl Context<'_> {
    /// Holds the list of a recipe or part against a message.
    pub(super) fn list_fits(&self, held: Held<'_>, message: &Message<'_>) {
        let Some(list) = &held.recipe.list else { return };
        match &list.fields {
            Selection::All | Selection::Query | Selection::Body => self.place_fits(list, held, message),
            Selection::Named(entries) => {
                for entry in entries {
                    self.entry_fits(entry, list, held, message);
                }
            }
            Selection::NamedIn { field, split, at_least, within } => {
                self.named_in_fits((field, split.as_deref(), at_least, within.as_ref()), held, message);
            }
            Selection::Headers(_) => {
                if message.redirect {
                    let span = fields_span(held);
                    let text = "a browser that is redirected sends no headers of ours";
                    self.mistake(Code::KeyDoesNotApply, span, text, "sign fields");
                }
            }
            Selection::MembersOf(path) => self.members_of_fits(path, list, held, message),
        }
        self.added_fits(held, message);
        self.excepted_fits(list, held, message);
    }

    /// `all`, `query` and `body`.
    fn place_fits(&self, list: &List, held: Held<'_>, message: &Message<'_>) {
        let span = fields_span(held);
        let has_query = message.fields.iter().any(|(_, carrier)| *carrier == Carrier::Query);
        if list.fields == Selection::All && has_query && message.json {
            let text = format!("{} has query parameters and a JSON body", message.of);
            self.mistake(Code::AmbiguousAll, span, text, "say `fields: query` or `fields: body`");
        }
        let selected: Vec<&ir::Field> = message
            .fields
            .iter()
            .filter(|(field, carrier)| {
                message.selects(&list.fields, *carrier)
                    && !excepts(list, &field.name.wire)
                    && field.kind != Kind::Signature
            })
            .map(|(field, _)| *field)
            .collect();
        let data = message.data.is_some() && list.fields != Selection::Query;
        // What is received may have more than what is declared; what is sent has not.
        let is_empty = selected.is_empty() && !data;
        if is_empty && (list.fields != Selection::All || message.raw) {
            let text = format!("the list has no field of {}", message.of);
            let mend = if message.raw { "sign the bytes: `{message:body}`" } else { "say `fields: all`" };
            self.mistake(Code::UnknownField, span, text, mend);
        }
        if let Some(field) = selected.iter().find(|field| is_nested(&field.kind)) {
            self.nested_fits(&field.name.wire, list, span, message);
        } else if data {
            self.data_fits(list, span, message);
        }
    }

    /// What lies in an object must be signed in one of many ways.
    fn nested_fits(&self, name: &str, list: &List, span: Span, message: &Message<'_>) {
        if list.nested == Nested::Refuse {
            let text = format!("`{name}` of {} is an object or a list: say how it is signed", message.of);
            let mend = "`nested: raw`, `leaves`, `same rule` or `drop`; or leave it out with `except`";
            self.mistake(Code::NestedUnsaid, span, text, mend);
        } else if list.nested == Nested::Raw && message.xml {
            self.not_yet(span, "`nested: raw` over XML");
        }
    }

    fn data_fits(&self, list: &List, span: Span, message: &Message<'_>) {
        if list.nested == Nested::Refuse {
            let text = format!("{} has a data member, which is an object: say how it is signed", message.of);
            let mend = "sign `{message:result}`, name the fields, or say `nested: raw`, `leaves`, `same rule` or `drop`";
            self.mistake(Code::NestedUnsaid, span, text, mend);
        }
    }

    fn entry_fits(&self, entry: &Entry, list: &List, held: Held<'_>, message: &Message<'_>) {
        match entry {
            Entry::Name(name) => {
                let span = entry_span(held, name);
                let units = std::iter::once(held.whole).chain(&held.whole.parts);
                let mut placed =
                    units.filter(|unit| !unit.is_encryption()).filter_map(|unit| unit.place_field());
                if placed.any(|place| place == name) {
                    let text = format!("`{name}` holds the signature: it never takes part in what is signed");
                    self.mistake(Code::PlaceTaken, span, text, "take it out of the list");
                    return;
                }
                let wanted = cased(list.names, name);
                let found = message.fields.iter().map(|(field, _)| *field);
                match found.clone().find(|field| cased(list.names, &field.name.wire) == wanted) {
                    Some(field) if is_nested(&field.kind) => self.nested_fits(name, list, span, message),
                    Some(_) => {}
                    None if message.data.as_ref().is_some_and(|data| data.name.as_deref() == Some(name)) => {
                        self.data_fits(list, span, message);
                    }
                    None => self.no_such_field(name, span, held, message, message.names()),
                }
            }
            Entry::Path(path) => {
                let span = entry_span(held, &path.dotted());
                if let Some(field) = self.path_fits(path, span, held, message)
                    && is_nested(&field.kind)
                {
                    self.nested_fits(&path.dotted(), list, span, message);
                }
            }
            Entry::Prefix(prefix) => {
                let wanted = cased(list.names, prefix);
                let begins = |name: &str| cased(list.names, name).starts_with(&wanted);
                if message.direction == Direction::Request && !message.names().any(begins) {
                    let span = entry_span(held, &format!("{prefix}*"));
                    let text = format!("no field of {} begins with `{prefix}`", message.of);
                    self.unknown(Code::UnknownField, span, text, prefix, message.names());
                }
            }
            Entry::Elements(name) => self.elements_fit(name, list, held, message),
            Entry::Rows { rows, from, fields } => self.rows_fit((rows, *from, fields), list, held, message),
        }
    }

    fn elements_fit(&self, name: &str, list: &List, held: Held<'_>, message: &Message<'_>) {
        let span = entry_span(held, &format!("{name}[]"));
        match message.field(name).map(|field| &field.kind) {
            None => self.no_such_field(name, span, held, message, message.names()),
            Some(Kind::List { of: Item::Object(_), join: None }) => {
                self.nested_fits(name, list, span, message)
            }
            Some(Kind::List { join: None, .. } | Kind::RawJson) => {}
            Some(_) => {
                let text = format!("`{name}` of {} is no list of values", message.of);
                self.mistake(Code::KeyDoesNotApply, span, text, format!("write `{name}`"));
            }
        }
    }

    /// Rows under flat numbered names, or the objects of a JSON array.
    fn rows_fit(
        &self,
        (rows, from, fields): (&FieldPath, u32, &[String]),
        list: &List,
        held: Held<'_>,
        message: &Message<'_>,
    ) {
        let span = row_span(held, &rows.dotted());
        let of = match self.resolve(message, rows) {
            Found::Field { field, .. } => match &field.kind {
                Kind::Rows { of, from: first } => {
                    if from != *first {
                        let text =
                            format!("the rows of `{}` begin with {first}, not with {from}", rows.dotted());
                        let mend = format!("write `from: {first}`");
                        self.mistake(Code::RowsDisagree, span, text, mend);
                    }
                    Some(*of)
                }
                Kind::List { of: Item::Object(of), join: None } => Some(*of),
                Kind::RawJson => return,
                _ if message.is_received() => None,
                _ => {
                    let text = format!("`{}` of {} has no rows", rows.dotted(), message.of);
                    self.mistake(Code::KeyDoesNotApply, span, text, "name a field with `rows:` or `list:`");
                    return;
                }
            },
            Found::Open => return,
            Found::Missing(_) if message.is_received() => None,
            Found::Missing(known) => {
                let name = rows.0.last().map_or("", String::as_str);
                self.no_such_field(name, span, held, message, known.into_iter());
                return;
            }
        };
        match of {
            Some(id) => {
                let members = self.members(id);
                for name in fields {
                    match members.iter().find(|member| member.name.wire == *name) {
                        Some(member) if is_nested(&member.kind) => {
                            self.nested_fits(name, list, span, message);
                        }
                        Some(_) => {}
                        None => {
                            let text = format!("`{name}` is no member of a row of `{}`", rows.dotted());
                            let known = members.iter().map(|member| member.name.wire.as_str());
                            self.unknown(Code::UnknownField, span, text, name, known);
                        }
                    }
                }
            }
            // Received under flat names, which are found by their number.
            None => {
                if let Some(name) = fields.iter().find(|name| !name.contains('#')) {
                    let text = format!("`{name}` has no `#`, and rows under flat names are numbered");
                    self.mistake(Code::RowsDisagree, span, text, "write the number of the row as `#`");
                }
            }
        }
    }

    fn named_in_fits(
        &self,
        (field, split, at_least, within): (&FieldPath, Option<&str>, &[String], Option<&FieldPath>),
        held: Held<'_>,
        message: &Message<'_>,
    ) {
        let span = fields_span(held);
        if message.is_received() && at_least.is_empty() {
            let text = format!("{} says itself what is signed", message.of);
            self.mistake(
                Code::NamedInWithoutAtLeast,
                span,
                text,
                "list in `at_least` what must be among the names",
            );
        }
        let names = self.path_fits(field, span, held, message);
        if let Some(within) = within {
            self.path_fits(within, span, held, message);
        }
        let sent = names.and_then(|field| match (&field.kind, split) {
            (Kind::Fixed(text), Some(split)) => {
                Some(text.split(split).map(str::to_owned).collect::<Vec<_>>())
            }
            _ => None,
        });
        let added =
            |name: &str| held.recipe.list.iter().flat_map(|list| &list.add).any(|(added, _)| added == name);
        for name in at_least.iter().chain(sent.iter().flatten()).filter(|name| !added(name)) {
            let mut path = within.map(|within| within.0.clone()).unwrap_or_default();
            path.extend(name.split('.').map(str::to_owned));
            self.path_fits(&FieldPath(path), span, held, message);
        }
    }

    fn members_of_fits(&self, path: &FieldPath, list: &List, held: Held<'_>, message: &Message<'_>) {
        let span = fields_span(held);
        let is_data = message.data.as_ref().is_some_and(|data| data.name.as_deref() == path.simple());
        if is_data && path.simple().is_some() {
            return;
        }
        let Some(field) = self.path_fits(path, span, held, message) else { return };
        match super::messages::object_of(&field.kind) {
            Some(super::messages::Inside::Object(id)) => {
                if let Some(member) = self.members(id).iter().find(|member| is_nested(&member.kind)) {
                    let name = format!("{}.{}", path.dotted(), member.name.wire);
                    self.nested_fits(&name, list, span, message);
                }
            }
            Some(super::messages::Inside::Open) => {}
            None => {
                let text = format!("`{}` of {} is no object", path.dotted(), message.of);
                self.mistake(Code::KeyDoesNotApply, span, text, "`members_of` names an object");
            }
        }
    }

    /// An item of `add` stands beside the fields, so it has a name of its own.
    fn added_fits(&self, held: Held<'_>, message: &Message<'_>) {
        for entry in held.model.add.iter().flat_map(|all| all.iter()) {
            if message.field(&entry.key).is_some() {
                let text = format!("`{}` is added and is a field of {} as well", entry.key, message.of);
                let mend = "add it under another name, or remove the field";
                self.mistake(Code::PlaceTaken, entry.key.span, text, mend);
            }
        }
    }

    fn excepted_fits(&self, list: &List, held: Held<'_>, message: &Message<'_>) {
        if message.direction != Direction::Request {
            return;
        }
        for name in held.model.except.iter().flat_map(|all| all.iter()) {
            let path = FieldPath(name.split('.').map(str::to_owned).collect());
            let is_field = message.names().any(|sent| cased(list.names, sent) == cased(list.names, name));
            let is_inside = list.nested != Nested::Refuse
                && (path.0.len() > 1 || list.nested == Nested::SameRule)
                && !matches!(self.resolve(message, &path), Found::Missing(_));
            let is_below = list.nested == Nested::SameRule;
            if !is_field && !is_inside && !is_below {
                let text = format!("`except` names `{name}`, which {} never sends", message.of);
                self.mistake(Code::UnusedRecipe, name.span, text, "take it out of the list");
            }
        }
    }

    /// A path of a recipe: the declared field that it leads to. Reports one that leads nowhere.
    pub(super) fn path_fits<'f>(
        &'f self,
        path: &FieldPath,
        span: Span,
        held: Held<'_>,
        message: &Message<'f>,
    ) -> Option<&'f ir::Field> {
        match self.resolve(message, path) {
            Found::Field { field, .. } => Some(field),
            Found::Open => None,
            Found::Missing(known) => {
                let name = path.0.last().map_or("", String::as_str);
                let dotted = path.dotted();
                let text = format!(
                    "recipe `{}` names `{dotted}`, which is no field of {}",
                    held.whole.name.wire, message.of
                );
                self.unknown(Code::UnknownField, span, text, name, known.into_iter());
                None
            }
        }
    }

    fn no_such_field<'n>(
        &self,
        name: &str,
        span: Span,
        held: Held<'_>,
        message: &Message<'_>,
        known: impl Iterator<Item = &'n str>,
    ) {
        let text =
            format!("recipe `{}` names `{name}`, which is no field of {}", held.whole.name.wire, message.of);
        if message.headers.iter().any(|(field, _)| field.name.wire == name) {
            let mend = "a header is in no list of fields: write `{header:Name}` in the text, or `fields: { headers: [...] }`";
            self.mistake(Code::UnknownField, span, text, mend);
        } else {
            self.unknown(Code::UnknownField, span, text, name, known);
        }
    }
}

fn excepts(list: &List, wire: &str) -> bool {
    list.except.iter().any(|name| cased(list.names, name) == cased(list.names, wire))
}

/// Where `fields` is written.
fn fields_span(held: Held<'_>) -> Span {
    held.model.fields.as_ref().map_or(held.at, |node| node.span)
}

/// Where an entry of the list is written.
fn entry_span(held: Held<'_>, text: &str) -> Span {
    let items = held.model.fields.iter().flat_map(|node| node.items());
    items.into_iter().find(|node| node.text() == Some(text)).map_or(held.at, |node| node.span)
}

/// Where an entry for rows is written.
fn row_span(held: Held<'_>, rows: &str) -> Span {
    let items = held.model.fields.iter().flat_map(|node| node.items());
    let of_rows = |node: &&Node| node.get("each").and_then(Node::text) == Some(rows);
    items.into_iter().find(of_rows).map_or(held.at, |node| node.span)
}
