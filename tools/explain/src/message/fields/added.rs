//! Fields that were not signed: an application, its framework or a proxy added them.
//!
//! Each field is left out alone; then all that the spec does not know, all of the query, all of the body. A field that
//! the spec knows is the last to be suspected. Where a field of the query goes, its pair in the raw query goes as well.

use payspec_codegen::ir::Recipe;
use payspec_interpreter::{TrialField, TrialMessage};

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
    let listed = listed(recipes);
    let is_known =
        |name: &str| context.declared.iter().any(|own| own == name) || listed.iter().any(|own| own == name);
    each(fields, recipes, is_known, all);
    unknown(fields, recipes, is_known, all);
    of_query_or_body(fields, recipes, all);
}

/// Each field without.
fn each(
    fields: &[TrialField],
    recipes: &[&Recipe],
    is_known: impl Fn(&str) -> bool,
    all: &mut Vec<Change<'_>>,
) {
    for (index, field) in fields.iter().enumerate().filter(|(_, field)| !is_place(recipes, &field.name)) {
        let mut less = fields.to_vec();
        less.remove(index);
        let name = &field.name;
        let rank = if is_known(name) { rank::ADDED_FIELD + 200 } else { rank::ADDED_FIELD };
        all.push(change(
            rank,
            format!("message.field.{name}"),
            "left out",
            format!("`{name}` was not signed: the application, its framework or a proxy added it"),
            RAW,
            without(less, Some(name.clone()).filter(|_| field.in_query).or_else(|| Some(String::new()))),
        ));
    }
}

/// All that the spec does not know.
fn unknown(
    fields: &[TrialField],
    recipes: &[&Recipe],
    is_known: impl Fn(&str) -> bool,
    all: &mut Vec<Change<'_>>,
) {
    let unknown: Vec<&str> = fields
        .iter()
        .map(|field| field.name.as_str())
        .filter(|name| !is_known(name) && !is_place(recipes, name))
        .collect();
    if unknown.len() > 1 {
        let less = fields.iter().filter(|field| !unknown.contains(&field.name.as_str())).cloned().collect();
        let names = unknown.join("`, `");
        let title =
            format!("`{names}` were not signed: the application, its framework or a proxy added them");
        all.push(change(
            rank::ADDED_FIELD + 2,
            "message.fields".to_owned(),
            "left out",
            title,
            RAW,
            keep(less),
        ));
    }
}

/// All of the query; all of the body.
fn of_query_or_body(fields: &[TrialField], recipes: &[&Recipe], all: &mut Vec<Change<'_>>) {
    for (in_query, what, title) in [
        (true, "message.query", "the parameters of the query were not signed, only those of the body"),
        (false, "message.body", "the fields of the body were not signed, only those of the query"),
    ] {
        let less: Vec<TrialField> = fields
            .iter()
            .filter(|field| field.in_query != in_query || is_place(recipes, &field.name))
            .cloned()
            .collect();
        if less.len() < fields.len() && !less.is_empty() {
            let kept = Some(String::new()).filter(|_| !in_query);
            all.push(change(
                rank::ADDED_FIELD + 3,
                what.to_owned(),
                "left out",
                title,
                RAW,
                without(less, kept),
            ));
        }
    }
}

/// These fields, and the query without the pairs of this name, or of every name.
fn without(fields: Vec<TrialField>, name: Option<String>) -> impl Fn(&mut TrialMessage) {
    move |message| {
        message.set_fields(fields.clone());
        let Some(query) = message.query() else { return };
        let is_gone =
            |pair: &&str| name.as_ref().is_none_or(|name| pair.split('=').next() == Some(name.as_str()));
        let kept: Vec<&str> = query.split('&').filter(|pair| !is_gone(pair)).collect();
        let kept = kept.join("&");
        message.set_query(&kept);
    }
}
