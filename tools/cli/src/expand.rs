//! `payspec expand`: the Rust that comes out of a spec.

use std::io::{self, Write};
use std::path::Path;

use payspec_codegen::{SnapshotError, snapshot};

use crate::{CLEAN, COULD_NOT_RUN, MISTAKES};

/// Prints the items of a spec, or one of them, or their names.
pub(crate) fn expand(
    file: &Path,
    wanted: Option<&str>,
    names_only: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<u8> {
    let items = match snapshot(file) {
        Ok(items) => items,
        Err(error) => {
            writeln!(err, "{error}")?;
            return Ok(if matches!(error, SnapshotError::Refused(_)) { MISTAKES } else { COULD_NOT_RUN });
        }
    };
    let mut found = false;
    for (name, code) in items.iter().filter(|(name, _)| wanted.is_none_or(|wanted| wanted == name)) {
        found = true;
        if names_only {
            writeln!(out, "{name}")?;
        } else {
            writeln!(out, "// {name}\n{code}")?;
        }
    }
    if found {
        return Ok(CLEAN);
    }
    writeln!(err, "error: there is no item `{}`; `--list` names them", wanted.unwrap_or_default())?;
    Ok(COULD_NOT_RUN)
}
