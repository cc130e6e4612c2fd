//! The command `payspec`: checks specs and shows the Rust that they become, without a Rust build.
//!
//! Each command is a function of its own in a module of its name. What they print to standard output can be piped;
//! what they have to say about it goes to standard error.

mod check;
mod expand;
mod schema;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Everything is in order.
const CLEAN: u8 = 0;
/// A spec has mistakes.
const MISTAKES: u8 = 1;
/// The command could not do what it was asked for.
const COULD_NOT_RUN: u8 = 2;

/// Checks specs of payment providers, and shows what they become.
#[derive(Debug, Parser)]
#[command(name = "payspec", version, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 in order, 1 the spec has mistakes, 2 the command could not run.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Report every mistake of specs, with place, cause and mend
    Check {
        /// Specs, or nothing with --explain
        #[arg(required_unless_present = "explain")]
        files: Vec<PathBuf>,
        /// Treat warnings as mistakes
        #[arg(long)]
        deny_warnings: bool,
        /// Explain a code, such as PS006, at length
        #[arg(long, value_name = "CODE")]
        explain: Option<String>,
    },
    /// Print the Rust that a spec becomes, formatted
    Expand {
        /// The spec
        file: PathBuf,
        /// Only this item, such as operation__pay; without it, all
        item: Option<String>,
        /// Print the names of the items only
        #[arg(long)]
        list: bool,
    },
    /// Print the JSON Schema of the language, for editors
    #[command(after_help = SCHEMA_USE)]
    Schema,
}

const SCHEMA_USE: &str = "\
Editors with a YAML language server read it through the first line of a spec:
  # yaml-language-server: $schema=payspec.schema.json";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let (mut out, mut err) = (io::stdout().lock(), io::stderr().lock());
    let code = match arguments.command {
        Command::Check { explain: Some(code), .. } => check::explain(&code, &mut out, &mut err),
        Command::Check { files, deny_warnings, explain: None } => {
            check::check(&files, deny_warnings, &mut err)
        }
        Command::Expand { file, item, list } => {
            expand::expand(&file, item.as_deref(), list, &mut out, &mut err)
        }
        Command::Schema => schema::schema(&mut out, &mut err),
    };
    // A reader that has closed the pipe has seen enough: that is no failure of ours.
    ExitCode::from(code.unwrap_or(CLEAN))
}
