//! `payspec schema`: the JSON Schema of the language.

use clap::Args;
use payspec_codegen::json_schema;

use crate::Exit;
use crate::failure::Failure;
use crate::terminal::Terminal;

const USE: &str = "\
Editors with a YAML language server read it through the first line of a spec:
  # yaml-language-server: $schema=payspec.schema.json";

#[derive(Debug, Args)]
#[command(after_help = USE)]
pub(crate) struct Arguments {}

/// Prints the schema.
pub(crate) fn run(_: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let schema =
        json_schema().map_err(|error| Failure::new(format!("the schema cannot be written: {error}")))?;
    terminal.out.write_all(schema.as_bytes())?;
    Ok(Exit::Clean)
}
