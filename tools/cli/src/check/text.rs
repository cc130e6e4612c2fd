//! For people: rustc's shape, a line that counts, and progress while somebody waits.

use std::io;

use super::{Checked, Display, Tally};
use crate::terminal::{ERROR, FAINT, GOOD, Terminal, WARNING, counted, visible};

/// Fewer files are done before anybody can read about progress.
const MANY: usize = 50;

pub(super) struct Text {
    files: usize,
    done: usize,
    /// A code that was shown, for the last line.
    shown: Option<&'static str>,
}

impl Text {
    pub(super) fn new(files: usize) -> Self {
        Self { files, done: 0, shown: None }
    }

    fn progress(&mut self, name: &str, terminal: &mut Terminal) -> io::Result<()> {
        self.done += 1;
        if self.files >= MANY && terminal.is_interactive() {
            let short: String = visible(name).chars().take(60).collect();
            write!(terminal.err, "\r\u{1b}[K{}/{} {short}", self.done, self.files)?;
            terminal.err.flush()?;
        }
        Ok(())
    }

    /// Takes the progress away, so that something else can stand in its line.
    fn clear(&self, terminal: &mut Terminal) -> io::Result<()> {
        if self.files >= MANY && terminal.is_interactive() {
            write!(terminal.err, "\r\u{1b}[K")?;
        }
        Ok(())
    }
}

impl Display for Text {
    fn file(&mut self, name: &str, checked: &Checked<'_>, terminal: &mut Terminal) -> io::Result<()> {
        self.progress(name, terminal)?;
        match checked {
            Checked::Spec(report) => {
                let Some(worst) = report.diagnostics().iter().min_by_key(|found| found.severity()) else {
                    return Ok(());
                };
                self.shown.get_or_insert(worst.code.number());
                self.clear(terminal)?;
                writeln!(terminal.err, "{}", report.in_colour())
            }
            Checked::Vectors => {
                self.clear(terminal)?;
                let name = visible(name);
                writeln!(terminal.err, "{FAINT}{name}: skipped: vectors, see `payspec test`{FAINT:#}")
            }
            Checked::Unreadable(failure) => {
                self.clear(terminal)?;
                writeln!(terminal.err, "{failure}")
            }
        }
    }

    fn end(&mut self, tally: &Tally, terminal: &mut Terminal) -> io::Result<()> {
        self.clear(terminal)?;
        if let Some(code) = self.shown {
            writeln!(terminal.err, "{FAINT}More about a code: payspec check --explain {code}{FAINT:#}")?;
        }
        writeln!(terminal.err, "{}", summary(tally))
    }
}

/// `2 specs checked: 1 error, 3 warnings, 1 note; 1 vectors file skipped`.
pub(super) fn summary(tally: &Tally) -> String {
    let errors = match tally.errors {
        0 => format!("{GOOD}no errors{GOOD:#}"),
        errors => format!("{ERROR}{}{ERROR:#}", counted(errors, "error")),
    };
    let warnings = match tally.warnings {
        0 => "no warnings".to_owned(),
        warnings => format!("{WARNING}{}{WARNING:#}", counted(warnings, "warning")),
    };
    let mut text = format!("{} checked: {errors}, {warnings}", counted(tally.specs, "spec"));
    if tally.notes > 0 {
        text = format!("{text}, {}", counted(tally.notes, "note"));
    }
    if tally.vectors > 0 {
        text = format!("{text}; {} skipped", counted(tally.vectors, "vectors file"));
    }
    if tally.unreadable > 0 {
        text = format!("{text}; {} could not be read", counted(tally.unreadable, "file"));
    }
    text
}
