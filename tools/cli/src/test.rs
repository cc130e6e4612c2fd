//! `payspec test`: every vector of a spec, run and changed.
//!
//! A vector that holds is one line; one that fails says what was expected and what came. What the document prints and
//! nobody can reproduce is run as well, and told apart: it never counts as passed, and it is a failure when it holds
//! all of a sudden. A spec without vectors is a mistake here: nothing of it was tested.

mod json;
mod pairs;
mod report;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use payspec_codegen::Report;
use payspec_codegen::codes::Code;
use payspec_vectors::{Failed, Runner, Subject, Tried, Vector, VectorsFile};

use self::pairs::Pair;
use crate::Exit;
use crate::failure::Failure;
use crate::source::read_spec;
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  payspec test specs/*.yaml                           specs and vectors files, each pair once
  payspec test demo.yaml --filter order_is_signed     one vector
  payspec test demo.vectors.yaml --format json | jq .summary

A change that is not refused is told: what is not signed can be changed by anybody.
Exit codes: 0 all vectors hold, 1 one does not, or a spec has none, 2 a file cannot be read.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Specs, vectors files, or both; the partner of each is found beside it
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Run only vectors with this in their name
    #[arg(long, value_name = "NAME")]
    filter: Option<String>,
    /// Run the messages as they are, without changing them
    #[arg(long)]
    no_mutations: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line for each vector
    Text,
    /// One document: `{ pairs: [{ spec, vectors, problem, results: [...] }], summary: {...} }`
    Json,
}

/// What came of one pair of files.
struct Tested {
    pair: Pair,
    what: What,
}

enum What {
    /// A file cannot be read: what and why.
    Unreadable(Failure),
    /// There is no vectors file, or none of them is in it.
    NoVectors,
    /// The spec, or the vectors file, has mistakes.
    Mistakes(Report),
    /// The vectors were run.
    Ran { file: Box<VectorsFile>, results: Vec<(Vector, Outcome)> },
}

/// What came of one vector.
enum Outcome {
    /// It holds; what came of the changes.
    Holds(Tried),
    /// It is said not to reproduce, and does not; why.
    Unreproduced(Failed),
    /// It does not hold.
    Fails(Failed),
}

/// Tests all pairs and prints what came of each.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut all = Vec::new();
    for pair in pairs::of(&arguments.files) {
        let tested = match pair {
            Ok(pair) => Tested { what: arguments.test(&pair), pair },
            Err((pair, failure)) => Tested { pair, what: What::Unreadable(failure) },
        };
        if arguments.format == Format::Text {
            report::print(&tested, terminal)?;
        }
        all.push(tested);
    }
    let summary = Summary::of(&all);
    if let Some(filter) = &arguments.filter
        && summary.vectors() == 0
        && summary.exit() != Exit::CouldNotRun
        && summary.mistakes == 0
    {
        return Err(Failure::new(format!("no vector has `{filter}` in its name")));
    }
    match arguments.format {
        Format::Text => report::summary(&summary, terminal)?,
        Format::Json => json::print(&all, &summary, terminal)?,
    }
    Ok(summary.exit())
}

impl Arguments {
    fn test(&self, pair: &Pair) -> What {
        self.tested(pair).unwrap_or_else(|what| what)
    }

    fn tested(&self, pair: &Pair) -> Result<What, What> {
        let spec = read_spec(&pair.spec).map_err(What::Unreadable)?;
        let provider = Arc::new(spec.compile().map_err(What::Mistakes)?.provider);
        if !pair.vectors.exists() {
            return Err(What::NoVectors);
        }
        let text = read_spec(&pair.vectors).map_err(What::Unreadable)?.text;
        let file = payspec_vectors::read(&text, &pair.vectors, &provider).map_err(What::Mistakes)?;
        if file.vectors.is_empty() {
            return Err(What::NoVectors);
        }
        let is_wanted = |vector: &&Vector| self.filter.as_ref().is_none_or(|part| vector.name.contains(part));
        let wanted: Vec<Vector> = file.vectors.iter().filter(is_wanted).cloned().collect();
        let results = wanted.into_iter().map(|vector| {
            let outcome = match Runner::new(&provider, &vector) {
                Ok(runner) => self.outcome(&vector, &runner),
                Err(failed) => Outcome::Fails(failed),
            };
            (vector, outcome)
        });
        let results = results.collect();
        Ok(What::Ran { file: Box::new(file), results })
    }

    fn outcome(&self, vector: &Vector, runner: &Runner<'_>) -> Outcome {
        match (runner.run(), vector.is_unreproduced()) {
            (Ok(_), true) => Outcome::Fails(reproduces(vector)),
            (Err(failed), true) if failed.is_mismatch => Outcome::Unreproduced(failed),
            (Err(failed), _) => Outcome::Fails(failed),
            (Ok(_), false) if self.no_mutations => Outcome::Holds(Tried::default()),
            (Ok(held), false) => match runner.change(&held) {
                Ok(tried) => Outcome::Holds(tried),
                Err(failed) => Outcome::Fails(failed),
            },
        }
    }
}

fn reproduces(vector: &Vector) -> Failed {
    Failed {
        code: Some(Code::VectorReproduces),
        message: "it is said not to reproduce, and it does".to_owned(),
        difference: None,
        span: vector.provenance_span,
        is_mismatch: false,
    }
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Summary {
    held: usize,
    failed: usize,
    unreproduced: usize,
    changes_refused: usize,
    changes_unnoticed: usize,
    without_vectors: usize,
    mistakes: usize,
    unreadable: usize,
}

impl Summary {
    fn of(all: &[Tested]) -> Self {
        let mut summary = Self::default();
        for tested in all {
            match &tested.what {
                What::Unreadable(_) => summary.unreadable += 1,
                What::NoVectors => summary.without_vectors += 1,
                What::Mistakes(_) => summary.mistakes += 1,
                What::Ran { results, .. } => {
                    results.iter().for_each(|(_, outcome)| summary.add(outcome));
                }
            }
        }
        summary
    }

    fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Holds(tried) => {
                self.held += 1;
                self.changes_refused += tried.refused;
                self.changes_unnoticed += tried.unnoticed.len();
            }
            Outcome::Unreproduced(_) => self.unreproduced += 1,
            Outcome::Fails(_) => self.failed += 1,
        }
    }

    fn vectors(&self) -> usize {
        self.held + self.failed + self.unreproduced
    }

    fn exit(&self) -> Exit {
        match (self.unreadable, self.failed + self.without_vectors + self.mistakes) {
            (0, 0) => Exit::Clean,
            (0, _) => Exit::Mistakes,
            _ => Exit::CouldNotRun,
        }
    }
}

/// What to run to see the whole road of a vector.
fn hint(spec: &Path, vector: &Vector) -> String {
    let (spec, name) = (spec.display(), vector.subject.name());
    match vector.subject {
        Subject::Recipe(_) => {
            format!("`payspec sign {spec} signatures.{name} --part base` shows the text of any pairs")
        }
        _ => format!("`payspec explain {spec} {name} --vector {}` shows the whole road", vector.name),
    }
}
