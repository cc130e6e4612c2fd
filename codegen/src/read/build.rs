//! Events of the YAML parser become nodes.
//!
//! The parser checks the grammar; what the grammar allows and the language does not is refused here, with a
//! diagnostic, and reading goes on behind it. The tree is built with a stack of our own and bounded in depth, size
//! and number of complaints, so no file can exhaust the compiler. Aliases are refused and never expanded.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle as Style, Tag};

use super::extent::Lines;
use super::node::{Key, Node, NodeValue, Scalar, ScalarStyle};
use super::{DEEPEST, LARGEST, syntax};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Position, Span};

const SHARE_BY_NAME: &str = "give what is shared a name in `types`, use `fields_of`, or `like` in a recipe; text that begins with `&` or `*` \
     needs quotes";

/// Reads a file into a tree.
///
/// `None` if it is no YAML or too large. A tree that is returned may lack what was refused, so the caller goes on to
/// find more mistakes, and stops before it emits anything if there are errors. An empty file is a node that is
/// [`NodeValue::Null`].
pub fn read(source: &str, diagnostics: &mut Diagnostics) -> Option<Node> {
    let source = source.strip_prefix('\u{FEFF}').unwrap_or(source);
    if source.len() > LARGEST {
        let message = format!("the file has {} bytes, at most {LARGEST} are read", source.len());
        diagnostics.push(Diagnostic::new(Code::TooLarge, Span::default(), message));
        return None;
    }
    if let Some(refused) = syntax::control_character(source) {
        diagnostics.push(refused);
        return None;
    }
    let lines = Lines::of(source);
    let mut tree = Builder { diagnostics, lines, open: Vec::new(), too_deep: 0, root: None };
    let mut parser = Parser::new_from_str(source);
    let mut documents = 0;
    while let Some(event) = parser.next_event() {
        match event {
            Ok((Event::DocumentStart(_), place)) if documents > 0 => {
                tree.say(
                    Code::SeveralDocuments,
                    span(place),
                    "a second document begins here",
                    "a spec is one document: remove what follows `---`",
                );
                break;
            }
            Ok((Event::DocumentStart(_), _)) => documents += 1,
            Ok((event, place)) => tree.event(event, place),
            Err(error) => {
                syntax::report(&error, source, tree.diagnostics);
                return None;
            }
        }
    }
    let empty = Node { span: Span::default(), value: NodeValue::Null };
    Some(tree.root.unwrap_or(empty))
}

struct Builder<'d> {
    diagnostics: &'d mut Diagnostics,
    lines: Lines<'d>,
    /// The lists and maps that are open, outermost first.
    open: Vec<Open>,
    /// How many lists and maps are open that are too deep to be kept.
    too_deep: usize,
    root: Option<Node>,
}

enum Open {
    Sequence { span: Span, items: Vec<Node> },
    Mapping(OpenMapping),
}

struct OpenMapping {
    span: Span,
    /// Whether it is written in braces.
    braces: bool,
    entries: Vec<(Key, Node)>,
    /// Where each key stands, to find duplicates without a search.
    seen: HashMap<String, Span>,
    key: Awaited,
}

/// What the next node of a map is.
enum Awaited {
    Key,
    Value(Key),
    /// The value of a key that was refused: read and thrown away.
    Nothing,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, place: saphyr_parser::Span) {
        let span = span(place);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.decoration(anchor, tag.as_deref(), span);
                let span = match style {
                    Style::Plain => span,
                    Style::SingleQuoted | Style::DoubleQuoted => self.lines.quoted(span),
                    Style::Literal | Style::Folded => self.lines.block(span),
                };
                let empty = text.is_empty() && style == Style::Plain;
                let scalar = || Scalar { text: text.into_owned(), style: style_of(style) };
                let value = if empty { NodeValue::Null } else { NodeValue::Scalar(scalar()) };
                self.node(Node { span, value });
            }
            Event::Alias(_) => {
                self.say(Code::AnchorOrAlias, span, "aliases are not part of the language", SHARE_BY_NAME);
                self.node(Node { span, value: NodeValue::Null });
            }
            Event::SequenceStart(anchor, tag) => {
                self.decoration(anchor, tag.as_deref(), span);
                self.open(Open::Sequence { span, items: Vec::new() }, span);
            }
            Event::MappingStart(anchor, tag) => {
                self.decoration(anchor, tag.as_deref(), span);
                let braces = !place.is_empty() && anchor == 0 && tag.is_none();
                self.open(Open::Mapping(OpenMapping::new(span, braces)), span);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
    }

    fn say(&mut self, code: Code, span: Span, message: impl Into<String>, mend: &str) {
        self.diagnostics.push(Diagnostic::new(code, span, message).mend(mend));
    }

    /// Refuses what may stand before a value.
    fn decoration(&mut self, anchor: usize, tag: Option<&Tag>, span: Span) {
        if anchor > 0 {
            let span = self.lines.decoration(span, '&');
            self.say(Code::AnchorOrAlias, span, "anchors are not part of the language", SHARE_BY_NAME);
        }
        if tag.is_some() {
            let span = self.lines.decoration(span, '!');
            let mend = "every scalar is text here: remove the tag; text that begins with `!` needs quotes";
            self.say(Code::Tag, span, "tags are not part of the language", mend);
        }
    }

    fn open(&mut self, open: Open, span: Span) {
        if self.too_deep > 0 || self.open.len() >= DEEPEST {
            if self.too_deep == 0 {
                let message = format!("more than {DEEPEST} lists and maps inside each other");
                self.say(Code::TooDeep, span.beginning(), message, "no part of the language is so deep");
            }
            self.too_deep += 1;
        } else {
            self.open.push(open);
        }
    }

    fn close(&mut self, end: Span) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            if self.too_deep == 0 {
                self.node(Node { span: end, value: NodeValue::Null });
            }
            return;
        }
        match self.open.pop() {
            Some(Open::Sequence { span, items }) => {
                let span = closed(span, end, items.last().map(|node| node.span));
                self.node(Node { span, value: NodeValue::Sequence(items) });
            }
            Some(Open::Mapping(map)) => {
                let span = closed(map.span, end, map.entries.last().map(|(_, node)| node.span));
                let entries = if map.braces { self.valued(map.entries) } else { map.entries };
                self.node(Node { span, value: NodeValue::Mapping(entries) });
            }
            None => {}
        }
    }

    /// Puts a finished node where it belongs.
    fn node(&mut self, node: Node) {
        if self.too_deep > 0 {
            return;
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::Sequence { items, .. }) => items.push(node),
            Some(Open::Mapping(map)) => match std::mem::replace(&mut map.key, Awaited::Key) {
                Awaited::Key => map.key = map.key(node, self.diagnostics),
                Awaited::Value(key) => map.entries.push((key, node)),
                Awaited::Nothing => {}
            },
        }
    }

    /// The entries that have a value. In braces the others are mostly the rest of a text that was not quoted, so
    /// neighbours are reported together.
    fn valued(&mut self, entries: Vec<(Key, Node)>) -> Vec<(Key, Node)> {
        let alone = entries.len() == 1;
        let mut kept: Vec<(Key, Node)> = Vec::with_capacity(entries.len());
        let mut run: Vec<Key> = Vec::new();
        for (key, node) in entries {
            if node.value == NodeValue::Null {
                run.push(key);
                continue;
            }
            self.valueless(&kept, std::mem::take(&mut run), alone);
            kept.push((key, node));
        }
        self.valueless(&kept, run, alone);
        kept
    }

    fn valueless(&mut self, before: &[(Key, Node)], run: Vec<Key>, alone: bool) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
        let words: Vec<&str> = run.iter().map(|key| key.text.as_str()).collect();
        let mend = match before.last() {
            Some((key, Node { value: NodeValue::Scalar(scalar), .. }))
                if scalar.style == ScalarStyle::Plain =>
            {
                format!(
                    "text with a comma needs quotes: {}: \"{}, {}\"",
                    key.text,
                    scalar.text,
                    words.join(", ")
                )
            }
            _ if alone => format!("a template needs quotes: \"{{{}}}\"", first.text),
            _ => "write the value behind a colon; text with a comma needs quotes".to_owned(),
        };
        let message = format!("key `{}` has no value", first.text);
        self.say(Code::ValuelessKey, first.span.to(last.span), message, &mend);
    }
}

impl OpenMapping {
    fn new(span: Span, braces: bool) -> Self {
        OpenMapping { span, braces, entries: Vec::new(), seen: HashMap::new(), key: Awaited::Key }
    }

    /// Judges a key; what is refused loses its value as well.
    fn key(&mut self, node: Node, diagnostics: &mut Diagnostics) -> Awaited {
        let span = node.span;
        let scalar = match node.value {
            NodeValue::Scalar(scalar) => scalar,
            _ => {
                let message = format!("a key is text, {} was found", node.kind());
                let mend = "text that begins with `{` or `[` needs quotes";
                diagnostics.push(Diagnostic::new(Code::NotText, span, message).mend(mend));
                return Awaited::Nothing;
            }
        };
        if scalar.text == "<<" && scalar.style == ScalarStyle::Plain {
            let message = "merge keys are not part of the language";
            diagnostics.push(Diagnostic::new(Code::AnchorOrAlias, span, message).mend(SHARE_BY_NAME));
            return Awaited::Nothing;
        }
        if let Some(first) = self.seen.get(&scalar.text) {
            let message = format!("duplicate key `{}`; first at {}", scalar.text, first.start);
            let duplicate = Diagnostic::new(Code::DuplicateKey, span, message).mend("remove one of them");
            diagnostics.push(duplicate.related(*first, "first here"));
            return Awaited::Nothing;
        }
        self.seen.insert(scalar.text.clone(), span);
        Awaited::Value(Key { text: scalar.text, span, style: scalar.style })
    }
}

fn style_of(style: Style) -> ScalarStyle {
    match style {
        Style::Plain => ScalarStyle::Plain,
        Style::SingleQuoted | Style::DoubleQuoted => ScalarStyle::Quoted,
        Style::Literal | Style::Folded => ScalarStyle::Block,
    }
}

/// The whole of a list or map: up to its bracket, or to its last child where it has none. The parser counts the
/// blanks behind a bracket to it.
fn closed(start: Span, end: Span, last: Option<Span>) -> Span {
    let bracket = end.start != end.end;
    match last {
        Some(last) if !bracket => start.to(last),
        _ => {
            let column = end.start.column + usize::from(bracket);
            Span { start: start.start, end: Position { column, ..end.start } }
        }
    }
}

/// The parser counts lines from one and columns from zero, both in characters.
pub(super) fn position(marker: &Marker) -> Position {
    Position { line: marker.line().max(1), column: marker.col().saturating_add(1) }
}

fn span(span: saphyr_parser::Span) -> Span {
    Span { start: position(&span.start), end: position(&span.end) }
}
