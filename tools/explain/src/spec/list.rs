//! How values of a list are written and in which order they stand.

use payspec_codegen::ir::{Decimals, List, Names, Nested, Operand, Order, Piece, Repeated};

use super::named;
use super::tables::SECRET_NAMES;
use crate::change::KeyChanges;
use crate::context::Context;
use crate::{rank, yaml};

const ORDERS: [(Order, &str); 8] = [
    (Order::ByName, "the fields are sorted by name"),
    (Order::ByNameIgnoringCase, "the fields are sorted by name, upper and lower case alike"),
    (Order::AsOnTheWire, "the fields stand as they are sent"),
    (Order::AsListed, "the fields stand as they are listed"),
    (Order::ByItem, "the written pairs are sorted"),
    (Order::ByNameThenValue, "the fields are sorted by name, equal names by value"),
    (Order::ByValue, "the fields are sorted by value"),
    (Order::ByItemIgnoringCase, "the written pairs are sorted, upper and lower case alike"),
];

pub(crate) fn changes(list: &List, context: &Context, changes: &mut KeyChanges<'static>) {
    for (index, (order, title)) in ORDERS.into_iter().enumerate() {
        let rank = rank::ORDER + u32::try_from(index).unwrap_or_default();
        changes.write(rank, "order", yaml::order(order), title, move |recipe| {
            if let Some(list) = &mut recipe.list {
                list.order = order;
            }
        });
    }
    let trim = !list.trim;
    let title =
        if trim { "names and values lose outer white space" } else { "white space around values is signed" };
    changes.write(rank::TRIM, "trim", trim.to_string(), title, move |recipe| {
        if let Some(list) = &mut recipe.list {
            list.trim = trim;
        }
    });
    for (names, title) in [
        (Names::AsIs, "names are taken in their own case"),
        (Names::Upper, "names are written in upper case"),
        (Names::Lower, "names are written in lower case"),
    ] {
        changes.write(rank::NAMES, "names", yaml::names(names), title, move |recipe| {
            if let Some(list) = &mut recipe.list {
                list.names = names;
            }
        });
    }
    numbers(changes);
    for (nested, title) in [
        (Nested::Raw, "objects and arrays are signed as the JSON text that came"),
        (Nested::Drop, "objects and arrays take no part"),
        (Nested::Leaves, "each value inside objects and arrays is signed under its path"),
        (Nested::SameRule, "objects and arrays are written by the same rule"),
    ] {
        changes.write(rank::NESTED, "nested", yaml::nested(nested), title, move |recipe| {
            if let Some(list) = &mut recipe.list {
                list.nested = nested;
            }
        });
    }
    for (repeated, value, title) in [
        (Repeated::Each, "each", "a name that comes twice is signed twice"),
        (Repeated::Distinct, "distinct", "equal pairs are signed once"),
        (Repeated::Refuse, "refuse", "no name comes twice"),
    ] {
        changes.write(rank::RARE, "repeated", value, title, move |recipe| recipe.repeated = repeated);
    }
    added(list, context, changes);
}

fn numbers(changes: &mut KeyChanges<'static>) {
    let ranges = [(2, 2), (1, 1), (0, 0), (3, 3), (4, 4), (0, 1), (0, 2), (1, 2), (0, 8)];
    let written = ranges.into_iter().map(|(min, max)| Some(Decimals { min, max }));
    for numbers in written.chain([None]) {
        let (value, title) = match numbers {
            Some(decimals) => {
                (yaml::decimals(decimals), format!("numbers are written with {}", yaml::decimals(decimals)))
            }
            None => (String::from("as is"), String::from("numbers are signed as they came")),
        };
        changes.write(rank::NUMBERS, "numbers", value, title, move |recipe| {
            if let Some(list) = &mut recipe.list {
                list.numbers = numbers;
            }
        });
    }
}

/// One less; other names; one more: a credential, or the body.
fn added(list: &List, context: &Context, changes: &mut KeyChanges<'static>) {
    for (index, (name, pieces)) in list.add.iter().enumerate() {
        let key = format!("add.{name}");
        changes.write(
            rank::ADD,
            &key,
            "~",
            format!("{} is not added to the list", named(name)),
            move |recipe| {
                if let Some(list) = &mut recipe.list
                    && index < list.add.len()
                {
                    list.add.remove(index);
                }
            },
        );
        for other in SECRET_NAMES.into_iter().filter(|other| other != name) {
            let title = format!("the added pair is called `{other}`, not `{name}`");
            changes.write(
                rank::SECRET_TEXT + 3,
                &format!("add.{other}"),
                yaml::template(pieces),
                title,
                move |recipe| {
                    if let Some((own, _)) = recipe.list.as_mut().and_then(|list| list.add.get_mut(index)) {
                        *own = other.to_owned();
                    }
                },
            );
        }
    }
    for path in context.texts() {
        let from = Operand::Credential(path.clone());
        let own = yaml::credential(path);
        let own_name = own.rsplit('.').next().unwrap_or_default().to_owned();
        let mut names = vec![own_name];
        names.extend(SECRET_NAMES.into_iter().map(str::to_owned));
        for name in names {
            let title = format!("the credential `{own}` is one more pair, called `{name}`");
            add(rank::SECRET_TEXT + 4, name, from.clone(), title, changes);
        }
    }
    if context.has_body {
        for name in ["_body", "body", "data", "content", "biz_content"] {
            let from = Operand::Message(payspec_codegen::ir::MessagePart::Body);
            add(
                rank::ADD + 5,
                name.to_owned(),
                from,
                format!("the raw body is one more pair, called `{name}`"),
                changes,
            );
        }
    }
    for name in ["sign", "signature"] {
        let title = format!("an empty `{name}` is signed as well");
        changes.write(rank::RARE, &format!("add.{name}"), "\"\"", title, move |recipe| {
            if let Some(list) = &mut recipe.list {
                list.add.push((name.to_owned(), Vec::new()));
            }
        });
    }
}

fn add(rank: u32, name: String, from: Operand, title: String, changes: &mut KeyChanges<'static>) {
    let pieces = vec![Piece::Value { from, filters: Vec::new() }];
    changes.write(rank, &format!("add.{name}"), yaml::template(&pieces), title, move |recipe| {
        if let Some(list) = &mut recipe.list
            && list.add.iter().all(|(own, _)| *own != name)
        {
            list.add.push((name.clone(), pieces.clone()));
        }
    });
}
