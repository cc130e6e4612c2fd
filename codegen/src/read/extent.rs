//! How far something reaches in the text.
//!
//! The parser is exact about where things begin. About their ends it is generous: quoted text reaches over the comment
//! behind it, block text to the next key, an anchor over what it stands before. A caret should not.

use crate::diagnostic::{Position, Span, lines};

/// Further to the right nothing is measured: finding a column takes time, and a hostile file is one long line.
const FURTHEST: usize = 4096;

/// The lines of a file.
pub(super) struct Lines<'s>(Vec<&'s str>);

impl<'s> Lines<'s> {
    pub(super) fn of(source: &'s str) -> Self {
        Lines(lines(source))
    }

    fn line(&self, number: usize) -> &'s str {
        number.checked_sub(1).and_then(|place| self.0.get(place)).copied().unwrap_or_default()
    }

    /// The line up to a column.
    fn before(&self, place: Position) -> Option<&'s str> {
        let line = self.line(place.line);
        if place.column > FURTHEST {
            return None;
        }
        match line.char_indices().nth(place.column.saturating_sub(1)) {
            Some((at, _)) => line.get(..at),
            None => Some(line),
        }
    }

    /// The word that begins a span, such as an anchor, and nothing of what it stands before.
    pub(super) fn word(&self, span: Span) -> Span {
        let Some(before) = self.before(span.start) else { return span };
        let behind = self.line(span.start.line).get(before.len()..).unwrap_or_default();
        let ends = |c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}');
        let length = behind.chars().take(FURTHEST).take_while(|c| !ends(*c)).count();
        Span { end: Position { column: span.start.column + length.max(1), ..span.start }, ..span }
    }

    /// The word of an anchor (`&`) or a tag (`!`), which may stand before each other.
    pub(super) fn decoration(&self, span: Span, sign: char) -> Span {
        let first = self.word(span);
        let behind = |place: Position| {
            let before = self.before(place)?;
            self.line(place.line).get(before.len()..)
        };
        if behind(first.start).is_some_and(|text| text.starts_with(sign)) {
            return first;
        }
        let Some(rest) = behind(first.end) else { return first };
        let blanks = rest.chars().take_while(|c| matches!(c, ' ' | '\t')).count();
        if !rest.trim_start_matches([' ', '\t']).starts_with(sign) {
            return first;
        }
        let start = Position { column: first.end.column + blanks, ..first.end };
        self.word(Span { start, end: start })
    }

    /// The span of quoted text up to its closing quote, without blanks and comments behind it.
    pub(super) fn quoted(&self, span: Span) -> Span {
        let Some(before) = self.before(span.start) else { return span };
        let mut text = self.line(span.start.line).get(before.len()..).unwrap_or_default().chars().peekable();
        let Some(quote) = text.next().filter(|c| matches!(c, '"' | '\'')) else { return span };
        let mut place = Position { column: span.start.column + 1, ..span.start };
        loop {
            let Some(c) = text.next() else {
                if place.line >= span.end.line {
                    return span;
                }
                place = Position { line: place.line + 1, column: 1 };
                text = self.line(place.line).chars().peekable();
                continue;
            };
            place.column += 1;
            let is_pair =
                c == '\\' && quote == '"' || c == quote && quote == '\'' && text.peek() == Some(&quote);
            if is_pair {
                place.column += usize::from(text.next().is_some());
            } else if c == quote {
                return Span { end: place, ..span };
            }
        }
    }

    /// The span of block text, up to the end of its last line that is neither empty nor indented less.
    pub(super) fn block(&self, span: Span) -> Span {
        let indented = |line: &str| line.chars().take_while(|c| *c == ' ').count() + 1 >= span.start.column;
        let last = (span.start.line..=span.end.line).rev().find(|number| {
            let line = self.line(*number);
            let is_inside = *number < span.end.line || span.end.column > span.start.column;
            is_inside && !line.trim().is_empty() && indented(line)
        });
        let line = last.unwrap_or(span.start.line);
        let length = self.line(line).trim_end().chars().count();
        Span { end: Position { line, column: length + 1 }.max(span.start), ..span }
    }
}
