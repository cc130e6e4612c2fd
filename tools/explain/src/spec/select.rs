//! Which values are in a list: `fields` and `except`.

use payspec_codegen::ir::{Entry, FieldPath, List, Order, Selection};

use super::named;
use super::tables::SIGNATURE_FIELDS;
use crate::change::{KeyChanges, Written};
use crate::context::Context;
use crate::{rank, yaml};

/// In longer lists entries are not moved far.
const MAX_ENTRIES: usize = 16;

pub(crate) fn changes(list: &List, context: &Context, changes: &mut KeyChanges<'static>) {
    whole(list, context, changes);
    except(list, context, changes);
    match &list.fields {
        Selection::Named(entries) => entries_of(list, entries, context, changes),
        Selection::NamedIn { field, split, at_least, within } => {
            for other in [Some(","), Some(";"), Some("|"), Some(" "), Some("&"), Some(":"), None] {
                let split = other.map(str::to_owned);
                let within = within.clone();
                fields(
                    rank::RARE,
                    Selection::NamedIn { field: field.clone(), split, at_least: at_least.clone(), within },
                    "the names of the signed fields are separated in another way".to_owned(),
                    changes,
                );
            }
            for name in context.names() {
                fields(
                    rank::RARE + 1,
                    Selection::NamedIn {
                        field: FieldPath::field(name),
                        split: split.clone(),
                        at_least: at_least.clone(),
                        within: within.clone(),
                    },
                    format!("{} names the signed fields", named(name)),
                    changes,
                );
            }
            let lenient = Selection::NamedIn {
                field: field.clone(),
                split: split.clone(),
                at_least: Vec::new(),
                within: within.clone(),
            };
            fields(rank::RARE, lenient, "the message does not sign all of `at_least`".to_owned(), changes);
        }
        Selection::Headers(names) => headers(names, context, changes),
        _ => {}
    }
}

fn fields(rank: u32, selection: Selection, title: String, changes: &mut KeyChanges<'static>) {
    let value = Written::Selection(selection.clone());
    changes.write(rank, "fields", value, title, move |recipe| {
        if let Some(list) = &mut recipe.list {
            list.fields = selection.clone();
        }
    });
}

/// Another source altogether.
fn whole(list: &List, context: &Context, changes: &mut KeyChanges<'static>) {
    let sources = [
        (Selection::All, "every field takes part, of the query and of the body"),
        (Selection::Query, "the fields of the query take part"),
        (Selection::Body, "the fields of the body take part"),
    ];
    for (selection, title) in sources {
        if selection != list.fields {
            fields(rank::FIELDS + 2, selection, title.to_owned(), changes);
        }
    }
    for field in context.fields.iter().filter(|field| field.value.text().trim_start().starts_with(['{', '[']))
    {
        let selection = Selection::MembersOf(FieldPath::field(&field.name));
        let title = format!("the members of {} take part", named(&field.name));
        fields(rank::FIELDS + 3, selection, title, changes);
    }
    for start in common_beginnings(context) {
        let title = format!("the fields take part whose names begin with {}", named(&start));
        fields(rank::FIELDS + 4, Selection::Named(vec![Entry::Prefix(start)]), title, changes);
    }
    if !matches!(list.fields, Selection::Named(_)) && !context.declared.is_empty() {
        let declared: Vec<Entry> = context.declared.iter().map(|name| Entry::Name(name.clone())).collect();
        fields(
            rank::FIELDS + 3,
            Selection::Named(declared),
            "only the declared fields take part".to_owned(),
            changes,
        );
    }
}

fn except(list: &List, context: &Context, changes: &mut KeyChanges<'static>) {
    let mut write = |rank: u32, names: Vec<String>, title: String| {
        let value: Vec<String> = names.iter().map(|name| yaml::plain_name(name)).collect();
        changes.write(rank, "except", format!("[{}]", value.join(", ")), title, move |recipe| {
            if let Some(list) = &mut recipe.list {
                list.except = names.clone();
            }
        });
    };
    for (index, name) in list.except.iter().enumerate() {
        let mut names = list.except.clone();
        names.remove(index);
        write(rank::EXCEPT, names, format!("{} takes part", named(name)));
    }
    if list.except.len() > 1 {
        write(rank::EXCEPT + 1, Vec::new(), "every field takes part".to_owned());
    }
    let with = |more: &[&str]| {
        let mut names = list.except.clone();
        names.extend(more.iter().map(|name| (*name).to_owned()));
        names
    };
    let mut present: Vec<&str> = Vec::new();
    for field in &context.fields {
        let name = field.name.as_str();
        if list.except.contains(&field.name) || present.contains(&name) {
            continue;
        }
        present.push(name);
        // A field that the spec does not know is more likely the framework's.
        let is_usual = SIGNATURE_FIELDS.contains(&name);
        let is_declared = context.declared.iter().any(|own| own == name);
        let rank = if is_usual { rank::EXCEPT - 15 } else { rank::EXCEPT + u32::from(!is_declared) };
        write(rank, with(&[name]), format!("{} takes no part", named(name)));
    }
    let usual: Vec<&str> = present.into_iter().filter(|name| SIGNATURE_FIELDS.contains(name)).collect();
    for (index, first) in usual.iter().enumerate() {
        for second in usual.iter().skip(index + 1) {
            let title = format!("{} and {} take no part", named(first), named(second));
            write(rank::EXCEPT + 5, with(&[first, second]), title);
        }
    }
}

/// One more or one less; where the order is that of the list, also in other places.
fn entries_of(list: &List, entries: &[Entry], context: &Context, changes: &mut KeyChanges<'static>) {
    let mut write = |rank: u32, entries: Vec<Entry>, title: String| {
        fields(rank, Selection::Named(entries), title, changes);
    };
    for (index, entry) in entries.iter().enumerate() {
        let mut less = entries.to_vec();
        less.remove(index);
        write(rank::FIELDS, less, format!("{} is not in the list", entry_name(entry)));
        for (other, title) in others_of(entry) {
            let mut changed = entries.to_vec();
            if let Some(own) = changed.get_mut(index) {
                *own = other;
            }
            write(rank::FIELDS + 3, changed, title);
        }
    }
    let is_positional = matches!(list.order, Order::AsListed);
    let places: Vec<usize> =
        if is_positional { (0..=entries.len()).rev().collect() } else { vec![entries.len()] };
    for name in missing_names(entries, context) {
        for place in &places {
            let mut more = entries.to_vec();
            more.insert(*place, Entry::Name(name.to_owned()));
            let behind = place.checked_sub(1).and_then(|before| entries.get(before)).map(entry_name);
            let title = match behind {
                Some(before) if is_positional => format!("{} is in the list, behind {before}", named(name)),
                _ if is_positional => format!("{} is in the list, at its start", named(name)),
                _ => format!("{} is in the list", named(name)),
            };
            let is_usual = *place == entries.len() || entries.len() < 9;
            write(if is_usual { rank::FIELDS + 1 } else { rank::ADD }, more, title);
        }
    }
    if is_positional {
        moved(entries, &mut write);
    }
}

/// Each entry in each other place.
fn moved(entries: &[Entry], write: &mut impl FnMut(u32, Vec<Entry>, String)) {
    for from in 0..entries.len() {
        for to in 0..entries.len() {
            if entries.len() > MAX_ENTRIES && to.abs_diff(from) > 2 {
                continue;
            }
            // The neighbour one step down is moved up in the same way.
            if from == to || to + 1 == from {
                continue;
            }
            let mut changed = entries.to_vec();
            let entry = changed.remove(from);
            let title = format!("{} stands in another place of the list", entry_name(&entry));
            changed.insert(to, entry);
            let rank = if to == from + 1 { rank::ORDER + 1 } else { rank::ADD + 1 };
            write(rank, changed, title);
        }
    }
    for first in 0..entries.len() {
        let end = if entries.len() > MAX_ENTRIES { entries.len().min(first + 4) } else { entries.len() };
        for second in first + 2..end {
            let mut changed = entries.to_vec();
            changed.swap(first, second);
            if let (Some(first), Some(second)) = (entries.get(first), entries.get(second)) {
                let title =
                    format!("{} and {} stand in each other's place", entry_name(first), entry_name(second));
                write(rank::ADD + 2, changed, title);
            }
        }
    }
}

fn missing_names<'c>(entries: &[Entry], context: &'c Context) -> Vec<&'c str> {
    let is_listed = |name: &str| entries.iter().any(|entry| matches!(entry, Entry::Name(own) if own == name));
    context.names().into_iter().filter(|name| !is_listed(name)).collect()
}

fn entry_name(entry: &Entry) -> String {
    match entry {
        Entry::Name(name) | Entry::Elements(name) => named(name),
        Entry::Path(path) => named(&path.dotted()),
        Entry::Prefix(start) => format!("`{start}*`"),
        Entry::Rows { rows, .. } => format!("`each: {}`", rows.dotted()),
    }
}

/// The same entry in other ways.
fn others_of(entry: &Entry) -> Vec<(Entry, String)> {
    match entry {
        Entry::Name(name) => vec![
            (Entry::Elements(name.clone()), format!("each element of {} is an item", named(name))),
            (
                Entry::Prefix(name.clone()),
                format!("every field whose name begins with {} takes part", named(name)),
            ),
        ],
        Entry::Elements(name) => {
            vec![(
                Entry::Name(name.clone()),
                format!("{} is one item, not one for each element", named(name)),
            )]
        }
        Entry::Prefix(start) => {
            let shorter: String = start.chars().take(start.chars().count().saturating_sub(1)).collect();
            vec![
                (Entry::Name(start.clone()), format!("only {} takes part", named(start))),
                (Entry::Prefix(shorter), "the names have a shorter beginning in common".to_owned()),
            ]
        }
        Entry::Path(_) => Vec::new(),
        Entry::Rows { rows, from, fields } => {
            let mut others = Vec::new();
            for other in [0, 1].into_iter().filter(|other| other != from) {
                let rows = rows.clone();
                let entry = Entry::Rows { rows, from: other, fields: fields.clone() };
                others.push((entry, format!("rows are numbered from {other}")));
            }
            for (index, field) in fields.iter().enumerate() {
                let mut less = fields.clone();
                less.remove(index);
                let entry = Entry::Rows { rows: rows.clone(), from: *from, fields: less };
                others.push((entry, format!("{} of the rows takes no part", named(field))));
                if index > 0 {
                    let mut swapped = fields.clone();
                    swapped.swap(index - 1, index);
                    let entry = Entry::Rows { rows: rows.clone(), from: *from, fields: swapped };
                    others.push((entry, format!("{} stands one place before", named(field))));
                }
            }
            others
        }
    }
}

fn headers(names: &[String], context: &Context, changes: &mut KeyChanges<'static>) {
    for index in 0..names.len() {
        let mut less = names.to_vec();
        let name = less.remove(index);
        let title = format!("the header {} takes no part", named(&name));
        fields(rank::FIELDS, Selection::Headers(less), title, changes);
        if index > 0 {
            let mut swapped = names.to_vec();
            swapped.swap(index - 1, index);
            let title = format!("the header {} stands one place before", named(&name));
            fields(rank::FIELDS + 2, Selection::Headers(swapped), title, changes);
        }
    }
    for name in context.headers.iter().filter(|name| !names.contains(name)) {
        for place in 0..=names.len() {
            let mut more = names.to_vec();
            more.insert(place, name.clone());
            let title = format!("the header {} takes part", named(name));
            fields(rank::FIELDS + 1, Selection::Headers(more), title, changes);
        }
    }
}

/// What several names begin with.
fn common_beginnings(context: &Context) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let names = context.names();
    for (index, first) in names.iter().enumerate() {
        for second in names.iter().skip(index + 1) {
            let same = first.chars().zip(second.chars()).take_while(|(a, b)| a == b);
            let start: String = same.map(|(own, _)| own).collect();
            let cut = start.rfind('_').map(|at| at + 1).and_then(|at| start.get(..at)).map(str::to_owned);
            for start in [Some(start), cut].into_iter().flatten() {
                if start.len() > 1 && !found.contains(&start) {
                    found.push(start);
                }
            }
        }
    }
    found.truncate(60);
    found
}
