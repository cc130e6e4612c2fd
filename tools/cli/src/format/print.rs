//! The printer: a layout becomes text.
//!
//! Two blanks for each level; what is in braces stays on one line while it fits and becomes lines of its own otherwise;
//! values in braces stand below each other where their keys are names of the author's; comments beside a short line
//! begin in one column, so that a change in one line never moves the comment of another.

use super::layout::{Collection, Item, Layout, Remark, Value};
use super::quoting::Written;

/// The longest line that holds a map or list in braces, in columns. Its comment does not count.
const WIDTH: usize = 140;

/// The longest line of a list of words that has several.
const FILLED: usize = 128;

/// How many blanks stand in front of a comment beside a short line, with the line itself.
const COMMENTS: usize = 37;

/// Prints a file. `sections_are_apart` puts an empty line between the keys at its top.
pub(super) fn print(layout: &Layout, sections_are_apart: bool) -> String {
    let mut page = Page { lines: Vec::new(), open_end: 0 };
    page.remarks(&layout.head, 0, true);
    if !layout.head.is_empty() && layout.head_is_apart {
        page.empty_line();
    }
    page.map(&layout.map, 0, sections_are_apart);
    page.lines.push(String::new());
    page.lines.join("\n")
}

struct Page {
    lines: Vec<String>,
    /// How many lines there were behind a text to which empty lines at its end belong.
    open_end: usize,
}

impl Page {
    fn line(&mut self, indent: usize, text: &str) {
        self.lines.push(format!("{:indent$}{text}", ""));
    }

    /// One empty line, never two, none at the top, and none that would become part of a text.
    fn empty_line(&mut self) {
        if self.open_end != self.lines.len() && self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(String::new());
        }
    }

    fn remarks(&mut self, remarks: &[Remark], indent: usize, is_first: bool) {
        for (index, remark) in remarks.iter().enumerate() {
            if remark.is_apart && !(is_first && index == 0) {
                self.empty_line();
            }
            self.line(indent, &remark.text);
        }
    }

    /// What stands above an item.
    fn above(&mut self, item: &Item, indent: usize, is_first: bool) {
        self.remarks(&item.above, indent, is_first);
        if item.is_apart && !(is_first && item.above.is_empty()) {
            self.empty_line();
        }
    }

    /// A line with the comment beside it.
    fn ended(&mut self, indent: usize, text: &str, beside: Option<&String>) {
        let mut line = format!("{:indent$}{text}", "");
        if let Some(comment) = beside {
            let length = width(&line);
            let gap = COMMENTS.saturating_sub(length).max(2);
            line = format!("{line}{:gap$}{comment}", "");
        }
        self.lines.push(line);
    }

    fn map(&mut self, map: &Collection, indent: usize, is_apart: bool) {
        let columns = columns(map, indent);
        for (index, (item, column)) in map.items.iter().zip(columns).enumerate() {
            if is_apart && index > 0 {
                self.empty_line();
            }
            self.above(item, indent, index == 0);
            let key = item.key.as_deref().unwrap_or_default();
            self.value(&format!("{key}:"), column, item, indent);
        }
        self.remarks(&map.below, indent, false);
    }

    fn list(&mut self, list: &Collection, indent: usize) {
        for (index, item) in list.items.iter().enumerate() {
            self.above(item, indent, index == 0);
            match &item.value {
                Value::List(inner) | Value::Map(inner) if one_line(&item.value, indent + 2).is_none() => {
                    // It would stand behind the first key only, and belongs to the whole item.
                    if let Some(comment) = &item.beside {
                        self.line(indent, comment);
                    }
                    self.compact(&item.value, inner, indent);
                }
                _ => self.value("-", 0, item, indent),
            }
        }
        self.remarks(&list.below, indent, false);
    }

    /// A map or list in lines, which begins in the line of its dash. Comments above its first line go above the dash.
    fn compact(&mut self, value: &Value, inner: &Collection, indent: usize) {
        let first = self.lines.len();
        match value {
            Value::List(_) => self.list(inner, indent + 2),
            _ => self.map(inner, indent + 2, false),
        }
        for line in self.lines.iter_mut().skip(first) {
            let text = line.trim_start_matches(' ').to_owned();
            if text.starts_with('#') || text.is_empty() {
                line.replace_range(..line.len() - text.len(), &" ".repeat(indent.min(line.len())));
                continue;
            }
            *line = format!("{:indent$}- {text}", "");
            break;
        }
    }

    /// A value behind its key or dash, from this column on.
    fn value(&mut self, key: &str, column: usize, item: &Item, indent: usize) {
        let beside = item.beside.as_ref();
        let gap = column.saturating_sub(width(key)) + 1;
        let behind = |text: &str| format!("{key}{:gap$}{text}", "");
        match &item.value {
            Value::Nothing => self.ended(indent, key, beside),
            Value::Text(Written::Line(text)) => self.ended(indent, &behind(text), beside),
            Value::Text(Written::Folded(lines)) => self.folded(&behind(""), lines, indent, beside),
            Value::Text(Written::Block(block)) => {
                self.ended(indent, &behind(&block.header), beside);
                for line in &block.lines {
                    if line.is_empty() { self.lines.push(String::new()) } else { self.line(indent + 2, line) }
                }
                if block.header.contains('+') {
                    self.open_end = self.lines.len();
                }
            }
            Value::List(inner) | Value::Map(inner) => {
                if let Some(text) = one_line(&item.value, indent + width(key) + 1) {
                    return self.ended(indent, &behind(&text), beside);
                }
                if let (Some(_), Some(words)) = (&item.key, words(&item.value)) {
                    self.ended(indent, &behind("["), beside);
                    self.filled(&words, indent + 2);
                    return self.line(indent, "]");
                }
                self.ended(indent, key, beside);
                match item.value {
                    Value::List(_) => self.list(inner, indent + 2),
                    _ => self.map(inner, indent + 2, false),
                }
            }
        }
    }

    /// The items of a long list of words, as many on each line as fit.
    fn filled(&mut self, words: &[&str], indent: usize) {
        let mut line = String::new();
        for (index, word) in words.iter().enumerate() {
            let comma = if index + 1 < words.len() { "," } else { "" };
            if !line.is_empty() && indent + width(&line) + 1 + width(word) + comma.len() > FILLED {
                self.line(indent, &std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            line.push_str(comma);
        }
        self.line(indent, &line);
    }

    /// A text over several lines, which YAML joins.
    fn folded(&mut self, key: &str, lines: &[String], indent: usize, beside: Option<&String>) {
        let last = lines.len().saturating_sub(1);
        for (index, line) in lines.iter().enumerate() {
            let text = if index == 0 { format!("{key}{line}") } else { line.clone() };
            let indent = if index == 0 { indent } else { indent + 2 };
            match (text.is_empty(), index == last) {
                (true, _) => self.lines.push(String::new()),
                (_, is_last) => self.ended(indent, &text, beside.filter(|_| is_last)),
            }
        }
    }
}

/// How wide the keys are made. In a table, all values in braces between two empty lines begin in one column; values on
/// lines of their own neither take part nor end it.
fn columns(map: &Collection, indent: usize) -> Vec<usize> {
    let key_width = |item: &Item| item.key.as_ref().map_or(0, |key| width(key) + 1);
    let is_row = |item: &&Item| {
        let is_map = matches!(&item.value, Value::Map(inner) if !inner.items.is_empty());
        map.is_table && is_map && one_line(&item.value, indent + key_width(item) + 1).is_some()
    };
    let mut columns = Vec::with_capacity(map.items.len());
    for run in map.items.chunk_by(|_, item| !is_apart(item)) {
        let widest = run.iter().filter(is_row).map(key_width).max().unwrap_or_default();
        columns.extend(run.iter().map(|item| if is_row(&item) { widest } else { 0 }));
    }
    columns
}

/// The columns that a text takes: two for a character that East Asian fonts draw wide.
fn width(text: &str) -> usize {
    let of = |c: char| match c {
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{303E}'
        | '\u{3041}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF01}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}'
        | '\u{20000}'..='\u{3FFFD}' => 2,
        _ => 1,
    };
    text.chars().map(of).sum()
}

/// An empty line stands somewhere above it.
fn is_apart(item: &Item) -> bool {
    item.is_apart || item.above.iter().any(|remark| remark.is_apart)
}

/// The items of a list in brackets that holds nothing but words.
fn words(value: &Value) -> Option<Vec<&str>> {
    fn word(item: &Item) -> Option<&str> {
        match &item.value {
            Value::Text(Written::Line(text)) => Some(text.as_str()),
            _ => None,
        }
    }
    match value {
        Value::List(inner) if inner.is_flow => inner.items.iter().map(word).collect(),
        _ => None,
    }
}

/// A value on one line, if it fits there behind so many characters.
fn one_line(value: &Value, behind: usize) -> Option<String> {
    let text = flow(value)?;
    let is_empty = matches!(value, Value::List(inner) | Value::Map(inner) if inner.items.is_empty());
    (is_empty || behind + width(&text) <= WIDTH).then_some(text)
}

/// A value in braces or brackets, if it may stand there.
fn flow(value: &Value) -> Option<String> {
    match value {
        Value::Nothing => Some(String::new()),
        Value::Text(Written::Line(text)) => Some(text.clone()),
        Value::Text(_) => None,
        Value::List(inner) | Value::Map(inner) if !inner.is_flow => None,
        Value::List(inner) => {
            let items: Option<Vec<String>> = inner.items.iter().map(|item| flow(&item.value)).collect();
            let has_maps = inner.items.iter().any(|item| matches!(item.value, Value::Map(_)));
            let items = items?.join(", ");
            Some(if has_maps { format!("[ {items} ]") } else { format!("[{items}]") })
        }
        Value::Map(inner) if inner.items.is_empty() => Some("{}".to_owned()),
        Value::Map(inner) => {
            let entry = |item: &Item| {
                Some(format!("{}: {}", item.key.as_deref().unwrap_or_default(), flow(&item.value)?))
            };
            let entries: Option<Vec<String>> = inner.items.iter().map(entry).collect();
            Some(format!("{{ {} }}", entries?.join(", ")))
        }
    }
}
