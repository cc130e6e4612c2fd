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

    /// Adds a paragraph in the words of a spec.
    pub(super) fn spec(self, text: &str) -> Self {
        self.ours(escape(text))
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
        let wrapped: Vec<String> = self.paragraphs.iter().map(|paragraph| wrap(paragraph)).collect();
        let text = wrapped.join("\n\n");
        let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
        if form == "//!" { quote!(#(#![doc = #lines])*) } else { quote!(#(#[doc = #lines])*) }
    }
}

/// How long a line of a doc comment may be.
const WIDTH: usize = 100;

/// Breaks long lines between words, never inside a code span. What follows in an item of a list is indented.
fn wrap(paragraph: &str) -> String {
    let lines = paragraph.lines().map(|line| {
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
