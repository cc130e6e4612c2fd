//! `payspec expand`: the Rust that comes out of a spec.

use std::path::PathBuf;

use clap::Args;
use payspec_codegen::{SnapshotError, snapshot};

use crate::Exit;
use crate::failure::Failure;
use crate::source::read_spec;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The spec
    file: PathBuf,
    /// Only this item, such as operation__pay; without it, all
    item: Option<String>,
    /// Print the names of the items only
    #[arg(long)]
    list: bool,
}

/// Prints the items of a spec, or one of them, or their names.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    read_spec(&arguments.file)?;
    let items = match snapshot(&arguments.file) {
        Ok(items) => items,
        Err(SnapshotError::Refused(report)) => {
            write!(terminal.err, "{report}")?;
            return Ok(Exit::Mistakes);
        }
        Err(error) => return Err(Failure::new(error.to_string())),
    };
    let wanted = arguments.item.as_deref();
    let mut found = false;
    for (name, code) in items.iter().filter(|(name, _)| wanted.is_none_or(|wanted| wanted == name)) {
        found = true;
        if arguments.list {
            writeln!(terminal.out, "{name}")?;
        } else {
            writeln!(terminal.out, "// {name}\n{code}")?;
        }
    }
    if found {
        return Ok(Exit::Clean);
    }
    let wanted = wanted.unwrap_or_default();
    Err(Failure::new(format!("there is no item `{wanted}`")).mend("`--list` names them"))
}
