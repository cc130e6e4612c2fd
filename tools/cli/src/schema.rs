//! `payspec schema`: the JSON Schema of the language.

use std::io::{self, Write};

use payspec_codegen::json_schema;

use crate::{CLEAN, COULD_NOT_RUN};

/// Prints the schema.
pub(crate) fn schema(out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    match json_schema() {
        Ok(schema) => {
            out.write_all(schema.as_bytes())?;
            Ok(CLEAN)
        }
        Err(error) => {
            writeln!(err, "error: the schema cannot be written: {error}")?;
            Ok(COULD_NOT_RUN)
        }
    }
}
