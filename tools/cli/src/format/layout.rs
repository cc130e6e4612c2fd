//! The layout of a file: what the printer prints, with every comment at the thing that it belongs to.
//!
//! A comment in the line of a thing stays beside it. Lines of comment above a thing move with it; at the end of a map or
//! list they stay in it if they are indented like it. What stands in front of the first key belongs to the file.
//! Whether a map is written in braces or in lines is the author's choice, unless a comment or a text of several lines
//! stands in the braces.

use std::collections::VecDeque;

use payspec_codegen::diagnostic::Position;
use payspec_codegen::read::{Key, Node, NodeValue, ScalarStyle};

use super::block::Block;
use super::grammar::Shape;
use super::quoting::{self, Written};
use super::source::{Comment, Source, Unparsed, column_of, is_flow};

/// A whole file.
#[derive(Debug)]
pub(super) struct Layout {
    /// The comments at its head.
    pub(super) head: Vec<Remark>,
    /// An empty line stands below them.
    pub(super) head_is_apart: bool,
    /// Its map.
    pub(super) map: Collection,
}

/// A line of comment.
#[derive(Debug)]
pub(super) struct Remark {
    pub(super) text: String,
    /// An empty line stands above it.
    pub(super) is_apart: bool,
}

/// An entry of a map or an item of a list.
#[derive(Debug)]
pub(super) struct Item {
    /// The comments above it.
    pub(super) above: Vec<Remark>,
    /// An empty line stands above it, below its comments.
    pub(super) is_apart: bool,
    /// Its key as it is written; an item of a list has none.
    pub(super) key: Option<String>,
    pub(super) value: Value,
    /// The comment in its line.
    pub(super) beside: Option<String>,
}

#[derive(Debug)]
pub(super) enum Value {
    Nothing,
    Text(Written),
    List(Collection),
    Map(Collection),
}

/// A map or list.
#[derive(Debug)]
pub(super) struct Collection {
    pub(super) items: Vec<Item>,
    /// The comments at its end.
    pub(super) below: Vec<Remark>,
    /// It may be written in braces or brackets.
    pub(super) is_flow: bool,
    /// Its keys are names of the author's, so values in braces stand below each other like a table.
    pub(super) is_table: bool,
}

impl Collection {
    /// It can stand in braces: there is neither a comment nor a text of several lines in it.
    fn can_be_flow(&self) -> bool {
        self.below.is_empty()
            && self
                .items
                .iter()
                .all(|item| item.above.is_empty() && item.beside.is_none() && item.value.can_be_flow())
    }
}

impl Value {
    fn can_be_flow(&self) -> bool {
        match self {
            Value::Nothing => true,
            Value::Text(text) => matches!(text, Written::Line(_)),
            Value::List(inner) | Value::Map(inner) => inner.is_flow,
        }
    }
}

/// Lays a file out. `None` if it is no map.
pub(super) fn lay_out(root: &Node, source: &Source<'_>, shape: Shape) -> Option<Layout> {
    let NodeValue::Mapping(entries) = &root.value else { return None };
    let Unparsed { comments, blocks } = source.scan(root);
    let mut builder = Builder { source, comments, blocks };
    let first = entries.first()?;
    let head = builder.head(&first.0, shape);
    let next = builder.comments.front().map_or(first.0.span.start, |next| next.at.min(first.0.span.start));
    let head_is_apart = source.is_apart(next.line);
    let end = Position { line: usize::MAX, column: 0 };
    let within = Within { column: root.span.start.column, is_flow: is_flow(source, root), until: end };
    let mut map = builder.map(entries, shape, within, 0);
    map.below.extend(builder.above(end));
    Some(Layout { head, head_is_apart, map })
}

/// The map or list around a thing.
#[derive(Clone, Copy)]
struct Within {
    column: usize,
    is_flow: bool,
    /// Where what comes behind it begins.
    until: Position,
}

struct Builder<'s> {
    source: &'s Source<'s>,
    /// The comments that have no place yet.
    comments: VecDeque<Comment>,
    /// The texts on lines of their own that come next.
    blocks: VecDeque<Block>,
}

impl Builder<'_> {
    /// The comments at the head of the file. Those directly above a first key that is going to move stay with it, if
    /// an empty line sets them off from the others.
    fn head(&mut self, first: &Key, shape: Shape) -> Vec<Remark> {
        let place = first.span.start;
        let is_going_to_move = shape.rank(&first.text) != Some(0) && !self.source.is_apart(place.line);
        let own = self.comments.iter().take_while(|comment| comment.at < place).skip(1);
        let own = own.filter(|comment| is_going_to_move && self.source.is_apart(comment.at.line)).last();
        let until = own.map_or(place, |comment| comment.at);
        self.above(until)
    }

    /// The comments before a place.
    fn above(&mut self, place: Position) -> Vec<Remark> {
        self.take_while(|comment| comment.at < place)
    }

    /// The comment in the line of a place, before something else.
    fn beside(&mut self, place: Position, until: Position) -> Option<String> {
        let is_here = self.comments.front().is_some_and(|next| next.at.line == place.line && next.at < until);
        if is_here { self.comments.pop_front().map(|comment| comment.text) } else { None }
    }

    /// The comment behind an opening bracket that ends its line.
    fn behind_bracket(&mut self, node: &Node) -> Option<String> {
        let key = node.entries().first().map(|(key, _)| key.span.start);
        let first = key.or_else(|| node.items().first().map(|item| item.span.start))?;
        if first.line > node.span.start.line { self.beside(node.span.start, first) } else { None }
    }

    fn take_while(&mut self, belongs: impl Fn(&Comment) -> bool) -> Vec<Remark> {
        let mut taken = Vec::new();
        while self.comments.front().is_some_and(&belongs) {
            let Some(comment) = self.comments.pop_front() else { break };
            taken.push(Remark { is_apart: self.source.is_apart(comment.at.line), text: comment.text });
        }
        taken
    }

    /// A map, its keys in the order of the language. `outer` is the column of what is around it.
    fn map(&mut self, entries: &[(Key, Node)], shape: Shape, within: Within, outer: usize) -> Collection {
        let mut ranked: Vec<(usize, Item)> = Vec::with_capacity(entries.len());
        let starts = entries.iter().skip(1).map(|(key, _)| key.span.start).chain([within.until]);
        for ((key, node), until) in entries.iter().zip(starts) {
            let item = self.item(Some(key), node, shape.value_of(&key.text), Within { until, ..within });
            // What the language does not know stays behind the key that it followed.
            let before = ranked.last().map_or(0, |(rank, _)| *rank);
            ranked.push((shape.rank(&key.text).map_or(before, |rank| rank + 1), item));
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        let items = ranked.into_iter().map(|(_, item)| item).collect();
        let is_table = matches!(shape, Shape::Names(_));
        self.collection(items, is_table, within, outer)
    }

    fn list(&mut self, nodes: &[Node], shape: Shape, within: Within, outer: usize) -> Collection {
        let starts = nodes.iter().skip(1).map(|node| node.span.start).chain([within.until]);
        let items = nodes.iter().zip(starts);
        let items =
            items.map(|(node, until)| self.item(None, node, shape, Within { until, ..within })).collect();
        self.collection(items, false, within, outer)
    }

    fn collection(&mut self, items: Vec<Item>, is_table: bool, within: Within, outer: usize) -> Collection {
        let Within { column, is_flow, until } = within;
        let below = self.take_while(|comment| {
            let is_indented = comment.at.column >= column && comment.at.column > outer;
            comment.at < until && (is_flow || is_indented)
        });
        let mut collection = Collection { items, below, is_flow, is_table };
        collection.is_flow &= collection.can_be_flow();
        collection
    }

    fn item(&mut self, key: Option<&Key>, node: &Node, shape: Shape, within: Within) -> Item {
        let start = key.map_or(node.span, |key| key.span).start;
        let mut item = Item {
            above: self.above(start),
            is_apart: self.source.is_apart(start.line),
            key: key.map(|key| quoting::key(&self.source.slice(key.span), &key.text, key.style)),
            value: Value::Nothing,
            beside: None,
        };
        let last = key.map_or(start, |key| key.span.end);
        match &node.value {
            NodeValue::Null => item.beside = self.beside(last, within.until),
            NodeValue::Scalar(scalar) if scalar.style == ScalarStyle::Block => {
                item.beside = self.beside(last, within.until);
                item.value = Value::Text(Written::Block(self.blocks.pop_front().unwrap_or_default()));
            }
            NodeValue::Scalar(scalar) => {
                item.above.extend(self.above(node.span.start));
                let raw = self.source.slice(node.span);
                item.value = Value::Text(quoting::scalar(&raw, &scalar.text, scalar.style, shape));
                item.beside = self.beside(node.span.end, within.until);
            }
            NodeValue::Sequence(_) | NodeValue::Mapping(_) => {
                self.collection_of(&mut item, last, node, shape, within);
            }
        }
        item
    }

    /// Lays out the map or list of an item, which stands behind `last`.
    fn collection_of(&mut self, item: &mut Item, last: Position, node: &Node, shape: Shape, within: Within) {
        let is_flow = within.is_flow || is_flow(self.source, node);
        if is_flow {
            item.above.extend(self.above(node.span.start));
            item.beside = self.behind_bracket(node);
        } else {
            item.beside = self.beside(last, node.span.start);
        }
        let until = if is_flow { node.span.end } else { within.until };
        let inner = Within { column: column_of(self.source, node, within.column), is_flow, until };
        let mut collection = match &node.value {
            NodeValue::Mapping(entries) => self.map(entries, shape, inner, within.column),
            _ => self.list(node.items(), shape, inner, within.column),
        };
        if collection.items.is_empty() {
            item.above.append(&mut collection.below);
            collection.is_flow = true;
        }
        if is_flow && let Some(behind) = self.beside(node.span.end, within.until) {
            let first = item.beside.replace(behind);
            item.above.extend(first.map(|text| Remark { text, is_apart: false }));
        }
        item.value = match node.value {
            NodeValue::Mapping(_) => Value::Map(collection),
            _ => Value::List(collection),
        };
    }
}
