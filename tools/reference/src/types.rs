//! Types: enumerations with what each value means, objects with their members.

use payspec_codegen::ir::{Shape, Type, Value};

use crate::book::Book;
use crate::document::{Block, Section, Table, Text};
use crate::outcome;
use crate::prose;
use crate::values::Inside;

impl Book<'_> {
    /// All types.
    pub(crate) fn types_section(&self) -> Section {
        let mut section = Section::new("types", "Types");
        section.sections = self.provider.types.iter().map(|one| self.type_section(one)).collect();
        section
    }

    fn type_section(&self, one: &Type) -> Section {
        let mut blocks = prose::blocks(&one.doc);
        if !one.sources.is_empty() {
            blocks.push(Block::Paragraph(self.source_line(&one.sources, &[])));
        }
        match &one.shape {
            Shape::Enum(values) => {
                blocks.push(Block::Table(self.values(one, values)));
                if one.received {
                    blocks.push(Block::Paragraph(
                        "A value that is not listed is kept as it came, never an error.".into(),
                    ));
                }
            }
            Shape::Object { fields, rules, extra } => {
                let inside = if one.sent { Inside::WrittenJson } else { Inside::Text };
                blocks.push(self.member_table(&one.name, fields, &one.sources, inside));
                blocks.extend(self.rules(rules, &one.sources));
                if *extra {
                    blocks.push(Block::Paragraph("Further members may be added.".into()));
                }
            }
        }
        Section::new(&format!("type-{}", one.name), Text::code(&one.name)).with(blocks)
    }

    fn values(&self, one: &Type, values: &[Value]) -> Table {
        let has_outcome = values.iter().any(|value| value.outcome.is_some());
        let mut columns = vec![("Value", 4), ("Meaning", if has_outcome { 5 } else { 8 })];
        if has_outcome {
            columns.push(("For money", 3));
        }
        let rows = values.iter().map(|value| {
            let meaning = prose::inline(&value.doc).and_line(self.source_line(&value.sources, &one.sources));
            let mut row = vec![Text::code(&value.name.wire), meaning];
            if has_outcome {
                row.push(
                    value
                        .outcome
                        .map(|word| Text::default().and_strong(outcome::word(word)))
                        .unwrap_or_default(),
                );
            }
            row
        });
        Table::new(format!("Values of {}", one.name), &columns).with(rows)
    }
}
