//! `payspec check`: every mistake of every file at once.
//!
//! Files are read, checked, shown and forgotten one after the other, so that a thousand specs need the memory of one.
//! How diagnostics are shown is in `text`, `json` and `github`; `sources` lists who vouches for what; `codes` explains.

mod codes;
mod github;
mod json;
mod sources;
mod text;

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use payspec_codegen::Report;
use payspec_codegen::diagnostic::Severity;

use crate::Exit;
use crate::failure::Failure;
use crate::source::read_spec;
use crate::terminal::Terminal;

/// `concat!` takes literals only.
macro_rules! examples {
    () => {
        "\
Examples:
  payspec check specs/*.yaml                  every mistake of every spec
  payspec check --deny-warnings my_pay.yaml   in a test or before a commit
  payspec check --format github specs/*.yaml  annotations in a workflow of GitHub
  payspec check --sources my_pay.yaml         who vouches for what, and what is only inferred
  payspec check --explain PS006               what a mistake means and how it is mended

Exit codes: 0 in order, 1 mistakes (with --deny-warnings also warnings), 2 a file could not be read."
    };
}

const EXAMPLES: &str = examples!();

const EXAMPLES_AND_JSON: &str = concat!(
    examples!(),
    "

--format json prints one document:
  { \"diagnostics\": [ { \"code\": \"PS006\", \"severity\": \"error\" | \"warning\" | \"note\", \"message\", \"mend\": text or null,
                       \"file\", \"line\", \"column\", \"end\": { \"line\", \"column\" },
                       \"related\": [ { \"message\", \"line\", \"column\", \"end\" } ] } ],
    \"files\": [ { \"file\", \"result\": \"checked\" | \"vectors\" | \"unreadable\", \"message\": text or null } ],
    \"summary\": { \"errors\", \"warnings\", \"notes\" } }
Lines and columns are counted from one, columns in characters; `end` is the place behind the last character."
);

/// Every mistake of specs at once, each with its place, its cause and the mend
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, after_long_help = EXAMPLES_AND_JSON)]
pub(crate) struct Arguments {
    /// Specs; vectors files among them are passed over
    #[arg(required_unless_present = "explain")]
    files: Vec<PathBuf>,
    /// Treat warnings as mistakes
    #[arg(long)]
    deny_warnings: bool,
    /// List who vouches for what, what is only inferred and what nobody knows
    #[arg(long, conflicts_with = "format")]
    sources: bool,
    /// How diagnostics are shown
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Explain a code, such as PS006, at length
    #[arg(long, value_name = "CODE", conflicts_with = "files")]
    explain: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For people, in colour on a terminal, on standard error
    #[default]
    Text,
    /// One JSON document on standard output
    Json,
    /// Commands of GitHub's workflows on standard output: annotations in the changed files
    Github,
}

/// What happened to a file.
enum Checked<'c> {
    /// It was compiled; this was found.
    Spec(&'c Report),
    /// It holds vectors.
    Vectors,
    /// It is no text that can be read.
    Unreadable(&'c Failure),
}

/// One way of showing what was found.
trait Display {
    /// Shows one file.
    fn file(&mut self, name: &str, checked: &Checked<'_>, terminal: &mut Terminal) -> io::Result<()>;
    /// Shows what is left to say behind the last file.
    fn end(&mut self, tally: &Tally, terminal: &mut Terminal) -> io::Result<()>;
}

/// How many of everything there were.
#[derive(Debug, Default)]
struct Tally {
    specs: usize,
    vectors: usize,
    unreadable: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
}

impl Tally {
    fn add(&mut self, checked: &Checked<'_>) {
        match checked {
            Checked::Vectors => self.vectors += 1,
            Checked::Unreadable(_) => self.unreadable += 1,
            Checked::Spec(report) => {
                self.specs += 1;
                for diagnostic in report.diagnostics() {
                    match diagnostic.severity() {
                        Severity::Error => self.errors += 1,
                        Severity::Warning => self.warnings += 1,
                        Severity::Note => self.notes += 1,
                    }
                }
            }
        }
    }

    fn exit(&self, deny_warnings: bool) -> Exit {
        match (self.unreadable, self.errors, self.warnings) {
            (1.., _, _) => Exit::CouldNotRun,
            (0, 1.., _) => Exit::Mistakes,
            (0, 0, 1..) if deny_warnings => Exit::Mistakes,
            _ => Exit::Clean,
        }
    }
}

/// Checks files, or explains a code.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    if let Some(code) = &arguments.explain {
        return codes::explain(code, terminal);
    }
    let files = distinct(&arguments.files);
    let mut display: Box<dyn Display> = match arguments.format {
        Format::Text => Box::new(text::Text::new(files.len())),
        Format::Json => Box::new(json::Json::default()),
        Format::Github => Box::new(github::GitHub),
    };
    let mut tally = Tally::default();
    for file in files {
        check(file, arguments, display.as_mut(), &mut tally, terminal)?;
    }
    display.end(&tally, terminal)?;
    Ok(tally.exit(arguments.deny_warnings))
}

fn check(
    file: &Path,
    arguments: &Arguments,
    display: &mut dyn Display,
    tally: &mut Tally,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let name = file.to_string_lossy();
    let mut show = |checked: Checked<'_>, terminal: &mut Terminal| {
        tally.add(&checked);
        display.file(&name, &checked, terminal)
    };
    let spec = match read_spec(file) {
        Ok(spec) => spec,
        Err(failure) => return Ok(show(Checked::Unreadable(&failure), terminal)?),
    };
    if spec.holds_vectors() {
        return Ok(show(Checked::Vectors, terminal)?);
    }
    let report = spec.compile().map_or_else(|report| report, |compiled| compiled.warnings);
    show(Checked::Spec(&report), terminal)?;
    if arguments.sources && !report.diagnostics().has_errors() {
        sources::list(&spec, terminal)?;
    }
    Ok(())
}

/// The files in their order, each once, however often and by whatever way it was named.
fn distinct(files: &[PathBuf]) -> Vec<&Path> {
    let mut seen = HashSet::new();
    let mut is_new = |file: &PathBuf| seen.insert(fs::canonicalize(file).unwrap_or_else(|_| file.clone()));
    files.iter().filter(|file| is_new(file)).map(PathBuf::as_path).collect()
}
