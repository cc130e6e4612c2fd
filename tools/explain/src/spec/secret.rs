//! The secret elsewhere: behind the text, before it, as one more sorted pair, or not at all.

use payspec_codegen::ir::{Algorithm, CredentialPath, Operand, Piece, Recipe};

use super::tables::SECRET_NAMES;
use crate::change::{KeyChanges, Written};
use crate::context::Context;
use crate::{rank, yaml};

/// What stands between the text and a secret behind it, or before it.
const BEHIND: [&str; 14] =
    ["", "&key=", "&", "&secret=", "|", ":", ".", ",", "#", "+", "-", "_", "\n", "key="];
const BEFORE: [&str; 9] = ["", "&", "|", ":", ".", ",", "+", "-", "\n"];

pub(crate) fn changes(recipe: &Recipe, context: &Context, changes: &mut KeyChanges<'static>) {
    let bare = bare_texts(recipe);
    for path in context.texts() {
        let is_secret = context.secrets().any(|(own, _)| own == path);
        for (index, text) in bare.iter().enumerate() {
            // A text that loses nothing gains a public text only if it is asked for elsewhere.
            if index > 0 || is_secret {
                around(path, text, changes);
            }
        }
    }
    from_list(recipe, changes);
    into_list(recipe, changes);
}

fn value(path: &CredentialPath) -> Piece {
    Piece::Value { from: Operand::Credential(path.clone()), filters: Vec::new() }
}

fn literal(text: &str) -> Piece {
    Piece::Literal(text.to_owned())
}

fn write(rank: u32, pieces: Vec<Piece>, title: String, changes: &mut KeyChanges<'static>) {
    let value = Written::Template(pieces.clone());
    changes.write(rank, "text", value, title, move |recipe| recipe.text.clone_from(&pieces));
}

/// The text as it is, and the text without each of its credentials, with and without the literals beside them.
fn bare_texts(recipe: &Recipe) -> Vec<Vec<Piece>> {
    let mut bare = vec![recipe.text.clone()];
    for (index, piece) in recipe.text.iter().enumerate() {
        if !matches!(piece, Piece::Value { from: Operand::Credential(_), .. }) {
            continue;
        }
        let is_literal = |at: usize| matches!(recipe.text.get(at), Some(Piece::Literal(_)));
        let before = index.checked_sub(1).filter(|at| is_literal(*at));
        let behind = Some(index + 1).filter(|at| is_literal(*at));
        for without in [vec![], before.into_iter().collect(), behind.into_iter().collect::<Vec<_>>()] {
            let kept = recipe.text.iter().enumerate();
            let kept = kept.filter(|(at, _)| *at != index && !without.contains(at));
            let text: Vec<Piece> = kept.map(|(_, piece)| piece.clone()).collect();
            if !bare.contains(&text) {
                bare.push(text);
            }
        }
    }
    bare
}

/// The secret behind and before a text.
fn around(path: &CredentialPath, text: &[Piece], changes: &mut KeyChanges<'static>) {
    let name = yaml::credential(path);
    let own_name = format!("&{}=", name.rsplit('.').next().unwrap_or_default());
    let named = SECRET_NAMES.map(|name| format!("&{name}="));
    let behind = BEHIND.into_iter().chain([own_name.as_str()]).chain(named.iter().map(String::as_str));
    for (index, between) in behind.enumerate() {
        let mut pieces = text.to_vec();
        pieces.extend([literal(between), value(path)]);
        pieces.retain(|piece| *piece != literal(""));
        let title = format!("the text ends with {}", yaml::template(&[literal(between), value(path)]));
        write(rank::SECRET_TEXT + u32::from(index > 2), pieces, title, changes);
    }
    for between in BEFORE {
        let mut pieces = vec![value(path), literal(between)];
        pieces.extend(text.iter().cloned());
        pieces.retain(|piece| *piece != literal(""));
        let title = format!("the text begins with {}", yaml::template(&[value(path), literal(between)]));
        write(rank::SECRET_TEXT + 1, pieces, title, changes);
    }
    for between in ["key=", "secret="] {
        let mut pieces = vec![literal(between), value(path), literal("&")];
        pieces.extend(text.iter().cloned());
        write(
            rank::SECRET_TEXT + 2,
            pieces,
            format!("the text begins with `{between}`, `{name}` and `&`"),
            changes,
        );
    }
    let mut both = vec![value(path)];
    both.extend(text.iter().cloned());
    both.push(value(path));
    write(rank::SECRET_TEXT + 3, both, format!("`{name}` stands before and behind the text"), changes);
}

/// An added pair that stands behind or before the list instead of being sorted with it.
fn from_list(recipe: &Recipe, changes: &mut KeyChanges<'static>) {
    let Some(list) = &recipe.list else { return };
    for (index, (name, pieces)) in list.add.iter().enumerate() {
        for form in ["&{name}=", "", "&", "&key=", "|", "before"] {
            let mut text = recipe.text.clone();
            if form == "before" {
                text.splice(0..0, pieces.iter().cloned());
            } else {
                text.push(literal(&form.replace("{name}", name)));
                text.extend(pieces.iter().cloned());
            }
            text.retain(|piece| *piece != literal(""));
            let value = yaml::template(&text);
            let title = format!("`{name}` is not sorted with the others: the text is {value}");
            changes.write(rank::SECRET_TEXT, "add", format!("{{}}`, `text: {value}"), title, move |recipe| {
                recipe.text.clone_from(&text);
                if let Some(list) = recipe.list.as_mut().filter(|list| index < list.add.len()) {
                    list.add.remove(index);
                }
            });
        }
    }
}

/// A secret of the text that is sorted with the others.
fn into_list(recipe: &Recipe, changes: &mut KeyChanges<'static>) {
    if recipe.list.is_none() || !matches!(recipe.seal.algorithm, Algorithm::Digest(_) | Algorithm::Hmac(_)) {
        return;
    }
    let paths = recipe.text.iter().filter_map(|piece| match piece {
        Piece::Value { from: Operand::Credential(path), filters } if filters.is_empty() => Some(path),
        _ => None,
    });
    for path in paths {
        let own = yaml::credential(path);
        let own_name = own.rsplit('.').next().unwrap_or_default().to_owned();
        for name in std::iter::once(own_name).chain(SECRET_NAMES.into_iter().map(str::to_owned)) {
            for text in bare_texts(recipe).into_iter().skip(1) {
                let (name, added) = (name.clone(), vec![value(path)]);
                let title = format!("`{own}` is sorted with the others as `{name}`");
                let written = format!("{}`, `text: {}", yaml::template(&added), yaml::template(&text));
                changes.write(rank::SECRET_TEXT + 2, &format!("add.{name}"), written, title, move |recipe| {
                    recipe.text.clone_from(&text);
                    if let Some(list) = &mut recipe.list {
                        list.add.push((name.clone(), added.clone()));
                    }
                });
            }
        }
    }
}
