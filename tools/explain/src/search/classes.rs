//! Changes by the thing that they change: turns before they are tried, groups of what fits.
//!
//! Empties of a recipe, one of its templates or a field of the message can each be changed in many ways. None of them
//! may take all the time of a search, and none of them gets more than one answer.

use std::collections::HashMap;

use crate::answer::{Alike, Neighbour};
use crate::change::{self, Change};

/// More alternatives would not be read.
const MAX_ALIKE: usize = 8;

/// Every thing that can be changed has its turn, so that a search that is stopped has tried the likeliest changes of all
/// of them. Templates and lists have many more changes than other keys, and more turns.
pub(super) fn in_turns(mut changes: Vec<Change<'_>>) -> Vec<Change<'_>> {
    changes.sort_by_key(|change| change.rank);
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut turns: Vec<(usize, Change<'_>)> = Vec::new();
    for change in changes {
        let class = class_of(&change.at);
        let share = match last(&class) {
            "text" => 6,
            "fields" | "pair" | "transform" => 3,
            _ => 1,
        };
        let count = counts.entry(class).or_default();
        *count += 1;
        turns.push((*count / share, change));
    }
    turns.sort_by_key(|(turn, _)| *turn);
    turns.into_iter().map(|(_, change)| change).collect()
}

/// One answer for each thing that is changed: the likeliest change of it, and the others beside it.
pub(super) fn grouped(matches: Vec<Change<'_>>) -> Vec<Neighbour> {
    let mut groups: Vec<(String, Neighbour)> = Vec::new();
    for Change { blame, at, value, title, mend, .. } in matches {
        let value = value.text();
        let class = class_of(&at);
        match groups.iter_mut().find(|(own, group)| *own == class && group.blame == blame) {
            Some((_, group)) => {
                let is_known = group.alike.iter().any(|own| own.at == at && own.value == value);
                let is_same = group.at == at && group.value == value;
                if !is_known && !is_same && group.alike.len() < MAX_ALIKE {
                    group.alike.push(Alike { at, value, title });
                }
            }
            None => {
                let mend = if mend.is_empty() { change::mend(&at, &value) } else { mend };
                groups.push((class, Neighbour { blame, at, value, title, mend, alike: Vec::new() }));
            }
        }
    }
    groups.into_iter().map(|(_, group)| with_alike(group)).collect()
}

/// The mend says when there is a choice.
fn with_alike(mut group: Neighbour) -> Neighbour {
    let values: Vec<String> =
        group.alike.iter().take(3).map(|own| format!("`{}: {}`", last(&own.at), own.value)).collect();
    if !values.is_empty() {
        group.mend.push_str(&format!("; this message cannot tell it from {}", values.join(", ")));
    }
    group
}

fn last(at: &str) -> &str {
    at.rsplit_once('.').map_or(at, |(_, last)| last)
}

/// What is changed, without the finer points: `signatures.request.empties`.
fn class_of(at: &str) -> String {
    let pieces: Vec<&str> = at.split('.').collect();
    let length = match pieces.as_slice() {
        ["signatures", _, "parts", _, _, ..] => 5,
        ["signatures", _, _, ..] => 3,
        _ => pieces.len(),
    };
    pieces.into_iter().take(length).collect::<Vec<_>>().join(".")
}
