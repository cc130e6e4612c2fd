//! Line and column are exact in every mistake, whatever stands before it.
//!
//! The files in `positions/` mark the places themselves: `«PS007:1-254»` says that a PS007 reaches from the `1` to behind
//! the `4`. The marks are taken out before the file is compiled, and where they stood is counted here, by characters and
//! line ends, without a line of the compiler. Each file is tried with every line end, with a byte order mark, behind
//! other lines and without its last line end. Then all files of `mistakes/` are told again in these forms.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use payspec_codegen::diagnostic::{Diagnostic, Position, Severity, Span};
use payspec_codegen::{Options, Report, compile, expand};

/// A file without its marks, and the marks: which code is expected where.
struct Marked {
    text: String,
    marks: Vec<(Span, String)>,
}

fn files_of(folder: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "yaml"));
    paths.sort();
    let name = |path: &PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

/// Takes the marks out and counts where they stood.
fn marked(text: &str) -> Marked {
    let mut found = Marked { text: String::new(), marks: Vec::new() };
    let mut open: Vec<(Position, String)> = Vec::new();
    let mut place = Position { line: 1, column: 1 };
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '«' => open.push((place, rest.by_ref().take_while(|c| *c != ':').collect())),
            '»' => {
                let (start, code) = open.pop().expect("a mark that was opened");
                found.marks.push((Span { start, end: place }, code));
            }
            _ => {
                found.text.push(c);
                let ends_line = c == '\n' || (c == '\r' && rest.peek() != Some(&'\n'));
                place = match c {
                    _ if ends_line => Position { line: place.line + 1, column: 1 },
                    '\r' | '\u{FEFF}' => place,
                    _ => Position { column: place.column + 1, ..place },
                };
            }
        }
    }
    assert!(open.is_empty(), "a mark that is not closed");
    found.marks.sort();
    found
}

fn told(text: &str) -> Report {
    match compile(text, "a.yaml") {
        Ok(compiled) => compiled.warnings,
        Err(report) => report,
    }
}

const LINES_BEFORE: &str = "# 综合支付平台的说明\n\n# 💰: { not, a, map }\n";

/// The same file in other forms, which move nothing but lines.
fn forms(text: &str) -> Vec<(&'static str, String)> {
    let before =
        if text.starts_with('%') { "# 综合支付平台的说明\n\n# 💰\n" } else { LINES_BEFORE };
    vec![
        ("as it is", text.to_owned()),
        ("CRLF", text.replace('\n', "\r\n")),
        ("CR", text.replace('\n', "\r")),
        ("byte order mark", format!("\u{FEFF}{text}")),
        ("byte order mark and CRLF", format!("\u{FEFF}{}", text.replace('\n', "\r\n"))),
        ("no last line end", text.trim_end_matches('\n').to_owned()),
        ("behind lines", format!("{before}{text}")),
        ("behind lines, CRLF", format!("{before}{text}").replace('\n', "\r\n")),
        ("before empty lines", format!("{text}\n\n")),
    ]
}

#[test]
fn every_mark_is_found_where_it_stands_and_nothing_else_of_its_kind() {
    let mut wrong = Vec::new();
    for (name, text) in files_of("positions") {
        for (form, text) in forms(&text) {
            let Marked { text, marks } = marked(&text);
            assert!(!marks.is_empty(), "{name} has no marks");
            let codes: BTreeSet<&str> = marks.iter().map(|(_, code)| code.as_str()).collect();
            let report = told(&text);
            let found: Vec<(Span, String)> = report
                .diagnostics()
                .iter()
                .filter(|found| codes.contains(found.code.number()))
                .map(|found| (found.span, found.code.number().to_owned()))
                .collect();
            let shown = |places: &[(Span, String)], other: &[(Span, String)]| -> Vec<String> {
                let only = places.iter().filter(|place| !other.contains(place));
                only.map(|(span, code)| format!("{code} {}-{}", span.start, span.end)).collect()
            };
            if found != marks {
                let (missing, extra) = (shown(&marks, &found), shown(&found, &marks));
                wrong.push(format!("{name}, {form}:\n  marked {missing:?}\n  found  {extra:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_mark_is_counted_by_characters() {
    let Marked { text, marks } = marked("支付: «PS001:a\r\nb»\n\tc: «PS002:💰»");
    assert_eq!(text, "支付: a\r\nb\n\tc: 💰");
    let places: Vec<String> =
        marks.iter().map(|(span, code)| format!("{code} {}-{}", span.start, span.end)).collect();
    assert_eq!(places, ["PS001 1:5-2:2", "PS002 3:5-3:6"]);
}

/// Every mistake that is known, in other forms.
#[test]
fn all_mistakes_keep_their_places_in_other_forms() {
    for (name, text) in files_of("mistakes") {
        let plain = told(&text);
        for (form, text) in forms(&text) {
            if !matches!(form, "CRLF" | "CR" | "byte order mark" | "behind lines, CRLF") {
                continue;
            }
            let moved = if form.starts_with("behind lines") { 3 } else { 0 };
            let report = told(&text);
            let expected: Vec<Diagnostic> =
                plain.diagnostics().iter().map(|found| shifted(found, moved)).collect();
            let found: Vec<Diagnostic> = report.diagnostics().iter().map(|found| shifted(found, 0)).collect();
            assert_eq!(found, expected, "{name}, {form}");
            if moved == 0 {
                assert_eq!(report.to_string(), plain.to_string(), "{name}, {form}: what is shown");
            }
        }
    }
}

/// A diagnostic some lines further down. What its words say about other lines is left out: the places say it, too.
fn shifted(found: &Diagnostic, lines: usize) -> Diagnostic {
    let down = |span: Span| Span {
        start: Position { line: span.start.line + lines, ..span.start },
        end: Position { line: span.end.line + lines, ..span.end },
    };
    let words = |text: &str| text.split("; first at ").next().unwrap().to_owned();
    Diagnostic {
        span: if found.span == Span::default() { found.span } else { down(found.span) },
        message: words(&found.message),
        related: found.related.iter().map(|(span, what)| (down(*span), what.clone())).collect(),
        ..found.clone()
    }
}

/// The colours are put around the plain text and change nothing in it.
#[test]
fn a_terminal_shows_the_text_of_a_compile_error() {
    for (name, text) in files_of("mistakes") {
        let report = told(&text);
        let mut plain = String::new();
        let coloured = report.in_colour();
        let mut rest = coloured.as_str();
        while let Some((before, behind)) = rest.split_once("\u{1b}[") {
            plain.push_str(before);
            rest = behind.split_once('m').expect("the end of an escape").1;
        }
        plain.push_str(rest);
        assert_eq!(plain, report.to_string(), "{name}");
        assert!(coloured.contains("\u{1b}[1m") || report.diagnostics().is_empty(), "{name}");
    }
}

/// Wherever the macro sees a mistake, `compile_error!` has the very text of the command, less what stops nothing.
#[test]
fn a_compile_error_has_the_plain_text() {
    for (name, text) in files_of("mistakes") {
        let report = told(&text);
        let mut errors = report.diagnostics().clone();
        errors.retain(|found| found.severity() == Severity::Error);
        if errors.is_empty() {
            continue;
        }
        let said = expand(&text, "a.yaml", &Options::default()).tokens().to_string();
        let expected = format!("the spec does not compile\n\n{}", errors.render("a.yaml", &text));
        assert!(said.contains("compile_error"), "{name}");
        assert!(said.contains(&literal(&expected)), "{name}:\n{said}");
    }
}

fn literal(text: &str) -> String {
    proc_macro2::Literal::string(text).to_string()
}
