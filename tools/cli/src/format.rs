//! `payspec fmt`: the canonical form of specs, with every comment kept.
//!
//! A file is read by the compiler's own reader; what that refuses is reported and left alone. [`layout`] puts the
//! comments, which [`source`] finds, to the things that they belong to and the keys in the order of [`grammar`];
//! [`quoting`] decides about quotes; [`print`] writes lines. Before anything is stored, [`same`] proves that the text
//! says what it said before. Files of vectors have their lines laid out; their order and quotes are the author's.

mod block;
mod files;
mod grammar;
mod layout;
mod print;
mod quoting;
mod same;
mod source;

use std::path::{Path, PathBuf};

use clap::Args;
use payspec_codegen::diagnostic::Diagnostics;
use payspec_codegen::read::{Node, read};

use self::grammar::{FILE, Shape, VECTORS};
use self::layout::lay_out;
use self::same::{same_comments, same_tree};
use self::source::Source;
use crate::Exit;
use crate::failure::Failure;
use crate::source::read_spec;
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  payspec fmt specs/*.yaml            write them in their canonical form
  payspec fmt --check specs/*.yaml    name those that are not, and change nothing
  payspec fmt - < draft.yaml          from standard input to standard output

The order of sections and of the language's own keys is canonical; the order of what you name (fields, values,
operations, list items) means something and stays. Braces stay on one line while they fit in 140 columns. Every comment
stays with the line that it stands beside or above. A file with a syntax error is reported and left as it is.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Specs and files of vectors; `-` reads standard input and writes standard output
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Name the files that would change, show the first difference of each, and change nothing
    #[arg(long)]
    check: bool,
}

/// Why a file was left as it is.
enum Refused {
    /// It has mistakes: the rendered diagnostics.
    Mistakes(String),
    /// It is something else, or formatting it would change it.
    Other(Failure),
}

/// Formats files, one after the other.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut exit = Exit::Clean;
    for file in &arguments.files {
        let worse = match one_file(file, arguments.check, terminal)? {
            Ok(worse) => worse,
            Err(Refused::Mistakes(report)) => {
                write!(terminal.err, "{report}")?;
                Exit::Mistakes
            }
            Err(Refused::Other(failure)) => {
                writeln!(terminal.err, "{failure}")?;
                Exit::CouldNotRun
            }
        };
        if worse as u8 > exit as u8 {
            exit = worse;
        }
    }
    Ok(exit)
}

/// Formats a file. The outer failure ends the command: nobody listens any more.
fn one_file(file: &Path, check: bool, terminal: &mut Terminal) -> Result<Result<Exit, Refused>, Failure> {
    let is_pipe = file.as_os_str() == "-";
    let name = if is_pipe { "<stdin>".to_owned() } else { file.to_string_lossy().into_owned() };
    let text = match if is_pipe { files::read_pipe() } else { read_spec(file).map(|spec| spec.text) } {
        Ok(text) => text,
        Err(failure) => return Ok(Err(Refused::Other(failure))),
    };
    let formatted = match format(&text, &name) {
        Ok(formatted) => formatted,
        Err(refused) => return Ok(Err(refused)),
    };
    if check && formatted != text {
        writeln!(terminal.out, "{name}")?;
        write!(terminal.err, "{}", files::first_difference(&name, &text, &formatted))?;
        return Ok(Ok(Exit::Mistakes));
    }
    if is_pipe && !check {
        terminal.out.write_all(formatted.as_bytes())?;
    } else if formatted != text {
        if let Err(failure) = files::replace(file, &formatted) {
            return Ok(Err(Refused::Other(failure)));
        }
        writeln!(terminal.err, "{name} formatted")?;
    }
    Ok(Ok(Exit::Clean))
}

/// The canonical form of a file.
fn format(text: &str, name: &str) -> Result<String, Refused> {
    let root = tree(text, text, name)?;
    let is_spec = root.get("vectors_of").is_none();
    if is_spec && !["payspec", "provider"].iter().any(|key| root.get(key).is_some()) {
        let failure =
            Failure::new(format!("{name} is neither a spec nor a file of vectors; it is left as it is"));
        return Err(Refused::Other(failure.mend("a spec begins with `payspec: 1`")));
    }
    let shape = Shape::Keys(if is_spec { &FILE } else { &VECTORS });
    let plain = text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let defect = || {
        let failure = Failure::new(format!("{name} is left as it is: `payspec fmt` cannot keep all of it"));
        Refused::Other(failure.mend("this is a defect of payspec; please report it with the file"))
    };
    let root = if plain == text { root } else { tree(&plain, text, name)? };
    let source = Source::new(&plain);
    let layout = lay_out(&root, &source, shape).ok_or_else(defect)?;
    let formatted = print::print(&layout, is_spec);
    let after = tree(&formatted, text, name).map_err(|_| defect())?;
    let is_kept = same_tree(&root, &after, shape)
        && same_comments((&root, &source), (&after, &Source::new(&formatted)));
    if is_kept { Ok(formatted) } else { Err(defect()) }
}

/// Reads a text; mistakes are shown in the text as the author has it.
fn tree(text: &str, shown: &str, name: &str) -> Result<Node, Refused> {
    let mut diagnostics = Diagnostics::new();
    let root = read(text, &mut diagnostics);
    match root {
        Some(root) if !diagnostics.has_errors() => Ok(root),
        _ => Err(Refused::Mistakes(diagnostics.render(name, shown))),
    }
}
