//! The four cases of nothing.

use payspec_codegen::ir::{Empties, EmptyAction, List, Operand, Piece, Recipe};

use crate::change::KeyChanges;
use crate::{rank, yaml};

/// The cases by name: how one is read and written.
const CASES: [(&str, &str); 4] = [
    ("empty", "empty values"),
    ("blank", "blank values"),
    ("json_null", "JSON nulls"),
    ("absent", "listed fields that are not there"),
];

fn slot<'e>(empties: &'e mut Empties, case: &str) -> &'e mut EmptyAction {
    match case {
        "empty" => &mut empties.empty,
        "blank" => &mut empties.blank,
        "json_null" => &mut empties.json_null,
        _ => &mut empties.absent,
    }
}

fn actions() -> Vec<EmptyAction> {
    let words = ["null", "0", "undefined", "None", "NULL", "nil", "-", "\"\"", "{}", "[]"];
    let mut actions = vec![EmptyAction::Drop, EmptyAction::Keep];
    actions.extend(words.into_iter().map(|word| EmptyAction::As(word.to_owned())));
    actions
}

fn is_done(action: &EmptyAction) -> String {
    match action {
        EmptyAction::Drop => String::from("are left out"),
        EmptyAction::Keep => String::from("are kept"),
        EmptyAction::Refuse => String::from("are refused"),
        EmptyAction::As(text) => format!("are signed as {}", yaml::quoted(text)),
    }
}

/// All four at once, and each alone.
pub(crate) fn of_list(list: &List, changes: &mut KeyChanges<'static>) {
    let all = |action: &EmptyAction, blank: EmptyAction| Empties {
        absent: action.clone(),
        json_null: action.clone(),
        empty: action.clone(),
        blank,
    };
    let shorthands = [
        ("keep", "empty values are kept", all(&EmptyAction::Keep, EmptyAction::Keep)),
        ("drop", "empty values are left out", all(&EmptyAction::Drop, EmptyAction::Keep)),
        ("drop blank", "empty and blank values are left out", all(&EmptyAction::Drop, EmptyAction::Drop)),
    ];
    for (value, title, empties) in shorthands {
        if list.empties != empties {
            changes.write(rank::EMPTIES, "empties", value, title, move |recipe| {
                if let Some(list) = &mut recipe.list {
                    list.empties = empties.clone();
                }
            });
        }
    }
    for (case, what) in CASES {
        for action in actions() {
            let rank = rank::EMPTIES + if matches!(action, EmptyAction::As(_)) { 5 } else { 1 };
            let title = format!("{what} {}", is_done(&action));
            let value = yaml::empty_action(&action);
            changes.write(rank, &format!("empties.{case}"), value, title, move |recipe| {
                if let Some(list) = &mut recipe.list {
                    *slot(&mut list.empties, case) = action.clone();
                }
            });
        }
    }
    const WORDS: [&str; 9] = ["0", "null", "undefined", "NULL", "None", "false", "[]", "{}", "0.00"];
    for word in WORDS {
        let mut words = list.also_empty.clone();
        if words.iter().any(|own| own == word) {
            words.retain(|own| own != word);
        } else {
            words.push(word.to_owned());
        }
        let is_more = words.len() > list.also_empty.len();
        let counts = if is_more { "counts" } else { "does not count" };
        let title = format!("the value {} {counts} as empty", yaml::quoted(word));
        also_empty(words, title, changes);
    }
    for (index, word) in
        list.also_empty.iter().enumerate().filter(|(_, word)| !WORDS.contains(&word.as_str()))
    {
        let mut words = list.also_empty.clone();
        words.remove(index);
        also_empty(words, format!("the value {} does not count as empty", yaml::quoted(word)), changes);
    }
    if list.also_empty.len() > 1 {
        also_empty(Vec::new(), String::from("no further value counts as empty"), changes);
    }
}

fn also_empty(words: Vec<String>, title: String, changes: &mut KeyChanges<'static>) {
    let value = format!("[{}]", words.iter().map(|word| yaml::quoted(word)).collect::<Vec<_>>().join(", "));
    changes.write(rank::RARE, "also_empty", value, title, move |recipe| {
        if let Some(list) = &mut recipe.list {
            list.also_empty = words.clone();
        }
    });
}

/// Where fields or headers stand in a template.
pub(crate) fn of_template(recipe: &Recipe, changes: &mut KeyChanges<'static>) {
    let is_asked =
        |piece: &Piece| matches!(piece, Piece::Value { from: Operand::Field(_) | Operand::Header(_), .. });
    let added = recipe.list.iter().flat_map(|list| list.add.iter().flat_map(|(_, pieces)| pieces));
    if !recipe.text.iter().chain(added).any(is_asked) {
        return;
    }
    for (case, what) in CASES {
        for action in actions().into_iter().filter(|action| *action != EmptyAction::Drop) {
            let title = format!("{what} {}", is_done(&action));
            let value = yaml::empty_action(&action);
            changes.write(rank::EMPTIES + 2, &format!("empties.{case}"), value, title, move |recipe| {
                *slot(&mut recipe.empties, case) = action.clone();
            });
        }
    }
    let keep = Empties {
        absent: EmptyAction::Keep,
        json_null: EmptyAction::Keep,
        empty: EmptyAction::Keep,
        blank: EmptyAction::Keep,
    };
    changes.write(rank::EMPTIES + 1, "empties", "keep", "empty values are kept", move |recipe| {
        recipe.empties = keep.clone();
    });
}
