//! `payspec doc`: reference pages, one for each provider.
//!
//! Every spec is read, compiled and made into pages before the first byte is written. The pages are written to a
//! directory of their own inside the one that was asked for, and moved to their places when all of them are complete:
//! whatever goes wrong before, nothing half-written is left.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use payspec_codegen::ir::Provider;
use payspec_reference::{Document, html, index, markdown, page};
use payspec_vectors::VectorsFile;

use crate::Exit;
use crate::failure::Failure;
use crate::source::{SpecFile, read_spec};
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  payspec doc my_pay.yaml --out site             my_pay.html and my_pay.md
  payspec doc specs/*.yaml --out site            a page for each provider, and an index
  payspec doc my_pay.yaml --out docs --format markdown

Vectors beside a spec (my_pay.vectors.yaml) become worked examples, their secrets masked.

Exit codes: 0 written, 1 a spec or its vectors have mistakes (nothing is written), 2 the pages cannot be written.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Specs; vectors files among them are passed over
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The directory that the pages are written to; it is made if it is missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// In which form
    #[arg(long, value_enum, default_value_t = Format::Both)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Self-contained HTML
    Html,
    /// Markdown, as code hosting sites show it
    Markdown,
    /// Both
    Both,
}

/// A file to be written: its name in the directory, and its text.
type Written = (String, String);

/// Writes the pages of specs.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let specs =
        arguments.files.iter().map(|file| read_spec(file)).collect::<Result<Vec<SpecFile>, Failure>>()?;
    let specs: Vec<SpecFile> = specs.into_iter().filter(|spec| !spec.holds_vectors()).collect();
    if specs.is_empty() {
        return Err(
            Failure::new("there is no spec among the files").mend("vectors files have no page of their own")
        );
    }
    let Some(pages) = pages(&specs, terminal)? else { return Ok(Exit::Mistakes) };
    let names: Vec<&str> = pages.iter().map(Document::file).collect();
    let twice =
        names.iter().enumerate().find(|(at, name)| names.iter().take(*at).any(|earlier| earlier == *name));
    if let Some((_, name)) = twice {
        return Err(Failure::new(format!(
            "two of the specs are named `{name}`: their pages would be one file"
        ))
        .mend("write them to two directories"));
    }
    let mut files = written(&pages, arguments.format);
    if pages.len() > 1 {
        files.extend(written(&[index(&pages)], arguments.format));
    }
    write(&arguments.out, &files)?;
    for (name, _) in &files {
        writeln!(terminal.err, "wrote {}", arguments.out.join(name).display())?;
    }
    Ok(Exit::Clean)
}

/// A page of each spec; `None` where one has mistakes, which have been shown then.
fn pages(specs: &[SpecFile], terminal: &mut Terminal) -> Result<Option<Vec<Document>>, Failure> {
    let mut pages = Vec::new();
    let mut has_mistakes = false;
    for spec in specs {
        let Some(provider) = spec.provider(terminal)? else {
            has_mistakes = true;
            continue;
        };
        match vectors(&spec.path, &provider)? {
            Ok(vectors) => pages.push(page(&provider, &spec.text, vectors.as_ref())),
            Err(report) => {
                write!(terminal.err, "{report}")?;
                has_mistakes = true;
            }
        }
    }
    Ok((!has_mistakes).then_some(pages))
}

/// The vectors beside a spec, if there are any.
#[allow(clippy::type_complexity)] // a failure to read, or mistakes, or perhaps vectors
fn vectors(
    spec: &Path,
    provider: &Arc<Provider>,
) -> Result<Result<Option<VectorsFile>, payspec_codegen::Report>, Failure> {
    let path = payspec_vectors::beside(spec);
    if !path.exists() {
        return Ok(Ok(None));
    }
    let file = read_spec(&path)?;
    Ok(payspec_vectors::read(&file.text, &path, provider).map(Some))
}

fn written(pages: &[Document], format: Format) -> Vec<Written> {
    let mut files = Vec::new();
    for page in pages {
        if format != Format::Markdown {
            files.push((format!("{}.html", page.file()), html(page)));
        }
        if format != Format::Html {
            files.push((format!("{}.md", page.file()), markdown(page)));
        }
    }
    files
}

/// Writes all files or none.
fn write(directory: &Path, files: &[Written]) -> Result<(), Failure> {
    if directory.exists() && !directory.is_dir() {
        return Err(Failure::new(format!("{} is no directory", directory.display()))
            .mend("`--out` names a directory; it is made if it is missing"));
    }
    let in_the_way = files.iter().map(|(name, _)| directory.join(name)).find(|path| path.is_dir());
    if let Some(path) = in_the_way {
        return Err(Failure::new(format!(
            "{} is a directory where a page has to be written",
            path.display()
        )));
    }
    let made = missing(directory);
    let mut desk =
        Desk { desk: directory.join(format!(".payspec-doc-{}", process::id())), made, is_done: false };
    desk.write(directory, files)
        .map_err(|error| Failure::new(format!("{} cannot be written: {error}", directory.display())))?;
    desk.is_done = true;
    Ok(())
}

/// The directories on the way that do not exist yet, the innermost first.
fn missing(directory: &Path) -> Vec<PathBuf> {
    directory
        .ancestors()
        .take_while(|path| !path.as_os_str().is_empty() && !path.exists())
        .map(Path::to_owned)
        .collect()
}

/// Where pages lie until all of them are there. What it has made is gone when it is given up.
struct Desk {
    desk: PathBuf,
    made: Vec<PathBuf>,
    is_done: bool,
}

impl Desk {
    fn write(&self, directory: &Path, files: &[Written]) -> std::io::Result<()> {
        fs::create_dir_all(&self.desk)?;
        for (name, text) in files {
            fs::write(self.desk.join(name), text)?;
        }
        for (name, _) in files {
            fs::rename(self.desk.join(name), directory.join(name))?;
        }
        Ok(())
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // What cannot be removed was never made.
        let _ = fs::remove_dir_all(&self.desk);
        if !self.is_done {
            for made in &self.made {
                let _ = fs::remove_dir(made);
            }
        }
    }
}
