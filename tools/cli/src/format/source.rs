//! The text of a file by lines and columns, and the comments in it.
//!
//! The parser throws comments away. They are found between the scalars, whose places the node tree knows: a `#` that
//! stands in no scalar begins a comment, since no other token has one. Nothing is guessed from the look of a line.

use std::collections::VecDeque;

use payspec_codegen::diagnostic::{Position, Span};
use payspec_codegen::read::{Node, NodeValue, ScalarStyle};

use super::block::{self, Block};

/// White space of YAML. Other blanks, such as the ideographic space, are text.
pub(super) const BLANKS: [char; 2] = [' ', '\t'];

/// A comment and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comment {
    pub(super) at: Position,
    /// From its `#` to the end of the line, without blanks there.
    pub(super) text: String,
}

/// What the tree of a file lacks.
pub(super) struct Unparsed {
    /// Every comment, in the order of the file.
    pub(super) comments: VecDeque<Comment>,
    /// Every text on lines of its own, in the order of the file.
    pub(super) blocks: VecDeque<Block>,
}

/// The text of a file, line by line.
pub(super) struct Source<'s> {
    lines: Vec<Line<'s>>,
}

/// A line, with the place of each of its characters where not all are one byte long.
struct Line<'s> {
    text: &'s str,
    characters: Vec<usize>,
}

impl<'s> Line<'s> {
    fn new(text: &'s str) -> Self {
        let characters =
            if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).collect() };
        Self { text, characters }
    }

    /// What stands from a column on.
    fn from(&self, column: usize) -> &'s str {
        let index = column.saturating_sub(1);
        let at = if self.text.is_ascii() { Some(&index) } else { self.characters.get(index) };
        at.and_then(|at| self.text.get(*at..)).unwrap_or_default()
    }
}

impl<'s> Source<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        Self { lines: text.split('\n').map(Line::new).collect() }
    }

    /// The lines behind this one, which begin with one.
    pub(super) fn below(&self, number: usize) -> impl Iterator<Item = &'s str> {
        self.lines.iter().skip(number).map(|line| line.text)
    }

    /// There is an empty line above this one.
    pub(super) fn is_apart(&self, number: usize) -> bool {
        let above = number.checked_sub(2).and_then(|index| self.lines.get(index));
        above.is_some_and(|line| line.text.trim_matches(BLANKS).is_empty())
    }

    /// What stands from a place to the end of its line.
    pub(super) fn from(&self, place: Position) -> &'s str {
        let line = place.line.checked_sub(1).and_then(|index| self.lines.get(index));
        line.map_or("", |line| line.from(place.column))
    }

    /// What stands in a span, line by line.
    pub(super) fn slice(&self, span: Span) -> Vec<&'s str> {
        (span.start.line..=span.end.line)
            .map(|line| {
                let column = if line == span.start.line { span.start.column } else { 1 };
                let text = self.from(Position { line, column });
                let behind = if line == span.end.line { self.from(span.end) } else { "" };
                text.strip_suffix(behind).unwrap_or(text)
            })
            .collect()
    }

    /// Finds what the tree does not have.
    pub(super) fn scan(&self, root: &Node) -> Unparsed {
        let start = Position { line: 1, column: 1 };
        let mut scalars = Scalars { source: self, last: start, spans: Vec::new(), blocks: VecDeque::new() };
        scalars.node(root, 0);
        let Scalars { spans, blocks, .. } = scalars;
        Unparsed { comments: self.comments(spans), blocks }
    }

    /// Every `#` that stands in no scalar, with the rest of its line.
    fn comments(&self, scalars: Vec<Span>) -> VecDeque<Comment> {
        let mut scalars = scalars.into_iter().peekable();
        let mut found = VecDeque::new();
        for (line, number) in self.lines.iter().zip(1..) {
            let mut place = Position { line: number, column: 1 };
            for c in line.text.chars() {
                while scalars.next_if(|scalar| scalar.end <= place).is_some() {}
                if c == '#' && scalars.peek().is_none_or(|scalar| place < scalar.start) {
                    let text = line.from(place.column).trim_end_matches(BLANKS).to_owned();
                    found.push_back(Comment { at: place, text });
                    break;
                }
                place.column += 1;
            }
        }
        found
    }

    /// The header of the text on lines of its own that comes next behind a place.
    fn header(&self, behind: Position) -> Option<Position> {
        for line in behind.line..=self.lines.len() {
            let column = if line == behind.line { behind.column } else { 1 };
            let text = self.from(Position { line, column });
            if let Some((at, c)) = text.chars().enumerate().find(|(_, c)| matches!(c, '|' | '>' | '#'))
                && c != '#'
            {
                return Some(Position { line, column: column + at });
            }
        }
        None
    }
}

/// Walks the tree in the order of the file and gathers the places of its texts, keys among them.
struct Scalars<'a, 's> {
    source: &'a Source<'s>,
    /// The end of the last text.
    last: Position,
    spans: Vec<Span>,
    blocks: VecDeque<Block>,
}

impl Scalars<'_, '_> {
    /// `column` is that of the map or list around the node.
    fn node(&mut self, node: &Node, column: usize) {
        let inner = column_of(self.source, node, column);
        match &node.value {
            NodeValue::Null => {}
            NodeValue::Scalar(scalar) if scalar.style == ScalarStyle::Block => self.block(column),
            NodeValue::Scalar(_) => self.text(node.span),
            NodeValue::Sequence(items) => items.iter().for_each(|item| self.node(item, inner)),
            NodeValue::Mapping(entries) => {
                for (key, value) in entries {
                    self.text(key.span);
                    self.node(value, inner);
                }
            }
        }
    }

    fn text(&mut self, span: Span) {
        self.last = span.end;
        self.spans.push(span);
    }

    /// The parser says where the lines of such a text begin; it ends where the indentation does.
    fn block(&mut self, column: usize) {
        let found = self.source.header(self.last).map(|header| block::read(self.source, header, column));
        let (block, spans) = found.unwrap_or_default();
        spans.into_iter().for_each(|span| self.text(span));
        self.blocks.push_back(block);
    }
}

/// The column of a map or list, for comments that are indented like it: that of its keys or dashes. Where the dashes
/// stand below the key, the parser says where the first item begins.
pub(super) fn column_of(source: &Source<'_>, node: &Node, outer: usize) -> usize {
    let is_list = matches!(node.value, NodeValue::Sequence(_)) && !is_flow(source, node);
    let begins_with_dash = matches!(source.from(node.span.start).split(BLANKS).next(), Some("-"));
    if is_list && (begins_with_item(node) || !begins_with_dash) { outer } else { node.span.start.column }
}

/// It is a map or list in braces or brackets.
pub(super) fn is_flow(source: &Source<'_>, node: &Node) -> bool {
    !begins_with_item(node) && source.from(node.span.start).starts_with(['{', '['])
}

fn begins_with_item(node: &Node) -> bool {
    node.items().first().is_some_and(|item| item.span.start == node.span.start)
}
