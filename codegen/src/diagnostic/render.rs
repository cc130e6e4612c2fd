//! Diagnostics as text in rustc's shape.
//!
//! The same layout serves `compile_error!` and the terminal: [`Paint`] says what is put around each part, and for plain
//! text that is nothing. The text of a spec is not trusted: control and direction characters never reach the terminal,
//! and a line of any length is shown only around the mistake.

use std::fmt::Write;

use super::{Diagnostic, Severity, Span};

/// More diagnostics than these help nobody.
const MOST_SHOWN: usize = 100;
/// Characters of a line that are shown before and behind the beginning of the mistake.
const BEFORE: usize = 100;
const BEHIND: usize = 120;

/// What is written before each kind of part, and behind it.
pub(super) struct Paint {
    error: &'static str,
    warning: &'static str,
    note: &'static str,
    help: &'static str,
    message: &'static str,
    /// Arrows, line numbers and bars.
    frame: &'static str,
    end: &'static str,
}

/// For `compile_error!`, files and pipes.
pub(super) const PLAIN: Paint =
    Paint { error: "", warning: "", note: "", help: "", message: "", frame: "", end: "" };

/// For a terminal, as rustc does it.
pub(super) const COLOURED: Paint = Paint {
    error: "\u{1b}[1;31m",
    warning: "\u{1b}[1;33m",
    note: "\u{1b}[1;32m",
    help: "\u{1b}[1;36m",
    message: "\u{1b}[1m",
    frame: "\u{1b}[1;34m",
    end: "\u{1b}[0m",
};

impl Paint {
    fn of(&self, severity: Severity) -> &'static str {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Note => self.note,
        }
    }
}

/// One source file with the name that is shown for it, cut into lines as far as they are shown.
pub(super) struct Page<'a> {
    file: &'a str,
    source: &'a str,
    lines: Vec<&'a str>,
    paint: Paint,
}

impl<'a> Page<'a> {
    pub(super) fn new(file: &'a str, source: &'a str, paint: Paint) -> Self {
        Page { file, source, lines: Vec::new(), paint }
    }

    /// Cuts the lines that these diagnostics show.
    fn cut(&mut self, diagnostics: &[Diagnostic]) {
        let places =
            |d: &Diagnostic| d.related.iter().map(|(span, _)| *span).chain([d.span]).collect::<Vec<_>>();
        let last = diagnostics.iter().flat_map(places).map(|span| span.start.line).max();
        self.lines = all_lines(self.source).take(last.unwrap_or_default()).collect();
    }

    pub(super) fn only(mut self, diagnostic: &Diagnostic) -> String {
        self.cut(std::slice::from_ref(diagnostic));
        self.one(diagnostic)
    }

    pub(super) fn all(mut self, diagnostics: &[Diagnostic]) -> String {
        self.cut(diagnostics.get(..MOST_SHOWN).unwrap_or(diagnostics));
        let shown = diagnostics.iter().take(MOST_SHOWN).map(|d| self.one(d));
        let mut text = shown.collect::<Vec<_>>().join("\n");
        let hidden = diagnostics.len().saturating_sub(MOST_SHOWN);
        if hidden > 0 {
            // Writing into a `String` cannot fail.
            let _ = write!(text, "\n... and {hidden} more\n");
        }
        text
    }

    fn one(&self, diagnostic: &Diagnostic) -> String {
        let places = std::iter::once(diagnostic.span).chain(diagnostic.related.iter().map(|(span, _)| *span));
        let widest = places.map(|span| span.start.line).max().unwrap_or(1);
        let gutter = widest.to_string().len();
        let severity = diagnostic.severity();
        let Paint { message, end, .. } = self.paint;
        let mut text = format!(
            "{}{severity}[{}]{end}{message}: {}{end}\n",
            self.paint.of(severity),
            diagnostic.code.number(),
            one_line(&diagnostic.message),
        );
        text.push_str(&self.excerpt(diagnostic.span, gutter, severity));
        if let Some(mend) = &diagnostic.mend {
            text.push_str(&self.help(mend, gutter));
        }
        for (span, what) in &diagnostic.related {
            let note = Severity::Note;
            let _ = writeln!(text, "{}{note}{end}{message}: {}{end}", self.paint.of(note), one_line(what));
            text.push_str(&self.excerpt(*span, gutter, note));
        }
        text
    }

    /// The place, the line and the carets below it; only the place where the file has no such line.
    fn excerpt(&self, span: Span, gutter: usize, severity: Severity) -> String {
        let Paint { frame, end, .. } = self.paint;
        let mut text = format!("{:gutter$} {frame}-->{end} {}:{}\n", "", one_line(self.file), span.start);
        let Some(line) = self.lines.get(span.start.line.saturating_sub(1)) else { return text };
        let (shown, indent, carets) = window(line, span);
        let _ = writeln!(text, " {:gutter$} {frame}|{end}", "");
        let _ = writeln!(text, " {frame}{:>gutter$} |{end} {shown}", span.start.line);
        let (colour, indent, carets) = (self.paint.of(severity), " ".repeat(indent), "^".repeat(carets));
        let _ = writeln!(text, " {:gutter$} {frame}|{end} {indent}{colour}{carets}{end}", "");
        text
    }

    fn help(&self, mend: &str, gutter: usize) -> String {
        let Paint { help, frame, end, .. } = self.paint;
        let mut text = String::new();
        for (place, line) in mend.lines().enumerate() {
            let lead = match place {
                0 => format!("{frame}={end} {help}help{end}:"),
                _ => " ".repeat(7),
            };
            let _ = writeln!(text, " {:gutter$} {lead} {}", "", one_line(line));
        }
        text
    }
}

/// The part of the line to show, the width before the mistake and the width of the mistake.
fn window(line: &str, span: Span) -> (String, usize, usize) {
    let start = span.start.column.saturating_sub(1);
    let end = if span.end.line == span.start.line { span.end.column.saturating_sub(1) } else { usize::MAX };
    let first = start.saturating_sub(BEFORE);
    let mut shown = String::from(if first > 0 { "..." } else { "" });
    let mut indent = shown.len();
    let mut carets = 0;
    for (place, c) in line.chars().enumerate().skip(first) {
        if place >= start.saturating_add(BEHIND) {
            shown.push_str("...");
            break;
        }
        let width = push(&mut shown, c);
        if place < start {
            indent += width;
        } else if place < end {
            carets += width;
        }
    }
    // Blanks at the end are no part of what a person sees as the mistake, nor of the line.
    shown.truncate(shown.trim_end().len());
    let width_shown: usize = shown.chars().map(width).sum();
    let carets = carets.min(width_shown.saturating_sub(indent)).max(1);
    (shown, indent, carets)
}

/// Appends what stands for `c` and returns its width.
fn push(shown: &mut String, c: char) -> usize {
    match c {
        '\t' => {
            shown.push_str("    ");
            4
        }
        c if is_unsafe_to_show(c) => {
            shown.push(char::REPLACEMENT_CHARACTER);
            1
        }
        c => {
            shown.push(c);
            width(c)
        }
    }
}

/// Control characters, and those that make a terminal or an editor show another text than the one that counts.
fn is_unsafe_to_show(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

fn one_line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe_to_show(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// The columns that a terminal gives to `c`: two for what East Asian fonts draw wide, none for what is drawn on top.
fn width(c: char) -> usize {
    match c {
        '\u{0300}'..='\u{036F}' | '\u{FE00}'..='\u{FE0F}' => 0,
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{303E}'
        | '\u{3041}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF01}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}'
        | '\u{1F300}'..='\u{1F64F}'
        | '\u{1F900}'..='\u{1F9FF}'
        | '\u{20000}'..='\u{3FFFD}' => 2,
        _ => 1,
    }
}

/// The lines as YAML counts them: ended by `\n`, `\r\n` or `\r`; a byte order mark is no part of the first.
fn all_lines(source: &str) -> impl Iterator<Item = &str> {
    let source = source.strip_prefix('\u{FEFF}').unwrap_or(source);
    source.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
}

/// All of them.
pub(crate) fn lines(source: &str) -> Vec<&str> {
    all_lines(source).collect()
}
