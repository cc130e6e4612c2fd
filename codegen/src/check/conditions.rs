//! Conditions: a map of which all entries must hold.

use super::Context;
use super::references::find;
use crate::diagnostic::{Code, Span};
use crate::ir::{self, Kind, Opened, Test};
use crate::model;
use crate::read::Node;

impl Context<'_> {
    /// A condition over these fields, which belong to `of`.
    pub(super) fn condition(
        &self,
        condition: &model::Condition,
        fields: &[&ir::Field],
        of: &str,
    ) -> ir::Condition {
        let mut entries = Vec::new();
        for entry in condition {
            let Some(field) = self.known_field(&entry.key.value, entry.key.span, fields, of) else {
                continue;
            };
            if let Some(test) = self.test(&entry.value, field) {
                entries.push((field.name.clone(), test));
            }
        }
        ir::Condition(entries)
    }

    /// A field of these by its wire name.
    pub(super) fn known_field<'f>(
        &self,
        wire: &str,
        span: Span,
        fields: &[&'f ir::Field],
        of: &str,
    ) -> Option<&'f ir::Field> {
        let found = find(fields.iter().copied(), wire);
        if found.is_none() {
            let known = fields.iter().map(|field| field.name.wire.as_str());
            self.unknown(Code::UnknownField, span, format!("`{wire}` is no field of {of}"), wire, known);
        }
        found
    }

    fn test(&self, node: &Node, field: &ir::Field) -> Option<Test> {
        if let Some(text) = node.text() {
            return match text {
                "present" => Some(Test::Present),
                "absent" => Some(Test::Absent),
                _ => self.wanted_value(text, node.span, field).map(|text| Test::Is(vec![text])),
            };
        }
        if let [(key, value)] = node.entries()
            && key.text == "text"
            && let Some(text) = value.text()
        {
            return self.wanted_value(text, value.span, field).map(|text| Test::Is(vec![text]));
        }
        let texts: Vec<&str> = node.items().iter().filter_map(Node::text).collect();
        if texts.is_empty() || texts.len() != node.items().len() {
            let message = format!("`{}` is not compared with text", field.name.wire);
            self.mistake(
                Code::BadCondition,
                node.span,
                message,
                "write a text, a list of texts, `present` or `absent`",
            );
            return None;
        }
        let values = texts
            .iter()
            .zip(node.items())
            .filter_map(|(text, item)| self.wanted_value(text, item.span, field));
        Some(Test::Is(values.collect()))
    }

    /// A text that the field can be.
    fn wanted_value(&self, text: &str, span: Span, field: &ir::Field) -> Option<String> {
        let name = &field.name.wire;
        match &field.kind {
            Kind::Enum(_) => {
                if let Some((item, values)) = self.values_of(&field.kind)
                    && !values.iter().any(|value| value.name.wire == text)
                {
                    let known = values.iter().map(|value| value.name.wire.as_str());
                    let message = format!("`{text}` is no value of type `{}`", item.name);
                    self.unknown(Code::UnknownValue, span, message, text, known);
                    return None;
                }
            }
            // In the one way in which numbers are written: `01` is `1`.
            Kind::Integer { .. } => {
                let Ok(number) = text.parse::<i64>() else {
                    let message = format!("`{text}` is no value of `{name}`, which is a whole number");
                    self.mistake(Code::BadCondition, span, message, "write a number, `present` or `absent`");
                    return None;
                };
                return Some(number.to_string());
            }
            Kind::Flag { yes, no } if text != yes && text != no => {
                let message = format!("`{text}` is no value of `{name}`");
                self.unknown(
                    Code::UnknownValue,
                    span,
                    message,
                    text,
                    [yes.as_str(), no.as_str()].into_iter(),
                );
                return None;
            }
            Kind::Decimal { .. }
            | Kind::Amount { .. }
            | Kind::Timestamp(_)
            | Kind::Date(_)
            | Kind::Duration { .. }
            | Kind::Json(_)
            | Kind::Base64Json(_)
            | Kind::Encrypted(Opened::Object(_)) => {
                let message = format!("`{name}` is compared with the text `{text}`");
                self.mistake(Code::ComparedQuantity, span, message, "write `present` or `absent`");
                return None;
            }
            Kind::Object(_) | Kind::List { .. } | Kind::Rows { .. } | Kind::RawJson | Kind::Signature => {
                let message = format!("`{name}` cannot be compared with text");
                self.mistake(Code::BadCondition, span, message, "write `present` or `absent`");
                return None;
            }
            _ => {}
        }
        Some(text.to_owned())
    }
}
