//! What came of vectors, for people: a line for each, and below what fails, what was expected and what came.

use std::io;

use payspec_codegen::Report;
use payspec_codegen::diagnostic::{Diagnostic, Diagnostics};
use payspec_vectors::{Difference, Failed, Tried, Vector, VectorsFile};

use super::{Outcome, Summary, Tested, What, hint};
use crate::failure::Failure;
use crate::terminal::{ERROR, FAINT, GOOD, HEADING, Terminal, WARNING, counted, visible};

/// Characters of a text that are shown before and behind the place where it begins to differ.
const BEFORE: usize = 40;
const BEHIND: usize = 60;
/// Stands in place of every secret.
const MASK: &str = "******";
/// More names of changes are not listed.
const MOST_NAMED: usize = 8;

/// What came of one pair.
pub(super) fn print(tested: &Tested, terminal: &mut Terminal) -> Result<(), Failure> {
    let spec = tested.pair.spec.display();
    match &tested.what {
        What::Unreadable(failure) => writeln!(terminal.err, "{failure}")?,
        What::Mistakes(report) => write!(terminal.err, "{report}")?,
        What::NoVectors => {
            let vectors = tested.pair.vectors.display();
            writeln!(
                terminal.err,
                "{WARNING}warning{WARNING:#}: {spec} has no vectors: nothing of it is tested"
            )?;
            writeln!(
                terminal.err,
                "  = help: write a message of the document, and what must come of it, to {vectors}"
            )?;
        }
        What::Ran { file, results } => ran(tested, file, results, terminal)?,
    }
    Ok(())
}

fn ran(
    tested: &Tested,
    file: &VectorsFile,
    results: &[(Vector, Outcome)],
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    if results.is_empty() {
        return Ok(());
    }
    let width = |text: fn(&Vector) -> &str| {
        results.iter().map(|(vector, _)| text(vector).chars().count()).max().unwrap_or_default()
    };
    let widths = (width(|vector| &vector.name), width(|vector| &vector.provenance));
    writeln!(terminal.out, "{HEADING}{}{HEADING:#}", tested.pair.spec.display())?;
    for (vector, outcome) in results {
        match outcome {
            Outcome::Holds(tried) => {
                let line = format!("{}  {}", label(vector, widths), came_of(tried));
                writeln!(terminal.out, "  {GOOD}ok{GOOD:#}    {}", line.trim_end())?;
            }
            Outcome::Fails(failed) => {
                writeln!(terminal.out, "  {ERROR}FAILS{ERROR:#} {}", label(vector, widths).trim_end())?;
                fails(tested, file, vector, failed, terminal)?;
            }
            Outcome::Unreproduced(_) => {}
        }
    }
    let apart = results.iter().filter_map(|(vector, outcome)| match outcome {
        Outcome::Unreproduced(failed) => Some((vector, failed)),
        _ => None,
    });
    for (at, (vector, failed)) in apart.enumerate() {
        if at == 0 {
            writeln!(terminal.out, "  printed in the document, and not reproducible; not counted as held:")?;
        }
        writeln!(terminal.out, "  {FAINT}-{FAINT:#}     {}  {}", label(vector, widths), failed.message)?;
    }
    Ok(())
}

fn label(vector: &Vector, (name, provenance): (usize, usize)) -> String {
    format!("{:name$}  {:provenance$}", visible(&vector.name), visible(&vector.provenance))
}

/// `12 changes refused; not signed: host, path`.
fn came_of(tried: &Tried) -> String {
    if let Some(reason) = &tried.skipped {
        return format!("not changed: {reason}");
    }
    let refused = match tried.refused {
        0 if tried.unnoticed.is_empty() => String::new(),
        number => format!("{} refused", counted(number, "change")),
    };
    if tried.unnoticed.is_empty() {
        return refused;
    }
    let unsigned = unsigned(&tried.unnoticed);
    let shown: Vec<String> = unsigned.iter().take(MOST_NAMED).map(|name| visible(name)).collect();
    let more = unsigned.len().saturating_sub(MOST_NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{refused}; not signed: {}{more}", shown.join(", "))
}

/// Each value once: that it can be left out as well is said only where it cannot be changed.
fn unsigned(changes: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for change in changes {
        let name = match change.strip_suffix(", left out") {
            Some(value) if changes.iter().any(|other| other == value) => continue,
            Some(value) => format!("{value} (when left out)"),
            None => change.clone(),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn fails(
    tested: &Tested,
    file: &VectorsFile,
    vector: &Vector,
    failed: &Failed,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let out = &mut terminal.out;
    match failed.code {
        Some(_) => {
            for line in report(file, failed).to_string().lines() {
                writeln!(out, "        {line}")?;
            }
        }
        None => {
            writeln!(out, "        {}", visible(&failed.message))?;
            let vectors = tested.pair.vectors.display();
            writeln!(out, "        {FAINT}-->{FAINT:#} {vectors}:{}", failed.span.start)?;
        }
    }
    if let Some(difference) = &failed.difference {
        side_by_side(difference, out)?;
    }
    if failed.code.is_none() {
        writeln!(out, "        = help: {}", hint(&tested.pair.spec, vector))?;
    }
    Ok(())
}

/// The failure as a diagnostic of the vectors file.
pub(super) fn report(file: &VectorsFile, failed: &Failed) -> Report {
    use payspec_codegen::codes::Code;
    let mut diagnostics = Diagnostics::new();
    if let Some(code) = failed.code {
        let diagnostic = Diagnostic::new(code, failed.span, failed.message.as_str());
        diagnostics.push(diagnostic.mend(match code {
            Code::VectorReproduces => "change its provenance: `official` for an example of the document",
            _ => "mend the inputs, or exercise the recipe alone",
        }));
    }
    file.report(diagnostics)
}

/// Both texts, around the first difference.
fn side_by_side(difference: &Difference, out: &mut dyn io::Write) -> io::Result<()> {
    let Difference { what, expected, found, at } = difference;
    // Where nothing that is shown differs, the first mask is what there is to look at.
    let around = at.or_else(|| Some(found.split_once(MASK)?.0.chars().count())).unwrap_or_default();
    let from = around.saturating_sub(BEFORE);
    let (expected_shown, indent) = window(expected, from, around);
    let (found_shown, _) = window(found, from, around);
    writeln!(out, "        {what}")?;
    writeln!(out, "          expected  {expected_shown}")?;
    writeln!(out, "          came      {found_shown}")?;
    match at {
        Some(at) => {
            let numbers =
                format!("character {} of {} and {}", at + 1, expected.chars().count(), found.chars().count());
            writeln!(
                out,
                "                    {}{ERROR}^{ERROR:#} {FAINT}{numbers}{FAINT:#}",
                " ".repeat(indent)
            )
        }
        None => writeln!(
            out,
            "          they differ inside of what is masked: another secret, or the secret in another form"
        ),
    }
}

/// The part of a text around a place, on one line, and how far from its beginning the place is shown.
fn window(text: &str, from: usize, at: usize) -> (String, usize) {
    let mut shown = String::from(if from > 0 { "..." } else { "" });
    let mut indent = shown.len();
    for (place, letter) in text.chars().enumerate().skip(from) {
        if place >= at.saturating_add(BEHIND) {
            shown.push_str("...");
            break;
        }
        let letter = visible(&letter.to_string());
        if place < at {
            indent += letter.chars().map(width).sum::<usize>();
        }
        shown.push_str(&letter);
    }
    (shown, indent)
}

/// Two columns for what East Asian fonts draw wide.
fn width(letter: char) -> usize {
    match letter {
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}' => 2,
        '\u{FE30}'..='\u{FE6F}'
        | '\u{FF01}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}'
        | '\u{1F300}'..='\u{1FAFF}' => 2,
        _ => 1,
    }
}

/// The last line.
pub(super) fn summary(summary: &Summary, terminal: &mut Terminal) -> Result<(), Failure> {
    let Summary { held, failed, unreproduced, changes_refused, changes_unnoticed, .. } = *summary;
    let mut parts = vec![format!("{} held", counted(held, "vector"))];
    if failed > 0 {
        parts.push(format!("{failed} failed"));
    }
    if changes_refused > 0 {
        parts.push(format!("{} refused", counted(changes_refused, "change")));
    }
    if changes_unnoticed > 0 {
        parts.push(format!("{changes_unnoticed} not noticed"));
    }
    if unreproduced > 0 {
        parts.push(format!("{unreproduced} unreproduced"));
    }
    for (number, noun, what) in [
        (summary.without_vectors, "spec", "without vectors"),
        (summary.mistakes, "file", "with mistakes"),
        (summary.unreadable, "file", "unreadable"),
    ] {
        if number > 0 {
            parts.push(format!("{} {what}", counted(number, noun)));
        }
    }
    writeln!(terminal.out, "{}", parts.join(", "))?;
    Ok(())
}
