//! Readers: how a received value becomes a value of Rust. One expression for each kind, from `rt::read`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::fields::{Side, is_member, strftime, type_name};
use super::names::snake;
use crate::ir::{AmountUnit, Field, Item, JsonOf, Kind, Provider, ReceivedField, TimeFormat};

/// The initialiser of a received member: `order_no: members.required("order_no", rt::read::text)?,`
pub(super) fn reading(provider: &Provider, received: &ReceivedField, members: &TokenStream) -> TokenStream {
    let ReceivedField { field, header, equals: _, echo: _, unsigned } = received;
    let value = match header {
        // Headers are optional text: the checker allows nothing else.
        Some(header) => quote!(rt::read_header(response, #header)),
        None => from_members(provider, field, *unsigned, members),
    };
    if !is_member(field) {
        return TokenStream::new();
    }
    let name = snake(&field.name);
    quote!(#name: #value,)
}

/// Reads a field out of `members`.
pub(super) fn from_members(
    provider: &Provider,
    field: &Field,
    unsigned: bool,
    members: &TokenStream,
) -> TokenStream {
    let wire = &field.name.wire;
    let reader = reader(provider, field);
    let reader = if unsigned { quote!(rt::read::unsigned(#reader)) } else { reader };
    if field.required {
        quote!(#members.required(#wire, #reader)?)
    } else {
        quote!(#members.optional(#wire, #reader)?)
    }
}

/// The function that reads a value of this field.
pub(super) fn reader(provider: &Provider, field: &Field) -> TokenStream {
    let plain = match &field.kind {
        Kind::Text => quote!(rt::read::text),
        Kind::Url => quote!(rt::read::url),
        Kind::Integer { .. } => quote!(rt::read::integer),
        Kind::Decimal { scale, json: _ } => {
            let scale = Literal::u32_unsuffixed(*scale);
            quote!(rt::read::decimal(#scale))
        }
        Kind::Amount { unit, read_scale, .. } => {
            let scale = Literal::u32_unsuffixed(*read_scale);
            match unit {
                AmountUnit::Yuan => quote!(rt::read::yuan(#scale)),
                AmountUnit::Fen => quote!(rt::read::fen(#scale)),
            }
        }
        Kind::Flag { yes, no } => quote!(rt::read::flag(#yes, #no)),
        Kind::Timestamp(TimeFormat::UnixSeconds) => quote!(rt::read::unix_seconds),
        Kind::Timestamp(TimeFormat::UnixMillis) => quote!(rt::read::unix_millis),
        Kind::Timestamp(TimeFormat::Pattern(pattern)) => {
            let pattern = strftime(pattern);
            quote!(rt::read::timestamp(#pattern, ZONE))
        }
        Kind::Date(pattern) => {
            let pattern = strftime(pattern);
            quote!(rt::read::date(#pattern))
        }
        Kind::Duration { units } => quote!(rt::read::span(&[#(#units),*])),
        Kind::Enum(id) => {
            let name = type_name(provider, *id, Side::Received);
            quote!(rt::read::enumeration::<#name>)
        }
        Kind::Object(id) => {
            let name = type_name(provider, *id, Side::Received);
            quote!(rt::read::object(#name::read))
        }
        Kind::List { of, join } => list_reader(provider, *of, join.as_deref()),
        Kind::Json(JsonOf::Object(id)) => {
            let name = type_name(provider, *id, Side::Received);
            quote!(rt::read::json(#name::read))
        }
        Kind::Json(JsonOf::Any) => quote!(rt::read::json_any),
        // A constant that is received is read as text and forgotten.
        Kind::RawJson => quote!(rt::read::raw),
        Kind::Fixed(_) | Kind::Signature => quote!(rt::read::text),
    };
    if field.sensitive { quote!(rt::read::sensitive(#plain)) } else { plain }
}

fn list_reader(provider: &Provider, of: Item, join: Option<&str>) -> TokenStream {
    let item = match of {
        Item::Text => quote!(rt::read::text),
        Item::Url => quote!(rt::read::url),
        Item::Object(id) => {
            let name = type_name(provider, id, Side::Received);
            quote!(rt::read::object(#name::read))
        }
    };
    match join {
        Some(join) => quote!(rt::read::joined(#join, #item)),
        None => quote!(rt::read::list(#item)),
    }
}
