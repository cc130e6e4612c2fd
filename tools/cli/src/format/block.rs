//! Texts on lines of their own, after `|` or `>`: where they end, and their lines without the indentation.
//!
//! The lines are kept as they are; only their indentation moves with the key that they belong to.

use payspec_codegen::diagnostic::{Position, Span};

use super::source::{BLANKS, Source};

/// A text of several lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Block {
    /// `|`, `>-` and so on, with the depth of the indentation where the text itself begins with a blank.
    pub(super) header: String,
    /// Its lines, without the indentation.
    pub(super) lines: Vec<String>,
}

/// Reads the text at a header, with the places of the header and of the lines. `parent` is the column of the map or list
/// around it.
pub(super) fn read(source: &Source<'_>, at: Position, parent: usize) -> (Block, Vec<Span>) {
    let head = head(source, at);
    let (indentation, lines) = content(source, at, parent);
    let behind = Position { column: at.column + head.len(), ..at };
    let first = Position { line: at.line + 1, column: 1 };
    let last = Position { line: first.line + lines.len(), column: 1 };
    let lines: Vec<String> =
        lines.iter().map(|line| line.get(indentation..).unwrap_or_default().to_owned()).collect();
    let mut header: String = head.chars().filter(|c| !c.is_ascii_digit()).collect();
    if lines.iter().find(|line| !line.is_empty()).is_some_and(|line| line.starts_with(BLANKS)) {
        header.insert(1, '2');
    }
    (Block { header, lines }, vec![Span { start: at, end: behind }, Span { start: first, end: last }])
}

/// The word of the header: `|`, `>-`, `|2+`.
fn head<'s>(source: &Source<'s>, at: Position) -> &'s str {
    source.from(at).split(BLANKS).next().unwrap_or_default()
}

/// The indentation of the text, and its lines.
fn content<'s>(source: &Source<'s>, at: Position, parent: usize) -> (usize, Vec<&'s str>) {
    let head = head(source, at);
    let outer = parent.saturating_sub(1);
    let below = || source.below(at.line);
    let indentation = match head.chars().find_map(|c| c.to_digit(10)) {
        Some(depth) => outer + depth as usize,
        None => below().find(|line| !is_blank(line)).map_or(0, leading_blanks),
    };
    if indentation <= outer {
        return (outer + 1, Vec::new());
    }
    let belongs = |line: &&str| is_blank(line) || leading_blanks(line) >= indentation;
    let mut lines: Vec<&str> = below().take_while(belongs).collect();
    // What follows the last line break of the file is no line. Empty lines at the end count after `+` only.
    if lines.len() == below().count() && lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    while lines.last().is_some_and(|line| is_blank(line) && !head.contains('+')) {
        lines.pop();
    }
    (indentation, lines)
}

fn leading_blanks(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn is_blank(line: &str) -> bool {
    leading_blanks(line) == line.len()
}
