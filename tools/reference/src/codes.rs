//! Codes: those that every reply can have, those of one operation, and what their kinds mean for money.

use std::collections::BTreeSet;

use payspec_codegen::ir::{ErrorCode, ErrorKind, Operation, Provider, Reply};

use crate::document::{Block, Section, Table, Text};
use crate::outcome::{kind, kind_meaning};
use crate::prose;

/// What is said about every reply, and the kinds that occur.
pub(crate) fn section(provider: &Provider) -> Section {
    let section = Section::new("codes", "Codes");
    let replies: Vec<&Reply> = replies(provider).collect();
    if replies.is_empty() {
        return section;
    }
    let common = common(provider);
    let mut kinds: Vec<ErrorKind> = Vec::new();
    for reply in &replies {
        for kind in reply.errors.iter().map(|code| code.kind).chain([reply.unlisted]) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
    }
    let order = |kind: &ErrorKind| {
        use ErrorKind::{Configuration, Duplicate, NotFound, RateLimited, Rejected, TokenExpired, Unknown};
        [Rejected, Configuration, RateLimited, TokenExpired, NotFound, Duplicate, Unknown]
            .iter()
            .position(|known| known == kind)
    };
    kinds.sort_by_key(order);
    let columns = [("Kind", 3), ("What it means", 4), ("What to do", 5)];
    let rows = kinds.iter().map(|one| {
        let (means, does) = kind_meaning(*one);
        vec![Text::default().and_strong(kind(*one)), means.into(), does.into()]
    });
    let section = section.with([
        Block::Paragraph("A code says what happened to the money before it says anything else:".into()),
        Block::Table(Table::new("Kinds of codes", &columns).with(rows)),
        Block::Paragraph(unlisted(&replies)),
    ]);
    if common.is_empty() {
        return section;
    }
    section.with([
        Block::Paragraph("Codes of every operation, in the order in which they are looked up:".into()),
        Block::Table(table("Codes of every operation", &common)),
    ])
}

/// How many calls agree on what an unlisted code means.
fn unlisted(replies: &[&Reply]) -> Text {
    let kinds: BTreeSet<&str> = replies.iter().map(|reply| kind(reply.unlisted)).collect();
    let kinds = kinds.iter().map(|kind| Text::default().and_strong(kind));
    Text::plain("A code that is not listed is ")
        .and_text(Text::joined(kinds, ", ", " or, as the operation says, "))
        .and(".")
}

/// The codes of one operation that are not those of all.
pub(crate) fn of_operation(provider: &Provider, operation: &Operation, reply: &Reply) -> Vec<Block> {
    let common = common(provider);
    let own: Vec<&ErrorCode> = effective(reply).into_iter().filter(|code| !common.contains(code)).collect();
    let all = Text::plain("Failures: ").and_section("codes", "codes");
    let fields = reply.lookup.iter().map(|field| match field.as_str() {
        "http" => Text::plain("the HTTP status"),
        field => Text::code(field),
    });
    let all = if reply.lookup.is_empty() {
        all.and(".")
    } else {
        all.and(", looked up by ").and_text(Text::joined(fields, ", then ", ", then ")).and(".")
    };
    let all = all.and(" An unlisted one is ").and_strong(kind(reply.unlisted)).and(".");
    let mut blocks = vec![Block::Paragraph(all)];
    if !own.is_empty() {
        blocks.push(Block::Table(table(&format!("Codes of {} alone", operation.name.wire), &own)));
    }
    blocks
}

fn replies(provider: &Provider) -> impl Iterator<Item = &Reply> {
    provider.operations.iter().filter_map(|operation| operation.reply.as_ref())
}

/// The codes that every reply has; one operation alone has them as its own.
fn common(provider: &Provider) -> Vec<&ErrorCode> {
    let Some(first) = replies(provider).next() else { return Vec::new() };
    let is_everywhere = |code: &&ErrorCode| replies(provider).all(|reply| reply.errors.contains(code));
    first.errors.iter().filter(is_everywhere).collect()
}

/// The codes of a reply without those that an earlier one hides.
fn effective(reply: &Reply) -> Vec<&ErrorCode> {
    let mut seen = BTreeSet::new();
    reply.errors.iter().filter(|code| seen.insert((&code.field, &code.value))).collect()
}

fn table(caption: &str, codes: &[&ErrorCode]) -> Table {
    let columns = [("Code", 3), ("Kind", 2), ("Meaning", 4), ("What to do", 3)];
    let rows = codes.iter().map(|code| {
        let field = if code.field == "http" { "HTTP status" } else { &code.field };
        vec![
            Text::code(&code.value).and_line(Text::plain("in ").and_code(field)),
            Text::plain(kind(code.kind)),
            prose::inline(&code.doc),
            code.mend.as_deref().map(prose::inline).unwrap_or_default(),
        ]
    });
    Table::new(caption, &columns).with(rows)
}
