//! `payspec check`: every mistake of every file at once.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use payspec_codegen::codes::Code;
use payspec_codegen::diagnostic::Severity;
use payspec_codegen::{Report, compile};

use crate::{CLEAN, COULD_NOT_RUN, MISTAKES};

/// Checks files, one after the other, and says at the end how many mistakes there were.
pub(crate) fn check(files: &[PathBuf], deny_warnings: bool, err: &mut dyn Write) -> io::Result<u8> {
    let (mut mistakes, mut warnings, mut unreadable) = (0, 0, 0);
    for file in files {
        match check_one(file) {
            Ok(report) => {
                write!(err, "{report}")?;
                mistakes += count(&report, Severity::Error);
                warnings += count(&report, Severity::Warning);
            }
            Err(error) => {
                writeln!(err, "error: {} cannot be read: {error}", file.display())?;
                unreadable += 1;
            }
        }
    }
    let files = files.len();
    writeln!(err, "{files} checked: {mistakes} mistakes, {warnings} warnings")?;
    Ok(match (unreadable, mistakes + if deny_warnings { warnings } else { 0 }) {
        (0, 0) => CLEAN,
        (0, _) => MISTAKES,
        _ => COULD_NOT_RUN,
    })
}

fn check_one(file: &Path) -> io::Result<Report> {
    let source = fs::read_to_string(file)?;
    Ok(match compile(&source, &file.to_string_lossy()) {
        Ok(compiled) => compiled.warnings,
        Err(report) => report,
    })
}

fn count(report: &Report, severity: Severity) -> usize {
    report.diagnostics().iter().filter(|diagnostic| diagnostic.severity() == severity).count()
}

/// Explains a code at length.
pub(crate) fn explain(code: &str, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    match Code::from_number(&code.to_ascii_uppercase()) {
        Some(known) => {
            writeln!(out, "{known}: {}\n\n{}", known.title(), known.explain())?;
            Ok(CLEAN)
        }
        None => {
            writeln!(err, "error: there is no code `{code}`; codes look like {}", Code::NewerLanguage)?;
            Ok(COULD_NOT_RUN)
        }
    }
}
