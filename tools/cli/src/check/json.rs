//! One JSON document. It is written file by file, so that no more than one report is held.

use std::io;

use payspec_codegen::diagnostic::{Diagnostic, Span};
use serde_json::{Value, json};

use super::{Checked, Display, Tally};
use crate::terminal::Terminal;

#[derive(Default)]
pub(super) struct Json {
    has_begun: bool,
    has_diagnostics: bool,
    files: Vec<Value>,
}

impl Json {
    fn begin(&mut self, terminal: &mut Terminal) -> io::Result<()> {
        if !self.has_begun {
            write!(terminal.out, "{{\n\"diagnostics\": [")?;
            self.has_begun = true;
        }
        Ok(())
    }
}

impl Display for Json {
    fn file(&mut self, name: &str, checked: &Checked<'_>, terminal: &mut Terminal) -> io::Result<()> {
        self.begin(terminal)?;
        let (result, message) = match checked {
            Checked::Spec(report) => {
                for found in report.diagnostics() {
                    let comma = if self.has_diagnostics { "," } else { "" };
                    write!(terminal.out, "{comma}\n{}", diagnostic(name, found))?;
                    self.has_diagnostics = true;
                }
                ("checked", None)
            }
            Checked::Vectors => ("vectors", None),
            Checked::Unreadable(failure) => ("unreadable", Some(failure.message())),
        };
        self.files.push(json!({ "file": name, "result": result, "message": message }));
        Ok(())
    }

    fn end(&mut self, tally: &Tally, terminal: &mut Terminal) -> io::Result<()> {
        self.begin(terminal)?;
        let Tally { errors, warnings, notes, .. } = tally;
        let files: Vec<String> = self.files.iter().map(Value::to_string).collect();
        let summary = json!({ "errors": errors, "warnings": warnings, "notes": notes });
        writeln!(terminal.out, "\n],\n\"files\": [\n{}\n],\n\"summary\": {summary}\n}}", files.join(",\n"))
    }
}

fn diagnostic(file: &str, found: &Diagnostic) -> Value {
    let place = |span: Span| {
        json!({
            "line": span.start.line,
            "column": span.start.column,
            "end": { "line": span.end.line, "column": span.end.column },
        })
    };
    let with = |mut value: Value, more: Value| {
        if let (Value::Object(value), Value::Object(more)) = (&mut value, more) {
            value.extend(more);
        }
        value
    };
    let related = found.related.iter().map(|(span, what)| with(json!({ "message": what }), place(*span)));
    let value = json!({
        "code": found.code.number(),
        "severity": found.severity().to_string(),
        "message": found.message,
        "mend": found.mend,
        "file": file,
        "related": related.collect::<Vec<Value>>(),
    });
    with(value, place(found.span))
}
