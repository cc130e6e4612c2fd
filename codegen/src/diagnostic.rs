//! What the compiler says about a spec: a code, a place, what is wrong there and the mend.
//!
//! Every step of the road (read, model, check) pushes into one [`Diagnostics`] and goes on, so that an author sees
//! all mistakes at once. The catalogue of what can be said is in [`crate::codes`]; what a diagnostic looks like is
//! in `render`; guessing the word that was meant is in `similar`. Who prints it (the macro as `compile_error!`, the
//! command line on a terminal) is not decided here.

mod render;
mod similar;

use std::fmt;

pub(crate) use self::render::lines;
pub use self::similar::did_you_mean;
pub use crate::codes::Code;

/// A place in the source text: line and column, both counted from one, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, counted from one.
    pub line: usize,
    /// The character within the line, counted from one.
    pub column: usize,
}

impl Default for Position {
    fn default() -> Self {
        Position { line: 1, column: 1 }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A stretch of the source text. The default stands for the file as a whole and shows its first character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first character.
    pub start: Position,
    /// The character behind the last one.
    pub end: Position,
}

impl Span {
    /// The stretch from the beginning of `self` to the end of `last`.
    #[must_use]
    pub fn to(self, last: Span) -> Span {
        Span { start: self.start, end: self.end.max(last.end) }
    }

    /// The place where the stretch begins, without any length.
    #[must_use]
    pub fn beginning(self) -> Span {
        Span { start: self.start, end: self.start }
    }
}

/// How much weight a diagnostic has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The spec cannot be compiled.
    Error,
    /// The spec compiles; the author mends it or says why not, with `accepts`.
    Warning,
    /// Something worth knowing, shown by the command line and in the reference pages.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        })
    }
}

/// One thing that is said about one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which entry of the catalogue it is; the severity follows from it.
    pub code: Code,
    /// Where it is.
    pub span: Span,
    /// What is wrong, in one line, with the author's own words in backticks.
    pub message: String,
    /// What to do about it; may have several lines.
    pub mend: Option<String>,
    /// Other places that take part, each with what it is ("first here").
    pub related: Vec<(Span, String)>,
}

impl Diagnostic {
    /// Says `message` about `span`.
    #[must_use]
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic { code, span, message: message.into(), mend: None, related: Vec::new() }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = Some(mend.into());
        self
    }

    /// Adds what to do about it, where something is known.
    #[must_use]
    pub fn mend_if_any(mut self, mend: Option<String>) -> Self {
        self.mend = mend.or(self.mend);
        self
    }

    /// Adds another place that takes part.
    #[must_use]
    pub fn related(mut self, span: Span, what: impl Into<String>) -> Self {
        self.related.push((span, what.into()));
        self
    }

    /// How much weight it has.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// The text in rustc's shape, without colours and with a line break at its end. `file` is shown as it is given.
    #[must_use]
    pub fn render(&self, file: &str, source: &str) -> String {
        render::Page::new(file, source, render::PLAIN).only(self)
    }
}

/// More than these are not kept: nobody reads them, and a hostile file could fill the memory with them.
const MOST_KEPT: usize = 1000;

/// All that was found so far, always sorted by place and code and without repetitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    /// Sorted by place and code.
    found: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Nothing found yet.
    #[must_use]
    pub fn new() -> Self {
        Diagnostics::default()
    }

    /// Adds one, unless exactly this has been said already.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let key = |d: &Diagnostic| (d.span, d.code);
        let wanted = key(&diagnostic);
        let end = self.found.partition_point(|d| key(d) <= wanted);
        let equals = self.found.iter().take(end).rev().take_while(|d| key(d) == wanted);
        let said = equals.into_iter().any(|d| *d == diagnostic);
        // Beyond the limit only an error counts that is the first one.
        let counts =
            self.found.len() < MOST_KEPT || (diagnostic.severity() == Severity::Error && !self.has_errors());
        if !said && counts {
            self.found.insert(end, diagnostic);
        }
    }

    /// Whether no more would be kept, so that no work is worth doing for their words.
    pub(crate) fn is_full(&self) -> bool {
        self.found.len() >= MOST_KEPT && self.has_errors()
    }

    /// Whether anything stops the compilation.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|d| d.severity() == Severity::Error)
    }

    /// Whether nothing at all was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How many were found.
    #[must_use]
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// All of them, in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.found.iter()
    }

    /// Keeps those for which `wanted` is true, such as all but the accepted warnings.
    pub fn retain(&mut self, wanted: impl FnMut(&Diagnostic) -> bool) {
        self.found.retain(wanted);
    }

    /// All of them as text, an empty line between two; beyond a hundred only their number.
    #[must_use]
    pub fn render(&self, file: &str, source: &str) -> String {
        render::Page::new(file, source, render::PLAIN).all(&self.found)
    }

    /// The same text with the colours of a terminal, as ANSI escapes.
    #[must_use]
    pub fn render_in_colour(&self, file: &str, source: &str) -> String {
        render::Page::new(file, source, render::COLOURED).all(&self.found)
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, more: I) {
        for diagnostic in more {
            self.push(diagnostic);
        }
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.found.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
