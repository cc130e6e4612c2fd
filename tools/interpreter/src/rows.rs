//! Rows under flat numbered names: written for a request, and read back on the provider's side: `name1`, `price1`,
//! `name2`, ...

use payspec_codegen::ir::{Field, Shape, TypeId};

use crate::Interpreter;
use crate::incoming::{Parameter, Refusal};
use crate::read::Raw;
use crate::validate::{Check, Problem};
use crate::value::{Map, Value};
use crate::write::{Entry, Written};

/// No merchant sends more rows.
const MAX_ROWS: u32 = 1000;

impl Interpreter {
    /// The rows of a field; `None` if the field is not there. How many there are is what the field says.
    pub(crate) fn read_rows(
        &self,
        field: &Field,
        of: TypeId,
        from: u32,
        part: &[(String, Parameter<'_>)],
    ) -> Result<Option<Value>, Refusal> {
        let name = &field.name.wire;
        let told = |wanted: &str| part.iter().find(|(own, _)| own == wanted).map(|(_, value)| value.raw());
        let bad = || Refusal::BadField { name: name.clone(), wanted: "the number of the rows" };
        let count = match told(name) {
            None if field.required => return Err(Refusal::MissingField { name: name.clone() }),
            None => return Ok(None),
            Some(Raw::Text(count)) => {
                count.parse().ok().filter(|count| *count <= MAX_ROWS).ok_or_else(bad)?
            }
            Some(Raw::Json(_)) => return Err(bad()),
        };
        let mut rows = Vec::new();
        for number in from..from.saturating_add(count) {
            let mut row = Map::new();
            for member in self.row_fields(of) {
                let numbered = numbered(&member.name.wire, number);
                if let Some(reading) = self.read_field(&numbered, member, told(&numbered))? {
                    row.insert(member.name.wire.clone(), reading.value);
                }
            }
            rows.push(Value::Object(row));
        }
        Ok(Some(Value::List(rows)))
    }

    /// Whether a name belongs to a row.
    pub(crate) fn is_in_rows(&self, of: TypeId, name: &str) -> bool {
        let fits = |pattern: &str| match pattern.split_once('#') {
            Some((before, behind)) => {
                let number = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(behind));
                number.is_some_and(|digits| {
                    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
                })
            }
            None => name == pattern,
        };
        self.row_fields(of).iter().any(|member| fits(&member.name.wire))
    }

    fn row_fields(&self, of: TypeId) -> &[Field] {
        match &self.provider()[of].shape {
            Shape::Object { fields, .. } => fields,
            Shape::Enum(_) => &[],
        }
    }
}

impl Check<'_> {
    /// Objects under flat numbered names.
    pub(crate) fn rows(&mut self, path: &str, of: TypeId, from: u32, items: &[Value]) -> Entry {
        let mut members = Vec::new();
        let mut rows = Vec::new();
        for (index, (number, item)) in (from..).zip(items).enumerate() {
            let path = format!("{path}[{index}]");
            let Value::Object(given) = item else {
                self.violate(&path, Problem::Kind { wanted: "an object" });
                continue;
            };
            for row in self.object(&path, of, given).rows {
                let written = row
                    .iter()
                    .map(|(name, entry)| (numbered(name, number), entry.written.plain().to_owned()));
                members.extend(written);
                rows.push(row);
            }
        }
        let count = items.len().to_string();
        Entry { written: Written::Rows { count: count.clone(), members }, canonical: count, rows }
    }
}

fn numbered(name: &str, number: u32) -> String {
    name.replace('#', &number.to_string())
}
