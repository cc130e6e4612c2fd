//! How a text is written: without quotes where nobody could take it for something else, in quotes otherwise.
//!
//! What is written in quotes is never re-escaped; quotes are taken off, put on, or changed from single to double where
//! that needs no escape. Every scalar is text to the compiler, so quotes never change what a spec means; they are kept
//! where they keep a number, a switch or a date from looking like one to another reader of YAML.

use payspec_codegen::read::ScalarStyle;

use super::block::Block;
use super::grammar::Shape;
use super::source::BLANKS;

/// A text as it will stand in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// On one line.
    Line(String),
    /// Over several lines, which YAML joins.
    Folded(Vec<String>),
    /// On lines of its own.
    Block(Block),
}

/// Words that other readers of YAML take for a switch or for nothing.
const SWITCHES: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];

/// Writes a text that is not a block. `raw` is how it stands in the file, line by line.
pub(super) fn scalar(raw: &[&str], text: &str, style: ScalarStyle, shape: Shape) -> Written {
    let is_plain = style == ScalarStyle::Plain;
    let lacks_quotes = is_plain
        && match shape {
            Shape::Any => false,
            Shape::Prose => true,
            _ => needs_quotes(text),
        };
    let is_bare = match shape {
        Shape::Any | Shape::Prose => is_plain && !lacks_quotes,
        Shape::Literal | Shape::Names(_) => is_plain || is_word(text),
        Shape::Word | Shape::Keys(_) => is_plain || is_word(text) || is_term(text),
    };
    let line = match raw {
        [line] => line.trim_matches(BLANKS),
        _ => return Written::Folded(folded(raw, lacks_quotes)),
    };
    Written::Line(if lacks_quotes {
        quoted(text)
    } else if is_bare || matches!(shape, Shape::Any) {
        if is_bare { text.to_owned() } else { line.to_owned() }
    } else if line.starts_with('\'') && !has_escapes(text) {
        quoted(text)
    } else {
        line.to_owned()
    })
}

/// Writes a key.
pub(super) fn key(raw: &[&str], text: &str, style: ScalarStyle) -> String {
    let is_plain = style == ScalarStyle::Plain;
    match raw {
        _ if is_plain && !needs_quotes(text) => text.to_owned(),
        _ if is_word(text.strip_suffix('?').unwrap_or(text)) => text.to_owned(),
        [line] if !is_plain && line.starts_with('"') => line.trim_matches(BLANKS).to_owned(),
        _ => quoted(text),
    }
}

/// The lines of a text that YAML joins, in new quotes if it needs them.
fn folded(raw: &[&str], quote: bool) -> Vec<String> {
    let last = raw.len().saturating_sub(1);
    let mut lines: Vec<String> = raw
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let line = if index > 0 { line.trim_start_matches(BLANKS) } else { line };
            let line = if index < last { line.trim_end_matches(BLANKS) } else { line };
            if quote { escaped(line) } else { line.to_owned() }
        })
        .collect();
    if quote {
        lines.first_mut().into_iter().for_each(|line| line.insert(0, '"'));
        lines.last_mut().into_iter().for_each(|line| line.push('"'));
    }
    lines
}

/// One word of letters, digits, `_` and `.`, which no reader takes for anything but text.
fn is_word(text: &str) -> bool {
    text.starts_with(char::is_alphabetic)
        && text.ends_with(|c: char| c.is_alphanumeric() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
        && !is_switch(text)
        && text.parse::<f64>().is_err()
}

/// Words, a path, a range, a share or a whole number, where the language expects one.
fn is_term(text: &str) -> bool {
    let is_number = text.parse::<f64>().is_ok();
    let is_whole = text.chars().all(|c| c.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '/'))
        && !text.ends_with(' ')
        && !text.contains("  ")
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '%' | ' '))
        && (!is_number || is_whole)
        && (!is_switch(text) || matches!(text, "true" | "false"))
}

fn is_switch(text: &str) -> bool {
    SWITCHES.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Without quotes it would be read as something else, at the latest when somebody writes it into braces.
fn needs_quotes(text: &str) -> bool {
    text.is_empty()
        || text.contains([':', '#', ',', '[', ']', '{', '}'])
        || text.starts_with(['&', '*', '!', '|', '>', '\'', '"', '%', '@', '`'])
        || ["- ", "? "].iter().any(|sign| text.starts_with(sign))
        || ["-", "?"].contains(&text)
}

/// In double quotes it would need escapes.
fn has_escapes(text: &str) -> bool {
    text.contains(['"', '\\']) || text.chars().any(char::is_control)
}

/// A text in the quotes that need fewer escapes; double ones if it makes no difference.
fn quoted(text: &str) -> String {
    if has_escapes(text) && !text.chars().any(|c| c.is_control() || c == '\'') {
        format!("'{text}'")
    } else {
        format!("\"{}\"", escaped(text))
    }
}

fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => written.extend(['\\', c]),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            c if c.is_control() => written.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => written.push(c),
        }
    }
    written
}
