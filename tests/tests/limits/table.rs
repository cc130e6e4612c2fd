//! `tests/limits.csv`: what the four documents state, typed in by hand.
//!
//! A row is one statement about one field. `spec` is the place in the spec (`provider.message.field`; a field of a
//! reply stands behind `reply`), `differs` says why the spec does not say what the document says.

use std::{fs, path::Path};

/// A statement of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// In the file, for messages.
    pub(crate) line: usize,
    pub(crate) document: String,
    pub(crate) rule: String,
    /// `must`, `should`, or nothing where the rule has no level.
    pub(crate) level: String,
    pub(crate) min: String,
    pub(crate) max: String,
    pub(crate) value: String,
    pub(crate) unit: String,
    /// `Y`, `N`, `-` where the document does not say, or nothing where the row is about no field.
    pub(crate) required: String,
    /// Empty where the spec has no such thing.
    pub(crate) spec: String,
    /// Empty where spec and document agree.
    pub(crate) differs: String,
}

impl Row {
    /// No document states it: the spec has it from code, and `differs` says so.
    pub(crate) fn is_undocumented(&self) -> bool {
        self.document.ends_with("-sdk") || self.document.ends_with("-clients")
    }

    /// The document leaves it open.
    pub(crate) fn states_nothing(&self) -> bool {
        [&self.min, &self.max, &self.value].iter().all(|text| text.is_empty())
    }

    fn of(line: usize, cells: &[String]) -> Self {
        let [document, _section, _field, rule, level, min, max, value, unit, required, spec, differs, _note] =
            cells
        else {
            panic!("line {line} has {} cells", cells.len());
        };
        let [document, rule, level, min, max] = [document, rule, level, min, max].map(String::clone);
        let [value, unit, required, spec, differs] =
            [value, unit, required, spec, differs].map(String::clone);
        Self { line, document, rule, level, min, max, value, unit, required, spec, differs }
    }
}

/// All rows.
pub(crate) fn rows() -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("limits.csv");
    let text = fs::read_to_string(path).unwrap();
    let (header, rest) = text.split_once('\n').unwrap();
    assert_eq!(header, "document,section,field,rule,level,min,max,value,unit,required,spec,differs,note");
    rest.lines().enumerate().map(|(index, line)| Row::of(index + 2, &cells(line))).collect()
}

/// The cells of a line; quotes hold commas together.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cells.last_mut().unwrap().push(other),
        }
    }
    cells
}

#[test]
fn a_quoted_cell_may_have_commas() {
    assert_eq!(cells("a,\"b, c\",,d"), ["a", "b, c", "", "d"]);
}
