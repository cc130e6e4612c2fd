//! Names of fields that were changed on the way: dots and brackets to `_`, another case, `amp;` before them.
//!
//! Servers and languages that make variables of parameters rewrite what no variable may be called. Names that the spec
//! does not know are taken for those that it knows and misses.

use payspec_codegen::ir::Recipe;
use payspec_interpreter::TrialField;

use super::{RAW, is_place, keep, listed};
use crate::change::Change;
use crate::context::Context;
use crate::message::change;
use crate::rank;

pub(super) fn changes(
    fields: &[TrialField],
    context: &Context,
    recipes: &[&Recipe],
    all: &mut Vec<Change<'_>>,
) {
    known(fields, context, recipes, all);
    in_one_case(fields, recipes, all);
}

/// The names that the spec knows, in the place of those that are like them.
fn known(fields: &[TrialField], context: &Context, recipes: &[&Recipe], all: &mut Vec<Change<'_>>) {
    let mut known = context.declared.clone();
    known.extend(listed(recipes));
    let mut renamed = fields.to_vec();
    let mut names = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        if known.contains(&field.name) {
            continue;
        }
        let bare = field.name.strip_prefix("amp;").unwrap_or(&field.name);
        let right = known
            .iter()
            .find(|own| plain(own) == plain(bare) && !fields.iter().any(|field| field.name == **own));
        let right = right.cloned().or_else(|| (bare != field.name).then(|| bare.to_owned()));
        if let (Some(right), Some(slot)) = (right, renamed.get_mut(index)) {
            slot.name.clone_from(&right);
            names.push((field.name.clone(), right));
        }
    }
    if let Some((wrong, right)) = names.first() {
        let title = format!("names of fields were changed on the way: `{right}` became `{wrong}`");
        all.push(change(
            rank::ADDED_FIELD + 5,
            format!("message.field.{wrong}"),
            format!("`{right}`"),
            title,
            RAW,
            keep(renamed),
        ));
    }
}

/// A name without what is rewritten.
fn plain(name: &str) -> String {
    name.to_lowercase().replace(['.', '_', '-', '[', ']', ' '], "")
}

type ChangeCase = fn(&str) -> String;

/// All names in upper case; all in lower case.
fn in_one_case(fields: &[TrialField], recipes: &[&Recipe], all: &mut Vec<Change<'_>>) {
    let cases: [(&str, ChangeCase); 2] =
        [("upper", |name| name.to_uppercase()), ("lower", |name| name.to_lowercase())];
    for (what, change_case) in cases {
        let mut renamed = fields.to_vec();
        for field in renamed.iter_mut().filter(|field| !is_place(recipes, &field.name)) {
            field.name = change_case(&field.name);
        }
        let title = format!("names of fields were in {what} case when they were signed");
        all.push(change(
            rank::NAMES + 1,
            "message.fields".to_owned(),
            format!("names in {what} case"),
            title,
            RAW,
            keep(renamed),
        ));
    }
}
