//! The whole road from text to IR in one call, and what is handed back when it cannot be gone to its end.

use std::fmt;

use crate::check;
use crate::diagnostic::Diagnostics;
use crate::ir;
use crate::model::File;
use crate::read::{self, WHOLE_FILE};

/// A spec that has been compiled to the IR.
#[derive(Clone, Debug, PartialEq)]
pub struct Compiled {
    /// The checked spec.
    pub provider: ir::Provider,
    /// Warnings and notes that the file does not accept. Macros cannot show them; the command line does.
    pub warnings: Report,
}

/// Diagnostics together with the file that they are about, so that they can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    file: String,
    source: String,
    diagnostics: Diagnostics,
}

impl Report {
    /// What there is to say about a text; `source` is what excerpts are cut from.
    #[must_use]
    pub fn new(file: &str, source: &str, diagnostics: Diagnostics) -> Self {
        Report { file: file.to_owned(), source: source.to_owned(), diagnostics }
    }

    /// What was found, in the order of the file.
    #[must_use]
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    /// The name of the file, as it was given.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The text of the file.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The text of [`Display`](fmt::Display) with the colours of a terminal, as ANSI escapes.
    #[must_use]
    pub fn in_colour(&self) -> String {
        self.diagnostics.render_in_colour(&self.file, &self.source)
    }
}

/// Everything that was found, as plain text in rustc's shape.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostics.render(&self.file, &self.source))
    }
}

impl std::error::Error for Report {}

/// Compiles a spec. `file` is the name that diagnostics show; nothing is read from the disk.
///
/// # Errors
///
/// Everything that is wrong with the file, errors and warnings together.
pub fn compile(source: &str, file: &str) -> Result<Compiled, Report> {
    let mut diagnostics = Diagnostics::new();
    let model: Option<File> = read::read(source, &mut diagnostics)
        .and_then(|node| read::from_node(&node, WHOLE_FILE, &mut diagnostics));
    let (provider, diagnostics) = match model {
        Some(model) => check::check(&model, diagnostics),
        None => (None, diagnostics),
    };
    let report = Report::new(file, source, diagnostics);
    match provider {
        Some(provider) => Ok(Compiled { provider, warnings: report }),
        None => Err(report),
    }
}
