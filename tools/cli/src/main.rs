//! The command `payspec`: the spec author's workbench. It works from a spec file alone, without a Rust build.
//!
//! Each command is a module of its name with its arguments and one function, [`run`](check::run). What was asked for
//! goes to standard output and can be piped; what there is to say about it goes to standard error.

mod check;
mod doc;
mod expand;
mod explain;
mod failure;
mod format;
mod named;
mod new;
mod schema;
mod secrets;
mod settings;
mod sign;
mod source;
mod terminal;
mod test;
mod verify;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Failure;
use crate::terminal::Terminal;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything is in order.
    Clean = 0,
    /// A spec has mistakes, a vector or a signature does not hold.
    Mistakes = 1,
    /// The command could not do what it was asked for.
    CouldNotRun = 2,
}

/// From a payment provider's document to verified signatures: checks, tests and explains specs.
#[derive(Debug, Parser)]
#[command(name = "payspec", version, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 in order, 1 the spec has mistakes or something does not hold, 2 the command could not run.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a commented starter spec
    New(new::Arguments),
    /// Report every mistake of specs, with place, cause and mend
    Check(check::Arguments),
    /// Explain a signature: every field, the text, and what would make it fit
    Explain(Box<explain::Arguments>),
    /// Print the Rust that a spec becomes, formatted
    Expand(expand::Arguments),
    /// Write specs in their canonical form, comments kept
    Fmt(format::Arguments),
    /// Run the vectors of specs, and change each message
    Test(test::Arguments),
    /// Sign one message and print it
    Sign(Box<sign::Arguments>),
    /// Verify one message and print what it says
    Verify(Box<verify::Arguments>),
    /// Write reference pages, as HTML and Markdown
    Doc(doc::Arguments),
    /// Print the JSON Schema of the language, for editors
    Schema(schema::Arguments),
}

impl Command {
    fn run(&self, terminal: &mut Terminal) -> Result<Exit, Failure> {
        match self {
            Self::New(arguments) => new::run(arguments, terminal),
            Self::Check(arguments) => check::run(arguments, terminal),
            Self::Explain(arguments) => explain::run(arguments, terminal),
            Self::Expand(arguments) => expand::run(arguments, terminal),
            Self::Fmt(arguments) => format::run(arguments, terminal),
            Self::Test(arguments) => test::run(arguments, terminal),
            Self::Sign(arguments) => sign::run(arguments, terminal),
            Self::Verify(arguments) => verify::run(arguments, terminal),
            Self::Doc(arguments) => doc::run(arguments, terminal),
            Self::Schema(arguments) => schema::run(arguments, terminal),
        }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut terminal = Terminal::of_the_process();
    let exit = arguments.command.run(&mut terminal).unwrap_or_else(|failure| {
        if failure.is_closed_pipe() {
            return Exit::Clean;
        }
        // If even that cannot be written, the exit code still says it.
        let _ = writeln!(terminal.err, "{failure}");
        Exit::CouldNotRun
    });
    ExitCode::from(exit as u8)
}
