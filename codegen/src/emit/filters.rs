//! Filters and the other small words of a recipe, as paths into the runtime.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::fields::strftime;
use super::names::ident;
use crate::ir::{
    Decimals, Empties, EmptyAction, Filter, Names, Nested, Newline, Order, Provider, TimeFormat, UrlDialect,
    WrittenTime,
};

/// `&[rt::Filter::Lower, ..]`
pub(super) fn filters(filters: &[Filter]) -> TokenStream {
    let filters = filters.iter().map(filter);
    quote!(&[#(#filters),*])
}

fn filter(filter: &Filter) -> TokenStream {
    let plain = |name: &str| {
        let name = ident(name);
        quote!(rt::Filter::#name)
    };
    match filter {
        Filter::Lower => plain("Lower"),
        Filter::Upper => plain("Upper"),
        Filter::Trim => plain("Trim"),
        Filter::Decimals(decimals) => {
            let (min, max) = bounds(*decimals);
            quote!(rt::Filter::Decimals(#min, #max))
        }
        Filter::Url(dialect) => {
            let dialect = url_dialect(*dialect);
            quote!(rt::Filter::Url(rt::UrlDialect::#dialect))
        }
        Filter::Escape(characters) => quote!(rt::Filter::Escape(#characters)),
        Filter::Length => plain("Length"),
        Filter::First(count) => {
            let count = Literal::u32_unsuffixed(*count);
            quote!(rt::Filter::First(#count))
        }
        Filter::Last(count) => {
            let count = Literal::u32_unsuffixed(*count);
            quote!(rt::Filter::Last(#count))
        }
        Filter::Reverse => plain("Reverse"),
        Filter::Hex => plain("Hex"),
        Filter::Base64 => plain("Base64"),
        Filter::Base64Url => plain("Base64Url"),
        Filter::FromHex => plain("FromHex"),
        Filter::FromBase64 => plain("FromBase64"),
        Filter::Json { sorted: false } => plain("Json"),
        Filter::Json { sorted: true } => plain("SortedJson"),
        Filter::Without(characters) => quote!(rt::Filter::Without(#characters)),
        Filter::Newlines(Newline::Lf) => quote!(rt::Filter::Newlines(rt::Newline::Lf)),
        Filter::Newlines(Newline::CrLf) => quote!(rt::Filter::Newlines(rt::Newline::CrLf)),
        Filter::After(beginning) => quote!(rt::Filter::After(#beginning)),
        Filter::AfterLast(mark) => quote!(rt::Filter::AfterLast(#mark)),
        Filter::JsonString => plain("JsonString"),
    }
}

fn url_dialect(dialect: UrlDialect) -> Ident {
    ident(match dialect {
        UrlDialect::Rfc3986 => "Rfc3986",
        UrlDialect::Form => "Form",
        UrlDialect::Php => "Php",
        UrlDialect::Dotnet => "Dotnet",
        UrlDialect::Js => "Js",
    })
}

/// At least and at most so many decimals.
pub(super) fn bounds(decimals: Decimals) -> (Literal, Literal) {
    let Decimals { min, max } = decimals;
    (Literal::u32_unsuffixed(min), Literal::u32_unsuffixed(max))
}

/// `rt::Empties::DROP`
pub(super) fn empties(empties: &Empties) -> TokenStream {
    use EmptyAction::{Drop, Keep, Refuse};
    let Empties { absent, json_null, empty, blank } = empties;
    let usual = match (absent, json_null, empty, blank) {
        (Keep, Keep, Keep, Keep) => Some("KEEP"),
        (Drop, Drop, Drop, Keep) => Some("DROP"),
        (Drop, Drop, Drop, Drop) => Some("DROP_BLANK"),
        (Refuse, Refuse, Refuse, Keep) => Some("REFUSE"),
        _ => None,
    };
    if let Some(usual) = usual.map(ident) {
        return quote!(rt::Empties::#usual);
    }
    let [absent, json_null, empty, blank] = [absent, json_null, empty, blank].map(|action| match action {
        Drop => quote!(rt::Empty::Drop),
        Keep => quote!(rt::Empty::Keep),
        Refuse => quote!(rt::Empty::Refuse),
        EmptyAction::As(text) => quote!(rt::Empty::As(#text)),
    });
    quote!(rt::Empties { absent: #absent, json_null: #json_null, empty: #empty, blank: #blank })
}

/// `Upper`
pub(super) fn names(names: Names) -> Ident {
    ident(match names {
        Names::AsIs => "AsIs",
        Names::Upper => "Upper",
        Names::Lower => "Lower",
    })
}

/// `Leaves`
pub(super) fn nested(nested: Nested) -> Ident {
    ident(match nested {
        Nested::Refuse => "Refuse",
        Nested::Raw => "Raw",
        Nested::Leaves => "Leaves",
        Nested::Drop => "Drop",
        Nested::SameRule => "SameRule",
    })
}

/// `ByName`
pub(super) fn order(order: Order) -> Ident {
    ident(match order {
        Order::ByName => "ByName",
        Order::ByNameIgnoringCase => "ByNameIgnoringCase",
        Order::AsListed | Order::AsOnTheWire => "AsSelected",
        Order::ByValue => "ByValue",
        Order::ByNameThenValue => "ByNameThenValue",
        Order::ByItem => "ByItem",
        Order::ByItemIgnoringCase => "ByItemIgnoringCase",
    })
}

/// `rt::WrittenTime::UnixSeconds`
pub(super) fn written_time(provider: &Provider, time: &WrittenTime) -> TokenStream {
    match time {
        WrittenTime::Field(TimeFormat::UnixSeconds) => quote!(rt::WrittenTime::UnixSeconds),
        WrittenTime::Field(TimeFormat::UnixMillis) => quote!(rt::WrittenTime::UnixMillis),
        WrittenTime::Field(TimeFormat::Pattern(pattern)) => {
            let pattern = strftime(pattern);
            let zone = Literal::i32_unsuffixed(provider.defaults.zone.unwrap_or_default());
            quote!(rt::WrittenTime::Pattern(#pattern, #zone))
        }
        WrittenTime::HttpDate => quote!(rt::WrittenTime::HttpDate),
        WrittenTime::Iso8601 => quote!(rt::WrittenTime::Iso8601),
    }
}
