//! Commands of GitHub's workflows, which become annotations beside the changed lines.

use std::io;

use payspec_codegen::diagnostic::{Diagnostic, Severity};

use super::{Checked, Display, Tally, text};
use crate::terminal::{Terminal, visible};

pub(super) struct GitHub;

impl Display for GitHub {
    fn file(&mut self, name: &str, checked: &Checked<'_>, terminal: &mut Terminal) -> io::Result<()> {
        match checked {
            Checked::Spec(report) => {
                for found in report.diagnostics() {
                    writeln!(terminal.out, "{}", annotation(name, found))?;
                }
                Ok(())
            }
            Checked::Vectors => Ok(()),
            Checked::Unreadable(failure) => {
                let said = message(failure.message(), failure.help());
                writeln!(terminal.out, "::error file={},title=payspec::{said}", property(name))
            }
        }
    }

    fn end(&mut self, tally: &Tally, terminal: &mut Terminal) -> io::Result<()> {
        writeln!(terminal.err, "{}", text::summary(tally))
    }
}

fn annotation(file: &str, found: &Diagnostic) -> String {
    let command = match found.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let (start, end) = (found.span.start, found.span.end);
    let mut place = format!("file={},line={},col={}", property(file), start.line, start.column);
    // GitHub takes columns of one line only.
    if end.line == start.line {
        place = format!("{place},endColumn={}", end.column.max(start.column));
    } else {
        place = format!("{place},endLine={}", end.line);
    }
    let title = property(&format!("{}: {}", found.code.number(), found.code.title()));
    format!("::{command} {place},title={title}::{}", message(&found.message, found.mend.as_deref()))
}

fn message(said: &str, mend: Option<&str>) -> String {
    let said = data(&visible(said));
    let mend = mend.into_iter().flat_map(str::lines).enumerate();
    mend.fold(said, |text, (place, line)| {
        let lead = if place == 0 { "help: " } else { "" };
        format!("{text}%0A{lead}{}", data(&visible(line)))
    })
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, where commas and colons have a meaning, too.
fn property(text: &str) -> String {
    data(&visible(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use payspec_codegen::codes::Code;
    use payspec_codegen::diagnostic::{Position, Span};

    use super::*;

    #[test]
    fn what_has_a_meaning_in_a_command_is_escaped() {
        let at = |line, column| Position { line, column };
        let span = Span { start: at(3, 5), end: at(3, 9) };
        let found = Diagnostic::new(Code::NotARange, span, "100% of `a, b: c`\n::error::x").mend("one\ntwo");
        assert_eq!(
            annotation("a,b:c.yaml", &found),
            "::error file=a%2Cb%3Ac.yaml,line=3,col=5,endColumn=9,title=PS007%3A text that is no range\
             ::100%25 of `a, b: c`\\n::error::x%0Ahelp: one%0Atwo"
        );
    }

    #[test]
    fn a_place_of_several_lines_has_no_end_column() {
        let span = Span { start: Position { line: 3, column: 5 }, end: Position { line: 4, column: 1 } };
        let said = annotation("a.yaml", &Diagnostic::new(Code::UnusedType, span, "x"));
        assert!(said.starts_with("::warning file=a.yaml,line=3,col=5,endLine=4,title="), "{said}");
    }
}
