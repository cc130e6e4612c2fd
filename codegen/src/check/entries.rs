//! Which values are in a list: `fields`, as a word, a list of entries, or a map.

use super::Context;
use crate::diagnostic::{Code, Span};
use crate::ir::{Entry, Selection};
use crate::model;
use crate::read::{Node, Spanned};

/// The ways to choose fields by a map.
const MAPS: &[&str] = &["named_in", "headers", "members_of"];

impl Context<'_> {
    /// Which values are in the list.
    pub(super) fn selection(&self, node: &Node) -> Option<Selection> {
        let mend = "write `all`, `query`, `body` or a list of names";
        match node.text() {
            Some("all") => return Some(Selection::All),
            Some("query") => return Some(Selection::Query),
            Some("body") => return Some(Selection::Body),
            Some(other) => {
                let message = format!("`{other}` is no choice of fields");
                self.mistake(Code::UnknownValue, node.span, message, mend);
                return None;
            }
            None => {}
        }
        if !node.entries().is_empty() {
            return self.chosen_by_a_map(node);
        }
        if node.items().is_empty() {
            self.mistake(Code::UnknownValue, node.span, "the list chooses no field", mend);
            return None;
        }
        let entries: Vec<_> = node.items().iter().map(|item| self.entry(item)).collect();
        entries.into_iter().collect::<Option<_>>().map(Selection::Named)
    }

    fn entry(&self, node: &Node) -> Option<Entry> {
        let Some(text) = node.text() else { return self.row_entry(node) };
        if let Some(prefix) = text.strip_suffix('*') {
            if prefix.is_empty() {
                let message = "`*` is every field";
                self.mistake(Code::UnknownValue, node.span, message, "write `fields: all`");
                return None;
            }
            return Some(Entry::Prefix(prefix.to_owned()));
        }
        if let Some(name) = text.strip_suffix("[]") {
            return Some(Entry::Elements(self.path(name, node.span)?.dotted()));
        }
        let path = self.path(text, node.span)?;
        Some(match path.simple() {
            Some(name) => Entry::Name(name.to_owned()),
            None => Entry::Path(path),
        })
    }

    /// `{ each: ROWS, from: 0, fields: [a, b] }`.
    fn row_entry(&self, node: &Node) -> Option<Entry> {
        let rows: model::Rows = self.decode(node, "the entry of the list")?;
        if (rows.each.is_none() || rows.fields.is_none()) && self.is_wrong_inside(node.span) {
            return None;
        }
        let here = (node.span.beginning(), node.span);
        let mend = "such as `{ each: items, fields: [name, price] }`";
        let each = self.required(rows.each.as_ref(), "each", "an entry of `fields`", here, mend);
        let fields = self.required(rows.fields.as_ref(), "fields", "an entry of `fields`", here, mend);
        let from = match &rows.from {
            None => Some(1),
            Some(from) => self.count(from).and_then(|from| u32::try_from(from).ok()),
        };
        let fields: Vec<String> = fields?.iter().map(|name| name.value.clone()).collect();
        if fields.is_empty() {
            self.mistake(Code::UnknownValue, node.span, "the rows have no members", mend);
        }
        let each = each?;
        Some(Entry::Rows { rows: self.path(each, each.span)?, from: from?, fields })
    }

    /// Whether something inside was reported while it was read by hand.
    fn is_wrong_inside(&self, span: Span) -> bool {
        let within = |inner: Span| span.start <= inner.start && inner.end <= span.end;
        self.found.borrow().iter().any(|found| within(found.span))
    }

    fn chosen_by_a_map(&self, node: &Node) -> Option<Selection> {
        if node.get("headers").is_some() {
            return self.headers(node);
        }
        if node.get("members_of").is_some() {
            let chosen: model::MembersOf = self.decode(node, "the choice of members")?;
            let object = chosen.members_of.as_ref()?;
            return self.path(object, object.span).map(Selection::MembersOf);
        }
        if node.get("named_in").is_some() {
            return self.named_in(node);
        }
        let (key, _) = node.entries().first()?;
        if node.get("each").is_some() {
            let message = "rows are an entry of a list of fields";
            let mend = "write it in brackets: `fields: [{ each: items, fields: [name, price] }]`";
            self.mistake(Code::UnknownKey, key.span, message, mend);
            return None;
        }
        let message = format!("`{}` is no choice of fields", key.text);
        self.unknown(Code::UnknownKey, key.span, message, &key.text, MAPS.iter().copied());
        None
    }

    fn headers(&self, node: &Node) -> Option<Selection> {
        let chosen: model::Headers = self.decode(node, "the choice of headers")?;
        let names = chosen.headers.as_ref()?;
        if names.is_empty() {
            let message = "the list chooses no header";
            self.mistake(Code::UnknownValue, names.span, message, "such as `headers: [Date, Digest]`");
        }
        let known: Vec<_> = names.iter().map(|name| self.header_name(name, name.span)).collect();
        known.into_iter().collect::<Option<Vec<()>>>()?;
        Some(Selection::Headers(names.iter().map(|name| name.to_ascii_lowercase()).collect()))
    }

    /// `{ named_in: FIELD, split: ",", at_least: [..], within: member }`.
    fn named_in(&self, node: &Node) -> Option<Selection> {
        let chosen: model::NamedIn = self.decode(node, "the choice of fields")?;
        if let Some(split) = chosen.split.as_ref().filter(|split| split.is_empty()) {
            let message = "`split` is empty: what stands between two names?";
            self.mistake(Code::UnknownValue, split.span, message, "such as `split: \",\"`");
        }
        let path = |text: &Spanned<String>| self.path(text, text.span);
        let within = match &chosen.within {
            None => None,
            Some(within) => Some(path(within)?),
        };
        let at_least = chosen.at_least.iter().flat_map(|all| all.iter());
        Some(Selection::NamedIn {
            field: path(chosen.named_in.as_ref()?)?,
            split: chosen.split.as_ref().map(|split| split.value.clone()),
            at_least: at_least.map(|name| name.value.clone()).collect(),
            within,
        })
    }
}
