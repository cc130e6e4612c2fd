//! Doc comments of emitted code, and the sentences that several of them share.
//!
//! Text comes from specs, and rustdoc may run with warnings denied at the user's: brackets must not become links,
//! angle brackets no tags, bare addresses no lints. Code between backticks stays as the author wrote it.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Effect, Mark, Provider, Resolution};

/// Paragraphs on their way to `#[doc]` attributes.
#[derive(Clone, Debug, Default)]
pub(super) struct Docs {
    paragraphs: Vec<String>,
}

impl Docs {
    /// Begins with the words of a spec.
    pub(super) fn of_spec(text: &str) -> Self {
        Self::default().spec(text)
    }

    /// Begins with words of ours, which are Markdown already.
    pub(super) fn of_ours(text: impl Into<String>) -> Self {
        Self::default().ours(text)
    }

    /// Adds what a spec says: its paragraphs, and its blocks of code as they stand.
    pub(super) fn spec(self, text: &str) -> Self {
        blocks(text).into_iter().fold(self, |docs, block| match block {
            Block::Words(words) => docs.ours(escape(&words)),
            Block::Code(code) => docs.ours(code),
        })
    }

    /// Adds a paragraph in words of ours. An empty one is passed over.
    pub(super) fn ours(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.trim().is_empty() {
            self.paragraphs.push(text.trim().to_owned());
        }
        self
    }

    /// The attributes.
    pub(super) fn attributes(&self) -> TokenStream {
        self.lines("///")
    }

    /// The attributes of the module that they stand in.
    pub(super) fn inner_attributes(&self) -> TokenStream {
        self.lines("//!")
    }

    fn lines(&self, form: &str) -> TokenStream {
        let is_code = |paragraph: &str| paragraph.starts_with(FENCE);
        let wrapped: Vec<String> = (self.paragraphs.iter())
            .map(|paragraph| if is_code(paragraph) { paragraph.clone() } else { wrap(paragraph) })
            .collect();
        let text = wrapped.join("\n\n");
        let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
        if form == "//!" { quote!(#(#![doc = #lines])*) } else { quote!(#(#[doc = #lines])*) }
    }
}

/// What stands around a block of code.
const FENCE: &str = "```";

/// A piece of what a spec says.
enum Block {
    Words(String),
    Code(String),
}

/// Takes a text apart: paragraphs have an empty line between them, code has fences. A fence that nothing closes is
/// no fence.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut words = String::new();
    let mut rest = text.lines();
    while let Some(line) = rest.next() {
        match code_block(line, &mut rest) {
            Some(code) => blocks.extend([Block::Words(std::mem::take(&mut words)), Block::Code(code)]),
            None if line.trim().is_empty() => blocks.push(Block::Words(std::mem::take(&mut words))),
            None => {
                words.push_str(line);
                words.push('\n');
            }
        }
    }
    blocks.push(Block::Words(words));
    blocks
}

/// The block of code that this line opens; it is then read to its end. Without a language it is text, which rustdoc
/// would otherwise take for a test in Rust.
fn code_block(line: &str, rest: &mut std::str::Lines<'_>) -> Option<String> {
    let language = line.trim().strip_prefix(FENCE)?;
    let end = rest.clone().position(|line| line.trim() == FENCE)?;
    let inside: Vec<&str> = rest.by_ref().take(end + 1).collect();
    let language = if language.is_empty() { "text" } else { language };
    Some(format!("{FENCE}{language}\n{}", inside.join("\n")))
}

/// How long a line of a doc comment may be.
const WIDTH: usize = 100;

/// Breaks long lines between words, never inside a code span. What follows in an item of a list is indented.
fn wrap(paragraph: &str) -> String {
    let lines = paragraph.lines().map(|line| {
        if is_short(line) {
            return line.to_owned();
        }
        let indent = if line.starts_with("- ") { "  " } else { "" };
        let mut out = String::new();
        let mut length = 0;
        for word in words(line) {
            let width = word.chars().count();
            // A word that would begin a list, a heading or a quotation stays where it is.
            let is_marker =
                word.starts_with(['-', '+', '#', '>', '=']) || word.starts_with(|c: char| c.is_ascii_digit());
            if length > 0 && length + 1 + width > WIDTH && !is_marker {
                out.push('\n');
                out.push_str(indent);
                length = indent.len();
            } else if length > 0 {
                out.push(' ');
                length += 1;
            }
            out.push_str(&word);
            length += width;
        }
        out
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether a line stays as it is: most do.
fn is_short(line: &str) -> bool {
    line.len() <= WIDTH && !line.starts_with(' ') && !line.ends_with(' ') && !line.contains("  ")
}

/// The words of a line; a code span or a link is one word.
fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        match words.last_mut() {
            Some(last) if is_open => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
        is_open = words.last().is_some_and(|last| last.matches('`').count() % 2 == 1);
    }
    words
}

/// A doc comment of one fixed line.
pub(super) fn line(text: &str) -> TokenStream {
    Docs::of_ours(text).attributes()
}

/// Words of a spec as Markdown that says just that.
pub(super) fn escape(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '`' => code_span(rest, &mut out),
            'h' if rest.starts_with("https://") || rest.starts_with("http://") => address(rest, &mut out),
            '[' | ']' | '<' | '>' | '*' | '\\' => {
                out.push('\\');
                out.push(first);
                first.len_utf8()
            }
            other => {
                out.push(other);
                other.len_utf8()
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

/// Copies `` `code` `` as it stands, or escapes a backtick that nothing closes. Returns the bytes that were read.
fn code_span(text: &str, out: &mut String) -> usize {
    let inner = text.get(1..).unwrap_or_default();
    match inner.find('`') {
        Some(end) if end > 0 => {
            let span = text.get(..end + 2).unwrap_or_default();
            out.push_str(span);
            span.len()
        }
        _ => {
            out.push_str("\\`");
            1
        }
    }
}

/// Writes an address as a link. Returns the bytes that were read.
fn address(text: &str, out: &mut String) -> usize {
    let end = text.find(|c: char| c.is_whitespace() || "`<>\"')，。）".contains(c)).unwrap_or(text.len());
    let found = text.get(..end).unwrap_or_default().trim_end_matches(['.', ',', ';', ':']);
    out.push('<');
    out.push_str(found);
    out.push('>');
    found.len()
}

/// Text from a spec inside a code span.
pub(super) fn code(text: &str) -> String {
    if text.is_empty() {
        "the empty text".to_owned()
    } else if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}

/// `Source: document (official).`, or nothing where the thing around it has the same sources.
pub(super) fn source(provider: &Provider, own: &[String], around: &[String]) -> String {
    if own.is_empty() || own == around {
        return String::new();
    }
    let words: Vec<String> = own.iter().map(|id| source_words(provider, id)).collect();
    format!("Source: {}.", words.join(", "))
}

fn source_words(provider: &Provider, id: &str) -> String {
    match provider.sources.iter().find(|source| source.id == id) {
        Some(source) => format!("{} ({})", code(id), mark(source.mark)),
        None => escape(id),
    }
}

/// How far a source is to be believed, in words.
pub(super) fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Official => "official",
        Mark::OfficialSdk => "official SDK",
        Mark::ClientCode => "client code",
        Mark::Measured => "measured",
    }
}

/// What an operation can do, in a sentence.
pub(super) fn effect(effect: Effect, idempotent_by: Option<&str>) -> String {
    let does = match effect {
        Effect::None => return "Reads only: it may be repeated at any time.".to_owned(),
        Effect::Creates => "Creates something at the provider",
        Effect::Pays => "Moves the buyer's money",
        Effect::Refunds => "Moves money back",
        Effect::Closes => "Closes something at the provider",
        Effect::Transfers => "Moves your own money",
    };
    match idempotent_by {
        Some(field) => {
            format!("{does}. The provider promises that repeating it with the same {} is safe.", code(field))
        }
        None => format!("{does}: it is never repeated by itself."),
    }
}

/// How the truth is found after an unknown outcome, in a sentence.
pub(super) fn resolution(provider: &Provider, resolved_by: Option<&Resolution>) -> String {
    let Some(Resolution { operation, fill: _, by_hand, callback }) = resolved_by else {
        return String::new();
    };
    let callback = callback.map(|id| format!("the callback {}", code(&provider[id].name.wire)));
    let asking = operation.map(|id| &provider[id].name);
    match (asking, callback) {
        (Some(operation), callback) => {
            let how = if *by_hand {
                "its request has to be filled in by hand"
            } else {
                "`resolve` makes its request"
            };
            let also = callback.map(|callback| format!(", or wait for {callback}")).unwrap_or_default();
            format!("To find out how it ended, call [`Client::{}`] ({how}){also}.", operation.snake)
        }
        (None, Some(callback)) => format!("To find out how it ended, wait for {callback}."),
        (None, None) => "How it ended, only the provider can tell: ask its support.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_and_code_of_a_spec_stay_apart() {
        let text = "One\nparagraph [here].\n\n```js\nf(a[0],  \"<b>\");\n\n```\n\nAnother.\n";
        let paragraphs = ["One paragraph \\[here\\].", "```js\nf(a[0],  \"<b>\");\n\n```", "Another."];
        assert_eq!(Docs::of_spec(text).paragraphs, paragraphs);
    }

    #[test]
    fn code_without_a_language_is_no_test_in_rust() {
        assert_eq!(Docs::of_spec("```\nlet a = 1;\n```").paragraphs, ["```text\nlet a = 1;\n```"]);
    }

    #[test]
    fn a_fence_that_nothing_closes_is_text() {
        let paragraphs = Docs::of_spec("a\n```js\nb").paragraphs;
        assert_eq!(paragraphs, ["a \\`\\`\\`js b"]);
    }
}
