//! Filters: each one added, taken away, or in the place of another; and those over the whole text.

use payspec_codegen::ir::{Decimals, Filter, List, Newline, Piece, Recipe, UrlDialect};

use crate::change::{KeyChanges, Written};
use crate::{rank, yaml};

/// Another chain of filters.
pub(crate) struct Filters {
    pub(crate) rank: u32,
    pub(crate) filters: Vec<Filter>,
    /// What becomes of values: "are written in upper case".
    pub(crate) title: String,
}

/// Every filter that is tried, the commonest first.
fn every() -> Vec<Filter> {
    let mut all = vec![Filter::Lower, Filter::Upper, Filter::Trim];
    all.extend(
        [UrlDialect::Rfc3986, UrlDialect::Form, UrlDialect::Php, UrlDialect::Dotnet, UrlDialect::Js]
            .map(Filter::Url),
    );
    all.extend(
        [(2, 2), (0, 0), (1, 1), (1, 2), (0, 2), (3, 3), (4, 4)]
            .map(|(min, max)| Filter::Decimals(Decimals { min, max })),
    );
    all.extend([Filter::Hex, Filter::Base64, Filter::Base64Url, Filter::FromHex, Filter::FromBase64]);
    all.extend([Filter::Reverse, Filter::Length, Filter::JsonString]);
    all.extend([Filter::Json { sorted: false }, Filter::Json { sorted: true }]);
    all.extend([Filter::Newlines(Newline::Lf), Filter::Newlines(Newline::CrLf)]);
    for text in
        [".", ",", " ", "-", ":", "_", "/", "\"", ".,", "=", "+", "\n", "\r\n", "-:", "- :", "{}", "\\"]
    {
        all.push(Filter::Without(text.to_owned()));
    }
    for text in [":", "|", "&", "\"", ",", ";", "=", "'"] {
        all.push(Filter::Escape(text.to_owned()));
    }
    for count in [1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 20, 24, 30, 32] {
        all.extend([Filter::First(count), Filter::Last(count)]);
    }
    for text in ["/", ".", ":", "-", "_", "=", "|"] {
        all.push(Filter::AfterLast(text.to_owned()));
    }
    for text in ["https://", "http://", "Bearer ", "Basic ", "sha256="] {
        all.push(Filter::After(text.to_owned()));
    }
    all
}

fn rank_of(filter: &Filter) -> u32 {
    match filter {
        Filter::Lower | Filter::Upper => rank::CASE,
        Filter::Trim => rank::TRIM + 1,
        Filter::Url(_) => rank::URL_FILTER,
        Filter::Decimals(_) => rank::NUMBERS + 1,
        Filter::Reverse | Filter::Length | Filter::First(_) | Filter::Last(_) => rank::FILTER + 20,
        _ => rank::FILTER,
    }
}

/// What a filter makes of a value.
fn done(filter: &Filter) -> String {
    match filter {
        Filter::Lower => String::from("are in lower case"),
        Filter::Upper => String::from("are in upper case"),
        Filter::Trim => String::from("lose outer white space"),
        Filter::Url(dialect) => format!("are percent-encoded in the dialect `{}`", yaml::dialect(*dialect)),
        Filter::Decimals(decimals) => format!("are written with {}", yaml::decimals(*decimals)),
        filter => format!("go through `{}`", yaml::filter(filter)),
    }
}

/// One more at the end or at the start, one less, one replaced.
pub(crate) fn all_filters(own: &[Filter]) -> Vec<Filters> {
    let mut all = Vec::new();
    for (index, filter) in own.iter().enumerate() {
        let mut less = own.to_vec();
        less.remove(index);
        all.push(Filters {
            rank: rank_of(filter),
            filters: less,
            title: format!("do not go through `{}`", yaml::filter(filter)),
        });
        if index > 0 {
            let mut swapped = own.to_vec();
            swapped.swap(index - 1, index);
            let title = format!("go through `{}` sooner", yaml::filter(filter));
            all.push(Filters { rank: rank::FILTER + 5, filters: swapped, title });
        }
    }
    if let [first, _, ..] = own {
        let title = String::from("go through no filter");
        all.push(Filters { rank: rank_of(first), filters: Vec::new(), title });
    }
    for filter in every() {
        let rank = rank_of(&filter);
        for index in 0..own.len() {
            let mut replaced = own.to_vec();
            if let Some(slot) = replaced.get_mut(index) {
                if *slot == filter {
                    continue;
                }
                *slot = filter.clone();
            }
            all.push(Filters { rank: rank + 1, filters: replaced, title: done(&filter) });
        }
        let mut more = own.to_vec();
        more.push(filter.clone());
        all.push(Filters { rank, filters: more, title: done(&filter) });
        if !own.is_empty() {
            let mut sooner = own.to_vec();
            sooner.insert(0, filter.clone());
            all.push(Filters { rank: rank + 2, filters: sooner, title: done(&filter) });
        }
    }
    all
}

pub(crate) fn changes(recipe: &Recipe, changes: &mut KeyChanges<'static>) {
    for changed in all_filters(&recipe.transform) {
        let title = format!("all of the text: the characters {}", changed.title);
        let Filters { rank, filters, .. } = changed;
        changes.write(rank + 3, "transform", yaml::filters(&filters), title, move |recipe| {
            recipe.transform.clone_from(&filters);
        });
    }
    values(recipe, changes);
}

/// Filters of the values of the text and of added pairs.
fn values(recipe: &Recipe, changes: &mut KeyChanges<'static>) {
    for (index, piece) in recipe.text.iter().enumerate() {
        let Piece::Value { from, filters } = piece else { continue };
        let what = yaml::operand(from);
        for changed in all_filters(filters) {
            let mut pieces = recipe.text.clone();
            if let Some(Piece::Value { filters, .. }) = pieces.get_mut(index) {
                filters.clone_from(&changed.filters);
            }
            let title = format!("`{{{what}}}`: its characters {}", changed.title);
            changes.write(changed.rank, "text", Written::Template(pieces.clone()), title, move |recipe| {
                recipe.text.clone_from(&pieces);
            });
        }
    }
    let added: Vec<(String, Vec<Piece>)> =
        recipe.list.as_ref().map(|list: &List| list.add.clone()).unwrap_or_default();
    for (place, (name, pieces)) in added.into_iter().enumerate() {
        for (index, piece) in pieces.iter().enumerate() {
            let Piece::Value { from, filters } = piece else { continue };
            for changed in all_filters(filters) {
                let mut pieces = pieces.clone();
                if let Some(Piece::Value { filters, .. }) = pieces.get_mut(index) {
                    filters.clone_from(&changed.filters);
                }
                let title = format!("`{{{}}}`: its characters {}", yaml::operand(from), changed.title);
                changes.write(
                    changed.rank,
                    &format!("add.{name}"),
                    Written::Template(pieces.clone()),
                    title,
                    move |recipe| {
                        if let Some((_, own)) = recipe.list.as_mut().and_then(|list| list.add.get_mut(place))
                        {
                            own.clone_from(&pieces);
                        }
                    },
                );
            }
        }
    }
}
