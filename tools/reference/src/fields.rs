//! Fields as rows of tables: what we send, what we receive, the members of objects.

use payspec_codegen::ir::{
    AmongValue, Carrier, Condition, Field, MemberPath, Name, Operation, Origin, ReceivedField, Rule,
    RuleKind, SentField, Test,
};

use crate::book::{Book, credential, credential_name};
use crate::document::{Block, Item, Mark, Table, Text};
use crate::prose;
use crate::values::Inside;

const SENT: [(&str, u8); 4] = [("Field", 3), ("Type and limits", 3), ("Needed", 2), ("Meaning", 4)];
const RECEIVED: [(&str, u8); 4] = [("Field", 3), ("Type", 3), ("There", 2), ("Meaning", 4)];

impl Book<'_> {
    /// The fields of a request: a table for each place where they travel.
    pub(crate) fn request_tables(&self, operation: &Operation) -> Vec<Block> {
        let carriers = [Carrier::Header, Carrier::Query, Carrier::Outer, Carrier::Payload, Carrier::Body];
        let of = |carrier: Carrier| -> Vec<&SentField> {
            operation.request.iter().filter(|sent| sent.carrier == carrier).collect()
        };
        let all = carriers.map(|carrier| (carrier, of(carrier)));
        let used = all.into_iter().filter(|(_, fields)| !fields.is_empty());
        used.flat_map(|(carrier, fields)| self.request_table(operation, carrier, &fields)).collect()
    }

    fn request_table(&self, operation: &Operation, carrier: Carrier, fields: &[&SentField]) -> Vec<Block> {
        let inside = match carrier {
            Carrier::Payload => Inside::WrittenJson,
            Carrier::Outer if operation.body == payspec_codegen::ir::Body::Json => Inside::WrittenJson,
            _ => Inside::Text,
        };
        let place = carrier_words(operation, carrier);
        let caption = format!("Fields of {}: {}", operation.name.wire, place.words());
        let rows = fields.iter().map(|sent| self.sent_row(sent, &operation.sources, inside));
        vec![
            Block::Paragraph(Text::plain("Fields ").and_text(place).and(":")),
            Block::Table(Table::new(caption, &SENT).with(rows)),
        ]
    }

    fn sent_row(&self, sent: &SentField, around: &[String], inside: Inside) -> Vec<Text> {
        let field = &sent.field;
        vec![
            self.name_cell(field),
            self.type_and_limits(field, inside),
            self.origin(sent),
            self.meaning(field, around),
        ]
    }

    fn origin(&self, sent: &SentField) -> Text {
        let needed = if sent.field.required { "required" } else { "optional" };
        let set = |from: Text| Text::plain("set by the client: ").and_text(from);
        match &sent.origin {
            Origin::Caller => Text::default().and_strong(needed),
            Origin::Credential(path) => set(Text::plain("credential ").and_text(credential(path))),
            Origin::Option(id) => {
                set(Text::plain("option ").and_item("options", &self.provider[*id].field.name.wire))
            }
            Origin::Token => set(Text::default().and_section("token", "the token")),
            Origin::Now => set(Text::plain("the clock")),
            Origin::Constant(text) => set(Text::plain("always ").and_code(text)),
            Origin::Signature => set(Text::default().and_section("signing", "the signature")),
        }
    }

    /// The fields of a reply or callback.
    pub(crate) fn received_table(
        &self,
        caption: &str,
        fields: &[&ReceivedField],
        around: &[String],
    ) -> Block {
        let rows = fields.iter().map(|received| self.received_row(received, around));
        Block::Table(Table::new(caption, &RECEIVED).with(rows))
    }

    fn received_row(&self, received: &ReceivedField, around: &[String]) -> Vec<Text> {
        let ReceivedField { field, header, equals, echo, unsigned } = received;
        let name = self.name_cell(field);
        let mut meaning = self.meaning(field, around);
        if let Some(path) = equals {
            let must =
                Text::plain("Must be the credential ").and_code(credential_name(path)).and("; else refused.");
            meaning = meaning.and_line(must);
        }
        if let Some(echo) = echo {
            meaning = meaning.and_line(Text::plain("Repeats the sent ").and_code(&echo.wire).and("."));
        }
        if let Some(header) = header {
            meaning = meaning.and_line(Text::plain("Comes in the header ").and_code(header).and("."));
        }
        vec![
            if *unsigned { name.and_mark(Mark::Unsigned) } else { name },
            self.type_and_limits(field, Inside::Text),
            Text::plain(if field.required { "always" } else { "optional" }),
            meaning,
        ]
    }

    /// The members of an object.
    pub(crate) fn member_table(
        &self,
        name: &str,
        fields: &[Field],
        around: &[String],
        inside: Inside,
    ) -> Block {
        let rows = fields.iter().map(|field| {
            let needed = Text::default().and_strong(if field.required { "required" } else { "optional" });
            vec![
                self.name_cell(field),
                self.type_and_limits(field, inside),
                needed,
                self.meaning(field, around),
            ]
        });
        Block::Table(Table::new(format!("Members of {name}"), &SENT).with(rows))
    }

    fn name_cell(&self, field: &Field) -> Text {
        let name = Text::code(&field.name.wire);
        let name = if field.sensitive { name.and_mark(Mark::Sensitive) } else { name };
        if field.deprecated.is_some() { name.and_mark(Mark::Deprecated) } else { name }
    }

    fn meaning(&self, field: &Field, around: &[String]) -> Text {
        let example = field.example.as_ref().map(|example| Text::plain("Example: ").and_code(example));
        let deprecated =
            field.deprecated.as_ref().map(|why| Text::plain("No longer: ").and_text(prose::inline(why)));
        prose::inline(&field.doc)
            .and_line(deprecated.unwrap_or_default())
            .and_line(self.advice(field))
            .and_line(example.unwrap_or_default())
            .and_line(self.source_line(&field.sources, around))
    }

    /// Rules over several fields.
    pub(crate) fn rules(&self, rules: &[Rule], around: &[String]) -> Vec<Block> {
        if rules.is_empty() {
            return Vec::new();
        }
        let rule = |rule: &Rule| {
            let when = if rule.when.0.is_empty() {
                Text::default()
            } else {
                Text::plain("If ").and_text(condition(&rule.when)).and(": ")
            };
            let level = if rule.advice { "better " } else { "" };
            let doc = rule.doc.as_deref().map(prose::inline).unwrap_or_default();
            Item::from(
                when.and(level)
                    .and_text(rule_words(&rule.kind))
                    .and(".")
                    .and_line(doc)
                    .and_line(self.source_line(&rule.sources, around)),
            )
        };
        vec![
            Block::Paragraph("Rules over these fields:".into()),
            Block::List(rules.iter().map(rule).collect()),
        ]
    }
}

fn carrier_words(operation: &Operation, carrier: Carrier) -> Text {
    use payspec_codegen::ir::Body;
    let payload = operation.payload.as_ref();
    match (carrier, operation.body) {
        (Carrier::Header, _) => "in headers".into(),
        (Carrier::Query, _) | (Carrier::Outer, Body::Query) => "in the query".into(),
        (Carrier::Outer, Body::Form) => "in the form".into(),
        (Carrier::Outer, Body::Json) => "in the JSON object".into(),
        (Carrier::Outer, Body::Xml) => Text::plain("in the XML element ").and_code(&operation.root),
        (Carrier::Outer, Body::Raw) => "beside the body".into(),
        (Carrier::Payload, _) => Text::plain("inside ")
            .and_code(payload.map_or("", |field| &field.name.wire))
            .and(", the text of a JSON object"),
        (Carrier::Body, _) => "that is the body as it is".into(),
    }
}

/// A condition in words.
pub(crate) fn condition(condition: &Condition) -> Text {
    let test = |(name, test): &(Name, Test)| {
        let name = Text::code(&name.wire);
        match test {
            Test::Is(values) => {
                name.and(" is ").and_text(Text::joined(values.iter().map(Text::code), ", ", " or "))
            }
            Test::Present => name.and(" is there"),
            Test::Absent => name.and(" is not there"),
        }
    };
    Text::joined(condition.0.iter().map(test), " and ", " and ")
}

fn rule_words(kind: &RuleKind) -> Text {
    let names = |names: &[Name]| Text::codes(names.iter().map(|name| &name.wire));
    match kind {
        RuleKind::AnyOf(all) => Text::plain("at least one of ").and_text(names(all)),
        RuleKind::OneOf(all) => Text::plain("exactly one of ").and_text(names(all)),
        RuleKind::AtMostOneOf(all) => Text::plain("at most one of ").and_text(names(all)),
        RuleKind::Together(all) => Text::plain("all or none of ").and_text(names(all)),
        RuleKind::Require(all) => names(all).and(" must be there"),
        RuleKind::Forbid(all) => names(all).and(" must not be there"),
        RuleKind::Equal(one, other) => Text::code(&one.wire).and(" equals ").and_code(&other.wire),
        RuleKind::Distinct(one, other) => Text::code(&one.wire).and(" differs from ").and_code(&other.wire),
        RuleKind::Ascending(one, other) => {
            Text::code(&one.wire).and(" is not more than ").and_code(&other.wire)
        }
        RuleKind::Unique(path) => Text::plain("no two items have the same ").and_code(member(path)),
        RuleKind::SumsTo { parts, total } => {
            Text::plain("all ").and_code(member(parts)).and(" together make ").and_code(&total.wire)
        }
        RuleKind::Among { field, values } => {
            let value = |value: &AmongValue| match value {
                AmongValue::Member(path) => Text::plain("a ").and_code(member(path)),
                AmongValue::Credential(path) => Text::plain("the credential ").and_text(credential(path)),
            };
            Text::code(&field.wire).and(" is ").and_text(Text::joined(values.iter().map(value), ", ", " or "))
        }
    }
}

fn member(path: &MemberPath) -> String {
    format!("{}.{}", path.list.wire, path.member.wire)
}
