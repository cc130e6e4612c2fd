//! Words for what is not YAML at all.
//!
//! The parser says which rule of its grammar was broken; an author wants to know what to type. A handful of mistakes
//! make up nearly all of them, and each is recognised by its shape in the text.

use saphyr_parser::ScanError;

use super::build::position;
use super::extent::Lines;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Position, Span, lines};

/// Says where the file stops being YAML, and what to do about it where the mistake is a typical one.
pub(super) fn report(error: &ScanError, source: &str, diagnostics: &mut Diagnostics) {
    let lines = lines(source);
    let place = within(&lines, position(error.marker()));
    let line = lines.get(place.line - 1).copied().unwrap_or_default();
    let next = line.chars().nth(place.column - 1);
    let before = place.column.checked_sub(2).and_then(|column| line.chars().nth(column));
    let span = Span { start: place, end: Position { column: place.column + 1, ..place } };
    let span = if matches!(next, Some('&' | '*' | '!')) { Lines::of(source).word(span) } else { span };
    let diagnostic = tab(error.info(), &lines, place)
        .or_else(|| by_character(before, next, line, span))
        .unwrap_or_else(|| by_rule(error.info(), span));
    if before == Some('}') {
        // The braces in front of it were text, so they are no map with keys that lack values.
        diagnostics.retain(|d| d.code != Code::ValuelessKey || d.span.start.line != place.line);
    }
    diagnostics.push(diagnostic);
}

/// The first character that YAML does not allow, whatever stands around it; the parser lets some of them pass.
pub(super) fn control_character(source: &str) -> Option<Diagnostic> {
    let refused = |c: char| (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || c == '\u{FEFF}';
    let (at, c) = source.char_indices().find(|(_, c)| refused(*c))?;
    let before = source.get(..at).unwrap_or_default();
    let before = lines(before);
    let column = before.last().map_or(0, |line| line.chars().count()) + 1;
    let start = Position { line: before.len().max(1), column };
    let span = Span { start, end: Position { column: start.column + 1, ..start } };
    let message = format!("the invisible character U+{:04X} is not allowed", u32::from(c));
    Some(
        Diagnostic::new(Code::NotYaml, span, message)
            .mend("remove it; in double quotes it can be written as an escape"),
    )
}

/// The parser reports the end of the file behind its last line; a person looks at the last line that says something.
fn within(lines: &[&str], place: Position) -> Position {
    let last = lines.iter().rposition(|line| !line.trim().is_empty()).unwrap_or_default();
    if place.line <= last + 1 {
        return place;
    }
    let column = lines.get(last).map_or(0, |line| line.trim_end().chars().count());
    Position { line: last + 1, column: column.max(1) }
}

/// A tab in the indentation of the reported line or of the next one: the parser often reports what it read before.
fn tab(info: &str, lines: &[&str], place: Position) -> Option<Diagnostic> {
    if info.contains("valid YAML whitespace") {
        let start = Position { column: place.column.checked_sub(1)?, ..place };
        let line = lines.get(start.line - 1)?;
        let is_tab = line.chars().nth(start.column.checked_sub(1)?) == Some('\t');
        let found = Diagnostic::new(Code::NotYaml, Span { start, end: place }, "a tab behind a colon");
        return is_tab.then(|| found.mend("write a blank behind the colon"));
    }
    if !info.contains("tab") {
        return None;
    }
    let near = lines.iter().enumerate().skip(place.line - 1).take(2);
    let mut indented = near.filter_map(|(number, line)| {
        let column = line.chars().take_while(|c| c.is_whitespace()).position(|c| c == '\t')?;
        Some(Position { line: number + 1, column: column + 1 })
    });
    let start = indented.next().unwrap_or(place);
    let span = Span { start, end: Position { column: start.column + 1, ..start } };
    Some(
        Diagnostic::new(Code::NotYaml, span, "a tab in the indentation")
            .mend("indent with blanks: two for each level"),
    )
}

fn by_character(before: Option<char>, next: Option<char>, line: &str, span: Span) -> Option<Diagnostic> {
    let say = |code, message: String, mend: String| Some(Diagnostic::new(code, span, message).mend(mend));
    let quote = |example: &str| format!("quote it: {}", quoted(line).unwrap_or_else(|| example.to_owned()));
    match next {
        _ if before == Some('}') => say(
            Code::NotYaml,
            "text that begins with `{` was read as a map".to_owned(),
            quote("\"{name}={value}\""),
        ),
        Some(c @ ('@' | '`' | '%')) => {
            say(Code::NotYaml, format!("text cannot begin with `{c}`"), quote("\"...\""))
        }
        Some('&' | '*') => say(
            Code::AnchorOrAlias,
            "anchors and aliases are not part of the language".to_owned(),
            format!("give what is shared a name in `types`; if it is text, {}", quote("\"&\"")),
        ),
        Some('!') => say(Code::Tag, "tags are not part of the language".to_owned(), quote("\"!...\"")),
        _ => None,
    }
}

/// The line `key: text` with its text in quotes, if it is one.
fn quoted(line: &str) -> Option<String> {
    let (key, text) = line.trim().split_once(": ")?;
    let text = text.trim();
    let simple = !key.contains(['{', '"', '\'']) && !text.contains(['"', '\\', '#', ',']) && !text.is_empty();
    simple.then(|| format!("{key}: \"{text}\""))
}

/// What the parser says, what we say instead, and the mend.
const RULES: &[(&str, &str, &str)] = &[
    (
        "mapping values are not allowed",
        "a second `: ` in one line",
        "text with a colon and a blank needs quotes: doc: \"note: read this\"; or a line is indented wrongly",
    ),
    (
        "trailing content after",
        "text goes on behind the closing quote",
        "a quote inside quoted text: write \\\" inside \"...\", or '' inside '...'",
    ),
    (
        "quoted scalar, found unexpected end",
        "the quote that opens here is never closed",
        "add the closing quote",
    ),
    (
        "quoted scalar, found unexpected document",
        "the quote that opens here is never closed",
        "add the closing quote",
    ),
    (
        "indentation in quoted scalar",
        "the quote that opens here is not closed in its line",
        "add the closing quote",
    ),
    (
        "unknown escape character",
        "an unknown escape in double quotes",
        "write the backslash twice, or use single quotes",
    ),
    (
        "hexadecimal number",
        "an incomplete escape in double quotes",
        "write the backslash twice, or use single quotes",
    ),
    (
        "expected ',' or '}'",
        "a `,` or `}` is missing",
        "close the braces; text with special characters needs quotes",
    ),
    (
        "expected ',' or ']'",
        "a `,` or `]` is missing",
        "close the brackets; text with special characters needs quotes",
    ),
    ("placement of ':'", "a bracket or brace before this was not closed", "close it on its own line"),
    ("misplaced bracket", "a bracket or brace that nothing opened", "remove it, or quote the text: \"}\""),
    (
        "block sequence entries",
        "a list item in the line of its key",
        "begin the list on a new line, or write key: [a, b]",
    ),
    ("recursion limit", "too many brackets inside each other", "no part of the language is so deep"),
    (
        "did not find expected key",
        "a line that fits neither into this map nor behind it",
        "indent it like its neighbours",
    ),
    (
        "expected '-' indicator",
        "a key in the middle of a list",
        "indent it like its neighbours, or begin it with a dash",
    ),
    (
        "invalid indentation",
        "a line that is indented too little",
        "indent it further than the line that it belongs to",
    ),
    (
        "block scalar, did not find expected comment",
        "text in the line of `|` or `>`",
        "begin the text on the next line, or quote it",
    ),
    (
        "wrongly indented",
        "a line of the text that is indented too little",
        "indent it like the first line of the text",
    ),
    ("simple key expect", "a key without a colon", "write key: value"),
    ("expected node content", "a value is missing", "write a value, or quote the text: \",\""),
];

fn by_rule(info: &str, span: Span) -> Diagnostic {
    let known = RULES.iter().find(|(said, _, _)| info.contains(said));
    match known {
        Some((_, message, mend)) => Diagnostic::new(Code::NotYaml, span, *message).mend(*mend),
        None => Diagnostic::new(Code::NotYaml, span, format!("this is no YAML: {info}")),
    }
}
